package emu

import (
	"slices"
	"sync"
)

// The graph of what is in flight: a description in a message that nobody has
// read is held by the socket in whose queue the message lies. A socket whose
// only references are in flight, and that cannot be reached from one with a
// descriptor or a call, can never be received again: it is garbage, with all
// the cycles that such sockets make.
//
// The question is asked when a description loses a reference, or goes into
// flight with its last one, and only for what may have become garbage by that:
// the search goes from the description to its holders and theirs (search.go),
// and ends at the first that somebody has open. What else is in flight costs
// nothing.
//
// Linux net/unix/garbage.c asks the same of all sockets in flight, later; what
// it finds in the end is the same.

// inflight is the machine's graph. Its lock comes after a link's. Under it a
// description goes into flight with its reference, comes out of it, and is
// duplicated by a peek: while it is held a description that nobody has open
// stays so.
type inflight struct {
	mu      sync.Mutex
	users   map[int]int // descriptions in flight, by the sending user
	files   []*file     // the distinct descriptions in flight
	numbers uint32      // given out by InFlightGraph
	removed uint64      // edges that have been taken away from sockets, or moved
}

// edge is one descriptor in one message: its description is held by a socket.
type edge struct {
	holder     *end // the socket in whose queue it lies
	next, prev *edge
}

// graphPlace is the place of a description in flight in the graph.
// Guarded by inflight.mu.
type graphPlace struct {
	file  *file
	index int   // in inflight.files
	first *edge // its edges, the newest first
	search
}

// add puts the descriptions of a message into flight, and reports whether one
// of them was open by nothing but the reference that goes.
func (g *inflight) add(a *ancillary) (last bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.users == nil {
		g.users = make(map[int]int)
	}
	g.users[a.sender] += len(a.files)
	a.edges = make([]edge, len(a.files))
	for i, f := range a.files {
		f.flying.Add(1)
		if f.place == nil {
			f.place = &graphPlace{file: f, index: len(g.files)}
			g.files = append(g.files, f)
		}
		x := &a.edges[i]
		x.holder, x.next = a.holder, f.place.first
		if x.next != nil {
			x.next.prev = x
		}
		f.place.first = x
		last = last || f.end != nil && !f.open()
	}
	return last
}

// remove takes the descriptions of a message out of flight.
func (g *inflight) remove(a *ancillary) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.users[a.sender] -= len(a.files)
	if g.users[a.sender] == 0 {
		delete(g.users, a.sender)
	}
	for i, f := range a.files {
		f.flying.Add(-1)
		if f.end != nil {
			g.removed++
		}
		g.removeEdge(f.place, &a.edges[i])
	}
	a.edges = nil
}

func (g *inflight) removeEdge(p *graphPlace, x *edge) {
	if x.next != nil {
		x.next.prev = x.prev
	}
	if x.prev != nil {
		x.prev.next = x.next
		return
	}
	p.first = x.next
	if p.first == nil {
		last := g.files[len(g.files)-1]
		g.files[p.index], last.place.index = last, p.index
		g.files[len(g.files)-1] = nil
		g.files = g.files[:len(g.files)-1]
		p.file.place = nil
	}
}

// duplicate adds a reference to each description, for a peek.
func (g *inflight) duplicate(files []*file) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range files {
		f.refs.Add(1)
	}
}

// forget makes searches look again at what they remember.
func (g *inflight) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.removed++
}

// tooMany reports whether a process may put no more into flight: its user has
// more there than the process may have descriptors (ETOOMANYREFS). User 0 may.
// Linux net/unix/af_unix.c too_many_unix_fds.
func (g *inflight) tooMany(q *proc) bool {
	uid := q.credentials().Uid
	if uid == 0 {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.users[uid] > q.nofile()
}

// open reports whether the description has a reference that is not in flight.
func (f *file) open() bool { return f.refs.Load() != f.flying.Load() }

// GC collects every socket in flight that cannot be reached any more, and
// returns how many it found: none, for each call collects what it has made
// unreachable.
func (s *System) GC() int {
	s.inflight.mu.Lock()
	files := slices.Clone(s.inflight.files)
	s.inflight.mu.Unlock()
	r := reaper{sys: s, suspects: files}
	r.run()
	return r.collected
}

// InFlight counts the descriptions in flight.
func (s *System) InFlight() int {
	s.inflight.mu.Lock()
	defer s.inflight.mu.Unlock()
	n := 0
	for _, k := range s.inflight.users {
		n += k
	}
	return n
}
