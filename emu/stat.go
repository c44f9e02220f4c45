package emu

import (
	"fmt"

	"sockpair/errno"
)

// What a process can ask about its descriptors: fstat, and the list that
// Linux has in /proc/self/fd.

// Stat is the part of struct stat that means something here.
type Stat struct {
	Ino      uint64 // the file's number: equal for all descriptors of a socket, and for the two ends of a pipe
	Mode     uint32 // S_IFSOCK|0777, S_IFIFO|0600, 0600 for an epoll instance, a counter or a timer
	Nlink    uint64
	Uid, Gid int   // of who made it
	Size     int64 // 0 but for a symbolic link, and a directory, which has Blksize
	Blksize  int64
}

// Fstat tells what fd is.
//
// EBADF. EFAULT: st is nil.
//
// Source: POSIX fstat(); Linux fs/stat.c vfs_fstat.
func (p *Process) Fstat(fd int, st *Stat) error {
	return p.observe1("fstat", func() []any { return []any{Fd(fd), st} }, func() errno.Errno { return p.fstat(fd, st) })
}

func (p *Process) fstat(fd int, st *Stat) errno.Errno {
	f, err := p.lockFile(fd)
	if err != 0 {
		return err
	}
	defer f.lock.Unlock()
	if st == nil {
		return errno.EFAULT
	}
	n := f.node()
	*st = Stat{Ino: n.number(f.sys), Mode: f.traits().mode, Nlink: 1, Uid: n.uid, Gid: n.gid, Blksize: blockSize}
	return 0
}

// node is what fstat tells of a file beside its kind.
type node struct {
	ino      uint64 // 0: not asked for yet
	uid, gid int
}

// noder is an object with a node of its own, which two descriptions may share.
type noder interface{ ownNode() *node }

// node: a socket has one of its own; epoll instances, counters and timers
// share one, which is user 0's. The lock is held.
func (f *file) node() *node {
	if f.end != nil {
		return &node{ino: f.sys.inode(&f.end.rarely().ino), uid: f.end.maker.Uid, gid: f.end.maker.Gid}
	}
	if n, ok := f.object.(noder); ok {
		return n.ownNode()
	}
	return &node{ino: anonymousInode}
}

// anonymousInode is the number of the file that all have that have none.
const anonymousInode = 1

func (n *node) number(s *System) uint64 { return s.inode(&n.ino) }

// inode gives a file its number when it is first asked for.
func (s *System) inode(n *uint64) uint64 {
	if *n == 0 {
		*n = anonymousInode + s.inodes.Add(1)
	}
	return *n
}

// Descriptor is one open descriptor of a process.
type Descriptor struct {
	Fd    int
	Flags int    // of the descriptor: FD_CLOEXEC, FD_CLOFORK
	Open  int    // of the description: the access mode, O_NONBLOCK, ...
	Link  string // what it is, as the links in /proc/self/fd say it: "socket:[1]", "pipe:[2]", "anon_inode:[eventpoll]"
}

// ListDescriptors returns the open descriptors in ascending order, as Linux
// lists them in /proc/self/fd and /proc/self/fdinfo.
func (p *Process) ListDescriptors() []Descriptor {
	var list []Descriptor
	for _, fd := range p.Descriptors() {
		f, err := p.lockFile(fd)
		if err != 0 {
			continue // closed meanwhile
		}
		flags, _ := p.proc.files.Flags(fd)
		list = append(list, Descriptor{Fd: fd, Flags: fdFlags(flags), Open: f.status, Link: f.link()})
		f.lock.Unlock()
	}
	return list
}

// link is what the description is called. The lock is held.
func (f *file) link() string {
	if f.foreign() {
		return f.name
	}
	name := f.traits().link
	if name[len(name)-1] != ':' {
		return name
	}
	return fmt.Sprintf("%s[%d]", name, f.node().number(f.sys))
}
