package emu

import (
	"sync"
	"testing"
	"time"
)

// TestWhatIsReadyCostsNoMemory: a call that has not to wait keeps nothing.
func TestWhatIsReadyCostsNoMemory(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM)
	mustWrite(t, p, a, "x")
	ep := epollOn(t, p, b, POLLIN)
	idle := epollOn(t, p, b, POLLPRI)
	events := make([]EpollEvent, 4)
	ready := []PollFd{{Fd: a, Events: POLLIN}, {Fd: b, Events: POLLIN}, {Fd: -1}}
	quiet := []PollFd{{Fd: a, Events: POLLIN}, {Fd: b, Events: POLLPRI}, {Fd: ep}}
	now, forever := time.Duration(0), (*time.Duration)(nil)
	var set FdSet
	buf := make([]byte, 1)
	for _, c := range []struct {
		call string
		want int
		do   func() (int, error)
	}{
		{"epoll_wait", 1, func() (int, error) { return p.EpollWait(ep, events, -1) }},
		{"epoll_wait without waiting", 0, func() (int, error) { return p.EpollWait(idle, events, 0) }},
		{"epoll_pwait", 1, func() (int, error) { return p.EpollPwait(ep, events, -1, nil) }},
		{"epoll_pwait2", 1, func() (int, error) { return p.EpollPwait2(ep, events, forever, nil) }},
		{"poll", 1, func() (int, error) { return p.Poll(ready, -1) }},
		{"poll without waiting", 0, func() (int, error) { return p.Poll(quiet, 0) }},
		{"ppoll", 1, func() (int, error) { return p.Ppoll(ready, forever, nil) }},
		{"ppoll without waiting", 0, func() (int, error) { return p.Ppoll(quiet, &now, nil) }},
		{"select", 1, func() (int, error) {
			set.Set(b)
			return p.Select(b+1, &set, nil, nil, forever)
		}},
		{"write and read of what is watched", 1, func() (int, error) {
			p.Write(a, buf)
			return p.Read(b, buf)
		}},
	} {
		t.Run(c.call, func(t *testing.T) {
			n, err := c.do()
			equal(t, "result", n, c.want)
			equal(t, "error", err, nil)
			equal(t, "allocations", testing.AllocsPerRun(100, func() { c.do() }), 0)
		})
	}
}

// TestEpollLosesNoEvent: threads take messages as an instance says that there
// is one, and each is sent when the one before has been taken: while the takers
// find nothing more and drop the socket from the ready list. If that lost an
// event, a message and its takers would wait for ever.
func TestEpollLosesNoEvent(t *testing.T) {
	for name, trigger := range map[string]uint32{"level": 0, "edge": EPOLLET, "one-shot": EPOLLONESHOT} {
		t.Run(name, func(t *testing.T) { takeByEpoll(t, trigger, false) })
		t.Run(name+", nested", func(t *testing.T) { takeByEpoll(t, trigger, true) })
	}
}

func takeByEpoll(t *testing.T, trigger uint32, nested bool) {
	const pairs, takers, messages = 2, 2, 3000
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	ep, _ := p.EpollCreate1(0)
	var from, to [pairs]int
	var taken [pairs]chan bool
	arm := func(op, i int) error {
		return p.EpollCtl(ep, op, to[i], &EpollEvent{Events: POLLIN | trigger, Data: uint64(i)})
	}
	var senders, threads sync.WaitGroup
	for i := range pairs {
		from[i], to[i], _ = p.Pair(SOCK_SEQPACKET | SOCK_NONBLOCK)
		taken[i] = make(chan bool)
		equal(t, "epoll_ctl", arm(EPOLL_CTL_ADD, i), nil)
		senders.Go(func() {
			for range messages {
				p.Write(from[i], []byte{1})
				<-taken[i]
			}
		})
	}
	end, bell, _ := p.Pair(SOCK_STREAM)
	equal(t, "epoll_ctl", p.EpollCtl(ep, EPOLL_CTL_ADD, bell, &EpollEvent{Events: POLLIN, Data: pairs}), nil)
	asked := ep
	if nested {
		asked = epollOn(t, p, ep, POLLIN)
	}
	for range takers {
		threads.Go(func() {
			events, buf := make([]EpollEvent, 2), make([]byte, 8)
			for {
				n, _ := p.EpollWait(asked, events, -1)
				if nested {
					n, _ = p.EpollWait(ep, events, 0)
				}
				for _, ev := range events[:n] {
					i := int(ev.Data)
					if i == pairs {
						return
					}
					for n, _ := p.Read(to[i], buf); n == 1; n, _ = p.Read(to[i], buf) {
						taken[i] <- true
					}
					if trigger == EPOLLONESHOT {
						arm(EPOLL_CTL_MOD, i)
					}
				}
			}
		})
	}
	senders.Wait()
	p.Close(end)
	threads.Wait()
	equal(t, "Check()", sys.Check(), nil)
}

// What is behind a description is asked without its lock, and only of what is
// no socket: a socket's first watch gives it a place of its own to note that in.
func TestPollOfASocketBesideItsFirstWatch(t *testing.T) {
	for range 100 {
		p := newProg(t, Config{})
		a, _ := p.pair(SOCK_STREAM)
		f := p.proc.files.Get(a)
		done := make(chan int16)
		go func() { done <- f.poll(POLLOUT) }()
		w := watch{poller: new(waiter), events: POLLIN}
		f.lock.Lock()
		f.watch(&w)
		f.lock.Unlock()
		equal(t, "poll", <-done&POLLOUT, POLLOUT)
		f.lock.Lock()
		f.unwatch(&w)
		f.lock.Unlock()
	}
}
