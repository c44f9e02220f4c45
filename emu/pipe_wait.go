package emu

import "sockpair/errno"

// How calls wait on pipes. A call that copies between a pipe and a socket
// keeps the pipe while the socket makes it sleep, as Linux keeps pipe->mutex:
// other calls on that pipe wait, deaf to signals, until it is given back.

// pipeCall is a call on a pipe that may have to wait.
type pipeCall struct {
	p           *Process
	w           waiter
	ready       bool // w has been reset
	interrupted bool // a signal has come, to be dealt with when nothing is left to do
}

func (c *pipeCall) waiter(pp *pipe) *waiter {
	if !c.ready {
		c.w.reset(&pp.sys.seam)
		c.ready = true
	}
	return &c.w
}

// hold waits until no call has the pipe. The lock is held, and on return.
func (c *pipeCall) hold(pp *pipe) {
	if !pp.held {
		return
	}
	w := c.waiter(pp)
	for pp.held {
		pp.turn.waiters = append(pp.turn.waiters, w)
		pp.mu.Unlock()
		w.sleep(0)
		pp.mu.Lock()
		pp.turn.remove(w)
	}
	pp.turn.wake(1) // the next waits for the lock
}

// lend gives the lock back and keeps the pipe; giveBack is the end of that.
func (pp *pipe) lend() {
	pp.held = true
	pp.unlock()
}

func (pp *pipe) giveBack() {
	pp.mu.Lock()
	pp.held = false
	for _, e := range pp.late {
		e.close()
	}
	pp.late = nil
	pp.turn.wake(1)
}

// wait sleeps in q, which is e's, until something has changed. The lock is held,
// and on return. partial: the call has moved bytes, which are its result.
//
// As interrupted; errEnded.
func (c *pipeCall) wait(e *pipeEnd, q *waitQueue, partial bool) errno.Errno {
	pp := e.pipe
	w := c.waiter(pp)
	if c.interrupted {
		c.interrupted = false
		if partial {
			return errno.EINTR
		}
		pp.unlock()
		err := c.p.interrupted(noDeadline)
		pp.mu.Lock()
		c.hold(pp)
		return err
	}
	e.lineUp(q, w)
	pp.unlock()
	why := c.p.sleep(w, noDeadline)
	pp.mu.Lock()
	q.remove(w)
	if why&wokenEnd != 0 {
		e.offerFirst(q, e.concern()) // the wake-up that this call does not use
		return errEnded
	}
	c.interrupted = why&wokenSignal != 0
	c.hold(pp)
	return 0
}
