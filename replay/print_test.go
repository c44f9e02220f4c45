package replay

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// recorded runs a program on an emulated machine and returns what is printed of it.
func recorded(t *testing.T, cfg emu.Config, program func(p *emu.Process)) string {
	t.Helper()
	var b bytes.Buffer
	printer := NewPrinter(&b)
	cfg.Observer = printer.Observe
	s, err := emu.New(cfg)
	require.NoError(t, err)
	p := s.NewProcess()
	for fd := range 3 {
		require.NoError(t, p.Foreign(fd, "terminal"))
	}
	program(p)
	require.NoError(t, printer.Flush())
	return b.String()
}

// again runs a printed log and requires that it comes out as printed.
func again(t *testing.T, log string) *Report {
	t.Helper()
	r := playWith(t, log, Options{File: "printed", Strict: true})
	require.Zero(t, r.Totals.Different, text(t, r, false))
	require.Zero(t, r.Totals.Tainted, text(t, r, false))
	return r
}

// everyCall makes each call that a socket pair has, once or more.
func everyCall(p *emu.Process) {
	for _, typ := range []int{emu.SOCK_STREAM, emu.SOCK_DGRAM | emu.SOCK_NONBLOCK, emu.SOCK_SEQPACKET | emu.SOCK_CLOEXEC} {
		var sv [2]int
		p.Socketpair(emu.AF_UNIX, typ, 0, &sv)
		a, b := sv[0], sv[1]
		buf := make([]byte, 20)
		n := 0
		p.Write(a, []byte("abc"))
		p.Read(b, buf)
		p.Writev(a, [][]byte{[]byte("ab"), []byte("\x00\xff1")})
		p.Readv(b, [][]byte{buf[:1], buf[1:9]})
		p.Sendto(a, []byte("to"), emu.MSG_NOSIGNAL, []byte{1, 0, 'x'})
		p.Sendto(a, []byte("to"), emu.MSG_NOSIGNAL|emu.MSG_DONTWAIT, nil)
		n = 16
		p.Recvfrom(b, buf, emu.MSG_PEEK, make([]byte, 16), &n)
		p.Recvfrom(b, buf[:1], emu.MSG_TRUNC, nil, nil)
		p.Recvfrom(b, buf, emu.MSG_DONTWAIT, nil, nil)
		p.Recvfrom(b, buf, emu.MSG_DONTWAIT, nil, nil)
		p.Sendmsg(a, &emu.Msghdr{Iov: [][]byte{[]byte("m1"), []byte("m2")}, Control: emu.Rights(a, b)}, 0)
		p.Recvmsg(b, &emu.Msghdr{Iov: [][]byte{buf[:2], buf[2:8]}, Control: make([]byte, 64)}, emu.MSG_CMSG_CLOEXEC)
		p.Sendmmsg(a, []emu.Mmsghdr{{Msghdr: emu.Msghdr{Iov: [][]byte{[]byte("x")}}}, {Msghdr: emu.Msghdr{Iov: [][]byte{[]byte("yy")}}}}, 0)
		p.Recvmmsg(b, []emu.Mmsghdr{{Msghdr: emu.Msghdr{Iov: [][]byte{buf[:1]}}}, {Msghdr: emu.Msghdr{Iov: [][]byte{buf[1:3]}}}}, 0, nil)
		p.Ioctl(b, emu.FIONREAD, make([]byte, 4))
		p.Ioctl(a, emu.SIOCOUTQ, make([]byte, 4))
		p.Ioctl(a, emu.TCGETS, make([]byte, 60))
		n = 4
		p.Getsockopt(a, emu.SOL_SOCKET, emu.SO_SNDBUF, make([]byte, 4), &n)
		p.Setsockopt(a, emu.SOL_SOCKET, emu.SO_SNDBUF, []byte{0, 16, 0, 0}, 4)
		p.Setsockopt(a, emu.SOL_SOCKET, emu.SO_RCVTIMEO, make([]byte, 16), 16)
		p.Setsockopt(a, 6, 1, make([]byte, 4), 4)
		n = 12
		p.Getsockopt(a, emu.SOL_SOCKET, emu.SO_PEERCRED, make([]byte, 12), &n)
		n = 110
		p.Getsockname(a, make([]byte, 110), &n)
		n = 1
		p.Getpeername(a, make([]byte, 110), &n)
		fds := []emu.PollFd{{Fd: a, Events: emu.POLLIN | emu.POLLOUT}, {Fd: -1}, {Fd: 99, Events: emu.POLLIN}}
		p.Poll(fds, 0)
		limit := time.Duration(0)
		mask := emu.Sigs(emu.SIGUSR1)
		p.Ppoll(fds, &limit, &mask)
		p.Poll([]emu.PollFd{{Fd: b, Events: emu.POLLIN}}, 0)
		c, _ := p.Dup(a)
		p.Dup2(b, 50)
		p.Dup3(b, 51, emu.O_CLOEXEC)
		p.Fcntl(a, emu.F_DUPFD, 60)
		p.Fcntl(51, emu.F_GETFD, 0)
		p.Fcntl(c, emu.F_SETFD, emu.FD_CLOEXEC)
		p.Fcntl(a, emu.F_GETFL, 0)
		p.Fcntl(a, emu.F_SETFL, emu.O_NONBLOCK)
		p.Read(a, emu.BadAddress(3))
		p.Write(b, emu.BadAddress(3))
		p.Lseek(a, 0, emu.SEEK_CUR)
		p.Pread(a, buf, 0)
		p.Pwrite(a, buf, 0)
		p.Ftruncate(a, 0)
		p.Fsync(a)
		p.Shutdown(a, emu.SHUT_WR)
		p.Shutdown(a, 7)
		p.CloseRange(50, 70, emu.CLOSE_RANGE_CLOEXEC)
		p.CloseRange(50, 70, 0)
		p.Close(c)
		p.Close(a)
		p.Close(a)
	}
	p.Prlimit(0, emu.RLIMIT_NOFILE, &emu.Rlimit{Cur: 20, Max: 30}, &emu.Rlimit{})
	p.Kill(p.Getpid(), 0)
	p.Wait4(-1, 0)
}

func TestEveryCallIsPrintedAsItCanBeRunAgain(t *testing.T) {
	log := recorded(t, emu.Config{}, everyCall)
	r := again(t, log)
	require.Zero(t, r.Totals.Reasons[NotShown], "not understood:\n"+reasonLines(r, NotShown))
	require.Greater(t, r.Totals.Compared, 150)
}

// everyName makes each call on names of files, once or more.
func everyName(p *emu.Process) {
	var st emu.Stat
	p.Mkdir("/tmp/d", 0o755)
	p.Mkdirat(emu.AT_FDCWD, "/tmp/d", 0o7)
	p.Mknod("/tmp/d/s", emu.S_IFSOCK|0o1777, 0)
	p.Symlinkat("d", 0, "l")
	p.Linkat(emu.AT_FDCWD, "/tmp/d/s", emu.AT_FDCWD, "t", emu.AT_SYMLINK_FOLLOW)
	p.Symlink("d", "/tmp/l")
	p.Readlink("/tmp/l", make([]byte, 9))
	p.Stat("/tmp/l", &st)
	p.Lstat("/nowhere", &st)
	p.Fstatat(0, "", &st, emu.AT_EMPTY_PATH)
	p.Access("/tmp/d/s", emu.R_OK|emu.X_OK)
	p.Access("/tmp/d/s", emu.F_OK)
	p.Faccessat(emu.AT_FDCWD, "/tmp", emu.W_OK, emu.AT_EACCESS)
	p.Unlinkat(emu.AT_FDCWD, "/tmp/d", emu.AT_REMOVEDIR)
	p.Chown("/tmp/d", -1, 5)
	p.Umask(0o77)
	p.Umask(0)
	p.Chdir("/tmp")
	p.Getcwd(make([]byte, 100))
}

// Calls on names are printed as strace prints them.
func TestCallsOnNamesArePrinted(t *testing.T) {
	var got []string
	for line := range strings.SplitSeq(strings.TrimSpace(recorded(t, emu.Config{}, everyName)), "\n") {
		got = append(got, strings.Join(strings.Fields(line)[1:], " ")) // without the process
	}
	require.Equal(t, []string{
		`mkdir("/tmp/d", 0755) = 0`,
		`mkdirat(AT_FDCWD, "/tmp/d", 007) = -1 EEXIST (File exists)`,
		`mknod("/tmp/d/s", S_IFSOCK|S_ISVTX|0777) = 0`,
		`symlinkat("d", 0, "l") = -1 ENOTDIR (Not a directory)`,
		`linkat(AT_FDCWD, "/tmp/d/s", AT_FDCWD, "t", AT_SYMLINK_FOLLOW) = 0`,
		`symlink("d", "/tmp/l") = 0`,
		`readlink("/tmp/l", "d", 9) = 1`,
		`stat("/tmp/l", {st_mode=S_IFDIR|0755, st_size=4096, ...}) = 0`,
		`lstat("/nowhere", 0x7ffe00000000) = -1 ENOENT (No such file or directory)`,
		`newfstatat(0, "", {st_mode=S_IFREG|0600, st_size=0, ...}, AT_EMPTY_PATH) = 0`,
		`access("/tmp/d/s", R_OK|X_OK) = 0`,
		`access("/tmp/d/s", F_OK) = 0`,
		`faccessat2(AT_FDCWD, "/tmp", W_OK, AT_EACCESS) = 0`,
		`unlinkat(AT_FDCWD, "/tmp/d", AT_REMOVEDIR) = -1 ENOTEMPTY (Directory not empty)`,
		`chown("/tmp/d", -1, 5) = 0`,
		`umask(077) = 022`,
		`umask(000) = 077`,
		`chdir("/tmp") = 0`,
		`getcwd("/tmp", 100) = 5`,
	}, got)
}

func reasonLines(r *Report, why Reason) string {
	var b strings.Builder
	for i := range r.Lines {
		if r.Lines[i].Reason == why {
			b.WriteString(r.Lines[i].Recorded() + "\n")
		}
	}
	return b.String()
}

func TestProcessesThatOverlapArePrintedAsTheyCanBeRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := recorded(t, emu.Config{}, func(p *emu.Process) {
			a, b, err := p.Pair(emu.SOCK_STREAM)
			require.NoError(t, err)
			child, err := p.Fork()
			require.NoError(t, err)
			p.Close(b)
			child.Close(a)
			var done sync.WaitGroup
			done.Go(func() { // the child echoes, and dies of SIGPIPE
				buf := make([]byte, 10)
				n, _ := child.Read(b, buf)
				child.Write(b, buf[:n])
				child.Exec()
				time.Sleep(2 * time.Second)
				child.Write(b, []byte("nobody"))
			})
			synctest.Wait()
			p.Write(a, []byte("hello"))
			done.Go(func() { p.Read(a, make([]byte, 10)) })
			synctest.Wait()
			p.Poll([]emu.PollFd{{Fd: a, Events: emu.POLLIN}}, 1000)
			p.Close(a)
			p.Wait4(-1, 0)
			done.Wait()
			p.Exit(3)
		})
		for _, part := range []string{"read(4,  <unfinished ...>", "<... read resumed>\"hello\", 10)", "= 0 (Timeout)", "execve(",
			`"nobody", 6)`, "= -1 EPIPE (Broken pipe)", "--- SIGPIPE {", "+++ killed by SIGPIPE +++",
			"[{WIFSIGNALED(s) && WTERMSIG(s) == SIGPIPE}]", "exit_group(3)", "+++ exited with 3 +++"} {
			require.Contains(t, log, part)
		}
		again(t, log)
	})
}

func TestAThreadIsPrintedBeforeItsFirstCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := recorded(t, emu.Config{}, func(p *emu.Process) {
			a, b, _ := p.Pair(emu.SOCK_SEQPACKET)
			thread := p.Thread()
			var done sync.WaitGroup
			done.Go(func() { thread.Read(b, make([]byte, 4)) })
			synctest.Wait()
			p.Write(a, []byte("late"))
			done.Wait()
			p.Exit(0)
		})
		require.Contains(t, log, "CLONE_THREAD")
		again(t, log)
	})
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, bytes.ErrTooLarge }

func TestAPrinterKeepsItsFirstError(t *testing.T) {
	p := NewPrinter(full{})
	p.Observe(emu.Event{Kind: emu.EventFork, Pid: 1, Tid: 1, Ret: 2})
	require.ErrorIs(t, p.Flush(), bytes.ErrTooLarge)
	require.ErrorIs(t, p.Err(), bytes.ErrTooLarge)
}

// A thread that has ended is told of once more, when its call of exit is over.
func TestAThreadThatHasEndedIsNotMadeAgain(t *testing.T) {
	var log strings.Builder
	p := NewPrinter(&log)
	for _, ev := range []emu.Event{
		{Kind: emu.EventFork, Pid: 7, Tid: 7, Call: "clone", Ret: 8},
		{Kind: emu.EventEnter, Pid: 7, Tid: 8, Call: "exit", Args: []any{0}},
		{Kind: emu.EventExit, Pid: 7, Tid: 8, Call: "exit"},
		{Kind: emu.EventExited, Pid: 7, Tid: 7},
	} {
		p.Observe(ev)
	}
	require.NoError(t, p.Flush())
	require.Equal(t, 1, strings.Count(log.String(), "clone("), log.String())
	require.Contains(t, log.String(), "7     +++ exited with 0 +++\n")
}
