package emu

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheLastReferenceGoesIntoFlight: a socket whose descriptor another task
// has closed while the call was sending it is collected by the send.
func TestTheLastReferenceGoesIntoFlight(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		anc, e := p.parseControl(Rights(b))
		require.Zero(t, e)
		require.NoError(t, p.Close(b))
		require.Equal(t, 2, sys.Files(), "the call holds it")
		c := sendFrom(a, []byte("m"), MSG_DONTWAIT)
		c.anc = anc
		_, e = p.sendTo(a, c, nil, 0)
		require.Zero(t, e)
		require.Equal(t, 1, sys.Files(), "it lies in its own queue, and nowhere else")
		require.Zero(t, sys.InFlight())
	})
}

// [K] TestUrgentBytesDropTheirDescriptors: those that came with an urgent byte
// are dropped with the segment of the byte: when the next one is taken.
func TestUrgentBytesDropTheirDescriptors(t *testing.T) {
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	for range 2 {
		_, err = p.Sendmsg(a, &Msghdr{Iov: [][]byte{{'u'}}, Control: Rights(a)}, MSG_OOB)
		require.NoError(t, err)
		_, err = p.Recv(b, make([]byte, 1), MSG_OOB)
		require.NoError(t, err)
		require.Equal(t, 1, sys.InFlight())
	}
}

// [K] TestRegistrationsHoldNothing: what epoll watches is not kept by it, so no
// cycle goes through an instance, in flight or open.
func TestRegistrationsHoldNothing(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		watching := func(fd int) int {
			ep, err := p.EpollCreate1(0)
			require.NoError(t, err)
			require.NoError(t, p.EpollCtl(ep, EPOLL_CTL_ADD, fd, &EpollEvent{Events: POLLIN}))
			return ep
		}
		ep := watching(b)
		require.NoError(t, sendControl(p, a, "m", Rights(ep)))
		require.NoError(t, p.Close(ep))
		require.NoError(t, p.Close(b))
		require.Equal(t, 1, sys.Files(), "the socket that is watched held the instance")

		c, d, err := p.Pair(typ)
		require.NoError(t, err)
		ep = watching(d)
		require.NoError(t, sendControl(p, c, "m", Rights(d, ep)))
		require.NoError(t, p.Close(ep))
		require.NoError(t, p.Close(d))
		require.Equal(t, 2, sys.Files(), "an instance falls with the cycle that holds it")

		c, d, err = p.Pair(typ)
		require.NoError(t, err)
		ep = watching(d)
		require.NoError(t, sendControl(p, c, "m", Rights(d)))
		require.NoError(t, p.Close(d))
		require.Equal(t, 4, sys.Files(), "an instance that is open does not keep what it watches")
		n, err := p.EpollWait(ep, make([]EpollEvent, 1), 0)
		require.NoError(t, err)
		require.Zero(t, n)
	})
}

// [K] TestInstancesWatchInFlight: a registration holds as long as the
// description, also while both are in flight.
func TestInstancesWatchInFlight(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		c, d, err := p.Pair(typ)
		require.NoError(t, err)
		ep, err := p.EpollCreate1(0)
		require.NoError(t, err)
		require.NoError(t, p.EpollCtl(ep, EPOLL_CTL_ADD, d, &EpollEvent{Events: POLLIN, Data: 7}))
		require.NoError(t, sendControl(p, a, "m", Rights(ep, d)))
		require.NoError(t, p.Close(ep))
		require.NoError(t, p.Close(d))
		mustWrite(t, p, c, "x")
		fds := receive(t, p, b, 1, 64, 0).rights
		events := make([]EpollEvent, 2)
		n, err := p.EpollWait(fds[0], events, 0)
		require.NoError(t, err)
		require.Equal(t, []EpollEvent{{POLLIN, 7}}, events[:n])
		require.NoError(t, p.Close(fds[1]))
		n, err = p.EpollWait(fds[0], events, 0)
		require.NoError(t, err)
		require.Zero(t, n)
	})
}

// TestAnInstanceEndsWithItsProcess: whoever has ended leaves nothing in flight.
func TestAnInstanceEndsWithItsProcess(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		for _, fd := range []int{a, b} {
			ep, err := p.EpollCreate1(0)
			require.NoError(t, err)
			require.NoError(t, p.EpollCtl(ep, EPOLL_CTL_ADD, a, &EpollEvent{Events: POLLIN}))
			require.NoError(t, p.EpollCtl(ep, EPOLL_CTL_ADD, b, &EpollEvent{Events: POLLIN}))
			require.NoError(t, sendControl(p, fd, "m", Rights(ep, a, b)))
		}
		require.Equal(t, 6, sys.InFlight())
		p.Exit(0)
		require.Zero(t, sys.InFlight())
		require.Zero(t, sys.Files())
	})
}
