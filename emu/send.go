package emu

import (
	"sync"

	"sockpair/buffer"
	"sockpair/errno"
)

// sendCall is one send in progress. It is made by sendFrom or sendFromVec and
// given back by free.
type sendCall struct {
	parked
	sendOp
}

// sendOp is what a send is asked to do, and what it has done.
type sendOp struct {
	fd        int         // the number that it was made with; -1: others
	vec       buffer.Vec  // where the bytes come from
	want      int         // bytes to send
	good      int         // bytes of vec before the first that cannot be read
	flags     int         // MSG_ bits as given
	nonblock  bool        // it does not wait (any more)
	waited    bool        // it has waited
	allocated bool        // SOCK_DGRAM: it has waited for room in the receiver's queue, and is charged already
	elsewhere bool        // it has waited, and the peer is on another link now
	later     bool        // it is not the first of a sendmmsg: an interruption ends it for good
	lookup    errno.Errno // SOCK_DGRAM: what the look-up of its address says
	sender    *proc
	to        *end         // to whom it goes: the peer, or who has the address
	anc       *ancillary   // what goes with the first piece; nil for nothing
	pages     []pipeBuffer // the bytes are these of a pipe (splice); nil: they are copied

	moved int
	pipe  bool // SIGPIPE is due
	err   errno.Errno
}

var sendCalls = sync.Pool{New: func() any {
	c := new(sendCall)
	c.parked.send = c
	return c
}}

// free ends the use of c.
func (c *sendCall) free() {
	c.sendOp = sendOp{}
	sendCalls.Put(c)
}

// finish ends the call: with the bytes it has moved, or if none with err.
func (c *sendCall) finish(err errno.Errno) bool {
	if c.moved == 0 {
		c.err = err
	}
	return true
}

// result is what the call returns; SIGPIPE is raised first.
func (c *sendCall) result(p *Process) (int, errno.Errno) {
	if c.pipe && c.moved == 0 && c.flags&MSG_NOSIGNAL == 0 {
		p.raise(SIGPIPE) // [ST-06]
	}
	if c.err != 0 {
		return -1, c.err
	}
	return c.moved, 0
}

// prepare fills in what depends on the socket. The lock is held.
func (c *sendCall) prepare(e *end) {
	c.nonblock = c.nonblock || e.status&O_NONBLOCK != 0 || c.flags&MSG_DONTWAIT != 0 || e.sendNonblock()
}

// trySend takes the call as far as it goes without waiting and reports
// whether it is over. The lock is held.
func (e *end) trySend(c *sendCall) (over bool) {
	for {
		v, amount := e.decideSend(c)
		switch v.act {
		case deliver:
			if e.sendOne(c, amount) {
				return true
			}
		case fail:
			return e.sendFails(c, v)
		case eof:
			return true
		case wait:
			e.foundNoRoom()
			return false
		}
	}
}

// sendFails applies a verdict of fail.
func (e *end) sendFails(c *sendCall, v verdict) bool {
	if v.taken {
		e.pending = 0
	}
	if v.err == errno.ECONNREFUSED && !v.taken && c.lookup == 0 && c.to == e.peer {
		e.letGo()
	}
	if v.err == errno.EAGAIN {
		e.foundNoRoom()
	}
	if e.gaveBack(c, v) && e.rules().Admission.Wake(e.charged, e.bound()) {
		e.events |= spaceFreed
	}
	c.pipe = v.pipe
	return c.finish(v.err)
}

// gaveBack reports whether a send that failed had its memory by then: to give
// it back is an event of room as any other. Linux net/unix/af_unix.c
// unix_dgram_sendmsg out_free, unix_stream_sendmsg pipe_err_free, measured.
func (e *end) gaveBack(c *sendCall, v verdict) bool {
	if c.lookup != 0 && v.err == c.lookup && !v.taken {
		return v.err != errno.EINVAL // an address is looked at before
	}
	switch v.err {
	case errno.EFAULT:
		return true
	case errno.ECONNREFUSED, errno.ENOTCONN: // no peer
		return e.typ == SOCK_DGRAM && !v.taken
	case errno.EPIPE: // the peer's doing
		return e.typ == SOCK_DGRAM && e.shut&shutSend == 0
	case errno.EPERM: // the peer's doing, too
		return e.typ == SOCK_DGRAM
	case errno.EAGAIN: // the own buffer has room, the peer's queue has not
		return e.typ == SOCK_DGRAM && e.hasRoom(c)
	}
	return false
}

// letGo drops the closed peer of a SOCK_DGRAM: later sends find none, and the
// own queue is purged. Linux net/unix/af_unix.c unix_dgram_sendmsg,
// unix_dgram_disconnected.
func (e *end) letGo() {
	e.setPeer(nil)
	for e.in.Segments() > 0 {
		e.popSegment()
	}
}

// decideSend snapshots the state and asks the type's decision. amount is what
// sendOne needs to know: the bytes of the next piece of a stream, the charge
// of a message.
func (e *end) decideSend(c *sendCall) (v verdict, amount int) {
	r := e.rules()
	if c.allocated {
		return decideSendDgram(r, sendState{nonblock: c.nonblock, room: true, lookup: c.lookup, peer: e.peerState(c.to),
			refused: c.anc != nil && c.anc.files != nil && c.to.pass&refuseRights != 0}), r.Charging.Message(c.want)
	}
	s := sendState{
		fresh:    c.moved == 0 && !c.waited,
		pending:  e.pending,
		shut:     e.shut&shutSend != 0 || e.uneven && e.peer.shut&shutRecv != 0,
		own:      e.shut&shutOwn != 0,
		nonblock: c.nonblock,
		apart:    c.to == nil,
	}
	if c.anc != nil && c.anc.files != nil {
		s.tooMany = e.sys.inflight.tooMany(c.sender)
		s.refused = c.to != nil && c.to.pass&refuseRights != 0
	}
	if e.typ == SOCK_STREAM {
		s.done = c.moved == c.want
		amount = e.streamPiece(c)
		s.room = amount > 0
		s.fault = c.moved+amount > c.good
		return decideSendStream(r, s), amount
	}
	s.tooLong = c.want > e.bound()-r.MessageOverhead
	amount = r.Charging.Message(c.want)
	s.room = s.tooLong || r.Admission.Message(e.spent(), e.bound(), amount)
	s.tooBig = r.Charging.Largest > 0 && c.want > r.Charging.Largest
	s.fault = c.want > c.good
	if e.typ == SOCK_SEQPACKET {
		return decideSendSeqpacket(r, s), amount
	}
	s.lookup = c.lookup
	s.peer = e.peerState(c.to)
	return decideSendDgram(r, s), amount
}

// sendOne applies a verdict of deliver and reports whether the call is over.
func (e *end) sendOne(c *sendCall, amount int) (over bool) {
	if e.typ == SOCK_STREAM {
		return e.sendStream(c, amount)
	}
	e.sendMessage(c, amount)
	return true
}

// settleHeld gives back the charge of a send that has waited for the
// receiver's queue, whatever became of it. The lock is held.
func (e *end) settleHeld(c *sendCall) {
	if c.allocated {
		c.allocated = false
		e.giveBack(&e.rarely().held, e.rules().Charging.Message(c.want))
	}
}

// sendLocked does a whole send on a locked end: try, park, result. It gives
// the lock back. name is the receiver's address, empty for the peer.
func (p *Process) sendLocked(e *end, c *sendCall, name []byte) (int, errno.Errno) {
	c.sender, c.to = p.proc, e.peer
	c.prepare(e)
	if e.pass&passIdentity != 0 && e.typ != SOCK_STREAM && !(e.typ == SOCK_SEQPACKET && (e.pending != 0 || e.peer == nil)) {
		if err := e.autobind(); err != 0 {
			e.link.unlock()
			c.anc.abandon()
			return -1, err
		}
	}
	if len(name) > 0 || !e.near() {
		return p.sendFar(e, c, name)
	}
	if e.trySend(c) {
		e.link.unlock()
		c.anc.abandon()
		return c.result(p)
	}
	n, err := p.parkSend(e, c)
	c.anc.abandon()
	return n, err
}
