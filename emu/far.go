package emu

import (
	"sync"
	"sync/atomic"
	"time"

	"sockpair/errno"
)

// A SOCK_DGRAM may send to any other. Between the ends of a pair that are
// connected to each other one lock guards everything; a message to another
// socket takes two, and its sender, when it has to wait, tries again itself.
//
// A sender that the receiver is not connected to meets one limit more: the
// receiver's queue is full with Addresses.DgramQueue messages and one.
// Linux net/unix/af_unix.c unix_dgram_sendmsg, unix_dgram_peer_wake_me.

// crowd are the sockets that send to a SOCK_DGRAM, or may. Its lock is a leaf.
type crowd struct {
	mu      sync.Mutex
	members map[*end]bool // whose peer it is, and not by a pair
	waiting waitQueue     // sends that find the queue full
	depth   atomic.Int32  // messages in the queue, for members, who do not hold the socket's lock
}

// crowded reports whether the socket takes no more messages of others than
// its peer. The lock is held.
func (e *end) crowded() bool { return e.rules().tooDeep(e.in.Segments()) }

// seemsCrowded is crowded for a member of its crowd, without the lock.
func (e *end) seemsCrowded() bool {
	c := e.crowd()
	return c != nil && e.rules().tooDeep(int(c.depth.Load()))
}

func (r *Personality) tooDeep(messages int) bool {
	limit := r.Addresses.DgramQueue
	return limit > 0 && messages > limit
}

// countQueue tells the crowd how many messages are queued. The lock is held.
func (e *end) countQueue() {
	if c := e.crowd(); c != nil {
		c.depth.Store(int32(e.in.Segments()))
	}
}

// itsCrowd returns the socket's crowd, made at the first use. The lock is held.
func (e *end) itsCrowd() *crowd {
	c := e.crowd()
	if c == nil {
		c = &crowd{members: make(map[*end]bool)}
		e.kin.Store(&kin{crowd: c})
		e.countQueue()
	}
	return c
}

// setPeer changes the peer of a SOCK_DGRAM. Who watches for room is told when
// it had another, and of nothing else. The locks of both are held.
// Linux net/unix/af_unix.c unix_dgram_peer_wake_disconnect_wakeup (measured).
func (e *end) setPeer(other *end) {
	if e.peer != nil {
		e.events |= spaceFreed
	}
	e.leaveCrowd()
	e.peer = other
	if other != nil {
		c := other.itsCrowd()
		c.mu.Lock()
		c.members[e] = true
		c.mu.Unlock()
	}
	e.sawFull = false
}

// leaveCrowd takes the socket away from those of its peer. The lock is held.
func (e *end) leaveCrowd() {
	if e.peer == nil || e.connectionMode() {
		return
	}
	if c := e.peer.crowd(); c != nil {
		c.mu.Lock()
		delete(c.members, e)
		c.mu.Unlock()
	}
}

// leftQueue notes that a message has left the queue of a SOCK_DGRAM: who has
// found it full may send. The lock is held.
func (e *end) leftQueue() {
	e.countQueue()
	if m := e.mate(); m.sends.first != nil && e.peer != m {
		m.events |= spaceFreed
	}
	e.wakeCrowd(1)
}

// wakeCrowd wakes n of the sends that wait for room in the queue, all for a
// negative n, and those who watch for it.
func (e *end) wakeCrowd(n int) {
	c := e.crowd()
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting.wake(n)
	if len(c.members) > 0 {
		e.link.dropped = append(e.link.dropped, c)
	}
}

// release tells the members that have found the queue full.
func (c *crowd) release(r *reaper) {
	c.mu.Lock()
	members := make([]*end, 0, len(c.members))
	for m := range c.members {
		members = append(members, m)
	}
	c.mu.Unlock()
	for _, m := range members {
		m.link.mu.Lock()
		if m.sawFull {
			m.sawFull = false
			m.events |= spaceFreed
		}
		r.dropped = append(r.dropped, m.link.unlockKeeping()...)
	}
}

// findsFull reports whether the peer takes no more of this socket's messages,
// which is then told when it does. The lock is held, the peer's need not be.
func (e *end) findsFull() bool {
	if e.connectionMode() || e.peer == nil || e.peer == e || e.near() || e.isPeerOf(e.peer) || !e.peer.seemsCrowded() {
		return false
	}
	e.sawFull = true
	if !e.peer.seemsCrowded() { // a message may have left before sawFull was set
		e.sawFull = false
	}
	return e.sawFull
}

// isPeerOf reports whether other is connected to this SOCK_DGRAM, and not by a
// pair. No lock of the two is needed.
func (e *end) isPeerOf(other *end) bool {
	c := e.crowd()
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.members[other]
}

// near reports whether a send without an address stays on the link: to the
// other end of a connection, or of a pair that is connected both ways, or to
// nobody. The lock is held.
func (e *end) near() bool {
	return e.peer == nil || e.peer == e.mate() && (e.connectionMode() || e.peer.peer == e)
}

// peerState is what a send of this SOCK_DGRAM finds. Both locks are held.
func (e *end) peerState(to *end) peerState {
	switch {
	case to == nil:
		return peerNone
	case to.closed:
		return peerClosed
	case to.peer != nil && to.peer != e:
		return peerTaken
	case to.shut&shutRecv != 0:
		return peerShut
	case to != e && to.peer != e && to.crowded():
		return peerFull
	}
	return peerAlive
}

// farSend is a send to a socket that another lock may guard.
type farSend struct {
	p    *Process
	e    *end
	c    *sendCall
	name []byte // its address, empty for the peer
	wait waiter
}

// sendFar does a whole send to the peer, or to the address if it is not
// empty. The lock of e is held on entry and not on return.
func (p *Process) sendFar(e *end, c *sendCall, name []byte) (int, errno.Errno) {
	s := &farSend{p: p, e: e, c: c, name: name}
	s.wait.reset(&p.sys.seam)
	deadline := p.sys.seam.deadline(e.sendTimeout())
	e.enter()
	defer e.leave()
	e.link.unlock()
	for {
		s.lock()
		if e.trySend(c) {
			e.settleHeld(c)
			s.unlock()
			c.anc.abandon()
			return c.result(p)
		}
		if !c.allocated && e.hasRoom(c) {
			deadline = p.sys.seam.deadline(e.sendTimeout()) // the second wait has a time-out of its own
		}
		if err := s.sleep(deadline); err != 0 {
			e.link.mu.Lock()
			e.settleHeld(c)
			e.link.unlock()
			c.anc.abandon()
			c.finish(err)
			return c.result(p)
		}
	}
}

// lock finds the receiver and locks both links. A send that has waited for
// room in the receiver's queue keeps to the socket that it has found.
func (s *farSend) lock() {
	e, c := s.e, s.c
	for {
		to, lookup := c.to, c.lookup
		switch {
		case c.allocated:
		case len(s.name) > 0:
			to, lookup = s.p.findOther(s.name, int(e.typ))
		default:
			e.link.mu.Lock()
			to = e.peer
			e.link.mu.Unlock()
		}
		other := e
		if to != nil {
			other = to
		}
		lockLinks(e.link, other.link)
		if c.allocated || len(s.name) > 0 || to == e.peer {
			c.to, c.lookup = to, lookup
			return
		}
		unlockLinks(e.link, other.link) // it has been connected to another meanwhile
	}
}

func (s *farSend) unlock() {
	if s.c.to == nil {
		s.e.link.unlock()
		return
	}
	unlockLinks(s.e.link, s.c.to.link)
}

// hasRoom reports whether the own buffer admits the message.
func (e *end) hasRoom(c *sendCall) bool {
	r := e.rules()
	return r.Admission.Message(e.spent(), e.bound(), r.Charging.Message(c.want))
}

// sleep waits for room in the own buffer, or with the message already charged
// for room in the receiver's queue. Both locks are held on entry and not on
// return. As interrupted; the end of the process.
func (s *farSend) sleep(deadline time.Time) errno.Errno {
	e, c := s.e, s.c
	if c.allocated || e.hasRoom(c) {
		if !c.allocated {
			c.allocated = true
			e.rarely().held += e.rules().Charging.Message(c.want)
		}
		crowd := c.to.itsCrowd()
		crowd.mu.Lock()
		crowd.waiting.add(&s.wait)
		crowd.mu.Unlock()
		s.unlock()
		why := s.p.sleep(&s.wait, deadline)
		crowd.mu.Lock()
		if used := !crowd.waiting.remove(&s.wait); used && why&(wokenEnd|wokenSignal) != 0 {
			crowd.waiting.wake(1) // this call makes no use of the wake-up
		}
		crowd.mu.Unlock()
		return s.woken(why, deadline)
	}
	e.rarely().farSends.add(&s.wait)
	e.link.waiting++
	s.unlock()
	why := s.p.sleep(&s.wait, deadline)
	e.link.mu.Lock()
	e.link.waiting--
	e.farSends.remove(&s.wait)
	e.link.unlock()
	return s.woken(why, deadline)
}

// woken deals with what has woken the send.
func (s *farSend) woken(why reasons, deadline time.Time) errno.Errno {
	s.c.waited = true
	switch {
	case why&wokenEnd != 0:
		return errEnded
	case why&wokenReady != 0:
	case why&wokenTime != 0:
		s.c.nonblock = true
	case why&wokenSignal != 0:
		if err := s.p.interrupted(deadline); err != errRestart || !s.c.later {
			return err
		}
		return errno.EINTR
	}
	return 0
}
