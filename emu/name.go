package emu

import (
	"bytes"
	"fmt"
	"sync"

	"sockpair/errno"
)

// Addresses of AF_UNIX in the layout of Linux: two bytes of family, then the
// path, which ends at a NUL; one that begins with a NUL is an abstract name,
// whose every byte counts. The ends of a pair are unnamed: the family alone [SP-01].

const (
	sizeofFamily     = 2
	sizeofSockaddrUn = 110
)

func family(name []byte) int { return int(name[0]) | int(name[1])<<8 }

// address is what a socket is bound to. It does not change.
type address struct {
	name []byte // as getsockname shows it
	node *inode // of a path; nil: an abstract name
}

// address is the socket's name, nil for none.
func (e *end) address() []byte {
	if a := e.name.Load(); a != nil {
		return a.name
	}
	return nil
}

// sockaddr is the socket's name, of one that has none the family alone.
func (e *end) sockaddr() []byte {
	if name := e.address(); name != nil {
		return name
	}
	return []byte{AF_UNIX, 0}
}

// checkName tests the form of an address.
// EINVAL: shorter or longer than an address is; WrongFamily: another family.
// Linux net/unix/af_unix.c unix_validate_addr.
func (r *Personality) checkName(name []byte) errno.Errno {
	switch {
	case len(name) <= sizeofFamily || len(name) > sizeofSockaddrUn:
		return errno.EINVAL
	case family(name) != AF_UNIX:
		return r.Addresses.WrongFamily
	}
	return 0
}

// isAbstract reports whether an address that is well-formed is an abstract name.
func (r *Personality) isAbstract(name []byte) bool {
	return r.Addresses.Abstract && name[sizeofFamily] == 0
}

// pathOf is the path of an address: up to a NUL.
func pathOf(name []byte) string {
	path := name[sizeofFamily:]
	if i := bytes.IndexByte(path, 0); i >= 0 {
		path = path[:i]
	}
	return string(path)
}

// pathAddress is how an address with a path is stored: with one NUL at its end.
// Linux net/unix/af_unix.c unix_mkname_bsd.
func pathAddress(path string) []byte {
	return append(append([]byte{AF_UNIX, 0}, path...), 0)
}

// abstractNames are the machine's abstract names. Each type has its own. Its
// lock is a leaf.
type abstractNames struct {
	mu    sync.Mutex
	bound map[abstractName]*end
	last  uint32 // given out by autobind
}

type abstractName struct {
	typ  int
	name string
}

// bind gives e the abstract name, unless another socket has it.
func (n *abstractNames) bind(e *end, name []byte) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	key := abstractName{int(e.typ), string(name)}
	if n.bound[key] != nil {
		return false
	}
	if n.bound == nil {
		n.bound = make(map[abstractName]*end)
	}
	n.bound[key] = e
	return true
}

func (n *abstractNames) find(typ int, name []byte) *end {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.bound[abstractName{typ, string(name)}]
}

// unbind takes the name of a socket that is closed away from it: an abstract
// one is free, a path stays and leads nowhere. The socket's lock is held.
func (n *abstractNames) unbind(e *end) {
	a := e.name.Load()
	switch {
	case a == nil:
	case a.node != nil:
		a.node.detach(e)
	default:
		n.mu.Lock()
		defer n.mu.Unlock()
		if key := (abstractName{int(e.typ), string(a.name)}); n.bound[key] == e { // an accepted socket shows its listener's
			delete(n.bound, key)
		}
	}
}

// autobindRange is how many names autobind has.
const autobindRange = 1 << 20

// autobind gives a socket without a name an abstract one: five digits of a
// counter. The lock is held. ENOSPC: all are taken.
// Linux net/unix/af_unix.c unix_autobind.
func (e *end) autobind() errno.Errno {
	if e.name.Load() != nil {
		return 0
	}
	names := &e.sys.abstract
	for range autobindRange {
		names.mu.Lock()
		names.last = (names.last + 1) % autobindRange
		n := names.last
		names.mu.Unlock()
		name := append([]byte{AF_UNIX, 0, 0}, fmt.Sprintf("%05x", n)...)
		if names.bind(e, name) {
			e.name.Store(&address{name: name})
			return 0
		}
	}
	return errno.ENOSPC
}

// findOther finds the socket that an address names.
// EINVAL or WrongFamily: a malformed address. Of a path: what the walk along it
// says, EACCES without permission to write, ECONNREFUSED: no socket, or one
// that is closed, EPROTOTYPE: of another type. Of an abstract name
// ECONNREFUSED. Linux net/unix/af_unix.c unix_find_other.
func (p *Process) findOther(name []byte, typ int) (*end, errno.Errno) {
	rules := p.sys.rules
	if err := rules.checkName(name); err != 0 {
		return nil, err
	}
	if rules.isAbstract(name) {
		if e := p.sys.abstract.find(typ, name); e != nil {
			return e, 0
		}
		return nil, errno.ECONNREFUSED
	}
	node, err := p.sys.names.findSocket(p.proc, pathOf(name))
	if err != 0 {
		return nil, err
	}
	switch e := node.sock.Load(); {
	case e == nil:
		return nil, errno.ECONNREFUSED
	case int(e.typ) != typ:
		return nil, errno.EPROTOTYPE
	default:
		return e, 0
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

// PathSockaddr makes the address of a path.
func PathSockaddr(path string) []byte { return pathAddress(path) }

// AbstractSockaddr makes the address of an abstract name, Linux's.
func AbstractSockaddr(name string) []byte { return append([]byte{AF_UNIX, 0, 0}, name...) }

// Getsockname stores the socket's own address: up to *namelen bytes into
// name, the true length into *namelen. Of one that has no name it is the
// family alone.
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
// shutdown, where the personality does not mind, and after the other end's
// close until a SOCK_DGRAM has found out.
//
// EBADF; ENOTSOCK; ENOTCONN: there is no other end; EINVAL where the
// personality says so: it is shut down both ways; EFAULT; EINVAL: *namelen is negative.
//
// Source: POSIX getpeername(); Linux net/unix/af_unix.c unix_getname.
func (p *Process) Getpeername(fd int, name []byte, namelen *int) error {
	return p.observe1("getpeername", func() []any { return []any{Fd(fd), Sockaddr(name), namelen} },
		func() errno.Errno {
			e, err := p.lockSocket(fd)
			if err != 0 {
				return err
			}
			peer, down := e.peer, e.shutDownLocked()
			e.link.unlock()
			switch {
			case peer == nil:
				return errno.ENOTCONN
			case down != 0:
				return down
			}
			return storeName(peer.sockaddr(), name, namelen)
		})
}
