package emu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// Listeners and connections that nobody has accepted, in flight. A connection
// that nobody has accepted is reached through its listener alone.

// crossing is a process with two listeners, a client that is connected to
// each, and a witness: one end of a pair, whose other end goes along with what
// may become garbage. The witness sees the end of file when it does.
type crossing struct {
	prog
	l, c    [2]int
	witness int
	other   int
}

func newCrossing(t *testing.T) crossing {
	p, socket := abstract(t)
	x := crossing{prog: p}
	for i := range x.l {
		x.l[i], x.c[i] = socket(SOCK_STREAM, 0), socket(SOCK_STREAM, 0)
		name := AbstractSockaddr(string(rune('a' + i)))
		require.NoError(t, p.Bind(x.l[i], name))
		require.NoError(t, p.Listen(x.l[i], 3))
		require.NoError(t, p.Connect(x.c[i], name))
	}
	x.witness, x.other = p.pair(SOCK_STREAM)
	return x
}

// pass sends descriptors over another.
func (p prog) pass(over int, fds ...int) {
	p.t.Helper()
	gives(p.t, "Sendmsg", 1)(p.Sendmsg(over, &Msghdr{Iov: [][]byte{{0}}, Control: Rights(fds...)}, 0))
}

// accept accepts one connection.
func (p prog) accept(fd int) int {
	p.t.Helper()
	n, err := p.Accept(fd, nil, nil)
	require.NoError(p.t, err)
	return n
}

func (x crossing) lives() {
	x.t.Helper()
	x.recvFails(x.witness, errno.EAGAIN)
	require.NoError(x.t, x.sys.Check())
}

// collected: the witness sees the end of file, and of all that was closed
// nothing is left.
func (x crossing) collected() {
	x.t.Helper()
	x.eof(x.witness)
	require.NoError(x.t, x.sys.Check())
	require.Zero(x.t, x.sys.InFlight())
}

func TestAListenerInItsOwnQueueIsCollected(t *testing.T) {
	x := newCrossing(t)
	x.pass(x.c[0], x.l[0], x.other)
	x.close(x.other, x.c[0])
	x.lives()
	x.close(x.l[0])
	x.collected()
}

func TestListenersInEachOthersQueuesAreCollected(t *testing.T) {
	x := newCrossing(t)
	x.pass(x.c[0], x.l[1])
	x.pass(x.c[1], x.l[0], x.other)
	x.close(x.other, x.l[0])
	x.lives()
	x.close(x.l[1])
	x.collected()
	x.recvFails(x.c[0], errno.ECONNRESET)
}

// TestAClientInItsServersQueueIsReachedThroughTheListener: and until it is
// accepted through nothing else.
func TestAClientInItsServersQueueIsReachedThroughTheListener(t *testing.T) {
	x := newCrossing(t)
	x.pass(x.c[0], x.c[0], x.other)
	x.close(x.other, x.c[0])
	x.lives()
	s := x.accept(x.l[0])
	x.close(x.l[0])
	x.lives()
	x.close(s)
	x.collected()
}

// TestWhatIsAcceptedIsReachedAnew: that the listener reached what was in its
// queue says nothing about it when it has been accepted.
func TestWhatIsAcceptedIsReachedAnew(t *testing.T) {
	x := newCrossing(t)
	a, b := x.pair(SOCK_STREAM)
	x.pass(x.c[0], a, x.other)
	x.close(a, x.other) // which has looked, and found the listener
	s := x.accept(x.l[0])
	x.pass(b, s)
	x.close(b)
	x.lives()
	x.close(s)
	x.collected()
	gives(t, "Accept", s)(x.accept(x.l[1]), nil)
}

// TestAnOpenListenerKeepsWhatItsQueueHolds: through another listener too.
func TestAnOpenListenerKeepsWhatItsQueueHolds(t *testing.T) {
	x := newCrossing(t)
	x.pass(x.c[0], x.other)
	x.pass(x.c[1], x.l[0])
	x.close(x.other, x.l[0], x.c[0])
	x.lives()
	s := x.accept(x.l[1])
	x.close(x.l[1])
	x.lives()
	x.shutdown(s, SHUT_RD)
	x.close(s)
	x.collected()
}
