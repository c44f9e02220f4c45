package emu

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"sockpair/buffer"
	"sockpair/errno"
)

// link is what the two ends of a pair share: one lock, and the object itself,
// so that a pair is one allocation. A socket that was made alone has a link of
// its own; connect puts the server's end of the connection into its other place.
type link struct {
	mu       sync.Mutex // after every process's lock; two links are locked by lockLinks
	waiting  int32      // calls parked on either end, polls that watch one, ends with O_ASYNC
	watching int32      // how many of them only have to be told: the watches
	ends     [2]end
	dropped  []released // what a transition has dropped, released after unlock
}

// end is a socket. From an end's point of view it is the local one and peer
// the remote one. The two ends of a pair are alike but for who holds their
// descriptors [SP-02].
//
// Messages to this end are queued in its in; what this end has sent is
// charged to it until the remote end has read it.
type end struct {
	file
	link *link
	peer *end // nil: none. On a connection it is the link's other end, also after that has closed

	in      buffer.Queue
	charged int // by the messages this end has sent and the remote has not freed

	sndbuf  int32       // SO_SNDBUF: the bound of charged
	looked  uint32      // System.looks when the calls that wait on its link were last counted; of the link's first end
	sized   sized       // what the last send of that way cost
	typ     uint8       // SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
	pending errno.Errno // SO_ERROR: taken, not read
	untold  bool        // the last pending error has woken nobody
	shut    shutState   // only ever grows
	plain   plainness   // for what the short way serves (plain.go)
	uneven  bool        // an end was shut down before the connection was made, of which the other knows nothing
	closed  bool        // the last reference is gone, or it has never been made
	peeked  bool        // since a message queue was empty MSG_PEEK has seen a message
	sawFull bool        // SOCK_DGRAM: it has found its peer's queue full, and is told when there is room
	events  events      // what has happened since the last settle
	pass    passState   // the options about ancillary data

	options *options                // nil until one is set
	maker   *identity               // who has made it
	peerWho *identity               // SO_PEERCRED, SO_PEERPIDFD
	name    atomic.Pointer[address] // nil while it is unnamed; set once, with the lock held
	*seldom

	kin   atomic.Pointer[kin] // nil: none
	recvs callList
	sends callList
}

// seldom is what few sockets have. An end that has nothing of it points to
// never, which is not written: who writes asks rarely.
type seldom struct {
	rcvbuf   int       // SO_RCVBUF, kept and consulted by nobody; 0: as it was made
	ino      uint64    // 0: not asked for yet
	mark     mark      // SOCK_STREAM: the urgent byte in the queue
	listener *listener // nil until listen
	held     int       // SOCK_DGRAM: charges of sends that wait for their receiver's queue
	farSends waitQueue // sends to sockets of other links that wait for room in its own buffer
}

var never seldom

// rarely returns the end's own seldom, to write to. The lock is held.
func (e *end) rarely() *seldom {
	if e.seldom == &never {
		e.seldom = new(seldom)
	}
	return e.seldom
}

// kin are the sockets of other links that a socket has to do with. It is never
// changed.
type kin struct {
	parent *end   // of a connection that nobody has accepted: who listens
	crowd  *crowd // SOCK_DGRAM: who sends to it
}

func (e *end) parent() *end {
	if k := e.kin.Load(); k != nil {
		return k.parent
	}
	return nil
}

func (e *end) setParent(listener *end) {
	if listener == nil {
		e.kin.Store(nil)
		return
	}
	e.kin.Store(&kin{parent: listener})
}

// crowd is nil as long as nobody sends from another link.
func (e *end) crowd() *crowd {
	if k := e.kin.Load(); k != nil {
		return k.crowd
	}
	return nil
}

// shutState is a set of closed directions, seen from one end.
type shutState uint8

const (
	shutRecv shutState = 1 << iota // nothing more comes in
	shutSend                       // nothing more can be sent
	shutOwn                        // with shutSend: by the own shutdown
	shutBoth = shutRecv | shutSend
)

// connectionMode reports whether the type has connections: the end of one end shows at the other.
func (e *end) connectionMode() bool { return e.typ != SOCK_DGRAM }

// established reports whether the socket has, or had, a connection.
func (e *end) established() bool { return e.connectionMode() && e.peer != nil }

// mate is the other end of the link. Connections are between mates.
func (e *end) mate() *end {
	if l := e.link; e != &l.ends[0] {
		return &l.ends[0]
	}
	return &e.link.ends[1]
}

func (e *end) rules() *Personality { return e.sys.rules }

// newPair makes two connected ends, each with one reference.
func (s *System) newPair(typ, status int, maker *proc) *link {
	l := new(link)
	for i := range l.ends {
		e := &l.ends[i]
		e.init(s, l, typ, status, maker.who.Load())
		e.peer = &l.ends[1-i]
		e.peerIs(maker)
	}
	l.ends[0].plain = l.ends[0].plainFor()
	l.ends[1].plain = l.ends[0].plain // they are alike
	return l
}

// init makes an unconnected socket in its place of a link.
func (e *end) init(s *System, l *link, typ, status int, maker *identity) {
	e.sys, e.lock, e.status, e.end = s, &l.mu, O_RDWR|status, e
	e.link, e.typ, e.maker, e.peerWho, e.closed = l, uint8(typ), maker, &nobodyYet, false
	e.sndbuf = int32(s.rules.Buffers.Default)
	e.besides, e.seldom = &nothing, &never
}

// peerIs keeps who is at the other end, for SO_PEERCRED and SO_PEERPIDFD.
func (e *end) peerIs(q *proc) { e.peerWho = q.who.Load() }

// nobodyYet is the peer of a socket that has no connection.
var nobodyYet = identity{Cred: Cred{Pid: 0, Uid: -1, Gid: -1}}

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

// lockLinks locks two links, which may be one, in the order of their addresses.
func lockLinks(a, b *link) {
	if uintptr(unsafe.Pointer(b)) < uintptr(unsafe.Pointer(a)) {
		a, b = b, a
	}
	a.mu.Lock()
	if a != b {
		b.mu.Lock()
	}
}

// unlockLinks is unlock for two links, which may be one: nothing is released
// before both are unlocked.
func unlockLinks(a, b *link) {
	if a == b {
		a.unlock()
		return
	}
	a.settle()
	b.settle()
	dropped := append(a.dropped, b.dropped...)
	a.dropped, b.dropped = nil, nil
	a.mu.Unlock()
	b.mu.Unlock()
	if len(dropped) > 0 {
		r := reaper{sys: a.ends[0].sys, dropped: dropped}
		r.run()
	}
}

// queued notes that this end has put a segment of the charge into to's queue.
func (e *end) queued(to *end, charge int) {
	e.charged += charge
	to.events |= dataArrived
	if to.typ == SOCK_DGRAM {
		to.countQueue()
	}
}

// popSegment removes the head of the queue and gives its charge back to the sender.
func (e *end) popSegment() {
	sender := e.sender(0)
	charge, value := e.in.Pop()
	if e.mark.urgent != 0 {
		e.mark.pop()
	}
	e.drop(value)
	e.peeked = e.peeked && e.in.Segments() > 0
	e.uncharge(sender, charge)
	if e.typ == SOCK_DGRAM {
		e.leftQueue()
	}
}

// drop notes the ancillary value of a segment that is gone, if it had one.
func (e *end) drop(value any) {
	if value != nil {
		e.link.dropped = append(e.link.dropped, value.(released))
	}
}

// sender is who has sent segment i: the other end of the link, unless the
// segment says another.
func (e *end) sender(i int) *end {
	if e.typ == SOCK_DGRAM && e.in.At(i).HasValue {
		if a := e.in.Value(i).(*ancillary); a.from != nil {
			return a.from
		}
	}
	return e.mate()
}

// uncharge gives n of charge back to the sender.
func (e *end) uncharge(sender *end, n int) {
	if sender.link != e.link {
		e.link.dropped = append(e.link.dropped, refund{sender, n})
		return
	}
	sender.giveBack(&sender.charged, n)
}

// giveBack takes n off a charge of the socket, and notes that there is room.
// The lock is held.
func (e *end) giveBack(from *int, n int) {
	*from -= n
	if n > 0 && e.rules().Admission.Wake(e.spent(), e.bound()) {
		e.events |= spaceFreed
	}
}

// refund is a charge that goes back to a sender on another link.
type refund struct {
	sender *end
	n      int
}

func (d refund) release(r *reaper) {
	d.sender.link.mu.Lock()
	d.sender.giveBack(&d.sender.charged, d.n)
	r.dropped = append(r.dropped, d.sender.link.unlockKeeping()...)
}

// Shutdown closes the receiving side (SHUT_RD), the sending side (SHUT_WR) or
// both (SHUT_RDWR) of the description, for all its descriptors [FD-05]. What
// is queued stays readable.
//
// EBADF, ENOTSOCK; EINVAL: how is none of the three; ENOTCONN where the
// personality says so: there is no connection.
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
	if err := e.rules().Addresses.ShutdownApart; err != 0 && e.peer == nil {
		return err
	}
	e.shutdownLocked(mode)
	return 0
}

// shutdownLocked closes directions of this end. On a connection the remote
// end is told: what one cannot receive the other cannot send.
func (e *end) shutdownLocked(mode shutState) {
	e.shut |= mode
	e.events |= stateChanged
	if e.listening() {
		e.listener.acceptors.wake(-1)
	}
	if !e.established() || e.peer.closed {
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
// given back; the caller owes the release of what it returns. Of a connection
// the remote end is told [ST-04]: it reads what was queued, then end of file; if
// this end leaves messages unread it gets ECONNRESET where the personality has
// that. A SOCK_DGRAM's is not told [DG-04].
// Linux net/unix/af_unix.c unix_release_sock.
func (e *end) destroy() []released {
	e.closed = true
	e.shut |= shutBoth
	if e.established() {
		if (e.leavesUnread() && e.rules().ResetUnread || e.embryo()) && !e.peer.closed {
			e.peer.pending, e.peer.untold = errno.ECONNRESET, false
		}
		e.peer.shut |= shutBoth
		e.peer.events |= stateChanged
	}
	for e.in.Segments() > 0 {
		e.popSegment()
	}
	e.stopListening()
	e.leaveCrowd()
	e.wakeCrowd(-1)
	e.sys.abstract.unbind(e)
	return e.link.unlockKeeping()
}

// leavesUnread reports whether the queue holds a message that nobody has
// read. One empty message at the head does not count (Linux unix_release_sock
// looks past it, once).
func (e *end) leavesUnread() bool {
	n := e.in.Segments()
	return n > 1 || n == 1 && e.in.At(0).Left > 0
}

// bound is SO_SNDBUF: the bound of what is charged.
func (e *end) bound() int { return int(e.sndbuf) }

// spent is what is charged to the socket: for messages that are queued, and
// for those that wait for their receiver's queue.
func (e *end) spent() int { return e.charged + e.held }
