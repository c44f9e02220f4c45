package buffer

// values are the ancillary values of a queue: few segments carry one.
type values struct {
	slots []slot
	free  uint32 // the first free slot, as header.slot counts
}

// keepsValues reports whether there are more slots than an empty queue keeps.
func (q *Queue) keepsValues() bool { return q.values != nil && cap(q.slots) > keepSlots }

// slot holds one ancillary value. Free slots form a list.
type slot struct {
	value any
	next  uint32 // the next free slot while this one is free
}

// Value returns the ancillary value of segment i, or nil.
func (q *Queue) Value(i int) any {
	h := q.seg(i)
	if h.slot == 0 {
		return nil
	}
	return q.slots[h.slot-1].value
}

// SetValue replaces the ancillary value of segment i; nil clears it.
func (q *Queue) SetValue(i int, v any) {
	h := q.seg(i)
	if h.slot != 0 {
		q.drop(h.slot)
		h.slot = 0
	}
	if v != nil {
		h.slot = q.keep(v)
	}
}

// keep stores v and returns its slot.
func (q *Queue) keep(v any) uint32 {
	if q.values == nil {
		q.values = new(values)
	}
	if s := q.free; s != 0 {
		q.free = q.slots[s-1].next
		q.slots[s-1] = slot{value: v}
		return s
	}
	q.slots = append(q.slots, slot{value: v})
	return uint32(len(q.slots))
}

// drop frees slot s and returns what it held.
func (q *Queue) drop(s uint32) any {
	v := q.slots[s-1].value
	q.slots[s-1] = slot{next: q.free}
	q.free = s
	return v
}
