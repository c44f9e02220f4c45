package emu

import "sockpair/errno"

// Reads and writes of a pipe.

// read takes bytes out, of as many buffers as it has room for; of a packet
// what does not fit is lost. 0 bytes: nobody can write any more.
//
// EOPNOTSUPP: RWF_NOWAIT after splice; EFAULT; EAGAIN; EINTR.
//
// Linux fs/pipe.c anon_pipe_read.
func (e *pipeEnd) read(p *Process, c *recvCall) (int, errno.Errno) {
	pp := e.pipe
	e.file.enter()
	defer e.file.leave()
	defer pp.unlock()
	switch {
	case c.nonblock && e.copied:
		return -1, errno.EOPNOTSUPP
	case c.want == 0:
		return 0, 0
	}
	call := pipeCall{p: p}
	call.hold(pp)
	freed, waited := false, false
	for !e.readSome(c, &freed) && pp.out.open && c.moved == 0 {
		if c.nonblock || e.status&O_NONBLOCK != 0 {
			c.finish(errno.EAGAIN)
			break
		}
		if err := call.wait(e, &e.alone, false); err != 0 {
			return -1, err
		}
		waited = true
	}
	if freed {
		pp.out.wake(spaceFreed)
	}
	if waited && !pp.empty() {
		e.wake(dataArrived) // it was the only one to be woken
	}
	pp.out.async()
	return c.amount()
}

// readSome takes what there is and reports whether the call is over. freed:
// there was no free buffer and now there is.
func (e *pipeEnd) readSome(c *recvCall, freed *bool) (over bool) {
	pp := e.pipe
	for !pp.empty() {
		b := &pp.bufs[0]
		n := min(len(b.b), c.want-c.moved)
		if c.moved+n > c.good {
			return c.finish(errno.EFAULT)
		}
		c.vec.CopyFrom(b.b[:n])
		c.moved += n
		over = c.moved == c.want
		taken := n
		if b.kind == pipePacket {
			over, taken = true, len(b.b)
		}
		full := pp.full()
		if pp.take(taken) {
			*freed = *freed || full
		}
		if over {
			return true
		}
	}
	return false
}

// amount is the result of a read: the bytes moved, or why there are none.
func (c *recvCall) amount() (int, errno.Errno) {
	if c.err != 0 {
		return -1, c.err
	}
	return c.moved, 0
}

// write puts bytes in: what exceeds whole pages joins the last buffer if it
// fits there, the rest goes into new ones. Up to a page it goes in whole.
//
// EOPNOTSUPP: RWF_NOWAIT after splice; EPIPE and SIGPIPE: nobody can read;
// EFAULT; EAGAIN: no buffer is free; EINTR.
//
// Linux fs/pipe.c anon_pipe_write.
func (e *pipeEnd) write(p *Process, c *sendCall) (int, errno.Errno) {
	n, err := e.writeLocked(p, c)
	if c.pipe && c.flags&MSG_NOSIGNAL == 0 {
		p.raise(SIGPIPE)
	}
	return n, err
}

func (e *pipeEnd) writeLocked(p *Process, c *sendCall) (int, errno.Errno) {
	pp := e.pipe
	e.file.enter()
	defer e.file.leave()
	defer pp.unlock()
	switch {
	case c.nonblock && e.copied:
		return -1, errno.EOPNOTSUPP
	case c.want == 0:
		return 0, 0
	}
	call := pipeCall{p: p}
	call.hold(pp)
	wasEmpty, waited := pp.empty(), false
	if !pp.in.open {
		c.pipe = true
		c.finish(errno.EPIPE)
	} else if !e.merge(c) {
		for !e.writeSome(c) {
			if c.nonblock || e.status&O_NONBLOCK != 0 {
				c.finish(errno.EAGAIN)
				break
			}
			if wasEmpty {
				pp.in.wake(dataArrived)
			}
			pp.in.async()
			err := call.wait(e, &e.alone, c.moved > 0)
			wasEmpty, waited = pp.empty(), true
			if err != 0 {
				c.finish(err)
				break
			}
		}
	}
	if wasEmpty || pp.polled {
		pp.in.wake(dataArrived)
	}
	pp.in.async()
	if waited && !pp.full() {
		e.wake(spaceFreed) // it was the only one to be woken
	}
	if c.err != 0 {
		return -1, c.err
	}
	return c.moved, 0
}

// merge adds to the last buffer what exceeds whole pages, if it has room, and
// reports whether the call is over.
func (e *pipeEnd) merge(c *sendCall) (over bool) {
	pp, n := e.pipe, c.want%pipePage
	if n == 0 || pp.empty() {
		return false
	}
	last := &pp.bufs[len(pp.bufs)-1]
	if last.kind != pipeMerge || last.at+len(last.b)+n > pipePage {
		return false
	}
	if n > c.good {
		return c.finish(errno.EFAULT)
	}
	at := len(last.b)
	last.b = append(last.b, make([]byte, n)...)
	c.vec.CopyTo(last.b[at:])
	c.moved = n
	return c.moved == c.want
}

// writeSome fills free buffers and reports whether the call is over.
func (e *pipeEnd) writeSome(c *sendCall) (over bool) {
	pp := e.pipe
	for pp.in.open && !pp.full() {
		n := min(c.want-c.moved, pipePage)
		if c.moved+n > c.good {
			return c.finish(errno.EFAULT)
		}
		b := make([]byte, n)
		c.vec.CopyTo(b)
		kind := pipeMerge
		if e.status&O_DIRECT != 0 {
			kind = pipePacket
		}
		pp.bufs = append(pp.bufs, pipeBuffer{b: b, kind: kind})
		c.moved += n
		if c.moved == c.want {
			return true
		}
	}
	if !pp.in.open {
		c.pipe = true // also when bytes have moved
		return c.finish(errno.EPIPE)
	}
	return false
}
