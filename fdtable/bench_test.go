package fdtable

import (
	"fmt"
	"testing"
	"unsafe"
)

// filled returns a table with the numbers below n open.
func filled(n int) *Table[value] {
	table := new(Table[value])
	v := new(value)
	for fd := range n {
		table.Insert(fd, v, 0)
	}
	return table
}

var sizes = []int{10, 1000, 1 << 20}

func BenchmarkGet(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			table := filled(n)
			b.ReportAllocs()
			missing, fd := 0, 0
			for b.Loop() {
				if table.Get(fd) == nil {
					missing++
				}
				fd = (fd + 1) & 7
			}
			if missing != 0 {
				b.Errorf("missing = %d, want 0", missing)
			}
		})
	}
}

// One pair's life in a table that has n other descriptors.
func BenchmarkPair(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			table, v := filled(n), new(value)
			b.ReportAllocs()
			for b.Loop() {
				fd1, fd2, ok := table.ReservePair(Max, 0)
				if !ok || fd1 != n || fd2 != n+1 {
					b.Fatalf("ReservePair = %d, %d, %t, want %d, %d, true", fd1, fd2, ok, n, n+1)
				}
				table.Install(fd1, v)
				table.Install(fd2, v)
				table.Remove(fd1)
				table.Remove(fd2)
			}
		})
	}
}

func BenchmarkClone(b *testing.B) {
	table := filled(10000)
	b.ReportAllocs()
	for b.Loop() {
		refs := 0
		table.Clone(CLOFORK, func(*value) { refs++ })
		if refs != 10000 {
			b.Fatalf("referenced = %d, want 10000", refs)
		}
	}
}

// From the empty table to n descriptors; the time is that of all n.
func BenchmarkGrow(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				filled(n)
			}
		})
	}
}

func TestLookUpAndReuseCostNoMemory(t *testing.T) {
	table := tableOf(t, upTo(5), nil)
	v := &value{}
	turn := func() {
		a, b, _ := table.ReservePair(Max, CLOEXEC)
		table.Install(a, v)
		table.Install(b, v)
		if table.Get(a) != v || table.Remove(a) != v || table.Remove(b) != v {
			t.Error("the installed value was not found")
		}
	}
	if n := testing.AllocsPerRun(100, turn); n != 0 {
		t.Errorf("allocations of a pair's life = %v, want 0", n)
	}
}

func TestIdleTableIsSmall(t *testing.T) {
	table := tableOf(t, upTo(3), nil)
	slots := *table.slots.Load()
	size := int(unsafe.Sizeof(*table)) + int(unsafe.Sizeof(slots)) + cap(slots)*8 + cap(table.flags)
	for _, level := range table.taken {
		size += cap(level) * 8
	}
	if size > 512 {
		t.Errorf("bytes of a table with three descriptors = %d, want at most 512", size)
	}
}
