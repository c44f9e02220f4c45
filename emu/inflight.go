package emu

import "sync"

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
	users   map[int]*account // of those who have sent what is in flight, and latest
	latest  *account         // the last that was asked for
	places  []*graphPlace    // of the distinct descriptions in flight; unused ones may lie behind
	unused  []*ancillary     // messages that have landed, for others
	numbers uint32           // given out by InFlightGraph
	removed uint64           // edges that have been taken away from sockets, or moved
}

// account is how many descriptions a user has in flight.
type account struct{ user, n int }

// account returns a user's. The lock is held.
func (g *inflight) account(user int) *account {
	old := g.latest
	if old != nil && old.user == user {
		return old
	}
	u := g.users[user]
	if u == nil {
		if g.users == nil {
			g.users = make(map[int]*account)
		}
		u = &account{user: user}
		g.users[user] = u
	}
	g.latest = u
	if old != nil {
		g.settle(old, 0)
	}
	return u
}

// settle takes n descriptions off an account, and closes it when that is all.
func (g *inflight) settle(u *account, n int) {
	u.n -= n
	if u.n == 0 && u != g.latest {
		delete(g.users, u.user)
	}
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
	index int   // in inflight.places
	first *edge // its edges, the newest first
	search
}

// add puts the descriptions of a message into flight, and reports whether one
// of them was open by nothing but the reference that goes.
func (g *inflight) add(a *ancillary, user int) (last bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	a.sender = g.account(user)
	a.sender.n += len(a.files)
	if len(a.files) <= few {
		a.edges = a.fewEdges[:len(a.files)]
	} else {
		a.edges = make([]edge, len(a.files))
	}
	for i, f := range a.files {
		refs, inFlight := f.refs.add(0, 1)
		g.addEdge(f, &a.edges[i], a.holder)
		last = last || f.end != nil && refs == inFlight
	}
	return last
}

// launch is add for a message of one description, to which it takes the
// reference in the same step. nil: the long way knows better, because nobody has
// it open any more, or the user may have too many in flight.
func (g *inflight) launch(f *file, holder *end, by *proc) *ancillary {
	cred := by.credentials()
	g.mu.Lock()
	u := g.account(cred.Uid)
	if cred.Uid != 0 && u.n > by.nofile() || !f.refs.addIfOpen(1+flying) {
		g.mu.Unlock()
		return nil
	}
	u.n++
	var a *ancillary
	if n := len(g.unused); n > 0 {
		a = g.unused[n-1]
		g.unused[n-1] = nil
		g.unused = g.unused[:n-1]
	} else {
		a = &ancillary{sys: f.sys}
	}
	a.sender, a.holder = u, holder
	a.fewFiles[0] = f
	a.files, a.edges = a.fewFiles[:1], a.fewEdges[:1]
	g.addEdge(f, &a.fewEdges[0], holder)
	g.mu.Unlock()
	return a
}

// landOne takes the one description of a message out of flight, whose reference
// is the caller's. The message is not to be used any more.
func (g *inflight) landOne(a *ancillary) *file {
	f := a.files[0]
	g.mu.Lock()
	g.settle(a.sender, 1)
	g.removeEdge(f, &a.edges[0])
	if len(g.unused) < keptUnused && a.of == nil && a.pages == nil {
		a.files, a.edges, a.holder, a.fewFiles[0], a.fewEdges[0] = nil, nil, nil, nil, edge{}
		g.unused = append(g.unused, a)
	}
	g.mu.Unlock()
	return f
}

func (g *inflight) addEdge(f *file, x *edge, holder *end) {
	p := f.place
	if p == nil {
		p = g.newPlace()
		p.file, f.place = f, p
	}
	x.holder, x.next = holder, p.first
	if x.next != nil {
		x.next.prev = x
	}
	p.first = x
}

// newPlace returns a place at the end of the list, an unused one if there is.
func (g *inflight) newPlace() *graphPlace {
	n := len(g.places)
	if n < cap(g.places) {
		g.places = g.places[:n+1]
		if p := g.places[n]; p != nil {
			return p
		}
	} else {
		g.places = append(g.places, nil)
	}
	p := &graphPlace{index: n}
	g.places[n] = p
	return p
}

// How many places and messages are kept when nothing is in flight.
const keptPlaces, keptUnused = 64, 64

// freePlace takes a place off the list.
func (g *inflight) freePlace(p *graphPlace) {
	n := len(g.places) - 1
	if p.index != n {
		last := g.places[n]
		g.places[p.index], g.places[n] = last, p
		last.index, p.index = p.index, n
	}
	p.file.place = nil
	p.file, p.root = nil, nil
	if n >= keptPlaces {
		g.places[n] = nil
	}
	g.places = g.places[:n]
}

// remove takes the descriptions of a message out of flight.
func (g *inflight) remove(a *ancillary) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.settle(a.sender, len(a.files))
	for i, f := range a.files {
		g.removeEdge(f, &a.edges[i])
	}
	a.edges = nil
}

func (g *inflight) removeEdge(f *file, x *edge) {
	f.refs.add(0, -1)
	if f.end != nil {
		g.removed++
	}
	if x.next != nil {
		x.next.prev = x.prev
	}
	p := f.place
	switch {
	case x.prev != nil:
		x.prev.next = x.next
	case x.next != nil:
		p.first = x.next
	default:
		p.first = nil
		g.freePlace(p)
	}
}

// duplicate adds a reference to each description, for a peek.
func (g *inflight) duplicate(files []*file) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range files {
		f.refs.add(1, 0)
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
	u := g.users[uid]
	return u != nil && u.n > q.nofile()
}

// open reports whether the description has a reference that is not in flight.
func (f *file) open() bool { return f.refs.open() }

// GC collects every socket in flight that cannot be reached any more, and
// returns how many it found: none, for each call collects what it has made
// unreachable.
func (s *System) GC() int {
	s.inflight.mu.Lock()
	files := make([]*file, len(s.inflight.places))
	for i, p := range s.inflight.places {
		files[i] = p.file
	}
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
	for _, u := range s.inflight.users {
		n += u.n
	}
	return n
}
