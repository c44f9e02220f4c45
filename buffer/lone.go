package buffer

// The short way of a queue: one slice goes in as a segment and comes out as a segment, without a value. Most queues hold
// one segment or none; then it lies at the front of its rings, and nothing wraps.

// PushBytes is Push of all of b without a value.
func (q *Queue) PushBytes(b []byte, charge int, flags Flags) {
	if q.count != 0 || len(b) > len(q.ring) || len(q.segs) == 0 || uint(charge) > MaxLen {
		src := One(b)
		q.Push(&src, len(b), charge, flags, nil)
		return
	}
	n := uint32(len(b))
	h := &q.segs[0]
	h.at, h.left, h.length, h.charge, h.slot, h.flags = 0, n, n, uint32(charge), 0, flags
	q.unread = n
	q.tail, q.count = n, 1
	copy(q.ring, b)
}

// ExtendBytes is Extend with all of b.
func (q *Queue) ExtendBytes(b []byte, charge int) {
	src := One(b)
	q.Extend(&src, len(b), charge, 0)
}

// TakeHead pops the head segment into b, if there is one and it carries no value: as much of it as b has room for; the
// rest is lost. It returns how many bytes it has moved, and the charge.
func (q *Queue) TakeHead(b []byte) (n, charge int, ok bool) {
	if q.count == 0 {
		return 0, 0, false
	}
	h := &q.segs[q.first&uint32(len(q.segs)-1)]
	if h.slot != 0 {
		return 0, 0, false
	}
	n, charge = q.popInto(b, h)
	return n, charge, true
}

// TakeWhole is TakeHead where b has room for the whole segment, and what is queued behind it would not be taken too:
// there is nothing, or b is full.
func (q *Queue) TakeWhole(b []byte) (n, charge int, ok bool) {
	if q.count == 0 {
		return 0, 0, false
	}
	h := &q.segs[q.first&uint32(len(q.segs)-1)]
	left := int(h.left)
	if h.slot != 0 || left == 0 || left > len(b) || left < len(b) && q.count > 1 {
		return 0, 0, false
	}
	n, charge = q.popInto(b, h)
	return n, charge, true
}

// popInto pops the head segment, h, into b.
func (q *Queue) popInto(b []byte, h *header) (n, charge int) {
	n, charge = min(int(h.left), len(b)), int(h.charge)
	if i := q.index(h.at); n <= len(q.ring)-i {
		copy(b[:n], q.ring[i:])
	} else {
		dst := One(b)
		q.copyOut(h.at, n, &dst)
	}
	if q.count > 1 || len(q.ring) > keepRing || len(q.segs) > keepSegs || q.keepsValues() {
		q.Pop()
		return n, charge
	}
	q.unread, q.count = 0, 0 // as Pop and empty do
	q.head, q.tail, q.first = 0, 0, 0
	return n, charge
}
