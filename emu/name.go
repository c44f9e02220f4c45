package emu

import (
	"fmt"

	"sockpair/errno"
)

// Addresses of AF_UNIX in the layout of Linux: two bytes of family, then the
// path. The ends of a pair are unnamed: the family alone [SP-01].

const (
	sizeofFamily     = 2
	sizeofSockaddrUn = 110
)

func family(name []byte) int { return int(name[0]) | int(name[1])<<8 }

// address is the end's name, of one that has none the family alone.
func (e *end) sockaddr() []byte {
	if e.name == nil {
		return []byte{AF_UNIX, 0}
	}
	return e.name
}

// autobind gives an end without a name an abstract one: five digits of a
// counter. Linux net/unix/af_unix.c unix_autobind, which a send on a message
// type does when its socket has SO_PASSCRED or SO_PASSPIDFD.
func (e *end) autobind() {
	if e.name == nil {
		n := e.sys.autobound.Add(1) & 0xfffff
		e.name = append([]byte{AF_UNIX, 0, 0}, fmt.Sprintf("%05x", n)...)
	}
}

// storeName copies an address into the caller's room as far as it goes and
// puts the true length into *room.
// EFAULT: room is nil, or to is needed and bad. EINVAL: *room is negative.
// Linux net/socket.c move_addr_to_user.
func storeName(name, to []byte, room *int) errno.Errno {
	switch {
	case room == nil:
		return errno.EFAULT
	case *room < 0:
		return errno.EINVAL
	}
	n := min(*room, len(name))
	if n > 0 && (len(to) < n || isBad(to)) {
		return errno.EFAULT
	}
	copy(to, name[:n])
	*room = len(name)
	return 0
}

// sockaddrArg is an address as the argument of an event.
func sockaddrArg(name []byte) any {
	if name == nil {
		return Null{}
	}
	return Sockaddr(name)
}

// Sockaddr is an address as the argument of an event.
type Sockaddr []byte

// Getsockname stores the socket's own address: up to *namelen bytes into
// name, the true length into *namelen. It is unnamed: the family alone.
//
// EBADF; ENOTSOCK; EFAULT: namelen is nil, or name is bad; EINVAL: *namelen is negative.
//
// Source: POSIX getsockname().
func (p *Process) Getsockname(fd int, name []byte, namelen *int) error {
	return p.observe1("getsockname", func() []any { return []any{Fd(fd), Sockaddr(name), namelen} },
		func() errno.Errno {
			e, err := p.lockSocket(fd)
			if err != 0 {
				return err
			}
			own := e.sockaddr()
			e.link.unlock()
			return storeName(own, name, namelen)
		})
}

// Getpeername stores the address of the other end. It is there also after
// shutdown, and after the other end's close until a SOCK_DGRAM has found out.
//
// EBADF; ENOTSOCK; ENOTCONN: a SOCK_DGRAM that has lost its peer; EFAULT; EINVAL.
//
// Source: POSIX getpeername(); Linux net/unix/af_unix.c unix_getname.
func (p *Process) Getpeername(fd int, name []byte, namelen *int) error {
	return p.observe1("getpeername", func() []any { return []any{Fd(fd), Sockaddr(name), namelen} },
		func() errno.Errno {
			e, err := p.lockSocket(fd)
			if err != 0 {
				return err
			}
			gone, its := e.gone, e.peer.sockaddr()
			e.link.unlock()
			if gone {
				return errno.ENOTCONN
			}
			return storeName(its, name, namelen)
		})
}
