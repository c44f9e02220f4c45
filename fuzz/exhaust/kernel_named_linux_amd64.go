package exhaust

import (
	"encoding/binary"
	"syscall"

	"sockpair/emu"
	"sockpair/errno"
)

// The calls of sockets with names in a script.

const (
	nameHeader  = 8   // before an address: its room
	manySize    = 64  // struct mmsghdr
	manyLen     = 56  // where it has the length
	sysSendmmsg = 307 // sendmmsg
)

// layMany lays out what the messages of a sendmmsg point to, each with one
// buffer, and returns the vector itself, into which the kernel stores.
func (k *kernel) layMany(msgs []emu.Mmsghdr) []byte {
	le := binary.LittleEndian
	vector := make([]byte, manySize*len(msgs))
	for i, m := range msgs {
		iov := le.AppendUint64(nil, uint64(k.lay(m.Iov[0])))
		iov = le.AppendUint64(iov, uint64(len(m.Iov[0])))
		to := vector[manySize*i:]
		if m.Name != nil {
			le.PutUint64(to, uint64(k.lay(m.Name)))
			le.PutUint32(to[8:], uint32(len(m.Name)))
		}
		le.PutUint64(to[16:], uint64(k.lay(iov)))
		le.PutUint64(to[24:], 1)
	}
	return vector
}

// nameRoom is memory for an address and more bytes after it.
func (k *kernel) nameRoom(c *prepared, more int) (mem []byte, at uintptr) {
	mem, at = k.script.Memory(nameHeader + len(c.name) + more)
	binary.LittleEndian.PutUint32(mem, uint32(c.room))
	return mem, at
}

// readName notes the address that a call has stored.
func (k *kernel) readName(c *prepared, mem []byte, err errno.Errno) {
	if c.name == nil {
		return
	}
	room := int(int32(binary.LittleEndian.Uint32(mem)))
	k.trace.name(mem[nameHeader:][:len(c.name)], room, err)
}

// addNamed is add for sockets with names.
func (k *kernel) addNamed(c *prepared, at static) place {
	s, fd, arg0 := k.script, uintptr(c.fd), uintptr(c.arg0)
	switch c.Name {
	case "socket":
		return place{s.Call(syscall.SYS_SOCKET, arg0, uintptr(c.Args[1]), uintptr(c.Args[2])), nil}
	case "bind":
		return place{s.Call(syscall.SYS_BIND, fd, at.name, uintptr(len(c.name))), nil}
	case "connect":
		return place{s.Call(syscall.SYS_CONNECT, fd, at.name, uintptr(len(c.name))), nil}
	case "listen":
		return place{s.Call(syscall.SYS_LISTEN, fd, arg0), nil}
	case "accept4":
		if c.name == nil {
			return place{s.Call(syscall.SYS_ACCEPT4, fd, 0, 0, arg0), nil}
		}
		mem, to := k.nameRoom(c, 0)
		return place{s.Call(syscall.SYS_ACCEPT4, fd, to+nameHeader, to, arg0), mem}
	case "getsockname":
		mem, to := k.nameRoom(c, 0)
		return place{s.Call(syscall.SYS_GETSOCKNAME, fd, to+nameHeader, to), mem}
	case "getpeername":
		mem, to := k.nameRoom(c, 0)
		return place{s.Call(syscall.SYS_GETPEERNAME, fd, to+nameHeader, to), mem}
	case "sendmmsg":
		mem, to := s.Memory(len(at.many))
		copy(mem, at.many)
		return place{s.Call(sysSendmmsg, fd, to, uintptr(len(c.many)), arg0), mem}
	}
	panic("exhaust: no call is laid out that is named " + c.Name)
}
