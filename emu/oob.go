package emu

import (
	"sockpair/buffer"
	"sockpair/errno"
)

// Out-of-band data of a stream [ST-05]: MSG_OOB makes the last byte of a send
// urgent. It is a segment of its own, and the receiver remembers the latest;
// an older one turns into ordinary data. recv with MSG_OOB takes the byte out
// of turn and leaves its empty segment behind; an ordinary receive stops at
// the mark once it has moved bytes, and one that begins there drops the
// byte, or with SO_OOBINLINE returns it.
//
// Linux 6.18 net/unix/af_unix.c queue_oob, unix_stream_recv_urg, manage_oob.

// mark is a stream's memory of its latest urgent byte.
type mark struct {
	popped uint64 // segments that have left the queue at its head
	urgent uint64 // popped + index + 1 of the urgent byte's segment; 0: there is none
	lost   int    // urgent bytes dropped unread, which FIONREAD goes on counting
}

// at is the index of the urgent byte's segment, -1 without one.
func (m *mark) at() int {
	if m.urgent == 0 {
		return -1
	}
	return int(m.urgent - m.popped - 1)
}

// pop notes that the head of the queue is gone.
func (m *mark) pop() {
	m.popped++
	if m.urgent == m.popped {
		m.urgent = 0
	}
}

// set notes that the last of n segments is urgent.
func (m *mark) set(n int) { m.urgent = m.popped + uint64(n) }

// standsAlone marks segments that plain bytes must not be added to.
const standsAlone buffer.Flags = 2

// urgentPiece reports whether a send has come to its urgent byte.
func (c *sendCall) urgentPiece() bool { return c.flags&MSG_OOB != 0 && c.moved == c.want-1 }

// position moves a stream's receive to the segment that it takes next: over
// the mark, over bytes taken out of turn, and for a peek over the peek offset.
// It reports whether the call is over at the mark. What it drops stays
// dropped, whatever becomes of the call.
func (e *end) position(c *recvCall) (over bool) {
	if e.mark.urgent == 0 && c.skip == 0 && (c.at >= e.in.Segments() || e.in.At(c.at).Left > 0) {
		return false // nothing is in the way
	}
	if c.at < e.in.Segments() && !e.passMark(c) && c.moved > 0 {
		return true
	}
	for c.at < e.in.Segments() && c.skip >= e.in.At(c.at).Left && c.flags&MSG_PEEK != 0 {
		c.skip -= e.in.At(c.at).Left
		c.at++
	}
	return false
}

// passMark is manage_oob: it reports whether there is a segment to take at c.at.
func (e *end) passMark(c *recvCall) bool {
	peek, inline := c.flags&MSG_PEEK != 0, e.number(SO_OOBINLINE) != 0
	if e.in.At(c.at).Left == 0 {
		switch {
		case c.moved > 0 && e.mark.urgent == 0:
			return false
		case peek:
			c.at++
		default:
			e.popSegment()
		}
		if c.at >= e.in.Segments() {
			return false
		}
	}
	switch {
	case c.at != e.mark.at():
		return true
	case c.moved > 0:
		return false
	case !peek:
		e.mark.urgent = 0
		if !inline {
			e.mark.lost += e.in.At(0).Left
			e.popSegment()
		}
	case !inline:
		c.at++
	}
	return c.at < e.in.Segments()
}

// recvUrgent takes the urgent byte out of turn, whatever the length asked for.
// EINVAL: there is none, or it is in line. EFAULT: the byte is gone.
func (e *end) recvUrgent(c *recvCall) {
	i := e.mark.at()
	if i < 0 || e.number(SO_OOBINLINE) != 0 {
		c.err = errno.EINVAL
		return
	}
	n := min(1, c.want)
	fault := n > c.good
	if !fault {
		e.in.Copy(i, 0, n, &c.vec)
	}
	if c.flags&MSG_PEEK == 0 {
		e.in.Discard(i, 1)
		e.mark.urgent = 0
		if e.rules().Charging.Merge { // bytes are charged, not buffers
			e.in.SetCharge(i, 0)
			e.uncharge(e.peer, 1)
		}
		if i > 0 && e.in.At(i-1).Left == 0 { // one empty segment is enough
			charge, value := e.in.Remove(i - 1)
			e.drop(value)
			e.uncharge(e.peer, charge)
		}
	}
	if fault {
		c.err = errno.EFAULT
		return
	}
	c.moved, c.msgFlags = 1, MSG_OOB
}

// atUrgent is SIOCATMARK: the next byte to read is the urgent one, or was.
func (e *end) atUrgent() bool {
	switch {
	case e.listening():
		return len(e.listener.embryos) > 0 // a connection is a segment without bytes
	case e.in.Segments() == 0:
		return false
	}
	i := e.mark.at()
	return i == 0 || e.in.At(0).Left == 0 && (i < 0 || i == 1)
}
