package netemu_test

import (
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/netemu"
	"sockpair/netemu/conntest"
)

// on is the network of a process on a machine of a configuration.
func on(t testing.TB, cfg emu.Config) *netemu.Net {
	sys, err := emu.New(cfg)
	require.NoError(t, err)
	return netemu.On(sys.NewProcess())
}

// TestDeadlinesAreOfTheMachinesClock: one that is moved by hand rings when it
// is moved past the deadline.
func TestDeadlinesAreOfTheMachinesClock(t *testing.T) {
	clock := emu.NewManualClock(time.Unix(1000, 0))
	n := on(t, emu.Config{Clock: clock})
	a, b, err := n.Socketpair("unix")
	require.NoError(t, err)
	a.SetReadDeadline(time.Unix(1060, 0))
	done := make(chan error)
	go func() { _, err := a.Read(make([]byte, 1)); done <- err }()
	for n.Process().System().Blocked() == 0 {
		time.Sleep(time.Millisecond)
	}
	clock.Advance(59 * time.Second)
	require.Empty(t, done)
	clock.Advance(time.Second)
	require.ErrorIs(t, <-done, os.ErrDeadlineExceeded)
	a.SetReadDeadline(time.Unix(1061, 0))
	b.Write([]byte("x"))
	_, err = a.Read(make([]byte, 1))
	require.NoError(t, err)
	require.NoError(t, a.Close())
	_, ok := clock.Next()
	require.False(t, ok, "a timer is left")
}

// TestPOSIXMachinesObeyTheLaws: the laws hold with the other personality's
// rules too, under which records are ended by MSG_EOR alone and are thus none
// for Read.
func TestPOSIXMachinesObeyTheLaws(t *testing.T) {
	for network, kind := range map[string]conntest.Kind{"unix": conntest.Stream(), "unixgram": conntest.Datagram()} {
		kind.In = synctest.Test
		kind.ResetsUnread = kind.ResetsUnread && emu.POSIX().ResetUnread
		t.Run(network, func(t *testing.T) {
			conntest.TestConn(t, kind, makePipe(func() (a, b net.Conn, err error) {
				return on(t, emu.Config{Personality: emu.POSIX()}).Socketpair(network)
			}))
		})
	}
}

// TestObserversSeeTheCallsOfAGoProgram: those that strace shows of package net.
func TestObserversSeeTheCallsOfAGoProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls []string
		n := on(t, emu.Config{Observer: func(e emu.Event) {
			if e.Kind == emu.EventExit {
				calls = append(calls, e.Call+" "+e.Err.Name())
			}
		}})
		a, b, _ := n.Socketpair("unix")
		calls = nil
		go a.Read(make([]byte, 4))
		synctest.Wait()
		b.Write([]byte("data"))
		synctest.Wait()
		a.CloseWrite()
		a.Close()
		b.Write([]byte("x"))
		b.Close()
		require.Equal(t, []string{"read EAGAIN", "write ", "read ", "shutdown ", "close ", "write EPIPE", "close "}, calls)
	})
}
