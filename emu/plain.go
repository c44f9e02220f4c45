package emu

// The short way of write and read. Most calls find a socket of which there is
// nothing to say: connected, not shut, no error, no option that matters, no
// urgent byte, nothing but bytes in the queue. For such an end the decision
// about a send comes down to whether there is room, that about a receive to
// whether something is queued, and the answer deliver means the same few steps
// each time. The short way knows these, and leaves all else to the long one.
// TestTheShortWayDecidesAsTheLongOne holds the two together.

// plainness says for what an end is plain. It is kept by whoever gives the
// lock back (link.settle), so that a call tests one byte.
type plainness uint8

const (
	plainSend plainness = 1 << iota
	plainRecv
)

// plainFor looks at all that a send or a receive may meet. The lock is held.
func (e *end) plainFor() (s plainness) {
	to := e.peer
	if e.closed || to == nil || to.link != e.link || e.pending != 0 || e.typ == SOCK_DGRAM && to.peer != e {
		return 0
	}
	if e.shut&shutSend == 0 && !to.closed && to.shut&shutRecv == 0 && (e.pass|to.pass)&passIdentity == 0 && !to.embryo() {
		s = plainSend
	}
	r := e.rules()
	inParts := e.typ == SOCK_SEQPACKET && (r.Records == EndOfRecord || r.ShortRead == Keep)
	if e.pass == 0 && e.options == nil && e.mark.urgent == 0 && !inParts {
		s |= plainRecv
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

// admits returns the charge of n bytes that are sent in one piece, and whether
// there is room for them. The lock is held.
func (e *end) admits(n int) (charge int, ok bool) {
	r := e.rules()
	if e.typ != SOCK_STREAM {
		charge = r.Charging.Message(n)
		return charge, n <= e.sndbuf-r.MessageOverhead && (n <= r.Charging.Largest || r.Charging.Largest == 0) &&
			r.Admission.Message(e.spent(), e.sndbuf, charge)
	}
	charge = r.Charging.Stream(n, e.sndbuf)
	return charge, r.Charging.Chunk(n, e.sndbuf) == n && r.Admission.Stream(e.spent(), e.sndbuf, n) == n
}

// sendPlain sends b and gives the lock back; if it is false nothing has
// happened, and the lock is held as before.
func (e *end) sendPlain(b []byte) (sent bool) {
	if e.plain&plainSend == 0 {
		return false
	}
	charge, ok := e.admits(len(b))
	if !ok {
		return false
	}
	l, to := e.link, e.peer
	if l.waiting > 0 {
		if l.waiting == 1 && to.handOver(b) {
			l.mu.Unlock()
			return true
		}
		to.events |= dataArrived
	}
	e.charged += charge
	switch e.typ {
	case SOCK_STREAM:
		if e.rules().Charging.Merge && to.extensible() {
			to.in.ExtendBytes(b, charge)
		} else {
			to.in.PushBytes(b, charge, 0)
		}
	case SOCK_DGRAM:
		to.in.PushBytes(b, charge, recordEnds)
		to.depth.Add(1)
	default:
		to.in.PushBytes(b, charge, e.endsRecord(0))
	}
	if l.waiting > 0 {
		l.unlock()
	} else {
		l.mu.Unlock()
	}
	return true
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
	c.moved, c.from = n, e.peer.address()
	k.complete()
	return true
}

// recvPlain receives into b and gives the lock back; if it is false nothing
// has happened, and the lock is held as before.
func (e *end) recvPlain(b []byte) (n int, received bool) {
	left, is := e.in.PlainHead()
	if !is || e.plain&plainRecv == 0 {
		return 0, false
	}
	charge := 0
	switch {
	case e.typ != SOCK_STREAM:
		n, charge = e.in.PopHead(b)
		e.peeked = false
		if e.typ == SOCK_DGRAM {
			e.leftQueue()
		}
	case left == len(b), 0 < left && left < len(b) && e.in.Segments() == 1:
		n, charge = e.in.PopHead(b)
	default: // a part of a segment, or more than one
		return 0, false
	}
	l, sender := e.link, e.mate()
	sender.charged -= charge
	if l.waiting == 0 {
		l.mu.Unlock()
		return n, true
	}
	if charge > 0 && e.rules().Admission.Wake(sender.spent(), sender.sndbuf) {
		sender.events |= spaceFreed
	}
	l.unlock()
	return n, true
}
