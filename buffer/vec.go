package buffer

import "math"

// A Vec is a cursor over memory of the caller: one slice, or the many of readv and writev, consumed from the front.
//
// The slices are borrowed for the length of one call and never written by the send side. A Vec is a value: making
// one allocates nothing, and a copy of it is a second cursor over the same bytes.
type Vec struct {
	cur  []byte   // what is left of the slice the cursor stands in
	rest [][]byte // the slices after it; only re-sliced, their elements are never assigned
}

// One returns a cursor over b.
func One(b []byte) Vec {
	return Vec{cur: b}
}

// Many returns a cursor over the bytes of bufs in order; nil and empty slices contribute nothing.
func Many(bufs [][]byte) Vec {
	return Vec{rest: bufs}
}

// Len returns how many bytes are left, in time proportional to the number of slices that are.
//
// The same memory may be listed more than once, so that the sum can exceed what an int of 32 bits holds; Len is
// math.MaxInt then, more than any single call moves.
func (v *Vec) Len() int {
	n := len(v.cur)
	for _, b := range v.rest {
		if len(b) > math.MaxInt-n {
			return math.MaxInt
		}
		n += len(b)
	}
	return n
}

// CopyTo moves bytes from the cursor to dst, the send side, and returns how many: the smaller of the two lengths.
func (v *Vec) CopyTo(dst []byte) int {
	if len(dst) > len(v.cur) {
		return v.gather(dst)
	}
	n := copy(dst, v.cur)
	v.cur = v.cur[n:]
	return n
}

// CopyFrom moves bytes from src into the caller's memory, the receive side, and returns how many: the smaller of the
// two lengths.
func (v *Vec) CopyFrom(src []byte) int {
	if len(src) > len(v.cur) {
		return v.scatter(src)
	}
	n := copy(v.cur, src)
	v.cur = v.cur[n:]
	return n
}

// gather is CopyTo where dst takes more than the current slice.
func (v *Vec) gather(dst []byte) int {
	n := 0
	for {
		m := copy(dst[n:], v.cur)
		v.cur = v.cur[m:]
		n += m
		if n == len(dst) || !v.next() {
			return n
		}
	}
}

// scatter is CopyFrom where src fills more than the current slice.
func (v *Vec) scatter(src []byte) int {
	n := 0
	for {
		m := copy(v.cur, src[n:])
		v.cur = v.cur[m:]
		n += m
		if n == len(src) || !v.next() {
			return n
		}
	}
}

// Skip moves the cursor over the next n bytes, or over all that are left when they are fewer.
func (v *Vec) Skip(n int) {
	for n > len(v.cur) {
		n -= len(v.cur)
		if !v.next() {
			n = 0
			v.cur = nil
		}
	}
	v.cur = v.cur[n:]
}

// next steps to the following slice, which may be empty, and reports whether there was one.
func (v *Vec) next() bool {
	if len(v.rest) == 0 {
		return false
	}
	v.cur, v.rest = v.rest[0], v.rest[1:]
	return true
}
