package replay

import (
	"time"

	"sockpair/emu"
)

// The calls of a Recorded process that need no more than to be told, with the
// arguments that the same calls of emu.Process tell its observer.

// addressArg is the address of a send or a receive.
func addressArg(b []byte) any {
	if b == nil {
		return emu.Null{}
	}
	return emu.Sockaddr(b)
}

// Socketpair implements Process.
func (p *Recorded) Socketpair(domain, typ, protocol int, sv *[2]int) error {
	return p.status("socketpair", func() error { return p.p.Socketpair(domain, typ, protocol, sv) },
		emu.Domain(domain), emu.SockType(typ), protocol, sv)
}

// Close implements Process.
func (p *Recorded) Close(fd int) error {
	return p.status("close", func() error { return p.p.Close(fd) },
		emu.Fd(fd))
}

// CloseRange implements Process.
func (p *Recorded) CloseRange(first, last uint, flags int) error {
	return p.status("close_range", func() error { return p.p.CloseRange(first, last, flags) },
		first, last, emu.CloseRange(flags))
}

// Dup implements Process.
func (p *Recorded) Dup(fd int) (int, error) {
	return p.count("dup", func() (int, error) { return p.p.Dup(fd) },
		emu.Fd(fd))
}

// Dup2 implements Process.
func (p *Recorded) Dup2(oldfd, newfd int) (int, error) {
	return p.count("dup2", func() (int, error) { return p.p.Dup2(oldfd, newfd) },
		emu.Fd(oldfd), emu.Fd(newfd))
}

// Dup3 implements Process.
func (p *Recorded) Dup3(oldfd, newfd, flags int) (int, error) {
	return p.count("dup3", func() (int, error) { return p.p.Dup3(oldfd, newfd, flags) },
		emu.Fd(oldfd), emu.Fd(newfd), emu.OpenFlags(flags))
}

// Fcntl implements Process.
func (p *Recorded) Fcntl(fd, cmd, arg int) (int, error) {
	return p.count("fcntl", func() (int, error) { return p.p.Fcntl(fd, cmd, arg) },
		emu.Fd(fd), emu.FcntlCmd(cmd), arg)
}

// Ioctl implements Process.
func (p *Recorded) Ioctl(fd int, req uint, arg []byte) (int, error) {
	return p.count("ioctl", func() (int, error) { return p.p.Ioctl(fd, req, arg) },
		emu.Fd(fd), emu.IoctlReq(req), emu.IoctlArg(arg))
}

// Read implements Process.
func (p *Recorded) Read(fd int, b []byte) (int, error) {
	return p.count("read", func() (int, error) { return p.p.Read(fd, b) },
		emu.Fd(fd), emu.In(b), len(b))
}

// Readv implements Process.
func (p *Recorded) Readv(fd int, bufs [][]byte) (int, error) {
	return p.count("readv", func() (int, error) { return p.p.Readv(fd, bufs) },
		emu.Fd(fd), emu.InVec(bufs), len(bufs))
}

// Write implements Process.
func (p *Recorded) Write(fd int, b []byte) (int, error) {
	return p.count("write", func() (int, error) { return p.p.Write(fd, b) },
		emu.Fd(fd), emu.Out(b), len(b))
}

// Writev implements Process.
func (p *Recorded) Writev(fd int, bufs [][]byte) (int, error) {
	return p.count("writev", func() (int, error) { return p.p.Writev(fd, bufs) },
		emu.Fd(fd), emu.OutVec(bufs), len(bufs))
}

// Pread implements Process.
func (p *Recorded) Pread(fd int, b []byte, offset int64) (int, error) {
	return p.count("pread64", func() (int, error) { return p.p.Pread(fd, b, offset) },
		emu.Fd(fd), emu.In(b), len(b), int(offset))
}

// Pwrite implements Process.
func (p *Recorded) Pwrite(fd int, b []byte, offset int64) (int, error) {
	return p.count("pwrite64", func() (int, error) { return p.p.Pwrite(fd, b, offset) },
		emu.Fd(fd), emu.Out(b), len(b), int(offset))
}

// Ftruncate implements Process.
func (p *Recorded) Ftruncate(fd int, length int64) error {
	return p.status("ftruncate", func() error { return p.p.Ftruncate(fd, length) },
		emu.Fd(fd), int(length))
}

// Fsync implements Process.
func (p *Recorded) Fsync(fd int) error {
	return p.status("fsync", func() error { return p.p.Fsync(fd) },
		emu.Fd(fd))
}

// Sendto implements Process.
func (p *Recorded) Sendto(fd int, b []byte, flags int, to []byte) (int, error) {
	return p.count("sendto", func() (int, error) { return p.p.Sendto(fd, b, flags, to) },
		emu.Fd(fd), emu.Out(b), len(b), emu.MsgFlags(flags), addressArg(to), len(to))
}

// Sendmsg implements Process.
func (p *Recorded) Sendmsg(fd int, m *emu.Msghdr, flags int) (int, error) {
	return p.count("sendmsg", func() (int, error) { return p.p.Sendmsg(fd, m, flags) },
		emu.Fd(fd), m, emu.MsgFlags(flags))
}

// Sendmmsg implements Process.
func (p *Recorded) Sendmmsg(fd int, msgs []emu.Mmsghdr, flags int) (int, error) {
	return p.count("sendmmsg", func() (int, error) { return p.p.Sendmmsg(fd, msgs, flags) },
		emu.Fd(fd), msgs, len(msgs), emu.MsgFlags(flags))
}

// Recvfrom implements Process.
func (p *Recorded) Recvfrom(fd int, b []byte, flags int, name []byte, namelen *int) (int, error) {
	return p.count("recvfrom", func() (int, error) { return p.p.Recvfrom(fd, b, flags, name, namelen) },
		emu.Fd(fd), emu.In(b), len(b), emu.MsgFlags(flags), addressArg(name), namelen)
}

// Recvmsg implements Process.
func (p *Recorded) Recvmsg(fd int, m *emu.Msghdr, flags int) (int, error) {
	return p.count("recvmsg", func() (int, error) { return p.p.Recvmsg(fd, m, flags) },
		emu.Fd(fd), m, emu.MsgFlags(flags))
}

// Recvmmsg implements Process.
func (p *Recorded) Recvmmsg(fd int, msgs []emu.Mmsghdr, flags int, timeout *time.Duration) (int, error) {
	return p.count("recvmmsg", func() (int, error) { return p.p.Recvmmsg(fd, msgs, flags, timeout) },
		emu.Fd(fd), msgs, len(msgs), emu.MsgFlags(flags), timeout)
}

// Shutdown implements Process.
func (p *Recorded) Shutdown(fd, how int) error {
	return p.status("shutdown", func() error { return p.p.Shutdown(fd, how) },
		emu.Fd(fd), emu.ShutHow(how))
}

// Poll implements Process.
func (p *Recorded) Poll(fds []emu.PollFd, timeout int) (int, error) {
	return p.count("poll", func() (int, error) { return p.p.Poll(fds, timeout) },
		fds, len(fds), timeout)
}

// Ppoll implements Process.
func (p *Recorded) Ppoll(fds []emu.PollFd, timeout *time.Duration, mask *emu.Sigset) (int, error) {
	return p.count("ppoll", func() (int, error) { return p.p.Ppoll(fds, timeout, mask) },
		fds, len(fds), timeout, mask)
}

// Getsockopt implements Process.
func (p *Recorded) Getsockopt(fd, level, name int, val []byte, vallen *int) error {
	return p.status("getsockopt", func() error { return p.p.Getsockopt(fd, level, name, val, vallen) },
		emu.Fd(fd), emu.SockLevel(level), emu.SockOption{Level: level, Name: name}, emu.In(val), vallen)
}

// Setsockopt implements Process.
func (p *Recorded) Setsockopt(fd, level, name int, val []byte, vallen int) error {
	return p.status("setsockopt", func() error { return p.p.Setsockopt(fd, level, name, val, vallen) },
		emu.Fd(fd), emu.SockLevel(level), emu.SockOption{Level: level, Name: name}, emu.Out(val), vallen)
}

// Getsockname implements Process.
func (p *Recorded) Getsockname(fd int, name []byte, namelen *int) error {
	return p.status("getsockname", func() error { return p.p.Getsockname(fd, name, namelen) },
		emu.Fd(fd), emu.Sockaddr(name), namelen)
}

// Getpeername implements Process.
func (p *Recorded) Getpeername(fd int, name []byte, namelen *int) error {
	return p.status("getpeername", func() error { return p.p.Getpeername(fd, name, namelen) },
		emu.Fd(fd), emu.Sockaddr(name), namelen)
}

// Sigaction implements Process.
func (p *Recorded) Sigaction(sig emu.Signal, act, old *emu.SigAction) error {
	return p.status("rt_sigaction", func() error { return p.p.Sigaction(sig, act, old) },
		sig, act, old)
}

// Sigprocmask implements Process.
func (p *Recorded) Sigprocmask(how int, set, old *emu.Sigset) error {
	return p.status("rt_sigprocmask", func() error { return p.p.Sigprocmask(how, set, old) },
		emu.MaskHow(how), set, old)
}

// Kill implements Process.
func (p *Recorded) Kill(pid int, sig emu.Signal) error {
	return p.status("kill", func() error { return p.p.Kill(pid, sig) },
		emu.Pid(pid), sig)
}

// Tgkill implements Process.
func (p *Recorded) Tgkill(pid, tid int, sig emu.Signal) error {
	return p.status("tgkill", func() error { return p.p.Tgkill(pid, tid, sig) },
		emu.Pid(pid), emu.Pid(tid), sig)
}

// Prlimit implements Process.
func (p *Recorded) Prlimit(pid, resource int, limit, old *emu.Rlimit) error {
	return p.status("prlimit64", func() error { return p.p.Prlimit(pid, resource, limit, old) },
		emu.Pid(pid), emu.Resource(resource), limit, old)
}

// Lseek implements Process.
func (p *Recorded) Lseek(fd int, offset int64, whence int) (int64, error) {
	n, err := p.count("lseek", func() (int, error) {
		at, err := p.p.Lseek(fd, offset, whence)
		return int(at), err
	}, emu.Fd(fd), int(offset), emu.Whence(whence))
	return int64(n), err
}

// Exec implements Process.
func (p *Recorded) Exec() error { return p.status("execve", p.p.Exec) }

// Wait4 implements Process.
func (p *Recorded) Wait4(pid, options int) (int, WaitStatus, error) {
	var status WaitStatus
	n, err := p.count("wait4", func() (n int, err error) {
		n, status, err = p.p.Wait4(pid, options)
		return n, err
	}, emu.Pid(pid), &status, emu.WaitOptions(options))
	return n, status, err
}

// ready is the process as one that has select and epoll; it panics where the
// machine has not.
func (p *Recorded) ready() readyProcess { return p.p.(readyProcess) }

type readyProcess interface {
	ReadyProcess
	EpollWait(epfd int, events []emu.EpollEvent, timeout int) (int, error)
	Select(nfds int, read, write, except *emu.FdSet, timeout *time.Duration) (int, error)
}

// EpollCreate1 is as emu.Process has it.
func (p *Recorded) EpollCreate1(flags int) (int, error) {
	return p.count("epoll_create1", func() (int, error) { return p.ready().EpollCreate1(flags) },
		emu.OpenFlags(flags))
}

// EpollCtl is as emu.Process has it.
func (p *Recorded) EpollCtl(epfd, op, fd int, event *emu.EpollEvent) error {
	return p.status("epoll_ctl", func() error { return p.ready().EpollCtl(epfd, op, fd, event) },
		emu.Fd(epfd), emu.EpollOp(op), emu.Fd(fd), event)
}

// EpollWait is as emu.Process has it.
func (p *Recorded) EpollWait(epfd int, events []emu.EpollEvent, timeout int) (int, error) {
	return p.count("epoll_wait", func() (int, error) { return p.ready().EpollWait(epfd, events, timeout) },
		emu.Fd(epfd), events, len(events), timeout)
}

// EpollPwait2 is as emu.Process has it.
func (p *Recorded) EpollPwait2(epfd int, events []emu.EpollEvent, timeout *time.Duration, mask *emu.Sigset) (int, error) {
	return p.count("epoll_pwait2", func() (int, error) { return p.ready().EpollPwait2(epfd, events, timeout, mask) },
		emu.Fd(epfd), events, len(events), timeout, mask)
}

// Select is as emu.Process has it.
func (p *Recorded) Select(nfds int, read, write, except *emu.FdSet, timeout *time.Duration) (int, error) {
	return p.count("select", func() (int, error) { return p.ready().Select(nfds, read, write, except, timeout) },
		nfds, read, write, except, timeout)
}

// Pselect is as emu.Process has it.
func (p *Recorded) Pselect(nfds int, read, write, except *emu.FdSet, timeout *time.Duration, mask *emu.Sigset) (int, error) {
	return p.count("pselect6", func() (int, error) { return p.ready().Pselect(nfds, read, write, except, timeout, mask) },
		nfds, read, write, except, timeout, mask)
}
