package emu

import (
	"sync"

	"sockpair/buffer"
	"sockpair/errno"
)

// recvCall is one receive in progress. It is made by recvInto or recvIntoVec
// and given back by free.
type recvCall struct {
	parked
	recvOp
	guest bool // it is a berth's
}

// recvOp is what a receive is asked to do, and what it has done.
type recvOp struct {
	fd       int        // the number that it was made with; -1: others
	vec      buffer.Vec // where the bytes go
	want     int        // bytes asked for
	good     int        // bytes of vec before the first that cannot be stored
	flags    int        // MSG_ bits as given
	nonblock bool       // it does not wait (any more)
	target   int        // it waits until so many bytes have moved
	later    bool       // it is not the first of a recvmmsg: an interruption ends it for good
	at       int        // MSG_PEEK: the segment it looks at
	skip     int        // MSG_PEEK: the bytes of it that SO_PEEK_OFF passes over
	pages    *pageSink  // the bytes go to a pipe (splice); nil: to vec

	moved    int
	handed   bool      // handOver has given it the bytes
	length   int       // the real length of the message, when asked for by MSG_TRUNC; else -1
	msgFlags int       // msg_flags of recvmsg
	got      *received // what came beside the bytes; nil for nothing
	from     []byte    // the sender's name; nil for none
	err      errno.Errno
}

var recvCalls = sync.Pool{New: func() any {
	c := new(recvCall)
	c.parked.recv = c
	return c
}}

// free ends the use of c.
func (c *recvCall) free() {
	c.recvOp = recvOp{}
	recvCalls.Put(c)
}

// finish ends the call: with the bytes it has moved, or if none with err.
func (c *recvCall) finish(err errno.Errno) bool {
	if c.moved == 0 {
		c.err = err
	}
	return true
}

// result is what the call returns.
func (c *recvCall) result() (int, errno.Errno) {
	switch {
	case c.err != 0:
		return -1, c.err
	case c.length >= 0:
		return c.length, 0
	}
	return c.moved, 0
}

// prepare fills in what depends on the socket. The lock is held.
func (c *recvCall) prepare(e *end) {
	c.length = -1
	c.nonblock = c.nonblock || e.status&O_NONBLOCK != 0 || c.flags&MSG_DONTWAIT != 0 || e.recvNonblock()
	c.target = min(e.rcvlowat(), c.want)
	if c.flags&MSG_WAITALL != 0 {
		c.target = c.want
	}
	if c.target == 0 && e.rules().ZeroRecvWaits {
		c.target = 1
	}
}

// tryRecv takes the call as far as it goes without waiting and reports
// whether it is over. The lock is held.
func (e *end) tryRecv(c *recvCall) (over bool) {
	if c.flags&MSG_PEEK != 0 {
		c.at, c.skip = 0, max(0, e.peekOffset())
		if e.typ != SOCK_STREAM {
			e.peekPosition(c)
		}
	}
	over = e.recvLoop(c)
	if over && c.got == nil && e.pass != 0 && e.typ == SOCK_STREAM {
		c.got = new(received) // a stream's end of file comes with credentials too, of nobody
	}
	if over && c.got != nil {
		c.got.pass, c.got.unread = e.pass, e.readable()
	}
	return over
}

func (e *end) recvLoop(c *recvCall) (over bool) {
	for {
		if e.typ == SOCK_STREAM && e.position(c) {
			return true
		}
		v := e.decideRecv(c)
		switch v.act {
		case deliver:
			if e.takeOne(c) {
				return true
			}
		case fail:
			if v.taken {
				e.pending = 0
			}
			return c.finish(v.err)
		case eof:
			return true
		case wait:
			return false
		}
	}
}

// decideRecv snapshots the state and asks the type's decision.
func (e *end) decideRecv(c *recvCall) verdict {
	s := recvState{
		queued:   c.at < e.in.Segments(),
		pending:  e.pending,
		shut:     e.shut&shutRecv != 0,
		nonblock: c.nonblock,
		apart:    e.connectionMode() && !e.established(),
	}
	switch e.typ {
	case SOCK_STREAM:
		s.satisfied = c.moved >= c.target
		return decideRecvStream(e.rules(), s)
	case SOCK_SEQPACKET:
		s.satisfied = c.moved > 0 && (c.moved >= c.target || c.flags&MSG_WAITALL == 0)
		return decideRecvSeqpacket(e.rules(), s)
	}
	return decideRecvDgram(e.rules(), s)
}

// takeOne applies a verdict of deliver and reports whether the call is over.
func (e *end) takeOne(c *recvCall) (over bool) {
	switch r := e.rules(); {
	case e.typ == SOCK_STREAM:
		return e.recvStream(c)
	case e.typ == SOCK_SEQPACKET && (r.ShortRead == Keep || r.Records == EndOfRecord):
		return e.recvRecord(c)
	}
	e.recvMessage(c)
	return true
}

// recvLocked does a whole receive on a locked end: try, park, result. It gives
// the lock back.
func (p *Process) recvLocked(e *end, c *recvCall) (int, errno.Errno) {
	n, err := p.recvAll(e, c)
	c.got.close()
	return n, err
}

// recvAll is recvLocked that leaves what came beside the bytes in c.got.
func (p *Process) recvAll(e *end, c *recvCall) (int, errno.Errno) {
	c.prepare(e)
	over := e.tryRecv(c)
	if over {
		e.link.unlock()
		return c.result()
	}
	return p.parkRecv(e, c)
}
