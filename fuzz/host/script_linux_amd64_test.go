package host

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
)

// A script can be run again and again; each call's result, what it has stored
// and the signals that it was sent are its own.
func TestAScriptsCallsAreMadeInOrder(t *testing.T) {
	p := newProcess(t, newMachine(t))
	told := 0
	require.NoError(t, p.Signal(emu.SIGPIPE, func(emu.Signal) { told++ }))
	s := p.NewScript(8)
	word, wordAt := s.Memory(5)
	copy(word, "hello")
	s.Keep()
	for round := 1; round <= 3; round++ {
		_, pair := s.Memory(8)
		buf, at := s.Memory(8)
		s.Call(syscall.SYS_SOCKETPAIR, emu.AF_UNIX, emu.SOCK_STREAM, 0, pair)
		sent := s.Call(syscall.SYS_SENDTO, 0, wordAt, 5, 0, 0, 0)
		got := s.Call(syscall.SYS_RECVFROM, 1, at, 8, emu.MSG_DONTWAIT, 0, 0)
		s.Call(syscall.SYS_CLOSE, 1)
		broken := s.Call(syscall.SYS_SENDTO, 0, wordAt, 5, 0, 0, 0)
		bad := s.Call(syscall.SYS_SENDTO, 0, s.Unmapped(), 0, emu.MSG_NOSIGNAL, 0, 0)
		s.Call(syscall.SYS_CLOSE, 0)
		require.NoError(t, s.Run())
		for i, want := range map[int][]any{
			sent: {5, errno.Errno(0), 0}, got: {5, errno.Errno(0), 0}, broken: {-1, errno.EPIPE, 1}, bad: {-1, errno.EPIPE, 0},
		} {
			n, err, signals := s.Result(i)
			require.Equal(t, want, []any{n, err, signals}, "call %d", i)
		}
		require.Equal(t, "hello", string(buf[:5]))
		require.Equal(t, round, told)
		s.Clear()
		calls, _ := s.Room()
		require.Equal(t, 8, calls)
	}
}

func TestAScriptWhoseProcessEndsSaysAtWhichCall(t *testing.T) {
	p := newProcess(t, newMachine(t))
	s := p.NewScript(3)
	s.Call(syscall.SYS_CLOSE, 9)
	s.Call(syscall.SYS_EXIT_GROUP, 3)
	last := s.Call(syscall.SYS_CLOSE, 9)
	err := s.Run()
	var ended *emu.Ended
	require.ErrorAs(t, err, &ended)
	require.ErrorContains(t, err, "call 1 of 3")
	require.Equal(t, 3, ended.Code)
	_, e, _ := s.Result(0)
	require.Equal(t, errno.EBADF, e)
	require.Panics(t, func() { s.Result(last) })
	require.Error(t, s.Run())
}
