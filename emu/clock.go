package emu

import (
	"slices"
	"sync"
	"time"
)

// ManualClock is a Clock that stands still until Advance moves it: a recorded
// sleep costs no time, and what happens at a time-out is repeatable.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*manualTimer // sorted by time, then by order of setting
}

type manualTimer struct {
	at time.Time
	f  func()
}

// NewManualClock returns a clock that shows start.
func NewManualClock(start time.Time) *ManualClock { return &ManualClock{now: start} }

// Now returns the time the clock shows.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc calls f when Advance passes d from now.
func (c *ManualClock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &manualTimer{at: c.now.Add(d), f: f}
	i, _ := slices.BinarySearchFunc(c.timers, t, func(a, b *manualTimer) int {
		if a.at.After(b.at) {
			return 1
		}
		return -1 // equal times keep their order
	})
	c.timers = slices.Insert(c.timers, i, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := slices.Index(c.timers, t)
		if i < 0 {
			return false
		}
		c.timers = slices.Delete(c.timers, i, i+1)
		return true
	}
}

// Next returns the time until the next timer rings; ok is false when none is set.
func (c *ManualClock) Next() (d time.Duration, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.timers) == 0 {
		return 0, false
	}
	return max(0, c.timers[0].at.Sub(c.now)), true
}

// Advance moves the clock by d and calls, in the caller's goroutine and in
// order, what is due by then. What it calls, and other goroutines, may move the
// clock as well: it goes to the latest of all. A negative d sets it back.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	for len(c.timers) > 0 && !c.timers[0].at.After(end) {
		t := c.timers[0]
		c.timers = c.timers[1:]
		c.now = latest(c.now, t.at)
		c.mu.Unlock()
		t.f()
		c.mu.Lock()
	}
	if c.now = latest(c.now, end); d < 0 {
		c.now = end
	}
	c.mu.Unlock()
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
