package netemu_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/netemu"
)

// What ends a wait may come beside the first one of a connection, of which less
// is there yet than of the second: these tests make a new one each time, and
// the two meet at any moment.

// rounds is how many; a fault of that kind has shown in one or two thousand.
func rounds() int {
	if testing.Short() {
		return 1000
	}
	return 3000
}

// forMoments does nothing for a while that differs.
func forMoments() {
	var x atomic.Uint32
	for range rand.IntN(600) {
		x.Load()
	}
	if rand.IntN(2) == 0 {
		runtime.Gosched()
	}
}

// ends is how long calls may take that must return.
const ends = time.Minute

// begun waits for the calls of a round, and shows the stacks of those that hang.
func begun(what string, calls *sync.WaitGroup) {
	guard := time.AfterFunc(ends, func() { panic("calls that must return have not: " + what) })
	calls.Wait()
	guard.Stop()
}

// freshEnders end the waits of an end, a, of a pair.
var freshEnders = []func(a, b *netemu.UnixConn){
	func(a, b *netemu.UnixConn) { a.Close() },
	func(a, b *netemu.UnixConn) { a.SetDeadline(time.Unix(1, 0)) },
	func(a, b *netemu.UnixConn) { a.SetDeadline(time.Now().Add(20 * time.Microsecond)) },
	func(a, b *netemu.UnixConn) { // moved, from far to near
		a.SetDeadline(time.Now().Add(time.Hour))
		forMoments()
		a.SetDeadline(time.Now().Add(10 * time.Microsecond))
	},
	func(a, b *netemu.UnixConn) { // a deadline that is taken away again
		a.SetDeadline(time.Unix(1, 0))
		a.SetDeadline(time.Time{})
		forMoments()
		a.Close()
	},
	func(a, b *netemu.UnixConn) { // a duplicate that is closed
		if f, err := a.File(); err == nil {
			f.Close()
		}
		a.Close()
	},
	func(a, b *netemu.UnixConn) {
		if a.LocalAddr().Network() == "unixgram" {
			a.Close() // nobody else can
			return
		}
		b.Close()
	},
	func(a, b *netemu.UnixConn) {
		if a.LocalAddr().Network() == "unixgram" {
			a.Close()
			return
		}
		a.CloseRead()
		a.CloseWrite()
	},
}

// TestTheFirstWaitOfAConnectionEnds: of a Read, a ReadMsgUnix and a Write.
func TestTheFirstWaitOfAConnectionEnds(t *testing.T) {
	n := netemu.New()
	for round := range rounds() {
		network := []string{"unix", "unixgram", "unixpacket"}[rand.IntN(3)]
		a, b, err := n.Socketpair(network)
		require.NoError(t, err)
		call, end := rand.IntN(3), rand.IntN(len(freshEnders))
		if call == 2 {
			a.SetWriteBuffer(1)
			for err == nil {
				a.SetWriteDeadline(time.Now().Add(10 * time.Microsecond))
				_, err = a.Write(make([]byte, 1000))
			}
			a.SetWriteDeadline(time.Time{})
		}
		var calls sync.WaitGroup
		for range 1 + rand.IntN(3) {
			calls.Go(func() {
				forMoments()
				switch call {
				case 0:
					a.Read(make([]byte, 1))
				case 1:
					a.ReadMsgUnix(make([]byte, 1), nil)
				case 2:
					for err := error(nil); err == nil; { // it may not have been full
						_, err = a.Write(make([]byte, 1000))
					}
				}
			})
		}
		forMoments()
		freshEnders[end](a, b)
		begun(fmt.Sprintf("round %d, %s, call %d, end %d", round, network, call, end), &calls)
		a.Close()
		b.Close()
	}
	require.Zero(t, n.Process().System().Blocked())
	require.NoError(t, n.Process().System().Check())
	require.Equal(t, []int{0, 1, 2}, n.Process().Descriptors())
}

// TestTheFirstWaitOfAListenerEnds: of Accept, beside Close, a deadline, clients.
func TestTheFirstWaitOfAListenerEnds(t *testing.T) {
	n := netemu.New()
	for round := range rounds() {
		l, err := n.ListenUnix("unix", &net.UnixAddr{Name: "@fresh", Net: "unix"})
		require.NoError(t, err)
		end, many := rand.IntN(4), 1+rand.IntN(2)
		var calls sync.WaitGroup
		for range many {
			calls.Go(func() {
				forMoments()
				if c, err := l.Accept(); err == nil {
					c.Close()
				}
			})
		}
		forMoments()
		dial := func() {
			if c, err := n.Dial("unix", "@fresh"); err == nil {
				c.Read(make([]byte, 1))
				c.Close()
			}
		}
		switch end {
		case 0:
			l.Close()
		case 1:
			l.SetDeadline(time.Now().Add(10 * time.Microsecond))
		case 2:
			for range many {
				calls.Go(dial)
			}
		case 3:
			calls.Go(dial)
			forMoments()
			l.Close()
		}
		begun(fmt.Sprintf("round %d, end %d", round, end), &calls)
		l.Close()
	}
	require.NoError(t, n.Process().System().Check())
	require.Equal(t, []int{0, 1, 2}, n.Process().Descriptors())
}

// TestTheFirstWaitOfAFileEnds: of a pipe's and a socket's Read, beside what ends
// it, and beside Fd, after which Close does not wait.
func TestTheFirstWaitOfAFileEnds(t *testing.T) {
	n := netemu.New()
	p := n.Process()
	for round := range rounds() {
		kind, end := rand.IntN(3), rand.IntN(4)
		var r, w *netemu.File
		if kind == 0 {
			var fds [2]int
			require.NoError(t, p.Pipe2(&fds, emu.O_NONBLOCK))
			r, w = netemu.NewFile(p, fds[0], "r"), netemu.NewFile(p, fds[1], "w")
		} else {
			a, b, _ := n.Socketpair([]string{"unix", "unixpacket"}[kind-1])
			r, _ = a.File()
			w, _ = b.File()
			a.Close()
			b.Close()
		}
		var calls sync.WaitGroup
		calls.Go(func() { forMoments(); r.Read(make([]byte, 1)) })
		forMoments()
		switch end {
		case 0:
			r.Close()
		case 1:
			r.SetDeadline(time.Unix(1, 0))
		case 2:
			w.Close()
		case 3:
			calls.Go(func() { r.Fd() })
			forMoments()
			r.Close()
			w.Close() // a Read in blocking mode ends by this alone
		}
		begun(fmt.Sprintf("round %d, kind %d, end %d", round, kind, end), &calls)
		r.Close()
		w.Close()
	}
	require.NoError(t, p.System().Check())
	require.Equal(t, []int{0, 1, 2}, p.Descriptors())
}
