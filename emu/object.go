package emu

import (
	"time"

	"sockpair/errno"
)

// Beside sockets and instances of epoll a description may have a smaller
// object behind it, with which programs wait together with sockets: the end of
// a pipe, a counter (eventfd), a timer (timerfd), a process (pidfd).

// object is what is behind such a description. The description's lock is held
// when a method is called; read, write and destroy give it back.
type object interface {
	traits() *traits
	// read and write are the calls of those names on a description that is
	// open for them, and their vectors when there is something to move.
	read(p *Process, c *recvCall) (int, errno.Errno)
	write(p *Process, c *sendCall) (int, errno.Errno)
	// ioctl does a request that not every file has; ENOTTY for another.
	ioctl(p *Process, req uint32, arg memory) errno.Errno
	// readiness is the state in poll's bits.
	readiness() int16
	// destroy ends the object: the last reference is gone.
	destroy()
}

// traits are the answers of a kind of file that do not depend on its state.
type traits struct {
	link     string      // what the name of the descriptor in /proc links to; one that ends in ':' is followed by the number of the file
	mode     uint32      // st_mode
	seek     errno.Errno // of lseek; 0: the position is always 0
	position errno.Errno // of pread and pwrite
	truncate errno.Errno // of ftruncate
	direct   bool        // O_DIRECT may be set
	signals  bool        // O_ASYNC may be set
	loops    bool        // writev is a write for each buffer
	deaf     bool        // it has no read
	mute     bool        // it has no write
}

var (
	socketTraits  = traits{link: "socket:", mode: S_IFSOCK | 0o777, seek: errno.ESPIPE, position: errno.ESPIPE, truncate: errno.EINVAL, signals: true}
	epollTraits   = traits{link: "anon_inode:[eventpoll]", mode: 0o600, position: errno.ESPIPE, truncate: errno.EINVAL}
	foreignTraits = traits{link: "?", mode: S_IFREG | 0o600, seek: errno.EINVAL, position: errno.EINVAL, truncate: errno.EINVAL, direct: true}
)

func (f *file) traits() *traits {
	switch {
	case f.end != nil:
		return &socketTraits
	case f.epoll != nil:
		return &epollTraits
	case f.object != nil:
		return f.object.traits()
	}
	return &foreignTraits
}

// mayRead and mayWrite are the access mode's answers. The lock is held.
func (f *file) mayRead() bool  { return f.status&O_ACCMODE != O_WRONLY }
func (f *file) mayWrite() bool { return f.status&O_ACCMODE != O_RDONLY }

// readObject is a read on a file that is no socket, whose lock is held and
// given back. EBADF: it is not open for reading; EINVAL: it has no data.
func (p *Process) readObject(f *file, c *recvCall) (int, errno.Errno) {
	switch {
	case !f.mayRead():
		f.lock.Unlock()
		return -1, errno.EBADF
	case f.object == nil:
		f.lock.Unlock()
		return -1, errno.EINVAL
	}
	return f.object.read(p, c)
}

// writeObject is readObject for a write.
func (p *Process) writeObject(f *file, c *sendCall) (int, errno.Errno) {
	switch {
	case !f.mayWrite():
		f.lock.Unlock()
		return -1, errno.EBADF
	case f.object == nil:
		f.lock.Unlock()
		return -1, errno.EINVAL
	}
	return f.object.write(p, c)
}

// waitQueue are the calls that wait for an object to change, in order of
// arrival. Guarded by the lock of the description.
type waitQueue struct{ waiters []*waiter }

// wake lets the first n try again; a negative n means all.
func (q *waitQueue) wake(n int) {
	for len(q.waiters) > 0 && n != 0 {
		q.waiters[0].wake(wokenReady)
		q.waiters = q.waiters[1:]
		n--
	}
}

func (q *waitQueue) add(w *waiter) { q.waiters = append(q.waiters, w) }

// remove takes a waiter off, and reports whether it was there: it has had no
// wake-up.
func (q *waitQueue) remove(w *waiter) bool {
	for i, x := range q.waiters {
		if x == w {
			q.waiters = append(q.waiters[:i:i], q.waiters[i+1:]...)
			return true
		}
	}
	return false
}

// lateness says whether a call that waits has time left.
type lateness uint8

const (
	inTime lateness = iota
	timeIsOver
)

// await sleeps in q until try says that the call is over. try has failed once
// already; it is called with the lock held, which await gives back. As
// interrupted; the end of the process.
func (p *Process) await(f *file, q *waitQueue, try func() bool) errno.Errno {
	return p.awaitUntil(f, q, noDeadline, func(lateness) bool { return try() })
}

// awaitUntil is await with a deadline, after which try is called for the last
// time.
func (p *Process) awaitUntil(f *file, q *waitQueue, deadline time.Time, try func(lateness) bool) errno.Errno {
	w := new(waiter)
	w.reset(&p.sys.seam)
	f.enter()
	defer f.leave()
	for {
		f.lineUp(q, w)
		f.lock.Unlock()
		why := p.sleep(w, deadline)
		f.lock.Lock()
		woken := !q.remove(w)
		late := inTime
		if why&wokenTime != 0 {
			late = timeIsOver
		}
		switch {
		case why&wokenEnd != 0:
			if woken {
				f.offerFirst(q, dataArrived) // this call makes no use of the wake-up
			}
			f.lock.Unlock()
			return errEnded
		case try(late):
			p.unlockFile(f)
			return 0
		case why&wokenSignal != 0:
			f.lock.Unlock()
			return p.interrupted(deadline)
		}
	}
}

// unlockFile gives the lock of a description back after a change.
func (p *Process) unlockFile(f *file) {
	if f.end != nil {
		f.end.link.unlock()
		return
	}
	f.lock.Unlock()
}

func (t *traits) reads() bool  { return !t.deaf }
func (t *traits) writes() bool { return !t.mute }
