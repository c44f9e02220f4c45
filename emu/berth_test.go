package emu

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// waitingRead is a Gate.Read that waits at a, in a goroutine of its own.
type waitingRead struct {
	sys  *System
	p    *Process
	a, b int
	word atomic.Uint32
	w    Poller
	g    Gate
	buf  []byte

	n    int
	how  Passage
	err  error // Finish's
	over bool
}

const (
	bitHeld  = 1
	bitOther = 2
)

// startRead makes a pair and reads from it, which waits.
func startRead(t *testing.T, cfg Config, before func(*waitingRead)) *waitingRead {
	r := &waitingRead{sys: newMachine(t, cfg), buf: make1(4)}
	r.p = r.sys.NewProcess()
	r.a, r.b, _ = r.p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	r.g = r.p.Gate(r.a, &r.word, bitHeld|bitOther)
	before(r)
	r.again(t)
	return r
}

// again reads once more.
func (r *waitingRead) again(t *testing.T) {
	r.over = false
	go func() {
		r.n, r.how = r.g.Read(r.buf, &r.w, bitHeld)
		if r.how == Begun {
			r.n, r.err = r.w.Finish()
		}
		r.over = true
	}()
	synctest.Wait()
	equal(t, "over before anything has happened", r.over, false)
	equal(t, "the word", r.word.Load()&bitHeld, bitHeld)
	equal(t, "Blocked()", r.sys.Blocked(), 1)
	sound(t, "while a read waits", r.sys)
}

// TestGateReadWaits: who finds nothing has the bit while it waits. A write ends
// the wait and the call is over, or what else there is to do is left to Finish.
func TestGateReadWaits(t *testing.T) {
	handler := func(p *Process) { p.Signal(SIGUSR1, func(Signal) {}) }
	nothing := func(*waitingRead) {}
	for name, c := range map[string]struct {
		before, end func(*waitingRead)
		how         Passage
		n           int
		err         error
	}{
		"a write":                            {nothing, func(r *waitingRead) { r.p.Write(r.b, []byte("abc")) }, Passed, 3, nil},
		"a write of more":                    {nothing, func(r *waitingRead) { r.p.Write(r.b, []byte("abcdef")) }, Begun, 4, nil},
		"a write after another bit":          {nothing, func(r *waitingRead) { r.word.Or(bitOther); r.p.Write(r.b, []byte("abc")) }, Begun, 3, nil},
		"a write to one who catches signals": {func(r *waitingRead) { handler(r.p) }, func(r *waitingRead) { r.p.Write(r.b, []byte("abc")) }, Begun, 3, nil},
		"a write, watched":                   {func(r *waitingRead) { r.w.Arm(r.p, r.a, POLLIN) }, func(r *waitingRead) { r.p.Write(r.b, []byte("abc")) }, Begun, 3, nil},
		"a message with a descriptor": {nothing, func(r *waitingRead) {
			r.p.Sendmsg(r.b, &Msghdr{Iov: [][]byte{[]byte("abc")}, Control: Rights(r.b)}, 0)
		}, Begun, 3, nil},
		"Rouse":                          {nothing, func(r *waitingRead) { r.w.Rouse() }, Begun, -1, errno.EAGAIN},
		"Rouse of one who enrolled":      {func(r *waitingRead) { handler(r.p) }, func(r *waitingRead) { r.w.Rouse() }, Begun, -1, errno.EAGAIN},
		"a write, then Rouse":            {nothing, func(r *waitingRead) { r.p.Write(r.b, []byte("abc")); r.w.Rouse() }, Passed, 3, nil},
		"Rouse, then a write":            {nothing, func(r *waitingRead) { r.w.Rouse(); r.p.Write(r.b, []byte("abc")) }, Begun, -1, errno.EAGAIN},
		"the end of the data":            {nothing, func(r *waitingRead) { r.p.Shutdown(r.b, SHUT_WR) }, Begun, 0, nil},
		"the other end closed":           {nothing, func(r *waitingRead) { r.p.Close(r.b) }, Begun, 0, nil},
		"closed by who left much unread": {func(r *waitingRead) { r.p.Write(r.a, []byte("x")) }, func(r *waitingRead) { r.p.Close(r.b) }, Begun, -1, errno.ECONNRESET},
		"its descriptor closed":          {nothing, func(r *waitingRead) { r.p.Close(r.a) }, Begun, -1, errno.EAGAIN},
		"a duplicate closed":             {nothing, func(r *waitingRead) { d, _ := r.p.Dup(r.a); r.p.Close(d) }, Begun, -1, errno.EAGAIN},
		"another process's copy closed":  {nothing, func(r *waitingRead) { c, _ := r.p.Fork(); c.Exit(0) }, Begun, -1, errno.EAGAIN},
		"a signal": {func(r *waitingRead) { handler(r.p) },
			func(r *waitingRead) { other := r.p.Thread(); other.Kill(r.p.Getpid(), SIGUSR1) }, Begun, -1, errno.EINTR},
		"a signal caught meanwhile": {nothing,
			func(r *waitingRead) { handler(r.p); other := r.p.Thread(); other.Kill(r.p.Getpid(), SIGUSR1) }, Begun, -1, errno.EINTR},
		"a signal that restarts calls": {nothing, func(r *waitingRead) {
			r.p.Sigaction(SIGUSR1, &SigAction{Disposition: SIG_HANDLE, Flags: SA_RESTART, Handler: func(Signal) {}}, nil)
			other := r.p.Thread()
			other.Kill(r.p.Getpid(), SIGUSR1)
		}, Begun, -1, errno.EINTR},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := startRead(t, Config{}, c.before)
				c.end(r)
				synctest.Wait()
				if !r.over {
					r.w.Rouse()
					t.Fatal("the read still waits")
				}
				equal(t, "n", r.n, c.n)
				equal(t, "how", r.how, c.how)
				equal(t, "Finish", r.err, c.err)
				equal(t, "the bit is left to the caller", r.word.Load()&bitHeld != 0, c.how == Begun)
				equal(t, "Blocked()", r.sys.Blocked(), 0)
				if c.n > 0 {
					equal(t, "the bytes", string(r.buf[:c.n]), "abcd"[:c.n])
				}
				sound(t, "afterwards", r.sys)
			})
		})
	}
}

// TestGateReadWaitsOnceRoused: Rouse is for one wait, the one that goes on or
// the next; the same Poller waits again after it.
func TestGateReadWaitsOnceRoused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRead(t, Config{}, func(*waitingRead) {})
		for range 3 {
			r.w.Rouse()
			synctest.Wait()
			equal(t, "Finish", r.err, error(errno.EAGAIN))
			r.word.Store(0)
			r.again(t)
		}
		r.p.Write(r.b, []byte("ab"))
		synctest.Wait()
		equal(t, "n", r.n, 2)
		r.w.Rouse()
		_, how := r.g.Read(r.buf, &r.w, bitHeld)
		equal(t, "Read after Rouse", how, Refused)
		equal(t, "the word", r.word.Load(), 0)
		r.w.Arm(r.p, r.a, POLLIN)
		happened, _ := r.w.Wait()
		equal(t, "Wait after Rouse: happened", happened, false)
		r.w.Disarm()
		r.again(t)
		r.p.Write(r.b, []byte("abc"))
		synctest.Wait()
		equal(t, "n", r.n, 3)
	})
}

// TestGateReadMovesWithItsPoller: a Poller that turns to another socket waits
// there, and Rouse finds it.
func TestGateReadMovesWithItsPoller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRead(t, Config{}, func(*waitingRead) {})
		for range 3 {
			r.p.Write(r.b, []byte("ab"))
			synctest.Wait()
			equal(t, "n", r.n, 2)
			r.a, r.b, _ = r.p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
			r.g = r.p.Gate(r.a, &r.word, bitHeld|bitOther)
			r.again(t)
		}
		r.w.Rouse()
		synctest.Wait()
		equal(t, "Finish", r.err, error(errno.EAGAIN))
	})
}

// TestABlockingReadStays: of the receives that are parked where a descriptor is
// closed only a Poller's is turned away.
func TestABlockingReadStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRead(t, Config{}, func(r *waitingRead) { r.p.Fcntl(r.a, F_SETFL, 0) })
		n := 0
		go func() { n, _ = r.p.Thread().Read(r.a, make1(1)) }()
		synctest.Wait()
		d, _ := r.p.Dup(r.a)
		r.p.Close(d)
		synctest.Wait()
		equal(t, "Finish", r.err, error(errno.EAGAIN))
		equal(t, "Blocked()", r.sys.Blocked(), 1)
		sound(t, "while the other waits", r.sys)
		r.p.Write(r.b, []byte("x"))
		synctest.Wait()
		equal(t, "n", n, 1)
	})
}

// TestGateReadEnds: the end of the process ends the wait, by *Ended, or by
// unwinding the program.
func TestGateReadEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRead(t, Config{}, func(*waitingRead) {})
		r.p.Exit(3)
		synctest.Wait()
		var ended *Ended
		equal(t, "an *Ended", errors.As(r.err, &ended), true)
		equal(t, "Blocked()", r.sys.Blocked(), 0)
	})
	synctest.Test(t, func(t *testing.T) {
		r := startRead(t, Config{}, func(*waitingRead) {})
		unwound, returned := false, false
		child, _ := r.p.Start(ProcAttr{Files: []int{-1, r.b}}, func(p *Process) int {
			defer func() { unwound = true }()
			var word atomic.Uint32
			var w Poller
			g := p.Gate(1, &word, bitHeld)
			if _, how := g.Read(make1(1), &w, bitHeld); how == Begun {
				w.Finish()
			}
			returned = true
			return 0
		})
		synctest.Wait()
		equal(t, "Blocked()", r.sys.Blocked(), 2)
		r.p.Kill(child.Getpid(), SIGKILL)
		synctest.Wait()
		equal(t, "unwound", unwound, true)
		equal(t, "returned", returned, false)
		r.w.Rouse()
		synctest.Wait()
		equal(t, "Blocked()", r.sys.Blocked(), 0)
	})
}

// TestGateReadIsCountedOnce: OnBlock is told of the wait and of its end, whatever ends it.
func TestGateReadIsCountedOnce(t *testing.T) {
	for name, end := range map[string]func(*waitingRead){
		"write": func(r *waitingRead) { r.p.Write(r.b, []byte("x")) },
		"Rouse": func(r *waitingRead) { r.w.Rouse(); r.w.Rouse() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var told []int
				r := startRead(t, Config{OnBlock: func(delta int) { told = append(told, delta) }}, func(*waitingRead) {})
				end(r)
				synctest.Wait()
				equal(t, "told", len(told), 2)
				equal(t, "told", told[0], 1)
				equal(t, "told", told[1], -1)
			})
		})
	}
}

// TestGateReadsInTumult: readers that take turns, a writer, and many that rouse
// them, close duplicates and count. Every byte arrives once and in order, and
// nobody sleeps for ever.
func TestGateReadsInTumult(t *testing.T) {
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	var word atomic.Uint32
	var w Poller
	g := p.Gate(a, &word, bitHeld)
	const total = 10000
	want := make1(total)
	for i := range want {
		want[i] = byte(rand.IntN(256))
	}
	var readers, others sync.WaitGroup
	var over atomic.Bool
	for range 4 {
		others.Go(func() {
			for !over.Load() {
				runtime.Gosched() // where nobody is preempted, as in wasm
				switch rand.IntN(4) {
				case 0:
					d, _ := p.Dup(a)
					p.Close(d)
				case 1:
					sys.Blocked()
				default:
					w.Rouse()
				}
			}
		})
	}
	others.Go(func() {
		for i := 0; i < total; {
			n, _ := p.Write(b, want[i:min(total, i+1+rand.IntN(5))])
			i += max(n, 0)
			runtime.Gosched()
		}
		p.Shutdown(b, SHUT_WR)
	})
	var got []byte // by who has the turn
	var turn sync.Mutex
	for range 3 {
		readers.Go(func() {
			buf := make1(3)
			for !over.Load() {
				turn.Lock()
				n, how := g.Read(buf, &w, bitHeld)
				err := error(nil)
				if how == Begun {
					n, err = w.Finish()
					word.And(^uint32(bitHeld))
				} else if how == Refused {
					n, err = readWaiting(p, &w, a, buf)
				}
				got = append(got, buf[:max(n, 0)]...)
				if n == 0 && err == nil {
					over.Store(true)
				}
				turn.Unlock()
			}
		})
	}
	readers.Wait()
	others.Wait()
	equal(t, "every byte once and in order", bytes.Equal(got, want), true)
}

// TestGateReadMeetsRouseTheFirstTime: who shuts the gate and rouses while the
// Poller waits for the first time at an end, where it has no berth yet, ends the
// wait.
func TestGateReadMeetsRouseTheFirstTime(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	var pairs [2][2]int
	for i := range pairs {
		a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
		pairs[i] = [2]int{a, b}
	}
	buf := make1(1)
	for round := range 20000 {
		var word atomic.Uint32
		var w Poller
		gates := [2]Gate{p.Gate(pairs[0][0], &word, bitHeld|bitOther), p.Gate(pairs[1][0], &word, bitHeld|bitOther)}
		for _, g := range gates { // the second time it has the berth of another end
			word.Store(0)
			var started atomic.Bool
			var rouser sync.WaitGroup
			rouser.Go(func() {
				for !started.Load() {
					runtime.Gosched()
				}
				for range rand.IntN(400) {
					word.Load()
				}
				word.Or(bitOther)
				w.Rouse()
			})
			started.Store(true)
			if _, how := g.Read(buf, &w, bitHeld); how == Begun {
				if _, err := w.Finish(); err != errno.EAGAIN {
					t.Fatalf("round %d: Finish: %v", round, err)
				}
			}
			rouser.Wait()
			w.w.word.And(^uint32(wokenRoused)) // of a Rouse that was before
		}
	}
}

// TestGateReadAllocatesNothing: a wait costs memory the first time only.
func TestGateReadAllocatesNothing(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	echo := func(fd int) func() (int, Passage) {
		word, w, buf := new(atomic.Uint32), new(Poller), make1(1)
		g := p.Gate(fd, word, bitHeld)
		return func() (int, Passage) {
			defer p.Write(fd, buf)
			return g.Read(buf, w, bitHeld)
		}
	}
	answer, ask := echo(a), echo(b)
	done := make(chan bool)
	go func() {
		defer close(done)
		for {
			if _, how := answer(); how != Passed {
				return
			}
		}
	}()
	p.Write(b, make1(1))
	equal(t, "allocations", testing.AllocsPerRun(1000, func() { ask() }), 0)
	p.Close(b)
	<-done
}
