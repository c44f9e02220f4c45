package emu

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/errno"
)

var noon = time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC)

// A manual clock stands still but for Advance, and rings in order of time and
// of setting, showing the time of each timer.
func TestManualClockRingsInOrder(t *testing.T) {
	c := NewManualClock(noon)
	var rung []string
	set := func(name string, d time.Duration) func() bool {
		return c.AfterFunc(d, func() { rung = append(rung, fmt.Sprint(name, c.Now().Sub(noon))) })
	}
	_, ok := c.Next()
	equal(t, "Next() without timers", ok, false)
	set("b", 2*time.Second)
	set("c", 2*time.Second)
	set("a", time.Second)
	stop := set("never", time.Second)
	set("d", 3*time.Second)
	set("past", -time.Second)
	next, ok := c.Next()
	equal(t, "Next() with a timer in the past", fmt.Sprint(next, ok), "0s true")
	equal(t, "stop()", stop(), true)
	equal(t, "stop() again", stop(), false)
	equal(t, "Now()", c.Now(), noon)
	c.Advance(0)
	next, ok = c.Next()
	equal(t, "Next()", fmt.Sprint(next, ok), "1s true")
	c.Advance(2500 * time.Millisecond)
	equal(t, "Now()", c.Now().Sub(noon), 2500*time.Millisecond)
	equal(t, "rung", fmt.Sprint(rung), "[past0s a1s b2s c2s]")
	next, ok = c.Next()
	equal(t, "Next()", fmt.Sprint(next, ok), "500ms true")
	c.Advance(time.Hour)
	equal(t, "rung at last", rung[4], "d3s")
}

// What a timer sets is rung in the same Advance when it is due.
func TestTimerMaySetATimer(t *testing.T) {
	c := NewManualClock(noon)
	var rung []time.Duration
	var tick func()
	tick = func() {
		if rung = append(rung, c.Now().Sub(noon)); len(rung) < 10 {
			c.AfterFunc(time.Second, tick)
		}
	}
	c.AfterFunc(time.Second, tick)
	c.Advance(3 * time.Second)
	equal(t, "rung", fmt.Sprint(rung), "[1s 2s 3s]")
}

// A time-out on a manual clock ends a call when the clock is moved past it,
// whatever package time shows.
func TestTimeoutOnAManualClock(t *testing.T) {
	c := NewManualClock(noon)
	p := newProg(t, Config{Clock: c})
	synctest.Test(t, func(t *testing.T) {
		_, b := p.pair(SOCK_STREAM)
		says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, time.Second))
		read, _ := p.flyRead(b, 1)
		poll := fly("Poll", func() (int, error) { return p.Poll([]PollFd{{Fd: b, Events: POLLIN}}, 2000) })
		time.Sleep(time.Hour)
		next, ok := c.Next()
		equal(t, "Next()", fmt.Sprint(next, ok), "1s true")
		c.Advance(time.Second - 1)
		read.sleeps(t)
		c.Advance(1)
		read.lands(t, -1, errno.EAGAIN)
		poll.sleeps(t)
		c.Advance(time.Second)
		poll.lands(t, 0, 0)
		_, ok = c.Next()
		equal(t, "timers left", ok, false)
	})
}

// A call that ends before its time-out takes its timer away.
func TestEarlyEndTakesTheTimerAway(t *testing.T) {
	c := NewManualClock(noon)
	p := newProg(t, Config{Clock: c})
	synctest.Test(t, func(t *testing.T) {
		a, b := p.pair(SOCK_DGRAM)
		says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, time.Second))
		f, _ := p.flyRead(b, 1)
		p.send(a, "x")
		f.lands(t, 1, 0)
		_, ok := c.Next()
		equal(t, "timers left", ok, false)
	})
}

// An interrupted poll with a time-out begins anew, as the program asks; a
// restarted receive without one sleeps on.
func TestTimerThatRingsLateIsNotForTheNextSleep(t *testing.T) {
	w := new(waiter)
	w.reset(&seam{clock: NewManualClock(noon)})
	w.wake(wokenReady)
	equal(t, "sleep with a reason at hand", w.sleep(time.Second), wokenReady)
	w.ring(0) // the timer of the first sleep
	equal(t, "reasons after a late ring", reasons(w.word.Load())&anyReason, 0)
	w.ring(1)
	equal(t, "reasons after a ring in time", reasons(w.word.Load())&anyReason, wokenTime)
}

// TestAdvanceWithinAdvance: what rings may move the clock on, and it does not go
// back after that.
func TestAdvanceWithinAdvance(t *testing.T) {
	start := time.Unix(1000, 0)
	c := NewManualClock(start)
	var seen []time.Duration
	ring := func() { seen = append(seen, c.Now().Sub(start)) }
	c.AfterFunc(1*time.Second, func() { ring(); c.Advance(10 * time.Second) })
	c.AfterFunc(2*time.Second, ring)
	c.AfterFunc(20*time.Second, ring)
	c.Advance(3 * time.Second)
	ring()
	equal(t, "what rang, and the end", fmt.Sprint(seen), "[1s 2s 11s]")
	c.Advance(-5 * time.Second)
	equal(t, "set back", c.Now().Sub(start), 6*time.Second)
}
