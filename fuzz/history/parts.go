package history

import "slices"

// The moments of a call need be told apart only where an overlapping call could
// see that one has been and the next has not. Fewer operations make a search
// that ends; what is joined here is joined because nobody can tell.

// parts are the moments of a call, those together that nobody can tell apart.
func (h *History) parts(c *Record) (parts [][]moment) {
	others := h.overlapping(c)
	for i, m := range c.moments() {
		if i == 0 || h.apart(c, m, others) {
			parts = append(parts, nil)
		}
		last := len(parts) - 1
		parts[last] = append(parts[last], m)
	}
	return parts
}

// overlapping are the calls that were under way together with c.
func (h *History) overlapping(c *Record) (others []*Record) {
	for _, o := range h.Records {
		if o != c && o.Begin < c.End && c.Begin < o.End {
			others = append(others, o)
		}
	}
	return others
}

// apart reports whether some other call can tell moment m of c from the one
// before it.
//
// What a look finds is the same at any moment unless another call changes the
// number; but a sleeper looked before it slept. A number that is reserved
// differs from an open one only for those who name it, and from a free one for
// those who take numbers too. What is dropped matters only where ends die: if
// the call's own number stayed open, it held nothing alive.
func (h *History) apart(c *Record, m moment, others []*Record) bool {
	slept := len(c.Naps) > 0
	unstable := slept || slices.ContainsFunc(others, func(o *Record) bool {
		return o.changed() != none && (o.changed() == c.Fd || c.hasOther() && o.changed() == c.Other)
	})
	named := slices.ContainsFunc(others, func(o *Record) bool {
		return o.Fd == c.Got.Fd || o.hasOther() && o.Other == c.Got.Fd
	})
	switch m {
	case lookOther, act:
		return unstable
	case reserve:
		return named || slices.ContainsFunc(others, func(o *Record) bool { return o.changed() != none })
	case install:
		return named
	}
	if h.Subject != Lives {
		return false
	}
	return unstable || (c.Kind == Close || c.Kind == Dup2) && len(others) > 0
}

// hasOther reports whether the call names a second descriptor.
func (c Call) hasOther() bool { return c.Kind == SendRights || c.Kind == Dup2 }

// changed is the number that the call has opened, closed or replaced.
func (c *Record) changed() int {
	switch {
	case c.Got.Err != 0:
		return none
	case c.Kind == Close:
		return c.Fd
	case c.Kind == Dup2:
		return c.Other
	}
	return c.Got.Fd
}
