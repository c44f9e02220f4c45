package replay

import "sync"

// The driver gives calls to tasks and knows when the machine is at rest: every
// call that was started has finished or is asleep. Nothing else tells it that
// a call "blocks", and no time passes meanwhile.
type driver struct {
	m       Machine
	mu      sync.Mutex
	change  sync.Cond
	running int // calls started and not finished, those that sleep included
}

func newDriver(m Machine) *driver {
	d := &driver{m: m}
	d.change.L = &d.mu
	m.Watch(func() {
		d.mu.Lock()
		d.change.Broadcast()
		d.mu.Unlock()
	})
	return d
}

// start makes a call of a task and returns when the machine is at rest.
func (d *driver) start(a *attempt) {
	d.m.Starting(a.t.p)
	a.started = true
	if !isBlocking(a.c.text.Name) {
		a.do(a.t.p)
		a.finished = true
		d.settle()
		return
	}
	d.mu.Lock()
	d.running++
	d.mu.Unlock()
	go func() {
		a.do(a.t.p)
		d.mu.Lock()
		a.finished = true
		d.running--
		d.change.Broadcast()
		d.mu.Unlock()
	}()
	d.settle()
}

// settle waits until the machine is at rest.
func (d *driver) settle() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.running != d.m.Blocked() {
		d.change.Wait()
	}
}

// isDone reports whether a call has finished.
func (d *driver) isDone(a *attempt) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return a.finished
}
