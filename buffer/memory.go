package buffer

import (
	"math"
	"math/bits"
	"sync"
	"unsafe"
)

// How a queue holds memory: nothing before the first Push; then rings of minRing bytes and minSegs headers, doubled to
// what is queued. When the queue is empty, small rings are kept for the next message and large ones go back to a pool
// that all queues share. So a stream which fills and drains in turns allocates nothing, and an idle pair holds little.
const (
	minRing   = 64
	minSegs   = 4
	keepRing  = 4 << 10
	keepSegs  = 128
	keepSlots = 8

	// A ring is indexed by int and its length is a power of two: 2 GiB, or 1 GiB where int has 32 bits.
	maxRing = min(1<<31, math.MaxInt/2+1)
)

// Rings that no queue holds now. They contain old bytes, which nobody can read: a queue shows only what it has
// written. Neither has state that a test or a System could see, which is why they may be shared by the whole program.
var (
	byteRings   pool[byte]
	headerRings pool[header]
)

// growRing makes room for the bytes that admit has counted in: it moves the unread bytes to the front of another ring
// and closes the gaps that reads and removals behind the head have left.
//
// A ring of which not more than half is needed keeps its size, so that gaps cannot make it grow for ever. Between two
// moves at least half a ring of bytes has come, so the work is amortised.
func (q *Queue) growRing() {
	size := len(q.ring)
	unread := int(q.unread)
	if uint64(q.unread) > maxRing {
		panic("buffer: the ring would exceed what an int can index")
	}
	if unread > size/2 {
		size = q.ringHint.size(max(minRing, size*2, ceilPow2(unread)), keepRing)
	}
	ring := byteRings.get(size)
	end := 0
	for i := range int(q.count) {
		h := q.seg(i)
		to := One(ring[end:])
		q.copyOut(h.at, int(h.left), &to)
		h.at = uint32(end)
		end += int(h.left)
	}
	byteRings.put(q.ring)
	q.ring, q.head, q.tail = ring, 0, uint32(end)
}

// growSegs doubles the ring of headers.
func (q *Queue) growSegs() {
	segs := headerRings.get(q.segsHint.size(max(minSegs, 2*len(q.segs)), keepSegs))
	for i := range int(q.count) {
		segs[i] = *q.seg(i)
	}
	headerRings.put(q.segs)
	q.segs, q.first = segs, 0
}

// empty is called when the last segment has gone. It starts the rings over, so that a lone message always uses the
// same cache lines, and gives large memory back.
func (q *Queue) empty() {
	bytes, segs := q.tail, q.first
	q.head, q.tail, q.first = 0, 0, 0
	if len(q.ring) > keepRing {
		q.ringHint = hintFor(len(q.ring), bytes)
		byteRings.put(q.ring)
		q.ring = nil
	}
	if len(q.segs) > keepSegs {
		q.segsHint = hintFor(len(q.segs), segs)
		headerRings.put(q.segs)
		q.segs = nil
	}
	if q.keepsValues() {
		q.values = nil
	}
}

// A sizeHint is the power of two that a ring had grown to when it was given back, or 0. Without it a stream that fills
// and drains in turns would double its way up again each time, and copy all that it holds as often again.
type sizeHint uint8

// hintFor is the hint that a ring of size leaves when used elements have gone through it since it was last empty or
// moved. A ring that went back mostly unused leaves a smaller one, so that a single burst is forgotten.
func hintFor(size int, used uint32) sizeHint {
	log := sizeHint(bits.Len(uint(size)) - 1)
	if used < uint32(size)/4 {
		log--
	}
	return log
}

// size returns least, or the size of the hint when that is larger: all of it when least is more than a queue keeps, and
// before that twice as much as it keeps, so that a queue which holds little again after a burst does not take much.
func (h sizeHint) size(least, keep int) int {
	switch {
	case least > keep:
		return max(least, 1<<h)
	case 1<<h > keep:
		return 2 * keep
	}
	return least
}

// Cap returns how many bytes the ring holds without growing.
func (q *Queue) Cap() int { return len(q.ring) }

// Footprint returns how many bytes of memory the queue holds beside the Queue itself: the ring, the headers and the
// list of ancillary values, not what these refer to.
func (q *Queue) Footprint() int {
	n := len(q.ring) + len(q.segs)*int(unsafe.Sizeof(header{}))
	if q.values != nil {
		n += int(unsafe.Sizeof(values{})) + cap(q.slots)*int(unsafe.Sizeof(slot{}))
	}
	return n
}

// A pool keeps arrays of T, a sync.Pool for each power of two. It stores pointers to first elements: to store a slice
// would box it, which allocates.
type pool[T any] struct {
	class [32]sync.Pool
}

// get returns a slice of size elements, a power of two. What they contain is undefined.
func (p *pool[T]) get(size int) []T {
	if first, ok := p.class[bits.Len(uint(size))-1].Get().(*T); ok {
		return unsafe.Slice(first, size)
	}
	return make([]T, size)
}

// put takes back a slice that get returned, or nil.
func (p *pool[T]) put(s []T) {
	if s != nil {
		p.class[bits.Len(uint(len(s)))-1].Put(unsafe.SliceData(s))
	}
}

// ceilPow2 returns the smallest power of two that is not less than n, for n > 0.
func ceilPow2(n int) int { return 1 << bits.Len(uint(n-1)) }
