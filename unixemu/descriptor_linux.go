package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func (Host) CloseRange(first, last, flags uint) error { return unix.CloseRange(first, last, flags) }

func (p *Process) CloseRange(first, last, flags uint) error {
	return hostError(p.emulated.CloseRange(first, last, int(flags)))
}

// Dup2 is Dup3 without flags, as in x/sys/unix: equal numbers are EINVAL.
func (p *Process) Dup2(oldfd, newfd int) error { return p.Dup3(oldfd, newfd, 0) }

func (Host) Eventfd(initval uint, flags int) (fd int, err error) { return unix.Eventfd(initval, flags) }

func (p *Process) Eventfd(initval uint, flags int) (fd int, err error) {
	return number(p.emulated.Eventfd(initval, eventfdFlags.bitsToEmu(flags)))
}

func (Host) Gettid() int { return unix.Gettid() }

func (p *Process) Gettid() int { return p.emulated.Gettid() }

func (Host) Fstat(fd int, stat *unix.Stat_t) error { return unix.Fstat(fd, stat) }

// Fstat stores what the machine knows: number, type, links, owner and size. The
// rest of stat becomes 0.
func (p *Process) Fstat(fd int, stat *unix.Stat_t) error {
	if stat == nil {
		return hostError(p.emulated.Fstat(fd, nil))
	}
	var st emu.Stat
	if err := p.emulated.Fstat(fd, &st); err != nil {
		return hostError(err)
	}
	*stat = unix.Stat_t{Ino: st.Ino, Mode: st.Mode, Uid: uint32(st.Uid), Gid: uint32(st.Gid), Size: st.Size}
	put(&stat.Nlink, int64(st.Nlink))
	put(&stat.Blksize, st.Blksize)
	return nil
}

func (Host) Getrlimit(resource int, rlim *unix.Rlimit) error { return unix.Getrlimit(resource, rlim) }

// Getrlimit says EFAULT when rlim is nil. On some architectures x/sys/unix makes
// prlimit64 of it, which then tells nothing.
func (p *Process) Getrlimit(resource int, rlim *unix.Rlimit) error {
	limit, err := p.emulated.Getrlimit(limits.toEmu(resource))
	switch {
	case err != nil:
		return hostError(err)
	case rlim == nil:
		return unix.EFAULT
	}
	*rlim = unix.Rlimit{Cur: limit.Cur, Max: limit.Max}
	return nil
}

func (Host) Setrlimit(resource int, rlim *unix.Rlimit) error { return unix.Setrlimit(resource, rlim) }

func (p *Process) Setrlimit(resource int, rlim *unix.Rlimit) error {
	if rlim == nil {
		return hostError(p.emulated.Prlimit(0, limits.toEmu(resource), nil, nil))
	}
	return hostError(p.emulated.Setrlimit(limits.toEmu(resource), emu.Rlimit{Cur: rlim.Cur, Max: rlim.Max}))
}
