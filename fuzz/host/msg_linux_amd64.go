package host

import (
	"encoding/binary"
	"syscall"
	"time"

	"sockpair/emu"
)

// Send is sendto without an address.
func (p *Process) Send(fd int, b []byte, flags int) (int, error) { return p.Sendto(fd, b, flags, nil) }

// Sendto is sendto.
func (p *Process) Sendto(fd int, b []byte, flags int, to []byte) (int, error) {
	return p.with(syscall.SYS_SENDTO, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.in(b), uintptr(len(b)), uintptr(flags), m.in(to), uintptr(len(to))}
	})
}

// Recv is recvfrom without room for an address.
func (p *Process) Recv(fd int, b []byte, flags int) (int, error) {
	return p.Recvfrom(fd, b, flags, nil, nil)
}

// Recvfrom is recvfrom.
func (p *Process) Recvfrom(fd int, b []byte, flags int, name []byte, namelen *int) (int, error) {
	return p.with(syscall.SYS_RECVFROM, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.out(b), uintptr(len(b)), uintptr(flags), m.out(name), m.word(namelen)}
	})
}

// The layout of struct msghdr, and of struct mmsghdr, which has a length behind it.
const (
	hdrName       = 0
	hdrNamelen    = 8
	hdrIov        = 16
	hdrIovlen     = 24
	hdrControl    = 32
	hdrControllen = 40
	hdrFlags      = 48
	sizeofMsghdr  = 56
	hdrLen        = 56
	sizeofMmsghdr = 64
)

// header lays m out at to. lay lays out what the call fills in or takes.
func (mem *memory) header(to []byte, m *emu.Msghdr, lay func([]byte) uintptr) {
	le := binary.LittleEndian
	le.PutUint64(to[hdrName:], uint64(lay(m.Name)))
	le.PutUint32(to[hdrNamelen:], uint32(namelen(m)))
	le.PutUint64(to[hdrIov:], uint64(mem.vector(m.Iov, lay)))
	le.PutUint64(to[hdrIovlen:], uint64(len(m.Iov)))
	le.PutUint64(to[hdrControl:], uint64(lay(m.Control)))
	le.PutUint64(to[hdrControllen:], uint64(len(m.Control)))
	le.PutUint64(to[hdrFlags:], uint64(uint32(m.Flags)))
}

// namelen is the length of the name that the kernel is given.
func namelen(m *emu.Msghdr) int {
	if m.Namelen < 0 {
		return m.Namelen
	}
	return len(m.Name)
}

// loadHeader takes back what a receive has set. When it has failed, a header
// that the kernel has left as it was is left as it was here.
func loadHeader(from []byte, m *emu.Msghdr, failed bool) {
	le := binary.LittleEndian
	name := int(int32(le.Uint32(from[hdrNamelen:])))
	control := int(le.Uint64(from[hdrControllen:]))
	flags := int(int32(le.Uint32(from[hdrFlags:])))
	if failed && name == namelen(m) && control == len(m.Control) && flags == m.Flags {
		return
	}
	m.Namelen, m.Controllen, m.Flags = name, control, flags
}

// Sendmsg is sendmsg.
func (p *Process) Sendmsg(fd int, msg *emu.Msghdr, flags int) (int, error) {
	return p.with(syscall.SYS_SENDMSG, func(m *memory) []uintptr {
		var at uintptr
		if msg != nil {
			var to []byte
			to, at = m.reserve(sizeofMsghdr)
			m.header(to, msg, m.in)
		}
		return []uintptr{uintptr(fd), at, uintptr(flags)}
	})
}

// Recvmsg is recvmsg.
func (p *Process) Recvmsg(fd int, msg *emu.Msghdr, flags int) (int, error) {
	return p.with(syscall.SYS_RECVMSG, func(m *memory) []uintptr {
		var at uintptr
		if msg != nil {
			var to []byte
			to, at = m.reserve(sizeofMsghdr)
			m.header(to, msg, m.out)
			m.after(func() { loadHeader(to, msg, m.result < 0) })
		}
		return []uintptr{uintptr(fd), at, uintptr(flags)}
	})
}

// headers lays an array of struct mmsghdr out.
func (mem *memory) headers(msgs []emu.Mmsghdr, lay func([]byte) uintptr) (to []byte, at uintptr) {
	if msgs == nil {
		return nil, 0
	}
	to, at = mem.reserve(sizeofMmsghdr * len(msgs))
	for i := range msgs {
		one := to[sizeofMmsghdr*i:]
		mem.header(one, &msgs[i].Msghdr, lay)
		binary.LittleEndian.PutUint64(one[hdrLen:], uint64(uint32(msgs[i].Len)))
	}
	return to, at
}

// done are the messages of a call that returned n.
func done(msgs []emu.Mmsghdr, n int) []emu.Mmsghdr { return msgs[:max(0, min(n, len(msgs)))] }

func loadLength(from []byte, i int) int {
	return int(binary.LittleEndian.Uint32(from[sizeofMmsghdr*i+hdrLen:]))
}

// Sendmmsg is sendmmsg.
func (p *Process) Sendmmsg(fd int, msgs []emu.Mmsghdr, flags int) (int, error) {
	const sendmmsg = 307
	return p.with(sendmmsg, func(m *memory) []uintptr {
		to, at := m.headers(msgs, m.in)
		m.after(func() {
			for i := range done(msgs, m.result) {
				msgs[i].Len = loadLength(to, i)
			}
		})
		return []uintptr{uintptr(fd), at, uintptr(len(msgs)), uintptr(flags)}
	})
}

// Recvmmsg is recvmmsg.
func (p *Process) Recvmmsg(fd int, msgs []emu.Mmsghdr, flags int, timeout *time.Duration) (int, error) {
	return p.with(syscall.SYS_RECVMMSG, func(m *memory) []uintptr {
		to, at := m.headers(msgs, m.out)
		m.after(func() {
			for i := range done(msgs, m.result) {
				loadHeader(to[sizeofMmsghdr*i:], &msgs[i].Msghdr, false)
				msgs[i].Len = loadLength(to, i)
			}
		})
		return []uintptr{uintptr(fd), at, uintptr(len(msgs)), uintptr(flags), m.timespec(timeout)}
	})
}

// timespec is the address of a time-out, NULL for nil. A negative one is one
// that the kernel refuses.
func (m *memory) timespec(d *time.Duration) uintptr {
	if d == nil {
		return 0
	}
	sec, nsec := int64(*d/time.Second), int64(*d%time.Second)
	_, at := m.longs(uint64(sec), uint64(nsec))
	return at
}

// Getsockname is getsockname.
func (p *Process) Getsockname(fd int, name []byte, namelen *int) error {
	return p.name(syscall.SYS_GETSOCKNAME, fd, name, namelen)
}

// Getpeername is getpeername.
func (p *Process) Getpeername(fd int, name []byte, namelen *int) error {
	return p.name(syscall.SYS_GETPEERNAME, fd, name, namelen)
}

func (p *Process) name(number uintptr, fd int, name []byte, namelen *int) error {
	_, err := p.with(number, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.out(name), m.word(namelen)}
	})
	return err
}
