package emu

import (
	"flag"
	"fmt"
	"math/rand"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

var serverSeed = flag.Int64("servers.seed", 1, "seed of the servers that do something at random; 0 takes one from the time")

// servers are processes that listen, connect, accept and pass each other
// whatever they have: connections, listeners with connections that nobody has
// accepted, and both inside messages that wait in such a connection.
type servers struct {
	sys  *System
	all  []*server
	seed int64
}

func newServers(t *testing.T, n int) *servers {
	w := &servers{sys: newMachine(t, Config{Directories: []string{"/s"}}), seed: *serverSeed}
	if w.seed == 0 {
		w.seed = time.Now().UnixNano()
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("again with -servers.seed=%d", w.seed)
		}
	})
	for i := range n {
		s := &server{w: w, p: w.sys.NewProcess(), rand: rand.New(rand.NewSource(w.seed + int64(i)))}
		s.begin(i)
		w.all = append(w.all, s)
	}
	return w
}

// name is the i-th server's: every other has a path.
func (w *servers) name(i int) []byte {
	if i%2 == 0 {
		return PathSockaddr(fmt.Sprint("/s/", i))
	}
	return AbstractSockaddr(fmt.Sprint(i))
}

func (w *servers) typ(i int) int { return [...]int{SOCK_STREAM, SOCK_SEQPACKET}[i/2%2] }

// server is one of them. Its calls fail as often as not; what they do to each
// other is the test.
type server struct {
	w    *servers
	p    *Process
	rand *rand.Rand
	fds  []int
	n    [10]int // how often each kind of step has succeeded
}

// most is how many descriptors a server keeps.
const most = 16

func (s *server) keep(fd int) {
	if s.fds = append(s.fds, fd); len(s.fds) > most {
		s.drop(s.rand.Intn(len(s.fds)))
	}
}

func (s *server) drop(i int) {
	s.p.Close(s.fds[i])
	s.fds = append(s.fds[:i], s.fds[i+1:]...)
}

// any is one of the server's descriptors, as a rule.
func (s *server) any() int {
	if len(s.fds) == 0 {
		return -1
	}
	return s.fds[s.rand.Intn(len(s.fds))]
}

func (s *server) begin(i int) error {
	if i%2 == 0 {
		s.p.Unlink(fmt.Sprint("/s/", i))
	}
	fd, err := s.p.Socket(AF_UNIX, s.w.typ(i)|SOCK_NONBLOCK, 0)
	if err != nil {
		return err
	}
	s.keep(fd)
	if err := s.p.Bind(fd, s.w.name(i)); err != nil {
		return err
	}
	return s.p.Listen(fd, s.rand.Intn(5))
}

// step does one thing at random.
func (s *server) step() {
	kind := s.rand.Intn(len(s.n))
	if err := s.act(kind); err == nil {
		s.n[kind]++
	}
}

func (s *server) act(kind int) error {
	p, i := s.p, s.rand.Intn(len(s.w.all))
	switch kind {
	case 0:
		return s.begin(i)
	case 1, 2:
		fd, err := p.Socket(AF_UNIX, s.w.typ(i)|SOCK_NONBLOCK, 0)
		if err != nil {
			return err
		}
		s.keep(fd)
		return p.Connect(fd, s.w.name(i))
	case 3, 4:
		for _, fd := range s.fds {
			if fd, err := p.Accept4(fd, nil, nil, SOCK_NONBLOCK); err == nil {
				s.keep(fd)
				return nil
			}
		}
		return errno.EAGAIN
	case 5, 6:
		_, err := p.Sendmsg(s.any(), &Msghdr{Iov: [][]byte{[]byte("x")}, Control: Rights(s.any(), s.any())}, MSG_NOSIGNAL)
		return err
	case 7:
		return s.receive(s.any())
	case 8:
		return p.Shutdown(s.any(), s.rand.Intn(3))
	default:
		if len(s.fds) == 0 {
			return errno.EBADF
		}
		s.drop(s.rand.Intn(len(s.fds)))
		return nil
	}
}

// receive receives a message and keeps the descriptors in it.
func (s *server) receive(fd int) error {
	m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 64)}
	if _, err := s.p.Recvmsg(fd, &m, 0); err != nil {
		return err
	}
	list, err := ParseControl(m.Control[:m.Controllen])
	for _, c := range list {
		fds, _ := c.ParseRights()
		for _, fd := range fds {
			s.keep(fd)
		}
	}
	return err
}

// end: the machine is in order, nothing is in flight that can be reached by
// nobody, and when the processes have gone nothing is left.
func (w *servers) end(t *testing.T) {
	require.NoError(t, w.sys.Check())
	require.Zero(t, w.sys.GC())
	var done [10]int
	for _, s := range w.all {
		for kind, n := range s.n {
			done[kind] += n
		}
	}
	for kind, n := range done {
		require.NotZero(t, n, "steps of kind %d that succeeded, of %v", kind, done)
	}
	for _, s := range w.all {
		s.p.Exit(0)
		require.NoError(t, w.sys.Check())
	}
	require.Zero(t, w.sys.Files())
	require.Zero(t, w.sys.InFlight())
}

// TestServersInTurn: one call after the other, and the machine is in order
// after each.
func TestServersInTurn(t *testing.T) {
	w := newServers(t, 8)
	for k := range 4000 {
		w.all[k%len(w.all)].step()
		require.NoError(t, w.sys.Check(), "after step %d", k)
		if k%50 == 0 {
			require.Zero(t, w.sys.GC(), "after step %d", k)
		}
	}
	w.end(t)
}

// TestServersAtTheSameTime: all of them at once.
func TestServersAtTheSameTime(t *testing.T) {
	w := newServers(t, 24)
	var all sync.WaitGroup
	for _, s := range w.all {
		all.Go(func() {
			for range 2000 {
				s.step()
			}
		})
	}
	all.Wait()
	w.end(t)
}

// TestWhoWaitsForAServerIsNotForgotten: connects and accepts that wait, for
// servers whose listeners come and go. Every call ends: it is served, its time
// is over, or its process ends.
func TestWhoWaitsForAServerIsNotForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newServers(t, 6)
		var listeners []*end
		for _, s := range w.all {
			listeners = append(listeners, s.p.proc.files.Get(s.fds[0]).end)
		}
		var all sync.WaitGroup
		for k := range 60 {
			s, task, i := w.all[k%len(w.all)], w.all[k%len(w.all)].p.Thread(), k%7%len(w.all)
			random := rand.New(rand.NewSource(w.seed + int64(k)))
			if k%3 == 0 {
				all.Go(func() { acceptFor(task, s.fds[0], 40) })
			} else {
				all.Go(func() { connectFor(task, w.typ(i), w.name(i), time.Duration(random.Intn(3))*time.Second, 40) })
			}
		}
		w.noneForgotten(t, listeners)
		for _, s := range w.all[1:] {
			s.p.Exit(0)
			w.noneForgotten(t, listeners)
		}
		w.all[0].p.Exit(0)
		all.Wait()
		require.Zero(t, w.sys.Files())
		require.Zero(t, w.sys.Blocked())
	})
}

// noneForgotten waits until nothing moves: then nobody waits who could go on.
func (w *servers) noneForgotten(t *testing.T, listeners []*end) {
	synctest.Wait()
	require.NoError(t, w.sys.Check())
	for i, e := range listeners {
		l := e.listener
		if len(l.connectors.waiters) > 0 {
			require.False(t, e.closed, "%d connects wait for listener %d, which is closed", len(l.connectors.waiters), i)
			require.True(t, l.full(e.rules()), "%d connects wait for listener %d, which has room", len(l.connectors.waiters), i)
		}
	}
}

// acceptFor accepts and closes connections, waiting for each.
func acceptFor(p *Process, listener, times int) {
	p.Fcntl(listener, F_SETFL, 0)
	for range times {
		fd, err := p.Accept(listener, nil, nil)
		if err != nil {
			return
		}
		p.Close(fd)
	}
}

// connectFor connects and closes, waiting up to a time-out, 0 for ever.
func connectFor(p *Process, typ int, name []byte, timeout time.Duration, times int) {
	for range times {
		fd, err := p.Socket(AF_UNIX, typ, 0)
		if err != nil {
			return
		}
		p.SetsockoptTimeval(fd, SOL_SOCKET, SO_SNDTIMEO, timeout)
		p.Connect(fd, name)
		p.Close(fd)
	}
}

// TestShutdownEndsAccepts: those that wait, with EINVAL; measured on Linux 6.18.
func TestShutdownEndsAccepts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, socket := abstract(t)
		l := socket(SOCK_STREAM, 0)
		require.NoError(t, p.Bind(l, AbstractSockaddr("x")))
		require.NoError(t, p.Listen(l, 0))
		var calls []*flight
		for range 3 {
			calls = append(calls, fly("Accept", func() (int, error) { return p.Thread().Accept(l, nil, nil) }))
		}
		p.shutdown(l, SHUT_RD)
		for _, call := range calls {
			call.lands(t, -1, errno.EINVAL)
		}
	})
}
