package emu

import (
	"math"
	"sync"
	"time"

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
type epoll struct {
	file
	scan sync.Mutex

	mu      sync.Mutex
	items   map[epollKey]*epollItem
	ready   itemList
	waiters []*waiter
}

// epollKey is what an instance registers: a description under a number, so
// that a second descriptor of the same description is another.
type epollKey struct {
	f  *file
	fd int
}

// epollItem is one registration.
type epollItem struct {
	epollKey
	ep     *epoll
	events uint32 // guarded by ep.mu
	data   uint64
	watch  watch
	gone   bool // guarded by ep.mu

	next, prev *epollItem // in ep.ready
	linked     bool
}

// itemList is a list of items in order of their becoming ready. Guarded by mu.
type itemList struct {
	first, last *epollItem
	n           int
}

func (l *itemList) push(it *epollItem) {
	if it.linked {
		return
	}
	it.linked, it.prev, it.next = true, l.last, nil
	if l.last == nil {
		l.first = it
	} else {
		l.last.next = it
	}
	l.last = it
	l.n++
}

func (l *itemList) remove(it *epollItem) {
	if !it.linked {
		return
	}
	if it.prev == nil {
		l.first = it.next
	} else {
		it.prev.next = it.next
	}
	if it.next == nil {
		l.last = it.prev
	} else {
		it.next.prev = it.prev
	}
	it.linked, it.next, it.prev = false, nil, nil
	l.n--
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
			ep.file.epoll = ep
			ep.file.lock = &ep.mu
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
	f.refs.Store(1)
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
	ep := epf.epoll
	switch {
	case f.foreign():
		return errno.EPERM
	case f == epf || ep == nil:
		return errno.EINVAL
	case event != nil && event.Events&EPOLLEXCLUSIVE != 0 && op != EPOLL_CTL_DEL &&
		(op == EPOLL_CTL_MOD || f.epoll != nil || event.Events&^epollExclusive != 0):
		return errno.EINVAL
	}
	if op == EPOLL_CTL_ADD && f.epoll != nil {
		p.sys.nesting.Lock()
		defer p.sys.nesting.Unlock()
		if ep.reachedFrom(f.epoll, 0) || f.epoll.depth()+ep.height() > maxNesting {
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
		ep.mu.Lock()
		it.events, it.data = event.Events|always, event.Data
		ep.mu.Unlock()
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

func (ep *epoll) item(k epollKey) *epollItem {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	return ep.items[k]
}

// register adds an item. scan is held.
func (ep *epoll) register(f *file, fd int, event *EpollEvent) {
	it := &epollItem{epollKey: epollKey{f, fd}, ep: ep, events: event.Events | always, data: event.Data}
	it.watch = watch{item: it, exclusive: event.Events&EPOLLEXCLUSIVE != 0}
	ep.mu.Lock()
	ep.items[it.epollKey] = it
	ep.mu.Unlock()
	f.lock.Lock()
	f.watch(&it.watch)
	f.lock.Unlock()
	it.ask()
}

// ask puts the item on the ready list if it is ready now. scan is held.
func (it *epollItem) ask() {
	if uint32(uint16(it.f.poll()))&it.wanted() != 0 {
		it.happened()
	}
}

// wanted are the events that the item reports.
func (it *epollItem) wanted() uint32 {
	it.ep.mu.Lock()
	defer it.ep.mu.Unlock()
	return it.events &^ epollPrivate
}

// unwatch takes the item off its description's watches.
func (it *epollItem) unwatch() {
	it.f.lock.Lock()
	it.f.unwatch(&it.watch)
	it.f.lock.Unlock()
}

// forget removes the item from its instance.
func (it *epollItem) forget() {
	it.ep.mu.Lock()
	it.gone = true
	it.ep.ready.remove(it)
	delete(it.ep.items, it.epollKey)
	it.ep.mu.Unlock()
}

// notify is told by the description, under its lock, that something has
// happened: key are the events that it may concern, 0 for all. It reports
// whether somebody was waiting, for EPOLLEXCLUSIVE.
func (it *epollItem) notify(key uint32) bool {
	it.ep.mu.Lock()
	asked := it.events &^ epollPrivate
	it.ep.mu.Unlock()
	if asked == 0 || key != 0 && key&asked == 0 {
		return false
	}
	return it.happened()
}

// happened puts the item on the ready list and wakes one who waits, and those
// who watch the instance.
func (it *epollItem) happened() (waited bool) {
	ep := it.ep
	ep.mu.Lock()
	defer ep.mu.Unlock()
	if it.gone {
		return false
	}
	ep.ready.push(it)
	waited = ep.wakeOne()
	ep.watches.tell(dataArrived, POLLIN|POLLRDNORM)
	return waited
}

// wakeOne wakes the first who waits. mu is held.
func (ep *epoll) wakeOne() bool {
	if len(ep.waiters) == 0 {
		return false
	}
	ep.waiters[0].wake(wokenReady)
	return true
}

// harvest moves up to len(events) of what is ready into events. An item that
// turns out not to be ready leaves the list; one that is level-triggered goes
// back to its end. The next who waits is woken when something is left.
// Linux fs/eventpoll.c ep_send_events.
func (ep *epoll) harvest(events []EpollEvent) (n int) {
	ep.scan.Lock()
	defer ep.scan.Unlock()
	ep.mu.Lock()
	defer ep.mu.Unlock()
	for todo := ep.ready.n; todo > 0 && n < len(events) && ep.ready.first != nil; todo-- {
		it := ep.ready.first
		ep.ready.remove(it)
		ep.mu.Unlock() // an instance's lock comes after those of what it watches
		got := uint32(uint16(it.f.poll()))
		ep.mu.Lock()
		got &= it.events &^ epollPrivate
		if got == 0 || it.gone {
			continue
		}
		events[n] = EpollEvent{got, it.data}
		n++
		switch {
		case it.events&EPOLLONESHOT != 0:
			it.events &= epollPrivate
		case it.events&EPOLLET == 0:
			ep.ready.push(it)
		}
	}
	if ep.ready.first != nil {
		ep.wakeOne()
	}
	return n
}

// EpollWait waits for timeout milliseconds at most, for ever if it is
// negative, until one of the registered descriptions is ready, and stores up
// to len(events) of what is. It returns how many.
//
// EBADF; EINVAL: no room for an event, or epfd is no epoll instance. EINTR: a
// handler ran; epoll_wait never restarts.
func (p *Process) EpollWait(epfd int, events []EpollEvent, timeout int) (int, error) {
	return p.observe("epoll_wait", func() []any { return []any{Fd(epfd), events, len(events), timeout} },
		func() (int, errno.Errno) { return p.epollWait(epfd, events, milliseconds(timeout), false) })
}

// EpollPwait is EpollWait with a signal mask, when not nil, while it waits.
func (p *Process) EpollPwait(epfd int, events []EpollEvent, timeout int, mask *Sigset) (int, error) {
	return p.observe("epoll_pwait", func() []any { return []any{Fd(epfd), events, len(events), timeout, mask} },
		func() (int, errno.Errno) {
			return p.withMask(mask, func() (int, errno.Errno) {
				return p.epollWait(epfd, events, milliseconds(timeout), mask != nil)
			})
		})
}

// EpollPwait2 is EpollPwait with a time-out that may be nil, for ever. EINVAL:
// it is negative.
func (p *Process) EpollPwait2(epfd int, events []EpollEvent, timeout *time.Duration, mask *Sigset) (int, error) {
	return p.observe("epoll_pwait2", func() []any { return []any{Fd(epfd), events, len(events), timeout, mask} },
		func() (int, errno.Errno) {
			if timeout != nil && *timeout < 0 {
				return -1, errno.EINVAL
			}
			return p.withMask(mask, func() (int, errno.Errno) { return p.epollWait(epfd, events, timeout, mask != nil) })
		})
}

// milliseconds is the time-out of poll and epoll_wait: negative is for ever.
func milliseconds(n int) *time.Duration {
	if n < 0 {
		return nil
	}
	d := time.Duration(n) * time.Millisecond
	return &d
}

func (p *Process) epollWait(epfd int, events []EpollEvent, limit *time.Duration, masked bool) (int, errno.Errno) {
	f, err := p.use(epfd)
	if err != 0 {
		return -1, err
	}
	defer f.leave()
	if len(events) == 0 || len(events) > maxEpollEvents || f.epoll == nil {
		return -1, errno.EINVAL
	}
	if n := f.epoll.harvest(events); n > 0 {
		return n, 0
	}
	switch {
	case limit != nil && *limit == 0 && masked && p.signalWaits():
		return -1, errno.EINTR
	case limit != nil && *limit == 0:
		return 0, 0
	}
	return p.epollSleep(f.epoll, events, p.deadlineOf(limit))
}

// epollSleep is the loop of an epoll_wait that has found nothing.
func (p *Process) epollSleep(ep *epoll, events []EpollEvent, deadline time.Time) (int, errno.Errno) {
	w := new(waiter)
	w.reset(&p.sys.seam)
	ep.mu.Lock()
	ep.waiters = append(ep.waiters, w)
	ep.mu.Unlock()
	defer ep.stopWaiting(w)
	for {
		if n := ep.harvest(events); n > 0 {
			return n, 0
		}
		switch why := p.sleep(w, deadline); {
		case why&wokenEnd != 0:
			return -1, errEnded
		case why&wokenReady != 0:
		case why&wokenTime != 0:
			return ep.harvest(events), 0
		case why&wokenSignal != 0:
			return -1, errno.EINTR
		}
	}
}

// stopWaiting takes a waiter off the list; a wake-up that it has not used goes to the next.
func (ep *epoll) stopWaiting(w *waiter) {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	for i, x := range ep.waiters {
		if x == w {
			ep.waiters = append(ep.waiters[:i:i], ep.waiters[i+1:]...)
			break
		}
	}
	if ep.ready.first != nil {
		ep.wakeOne()
	}
}

// readable reports whether an epoll_wait would find something, asking what is
// on the ready list and dropping what is not ready.
func (ep *epoll) readable() bool {
	ep.scan.Lock()
	defer ep.scan.Unlock()
	for {
		ep.mu.Lock()
		it := ep.ready.first
		ep.mu.Unlock()
		if it == nil {
			return false
		}
		if uint32(uint16(it.f.poll()))&it.wanted() != 0 {
			return true
		}
		ep.mu.Lock()
		ep.ready.remove(it)
		ep.mu.Unlock()
	}
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

// maxNesting is how many instances may watch each other in a row (EP_MAX_NESTS).
const maxNesting = 5

// inner are the instances that this one has registered.
func (ep *epoll) inner() []*epoll {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	var list []*epoll
	for k := range ep.items {
		if k.f.epoll != nil {
			list = append(list, k.f.epoll)
		}
	}
	return list
}

// reachedFrom reports whether other watches ep, itself or through others.
func (ep *epoll) reachedFrom(other *epoll, level int) bool {
	if ep == other || level > maxNesting {
		return true
	}
	for _, e := range other.inner() {
		if ep.reachedFrom(e, level+1) {
			return true
		}
	}
	return false
}

// depth is how many instances are in a row from this one inwards, height how
// many from this one outwards.
func (ep *epoll) depth() int {
	d := 0
	for _, e := range ep.inner() {
		d = max(d, e.depth())
	}
	return d + 1
}

func (ep *epoll) height() int {
	h := 0
	for _, e := range ep.outer() {
		h = max(h, e.height())
	}
	return h + 1
}

// outer are the instances that have this one registered.
func (ep *epoll) outer() []*epoll {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	var list []*epoll
	for w := ep.watches.first; w != nil; w = w.next {
		if w.item != nil {
			list = append(list, w.item.ep)
		}
	}
	return list
}
