package history

import (
	"bytes"
	"slices"

	"sockpair/fuzz/model"
)

// state is the sequential state: the model's pair, the descriptor table of the
// one process, and what calls hold between their moments. A step works on a
// clone; what states share is never written.
type state struct {
	pair  model.Pair
	table [slots]slot
	held  []held // in order of call
}

// slot is an entry of the table.
type slot int8

// The entries. An open one names its end: openEnd+0, openEnd+1.
const (
	free     slot = iota
	reserved      // taken, and not yet open: it is EBADF for everyone
	openEnd
)

// none is no end.
const none = -1

func (s slot) end() int {
	if s < openEnd {
		return none
	}
	return int(s - openEnd)
}

// held is what a call has between its first moment and its last.
type held struct {
	call *Record
	end  int // whose description it holds
	also int // the end of a second one: passed, displaced or received
	done moment
}

// newState is the state after recorder.boot.
func newState(typ model.Type) *state {
	s := &state{pair: *model.New(model.Linux, typ)}
	for i := range s.pair.Ends {
		s.pair.Ends[i].SndBuf = SndBuf
		s.table[i], s.table[i+2] = openEnd+slot(i), openEnd+slot(i)
	}
	return s
}

func (s *state) clone() *state {
	c := *s
	for i := range c.pair.Ends {
		c.pair.Ends[i].Queue = slices.Clone(c.pair.Ends[i].Queue)
	}
	c.held = slices.Clone(c.held)
	return &c
}

// at is the end that a number stands for, none if it is not open.
func (s *state) at(fd int) int {
	if fd < 0 || fd >= slots {
		return none
	}
	return s.table[fd].end()
}

// lowest reserves the lowest free number.
func (s *state) lowest() int {
	fd := slices.Index(s.table[:], free)
	if fd >= 0 {
		s.table[fd] = reserved
	}
	return fd
}

// hold is what the call holds, nil if it is not between its moments.
func (s *state) hold(c *Record) *held {
	for i := range s.held {
		if s.held[i].call == c {
			return &s.held[i]
		}
	}
	return nil
}

// keep begins the holding of a call.
func (s *state) keep(h held) {
	i, _ := slices.BinarySearchFunc(s.held, h, func(a, b held) int { return int(a.call.Begin - b.call.Begin) })
	s.held = slices.Insert(s.held, i, h)
}

// drop ends the holding of a call, and the ends that nobody has any more.
func (s *state) drop(c *Record) {
	s.held = slices.DeleteFunc(s.held, func(h held) bool { return h.call == c })
	for i := range s.pair.Ends {
		if !s.pair.Ends[i].Closed && !s.referenced(i) {
			s.pair.Close(i)
		}
	}
}

func (s *state) referenced(end int) bool {
	return slices.Contains(s.table[:], openEnd+slot(end)) ||
		slices.ContainsFunc(s.held, func(h held) bool { return h.end == end || h.also == end })
}

func (s *state) equal(t *state) bool {
	return s.table == t.table && slices.Equal(s.held, t.held) &&
		sameEnd(&s.pair.Ends[0], &t.pair.Ends[0]) && sameEnd(&s.pair.Ends[1], &t.pair.Ends[1])
}

func sameEnd(a, b *model.End) bool {
	return a.Pending == b.Pending && a.NoRecv == b.NoRecv && a.NoSend == b.NoSend &&
		a.Closed == b.Closed && a.Gone == b.Gone && slices.EqualFunc(a.Queue, b.Queue, sameMessage)
}

func sameMessage(a, b model.Message) bool {
	return a.Read == b.Read && a.Charge == b.Charge && bytes.Equal(a.Data, b.Data) && slices.Equal(a.Rights, b.Rights)
}

// hash is equal for equal states.
func (s *state) hash() uint64 {
	h := uint64(14695981039346656037)
	mix := func(n int) { h = (h ^ uint64(n)) * 1099511628211 }
	for _, e := range s.table {
		mix(int(e))
	}
	for _, k := range s.held {
		mix(int(k.call.Begin))
		mix(k.end<<8 ^ k.also<<4 ^ int(k.done))
	}
	for i := range s.pair.Ends {
		e := &s.pair.Ends[i]
		mix(int(e.Pending))
		for _, m := range e.Queue {
			mix(m.Read)
			mix(len(m.Data))
			if len(m.Data) > 0 {
				mix(int(m.Data[0]))
			}
		}
	}
	return h
}
