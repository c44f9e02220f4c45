package emu

import (
	"sync"

	"sockpair/errno"
	"sockpair/fdtable"
)

// file is an open file description: what the descriptors made by dup and fork
// share [FD-06]. It lives until its last reference is gone: references are
// descriptors, messages in flight that carry it, and calls that wait for it. A
// call that does not park needs none, because it finds the description alive
// under its lock and is over before that is released; one that parks on an end
// borrows its descriptor's, until a descriptor is closed (parked.pin).
type file struct {
	sys  *System
	lock *sync.Mutex // the lock of the object behind it; guards what follows

	refs    refCount
	graphed uint32      // in InFlightGraph, from 1 when it has been in one; guarded by System.inflight.mu
	calls   int32       // how many of the references are calls
	status  int         // the access mode, O_NONBLOCK and the other flags of F_SETFL
	place   *graphPlace // in the graph while it is in flight; guarded by System.inflight.mu

	end *end // what is behind it, if it is a socket
	*besides
}

// besides is what else a description may have. A socket that has nothing of it
// points to nothing, which is not written: who writes asks aside.
type besides struct {
	epoll   *epoll // what is behind it: one of these, or a foreign file of that name
	object  object
	name    string
	owner   fileOwner
	watches watchList // the polls and epoll instances that watch it
}

var nothing besides

// instance and thing are what is behind a description that is no socket, or
// nil. No lock is needed.
func (f *file) instance() *epoll {
	if f.end != nil {
		return nil
	}
	return f.epoll
}

func (f *file) thing() object {
	if f.end != nil {
		return nil
	}
	return f.object
}

// aside returns the description's own besides, to write to. The lock is held.
func (f *file) aside() *besides {
	if f.besides == &nothing {
		f.besides = new(besides)
	}
	return f.besides
}

// lockFile finds the description of fd and locks it. The look-up takes no
// lock; a description that was closed between the look-up and its lock is
// looked up again, so the descriptor's next owner, if any, is found.
// EBADF: fd is not open.
func (p *Process) lockFile(fd int) (*file, errno.Errno) {
	if p.proc.attention.Load()&taskOver != 0 && p.over() {
		return nil, errEnded
	}
	for {
		f := p.proc.files.Get(fd)
		if f == nil {
			return nil, p.noDescriptor()
		}
		f.lock.Lock()
		if f.refs.alive() {
			return f, 0
		}
		f.lock.Unlock()
	}
}

// lockSocket is lockFile for the calls that are for sockets only.
// EBADF: fd is not open. ENOTSOCK: it is no socket.
func (p *Process) lockSocket(fd int) (*end, errno.Errno) {
	f, err := p.lockFile(fd)
	if err != 0 {
		return nil, err
	}
	if f.end == nil {
		f.lock.Unlock()
		return nil, errno.ENOTSOCK
	}
	return f.end, 0
}

// noDescriptor is EBADF, or the end of the process: a process that has ended
// has no descriptors, so this is where its later calls find out.
func (p *Process) noDescriptor() errno.Errno {
	if p.proc.over() {
		return errEnded
	}
	return errno.EBADF
}

// ref adds a reference to a description that somebody has open meanwhile.
func (f *file) ref() {
	f.refs.add(1, 0)
}

// enter adds the reference of a running call, with the lock held; leave takes
// it away, without.
func (f *file) enter() {
	f.refs.add(1, 0)
	f.calls++
}

func (f *file) leave() {
	f.lock.Lock()
	f.calls--
	f.releaseLocked()
}

// release takes a reference away; the last one destroys the description.
func (f *file) release() {
	if dropped, suspect := f.drop(); len(dropped) > 0 || suspect {
		f.reap(dropped, suspect)
	}
}

// releaseLocked is release with the lock held, which it gives back.
func (f *file) releaseLocked() {
	if dropped, suspect := f.unref(); len(dropped) > 0 || suspect {
		f.reap(dropped, suspect)
	}
}

// reap does what is owed for a reference that was taken away.
func (f *file) reap(dropped []released, suspect bool) {
	r := reaper{sys: f.sys, dropped: dropped}
	if suspect {
		r.suspects = []*file{f}
	}
	r.run()
}

// drop takes a reference away. Its caller owes the release of what was dropped,
// and a search if f may have become garbage.
func (f *file) drop() (dropped []released, suspect bool) {
	if refs, inFlight, ok := f.refs.drop(); ok {
		return nil, inFlight >= refs && f.end != nil
	}
	f.lock.Lock()
	return f.unref()
}

// unref is drop with the lock held, which it gives back.
func (f *file) unref() (dropped []released, suspect bool) {
	if f.end != nil {
		if by := f.end.pinCalls(); by != nil {
			dropped = append(dropped, pinned{f, by})
		}
	}
	refs, inFlight := f.refs.add(-1, 0)
	if refs < 0 {
		panic("emu: a description was released more often than referenced")
	}
	if refs > 0 {
		f.lock.Unlock()
		return dropped, f.end != nil && inFlight >= refs
	}
	f.watches.endItems()
	files, sockets := 1, 0
	if f.end != nil {
		sockets = 1
		if f.end.embryo() {
			files = 0
		}
	}
	switch {
	case f.end != nil:
		dropped = f.end.destroy()
	case f.epoll != nil:
		f.epoll.destroy()
	case f.object != nil:
		f.object.destroy()
	default:
		f.lock.Unlock()
	}
	f.sys.census.add(-files, -sockets)
	return dropped, false
}

// Foreign puts a description that is none of this machine's at number fd: a
// file, a terminal, a pipe of the world outside. It can be duplicated, closed,
// inherited and passed; it holds no data: read and write say EINVAL, socket
// calls ENOTSOCK. What stood at fd before is closed.
// EBADF: fd is negative or not below RLIMIT_NOFILE. ENFILE: Config.MaxFiles.
func (p *Process) Foreign(fd int, name string) error {
	if fd < 0 || fd >= p.proc.nofile() {
		return p.ret1(errno.EBADF)
	}
	if !p.sys.takeFiles(1) {
		return p.ret1(errno.ENFILE)
	}
	f := &file{sys: p.sys, lock: new(sync.Mutex), status: O_RDWR, besides: &besides{name: name}}
	old, ok := p.proc.files.Insert(fd, f, 0)
	if !ok {
		f.release()
		return p.ret1(errno.EBUSY)
	}
	if old != nil {
		old.release()
	}
	return p.ret1(0)
}

// IsForeign reports whether fd is open and was made by Foreign.
func (p *Process) IsForeign(fd int) bool {
	f := p.proc.files.Get(fd)
	return f != nil && f.foreign()
}

func (f *file) foreign() bool { return f.end == nil && f.epoll == nil && f.object == nil }

// Descriptors returns the numbers of the open descriptors in ascending order.
func (p *Process) Descriptors() []int {
	var fds []int
	for fd := range p.proc.files.All() {
		fds = append(fds, fd)
	}
	return fds
}

// The descriptor flags, as the table keeps them.
const (
	cloexec = fdtable.CLOEXEC
	clofork = fdtable.CLOFORK
)

// descriptorFlags turns O_CLOEXEC and O_CLOFORK (SOCK_CLOEXEC, SOCK_CLOFORK) into FD_ flags.
func descriptorFlags(open int) (f fdtable.Flags) {
	if open&O_CLOEXEC != 0 {
		f |= cloexec
	}
	if open&O_CLOFORK != 0 {
		f |= clofork
	}
	return f
}

// fdFlags are a table's flags as F_GETFD shows them.
func fdFlags(f fdtable.Flags) (fd int) {
	if f&cloexec != 0 {
		fd |= FD_CLOEXEC
	}
	if f&clofork != 0 {
		fd |= FD_CLOFORK
	}
	return fd
}

// tableFlags is the inverse; other bits are ignored, as F_SETFD does.
func tableFlags(fd int, forkFlag bool) (f fdtable.Flags) {
	if fd&FD_CLOEXEC != 0 {
		f |= cloexec
	}
	if fd&FD_CLOFORK != 0 && forkFlag {
		f |= clofork
	}
	return f
}
