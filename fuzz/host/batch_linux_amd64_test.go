package host

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/replay"
)

// What calls made together return is what they return one by one.
func TestCallsMadeTogetherReturnAsAlone(t *testing.T) {
	p := newProcess(t, newMachine(t))
	const rounds = 600 // more than one request takes
	var sv [2]int
	got := make([]string, rounds)
	errs := make([]error, 2+2*rounds)
	p.Together(len(errs), func(i int, q replay.Process) {
		switch {
		case i == 0:
			errs[i] = q.Socketpair(emu.AF_UNIX, emu.SOCK_DGRAM, 0, &sv)
		case i == 1:
			errs[i] = q.Close(77)
		case i%2 == 0:
			_, errs[i] = q.Write(0, []byte{'a' + byte(i%26)})
		default:
			b := make([]byte, 9)
			n, err := q.Read(1, b)
			got[i/2-1], errs[i] = string(b[:n]), err
		}
	})
	require.Equal(t, [2]int{0, 1}, sv)
	for i, err := range errs {
		if i == 1 {
			require.Equal(t, errno.EBADF, err)
			continue
		}
		require.NoError(t, err)
	}
	for i, s := range got {
		require.Equal(t, string([]byte{'a' + byte((2*i+2)%26)}), s)
	}
}

// The call that ends the process has not returned, and the rest were not made.
func TestCallsAfterTheEndAreNotMade(t *testing.T) {
	m := newMachine(t)
	p := newProcess(t, m)
	a, b, err := p.Pair(emu.SOCK_STREAM)
	require.NoError(t, err)
	require.NoError(t, p.Close(b))
	var errs [4]error
	p.Together(len(errs), func(i int, q replay.Process) {
		if i == 2 {
			_, errs[i] = q.Write(a, []byte("x")) // SIGPIPE
			return
		}
		errs[i] = q.Close(100)
	})
	require.Equal(t, []error{errno.EBADF, errno.EBADF}, errs[:2])
	for _, err := range errs[2:] {
		var ended *emu.Ended
		require.ErrorAs(t, err, &ended)
		require.Equal(t, emu.SIGPIPE, ended.Signal)
	}
	p.Together(1, func(_ int, q replay.Process) { err = q.Close(0) })
	require.Error(t, err)
}

func TestATogetherCallIsOneSystemCall(t *testing.T) {
	p := newProcess(t, newMachine(t))
	require.Panics(t, func() { p.Together(1, func(int, replay.Process) {}) })
	require.Panics(t, func() { p.Together(1, func(_ int, q replay.Process) { q.Close(0); q.Close(0) }) })
	require.Equal(t, errno.EBADF, p.Close(0)) // and the process can be used on
}
