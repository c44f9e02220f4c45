package emu

import (
	"strings"

	"sockpair/errno"
)

// From a path to a file, step by step as Linux takes them: its order decides
// which of several errors a call reports.
//
// Linux fs/namei.c link_path_walk, walk_component, path_lookupat.

// pathAt is a path as a call gives it: relative to a directory, which is
// AT_FDCWD where the call has no argument for it.
type pathAt struct {
	dirfd int
	path  string
}

func here(path string) pathAt { return pathAt{AT_FDCWD, path} }

// valid is what is wrong with a path before anybody looks for it.
// EINVAL: it contains a zero byte; ENAMETOOLONG: PATH_MAX; ENOENT: it is empty.
// Linux fs/namei.c getname_flags.
func (a pathAt) valid() errno.Errno {
	switch {
	case strings.Contains(a.path, "\x00"):
		return errno.EINVAL
	case len(a.path) >= PATH_MAX:
		return errno.ENAMETOOLONG
	case a.path == "":
		return errno.ENOENT
	}
	return 0
}

// walk is a look-up on its way.
type walk struct {
	ns    *namespace
	q     *proc
	who   Cred
	at    *inode // where it is: in through always a directory
	links int    // followed so far, in the whole walk

	// The last component of the path, to which through does not go.
	last  string
	kind  lastKind
	slash bool // slashes follow it
}

// lastKind says what the last component is.
type lastKind uint8

const (
	lastRoot   lastKind = iota // there is none: the path is "/"
	lastNormal                 // a name
	lastDot
	lastDotDot
)

// destination says what is wanted of the last component.
type destination uint8

const (
	follow    destination = 1 << iota // a symbolic link is followed
	directory                         // it must be a directory
	trailing                          // it ends the path, and links there may be protected
)

// walker begins a walk for a call of q. ns.mu is held until it is over.
func (ns *namespace) walker(q *proc) *walk {
	return &walk{ns: ns, q: q, who: q.credentials()}
}

// start goes to the directory where a path begins.
// EBADF, ENOTDIR: it is relative, and dirfd is not open, or no directory, which
// no descriptor is here. Linux fs/namei.c path_init.
func (w *walk) start(a pathAt) errno.Errno {
	if err := a.valid(); err != 0 {
		return err
	}
	w.links, w.kind = 0, lastRoot
	switch {
	case a.path[0] == '/':
		w.at = w.ns.root
	case a.dirfd == AT_FDCWD:
		w.at = w.q.place.cwd
	case w.q.files.Get(a.dirfd) == nil:
		return errno.EBADF
	default:
		return errno.ENOTDIR
	}
	return 0
}

// through goes through all components but the last, of which it leaves name
// and kind behind.
// For each: EACCES: no search permission where it is looked up; then the errors of step;
// ENOTDIR: it is no directory.
func (w *walk) through(path string) errno.Errno {
	var rest []string // of paths in which a link is being followed
	path = strings.TrimLeft(path, "/")
	for path != "" {
		if err := w.at.permits(w.who, mayExec); err != 0 {
			return err
		}
		path = w.component(path)
		if path == "" {
			if len(rest) == 0 {
				return 0
			}
			path, rest = rest[len(rest)-1], rest[:len(rest)-1]
		}
		link, err := w.step(follow)
		switch {
		case err != 0:
			return err
		case link != "":
			path, rest = link, append(rest, path)
		case !w.at.isDir():
			return errno.ENOTDIR
		}
	}
	return 0
}

// component takes the first component off a path and returns what follows.
func (w *walk) component(path string) string {
	end := strings.IndexByte(path, '/')
	w.slash = end >= 0
	if end < 0 {
		end = len(path)
	}
	w.last = path[:end]
	switch w.last {
	case ".":
		w.kind = lastDot
	case "..":
		w.kind = lastDotDot
	default:
		w.kind = lastNormal
	}
	return strings.TrimLeft(path[end:], "/")
}

// step goes to the component that last and kind describe. A symbolic link that
// is to be followed is returned for the caller to go on with, "" if there is
// none or it leads to the root itself.
// The errors of find; ENOENT; ELOOP: the 41st link; EACCES: Names.ProtectedSymlinks.
func (w *walk) step(how destination) (link string, err errno.Errno) {
	switch w.kind {
	case lastRoot, lastDot:
		return "", 0
	case lastDotDot:
		w.at = w.at.parent
		return "", 0
	}
	child, err := w.at.find(w.last)
	switch {
	case err != 0:
		return "", err
	case child == nil:
		return "", errno.ENOENT
	case !child.isSymlink() || how&follow == 0:
		w.at = child
		return "", 0
	case w.links == symlinksMax:
		return "", errno.ELOOP
	case how&trailing != 0 && !w.mayFollow(child):
		return "", errno.EACCES
	}
	w.links++
	link = child.target
	if link[0] == '/' {
		w.at = w.ns.root
	}
	return strings.TrimLeft(link, "/"), 0
}

// find looks a name up in a directory; nil if there is none.
// ENOENT: the directory has been removed; ENAMETOOLONG: NAME_MAX.
func (i *inode) find(name string) (*inode, errno.Errno) {
	switch {
	case i.removed():
		return nil, errno.ENOENT
	case len(name) > NAME_MAX:
		return nil, errno.ENAMETOOLONG
	}
	return i.entries[name], 0
}

// resolve returns the file that a path leads to. Slashes at the end ask for a
// directory, and for a link to be followed.
// The errors of start, through and step; ENOTDIR.
func (w *walk) resolve(a pathAt, how destination) (*inode, errno.Errno) {
	if err := w.start(a); err != 0 {
		return nil, err
	}
	for path := a.path; path != ""; {
		if err := w.through(path); err != 0 {
			return nil, err
		}
		if w.kind == lastNormal && w.slash {
			how |= follow | directory
		}
		var err errno.Errno
		if path, err = w.step(how | trailing); err != 0 {
			return nil, err
		}
	}
	if how&directory != 0 && !w.at.isDir() {
		return nil, errno.ENOTDIR
	}
	return w.at, 0
}

// mayFollow reports whether a link that ends a path may be followed where it
// is: not in a directory like /tmp, where others may have put it.
//
// Linux fs/namei.c may_follow_link.
func (w *walk) mayFollow(link *inode) bool {
	const shared = S_ISVTX | 0o002
	return !w.ns.sys.rules.Names.ProtectedSymlinks || w.at.mode&shared != shared ||
		link.uid == w.who.Uid || link.uid == w.at.uid
}

// parent returns the directory in which the path's last component is, or is to
// be; last, kind and slash describe that. Linux fs/namei.c filename_parentat.
func (w *walk) parent(a pathAt) (*inode, errno.Errno) {
	if err := w.start(a); err != 0 {
		return nil, err
	}
	err := w.through(a.path)
	return w.at, err
}
