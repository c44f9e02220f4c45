package emu

import (
	"sockpair/buffer"
	"sockpair/errno"
)

// The queue of a message type: one segment for each output.

// recordEnds marks the segment that ends a record (MSG_EOR).
const recordEnds buffer.Flags = 1

// seen marks an empty message that a peek has shown: with SO_PEEK_OFF the
// next one goes on behind it.
const seen buffer.Flags = 4

// peekPosition moves a peek on a message type over the peek offset: over
// whole messages, then into one. Linux net/core/datagram.c __skb_try_recv_from_queue.
func (e *end) peekPosition(c *recvCall) {
	if c.flags&MSG_PEEK == 0 || e.peekOffset() < 0 {
		return
	}
	for c.at < e.in.Segments() {
		seg := e.in.At(c.at)
		if c.skip < seg.Len || c.skip == 0 && seg.Flags&seen == 0 {
			return
		}
		c.skip -= seg.Len
		c.at++
	}
}

// recvMessage moves one message, or what there is room for; what is left of
// it is lost [SQ-02]. It always ends the call.
// Linux 6.18 net/unix/af_unix.c __unix_dgram_recvmsg.
func (e *end) recvMessage(c *recvCall) {
	seg := e.in.At(c.at)
	left := seg.Left - c.skip
	n := min(left, c.want)
	if n < left {
		c.msgFlags |= MSG_TRUNC
	}
	fault := n > c.good
	if !fault && (seg.HasValue || e.pass != 0) {
		e.collect(c, c.at)
	}
	c.from = e.sender(c.at).address()
	if !fault {
		e.in.Copy(c.at, c.skip, n, &c.vec)
		c.moved = n
	}
	switch {
	case c.flags&MSG_PEEK == 0:
		e.popSegment()
		if !fault {
			e.takenBytes(seg.Len)
		}
	default:
		e.peeked = true
		if seg.Len == 0 {
			e.in.SetFlags(c.at, seg.Flags|seen)
		}
		if !fault {
			e.peekedBytes(n)
		}
	}
	switch {
	case fault:
		c.finish(errno.EFAULT) // the message is lost
	case c.flags&MSG_TRUNC != 0 && e.rules().TruncLength:
		c.length = left
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
	c.from = e.sender(c.at).address()
	if seg.HasValue || e.pass != 0 {
		e.collect(c, c.at)
	}
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

// endsRecord is recordEnds if an output with these flags ends a record.
func (e *end) endsRecord(flags int) buffer.Flags {
	if e.typ != SOCK_SEQPACKET || e.rules().Records == EachOutput || flags&MSG_EOR != 0 {
		return recordEnds
	}
	return 0
}

// sendMessage queues one message, or one part of a record.
func (e *end) sendMessage(c *sendCall, charge int) {
	flags := e.endsRecord(c.flags)
	if c.want > 0 || flags&recordEnds != 0 { // nothing, without an end, is no part of a record
		c.to.in.Push(&c.vec, c.want, charge, flags, e.attach(c))
		e.queued(c.to, charge)
	}
	c.moved = c.want
}
