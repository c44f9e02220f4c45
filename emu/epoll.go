package emu

import (
	"math"
	"sync"
	"sync/atomic"

	"sockpair/errno"
)

// An epoll instance keeps a list of the registered descriptions to which
// something has happened; epoll_wait asks only those, so its cost does not
// grow with what is idle.
//
// Linux fs/eventpoll.c.

// Operations of EpollCtl.
const (
	EPOLL_CTL_ADD = 1
	EPOLL_CTL_DEL = 2
	EPOLL_CTL_MOD = 3
)

// Events of epoll beside poll's, which have the same numbers.
const (
	EPOLLEXCLUSIVE = 1 << 28
	EPOLLWAKEUP    = 1 << 29
	EPOLLONESHOT   = 1 << 30
	EPOLLET        = 1 << 31

	EPOLL_CLOEXEC = O_CLOEXEC

	epollPrivate   = EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET
	epollExclusive = POLLIN | POLLOUT | POLLERR | POLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE
	maxEpollEvents = math.MaxInt32 / 12
)

// EpollEvent is what is asked for, or has happened, and the caller's own datum.
type EpollEvent struct {
	Events uint32
	Data   uint64
}

// epoll is an instance. Its two locks: scan is held by who asks the registered
// descriptions, and comes before their locks; file.lock (mu) guards the ready
// list and comes after them, an outer instance's after an inner one's.
//
// A description that is ready over and over is the common case, and costs
// neither side mu. Its item stays on the ready list, which notify sees without
// the lock; and it leaves the list only under the description's own lock, which
// notify's caller holds, so what notify sees is so.
type epoll struct {
	file
	scan  sync.Mutex
	round uint64 // counts the harvests; guarded by scan

	mu       sync.Mutex
	items    map[epollKey]*epollItem
	ready    itemList
	waiters  []*waiter
	attended atomic.Bool // there are waiters, or watches on the instance; written with mu held
}

// EpollCreate1 makes an epoll instance.
//
// EINVAL: other flags than EPOLL_CLOEXEC. EMFILE; ENFILE.
func (p *Process) EpollCreate1(flags int) (int, error) {
	return p.observe("epoll_create1", func() []any { return []any{OpenFlags(flags)} },
		func() (int, errno.Errno) {
			if flags&^EPOLL_CLOEXEC != 0 {
				return -1, errno.EINVAL
			}
			ep := &epoll{items: make(map[epollKey]*epollItem)}
			ep.file.besides = &besides{epoll: ep}
			ep.file.lock, ep.file.status = &ep.mu, O_RDWR
			return p.openNew(&ep.file, flags)
		})
}

// openNew gives a new description its first descriptor.
func (p *Process) openNew(f *file, flags int) (int, errno.Errno) {
	if p.proc.over() {
		return -1, errEnded
	}
	fd, ok := p.proc.files.Reserve(0, p.proc.nofile(), descriptorFlags(flags))
	if !ok {
		return -1, p.noNumber()
	}
	if !p.sys.takeFiles(1) {
		p.proc.files.Release(fd)
		return -1, errno.ENFILE
	}
	f.sys = p.sys
	if err := p.installFile(fd, f); err != 0 {
		return -1, err
	}
	return fd, 0
}

// EpollCtl registers fd's description (EPOLL_CTL_ADD), changes what it is
// asked for (MOD), or removes it (DEL, event may be nil). A registration ends
// with the description, not with the descriptor.
//
// EFAULT: event is nil; EBADF; EPERM: fd is foreign; EINVAL: epfd is no epoll
// instance, or fd is the same, or EPOLLEXCLUSIVE where it may not be; ELOOP: a
// cycle of instances, or more than five in a row; EEXIST; ENOENT; EINVAL: an
// unknown operation.
//
// Source: Linux fs/eventpoll.c do_epoll_ctl.
func (p *Process) EpollCtl(epfd, op, fd int, event *EpollEvent) error {
	return p.observe1("epoll_ctl", func() []any { return []any{Fd(epfd), EpollOp(op), Fd(fd), event} },
		func() errno.Errno { return p.epollCtl(epfd, op, fd, event) })
}

func (p *Process) epollCtl(epfd, op, fd int, event *EpollEvent) errno.Errno {
	if op != EPOLL_CTL_DEL && event == nil {
		return errno.EFAULT
	}
	epf, err := p.use(epfd)
	if err != 0 {
		return err
	}
	defer epf.leave()
	f, err := p.use(fd)
	if err != 0 {
		return err
	}
	defer f.leave()
	ep := epf.instance()
	switch {
	case f.foreign():
		return errno.EPERM
	case f == epf || ep == nil:
		return errno.EINVAL
	case event != nil && event.Events&EPOLLEXCLUSIVE != 0 && op != EPOLL_CTL_DEL &&
		(op == EPOLL_CTL_MOD || f.instance() != nil || event.Events&^epollExclusive != 0):
		return errno.EINVAL
	}
	if op == EPOLL_CTL_ADD && f.instance() != nil {
		p.sys.nesting.Lock()
		defer p.sys.nesting.Unlock()
		if ep.reachedFrom(f.instance()) || f.instance().depth()+ep.height() > maxNesting {
			return errno.ELOOP
		}
	}
	ep.scan.Lock()
	defer ep.scan.Unlock()
	it := ep.item(epollKey{f, fd})
	switch {
	case op == EPOLL_CTL_ADD && it != nil:
		return errno.EEXIST
	case op == EPOLL_CTL_ADD:
		ep.register(f, fd, event)
	case op != EPOLL_CTL_DEL && op != EPOLL_CTL_MOD:
		return errno.EINVAL
	case it == nil:
		return errno.ENOENT
	case op == EPOLL_CTL_DEL:
		it.unwatch()
		it.forget()
	case it.watch.exclusive:
		return errno.EINVAL
	default:
		it.events.Store(event.Events | always)
		it.data = event.Data
		it.ask()
	}
	return 0
}

// use finds the description of fd and keeps it for the call.
func (p *Process) use(fd int) (*file, errno.Errno) {
	f, err := p.lockFile(fd)
	if err == 0 {
		f.enter()
		f.lock.Unlock()
	}
	return f, err
}

// destroy ends the instance: nobody has it open. The lock is held and
// given back.
func (ep *epoll) destroy() {
	ep.mu.Unlock()
	ep.scan.Lock()
	defer ep.scan.Unlock()
	ep.mu.Lock()
	items := make([]*epollItem, 0, len(ep.items))
	for _, it := range ep.items {
		items = append(items, it)
	}
	ep.mu.Unlock()
	for _, it := range items {
		it.unwatch()
		it.forget()
	}
}
