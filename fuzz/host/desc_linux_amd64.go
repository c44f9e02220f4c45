package host

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"syscall"

	"sockpair/emu"
)

// Socketpair is socketpair. sv shows what the kernel has stored, also when
// the call fails.
func (p *Process) Socketpair(domain, typ, protocol int, sv *[2]int) error {
	_, err := p.with(syscall.SYS_SOCKETPAIR, func(m *memory) []uintptr {
		var at uintptr
		if sv != nil {
			stored := []uint64{uint64(uint32(sv[0])) | uint64(uint32(sv[1]))<<32}
			at = m.readLongs(stored)
			m.after(func() { sv[0], sv[1] = int(int32(stored[0])), int(int32(stored[0]>>32)) })
		}
		return []uintptr{uintptr(domain), uintptr(typ), uintptr(protocol), at}
	})
	return err
}

// Pair is Socketpair(AF_UNIX, typ, 0) with the two descriptors as values.
func (p *Process) Pair(typ int) (a, b int, err error) {
	var sv [2]int
	if err := p.Socketpair(emu.AF_UNIX, typ, 0, &sv); err != nil {
		return -1, -1, err
	}
	return sv[0], sv[1], nil
}

// Close is close.
func (p *Process) Close(fd int) error {
	_, err := p.call(syscall.SYS_CLOSE, uintptr(fd))
	return err
}

// CloseRange is close_range.
func (p *Process) CloseRange(first, last uint, flags int) error {
	const closeRange = 436
	_, err := p.call(closeRange, uintptr(first), uintptr(last), uintptr(flags))
	return err
}

// Dup is dup.
func (p *Process) Dup(fd int) (int, error) { return p.call(syscall.SYS_DUP, uintptr(fd)) }

// Dup2 is dup2.
func (p *Process) Dup2(oldfd, newfd int) (int, error) {
	return p.call(syscall.SYS_DUP2, uintptr(oldfd), uintptr(newfd))
}

// Dup3 is dup3.
func (p *Process) Dup3(oldfd, newfd, flags int) (int, error) {
	return p.call(syscall.SYS_DUP3, uintptr(oldfd), uintptr(newfd), uintptr(flags))
}

// Fcntl is fcntl.
func (p *Process) Fcntl(fd, cmd, arg int) (int, error) {
	return p.call(syscall.SYS_FCNTL, uintptr(fd), uintptr(cmd), uintptr(arg))
}

// SetNonblock sets or clears O_NONBLOCK.
func (p *Process) SetNonblock(fd int, nonblocking bool) error {
	flags, err := p.Fcntl(fd, emu.F_GETFL, 0)
	if err != nil {
		return err
	}
	flags &^= emu.O_NONBLOCK
	if nonblocking {
		flags |= emu.O_NONBLOCK
	}
	_, err = p.Fcntl(fd, emu.F_SETFL, flags)
	return err
}

// Shutdown is shutdown.
func (p *Process) Shutdown(fd, how int) error {
	_, err := p.call(syscall.SYS_SHUTDOWN, uintptr(fd), uintptr(how))
	return err
}

// Foreign opens /dev/null at number fd, which stands for every description
// that is no socket.
func (p *Process) Foreign(fd int, name string) error {
	path := append([]byte(os.DevNull), 0)
	n, err := p.with(syscall.SYS_OPEN, func(m *memory) []uintptr { return []uintptr{m.in(path), emu.O_RDWR, 0} })
	if err != nil || n == fd {
		return err
	}
	_, err = p.Dup2(n, fd)
	if e := p.Close(n); err == nil {
		err = e
	}
	return err
}

// IsForeign reports whether fd is open and was made by Foreign.
func (p *Process) IsForeign(fd int) bool {
	link, err := os.Readlink(fmt.Sprintf("/proc/%d/task/%d/fd/%d", p.proc.pid, p.task.tid, fd))
	return err == nil && link == os.DevNull
}

// Descriptors returns the numbers of the open descriptors in ascending order.
func (p *Process) Descriptors() []int {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task/%d/fd", p.proc.pid, p.task.tid))
	var fds []int
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil {
			fds = append(fds, fd)
		}
	}
	slices.Sort(fds)
	return fds
}

// Getrlimit returns a limit of the process.
func (p *Process) Getrlimit(resource int) (emu.Rlimit, error) {
	var old emu.Rlimit
	err := p.Prlimit(0, resource, nil, &old)
	return old, err
}

// Setrlimit changes a limit of the process.
func (p *Process) Setrlimit(resource int, limit emu.Rlimit) error {
	return p.Prlimit(0, resource, &limit, nil)
}

// Prlimit is prlimit64.
func (p *Process) Prlimit(pid, resource int, limit, old *emu.Rlimit) error {
	const prlimit64 = 302
	before := make([]uint64, 2)
	_, err := p.with(prlimit64, func(m *memory) []uintptr {
		var newAt, oldAt uintptr
		if limit != nil {
			_, newAt = m.longs(limit.Cur, limit.Max)
		}
		if old != nil {
			oldAt = m.readLongs(before)
		}
		return []uintptr{uintptr(pid), uintptr(resource), newAt, oldAt}
	})
	if err == nil && old != nil {
		*old = emu.Rlimit{Cur: before[0], Max: before[1]}
	}
	return err
}
