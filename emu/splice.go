package emu

import (
	"math"

	"sockpair/errno"
)

// splice, tee and sendfile: calls that move data between descriptors.

// Flags of Splice and Tee.
const (
	SPLICE_F_MOVE     = 1
	SPLICE_F_NONBLOCK = 2 // do not wait for the pipe
	SPLICE_F_MORE     = 4
	SPLICE_F_GIFT     = 8

	spliceKnown = SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT
)

// spliceCall is a splice, tee or sendfile in progress. The descriptions are
// kept for its length.
type spliceCall struct {
	pipeCall
	in, out *file
	len     int
	nowait  bool // it does not wait for a pipe
	pipe    bool // SIGPIPE is due
}

// Splice moves up to length bytes from in to out, one of which is a pipe. Into
// a SOCK_STREAM go segments of up to 16 buffers each, into another socket
// messages; from a SOCK_STREAM comes what a receive would give, from another
// socket one message, of which what the pipe has no room for is lost. What
// comes beside the bytes is lost. 0 is end of file.
//
// The value 0: length is 0. EINVAL: unknown flags; EBADF; ESPIPE: an offset
// for a pipe; EBADF: in is not open for reading or out for writing; EINVAL:
// neither is a pipe, both are the same, an offset for a socket, O_APPEND on a
// socket, length < 0 for a socket, or what is no pipe is no socket either. Then
// EPIPE and SIGPIPE, EAGAIN, EINTR, or as Recv and Send.
//
// Source: Linux fs/splice.c __do_splice, do_splice.
func (p *Process) Splice(in int, inOff *int64, out int, outOff *int64, length, flags int) (int, error) {
	return p.observe("splice", func() []any {
		return []any{Fd(in), Offset{inOff}, Fd(out), Offset{outOff}, length, SpliceFlags(flags)}
	}, func() (int, errno.Errno) {
		switch {
		case length == 0:
			return 0, 0
		case flags&^spliceKnown != 0:
			return -1, errno.EINVAL
		}
		c := spliceCall{pipeCall: pipeCall{p: p}, len: length, nowait: flags&SPLICE_F_NONBLOCK != 0}
		return c.run(in, out, func() (int, errno.Errno) { return c.splice(inOff, outOff) })
	})
}

// Tee copies up to length bytes from the beginning of one pipe to the end of
// another. 0 is end of file.
//
// EINVAL: unknown flags. The value 0: length is 0. EBADF, also when in is not
// open for reading or out for writing; EINVAL: one is no pipe, or both are the
// same; EAGAIN; EPIPE and SIGPIPE; EINTR.
//
// Source: Linux fs/splice.c do_tee.
func (p *Process) Tee(in, out, length, flags int) (int, error) {
	return p.observe("tee", func() []any { return []any{Fd(in), Fd(out), length, SpliceFlags(flags)} },
		func() (int, errno.Errno) {
			switch {
			case flags&^spliceKnown != 0:
				return -1, errno.EINVAL
			case length == 0:
				return 0, 0
			}
			c := spliceCall{pipeCall: pipeCall{p: p}, len: length, nowait: flags&SPLICE_F_NONBLOCK != 0}
			return c.run(in, out, c.tee)
		})
}

// Sendfile moves up to count bytes from in to out. Since in must be a file
// with a position, which nothing here is but a foreign one, whose bytes the
// machine does not know, it works from a socket to a pipe alone, as Splice.
//
// EBADF: in is not open for reading; ESPIPE: an offset; EINVAL: count < 0;
// EBADF: out is not open for writing; EINVAL: out is no pipe, unless count is 0
// and in has a position, as an epoll instance has. Then EPIPE and SIGPIPE, or
// EAGAIN; the value 0: count is 0; EINVAL: in is no socket; then as Recv.
//
// Source: Linux fs/read_write.c do_sendfile; POSIX has none.
func (p *Process) Sendfile(out, in int, offset *int64, count int) (int, error) {
	return p.observe("sendfile", func() []any { return []any{Fd(out), Fd(in), Offset{offset}, count} },
		func() (int, errno.Errno) { return p.sendfile(out, in, offset, count) })
}

func (p *Process) sendfile(out, in int, offset *int64, count int) (int, errno.Errno) {
	f, err := p.use(in)
	if err != 0 {
		return -1, err
	}
	defer f.leave()
	switch {
	case f.access() == O_WRONLY:
		return -1, errno.EBADF
	case offset != nil && f.traits().position == errno.ESPIPE:
		return -1, errno.ESPIPE
	case count < 0:
		return -1, errno.EINVAL
	}
	g, err := p.use(out)
	if err != 0 {
		return -1, err
	}
	defer g.leave()
	to, toPipe := g.thing().(*pipeEnd)
	switch {
	case g.access() == O_RDONLY:
		return -1, errno.EBADF
	case !toPipe && count == 0 && f.traits().seek == 0 && !g.flagged(O_APPEND):
		return 0, 0
	case !toPipe:
		return -1, errno.EINVAL
	}
	c := spliceCall{pipeCall: pipeCall{p: p}, in: f, out: g, len: count, nowait: g.flagged(O_NONBLOCK)}
	return c.raise(c.toPipe(to))
}

// run finds the descriptions and does the call. EBADF.
func (c *spliceCall) run(in, out int, call func() (int, errno.Errno)) (int, errno.Errno) {
	var err errno.Errno
	if c.in, err = c.p.use(in); err != 0 {
		return -1, err
	}
	defer c.in.leave()
	if c.out, err = c.p.use(out); err != 0 {
		return -1, err
	}
	defer c.out.leave()
	return c.raise(call())
}

// raise ends the call: SIGPIPE may be due.
func (c *spliceCall) raise(n int, err errno.Errno) (int, errno.Errno) {
	if c.pipe {
		c.p.raise(SIGPIPE)
	}
	return n, err
}

func (c *spliceCall) splice(inOff, outOff *int64) (int, errno.Errno) {
	from, fromPipe := c.in.thing().(*pipeEnd)
	to, toPipe := c.out.thing().(*pipeEnd)
	switch {
	case fromPipe && inOff != nil, toPipe && outOff != nil:
		if fromPipe && inOff == nil {
			from.markCopied()
		}
		return -1, errno.ESPIPE
	}
	if fromPipe {
		from.markCopied()
	}
	if toPipe {
		to.markCopied()
	}
	switch {
	case c.in.access() == O_WRONLY || c.out.access() == O_RDONLY:
		return -1, errno.EBADF
	case fromPipe && toPipe:
		return c.pipeToPipe(from, to)
	case !fromPipe && !toPipe, inOff != nil, outOff != nil, c.len < 0:
		return -1, errno.EINVAL
	case fromPipe:
		c.nowait = c.nowait || c.in.flagged(O_NONBLOCK)
		if c.out.end == nil || c.out.flagged(O_APPEND) {
			return -1, errno.EINVAL
		}
		return c.toSocket(from, c.out.end)
	}
	c.nowait = c.nowait || c.out.flagged(O_NONBLOCK)
	return c.toPipe(to)
}

// markCopied: from now on RWF_NOWAIT does not work on the end. Linux pipe_clear_nowait.
func (e *pipeEnd) markCopied() {
	e.lock.Lock()
	e.copied = true
	e.lock.Unlock()
}

// flagged reports whether a status flag is set.
func (f *file) flagged(flag int) bool {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.status&flag != 0
}

// access is the access mode of a description whose lock is not held.
func (f *file) access() int {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.status & O_ACCMODE
}

// length is how many bytes are asked for; pipes take a negative number for a
// very large one.
func (c *spliceCall) length() int {
	if c.len < 0 {
		return math.MaxInt
	}
	return c.len
}
