package emu

import (
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The naive model of what is in flight: sockets, who has them open, and what
// their queues carry. What is alive is marked from what is open, every time
// from the beginning.

type modelSocket struct {
	peer  *modelSocket
	fds   []int
	queue [][]*modelSocket // messages to it
	dead  bool
}

type flightModel struct {
	p       *Process
	sockets []*modelSocket
}

// reap marks from the open descriptors and takes away what is not reached. A
// socket that ends loses its queue, whatever its peer does.
func (m *flightModel) reap() {
	alive := make(map[*modelSocket]bool)
	var mark func(s *modelSocket)
	mark = func(s *modelSocket) {
		if alive[s] {
			return
		}
		alive[s] = true
		for _, message := range s.queue {
			for _, held := range message {
				mark(held)
			}
		}
	}
	for _, s := range m.sockets {
		if len(s.fds) > 0 {
			mark(s)
		}
	}
	for _, s := range m.sockets {
		if !alive[s] {
			s.dead, s.queue = true, nil
		}
	}
	m.sockets = slices.DeleteFunc(m.sockets, func(s *modelSocket) bool { return s.dead })
}

func (m *flightModel) open(ok func(*modelSocket) bool) []*modelSocket {
	var open []*modelSocket
	for _, s := range m.sockets {
		if len(s.fds) > 0 && ok(s) {
			open = append(open, s)
		}
	}
	return open
}

func (m *flightModel) pair(t *rapid.T) {
	if len(m.sockets) > 20 {
		t.Skip("enough")
	}
	a, b, err := m.p.Pair(rapid.SampledFrom(pairTypes).Draw(t, "type"))
	require.NoError(t, err)
	x, y := &modelSocket{fds: []int{a}}, &modelSocket{fds: []int{b}}
	x.peer, y.peer = y, x
	m.sockets = append(m.sockets, x, y)
}

func (m *flightModel) send(t *rapid.T) {
	through := m.open(func(s *modelSocket) bool { return !s.peer.dead && len(s.peer.queue) < 5 })
	if len(through) == 0 {
		t.Skip("nobody to send")
	}
	s := rapid.SampledFrom(through).Draw(t, "through")
	what := rapid.SliceOfN(rapid.SampledFrom(m.open(func(*modelSocket) bool { return true })), 1, 4).Draw(t, "what")
	var fds []int
	for _, w := range what {
		fds = append(fds, w.fds[0])
	}
	require.NoError(t, sendControl(m.p, s.fds[0], "m", Rights(fds...)))
	s.peer.queue = append(s.peer.queue, what)
	if rapid.Bool().Draw(t, "close") {
		m.closeOne(t, what[0])
	}
}

func (m *flightModel) receive(t *rapid.T) {
	from := m.open(func(s *modelSocket) bool { return len(s.queue) > 0 })
	if len(from) == 0 {
		t.Skip("nothing to receive")
	}
	s := rapid.SampledFrom(from).Draw(t, "from")
	_, err := m.p.GetsockoptInt(s.fds[0], SOL_SOCKET, SO_ERROR) // the peer's end may have left one
	require.NoError(t, err)
	flags := rapid.SampledFrom([]int{0, MSG_PEEK}).Draw(t, "flags")
	room := rapid.SampledFrom([]int{0, 20, 64}).Draw(t, "room")
	msg := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, room)}
	_, err = m.p.Recvmsg(s.fds[0], &msg, flags|MSG_DONTWAIT)
	require.NoError(t, err)
	list, err := ParseControl(msg.Control[:msg.Controllen])
	require.NoError(t, err)
	message := s.queue[0]
	if len(list) > 0 {
		fds, err := list[0].ParseRights()
		require.NoError(t, err)
		for i, fd := range fds {
			message[i].fds = append(message[i].fds, fd)
		}
	}
	if flags == 0 {
		s.queue = s.queue[1:]
	}
	m.reap()
}

func (m *flightModel) dup(t *rapid.T) {
	open := m.open(func(s *modelSocket) bool { return len(s.fds) < 3 })
	if len(open) == 0 {
		t.Skip("nothing to duplicate")
	}
	s := rapid.SampledFrom(open).Draw(t, "socket")
	fd, err := m.p.Dup(s.fds[0])
	require.NoError(t, err)
	s.fds = append(s.fds, fd)
}

func (m *flightModel) close(t *rapid.T) {
	open := m.open(func(*modelSocket) bool { return true })
	if len(open) == 0 {
		t.Skip("nothing to close")
	}
	m.closeOne(t, rapid.SampledFrom(open).Draw(t, "socket"))
}

func (m *flightModel) closeOne(t *rapid.T, s *modelSocket) {
	if len(s.fds) == 0 {
		return
	}
	require.NoError(t, m.p.Close(s.fds[0]))
	s.fds = s.fds[1:]
	m.reap()
}

// closeMany closes half of what is open in one call.
func (m *flightModel) closeMany(t *rapid.T) {
	last := rapid.IntRange(0, 20).Draw(t, "last")
	require.NoError(t, m.p.CloseRange(0, uint(last), 0))
	for _, s := range m.sockets {
		s.fds = slices.DeleteFunc(s.fds, func(fd int) bool { return fd <= last })
	}
	m.reap()
}

// check compares the machine with the model.
func (m *flightModel) check(t *rapid.T) {
	sys := m.p.sys
	inFlight, open := 0, 0
	alive := make(map[*modelSocket]bool)
	for _, s := range m.sockets {
		alive[s] = true
	}
	for s := range alive {
		for _, message := range s.queue {
			inFlight += len(message)
		}
		if len(s.fds) == 0 {
			continue
		}
		open++
		fds := []PollFd{{Fd: s.fds[0], Events: POLLIN}}
		_, err := m.p.Poll(fds, 0)
		require.NoError(t, err)
		e, _ := m.p.lockSocket(s.fds[0])
		require.Equal(t, s.peer.dead, e.peer.closed, "the other end of %d", s.fds[0])
		if e.connectionMode() {
			require.Equal(t, s.peer.dead, fds[0].Revents&POLLHUP != 0, "hang-up at %d", s.fds[0])
		}
		e.lock.Unlock()
	}
	require.Equal(t, len(m.sockets), sys.Files())
	require.Equal(t, inFlight, sys.InFlight())
	require.NoError(t, sys.Check())
	m.checkGraph(t, sys.InFlightGraph())
	if rapid.IntRange(0, 9).Draw(t, "collect") == 0 { // not each time: it changes what is remembered
		require.Zero(t, sys.GC())
	}
}

// checkGraph: the graph has as many edges as the model, and who is open is open.
func (m *flightModel) checkGraph(t *rapid.T, g InFlightGraph) {
	edges, hidden := make(map[[2]*modelSocket]int), 0
	for _, s := range m.sockets {
		if len(s.fds) == 0 {
			hidden++
		}
		for _, message := range s.queue {
			for _, held := range message {
				edges[[2]*modelSocket{s, held}]++
			}
		}
	}
	var want, got []int
	for _, e := range g.Edges {
		got = append(got, e.Times)
	}
	want = append(want, slices.Collect(maps.Values(edges))...)
	slices.Sort(want)
	slices.Sort(got)
	require.Equal(t, want, got)
	for _, n := range g.Nodes {
		require.Zero(t, n.Calls)
		if len(n.Open) == 0 {
			hidden--
		}
	}
	require.Zero(t, hidden, "whoever is not open is in flight")
}

// TestWhatIsReachedIsAlive: after each step exactly those sockets live that
// can be reached from a descriptor, and the collection finds nothing.
func TestWhatIsReachedIsAlive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sys, err := New(Config{})
		require.NoError(t, err)
		m := &flightModel{p: sys.NewProcess()}
		steps := map[string]func(*rapid.T){
			"pair": m.pair, "send": m.send, "send again": m.send, "receive": m.receive,
			"dup": m.dup, "close": m.close, "closeMany": m.closeMany, "": m.check,
		}
		t.Repeat(steps)
		m.p.Exit(0)
		require.Zero(t, sys.Files())
		require.Zero(t, sys.InFlight())
	})
}

// TestNothingIsLeftOfManyTasks: tasks of several processes pass the sockets of
// a common pool through each other, peek, receive and close, all at once. When
// all have ended nothing is left.
func TestNothingIsLeftOfManyTasks(t *testing.T) {
	for seed := range int64(3) {
		sys := newMachine(t, Config{})
		first := sys.NewProcess()
		for range 6 {
			_, _, err := first.Pair(SOCK_DGRAM | SOCK_NONBLOCK)
			require.NoError(t, err)
		}
		var all []*Process
		var wg sync.WaitGroup
		for i := range int64(4) {
			p, err := first.Fork()
			require.NoError(t, err)
			all = append(all, p)
			wg.Go(func() { passAround(p, seed*10+i) })
		}
		stop := make(chan struct{})
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			for {
				select {
				case <-stop:
					return
				default:
					_ = sys.InFlightGraph().String()
					runtime.Gosched() // where nobody is preempted, as in wasm
				}
			}
		}()
		wg.Wait()
		close(stop)
		<-watched
		require.NoError(t, sys.Check())
		require.Zero(t, sys.GC(), "seed %d", seed)
		for _, p := range append(all, first) {
			p.Exit(0)
		}
		require.NoError(t, sys.Check())
		require.Zero(t, sys.InFlight())
		require.Zero(t, sys.Files())
	}
}

// passAround makes random calls, of which many fail: the numbers that it uses
// may be closed.
func passAround(p *Process, seed int64) {
	random := uint64(seed)*2654435761 + 1
	below := func(n int) int {
		random = random*6364136223846793005 + 1442695040888963407
		return int(random >> 33 % uint64(n))
	}
	for range 1500 {
		switch fd := below(14); below(6) {
		case 0:
			p.Close(fd)
		case 1:
			p.Pair(SOCK_DGRAM | SOCK_NONBLOCK)
		case 2, 3:
			sendControl(p, fd, "m", Rights(below(14), below(14)))
		default:
			m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 24)}
			p.Recvmsg(fd, &m, MSG_DONTWAIT|[]int{0, 0, MSG_PEEK}[below(3)])
		}
	}
}
