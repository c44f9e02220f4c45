package emu

import (
	"time"

	"sockpair/errno"
)

// Msghdr is the argument of sendmsg and recvmsg. The slices are memory of the
// process; nil is a null pointer.
type Msghdr struct {
	// Name is the address, or for a receive the room for the sender's, as
	// struct sockaddr in Linux's layout. Namelen is set by a receive to the
	// address's true length; a negative one is refused with EINVAL, both only
	// where Name is not nil.
	Name    []byte
	Namelen int
	// Iov are the buffers.
	Iov [][]byte
	// Control are the control messages, or for a receive the room for
	// them. Controllen is set by a receive to the length of what came.
	Control    []byte
	Controllen int
	// Flags are set by a receive: MSG_EOR, MSG_TRUNC, MSG_CTRUNC, ...
	Flags int
}

// Mmsghdr is one message of sendmmsg and recvmmsg; Len is what sendmsg or
// recvmsg would have returned for it.
type Mmsghdr struct {
	Msghdr
	Len int
}

// maxSockaddr is the size of struct sockaddr_storage.
const maxSockaddr = 128

// Send sends b: a part of a stream, or one message, also an empty one.
//
// EBADF; ENOTSOCK; EOPNOTSUPP: MSG_OOB where there is none. Then the type's
// decision: see decideSendStream, decideSendDgram and decideSendSeqpacket for
// the errors in their order: EMSGSIZE, a pending error (ECONNRESET), EPIPE
// (with SIGPIPE on a stream, unless MSG_NOSIGNAL) [ST-06], EAGAIN, EINTR,
// EFAULT, ENOTCONN, ECONNREFUSED.
//
// Source: POSIX send(); Linux net/unix/af_unix.c.
func (p *Process) Send(fd int, b []byte, flags int) (int, error) {
	if p.sys.cfg.Observer != nil {
		return p.Sendto(fd, b, flags, nil)
	}
	return p.ret(p.sendTo(fd, sendFrom(b, flags), nil, 0))
}

// Sendto is Send with an address: EISCONN on a connected stream, ignored on a
// SOCK_SEQPACKET, looked up on a SOCK_DGRAM (EINVAL, ENOENT, ECONNREFUSED).
// A nil or empty address is none.
//
// EBADF; ENOTSOCK; EINVAL: an address longer than 128 bytes; then as Send.
func (p *Process) Sendto(fd int, b []byte, flags int, to []byte) (int, error) {
	return p.observe("sendto", func() []any {
		return []any{Fd(fd), Out(b), len(b), MsgFlags(flags), sockaddrArg(to), len(to)}
	}, func() (int, errno.Errno) {
		if len(to) > maxSockaddr {
			return minusOne(p.socketOr(fd, errno.EINVAL))
		}
		return p.sendTo(fd, sendFrom(b, flags), to, 0)
	})
}

// Sendmsg is Sendto from several buffers, with control messages.
//
// EINVAL: a flag that the personality reserves; EBADF; ENOTSOCK; EFAULT: m is
// nil; EINVAL: a negative length; EFAULT: a bad address; EMSGSIZE: more than
// IOV_MAX buffers; EOPNOTSUPP: control messages
// that carry descriptors or credentials (docs/divergences.md); then as Sendto.
func (p *Process) Sendmsg(fd int, m *Msghdr, flags int) (int, error) {
	return p.observe("sendmsg", func() []any { return []any{Fd(fd), m, MsgFlags(flags)} },
		func() (int, errno.Errno) { return p.sendmsg(fd, m, flags, 0) })
}

func (p *Process) sendmsg(fd int, m *Msghdr, flags int, nth int) (int, errno.Errno) {
	err := p.checkMsghdr(fd, m, flags)
	if err == 0 || err == errno.EMSGSIZE {
		err = m.checkSend()
	}
	if err != 0 {
		return -1, err
	}
	c := sendFromVec(m.Iov, flags)
	c.later = nth > 0
	c.anc, err = p.parseControl(m.Control)
	if err == errno.ENOBUFS {
		return -1, err // before the socket is looked at
	}
	return p.sendTo(fd, c, m.Name[:min(len(m.Name), maxSockaddr)], err)
}

// checkMsghdr is what sendmsg and recvmsg test before they look at the socket's state.
func (p *Process) checkMsghdr(fd int, m *Msghdr, flags int) errno.Errno {
	if flags&p.sys.rules.MsgFlagsReserved != 0 {
		return errno.EINVAL
	}
	if err := p.socketOr(fd, 0); err != 0 {
		return err
	}
	return m.check()
}

// check tests the header. Linux net/socket.c __copy_msghdr.
func (m *Msghdr) check() errno.Errno {
	switch {
	case m == nil:
		return errno.EFAULT
	case m.Name != nil && m.Namelen < 0:
		return errno.EINVAL
	case len(m.Iov) > IOV_MAX:
		return errno.EMSGSIZE
	case isBadVector(m.Iov):
		return errno.EFAULT
	}
	return 0
}

// checkSend is check for a send, which reads the address and the control messages too.
func (m *Msghdr) checkSend() errno.Errno {
	err := m.check()
	switch {
	case err == errno.EMSGSIZE && isBad(m.Name):
		return errno.EFAULT
	case err != 0:
		return err
	case isBad(m.Name), isBad(m.Control):
		return errno.EFAULT
	}
	return 0
}

// socketOr is err for a socket, else EBADF or ENOTSOCK.
func (p *Process) socketOr(fd int, err errno.Errno) errno.Errno {
	e, e0 := p.lockSocket(fd)
	if e0 != 0 {
		return e0
	}
	e.link.mu.Unlock()
	return err
}

// sendTo is a send with an address and the outcome of its control messages.
func (p *Process) sendTo(fd int, c sendCall, name []byte, control errno.Errno) (int, errno.Errno) {
	e, err := p.lockSocket(fd)
	if err != 0 {
		c.anc.abandon()
		return -1, err
	}
	return p.sendToLocked(e, &c, name, control)
}

func (p *Process) sendToLocked(e *end, c *sendCall, name []byte, control errno.Errno) (int, errno.Errno) {
	err := control
	switch {
	case e.typ == SOCK_SEQPACKET && e.pending != 0:
		err = 0 // it comes first: unix_seqpacket_sendmsg
	case err != 0:
	case c.flags&MSG_OOB != 0 && (e.typ != SOCK_STREAM || c.want == 0):
		err = errno.EOPNOTSUPP
	case len(name) > 0:
		err = e.address(c, name)
		fallthrough
	default:
		if err == 0 && e.typ != SOCK_STREAM && e.pass&passIdentity != 0 {
			e.autobind()
		}
	}
	if err != 0 {
		e.link.unlock()
		c.anc.abandon()
		return -1, err
	}
	return p.sendLocked(e, c)
}

// address applies an address given to a send.
// Linux net/unix/af_unix.c unix_stream_sendmsg, unix_validate_addr, unix_find_other.
func (e *end) address(c *sendCall, name []byte) errno.Errno {
	switch {
	case isBad(name):
		return errno.EFAULT
	case e.typ == SOCK_STREAM:
		return errno.EISCONN
	case e.typ == SOCK_SEQPACKET:
		return 0
	case len(name) <= sizeofFamily || len(name) > sizeofSockaddrUn || family(name) != AF_UNIX:
		return errno.EINVAL
	case name[sizeofFamily] == 0:
		c.lookup = errno.ECONNREFUSED // no abstract name is bound on this machine
	default:
		c.lookup = errno.ENOENT // nor is there a file
	}
	return 0
}

// Sendmmsg sends the messages in turn, at most IOV_MAX of them, and returns
// how many went: an error is returned only when the first fails. A message of
// which a stream took a part counts, and is the last.
//
// Source: Linux net/socket.c __sys_sendmmsg.
func (p *Process) Sendmmsg(fd int, msgs []Mmsghdr, flags int) (int, error) {
	return p.observe("sendmmsg", func() []any { return []any{Fd(fd), msgs, len(msgs), MsgFlags(flags)} },
		func() (int, errno.Errno) {
			if flags&p.sys.rules.MsgFlagsReserved != 0 {
				return -1, errno.EINVAL
			}
			if err := p.socketOr(fd, 0); err != 0 {
				return -1, err
			}
			for i := range msgs[:min(len(msgs), IOV_MAX)] {
				n, err := p.sendmsg(fd, &msgs[i].Msghdr, flags, i)
				if err != 0 {
					return partial(i, err)
				}
				msgs[i].Len = n
				if n < totalBytes(msgs[i].Iov) {
					return i + 1, 0
				}
			}
			return min(len(msgs), IOV_MAX), 0
		})
}

// partial is the count of what was done before err, or err if nothing was.
func partial(done int, err errno.Errno) (int, errno.Errno) {
	if done > 0 && err != errEnded {
		return done, 0
	}
	return -1, err
}

// Recv takes up to len(b) bytes: of the stream, or of one message, whose rest
// is lost [SQ-02] or kept [SQ-03] as the personality says.
//
// EBADF; ENOTSOCK; MSG_OOB: EINVAL on a stream, where no urgent byte is,
// EOPNOTSUPP on other types. Then the type's decision: see decideRecvStream, decideRecvDgram and decideRecvSeqpacket for
// the order of queued data, a pending error (ECONNRESET), end of file, EAGAIN
// and EINTR. EFAULT: a message type loses the message, a stream keeps it.
//
// Source: POSIX recv(); Linux net/unix/af_unix.c.
func (p *Process) Recv(fd int, b []byte, flags int) (int, error) {
	if p.sys.cfg.Observer != nil {
		return p.Recvfrom(fd, b, flags, nil, nil)
	}
	c := recvInto(b, flags)
	return p.ret(p.recvFrom(fd, &c))
}

// Recvfrom is Recv with room for the sender's address, of which up to
// *namelen bytes are stored and the true length is put into *namelen: 0, for
// the ends of a pair have no name. A nil name asks for none.
//
// As Recv; then, with the data gone, EFAULT: namelen is nil and name is not;
// EINVAL: *namelen is negative.
func (p *Process) Recvfrom(fd int, b []byte, flags int, name []byte, namelen *int) (int, error) {
	return p.observe("recvfrom", func() []any {
		return []any{Fd(fd), In(b), len(b), MsgFlags(flags), sockaddrArg(name), namelen}
	}, func() (int, errno.Errno) {
		c := recvInto(b, flags)
		n, err := p.recvFrom(fd, &c)
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
		if e.typ == SOCK_STREAM {
			c.err = 0
			e.recvUrgent(c)
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
	return p.observe("recvmsg", func() []any { return []any{Fd(fd), m, MsgFlags(flags)} },
		func() (int, errno.Errno) {
			if err := p.checkMsghdr(fd, m, flags); err != 0 {
				return -1, err
			}
			e, err := p.lockSocket(fd)
			if err != 0 {
				return -1, err
			}
			return p.recvmsgLocked(e, m, flags, 0)
		})
}

func (p *Process) recvmsgLocked(e *end, m *Msghdr, flags int, nth int) (int, errno.Errno) {
	c := recvIntoVec(m.Iov, flags)
	c.later = nth > 0
	n, err := p.recvFromLocked(e, &c)
	if err != 0 {
		c.got.close()
		return -1, err
	}
	m.Controllen = 0
	if m.Name != nil {
		m.Namelen = 0
	}
	m.Flags = c.msgFlags
	if m.Name != nil {
		copy(m.Name, c.from)
		m.Namelen = len(c.from)
	}
	p.store(m, c.got, flags)
	if p.sys.rules.CloexecEcho {
		m.Flags |= flags & MSG_CMSG_CLOEXEC
	}
	return n, 0
}

// Recvmmsg receives into the messages in turn, at most IOV_MAX of them, and
// returns how many came: an error is returned only when there was none, else
// it is left pending, EAGAIN apart. MSG_WAITFORONE makes the messages after the
// first non-blocking. The time-out, when not nil, is looked at after each
// message and does not end one that waits.
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
	msgs = msgs[:min(len(msgs), IOV_MAX)]
	for i := range msgs {
		n, err := p.recvOneOf(e, &msgs[i].Msghdr, flags, i)
		if err != 0 {
			e.keepError(i, err)
			return partial(i, err)
		}
		msgs[i].Len = n
		if flags&MSG_WAITFORONE != 0 {
			flags |= MSG_DONTWAIT
		}
		if !deadline.IsZero() && !p.sys.seam.clock.Now().Before(deadline) {
			return i + 1, 0
		}
	}
	return len(msgs), 0
}

// keepError leaves the error that ended a recvmmsg after some messages pending.
// An interruption is kept only with a time-out set (docs/divergences.md).
func (e *end) keepError(done int, err errno.Errno) {
	if done == 0 || err == errno.EAGAIN || err == errEnded {
		return
	}
	e.link.mu.Lock()
	if err != errno.EINTR || e.recvTimeout() != 0 {
		e.pending = err
		e.events |= stateChanged
	}
	e.link.unlock()
}

func (p *Process) recvOneOf(e *end, m *Msghdr, flags int, nth int) (int, errno.Errno) {
	if err := m.check(); err != 0 {
		return -1, err
	}
	e.link.mu.Lock()
	return p.recvmsgLocked(e, m, flags&^MSG_WAITFORONE, nth)
}
