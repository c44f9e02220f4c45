package host

import (
	"encoding/binary"
	"syscall"
	"time"

	"sockpair/emu"
)

// pollfds is the address of an array of struct pollfd.
func (m *memory) pollfds(fds []emu.PollFd) uintptr {
	if fds == nil {
		return 0
	}
	le := binary.LittleEndian
	to, at := m.reserve(8 * len(fds))
	for i, f := range fds {
		le.PutUint32(to[8*i:], uint32(f.Fd))
		le.PutUint16(to[8*i+4:], uint16(f.Events))
		le.PutUint16(to[8*i+6:], uint16(f.Revents))
	}
	m.after(func() {
		for i := range fds {
			fds[i].Revents = int16(le.Uint16(to[8*i+6:]))
		}
	})
	return at
}

// Poll is poll.
func (p *Process) Poll(fds []emu.PollFd, timeout int) (int, error) {
	return p.with(syscall.SYS_POLL, func(m *memory) []uintptr {
		return []uintptr{m.pollfds(fds), uintptr(len(fds)), uintptr(timeout)}
	})
}

// Ppoll is ppoll.
func (p *Process) Ppoll(fds []emu.PollFd, timeout *time.Duration, mask *emu.Sigset) (int, error) {
	return p.with(syscall.SYS_PPOLL, func(m *memory) []uintptr {
		return []uintptr{m.pollfds(fds), uintptr(len(fds)), m.timespec(timeout), m.set(mask), setSize}
	})
}
