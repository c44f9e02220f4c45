package emu

// Which of the sockets in flight cannot be reached any more: Tarjan's search
// for strongly connected components, from a description to its holders. A
// component is garbage when nobody has one of it open and all that hold it
// from outside are garbage. Where the search comes to an open socket, all that
// it has not decided yet is reached from there, and it is over.
//
// The open socket is remembered for what it reaches. As long as no edge is
// taken away the memory holds: when that socket is closed in its turn, either
// it is reached from another or the search finds out. So closing the sockets
// of a ring one after the other looks at each a few times, not at the ring
// each time.
//
// Source: R. Tarjan, Depth-first search and linear graph algorithms (1972).
// Linux net/unix/garbage.c __unix_walk_scc has the same components.

// search is what a search knows about a description in flight.
type search struct {
	verdict searchVerdict
	order   int   // when it was entered, from 1
	low     int   // the earliest undecided one that it is held by, as far as known
	cursor  *edge // the next holder to look at

	root *end   // an open socket that reaches it, ...
	asOf uint64 // ... if inflight.removed is still this
}

type searchVerdict uint8

const (
	unseen searchVerdict = iota
	undecided
	reached
	garbage
)

// searcher is the state of a search from several descriptions, in turn.
type searcher struct {
	g       *inflight
	path    []*graphPlace // from the description in question to the holder looked at
	pending []*graphPlace // undecided, in order of entry
	seen    []*graphPlace
	dead    []*end
}

// garbage returns the sockets that cannot be reached among the suspects and
// all that hold them.
func (g *inflight) garbage(suspects []*file) []*end {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := searcher{g: g}
	for _, f := range suspects {
		if f.place != nil && f.end != nil && f.place.verdict == unseen && g.rootOf(f.end) == nil {
			s.from(f.place)
		}
	}
	for _, p := range s.seen {
		p.verdict, p.cursor = unseen, nil
	}
	return s.dead
}

// from decides whether p is reached.
func (s *searcher) from(p *graphPlace) {
	s.enter(p)
	for len(s.path) > 0 {
		p := s.path[len(s.path)-1]
		x := p.cursor
		if x == nil {
			s.leave(p)
			continue
		}
		p.cursor = x.next
		holder := x.holder
		if listener := holder.parent(); listener != nil {
			holder = listener // it has the connections that nobody has accepted
		}
		q := holder.place
		if root := s.g.rootOf(holder); root != nil {
			s.reachedFrom(root)
			return
		}
		if q == nil {
			continue // it has no reference at all, and is about to end
		}
		switch q.verdict {
		case unseen:
			s.enter(q)
		case undecided:
			p.low = min(p.low, q.order)
		case reached: // its root has been closed since, and is the suspect of that close
			s.reachedFrom(q.root)
			return
		}
	}
}

func (s *searcher) enter(p *graphPlace) {
	s.path, s.pending, s.seen = append(s.path, p), append(s.pending, p), append(s.seen, p)
	p.verdict, p.order, p.cursor = undecided, len(s.seen), p.first
	p.low = p.order
}

// leave ends the visit to p, all of whose holders have been looked at: where
// none of them was entered before it, its component is complete.
func (s *searcher) leave(p *graphPlace) {
	s.path = s.path[:len(s.path)-1]
	if len(s.path) > 0 {
		before := s.path[len(s.path)-1]
		before.low = min(before.low, p.low)
	}
	if p.low < p.order {
		return
	}
	for {
		q := s.pending[len(s.pending)-1]
		s.pending = s.pending[:len(s.pending)-1]
		q.verdict = garbage
		s.dead = append(s.dead, q.file.end)
		if q == p {
			return
		}
	}
}

// reachedFrom decides all that is undecided: it leads to the end of the path,
// which root holds.
func (s *searcher) reachedFrom(root *end) {
	if root.place != nil {
		root.place.root = nil // whoever is pointed to when it is open points nowhere, so there are no cycles
	}
	for _, p := range s.pending {
		p.verdict, p.root, p.asOf = reached, root, s.g.removed
	}
	s.path, s.pending = s.path[:0], s.pending[:0]
}

// rootOf returns an open socket from which e is known to be reached, e itself
// if it is open; nil: none is known. The way there is shortened.
func (g *inflight) rootOf(e *end) *end {
	for !e.open() {
		p := e.place
		if p == nil || p.root == nil || p.asOf != g.removed {
			return nil
		}
		if up := p.root.place; up != nil && up.root != nil && up.asOf == g.removed {
			p.root = up.root
		}
		e = p.root
	}
	return e
}
