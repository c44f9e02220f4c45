package replay

import (
	"sockpair/emu"
)

// The world is what the runner knows of descriptors, beside the machine: which
// of them are ends of a pair and which stand for something that is not under
// test, and what has become uncertain about an end because a call was skipped.

// facet is one side of an end of which a skipped call may have changed what a
// later call sees. Only calls that look at a changed facet are tainted.
type facet uint8

const (
	facetData  facet = 1 << iota // what receives on this end return, and when
	facetSpace                   // whether sends on this end find room
	facetState                   // pending error, shutdown, whether the peer is there
	facetName                    // its own name
	facetPeer                    // its peer's name

	facetAll = facetData | facetSpace | facetState | facetName | facetPeer
)

// description is an open file description.
type description struct {
	reason Reason       // not empty: it is not under test, for this reason
	peer   *description // nil: it has none, or it is not known
	typ    int          // SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET; 0 of what is no socket
	refs   int          // descriptors

	epoll   *instance  // it is an instance of epoll
	object  objectKind // it is no socket, but under test
	process int        // whom a pidfd is of, as recorded; 0: it is not known

	named   bool           // it was made by socket or accept
	name    []byte         // of one that was bound, as the machine has it
	embryos []*description // of one that listens: the ends of connections that nobody has accepted

	taint    facet
	unknown  bool // bytes that the log does not show were sent to this end
	stamped  bool // it asks for control messages that the machine does not make
	reopened bool // it stands for several descriptions of one end of a pipe
	sent     bool // it was sent over a socket that is not under test: somebody may hold it whom the machine does not know
}

// isPair reports whether it is under test: an end of a pair of sockets, or of a pipe, or an object.
func (d *description) isPair() bool { return d != nil && d.reason == "" }

// isPipe reports whether it is an end of a pipe, which is under test, too.
func (d *description) isPipe() bool {
	return d.isPair() && d.typ == 0 && d.epoll == nil && d.object == noObject
}

// isSocket reports whether it is a socket: an end of a pair, or one that can have a name.
func (d *description) isSocket() bool { return d.isPair() && d.typ != 0 }

// table is the descriptors of a process.
type table struct {
	fds    map[int]*description
	users  int  // processes that share it
	shared bool // with a task that the log does not follow
	seen   numbers
}

// numbers are the descriptors that were ever used, in any table, each with
// how many were before it.
type numbers map[int]int

// has reports whether fd was among the first n.
func (s numbers) has(fd, n int) bool {
	at, ok := s[fd]
	return ok && at < n
}

func newTable(seen numbers) *table {
	return &table{fds: make(map[int]*description), users: 1, seen: seen}
}

func (t *table) set(fd int, d *description) {
	d.refs++
	t.remove(fd)
	t.fds[fd] = d
	if t.shared {
		d.doubt()
	}
	if _, ok := t.seen[fd]; !ok {
		t.seen[fd] = len(t.seen)
	}
}

// remove closes a descriptor. When the last descriptor of an end closes that
// was sent away in ancillary data, the machine sees it go and the recorded
// kernel may not have: its peer is uncertain.
func (t *table) remove(fd int) {
	d := t.fds[fd]
	if d == nil {
		return
	}
	delete(t.fds, fd)
	d.refs--
	if d.refs == 0 && d.sent && d.peer != nil {
		d.peer.taint |= facetAll
	}
}

func (t *table) clone() *table {
	n := newTable(t.seen)
	for fd, d := range t.fds {
		n.set(fd, d)
	}
	return n
}

// keepOnly removes what is not among the open descriptors.
func (t *table) keepOnly(open []int) {
	keep := make(map[int]bool, len(open))
	for _, fd := range open {
		keep[fd] = true
	}
	for fd := range t.fds {
		if !keep[fd] {
			t.remove(fd)
		}
	}
}

// drop is the end of one user of the table.
func (t *table) drop() {
	if t.users--; t.users == 0 {
		t.keepOnly(nil)
	}
}

// process is a recorded process: a thread group.
type process struct {
	pid          int // as recorded; of the first thread
	fds          *table
	tasks        map[int]*task
	closed       bool // its descriptors are closed, and its end is still to come
	ended        bool
	handlers     *handlers
	unprivileged bool // it has changed its capabilities or users
	unseen       int  // children that the log does not follow
	masked       bool // its umask is as the log has shown
	limited      bool // RLIMIT_NOFILE is as the log has shown
	root         bool // no recorded process made it: what it began with is not known
	// decided are the signals whose disposition the log has shown.
	decided map[emu.Signal]bool
}

// task is a recorded thread.
type task struct {
	tid    int
	of     *process
	p      Process
	now    *attempt // its call that is not over
	ended  bool
	unseen bool // the log does not follow it
	// sharing: it is a process of its own that shares the descriptors of its
	// maker (CLONE_FILES without CLONE_THREAD), which the machine has as a thread.
	sharing bool
}

// unsure notes that bytes were sent to it which the log does not show.
func (d *description) unsure() {
	if d != nil {
		d.unknown = true
	}
}

// skippedSend taints what a send that was not run may have changed.
func (d *description) skippedSend(to *description) {
	d.taint |= facetSpace | facetState
	if to != nil {
		to.taint |= facetData
	}
}

// skippedRecv taints what a receive that was not run may have changed.
func (d *description) skippedRecv() {
	d.taint |= facetData | facetState
	if d.peer != nil {
		d.peer.taint |= facetSpace | facetState // unread data decides whether closing resets
	}
}

// skippedAll taints everything about an end and its peer.
func (d *description) skippedAll() {
	d.taint |= facetAll
	if d.peer != nil {
		d.peer.taint |= facetAll
	}
}
