package emu

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

const (
	hasEnded  = POLLIN | POLLRDNORM
	isReaped  = hasEnded | POLLHUP
	stillHere = int16(0)
)

// pidfd opens a descriptor of a process or a task.
func (p prog) pidfd(pid, flags int) int {
	p.t.Helper()
	fd, err := p.PidfdOpen(pid, flags)
	require.NoError(p.t, err)
	return fd
}

func (p prog) child() *Process {
	p.t.Helper()
	c, err := p.Fork()
	require.NoError(p.t, err)
	return c
}

func TestPidfdErrorsInOrder(t *testing.T) {
	p := newProg(t, Config{})
	me := p.Getpid()
	fails(t, "PidfdOpen with a flag", errno.EINVAL)(p.PidfdOpen(me, 1))
	for _, pid := range []int{0, -1} {
		fails(t, "PidfdOpen of no number", errno.EINVAL)(p.PidfdOpen(pid, 0))
	}
	fails(t, "PidfdOpen of nobody", errno.ESRCH)(p.PidfdOpen(999999, 0))
	task := p.Thread()
	fails(t, "PidfdOpen of a task", errno.ENOENT)(p.PidfdOpen(task.Gettid(), PIDFD_NONBLOCK))
	gives(t, "PidfdOpen of a task", 0)(p.PidfdOpen(task.Gettid(), PIDFD_THREAD|PIDFD_NONBLOCK))
	equal(t, "F_GETFD", p.getfd(0), FD_CLOEXEC)
	equal(t, "F_GETFL", p.getfl(0), O_RDWR|O_NONBLOCK|O_EXCL)
	other := p.eventfd(0, 0)

	for _, flags := range []uint{8, 3, 5} {
		says(t, "PidfdSendSignal with a flag", errno.EINVAL)(p.PidfdSendSignal(-1, 65, flags))
	}
	says(t, "PidfdSendSignal", errno.EBADF)(p.PidfdSendSignal(-1, 65, 0))
	says(t, "PidfdSendSignal of no pidfd", errno.EBADF)(p.PidfdSendSignal(other, 65, 0))
	says(t, "PidfdSendSignal of no signal", errno.EINVAL)(p.PidfdSendSignal(0, 65, 0))
	for _, self := range []int{PIDFD_SELF_THREAD, PIDFD_SELF_THREAD_GROUP} {
		says(t, "PidfdSendSignal of the caller", 0)(p.PidfdSendSignal(self, 0, 0))
	}
	says(t, "PidfdSendSignal of no group", errno.ESRCH)(p.PidfdSendSignal(0, 0, PIDFD_SIGNAL_PROCESS_GROUP))

	fails(t, "PidfdGetfd with flags", errno.EINVAL)(p.PidfdGetfd(-1, 0, 1))
	fails(t, "PidfdGetfd", errno.EBADF)(p.PidfdGetfd(-1, 0, 0))
	fails(t, "PidfdGetfd of no pidfd", errno.EBADF)(p.PidfdGetfd(other, 0, 0))
	fails(t, "PidfdGetfd of nothing", errno.EBADF)(p.PidfdGetfd(0, 99, 0))

	for _, b := range [][]byte{nil, make([]byte, 8), BadAddress(8)} {
		fails(t, "Read", errno.EINVAL)(p.Read(0, b))
		fails(t, "Write", errno.EINVAL)(p.Write(0, b))
	}
	fails(t, "Readv of nothing", errno.EINVAL)(p.Readv(0, nil))
	fails(t, "Writev of nothing", errno.EINVAL)(p.Writev(0, nil))
	fails(t, "Ioctl", errno.ENOTTY)(p.Ioctl(0, FIONREAD, make([]byte, 4)))
}

// TestPidfdTellsOfTheEnd: readable when the process has ended, hung up when it has been waited for.
func TestPidfdTellsOfTheEnd(t *testing.T) {
	p := newProg(t, Config{})
	c := p.child()
	fd := p.pidfd(c.Getpid(), 0)
	edge := epollOn(t, p.Process, fd, POLLIN|EPOLLET)
	equal(t, "Poll", p.revents(fd), stillHere)
	equal(t, "events", gathered(t, p.Process, edge)[uint64(fd)], 0)
	says(t, "PidfdSendSignal", 0)(p.PidfdSendSignal(fd, SIGKILL, 0))
	equal(t, "Poll of an ended process", p.revents(fd), hasEnded)
	equal(t, "events", gathered(t, p.Process, edge)[uint64(fd)], POLLIN)
	says(t, "PidfdSendSignal to a zombie", 0)(p.PidfdSendSignal(fd, SIGTERM, 0))
	fails(t, "PidfdGetfd of a zombie", errno.ESRCH)(p.PidfdGetfd(fd, 0, 0))
	p.pidfd(c.Getpid(), PIDFD_THREAD)

	var info Siginfo
	for _, how := range []int{WEXITED | WNOWAIT, WEXITED} {
		require.NoError(t, p.Waitid(P_PIDFD, fd, &info, how))
		equal(t, "Waitid", info, Siginfo{Signo: SIGCHLD, Code: CLD_KILLED, Pid: c.Getpid(), Status: int(SIGKILL)})
	}
	equal(t, "Poll of a reaped process", p.revents(fd), isReaped)
	equal(t, "events", gathered(t, p.Process, edge)[uint64(fd)], POLLIN|POLLHUP)
	says(t, "PidfdSendSignal", errno.ESRCH)(p.PidfdSendSignal(fd, 65, 0))
	fails(t, "PidfdGetfd", errno.ESRCH)(p.PidfdGetfd(fd, 0, 0))
	fails(t, "PidfdOpen", errno.ESRCH)(p.PidfdOpen(c.Getpid(), 0))
	says(t, "Waitid", errno.ECHILD)(p.Waitid(P_PIDFD, fd, &info, WEXITED))
	equal(t, "Waitid", info, Siginfo{})
}

// TestPidfdOfATask: a task beside the first is gone when it has ended; the first stays with its process.
func TestPidfdOfATask(t *testing.T) {
	p := newProg(t, Config{})
	c := p.child()
	task := c.Thread()
	first, second := p.pidfd(c.Getpid(), PIDFD_THREAD), p.pidfd(task.Gettid(), PIDFD_THREAD)
	third := p.pidfd(c.Thread().Gettid(), PIDFD_THREAD)
	task.ExitThread()
	equal(t, "Poll of the task that ended", p.revents(second), isReaped)
	says(t, "PidfdSendSignal", errno.ESRCH)(p.PidfdSendSignal(second, 0, 0))
	c.ExitThread()
	equal(t, "Poll of the first, which ended before the last", p.revents(first), stillHere)
	fails(t, "PidfdGetfd of the first", errno.ESRCH)(p.PidfdGetfd(first, 0, 0))
	says(t, "PidfdSendSignal to a task", 0)(p.PidfdSendSignal(third, SIGKILL, 0))
	equal(t, "Poll of the process", p.revents(first), hasEnded)
	equal(t, "Poll of the task", p.revents(third), isReaped)

	c = p.child()
	task = c.Thread()
	second, third = p.pidfd(task.Gettid(), PIDFD_THREAD), p.pidfd(c.Getpid(), 0)
	require.NoError(t, task.Exec())
	equal(t, "Poll of the number that exec took away", p.revents(second), isReaped)
	equal(t, "Poll of the process", p.revents(third), stillHere)
	task.Exit(0)
	equal(t, "Poll of the process", p.revents(third), hasEnded)
}

// TestPidfdGetfd: a descriptor for another process's description, of the same user.
func TestPidfdGetfd(t *testing.T) {
	p := newProg(t, Config{})
	c := p.as(p.child())
	fd := c.eventfd(9, 0)
	of := p.pidfd(c.Getpid(), 0)
	got, err := p.PidfdGetfd(of, fd, 0)
	require.NoError(t, err)
	equal(t, "F_GETFD", p.getfd(got), FD_CLOEXEC)
	p.takes(got, 9)
	require.NoError(t, p.Setuid(7))
	fails(t, "PidfdGetfd of another user's", errno.EPERM)(p.PidfdGetfd(of, 99, 0))
	says(t, "PidfdSendSignal to another user's", errno.EPERM)(p.PidfdSendSignal(of, SIGKILL, 0))
	require.NoError(t, p.Setrlimit(RLIMIT_NOFILE, Rlimit{Cur: 2, Max: 2}))
	require.NoError(t, c.Setuid(7))
	fails(t, "PidfdGetfd", errno.EMFILE)(p.PidfdGetfd(of, fd, 0))
	fails(t, "PidfdGetfd", errno.EBADF)(p.PidfdGetfd(of, 99, 0))
	fails(t, "PidfdOpen", errno.EMFILE)(p.PidfdOpen(c.Getpid(), 0))
	fails(t, "PidfdOpen", errno.ESRCH)(p.PidfdOpen(999999, 0))
}

func TestWaitidErrorsInOrder(t *testing.T) {
	p := newProg(t, Config{})
	child := p.as(p.child())
	blocking, not := p.pidfd(child.Getpid(), 0), p.pidfd(child.Getpid(), PIDFD_NONBLOCK)
	for _, c := range []struct {
		idtype, id, options int
		want                errno.Errno
	}{
		{4, 0, WEXITED | 0x100, errno.EINVAL},
		{4, 0, WNOHANG, errno.EINVAL},
		{4, 0, WEXITED, errno.EINVAL},
		{-1, 0, WEXITED, errno.EINVAL},
		{P_PID, 0, WEXITED, errno.EINVAL},
		{P_PGID, -1, WEXITED, errno.EINVAL},
		{P_PIDFD, -1, WEXITED, errno.EINVAL},
		{P_PIDFD, PIDFD_SELF_THREAD_GROUP, WEXITED, errno.EINVAL},
		{P_PIDFD, 99, WEXITED, errno.EBADF},
		{P_PID, p.Getpid(), WEXITED, errno.ECHILD},
		{P_PGID, 7777, WEXITED, errno.ECHILD},
		{P_PIDFD, not, WEXITED, errno.EAGAIN},
		{P_PIDFD, not, WEXITED | WNOHANG, 0},
		{P_PIDFD, blocking, WEXITED | WNOHANG, 0},
		{P_PGID, 0, WUNTRACED | WNOHANG, 0},
		{P_ALL, -7, WCONTINUED | WNOHANG, 0},
	} {
		info := Siginfo{Pid: 1}
		says(t, "Waitid", c.want)(p.Waitid(c.idtype, c.id, &info, c.options))
		equal(t, "the info of a call that found nothing", info, Siginfo{})
	}
	child.Exit(3)
	says(t, "Waitid without WEXITED", errno.ECHILD)(p.Waitid(P_ALL, 0, nil, WUNTRACED))
	says(t, "Waitid without info", 0)(p.Waitid(P_PIDFD, not, nil, WEXITED|WNOWAIT))
	var info Siginfo
	says(t, "Waitid", 0)(p.Waitid(P_PGID, p.Getpid(), &info, WEXITED))
	equal(t, "Waitid", info, Siginfo{Signo: SIGCHLD, Code: CLD_EXITED, Pid: child.Getpid(), Status: 3})
}

// TestWaitidWaits: until the child of the pidfd has ended, another's end does not count.
func TestWaitidWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		one, two := p.child(), p.child()
		fd := p.pidfd(two.Getpid(), 0)
		var info Siginfo
		go func() { says(t, "Waitid", 0)(p.Waitid(P_PIDFD, fd, &info, WEXITED)) }()
		go func() { gives(t, "Poll", 1)(p.Poll([]PollFd{{Fd: fd, Events: POLLHUP}}, -1)) }()
		one.Exit(1)
		synctest.Wait()
		equal(t, "Blocked()", p.sys.Blocked(), 2)
		two.Exit(2)
		synctest.Wait()
		equal(t, "Blocked()", p.sys.Blocked(), 0)
		equal(t, "Status", info.Status, 2)
	})
}

// TestATaskThatHasEndedSignalsNobody: nor does any other call of it have an effect.
func TestATaskThatHasEndedSignalsNobody(t *testing.T) {
	p := newProg(t, Config{})
	child := p.as(p.child())
	fd := child.pidfd(p.Getpid(), 0)
	child.Exit(0)
	how := Ended{Pid: child.Getpid()}
	for name, call := range map[string]func() error{
		"Kill":            func() error { return child.Kill(p.Getpid(), SIGKILL) },
		"Tgkill":          func() error { return child.Tgkill(p.Getpid(), p.Getpid(), SIGKILL) },
		"PidfdSendSignal": func() error { return child.PidfdSendSignal(fd, SIGKILL, 0) },
	} {
		endsWith(t, name, how)(value(call()))
	}
	gives(t, "Wait4", child.Getpid())(func() (int, error) { n, _, err := p.Wait4(-1, 0); return n, err }())
}
