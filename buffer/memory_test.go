package buffer

import (
	"testing"
	"unsafe"
)

func TestQueueStructIsSmall(t *testing.T) {
	if got := unsafe.Sizeof(Queue{}); got > 120 {
		t.Errorf("unsafe.Sizeof(Queue{}) = %d, want <= 120", got)
	}
}

func TestUnusedQueueHoldsNoMemory(t *testing.T) {
	var q Queue
	equal(t, "q.Footprint()", q.Footprint(), 0)
	equal(t, "q.Cap()", q.Cap(), 0)
}

func TestOneSmallExchangeLeavesLittle(t *testing.T) {
	var q Queue
	for range 3 {
		push(&q, string(pattern(64, 1)))
		read(&q, 0, 64)
		q.Pop()
		if got := q.Footprint(); got > 250 {
			t.Errorf("q.Footprint() = %d, want <= 250", got)
		}
	}
}

func TestSmallRingIsKept(t *testing.T) {
	var q Queue
	push(&q, string(make([]byte, keepRing)))
	ring := &q.ring[0]
	q.Pop()
	push(&q, "again")
	equal(t, "same ring", &q.ring[0] == ring, true)
}

func TestLargeMemoryIsGivenBackWhenTheQueueIsEmpty(t *testing.T) {
	for _, turn := range []struct {
		name        string
		segs, bytes int
		value       any
	}{
		{"one large segment", 1, 1 << 20, nil},
		{"just above what is kept", 1, keepRing + 1, nil},
		{"many small segments", 10_000, 1, nil},
		{"many values", 1000, 0, "value"},
	} {
		var q Queue
		for range 3 {
			for range turn.segs {
				src := One(make([]byte, turn.bytes))
				q.Push(&src, turn.bytes, 1, 0, turn.value)
			}
			if got := q.Footprint(); got < turn.segs*turn.bytes {
				t.Errorf("%s: q.Footprint() = %d, want at least what is queued", turn.name, got)
			}
			for q.Segments() > 0 {
				q.Pop()
			}
			if got, limit := q.Footprint(), keepRing+24*keepSegs+24*keepSlots; got > limit {
				t.Errorf("%s: q.Footprint() when drained = %d, want <= %d", turn.name, got, limit)
			}
			equal(t, turn.name+": q.Check()", q.Check(), nil)
		}
	}
}

func TestRingGrowsToWhatIsQueued(t *testing.T) {
	var q Queue
	for queued := 1; queued <= 1<<16; queued++ {
		push(&q, "x")
		if got, limit := q.Cap(), max(minRing, 2*queued); got > limit {
			t.Fatalf("q.Cap() with %d bytes = %d, want <= %d", queued, got, limit)
		}
	}
}

func TestRingReturnsToItsSizeAtOnce(t *testing.T) {
	var q Queue
	fill := func(n int) {
		for range n {
			push(&q, string(make([]byte, 1<<10)))
		}
	}
	drain := func() {
		for q.Segments() > 0 {
			q.Pop()
		}
	}
	fill(200)
	drain()
	fill(4)
	equal(t, "q.Cap() with what is kept anyway", q.Cap(), 2*keepRing)
	fill(5)
	equal(t, "q.Cap() with more", q.Cap(), 256<<10)
	drain()
	for _, want := range []int{128 << 10, 64 << 10, 32 << 10, 32 << 10} {
		fill(9)
		equal(t, "q.Cap() as the burst is forgotten", q.Cap(), want)
		drain()
	}
	for _, want := range []int{2 * keepRing, 1 << 10} {
		fill(1)
		equal(t, "q.Cap() of little after it", q.Cap(), want)
		drain()
	}
}

func TestOldBytesOfAPooledRingAreNotShown(t *testing.T) {
	var secret, q Queue
	push(&secret, string(pattern(64<<10, 9)))
	secret.Pop()
	push(&q, string(make([]byte, 33<<10)))
	equal(t, "contents", contents(t, &q), []string{string(make([]byte, 33<<10))})
}
