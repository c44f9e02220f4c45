package emu

import "sockpair/errno"

// read and write, and their vectors: the calls that work on any descriptor.

// Read takes up to len(b) bytes [ST-03]. 0 is end of file, or an empty
// message. A b of no bytes returns 0 without looking at the socket.
//
// EBADF; EINVAL: fd is foreign; then as Recv with no flags.
//
// Source: POSIX read(); Linux net/socket.c sock_read_iter.
func (p *Process) Read(fd int, b []byte) (int, error) {
	if p.sys.cfg.Observer != nil {
		return p.observe("read", func() []any { return []any{Fd(fd), In(b), len(b)} },
			func() (int, errno.Errno) { return p.read(fd, recvInto(b, 0)) })
	}
	return p.ret(p.read(fd, recvInto(b, 0)))
}

// Readv is Read into several buffers in turn.
//
// EBADF; EINVAL: fd is foreign, or more than IOV_MAX buffers; then as Read.
//
// Source: POSIX readv().
func (p *Process) Readv(fd int, bufs [][]byte) (int, error) {
	return p.observe("readv", func() []any { return []any{Fd(fd), InVec(bufs), len(bufs)} },
		func() (int, errno.Errno) {
			switch {
			case len(bufs) > IOV_MAX:
				return -1, p.open(fd, errno.EINVAL)
			case isBadVector(bufs):
				return -1, p.open(fd, errno.EFAULT)
			}
			return p.read(fd, recvIntoVec(bufs, 0))
		})
}

func (p *Process) read(fd int, c recvCall) (int, errno.Errno) {
	f, err := p.lockFile(fd)
	switch {
	case err != 0:
		return -1, err
	case f.end == nil:
		f.lock.Unlock()
		return -1, errno.EINVAL
	case c.want == 0:
		f.lock.Unlock()
		return 0, 0
	}
	return p.recvLocked(f.end, &c)
}

// open is err for an open descriptor and EBADF for another.
func (p *Process) open(fd int, err errno.Errno) errno.Errno {
	if p.proc.files.Get(fd) == nil {
		return p.noDescriptor()
	}
	return err
}

// Write sends b [ST-03]: a part of a stream, or one message. A blocking
// write to a stream returns when all is queued; a non-blocking one queues
// what there is room for.
//
// EBADF; EINVAL: fd is foreign; then as Send with no flags.
//
// Source: POSIX write(); Linux net/socket.c sock_write_iter.
func (p *Process) Write(fd int, b []byte) (int, error) {
	if p.sys.cfg.Observer != nil {
		return p.observe("write", func() []any { return []any{Fd(fd), Out(b), len(b)} },
			func() (int, errno.Errno) { return p.write(fd, sendFrom(b, 0)) })
	}
	return p.ret(p.write(fd, sendFrom(b, 0)))
}

// Writev is Write from several buffers as if they were one. Of no bytes in
// all it sends nothing, not even an empty message.
//
// EBADF; EINVAL: fd is foreign, or more than IOV_MAX buffers; then as Write.
//
// Source: POSIX writev(); Linux fs/read_write.c do_iter_readv_writev.
func (p *Process) Writev(fd int, bufs [][]byte) (int, error) {
	return p.observe("writev", func() []any { return []any{Fd(fd), OutVec(bufs), len(bufs)} },
		func() (int, errno.Errno) {
			c := sendFromVec(bufs, 0)
			switch {
			case len(bufs) > IOV_MAX:
				return -1, p.open(fd, errno.EINVAL)
			case isBadVector(bufs):
				return -1, p.open(fd, errno.EFAULT)
			case c.want == 0 && p.isSocket(fd):
				return 0, 0
			}
			return p.write(fd, c)
		})
}

func (p *Process) write(fd int, c sendCall) (int, errno.Errno) {
	f, err := p.lockFile(fd)
	if err != 0 {
		return -1, err
	}
	if f.end == nil {
		f.lock.Unlock()
		return -1, errno.EINVAL
	}
	return p.sendLocked(f.end, &c)
}

// seekMax is the last whence, SEEK_HOLE.
const seekMax = 4

// Lseek says ESPIPE: a socket has no position; an epoll instance's is always 0. EBADF; EINVAL: whence is
// unknown, or fd is foreign.
func (p *Process) Lseek(fd int, offset int64, whence int) (int64, error) {
	n, err := p.observe("lseek", func() []any { return []any{Fd(fd), int(offset), Whence(whence)} },
		func() (int, errno.Errno) {
			if whence < SEEK_SET || whence > seekMax {
				return -1, p.open(fd, errno.EINVAL)
			}
			if f := p.proc.files.Get(fd); f != nil && f.epoll != nil {
				return 0, 0 // it has a position that nothing moves
			}
			return -1, p.noPosition(fd)
		})
	return int64(n), err
}

// Pread says ESPIPE: a socket has no position. EINVAL: offset < 0. EBADF.
func (p *Process) Pread(fd int, b []byte, offset int64) (int, error) {
	return p.observe("pread64", func() []any { return []any{Fd(fd), In(b), len(b), int(offset)} },
		func() (int, errno.Errno) { return -1, p.atOffset(fd, offset) })
}

// Pwrite says ESPIPE: a socket has no position. EINVAL: offset < 0. EBADF.
func (p *Process) Pwrite(fd int, b []byte, offset int64) (int, error) {
	return p.observe("pwrite64", func() []any { return []any{Fd(fd), Out(b), len(b), int(offset)} },
		func() (int, errno.Errno) { return -1, p.atOffset(fd, offset) })
}

func (p *Process) atOffset(fd int, offset int64) errno.Errno {
	if offset < 0 {
		return errno.EINVAL
	}
	return p.noPosition(fd)
}

// noPosition is what a socket answers to calls that need a position.
func (p *Process) noPosition(fd int) errno.Errno {
	if p.IsForeign(fd) {
		return errno.EINVAL
	}
	return p.open(fd, errno.ESPIPE)
}

// Ftruncate says EINVAL: a socket has no length. EBADF.
func (p *Process) Ftruncate(fd int, length int64) error {
	return p.observe1("ftruncate", func() []any { return []any{Fd(fd), int(length)} },
		func() errno.Errno {
			if length < 0 {
				return errno.EINVAL
			}
			return p.open(fd, errno.EINVAL)
		})
}

// Fsync says EINVAL: a socket has nothing to store. EBADF.
func (p *Process) Fsync(fd int) error {
	return p.observe1("fsync", func() []any { return []any{Fd(fd)} },
		func() errno.Errno { return p.open(fd, errno.EINVAL) })
}
