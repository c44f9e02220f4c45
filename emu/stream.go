package emu

import (
	"sockpair/buffer"
	"sockpair/errno"
)

// SOCK_STREAM [ST-01..ST-08]: a sequenced, reliable stream of bytes each way,
// without record boundaries. The bytes of one send lie in segments of the
// receiver's queue; a receive goes on from one to the next until it has
// enough, so that boundaries do not show [ST-02].

// decideRecvStream: queued bytes come first, so that what was sent before the
// end is read before the end is seen [ST-04].
// Linux 6.18 net/unix/af_unix.c unix_stream_read_generic.
func decideRecvStream(r *Personality, s recvState) verdict {
	switch {
	case s.apart:
		return failing(r.StreamApart)
	case s.queued:
		return verdict{act: deliver}
	case s.satisfied:
		return verdict{act: eof}
	case s.pending != 0:
		return pending(s.pending)
	case s.shut:
		return verdict{act: eof} // [ST-04]
	case s.nonblock:
		return failing(errno.EAGAIN)
	}
	return verdict{act: wait}
}

// decideSendStream: a stream that is broken when the call begins gives EPIPE
// and SIGPIPE [ST-06]; one that breaks while the call waits gives the pending
// error first, and no signal.
// Linux 6.18 net/unix/af_unix.c unix_stream_sendmsg, net/core/sock.c sock_alloc_send_pskb.
func decideSendStream(r *Personality, s sendState) verdict {
	switch {
	case s.apart:
		return failing(errno.ENOTCONN)
	case s.fresh && s.shut:
		return brokenPipe(r, SOCK_STREAM, s)
	case s.done:
		return verdict{act: eof}
	case s.pending != 0:
		return pending(s.pending)
	case s.shut:
		return failing(errno.EPIPE)
	case !s.room && s.nonblock:
		return failing(errno.EAGAIN)
	case !s.room:
		return verdict{act: wait}
	case s.tooMany:
		return failing(errno.ETOOMANYREFS)
	case s.fault:
		return failing(errno.EFAULT)
	case s.refused:
		return failing(errno.EPERM)
	}
	return verdict{act: deliver}
}

// brokenPipe is EPIPE, with SIGPIPE where the personality raises it [ST-06].
func brokenPipe(r *Personality, typ int, s sendState) verdict {
	return verdict{act: fail, err: errno.EPIPE, pipe: r.PipeTypes.Has(typ) && (!s.own || r.PipeOnOwnShutdown)}
}

// recvStream moves one segment, or what there is room for, and reports
// whether the call is over.
func (e *end) recvStream(c *recvCall) (over bool) {
	if !e.sameSender(c, c.at) {
		return true
	}
	seg := e.in.At(c.at)
	n := min(seg.Left-c.skip, c.want-c.moved)
	if c.moved+n > c.good {
		return c.finish(errno.EFAULT) // the segment stays
	}
	if c.pages != nil {
		return e.spliceStream(c, n)
	}
	c.moved += n
	c.from = e.peer.address()
	rights := (seg.HasValue || e.pass != 0) && e.collect(c, c.at)
	if c.flags&MSG_PEEK != 0 {
		e.in.Copy(c.at, c.skip, n, &c.vec)
		e.peekedBytes(n)
		c.at, c.skip = c.at+1, 0
		return rights || c.at == e.in.Segments() // also with a full buffer: for descriptors
	}
	e.in.Read(0, n, &c.vec)
	e.taken(seg, n)
	return rights || c.moved == c.want
}

// taken accounts for n bytes of the head segment that have been taken out.
func (e *end) taken(seg buffer.Segment, n int) {
	e.takenBytes(n)
	if n == seg.Left {
		e.popSegment()
	} else if e.rules().Charging.Merge {
		e.in.SetCharge(0, seg.Charge-n)
		e.uncharge(e.peer, n)
	}
}

// sendStream queues the next piece of a stream and reports whether the call
// is over.
func (e *end) sendStream(c *sendCall, n int) (over bool) {
	ch := &e.rules().Charging
	charge := ch.Stream(n, e.bound())
	if c.pages != nil && ch.Pages != nil {
		charge = ch.Pages(n)
	}
	urgent := c.urgentPiece()
	to := c.to
	in := &to.in
	value := e.attach(c)
	var flags buffer.Flags
	if urgent {
		flags = standsAlone
	}
	if ch.Merge && value == nil && !urgent && to.extensible() {
		in.Extend(&c.vec, n, charge, 0)
	} else {
		in.Push(&c.vec, n, charge, flags, value)
	}
	if urgent {
		to.rarely().mark.set(in.Segments())
		to.owe(SIGURG)
	}
	e.queued(to, charge)
	c.moved += n
	return c.moved == c.want
}

// extensible reports whether plain bytes may be added to the last segment.
func (e *end) extensible() bool {
	last := e.in.Segments() - 1
	if last < 0 {
		return false
	}
	seg := e.in.At(last)
	return !seg.HasValue && seg.Flags&standsAlone == 0
}

// streamPiece is how many bytes the next segment takes, 0 when there is no room.
func (e *end) streamPiece(c *sendCall) int {
	r := e.rules()
	left := c.want - c.moved
	if c.flags&MSG_OOB != 0 && left > 1 {
		left-- // the urgent byte goes by itself
	}
	n := r.Charging.Chunk(left, e.bound())
	if c.pages != nil && r.Charging.Pages != nil {
		n, _ = pagesFor(c.pages, c.moved)
	}
	return r.Admission.Stream(e.spent(), e.bound(), n)
}
