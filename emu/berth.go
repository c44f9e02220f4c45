package emu

import "sockpair/errno"

// A Poller waits in two ways. Wait sleeps on its own, and whoever finds its
// watch wakes it: for any call and any object. Gate.Read parks a receive, as a
// blocking call does, which the writer completes. Rouse ends both.

// berth is the receive that Gate.Read parks for a Poller. It belongs to that
// Poller and that end for good, so that Rouse never meets the call of another.
//
// Unlike a blocking call it leaves when it is roused, a signal comes, or a
// descriptor of its end is closed: the caller may look again.
//
// No Rouse is lost. It sets the Poller's bit, then looks for the berth, and
// takes the link's lock to see whether the receive is parked; who parks it puts
// the berth there, then looks at the bit, all under the same lock. So one of the
// two sees the other, also the first time, when there was no berth.
type berth struct {
	recvCall
	on       *end
	restless bool // it is on the list and has to enroll before it sleeps
}

// berthAt is the Poller's berth at an end. The lock is held.
func (w *Poller) berthAt(e *end) *berth {
	s := w.berth.Load()
	if s == nil || s.on != e {
		s = &berth{on: e}
		s.recv, s.guest = &s.recvCall, true
		w.berth.Store(s)
	}
	return s
}

// rouse turns the receive away if it is parked.
func (s *berth) rouse() {
	l := s.on.link
	l.mu.Lock()
	if s.queued != nil {
		s.turnAway()
	}
	l.mu.Unlock()
}

// turnAway ends a receive that is parked. The lock is held.
func (c *recvCall) turnAway() {
	c.finish(errno.EAGAIN)
	c.complete()
}

// turnAway ends the receives that are parked in berths. The lock is held.
func (e *end) turnAway() {
	for k := e.recvs.first; k != nil; {
		next := k.next
		if k.recv.guest {
			k.recv.turnAway()
		}
		k = next
	}
}

// isRoused reports whether Rouse was called, and no wait has ended by that yet.
func (w *Poller) isRoused() bool { return reasons(w.w.word.Load())&wokenRoused != 0 }

// Finish ends the receive that Gate.Read has begun, after a wait if need be,
// and returns its result, as [Process.Read] does.
//
// EAGAIN: Rouse was called, or a descriptor closed, and nothing has been
// received. EINTR: so with a signal, which has been delivered.
func (w *Poller) Finish() (int, error) {
	s := w.berth.Load()
	c, p := &s.recvCall, s.by
	var why reasons
	if s.restless {
		p.proc.enroll(&c.parked)
		why = c.sleep(0)
	} else {
		why = c.wokenBy()
	}
	if err := p.getOver(&c.parked, why, noDeadline); err != 0 {
		c.finish(err)
	}
	n, err := c.result()
	c.got.close()
	c.recvOp = recvOp{}
	if err == errno.EAGAIN {
		w.w.word.And(^uint32(wokenRoused))
	}
	return p.ret(n, err)
}
