package emu

import (
	"time"

	"sockpair/errno"
)

// Connect connects the socket to the one that has the address. A SOCK_DGRAM
// may be connected again, and with family AF_UNSPEC to nobody; its messages go
// there and come only from there.
//
// EBADF; EINVAL: an address longer than 128 bytes; EFAULT; ENOTSOCK. For
// SOCK_STREAM and SOCK_SEQPACKET: EINVAL: a malformed address; ENOBUFS: no
// resources for the other end; then what the look-up says (ENOENT, EACCES,
// ECONNREFUSED, EPROTOTYPE, ...); ECONNREFUSED: the socket does not listen, or
// has shut receiving; EAGAIN: too many connections wait, and the socket is
// non-blocking or SO_SNDTIMEO is over (POSIX: ECONNREFUSED, ETIMEDOUT); EINTR; EINVAL
// (POSIX: EOPNOTSUPP): the socket listens; EISCONN: it is connected. For SOCK_DGRAM: EINVAL; the look-up; EPERM: the other is
// connected to a third.
//
// Source: POSIX connect(); Linux net/unix/af_unix.c unix_stream_connect, unix_dgram_connect.
func (p *Process) Connect(fd int, name []byte) error {
	return p.observe1("connect", func() []any { return []any{Fd(fd), sockaddrArg(name), len(name)} },
		func() errno.Errno {
			if err := checkRoom(name); err != 0 {
				return p.open(fd, err)
			}
			f, err := p.useSocket(fd)
			if err != 0 {
				return err
			}
			defer f.leave()
			if f.end.connectionMode() {
				return p.connectStream(f.end, name)
			}
			return p.connectDgram(f.end, name)
		})
}

// connectStream is the loop of a connect: try, and wait while too many wait
// for accept.
func (p *Process) connectStream(e *end, name []byte) errno.Errno {
	if err := p.sys.rules.checkName(name); err != 0 {
		return err
	}
	nonblock, deadline, err := p.connectTerms(e)
	if err != 0 {
		return err
	}
	if !p.sys.takeSockets(1) {
		return errno.ENOBUFS
	}
	late := inTime
	for {
		other, err := p.findOther(name, int(e.typ))
		if err != 0 {
			p.sys.census.add(0, -1)
			return err
		}
		lockLinks(e.link, other.link)
		v := e.decideConnect(other, nonblock, late)
		switch v.act {
		case deliver:
			e.connectTo(other, p.proc)
		case wait:
			if late, err = p.awaitListener(e, other, deadline); err != 0 {
				p.sys.census.add(0, -1)
				return err
			}
			continue
		}
		unlockLinks(e.link, other.link)
		if v.err != 0 {
			p.sys.census.add(0, -1)
		}
		return v.err
	}
}

// connectTerms are whether and how long a connect waits. It gives a socket
// that sends its identity a name.
func (p *Process) connectTerms(e *end) (nonblock bool, deadline time.Time, err errno.Errno) {
	e.link.mu.Lock()
	defer e.link.unlock()
	if e.pass&passIdentity != 0 {
		err = e.autobind()
	}
	nonblock = e.status&O_NONBLOCK != 0 || e.sendNonblock()
	return nonblock, p.sys.seam.deadline(e.sendTimeout()), err
}

// decideConnect is the order of the cases. Both locks are held.
func (e *end) decideConnect(other *end, nonblock bool, late lateness) verdict {
	r := &e.rules().Addresses
	full := other.listening() && other.listener.full(e.rules())
	switch {
	case other.closed || !other.listening() || other.shut&shutRecv != 0:
		return failing(errno.ECONNREFUSED)
	case full && nonblock:
		return failing(r.BacklogFull)
	case full && late == timeIsOver:
		return failing(r.ConnectLate)
	case full:
		return verdict{act: wait}
	case e.listening():
		return failing(r.ConnectListening)
	case e.established():
		return failing(errno.EISCONN)
	}
	return verdict{act: deliver}
}

// connectTo makes the server's end of the connection and puts it into the
// listener's queue. Both locks are held.
func (e *end) connectTo(listener *end, by *proc) {
	s := e.mate()
	s.init(e.sys, e.link, int(e.typ), 0, by.who.Load())
	s.refs.start()
	e.uneven = e.shut != 0
	s.uneven = e.uneven
	s.name.Store(listener.name.Load())
	s.pass = listener.pass & inherited
	s.setParent(listener)
	s.peer, e.peer = e, s
	s.peerIs(by)
	e.peerWho = listener.peerWho
	l := listener.listener
	l.embryos = append(l.embryos, s)
	listener.async(dataArrived)
	listener.tellShared(dataArrived)
	listener.offerFirst(&l.acceptors, dataArrived)
}

// inherited are the options that an accepted socket has of its listener.
const inherited = passCred | passPidfd | refuseRights

// awaitListener waits until the listener may have room. Both locks are held
// on entry and not on return. As interrupted; the end of the process.
func (p *Process) awaitListener(e, other *end, deadline time.Time) (late lateness, err errno.Errno) {
	w := new(waiter)
	w.reset(&p.sys.seam)
	q := &other.listener.connectors
	q.add(w)
	unlockLinks(e.link, other.link)
	why := p.sleep(w, deadline)
	other.link.mu.Lock()
	if used := !q.remove(w); used && why&(wokenEnd|wokenSignal) != 0 {
		q.wake(1) // this call makes no use of the wake-up
	}
	other.link.unlock()
	switch {
	case why&wokenEnd != 0:
		return inTime, errEnded
	case why&wokenSignal != 0:
		return inTime, p.interrupted(deadline)
	case why&wokenTime != 0:
		return timeIsOver, 0
	}
	return inTime, 0
}

// connectDgram sets the peer of a SOCK_DGRAM, or with AF_UNSPEC takes it away.
func (p *Process) connectDgram(e *end, name []byte) errno.Errno {
	if len(name) < sizeofFamily {
		return errno.EINVAL
	}
	if family(name) == AF_UNSPEC {
		e.link.mu.Lock()
		e.reconnect(nil)
		e.link.unlock()
		return 0
	}
	if err := p.sys.rules.checkName(name); err != 0 {
		return err
	}
	e.link.mu.Lock()
	var err errno.Errno
	if e.pass&passIdentity != 0 {
		err = e.autobind()
	}
	e.link.unlock()
	if err != 0 {
		return err
	}
	other, err := p.findOther(name, int(e.typ))
	if err != 0 {
		return err
	}
	lockLinks(e.link, other.link)
	defer unlockLinks(e.link, other.link)
	switch {
	case other.closed:
		return errno.ECONNREFUSED
	case other.peer != nil && other.peer != e:
		return errno.EPERM
	}
	e.reconnect(other)
	return 0
}

// reconnect gives a SOCK_DGRAM another peer, or none. If it had one its queue
// is purged, and the old one is told if messages were lost. The locks of e
// and of the new peer are held. Linux net/unix/af_unix.c unix_dgram_disconnected.
func (e *end) reconnect(other *end) {
	old := e.peer
	e.setPeer(other)
	if old == nil || old == other || e.in.Segments() == 0 {
		return
	}
	for e.in.Segments() > 0 {
		e.popSegment()
	}
	e.link.dropped = append(e.link.dropped, disconnected{old, e})
}

// disconnected tells a SOCK_DGRAM that its messages to by were lost.
type disconnected struct{ old, by *end }

func (d disconnected) release(r *reaper) {
	d.old.link.mu.Lock()
	if !d.old.closed && d.old.peer == d.by {
		d.old.pending, d.old.untold = errno.ECONNRESET, false
		d.old.events |= errorPending
	}
	r.dropped = append(r.dropped, d.old.link.unlockKeeping()...)
}
