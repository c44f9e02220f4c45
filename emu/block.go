package emu

import (
	"iter"
	"time"

	"sockpair/errno"
)

// A send or receive that has to wait is parked on its end and completed, under
// the lock, by whoever makes that possible: the parked calls of an end are
// tried in order of arrival, so the first to wait is the first served, and a
// woken call never has to compete again.

// parked is a send or a receive on an end, as one of those that wait there.
type parked struct {
	waiter
	recv *recvCall // whose place it is: one of these
	send *sendCall

	end        *end
	by         *Process  // whose call it is
	queued     *callList // the list that it is on; nil when completed or taken off
	next, prev *parked
	pinned     bool // it has a reference to the description of its own
	enrolled   bool // it is among its process's sleepers; guarded by proc.mu

	dozing bool   // nobody wakes it but who holds the lock
	dozes  uint32 // counts them
	done   uint32 // the last doze in which it was completed
}

// number is the descriptor that the call was made with.
func (k *parked) number() int {
	if k.recv != nil {
		return k.recv.fd
	}
	return k.send.fd
}

// parkedCalls are the calls that are parked on the end. The lock is held.
func (e *end) parkedCalls() iter.Seq[*parked] {
	return func(yield func(*parked) bool) {
		for _, first := range [...]*parked{e.recvs.first, e.sends.first} {
			for k := first; k != nil; k = k.next {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// callList is a list of parked calls in order of arrival. The first one's prev
// is the last, the last one's next is nil. Guarded by the link's lock.
type callList struct{ first *parked }

func (l *callList) push(c *parked) {
	c.queued, c.prev, c.next = l, c, nil
	c.after = c.end.watches.came
	if l.first == nil {
		l.first = c
	} else {
		last := l.first.prev
		last.next, c.prev, l.first.prev = c, last, c
	}
	c.end.link.waiting++
}

func (c *parked) takeOff() {
	l := c.queued
	switch {
	case l.first == c:
		l.first = c.next
		if c.next != nil {
			c.next.prev = c.prev
		}
	case c.next == nil:
		c.prev.next, l.first.prev = nil, c.prev
	default:
		c.prev.next, c.next.prev = c.next, c.prev
	}
	c.queued, c.next, c.prev = nil, nil, nil
	c.end.link.waiting--
}

// parkRecv waits until a receive that has been tried is over. The lock is
// held on entry and not on return.
func (p *Process) parkRecv(e *end, c *recvCall) (int, errno.Errno) {
	if err := p.park(&c.parked, e, &e.recvs, e.recvTimeout()); err != 0 {
		c.finish(err)
	}
	return c.result()
}

// parkSend is parkRecv for a send.
func (p *Process) parkSend(e *end, c *sendCall) (int, errno.Errno) {
	err := p.park(&c.parked, e, &e.sends, e.sendTimeout())
	switch {
	case err != 0:
		c.finish(err)
	case c.elsewhere:
		c.elsewhere = false
		defer e.leave()
		e.link.mu.Lock()
		return p.sendFar(e, c, nil)
	}
	return c.result(p)
}

// try tries the parked call again and reports whether it is over.
func (k *parked) try() bool {
	e := k.end
	if k.recv != nil {
		return e.tryRecv(k.recv)
	}
	c := k.send
	c.waited = true
	if !e.near() { // it has been connected to a socket of another link meanwhile
		c.elsewhere = true
		e.enter() // parkSend goes on, with the descriptor perhaps closed by then
		return true
	}
	c.to = e.peer
	return e.trySend(c)
}

// progress is how many bytes the call has moved, and whether an interruption
// ends it in any case.
func (k *parked) progress() (bytes int, ends bool) {
	if k.recv != nil {
		return k.recv.moved, k.recv.later || k.recv.guest
	}
	return k.send.moved, k.send.later
}

// lastTry tries once more without waiting, as a call does whose time is over.
func (k *parked) lastTry() {
	if k.recv != nil {
		k.recv.nonblock = true
	} else {
		k.send.nonblock = true
	}
	k.try()
}

// park is the sleep of a blocking call, which has been tried: register, park,
// and deal with what wakes it, as getOver does. The end's lock is held on entry
// and not on return.
//
// Whoever completes the call takes it off the list, so that it returns without
// a look at anything that others write. It borrows the reference of its
// descriptor and is not on its process's list of sleepers as long as nobody
// needs to find it there: see parked.pin and proc.enroll.
func (p *Process) park(k *parked, e *end, list *callList, timeout time.Duration) errno.Errno {
	deadline := p.sys.seam.deadline(timeout)
	hidden := p.join(k, e, list) && deadline.IsZero()
	if hidden {
		k.lieDown()
		e.link.settle()
		if k.queued != nil && len(e.link.dropped) > 0 { // which is released before it sleeps
			hidden, k.dozing = false, false
		}
	}
	return p.getOver(k, p.rest(k, hidden, deadline), deadline)
}

// join puts a call on an end's list, and reports whether nobody has to find it
// but by that list. The lock is held.
func (p *Process) join(k *parked, e *end, list *callList) (hidden bool) {
	hidden = p.enlist(k, e, list)
	if !p.lends(k.number(), e) {
		k.pin()
		return false
	}
	return hidden
}

// lends reports whether descriptor fd still leads to the end, and from now on
// lends its reference. The lock is held.
func (p *Process) lends(fd int, e *end) bool {
	e.refs.lend() // before the look
	return p.proc.files.Get(fd) == &e.file
}

// enlist is join for a call whose descriptor lends its reference.
func (p *Process) enlist(k *parked, e *end, list *callList) (hidden bool) {
	k.belongTo(&p.sys.seam)
	k.end, k.by = e, p
	list.push(k)
	return p.proc.attention.Load()&(due|catching) == 0 && p.sys.seam.notify == nil
}

// rest sleeps until a call that is on its list is woken. hidden: it has lain
// down. The lock is held, and given back.
func (p *Process) rest(k *parked, hidden bool, deadline time.Time) reasons {
	if hidden {
		return k.doze()
	}
	k.end.link.unlock()
	p.proc.enroll(k)
	return k.sleep(p.sys.seam.left(deadline))
}

// A parked call that is hidden dozes: it gives the lock back as it falls
// asleep, so whoever holds the lock needs no more than a signal to wake it, and
// Blocked counts it by its link's lists. Who needs to wake it without the lock
// makes it get up first, into the sleep of any waiter.

// lieDown begins a doze. The lock is held.
func (k *parked) lieDown() {
	k.dozing = true
	k.dozes++
}

// getUp makes a doze a sleep. The lock is held.
func (k *parked) getUp() {
	if k.dozing {
		k.dozing = false
		k.word.Or(asleep)
		k.seam.Load().fellAsleep(&k.waiter)
	}
}

// doze sleeps until somebody completes the call, or has made it get up and
// woken it. The lock is held, and given back.
func (k *parked) doze() reasons {
	switch {
	case k.queued == nil: // it was served as it lay down
		k.end.link.unlock()
	default:
		k.cond.L = (*dozer)(k)
		k.cond.Wait()
	}
	return k.wokenBy()
}

// wokenBy is why a doze is over.
func (k *parked) wokenBy() reasons {
	if k.done == k.dozes {
		return wokenReady
	}
	return k.sleep(0)
}

// dozer is a parked call as the Locker of its sync.Cond, with the link's lock.
// Who is woken does not take the lock again: what the call has got was written
// before the signal, which the memory model orders before Wait's return.
type dozer parked

func (d *dozer) Lock() {
	if raceEnabled { // which does not know that rule
		d.end.link.mu.Lock()
		defer d.end.link.mu.Unlock()
	}
}

func (d *dozer) Unlock() { d.end.link.mu.Unlock() }

// getOver deals with what has woken a parked call. It returns EINTR,
// errRestart, the end of the process, or 0 when the call is over.
func (p *Process) getOver(k *parked, why reasons, deadline time.Time) (err errno.Errno) {
	if why != wokenReady || k.enrolled {
		if why != wokenReady && k.quit(why) {
			why = wokenReady
		}
		p.proc.withdraw(k)
		k.forgetReasons() // nobody wakes it any more
	}
	switch {
	case why == wokenReady:
	case why&wokenEnd != 0:
		err = errEnded
	case why&wokenSignal != 0:
		err = p.interrupted(deadline)
		// Bytes that have moved are the result, and what else has been done is kept.
		if moved, ends := k.progress(); err == errRestart && (moved > 0 || ends) {
			err = errno.EINTR
		}
	}
	k.unpin()
	return err
}

// quit takes a parked call that was not completed off its list, and reports
// whether it is over: it had been completed as well, or has tried for the last
// time. No lock is held.
func (k *parked) quit(why reasons) (over bool) {
	k.end.link.mu.Lock()
	if k.queued == nil {
		k.end.link.mu.Unlock()
		return true
	}
	k.takeOff()
	if why&(wokenEnd|wokenSignal) == 0 { // its time is over
		k.lastTry()
		over = true
	}
	k.end.link.unlock()
	return over
}

// complete takes a parked call that is over off its list and wakes it.
func (k *parked) complete() {
	k.takeOff()
	if k.dozing {
		k.dozing = false
		k.done = k.dozes
		k.cond.Signal()
		return
	}
	k.wake(wokenReady)
}

// events are what may concern the calls that wait on an end, as the reasons
// for which Linux wakes the sleepers of a socket.
type events uint8

const (
	dataArrived  events = 1 << iota // a message was queued (sk_data_ready)
	spaceFreed                      // what this end has sent was read, down to the personality's mark (sk_write_space)
	stateChanged                    // shut down, closed (sk_state_change)
	errorPending                    // an error is pending, and nothing else is new (sk_error_report)
)

// settle serves the calls that wait on either end until nothing moves. Every
// change ends with it, so that no call is parked that could be served.
func (l *link) settle() {
	x, y := &l.ends[0], &l.ends[1]
	if l.waiting == 0 {
		x.events, y.events = 0, 0
	}
	for x.events|y.events != 0 {
		for i := range l.ends {
			e := &l.ends[i]
			if ev := e.events; ev != 0 {
				e.events = 0
				e.serve(ev)
			}
		}
	}
	l.simplify()
}

// serve tries the calls parked on the end, in order of arrival, and tells
// the polls that watch it.
func (e *end) serve(ev events) {
	offered := ev
	switch {
	case ev&(dataArrived|errorPending|stateChanged) == 0 || e.recvs.first == nil:
	case ev&stateChanged != 0 || e.typ == SOCK_STREAM || !e.rules().ExclusiveWake:
		e.recvs.serve()
	default:
		e.serveFirst(ev &^ spaceFreed)
		offered = ev & spaceFreed
	}
	e.sends.serve()
	if e.seldom != &never {
		e.farSends.wake(-1)
	}
	e.async(ev)
	e.tellShared(ev)
	e.offer(offered, endOfLine)
}

// serveFirst tries the receive that has waited longest, unless an exclusive
// watch that stands before it takes the event.
func (e *end) serveFirst(ev events) {
	k := e.recvs.first
	if e.offer(ev, k.after) == nil && k.try() {
		k.complete()
	}
}

// serve tries the calls of a list, and completes those that are over.
func (l *callList) serve() {
	for k := l.first; k != nil; {
		next := k.next
		if k.try() {
			k.complete()
		}
		k = next
	}
}
