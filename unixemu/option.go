//go:build unix

package unixemu

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// Values of options are laid out as on Linux x86-64 for the machine, and by
// their fields for the program.

// getsockopt reads up to size bytes of an option.
func (p *Process) getsockopt(fd, level, opt, size int) (value []byte, n int, err error) {
	value, n = make([]byte, max(size, 8)), size // with room for an int to be read from
	level = levels.toEmu(level)
	if level == emu.SOL_SOCKET {
		opt = options.toEmu(opt)
	}
	err = p.emulated.Getsockopt(fd, level, opt, value[:size], &n)
	return value, n, hostError(err)
}

func (p *Process) setsockopt(fd, level, opt int, value []byte, size int) error {
	level = levels.toEmu(level)
	if level == emu.SOL_SOCKET {
		opt = options.toEmu(opt)
	}
	return hostError(p.emulated.Setsockopt(fd, level, opt, value, size))
}

func (p *Process) GetsockoptByte(fd, level, opt int) (byte, error) {
	value, _, err := p.getsockopt(fd, level, opt, 1)
	return value[0], err
}

// GetsockoptInt shows the numbers that are a family, a type or an error as the
// host's.
func (p *Process) GetsockoptInt(fd, level, opt int) (int, error) {
	value, _, err := p.getsockopt(fd, level, opt, 4)
	n := int(int32(binary.LittleEndian.Uint32(value)))
	if levels.toEmu(level) == emu.SOL_SOCKET {
		switch options.toEmu(opt) {
		case emu.SO_DOMAIN:
			n = domains.toHost(n)
		case emu.SO_TYPE:
			n = socketTypes.toHost(n)
		case emu.SO_ERROR:
			n = hostErrno(n)
		}
	}
	return n, err
}

func (p *Process) GetsockoptUint64(fd, level, opt int) (uint64, error) {
	value, _, err := p.getsockopt(fd, level, opt, 8)
	return binary.LittleEndian.Uint64(value), err
}

func (p *Process) GetsockoptLinger(fd, level, opt int) (*unix.Linger, error) {
	value, _, err := p.getsockopt(fd, level, opt, 8)
	le := binary.LittleEndian
	return &unix.Linger{Onoff: int32(le.Uint32(value)), Linger: int32(le.Uint32(value[4:]))}, err
}

func (p *Process) GetsockoptTimeval(fd, level, opt int) (*unix.Timeval, error) {
	value, _, err := p.getsockopt(fd, level, opt, 16)
	sec, usec := int64(binary.LittleEndian.Uint64(value)), int64(binary.LittleEndian.Uint64(value[8:]))
	tv := new(unix.Timeval)
	put(&tv.Sec, sec)
	put(&tv.Usec, usec)
	return tv, err
}

func (p *Process) SetsockoptByte(fd, level, opt int, value byte) error {
	return p.setsockopt(fd, level, opt, []byte{value}, 1)
}

func (p *Process) SetsockoptInt(fd, level, opt int, value int) error {
	return p.setsockopt(fd, level, opt, binary.LittleEndian.AppendUint32(nil, uint32(value)), 4)
}

func (p *Process) SetsockoptUint64(fd, level, opt int, value uint64) error {
	return p.setsockopt(fd, level, opt, binary.LittleEndian.AppendUint64(nil, value), 8)
}

// SetsockoptLinger says EFAULT, after what comes before it, when l is nil.
func (p *Process) SetsockoptLinger(fd, level, opt int, l *unix.Linger) error {
	if l == nil {
		return p.setsockopt(fd, level, opt, nil, 8)
	}
	le := binary.LittleEndian
	return p.setsockopt(fd, level, opt, le.AppendUint32(le.AppendUint32(nil, uint32(l.Onoff)), uint32(l.Linger)), 8)
}

func (p *Process) SetsockoptString(fd, level, opt int, s string) error {
	if s == "" {
		return p.setsockopt(fd, level, opt, nil, 0)
	}
	return p.setsockopt(fd, level, opt, []byte(s), len(s))
}

// SetsockoptTimeval says EFAULT, after what comes before it, when tv is nil.
func (p *Process) SetsockoptTimeval(fd, level, opt int, tv *unix.Timeval) error {
	if tv == nil {
		return p.setsockopt(fd, level, opt, nil, 16)
	}
	le := binary.LittleEndian
	return p.setsockopt(fd, level, opt, le.AppendUint64(le.AppendUint64(nil, uint64(tv.Sec)), uint64(tv.Usec)), 16)
}
