package buffer

import (
	"fmt"
	"math"
	"testing"
	"unsafe"
)

// cuts are ways to lay the ten bytes 0123456789 out in memory.
var cuts = []struct {
	name string
	bufs [][]byte
}{
	{"one", [][]byte{[]byte("0123456789")}},
	{"two", [][]byte{[]byte("0123"), []byte("456789")}},
	{"empty slices between", [][]byte{nil, []byte("01234"), {}, nil, []byte("56789"), {}}},
	{"a byte each", [][]byte{{'0'}, {'1'}, {'2'}, {'3'}, {'4'}, {'5'}, {'6'}, {'7'}, {'8'}, {'9'}}},
}

func TestVecOfNothingIsEmpty(t *testing.T) {
	for name, v := range map[string]Vec{
		"Vec{}":                {},
		"One(nil)":             One(nil),
		"Many(nil)":            Many(nil),
		"Many of empty slices": Many([][]byte{nil, {}, nil}),
	} {
		b := []byte("ab")
		equal(t, name+": v.Len()", v.Len(), 0)
		equal(t, name+": v.CopyTo(b)", v.CopyTo(b), 0)
		equal(t, name+": v.CopyFrom(b)", v.CopyFrom(b), 0)
		v.Skip(5)
		equal(t, name+": v.Len() after v.Skip(5)", v.Len(), 0)
		equal(t, name+": b", string(b), "ab")
	}
}

func TestVecIsConsumedFromTheFrontInAnyPieces(t *testing.T) {
	for _, cut := range cuts {
		for first := 0; first <= 10; first++ {
			for second := 0; second <= 12; second++ {
				v := Many(cut.bufs)
				a, b := make([]byte, first), make([]byte, second)
				n := v.CopyTo(a)
				m := v.CopyTo(b)
				name := fmt.Sprintf("%s: CopyTo %d, then %d", cut.name, first, second)
				equal(t, name+": counts", []int{n, m}, []int{first, min(second, 10-first)})
				equal(t, name+": bytes", string(a)+string(b[:m]), "0123456789"[:first+m])
				equal(t, name+": Len", v.Len(), 10-first-m)
			}
		}
	}
}

func TestVecIsFilledFromTheFrontInAnyPieces(t *testing.T) {
	for _, cut := range cuts {
		for first := 0; first <= 10; first++ {
			for second := 0; second <= 12; second++ {
				bufs, flat := sameCut(cut.bufs)
				v := Many(bufs)
				n := v.CopyFrom([]byte("abcdefghijkl")[:first])
				m := v.CopyFrom([]byte("ABCDEFGHIJKL")[:second])
				name := fmt.Sprintf("%s: CopyFrom %d, then %d", cut.name, first, second)
				equal(t, name+": counts", []int{n, m}, []int{first, min(second, 10-first)})
				want := "abcdefghijkl"[:first] + "ABCDEFGHIJKL"[:m] + ".........."[:10-first-m]
				equal(t, name+": bytes", string(flat()), want)
				equal(t, name+": Len", v.Len(), 10-first-m)
			}
		}
	}
}

// sameCut returns slices of the same lengths, filled with dots, and a function that joins them.
func sameCut(bufs [][]byte) ([][]byte, func() []byte) {
	fresh := make([][]byte, len(bufs))
	for i, b := range bufs {
		fresh[i] = []byte(".........."[:len(b)])
	}
	return fresh, func() (flat []byte) {
		for _, b := range fresh {
			flat = append(flat, b...)
		}
		return flat
	}
}

func TestVecSkipsAsItCopies(t *testing.T) {
	for _, cut := range cuts {
		for skip := 0; skip <= 12; skip++ {
			v := Many(cut.bufs)
			v.Skip(skip)
			left := max(0, 10-skip)
			rest := make([]byte, 10)
			name := fmt.Sprintf("%s: Skip(%d)", cut.name, skip)
			equal(t, name+": Len", v.Len(), left)
			equal(t, name+": rest", string(rest[:v.CopyTo(rest)]), "0123456789"[10-left:])
		}
	}
}

func TestVecLeavesTheListOfSlicesAlone(t *testing.T) {
	a, b := []byte("ab"), []byte("cd")
	bufs := [][]byte{a, b}
	v := Many(bufs)
	v.CopyTo(make([]byte, 3))
	v.Skip(1)
	equal(t, "bufs", bufs, [][]byte{a, b})
}

func TestVecCopyIsASecondCursor(t *testing.T) {
	v := Many([][]byte{[]byte("ab"), []byte("cd")})
	w := v
	v.Skip(3)
	equal(t, "v.Len()", v.Len(), 1)
	equal(t, "w.Len()", w.Len(), 4)
}

func TestVecLenSaturatesWhereTheSumOverflows(t *testing.T) {
	// The same memory listed often enough that the lengths add up to more than an int holds. The slice claims
	// memory that does not exist, and nothing reads it.
	var b byte
	huge := unsafe.Slice(&b, 1)
	(*[3]int)(unsafe.Pointer(&huge))[1] = math.MaxInt/2 + 1
	(*[3]int)(unsafe.Pointer(&huge))[2] = math.MaxInt/2 + 1
	v := Many([][]byte{huge, huge, huge})
	equal(t, "v.Len()", v.Len(), math.MaxInt)
}

func TestVecAllocatesNothing(t *testing.T) {
	bufs, b := [][]byte{[]byte("ab"), []byte("cd")}, make([]byte, 3)
	got := testing.AllocsPerRun(100, func() {
		one, many := One(b), Many(bufs)
		many.CopyTo(b)
		one.Skip(1)
		one.CopyFrom(bufs[0])
	})
	equal(t, "allocations", got, 0.0)
}
