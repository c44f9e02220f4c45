package emu

import (
	"errors"
	"fmt"
	"reflect"
)

// Check tests the invariants of the whole machine and reports every one that
// is broken. It is for a machine at rest: no call is running, though calls may
// be parked.
//
//   - The references of a description are its descriptors, the calls on it, the
//     messages in flight that carry it, and what parked calls hold.
//   - The graph of what is in flight has an edge for each reference in flight,
//     and each is on some user's account.
//   - The charges of the queues add up to what their senders are charged, and
//     a queue's bytes to its length.
//   - What is shut at one end of a connection is shut at the other.
//   - Nobody is parked whom the personality's wake rule says must run.
//   - No accept sleeps while a connection waits for it.
//   - The counts of files and sockets are those of what is open.
//   - The links of a file are its names, those of a directory 2 and its directories.
//   - The buffers of a pipe hold something, and nobody sleeps who could go on.
//   - What is kept lest it be found out anew is what would be found: for what an
//     end is plain, what a plain end is ready for, how many watch its link.
//   - What sockets share that have nothing of their own has not been written.
func (s *System) Check() error {
	c := checker{slots: make(map[*file]int), held: make(map[*file]int), links: make(map[*link]bool), charges: make(map[*end]int)}
	s.mu.Lock()
	for _, q := range s.procs {
		if err := q.files.Check(); err != nil {
			c.fault("process %d: %v", q.pid, err)
		}
		for _, f := range q.files.All() {
			c.slots[f]++
		}
	}
	s.mu.Unlock()
	s.inflight.check(&c)
	looked := make(map[*link]bool)
	for f := range c.slots {
		if f.end != nil && !looked[f.end.link] {
			looked[f.end.link] = true
			c.hold(f.end.link)
		}
	}
	for f := range c.slots {
		c.file(f)
	}
	c.checkCharges(s.Blocked() > 0)
	s.checkCounts(&c)
	s.names.checkNames(&c)
	if nothing != (besides{}) || !reflect.ValueOf(never).IsZero() {
		c.fault("what all sockets share was written")
	}
	return errors.Join(c.faults...)
}

type checker struct {
	slots   map[*file]int
	held    map[*file]int // by messages that parked sends have yet to queue, and parked receives have got
	links   map[*link]bool
	found   []*end       // live sockets
	charges map[*end]int // by sender: what the queues say that were found
	files   int          // open descriptions found
	ends    int          // how many of them are sockets
	faults  []error
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

// hold counts what calls hold that are parked on either end of a link, of which
// one may have no descriptor any more.
func (c *checker) hold(l *link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.ends {
		for k := l.ends[i].sends.first; k != nil; k = k.next {
			if k.send.anc != nil {
				for _, f := range k.send.anc.files {
					c.held[f]++
				}
			}
		}
		for k := l.ends[i].recvs.first; k != nil; k = k.next {
			if k.recv.got != nil {
				for _, f := range k.recv.got.files {
					c.held[f]++
				}
			}
		}
	}
}

// check looks at the graph of what is in flight.
func (g *inflight) check(c *checker) {
	g.mu.Lock()
	defer g.mu.Unlock()
	edges, users := 0, 0
	for i, p := range g.places {
		f := p.file
		c.slots[f] += 0 // it may have no descriptor
		n := 0
		for x := p.first; x != nil; x = x.next {
			n++
		}
		if _, flying := f.refs.load(); n != flying || p.index != i || f.place != p {
			c.fault("description %d in flight: %d edges and index %d, want %d and %d", i, n, p.index, flying, i)
		}
		edges += n
	}
	for _, u := range g.users {
		users += u.n
	}
	if users != edges {
		c.fault("in flight: %d on the users' accounts, want %d", users, edges)
	}
}

// file checks a description that has a descriptor, and the pair it belongs to.
func (c *checker) file(f *file) {
	if f.end == nil {
		f.lock.Lock()
		defer f.lock.Unlock()
		c.references(f, "file "+f.name)
		if e, ok := f.object.(*pipeEnd); ok {
			c.pipe(e)
		}
		return
	}
	if c.links[f.end.link] {
		return
	}
	c.links[f.end.link] = true
	for _, e := range c.link(f.end.link) {
		c.file(&e.file)
	}
}

// link checks the two ends of a link and returns the connections that wait
// for one of them to accept.
func (c *checker) link(l *link) (embryos []*end) {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := 0
	for i := range l.ends {
		if l.ends[i].status&O_ASYNC != 0 {
			waiting++
		}
		waiting += c.end(&l.ends[i], fmt.Sprintf("end %d of a pair", i))
		if l.ends[i].listening() {
			embryos = append(embryos, l.ends[i].listener.embryos...)
		}
	}
	watching := 0
	for i := range l.ends {
		for w := l.ends[i].watches.first; w != nil; w = w.next {
			watching++
		}
	}
	if watching != int(l.watching) {
		c.fault("a pair counts %d watching, its lists have %d", l.watching, watching)
	}
	if waiting != int(l.waiting) {
		c.fault("a pair counts %d waiting, its lists have %d", l.waiting, waiting)
	}
	if len(l.dropped) > 0 {
		c.fault("a pair has %d dropped values that were not released", len(l.dropped))
	}
	return embryos
}

func (c *checker) references(f *file, name string) {
	refs, flying := f.refs.load()
	queued := 0
	if f.end != nil && f.end.embryo() && !f.end.closed {
		queued = 1 // its listener's
	}
	if refs != c.slots[f]+int(f.calls)+flying+c.held[f]+queued {
		c.fault("%s: references = %d, want %d descriptors + %d calls + %d in flight + %d held by calls",
			name, refs, c.slots[f], f.calls, flying, c.held[f])
	}
	if refs > queued {
		c.files++
	}
}

// checkCharges compares what the queues charge with what their senders have
// been charged. A parked call may keep a queue that was not found.
func (c *checker) checkCharges(hidden bool) {
	for _, e := range c.found {
		if got := c.charges[e]; got > e.charged || got < e.charged && !hidden {
			c.fault("a socket is charged %d, the queues have %d of it", e.charged, got)
		}
	}
}

// end checks one end and returns how many wait on it.
func (c *checker) end(e *end, name string) (waiting int) {
	c.references(&e.file, name)
	if !e.closed {
		c.ends++
		c.found = append(c.found, e)
	}
	if refs, _ := e.refs.load(); e.closed != (refs == 0) {
		c.fault("%s: closed = %v with %d references", name, e.closed, refs)
	}
	if err := e.in.Check(); err != nil {
		c.fault("%s: queue: %v", name, err)
	}
	for i := range e.in.Segments() {
		c.charges[e.sender(i)] += e.in.At(i).Charge
	}
	if e.established() && !e.uneven && (e.shut&shutRecv != 0) != (e.peer.shut&shutSend != 0) && !e.peer.closed && !e.closed {
		c.fault("%s: receiving shut %v, the other end's sending %v", name, e.shut&shutRecv != 0, e.peer.shut&shutSend != 0)
	}
	if e.events != 0 {
		c.fault("%s: events %#x were not settled", name, e.events)
	}
	if now := e.plainFor(); now != e.plain {
		c.fault("%s: plain for %d, want %d", name, e.plain, now)
	}
	if short, long := e.readiness(), e.readinessLong(); short != long {
		c.fault("%s: ready for %#x, want %#x", name, short, long)
	}
	return c.parked(e, name)
}

// parked checks that nobody is parked who must run, and returns how many wait.
func (c *checker) parked(e *end, name string) (waiting int) {
	untold := e.pending != 0 && e.untold
	for k := e.recvs.first; k != nil; k = k.next {
		waiting++
		if v := e.decideRecv(k.recv); v.act != wait && !e.wakeSpent(v) && !untold {
			c.fault("%s: a receive is parked and should %v", name, v.act)
		}
	}
	// What the peer's state alone would make of a datagram is found out when there is room.
	mayRun := e.rules().Admission.Wake(e.spent(), e.bound()) || e.pending != 0 || e.shut&shutSend != 0
	for k := e.sends.first; k != nil; k = k.next {
		waiting++
		if v, _ := e.decideSend(k.send); v.act != wait && mayRun && !untold {
			c.fault("%s: a send is parked and should %v", name, v.act)
		}
	}
	waiting += len(e.farSends.waiters)
	if l := e.listener; l != nil && len(l.acceptors.waiters) > 0 && !e.watches.taken && (len(l.embryos) > 0 || e.shut&shutRecv != 0) {
		c.fault("%s: %d accepts sleep and may run", name, len(l.acceptors.waiters))
	}
	ready := e.readiness()
	for w := e.watches.first; w != nil; w = w.next {
		waiting++
		if w.item == nil && !untold && ready&(w.events|always) != 0 && w.poller.isAsleep() {
			c.fault("%s: a poll sleeps on %#x and %#x is ready", name, w.events, ready)
		}
	}
	return waiting
}

// wakeSpent reports whether a receive may be parked although a message is
// there: its one wake-up went to a receive that only peeked, or to one that took
// the message which that had left; or although it could end in any way: an
// exclusive watch before it took the event.
func (e *end) wakeSpent(v verdict) bool {
	return (v.act == deliver && e.peeked || e.watches.taken) && e.typ != SOCK_STREAM && e.rules().ExclusiveWake
}

// checkCounts compares the machine's counts with what was found. A
// description without a descriptor that a parked call keeps is not found.
func (s *System) checkCounts(c *checker) {
	hidden := s.Blocked() > 0
	if n := s.Files(); n < c.files || n > c.files && !hidden {
		c.fault("open files = %d, want %d", n, c.files)
	}
	if n := s.census.sockets(); n < c.ends || n > c.ends && !hidden {
		c.fault("sockets = %d, want %d", n, c.ends)
	}
}
