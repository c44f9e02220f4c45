package emu

import (
	"sockpair/buffer"
	"sockpair/errno"
)

// The queue of a message type: one segment for each output.

// recordEnds marks the segment that ends a record (MSG_EOR).
const recordEnds buffer.Flags = 1

// recvMessage moves one message, or what there is room for; what is left of
// it is lost [SQ-02]. It always ends the call.
// Linux 6.18 net/unix/af_unix.c __unix_dgram_recvmsg.
func (e *end) recvMessage(c *recvCall) {
	seg := e.in.At(0)
	n := min(seg.Left, c.want)
	if n < seg.Left {
		c.msgFlags |= MSG_TRUNC
	}
	fault := n > c.good
	if !fault {
		e.in.Copy(0, 0, n, &c.vec)
		c.moved = n
	}
	if c.flags&MSG_PEEK == 0 {
		e.popSegment()
	} else {
		e.peeked = true
	}
	switch {
	case fault:
		c.finish(errno.EFAULT) // the message is lost
	case c.flags&MSG_TRUNC != 0 && e.rules().TruncLength:
		c.length = seg.Left
	}
}

// recvRecord moves bytes of one record and never of two [SQ-03]. It reports
// whether the call is over: at the end of the record, or where there is no
// room for more of it.
func (e *end) recvRecord(c *recvCall) (over bool) {
	seg := e.in.At(c.at)
	n := min(seg.Left, c.want-c.moved)
	if c.moved+n > c.good {
		return c.finish(errno.EFAULT)
	}
	c.moved += n
	peek := c.flags&MSG_PEEK != 0
	if peek {
		e.in.Copy(c.at, 0, n, &c.vec)
	} else {
		e.in.Read(0, n, &c.vec)
	}
	if n < seg.Left {
		e.cutRecord(c, peek)
		return true
	}
	if peek {
		c.at++
		e.peeked = true
	} else {
		e.popSegment()
	}
	if seg.Flags&recordEnds != 0 {
		if e.rules().Records == EndOfRecord {
			c.msgFlags |= MSG_EOR
		}
		return true
	}
	if c.at >= e.in.Segments() {
		return peek || c.moved == c.want
	}
	// The end may stand alone in the next segment: a full buffer still takes it.
	if c.moved == c.want && e.in.At(c.at).Left > 0 {
		e.cutRecord(c, peek)
		return true
	}
	return false
}

// cutRecord deals with the rest of a record that a receive has no room for.
func (e *end) cutRecord(c *recvCall, peek bool) {
	if e.rules().ShortRead == Keep {
		return
	}
	c.msgFlags |= MSG_TRUNC
	for ended := peek; !ended && e.in.Segments() > 0; {
		ended = e.in.At(0).Flags&recordEnds != 0
		e.popSegment()
	}
}

// sendMessage queues one message, or one part of a record.
func (e *end) sendMessage(c *sendCall, charge int) {
	r := e.rules()
	var flags buffer.Flags
	if e.typ != SOCK_SEQPACKET || r.Records == EachOutput || c.flags&MSG_EOR != 0 {
		flags = recordEnds
	}
	if c.want > 0 || flags&recordEnds != 0 { // nothing, without an end, is no part of a record
		e.peer.in.Push(&c.vec, c.want, charge, flags, nil)
		e.queued(charge)
	}
	c.moved = c.want
}
