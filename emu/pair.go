package emu

import (
	"sync"

	"sockpair/buffer"
	"sockpair/errno"
)

// link is what the two ends of a pair share: one lock, and the object itself,
// so that a pair is one allocation.
type link struct {
	mu   sync.Mutex // after every process and table lock; two links are never held at once
	ends [2]end

	waiting int        // calls parked on either end, polls that watch one, ends with O_ASYNC
	dropped []released // what a transition has dropped, released after unlock
}

// end is one of the two sockets of a pair. From an end's point of view it is
// the local one and peer the remote one. The two are alike but for who holds
// their descriptors [SP-02].
//
// Messages to this end are queued in its in; what this end has sent is
// charged to it until the remote end has read it.
type end struct {
	file
	link *link
	peer *end
	typ  int // SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET

	in      buffer.Queue
	mark    mark // SOCK_STREAM: the urgent byte in it
	charged int  // by the messages this end has sent and the remote has not freed
	sndbuf  int  // SO_SNDBUF: the bound of charged
	rcvbuf  int  // SO_RCVBUF: kept, and consulted by nobody

	pending errno.Errno // SO_ERROR: taken, not read
	shut    shutState   // only ever grows
	gone    bool        // SOCK_DGRAM: a send has found the peer closed and let it go
	closed  bool        // the last reference is gone
	peeked  bool        // the head of a message queue has been seen by MSG_PEEK

	options *options  // nil until one is set
	pass    passState // the options about ancillary data
	cred    Cred      // of the creator: SO_PEERCRED of the peer
	maker   *proc     // the creator: SO_PEERPIDFD of the peer
	name    []byte    // its address; nil while it is unnamed
	ino     uint64    // 0: not asked for yet

	events events // what has happened since the last settle
	recvs  callList
	sends  callList
}

// shutState is a set of closed directions, seen from one end.
type shutState uint8

const (
	shutRecv shutState = 1 << iota // nothing more comes in
	shutSend                       // nothing more can be sent
	shutOwn                        // with shutSend: by the own shutdown
	shutBoth = shutRecv | shutSend
)

// connected reports whether the type has connections: the end of one end shows at the other.
func (e *end) connected() bool { return e.typ != SOCK_DGRAM }

func (e *end) rules() *Personality { return e.sys.rules }

// newPair makes two connected ends, each with one reference.
func (s *System) newPair(typ, status int, maker *proc) *link {
	l := new(link)
	for i := range l.ends {
		e := &l.ends[i]
		e.sys, e.lock, e.status, e.end = s, &l.mu, O_RDWR|status, e
		e.refs.Store(1)
		e.link, e.peer, e.typ, e.cred, e.maker = l, &l.ends[1-i], typ, maker.credentials(), maker
		e.sndbuf, e.rcvbuf = s.rules.Buffers.Default, s.rules.Buffers.Default
	}
	return l
}

// unlock lets what has happened take effect on the calls that wait, gives the
// lock back and releases what was dropped.
func (l *link) unlock() {
	dropped := l.unlockKeeping()
	if len(dropped) > 0 {
		r := reaper{sys: l.ends[0].sys, dropped: dropped}
		r.run()
	}
}

// unlockKeeping is unlock whose caller owes the release of what was dropped.
func (l *link) unlockKeeping() []released {
	l.settle()
	dropped := l.dropped
	l.dropped = nil
	l.mu.Unlock()
	return dropped
}

// queued notes that this end has put a segment of the charge into the remote queue.
func (e *end) queued(charge int) {
	e.charged += charge
	e.peer.events |= dataArrived
}

// popSegment removes the head of the queue and gives its charge back to the sender.
func (e *end) popSegment() {
	charge, value := e.in.Pop()
	e.mark.pop()
	e.drop(value)
	e.peeked = false
	e.uncharge(charge)
}

// drop notes the ancillary value of a segment that is gone, if it had one.
func (e *end) drop(value any) {
	if value != nil {
		e.link.dropped = append(e.link.dropped, value.(released))
	}
}

// uncharge gives n of charge back to the sender, the remote end.
func (e *end) uncharge(n int) {
	sender := e.peer
	sender.charged -= n
	if n > 0 && e.rules().Admission.Wake(sender.charged, sender.sndbuf) {
		sender.events |= spaceFreed
	}
}

// Shutdown closes the receiving side (SHUT_RD), the sending side (SHUT_WR) or
// both (SHUT_RDWR) of the description, for all its descriptors [FD-05]. What
// is queued stays readable.
//
// EBADF, ENOTSOCK; EINVAL: how is none of the three.
//
// Source: POSIX shutdown(); Linux net/unix/af_unix.c unix_shutdown.
func (p *Process) Shutdown(fd, how int) error {
	return p.observe1("shutdown", func() []any { return []any{Fd(fd), ShutHow(how)} }, func() errno.Errno { return p.shutdown(fd, how) })
}

func (p *Process) shutdown(fd, how int) errno.Errno {
	e, err := p.lockSocket(fd)
	if err != 0 {
		return err
	}
	defer e.link.unlock()
	var mode shutState
	switch how {
	case SHUT_RD:
		mode = shutRecv
	case SHUT_WR:
		mode = shutSend | shutOwn
	case SHUT_RDWR:
		mode = shutBoth | shutOwn
	default:
		return errno.EINVAL
	}
	e.shutdownLocked(mode)
	return 0
}

// shutdownLocked closes directions of this end. On a connection the remote
// end is told: what one cannot receive the other cannot send.
func (e *end) shutdownLocked(mode shutState) {
	e.shut |= mode
	e.events |= stateChanged
	if !e.connected() || e.peer.closed {
		return
	}
	if mode&shutRecv != 0 {
		e.peer.shut |= shutSend
	}
	if mode&shutSend != 0 {
		e.peer.shut |= shutRecv
	}
	e.peer.events |= stateChanged
}

// destroy ends the socket: the last reference is gone. The lock is held, and
// given back; the caller owes the release of what it returns. Of a connection the remote end is told [ST-04]: it reads what
// was queued, then end of file; if this end leaves messages unread it gets
// ECONNRESET where the personality has that. A SOCK_DGRAM's is not told [DG-04].
// Linux net/unix/af_unix.c unix_release_sock.
func (e *end) destroy() []released {
	e.closed = true
	e.shut |= shutBoth
	if e.connected() {
		if e.rules().ResetUnread && e.leavesUnread() && !e.peer.closed {
			e.peer.pending = errno.ECONNRESET
		}
		e.peer.shut |= shutBoth
		e.peer.events |= stateChanged
	}
	for e.in.Segments() > 0 {
		e.popSegment()
	}
	e.sys.freeSocket()
	return e.link.unlockKeeping()
}

// leavesUnread reports whether the queue holds a message that nobody has
// read. One empty message at the head does not count (Linux unix_release_sock
// looks past it, once).
func (e *end) leavesUnread() bool {
	n := e.in.Segments()
	return n > 1 || n == 1 && e.in.At(0).Left > 0
}
