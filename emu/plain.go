package emu

import (
	"math"

	"sockpair/buffer"
	"sockpair/errno"
)

// The short way of write and read, send and recv. Most calls find a socket of
// which there is nothing to say: connected, not shut, no error, no option that
// matters, no urgent byte, nothing but bytes in the queue. For such an end the
// decision about a send comes down to whether there is room, that about a
// receive to whether something is queued, and the answer deliver means the same
// few steps each time. The short way knows these, and leaves all else to the
// long one. TestPlainCallsDecideAsTheLongWay holds the two together, for calls
// that do not wait; System.Check looks whether an end is as plain as it says.

// plainness says for what an end is plain. It is kept by whoever gives the
// lock back (link.settle), so that a call tests one byte.
type plainness uint8

const (
	plainSend plainness = 1 << iota
	plainRecv
	plainParts // as plainRecv, of records that come in parts
)

// plainFor looks at all that a send or a receive may meet. The lock is held.
func (e *end) plainFor() (s plainness) {
	to := e.peer
	if e.closed || to == nil || to != e.mate() || e.pending != 0 || !e.near() || e.crowd() != nil || to.crowd() != nil {
		return 0
	}
	if e.shut&shutSend == 0 && !to.closed && to.shut&shutRecv == 0 && (e.pass|to.pass)&passIdentity == 0 && !to.embryo() {
		s = plainSend
	}
	r := e.rules()
	inParts := e.typ == SOCK_SEQPACKET && (r.Records == EndOfRecord || r.ShortRead == Keep)
	switch {
	case e.pass != 0 || e.options != nil || e.mark.urgent != 0:
	case !inParts:
		s |= plainRecv
	case r.ShortRead == Keep:
		s |= plainParts
	}
	return s
}

// simplify finds out for what the ends are plain now. The lock is held.
func (l *link) simplify() {
	for i := range l.ends {
		e := &l.ends[i]
		e.plain = e.plainFor()
	}
}

// sized is the charge of a send of so many bytes in one piece. An end keeps
// the last, since programs send messages of few lengths.
type sized struct {
	n, charge int32 // n = 0: none
}

// size makes sized that of a send of n bytes, if that goes in one piece of a
// stream or is a message that is not too long. The lock is held.
func (e *end) size(n int) bool {
	r, charge := e.rules(), 0
	switch {
	case n > math.MaxInt32:
		return false
	case e.typ == SOCK_STREAM:
		if r.Charging.Chunk(n, e.bound()) != n {
			return false
		}
		charge = r.Charging.Stream(n, e.bound())
	default:
		if n > e.bound()-r.MessageOverhead || r.Charging.Largest > 0 && n > r.Charging.Largest {
			return false
		}
		charge = r.Charging.Message(n)
	}
	e.sized = sized{int32(n), int32(charge)}
	return true
}

// admits reports whether there is room for n bytes in one piece.
func (e *end) admits(n, charge int) bool {
	a := &e.rules().Admission
	if e.typ == SOCK_STREAM {
		return a.Stream(e.spent(), e.bound(), n) == n
	}
	return a.Message(e.spent(), e.bound(), charge)
}

// sendPlain sends b and gives the lock back; if it is false nothing has
// happened, and the lock is held as before.
func (e *end) sendPlain(b []byte) (sent bool) {
	if e.plain&plainSend == 0 {
		return false
	}
	if int(e.sized.n) != len(b) && !e.size(len(b)) {
		return e.sendPieces(b)
	}
	charge := int(e.sized.charge)
	if !e.admits(len(b), charge) {
		return false
	}
	l, to := e.link, e.peer
	switch {
	case l.waiting == 1 && to.handOver(b):
		l.mu.Unlock()
		return true
	case e.typ != SOCK_STREAM:
		to.in.PushBytes(b, charge, e.endsRecord(0))
	case to.in.Segments() > 0 && e.rules().Charging.Merge && to.extensible():
		to.in.ExtendBytes(b, charge)
	default:
		to.in.PushBytes(b, charge, 0)
	}
	e.sent(charge)
	return true
}

// sent charges the end for what it has queued at its peer, and gives the lock
// back.
func (e *end) sent(charge int) {
	e.charged += charge
	if e.link.waiting == 0 {
		e.link.mu.Unlock()
		return
	}
	e.peer.happened(dataArrived)
}

// took gives the peer the charge back of what was taken out of the queue, and
// gives the lock back.
func (e *end) took(charge int) {
	l, sender := e.link, e.peer
	sender.charged -= charge
	if l.waiting == 0 {
		l.mu.Unlock()
		return
	}
	var ev events
	if charge > 0 && e.rules().Admission.Wake(sender.spent(), sender.bound()) {
		ev = spaceFreed
	}
	sender.happened(ev)
}

// sendPieces is sendPlain of what goes in several pieces of a stream: all of
// it to the receive that waits, if there would be room for all of it.
func (e *end) sendPieces(b []byte) (sent bool) {
	if e.link.waiting != 1 || e.typ != SOCK_STREAM {
		return false
	}
	r, spent := e.rules(), e.spent()
	for left := len(b); left > 0; {
		n := r.Charging.Chunk(left, e.bound())
		if r.Admission.Stream(spent, e.bound(), n) != n {
			return false
		}
		spent += r.Charging.Stream(n, e.bound())
		left -= n
	}
	if !e.peer.handOver(b) {
		return false
	}
	e.link.mu.Unlock()
	return true
}

// happened gives the lock back after something has happened to the end, if
// anything, that has left both ends as plain as they were. Watches are told; of
// who else waits, settle takes care.
func (e *end) happened(ev events) {
	l := e.link
	switch {
	case ev == 0:
		l.mu.Unlock()
		return
	case l.waiting == l.watching:
		e.tell(ev)
		l.mu.Unlock()
		return
	}
	e.events |= ev
	l.unlock()
}

// handOver gives b to the receive that is parked on the end, which is all that
// waits on the link, and completes it; nobody else has anything to learn. The
// queue is not used.
func (e *end) handOver(b []byte) bool {
	k := e.recvs.first
	if k == nil || e.plain&plainRecv == 0 || e.in.Segments() > 0 {
		return false
	}
	c := k.recv
	n := c.moved + len(b)
	if n < c.target || n > c.good || c.flags&MSG_PEEK != 0 || c.pages != nil {
		return false
	}
	c.vec.CopyFrom(b)
	c.moved, c.from, c.handed = n, e.peer.address(), true
	k.complete()
	return true
}

// waitPlain parks a receive of bytes into b. The end is plain for that, it
// blocks, and nothing is queued. The lock is held, and on return: who dozes has
// to wait on c.cond next, which gives it back. Then comes waitedPlain.
//
// The processor mispredicts each return of a goroutine that has just been
// woken, so the sleep is as few calls deep as can be: the caller's own.
func (p *Process) waitPlain(e *end, fd int, b []byte) (c *recvCall, dozes bool) {
	c = recvCalls.Get().(*recvCall)
	c.into(fd, b)
	if !p.join(&c.parked, e, &e.recvs) {
		return c, false
	}
	c.lieDown()
	c.cond.L = (*dozer)(&c.parked)
	return c, true
}

// into makes it a plain receive of at least a byte.
func (c *recvCall) into(fd int, b []byte) {
	c.fd, c.vec, c.want, c.good, c.target, c.length = fd, buffer.One(b), len(b), len(b), 1, -1
}

// collect returns how much handOver has given, and makes it as new.
func (c *recvCall) collect() (n int) {
	n = c.moved
	c.moved, c.handed, c.vec, c.from = 0, false, buffer.Vec{}, nil
	return n
}

// handedOver reports whether handOver has completed the receive.
func (c *recvCall) handedOver() bool {
	return c.done == c.dozes && c.handed && !c.pinned && !c.enrolled
}

// waitedPlain ends the receive of waitPlain, or waits on: of one that does not
// doze the lock is held, and given back.
func (p *Process) waitedPlain(c *recvCall, dozes bool) (int, errno.Errno) {
	var why reasons
	switch {
	case dozes && c.handedOver():
		n := c.collect()
		recvCalls.Put(c)
		return n, 0
	case dozes:
		why = c.wokenBy()
	default:
		why = p.rest(&c.parked, false, noDeadline)
	}
	if err := p.getOver(&c.parked, why, noDeadline); err != 0 {
		c.finish(err)
	}
	n, err := c.result()
	c.got.close()
	c.free()
	return n, err
}

// partCharge is what n bytes that were taken from the head segment, which
// stays, give back of its charge.
func (e *end) partCharge(n int) int {
	if !e.rules().Charging.Merge {
		return 0
	}
	e.in.SetCharge(0, e.in.At(0).Charge-n)
	return n
}

// mustWait reports whether a plain receive has to wait. The lock is held.
func (e *end) mustWait() bool { return e.lacks() && e.status&O_NONBLOCK == 0 }

// lacks reports whether a plain receive finds nothing, and the end has not come.
func (e *end) lacks() bool {
	return e.plain&plainRecv != 0 && e.in.Segments() == 0 && e.shut&shutRecv == 0
}

// recvPlain receives into b and gives the lock back; if it is false nothing
// has happened, and the lock is held as before.
func (e *end) recvPlain(b []byte) (n int, received bool) {
	if e.in.Segments() == 0 || e.plain&(plainRecv|plainParts) == 0 {
		return 0, false
	}
	charge := 0
	if e.plain&plainParts != 0 {
		if n, charge, received = e.in.TakeExact(b); received {
			e.took(charge)
		}
		return n, received
	}
	if e.typ == SOCK_STREAM {
		if n, charge, received = e.in.TakeWhole(b); !received && e.in.TakePart(b) {
			n, received = len(b), true
			charge = e.partCharge(n)
		}
	} else {
		n, charge, received = e.in.TakeHead(b)
		e.peeked = e.peeked && e.in.Segments() > 0
	}
	if !received {
		return 0, false
	}
	e.took(charge)
	return n, true
}
