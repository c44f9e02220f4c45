package emu

import (
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

// socketOr is err for a socket, else EBADF or ENOTSOCK.
func (p *Process) socketOr(fd int, err errno.Errno) errno.Errno {
	e, e0 := p.lockSocket(fd)
	if e0 != 0 {
		return e0
	}
	e.link.mu.Unlock()
	return err
}

// partial is the count of what was done before err, or err if nothing was.
func partial(done int, err errno.Errno) (int, errno.Errno) {
	if done > 0 && err != errEnded {
		return done, 0
	}
	return -1, err
}
