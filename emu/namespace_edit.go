package emu

import "sockpair/errno"

// How names are made, removed and moved. Every function here has the tree
// locked by its caller.

// newInode makes a file without a name, for who and to be put into dir. It gets
// its group from a directory with S_ISGID, which directories inherit. The umask
// comes after what the group decides.
//
// Linux fs/inode.c inode_init_owner, mode_strip_sgid; fs/namei.c vfs_prepare_mode.
func newInode(dir *inode, who Cred, mode, umask uint32) *inode {
	const program = S_ISGID | 0o010
	i := &inode{mode: mode, nlink: 1}
	i.uid, i.gid = who.Uid, who.Gid
	if dir.mode&S_ISGID != 0 {
		i.gid = dir.gid
		switch {
		case i.isDir():
			i.mode |= S_ISGID
		case mode&program == program && !member(who, dir.gid):
			i.mode &^= S_ISGID
		}
	}
	if i.isSymlink() {
		umask = 0
	}
	i.mode &^= umask
	if i.isDir() {
		i.nlink, i.entries = 2, make(map[string]*inode)
	}
	return i
}

// add gives a file a name, of which a directory has none yet.
func (i *inode) add(name string, child *inode) {
	i.entries[name] = child
	if child.isDir() {
		child.parent, child.name = i, name
		i.nlink++
	}
}

// drop takes a name away.
func (i *inode) drop(name string) {
	child := i.entries[name]
	delete(i.entries, name)
	if child.isDir() {
		i.nlink--
	}
}

// create goes to where a name is to be made: a directory's, for which slashes
// may follow, or another file's.
// The errors of parent; EEXIST: the path ends in "/", "." or ".."; the errors of find; EEXIST;
// ENOENT: slashes follow the name of what is no directory. Linux fs/namei.c filename_create.
func (w *walk) create(a pathAt, kind uint32) (dir *inode, err errno.Errno) {
	if dir, err = w.parent(a); err != 0 {
		return nil, err
	}
	if w.kind != lastNormal {
		return nil, errno.EEXIST
	}
	old, err := dir.find(w.last)
	switch {
	case err != 0:
		return nil, err
	case old != nil:
		return nil, errno.EEXIST
	case w.slash && kind != S_IFDIR:
		return nil, errno.ENOENT
	}
	return dir, 0
}

// mayCreate is Linux fs/namei.c may_create, after the name was found free.
// EACCES: no permission to write.
func (w *walk) mayCreate(dir *inode) errno.Errno { return dir.permits(w.who, mayWrite|mayExec) }

// mayDelete reports whether a name may be taken from a directory, of a file of
// the kind wanted: S_IFDIR, or another for every other.
// EACCES: no permission to write; EPERM: the directory is sticky, and it and
// the file are others'; ENOTDIR, EISDIR: the kind. Linux fs/namei.c may_delete.
func (w *walk) mayDelete(dir, victim *inode, kind uint32) errno.Errno {
	if err := dir.permits(w.who, mayWrite|mayExec); err != 0 {
		return err
	}
	switch {
	case dir.mode&S_ISVTX != 0 && !victim.ownedBy(w.who) && !dir.ownedBy(w.who):
		return errno.EPERM
	case kind == S_IFDIR && !victim.isDir():
		return errno.ENOTDIR
	case kind != S_IFDIR && victim.isDir():
		return errno.EISDIR
	}
	return 0
}

// existing goes to a name that is there.
// The errors of find; ENOENT.
func (w *walk) existing(dir *inode) (*inode, errno.Errno) {
	i, err := dir.find(w.last)
	if err == 0 && i == nil {
		err = errno.ENOENT
	}
	return i, err
}

// make makes a file with a name and the permissions that the umask leaves.
// The errors of create and mayCreate.
func (w *walk) make(a pathAt, mode uint32) (*inode, errno.Errno) {
	dir, err := w.create(a, mode&S_IFMT)
	if err != 0 {
		return nil, err
	}
	if err := w.mayCreate(dir); err != 0 {
		return nil, err
	}
	i := newInode(dir, w.who, mode, w.q.place.umask)
	dir.add(w.last, i)
	return i, 0
}

// unlink is unlinkFile with the errno of the personality for a directory.
func (w *walk) unlink(a pathAt) errno.Errno {
	err := w.unlinkFile(a)
	if err == errno.EISDIR {
		err = w.ns.sys.rules.Names.UnlinkDirectory
	}
	return err
}

// unlinkFile takes the name of what is no directory away.
// The errors of parent; EISDIR: the path ends in "/", "." or ".."; ENOENT; EISDIR, ENOTDIR:
// slashes follow the name; the errors of mayDelete. Linux fs/namei.c do_unlinkat.
func (w *walk) unlinkFile(a pathAt) errno.Errno {
	dir, err := w.parent(a)
	if err != 0 {
		return err
	}
	if w.kind != lastNormal {
		return errno.EISDIR
	}
	victim, err := w.existing(dir)
	switch {
	case err != 0:
		return err
	case w.slash && victim.isDir():
		return errno.EISDIR
	case w.slash:
		return errno.ENOTDIR
	}
	if err := w.mayDelete(dir, victim, S_IFREG); err != 0 {
		return err
	}
	dir.drop(w.last)
	victim.nlink--
	return 0
}

// rmdir removes an empty directory.
// The errors of parent; ENOTEMPTY: the path ends in ".."; EINVAL: in "."; EBUSY: in "/"; ENOENT;
// the errors of mayDelete; ENOTEMPTY. Linux fs/namei.c do_rmdir.
func (w *walk) rmdir(a pathAt) errno.Errno {
	dir, err := w.parent(a)
	if err != 0 {
		return err
	}
	if w.kind != lastNormal {
		return [...]errno.Errno{lastRoot: errno.EBUSY, lastDot: errno.EINVAL, lastDotDot: errno.ENOTEMPTY}[w.kind]
	}
	victim, err := w.existing(dir)
	if err != 0 {
		return err
	}
	if err := w.mayDelete(dir, victim, S_IFDIR); err != 0 {
		return err
	}
	if len(victim.entries) > 0 {
		return errno.ENOTEMPTY
	}
	dir.drop(w.last)
	victim.nlink = 0
	return 0
}

// link gives a file one more name.
// The errors of resolve for the file; those of create; EPERM: Names.ProtectedHardlinks; EACCES:
// no permission to write; EPERM: it is a directory. Linux fs/namei.c do_linkat.
func (w *walk) link(from, to pathAt, how destination) errno.Errno {
	i, err := w.resolve(from, how)
	if err != 0 {
		return err
	}
	dir, err := w.create(to, S_IFREG)
	switch {
	case err != 0:
		return err
	case !w.mayLink(i):
		return errno.EPERM
	}
	if err := w.mayCreate(dir); err != 0 {
		return err
	}
	if i.isDir() {
		return errno.EPERM
	}
	dir.add(w.last, i)
	i.nlink++
	return 0
}

// mayLink: where names are protected, others may link a plain file alone, that
// they may read and write, and that lends no rights when it is run. Linux
// fs/namei.c may_linkat, safe_hardlink_source.
func (w *walk) mayLink(i *inode) bool {
	const program = S_ISGID | 0o010
	switch {
	case !w.ns.sys.rules.Names.ProtectedHardlinks || i.ownedBy(w.who):
		return true
	case i.kind() != S_IFREG || i.mode&S_ISUID != 0 || i.mode&program == program:
		return false
	}
	return i.permits(w.who, mayRead|mayWrite) == 0
}
