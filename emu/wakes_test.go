package emu

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/errno"
	"sockpair/fdtable"
)

// Calls that once slept on although nobody was left to wake them, or that were
// counted as asleep when they were not.

// signalled is a pair of which one end owes a signal for all that arrives, to
// a process that ignores it.
func signalled(t *testing.T, sys *System) (p prog, a, b int) {
	p = prog{sys.NewProcess(), t}
	owner := sys.NewProcess()
	says(t, "Signal", 0)(owner.Signal(SIGIO, SIG_IGN))
	a, b = p.pair(SOCK_STREAM)
	p.fcntl(b, F_SETOWN, owner.Getpid())
	p.fcntl(b, F_SETFL, O_ASYNC)
	return p, a, b
}

// TestASendThatServesItselfReturns: what a send queues before it sleeps may go
// to a receive that waits, and that make the room for the rest. The send is over
// then, also when there is a signal to send first.
func TestASendThatServesItselfReturns(t *testing.T) {
	for _, n := range []int{1 << 20, 3<<20 + 1} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			sys := newMachine(t, Config{})
			synctest.Test(t, func(t *testing.T) {
				p, a, b := signalled(t, sys)
				read := fly("Recv", func() (int, error) { return p.Recv(b, make([]byte, n), MSG_WAITALL) })
				write := p.flyWrite(a, n)
				write.lands(t, n, 0)
				read.lands(t, n, 0)
				equal(t, "Blocked()", sys.Blocked(), 0)
				p.Exit(0) // ends what has not landed
			})
		})
	}
}

// TestASendThatOwesASignalIsCountedOnce: it is asleep once.
func TestASendThatOwesASignalIsCountedOnce(t *testing.T) {
	sys := newMachine(t, Config{})
	synctest.Test(t, func(t *testing.T) {
		p, a, b := signalled(t, sys)
		write := p.flyWrite(a, 1<<20)
		equal(t, "Blocked()", sys.Blocked(), 1)
		p.close(b)
		write.lands(t, 219264, 0)
		equal(t, "Blocked()", sys.Blocked(), 0)
	})
}

// TestAnInterruptedConnectPassesItsWakeUpOn: room that is made for a connect
// that a signal has just ended goes to the next.
func TestAnInterruptedConnectPassesItsWakeUpOn(t *testing.T) {
	p, socket := abstract(t)
	l, name := socket(SOCK_STREAM, 0), AbstractSockaddr("server")
	says(t, "Bind", 0)(p.Bind(l, name))
	says(t, "Listen", 0)(p.Listen(l, 0))
	says(t, "Connect", 0)(p.Connect(socket(SOCK_STREAM, 0), name))
	client := p.as(p.sys.NewProcess())
	client.handle(SIGUSR1, 0)
	var calls sync.WaitGroup
	connect := func(p *Process, want errno.Errno) {
		fd, _ := p.Socket(AF_UNIX, SOCK_STREAM, 0)
		before := p.sys.Blocked()
		calls.Go(func() { says(t, "Connect", want)(p.Connect(fd, name)) })
		for p.sys.Blocked() == before {
			runtime.Gosched()
		}
	}
	connect(client.Process, errno.EINTR)
	connect(p.Process, 0)

	e, _ := p.lockSocket(l) // the connect that is interrupted waits for the lock
	says(t, "Kill", 0)(p.sys.NewProcess().Kill(client.Getpid(), SIGUSR1))
	for listed := true; listed; runtime.Gosched() {
		client.proc.mu.Lock()
		listed = client.proc.sleepers.first != nil
		client.proc.mu.Unlock()
	}
	first, _ := e.decideAccept(true)
	e.link.unlock()
	calls.Wait()
	p.sys.census.add(1, 0) // as accept counts it
	first.grow(0, p.proc.who.Load())
	first.release()
}

// TestASendThatIsConnectedElsewhereOutlivesItsDescriptor: a send that waits for
// room at the other end of its pair goes on when its socket is connected to
// another and closed at once.
func TestASendThatIsConnectedElsewhereOutlivesItsDescriptor(t *testing.T) {
	for range 50 {
		p, socket := abstract(t)
		r, name := socket(SOCK_DGRAM, 0), AbstractSockaddr("far")
		says(t, "Bind", 0)(p.Bind(r, name))
		a, b := p.pair(SOCK_DGRAM)
		p.fill(a, 1000)
		var call sync.WaitGroup
		call.Go(func() { gives(t, "Send", 1000)(p.Thread().Send(a, make([]byte, 1000), 0)) })
		for p.sys.Blocked() == 0 {
			runtime.Gosched()
		}
		says(t, "Connect", 0)(p.Connect(a, name))
		p.close(a, b)
		call.Wait()
		p.recv(r, string(make([]byte, 1000)))
		sound(t, "after the send", p.sys)
	}
}

// TestAMaskIsBackInWhateverOrder: handlers, and calls with a mask of their own,
// that goroutines of one task run at once leave no signal blocked behind.
func TestAMaskIsBackInWhateverOrder(t *testing.T) {
	handler := func(p prog, sig Signal) (start, end func()) {
		hold := make(chan bool)
		p.handler(sig, 0, 0, func(Signal) { <-hold })
		return func() { p.Kill(p.Getpid(), sig) }, func() { close(hold) }
	}
	call := func(p prog, sig Signal) (start, end func()) {
		mask := Sigs(sig)
		a, b := p.pair(SOCK_STREAM)
		return func() { p.Ppoll([]PollFd{{Fd: a, Events: POLLIN}}, nil, &mask) }, func() { p.send(b, "x") }
	}
	type kind func(prog, Signal) (start, end func())
	for name, kinds := range map[string][3]kind{
		"handlers": {handler, handler, handler},
		"calls":    {call, call, call},
		"both":     {handler, call, handler},
	} {
		for _, order := range [][]int{{0, 1, 2}, {1, 0, 2}, {2, 0, 1}, {2, 1, 0}} {
			t.Run(fmt.Sprint(name, order), func(t *testing.T) {
				p := newProg(t, Config{})
				synctest.Test(t, func(t *testing.T) {
					var ends [3]func()
					for i, kind := range kinds {
						start, end := kind(p, SIGUSR1+2*Signal(i))
						ends[i] = end
						go start()
						synctest.Wait()
					}
					var mask Sigset
					for _, i := range order {
						ends[i]()
						synctest.Wait()
					}
					says(t, "Sigprocmask", 0)(p.Sigprocmask(SIG_BLOCK, nil, &mask))
					equal(t, "the mask at the end", mask, 0)
				})
			})
		}
	}
}

// TestTheCallsOfATaskEndWithIt: also those that another goroutine has made.
func TestTheCallsOfATaskEndWithIt(t *testing.T) {
	for name, call := range map[string]func(p *Process, fd int) (int, error){
		"Read": func(p *Process, fd int) (int, error) { return p.Read(fd, make([]byte, 1)) },
		"Poll": func(p *Process, fd int) (int, error) { return p.Poll([]PollFd{{Fd: fd, Events: POLLIN}}, -1) },
		"Gate": func(p *Process, fd int) (int, error) {
			var word atomic.Uint32
			var w Poller
			g := p.Gate(fd, &word, bitHeld)
			g.Read(make([]byte, 1), &w, bitHeld)
			return w.Finish()
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProg(t, Config{})
			synctest.Test(t, func(t *testing.T) {
				a, _ := p.pair(SOCK_STREAM)
				task := p.Thread()
				f := fly(name, func() (int, error) { return call(task, a) })
				task.ExitThread()
				synctest.Wait()
				equal(t, "over", f.over(), true)
				endsWith(t, name, Ended{Pid: p.Getpid()})(f.n, f.err)
				p.Exit(0)
			})
		})
	}
}

// TestATimerOfAClockThatIsSetBackRings: the clock rings after the time that was
// asked for, and shows less; the timer waits on.
func TestATimerOfAClockThatIsSetBackRings(t *testing.T) {
	clock := &shiftedClock{ManualClock: NewManualClock(noon)}
	p := newProg(t, Config{Clock: clock})
	fd, err := p.TimerfdCreate(CLOCK_REALTIME, TFD_NONBLOCK)
	says(t, "TimerfdCreate", 0)(err)
	says(t, "TimerfdSettime", 0)(p.TimerfdSettime(fd, 0, &ItimerSpec{Value: Timespec{Sec: 2}}, nil))
	clock.by = -time.Second
	clock.Advance(2 * time.Second)
	fails(t, "Read before its time", errno.EAGAIN)(p.Read(fd, make([]byte, 8)))
	next, ok := clock.Next()
	equal(t, "Next()", fmt.Sprint(next, ok), "1s true")
	clock.Advance(time.Second)
	equal(t, "revents", p.revents(fd), POLLIN)
}

// shiftedClock shows another time than it rings by.
type shiftedClock struct {
	*ManualClock
	by time.Duration
}

func (c *shiftedClock) Now() time.Time { return c.ManualClock.Now().Add(c.by) }

// TestATimeThatHasPassedEndsACall: where a clock is moved past the deadline
// before the call falls asleep it does not ring for that any more.
func TestATimeThatHasPassedEndsACall(t *testing.T) {
	clock := &hastyClock{NewManualClock(noon)}
	p := newProg(t, Config{Clock: clock})
	synctest.Test(t, func(t *testing.T) {
		a, b := p.pair(SOCK_STREAM)
		p.fill(a, 1000)
		for _, fd := range []int{a, b} {
			for _, option := range []int{SO_RCVTIMEO, SO_SNDTIMEO} {
				says(t, "SetsockoptTimeval", 0)(p.SetsockoptTimeval(fd, SOL_SOCKET, option, time.Second))
			}
		}
		read, _ := p.flyRead(a, 1)
		read.lands(t, -1, errno.EAGAIN)
		p.flyWrite(a, 1000).lands(t, -1, errno.EAGAIN)
		poll := fly("Poll", func() (int, error) { return p.Poll([]PollFd{{Fd: a, Events: POLLIN}}, 1000) })
		poll.lands(t, 0, 0)
		p.Exit(0)
	})
}

// hastyClock goes on by an hour each time it is asked.
type hastyClock struct{ *ManualClock }

func (c *hastyClock) Now() time.Time {
	c.Advance(time.Hour)
	return c.ManualClock.Now()
}

// TestAChildIsWaitedForWhileItsTaskEnds: who waits finds the children of a task
// that is ending, also one whose fork was under way, at any moment.
func TestAChildIsWaitedForWhileItsTaskEnds(t *testing.T) {
	p := newProg(t, Config{})
	synctest.Test(t, func(t *testing.T) {
		task := p.Thread()
		p.Thread()
		task.ExitThread()
		child := p.sys.adopt(task, new(fdtable.Table[file])) // the rest of a fork that has begun before
		wait := fly("Wait4", func() (int, error) {
			n, _, err := p.Wait4(-1, 0)
			return n, err
		})
		wait.sleeps(t)
		child.Exit(0)
		wait.lands(t, child.Getpid(), 0)
	})
}
