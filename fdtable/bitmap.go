package fdtable

import "math/bits"

// Max is above every number a table gives out, whatever the limit: the bitmap
// has four levels of 64. Linux's own bound, fs.nr_open, is 1<<20 by default.
const Max = 1 << 24

// bitmap is the set of taken numbers. Bit i of level 0 says that number i is
// taken; bit w of level k+1 says that all 64 bits of word w of level k are set.
// A word beyond the end of a level is all zero, so that a small set is small.
type bitmap [4][]uint64

const wordFull = ^uint64(0)

// has reports whether i is in the set.
func (b *bitmap) has(i int) bool {
	w := i / 64
	return w < len(b[0]) && b[0][w]&(1<<(i%64)) != 0
}

// add puts i, which is below Max, into the set.
func (b *bitmap) add(i int) {
	if w := i / 64; w < len(b[0]) {
		if word := b[0][w] | 1<<(i%64); word != wordFull {
			b[0][w] = word
			return
		}
	}
	for level := range b {
		w := i / 64
		if missing := w + 1 - len(b[level]); missing > 0 {
			b[level] = append(b[level], make([]uint64, missing)...)
		}
		b[level][w] |= 1 << (i % 64)
		if b[level][w] != wordFull {
			return
		}
		i = w // full: so it is marked in the level above
	}
}

// remove takes i, which is in the set, out of it.
func (b *bitmap) remove(i int) {
	for level := range b {
		w := i / 64
		wasFull := b[level][w] == wordFull
		b[level][w] &^= 1 << (i % 64)
		if !wasFull {
			return
		}
		i = w
	}
}

// nextFree returns the lowest number >= from, which is not negative, that is
// not in the set. When all below Max are, the result is at least Max.
func (b *bitmap) nextFree(from int) int {
	if w := from / 64; w < len(b[0]) {
		if free := ^b[0][w] >> (from % 64); free != 0 {
			return from + bits.TrailingZeros64(free)
		}
	}
	return b.nextZero(0, from)
}

// nextZero returns the lowest index >= from whose bit at a level is zero. It
// climbs while the rest of a word is full, and descends once: at most two words
// a level, however many numbers are taken.
func (b *bitmap) nextZero(level, from int) int {
	if level == len(b) {
		return from // past the end: the one word of the top level is full
	}
	w := from / 64
	if w >= len(b[level]) {
		return from
	}
	if free := ^b[level][w] >> (from % 64); free != 0 {
		return from + bits.TrailingZeros64(free)
	}
	w = b.nextZero(level+1, w+1)
	if w >= len(b[level]) {
		return w * 64
	}
	return w*64 + bits.TrailingZeros64(^b[level][w])
}

// nextTaken returns the lowest number >= from, which is not negative, that is
// in the set, or Max when there is none. It looks at the words one by one.
func (b *bitmap) nextTaken(from int) int {
	w := from / 64
	if w >= len(b[0]) {
		return Max
	}
	if taken := b[0][w] >> (from % 64); taken != 0 {
		return from + bits.TrailingZeros64(taken)
	}
	for w++; w < len(b[0]); w++ {
		if b[0][w] != 0 {
			return w*64 + bits.TrailingZeros64(b[0][w])
		}
	}
	return Max
}

// lastTaken returns the highest number < below that is in the set, or -1 when
// there is none.
func (b *bitmap) lastTaken(below int) int {
	for w := min(len(b[0]), (below+63)/64) - 1; w >= 0; w-- {
		taken := b[0][w]
		if room := below - w*64; room < 64 {
			taken &= 1<<room - 1
		}
		if taken != 0 {
			return w*64 + bits.Len64(taken) - 1
		}
	}
	return -1
}
