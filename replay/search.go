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

// search runs the log until a plan explains it.
func search(s *script, boot Boot, opts Options) (*Report, error) {
	best, err := once(s, boot, plan{}, opts)
	if err != nil {
		return nil, err
	}
	runs := 1
	for best.first < len(s.moments) {
		var next *run
		for _, p := range best.alternatives() {
			if runs++; runs > opts.Runs {
				break
			}
			r, err := once(s, boot, p, opts)
			if err != nil {
				return nil, err
			}
			if r.first > best.first {
				next = r
				break
			}
		}
		if next == nil {
			break
		}
		best = next
	}
	best.report.Runs = min(runs, opts.Runs)
	return best.report, nil
}

// alternatives are the plans that might explain the first difference of a
// run, the likeliest first.
func (r *run) alternatives() []plan {
	var all []plan
	if fd := r.passedOver(); fd >= 0 {
		all = append(all, plan{r.plan.moments, append(slices.Clone(r.plan.open), fd)})
	}
	for _, m := range r.moves() {
		moments := maps.Clone(r.plan.moments)
		if moments == nil {
			moments = make(map[*call]int)
		}
		moments[m.call] = m.at
		all = append(all, plan{moments, r.plan.open})
	}
	return all
}

// passedOver is the descriptor that the machine has given out where the
// recorded kernel has not, if it may have been open all along; else -1.
func (r *run) passedOver() int {
	if r.culprit == nil {
		return -1
	}
	a := r.tries[r.culprit.index]
	var want, got []int
	switch {
	case a.err != nil || !a.succeeded():
	case a.c.text.Name == "socketpair":
		if sv, ok := vector(a.arg(3)); ok {
			want, got = sv[:], a.vector[:]
		}
	case a.duplicates:
		want, got = []int{a.recorded()}, []int{a.ret}
	}
	for _, fd := range got {
		if !slices.Contains(want, fd) && fd < slices.Max(want) && !r.before[fd] {
			return fd
		}
	}
	return -1
}

// move is another moment for a call.
type move struct {
	call *call
	at   int
}

// moves are the moments that might explain the first difference: those of
// the call that differs, then of the calls that returned last before it.
func (r *run) moves() []move {
	var calls []*call
	for _, c := range r.s.calls {
		if c.overlaps() && c.enter < r.first {
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
	var all []move
	for _, c := range calls {
		now, planned := r.plan.moments[c]
		if !planned {
			now = c.enter
		}
		var of []move
		for at := min(c.until, r.first); at >= c.enter; at-- { // as late as possible first
			if at != now && at < len(r.s.moments) {
				of = append(of, move{c, at})
			}
		}
		all = append(all, of[:min(len(of), maxMoves)]...)
	}
	return all
}

// maxMoves bounds the moments that are tried for one call at a time.
const maxMoves = 64
