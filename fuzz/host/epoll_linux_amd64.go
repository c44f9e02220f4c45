package host

import (
	"encoding/binary"
	"syscall"
	"time"

	"sockpair/emu"
)

// sizeofEvent is the size of struct epoll_event, which is packed on x86-64.
const sizeofEvent = 12

// EpollCreate1 is epoll_create1.
func (p *Process) EpollCreate1(flags int) (int, error) {
	return p.call(syscall.SYS_EPOLL_CREATE1, uintptr(flags))
}

// EpollCtl is epoll_ctl.
func (p *Process) EpollCtl(epfd, op, fd int, event *emu.EpollEvent) error {
	_, err := p.with(syscall.SYS_EPOLL_CTL, func(m *memory) []uintptr {
		var at uintptr
		if event != nil {
			at = m.events([]emu.EpollEvent{*event})
		}
		return []uintptr{uintptr(epfd), uintptr(op), uintptr(fd), at}
	})
	return err
}

// EpollWait is epoll_wait.
func (p *Process) EpollWait(epfd int, events []emu.EpollEvent, timeout int) (int, error) {
	return p.with(syscall.SYS_EPOLL_WAIT, func(m *memory) []uintptr {
		return []uintptr{uintptr(epfd), m.events(events), uintptr(len(events)), uintptr(timeout)}
	})
}

// EpollPwait is epoll_pwait.
func (p *Process) EpollPwait(epfd int, events []emu.EpollEvent, timeout int, mask *emu.Sigset) (int, error) {
	return p.with(syscall.SYS_EPOLL_PWAIT, func(m *memory) []uintptr {
		return []uintptr{uintptr(epfd), m.events(events), uintptr(len(events)), uintptr(timeout), m.set(mask), setSize}
	})
}

// EpollPwait2 is epoll_pwait2.
func (p *Process) EpollPwait2(epfd int, events []emu.EpollEvent, timeout *time.Duration, mask *emu.Sigset) (int, error) {
	const epollPwait2 = 441
	return p.with(epollPwait2, func(m *memory) []uintptr {
		return []uintptr{uintptr(epfd), m.events(events), uintptr(len(events)), m.timespec(timeout), m.set(mask), setSize}
	})
}

// events is the address of an array of struct epoll_event.
func (m *memory) events(events []emu.EpollEvent) uintptr {
	if events == nil {
		return 0
	}
	le := binary.LittleEndian
	to, at := m.reserve(sizeofEvent * len(events))
	for i, e := range events {
		le.PutUint32(to[sizeofEvent*i:], e.Events)
		le.PutUint64(to[sizeofEvent*i+4:], e.Data)
	}
	m.after(func() {
		for i := range events {
			events[i] = emu.EpollEvent{Events: le.Uint32(to[sizeofEvent*i:]), Data: le.Uint64(to[sizeofEvent*i+4:])}
		}
	})
	return at
}

// Select is select.
func (p *Process) Select(nfds int, read, write, except *emu.FdSet, timeout *time.Duration) (int, error) {
	return p.with(syscall.SYS_SELECT, func(m *memory) []uintptr {
		var at uintptr
		if timeout != nil {
			_, at = m.longs(uint64(int64(*timeout/time.Second)), uint64(int64(*timeout%time.Second/time.Microsecond)))
		}
		return []uintptr{uintptr(nfds), m.fdset(read), m.fdset(write), m.fdset(except), at}
	})
}

// Pselect is pselect6.
func (p *Process) Pselect(nfds int, read, write, except *emu.FdSet, timeout *time.Duration, mask *emu.Sigset) (int, error) {
	return p.with(syscall.SYS_PSELECT6, func(m *memory) []uintptr {
		_, at := m.longs(uint64(m.set(mask)), setSize)
		return []uintptr{uintptr(nfds), m.fdset(read), m.fdset(write), m.fdset(except), m.timespec(timeout), at}
	})
}

// fdset is the address of a set of descriptors, NULL for nil.
func (m *memory) fdset(set *emu.FdSet) uintptr {
	if set == nil {
		return 0
	}
	return m.readLongs(set[:])
}
