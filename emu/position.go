package emu

import "sockpair/errno"

// The calls that need a position in the file, and those for what a socket has
// not. preadv2 and pwritev2 with offset -1 are readv and writev with flags.

// Flags of Preadv2 and Pwritev2.
const (
	RWF_HIPRI     = 0x1
	RWF_DSYNC     = 0x2
	RWF_SYNC      = 0x4
	RWF_NOWAIT    = 0x8 // do not wait, as with O_NONBLOCK
	RWF_APPEND    = 0x10
	RWF_NOAPPEND  = 0x20
	RWF_ATOMIC    = 0x40
	RWF_DONTCACHE = 0x80
	RWF_NOSIGNAL  = 0x100 // no SIGPIPE, as with MSG_NOSIGNAL

	rwKnown = 0x1ff
)

// check: EOPNOTSUPP for an unknown flag or one that no file here has; EINVAL
// for two that exclude each other. Linux include/linux/fs.h kiocb_set_rw_flags.
func (f RwFlags) check() errno.Errno {
	switch {
	case f&^rwKnown != 0 || f&(RWF_ATOMIC|RWF_DONTCACHE) != 0:
		return errno.EOPNOTSUPP
	case f&RWF_APPEND != 0 && f&RWF_NOAPPEND != 0:
		return errno.EINVAL
	}
	return 0
}

// seekMax is the last whence, SEEK_HOLE.
const seekMax = 4

// Lseek says ESPIPE: a socket has no position, nor has a pipe; that of an epoll
// instance, of a counter and of a timer is always 0. EBADF; EINVAL: whence is
// unknown, or fd is foreign.
func (p *Process) Lseek(fd int, offset int64, whence int) (int64, error) {
	n, err := p.observe("lseek", func() []any { return []any{Fd(fd), int(offset), Whence(whence)} },
		func() (int, errno.Errno) {
			if whence < SEEK_SET || whence > seekMax {
				return -1, p.open(fd, errno.EINVAL)
			}
			f := p.proc.files.Get(fd)
			if f == nil {
				return -1, p.noDescriptor()
			}
			return minusOne(f.traits().seek)
		})
	return int64(n), err
}

// Pread says ESPIPE: a socket has no position. EINVAL: offset < 0; EBADF.
func (p *Process) Pread(fd int, b []byte, offset int64) (int, error) {
	return p.observe("pread64", func() []any { return []any{Fd(fd), In(b), len(b), int(offset)} },
		func() (int, errno.Errno) { return -1, p.atOffset(fd, offset) })
}

// Pwrite says ESPIPE: a socket has no position. EINVAL: offset < 0; EBADF.
func (p *Process) Pwrite(fd int, b []byte, offset int64) (int, error) {
	return p.observe("pwrite64", func() []any { return []any{Fd(fd), Out(b), len(b), int(offset)} },
		func() (int, errno.Errno) { return -1, p.atOffset(fd, offset) })
}

// Preadv says ESPIPE: a socket has no position. EINVAL: offset < 0; EBADF.
func (p *Process) Preadv(fd int, bufs [][]byte, offset int64) (int, error) {
	return p.observe("preadv", func() []any { return []any{Fd(fd), InVec(bufs), len(bufs), int(offset)} },
		func() (int, errno.Errno) { return -1, p.atOffset(fd, offset) })
}

// Pwritev says ESPIPE: a socket has no position. EINVAL: offset < 0; EBADF.
func (p *Process) Pwritev(fd int, bufs [][]byte, offset int64) (int, error) {
	return p.observe("pwritev", func() []any { return []any{Fd(fd), OutVec(bufs), len(bufs), int(offset)} },
		func() (int, errno.Errno) { return -1, p.atOffset(fd, offset) })
}

// Preadv2 with offset -1 is Readv with flags: RWF_NOWAIT does not wait. With
// another it is Preadv.
//
// As Readv or Preadv; with something to move EOPNOTSUPP: an unknown flag,
// RWF_ATOMIC or RWF_DONTCACHE; EINVAL: RWF_APPEND with RWF_NOAPPEND.
//
// Source: Linux fs/read_write.c do_preadv, include/linux/fs.h kiocb_set_rw_flags.
func (p *Process) Preadv2(fd int, bufs [][]byte, offset int64, flags int) (int, error) {
	return p.observe("preadv2", func() []any { return []any{Fd(fd), InVec(bufs), len(bufs), int(offset), RwFlags(flags)} },
		func() (int, errno.Errno) {
			if offset != -1 {
				return -1, p.atOffset(fd, offset)
			}
			return p.readv(fd, bufs, RwFlags(flags))
		})
}

// Pwritev2 is Preadv2 for writing; RWF_NOSIGNAL raises no SIGPIPE.
func (p *Process) Pwritev2(fd int, bufs [][]byte, offset int64, flags int) (int, error) {
	return p.observe("pwritev2", func() []any { return []any{Fd(fd), OutVec(bufs), len(bufs), int(offset), RwFlags(flags)} },
		func() (int, errno.Errno) {
			if offset != -1 {
				return -1, p.atOffset(fd, offset)
			}
			return p.writev(fd, bufs, RwFlags(flags))
		})
}

// atOffset is what the calls with a position come to.
func (p *Process) atOffset(fd int, offset int64) errno.Errno {
	if offset < 0 {
		return errno.EINVAL
	}
	f := p.proc.files.Get(fd)
	if f == nil {
		return p.noDescriptor()
	}
	return f.traits().position
}

// Ftruncate says EINVAL: a socket has no length. EBADF.
func (p *Process) Ftruncate(fd int, length int64) error {
	return p.observe1("ftruncate", func() []any { return []any{Fd(fd), int(length)} },
		func() errno.Errno {
			if length < 0 {
				return errno.EINVAL
			}
			f := p.proc.files.Get(fd)
			if f == nil {
				return p.noDescriptor()
			}
			return f.traits().truncate
		})
}

// Fsync says EINVAL: a socket has nothing to store. EBADF.
func (p *Process) Fsync(fd int) error {
	return p.observe1("fsync", func() []any { return []any{Fd(fd)} },
		func() errno.Errno { return p.open(fd, errno.EINVAL) })
}
