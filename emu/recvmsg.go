package emu

import (
	"time"

	"sockpair/errno"
)

// The calls that receive: their arguments and what they store beside the bytes.

// Recv takes up to len(b) bytes: of the stream, or of one message, whose rest
// is lost [SQ-02] or kept [SQ-03] as the personality says.
//
// EBADF; ENOTSOCK; MSG_OOB: EINVAL on a stream, where no urgent byte is,
// EOPNOTSUPP on other types. Then the type's decision: see decideRecvStream,
// decideRecvDgram and decideRecvSeqpacket for the order of queued data, a
// pending error (ECONNRESET), end of file, EAGAIN and EINTR. EFAULT: a message
// type loses the message, a stream keeps it.
//
// Source: POSIX recv(); Linux net/unix/af_unix.c.
func (p *Process) Recv(fd int, b []byte, flags int) (int, error) {
	if flags&^MSG_DONTWAIT == 0 {
		if n, received := p.shortRecv(fd, b); received {
			return p.done(n)
		}
	}
	return p.Recvfrom(fd, b, flags, nil, nil)
}

// Recvfrom is Recv with room for the sender's address, of which up to
// *namelen bytes are stored and the true length is put into *namelen: 0 where
// the sender has no name, as the ends of a pair. A nil name asks for none.
//
// As Recv; then, with the data gone, EFAULT: namelen is nil and name is not;
// EINVAL: *namelen is negative.
func (p *Process) Recvfrom(fd int, b []byte, flags int, name []byte, namelen *int) (int, error) {
	return p.observe("recvfrom", func() []any {
		return []any{Fd(fd), In(b), len(b), MsgFlags(flags), sockaddrArg(name), namelen}
	}, func() (int, errno.Errno) {
		c := recvInto(fd, b, flags)
		defer c.free()
		n, err := p.recvFrom(fd, c)
		if err == 0 && name != nil {
			err = storeName(c.from, name, namelen)
		}
		if err != 0 {
			return -1, err
		}
		return n, 0
	})
}

func (p *Process) recvFrom(fd int, c *recvCall) (int, errno.Errno) {
	e, err := p.lockSocket(fd)
	if err != 0 {
		return -1, err
	}
	n, err := p.recvFromLocked(e, c)
	c.got.close()
	return n, err
}

func (p *Process) recvFromLocked(e *end, c *recvCall) (int, errno.Errno) {
	if c.flags&MSG_OOB != 0 {
		c.length, c.err = -1, errno.EOPNOTSUPP
		switch {
		case e.typ == SOCK_STREAM:
			c.err = 0
			e.recvUrgent(c)
		case e.connectionMode() && !e.established():
			c.err = errno.ENOTCONN
		}
		e.link.unlock()
		return c.result()
	}
	return p.recvAll(e, c)
}

// Recvmsg is Recvfrom into several buffers, with room for control messages.
// On success Namelen, Controllen and Flags of m are set; on failure m is as it was.
//
// EINVAL: a flag that the personality reserves; EBADF; ENOTSOCK; EFAULT: m is
// nil; EINVAL: a negative length; EMSGSIZE: more than IOV_MAX buffers; then as
// Recv.
func (p *Process) Recvmsg(fd int, m *Msghdr, flags int) (int, error) {
	if p.proc.attention.Load()&(due|observed) == 0 {
		if n, received := p.recvmsgPlain(fd, m, flags); received {
			return p.done(n)
		}
	}
	return p.observe("recvmsg", func() []any { return []any{Fd(fd), m, MsgFlags(flags)} },
		func() (int, errno.Errno) {
			if err := p.checkMsghdr(fd, m, flags); err != 0 {
				return -1, err
			}
			e, err := p.lockSocket(fd)
			if err != 0 {
				return -1, err
			}
			n, left, err := p.recvmsgLocked(e, m, flags, 0)
			left.close()
			return n, err
		})
}

// recvmsgLocked is a recvmsg on a locked end, which it unlocks; nth counts the
// messages of a recvmmsg. left are descriptions that found no place: they are
// closed when the system call is over, as Linux does it.
func (p *Process) recvmsgLocked(e *end, m *Msghdr, flags, nth int) (n int, left *received, err errno.Errno) {
	c := recvIntoVec(-1, m.Iov, flags)
	defer c.free()
	c.later = nth > 0
	n, err = p.recvFromLocked(e, c)
	if err != 0 {
		return -1, c.got, err
	}
	m.Controllen = 0
	m.Flags = c.msgFlags
	if m.Name != nil {
		copy(m.Name, c.from)
		m.Namelen = len(c.from)
	}
	p.store(m, c.got, flags)
	m.Flags |= p.echo(flags)
	return n, c.got, 0
}

// Recvmmsg receives into the messages in turn, at most IOV_MAX of them, and
// returns how many came: an error is returned only when there was none, else
// it is left pending, EAGAIN apart. MSG_WAITFORONE makes the messages after the
// first non-blocking. The time-out, when not nil, is looked at after each
// message and does not end one that waits. An urgent byte is the last.
//
// EINVAL: a negative time-out, or a flag that the personality reserves; EBADF;
// ENOTSOCK; a pending error, which on every type comes before the queue; then
// as Recvmsg.
//
// Source: Linux net/socket.c do_recvmmsg.
func (p *Process) Recvmmsg(fd int, msgs []Mmsghdr, flags int, timeout *time.Duration) (int, error) {
	return p.observe("recvmmsg", func() []any { return []any{Fd(fd), msgs, len(msgs), MsgFlags(flags), timeout} },
		func() (int, errno.Errno) { return p.recvmmsg(fd, msgs, flags, timeout) })
}

func (p *Process) recvmmsg(fd int, msgs []Mmsghdr, flags int, timeout *time.Duration) (int, errno.Errno) {
	var deadline time.Time
	if timeout != nil {
		if *timeout < 0 {
			return -1, errno.EINVAL
		}
		deadline = p.sys.seam.clock.Now().Add(*timeout)
	}
	if flags&p.sys.rules.MsgFlagsReserved != 0 {
		return -1, errno.EINVAL
	}
	e, err := p.lockSocket(fd)
	if err != 0 {
		return -1, err
	}
	e.enter() // the description stays the same for all messages
	defer e.leave()
	if err = e.pending; err != 0 && flags&MSG_ERRQUEUE == 0 {
		e.pending = 0
		e.link.unlock()
		return -1, err
	}
	e.link.unlock()
	return p.recvEach(e, msgs[:min(len(msgs), IOV_MAX)], flags, deadline)
}

// recvEach is the loop of recvmmsg.
func (p *Process) recvEach(e *end, msgs []Mmsghdr, flags int, deadline time.Time) (int, errno.Errno) {
	var lefts []*received
	defer func() {
		for _, left := range lefts {
			left.close()
		}
	}()
	for i := range msgs {
		m := &msgs[i]
		n, left, err := p.recvNth(e, &m.Msghdr, flags&^MSG_WAITFORONE, i)
		if left != nil && len(left.files) > 0 {
			left.keep()
			lefts = append(lefts, left)
		}
		if err != 0 {
			e.keepError(i, err)
			return partial(i, err)
		}
		m.Len = n
		if flags&MSG_WAITFORONE != 0 {
			flags |= MSG_DONTWAIT
		}
		late := !deadline.IsZero() && !p.sys.seam.clock.Now().Before(deadline)
		if late || m.Flags&MSG_OOB != 0 {
			return i + 1, 0
		}
	}
	return len(msgs), 0
}

// keepError leaves the error that ended a recvmmsg after some messages pending.
// It wakes nobody, and is no event: Linux net/socket.c do_recvmmsg only stores it.
// An interruption is kept only with a time-out set (docs/divergences.md).
func (e *end) keepError(done int, err errno.Errno) {
	if done == 0 || err == errno.EAGAIN || err == errEnded {
		return
	}
	e.link.mu.Lock()
	if err != errno.EINTR || e.recvTimeout() != 0 {
		e.pending, e.untold = err, true
	}
	e.link.unlock()
}

func (p *Process) recvNth(e *end, m *Msghdr, flags, nth int) (int, *received, errno.Errno) {
	if err := m.check(); err != 0 {
		return -1, nil, err
	}
	e.link.mu.Lock()
	return p.recvmsgLocked(e, m, flags, nth)
}
