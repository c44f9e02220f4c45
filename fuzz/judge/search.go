package judge

import (
	"fmt"
	"time"

	"sockpair/fuzz/program"
)

// Budget bounds a search; the first bound that is reached ends it, and 0 is none.
type Budget struct {
	First    int // the number of the first program
	Programs int
	Calls    int
	Time     time.Duration
}

// Tally counts what a search has compared.
type Tally struct {
	Programs, Calls int
	Differences     int // programs that show one
	Gone            int // programs whose difference did not show again
	Known           int // programs whose difference the kernel's version explains
}

// Add adds another tally.
func (t *Tally) Add(u Tally) {
	t.Programs += u.Programs
	t.Calls += u.Calls
	t.Differences += u.Differences
	t.Gone += u.Gone
	t.Known += u.Known
}

// Finding is a difference that a search has confirmed, the first of its kind,
// with the shortest program that shows it.
type Finding struct {
	Profile string
	Seed    int64
	Number  int // of the program
	*Difference
}

// Search compares programs of a profile until the budget is used up. found is
// told of the first difference of each kind; nil is nobody. The same seed and
// number make the same program, always.
//
// The error says that a machine could not be used; the tally counts until then.
func (j *Judge) Search(p *Profile, seed int64, b Budget, found func(Finding)) (Tally, error) {
	s := search{j: j, compare: j.Alone, confirmations: 2, kinds: make(map[string]*kind)}
	if p.Family {
		s.compare, s.confirmations = j.Family, familyConfirmations
	}
	began := time.Now()
	for n := b.First; ; n++ {
		if b.Programs > 0 && n-b.First >= b.Programs || b.Calls > 0 && s.tally.Calls >= b.Calls || b.Time > 0 && time.Since(began) >= b.Time {
			return s.tally, nil
		}
		one := p.Program(seed, n)
		d, calls, err := s.compare(one, 0)
		s.tally.Programs++
		s.tally.Calls += calls
		if err == nil && d != nil {
			d, err = s.different(d)
		}
		if err != nil {
			return s.tally, fmt.Errorf("program %d of profile %s: %w", n, p.Name, err)
		}
		if d != nil && found != nil {
			found(Finding{p.Name, seed, n, d})
		}
	}
}

// familyConfirmations is how often a difference of a family must show: what
// depends on which of two processors is faster does not show every time.
const familyConfirmations = 8

// enough is how often a difference of a kind that has never been confirmed is
// tried again.
const enough = 20

// search is a search in progress.
type search struct {
	j             *Judge
	compare       func(program.Program, time.Duration) (*Difference, int, error)
	confirmations int
	kinds         map[string]*kind
	tally         Tally
}

// kind is what has become of the differences of a kind.
type kind struct {
	confirmed bool
	known     bool
	tries     int
}

// different decides what a difference is, and counts it. The first of its kind
// is returned, made short; others are nil.
func (s *search) different(d *Difference) (*Difference, error) {
	k := s.kinds[d.Kind]
	if k == nil {
		k = &kind{}
		s.kinds[d.Kind] = k
	}
	switch {
	case k.known:
		s.tally.Known++
		return nil, nil
	case k.confirmed:
		s.tally.Differences++
		return nil, nil
	case k.tries == enough:
		s.tally.Gone++
		return nil, nil
	}
	k.tries++
	short, err := s.confirm(s.shrink(d))
	switch {
	case err != nil:
		return nil, err
	case short == nil:
		s.tally.Gone++
		return nil, nil
	}
	if k.known = s.j.explains(short); k.known {
		s.tally.Known++
		return nil, nil
	}
	k.confirmed = true
	s.tally.Differences++
	return short, nil
}

// shrink returns the shortest program that it finds with the same difference.
func (s *search) shrink(d *Difference) program.Program {
	return program.Shrink(d.until(), func(q program.Program) bool {
		other, _, err := s.compare(q, 0)
		return err == nil && other.same(d)
	})
}

// confirm returns the difference that a program shows each time when the kernel
// is given time, nil for none.
func (s *search) confirm(p program.Program) (d *Difference, err error) {
	for range s.confirmations {
		again, _, err := s.compare(p, patience)
		if err != nil || again == nil || d != nil && !again.same(d) {
			return nil, err
		}
		d = again
	}
	return d, nil
}
