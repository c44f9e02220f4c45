// Package model has a second, naive implementation of a socket pair, written
// from the text of the specification and sharing nothing with the emulator,
// against which the emulator and the kernel are tested at random. It never
// waits: what would have to wait is EAGAIN. It keeps slices of messages,
// recomputes what could be remembered, and says each rule where it applies.
package model

import "sockpair/errno"

// Rules is whose rules a pair follows.
type Rules int

// The two sets of rules.
const (
	Linux Rules = iota
	POSIX
)

// Type is a socket type, with the numbers of Linux.
type Type int

// The types.
const (
	Stream    Type = 1
	Dgram     Type = 2
	Seqpacket Type = 5
)

// Flags of Send and Recv, with the numbers of Linux.
const (
	Peek    = 0x2
	Trunc   = 0x20
	EOR     = 0x80
	WaitAll = 0x100
)

// Pair is a socket pair. Ends are numbered 0 and 1.
type Pair struct {
	Rules Rules
	Type  Type
	Ends  [2]End
}

// End is one end of a pair.
type End struct {
	Queue   []Message // what it can receive
	SndBuf  int
	Pending errno.Errno // reported once
	NoRecv  bool        // its receiving side is shut
	NoSend  bool        // its sending side is shut
	Closed  bool
	Gone    bool // Dgram: it has found its peer closed and has none any more
}

// Message is what one send has queued: of a stream a piece, of a record a part.
type Message struct {
	Data   []byte
	Read   int // how much of it has been received already
	Charge int
	Ends   bool  // it ends a record
	Rights []int // what travels with it, by names of the caller's, until it is received
}

// New makes a pair.
func New(rules Rules, typ Type) *Pair {
	size := 212992
	if rules == POSIX {
		size = 65536
	}
	p := &Pair{Rules: rules, Type: typ}
	p.Ends[0].SndBuf, p.Ends[1].SndBuf = size, size
	return p
}

// connected types tell the other end of a shutdown and of a close.
func (p *Pair) connected() bool { return p.Type != Dgram }

// Charged is what end i has sent and the other has not freed, in the measure
// of the rules.
func (p *Pair) Charged(i int) (sum int) {
	for _, m := range p.Ends[1-i].Queue {
		sum += m.Charge
	}
	return sum
}

// Shutdown shuts the receiving side (0), the sending side (1) or both (2).
func (p *Pair) Shutdown(i, how int) errno.Errno {
	if how < 0 || how > 2 {
		return errno.EINVAL
	}
	me, peer := &p.Ends[i], &p.Ends[1-i]
	if me.Gone && p.Rules == POSIX {
		return errno.ENOTCONN
	}
	recv, send := how != 1, how != 0
	me.NoRecv = me.NoRecv || recv
	me.NoSend = me.NoSend || send
	if p.connected() && !peer.Closed {
		peer.NoSend = peer.NoSend || recv
		peer.NoRecv = peer.NoRecv || send
	}
	return 0
}

// Close closes end i. What it has not received is lost.
func (p *Pair) Close(i int) {
	me, peer := &p.Ends[i], &p.Ends[1-i]
	if p.connected() && !peer.Closed {
		peer.NoRecv, peer.NoSend = true, true
		if p.Rules == Linux && unread(me.Queue) {
			peer.Pending = errno.ECONNRESET
		}
	}
	me.Closed = true
	me.Queue = nil
}

// unread reports whether a queue holds something that was never received; one
// empty message does not count.
func unread(queue []Message) bool {
	return len(queue) > 1 || len(queue) == 1 && len(queue[0].Data) > queue[0].Read
}

// take returns the pending error and clears it.
func (e *End) take() errno.Errno {
	err := e.Pending
	e.Pending = 0
	return err
}
