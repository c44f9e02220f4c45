package history

import (
	"fmt"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"sockpair/fuzz/model"
)

// part is one operation of the search: some moments of a call, in order.
type part struct {
	call    *Record
	moments []moment
}

// Check searches for an order of the history's moments that explains it. The
// information is for Draw.
func (h *History) Check(limit time.Duration) (porcupine.CheckResult, porcupine.LinearizationInfo) {
	return porcupine.CheckOperationsVerbose(h.model(), h.operations(), limit)
}

// Draw writes the history as a page for a browser.
func (h *History) Draw(info porcupine.LinearizationInfo, file string) error {
	return porcupine.VisualizePath(h.model(), info, file)
}

// model is the sequential specification, as the search takes it.
func (h *History) model() porcupine.Model {
	return porcupine.Model{
		Init:  func() any { return newState(h.Type) },
		Equal: func(a, b any) bool { return a.(*state).equal(b.(*state)) },
		Hash:  func(s any) uint64 { return s.(*state).hash() },
		Step: func(s, in, _ any) (bool, any) {
			next := s.(*state).clone()
			p := in.(part)
			for _, m := range p.moments {
				if !next.step(p.call, m) {
					return false, s
				}
			}
			return true, next
		},
		DescribeOperation: func(in, _ any) string {
			p := in.(part)
			return fmt.Sprintf("%s %v", p.call.Line(p.call.Got), p.moments)
		},
		DescribeState: func(s any) string { return s.(*state).String() },
	}
}

// operations are the parts of all calls, each with the interval in which it
// can be: a sleeper looked before it slept and acted after it woke.
func (h *History) operations() (ops []porcupine.Operation) {
	add := func(c *Record, from, to int64, m ...moment) {
		ops = append(ops, porcupine.Operation{ClientId: c.Task, Input: part{c, m}, Call: from, Return: to})
	}
	for _, c := range h.Records {
		slept, woke := c.End, c.Begin
		if n := len(c.Naps); n > 0 {
			slept, woke = c.Naps[0], c.Naps[n-1]
		}
		for _, p := range h.parts(c) {
			if p[len(p)-1] < act {
				add(c, c.Begin, slept, p...)
			} else {
				add(c, woke, c.End, p...)
			}
		}
		for _, at := range c.Naps {
			if !h.excused(c) {
				add(c, at, at, nap)
			}
		}
	}
	return ops
}

// excused: of the message types one arrival wakes one receiver, and when that
// only peeks the others sleep on beside the message.
func (h *History) excused(c *Record) bool {
	return h.Peeks && h.Type != model.Stream && (c.Kind == Recv || c.Kind == RecvRights)
}

// String is what distinguishes a state from a new pair.
func (s *state) String() string {
	var b strings.Builder
	for fd, e := range s.table {
		switch {
		case e == reserved:
			fmt.Fprintf(&b, "%d=reserved ", fd)
		case e >= openEnd:
			fmt.Fprintf(&b, "%d=%c ", fd, 'A'+e.end())
		}
	}
	for i := range s.pair.Ends {
		e := &s.pair.Ends[i]
		fmt.Fprintf(&b, "%c{", 'A'+i)
		for _, m := range e.Queue {
			fmt.Fprintf(&b, "%d:%q+%d ", len(m.Data)-m.Read, m.Data[m.Read:min(len(m.Data), m.Read+4)], len(m.Rights))
		}
		fmt.Fprintf(&b, "noRecv=%t noSend=%t closed=%t pending=%d} ", e.NoRecv, e.NoSend, e.Closed, e.Pending)
	}
	return b.String()
}
