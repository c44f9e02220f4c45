package emu

import (
	"sync"
	"time"

	"sockpair/errno"
)

// A send or receive that has to wait is parked on its end and completed, under
// the lock, by whoever makes that possible: the parked calls of an end are
// tried in order of arrival, so the first to wait is the first served, and a
// woken call never has to compete again.

// parked is a call that waits on an end.
type parked struct {
	waiter
	end        *end
	proc       *proc
	next, prev *parked
	queued     *callList // the list that it is on; nil when completed or taken off

	isSend bool
	recv   recvCall
	send   sendCall
}

// callList is a list of parked calls in order of arrival. Guarded by the link's lock.
type callList struct{ first, last *parked }

func (l *callList) push(c *parked) {
	c.queued, c.prev, c.next = l, l.last, nil
	if l.last == nil {
		l.first = c
	} else {
		l.last.next = c
	}
	l.last = c
	c.end.link.waiting++
}

func (c *parked) takeOff() {
	l := c.queued
	if c.prev == nil {
		l.first = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next == nil {
		l.last = c.prev
	} else {
		c.next.prev = c.prev
	}
	c.queued, c.next, c.prev = nil, nil, nil
	c.end.link.waiting--
}

var parkedPool = sync.Pool{New: func() any { return new(parked) }}

// parkRecv waits until a receive that has been tried is over. The lock is
// held on entry and not on return.
func (p *Process) parkRecv(e *end, c *recvCall) (int, errno.Errno) {
	k := parkedPool.Get().(*parked)
	k.end, k.proc, k.isSend, k.recv = e, p.proc, false, *c
	err := p.park(k, e.recvTimeout())
	*c = k.recv
	p.freeParked(k)
	if err != 0 {
		c.finish(err)
	}
	return c.result()
}

// parkSend is parkRecv for a send.
func (p *Process) parkSend(e *end, c *sendCall) (int, errno.Errno) {
	k := parkedPool.Get().(*parked)
	k.end, k.proc, k.isSend, k.send = e, p.proc, true, *c
	err := p.park(k, e.sendTimeout())
	*c = k.send
	p.freeParked(k)
	switch {
	case err != 0:
		c.finish(err)
	case c.elsewhere:
		c.elsewhere = false
		e.link.mu.Lock()
		return p.sendFar(e, c, nil)
	}
	return c.result(p)
}

func (p *Process) freeParked(k *parked) {
	k.end, k.proc, k.recv, k.send = nil, nil, recvCall{}, sendCall{}
	parkedPool.Put(k)
}

// try tries the parked call again and reports whether it is over.
func (k *parked) try() bool {
	if !k.isSend {
		return k.end.tryRecv(&k.recv)
	}
	k.send.waited = true
	if !k.end.near() { // it has been connected to a socket of another link meanwhile
		k.send.elsewhere = true
		return true
	}
	k.send.to = k.end.peer
	return k.end.trySend(&k.send)
}

// moved is how many bytes the call has moved.
func (k *parked) moved() int {
	if k.isSend {
		return k.send.moved
	}
	return k.recv.moved
}

// lastTry tries once more without waiting, as a call does whose time is over.
func (k *parked) lastTry() {
	k.send.nonblock, k.recv.nonblock = true, true
	k.try()
}

// park is the one loop of a blocking call: it has been tried; register, park,
// and deal with what wakes it. It returns EINTR, the end of the process, or 0
// when the call is over. The end's lock is held on entry and not on return.
func (p *Process) park(k *parked, timeout time.Duration) errno.Errno {
	e, l := k.end, k.end.link
	k.reset(&p.sys.seam)
	deadline := p.sys.seam.deadline(timeout)
	list := &e.recvs
	if k.isSend {
		list = &e.sends
	}
	list.push(k)
	e.enter()
	defer e.leave()
	for {
		l.unlock()
		why := p.sleep(&k.waiter, deadline)
		l.mu.Lock()
		if k.queued == nil { // it was completed
			l.mu.Unlock()
			return 0
		}
		switch {
		case why&wokenEnd != 0:
			k.takeOff()
			l.unlock()
			return errEnded
		case why&wokenSignal != 0:
			k.takeOff()
			l.unlock()
			// Linux sock_intr_errno: no restart with a time-out; nor where bytes
			// have moved, which are the result.
			if !p.deliver() || !deadline.IsZero() || k.moved() > 0 || k.recv.later || k.send.later {
				return errno.EINTR
			}
			l.mu.Lock()
			if k.try() {
				l.unlock()
				return 0
			}
			list.push(k)
		case why&wokenTime != 0:
			k.takeOff()
			k.lastTry()
			l.unlock()
			return 0
		}
	}
}

// complete takes a parked call that is over off its list and wakes it.
func (k *parked) complete() {
	k.takeOff()
	k.wake(wokenReady)
}

// events are what may concern the calls that wait on an end, as the reasons
// for which Linux wakes the sleepers of a socket.
type events uint8

const (
	dataArrived  events = 1 << iota // a message was queued (sk_data_ready)
	spaceFreed                      // what this end has sent was read, down to the personality's mark (sk_write_space)
	stateChanged                    // shut down, closed, an error is pending (sk_state_change)
)

// settle serves the calls that wait on either end until nothing moves. Every
// change ends with it, so that no call is parked that could be served.
func (l *link) settle() {
	if l.waiting == 0 {
		l.ends[0].events, l.ends[1].events = 0, 0
		return
	}
	for l.ends[0].events|l.ends[1].events != 0 {
		for i := range l.ends {
			e := &l.ends[i]
			if ev := e.events; ev != 0 {
				e.events = 0
				e.serve(ev)
			}
		}
	}
}

// serve tries the calls parked on the end, in order of arrival, and tells
// the polls that watch it.
func (e *end) serve(ev events) {
	if ev&(dataArrived|stateChanged) != 0 {
		one := ev&stateChanged == 0 && e.typ != SOCK_STREAM && e.rules().ExclusiveWake
		e.recvs.serve(one)
	}
	e.sends.serve(false)
	e.farSends.wake(-1)
	e.async(ev)
	if e.watches.first != nil {
		e.watches.tell(ev, e.readiness())
	}
}

// serve tries the calls of a list, or its first one, and completes those that are over.
func (l *callList) serve(one bool) {
	for k := l.first; k != nil; {
		next := k.next
		if k.try() {
			k.complete()
		}
		if one {
			return
		}
		k = next
	}
}
