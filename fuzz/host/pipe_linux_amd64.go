package host

import "syscall"

// Pipe is pipe.
func (p *Process) Pipe(fds *[2]int) error {
	_, err := p.with(syscall.SYS_PIPE, func(m *memory) []uintptr { return []uintptr{m.pair(fds)} })
	return err
}

// Pipe2 is pipe2. fds shows what the kernel has stored, also when the call fails.
func (p *Process) Pipe2(fds *[2]int, flags int) error {
	_, err := p.with(syscall.SYS_PIPE2, func(m *memory) []uintptr { return []uintptr{m.pair(fds), uintptr(flags)} })
	return err
}

// pair is the address of two ints that the call stores; NULL for nil.
func (m *memory) pair(v *[2]int) uintptr {
	if v == nil {
		return 0
	}
	stored := []uint64{uint64(uint32(v[0])) | uint64(uint32(v[1]))<<32}
	at := m.readLongs(stored)
	m.after(func() { v[0], v[1] = int(int32(stored[0])), int(int32(stored[0]>>32)) })
	return at
}

// Splice is splice.
func (p *Process) Splice(in int, inOff *int64, out int, outOff *int64, length, flags int) (int, error) {
	return p.with(syscall.SYS_SPLICE, func(m *memory) []uintptr {
		return []uintptr{uintptr(in), m.offset(inOff), uintptr(out), m.offset(outOff), uintptr(length), uintptr(flags)}
	})
}

// Tee is tee.
func (p *Process) Tee(in, out, length, flags int) (int, error) {
	return p.call(syscall.SYS_TEE, uintptr(in), uintptr(out), uintptr(length), uintptr(flags))
}

// Sendfile is sendfile.
func (p *Process) Sendfile(out, in int, offset *int64, count int) (int, error) {
	return p.with(syscall.SYS_SENDFILE, func(m *memory) []uintptr {
		return []uintptr{uintptr(out), uintptr(in), m.offset(offset), uintptr(count)}
	})
}

// offset is the address of an offset that the call may change; NULL for nil.
func (m *memory) offset(n *int64) uintptr {
	if n == nil {
		return 0
	}
	now := []uint64{uint64(*n)}
	at := m.readLongs(now)
	m.after(func() { *n = int64(now[0]) })
	return at
}
