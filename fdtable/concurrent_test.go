package fdtable

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// together runs f in n goroutines and waits for them.
func together(n int, f func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(i) })
	}
	wg.Wait()
}

// The owner of a number is noted between reservation and removal: nobody else
// may be there, and the look-up finds nobody else's value.
func TestPairsNeverShareANumber(t *testing.T) {
	const goroutines, rounds = 8, 300
	const limit = 2*goroutines - 2 // now and then there is no pair left
	var table Table[value]
	checked(t, &table)
	var owner [limit]atomic.Int32
	together(goroutines, func(i int) {
		mine := [2]*value{{i}, {i}}
		for range rounds {
			a, b, ok := table.ReservePair(limit, CLOEXEC)
			if !ok {
				continue // the others have all but one
			}
			if a >= b || b >= limit {
				t.Errorf("ReservePair(%d) = %d, %d, want a < b < limit", limit, a, b)
			}
			for end, fd := range []int{a, b} {
				if !owner[fd].CompareAndSwap(0, int32(i+1)) {
					t.Errorf("number %d was given to %d while %d has it", fd, i+1, owner[fd].Load())
				}
				table.Install(fd, mine[end])
			}
			for end, fd := range []int{a, b} {
				if got := table.Get(fd); got != mine[end] {
					t.Errorf("Get(%d) = %v, want %v", fd, got, mine[end])
				}
				owner[fd].Store(0)
				if got := table.Remove(fd); got != mine[end] {
					t.Errorf("Remove(%d) = %v, want %v", fd, got, mine[end])
				}
			}
		}
	})
	if n := table.Len(); n != 0 {
		t.Errorf("Len() = %d, want 0", n)
	}
}

func TestEachDescriptorIsRemovedOnce(t *testing.T) {
	const n = 1000
	closers := []func(table *Table[value], got func(*value)){
		func(table *Table[value], got func(*value)) {
			for fd := range n {
				if v := table.Remove(fd); v != nil {
					got(v)
				}
			}
		},
		func(table *Table[value], got func(*value)) {
			for fd := n - 1; fd >= 0; fd-- {
				if v := table.Remove(fd); v != nil {
					got(v)
				}
			}
		},
		func(table *Table[value], got func(*value)) {
			table.RemoveRange(0, math.MaxInt, func(_ int, v *value) { got(v) })
		},
		func(table *Table[value], got func(*value)) {
			for fd := range n / 2 {
				if old, _ := table.Insert(fd, &value{n + fd}, 0); old != nil {
					got(old)
				}
			}
		},
		func(table *Table[value], got func(*value)) {
			for _, v := range table.RemoveFlagged(CLOEXEC) {
				got(v)
			}
		},
	}
	var table Table[value]
	checked(t, &table)
	for fd := range n {
		table.Insert(fd, &value{fd}, Flags(fd%2))
	}
	var times [n + n/2]atomic.Int32
	got := func(v *value) { times[v.n].Add(1) }
	together(len(closers), func(i int) { closers[i](&table, got) })
	for _, v := range table.Close() {
		got(v)
	}
	for i := range times {
		if got := times[i].Load(); got != 1 {
			t.Errorf("value %d was removed %d times, want 1", i, got)
		}
	}
}

// counted is a value that dies with its last reference.
type counted struct{ refs atomic.Int32 }

func (c *counted) release(t *testing.T) {
	if n := c.refs.Add(-1); n < 0 {
		t.Errorf("references = %d, want 0 at least", n)
	}
}

// No close slips between the copy and the reference of a fork: a fork never
// revives a value whose last reference is gone, and no reference is left over.
func TestForkNeverReferencesTheDead(t *testing.T) {
	const n, closers, rounds = 50, 3, 20
	var table Table[counted]
	var values [closers * (rounds*n + 1)]counted
	var made atomic.Int32
	open := func(fd int) {
		c := &values[made.Add(1)-1]
		c.refs.Store(1)
		if old, _ := table.Insert(fd, c, 0); old != nil {
			old.release(t)
		}
	}
	var busy, referenced atomic.Int32
	busy.Store(closers)
	together(closers+1, func(i int) {
		if i == closers {
			for busy.Load() > 0 || referenced.Load() == 0 {
				forkAndExit(t, &table, &referenced)
			}
			return
		}
		for range rounds {
			for fd := range n {
				open(fd)
				runtime.Gosched()
				if c := table.Remove((fd + n/2) % n); c != nil {
					c.release(t)
				}
			}
		}
		open(0) // so that a late fork finds one
		busy.Add(-1)
	})
	for _, c := range table.Close() {
		c.release(t)
	}
	for i := range values {
		if got := values[i].refs.Load(); got != 0 {
			t.Errorf("references of value %d at the end = %d, want 0", i, got)
		}
	}
}

// forkAndExit clones the table with a reference to each value, and gives them back.
func forkAndExit(t *testing.T, table *Table[counted], referenced *atomic.Int32) {
	child := table.Clone(0, func(c *counted) {
		runtime.Gosched() // let a close slip between, if it can
		if c.refs.Add(1) == 1 {
			t.Error("a dead value was referenced")
		}
		referenced.Add(1)
	})
	for _, c := range child.Close() {
		c.release(t)
	}
}

// The law behind it, without luck: the table is locked while Clone references.
func TestCloneReferencesUnderTheLock(t *testing.T) {
	table := tableOf(t, upTo(3), nil)
	table.Clone(0, func(v *value) {
		if table.mu.TryLock() {
			table.mu.Unlock()
			t.Errorf("the table is unlocked while value %d is referenced, want it locked", v.n)
		}
	})
}

// A look-up finds what was installed before it began, and nothing that was
// removed before, while the slots are being replaced under it.
func TestLookUpMissesNothingWhileTheTableGrows(t *testing.T) {
	const n, behind = 5000, 100
	var table Table[value]
	checked(t, &table)
	var installed, removed atomic.Int64 // all numbers below
	together(4, func(i int) {
		if i == 0 {
			for want := range n {
				fd, ok := table.Reserve(want, n, 0)
				if fd != want || !ok {
					t.Errorf("Reserve = %d, %t, want %d, true", fd, ok, want)
				}
				table.Install(fd, &value{fd})
				installed.Store(int64(fd + 1))
				if old := fd - behind; old >= 0 {
					table.Remove(old)
					removed.Store(int64(old + 1))
				}
			}
			return
		}
		for top := 0; top < n; runtime.Gosched() {
			gone := int(removed.Load())
			if v := table.Get(gone - 1); v != nil {
				t.Errorf("Get(%d) = %v, want nil: it was removed", gone-1, v)
			}
			top = int(installed.Load())
			v := table.Get(top - 1)
			if top > 0 && v == nil && int(removed.Load()) < top-1 {
				t.Errorf("Get(%d) = nil, want its value: it was installed", top-1)
			}
			if v != nil && v.n != top-1 {
				t.Errorf("Get(%d) = %v, want its own value", top-1, v)
			}
		}
	})
}

// Whatever the order of exit and of the calls under way: each value is either
// returned by Close or refused by Install, and none is left in the table.
func TestNoValueIsLostToExit(t *testing.T) {
	const callers, each = 4, 200
	var table Table[value]
	checked(t, &table)
	var refused atomic.Int32
	var closed []*value
	together(callers+1, func(i int) {
		if i == callers {
			for table.Len() < each {
				runtime.Gosched()
			}
			closed = table.Close()
			return
		}
		for range each {
			fd, ok := table.Reserve(0, Max, 0)
			if !ok || !table.Install(fd, &value{fd}) {
				refused.Add(1)
			}
		}
	})
	if got, want := len(closed)+int(refused.Load()), callers*each; got != want {
		t.Errorf("returned by Close + refused = %d + %d, want %d", len(closed), refused.Load(), want)
	}
	if n := table.Len(); n != 0 {
		t.Errorf("Len() after Close = %d, want 0", n)
	}
}
