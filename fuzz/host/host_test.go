//go:build linux && amd64

package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/replay"
)

func newMachine(t *testing.T) *Machine {
	t.Helper()
	m, err := New()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	return m
}

func newProcess(t *testing.T, m *Machine) *Process {
	t.Helper()
	p, err := m.NewProcess()
	require.NoError(t, err)
	return p.(*Process)
}

func TestLayoutIsTheAgents(t *testing.T) {
	header, err := os.ReadFile("layout_linux_amd64.h")
	require.NoError(t, err)
	defined := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^#define (\w+) (\w+)$`).FindAllSubmatch(header, -1) {
		n, err := strconv.ParseInt(string(m[2]), 0, 64)
		require.NoError(t, err)
		defined[string(m[1])] = int(n)
	}
	require.Equal(t, map[string]int{
		"segmentAt": segmentAt, "segmentID": segmentID, "mailboxShift": mailboxShift, "mailboxes": mailboxes,
		"lifeline": lifeline, "mailboxState": mailboxState, "mailboxRole": mailboxRole, "mailboxPid": mailboxPid,
		"mailboxTid": mailboxTid, "mailboxNumber": mailboxNumber, "mailboxArgs": mailboxArgs,
		"mailboxResult": mailboxResult, "mailboxChild": mailboxChild, "mailboxSignals": mailboxSignals,
		"mailboxCount": mailboxCount, "numberBatch": numberBatch, "entryNumber": entryNumber, "entryArgs": entryArgs,
		"entryResult": entryResult, "entrySignals": entrySignals, "entrySize": entrySize,
		"stateDone": stateDone, "stateRequest": stateRequest, "roleJanitor": roleJanitor,
	}, defined)
}

func TestProcessBeginsWithoutDescriptors(t *testing.T) {
	p := newProcess(t, newMachine(t))
	require.Empty(t, p.Descriptors())
	a, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	require.Equal(t, []int{0, 1}, []int{a, b})
	require.NoError(t, p.Foreign(2, "/dev/null"))
	require.Equal(t, []bool{false, true, false}, []bool{p.IsForeign(1), p.IsForeign(2), p.IsForeign(3)})
}

func TestBytesTravel(t *testing.T) {
	p := newProcess(t, newMachine(t))
	a, b, err := p.Pair(emu.SOCK_SEQPACKET)
	require.NoError(t, err)
	n, err := p.Writev(a, [][]byte{[]byte("he"), {}, []byte("llo")})
	require.NoError(t, err)
	require.Equal(t, 5, n)
	one, two := make([]byte, 2), make([]byte, 2)
	m := &emu.Msghdr{Iov: [][]byte{one, two}}
	n, err = p.Recvmsg(b, m, 0)
	require.NoError(t, err)
	require.Equal(t, 4, n)
	require.Equal(t, "hell", string(one)+string(two))
	require.Equal(t, emu.MSG_TRUNC, m.Flags)
}

func TestBadAndNullMemory(t *testing.T) {
	p := newProcess(t, newMachine(t))
	a, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	_, err = p.Write(a, emu.BadAddress(5))
	require.Equal(t, errno.EFAULT, err)
	require.Equal(t, errno.EFAULT, p.Socketpair(emu.AF_UNIX, emu.SOCK_STREAM, 0, nil))
	n, err := p.Readv(b, nil)
	require.NoError(t, err)
	require.Zero(t, n)
	_, err = p.Sendmsg(a, nil, 0)
	require.Equal(t, errno.EFAULT, err)
}

func TestForkSharesDescriptions(t *testing.T) {
	p := newProcess(t, newMachine(t))
	a, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	c, err := p.Fork()
	require.NoError(t, err)
	require.Equal(t, []int{a, b}, c.Descriptors())
	require.NoError(t, p.Close(a))
	_, err = c.Write(a, []byte("child"))
	require.NoError(t, err)
	got := make([]byte, 9)
	n, err := p.Read(b, got)
	require.NoError(t, err)
	require.Equal(t, "child", string(got[:n]))
	c.Exit(7)
	pid, status, err := p.Wait4(c.Getpid(), 0)
	require.NoError(t, err)
	require.Equal(t, c.Getpid(), pid)
	require.Equal(t, replay.WaitStatus{Code: 7}, status)
	_, err = c.Write(a, nil)
	require.ErrorAs(t, err, new(*emu.Ended))
}

func TestExecClosesAndResets(t *testing.T) {
	p := newProcess(t, newMachine(t))
	_, _, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	_, _, err = p.Pair(emu.SOCK_STREAM | emu.SOCK_CLOEXEC)
	require.NoError(t, err)
	require.NoError(t, p.Signal(emu.SIGUSR1, func(emu.Signal) {}))
	require.NoError(t, p.Signal(emu.SIGPIPE, emu.SIG_IGN))
	pid := p.Getpid()
	require.NoError(t, p.Exec())
	require.Equal(t, []int{0, 1}, p.Descriptors())
	require.Equal(t, pid, p.Cred().Pid)
	var old emu.SigAction
	require.NoError(t, p.Sigaction(emu.SIGUSR1, nil, &old))
	require.Equal(t, emu.SIG_DFL, old.Disposition)
	require.NoError(t, p.Sigaction(emu.SIGPIPE, nil, &old))
	require.Equal(t, emu.SIG_IGN, old.Disposition)
}

// asleep waits until n calls sleep.
func asleep(t *testing.T, m *Machine, n int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); m.Blocked() != n; time.Sleep(100 * time.Microsecond) {
		require.True(t, time.Now().Before(end), "Blocked() = %d, want %d", m.Blocked(), n)
	}
}

func TestHandlerInterruptsOrRestarts(t *testing.T) {
	for _, restart := range []bool{false, true} {
		m := newMachine(t)
		p := newProcess(t, m)
		a, b, err := p.Pair(emu.SOCK_STREAM)
		require.NoError(t, err)
		handled := 0
		act := emu.SigAction{Disposition: emu.SIG_HANDLE, Handler: func(emu.Signal) { handled++ }}
		if restart {
			act.Flags = emu.SA_RESTART
		}
		require.NoError(t, p.Sigaction(emu.SIGUSR2, &act, nil))
		reader := p.Thread()
		result := make(chan error)
		go func() {
			_, err := reader.Read(b, make([]byte, 1))
			result <- err
		}()
		asleep(t, m, 1)
		require.NoError(t, p.Tgkill(p.Getpid(), reader.Gettid(), emu.SIGUSR2))
		if restart {
			asleep(t, m, 1)
			_, err := p.Write(a, []byte("x"))
			require.NoError(t, err)
			require.NoError(t, <-result)
		} else {
			require.Equal(t, errno.EINTR, <-result)
		}
		require.Equal(t, 1, handled)
		asleep(t, m, 0)
	}
}

func TestSignalEndsTheProcess(t *testing.T) {
	m := newMachine(t)
	p := newProcess(t, m)
	a, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	require.NoError(t, p.Close(b))
	_, err = p.Write(a, []byte("x"))
	var ended *emu.Ended
	require.ErrorAs(t, err, &ended)
	require.Equal(t, emu.Ended{Pid: p.Getpid(), Signal: emu.SIGPIPE}, *ended)
	require.Error(t, p.Close(a))
	require.False(t, exists(p.Getpid()))
}

func exists(pid int) bool {
	_, err := os.Stat(fmt.Sprintf("/proc/%d", pid))
	return err == nil
}

func TestTimeOutWaitsForTheCall(t *testing.T) {
	m := newMachine(t)
	p := newProcess(t, m)
	_, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	for _, ms := range []int{50, 500, 5000} { // a busy machine does not see a short sleep
		result := make(chan int, 1)
		go func() {
			n, _ := p.Poll([]emu.PollFd{{Fd: b, Events: emu.POLLIN}}, ms)
			result <- n
		}()
		for m.Blocked() == 0 && len(result) == 0 {
			time.Sleep(100 * time.Microsecond)
		}
		seen := m.Blocked() == 1
		require.True(t, m.TimeOut(p))
		require.Zero(t, <-result)
		if seen {
			return
		}
	}
	t.Fatal("a poll of 5 s was never seen asleep")
}

func TestOrdinaryUserStaysInTheMachine(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only user 0 may become another")
	}
	p := newProcess(t, newMachine(t))
	require.NoError(t, p.Setuid(65534))
	require.Equal(t, 65534, p.Cred().Uid)
	require.Equal(t, errno.EPERM, p.Setuid(0))
	require.NoError(t, p.Exec())
	c, err := p.Fork()
	require.NoError(t, err)
	c.Exit(0)
}

func TestCloseLeavesNothing(t *testing.T) {
	m, err := New()
	require.NoError(t, err)
	p := newProcess(t, m)
	c, err := p.Fork()
	require.NoError(t, err)
	_, b, err := p.Pair(emu.SOCK_DGRAM)
	require.NoError(t, err)
	result := make(chan error)
	go func() {
		_, err := p.Read(b, make([]byte, 1))
		result <- err
	}()
	asleep(t, m, 1)
	janitor := m.janitor
	require.NoError(t, m.Close())
	require.ErrorAs(t, <-result, new(*emu.Ended))
	for _, pid := range []int{p.Getpid(), c.Getpid(), janitor} {
		gone(t, pid)
	}
}

// gone waits until a process is no more, or a zombie that others must wait for.
func gone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		if s := (&proc{pid: pid}).stat(pid).state; s == 0 || s == 'Z' {
			return
		}
		require.True(t, time.Now().Before(end), "process %d is still there", pid)
	}
}

func TestJanitorKillsWhatAKilledOwnerLeaves(t *testing.T) {
	const owner = "SOCKPAIR_HOST_OWNER"
	if os.Getenv(owner) != "" {
		m, err := New()
		require.NoError(t, err)
		p := newProcess(t, m)
		c, err := p.Fork()
		require.NoError(t, err)
		_, b, err := p.Pair(emu.SOCK_STREAM)
		require.NoError(t, err)
		fmt.Printf("pids %d %d %d\n", p.Getpid(), c.Getpid(), m.janitor)
		p.Read(b, make([]byte, 1))
		return
	}
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), owner+"=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var pids [3]int
	_, err = fmt.Fscanf(out, "pids %d %d %d\n", &pids[0], &pids[1], &pids[2])
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	for _, pid := range pids {
		gone(t, pid)
	}
}

func TestTimeoutKills(t *testing.T) {
	m := newMachine(t)
	p := newProcess(t, m)
	_, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	m.Timeout = 20 * time.Millisecond // not before: what must succeed has time
	_, err = p.Read(b, make([]byte, 1))
	require.ErrorAs(t, err, new(*emu.Ended))
}

func TestFingerprintTellsWhatDiffers(t *testing.T) {
	f := TakeFingerprint()
	require.NotEmpty(t, f.Release)
	ok, why := f.Matches(f)
	require.True(t, ok, why)
	other := f
	other.Page = 3
	ok, why = f.Matches(other)
	require.False(t, ok)
	require.Contains(t, why, "Page:3")
}

func TestManyTasksAreRefusedNotLost(t *testing.T) {
	m := newMachine(t)
	p := newProcess(t, m)
	var last replay.Process
	for range mailboxes {
		last = p.Thread()
	}
	require.ErrorAs(t, last.Close(0), new(*emu.Ended))
	_, err := p.Fork()
	require.Error(t, err)
	require.False(t, errors.Is(err, errno.EAGAIN))
	require.False(t, bytes.Contains([]byte(err.Error()), []byte("ended")))
}
