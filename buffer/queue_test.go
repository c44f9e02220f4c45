package buffer

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestZeroQueueIsEmpty(t *testing.T) {
	var q Queue
	equal(t, "q.Segments()", q.Segments(), 0)
	equal(t, "q.Len()", q.Len(), 0)
	equal(t, "q.Charge()", q.Charge(), 0)
	equal(t, "q.Check()", q.Check(), nil)
}

func TestSegmentsComeOutInTheOrderTheyWentIn(t *testing.T) {
	var q Queue
	for _, s := range []string{"first", "", "third"} {
		push(&q, s)
	}
	equal(t, "contents", contents(t, &q), []string{"first", "", "third"})
	equal(t, "q.Len()", q.Len(), 10)
	equal(t, `read(0, 5)`, read(&q, 0, 5), "first")
	q.Pop()
	q.Pop()
	equal(t, "contents", contents(t, &q), []string{"third"})
}

func TestEmptySegmentIsASegment(t *testing.T) {
	var q Queue
	q.Push(nil, 0, 768, 3, nil)
	equal(t, "q.At(0)", q.At(0), Segment{Charge: 768, Flags: 3})
	equal(t, "q.Segments()", q.Segments(), 1)
	equal(t, "q.Cap()", q.Cap(), 0)
	equal(t, "q.Check()", q.Check(), nil)
	charge, value := q.Pop()
	equal(t, "q.Pop()", []any{charge, value}, []any{768, nil})
	equal(t, "q.Check()", q.Check(), nil)
}

func TestAtTellsWhatWasPushedAndWhatIsLeft(t *testing.T) {
	var q Queue
	src := One([]byte("abcdef"))
	q.Push(&src, 4, 900, 5, "value")
	equal(t, "src.Len()", src.Len(), 2)
	equal(t, "q.At(0)", q.At(0), Segment{Len: 4, Left: 4, Charge: 900, Flags: 5, HasValue: true})
	read(&q, 0, 3)
	equal(t, "q.At(0) after Read", q.At(0), Segment{Len: 4, Left: 1, Charge: 900, Flags: 5, HasValue: true})
}

func TestReadKeepsTheSegmentQueued(t *testing.T) {
	var q Queue
	push(&q, "ab")
	equal(t, "read(0, 2)", read(&q, 0, 2), "ab")
	equal(t, "q.Segments()", q.Segments(), 1)
	equal(t, "q.Len()", q.Len(), 0)
	equal(t, "q.Charge()", q.Charge(), 2)
	equal(t, "q.Check()", q.Check(), nil)
}

func TestReadBehindTheHeadLeavesTheHead(t *testing.T) {
	var q Queue
	push(&q, "head")
	push(&q, "tail")
	equal(t, "read(1, 2)", read(&q, 1, 2), "ta")
	equal(t, "contents", contents(t, &q), []string{"head", "il"})
	q.Discard(0, 3)
	equal(t, "contents after Discard(0, 3)", contents(t, &q), []string{"d", "il"})
}

func TestCopyLeavesTheQueueAsItIs(t *testing.T) {
	var q Queue
	push(&q, "xabc")
	read(&q, 0, 1)
	equal(t, "peek(0, 0, 3)", peek(&q, 0, 0, 3), "abc")
	equal(t, "peek(0, 1, 1)", peek(&q, 0, 1, 1), "b")
	equal(t, "peek(0, 3, 0)", peek(&q, 0, 3, 0), "")
	equal(t, "contents", contents(t, &q), []string{"abc"})
}

func TestPopDropsWhatIsUnread(t *testing.T) {
	var q Queue
	push(&q, "lost")
	push(&q, "kept")
	read(&q, 0, 1)
	charge, _ := q.Pop()
	equal(t, "charge", charge, 4)
	equal(t, "contents", contents(t, &q), []string{"kept"})
	equal(t, "q.Len()", q.Len(), 4)
	equal(t, "q.Charge()", q.Charge(), 4)
}

func TestRemoveTakesASegmentFromAnywhere(t *testing.T) {
	for i, want := range [][]string{{"bb", "ccc", ""}, {"a", "ccc", ""}, {"a", "bb", ""}, {"a", "bb", "ccc"}} {
		var q Queue
		for _, s := range []string{"a", "bb", "ccc", ""} {
			push(&q, s)
		}
		q.SetValue(i, i)
		length := q.At(i).Len
		charge, value := q.Remove(i)
		equal(t, call("q.Remove", i), []any{charge, value}, []any{length, i})
		equal(t, "contents", contents(t, &q), want)
		push(&q, "next")
		equal(t, "contents after another Push", contents(t, &q), append(want, "next"))
	}
}

func TestExtendAddsToTheLastSegment(t *testing.T) {
	var q Queue
	push(&q, "a")
	src := One([]byte("bcde"))
	q.Push(&src, 1, 10, 1, nil)
	read(&q, 1, 1)
	q.Extend(&src, 2, 20, 4)
	q.Extend(nil, 0, 5, 0)
	equal(t, "q.At(1)", q.At(1), Segment{Len: 3, Left: 2, Charge: 35, Flags: 5})
	equal(t, "contents", contents(t, &q), []string{"a", "cd"})
	equal(t, "q.Charge()", q.Charge(), 36)
}

func TestLengthOfAStreamExtendedForEverStopsCounting(t *testing.T) {
	var q Queue
	push(&q, "ab")
	q.segs[0].length = MaxLen - 1
	src := One([]byte("cd"))
	q.Extend(&src, 2, 2, 0)
	equal(t, "q.At(0)", q.At(0), Segment{Len: MaxLen, Left: 4, Charge: 4})
	equal(t, "contents", contents(t, &q), []string{"abcd"})
}

func TestChargeAndFlagsCanBeReplaced(t *testing.T) {
	var q Queue
	push(&q, "ab")
	push(&q, "cd")
	q.SetCharge(0, 0)
	q.SetFlags(1, 255)
	equal(t, "q.At(0).Charge", q.At(0).Charge, 0)
	equal(t, "q.At(1).Flags", q.At(1).Flags, Flags(255))
	equal(t, "q.Charge()", q.Charge(), 2)
	q.SetCharge(0, MaxLen-2)
	equal(t, "q.At(0).Charge", q.At(0).Charge, MaxLen-2)
	equal(t, "q.Charge()", q.Charge(), MaxLen)
}

func TestValuesStayWithTheirSegments(t *testing.T) {
	var q Queue
	for i := range 20 {
		q.Push(nil, 0, 1, 0, nil)
		if i%3 != 0 {
			q.SetValue(i, i)
		}
	}
	q.SetValue(1, "replaced")
	q.SetValue(2, nil)
	q.SetValue(3, nil)
	for i := range 20 {
		var want any = i
		switch {
		case i == 1:
			want = "replaced"
		case i == 2, i%3 == 0:
			want = nil
		}
		equal(t, "q.Check()", q.Check(), nil)
		equal(t, call("q.At(0).HasValue of", i), q.At(0).HasValue, want != nil)
		equal(t, call("q.Value(0) of", i), q.Value(0), want)
		_, got := q.Pop()
		equal(t, call("value of Pop", i), got, want)
	}
}

func TestQueueForgetsTheValuesItGaveBack(t *testing.T) {
	var q Queue
	for range 3 {
		q.Push(nil, 0, 1, 0, "value")
	}
	q.SetValue(0, nil)
	q.Remove(1)
	q.Pop()
	q.Pop()
	for i, s := range q.slots[:cap(q.slots)] {
		equal(t, call("value of slot", i), s.value, nil)
	}
}

func TestBytesWrapAroundTheRing(t *testing.T) {
	for start := range uint32(minRing) {
		var q Queue
		push(&q, "x")
		q.Pop()
		q.head, q.tail = start, start // as after start bytes in a queue that was never empty
		want := pattern(minRing, byte(start))
		src := Many([][]byte{want[:50], want[50:]})
		q.Push(&src, minRing, 1, 0, nil)
		got := make([]byte, minRing)
		dst := Many([][]byte{got[:40], got[40:]})
		q.Read(0, minRing, &dst)
		equal(t, call("ring from", start), got, want)
		equal(t, "q.Cap()", q.Cap(), minRing)
	}
}

func TestPositionsWrapAroundTheirType(t *testing.T) {
	var q Queue
	push(&q, "a")
	q.Pop()
	q.head, q.tail = math.MaxUint32-5, math.MaxUint32-5
	for range 4 {
		push(&q, "bcd")
	}
	equal(t, "contents", contents(t, &q), []string{"bcd", "bcd", "bcd", "bcd"})
	long := strings.Repeat("grown", 100)
	push(&q, long)
	q.Remove(1)
	equal(t, "contents", contents(t, &q), []string{"bcd", "bcd", "bcd", long})
}

// slide keeps head unread and passes n more bytes by it, each in a segment that is removed when the next one is
// queued. It returns how often the bytes were moved to another ring.
func slide(q *Queue, head string, n int) (moves int) {
	push(q, head)
	push(q, "x")
	for range n {
		ring := &q.ring[0]
		push(q, "x")
		q.Remove(1)
		if &q.ring[0] != ring {
			moves++
		}
	}
	return moves
}

func TestGapsDoNotMakeTheRingGrow(t *testing.T) {
	var q Queue
	slide(&q, "head", 10_000)
	equal(t, "contents", contents(t, &q), []string{"head", "x"})
	equal(t, "q.Cap()", q.Cap(), minRing)
}

func TestGapsAreClosedAtMostOnceInHalfARing(t *testing.T) {
	var q Queue
	head := strings.Repeat("h", minRing-3) // leaves no room to speak of, so that a ring of this size would move each time
	moves := slide(&q, head, 10_000)
	equal(t, "contents", contents(t, &q), []string{head, "x"})
	if limit := 1 + 10_000/(q.Cap()/2); q.Cap() > 4*minRing || moves > limit {
		t.Errorf("q.Cap(), moves = %d, %d, want <= %d, %d", q.Cap(), moves, 4*minRing, limit)
	}
}

func TestMistakesOfTheOwnerPanic(t *testing.T) {
	b := []byte("0123456789")
	for expr, f := range map[string]func(q *Queue, v *Vec){
		"q.Push(v, -1, 0)":        func(q *Queue, v *Vec) { q.Push(v, -1, 0, 0, nil) },
		"q.Push(v, MaxLen, 0)":    func(q *Queue, v *Vec) { q.Push(v, MaxLen, 0, 0, nil) },
		"q.Push(v, 0, -1)":        func(q *Queue, v *Vec) { q.Push(v, 0, -1, 0, nil) },
		"q.Push(v, 11, 0)":        func(q *Queue, v *Vec) { q.Push(v, 11, 0, 0, nil) },
		"q.Extend(v, 0, MaxLen)":  func(q *Queue, v *Vec) { q.Extend(v, 0, MaxLen, 0) },
		"new(Queue).Extend(v, 1)": func(_ *Queue, v *Vec) { new(Queue).Extend(v, 1, 0, 0) },
		"new(Queue).Pop()":        func(*Queue, *Vec) { new(Queue).Pop() },
		"q.At(2)":                 func(q *Queue, _ *Vec) { q.At(2) },
		"q.At(-1)":                func(q *Queue, _ *Vec) { q.At(-1) },
		"q.Remove(2)":             func(q *Queue, _ *Vec) { q.Remove(2) },
		"q.SetCharge(0, -1)":      func(q *Queue, _ *Vec) { q.SetCharge(0, -1) },
		"q.Read(0, 4, v)":         func(q *Queue, v *Vec) { q.Read(0, 4, v) },
		"q.Read(0, -1, v)":        func(q *Queue, v *Vec) { q.Read(0, -1, v) },
		"q.Read(0, 3, short)":     func(q *Queue, _ *Vec) { short := One(make([]byte, 2)); q.Read(0, 3, &short) },
		"q.Discard(0, 4)":         func(q *Queue, _ *Vec) { q.Discard(0, 4) },
		"q.Copy(0, 2, 2, v)":      func(q *Queue, v *Vec) { q.Copy(0, 2, 2, v) },
		"q.Copy(0, -1, 1, v)":     func(q *Queue, v *Vec) { q.Copy(0, -1, 1, v) },
		"q.Copy(0, 1, -1, v)":     func(q *Queue, v *Vec) { q.Copy(0, 1, -1, v) },
		"q.Copy(0, MaxInt, 1, v)": func(q *Queue, v *Vec) { q.Copy(0, math.MaxInt, 1, v) },
		"growRing beyond maxRing": func(q *Queue, _ *Vec) { q.unread = math.MaxUint32; q.growRing() },
	} {
		var q Queue
		push(&q, "abc")
		push(&q, "def")
		v := One(bytes.Clone(b))
		panics(t, expr, func() { f(&q, &v) })
	}
}
