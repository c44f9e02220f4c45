package buffer

import "fmt"

// Check returns nil, or an error that names the first invariant that does not hold. It is for tests and takes time in
// proportion to what is queued.
func (q *Queue) Check() error {
	for _, check := range []func() error{q.checkMemory, q.checkPositions, q.checkSums, q.checkValues} {
		if err := check(); err != nil {
			return fmt.Errorf("buffer: %w", err)
		}
	}
	return nil
}

// checkMemory: the rings have sizes that masks work for, and an empty queue holds no large ones.
func (q *Queue) checkMemory() error {
	switch {
	case len(q.ring)&(len(q.ring)-1) != 0:
		return fmt.Errorf("ring of %d bytes, want a power of two", len(q.ring))
	case len(q.segs)&(len(q.segs)-1) != 0:
		return fmt.Errorf("ring of %d headers, want a power of two", len(q.segs))
	case int(q.count) > len(q.segs):
		return fmt.Errorf("%d segments in a ring of %d", q.count, len(q.segs))
	case q.tail-q.head > uint32(len(q.ring)):
		return fmt.Errorf("head %d, tail %d in a ring of %d bytes", q.head, q.tail, len(q.ring))
	case q.count == 0 && (len(q.ring) > keepRing || len(q.segs) > keepSegs || q.keepsValues()):
		return fmt.Errorf("an empty queue holds %d bytes, want them given back", q.Footprint())
	}
	return nil
}

// checkPositions: the segments follow each other from head to tail without overlap.
func (q *Queue) checkPositions() error {
	end := q.head
	for i := range int(q.count) {
		h := q.seg(i)
		if i == 0 && h.at != q.head {
			return fmt.Errorf("segment 0 at %d, want at the head, %d", h.at, q.head)
		}
		if gap := h.at - end; uint64(gap)+uint64(h.left) > uint64(q.tail-end) {
			return fmt.Errorf("segment %d at %d with %d bytes, want within %d and %d", i, h.at, h.left, end, q.tail)
		}
		end = h.at + h.left
	}
	if end != q.tail {
		return fmt.Errorf("the last segment ends at %d, want at the tail, %d", end, q.tail)
	}
	return nil
}

// checkSums: Len is the sum over the segments.
func (q *Queue) checkSums() error {
	unread := 0
	for i := range int(q.count) {
		s := q.At(i)
		if s.Left > s.Len {
			return fmt.Errorf("segment %d has %d of %d bytes left", i, s.Left, s.Len)
		}
		unread += s.Left
	}
	if unread != q.Len() {
		return fmt.Errorf("Len() = %d, want the sum of the segments, %d", q.unread, unread)
	}
	return nil
}

// checkValues: each slot belongs to one queued segment and holds its value, or is free and holds nothing.
func (q *Queue) checkValues() error {
	var v values
	if q.values != nil {
		v = *q.values
	}
	owned := make([]bool, len(v.slots)+1) // as slots are numbered, from 1
	for i := range int(q.count) {
		s := q.seg(i).slot
		if s == 0 {
			continue
		}
		if int(s) > len(v.slots) || owned[s] || v.slots[s-1].value == nil {
			return fmt.Errorf("segment %d has slot %d, which is not its own", i, s)
		}
		owned[s] = true
	}
	for s := v.free; s != 0; s = v.slots[s-1].next {
		if int(s) > len(v.slots) || owned[s] || v.slots[s-1].value != nil {
			return fmt.Errorf("slot %d is on the free list, but in use", s)
		}
		owned[s] = true
	}
	for s := range v.slots {
		if !owned[s+1] {
			return fmt.Errorf("slot %d has neither an owner nor a place on the free list", s+1)
		}
	}
	return nil
}
