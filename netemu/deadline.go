package netemu

import (
	"os"
	"time"
)

// alarm is the timer of a side's deadline. Servers move a deadline ahead with
// each request and hardly ever meet it, so a timer that rings too early is left
// as it is and set again when it rings. Guarded by desc.mu.
type alarm struct {
	deadline time.Time // the zero time: none
	rings    time.Time // when the timer does
	stop     func() bool
	setting  uint64 // counts timers: one that rings after it was stopped is not for the next
}

// cancel stops the timer.
func (a *alarm) cancel() {
	a.deadline = time.Time{}
	a.setting++
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

// setDeadline sets the deadlines of sides; the zero time is none.
// net.ErrClosed or errFileClosed; os.ErrNoDeadline: it has always been in blocking mode.
func (d *desc) setDeadline(t time.Time, sides ...*side) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	if d.plain {
		return os.ErrNoDeadline
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state.Load()&closed != 0 {
		return d.errClosed() // it stops no more timers
	}
	for _, s := range sides {
		d.setAlarm(s, t)
	}
	return nil
}

// setAlarm is setDeadline for one side. mu is held.
func (d *desc) setAlarm(s *side, t time.Time) {
	a := &s.alarm
	if t.IsZero() {
		a.cancel()
		d.state.And(^s.late)
		return
	}
	now := d.p.System().Clock().Now()
	if !t.After(now) {
		a.cancel()
		d.state.Or(s.late)
		s.poller.Rouse()
		return
	}
	d.state.And(^s.late)
	if a.stop != nil && !a.rings.After(t) {
		a.deadline = t
		return
	}
	a.cancel()
	a.deadline = t
	d.startAlarm(s, now)
}

// startAlarm starts the timer for the deadline. mu is held.
func (d *desc) startAlarm(s *side, now time.Time) {
	a := &s.alarm
	left, setting := a.deadline.Sub(now), a.setting
	a.rings = now.Add(left)
	a.stop = d.p.System().Clock().AfterFunc(left, func() { d.ring(s, setting) })
}

// ring is the timer: the deadline has come, or has been moved.
func (d *desc) ring(s *side, setting uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := &s.alarm
	if a.setting != setting {
		return
	}
	a.stop = nil
	if now := d.p.System().Clock().Now(); now.Before(a.deadline) {
		d.startAlarm(s, now)
		return
	}
	d.state.Or(s.late)
	s.poller.Rouse()
}
