package host

import "syscall"

// Read is read.
func (p *Process) Read(fd int, b []byte) (int, error) {
	return p.with(syscall.SYS_READ, func(m *memory) []uintptr { return []uintptr{uintptr(fd), m.out(b), uintptr(len(b))} })
}

// Write is write.
func (p *Process) Write(fd int, b []byte) (int, error) {
	return p.with(syscall.SYS_WRITE, func(m *memory) []uintptr { return []uintptr{uintptr(fd), m.in(b), uintptr(len(b))} })
}

// Readv is readv.
func (p *Process) Readv(fd int, bufs [][]byte) (int, error) {
	return p.with(syscall.SYS_READV, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.vector(bufs, m.out), uintptr(len(bufs))}
	})
}

// Writev is writev.
func (p *Process) Writev(fd int, bufs [][]byte) (int, error) {
	return p.with(syscall.SYS_WRITEV, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.vector(bufs, m.in), uintptr(len(bufs))}
	})
}

// Pread is pread64.
func (p *Process) Pread(fd int, b []byte, offset int64) (int, error) {
	return p.with(syscall.SYS_PREAD64, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.out(b), uintptr(len(b)), uintptr(offset)}
	})
}

// Pwrite is pwrite64.
func (p *Process) Pwrite(fd int, b []byte, offset int64) (int, error) {
	return p.with(syscall.SYS_PWRITE64, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.in(b), uintptr(len(b)), uintptr(offset)}
	})
}

// Lseek is lseek.
func (p *Process) Lseek(fd int, offset int64, whence int) (int64, error) {
	n, err := p.call(syscall.SYS_LSEEK, uintptr(fd), uintptr(offset), uintptr(whence))
	return int64(n), err
}

// Ftruncate is ftruncate.
func (p *Process) Ftruncate(fd int, length int64) error {
	_, err := p.call(syscall.SYS_FTRUNCATE, uintptr(fd), uintptr(length))
	return err
}

// Fsync is fsync.
func (p *Process) Fsync(fd int) error {
	_, err := p.call(syscall.SYS_FSYNC, uintptr(fd))
	return err
}
