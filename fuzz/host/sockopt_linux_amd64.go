package host

import (
	"encoding/binary"
	"syscall"
	"time"

	"sockpair/emu"
)

// Getsockopt is getsockopt.
func (p *Process) Getsockopt(fd, level, name int, val []byte, vallen *int) error {
	_, err := p.with(syscall.SYS_GETSOCKOPT, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), uintptr(level), uintptr(name), m.out(val), m.word(vallen)}
	})
	return err
}

// Setsockopt is setsockopt.
func (p *Process) Setsockopt(fd, level, name int, val []byte, vallen int) error {
	_, err := p.with(syscall.SYS_SETSOCKOPT, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), uintptr(level), uintptr(name), m.in(val), uintptr(vallen)}
	})
	return err
}

// GetsockoptInt reads an option that is an int.
func (p *Process) GetsockoptInt(fd, level, name int) (int, error) {
	var val [4]byte
	n := len(val)
	err := p.Getsockopt(fd, level, name, val[:], &n)
	return int(int32(binary.LittleEndian.Uint32(val[:]))), err
}

// SetsockoptInt sets an option that is an int.
func (p *Process) SetsockoptInt(fd, level, name, v int) error {
	val := binary.LittleEndian.AppendUint32(nil, uint32(v))
	return p.Setsockopt(fd, level, name, val, len(val))
}

// GetsockoptTimeval reads a time-out; 0 is none.
func (p *Process) GetsockoptTimeval(fd, level, name int) (time.Duration, error) {
	var val [16]byte
	n := len(val)
	err := p.Getsockopt(fd, level, name, val[:], &n)
	return time.Duration(long(val[:], 0))*time.Second + time.Duration(long(val[:], 1))*time.Microsecond, err
}

// SetsockoptTimeval sets a time-out; 0 is none.
func (p *Process) SetsockoptTimeval(fd, level, name int, d time.Duration) error {
	sec, usec := d/time.Second, (d%time.Second+time.Microsecond-1)/time.Microsecond
	if d < 0 {
		sec, usec = -1, 0
	}
	if usec == 1e6 {
		sec, usec = sec+1, 0
	}
	val := binary.LittleEndian.AppendUint64(nil, uint64(sec))
	val = binary.LittleEndian.AppendUint64(val, uint64(usec))
	return p.Setsockopt(fd, level, name, val, len(val))
}

// GetsockoptUcred reads SO_PEERCRED.
func (p *Process) GetsockoptUcred(fd, level, name int) (emu.Cred, error) {
	var val [12]byte
	n := len(val)
	err := p.Getsockopt(fd, level, name, val[:], &n)
	word := func(i int) int { return int(int32(binary.LittleEndian.Uint32(val[4*i:]))) }
	return emu.Cred{Pid: word(0), Uid: word(1), Gid: word(2)}, err
}

// Ioctl is ioctl.
func (p *Process) Ioctl(fd int, req uint, arg []byte) (int, error) {
	return p.with(syscall.SYS_IOCTL, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), uintptr(req), m.out(arg)}
	})
}

// IoctlGetInt does a request that fills in an int.
func (p *Process) IoctlGetInt(fd int, req uint) (int, error) {
	var arg [4]byte
	_, err := p.Ioctl(fd, req, arg[:])
	return int(int32(binary.LittleEndian.Uint32(arg[:]))), err
}

// IoctlSetInt does a request that takes a pointer to an int.
func (p *Process) IoctlSetInt(fd int, req uint, v int) error {
	_, err := p.Ioctl(fd, req, binary.LittleEndian.AppendUint32(nil, uint32(v)))
	return err
}
