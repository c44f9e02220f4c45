package sockpair_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
)

// What the emulator does otherwise than Linux, row by row: docs/divergences.md
// names a law or a test for each. Those that stand nowhere else are here; who
// closes a gap deletes its row and its test.

// divergenceRow is a row: | what | here | reason | shown by |
var divergenceRow = regexp.MustCompile(`(?m)^\| (.+?) \| (.+) \| (.+) \| ([^|]*) \|$`)

// TestEveryDivergenceIsShown: each row names laws and tests that exist.
func TestEveryDivergenceIsShown(t *testing.T) {
	page, err := os.ReadFile("docs/divergences.md")
	require.NoError(t, err)
	_, gaps, found := strings.Cut(string(page), "\n## The emulator against Linux\n")
	require.True(t, found)
	gaps, _, _ = strings.Cut(gaps, "\n## ")
	exists := goTests(t)
	for i := range lawBook {
		exists[lawBook[i].name()] = true
	}
	rows := 0
	for line := range strings.Lines(gaps) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| what ") {
			continue
		}
		rows++
		m := divergenceRow.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			t.Errorf("not | what | here | reason | shown by |: %s", line)
			continue
		}
		shown := strings.Fields(m[4])
		if len(shown) == 0 {
			t.Errorf("nothing shows: %s", m[1])
		}
		for _, name := range shown {
			if !exists[name] {
				t.Errorf("%s is shown by %s, which is not there", m[1], name)
			}
		}
	}
	require.NotZero(t, rows)
}

// pairOf is a Linux machine's process with a pair.
func pairOf(t *testing.T, typ int) (p *emu.Process, a, b int) {
	t.Helper()
	p = newProcess(t, emu.Config{})
	a, b, err := p.Pair(typ)
	require.NoError(t, err)
	return p, a, b
}

// controlOf receives a message with an option set at the receiver, and
// returns the length of its control messages.
func controlOf(t *testing.T, typ, option int) int {
	t.Helper()
	p, a, b := pairOf(t, typ)
	require.NoError(t, p.SetsockoptInt(b, emu.SOL_SOCKET, option, 1))
	_, err := p.Write(a, []byte("x"))
	require.NoError(t, err)
	m := &emu.Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 256), Controllen: 256}
	n, err := p.Recvmsg(b, m, 0)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	return m.Controllen
}

func TestGapNoTimeStamps(t *testing.T) {
	for _, option := range []int{emu.SO_TIMESTAMP, emu.SO_TIMESTAMPNS, emu.SO_RXQ_OVFL} {
		require.Equal(t, 0, controlOf(t, emu.SOCK_DGRAM, option), "option %d: length of the control messages", option)
	}
}

func TestGapOtherNamespaces(t *testing.T) {
	for _, row := range []struct {
		user int
		req  uint
		want errno.Errno
	}{
		{0, emu.SIOCGSKNS, errno.EPERM}, {65534, emu.SIOCGSKNS, errno.EPERM},
		{0, emu.SIOCUNIXFILE, errno.ENOENT}, {65534, emu.SIOCUNIXFILE, errno.EPERM},
	} {
		p := newProcess(t, emu.Config{UID: row.user})
		a, _, err := p.Pair(emu.SOCK_STREAM)
		require.NoError(t, err)
		_, err = p.Ioctl(a, row.req, nil)
		require.Equal(t, row.want, err, "user %d: %v", row.user, emu.IoctlReq(row.req))
	}
}

func TestGapLocksAndLeases(t *testing.T) {
	const fSetownEx, fSetlease, fGetRwHint = 15, 1024, 1035
	p, a, _ := pairOf(t, emu.SOCK_STREAM)
	for _, cmd := range []int{fSetownEx, emu.F_GETLK, emu.F_SETLK, emu.F_SETLKW, fSetlease, fGetRwHint} {
		_, err := p.Fcntl(a, cmd, 0)
		require.Equal(t, errno.EINVAL, err, "fcntl of %d", cmd)
	}
}

func TestGapRequestsOfForeignFiles(t *testing.T) {
	p := newProcess(t, emu.Config{})
	require.NoError(t, p.Foreign(0, "terminal"))
	_, err := p.Ioctl(0, emu.TCGETS, make([]byte, 64))
	require.Equal(t, errno.ENOTTY, err)
}

// TestGapHandlersRunInCalls: a handler runs when the next call returns.
func TestGapHandlersRunInCalls(t *testing.T) {
	p, a, b := pairOf(t, emu.SOCK_STREAM)
	ran := 0
	require.NoError(t, p.Sigaction(emu.SIGUSR1, &emu.SigAction{Disposition: emu.SIG_HANDLE, Handler: func(emu.Signal) { ran++ }}, nil))
	child, err := p.Fork()
	require.NoError(t, err)
	require.NoError(t, child.Kill(p.Getpid(), emu.SIGUSR1))
	require.Equal(t, 0, ran, "handlers that ran before a call")
	_, err = p.Write(a, []byte("x"))
	require.NoError(t, err)
	require.Equal(t, 1, ran, "handlers that ran in the call")
	n, err := p.Read(b, make([]byte, 9))
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

func TestGapPpollKeepsItsTime(t *testing.T) {
	p, a, _ := pairOf(t, emu.SOCK_STREAM)
	timeout := time.Hour
	n, err := p.Ppoll([]emu.PollFd{{Fd: a, Events: emu.POLLOUT}}, &timeout, nil)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, time.Hour, timeout)
}

// TestGapUnshare: a thread's close_range with CLOSE_RANGE_UNSHARE closes for
// all the threads.
func TestGapUnshare(t *testing.T) {
	p, a, b := pairOf(t, emu.SOCK_STREAM)
	require.NoError(t, p.Thread().CloseRange(uint(a), uint(b), emu.CLOSE_RANGE_UNSHARE))
	require.Empty(t, p.Descriptors())
}

func TestGapLimitOfTheTable(t *testing.T) {
	p := newProcess(t, emu.Config{})
	const most = 16_777_216
	require.NoError(t, p.Setrlimit(emu.RLIMIT_NOFILE, emu.Rlimit{Cur: most, Max: most}))
	q := newProcess(t, emu.Config{})
	require.Equal(t, errno.EPERM, q.Setrlimit(emu.RLIMIT_NOFILE, emu.Rlimit{Cur: 10, Max: most + 1}))
}

// TestGapFaultsAreWholeBuffers: what is bad memory is said for a whole buffer;
// a call whose memory ends in the middle of one takes two.
func TestGapFaultsAreWholeBuffers(t *testing.T) {
	p, a, b := pairOf(t, emu.SOCK_STREAM)
	_, err := p.Write(a, emu.BadAddress(10))
	require.Equal(t, errno.EFAULT, err)
	long := make([]byte, 40960)
	n, err := p.Writev(a, [][]byte{long, emu.BadAddress(10)})
	require.NoError(t, err)
	require.Equal(t, 36544, n)
	n, err = p.Readv(b, [][]byte{long, emu.BadAddress(10)})
	require.NoError(t, err)
	require.Equal(t, 36544, n)
}

// TestGapOneUser: a process has one user, where Linux has a real, an
// effective and a saved one, each of which may be given in SCM_CREDENTIALS.
func TestGapOneUser(t *testing.T) {
	p := newProcess(t, emu.Config{})
	a, _, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	require.NoError(t, p.Setuid(7))
	claim := func(uid int) error {
		control := emu.Credentials(emu.Cred{Pid: p.Getpid(), Uid: uid, Gid: 0})
		_, err := p.Sendmsg(a, &emu.Msghdr{Iov: [][]byte{{1}}, Control: control, Controllen: len(control)}, 0)
		return err
	}
	require.NoError(t, claim(7))
	require.Equal(t, errno.EPERM, claim(0))
}

func TestGapCredentialsOfATask(t *testing.T) {
	p := newProcess(t, emu.Config{})
	a, _, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	control := emu.Credentials(emu.Cred{Pid: p.Thread().Gettid()})
	_, err = p.Sendmsg(a, &emu.Msghdr{Iov: [][]byte{{1}}, Control: control, Controllen: len(control)}, 0)
	require.Equal(t, errno.ESRCH, err)
}

func TestGapInterruptedConnectIsGivenUp(t *testing.T) {
	p := newProcess(t, emu.Config{Personality: emu.POSIX()})
	name := emu.PathSockaddr("/tmp/gap")
	l, err := p.Socket(emu.AF_UNIX, emu.SOCK_STREAM, 0)
	require.NoError(t, err)
	require.NoError(t, p.Bind(l, name))
	require.NoError(t, p.Listen(l, 1))
	require.NoError(t, p.Sigaction(emu.SIGUSR1, &emu.SigAction{Disposition: emu.SIG_HANDLE, Handler: func(emu.Signal) {}}, nil))
	synctest.Test(t, func(t *testing.T) {
		for range 3 { // until the queue is full, and one waits
			c, err := p.Socket(emu.AF_UNIX, emu.SOCK_STREAM, 0)
			require.NoError(t, err)
			done := make(chan error, 1)
			go func() { done <- p.Connect(c, name) }()
			synctest.Wait()
			if len(done) > 0 {
				require.NoError(t, <-done)
				continue
			}
			require.NoError(t, p.Thread().Kill(p.Getpid(), emu.SIGUSR1))
			require.Equal(t, errno.EINTR, <-done)
			n, _ := p.Accept(l, nil, nil)
			require.NoError(t, p.Close(n)) // there is room
			require.NoError(t, p.Connect(c, name), "not EALREADY, nor EISCONN: nothing was going on")
			return
		}
		t.Error("no connect has waited")
	})
}

func TestGapNothingDumpsCore(t *testing.T) {
	p := newProcess(t, emu.Config{})
	child, err := p.Fork()
	require.NoError(t, err)
	require.NoError(t, p.Kill(child.Getpid(), emu.SIGQUIT))
	var info emu.Siginfo
	require.NoError(t, p.Waitid(emu.P_PID, child.Getpid(), &info, emu.WEXITED))
	require.Equal(t, emu.CLD_KILLED, info.Code)
}

// TestGapSignalsThatNobodyHandlesDisturbNobody: SIGCHLD, which one task blocks
// and nobody handles, leaves the sleeping call of another alone.
func TestGapSignalsThatNobodyHandlesDisturbNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, a, b := pairOf(t, emu.SOCK_STREAM)
		child, err := p.Fork()
		require.NoError(t, err)
		got := make(chan error, 1)
		go func() {
			_, err := p.Thread().Read(a, make([]byte, 1))
			got <- err
		}()
		synctest.Wait()
		blocked := emu.Sigs(emu.SIGCHLD)
		require.NoError(t, p.Sigprocmask(emu.SIG_BLOCK, &blocked, nil))
		require.NoError(t, p.Close(a))
		child.Exit(0)
		synctest.Wait()
		require.Empty(t, got, "calls that ended")
		_, err = p.Write(b, []byte("x"))
		require.NoError(t, err)
		require.NoError(t, <-got)
	})
}
