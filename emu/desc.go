package emu

import (
	"math"

	"sockpair/errno"
)

// Calls that work on descriptors and on what two of them share [FD-06].

// Close frees the number at once; a call of another task that is in flight on
// it goes on, and the description lives until that returns. The other end
// sees the close when the last reference is gone [ST-04].
//
// EBADF.
//
// Source: POSIX close().
func (p *Process) Close(fd int) error {
	if p.sys.cfg.Observer != nil {
		return p.observe1("close", func() []any { return []any{Fd(fd)} }, func() errno.Errno { return p.close(fd) })
	}
	return p.ret1(p.close(fd))
}

func (p *Process) close(fd int) errno.Errno {
	if p.over() {
		return errEnded
	}
	f := p.proc.files.Remove(fd)
	if f == nil {
		return p.noDescriptor()
	}
	f.release()
	return 0
}

// CloseRange closes the descriptors first to last, both included, or with
// CLOSE_RANGE_CLOEXEC marks them. CLOSE_RANGE_UNSHARE changes nothing: tasks
// of one process share a table for good.
//
// EINVAL: unknown flags, or first > last.
//
// Source: Linux fs/file.c __close_range.
func (p *Process) CloseRange(first, last uint, flags int) error {
	return p.observe1("close_range", func() []any { return []any{first, last, CloseRange(flags)} },
		func() errno.Errno {
			if flags&^(CLOSE_RANGE_UNSHARE|CLOSE_RANGE_CLOEXEC) != 0 || first > last {
				return errno.EINVAL
			}
			if first > math.MaxInt32 {
				return 0
			}
			lo, hi := int(first), int(min(last, math.MaxInt32))
			if flags&CLOSE_RANGE_CLOEXEC != 0 {
				p.proc.files.SetFlagsRange(lo, hi, cloexec)
				return 0
			}
			var files []*file
			p.proc.files.RemoveRange(lo, hi, func(_ int, f *file) { files = append(files, f) })
			p.sys.releaseAll(files)
			return 0
		})
}

// Dup makes another descriptor, the lowest free one, for fd's description. Its
// descriptor flags are clear.
//
// EBADF; EMFILE.
//
// Source: POSIX dup().
func (p *Process) Dup(fd int) (int, error) {
	return p.observe("dup", func() []any { return []any{Fd(fd)} },
		func() (int, errno.Errno) { return p.dupFrom(fd, 0, 0) })
}

// dupFrom duplicates fd to the lowest free number from lowest on.
func (p *Process) dupFrom(fd, lowest, flags int) (int, errno.Errno) {
	q := p.proc
	f, err := p.hold(fd)
	if err != 0 {
		return -1, err
	}
	n, ok := q.files.Add(f, lowest, q.nofile(), descriptorFlags(flags))
	if !ok {
		f.release()
		return -1, p.noNumber()
	}
	return n, 0
}

// noNumber is EMFILE, or the end of the process, whose table has no numbers.
func (p *Process) noNumber() errno.Errno {
	if p.proc.over() {
		return errEnded
	}
	return errno.EMFILE
}

// hold finds the description of fd and adds a reference. Like lockFile it looks
// again where the descriptor was closed meanwhile.
func (p *Process) hold(fd int) (*file, errno.Errno) {
	if p.proc.attention.Load()&taskOver != 0 && p.over() {
		return nil, errEnded
	}
	for {
		f := p.proc.files.Get(fd)
		if f == nil {
			return nil, p.noDescriptor()
		}
		if f.refs.take() {
			return f, 0
		}
	}
}

// Dup2 makes newfd another descriptor for oldfd's description, closing what
// newfd was, in one step. Where they are equal it only tests oldfd.
//
// EBADF: oldfd is not open, newfd is negative or not below RLIMIT_NOFILE;
// EBUSY: newfd is being opened by another task.
//
// Source: POSIX dup2(); Linux fs/file.c do_dup2.
func (p *Process) Dup2(oldfd, newfd int) (int, error) {
	return p.observe("dup2", func() []any { return []any{Fd(oldfd), Fd(newfd)} },
		func() (int, errno.Errno) {
			if oldfd == newfd {
				if err := p.open(oldfd, 0); err != 0 {
					return -1, err
				}
				return newfd, 0
			}
			return p.dupTo(oldfd, newfd, 0)
		})
}

// Dup3 is Dup2 with O_CLOEXEC and O_CLOFORK for the new descriptor.
//
// EINVAL: other flags, or equal numbers; then as Dup2.
//
// Source: POSIX dup3(); Linux fs/file.c ksys_dup3.
func (p *Process) Dup3(oldfd, newfd, flags int) (int, error) {
	return p.observe("dup3", func() []any { return []any{Fd(oldfd), Fd(newfd), OpenFlags(flags)} },
		func() (int, errno.Errno) {
			allowed := O_CLOEXEC
			if p.sys.rules.ForkFlag {
				allowed |= O_CLOFORK
			}
			if flags&^allowed != 0 || oldfd == newfd {
				return -1, errno.EINVAL
			}
			return p.dupTo(oldfd, newfd, flags)
		})
}

func (p *Process) dupTo(oldfd, newfd, flags int) (int, errno.Errno) {
	q := p.proc
	if newfd < 0 || newfd >= q.nofile() {
		return -1, errno.EBADF
	}
	f, err := p.hold(oldfd)
	if err != 0 {
		return -1, err
	}
	old, ok := q.files.Insert(newfd, f, descriptorFlags(flags))
	if !ok {
		f.release()
		if q.over() {
			return -1, errEnded
		}
		return -1, errno.EBUSY
	}
	if old != nil {
		old.release()
	}
	return newfd, 0
}

// Fcntl does F_DUPFD, F_DUPFD_CLOEXEC, F_DUPFD_CLOFORK, F_GETFD, F_SETFD,
// F_GETFL, F_SETFL, F_SETOWN, F_GETOWN, F_SETSIG, F_GETSIG, F_SETPIPE_SZ and
// F_GETPIPE_SZ. FD_ flags belong to the descriptor, O_ flags to the description.
//
// EBADF; of F_SETPIPE_SZ and F_GETPIPE_SZ also: it is no pipe; EINVAL: an unknown command, or for F_DUPFD a number that is negative
// or not below RLIMIT_NOFILE; EMFILE: no free number.
//
// Source: POSIX fcntl(); Linux fs/fcntl.c do_fcntl.
func (p *Process) Fcntl(fd, cmd, arg int) (int, error) {
	return p.observe("fcntl", func() []any { return []any{Fd(fd), FcntlCmd(cmd), arg} },
		func() (int, errno.Errno) { return p.fcntl(fd, cmd, arg) })
}

func (p *Process) fcntl(fd, cmd, arg int) (int, errno.Errno) {
	if err := p.open(fd, 0); err != 0 {
		return -1, err
	}
	forkFlag := p.sys.rules.ForkFlag
	switch {
	case cmd == F_DUPFD:
		return p.dupFd(fd, int(int32(arg)), 0)
	case cmd == F_DUPFD_CLOEXEC:
		return p.dupFd(fd, int(int32(arg)), O_CLOEXEC)
	case cmd == F_DUPFD_CLOFORK && forkFlag:
		return p.dupFd(fd, int(int32(arg)), O_CLOFORK)
	case cmd == F_GETFD:
		flags, ok := p.proc.files.Flags(fd)
		if !ok {
			return -1, p.noDescriptor()
		}
		return fdFlags(flags), 0
	case cmd == F_SETFD:
		if !p.proc.files.SetFlags(fd, tableFlags(arg, forkFlag)) {
			return -1, p.noDescriptor()
		}
		return 0, 0
	case cmd == F_GETFL:
		f, err := p.lockFile(fd)
		if err != 0 {
			return -1, err
		}
		defer f.lock.Unlock()
		return f.status, 0
	case cmd == F_SETFL:
		return minusOne(p.setStatus(fd, arg))
	case cmd == F_SETOWN:
		return minusOne(p.setOwner(fd, arg))
	case cmd == F_GETOWN:
		return p.owner(fd)
	case cmd == F_SETSIG:
		return minusOne(p.setSignal(fd, arg))
	case cmd == F_GETSIG:
		return p.signalOf(fd)
	case cmd == F_GETPIPE_SZ || cmd == F_SETPIPE_SZ:
		return p.pipeSize(fd, cmd, arg)
	}
	return -1, errno.EINVAL
}

func (p *Process) dupFd(fd, lowest, flags int) (int, errno.Errno) {
	if lowest < 0 || lowest >= p.proc.nofile() {
		return -1, errno.EINVAL
	}
	return p.dupFrom(fd, lowest, flags)
}

// settable are the status flags that F_SETFL changes; the others it ignores.
const settable = O_APPEND | O_NONBLOCK | O_NOATIME

// setStatus is F_SETFL.
// EINVAL: O_DIRECT, which only a pipe has. EPERM: O_NOATIME by a user who has
// not made the socket. Linux fs/fcntl.c setfl.
func (p *Process) setStatus(fd, flags int) errno.Errno {
	f, err := p.lockFile(fd)
	if err != 0 {
		return err
	}
	defer f.lock.Unlock()
	kind := f.traits()
	switch {
	case flags&O_DIRECT != 0 && !kind.direct:
		return errno.EINVAL
	case flags&O_NOATIME&^f.status != 0 && !f.ownedBy(p.Cred()):
		return errno.EPERM
	}
	if kind.signals {
		f.setAsync(flags&O_ASYNC != 0)
	}
	mask := settable
	if kind.direct {
		mask |= O_DIRECT
	}
	f.status = f.status&^mask | flags&mask
	return 0
}

// ownedBy reports whether a user may do what is for who made the file. The
// lock is held.
func (f *file) ownedBy(who Cred) bool {
	return f.foreign() || who.Uid == 0 || who.Uid == f.node().uid
}

// SetNonblock sets or clears O_NONBLOCK on fd's description. EBADF.
func (p *Process) SetNonblock(fd int, nonblocking bool) error {
	flags, err := p.Fcntl(fd, F_GETFL, 0)
	if err != nil {
		return err
	}
	flags &^= O_NONBLOCK
	if nonblocking {
		flags |= O_NONBLOCK
	}
	_, err = p.Fcntl(fd, F_SETFL, flags)
	return err
}
