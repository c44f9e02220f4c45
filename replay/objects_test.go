package replay

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// compares requires that so many calls were compared, and none different.
func compares(t *testing.T, calls int, log string) {
	t.Helper()
	r := equals(t, log)
	require.Equal(t, calls, r.Totals.Equal, text(t, r, false))
}

func TestCountersAreCompared(t *testing.T) {
	compares(t, 9, `
		eventfd2(3, EFD_CLOEXEC|EFD_NONBLOCK) = 3
		eventfd(0) = 4
		read(3, "\3\0\0\0\0\0\0\0", 8) = 8
		read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)
		write(3, "\1\0\0\0\0\0\0\0", 8) = 8
		poll([{fd=3, events=POLLIN}, {fd=4, events=POLLIN}], 2, 0) = 1 ([{fd=3, revents=POLLIN}])
		dup(3) = 5
		preadv2(5, [{iov_base="\1\0\0\0\0\0\0\0", iov_len=8}], 1, -1, RWF_NOWAIT) = 8
		fstat(3, {st_mode=0600, st_size=0, ...}) = 0`)
	require.True(t, play(t, "eventfd2(3, 0) = 3\nread(3, \"\\2\\0\\0\\0\\0\\0\\0\\0\", 8) = 8\n").Different())
	require.True(t, play(t, "eventfd2(3, 0) = 3\nfstat(3, {st_mode=S_IFSOCK|0777, st_size=0, ...}) = 0\n").Different())
}

// TestTimersExpireWhenTheLogSaysSo: also in poll and epoll; a read that found nothing is compared.
func TestTimersExpireWhenTheLogSaysSo(t *testing.T) {
	compares(t, 14, `
		timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC|TFD_NONBLOCK) = 3
		timerfd_settime(3, 0, {it_interval={tv_sec=0, tv_nsec=10000000}, it_value={tv_sec=0, tv_nsec=5000000}}, NULL) = 0
		read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)
		poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)
		poll([{fd=3, events=POLLIN}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])
		read(3, "\3\0\0\0\0\0\0\0", 8) = 8
		timerfd_gettime(3, {it_interval={tv_sec=0, tv_nsec=10000000}, it_value={tv_sec=0, tv_nsec=4711}}) = 0
		epoll_create1(0) = 4
		epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLET, data=0x3}) = 0
		epoll_wait(4, [{events=EPOLLIN, data=0x3}], 8, 1000) = 1
		epoll_wait(4, [{events=EPOLLIN, data=0x3}], 8, -1) = 1
		epoll_wait(4, [], 8, 1000) = 0
		timerfd_settime(3, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=0}}, {it_interval={tv_sec=0, tv_nsec=10000000}, it_value={tv_sec=0, tv_nsec=99}}) = 0
		read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)`)
	// A sleep's time-out is not a timer's.
	compares(t, 5, `
		timerfd_create(CLOCK_REALTIME, 0) = 3
		timerfd_settime(3, TFD_TIMER_ABSTIME, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=1700000000, tv_nsec=0}}, NULL) = 0
		socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
		poll([{fd=4, events=POLLIN}], 1, 30) = 0 (Timeout)
		read(3, "\1\0\0\0\0\0\0\0", 8) = 8`)
}

func TestPidfdsAreCompared(t *testing.T) {
	compares(t, 8, `
		100 fork() = 200
		100 pidfd_open(200, 0) = 3
		100 poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)
		100 waitid(P_PIDFD, 3, {}, WNOHANG|WEXITED, NULL) = 0
		100 pidfd_send_signal(3, 0, NULL, 0) = 0
		100 pidfd_send_signal(3, SIGTERM, NULL, 0) = 0
		200 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER} ---
		200 +++ killed by SIGTERM +++
		100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED} ---
		100 poll([{fd=3, events=POLLIN}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])
		100 waitid(P_PIDFD, 3, {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=200, si_uid=0, si_status=SIGTERM, si_utime=0, si_stime=0}, WEXITED, NULL) = 0
		100 pidfd_send_signal(3, 0, NULL, 0) = -1 ESRCH (No such process)`)
	compares(t, 2, `
		100 clone3({flags=CLONE_VM|CLONE_PIDFD|CLONE_VFORK, pidfd=0x7ffe, exit_signal=SIGCHLD, stack=0x7f, stack_size=0x9000} => {pidfd=[3]}, 88) = 200
		200 exit_group(4) = ?
		200 +++ exited with 4 +++
		100 waitid(P_PIDFD, 3, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=200, si_uid=0, si_status=4, si_utime=0, si_stime=0}, WEXITED, NULL) = 0
		100 poll([{fd=3, events=POLLIN|POLLHUP}], 1, -1) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])`)
}

func TestPidfdsThatCome(t *testing.T) {
	compares(t, 8, `
		socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
		setsockopt(4, SOL_SOCKET, SO_PASSPIDFD, [1], 4) = 0
		sendto(3, "x", 1, 0, NULL, 0) = 1
		recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_PIDFD, cmsg_data=[5]}], msg_controllen=24, msg_flags=0}, 0) = 1
		getsockopt(3, SOL_SOCKET, SO_PEERPIDFD, [6], [4]) = 0
		poll([{fd=6, events=POLLIN}], 1, 0) = 0 (Timeout)
		close(5) = 0
		dup(6) = 5`)
}

// TestObjectsArePrinted: what a Printer writes of a machine can be run again.
func TestObjectsArePrinted(t *testing.T) {
	var log bytes.Buffer
	printer := NewPrinter(&log)
	sys, err := emu.New(emu.Config{Observer: printer.Observe, Clock: emu.NewManualClock(time.Unix(5, 0))})
	require.NoError(t, err)
	p := sys.NewProcess()
	for fd := range 3 {
		require.NoError(t, p.Foreign(fd, "/dev/null"))
	}
	event, _ := p.Eventfd(7, emu.EFD_SEMAPHORE|emu.EFD_NONBLOCK)
	_, _ = p.Read(event, make([]byte, 8))
	timer, _ := p.TimerfdCreate(emu.CLOCK_BOOTTIME, emu.TFD_NONBLOCK)
	_ = p.TimerfdSettime(timer, 0, &emu.ItimerSpec{Value: emu.Timespec{Sec: 5}}, new(emu.ItimerSpec))
	_ = p.TimerfdSettime(timer, 8, &emu.ItimerSpec{Value: emu.Timespec{Sec: 5}}, nil)
	_ = p.TimerfdGettime(timer, new(emu.ItimerSpec))
	_, _ = p.Ioctl(timer, emu.TFD_IOC_SET_TICKS, []byte{0, 0, 0, 0, 1, 0, 0, 0})
	_, _ = p.Read(timer, make([]byte, 8))
	child, err := p.Fork()
	require.NoError(t, err)
	pidfd, _ := p.PidfdOpen(child.Getpid(), emu.PIDFD_NONBLOCK)
	_ = p.Waitid(emu.P_PIDFD, pidfd, new(emu.Siginfo), emu.WEXITED)
	_, _ = p.PidfdGetfd(pidfd, event, 0)
	_ = p.PidfdSendSignal(pidfd, emu.SIGUSR1, emu.PIDFD_SIGNAL_THREAD_GROUP)
	_ = p.Waitid(emu.P_PIDFD, pidfd, new(emu.Siginfo), emu.WEXITED)
	_ = p.Fstat(pidfd, new(emu.Stat))
	_, _ = p.Pwritev2(event, [][]byte{make([]byte, 8)}, -1, emu.RWF_NOWAIT)
	_, _ = p.Preadv(pidfd, [][]byte{make([]byte, 8)}, 0)
	require.NoError(t, printer.Flush())

	report, err := Run(Emulate(emu.Config{}), &log, Options{File: "log", Strict: true})
	require.NoError(t, err)
	require.Zero(t, report.Totals.Different, text(t, report, false))
	require.Equal(t, 16, report.Totals.Equal, text(t, report, false))
}

func TestAPidfdOfAThreadIsTheThreads(t *testing.T) {
	equals(t, `
		7 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		7 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 8
		7 pidfd_open(8, PIDFD_THREAD) = 5
		8 exit(0) = ?
		8 +++ exited with 0 +++
		7 pidfd_open(8, PIDFD_THREAD) = -1 ESRCH (No such process)
		7 pidfd_open(7, PIDFD_THREAD) = 6
		`)
}
