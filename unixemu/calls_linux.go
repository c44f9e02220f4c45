package unixemu

import "golang.org/x/sys/unix"

// Calls are the calls that golang.org/x/sys/unix has on this host, Linux.
type Calls interface {
	Portable

	Accept4(fd int, flags int) (nfd int, sa unix.Sockaddr, err error)
	Dup3(oldfd, newfd, flags int) error
	CloseRange(first, last, flags uint) error
	Pipe2(p []int, flags int) error
	Readv(fd int, iovs [][]byte) (n int, err error)
	Writev(fd int, iovs [][]byte) (n int, err error)
	Fstat(fd int, stat *unix.Stat_t) error
	Gettid() int
	Getrlimit(resource int, rlim *unix.Rlimit) error
	Setrlimit(resource int, rlim *unix.Rlimit) error

	GetsockoptString(fd, level, opt int) (string, error)
	GetsockoptUcred(fd, level, opt int) (*unix.Ucred, error)
	IoctlGetInt(fd int, req uint) (int, error)
	IoctlSetInt(fd int, req uint, value int) error
	IoctlSetPointerInt(fd int, req uint, value int) error

	Ppoll(fds []unix.PollFd, timeout *unix.Timespec, sigmask *unix.Sigset_t) (n int, err error)
	Pselect(nfd int, r, w, e *unix.FdSet, timeout *unix.Timespec, sigmask *unix.Sigset_t) (n int, err error)
	EpollCreate(size int) (fd int, err error)
	EpollCreate1(flag int) (fd int, err error)
	EpollCtl(epfd int, op int, fd int, event *unix.EpollEvent) error
	EpollWait(epfd int, events []unix.EpollEvent, msec int) (n int, err error)
	Eventfd(initval uint, flags int) (fd int, err error)
}
