package emu

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// This file is the place where calls fall asleep and wake up, and where time
// passes. One that sleeps is durably blocked in the sense of testing/synctest:
// it does so in a sync.Cond, which belongs to no bubble until somebody waits on
// it, so waiters may be kept and used again anywhere. A call that dozes uses the
// waiter's cond and nothing else of it (block.go, plain.go).

// reasons is the set of things that have woken a waiter.
type reasons uint8

const (
	wokenReady  reasons = 1 << iota // the call has been completed, or should look again
	wokenTime                       // its time is over
	wokenSignal                     // a signal waits for its task
	wokenEnd                        // its process has ended
	wokenRoused                     // Poller.Rouse was called
)

// waiter is one call's place to sleep. It has no lock: one word holds why it
// is to wake, whether it sleeps, and the number of the sleep.
type waiter struct {
	seam atomic.Pointer[seam] // atomic for a timer that rings late
	cond sync.Cond            // its L is set for each sleep
	word atomic.Uint32        // reasons, asleep, and the number of the sleep above them

	// How many exclusive watches it stands behind; guarded by the lock of what it
	// waits for. Here, where every sleep writes to the line.
	after uint32

	listed sleeper // on the list of its process
}

const (
	anyReason = wokenReady | wokenTime | wokenSignal | wokenEnd | wokenRoused
	asleep    = uint32(anyReason) + 1
	oneNap    = asleep << 1 // a timer that rings late is not for the next sleep
)

// wake adds a reason; a sleeper is no longer counted as blocked from this
// moment, although it has yet to run.
func (w *waiter) wake(r reasons) {
	w.woken(w.word.Or(uint32(r)))
}

// woken wakes the waiter unless it does not sleep yet, or was woken before.
func (w *waiter) woken(before uint32) {
	if before&(asleep|uint32(anyReason)) == asleep {
		w.seam.Load().wasWoken(w)
		w.cond.Signal()
	}
}

// ring is wake by the timer of one sleep, and nothing after that sleep.
func (w *waiter) ring(nap uint32) {
	for {
		old := w.word.Load()
		if old/oneNap != nap {
			return
		}
		if w.word.CompareAndSwap(old, old|uint32(wokenTime)) {
			w.woken(old)
			return
		}
	}
}

// sleep returns the reasons that have come since the last sleep, and waits
// for one when there is none. With a limit > 0 it ends after that time at the
// latest, by wokenTime, and with one < 0 at once.
func (w *waiter) sleep(limit time.Duration) reasons {
	switch {
	case limit < 0:
		w.wake(wokenTime)
	case limit > 0:
		nap := w.word.Load() / oneNap
		stop := w.seam.Load().clock.AfterFunc(limit, func() { w.ring(nap) })
		defer stop()
	}
	if reasons(w.word.Load())&anyReason == 0 {
		w.cond.L = (*bed)(w)
		w.cond.Wait()
	}
	for {
		old := w.word.Load()
		if w.word.CompareAndSwap(old, (old/oneNap+1)*oneNap) {
			return reasons(old) & anyReason
		}
	}
}

// bed is a waiter as the Locker of its sync.Cond. Wait takes its ticket,
// unlocks, and sleeps; so Unlock is the moment from which a Signal is not lost.
type bed waiter

func (*bed) Lock() {}

func (b *bed) Unlock() {
	w := (*waiter)(b)
	for {
		old := w.word.Load()
		if reasons(old)&anyReason != 0 {
			w.cond.Signal() // a wake-up came first: this is for the ticket just taken
			return
		}
		if w.word.CompareAndSwap(old, old|asleep) {
			w.seam.Load().fellAsleep(w) // after it: who is about to run is never counted
			return
		}
	}
}

func (w *waiter) isAsleep() bool {
	return w.word.Load()&(asleep|uint32(anyReason)) == asleep
}

// reset makes the waiter ready for another call of a System.
func (w *waiter) reset(s *seam) {
	w.belongTo(s)
	w.forgetReasons()
}

func (w *waiter) forgetReasons() { w.word.And(^uint32(anyReason)) }

// belongTo makes the waiter one of a System's, whatever has woken it already.
func (w *waiter) belongTo(s *seam) {
	if w.seam.Load() != s {
		w.seam.Store(s)
	}
}

// seam counts the calls that are asleep and tells whoever asked.
type seam struct {
	clock  Clock
	notify func(delta int) // Config.OnBlock
	counts [stripes]count
}

// stripes is over how many counters the calls that sleep are spread, so that
// pairs do not slow each other down by writing to the same one.
const stripes = 16

// count is how many calls have fallen asleep and been woken, in a cache line of
// its own.
type count struct {
	slept, woken atomic.Uint64
	_            [48]byte
}

func (s *seam) count(w *waiter) *count {
	return &s.counts[uintptr(unsafe.Pointer(w))>>8%stripes]
}

func (s *seam) fellAsleep(w *waiter) {
	s.count(w).slept.Add(1)
	if s.notify != nil {
		s.notify(+1)
	}
}

func (s *seam) wasWoken(w *waiter) {
	s.count(w).woken.Add(1)
	if s.notify != nil {
		s.notify(-1)
	}
}

// Blocked returns the number of calls that are asleep. Those that it counts
// sleep all at one moment; of a machine at work it may miss a doze that begins
// and ends between two looks at the socket. It looks at every socket that has a
// descriptor, for the calls that doze; one that has lost its descriptor has got
// up before.
func (s *System) Blocked() int {
	s.looking.Lock()
	defer s.looking.Unlock()
	for {
		before := s.collect()
		if after := s.collect(); before == after {
			return before.sum
		}
		runtime.Gosched()
	}
}

// collected is what the counters say, read one after the other. What is the same
// two times was so at a moment between, for they never go back.
type collected struct {
	sum  int
	hash uint64 // of each counter and each link
}

// add takes a counter in, of how many are asleep and of all changes to that.
func (c *collected) add(asleep int, changes uint64) {
	c.sum += asleep
	c.hash = (c.hash ^ changes) * 0x9e3779b97f4a7c15
}

// addDozers takes the calls in that doze on a link. Its lock is held.
func (c *collected) addDozers(l *link) {
	for i := range l.ends {
		for k := range l.ends[i].parkedCalls() {
			if k.dozing {
				c.add(1, uint64(uintptr(unsafe.Pointer(k)))^uint64(k.dozes)<<32)
			}
		}
	}
}

// collect reads the counters. s.looking is held.
func (s *System) collect() (all collected) {
	for i := range s.seam.counts {
		slept, woken := s.seam.counts[i].slept.Load(), s.seam.counts[i].woken.Load()
		all.add(int(slept-woken), slept+woken)
	}
	s.looks++
	for _, q := range s.matching(func(*proc) bool { return true }) {
		for _, f := range q.files.All() {
			if f.end == nil {
				continue
			}
			l := f.end.link
			l.mu.Lock()
			if first := &l.ends[0]; first.looked != s.looks {
				first.looked = s.looks
				all.addDozers(l)
			}
			l.mu.Unlock()
		}
	}
	return all
}

// Clock tells the machine's time and rings when it has passed. The default is
// package time's, and thus the bubble's inside testing/synctest.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f after d, from any goroutine. stop reports whether
	// it prevented the call.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// TimerClock is a Clock that keeps the expirations of timers (timerfd) apart
// from the time-outs of calls.
type TimerClock interface {
	Clock
	// TimerFunc is AfterFunc for a timer.
	TimerFunc(d time.Duration, f func()) (stop func() bool)
}

// timerFunc asks the clock to ring for a timer.
func (s *seam) timerFunc(d time.Duration, f func()) func() bool {
	if c, ok := s.clock.(TimerClock); ok {
		return c.TimerFunc(d, f)
	}
	return s.clock.AfterFunc(d, f)
}

// realClock is package time's.
type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }

// deadline is when a call that began now with a time-out ends; the zero Time
// for never.
func (s *seam) deadline(timeout time.Duration) time.Time {
	if timeout <= 0 {
		return time.Time{}
	}
	return s.clock.Now().Add(timeout)
}

// left is the time until a deadline: 0 for none, and below 0 for one that has
// passed, for which a clock that is moved by hand might not ring any more.
func (s *seam) left(deadline time.Time) time.Duration {
	if deadline.IsZero() {
		return 0
	}
	if d := deadline.Sub(s.clock.Now()); d > 0 {
		return d
	}
	return -1
}
