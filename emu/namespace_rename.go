package emu

import "sockpair/errno"

// name is a name in a directory, which a file may have or not.
type name struct {
	dir   *inode
	last  string
	slash bool   // slashes follow it in the path
	file  *inode // nil: there is none
}

// nameAt goes to a name that rename is given.
// The errors of parent.
func (w *walk) nameAt(a pathAt) (name, lastKind, errno.Errno) {
	dir, err := w.parent(a)
	return name{dir: dir, last: w.last, slash: w.slash}, w.kind, err
}

// rename gives a file another name, and takes that from who has it.
// The errors of parent for each path; EBUSY: one ends in "/", "." or "..";
// ENOENT and the errors of find; then the errors of mayMove and mayReplace.
// Linux fs/namei.c do_renameat2, vfs_rename.
func (w *walk) rename(from, to pathAt) (err errno.Errno) {
	old, oldKind, err := w.nameAt(from)
	if err != 0 {
		return err
	}
	now, nowKind, err := w.nameAt(to)
	switch {
	case err != 0:
		return err
	case oldKind != lastNormal || nowKind != lastNormal:
		return errno.EBUSY
	}
	if old.file, err = old.dir.find(old.last); err != 0 {
		return err
	}
	if old.file == nil {
		return errno.ENOENT
	}
	if now.file, err = now.dir.find(now.last); err != 0 {
		return err
	}
	if err := old.fits(now); err != 0 {
		return err
	}
	if old.file == now.file {
		return 0
	}
	if err := w.mayRename(old, now); err != 0 {
		return err
	}
	old.move(now)
	return 0
}

// fits tests what no permission helps with.
// ENOTDIR: slashes follow a name of what is no directory; EINVAL: a directory would be below
// itself; ENOTEMPTY: the new name is that of a directory above the file.
func (old name) fits(now name) errno.Errno {
	switch {
	case !old.file.isDir() && (old.slash || now.slash):
		return errno.ENOTDIR
	case old.dir == now.dir:
		return 0
	case old.file.holds(now.dir):
		return errno.EINVAL
	case now.file != nil && now.file.holds(old.dir):
		return errno.ENOTEMPTY
	}
	return 0
}

// holds reports whether dir is the directory i or below it.
func (i *inode) holds(dir *inode) bool {
	for dir != i && dir != dir.parent {
		dir = dir.parent
	}
	return dir == i
}

// mayRename tests the permissions.
// The errors of mayDelete for the old name; those of mayDelete or mayCreate for the new one;
// EACCES: a directory gets another parent, and may not be written; ENOTEMPTY.
func (w *walk) mayRename(old, now name) errno.Errno {
	kind := old.file.kind()
	if err := w.mayDelete(old.dir, old.file, kind); err != 0 {
		return err
	}
	if now.file == nil {
		if err := w.mayCreate(now.dir); err != 0 {
			return err
		}
	} else if err := w.mayDelete(now.dir, now.file, kind); err != 0 {
		return err
	}
	if old.dir != now.dir && kind == S_IFDIR {
		if err := old.file.permits(w.who, mayWrite); err != 0 {
			return err
		}
	}
	if now.file != nil && len(now.file.entries) > 0 {
		return errno.ENOTEMPTY
	}
	return 0
}

func (old name) move(now name) {
	if now.file != nil {
		now.dir.drop(now.last)
		now.file.nlink--
		if now.file.isDir() {
			now.file.nlink = 0
		}
	}
	old.dir.drop(old.last)
	now.dir.add(now.last, old.file)
}
