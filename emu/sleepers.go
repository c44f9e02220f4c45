package emu

import "time"

// How a signal, or the end of a process, finds the calls that sleep.
//
// Calls that wait for an object or in poll are on a list of their process in
// order of falling asleep. A call that is parked on an end is on the end's
// list, and on its process's only if it has to be found there: when the
// process catches signals, when the call's descriptor does not lead to it any
// more, or when it does not doze anyway, since it has a time-out or
// Config.OnBlock is told. So two calls of one process on different pairs write
// to nothing in common.

// sleeper is a task's call that a signal may interrupt. It is a part of the
// call's waiter, so that it is taken off its list at no cost however many sleep.
type sleeper struct {
	w          *waiter
	task       *task
	next, prev *sleeper
}

// sleeperList is a list of sleepers. Guarded by proc.mu.
type sleeperList struct{ first, last *sleeper }

func (l *sleeperList) push(w *waiter, t *task) {
	s := &w.listed
	s.w, s.task, s.prev, s.next = w, t, l.last, nil
	if l.last == nil {
		l.first = s
	} else {
		l.last.next = s
	}
	l.last = s
}

func (l *sleeperList) remove(w *waiter) {
	s := &w.listed
	if s.prev == nil {
		l.first = s.next
	} else {
		s.prev.next = s.next
	}
	if s.next == nil {
		l.last = s.prev
	} else {
		s.next.prev = s.prev
	}
	*s = sleeper{}
}

// sleep parks the task until the waiter is woken, a signal comes for the task,
// the deadline passes or the process ends.
func (p *Process) sleep(w *waiter, deadline time.Time) reasons {
	q := p.proc
	q.mu.Lock()
	if why := q.wakesNow(p.task); why != 0 {
		q.mu.Unlock()
		return why
	}
	q.sleepers.push(w, p.task)
	q.mu.Unlock()
	why := w.sleep(p.sys.seam.left(deadline))
	q.mu.Lock()
	q.sleepers.remove(w)
	q.mu.Unlock()
	return why
}

// wakesNow is why a call of the task does not sleep. q.mu is held.
func (q *proc) wakesNow(t *task) reasons {
	switch {
	case q.ended != nil || t.dead:
		return wokenEnd
	case q.deliverable(t):
		return wokenSignal
	}
	return 0
}

// enroll puts a parked call on the process's list, and wakes it if there is a
// reason to already. The call is the caller's own.
func (q *proc) enroll(k *parked) {
	q.mu.Lock()
	q.enrollLocked(k)
	q.mu.Unlock()
}

func (q *proc) enrollLocked(k *parked) {
	if k.enrolled {
		return
	}
	k.enrolled = true
	q.sleepers.push(&k.waiter, k.by.task)
	if why := q.wakesNow(k.by.task); why != 0 {
		k.wake(why)
	}
}

// withdraw takes a call that is parked no more off the process's list.
func (q *proc) withdraw(k *parked) {
	if !k.enrolled { // by itself, or by somebody who found it parked
		return
	}
	q.mu.Lock()
	k.enrolled = false
	q.sleepers.remove(&k.waiter)
	q.mu.Unlock()
}

// enrollAll enrolls the calls that are parked on what the process has open.
// q.mu is held, and proc.attention shows the reason: a call that parks from
// now on enrolls itself.
func (q *proc) enrollAll() {
	for _, f := range q.files.All() {
		q.enrollOn(f)
	}
}

// enrollOn is enrollAll for one description.
func (q *proc) enrollOn(f *file) {
	if f.end == nil {
		return
	}
	f.lock.Lock()
	defer f.lock.Unlock()
	for k := range f.end.parkedCalls() {
		if k.by.proc == q {
			k.getUp()
			q.enrollLocked(k)
		}
	}
}

// pin gives a parked call a reference of its own. The lock is held.
func (k *parked) pin() {
	if !k.pinned {
		k.getUp()
		k.pinned = true
		k.end.enter()
	}
}

// unpin gives it back, when the call is over.
func (k *parked) unpin() {
	if k.pinned {
		k.pinned = false
		k.end.leave()
	}
}

// pinned is the calls that had borrowed the reference of a descriptor when one
// of the description's was closed. Their processes may not find them by it.
type pinned struct {
	f     *file
	procs []*proc
}

// pinCalls pins the calls that are parked on the end, before a reference to it
// is taken away; nil: there is none. A berth's receive holds on to nothing, and
// is turned away. The lock is held.
func (e *end) pinCalls() (by []*proc) {
	if e.recvs.first == nil && e.sends.first == nil {
		return nil
	}
	e.turnAway()
	for k := range e.parkedCalls() {
		if !k.pinned {
			k.pin()
			by = append(by, k.by.proc)
		}
	}
	return by
}

func (d pinned) release(*reaper) {
	for _, q := range d.procs {
		q.mu.Lock()
		q.enrollOn(d.f)
		q.mu.Unlock()
	}
}
