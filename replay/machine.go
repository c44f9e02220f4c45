package replay

import (
	"time"

	"sockpair/emu"
)

// Process is one task of a process on some machine: the methods of
// emu.Process that a log can call. Errors are of type errno.Errno; any other
// error says that the process has ended and the call did not return.
type Process interface {
	Socketpair(domain, typ, protocol int, sv *[2]int) error
	Close(fd int) error
	CloseRange(first, last uint, flags int) error
	Dup(fd int) (int, error)
	Dup2(oldfd, newfd int) (int, error)
	Dup3(oldfd, newfd, flags int) (int, error)
	Fcntl(fd, cmd, arg int) (int, error)
	Ioctl(fd int, req uint, arg []byte) (int, error)

	Socket(domain, typ, protocol int) (int, error)
	Bind(fd int, name []byte) error
	Listen(fd, backlog int) error
	Accept(fd int, name []byte, namelen *int) (int, error)
	Accept4(fd int, name []byte, namelen *int, flags int) (int, error)
	Connect(fd int, name []byte) error
	Mkdir(path string, mode uint32) error
	Mkdirat(dirfd int, path string, mode uint32) error
	Mknod(path string, mode uint32, dev int) error
	Mknodat(dirfd int, path string, mode uint32, dev int) error
	Symlink(target, path string) error
	Symlinkat(target string, dirfd int, path string) error
	Link(from, to string) error
	Linkat(fromdir int, from string, todir int, to string, flags int) error
	Rename(from, to string) error
	Renameat(fromdir int, from string, todir int, to string) error
	Unlink(path string) error
	Unlinkat(dirfd int, path string, flags int) error
	Rmdir(path string) error
	Chmod(path string, mode uint32) error
	Fchmodat(dirfd int, path string, mode uint32, flags int) error
	Umask(mask int) int
	Chdir(path string) error
	Getcwd(buf []byte) (int, error)

	Pipe(fds *[2]int) error
	Pipe2(fds *[2]int, flags int) error
	Splice(in int, inOff *int64, out int, outOff *int64, length, flags int) (int, error)
	Tee(in, out, length, flags int) (int, error)
	Sendfile(out, in int, offset *int64, count int) (int, error)

	Read(fd int, b []byte) (int, error)
	Readv(fd int, bufs [][]byte) (int, error)
	Write(fd int, b []byte) (int, error)
	Writev(fd int, bufs [][]byte) (int, error)
	Pread(fd int, b []byte, offset int64) (int, error)
	Pwrite(fd int, b []byte, offset int64) (int, error)
	Lseek(fd int, offset int64, whence int) (int64, error)
	Ftruncate(fd int, length int64) error
	Fsync(fd int) error

	Eventfd(initval uint, flags int) (int, error)
	TimerfdCreate(clock, flags int) (int, error)
	TimerfdSettime(fd, flags int, to, old *emu.ItimerSpec) error
	TimerfdGettime(fd int, now *emu.ItimerSpec) error
	PidfdOpen(pid, flags int) (int, error)
	PidfdSendSignal(fd int, sig emu.Signal, flags uint) error
	PidfdGetfd(fd, target, flags int) (int, error)
	Waitid(idtype, id int, info *emu.Siginfo, options int) error
	Preadv(fd int, bufs [][]byte, offset int64) (int, error)
	Pwritev(fd int, bufs [][]byte, offset int64) (int, error)
	Preadv2(fd int, bufs [][]byte, offset int64, flags int) (int, error)
	Pwritev2(fd int, bufs [][]byte, offset int64, flags int) (int, error)
	Fstat(fd int, st *emu.Stat) error

	Sendto(fd int, b []byte, flags int, to []byte) (int, error)
	Sendmsg(fd int, m *emu.Msghdr, flags int) (int, error)
	Sendmmsg(fd int, msgs []emu.Mmsghdr, flags int) (int, error)
	Recvfrom(fd int, b []byte, flags int, name []byte, namelen *int) (int, error)
	Recvmsg(fd int, m *emu.Msghdr, flags int) (int, error)
	Recvmmsg(fd int, msgs []emu.Mmsghdr, flags int, timeout *time.Duration) (int, error)
	Shutdown(fd, how int) error
	Poll(fds []emu.PollFd, timeout int) (int, error)
	Ppoll(fds []emu.PollFd, timeout *time.Duration, mask *emu.Sigset) (int, error)
	Getsockopt(fd, level, name int, val []byte, vallen *int) error
	Setsockopt(fd, level, name int, val []byte, vallen int) error
	Getsockname(fd int, name []byte, namelen *int) error
	Getpeername(fd int, name []byte, namelen *int) error

	Sigaction(sig emu.Signal, act, old *emu.SigAction) error
	Sigprocmask(how int, set, old *emu.Sigset) error
	Kill(pid int, sig emu.Signal) error
	Tgkill(pid, tid int, sig emu.Signal) error
	Wait4(pid, options int) (int, WaitStatus, error)
	Prlimit(pid, resource int, limit, old *emu.Rlimit) error

	Getpid() int
	Gettid() int
	Fork() (Process, error)
	Thread() Process
	Exec() error
	Exit(code int)
	ExitThread()

	// Foreign opens, at number fd, something that is not under test.
	Foreign(fd int, name string) error
	// Descriptors are the numbers of the open descriptors, ascending.
	Descriptors() []int
}

// WaitStatus is what Wait4 tells of a child: an exit status, or the signal
// that ended it when that is not 0.
type WaitStatus struct {
	Code   int
	Signal emu.Signal
}

// Machine is something that has processes: the emulator, or the host's kernel.
type Machine interface {
	// NewProcess makes a process without a parent and without descriptors.
	NewProcess() (Process, error)
	// Blocked is how many calls are asleep. A call that is woken stops
	// counting before it runs on.
	Blocked() int
	// Watch names a function that is called after each change of Blocked.
	Watch(changed func())
	// Starting is told which task makes the next call.
	Starting(p Process)
	// TimeOut makes time pass for the call in which p is asleep, up to its
	// time-out. It reports whether the call has one.
	TimeOut(p Process) bool
	// Check reports what is wrong with the machine when no call is running.
	Check() error
	// Close ends what is left of the machine.
	Close() error
}

// isBlocking reports whether a call may fall asleep.
func isBlocking(name string) bool {
	switch name {
	case "read", "readv", "write", "writev", "sendto", "send", "sendmsg", "sendmmsg",
		"recvfrom", "recv", "recvmsg", "recvmmsg", "recvmmsg_time64", "poll", "ppoll", "ppoll_time64", "wait4", "waitid", "preadv2", "pwritev2",
		"select", "_newselect", "pselect6", "pselect6_time64", "epoll_wait", "epoll_pwait", "epoll_pwait2",
		"splice", "tee", "sendfile", "accept", "accept4", "connect":
		return true
	}
	return false
}
