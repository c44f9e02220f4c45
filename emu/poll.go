package emu

import (
	"sync"
	"time"

	"sockpair/errno"
)

// PollFd is one entry of poll: the events asked for and, on return, those
// that are so. A negative Fd is left out.
type PollFd struct {
	Fd              int
	Events, Revents int16
}

// pollState is what readiness looks at.
type pollState struct {
	queued   bool // the queue holds something
	urgent   bool // there is an urgent byte
	pending  bool // there is a pending error
	shut     shutState
	writable bool // the personality's Writable
	apart    bool // it has no connection, of a type that needs one
}

// readiness is the set of poll's bits for a state: a pure function of it.
// Linux net/unix/af_unix.c unix_poll, unix_dgram_poll: POLLOUT tells of the
// room in the buffer, whatever has become of the other end.
func readiness(r PollRules, s pollState) (bits int16) {
	if s.pending {
		bits |= POLLERR
	}
	if s.shut&shutBoth == shutBoth || s.apart {
		bits |= POLLHUP
	}
	if s.shut&shutRecv != 0 {
		bits |= POLLIN | POLLRDNORM
		if r.RDHUP {
			bits |= POLLRDHUP
		}
	}
	if s.queued {
		bits |= POLLIN | POLLRDNORM
	}
	if s.urgent {
		bits |= POLLPRI
	}
	if s.writable && !(r.HangupExcludesOut && bits&POLLHUP != 0) {
		bits |= POLLOUT | POLLWRNORM | POLLWRBAND
	}
	return bits
}

// readiness is the state of the end in poll's bits. The lock is held.
func (e *end) readiness() int16 {
	if e.plain == plainSend|plainRecv && e.shut == 0 {
		return e.readinessPlain(POLLIN | POLLOUT)
	}
	return e.readinessLong()
}

// readinessFor is readiness of which no more need be true than what is asked.
// So who does not ask for room pays nothing for it, as in Linux
// unix_dgram_poll. The lock is held.
func (e *end) readinessFor(asked int16) int16 {
	if e.plain == plainSend|plainRecv && e.shut == 0 {
		return e.readinessPlain(asked)
	}
	return e.readinessLong()
}

// readinessPlain is what is left to find out for a plain end that is not shut.
func (e *end) readinessPlain(asked int16) (bits int16) {
	if e.in.Segments() > 0 {
		bits = POLLIN | POLLRDNORM
	}
	const out = POLLOUT | POLLWRNORM | POLLWRBAND
	if asked&out != 0 && e.rules().Admission.Writable(e.spent(), e.bound()) {
		bits |= out
	}
	return bits
}

func (e *end) readinessLong() int16 {
	return readiness(e.rules().Poll, pollState{
		queued:   e.in.Segments() > 0 || e.listening() && len(e.listener.embryos) > 0,
		urgent:   e.mark.urgent != 0,
		pending:  e.pending != 0,
		shut:     e.shut,
		writable: !e.listening() && e.rules().Admission.Writable(e.spent(), e.bound()) && !e.findsFull(),
		apart:    e.connectionMode() && !e.established() && !e.listening(),
	})
}

// foreignReadiness is what poll says of a foreign file, as of a regular one.
const foreignReadiness = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM

// always are the events that need not be asked for.
const always = POLLERR | POLLHUP

// watch is the interest of one poll, one Poller or one epoll registration in a
// description.
type watch struct {
	poller     *waiter    // of a poll
	once       *Poller    // of a Poller, whose watch ends when it is told
	events     int16      // that it asks for
	item       *epollItem // of an epoll instance
	exclusive  bool       // EPOLLEXCLUSIVE
	number     uint32     // of an exclusive one: how many have come to the description, with it
	next, prev *watch
}

// watchList is the list of a description's watches, of which the exclusive ones
// come last, in order of arrival. Guarded by its lock.
type watchList struct {
	first, last *watch
	exclusive   *watch // the first that is
	came        uint32 // exclusive watches that there have been
	taken       bool   // one has taken an event from who stands behind it
}

// watch adds a watch. The lock is held.
func (f *file) watch(w *watch) {
	l := &f.aside().watches
	if w.exclusive {
		w.prev, w.next = l.last, nil
		l.came++
		w.number = l.came
		if l.exclusive == nil {
			l.exclusive = w
		}
	} else {
		w.prev, w.next = nil, l.first
	}
	if w.prev == nil {
		l.first = w
	} else {
		w.prev.next = w
	}
	if w.next == nil {
		l.last = w
	} else {
		w.next.prev = w
	}
	switch {
	case f.end != nil:
		f.end.link.waiting++
		f.end.link.watching++
	case f.epoll != nil:
		f.epoll.attend()
	}
}

func (f *file) unwatch(w *watch) {
	l := &f.watches
	if w.prev == nil && w.next == nil && l.first != w {
		return // the description has ended and forgotten it
	}
	if l.exclusive == w {
		l.exclusive = w.next
	}
	if w.prev == nil {
		l.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next == nil {
		l.last = w.prev
	} else {
		w.next.prev = w.prev
	}
	w.next, w.prev = nil, nil
	switch {
	case f.end != nil:
		f.end.link.waiting--
		f.end.link.watching--
	case f.epoll != nil:
		f.epoll.attend()
	}
}

// tell is called when something has happened to the description: it wakes the
// polls and Pollers that ask for what is ready, and tells the epoll instances
// what has happened: of those with EPOLLEXCLUSIVE as offer says. The lock is held.
func (f *file) tell(ev events) {
	f.tellShared(ev)
	f.offer(ev, endOfLine)
}

// tellShared is tell for the watches that are not exclusive.
func (f *file) tellShared(ev events) {
	key := ev.key()
	for w := f.watches.first; w != nil && !w.exclusive; {
		this := w
		w = w.next // a Poller takes its watch off
		switch w := this; {
		case w.once != nil:
			if f.readyFor(w.events) != 0 {
				w.once.happened()
			}
		case w.item == nil:
			if f.readyFor(w.events) != 0 {
				w.poller.wake(wokenReady)
			}
		default:
			w.item.notify(key)
		}
	}
}

// readyFor is what of the asked events, and of those that need not be asked
// for, is so. The lock is held. Of an epoll instance it is what its watches are
// told, which its lock is not enough to find out.
func (f *file) readyFor(asked int16) (bits int16) {
	asked |= always
	switch {
	case f.end != nil:
		bits = f.end.readinessFor(asked)
	case f.object != nil:
		bits = f.object.readiness()
	case f.epoll != nil:
		bits = POLLIN | POLLRDNORM
	default:
		bits = foreignReadiness
	}
	return bits & asked
}

// key are the events that a wake-up may concern, 0 for all: what Linux gives
// with it.
func (ev events) key() (bits uint32) {
	if ev&stateChanged != 0 {
		return 0
	}
	if ev&dataArrived != 0 {
		bits |= POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND
	}
	if ev&spaceFreed != 0 {
		bits |= POLLOUT | POLLWRNORM | POLLWRBAND
	}
	if ev&errorPending != 0 {
		bits |= POLLERR
	}
	return bits
}

// endItems ends the epoll registrations of a description that ends, and the
// wait of who has closed it under a Poller. The lock is held.
func (l *watchList) endItems() {
	for w := l.first; w != nil; {
		this := w
		w = w.next
		switch {
		case this.item != nil:
			this.item.forget()
		case this.once != nil:
			this.once.happened()
		}
	}
}

// poll is readyFor of any description. No lock is held.
func (f *file) poll(asked int16) (bits int16) {
	if ep := f.instance(); ep != nil && !ep.readable() {
		return 0
	}
	f.lock.Lock()
	bits = f.readyFor(asked)
	f.lock.Unlock()
	return bits
}

// noDeadline is the zero time: wait for ever.
var noDeadline time.Time

// Poll waits until one of the entries is ready, for timeout milliseconds at
// most; a negative timeout waits for ever. It returns how many are ready.
//
// EINVAL: more entries than RLIMIT_NOFILE. EINTR: a handler ran; poll never
// restarts.
//
// Source: POSIX poll(); Linux fs/select.c do_sys_poll.
func (p *Process) Poll(fds []PollFd, timeout int) (int, error) {
	if p.proc.attention.Load()&(due|observed) == 0 && len(fds) <= p.proc.nofile() {
		if n := p.look(fds); n > 0 || timeout == 0 {
			return p.done(n)
		}
	}
	return p.observe("poll", func() []any { return []any{fds, len(fds), timeout} },
		func() (int, errno.Errno) {
			if len(fds) > p.proc.nofile() {
				return -1, errno.EINVAL
			}
			return p.poll(fds, milliseconds(timeout), false)
		})
}

// Ppoll is Poll with a time-out that may be nil, for ever, and a signal mask,
// when not nil, that is in force while it waits.
//
// EINVAL: a negative time-out, or more entries than RLIMIT_NOFILE. EINTR.
//
// Source: POSIX ppoll(); Linux fs/select.c do_sys_ppoll.
func (p *Process) Ppoll(fds []PollFd, timeout *time.Duration, mask *Sigset) (int, error) {
	return p.observe("ppoll", func() []any { return []any{fds, len(fds), timeout, mask} },
		func() (int, errno.Errno) {
			if timeout != nil && *timeout < 0 || len(fds) > p.proc.nofile() {
				return -1, errno.EINVAL
			}
			return p.withMask(mask, func() (int, errno.Errno) { return p.poll(fds, timeout, mask != nil) })
		})
}

// withMask runs a call with another signal mask; signals that the mask let in
// are delivered before the old one is back.
func (p *Process) withMask(mask *Sigset, call func() (int, errno.Errno)) (int, errno.Errno) {
	if mask == nil {
		return call()
	}
	q := p.proc
	q.mu.Lock()
	change := p.task.changeMask(0, *mask&^unblockable)
	q.mu.Unlock()
	n, err := call()
	if err == errno.EINTR {
		p.deliver()
	}
	q.mu.Lock()
	p.task.endChange(change)
	q.mu.Unlock()
	return n, err
}

// poll is the loop: look; when nothing is ready watch, look again, park.
// limit nil is for ever. masked: a signal that the call's own mask has let in
// ends it even when it does not wait.
func (p *Process) poll(fds []PollFd, limit *time.Duration, masked bool) (int, errno.Errno) {
	if p.proc.over() {
		return -1, errEnded
	}
	n := p.look(fds)
	switch {
	case n > 0:
		return n, 0
	case limit != nil && *limit == 0 && masked && p.signalWaits():
		return -1, errno.EINTR
	case limit != nil && *limit == 0:
		return 0, 0
	}
	return p.pollWait(fds, p.deadlineOf(limit))
}

// deadlineOf is when a time-out that begins now is over; never for nil.
func (p *Process) deadlineOf(limit *time.Duration) time.Time {
	if limit == nil {
		return noDeadline
	}
	return p.sys.seam.deadline(*limit)
}

// look fills in what is ready and counts the entries that are. It keeps no
// description for longer than it asks it.
//
// To read a field of sixteen sockets before the first is locked, so that they
// come into the cache together, was tried: it gains where sockets are polled in
// another order than they were made (17 ns for 27 to 60, of 100,000), and loses
// where in the same (17 for 10), which processors foresee.
func (p *Process) look(fds []PollFd) (n int) {
	var files [16]*file
	for len(fds) > 0 {
		some := fds[:min(len(fds), len(files))]
		for i := range some {
			files[i] = p.proc.files.Get(some[i].Fd)
		}
		n += p.lookAt(some, files[:])
		fds = fds[len(some):]
	}
	return n
}

// lookAt is look where the descriptions are known, of which one may have ended
// if the caller has no reference. The two ends of a link, which are often
// polled together, are asked under one lock.
func (p *Process) lookAt(fds []PollFd, files []*file) (n int) {
	var held *sync.Mutex
	for i := range fds {
		fd, f := &fds[i], files[i]
		lock := (*sync.Mutex)(nil)
		if f != nil && f.end != nil {
			lock = f.lock
		}
		if lock != held {
			if held != nil {
				held.Unlock()
			}
			if held = lock; held != nil {
				held.Lock()
			}
		}
		if held != nil && f.refs.alive() {
			fd.Revents = f.readyFor(fd.Events)
		} else {
			if held != nil {
				held.Unlock()
				held = nil
			}
			fd.Revents = p.pollOne(*fd, f)
		}
		if fd.Revents != 0 {
			n++
		}
	}
	if held != nil {
		held.Unlock()
	}
	return n
}

// pollOne is what poll says of one entry, whose description was f; of one that
// has ended the number is looked up again. No lock is held.
func (p *Process) pollOne(fd PollFd, f *file) int16 {
	for fd.Fd >= 0 {
		if f == nil {
			return POLLNVAL
		}
		got := f.poll(fd.Events)
		if f.refs.alive() {
			return got
		}
		f = p.proc.files.Get(fd.Fd)
	}
	return 0
}

// pollWait waits until an entry is ready. EINTR: a signal came first.
func (p *Process) pollWait(fds []PollFd, deadline time.Time) (int, errno.Errno) {
	files := make([]*file, len(fds))
	for i := range fds {
		if fds[i].Fd >= 0 {
			files[i], _ = p.use(fds[i].Fd)
		}
	}
	defer func() {
		for _, f := range files {
			if f != nil {
				f.leave()
			}
		}
	}()
	w := new(waiter)
	w.reset(&p.sys.seam)
	watches := make([]watch, len(fds))
	for i, f := range files {
		if f != nil {
			watches[i] = watch{poller: w, events: fds[i].Events}
			f.lock.Lock()
			f.watch(&watches[i])
			f.lock.Unlock()
		}
	}
	defer func() {
		for i, f := range files {
			if f != nil {
				f.lock.Lock()
				f.unwatch(&watches[i])
				f.lock.Unlock()
			}
		}
	}()
	for {
		if n := p.lookAt(fds, files); n > 0 {
			return n, 0
		}
		switch why := p.sleep(w, deadline); {
		case why&wokenEnd != 0:
			return -1, errEnded
		case why&wokenReady != 0:
		case why&wokenTime != 0:
			return p.lookAt(fds, files), 0
		case why&wokenSignal != 0:
			return -1, errno.EINTR
		}
	}
}
