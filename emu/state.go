package emu

import "sockpair/errno"

// A decision looks at one of the small states below and gives one verdict.
// It is pure: testdata/decide holds every state with its verdict, so that the
// semantics of each type can be read, and a change of them shows as a diff.

// action is what a verdict tells the loop of a call to do.
type action uint8

const (
	deliver action = iota // move bytes, or a message, now
	eof                   // end the call with what it has moved; 0 bytes is end of file
	fail                  // end the call with an errno, unless it has moved bytes
	wait                  // not yet: a blocking call parks
)

func (a action) String() string { return [...]string{"deliver", "eof", "fail", "wait"}[a] }

// verdict is the outcome of a decision.
type verdict struct {
	act   action
	err   errno.Errno // with fail
	taken bool        // err is the pending error, which is cleared: it is reported once
	pipe  bool        // SIGPIPE goes with err, unless MSG_NOSIGNAL or a byte was sent
}

func failing(err errno.Errno) verdict { return verdict{act: fail, err: err} }

// pending is the verdict that reports the pending error and clears it.
func pending(err errno.Errno) verdict { return verdict{act: fail, err: err, taken: true} }

// recvState is what a decision about a receive may look at.
type recvState struct {
	queued    bool        // the queue holds something for this call
	satisfied bool        // the call has moved as much as it waits for
	pending   errno.Errno // the pending error (SO_ERROR), 0 for none
	shut      bool        // the own SHUT_RD, or the other end of a connection shut or closed
	nonblock  bool        // O_NONBLOCK, MSG_DONTWAIT, or no time is left
	apart     bool        // there is no connection, of a type that needs one
}

// sendState is what a decision about a send may look at.
type sendState struct {
	fresh    bool        // the call has neither moved a byte nor waited
	done     bool        // SOCK_STREAM: no byte is left to send
	tooLong  bool        // the message is longer than the type can carry
	tooBig   bool        // the message is longer than the machine has memory for in one piece
	pending  errno.Errno // the pending error (SO_ERROR), 0 for none
	shut     bool        // sending is shut: the own SHUT_WR, or the other end of a connection
	own      bool        // with shut: the own SHUT_WR
	room     bool        // the buffer admits the message, or a part of the stream
	nonblock bool        // O_NONBLOCK, MSG_DONTWAIT, or no time is left
	tooMany  bool        // the message carries descriptions and its user has too many in flight
	refused  bool        // it carries descriptions and the other end takes none (SO_PASSRIGHTS)
	fault    bool        // the bytes lie outside the address space
	lookup   errno.Errno // SOCK_DGRAM: what the look-up of the address says
	peer     peerState   // SOCK_DGRAM: what has become of the other end
	apart    bool        // there is no connection, of a type that needs one
}

// peerState is what a sender of datagrams finds at the other end.
type peerState uint8

const (
	peerAlive  peerState = iota
	peerNone             // there is no peer (any more)
	peerClosed           // the peer has been closed
	peerShut             // the peer has shut its receiving side
	peerTaken            // it is connected to another socket
	peerFull             // it is not connected to this one, and its queue is full
)

func (p peerState) String() string {
	return [...]string{"alive", "none", "closed", "shut", "taken", "full"}[p]
}
