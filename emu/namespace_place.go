package emu

import (
	"slices"
	"strings"

	"sockpair/errno"
)

// The two things of the name space that a process has: its current directory
// and its umask.

// Umask sets the permissions that new files do not get, and returns the old ones.
//
// Source: POSIX umask().
func (p *Process) Umask(mask int) int {
	n, _ := p.observe("umask", func() []any { return []any{FileMode(mask)} }, func() (int, errno.Errno) {
		if p.over() {
			return -1, errEnded
		}
		ns := &p.sys.names
		ns.mu.Lock()
		defer ns.mu.Unlock()
		old := p.proc.place.umask
		p.proc.place.umask = uint32(mask) & permissions
		return int(old), 0
	})
	return n
}

// Chdir changes the current directory.
//
// ENOTDIR; EACCES: no search permission.
//
// Source: POSIX chdir(); Linux fs/open.c chdir.
func (p *Process) Chdir(path string) error {
	return p.naming("chdir", func() []any { return []any{Path(path)} }, func(w *walk) errno.Errno {
		i, err := w.resolve(here(path), follow|directory)
		if err != 0 {
			return err
		}
		if err := i.permits(w.who, mayExec); err != 0 {
			return err
		}
		w.q.place.cwd = i
		return 0
	})
}

// Fchdir is Chdir to an open directory, of which there are none.
//
// EBADF; ENOTDIR.
func (p *Process) Fchdir(fd int) error {
	return p.observe1("fchdir", func() []any { return []any{Fd(fd)} }, func() errno.Errno {
		if p.proc.files.Get(fd) == nil {
			return p.noDescriptor()
		}
		return errno.ENOTDIR
	})
}

// Getcwd stores the path of the current directory into buf, with a byte 0
// behind it, and returns the length of both.
//
// ENOENT: the directory has been removed; ENAMETOOLONG: PATH_MAX; ERANGE: buf is too short; EFAULT: buf is bad.
//
// Source: POSIX getcwd(); Linux fs/d_path.c getcwd.
func (p *Process) Getcwd(buf []byte) (int, error) {
	return p.observe("getcwd", func() []any { return []any{In(buf), len(buf)} }, func() (int, errno.Errno) {
		if p.over() {
			return -1, errEnded
		}
		ns := &p.sys.names
		ns.mu.Lock()
		cwd := p.proc.place.cwd
		removed, path := cwd.removed(), cwd.path()+"\x00"
		ns.mu.Unlock()
		switch {
		case removed:
			return -1, errno.ENOENT
		case len(path) > PATH_MAX:
			return -1, errno.ENAMETOOLONG
		case len(path) > len(buf):
			return -1, errno.ERANGE
		case isBad(buf):
			return -1, errno.EFAULT
		}
		return copy(buf, path), 0
	})
}

// path is a directory's, from the root.
func (i *inode) path() string {
	var names []string
	for ; i != i.parent; i = i.parent {
		names = append(names, i.name)
	}
	slices.Reverse(names)
	return "/" + strings.Join(names, "/")
}
