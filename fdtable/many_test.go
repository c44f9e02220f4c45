package fdtable

import (
	"math"
	"slices"
	"testing"
)

func TestRangeIsRemovedInAscendingOrder(t *testing.T) {
	for _, c := range []struct {
		law    string
		lo, hi int
		want   []int
	}{
		{"everything", 0, math.MaxInt, []int{0, 1, 2, 5, 64, 300}},
		{"everything, from below", math.MinInt, math.MaxInt, []int{0, 1, 2, 5, 64, 300}},
		{"all but the standard three", 3, math.MaxInt, []int{5, 64, 300}},
		{"one", 5, 5, []int{5}},
		{"both ends are included", 1, 64, []int{1, 2, 5, 64}},
		{"only a hole", 6, 63, []int{}},
		{"only a reserved number", 3, 3, []int{}},
		{"upside down", 5, 4, []int{}},
		{"negative", -9, -1, []int{}},
		{"above all", 301, math.MaxInt, []int{}},
		{"above Max", math.MaxInt, math.MaxInt, []int{}},
	} {
		all := []int{0, 1, 2, 5, 64, 300}
		table := tableOf(t, all, []int{3})
		got := []int{}
		table.RemoveRange(c.lo, c.hi, func(fd int, v *value) {
			if v.n != fd || table.Get(fd) != nil {
				t.Errorf("%s: visit(%d, %d), Get = %v, want the same number, and nil", c.law, fd, v.n, table.Get(fd))
			}
			got = append(got, fd)
		})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: RemoveRange(%d, %d) visits %v, want %v", c.law, c.lo, c.hi, got, c.want)
		}
		left := slices.DeleteFunc(all, func(fd int) bool { return slices.Contains(c.want, fd) })
		if got := openIn(table); !slices.Equal(got, left) {
			t.Errorf("%s: open after = %v, want %v", c.law, got, left)
		}
		table.Install(3, &value{3}) // the reservation has survived
	}
}

// What visit opens in the part that is done stays; it is not an endless task.
func TestVisitMayOpenDescriptors(t *testing.T) {
	table := tableOf(t, upTo(100), nil)
	table.RemoveRange(0, math.MaxInt, func(fd int, v *value) {
		table.Insert(fd, v, 0)
	})
	if got := table.Len(); got != 100 {
		t.Errorf("Len() = %d, want 100", got)
	}
}

func TestFlagsAreAddedToARange(t *testing.T) {
	for _, c := range []struct {
		law    string
		lo, hi int
		want   []int // who has CLOEXEC
	}{
		{"everything", 0, math.MaxInt, []int{0, 1, 2, 3, 64}},
		{"from below", math.MinInt, 1, []int{0, 1}},
		{"reserved numbers too", 3, 3, []int{3}},
		{"nothing is there", 4, 63, nil},
		{"upside down", 2, 1, nil},
		{"above all", 65, math.MaxInt, nil},
	} {
		table := tableOf(t, []int{0, 1, 2, 64}, []int{3})
		table.SetFlags(1, CLOFORK)
		table.SetFlagsRange(c.lo, c.hi, CLOEXEC)
		table.Install(3, &value{3})
		for _, fd := range []int{0, 1, 2, 3, 64} {
			var want Flags
			if fd == 1 {
				want |= CLOFORK
			}
			if slices.Contains(c.want, fd) {
				want |= CLOEXEC
			}
			if got, ok := table.Flags(fd); got != want || !ok {
				t.Errorf("%s: Flags(%d) = %d, %t, want %d, true", c.law, fd, got, ok, want)
			}
		}
	}
}

// numbers returns what the values say.
func numbers(values []*value) []int {
	ns := []int{}
	for _, v := range values {
		ns = append(ns, v.n)
	}
	return ns
}

func TestExecRemovesTheFlagged(t *testing.T) {
	for _, c := range []struct {
		flags      Flags
		want, left []int
	}{
		{0, []int{}, []int{0, 1, 2, 3, 200}},
		{CLOEXEC, []int{1, 3, 200}, []int{0, 2}},
		{CLOFORK, []int{2, 3}, []int{0, 1, 200}},
		{CLOEXEC | CLOFORK, []int{1, 2, 3, 200}, []int{0}},
	} {
		table := new(Table[value])
		checked(t, table)
		for fd, flags := range map[int]Flags{0: 0, 1: CLOEXEC, 2: CLOFORK, 3: CLOEXEC | CLOFORK, 200: CLOEXEC} {
			table.Insert(fd, &value{fd}, flags)
		}
		reserved, _ := table.Reserve(0, 10, CLOEXEC|CLOFORK)
		if got := numbers(table.RemoveFlagged(c.flags)); !slices.Equal(got, c.want) {
			t.Errorf("RemoveFlagged(%d) = %v, want %v", c.flags, got, c.want)
		}
		if got := openIn(table); !slices.Equal(got, c.left) {
			t.Errorf("open after RemoveFlagged(%d) = %v, want %v", c.flags, got, c.left)
		}
		table.Release(reserved) // the reservation has survived
	}
}

func TestForkCopiesWhatIsNotSkipped(t *testing.T) {
	for _, c := range []struct {
		skip Flags
		want []int
	}{
		{0, []int{0, 1, 2, 3, 200}},
		{CLOFORK, []int{0, 1, 200}},
		{CLOEXEC | CLOFORK, []int{0}},
	} {
		table := new(Table[value])
		checked(t, table)
		flags := map[int]Flags{0: 0, 1: CLOEXEC, 2: CLOFORK, 3: CLOEXEC | CLOFORK, 200: CLOEXEC}
		for fd, f := range flags {
			table.Insert(fd, &value{fd}, f)
		}
		table.Reserve(4, 5, 0)
		referenced := []int{}
		clone := table.Clone(c.skip, func(v *value) { referenced = append(referenced, v.n) })
		checked(t, clone)
		if got := openIn(clone); !slices.Equal(got, c.want) || !slices.Equal(referenced, c.want) || clone.Len() != len(c.want) {
			t.Errorf("Clone(%d): open, referenced, Len = %v, %v, %d, want %v twice, and its length", c.skip, got, referenced, clone.Len(), c.want)
		}
		for _, fd := range c.want {
			if got, _ := clone.Flags(fd); got != flags[fd] || clone.Get(fd) != table.Get(fd) {
				t.Errorf("Clone(%d): Flags(%d) = %d, want %d and the parent's value", c.skip, fd, got, flags[fd])
			}
		}
		if _, ok := clone.Insert(4, &value{4}, 0); !ok {
			t.Errorf("Clone(%d): the parent's reservation is in the child, want it free", c.skip)
		}
		clone.Remove(0)
		if table.Get(0) == nil {
			t.Errorf("Clone(%d): the parent lost what the child closed", c.skip)
		}
	}
}

func TestCloneOfAnEmptyTableIsUsable(t *testing.T) {
	for law, table := range map[string]*Table[value]{"zero value": {}, "closed": {}} {
		if law == "closed" {
			table.Close()
		}
		clone := table.Clone(0, func(*value) { t.Errorf("%s: ref was called, want no call", law) })
		if a, b, ok := clone.ReservePair(2, 0); a != 0 || b != 1 || !ok {
			t.Errorf("%s: ReservePair of the clone = %d, %d, %t, want 0, 1, true", law, a, b, ok)
		}
	}
}

// After exit nothing is open, nothing can be opened, and what was being opened
// is refused, so that its maker can let go of it.
func TestClosedTableStaysEmpty(t *testing.T) {
	table := tableOf(t, []int{0, 2, 100}, []int{1, 3})
	if got, want := numbers(table.Close()), []int{0, 2, 100}; !slices.Equal(got, want) {
		t.Errorf("Close() = %v, want %v", got, want)
	}
	if table.Install(1, &value{1}) {
		t.Error("Install after Close = true, want false")
	}
	table.Release(3)
	if fd, ok := table.Reserve(0, 10, 0); fd != 0 || ok {
		t.Errorf("Reserve after Close = %d, %t, want 0, false", fd, ok)
	}
	if a, b, ok := table.ReservePair(10, 0); a != 0 || b != 0 || ok {
		t.Errorf("ReservePair after Close = %d, %d, %t, want 0, 0, false", a, b, ok)
	}
	if old, ok := table.Insert(0, &value{0}, 0); old != nil || ok {
		t.Errorf("Insert after Close = %v, %t, want nil, false", old, ok)
	}
	if v := table.Get(2); v != nil {
		t.Errorf("Get after Close = %v, want nil", v)
	}
	table.RemoveRange(0, math.MaxInt, func(fd int, _ *value) { t.Errorf("RemoveRange after Close visits %d", fd) })
	table.SetFlagsRange(0, math.MaxInt, CLOEXEC)
	if again, flagged := table.Close(), table.RemoveFlagged(CLOEXEC); again != nil || flagged != nil {
		t.Errorf("second Close, RemoveFlagged = %v, %v, want nil, nil", again, flagged)
	}
	if n, top := table.Len(), table.Highest(); n != 0 || top != -1 {
		t.Errorf("Len, Highest after Close = %d, %d, want 0, -1", n, top)
	}
}

func TestHighestIsTheHighestOpen(t *testing.T) {
	for _, c := range []struct {
		open, reserved []int
		want           int
	}{
		{nil, nil, -1},
		{nil, []int{0, 5}, -1},
		{[]int{0}, nil, 0},
		{[]int{0}, []int{1, 2, 64, 700}, 0},
		{[]int{0, 63}, nil, 63},
		{[]int{0, 64}, []int{65}, 64},
		{[]int{0, 70000}, nil, 70000},
	} {
		if got := tableOf(t, c.open, c.reserved).Highest(); got != c.want {
			t.Errorf("Highest() with %v open, %v reserved = %d, want %d", c.open, c.reserved, got, c.want)
		}
	}
}

// All's body may close what it is given, and may stop early.
func TestBodyOfAllMayUseTheTable(t *testing.T) {
	table := tableOf(t, upTo(20), nil)
	seen := 0
	for fd, v := range table.All() {
		if v.n != fd || table.Remove(fd) != v {
			t.Errorf("All yields %d, %d, want the same number, and open", fd, v.n)
		}
		if seen++; seen == 10 {
			break
		}
	}
	if got, want := openIn(table), upTo(20)[10:]; !slices.Equal(got, want) {
		t.Errorf("open after = %v, want %v", got, want)
	}
}
