package emu

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// readWaiting is the loop of Poller's doc comment.
func readWaiting(p *Process, w *Poller, fd int, b []byte) (int, error) {
	for {
		n, err := p.Read(fd, b)
		if err != errno.EAGAIN {
			w.Disarm()
			return n, err
		}
		if ready, err := w.Arm(p, fd, POLLIN); err != nil || ready != 0 {
			continue
		}
		w.Wait()
	}
}

// TestPollerSleepsUntilItIsReady: a wait is durably blocked, is counted as
// one, and ends with what it has waited for, at any object.
func TestPollerSleepsUntilItIsReady(t *testing.T) {
	for name, make := range map[string]func(*Process) (r, w int){
		"stream":    func(p *Process) (int, int) { a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK); return a, b },
		"seqpacket": func(p *Process) (int, int) { a, b, _ := p.Pair(SOCK_SEQPACKET | SOCK_NONBLOCK); return a, b },
		"dgram":     func(p *Process) (int, int) { a, b, _ := p.Pair(SOCK_DGRAM | SOCK_NONBLOCK); return a, b },
		"pipe": func(p *Process) (int, int) {
			var fds [2]int
			p.Pipe2(&fds, O_NONBLOCK)
			return fds[0], fds[1]
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sys := newMachine(t, Config{})
				p := sys.NewProcess()
				r, w := make(p)
				var poller Poller
				done := false
				go func() {
					n, err := readWaiting(p, &poller, r, make1(8))
					equal(t, "read", n, 5)
					equal(t, "read", err, nil)
					done = true
				}()
				synctest.Wait()
				equal(t, "Blocked()", sys.Blocked(), 1)
				p.Write(w, []byte("hello"))
				synctest.Wait()
				equal(t, "done", done, true)
			})
		})
	}
}

func make1(n int) []byte { return make([]byte, n) }

// TestPollerIsRoused: Rouse ends the wait that goes on and the next one, and
// leaves the watch in force.
func TestPollerIsRoused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newMachine(t, Config{}).NewProcess()
		a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
		var w Poller
		w.Rouse()
		ready, err := w.Arm(p, a, POLLIN)
		equal(t, "Arm", ready, 0)
		equal(t, "Arm", err, nil)
		happened, err := w.Wait()
		equal(t, "Wait after Rouse: happened", happened, false)
		equal(t, "Wait after Rouse", err, nil)
		waits := 0
		go func() {
			for range 2 {
				happened, _ = w.Wait()
				waits++
			}
		}()
		synctest.Wait()
		equal(t, "waits", waits, 0)
		w.Rouse()
		synctest.Wait()
		equal(t, "waits after Rouse", waits, 1)
		p.Write(b, []byte("x"))
		synctest.Wait()
		equal(t, "waits after data", waits, 2)
		equal(t, "happened", happened, true)
	})
}

// TestPollerArmsOnce: of what is ready Arm tells when it begins to watch, and
// then only events count.
func TestPollerArmsOnce(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	p.Write(b, []byte("x"))
	var w Poller
	for _, want := range []int16{POLLIN, 0, 0} {
		ready, err := w.Arm(p, a, POLLIN)
		equal(t, "Arm", ready, want)
		equal(t, "Arm", err, nil)
	}
	w.Disarm()
	w.Disarm()
	ready, _ := w.Arm(p, a, POLLIN|POLLOUT)
	equal(t, "Arm after Disarm", ready, POLLIN|POLLOUT)
	ready, _ = w.Arm(p, b, POLLOUT)
	equal(t, "Arm on another", ready, POLLOUT)
	w.Disarm()
}

// TestPollerRefusals: EBADF and EPERM, in this order.
func TestPollerRefusals(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	var w Poller
	_, err := w.Arm(p, 7, POLLIN)
	equal(t, "Arm on no descriptor", err, error(errno.EBADF))
	ep, _ := p.EpollCreate1(0)
	_, err = w.Arm(p, ep, POLLIN)
	equal(t, "Arm on an epoll instance", err, error(errno.EPERM))
	p.Foreign(9, "tty")
	_, err = w.Arm(p, 9, POLLIN)
	equal(t, "Arm on a foreign file", err, error(errno.EPERM))
	w.Disarm()
}

// TestPollerEnds: the end of the description and of the process end the wait.
func TestPollerEnds(t *testing.T) {
	for name, end := range map[string]func(p *Process, a int){
		"description": func(p *Process, a int) { p.Close(a) },
		"process":     func(p *Process, a int) { p.Exit(3) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newMachine(t, Config{}).NewProcess()
				a, _, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
				var err error
				go func() { var w Poller; _, err = readWaiting(p, &w, a, make1(1)) }()
				synctest.Wait()
				end(p, a)
				synctest.Wait()
				var ended *Ended
				if name == "process" {
					equal(t, "an *Ended", errors.As(err, &ended), true)
				} else {
					equal(t, "read", err, error(errno.EBADF))
				}
			})
		})
	}
}

// TestPollerDeliversSignals: a handler runs while the caller waits, and the
// wait goes on.
func TestPollerDeliversSignals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newMachine(t, Config{}).NewProcess()
		a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
		handled, done := 0, false
		p.Signal(SIGUSR1, func(Signal) { handled++ })
		go func() { var w Poller; readWaiting(p, &w, a, make1(1)); done = true }()
		synctest.Wait()
		p.Kill(p.Getpid(), SIGUSR1)
		synctest.Wait()
		equal(t, "handled", handled, 1)
		equal(t, "done", done, false)
		p.Write(b, []byte("x"))
		synctest.Wait()
		equal(t, "done", done, true)
	})
}

// TestPollerLosesNoWakeUp: two that send each other a byte at a time, each in
// the moment in which the other may just be going to sleep, both come to the end.
func TestPollerLosesNoWakeUp(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	var wg sync.WaitGroup
	for _, fd := range []int{a, b} {
		wg.Go(func() {
			var w Poller
			for range 20000 {
				p.Write(fd, []byte("x"))
				readWaiting(p, &w, fd, make1(1))
			}
		})
	}
	wg.Wait()
}

// TestPollerAllocatesNothing: a wait that ends at once costs no memory.
func TestPollerAllocatesNothing(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	a, _, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	w := new(Poller)
	wait := func() { w.Rouse(); w.Arm(p, a, POLLIN); w.Wait(); w.Disarm() }
	wait()
	equal(t, "allocations", testing.AllocsPerRun(100, wait), 0)
}
