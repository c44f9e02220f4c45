//go:build unix

package unixemu

import "golang.org/x/sys/unix"

// Host makes the calls on the host's kernel: each method is the function of
// golang.org/x/sys/unix of that name. Calls that not every Unix has are in the
// files of their names.
type Host struct{}

func (Host) Socket(domain, typ, proto int) (fd int, err error) {
	return unix.Socket(domain, typ, proto)
}
func (Host) Socketpair(domain, typ, proto int) (fd [2]int, err error) {
	return unix.Socketpair(domain, typ, proto)
}
func (Host) Bind(fd int, sa unix.Sockaddr) error                  { return unix.Bind(fd, sa) }
func (Host) Listen(s int, n int) error                            { return unix.Listen(s, n) }
func (Host) Accept(fd int) (nfd int, sa unix.Sockaddr, err error) { return unix.Accept(fd) }
func (Host) Connect(fd int, sa unix.Sockaddr) error               { return unix.Connect(fd, sa) }
func (Host) Getsockname(fd int) (sa unix.Sockaddr, err error)     { return unix.Getsockname(fd) }
func (Host) Getpeername(fd int) (sa unix.Sockaddr, err error)     { return unix.Getpeername(fd) }
func (Host) Shutdown(fd int, how int) error                       { return unix.Shutdown(fd, how) }

func (Host) Read(fd int, p []byte) (n int, err error)  { return unix.Read(fd, p) }
func (Host) Write(fd int, p []byte) (n int, err error) { return unix.Write(fd, p) }
func (Host) Send(s int, buf []byte, flags int) error   { return unix.Send(s, buf, flags) }
func (Host) Sendto(fd int, p []byte, flags int, to unix.Sockaddr) error {
	return unix.Sendto(fd, p, flags, to)
}
func (Host) Sendmsg(fd int, p, oob []byte, to unix.Sockaddr, flags int) error {
	return unix.Sendmsg(fd, p, oob, to, flags)
}
func (Host) SendmsgN(fd int, p, oob []byte, to unix.Sockaddr, flags int) (n int, err error) {
	return unix.SendmsgN(fd, p, oob, to, flags)
}
func (Host) SendmsgBuffers(fd int, buffers [][]byte, oob []byte, to unix.Sockaddr, flags int) (n int, err error) {
	return unix.SendmsgBuffers(fd, buffers, oob, to, flags)
}
func (Host) Recvfrom(fd int, p []byte, flags int) (n int, from unix.Sockaddr, err error) {
	return unix.Recvfrom(fd, p, flags)
}
func (Host) Recvmsg(fd int, p, oob []byte, flags int) (n, oobn int, recvflags int, from unix.Sockaddr, err error) {
	return unix.Recvmsg(fd, p, oob, flags)
}
func (Host) RecvmsgBuffers(fd int, buffers [][]byte, oob []byte, flags int) (n, oobn int, recvflags int, from unix.Sockaddr, err error) {
	return unix.RecvmsgBuffers(fd, buffers, oob, flags)
}

func (Host) Close(fd int) error                             { return unix.Close(fd) }
func (Host) Dup(oldfd int) (fd int, err error)              { return unix.Dup(oldfd) }
func (Host) Dup2(oldfd, newfd int) error                    { return unix.Dup2(oldfd, newfd) }
func (Host) FcntlInt(fd uintptr, cmd, arg int) (int, error) { return unix.FcntlInt(fd, cmd, arg) }
func (Host) SetNonblock(fd int, nonblocking bool) error     { return unix.SetNonblock(fd, nonblocking) }
func (Host) CloseOnExec(fd int)                             { unix.CloseOnExec(fd) }
func (Host) Pipe(p []int) error                             { return unix.Pipe(p) }
func (Host) Unlink(path string) error                       { return unix.Unlink(path) }

func (Host) GetsockoptByte(fd, level, opt int) (value byte, err error) {
	return unix.GetsockoptByte(fd, level, opt)
}
func (Host) GetsockoptInt(fd, level, opt int) (value int, err error) {
	return unix.GetsockoptInt(fd, level, opt)
}
func (Host) GetsockoptLinger(fd, level, opt int) (*unix.Linger, error) {
	return unix.GetsockoptLinger(fd, level, opt)
}
func (Host) GetsockoptTimeval(fd, level, opt int) (*unix.Timeval, error) {
	return unix.GetsockoptTimeval(fd, level, opt)
}
func (Host) GetsockoptUint64(fd, level, opt int) (value uint64, err error) {
	return unix.GetsockoptUint64(fd, level, opt)
}
func (Host) SetsockoptByte(fd, level, opt int, value byte) error {
	return unix.SetsockoptByte(fd, level, opt, value)
}
func (Host) SetsockoptInt(fd, level, opt int, value int) error {
	return unix.SetsockoptInt(fd, level, opt, value)
}
func (Host) SetsockoptLinger(fd, level, opt int, l *unix.Linger) error {
	return unix.SetsockoptLinger(fd, level, opt, l)
}
func (Host) SetsockoptString(fd, level, opt int, s string) error {
	return unix.SetsockoptString(fd, level, opt, s)
}
func (Host) SetsockoptTimeval(fd, level, opt int, tv *unix.Timeval) error {
	return unix.SetsockoptTimeval(fd, level, opt, tv)
}
func (Host) SetsockoptUint64(fd, level, opt int, value uint64) error {
	return unix.SetsockoptUint64(fd, level, opt, value)
}

func (Host) Poll(fds []unix.PollFd, timeout int) (n int, err error) { return unix.Poll(fds, timeout) }
func (Host) Select(nfd int, r, w, e *unix.FdSet, timeout *unix.Timeval) (n int, err error) {
	return unix.Select(nfd, r, w, e, timeout)
}

func (Host) Getpid() int  { return unix.Getpid() }
func (Host) Getppid() int { return unix.Getppid() }
func (Host) Getuid() int  { return unix.Getuid() }
func (Host) Geteuid() int { return unix.Geteuid() }
func (Host) Getgid() int  { return unix.Getgid() }
func (Host) Getegid() int { return unix.Getegid() }
