package emu

import "sockpair/errno"

// read and write, and their vectors: the calls that work on any descriptor.

// Read takes up to len(b) bytes [ST-03]. 0 is end of file, or an empty
// message. A b of no bytes returns 0 without looking at the socket.
//
// EBADF; EINVAL: fd has no data; then as Recv with no flags.
//
// Source: POSIX read(); Linux net/socket.c sock_read_iter.
func (p *Process) Read(fd int, b []byte) (int, error) {
	if e := p.lockShort(fd, b); e != nil {
		n, over := e.recvPlain(b)
		var err errno.Errno
		if !over && e.mustWait() {
			c, dozes := p.waitPlain(e, fd, b)
			if dozes {
				c.cond.Wait() // here, not deeper: see there
			}
			n, err = p.waitedPlain(c, dozes)
			over = true
		}
		switch {
		case over && err == 0 && !p.isDue():
			return n, nil
		case over && err != errRestart:
			return p.ret(n, err)
		case !over:
			e.link.mu.Unlock()
		}
	}
	return p.observe("read", func() []any { return []any{Fd(fd), In(b), len(b)} },
		func() (int, errno.Errno) { return p.read(fd, recvInto(fd, b, 0)) })
}

// lockShort locks the socket of a call that may take the short way with b, and
// returns it; nil: the call has something else to look at first.
func (p *Process) lockShort(fd int, b []byte) *end {
	if p.proc.attention.Load()&(due|observed) != 0 || len(b) == 0 || isBad(b) {
		return nil
	}
	f := p.proc.files.Get(fd)
	if f == nil || f.end == nil {
		return nil
	}
	f.end.link.mu.Lock()
	return f.end
}

// shortRecv is the short way of a receive that does not wait: if it is false
// nothing has happened.
func (p *Process) shortRecv(fd int, b []byte) (n int, received bool) {
	e := p.lockShort(fd, b)
	if e == nil {
		return 0, false
	}
	if n, received = e.recvPlain(b); !received {
		e.link.mu.Unlock()
	}
	return n, received
}

// shortSend is the short way of a send: if it is false nothing has happened.
func (p *Process) shortSend(fd int, b []byte) (sent bool) {
	e := p.lockShort(fd, b)
	if e == nil {
		return false
	}
	if sent = e.sendPlain(b); !sent {
		e.link.mu.Unlock()
	}
	return sent
}

// isDue reports whether a call that returns has something to look at first.
func (p *Process) isDue() bool { return p.proc.attention.Load()&due != 0 }

// done is ret for a call that has moved bytes.
func (p *Process) done(n int) (int, error) {
	if p.isDue() {
		return p.ret(n, 0)
	}
	return n, nil
}

// Readv is Read into several buffers in turn.
//
// EBADF; EINVAL: fd has no data, or more than IOV_MAX buffers; then as Read.
//
// Source: POSIX readv().
func (p *Process) Readv(fd int, bufs [][]byte) (int, error) {
	return p.observe("readv", func() []any { return []any{Fd(fd), InVec(bufs), len(bufs)} },
		func() (int, errno.Errno) { return p.readv(fd, bufs, 0) })
}

// readv is Readv with the flags of preadv2.
func (p *Process) readv(fd int, bufs [][]byte, flags RwFlags) (int, errno.Errno) {
	if err := p.canMove(fd, (*file).mayRead, (*traits).reads); err != 0 {
		return -1, err
	}
	if err := checkVector(bufs); err != 0 || totalBytes(bufs) == 0 {
		return minusOne(err)
	}
	if err := flags.check(); err != 0 {
		return -1, err
	}
	c := recvIntoVec(fd, bufs, 0)
	c.nonblock = flags&RWF_NOWAIT != 0
	return p.read(fd, c)
}

// checkVector tests the vector of readv and writev itself. EINVAL: it is too long; EFAULT.
func checkVector(bufs [][]byte) errno.Errno {
	switch {
	case len(bufs) > IOV_MAX:
		return errno.EINVAL
	case isBadVector(bufs):
		return errno.EFAULT
	}
	return 0
}

// canMove says whether a vector can be read or written on fd's description at all.
// EBADF: fd is not open, or not open for that; EINVAL: fd is foreign, or of a
// kind that has no such call.
func (p *Process) canMove(fd int, may func(*file) bool, has func(*traits) bool) errno.Errno {
	f, err := p.lockFile(fd)
	if err != 0 {
		return err
	}
	defer f.lock.Unlock()
	switch {
	case !may(f):
		return errno.EBADF
	case f.end == nil && (f.object == nil || !has(f.traits())):
		return errno.EINVAL
	}
	return 0
}

// read takes c and gives it back.
func (p *Process) read(fd int, c *recvCall) (n int, err errno.Errno) {
	f, err := p.lockFile(fd)
	switch {
	case err != 0:
		n = -1
	case f.end == nil:
		n, err = p.readObject(f, c)
	case c.want == 0:
		f.lock.Unlock()
	default:
		n, err = p.recvLocked(f.end, c)
	}
	c.free()
	return n, err
}

// open is err for an open descriptor and EBADF for another.
func (p *Process) open(fd int, err errno.Errno) errno.Errno {
	if p.proc.files.Get(fd) == nil {
		return p.noDescriptor()
	}
	return err
}

// Write sends b [ST-03]: a part of a stream, or one message. A blocking
// write to a stream returns when all is queued; a non-blocking one queues
// what there is room for.
//
// EBADF; EINVAL: fd has no data; then as Send with no flags.
//
// Source: POSIX write(); Linux net/socket.c sock_write_iter.
func (p *Process) Write(fd int, b []byte) (int, error) {
	if e := p.lockShort(fd, b); e != nil {
		if e.sendPlain(b) {
			if p.isDue() { // as done, without its call
				return p.ret(len(b), 0)
			}
			return len(b), nil
		}
		e.link.mu.Unlock()
	}
	return p.observe("write", func() []any { return []any{Fd(fd), Out(b), len(b)} },
		func() (int, errno.Errno) { return p.write(fd, sendFrom(fd, b, 0)) })
}

// Writev is Write from several buffers as if they were one. Of no bytes in
// all it sends nothing, not even an empty message.
//
// EBADF; EINVAL: fd has no data, or more than IOV_MAX buffers; then as Write.
//
// Source: POSIX writev(); Linux fs/read_write.c do_iter_readv_writev.
func (p *Process) Writev(fd int, bufs [][]byte) (int, error) {
	return p.observe("writev", func() []any { return []any{Fd(fd), OutVec(bufs), len(bufs)} },
		func() (int, errno.Errno) { return p.writev(fd, bufs, 0) })
}

// writev is Writev with the flags of pwritev2.
func (p *Process) writev(fd int, bufs [][]byte, flags RwFlags) (int, errno.Errno) {
	if err := p.canMove(fd, (*file).mayWrite, (*traits).writes); err != 0 {
		return -1, err
	}
	if err := checkVector(bufs); err != 0 || totalBytes(bufs) == 0 {
		return minusOne(err)
	}
	if f := p.proc.files.Get(fd); f != nil && f.traits().loops {
		return p.writeEach(fd, bufs, flags)
	}
	if err := flags.check(); err != 0 {
		return -1, err
	}
	c := sendFromVec(fd, bufs, 0)
	c.nonblock = flags&RWF_NOWAIT != 0
	if flags&RWF_NOSIGNAL != 0 {
		c.flags |= MSG_NOSIGNAL
	}
	return p.write(fd, c)
}

// writeEach is writev on a file that has no vectors: a write for each buffer,
// until one does not write all of it.
// EOPNOTSUPP: flags. Linux fs/read_write.c do_loop_readv_writev.
func (p *Process) writeEach(fd int, bufs [][]byte, flags RwFlags) (int, errno.Errno) {
	if flags&^RWF_HIPRI != 0 {
		return -1, errno.EOPNOTSUPP
	}
	total := 0
	for _, b := range bufs {
		n, err := p.write(fd, sendFrom(fd, b, 0))
		if err != 0 {
			if total == 0 {
				return -1, err
			}
			break
		}
		total += n
		if n < len(b) {
			break
		}
	}
	return total, 0
}

// write takes c and gives it back.
func (p *Process) write(fd int, c *sendCall) (n int, err errno.Errno) {
	f, err := p.lockFile(fd)
	switch {
	case err != 0:
		n = -1
	case f.end == nil:
		n, err = p.writeObject(f, c)
	default:
		n, err = p.sendLocked(f.end, c, nil)
	}
	c.free()
	return n, err
}
