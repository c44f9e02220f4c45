package emu

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"sockpair/errno"
)

// The name space: a tree of files in memory, one for each machine, in which
// sockets have their names. Its files have no content; what they have is what
// bind and connect ask for: a type, an owner, permissions, and links.

// Bounds of names, and of symbolic links in one look-up.
//
// Linux include/uapi/linux/limits.h, include/linux/namei.h.
const (
	NAME_MAX    = 255
	PATH_MAX    = 4096 // with the byte that ends it
	symlinksMax = 40
)

// The bits of Stat.Mode below the type.
const (
	S_ISUID = 0o4000
	S_ISGID = 0o2000
	S_ISVTX = 0o1000

	permissions = 0o777
	modeBits    = 0o7777
)

// namespace is the tree.
type namespace struct {
	sys *System

	mu   sync.Mutex // after System.mu and proc.mu, before a table's lock and a link's; guards the tree and every process's place in it
	root *inode
}

// place is what a process has of the name space; threads share it, fork copies
// it. Guarded by namespace.mu.
type place struct {
	cwd   *inode
	umask uint32
}

// inode is a file: it has names, or has had them. A directory has one, which
// it keeps here so that getcwd can tell it; when it is removed its links are 0,
// nothing is found or made in it any more, and ".." still leads out of it.
type inode struct {
	// sock is the socket that is bound to a file of type S_IFSOCK, nil after
	// its close: the name is then stale. It needs no lock.
	sock atomic.Pointer[end]

	// Guarded by namespace.mu.
	node
	mode    uint32 // type and permissions
	nlink   int
	target  string            // of a symbolic link
	entries map[string]*inode // of a directory, without "." and ".."
	parent  *inode            // of a directory; the root is its own
	name    string            // of a directory
}

func (i *inode) kind() uint32    { return i.mode & S_IFMT }
func (i *inode) isDir() bool     { return i.kind() == S_IFDIR }
func (i *inode) isSymlink() bool { return i.kind() == S_IFLNK }

// removed: a directory that has no name any more. Linux IS_DEADDIR.
func (i *inode) removed() bool { return i.isDir() && i.nlink == 0 }

// detach takes sock from the file, when it closes; the name stays. It needs no
// lock and may be called under any.
func (i *inode) detach(sock *end) { i.sock.CompareAndSwap(sock, nil) }

// plant makes the tree that a machine begins with: "/", "/tmp" and the
// directories of the configuration, which belong to user 0.
func (ns *namespace) plant(s *System, directories []string) {
	ns.sys = s
	ns.root = &inode{mode: S_IFDIR | 0o755, nlink: 2, entries: make(map[string]*inode), name: "/"}
	ns.root.parent = ns.root
	ns.grow("/tmp", S_ISVTX|permissions)
	for _, path := range directories {
		ns.grow(path, permissions)
	}
}

// grow makes the directories of a path that are not there.
func (ns *namespace) grow(path string, perm uint32) {
	dir := ns.root
	for name := range strings.SplitSeq(path, "/") {
		if name == "" {
			continue
		}
		next := dir.entries[name]
		if next == nil {
			next = newInode(dir, Cred{}, S_IFDIR|perm, 0)
			dir.add(name, next)
		}
		dir = next
	}
}

// validDirectories says which path cannot be made, and why.
func validDirectories(paths []string) error {
	for i, path := range paths {
		wrong := ""
		if !strings.HasPrefix(path, "/") {
			wrong = "an absolute path"
		}
		if len(path) >= PATH_MAX {
			wrong = "a path shorter than PATH_MAX"
		}
		for name := range strings.SplitSeq(path, "/") {
			if name == "." || name == ".." || len(name) > NAME_MAX || strings.Contains(name, "\x00") {
				wrong = `names without "." and "..", no longer than NAME_MAX`
			}
		}
		if wrong != "" {
			return fmt.Errorf("emu.Config.Directories[%d] = %.60q, expected %s", i, path, wrong)
		}
	}
	return nil
}

// enter gives a process without a parent its place, inherit a child that of its parent.
func (ns *namespace) enter(q *proc) {
	const usualUmask = 0o022
	ns.mu.Lock()
	q.place = place{cwd: ns.root, umask: usualUmask}
	ns.mu.Unlock()
}

func (ns *namespace) inherit(q, parent *proc) {
	ns.mu.Lock()
	q.place = parent.place
	ns.mu.Unlock()
}

// What a permission is asked for, as bits of access.
const (
	mayRead  = R_OK
	mayWrite = W_OK
	mayExec  = X_OK // in a directory: search
)

// permits reports whether who may do all of want: EACCES if not. The class of
// the owner, the group or the others decides alone, also when it allows less
// than the next. User 0 may everything, but execute only what somebody may.
//
// Linux fs/namei.c generic_permission.
func (i *inode) permits(who Cred, want uint32) errno.Errno {
	granted := i.mode
	switch {
	case who.Uid == 0:
		granted = mayRead | mayWrite
		if i.isDir() || i.mode&0o111 != 0 {
			granted |= mayExec
		}
	case who.Uid == i.uid:
		granted >>= 6
	case who.Gid == i.gid:
		granted >>= 3
	}
	if want&^granted != 0 {
		return errno.EACCES
	}
	return 0
}

// ownedBy reports whether who may change the file's attributes. Linux
// fs/inode.c inode_owner_or_capable.
func (i *inode) ownedBy(who Cred) bool { return who.Uid == 0 || who.Uid == i.uid }

// member reports whether who has the group, or is above groups. Linux
// fs/attr.c in_group_or_capable.
func member(who Cred, gid int) bool { return who.Uid == 0 || who.Gid == gid }

// checkNames tests the invariants of the tree: what Check says of it.
func (ns *namespace) checkNames(c *checker) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	names := make(map[*inode]int)
	ns.root.check(c, names)
	for i, n := range names {
		if i.nlink != n {
			c.fault("file %d has %d links, and %d names", i.ino, i.nlink, n)
		}
	}
}

// check counts the names of the files that are not directories.
func (i *inode) check(c *checker, names map[*inode]int) {
	directories := 0
	for name, child := range i.entries {
		if !child.isDir() {
			names[child]++
			continue
		}
		directories++
		if child.parent != i || child.name != name {
			c.fault("directory %q in %q believes to be %q in %q", name, i.name, child.name, child.parent.name)
		}
		child.check(c, names)
	}
	if i.nlink != directories+2 {
		c.fault("directory %q has %d links and %d directories", i.name, i.nlink, directories)
	}
}
