package emu

import (
	"slices"
	"time"

	"sockpair/errno"
)

// How a signal reaches a process: who takes it, when, and what becomes of the
// call that it interrupts.

// raise sends a signal to the task that makes the call (SIGPIPE).
func (p *Process) raise(sig Signal) { p.proc.signal(sig, p.task) }

// ignores reports whether sig would do nothing now. q.mu is held.
func (q *proc) ignores(sig Signal) bool {
	switch q.actions[sig].Disposition {
	case SIG_IGN:
		return true
	case SIG_DFL:
		return byDefaultIgnored(sig)
	}
	return false
}

// signal sends sig to the process, or to one task of it. An ignored signal is
// forgotten unless it is blocked; a deadly one ends the process; for a handled
// one the task whose call has slept longest is woken, and if none sleeps it is
// pending for the next.
func (q *proc) signal(sig Signal, to *task) {
	q.mu.Lock()
	if q.ended != nil {
		q.mu.Unlock()
		return
	}
	blocked := q.blocked(sig, to)
	if q.ignores(sig) && !blocked {
		q.mu.Unlock()
		return
	}
	if q.actions[sig].Disposition == SIG_DFL && !blocked {
		q.mu.Unlock()
		q.end(Ended{Pid: q.pid, Signal: sig})
		return
	}
	q.enqueue(sig, to)
	q.mu.Unlock()
}

// blocked reports whether every task that may take sig masks it.
func (q *proc) blocked(sig Signal, to *task) bool {
	for _, t := range q.tasks {
		if (to == nil || to == t) && !t.mask.Has(sig) {
			return false
		}
	}
	return true
}

// enqueue makes a signal pending and wakes the sleeper that takes it. Of a
// standard signal one instance is pending at most.
func (q *proc) enqueue(sig Signal, to *task) {
	q.attention.Or(signalsPending)
	if to == nil {
		for s := q.sleepers.first; s != nil; s = s.next {
			if !s.task.mask.Has(sig) {
				to = s.task
				break
			}
		}
	}
	list := &q.pending
	if to != nil {
		list = &to.pending
	}
	if sig >= SIGRTMIN || !slices.Contains(*list, sig) {
		*list = append(*list, sig)
	}
	for s := q.sleepers.first; s != nil; s = s.next {
		if s.task == to && !to.mask.Has(sig) {
			s.w.wake(wokenSignal)
			return
		}
	}
}

// deliverable reports whether a pending signal is for the task and not masked.
func (q *proc) deliverable(t *task) bool {
	free := func(s Signal) bool { return !t.mask.Has(s) }
	return slices.ContainsFunc(t.pending, free) || slices.ContainsFunc(q.pending, free)
}

// signalWaits reports whether a signal is pending that the task does not mask.
func (p *Process) signalWaits() bool {
	p.proc.mu.Lock()
	defer p.proc.mu.Unlock()
	return p.proc.deliverable(p.task)
}

// take removes the first pending signal that the task does not mask.
func (q *proc) take(t *task) (Signal, bool) {
	for _, list := range []*[]Signal{&t.pending, &q.pending} {
		for i, s := range *list {
			if !t.mask.Has(s) {
				*list = slices.Delete(*list, i, i+1)
				return s, true
			}
		}
	}
	return 0, false
}

// deliver runs the handlers of the signals that are pending for the handle's
// task, without a lock held, and reports whether the interrupted call may
// restart: every handler that ran has SA_RESTART.
func (p *Process) deliver() (restart bool) {
	q := p.proc
	restart = true
	for {
		q.mu.Lock()
		sig, ok := q.take(p.task)
		if !ok || q.ended != nil {
			if len(q.pending) == 0 && !slices.ContainsFunc(q.tasks, func(t *task) bool { return len(t.pending) > 0 }) {
				q.attention.And(^uint32(signalsPending))
			}
			q.mu.Unlock()
			return restart
		}
		act := q.actions[sig]
		if act.Disposition != SIG_HANDLE {
			ignored := q.ignores(sig)
			q.mu.Unlock()
			if !ignored {
				q.end(Ended{Pid: q.pid, Signal: sig})
			}
			continue
		}
		if act.Flags&SA_RESETHAND != 0 {
			q.actions[sig] = SigAction{Flags: act.Flags, Mask: act.Mask}
		}
		more := act.Mask &^ unblockable
		if act.Flags&SA_NODEFER == 0 {
			more |= Sigs(sig)
		}
		running := p.task.changeMask(^Sigset(0), more)
		q.mu.Unlock()

		restart = restart && act.Flags&SA_RESTART != 0
		p.sys.emit(Event{Kind: EventSignal, Pid: q.pid, Tid: p.task.id(), Signal: sig})
		act.Handler(sig)

		q.mu.Lock()
		p.task.endChange(running)
		q.mu.Unlock()
	}
}

// interrupted delivers the signals that have interrupted a call before it had an
// effect, and says how it goes on: errRestart; EINTR where a handler without
// SA_RESTART ran, or the call has a time-out (Linux sock_intr_errno).
func (p *Process) interrupted(deadline time.Time) errno.Errno {
	if p.deliver() && deadline.IsZero() {
		return errRestart
	}
	return errno.EINTR
}

// maskChange is a change of a task's mask that ends: for the time of a handler,
// or of a call that has a mask of its own.
type maskChange struct {
	before    Sigset // the mask that is back when it ends
	keep, add Sigset // what it leaves of that, and what comes to it
}

// changeMask begins a change. q.mu is held.
func (t *task) changeMask(keep, add Sigset) *maskChange {
	c := &maskChange{t.mask, keep, add}
	t.changes = append(t.changes, c)
	t.mask = t.mask&keep | add
	return c
}

// endChange undoes a change. Goroutines that share a task need not end theirs in
// order: those that began later go on as if this one had not been. q.mu is held.
func (t *task) endChange(c *maskChange) {
	i := slices.Index(t.changes, c)
	t.changes = slices.Delete(t.changes, i, i+1)
	t.mask = c.before
	for _, later := range t.changes[i:] {
		later.before = t.mask
		t.mask = t.mask&later.keep | later.add
	}
}
