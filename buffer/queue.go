package buffer

import "math"

// MaxLen is how many unread bytes a Queue may hold, and the largest charge of a segment: 2 GiB - 1. The owner bounds
// its queues by SO_SNDBUF before; a Push beyond it panics. Where an int has 32 bits the ring stops at 1 GiB.
const MaxLen = math.MaxInt32

// Flags are bits that a segment carries for the owner; the queue stores them and does not interpret them.
type Flags uint8

// Segment is what At tells about a queued segment.
type Segment struct {
	Len      int   // bytes it was pushed and extended with; counting stops at MaxLen
	Left     int   // bytes of them not read yet
	Charge   int   // what it costs its sender now
	Flags    Flags // the owner's bits
	HasValue bool  // it carries an ancillary value
}

// A Queue is one direction of a socket pair: segments of bytes in the order they were sent, each with its charge, the
// owner's flags and, rarely, an ancillary value. The zero value is an empty queue and holds no memory.
//
// A Queue is not safe for concurrent use: the lock of its owner guards it. An index or a length outside what is queued
// is a mistake of the owner and panics.
//
// Invariant: head <= at of the first segment; each segment's bytes end before the next one's begin; the last one's
// end at tail; tail - head <= len(ring). Positions count bytes and are masked only to index the ring; they wrap at
// 2^32, of which every ring size is a divisor. Bytes between two segments have been read or removed.
type Queue struct {
	ring    []byte   // the bytes; its length is zero or a power of two
	segs    []header // the segments; a ring as well
	*values          // nil until a segment carries one

	unread       uint32 // sum of left
	head, tail   uint32 // positions of the first byte that may be unread and of the next one to write
	first, count uint32 // the head segment is segs[first&mask]; count follow each other from there

	ringHint, segsHint sizeHint
}

// header frames one segment. It holds no pointers, so that the garbage collector never looks at a ring of them.
type header struct {
	at     uint32 // position of the first unread byte
	left   uint32 // how many are unread
	length uint32 // how many there were
	charge uint32
	slot   uint32 // 1 + index of its ancillary value in slots; 0: none
	flags  Flags
}

// Push appends a segment that holds the next n bytes of src; n may be 0, and src nil then. value is the ancillary
// value it carries, or nil.
func (q *Queue) Push(src *Vec, n, charge int, flags Flags, value any) {
	q.admit(n, charge)
	if q.count == uint32(len(q.segs)) {
		q.growSegs()
	}
	h := &q.segs[(q.first+q.count)&uint32(len(q.segs)-1)]
	h.at = q.write(src, n)
	h.left, h.length = uint32(n), uint32(n)
	h.charge = uint32(charge)
	h.flags = flags
	h.slot = 0
	if value != nil {
		h.slot = q.keep(value)
	}
	q.count++
}

// Extend appends the next n bytes of src and charge to the last segment and adds flags to its own. The queue must not
// be empty.
func (q *Queue) Extend(src *Vec, n, charge int, flags Flags) {
	h := q.seg(int(q.count) - 1)
	q.admit(n, charge)
	if charge > MaxLen-int(h.charge) {
		panic("buffer: charge of a segment out of range")
	}
	q.write(src, n)
	h.left += uint32(n)
	h.length = min(h.length+uint32(n), MaxLen) // a stream that is read and extended for ever must not wrap it
	h.charge += uint32(charge)
	h.flags |= flags
}

// Segments returns how many segments are queued.
func (q *Queue) Segments() int { return int(q.count) }

// Len returns how many bytes are unread in all segments.
func (q *Queue) Len() int { return int(q.unread) }

// Charge returns the sum of the charges of the queued segments, in time proportional to their number.
func (q *Queue) Charge() (sum int) {
	for i := range int(q.count) {
		sum += int(q.seg(i).charge)
	}
	return sum
}

// At describes segment i, counted from the head: 0 <= i < Segments().
func (q *Queue) At(i int) Segment {
	h := q.seg(i)
	return Segment{
		Len:      int(h.length),
		Left:     int(h.left),
		Charge:   int(h.charge),
		Flags:    h.flags,
		HasValue: h.slot != 0,
	}
}

// SetFlags replaces the flags of segment i.
func (q *Queue) SetFlags(i int, f Flags) { q.seg(i).flags = f }

// SetCharge replaces the charge of segment i: a stream of plain bytes releases its charge as the bytes are read.
func (q *Queue) SetCharge(i, charge int) {
	h := q.seg(i)
	q.admit(0, charge)
	h.charge = uint32(charge)
}

// Copy copies n unread bytes of segment i, from off bytes after its first unread one, into dst and leaves the queue as
// it is: a peek.
func (q *Queue) Copy(i, off, n int, dst *Vec) {
	h := q.seg(i)
	if off < 0 || n < 0 || n > int(h.left)-off {
		panic("buffer: Copy beyond the segment")
	}
	q.copyOut(h.at+uint32(off), n, dst)
}

// Read moves the first n unread bytes of segment i into dst. The segment stays queued, also with nothing left to read.
func (q *Queue) Read(i, n int, dst *Vec) {
	h := q.seg(i)
	if uint(n) > uint(h.left) {
		panic("buffer: Read beyond the segment")
	}
	q.copyOut(h.at, n, dst)
	q.consume(i, h, n)
}

// Discard drops the first n unread bytes of segment i. The segment stays queued.
func (q *Queue) Discard(i, n int) {
	h := q.seg(i)
	if uint(n) > uint(h.left) {
		panic("buffer: Discard beyond the segment")
	}
	q.consume(i, h, n)
}

// Pop removes the head segment with whatever is unread in it and returns its charge and its ancillary value.
func (q *Queue) Pop() (charge int, value any) {
	h := q.seg(0)
	charge = int(h.charge)
	q.unread -= h.left
	if h.slot != 0 {
		value = q.drop(h.slot)
	}
	q.first++
	q.count--
	if q.count > 0 {
		q.head = q.seg(0).at
	} else {
		q.empty()
	}
	return charge, value
}

// Remove removes segment i, wherever it is, and returns what Pop does. Segments behind it are renumbered, which takes
// time in proportion to their number; the bytes in the ring stay where they are.
func (q *Queue) Remove(i int) (charge int, value any) {
	if i == 0 {
		return q.Pop()
	}
	h := *q.seg(i)
	for ; i+1 < int(q.count); i++ {
		*q.seg(i) = *q.seg(i + 1)
	}
	q.count--
	last := q.seg(int(q.count) - 1)
	q.tail = last.at + last.left
	q.unread -= h.left
	if h.slot != 0 {
		value = q.drop(h.slot)
	}
	return int(h.charge), value
}

// seg returns the header of segment i. It is valid until the next Push.
func (q *Queue) seg(i int) *header {
	if uint(i) >= uint(q.count) {
		panic("buffer: no such segment")
	}
	return &q.segs[(q.first+uint32(i))&uint32(len(q.segs)-1)]
}

// admit counts n bytes and charge in, both of which the owner has bounded.
func (q *Queue) admit(n, charge int) {
	if uint(n) > uint(MaxLen-q.unread) || uint(charge) > MaxLen {
		panic("buffer: length or charge out of range")
	}
	q.unread += uint32(n)
}

// write appends the next n bytes of src to the ring and returns the position of the first.
func (q *Queue) write(src *Vec, n int) uint32 {
	if uint32(n) > uint32(len(q.ring))-(q.tail-q.head) {
		q.growRing()
	}
	at := q.tail
	q.tail += uint32(n)
	i := q.index(at)
	switch {
	case n == 0:
	case n <= len(q.ring)-i && n <= len(src.cur):
		copy(q.ring[i:i+n], src.cur)
		src.cur = src.cur[n:]
	default:
		q.writePieces(src, i, n)
	}
	return at
}

// writePieces is write where the bytes come from more than one slice or wrap around the end of the ring.
func (q *Queue) writePieces(src *Vec, i, n int) {
	moved := src.CopyTo(q.ring[i:min(i+n, len(q.ring))])
	moved += src.CopyTo(q.ring[:n-moved])
	if moved != n {
		panic("buffer: the source is shorter than the segment")
	}
}

// copyOut copies the n bytes from position at into dst.
func (q *Queue) copyOut(at uint32, n int, dst *Vec) {
	i := q.index(at)
	switch {
	case n == 0:
	case n <= len(q.ring)-i && n <= len(dst.cur):
		copy(dst.cur, q.ring[i:i+n])
		dst.cur = dst.cur[n:]
	default:
		q.copyPieces(i, n, dst)
	}
}

// copyPieces is copyOut where the bytes go to more than one slice or wrap around the end of the ring.
func (q *Queue) copyPieces(i, n int, dst *Vec) {
	moved := dst.CopyFrom(q.ring[i:min(i+n, len(q.ring))])
	moved += dst.CopyFrom(q.ring[:n-moved])
	if moved != n {
		panic("buffer: the destination is shorter than what is read")
	}
}

// index returns where in the ring the byte of a position is. Without a ring there are no bytes, and it is 0.
func (q *Queue) index(at uint32) int {
	return int(at & uint32(len(q.ring)-1))
}

// consume counts n bytes at the front of segment i as read. Room is made when they are at the head of the queue.
func (q *Queue) consume(i int, h *header, n int) {
	h.at += uint32(n)
	h.left -= uint32(n)
	q.unread -= uint32(n)
	if i == 0 {
		q.head = h.at
	}
}
