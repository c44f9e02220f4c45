package emu

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What has landed is kept for others only in part, and keeps nothing alive.
func TestWhatHasLandedKeepsNothing(t *testing.T) {
	p := newProg(t, Config{})
	var pairs [][2]int
	for range 3 * keptPlaces {
		x, y := p.pair(SOCK_STREAM)
		pairs = append(pairs, [2]int{x, y})
		require.NoError(t, sendControl(p.Process, x, "m", Rights(y)))
	}
	g := &p.sys.inflight
	equal(t, "places", len(g.places), len(pairs))
	for _, pair := range pairs {
		m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 24)}
		gives(t, "Recvmsg", 1)(p.Recvmsg(pair[1], &m, 0))
	}
	equal(t, "places", len(g.places), 0)
	kept := 0
	for _, place := range g.places[:cap(g.places)] {
		if place != nil {
			kept++
			equal(t, "a spare place", *place, graphPlace{index: place.index, search: search{asOf: place.asOf, order: place.order, low: place.low}})
		}
	}
	equal(t, "spare places", kept, keptPlaces)
	equal(t, "spare messages", len(g.unused), keptUnused)
	for i, a := range g.unused[:cap(g.unused)] {
		if a != nil {
			equal(t, "a spare message", i < len(g.unused) && a.holder == nil && a.files == nil && a.fewFiles == [few]*file{} && a.fewEdges == [few]edge{}, true)
		}
	}
}

// A user's account is there while something is in flight, and the last one after.
func TestAccountsAreOfThoseWhoHaveSomethingInFlight(t *testing.T) {
	p := newProg(t, Config{})
	x, y := p.pair(SOCK_DGRAM)
	g := &p.sys.inflight
	for uid := range 5 {
		child, err := p.Fork()
		require.NoError(t, err)
		require.NoError(t, child.Setuid(uid))
		require.NoError(t, sendControl(child, x, "m", Rights(y)))
		equal(t, "accounts", len(g.users), uid+1)
		child.Exit(0)
	}
	for range 5 {
		p.recv(y, "m")
	}
	equal(t, "accounts when all has landed", len(g.users), 1)
	equal(t, "InFlight()", p.sys.InFlight(), 0)
}

// twin is the same program on two machines: on one an observer is told of the
// calls, which all go the long way.
type twin struct {
	short, long *Process
	fds         []int
}

func newTwin(t *rapid.T) *twin {
	rules := rapid.SampledFrom([]*Personality{Linux(), POSIX()}).Draw(t, "rules")
	uid := rapid.IntRange(0, 1).Draw(t, "uid")
	limit := rapid.SampledFrom([]int{9, 14, 100}).Draw(t, "RLIMIT_NOFILE")
	machine := func(observer func(Event)) *Process {
		sys, err := New(Config{Personality: rules, UID: uid, SoftFiles: limit, HardFiles: limit, Observer: observer})
		require.NoError(t, err)
		return sys.NewProcess()
	}
	return &twin{short: machine(nil), long: machine(func(Event) {})}
}

// both makes a call on both machines and compares what it says.
func (w *twin) both(t *rapid.T, call func(p *Process) string) {
	short, long := call(w.short), call(w.long)
	if short != long {
		t.Fatalf("the short way: %s, the long way: %s", short, long)
	}
}

func (w *twin) fd(t *rapid.T) int {
	if len(w.fds) == 0 {
		t.Skip("nothing is open")
	}
	return rapid.SampledFrom(w.fds).Draw(t, "fd")
}

func (w *twin) Pair(t *rapid.T) {
	typ := rapid.SampledFrom([]int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}).Draw(t, "type")
	w.both(t, func(p *Process) string {
		a, b, err := p.Pair(typ | SOCK_NONBLOCK)
		return outcome(a, err) + outcome(b, err)
	})
}

func (w *twin) Others(t *rapid.T) {
	eventfd, epfd := rapid.Bool().Draw(t, "eventfd"), -1
	if !eventfd {
		epfd = w.fd(t)
	}
	w.both(t, func(p *Process) string {
		if eventfd {
			return outcome(p.Eventfd(0, EFD_NONBLOCK))
		}
		fd, err := p.EpollCreate1(0)
		if err == nil {
			err = p.EpollCtl(fd, EPOLL_CTL_ADD, epfd, &EpollEvent{Events: POLLIN | POLLOUT})
		}
		return outcome(fd, err)
	})
}

func (w *twin) Close(t *rapid.T) {
	fd := w.fd(t)
	w.both(t, func(p *Process) string { return outcome(0, p.Close(fd)) })
}

func (w *twin) Change(t *rapid.T) {
	fd, how := w.fd(t), rapid.IntRange(0, 3).Draw(t, "how")
	option := rapid.SampledFrom([]int{SO_PASSCRED, SO_PASSRIGHTS, SO_SNDBUF, SO_PEEK_OFF}).Draw(t, "option")
	on := rapid.IntRange(0, 1).Draw(t, "on")
	w.both(t, func(p *Process) string {
		if how < 3 {
			return outcome(0, p.Shutdown(fd, how))
		}
		return outcome(0, p.SetsockoptInt(fd, SOL_SOCKET, option, on))
	})
}

func (w *twin) Send(t *rapid.T) {
	fd, n := w.fd(t), rapid.SampledFrom([]int{0, 1, 5, 200, 70_000}).Draw(t, "bytes")
	flags := rapid.SampledFrom([]int{0, MSG_NOSIGNAL, MSG_DONTWAIT, MSG_EOR | MSG_NOSIGNAL, MSG_OOB | MSG_NOSIGNAL}).Draw(t, "flags")
	if n == 70_000 {
		flags |= MSG_DONTWAIT
	}
	var control []byte
	switch rapid.IntRange(0, 5).Draw(t, "control") {
	case 0:
	case 1:
		control = Rights(w.fd(t), w.fd(t))
	case 2:
		control = Credentials(w.short.Cred())
	case 3:
		control = Rights(rapid.IntRange(-1, 12).Draw(t, "passed"))
		control = control[:rapid.IntRange(0, len(control)).Draw(t, "cut")]
	default:
		control = Rights(w.fd(t))
	}
	w.both(t, func(p *Process) string {
		m := Msghdr{Iov: [][]byte{make([]byte, n)}, Control: control}
		return outcome(p.Sendmsg(fd, &m, flags|MSG_NOSIGNAL))
	})
}

func (w *twin) Receive(t *rapid.T) {
	fd, n := w.fd(t), rapid.SampledFrom([]int{0, 1, 5, 200, 70_000}).Draw(t, "bytes")
	room := rapid.SampledFrom([]int{-1, 0, 16, 19, 20, 23, 24, 28, 100}).Draw(t, "control")
	flags := rapid.SampledFrom([]int{0, 0, MSG_DONTWAIT, MSG_CMSG_CLOEXEC, MSG_PEEK, MSG_TRUNC, MSG_WAITALL | MSG_DONTWAIT}).Draw(t, "flags")
	w.both(t, func(p *Process) string {
		m := Msghdr{Iov: [][]byte{make([]byte, n)}, Controllen: 77, Flags: 77}
		if room >= 0 {
			m.Control = slices.Repeat([]byte{0xee}, room)
		}
		said := outcome(p.Recvmsg(fd, &m, flags))
		return fmt.Sprint(said, m.Iov[0], m.Control, m.Controllen, m.Flags)
	})
}

func (w *twin) ReadAndWrite(t *rapid.T) {
	fd, b := w.fd(t), make([]byte, rapid.IntRange(0, 3).Draw(t, "bytes"))
	write := rapid.Bool().Draw(t, "write")
	w.both(t, func(p *Process) string {
		if write && p.proc.files.Get(fd).end != nil {
			return outcome(p.Send(fd, b, MSG_NOSIGNAL))
		}
		return outcome(p.Read(fd, b))
	})
}

// Check is run after each call: the machines are sound and in the same state.
func (w *twin) Check(t *rapid.T) {
	w.fds = w.short.Descriptors()
	w.both(t, func(p *Process) string {
		require.NoError(t, p.sys.Check())
		var polls []PollFd
		for _, fd := range p.Descriptors() {
			polls = append(polls, PollFd{Fd: fd, Events: POLLIN | POLLOUT | POLLPRI | POLLRDHUP})
		}
		n, err := p.Poll(polls, 0)
		var flags []int
		for _, fd := range p.Descriptors() {
			f, _ := p.proc.files.Flags(fd)
			flags = append(flags, fdFlags(f))
		}
		return fmt.Sprint(outcome(n, err), polls, flags, p.sys.Files(), p.sys.InFlight(), p.sys.InFlightGraph())
	})
}

// TestTheShortWayDecidesAsTheLongOne: random programs see the same whether
// their calls go the short way or not, and leave the same behind.
func TestTheShortWayDecidesAsTheLongOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newTwin(t)
		t.Repeat(rapid.StateMachineActions(w))
		w.both(t, func(p *Process) string {
			p.Exit(0)
			return fmt.Sprint(p.sys.Files(), p.sys.InFlight(), p.sys.Check())
		})
	})
}

// A read that has found its descriptor keeps the socket, whoever closes the
// last descriptors meanwhile.
func TestCloseAndReadOfTheLastDescriptorsAgree(t *testing.T) {
	p := newProg(t, Config{})
	for range 1000 {
		x, y := p.pair(SOCK_STREAM)
		again, err := p.Dup(y)
		require.NoError(t, err)
		var wg sync.WaitGroup
		var read, written string
		wg.Go(func() { read = outcome(p.Read(again, make([]byte, 1))) })
		wg.Go(func() {
			p.close(again, y)
			written = outcome(p.Send(x, []byte("m"), MSG_NOSIGNAL))
		})
		wg.Wait()
		if said := read + ", " + written; said != "1, 1" && said != "-1 EBADF, -1 EPIPE" {
			t.Fatalf("Read, Send = %s, want that both find the socket or neither", said)
		}
		p.close(x)
	}
}

// A read whose descriptor is closed meanwhile, while another process has the
// socket open, ends with its own process; and it holds the socket.
func TestAReadWithoutItsDescriptorEndsWithItsProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		_, y := p.pair(SOCK_STREAM)
		child, err := p.Fork()
		require.NoError(t, err)
		e := p.proc.files.Get(y)
		read, _ := p.flyRead(y, 1)
		p.close(y)
		refs, _ := e.refs.load()
		equal(t, "references: the child's and the read's", refs, 2)
		p.Exit(0)
		synctest.Wait()
		equal(t, "the read's outcome", outcome(read.n, read.err), outcome(-1, &Ended{Pid: p.Getpid()}))
		equal(t, "it is over", read.over(), true)
		child.Exit(0)
	})
}

// Descriptors are passed and closed by many at once, so that sockets live in
// flight only, and some become garbage. Those that are received work, and
// nothing is left.
func TestManyPassAndCloseAtOnce(t *testing.T) {
	p := newProg(t, Config{})
	shared, other := p.pair(SOCK_DGRAM)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			x, y := p.pair(SOCK_STREAM)
			through := func(fd int) int {
				says(t, "Sendmsg", 0)(sendControl(p.Process, x, "m", Rights(fd)))
				p.close(fd)
				m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 24)}
				gives(t, "Recvmsg", 1)(p.Recvmsg(y, &m, 0))
				return word(m.Control[cmsgHeader:])
			}
			for range 300 {
				again, _ := p.Dup(shared)
				p.close(through(again))
				v, w := p.pair(SOCK_STREAM)
				w = through(w) // it was in flight only
				p.send(v, "alive")
				p.recv(w, "alive")
				says(t, "Sendmsg", 0)(sendControl(p.Process, v, "m", Rights(w)))
				p.close(v, w) // it holds itself: garbage
			}
			p.close(x, y)
		})
	}
	wg.Wait()
	p.send(other, "still open")
	p.recv(shared, "still open")
	equal(t, "Files()", p.sys.Files(), 2)
	equal(t, "InFlight()", p.sys.InFlight(), 0)
}
