package replay

import (
	"slices"
	"sync"
	"time"

	"sockpair/emu"
)

// NewEmulator returns the emulator as a Machine. Its clock stands still: time
// passes for one call at a time, when the log says that the call timed out.
func NewEmulator(cfg emu.Config) (*Emulator, error) {
	e := &Emulator{clock: clock{now: time.Unix(0, 0)}, uid: cfg.UID}
	cfg.Clock = &e.clock
	notify := cfg.OnBlock
	cfg.OnBlock = func(delta int) {
		if notify != nil {
			notify(delta)
		}
		e.mu.Lock()
		e.blocked += delta
		changed := e.changed
		e.mu.Unlock()
		if changed != nil {
			changed()
		}
	}
	sys, err := emu.New(cfg)
	if err != nil {
		return nil, err
	}
	e.System = sys
	return e, nil
}

// Emulator is an emulated machine whose time stands still.
type Emulator struct {
	System *emu.System
	clock  clock
	uid    int

	mu      sync.Mutex
	blocked int
	changed func()
}

// NewProcess implements Machine.
func (e *Emulator) NewProcess() (Process, error) { return emulated{e.System.NewProcess()}, nil }

// User is the user of the processes that NewProcess makes.
func (e *Emulator) User() int { return e.uid }

// Blocked implements Machine.
func (e *Emulator) Blocked() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.blocked
}

// Watch implements Machine.
func (e *Emulator) Watch(changed func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.changed = changed
}

// Starting implements Machine.
func (e *Emulator) Starting(p Process) { e.clock.starting(p.Gettid()) }

// TimeOut implements Machine.
func (e *Emulator) TimeOut(p Process) bool { return e.clock.ring(p.Gettid()) }

// Check implements Machine.
func (e *Emulator) Check() error { return e.System.Check() }

// Close implements Machine.
func (e *Emulator) Close() error { return nil }

// emulated gives an emu.Process the methods of Process where they differ.
type emulated struct{ *emu.Process }

func (p emulated) Fork() (Process, error) {
	child, err := p.Process.Fork()
	if err != nil {
		return nil, err
	}
	return emulated{child}, nil
}

func (p emulated) Thread() Process { return emulated{p.Process.Thread()} }

func (p emulated) Wait4(pid, options int) (int, WaitStatus, error) {
	n, s, err := p.Process.Wait4(pid, options)
	return n, WaitStatus{Code: max(0, s.ExitStatus()), Signal: s.Signal()}, err
}

// clock is a time that passes for one task at a time. Each timer belongs to a
// task: the one whose call was started last, or, when a call that was woken
// in vain goes back to sleep until the same time as before, its owner.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	tid    int
	owners map[time.Time]int // by deadline
	timers []*timer
}

type timer struct {
	at  time.Time
	tid int
	f   func()
}

// starting names the owner of new timers. Every call begins a nanosecond
// after the one before, so that equal time-outs have different deadlines.
func (c *clock) starting(tid int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tid = tid
	c.now = c.now.Add(1)
	if len(c.timers) == 0 {
		c.owners = nil
	}
}

// Now implements emu.Clock.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc implements emu.Clock.
func (c *clock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{at: c.now.Add(d), tid: c.tid, f: f}
	if owner, known := c.owners[t.at]; known {
		t.tid = owner
	}
	if c.owners == nil {
		c.owners = make(map[time.Time]int)
	}
	c.owners[t.at] = t.tid
	c.timers = append(c.timers, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.remove(t)
	}
}

// TimerFunc implements emu.TimerClock: no timer expires by itself, but when it
// is set to a time that has passed. When others have, the log says.
func (c *clock) TimerFunc(time.Duration, func()) (stop func() bool) {
	return func() bool { return true }
}

func (c *clock) remove(t *timer) bool {
	n := len(c.timers)
	c.timers = slices.DeleteFunc(c.timers, func(u *timer) bool { return u == t })
	return len(c.timers) < n
}

// ring lets the timer of a task ring and reports whether it had one. Of
// other tasks no timer rings, even if it is set to an earlier time, and the
// time that the clock shows stays what it was: how the times of two calls
// compare is not known from a log.
func (c *clock) ring(tid int) bool {
	c.mu.Lock()
	i := slices.IndexFunc(c.timers, func(t *timer) bool { return t.tid == tid })
	if i < 0 {
		c.mu.Unlock()
		return false
	}
	t := c.timers[i]
	c.remove(t)
	c.mu.Unlock()
	t.f()
	return true
}
