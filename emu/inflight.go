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
// The question is asked when a description loses a reference that was not in
// flight, and only for what may have become garbage by that: the search goes
// from the description to its holders and theirs, and ends at the first that
// somebody has open. Closing stays cheap however much is in flight.
//
// Linux net/unix/garbage.c asks the same of all sockets in flight, later; what
// it finds in the end is the same.

// inflight is the machine's graph. Its lock comes after a link's; taking a
// description in or out of flight and moving its reference is one step under
// it, so that a search sees every reference somewhere.
type inflight struct {
	mu    sync.Mutex
	users map[int]int // descriptions in flight, by the sending user
	files []*file     // the distinct descriptions in flight
}

// graphPlace is a socket's place in the graph. Guarded by inflight.mu, but for
// count, which is written under it.
type graphPlace struct {
	index   int          // in inflight.files, from 1; 0: not in flight
	holder  *end         // a socket that holds it, ...
	times   int          // ... so often
	others  map[*end]int // the other holders
	visited bool
}

// add puts the descriptions of a message into flight.
func (g *inflight) add(a *ancillary) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.users == nil {
		g.users = make(map[int]int)
	}
	g.users[a.sender] += len(a.files)
	for _, f := range a.files {
		f.flying.Add(1)
		g.hold(f, a.holder)
	}
}

func (g *inflight) hold(f *file, by *end) {
	fl := &f.flight
	if fl.index == 0 {
		g.files = append(g.files, f)
		fl.index = len(g.files)
	}
	switch {
	case fl.holder == nil:
		fl.holder, fl.times = by, 1
	case fl.holder == by:
		fl.times++
	default:
		if fl.others == nil {
			fl.others = make(map[*end]int)
		}
		fl.others[by]++
	}
}

// remove takes the descriptions of a message out of flight.
func (g *inflight) remove(a *ancillary) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.users[a.sender] -= len(a.files)
	if g.users[a.sender] == 0 {
		delete(g.users, a.sender)
	}
	for _, f := range a.files {
		f.flying.Add(-1)
		g.letGo(f, a.holder)
	}
}

func (g *inflight) letGo(f *file, by *end) {
	fl := &f.flight
	if fl.holder == by {
		fl.times--
		if fl.times == 0 {
			fl.holder = nil
		}
	} else if fl.others[by]--; fl.others[by] == 0 {
		delete(fl.others, by)
	}
	if fl.holder == nil && len(fl.others) == 0 {
		last := g.files[len(g.files)-1]
		g.files[fl.index-1], last.flight.index = last, fl.index
		g.files = g.files[:len(g.files)-1]
		*fl = graphPlace{}
	}
}

// holders calls visit for each socket that holds f until it says false.
func (fl *graphPlace) holders(visit func(*end) bool) bool {
	if fl.holder != nil && !visit(fl.holder) {
		return false
	}
	for e := range fl.others {
		if !visit(e) {
			return false
		}
	}
	return true
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

// garbage returns the sockets that f's loss of a reference has made
// unreachable: f and all that hold it, if none of them is open. nil otherwise.
func (g *inflight) garbage(f *file) []*end {
	g.mu.Lock()
	defer g.mu.Unlock()
	if f.flight.index == 0 {
		return nil
	}
	found := []*end{f.end}
	f.flight.visited = true
	alive := false
	for i := 0; i < len(found) && !alive; i++ {
		alive = found[i].open() || !found[i].flight.holders(func(e *end) bool {
			if !e.flight.visited {
				e.flight.visited = true
				found = append(found, e)
			}
			return !e.open()
		})
	}
	for _, e := range found {
		e.flight.visited = false
		// Again, for a peek may have opened one after it was looked at.
		alive = alive || e.open()
	}
	if alive {
		return nil
	}
	return found
}

// open reports whether the description has a reference that is not in flight.
func (f *file) open() bool { return f.refs.Load() != f.flying.Load() }

// collect empties the queues of sockets that cannot be reached any more; the
// descriptions that were in flight there lose their references and end.
func (s *System) collect(dead []*end) {
	for _, e := range dead {
		e.link.mu.Lock()
		for e.in.Segments() > 0 {
			e.popSegment()
		}
		e.link.unlock()
	}
}

// GC collects every socket in flight that cannot be reached any more, and
// returns how many it found. The last close of a socket does so by itself for
// what it has made unreachable; there is nothing left to find afterwards,
// unless a description was lost in another way.
func (s *System) GC() int {
	s.inflight.mu.Lock()
	files := slices.Clone(s.inflight.files)
	s.inflight.mu.Unlock()
	found := 0
	for _, f := range files {
		if f.end != nil && f.flying.Load() > 0 {
			dead := s.inflight.garbage(f)
			found += len(dead)
			s.collect(dead)
		}
	}
	return found
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
