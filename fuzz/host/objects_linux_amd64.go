package host

import (
	"encoding/binary"
	"syscall"

	"sockpair/emu"
)

// The numbers of system calls that package syscall does not know.
const (
	sysPreadv2         = 327
	sysPwritev2        = 328
	sysPidfdSendSignal = 424
	sysPidfdOpen       = 434
	sysPidfdGetfd      = 438
)

// Eventfd is eventfd2.
func (p *Process) Eventfd(initval uint, flags int) (int, error) {
	return p.call(syscall.SYS_EVENTFD2, uintptr(initval), uintptr(flags))
}

// TimerfdCreate is timerfd_create.
func (p *Process) TimerfdCreate(clock, flags int) (int, error) {
	return p.call(syscall.SYS_TIMERFD_CREATE, uintptr(clock), uintptr(flags))
}

// TimerfdSettime is timerfd_settime.
func (p *Process) TimerfdSettime(fd, flags int, to, old *emu.ItimerSpec) error {
	_, err := p.with(syscall.SYS_TIMERFD_SETTIME, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), uintptr(flags), m.itimer(to), m.itimer(old)}
	})
	return err
}

// TimerfdGettime is timerfd_gettime.
func (p *Process) TimerfdGettime(fd int, now *emu.ItimerSpec) error {
	_, err := p.with(syscall.SYS_TIMERFD_GETTIME, func(m *memory) []uintptr { return []uintptr{uintptr(fd), m.itimer(now)} })
	return err
}

// itimer is the address of a struct itimerspec, NULL for nil.
func (m *memory) itimer(t *emu.ItimerSpec) uintptr {
	if t == nil {
		return 0
	}
	n := []uint64{uint64(t.Interval.Sec), uint64(t.Interval.Nsec), uint64(t.Value.Sec), uint64(t.Value.Nsec)}
	at := m.readLongs(n)
	m.after(func() {
		t.Interval = emu.Timespec{Sec: int64(n[0]), Nsec: int64(n[1])}
		t.Value = emu.Timespec{Sec: int64(n[2]), Nsec: int64(n[3])}
	})
	return at
}

// PidfdOpen is pidfd_open.
func (p *Process) PidfdOpen(pid, flags int) (int, error) {
	return p.call(sysPidfdOpen, uintptr(pid), uintptr(flags))
}

// PidfdSendSignal is pidfd_send_signal without a siginfo_t.
func (p *Process) PidfdSendSignal(fd int, sig emu.Signal, flags uint) error {
	_, err := p.call(sysPidfdSendSignal, uintptr(fd), uintptr(sig), 0, uintptr(flags))
	return err
}

// PidfdGetfd is pidfd_getfd.
func (p *Process) PidfdGetfd(fd, target, flags int) (int, error) {
	return p.call(sysPidfdGetfd, uintptr(fd), uintptr(target), uintptr(flags))
}

// sizeofSiginfo is the size of siginfo_t; its fields that waitid fills in are
// ints at these places.
const (
	sizeofSiginfo = 128
	infoPid       = 16
	infoUid       = 20
	infoStatus    = 24
)

// Waitid is waitid.
func (p *Process) Waitid(idtype, id int, info *emu.Siginfo, options int) error {
	_, err := p.with(syscall.SYS_WAITID, func(m *memory) []uintptr {
		var at uintptr
		if info != nil {
			var from []byte
			from, at = m.reserve(sizeofSiginfo)
			clear(from)
			m.after(func() {
				word := func(i int) int { return int(int32(binary.LittleEndian.Uint32(from[i:]))) }
				*info = emu.Siginfo{Signo: emu.Signal(word(0)), Errno: word(4), Code: word(8),
					Pid: word(infoPid), Uid: word(infoUid), Status: word(infoStatus)}
			})
		}
		return []uintptr{uintptr(idtype), uintptr(id), at, uintptr(options), 0}
	})
	return err
}

// Preadv is preadv.
func (p *Process) Preadv(fd int, bufs [][]byte, offset int64) (int, error) {
	return p.with(syscall.SYS_PREADV, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.vector(bufs, m.out), uintptr(len(bufs)), uintptr(offset), 0}
	})
}

// Pwritev is pwritev.
func (p *Process) Pwritev(fd int, bufs [][]byte, offset int64) (int, error) {
	return p.with(syscall.SYS_PWRITEV, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.vector(bufs, m.in), uintptr(len(bufs)), uintptr(offset), 0}
	})
}

// Preadv2 is preadv2.
func (p *Process) Preadv2(fd int, bufs [][]byte, offset int64, flags int) (int, error) {
	return p.with(sysPreadv2, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.vector(bufs, m.out), uintptr(len(bufs)), uintptr(offset), 0, uintptr(flags)}
	})
}

// Pwritev2 is pwritev2.
func (p *Process) Pwritev2(fd int, bufs [][]byte, offset int64, flags int) (int, error) {
	return p.with(sysPwritev2, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.vector(bufs, m.in), uintptr(len(bufs)), uintptr(offset), 0, uintptr(flags)}
	})
}

// The layout of struct stat.
const (
	statIno     = 8
	statNlink   = 16
	statMode    = 24
	statUid     = 28
	statGid     = 32
	statSize    = 48
	statBlksize = 56
	sizeofStat  = 144
)

// Fstat is fstat.
func (p *Process) Fstat(fd int, st *emu.Stat) error {
	_, err := p.with(syscall.SYS_FSTAT, func(m *memory) []uintptr {
		var at uintptr
		if st != nil {
			var from []byte
			from, at = m.reserve(sizeofStat)
			m.after(func() {
				if m.result < 0 {
					return
				}
				le := binary.LittleEndian
				*st = emu.Stat{Ino: le.Uint64(from[statIno:]), Mode: le.Uint32(from[statMode:]), Nlink: le.Uint64(from[statNlink:]),
					Uid: int(le.Uint32(from[statUid:])), Gid: int(le.Uint32(from[statGid:])),
					Size: int64(le.Uint64(from[statSize:])), Blksize: int64(le.Uint64(from[statBlksize:]))}
			})
		}
		return []uintptr{uintptr(fd), at}
	})
	return err
}
