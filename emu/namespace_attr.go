package emu

import "sockpair/errno"

// The calls that ask for what a file is, and change it.

// Stat tells what the file is to which a path leads.
//
// EFAULT: st is nil.
//
// Source: POSIX stat(); Linux fs/stat.c vfs_statx.
func (p *Process) Stat(path string, st *Stat) error {
	return p.naming("stat", func() []any { return []any{Path(path), st} },
		func(w *walk) errno.Errno { return w.stat(here(path), st, follow) })
}

// Lstat is Stat that does not follow a symbolic link at the end.
func (p *Process) Lstat(path string, st *Stat) error {
	return p.naming("lstat", func() []any { return []any{Path(path), st} },
		func(w *walk) errno.Errno { return w.stat(here(path), st, 0) })
}

// Fstatat is Stat in a directory, with AT_SYMLINK_NOFOLLOW Lstat, and with
// AT_EMPTY_PATH and an empty path Fstat.
//
// EINVAL: other flags than those, AT_NO_AUTOMOUNT and AT_STATX_SYNC_TYPE.
func (p *Process) Fstatat(dirfd int, path string, st *Stat, flags int) error {
	a := pathAt{dirfd, path}
	args := func() []any { return append(a.args(), st, AtFlags(flags)) }
	if flags&AT_EMPTY_PATH != 0 && path == "" && dirfd >= 0 {
		return p.observe1("newfstatat", args, func() errno.Errno { return p.fstat(dirfd, st) })
	}
	return p.naming("newfstatat", args, func(w *walk) errno.Errno {
		if flags&^(AT_SYMLINK_NOFOLLOW|AT_NO_AUTOMOUNT|AT_EMPTY_PATH|atStatSync) != 0 {
			return errno.EINVAL
		}
		if flags&AT_EMPTY_PATH != 0 && path == "" {
			return w.statCurrent(a.dirfd, st)
		}
		return w.stat(a, st, links(flags))
	})
}

// links is what flags say of a symbolic link at the end.
func links(flags int) destination {
	if flags&AT_SYMLINK_NOFOLLOW != 0 {
		return 0
	}
	return follow
}

// statCurrent is fstatat's empty path with what is no descriptor.
func (w *walk) statCurrent(dirfd int, st *Stat) errno.Errno {
	if dirfd != AT_FDCWD {
		return errno.EBADF
	}
	return w.tell(w.q.place.cwd, st)
}

func (w *walk) stat(a pathAt, st *Stat, how destination) errno.Errno {
	i, err := w.resolve(a, how)
	if err != 0 {
		return err
	}
	return w.tell(i, st)
}

func (w *walk) tell(i *inode, st *Stat) errno.Errno {
	if st == nil {
		return errno.EFAULT
	}
	*st = Stat{Ino: i.number(w.ns.sys), Mode: i.mode, Nlink: uint64(i.nlink), Uid: i.uid, Gid: i.gid, Size: int64(len(i.target)), Blksize: blockSize}
	if i.isDir() {
		st.Size = blockSize
	}
	return 0
}

// Access reports by its error whether the process may do with a file what mode
// says: R_OK, W_OK and X_OK, or F_OK, whether it is there.
//
// EINVAL: other bits in mode. Then the path's errors; EACCES.
//
// Source: POSIX access(); Linux fs/open.c do_faccessat.
func (p *Process) Access(path string, mode uint32) error {
	return p.access("access", func() []any { return []any{Path(path), AccessMode(mode)} }, here(path), mode, 0)
}

// Faccessat is Access in a directory. With AT_SYMLINK_NOFOLLOW a symbolic link
// is not followed; AT_EACCESS means nothing, because a process has one user.
//
// EINVAL: other bits in mode; other flags.
func (p *Process) Faccessat(dirfd int, path string, mode uint32, flags int) error {
	a := pathAt{dirfd, path}
	return p.access("faccessat2", func() []any { return append(a.args(), AccessMode(mode), AtFlags(flags)) }, a, mode, flags)
}

func (p *Process) access(call string, args func() []any, a pathAt, mode uint32, flags int) error {
	return p.naming(call, args, func(w *walk) errno.Errno {
		if mode&^(R_OK|W_OK|X_OK) != 0 || flags&^(AT_SYMLINK_NOFOLLOW|AT_EACCESS) != 0 {
			return errno.EINVAL
		}
		i, err := w.resolve(a, links(flags))
		if err != 0 {
			return err
		}
		return i.permits(w.who, mode)
	})
}

// Readlink copies what a symbolic link holds into buf, as far as it goes.
//
// EINVAL: buf is empty. Then the path's errors; EINVAL: it is no symbolic link; EFAULT: buf is bad.
// Of Readlinkat an empty path is the descriptor itself: EBADF, or ENOENT.
//
// Source: POSIX readlink(); Linux fs/stat.c do_readlinkat.
func (p *Process) Readlink(path string, buf []byte) (int, error) {
	return p.readlink("readlink", func() []any { return []any{Path(path), In(buf), len(buf)} }, here(path), buf)
}

// Readlinkat is Readlink in a directory.
func (p *Process) Readlinkat(dirfd int, path string, buf []byte) (int, error) {
	a := pathAt{dirfd, path}
	return p.readlink("readlinkat", func() []any { return append(a.args(), In(buf), len(buf)) }, a, buf)
}

func (p *Process) readlink(call string, args func() []any, a pathAt, buf []byte) (int, error) {
	return p.observe(call, args, func() (int, errno.Errno) {
		if p.over() {
			return -1, errEnded
		}
		ns := &p.sys.names
		ns.mu.Lock()
		defer ns.mu.Unlock()
		if len(buf) == 0 {
			return -1, errno.EINVAL
		}
		i, err := ns.walker(p.proc).resolve(a, 0)
		switch {
		case a.path == "" && a.dirfd != AT_FDCWD && p.proc.files.Get(a.dirfd) == nil:
			return -1, errno.EBADF // the descriptor itself is asked about
		case err != 0:
			return -1, err
		case !i.isSymlink():
			return -1, errno.EINVAL
		case isBad(buf):
			return -1, errno.EFAULT
		}
		return copy(buf, i.target), 0
	})
}

// Chmod changes the permissions of a file. S_ISGID is dropped when the process
// is not of the file's group.
//
// EPERM: the file is another's.
//
// Source: POSIX chmod(); Linux fs/open.c chmod_common, fs/attr.c setattr_prepare.
func (p *Process) Chmod(path string, mode uint32) error {
	return p.chmod("chmod", func() []any { return []any{Path(path), FileMode(mode)} }, here(path), mode, 0)
}

// Fchmodat is Chmod in a directory.
//
// EINVAL: other flags than AT_SYMLINK_NOFOLLOW. Then the path's errors; EOPNOTSUPP: it is a symbolic link.
func (p *Process) Fchmodat(dirfd int, path string, mode uint32, flags int) error {
	a := pathAt{dirfd, path}
	return p.chmod("fchmodat2", func() []any { return append(a.args(), FileMode(mode), AtFlags(flags)) }, a, mode, flags)
}

func (p *Process) chmod(call string, args func() []any, a pathAt, mode uint32, flags int) error {
	return p.naming(call, args, func(w *walk) errno.Errno {
		if flags&^AT_SYMLINK_NOFOLLOW != 0 {
			return errno.EINVAL
		}
		i, err := w.resolve(a, links(flags))
		switch {
		case err != 0:
			return err
		case i.isSymlink():
			return errno.EOPNOTSUPP
		case !i.ownedBy(w.who):
			return errno.EPERM
		}
		i.setMode(w.who, mode)
		return 0
	})
}

// setMode changes the bits below the type. Linux fs/attr.c setattr_copy.
func (i *inode) setMode(who Cred, mode uint32) {
	if !member(who, i.gid) {
		mode &^= S_ISGID
	}
	i.mode = i.kind() | mode&modeBits
}

// Chown changes the owner and the group of a file; -1 leaves one as it is. Of
// what is no directory it takes S_ISUID and S_ISGID away.
//
// EPERM: another than user 0 changes the owner, gives a file to a group that
// is not his, or changes another's file.
//
// Source: POSIX chown(); Linux fs/open.c chown_common, fs/attr.c chown_ok, chgrp_ok.
func (p *Process) Chown(path string, uid, gid int) error {
	return p.chown("chown", func() []any { return []any{Path(path), uid, gid} }, here(path), owners{uid, gid}, 0)
}

// Lchown is Chown that does not follow a symbolic link at the end.
func (p *Process) Lchown(path string, uid, gid int) error {
	return p.chown("lchown", func() []any { return []any{Path(path), uid, gid} }, here(path), owners{uid, gid}, AT_SYMLINK_NOFOLLOW)
}

// Fchownat is Chown in a directory, or with AT_SYMLINK_NOFOLLOW Lchown.
//
// EINVAL: other flags.
func (p *Process) Fchownat(dirfd int, path string, uid, gid, flags int) error {
	a := pathAt{dirfd, path}
	return p.chown("fchownat", func() []any { return append(a.args(), uid, gid, AtFlags(flags)) }, a, owners{uid, gid}, flags)
}

// owners are the arguments of chown; -1 is neither.
type owners struct{ uid, gid int }

func (p *Process) chown(call string, args func() []any, a pathAt, to owners, flags int) error {
	return p.naming(call, args, func(w *walk) errno.Errno {
		if flags&^AT_SYMLINK_NOFOLLOW != 0 {
			return errno.EINVAL
		}
		i, err := w.resolve(a, links(flags))
		if err != 0 {
			return err
		}
		return i.chown(w.who, owners{int(int32(to.uid)), int(int32(to.gid))})
	})
}

func (i *inode) chown(who Cred, to owners) errno.Errno {
	owner := who.Uid == i.uid
	mode := i.mode
	if !i.isDir() {
		mode &^= S_ISUID
		if mode&0o010 != 0 || !member(who, i.gid) {
			mode &^= S_ISGID
		}
	}
	switch {
	case who.Uid == 0:
	case to.uid != -1 && !(owner && to.uid == i.uid),
		to.gid != -1 && !(owner && (to.gid == i.gid || to.gid == who.Gid)),
		mode != i.mode && !owner:
		return errno.EPERM
	}
	if to.uid != -1 {
		i.uid = to.uid
	}
	if to.gid != -1 {
		i.gid = to.gid
	}
	if mode != i.mode {
		i.setMode(who, mode)
	}
	return 0
}
