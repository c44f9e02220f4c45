package emu

import "sockpair/errno"

// From pipe to pipe: buffers change hands, and no byte is copied.
// Linux fs/splice.c splice_pipe_to_pipe, link_pipe.

// tee is Tee on descriptions.
func (c *spliceCall) tee() (int, errno.Errno) {
	from, fromPipe := c.in.thing().(*pipeEnd)
	to, toPipe := c.out.thing().(*pipeEnd)
	switch {
	case c.in.access() == O_WRONLY || c.out.access() == O_RDONLY:
		return -1, errno.EBADF
	case !fromPipe || !toPipe || from.pipe == to.pipe:
		return -1, errno.EINVAL
	}
	c.nowait = c.nowait || c.in.flagged(O_NONBLOCK) || c.out.flagged(O_NONBLOCK)
	if err := c.waitBoth(from, to); err != 0 {
		return -1, err
	}
	c.lockBoth(from.pipe, to.pipe)
	defer unlockBoth(from.pipe, to.pipe)
	return c.link(from.pipe, to.pipe)
}

// link adds copies of the first buffers of a to b.
func (c *spliceCall) link(a, b *pipe) (n int, err errno.Errno) {
	left := c.length()
	for i := 0; left > 0; i++ {
		if !b.in.open {
			c.pipe = true
			err = errno.EPIPE
			break
		}
		if i == len(a.bufs) || b.full() {
			break
		}
		n += b.borrow(a.bufs[i], &left)
	}
	return c.moved(b, n, err)
}

// borrow adds a copy of the first bytes of a buffer, to which nobody will add.
func (pp *pipe) borrow(x pipeBuffer, left *int) int {
	n := min(len(x.b), *left)
	x.b = x.b[:n:n]
	if x.kind == pipeMerge {
		x.kind = pipePlain
	}
	pp.bufs = append(pp.bufs, x)
	*left -= n
	return n
}

// moved wakes who waits for n bytes that have come to a pipe, and is the result.
func (c *spliceCall) moved(b *pipe, n int, err errno.Errno) (int, errno.Errno) {
	if n == 0 && err != 0 {
		return -1, err
	}
	if n > 0 {
		b.in.wake(dataArrived)
		b.in.async()
	}
	return n, 0
}

// pipeToPipe is Splice from pipe to pipe.
// EINVAL: they are the same.
func (c *spliceCall) pipeToPipe(from, to *pipeEnd) (int, errno.Errno) {
	a, b := from.pipe, to.pipe
	if a == b {
		return -1, errno.EINVAL
	}
	c.nowait = c.nowait || c.in.flagged(O_NONBLOCK) || c.out.flagged(O_NONBLOCK)
	for {
		if err := c.waitBoth(from, to); err != 0 {
			return -1, err
		}
		c.lockBoth(a, b)
		n, err, again := c.transfer(a, b)
		unlockBoth(a, b)
		if !again {
			return n, err
		}
	}
}

// transfer moves buffers from a to b. again: somebody else was faster.
func (c *spliceCall) transfer(a, b *pipe) (n int, err errno.Errno, again bool) {
	left, freed := c.length(), false
	for left > 0 {
		if !b.in.open {
			c.pipe = true
			err = errno.EPIPE
			break
		}
		if a.empty() && !a.out.open {
			break
		}
		if a.empty() || b.full() {
			if n == 0 && !c.nowait {
				return 0, 0, true
			}
			err = errno.EAGAIN
			break
		}
		if x := a.bufs[0]; left >= len(x.b) {
			b.bufs = append(b.bufs, x)
			a.pop()
			left -= len(x.b)
			n += len(x.b)
			freed = true
		} else {
			k := b.borrow(x, &left)
			a.take(k)
			n += k
		}
	}
	if freed {
		a.out.wake(spaceFreed)
		a.out.async()
	}
	n, err = c.moved(b, n, err)
	return n, err, false
}

// waitBoth waits until there is something to take and room for it.
// EAGAIN; EPIPE; EINTR. Linux ipipe_prep, opipe_prep.
func (c *spliceCall) waitBoth(from, to *pipeEnd) errno.Errno {
	from.pipe.mu.Lock()
	err := c.waitData(from)
	from.pipe.unlock()
	if err != 0 {
		return err
	}
	to.pipe.mu.Lock()
	defer to.pipe.unlock()
	if !to.pipe.full() {
		return 0
	}
	return c.waitRoom(to)
}

// waitData waits until there is a buffer in a pipe, or nobody can write. The
// lock is held.
func (c *spliceCall) waitData(from *pipeEnd) errno.Errno {
	pp := from.pipe
	if !pp.empty() {
		return 0
	}
	c.hold(pp)
	for pp.empty() && pp.out.open {
		if c.nowait {
			return errno.EAGAIN
		}
		if err := c.wait(from, &from.all, false); err != 0 {
			return err
		}
	}
	return 0
}

// waitRoom waits until a buffer is free. The lock is held. EPIPE: nobody can
// read; EAGAIN; EINTR. Linux wait_for_space.
func (c *spliceCall) waitRoom(to *pipeEnd) errno.Errno {
	pp := to.pipe
	c.hold(pp)
	for {
		switch {
		case !pp.in.open:
			c.pipe = true
			return errno.EPIPE
		case !pp.full():
			return 0
		case c.nowait:
			return errno.EAGAIN
		}
		if err := c.wait(to, &to.all, false); err != 0 {
			return err
		}
	}
}

// lockBoth locks two pipes that no call holds.
func (c *spliceCall) lockBoth(a, b *pipe) {
	first, second := a, b
	if a.id > b.id {
		first, second = b, a
	}
	for {
		first.mu.Lock()
		second.mu.Lock()
		switch {
		case first.held:
			second.mu.Unlock()
			c.hold(first)
			first.mu.Unlock()
		case second.held:
			first.mu.Unlock()
			c.hold(second)
			second.mu.Unlock()
		default:
			return
		}
	}
}

// unlockBoth gives both locks back and sends the signals that are owed.
func unlockBoth(a, b *pipe) {
	owed := append(a.owed, b.owed...)
	a.owed, b.owed = nil, nil
	a.mu.Unlock()
	b.mu.Unlock()
	for _, o := range owed {
		o.release(nil)
	}
}
