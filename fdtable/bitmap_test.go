package fdtable

import (
	"testing"

	"pgregory.net/rapid"
)

// The bitmap agrees with a linear search, on runs long enough for three levels.
func TestBitmapAgreesWithLinearSearch(t *testing.T) {
	const size = 64 * 64 * 2
	rapid.Check(t, func(t *rapid.T) {
		var set bitmap
		var model [size]bool
		for range rapid.IntRange(1, 20).Draw(t, "runs") {
			from := rapid.IntRange(0, size-1).Draw(t, "from")
			to := rapid.OneOf(rapid.IntRange(from, min(from+3, size-1)), rapid.IntRange(from, size-1)).Draw(t, "to")
			take := rapid.Bool().Draw(t, "take")
			for i := from; i <= to; i++ {
				switch {
				case take:
					set.add(i)
				case model[i]:
					set.remove(i)
				}
				model[i] = take
			}
			if err := set.check(); err != nil {
				t.Fatalf("check() = %v, want nil", err)
			}
			for _, at := range []int{0, from, to, to + 1, rapid.IntRange(0, size).Draw(t, "at")} {
				compareSearches(t, &set, model[:], at)
			}
		}
	})
}

func compareSearches(t *rapid.T, set *bitmap, model []bool, at int) {
	t.Helper()
	free, taken, last := at, at, at-1
	for free < len(model) && model[free] {
		free++
	}
	for taken < len(model) && !model[taken] {
		taken++
	}
	if taken >= len(model) {
		taken = Max
	}
	for last >= 0 && !model[last] {
		last--
	}
	if got := set.nextFree(at); got != free {
		t.Fatalf("nextFree(%d) = %d, want %d", at, got, free)
	}
	if got := set.nextTaken(at); got != taken {
		t.Fatalf("nextTaken(%d) = %d, want %d", at, got, taken)
	}
	if got := set.lastTaken(at); got != last {
		t.Fatalf("lastTaken(%d) = %d, want %d", at, got, last)
	}
	if at < len(model) && set.has(at) != model[at] {
		t.Fatalf("has(%d) = %t, want %t", at, set.has(at), model[at])
	}
}

// fullBitmap returns the set of all numbers below Max.
func fullBitmap() *bitmap {
	var set bitmap
	for level, words := range []int{Max / 64, Max / 64 / 64, 64, 1} {
		set[level] = make([]uint64, words)
		for w := range set[level] {
			set[level][w] = wordFull
		}
	}
	return &set
}

func TestFullBitmapHasNoFreeNumber(t *testing.T) {
	set := fullBitmap()
	if err := set.check(); err != nil {
		t.Errorf("check() = %v, want nil", err)
	}
	for _, from := range []int{0, 1, Max / 2, Max - 1, Max, Max + 1} {
		if got := set.nextFree(from); got < Max {
			t.Errorf("nextFree(%d) of a full set = %d, want at least %d", from, got, Max)
		}
	}
	for _, hole := range []int{Max - 1, 12345678, 64*64*64 - 1, 0} {
		set.remove(hole)
		if got := set.nextFree(0); got != hole {
			t.Errorf("nextFree(0) with a hole at %d = %d", hole, got)
		}
		set.add(hole)
		if got := set.nextFree(0); got < Max {
			t.Errorf("nextFree(0) with %d filled again = %d, want at least %d", hole, got, Max)
		}
	}
	if got := set.lastTaken(Max); got != Max-1 {
		t.Errorf("lastTaken(Max) = %d, want %d", got, Max-1)
	}
}

// A table whose numbers are all taken refuses, and does not hand out Max.
func TestFullTableRefuses(t *testing.T) {
	table := Table[value]{taken: *fullBitmap()}
	if fd, ok := table.Reserve(0, Max+100, 0); fd != 0 || ok {
		t.Errorf("Reserve(0, Max+100) of a full table = %d, %t, want 0, false", fd, ok)
	}
	table.taken.remove(Max - 1)
	if a, b, ok := table.ReservePair(Max+100, 0); a != 0 || b != 0 || ok {
		t.Errorf("ReservePair(Max+100) with one left = %d, %d, %t, want 0, 0, false", a, b, ok)
	}
}

// Check sees each kind of damage.
func TestCheckFindsDamage(t *testing.T) {
	for law, damage := range map[string]func(*Table[value]){
		"count of open descriptors": func(table *Table[value]) { table.open++ },
		"flags of a free number":    func(table *Table[value]) { table.flags[7] = CLOEXEC },
		"value at a free number":    func(table *Table[value]) { table.taken.remove(0) },
		"taken without a slot":      func(table *Table[value]) { table.taken.add(5000) },
		"room of flags and slots":   func(table *Table[value]) { table.flags = table.flags[:3] },
		"room after Close":          func(table *Table[value]) { table.closed = true },
		"word marked full":          func(table *Table[value]) { table.taken[1] = []uint64{1} },
		"full word not marked":      func(table *Table[value]) { table.taken[0][0] = wordFull },
		"mark beyond the words":     func(table *Table[value]) { table.taken[1] = []uint64{1 << 40} },
	} {
		table := new(Table[value])
		for fd := range 3 {
			table.Insert(fd, &value{fd}, 0)
		}
		if err := table.Check(); err != nil {
			t.Fatalf("%s: Check() before = %v, want nil", law, err)
		}
		damage(table)
		if err := table.Check(); err == nil {
			t.Errorf("%s: Check() = nil, want an error", law)
		}
	}
}
