package emu

import (
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
	queued    bool // the queue holds something
	urgent    bool // there is an urgent byte
	pending   bool // there is a pending error
	shut      shutState
	connected bool // the type has connections
	writable  bool // the personality's Writable
}

// readiness is the set of poll's bits for a state: a pure function of it.
// Linux net/unix/af_unix.c unix_poll, unix_dgram_poll: POLLOUT tells of the
// room in the buffer, whatever has become of the other end.
func readiness(r PollRules, s pollState) (bits int16) {
	if s.pending {
		bits |= POLLERR
	}
	if s.shut&shutBoth == shutBoth {
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
	return readiness(e.rules().Poll, pollState{
		queued:    e.in.Segments() > 0,
		urgent:    e.mark.urgent != 0,
		pending:   e.pending != 0,
		shut:      e.shut,
		connected: e.connected(),
		writable:  e.rules().Admission.Writable(e.charged, e.sndbuf),
	})
}

// foreignReadiness is what poll says of a foreign file, as of a regular one.
const foreignReadiness = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM

// always are the events that need not be asked for.
const always = POLLERR | POLLHUP

// watch is one poll's interest in one end.
type watch struct {
	poller     *waiter
	end        *end
	events     int16
	next, prev *watch
}

// watchList is the list of an end's watches. Guarded by the link's lock.
type watchList struct{ first *watch }

func (l *watchList) add(w *watch) {
	w.next = l.first
	if l.first != nil {
		l.first.prev = w
	}
	l.first = w
	w.end.link.waiting++
}

func (l *watchList) remove(w *watch) {
	if w.prev == nil {
		l.first = w.next
	} else {
		w.prev.next = w.next
	}
	if w.next != nil {
		w.next.prev = w.prev
	}
	w.end.link.waiting--
}

// tell wakes the polls that are interested in what is ready.
func (l *watchList) tell(ready int16) {
	for w := l.first; w != nil; w = w.next {
		if ready&(w.events|always) != 0 {
			w.poller.wake(wokenReady)
		}
	}
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
	return p.observe("poll", func() []any { return []any{fds, len(fds), timeout} },
		func() (int, errno.Errno) {
			var limit *time.Duration
			if timeout >= 0 {
				d := time.Duration(timeout) * time.Millisecond
				limit = &d
			}
			return p.poll(fds, limit, false)
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
			if timeout != nil && *timeout < 0 {
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
	saved := p.task.mask
	p.task.mask = *mask &^ unblockable
	q.mu.Unlock()
	n, err := call()
	if err == errno.EINTR {
		p.deliver()
	}
	q.mu.Lock()
	p.task.mask = saved
	q.mu.Unlock()
	return n, err
}

// poll is the loop: look; when nothing is ready watch, look again, park.
// limit nil is for ever. masked: a signal that the call's own mask has let in
// ends it even when it does not wait.
func (p *Process) poll(fds []PollFd, limit *time.Duration, masked bool) (int, errno.Errno) {
	if len(fds) > p.proc.nofile() {
		return -1, errno.EINVAL
	}
	if p.proc.over() {
		return -1, errEnded
	}
	files := make([]*file, len(fds))
	defer func() {
		for _, f := range files {
			if f != nil {
				f.leave()
			}
		}
	}()
	for i := range fds {
		if fds[i].Fd < 0 {
			continue
		}
		if f, err := p.lockFile(fds[i].Fd); err == 0 {
			f.enter()
			f.lock.Unlock()
			files[i] = f
		}
	}
	n := look(fds, files)
	switch {
	case n > 0:
		return n, 0
	case limit != nil && *limit == 0 && masked && p.signalWaits():
		return -1, errno.EINTR
	case limit != nil && *limit == 0:
		return 0, 0
	}
	deadline := noDeadline
	if limit != nil {
		deadline = p.sys.seam.deadline(*limit)
	}
	return p.pollWait(fds, files, deadline)
}

// look fills in what is ready and counts the entries that are.
func look(fds []PollFd, files []*file) (n int) {
	for i := range fds {
		fds[i].Revents = 0
		switch f := files[i]; {
		case fds[i].Fd < 0:
			continue
		case f == nil:
			fds[i].Revents = POLLNVAL
		case f.end == nil:
			fds[i].Revents = foreignReadiness & (fds[i].Events | always)
		default:
			f.lock.Lock()
			fds[i].Revents = f.end.readiness() & (fds[i].Events | always)
			f.lock.Unlock()
		}
		if fds[i].Revents != 0 {
			n++
		}
	}
	return n
}

// pollWait waits until an entry is ready. EINTR: a signal came first.
func (p *Process) pollWait(fds []PollFd, files []*file, deadline time.Time) (int, errno.Errno) {
	w := new(waiter)
	w.reset(&p.sys.seam)
	watches := make([]watch, len(fds))
	for i, f := range files {
		if f != nil && f.end != nil {
			watches[i] = watch{poller: w, end: f.end, events: fds[i].Events}
			f.lock.Lock()
			f.end.watches.add(&watches[i])
			f.lock.Unlock()
		}
	}
	defer func() {
		for i, f := range files {
			if f != nil && f.end != nil {
				f.lock.Lock()
				f.end.watches.remove(&watches[i])
				f.lock.Unlock()
			}
		}
	}()
	for {
		if n := look(fds, files); n > 0 {
			return n, 0
		}
		switch why := p.sleep(w, deadline); {
		case why&wokenEnd != 0:
			return -1, errEnded
		case why&wokenReady != 0:
		case why&wokenTime != 0:
			return look(fds, files), 0
		case why&wokenSignal != 0:
			return -1, errno.EINTR
		}
	}
}
