package emu

import (
	"sockpair/errno"
)

// The calls that send: their arguments, addresses and control messages.

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
	if flags&^(MSG_NOSIGNAL|MSG_DONTWAIT) == 0 && p.shortSend(fd, b) {
		return p.done(len(b))
	}
	return p.Sendto(fd, b, flags, nil)
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
		return p.sendTo(fd, sendFrom(fd, b, flags), to, 0)
	})
}

// Sendmsg is Sendto from several buffers, with control messages.
//
// EINVAL: a flag that the personality reserves; EBADF; ENOTSOCK; EFAULT: m is
// nil; EINVAL: a negative length; EFAULT: a bad address; EMSGSIZE: more than
// IOV_MAX buffers; of the control messages ENOBUFS, EFAULT, EINVAL, EBADF, EPERM
// and ESRCH (a SOCK_SEQPACKET's pending error comes first); then as Sendto, and
// at last ETOOMANYREFS and EPERM of SO_PASSRIGHTS.
func (p *Process) Sendmsg(fd int, m *Msghdr, flags int) (int, error) {
	if p.proc.attention.Load()&(due|observed) == 0 {
		if n, sent := p.sendmsgPlain(fd, m, flags); sent {
			return p.done(n)
		}
	}
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
	anc, err := p.parseControl(m.Control)
	if err == errno.ENOBUFS {
		return -1, err // before the socket is looked at
	}
	c := sendFromVec(fd, m.Iov, flags)
	c.later, c.anc = nth > 0, anc
	return p.sendTo(fd, c, m.Name[:min(len(m.Name), maxSockaddr)], err)
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

// sendTo is a send with an address and the outcome of its control messages. It
// takes c and gives it back.
func (p *Process) sendTo(fd int, c *sendCall, name []byte, control errno.Errno) (n int, err errno.Errno) {
	e, err := p.lockSocket(fd)
	if err != 0 {
		c.anc.abandon()
		n = -1
	} else {
		n, err = p.sendToLocked(e, c, name, control)
	}
	c.free()
	return n, err
}

func (p *Process) sendToLocked(e *end, c *sendCall, name []byte, control errno.Errno) (int, errno.Errno) {
	err := control
	switch {
	case isBad(name):
		err = errno.EFAULT
	case e.typ == SOCK_SEQPACKET && (e.pending != 0 || e.peer == nil):
		name, err = nil, 0 // they come first: unix_seqpacket_sendmsg
	case err != 0:
	case c.flags&MSG_OOB != 0 && (e.typ != SOCK_STREAM || c.want == 0):
		err = errno.EOPNOTSUPP
	case len(name) > 0:
		name, err = e.takesName(name)
	}
	if err != 0 {
		e.link.unlock()
		c.anc.abandon()
		return -1, err
	}
	return p.sendLocked(e, c, name)
}

// takesName is what a send makes of an address: a SOCK_DGRAM goes there, a
// SOCK_SEQPACKET ignores it.
// EISCONN: a SOCK_STREAM that is connected; EOPNOTSUPP or ENOTCONN: one that is not; EINVAL: a
// malformed address. Linux net/unix/af_unix.c unix_stream_sendmsg, unix_dgram_sendmsg.
func (e *end) takesName(name []byte) ([]byte, errno.Errno) {
	switch {
	case e.typ == SOCK_STREAM && e.established():
		return nil, errno.EISCONN
	case e.typ == SOCK_STREAM:
		return nil, e.rules().Addresses.SendToApart
	case e.typ == SOCK_SEQPACKET:
		return nil, 0
	}
	return name, e.rules().checkName(name)
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
