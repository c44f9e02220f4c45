package buffer

import (
	"strings"
	"testing"
)

// Each row damages a sound queue in one way, and Check names it.
func TestCheckFindsWhatIsBroken(t *testing.T) {
	for _, row := range []struct {
		damage string
		do     func(q *Queue)
		want   string
	}{
		{"ring of an odd size", func(q *Queue) { q.ring = q.ring[:40] }, "ring of 40 bytes, want a power of two"},
		{"headers of an odd size", func(q *Queue) { q.segs = q.segs[:3] }, "ring of 3 headers, want a power of two"},
		{"more segments than headers", func(q *Queue) { q.count = 5 }, "5 segments in a ring of 4"},
		{"tail beyond the ring", func(q *Queue) { q.tail += minRing }, "in a ring of 64 bytes"},
		{"large memory in an empty queue", func(q *Queue) { *q = Queue{ring: make([]byte, 2*keepRing)} }, "want them given back"},
		{"head elsewhere", func(q *Queue) { q.head-- }, "want at the head"},
		{"tail elsewhere", func(q *Queue) { q.tail++ }, "want at the tail"},
		{"overlap", func(q *Queue) { q.segs[1].at-- }, "segment 1 at 2 with 3 bytes, want within 3 and 7"},
		{"segment beyond the tail", func(q *Queue) { q.segs[2].at++ }, "segment 2 at"},
		{"more left than there was", func(q *Queue) { q.segs[0].length = 1 }, "segment 0 has 3 of 1 bytes left"},
		{"unread", func(q *Queue) { q.unread++ }, "Len() = 8, want the sum of the segments, 7"},
		{"slot that does not exist", func(q *Queue) { q.segs[0].slot = 9 }, "segment 0 has slot 9"},
		{"slot with two owners", func(q *Queue) { q.segs[2].slot = q.segs[1].slot }, "segment 2 has slot 1"},
		{"free slot with an owner", func(q *Queue) { q.segs[2].slot = q.free }, "segment 2 has slot"},
		{"owned slot on the free list", func(q *Queue) { q.free = 1 }, "slot 1 is on the free list"},
		{"free slot with a value", func(q *Queue) { q.slots[q.free-1].value = 1 }, "is on the free list, but in use"},
		{"free list that ends nowhere", func(q *Queue) { q.free = 9 }, "slot 9 is on the free list"},
		{"lost slot", func(q *Queue) { q.free = 0 }, "has neither an owner nor a place on the free list"},
	} {
		var q Queue
		push(&q, "abc")
		push(&q, "def")
		push(&q, "g")
		q.SetValue(1, "value")
		q.SetValue(2, "value")
		q.SetValue(2, nil)
		equal(t, "q.Check() before", q.Check(), nil)
		row.do(&q)
		if err := q.Check(); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: q.Check() = %v, want ...%s...", row.damage, err, row.want)
		}
	}
}
