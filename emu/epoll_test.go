package emu

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// epollOn makes an instance that watches fd for events.
func epollOn(t *testing.T, p *Process, fd int, events uint32) int {
	t.Helper()
	ep, err := p.EpollCreate1(0)
	require.NoError(t, err)
	require.NoError(t, p.EpollCtl(ep, EPOLL_CTL_ADD, fd, &EpollEvent{Events: events, Data: uint64(fd)}))
	return ep
}

// gathered is what an epoll_wait without waiting finds, by datum.
func gathered(t *testing.T, p *Process, ep int) map[uint64]uint32 {
	t.Helper()
	events := make([]EpollEvent, 8)
	n, err := p.EpollWait(ep, events, 0)
	require.NoError(t, err)
	got := map[uint64]uint32{}
	for _, e := range events[:n] {
		got[e.Data] = e.Events
	}
	return got
}

// TestEpollTriggers: a level-triggered registration is reported
// as long as it is so, an edge-triggered one at each event, a one-shot once.
func TestEpollTriggers(t *testing.T) {
	sys, err := New(Config{})
	require.NoError(t, err)
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	level := epollOn(t, p, b, POLLIN)
	edge := epollOn(t, p, b, POLLIN|EPOLLET)
	once := epollOn(t, p, b, POLLIN|EPOLLONESHOT)
	in := map[uint64]uint32{uint64(b): POLLIN}
	none := map[uint64]uint32{}

	require.Equal(t, none, gathered(t, p, level))
	mustWrite(t, p, a, "x")
	for _, ep := range []int{level, edge, once, level} {
		require.Equal(t, in, gathered(t, p, ep))
	}
	require.Equal(t, none, gathered(t, p, edge))
	require.Equal(t, none, gathered(t, p, once))

	mustWrite(t, p, a, "y") // an event, though it was readable before
	require.Equal(t, in, gathered(t, p, edge))
	require.Equal(t, none, gathered(t, p, once))
	require.NoError(t, p.EpollCtl(once, EPOLL_CTL_MOD, b, &EpollEvent{Events: POLLIN | EPOLLONESHOT, Data: uint64(b)}))
	require.Equal(t, in, gathered(t, p, once))

	buf := make([]byte, 1)
	_, err = p.Read(b, buf)
	require.NoError(t, err)
	require.Equal(t, in, gathered(t, p, level))
	require.Equal(t, none, gathered(t, p, edge), "a read is no event")
	require.NoError(t, sys.Check())
}

func mustWrite(t *testing.T, p *Process, fd int, s string) {
	t.Helper()
	n, err := p.Write(fd, []byte(s))
	require.NoError(t, err)
	require.Equal(t, len(s), n)
}

// TestEpollEdgeOfRoom: a reader that frees a message gives an edge-triggered
// writer a fresh event, although it was writable before (measured).
func TestEpollEdgeOfRoom(t *testing.T) {
	sys, err := New(Config{})
	require.NoError(t, err)
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	ep := epollOn(t, p, a, POLLOUT|EPOLLET)
	out := map[uint64]uint32{uint64(a): POLLOUT}
	require.Equal(t, out, gathered(t, p, ep))
	require.Empty(t, gathered(t, p, ep))
	mustWrite(t, p, a, "xy")
	_, err = p.Read(b, make([]byte, 1)) // a part frees nothing
	require.NoError(t, err)
	require.Empty(t, gathered(t, p, ep))
	_, err = p.Read(b, make([]byte, 1))
	require.NoError(t, err)
	require.Equal(t, out, gathered(t, p, ep))
}

// TestEpollRegistrationEndsWithTheDescription: a dup keeps it alive, and is
// itself another registration.
func TestEpollRegistrationEndsWithTheDescription(t *testing.T) {
	sys, err := New(Config{})
	require.NoError(t, err)
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	ep := epollOn(t, p, b, POLLIN)
	require.ErrorContains(t, p.EpollCtl(ep, EPOLL_CTL_ADD, b, &EpollEvent{Events: POLLIN}), "File exists")
	d, err := p.Dup(b)
	require.NoError(t, err)
	require.NoError(t, p.EpollCtl(ep, EPOLL_CTL_ADD, d, &EpollEvent{Events: POLLIN, Data: 99}))
	require.NoError(t, p.Close(b))
	mustWrite(t, p, a, "x")
	require.Equal(t, map[uint64]uint32{uint64(b): POLLIN, 99: POLLIN}, gathered(t, p, ep))
	require.NoError(t, p.Close(d))
	require.Empty(t, gathered(t, p, ep))
	require.NoError(t, sys.Check())
	require.NoError(t, p.Close(ep))
	require.NoError(t, p.Close(a))
	require.Equal(t, 0, sys.Files())
}

// TestEpollNesting: an instance watches another; five are the most in a row,
// and a circle is refused (measured).
func TestEpollNesting(t *testing.T) {
	sys, err := New(Config{})
	require.NoError(t, err)
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	first := epollOn(t, p, b, POLLIN)
	chain := []int{first}
	for range 4 {
		chain = append(chain, epollOn(t, p, chain[len(chain)-1], POLLIN))
	}
	last := chain[len(chain)-1]
	require.Empty(t, gathered(t, p, last))
	mustWrite(t, p, a, "x")
	require.Equal(t, map[uint64]uint32{uint64(chain[3]): POLLIN}, gathered(t, p, last))
	sixth, err := p.EpollCreate1(0)
	require.NoError(t, err)
	require.ErrorContains(t, p.EpollCtl(sixth, EPOLL_CTL_ADD, last, &EpollEvent{Events: POLLIN}), "Too many levels")
	require.ErrorContains(t, p.EpollCtl(first, EPOLL_CTL_ADD, chain[1], &EpollEvent{Events: POLLIN}), "Too many levels")
	fds := []PollFd{{Fd: last, Events: POLLIN}}
	n, err := p.Poll(fds, 0)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NoError(t, sys.Check())
}

// TestEpollWaitSleeps: until something happens, or its time is over.
func TestEpollWaitSleeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys, err := New(Config{})
		require.NoError(t, err)
		p := sys.NewProcess()
		a, b, err := p.Pair(SOCK_SEQPACKET)
		require.NoError(t, err)
		ep := epollOn(t, p, b, POLLIN)
		start := time.Now()
		events := make([]EpollEvent, 1)
		n, err := p.EpollWait(ep, events, 250)
		require.NoError(t, err)
		require.Equal(t, 0, n)
		require.Equal(t, 250*time.Millisecond, time.Since(start))

		done := make(chan int)
		go func() {
			n, _ := p.EpollWait(ep, events, -1)
			done <- n
		}()
		synctest.Wait()
		require.Equal(t, 1, sys.Blocked())
		mustWrite(t, p, a, "x")
		require.Equal(t, 1, <-done)
		require.NoError(t, sys.Check())
	})
}

// TestEpollExclusiveWakesOne: of the instances that watch exclusively, one
// with a waiter is told.
func TestEpollExclusiveWakesOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sys, err := New(Config{})
		require.NoError(t, err)
		p := sys.NewProcess()
		a, b, err := p.Pair(SOCK_STREAM)
		require.NoError(t, err)
		woken := make(chan int, 2)
		for range 2 {
			ep := epollOn(t, p, b, POLLIN|EPOLLEXCLUSIVE|EPOLLET)
			go func() {
				n, _ := p.EpollWait(ep, make([]EpollEvent, 1), 1000)
				woken <- n
			}()
			synctest.Wait()
		}
		mustWrite(t, p, a, "x")
		require.Equal(t, 1, <-woken)
		require.Equal(t, 0, <-woken)
	})
}

// TestSelectAsksPoll: readable, writable, exceptional.
func TestSelectAsksPoll(t *testing.T) {
	sys, err := New(Config{})
	require.NoError(t, err)
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	_, err = p.Send(a, []byte("xy"), MSG_OOB)
	require.NoError(t, err)
	var r, w, e FdSet
	r.Set(a)
	r.Set(b)
	w.Set(b)
	e.Set(b)
	now := time.Duration(0)
	n, err := p.Select(b+1, &r, &w, &e, &now)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.False(t, r.IsSet(a))
	require.True(t, r.IsSet(b) && w.IsSet(b) && e.IsSet(b))
	r.Set(60)
	_, err = p.Select(61, &r, nil, nil, &now)
	require.ErrorContains(t, err, "Bad file descriptor")
	_, err = p.Select(-1, nil, nil, nil, &now)
	require.ErrorContains(t, err, "Invalid argument")
}

// [K] A send that fails after it had its memory gives it back, which is an event
// of room: bad memory, and a SOCK_DGRAM whose peer is gone or takes nothing.
func TestEpollEdgeOfASendThatFails(t *testing.T) {
	p := newProg(t, Config{})
	for _, typ := range []int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET} {
		a, b := p.pair(typ)
		edge := epollOn(t, p.Process, a, POLLOUT|EPOLLET)
		events := func(what string, want int) {
			t.Helper()
			got := make([]EpollEvent, 4)
			n, err := p.EpollWait(edge, got, 0)
			gives(t, what, want)(n, err)
		}
		events("EpollWait at first", 1)
		fails(t, "Send of bad memory", errno.EFAULT)(p.Send(a, BadAddress(1), 0))
		events("EpollWait after EFAULT", 1)
		events("EpollWait again", 0)
		if typ != SOCK_DGRAM {
			continue
		}
		p.close(b)
		for _, err := range []errno.Errno{errno.ECONNREFUSED, errno.ENOTCONN} {
			fails(t, "Send without a peer", err)(p.Send(a, []byte("x"), 0))
			events("EpollWait after it", 1)
		}
	}
}

// TestErrorThatRecvmmsgKeepsIsNoEvent: the error of a later message is stored
// for the next call, and wakes nobody.
func TestErrorThatRecvmmsgKeepsIsNoEvent(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	ep, err := p.EpollCreate1(0)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.EpollCtl(ep, EPOLL_CTL_ADD, a, &EpollEvent{Events: POLLIN | EPOLLET}); err != nil {
		t.Fatal(err)
	}
	p.send(b, "xy")
	var events [1]EpollEvent
	for _, want := range []int{1, 0} {
		if n, err := p.EpollWait(ep, events[:], 0); n != want || err != nil {
			t.Fatalf("EpollWait = %d, %v, want %d", n, err, want)
		}
	}
	byteOf := func() [][]byte { return [][]byte{make([]byte, 1)} }
	msgs := []Mmsghdr{{Msghdr: Msghdr{Iov: byteOf()}}, {Msghdr: Msghdr{Iov: byteOf(), Name: make([]byte, 2), Namelen: -1}}}
	if n, err := p.Recvmmsg(a, msgs, MSG_DONTWAIT, nil); n != 1 || err != nil {
		t.Fatalf("Recvmmsg = %d, %v, want 1", n, err)
	}
	if n, err := p.EpollWait(ep, events[:], 0); n != 0 || err != nil {
		t.Errorf("EpollWait after it = %d, %v, want 0", n, err)
	}
	if v, err := p.GetsockoptInt(a, SOL_SOCKET, SO_ERROR); v != int(errno.EINVAL) || err != nil {
		t.Errorf("SO_ERROR = %d, %v, want EINVAL", v, err)
	}
}
