package replay

import (
	"maps"
	"slices"
)

// A log shows when calls began and returned, and not when they took effect:
// where calls overlap, several orders are possible. The first run lets each
// take effect when it begins. When that leads to a difference, the log is run
// again with another moment for one of the calls that overlap, and the moment
// is kept if the log is then explained further. An order that explains every
// result is equality; if none is found, the difference stands.
//
// Nor does a log show with which descriptors its first process began. A
// number that the log has never mentioned and that is passed over where the
// lowest free one is due was open from the beginning.

// search runs the log until a plan explains it: first as it stands, then,
// depth first, with one thing changed that explains it further, and another
// until all is explained or there were too many runs. The plan that explained
// most stands. Runs that look for a plan stop at the first difference.
func search(s *script, boot Boot, opts Options) (*Report, error) {
	whole, err := once(s, boot, plan{}, opts, false)
	if err != nil || whole.first == len(s.moments) || opts.Runs == 1 {
		return whole.done(1), err
	}
	e := explorer{s: s, boot: boot, opts: opts, best: whole, runs: 1, budget: min(opts.Runs, max(2, maxWork/len(s.moments))) - 1}
	for {
		best := e.best
		e.limit = e.budget
		if c := best.culprit; c != nil && best.tries[c.index] != nil && best.tries[c.index].race {
			e.limit = min(e.budget, e.runs+maxRace)
		}
		if err := e.explore(best); err != nil {
			return nil, err
		}
		if e.best.first == len(s.moments) || e.runs >= e.budget || e.best.culprit == nil {
			break
		}
		if e.best == best { // what differs there differs; what comes after it?
			p := best.plan
			p.given = maps.Clone(p.given)
			if p.given == nil {
				p.given = make(map[*call]bool)
			}
			p.given[best.culprit] = true
			e.runs++
			if e.best, err = once(s, boot, p, opts, true); err != nil {
				return nil, err
			}
		}
	}
	bounded := e.best.first < len(s.moments) && e.runs >= e.budget
	if e.best != whole {
		e.runs++
		whole, err = once(s, boot, e.best.plan, opts, false)
	}
	report := whole.done(e.runs)
	if report != nil {
		report.Bounded = bounded
	}
	return report, err
}

// explorer looks for a plan.
type explorer struct {
	s            *script
	boot         Boot
	opts         Options
	best         *run
	runs, budget int
	limit        int // of runs, for the difference at hand
}

// maxRace bounds the runs for a difference that may be due to a race inside a call.
const maxRace = 100

// over reports that the search has come to its end.
func (e *explorer) over() bool { return e.best.first == len(e.s.moments) || e.runs >= e.limit }

// explore tries the alternatives to a run.
func (e *explorer) explore(from *run) error {
	for _, p := range from.alternatives() {
		if e.over() {
			return nil
		}
		e.runs++
		r, err := once(e.s, e.boot, p, e.opts, true)
		if err != nil {
			return err
		}
		if r.first > e.best.first {
			e.best = r
		}
		if r.first > from.first {
			if err := e.explore(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxRuns bounds the runs of one log, and maxWork the moments of all of them
// together: some seconds. Of the recordings known, none that an order explains
// has taken more than a few dozen runs.
const (
	maxRuns = 2000
	maxWork = 4 << 20
)

// done is the report of a run, nil for a run that failed.
func (r *run) done(runs int) *Report {
	if r == nil {
		return nil
	}
	r.report.Runs = runs
	return r.report
}

// alternatives are the plans that might explain the first difference of a
// run, the likeliest first.
func (r *run) alternatives() []plan {
	var all []plan
	if fds := r.passedOver(); len(fds) > 0 {
		p := r.plan
		p.open = append(slices.Clone(p.open), fds...)
		all = append(all, p)
	}
	if c := r.culprit; c != nil && r.wasInterrupted() {
		p := r.plan
		p.early = maps.Clone(p.early)
		if p.early == nil {
			p.early = make(map[*call]bool)
		}
		p.early[c] = true
		all = append(all, p)
		p = r.plan
		p.never = maps.Clone(p.never)
		if p.never == nil {
			p.never = make(map[*call]bool)
		}
		p.never[c] = true
		all = append(all, p)
	}
	if c := r.culprit; c != nil && r.cameInPieces() {
		p := r.plan
		p.pieces = maps.Clone(p.pieces)
		if p.pieces == nil {
			p.pieces = make(map[*call]bool)
		}
		p.pieces[c] = true
		all = append(all, p)
	}
	likely, others := r.swaps()
	for _, moves := range slices.Concat(likely, others, r.moves()) {
		moments := maps.Clone(r.plan.moments)
		if moments == nil {
			moments = make(map[*call]int)
		}
		for _, m := range moves {
			moments[m.call] = m.at
		}
		p := r.plan
		p.moments = moments
		all = append(all, p)
	}
	return all
}

// wasInterrupted reports that the call that differs was interrupted, and has
// not been on the machine: what it waited for came as well.
func (r *run) wasInterrupted() bool {
	a := r.tries[r.culprit.index]
	return a.interrupted() && !r.plan.never[r.culprit] && a.err == nil && a.started
}

// cameInPieces reports that the call that differs is a receive from a stream
// into which another task was sending meanwhile.
func (r *run) cameInPieces() bool {
	a := r.tries[r.culprit.index]
	return a.inPieces != nil && !r.plan.pieces[r.culprit] && a.succeeded() && a.done() > 0 && r.sendsDuring(a, a.d.peer)
}

// passedOver are the descriptors that the machine has given out where the
// recorded kernel has not, and that may have been open all along.
func (r *run) passedOver() (fds []int) {
	if r.culprit == nil {
		return nil
	}
	a := r.tries[r.culprit.index]
	if a.err != nil || !a.succeeded() || a.made == nil {
		return nil
	}
	got, want := a.made()
	for _, fd := range got {
		if len(want) > 0 && !slices.Contains(want, fd) && fd < slices.Max(want) && !r.seen.has(fd, r.before) {
			fds = append(fds, fd)
		}
	}
	return fds
}

// move is another moment for a call.
type move struct {
	call *call
	at   int
}

// at is the moment at which a call took effect.
func (r *run) at(c *call) int {
	if at, planned := r.plan.moments[c]; planned {
		return at
	}
	return c.enter
}

// swaps are, when a receive has got other data than recorded, the moments that
// change the order of sends to the same end that overlapped: first those that
// let one which sent what should have been received take effect before the
// others, then those that exchange two of the latest.
func (r *run) swaps() (likely, others [][]move) {
	if r.culprit == nil || r.tries[r.culprit.index] == nil || !r.tries[r.culprit.index].receiving {
		return nil, nil
	}
	to := r.tries[r.culprit.index]
	var sends []*attempt
	for _, a := range r.tries {
		if a != nil && a.sending && a.started && a.d.isPair() && a.target() == to.d && r.at(a.c) < r.first {
			sends = append(sends, a)
		}
	}
	for i, y := range slices.Backward(sends) {
		after := r.at(r.s.calls[y.c.index]) + 1
		var before []move
		for _, x := range sends[max(0, i-maxNeighbours):min(len(sends), i+maxNeighbours)] {
			if c := r.s.calls[x.c.index]; y != x && r.at(c) < after && after <= c.until {
				before = append(before, move{c, after})
				others = append(others, []move{{c, after}})
			}
		}
		if len(before) > 0 && r.s.memo.sameBytes(to.dataArg(), y.sent[:min(len(y.sent), max(0, to.recorded()))], false) {
			likely = append(likely, before)
		}
	}
	return likely, others[:min(len(others), maxMoves)]
}

// maxNeighbours bounds how many sends a send is compared with.
const maxNeighbours = 16

// moves are the moments that might explain the first difference: those of
// the call that differs, then of the calls that returned last before it.
func (r *run) moves() [][]move {
	var calls []*call
	for _, c := range r.s.calls {
		if c.overlaps() && c.enter < r.first && r.matters(c) {
			calls = append(calls, c)
		}
	}
	slices.SortStableFunc(calls, func(a, b *call) int {
		if (a == r.culprit) != (b == r.culprit) {
			if a == r.culprit {
				return -1
			}
			return 1
		}
		return min(b.until, r.first) - min(a.until, r.first)
	})
	var all [][]move
	for _, c := range calls {
		now := r.at(c)
		var of [][]move
		for at := min(c.until, r.first); at >= c.enter; at-- { // as late as possible first
			if at != now && at < len(r.s.moments) {
				of = append(of, []move{{c, at}})
			}
		}
		all = append(all, of[:min(len(of), maxMoves)]...)
	}
	return all
}

// matters reports whether another moment for a call may change what the call
// that differs has seen: it is that call, or works on the same pair, or makes
// or closes descriptors.
func (r *run) matters(c *call) bool {
	a := r.tries[c.index]
	if c == r.culprit || r.culprit == nil || a == nil {
		return true
	}
	to := r.tries[r.culprit.index]
	switch c.text.Name {
	case "poll", "ppoll", "select", "pselect6", "getsockname", "getpeername", "lseek", "ioctl", "rt_sigaction", "rt_sigprocmask", "wait4":
		return false
	case "close", "close_range", "dup2", "dup3", "execve", "exit", "exit_group", "kill", "tgkill", "clone", "clone3", "fork", "vfork":
		return true
	}
	switch c.text.Name {
	case "bind", "listen", "connect", "unlink", "unlinkat", "rename", "accept", "accept4":
		return to.onNamed || to.file || to.d.isSocket() && to.d.named
	}
	if _, makes := openers[c.text.Name]; makes || a.duplicates {
		return to.duplicates || to.c.text.Name == "socketpair"
	}
	return a.d.isPair() && (!to.d.isPair() || a.d == to.d || a.target() == to.d)
}

// maxMoves bounds the moments that are tried for one call at a time.
const maxMoves = 64
