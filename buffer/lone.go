package buffer

// The short way of a queue: one slice goes in as a segment and comes out as a segment, without a value, and nothing wraps
// around the end of the ring.

// PushBytes is Push of all of b without a value.
func (q *Queue) PushBytes(b []byte, charge int, flags Flags) {
	n := uint32(len(b))
	if q.count == 0 && len(b) <= len(q.ring) && len(q.segs) > 0 && uint(charge) <= MaxLen { // at the front of both rings
		h := &q.segs[0]
		h.at, h.left, h.length, h.charge, h.slot, h.flags = 0, n, n, uint32(charge), 0, flags
		q.unread, q.head, q.tail, q.first, q.count = n, 0, n, 0, 1
		copy(q.ring, b)
		return
	}
	i := q.index(q.tail)
	if len(b) > len(q.ring)-i || len(b) > len(q.ring)-int(q.tail-q.head) || int(q.count) == len(q.segs) || uint(charge) > MaxLen {
		src := One(b)
		q.Push(&src, len(b), charge, flags, nil)
		return
	}
	h := &q.segs[(q.first+q.count)&uint32(len(q.segs)-1)]
	h.at, h.left, h.length, h.charge, h.slot, h.flags = q.tail, n, n, uint32(charge), 0, flags
	q.unread += n
	q.tail += n
	q.count++
	copy(q.ring[i:], b)
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

// TakeExact is TakeHead where b has room for just the head segment, unless an empty segment follows it.
func (q *Queue) TakeExact(b []byte) (n, charge int, ok bool) {
	if q.count == 0 {
		return 0, 0, false
	}
	mask := uint32(len(q.segs) - 1)
	h := &q.segs[q.first&mask]
	if h.slot != 0 || int(h.left) != len(b) || q.count > 1 && q.segs[(q.first+1)&mask].left == 0 {
		return 0, 0, false
	}
	n, charge = q.popInto(b, h)
	return n, charge, true
}

// TakePart reads len(b) bytes of the head segment, if there is one that carries no value and has more than that.
func (q *Queue) TakePart(b []byte) (ok bool) {
	if q.count == 0 {
		return false
	}
	h := &q.segs[q.first&uint32(len(q.segs)-1)]
	if h.slot != 0 || int(h.left) <= len(b) {
		return false
	}
	dst := One(b)
	q.copyOut(h.at, len(b), &dst)
	q.consume(0, h, len(b))
	return true
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
	q.unread -= h.left
	q.first++
	q.count--
	switch {
	case q.count > 0:
		q.head = q.segs[q.first&uint32(len(q.segs)-1)].at
	case len(q.ring) > keepRing || len(q.segs) > keepSegs || q.keepsValues():
		q.empty()
	default:
		q.head, q.tail, q.first = 0, 0, 0
	}
	return n, charge
}
