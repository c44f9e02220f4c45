package emu

import "sockpair/errno"

// The calls that make, remove and move names. Each has two forms: with paths,
// and with a directory before each path, of which AT_FDCWD alone helps: no
// directory can be opened here, so that for a path that is relative another
// descriptor is ENOTDIR, or EBADF where it is not open.
//
// A path first fails as a whole: ENAMETOOLONG, ENOENT for an empty one. Then
// each step may: EACCES, ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP. The methods name
// only what comes after that.

// naming makes a call on the tree, with the tree locked.
func (p *Process) naming(call string, args func() []any, do func(w *walk) errno.Errno) error {
	return p.observe1(call, args, func() errno.Errno {
		if p.over() {
			return errEnded
		}
		ns := &p.sys.names
		ns.mu.Lock()
		defer ns.mu.Unlock()
		return do(ns.walker(p.proc))
	})
}

// args are the arguments of an event for a path with a directory before it.
func (a pathAt) args() []any { return []any{Fd(a.dirfd), Path(a.path)} }

// createSocket makes a file of type S_IFSOCK with a name, to which sock is
// bound; nil makes a stale name. perm is cut by the process's umask.
// The errors of a path; EEXIST: the path ends in "/", "." or ".."; ENOENT: the directory has
// been removed; ENAMETOOLONG; EEXIST: also a symbolic link that leads nowhere;
// ENOENT: slashes follow the name; EACCES: no permission to write.
//
// Linux net/unix/af_unix.c unix_bind_bsd.
func (ns *namespace) createSocket(q *proc, path string, perm uint32, sock *end) (*inode, errno.Errno) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	i, err := ns.walker(q).make(here(path), S_IFSOCK|perm&modeBits&^q.place.umask)
	if err != 0 {
		return nil, err
	}
	i.sock.Store(sock)
	return i, 0
}

// takeBack removes the file that createSocket has made for a bind that fails.
func (ns *namespace) takeBack(q *proc, path string) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.walker(q).unlink(here(path))
}

// findSocket returns the file of type S_IFSOCK to which a path leads; what is
// bound to it the caller asks after that, for a stale name is ECONNREFUSED too.
// The errors of a path; EACCES: no permission to write; ECONNREFUSED: it is no socket.
//
// Linux net/unix/af_unix.c unix_find_bsd.
func (ns *namespace) findSocket(q *proc, path string) (*inode, errno.Errno) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	w := ns.walker(q)
	i, err := w.resolve(here(path), follow)
	if err != 0 {
		return nil, err
	}
	if err := i.permits(w.who, mayWrite); err != 0 {
		return nil, err
	}
	if i.kind() != S_IFSOCK {
		return nil, errno.ECONNREFUSED
	}
	return i, 0
}

// Mkdir makes a directory, with the permissions of mode that the umask leaves.
//
// EEXIST: the name is taken, or is "/", "." or ".."; EACCES: no permission to write.
//
// Source: POSIX mkdir(); Linux fs/namei.c do_mkdirat.
func (p *Process) Mkdir(path string, mode uint32) error {
	return p.mkdir("mkdir", func() []any { return []any{Path(path), FileMode(mode)} }, here(path), mode)
}

// Mkdirat is Mkdir in a directory.
func (p *Process) Mkdirat(dirfd int, path string, mode uint32) error {
	a := pathAt{dirfd, path}
	return p.mkdir("mkdirat", func() []any { return append(a.args(), FileMode(mode)) }, a, mode)
}

func (p *Process) mkdir(call string, args func() []any, a pathAt, mode uint32) error {
	return p.naming(call, args, func(w *walk) errno.Errno {
		_, err := w.make(a, S_IFDIR|mode&(permissions|S_ISVTX))
		return err
	})
}

// Mknod makes a plain file (S_IFREG, or no type), without content, or the
// name of a socket to which none is bound (S_IFSOCK). dev means nothing.
//
// EPERM: S_IFDIR; EINVAL: an unknown type. Then EEXIST as Mkdir; ENOENT: slashes
// follow the name; EACCES; EPERM: a device, for another user than 0;
// EOPNOTSUPP: a device or a FIFO, which are not here; Linux makes them.
//
// Source: POSIX mknod(); Linux fs/namei.c do_mknodat.
func (p *Process) Mknod(path string, mode uint32, dev int) error {
	return p.mknod("mknod", func() []any { return []any{Path(path), FileMode(mode), dev} }, here(path), mode)
}

// Mknodat is Mknod in a directory.
func (p *Process) Mknodat(dirfd int, path string, mode uint32, dev int) error {
	a := pathAt{dirfd, path}
	return p.mknod("mknodat", func() []any { return append(a.args(), FileMode(mode), dev) }, a, mode)
}

func (p *Process) mknod(call string, args func() []any, a pathAt, mode uint32) error {
	return p.naming(call, args, func(w *walk) errno.Errno {
		switch mode & S_IFMT {
		case 0:
			mode |= S_IFREG
		case S_IFREG, S_IFSOCK:
		case S_IFCHR, S_IFBLK, S_IFIFO:
			return w.mknodOther(a, mode)
		case S_IFDIR:
			return errno.EPERM
		default:
			return errno.EINVAL
		}
		_, err := w.make(a, mode&(S_IFMT|modeBits))
		return err
	})
}

// mknodOther fails for a kind of file that is not here, where Linux would not
// have failed before.
func (w *walk) mknodOther(a pathAt, mode uint32) errno.Errno {
	dir, err := w.create(a, mode&S_IFMT)
	if err != 0 {
		return err
	}
	if err := w.mayCreate(dir); err != 0 {
		return err
	}
	if mode&S_IFMT != S_IFIFO && w.who.Uid != 0 {
		return errno.EPERM
	}
	return errno.EOPNOTSUPP
}

// Symlink makes a symbolic link that holds target.
//
// ENAMETOOLONG, ENOENT: target is too long, or empty. Then as Mknod.
//
// Source: POSIX symlink(); Linux fs/namei.c do_symlinkat.
func (p *Process) Symlink(target, path string) error {
	return p.symlink("symlink", func() []any { return []any{Path(target), Path(path)} }, target, here(path))
}

// Symlinkat is Symlink in a directory.
func (p *Process) Symlinkat(target string, dirfd int, path string) error {
	a := pathAt{dirfd, path}
	return p.symlink("symlinkat", func() []any { return append([]any{Path(target)}, a.args()...) }, target, a)
}

func (p *Process) symlink(call string, args func() []any, target string, a pathAt) error {
	return p.naming(call, args, func(w *walk) errno.Errno {
		if err := here(target).valid(); err != 0 {
			return err
		}
		i, err := w.make(a, S_IFLNK|permissions)
		if err == 0 {
			i.target = target
		}
		return err
	})
}

// Link gives a file a second name. A symbolic link is not followed.
//
// EEXIST, ENOENT: as Mknod; EPERM: the file is another's, and may not be written; EACCES: no
// permission to write in the directory; EPERM: the file is a directory.
//
// Source: POSIX link(); Linux fs/namei.c do_linkat.
func (p *Process) Link(oldpath, newpath string) error {
	return p.link("link", func() []any { return []any{Path(oldpath), Path(newpath)} }, here(oldpath), here(newpath), 0)
}

// Linkat is Link in directories. AT_SYMLINK_FOLLOW follows a symbolic link.
//
// EINVAL: other flags.
func (p *Process) Linkat(olddirfd int, oldpath string, newdirfd int, newpath string, flags int) error {
	from, to := pathAt{olddirfd, oldpath}, pathAt{newdirfd, newpath}
	return p.link("linkat", func() []any { return append(append(from.args(), to.args()...), AtFlags(flags)) }, from, to, flags)
}

func (p *Process) link(call string, args func() []any, from, to pathAt, flags int) error {
	return p.naming(call, args, func(w *walk) errno.Errno {
		how := destination(0)
		switch flags {
		case 0:
		case AT_SYMLINK_FOLLOW:
			how = follow
		default:
			return errno.EINVAL
		}
		return w.link(from, to, how)
	})
}

// Rename gives a file another name. A file that has the new name loses it; a
// second name of the same file stays.
//
// EBUSY: a path ends in "/", "." or ".."; ENOENT: there is no file of the old
// name; ENOTDIR: slashes follow a name, and the file is no directory; EINVAL: a
// directory would be below itself; ENOTEMPTY: the new name is a directory above
// the file. Then for the old name, and after it for the new one: EACCES: no
// permission to write; EPERM: the directory is sticky, and it and the file are
// others'; ENOTDIR, EISDIR: one file is a directory and the other not. EACCES: a
// directory that gets another parent may not be written; ENOTEMPTY.
//
// Source: POSIX rename(); Linux fs/namei.c do_renameat2.
func (p *Process) Rename(oldpath, newpath string) error {
	return p.naming("rename", func() []any { return []any{Path(oldpath), Path(newpath)} },
		func(w *walk) errno.Errno { return w.rename(here(oldpath), here(newpath)) })
}

// Renameat is Rename in directories.
func (p *Process) Renameat(olddirfd int, oldpath string, newdirfd int, newpath string) error {
	from, to := pathAt{olddirfd, oldpath}, pathAt{newdirfd, newpath}
	return p.naming("renameat", func() []any { return append(from.args(), to.args()...) },
		func(w *walk) errno.Errno { return w.rename(from, to) })
}

// Unlink takes a file's name away. A socket that is bound to it stays open,
// and nobody finds it any more.
//
// EISDIR (POSIX EPERM): the path ends in "/", "." or ".."; ENOENT; EISDIR,
// ENOTDIR: slashes follow the name; EACCES: no permission to write; EPERM: the
// directory is sticky, and it and the file are others'; EISDIR: a directory.
//
// Source: POSIX unlink(); Linux fs/namei.c do_unlinkat.
func (p *Process) Unlink(path string) error {
	return p.naming("unlink", func() []any { return []any{Path(path)} },
		func(w *walk) errno.Errno { return w.unlink(here(path)) })
}

// Rmdir removes an empty directory.
//
// ENOTEMPTY: the path ends in ".."; EINVAL: in "."; EBUSY: in "/"; ENOENT;
// EACCES: no permission to write; EPERM: the directory above is sticky, and
// both are others'; ENOTDIR; ENOTEMPTY.
//
// Source: POSIX rmdir(); Linux fs/namei.c do_rmdir.
func (p *Process) Rmdir(path string) error {
	return p.naming("rmdir", func() []any { return []any{Path(path)} },
		func(w *walk) errno.Errno { return w.rmdir(here(path)) })
}

// Unlinkat is Unlink in a directory, or with AT_REMOVEDIR Rmdir.
//
// EINVAL: other flags.
func (p *Process) Unlinkat(dirfd int, path string, flags int) error {
	a := pathAt{dirfd, path}
	return p.naming("unlinkat", func() []any { return append(a.args(), AtFlags(flags)) }, func(w *walk) errno.Errno {
		switch flags {
		case 0:
			return w.unlink(a)
		case AT_REMOVEDIR:
			return w.rmdir(a)
		}
		return errno.EINVAL
	})
}
