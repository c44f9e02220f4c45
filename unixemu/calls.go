//go:build unix

package unixemu

import "golang.org/x/sys/unix"

// Portable are the calls that golang.org/x/sys/unix has on every Unix. Each
// method is the function of that name: see there, and for what the emulator
// does in docs/semantics.md.
type Portable interface {
	Socket(domain, typ, proto int) (fd int, err error)
	Socketpair(domain, typ, proto int) (fd [2]int, err error)
	Bind(fd int, sa unix.Sockaddr) error
	Listen(s int, n int) error
	Accept(fd int) (nfd int, sa unix.Sockaddr, err error)
	Connect(fd int, sa unix.Sockaddr) error
	Getsockname(fd int) (sa unix.Sockaddr, err error)
	Getpeername(fd int) (sa unix.Sockaddr, err error)
	Shutdown(fd int, how int) error

	Read(fd int, p []byte) (n int, err error)
	Write(fd int, p []byte) (n int, err error)
	Send(s int, buf []byte, flags int) error
	Sendto(fd int, p []byte, flags int, to unix.Sockaddr) error
	Sendmsg(fd int, p, oob []byte, to unix.Sockaddr, flags int) error
	SendmsgN(fd int, p, oob []byte, to unix.Sockaddr, flags int) (n int, err error)
	SendmsgBuffers(fd int, buffers [][]byte, oob []byte, to unix.Sockaddr, flags int) (n int, err error)
	Recvfrom(fd int, p []byte, flags int) (n int, from unix.Sockaddr, err error)
	Recvmsg(fd int, p, oob []byte, flags int) (n, oobn int, recvflags int, from unix.Sockaddr, err error)
	RecvmsgBuffers(fd int, buffers [][]byte, oob []byte, flags int) (n, oobn int, recvflags int, from unix.Sockaddr, err error)

	Close(fd int) error
	Dup(oldfd int) (fd int, err error)
	Dup2(oldfd, newfd int) error
	FcntlInt(fd uintptr, cmd, arg int) (int, error)
	SetNonblock(fd int, nonblocking bool) error
	CloseOnExec(fd int)
	Pipe(p []int) error
	Unlink(path string) error

	GetsockoptByte(fd, level, opt int) (value byte, err error)
	GetsockoptInt(fd, level, opt int) (value int, err error)
	GetsockoptLinger(fd, level, opt int) (*unix.Linger, error)
	GetsockoptTimeval(fd, level, opt int) (*unix.Timeval, error)
	GetsockoptUint64(fd, level, opt int) (value uint64, err error)
	SetsockoptByte(fd, level, opt int, value byte) error
	SetsockoptInt(fd, level, opt int, value int) error
	SetsockoptLinger(fd, level, opt int, l *unix.Linger) error
	SetsockoptString(fd, level, opt int, s string) error
	SetsockoptTimeval(fd, level, opt int, tv *unix.Timeval) error
	SetsockoptUint64(fd, level, opt int, value uint64) error

	Poll(fds []unix.PollFd, timeout int) (n int, err error)
	Select(nfd int, r, w, e *unix.FdSet, timeout *unix.Timeval) (n int, err error)

	Getpid() int
	Getppid() int
	Getuid() int
	Geteuid() int
	Getgid() int
	Getegid() int
}

// Both sides have every call of this host.
var (
	_ Calls = (*Process)(nil)
	_ Calls = Host{}
)
