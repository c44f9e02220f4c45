package unixemu

import "golang.org/x/sys/unix"

// Calls are the calls that golang.org/x/sys/unix has on this host, AIX.
type Calls interface {
	Portable

	IoctlGetInt(fd int, req int) (int, error)
	IoctlSetInt(fd int, req int, value int) error
	IoctlSetPointerInt(fd int, req int, value int) error
	Pselect(nfd int, r, w, e *unix.FdSet, timeout *unix.Timespec, sigmask *unix.Sigset_t) (n int, err error)
}
