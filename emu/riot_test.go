package emu

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sockpair/errno"
)

var (
	riotSeed   = flag.Uint64("riot.seed", 1, "seed of the calls that wait for each other at random; 0 takes one from the time")
	riotRounds = flag.Int("riot.rounds", 60, "machines that such calls wear out")
)

// TestWhoeverWaitsMayNotRun: tasks of several processes make calls at random on
// a few objects that they share, of every kind that waits, and close, shut,
// replace, signal, fork and exit under each other. When all that are left sleep
// nobody of them could go on; when their processes end all return.
func TestWhoeverWaitsMayNotRun(t *testing.T) {
	seed := *riotSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	for round := range *riotRounds {
		newRiot(t, seed+uint64(round)).run()
		if t.Failed() {
			t.Fatalf("-riot.seed=%d -riot.rounds=1", seed+uint64(round))
		}
	}
}

// riot is one machine and those who are at work on it.
type riot struct {
	t     *testing.T
	sys   *System
	clock *ManualClock
	seed  uint64
	first *Process

	begun   atomic.Int64 // rioters
	over    atomic.Int64 // that have returned
	splices atomic.Int64 // going on: who waits until one gives a pipe back is deaf to signals
	all     sync.WaitGroup
	mu      sync.Mutex
	procs   []*Process
	pollers []*Poller
}

const riotFds = 24 // the numbers that calls are made on

var riotName = AbstractSockaddr("riot")

func newRiot(t *testing.T, seed uint64) *riot {
	clock, rules := NewManualClock(noon), Linux()
	if seed%4 == 3 {
		rules = POSIX()
	}
	r := &riot{t: t, clock: clock, seed: seed, sys: newMachine(t, Config{Clock: clock, Personality: rules, UID: 1000, GID: 1000})}
	r.first = r.sys.NewProcess()
	r.add(r.first)
	return r
}

func (r *riot) run() {
	rnd := rand.New(rand.NewPCG(r.seed, 0))
	h := &rioter{riot: r, p: r.first, Rand: rnd}
	for sig := range SIGSTKFLT {
		h.p.Signal(sig, SIG_IGN)
	}
	h.p.Signal(SIGIO, SIG_IGN)
	if r.seed%2 == 0 { // else its calls are hidden, until somebody does so
		h.handlers()
	}
	for range 10 {
		h.open()
	}
	child, _ := r.first.Fork()
	r.add(child)
	for i := range 10 {
		r.start([]*Process{r.first, child}[i%2], uint64(i+1))
	}
	r.rest("all at work")
	r.mu.Lock()
	procs := slices.Clone(r.procs)
	r.mu.Unlock()
	procs[rnd.IntN(len(procs))].Exit(0)
	r.rest("one process has ended")
	for ended := 0; ended < len(procs); { // of those that came meanwhile, too
		for ; ended < len(procs); ended++ {
			procs[ended].Exit(0)
		}
		r.mu.Lock()
		procs = slices.Clone(r.procs)
		r.mu.Unlock()
	}
	r.all.Wait()
	equal(r.t, "Blocked() at the end", r.sys.Blocked(), 0)
}

func (r *riot) add(p *Process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.procs = append(r.procs, p)
}

// start lets a task of p take part.
func (r *riot) start(p *Process, id uint64) {
	rnd := rand.New(rand.NewPCG(r.seed, id))
	h := &rioter{riot: r, p: p, Rand: rnd, id: id}
	if rnd.IntN(4) > 0 {
		h.p = p.Thread()
	}
	r.mu.Lock()
	r.pollers = append(r.pollers, &h.poller)
	r.mu.Unlock()
	r.begun.Add(1)
	r.all.Go(func() {
		defer r.over.Add(1)
		for h.calls = range 40 {
			if over := (*Ended)(nil); errors.As(h.act(), &over) {
				return
			}
			h.turns()
		}
	})
}

// rest waits until all who are left sleep, and examines what they sleep on.
func (r *riot) rest(when string) {
	for {
		begun, over := r.begun.Load(), r.over.Load()
		if blocked := int64(r.sys.Blocked()); blocked == begun-over && begun == r.begun.Load() && over == r.over.Load() {
			break
		}
		runtime.Gosched()
	}
	sound(r.t, when, r.sys)
	for _, q := range r.sys.matching(func(*proc) bool { return true }) {
		r.idle(when, q)
	}
}

// idle looks at the sleepers of a process, beyond what Check does. A read may
// sleep on where an exclusive watch has taken its event.
func (r *riot) idle(when string, q *proc) {
	fault := func(format string, args ...any) {
		r.t.Errorf("%s: process %d: %s", when, q.pid, fmt.Sprintf(format, args...))
	}
	q.mu.Lock()
	for s := q.sleepers.first; s != nil; s = s.next {
		if why := q.wakesNow(s.task); why != 0 && s.w.isAsleep() && r.splices.Load() == 0 {
			fault("a call sleeps that %#x has to wake", why)
		}
	}
	q.mu.Unlock()
	r.sys.mu.Lock()
	for _, c := range q.children {
		if len(q.waiting) > 0 && c.life.is() != living && !q.over() {
			fault("%d wait and child %d has ended", len(q.waiting), c.pid)
		}
	}
	r.sys.mu.Unlock()
	for fd, f := range q.files.All() {
		switch o := f.thing().(type) {
		case *counter:
			if o.count > 0 && len(o.readers.waiters) > 0 && !f.watches.taken {
				fault("%d read counter %d, which is %d", len(o.readers.waiters), fd, o.count)
			}
		case *timer:
			if o.ticks > 0 && len(o.readers.waiters) > 0 && !f.watches.taken {
				fault("%d read timer %d, which has expired", len(o.readers.waiters), fd)
			}
		}
		switch ep := f.instance(); {
		case ep == nil:
			if f.end != nil && f.end.listening() && f.end.shut == 0 && len(f.end.listener.connectors.waiters) > 0 && !f.end.listener.full(f.end.rules()) {
				fault("%d connect to %d, which has room", len(f.end.listener.connectors.waiters), fd)
			}
		case len(ep.waiters) > 0 && ep.readable():
			fault("%d wait for instance %d, which has something", len(ep.waiters), fd)
		}
	}
}

// rioter is one task at work.
type rioter struct {
	*riot
	*rand.Rand
	p      *Process
	id     uint64
	calls  int
	poller Poller
	word   atomic.Uint32
}

// turns lets some time pass.
func (h *rioter) turns() {
	for range h.IntN(1 + h.IntN(300)) {
		h.over.Load()
	}
}

func (h *rioter) fd() int { return h.IntN(riotFds) }

func (h *rioter) bytes() []byte {
	return make([]byte, []int{0, 1, 8, 100, 5000, 100_000}[h.IntN(6)])
}

// limit is a time-out in milliseconds.
func (h *rioter) limit() int { return []int{-1, -1, 0, 1, 5, 20}[h.IntN(6)] }

func (h *rioter) handlers() {
	nothing := func(Signal) {}
	h.p.Sigaction(SIGUSR1, &SigAction{Disposition: SIG_HANDLE, Handler: nothing, Flags: SA_RESTART}, nil)
	if h.IntN(2) == 0 {
		h.p.Sigaction(SIGUSR2, &SigAction{Disposition: SIG_HANDLE, Handler: nothing}, nil)
	} else {
		h.p.Signal(SIGUSR2, SIG_IGN)
	}
}

// act makes one call; its error matters only when the process has ended.
func (h *rioter) act() (err error) {
	p, fd := h.p, h.fd()
	switch h.IntN(34) {
	case 0, 1, 2:
		_, err = p.Read(fd, h.bytes())
	case 3, 4, 5:
		_, err = p.Write(fd, h.bytes())
	case 6:
		_, err = p.Recv(fd, h.bytes(), []int{0, MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, MSG_TRUNC}[h.IntN(5)])
	case 7:
		_, err = p.Send(fd, h.bytes(), []int{0, MSG_OOB, MSG_EOR, MSG_DONTWAIT, MSG_NOSIGNAL}[h.IntN(5)])
	case 8:
		_, err = p.Sendmsg(fd, &Msghdr{Iov: [][]byte{h.bytes()}, Control: Rights(h.fd())}, 0)
	case 9:
		_, err = p.Recvmsg(fd, &Msghdr{Iov: [][]byte{h.bytes()}, Control: make([]byte, 64)}, 0)
	case 10, 11:
		fds := make([]PollFd, 1+h.IntN(4))
		for i := range fds {
			fds[i] = PollFd{Fd: h.fd(), Events: []int16{POLLIN, POLLOUT, POLLIN | POLLOUT, 0}[h.IntN(4)]}
		}
		_, err = p.Poll(fds, h.limit())
	case 12:
		mask, limit := Sigs(SIGUSR1), time.Duration(h.IntN(5))*time.Millisecond
		_, err = p.Ppoll([]PollFd{{Fd: fd, Events: POLLIN}}, &limit, &mask)
	case 13:
		var read, write FdSet
		read.Set(fd)
		write.Set(h.fd())
		limit := time.Duration(h.IntN(5)) * time.Millisecond
		_, err = p.Select(riotFds, &read, &write, nil, &limit)
	case 14, 15:
		_, err = p.EpollWait(fd, make([]EpollEvent, 1+h.IntN(3)), h.limit())
	case 16, 17:
		flags := []uint32{0, 0, EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE, EPOLLET | EPOLLEXCLUSIVE}[h.IntN(6)]
		ev := &EpollEvent{Events: []uint32{POLLIN, POLLOUT, POLLIN | POLLOUT}[h.IntN(3)] | flags}
		err = p.EpollCtl(fd, 1+h.IntN(3), h.fd(), ev)
	case 18, 19:
		_, err = p.Accept4(fd, nil, nil, 0)
	case 20, 21:
		if c, e := p.Socket(AF_UNIX, SOCK_STREAM, 0); e != nil {
			err = e
		} else if err = p.Connect(c, riotName); h.IntN(2) == 0 {
			p.Close(c)
		}
	case 22:
		_, _, err = p.Wait4(-1, []int{0, WNOHANG}[h.IntN(2)])
	case 23, 24:
		err = h.gate(fd)
	case 25:
		err = h.arm(fd)
	case 26:
		h.splices.Add(1)
		_, err = p.Splice(fd, nil, h.fd(), nil, 10_000, 0)
		h.splices.Add(-1)
	default:
		err = h.disturb(fd)
	}
	return err
}

// gate reads through a gate.
func (h *rioter) gate(fd int) error {
	h.word.Store(0)
	g := h.p.Gate(fd, &h.word, bitHeld|bitOther)
	if _, how := g.Read(make([]byte, 10), &h.poller, bitHeld); how == Begun {
		_, err := h.poller.Finish()
		return err
	}
	return nil
}

// arm waits as a layer on top does.
func (h *rioter) arm(fd int) error {
	defer h.poller.Disarm()
	ready, err := h.poller.Arm(h.p, fd, []int16{POLLIN, POLLOUT}[h.IntN(2)])
	if err != nil || ready != 0 {
		return err
	}
	_, err = h.poller.Wait()
	return err
}

// disturb does something about which those who wait have to be told.
func (h *rioter) disturb(fd int) error {
	p := h.p
	switch h.IntN(16) {
	case 0, 1:
		if h.IntN(40) == 0 {
			h.handlers()
		}
		return p.Close(fd)
	case 2:
		_, err := p.Dup2(fd, h.fd())
		return err
	case 3:
		return p.Shutdown(fd, h.IntN(3))
	case 4, 5:
		h.mu.Lock()
		to := h.procs[h.IntN(len(h.procs))]
		h.mu.Unlock()
		return p.Kill(to.Getpid(), []Signal{SIGUSR1, SIGUSR1, SIGUSR2, 0, SIGKILL}[h.IntN(4+h.IntN(2)*h.IntN(2))])
	case 6:
		if child, err := p.Fork(); err != nil {
			return err
		} else if h.id > 100 || h.IntN(2) == 0 {
			child.Exit(1)
		} else {
			h.add(child)
			h.riot.start(child, h.id*100+uint64(h.calls))
		}
	case 7:
		limit := time.Duration(h.IntN(10)) * time.Millisecond
		return p.SetsockoptTimeval(fd, SOL_SOCKET, []int{SO_RCVTIMEO, SO_SNDTIMEO}[h.IntN(2)], limit)
	case 8:
		_, err := p.Fcntl(fd, F_SETFL, []int{0, 0, O_NONBLOCK, O_ASYNC}[h.IntN(4)])
		p.Fcntl(fd, F_SETOWN, h.first.Getpid())
		return err
	case 9:
		return p.SetsockoptInt(fd, SOL_SOCKET, []int{SO_SNDBUF, SO_PASSCRED}[h.IntN(2)], h.IntN(5000))
	case 10:
		h.mu.Lock()
		w := h.pollers[h.IntN(len(h.pollers))]
		h.mu.Unlock()
		w.Rouse()
	case 11, 12:
		h.clock.Advance(time.Duration(h.IntN(10)) * time.Millisecond)
	case 13:
		at := ItimerSpec{Value: Timespec{Nsec: int64(h.IntN(10) * 1_000_000)}, Interval: Timespec{Nsec: int64(h.IntN(2) * 2_000_000)}}
		return p.TimerfdSettime(fd, 0, &at, nil)
	case 14:
		if h.IntN(4) == 0 {
			p.ExitThread()
		}
	default:
		return h.open()
	}
	return nil
}

// open makes something new.
func (h *rioter) open() error {
	p := h.p
	var err error
	switch h.IntN(9) {
	case 0, 1, 2:
		_, _, err = p.Pair([]int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}[h.IntN(3)])
	case 3:
		var fds [2]int
		err = p.Pipe(&fds)
	case 4:
		_, err = p.Eventfd(uint(h.IntN(3)), h.IntN(2)*EFD_SEMAPHORE)
	case 5:
		_, err = p.TimerfdCreate(CLOCK_MONOTONIC, 0)
	case 6:
		_, err = p.EpollCreate1(0)
	case 7:
		_, err = p.PidfdOpen(h.first.Getpid(), 0)
	default:
		if fd, e := p.Socket(AF_UNIX, SOCK_STREAM, 0); e != nil {
			err = e
		} else if e := p.Bind(fd, riotName); e != nil && e != errno.EADDRINUSE {
			err = e
		} else {
			err = p.Listen(fd, h.IntN(2))
		}
	}
	return err
}
