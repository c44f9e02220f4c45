//go:build linux || openbsd

package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func (Host) Ppoll(fds []unix.PollFd, timeout *unix.Timespec, sigmask *unix.Sigset_t) (n int, err error) {
	return unix.Ppoll(fds, timeout, sigmask)
}

// Ppoll with a mask says EINVAL on Linux, for x/sys/unix does not tell the kernel
// how long the mask is.
func (p *Process) Ppoll(fds []unix.PollFd, timeout *unix.Timespec, sigmask *unix.Sigset_t) (n int, err error) {
	if sigmask != nil && relative {
		return -1, unix.EINVAL
	}
	return poll(fds, func(list []emu.PollFd) (int, error) {
		return p.emulated.Ppoll(list, timespec(timeout), signalMask(sigmask))
	})
}
