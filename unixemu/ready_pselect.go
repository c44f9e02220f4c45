//go:build aix || linux

package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func (Host) Pselect(nfd int, r, w, e *unix.FdSet, timeout *unix.Timespec, sigmask *unix.Sigset_t) (n int, err error) {
	return unix.Pselect(nfd, r, w, e, timeout, sigmask)
}

func (p *Process) Pselect(nfd int, r, w, e *unix.FdSet, timeout *unix.Timespec, sigmask *unix.Sigset_t) (n int, err error) {
	return sets(nfd, []*unix.FdSet{r, w, e}, func(r, w, e *emu.FdSet) (int, error) {
		return p.emulated.Pselect(nfd, r, w, e, timespec(timeout), signalMask(sigmask))
	})
}
