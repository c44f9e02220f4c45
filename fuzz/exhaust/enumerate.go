package exhaust

import (
	"fmt"
	"math"

	"sockpair/fuzz/program"
)

// Enumeration is the sequences of Depth changing calls, in the order of
// numbers whose digits are the calls, the first call the highest digit.
type Enumeration struct {
	*Alphabet
	Depth int

	passes, closes []int // by changing call: the descriptor that it sends, and that it closes; 0 for none
}

// maxDepth is more than anybody has time for.
const maxDepth = 8

// Enumerate makes an enumeration. The error says what is wrong with the depth.
func Enumerate(a *Alphabet, depth int) (*Enumeration, error) {
	if depth < 1 || depth > maxDepth {
		return nil, fmt.Errorf("depth %d: expected 1 to %d", depth, maxDepth)
	}
	e := &Enumeration{Alphabet: a, Depth: depth}
	for _, c := range a.Changing {
		e.passes = append(e.passes, passes(c))
		e.closes = append(e.closes, closes(c))
	}
	return e, nil
}

// Run is how many sequences there are to run.
func (e *Enumeration) Run() uint64 { return power(len(e.Changing), e.Depth) }

// All is how many sequences of Depth calls the whole alphabet makes.
func (e *Enumeration) All() uint64 { return power(len(e.Changing)+len(e.Observing), e.Depth) }

func power(base, exponent int) uint64 {
	n := uint64(1)
	for range exponent {
		if n > math.MaxUint64/uint64(base) {
			return math.MaxUint64
		}
		n *= uint64(base)
	}
	return n
}

// Sequence stores the calls of the n-th sequence, as indices of Changing, into
// digits, which has Depth of them.
func (e *Enumeration) Sequence(n uint64, digits []int) {
	base := uint64(len(e.Changing))
	for i := e.Depth - 1; i >= 0; i-- {
		digits[i] = int(n % base)
		n /= base
	}
}

// Fresh is the length of the shortest prefix of the n-th sequence that no
// earlier sequence has: after it and all longer ones the observing calls are made.
func (e *Enumeration) Fresh(n uint64) int {
	if n == 0 {
		return 0
	}
	base, fresh := uint64(len(e.Changing)), e.Depth
	for n%base == 0 {
		n /= base
		fresh--
	}
	return fresh
}

// Covered is how many sequences of Depth calls that have observing calls among
// them the run of the n-th sequence compares: for each fresh prefix of k calls
// the ways to spread them over Depth places, times what can stand in the others.
func (e *Enumeration) Covered(n uint64) uint64 {
	sum := uint64(0)
	for k := e.Fresh(n); k < e.Depth; k++ {
		sum += binomial(e.Depth, k) * power(len(e.Observing), e.Depth-k)
	}
	return sum
}

func binomial(n, k int) uint64 {
	b := uint64(1)
	for i := range k {
		b = b * uint64(n-i) / uint64(i+1)
	}
	return b
}

// Collects returns the number of calls of the sequence after which a socket may be
// garbage: an end was sent, and after that its descriptor closed or replaced.
// What is sent by another descriptor may be either end. len(digits)+1: that
// does not happen.
func (e *Enumeration) Collects(digits []int) int {
	var sent [last + 1]bool
	for i, d := range digits {
		switch fd := e.passes[d]; fd {
		case endA, endB:
			sent[fd] = true
		case next:
			sent[endA], sent[endB], sent[next] = true, true, true
		}
		if sent[e.closes[d]] {
			return i + 1
		}
	}
	return len(digits) + 1
}

// passes is the descriptor of an end that a call sends, 0 for none.
func passes(c program.Call) int {
	for _, m := range c.Msgs {
		for _, beside := range m.Cmsgs {
			for _, fd := range beside.Fds {
				if fd == endA || fd == endB || fd == next {
					return fd
				}
			}
		}
	}
	return 0
}

// closes is the descriptor that a call takes away, 0 for none.
func closes(c program.Call) int {
	switch c.Name {
	case "close":
		return c.Fd
	case "dup2":
		return c.Args[0]
	}
	return 0
}

// drops reports whether a call may drop a reference to a description.
func drops(c program.Call) bool {
	switch c.Name {
	case "close", "dup2", "recvfrom", "recvmsg":
		return true
	}
	return false
}
