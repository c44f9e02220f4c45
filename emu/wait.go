package emu

import (
	"sync"
	"sync/atomic"
	"time"
)

// This file is the one place where calls park and wake, and where time
// passes. A parked call is durably blocked in the sense of testing/synctest:
// it sleeps in a sync.Cond, which belongs to no bubble until somebody waits on
// it, so waiters may be kept and used again anywhere.

// reasons is the set of things that have woken a waiter.
type reasons uint8

const (
	wokenReady  reasons = 1 << iota // the call has been completed, or should look again
	wokenTime                       // its time is over
	wokenSignal                     // a signal waits for its task
	wokenEnd                        // its process has ended
)

// waiter is one call's place to sleep.
type waiter struct {
	seam *seam

	mu     sync.Mutex // a leaf: taken under any other lock
	cond   sync.Cond
	why    reasons
	asleep bool
	nap    uint64 // counts sleeps: a timer that rings late is not for the next one
}

// seam counts the calls that are asleep and tells whoever asked.
type seam struct {
	clock  Clock
	notify func(delta int) // Config.OnBlock
	asleep atomic.Int64
}

func (s *seam) changed(delta int) {
	s.asleep.Add(int64(delta))
	if s.notify != nil {
		s.notify(delta)
	}
}

// wake adds a reason; a sleeper is no longer counted as blocked from this
// moment, although it has yet to run.
func (w *waiter) wake(r reasons) {
	w.mu.Lock()
	w.wakeLocked(r)
	w.mu.Unlock()
}

func (w *waiter) wakeLocked(r reasons) {
	w.why |= r
	if w.asleep {
		w.asleep = false
		w.seam.changed(-1)
		w.cond.Signal()
	}
}

// sleep returns the reasons that have come since the last sleep, and waits
// for one when there is none. With a limit > 0 it ends after that time at the
// latest, by wokenTime.
func (w *waiter) sleep(limit time.Duration) reasons {
	if limit > 0 {
		nap := w.nap
		stop := w.seam.clock.AfterFunc(limit, func() { w.ring(nap) })
		defer stop()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.why == 0 {
		w.asleep = true
		w.seam.changed(+1)
		for w.why == 0 {
			w.cond.Wait()
		}
	}
	why := w.why
	w.why = 0
	w.nap++
	return why
}

// ring is wake by the timer of one sleep, and nothing after that sleep.
func (w *waiter) ring(nap uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.nap == nap {
		w.wakeLocked(wokenTime)
	}
}

// reset makes the waiter ready for another call of a System.
func (w *waiter) reset(s *seam) {
	w.seam = s
	w.cond.L = &w.mu
	w.why = 0
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

// left is the time until a deadline: 0 for none, and at least 1 ns for one
// that has passed, so that sleep ends.
func (s *seam) left(deadline time.Time) time.Duration {
	if deadline.IsZero() {
		return 0
	}
	return max(1, deadline.Sub(s.clock.Now()))
}

// Blocked returns the number of calls that are asleep.
func (s *System) Blocked() int { return int(s.seam.asleep.Load()) }
