package fdtable

import (
	"math"
	"slices"
	"testing"
)

// value is what the tests put into a table.
type value struct{ n int }

// checked fails the test if t breaks an invariant when the test is over.
func checked(t *testing.T, table *Table[value]) {
	t.Helper()
	t.Cleanup(func() {
		if err := table.Check(); err != nil {
			t.Errorf("Check() = %v, want nil", err)
		}
	})
}

// tableOf returns a table with the numbers open and the others reserved.
func tableOf(t *testing.T, open, reserved []int) *Table[value] {
	t.Helper()
	table := new(Table[value])
	for _, fd := range open {
		if _, ok := table.Insert(fd, &value{fd}, 0); !ok {
			t.Fatalf("Insert(%d) = false, want true", fd)
		}
	}
	for _, fd := range reserved {
		if got, ok := table.Reserve(fd, fd+1, 0); got != fd || !ok {
			t.Fatalf("Reserve(%d, %d) = %d, %t, want %d, true", fd, fd+1, got, ok, fd)
		}
	}
	checked(t, table)
	return table
}

// upTo returns 0, 1, ... n-1.
func upTo(n int) []int {
	fds := make([]int, n)
	for i := range fds {
		fds[i] = i
	}
	return fds
}

// openIn returns the numbers that are open.
func openIn(table *Table[value]) []int {
	fds := []int{}
	for fd := range table.All() {
		fds = append(fds, fd)
	}
	return fds
}

func TestLowestFreeNumberIsTaken(t *testing.T) {
	for _, c := range []struct {
		law        string
		open       []int
		reserved   []int
		min, limit int
		want       int
		ok         bool
	}{
		{"an empty table starts at 0", nil, nil, 0, 1, 0, true},
		{"a limit of 0 leaves nothing", nil, nil, 0, 0, 0, false},
		{"nor does a negative one", nil, nil, 0, -1, 0, false},
		{"nor the smallest", nil, nil, 0, math.MinInt, 0, false},
		{"a negative min is 0", nil, nil, -5, 10, 0, true},
		{"the smallest min is 0", nil, nil, math.MinInt, 10, 0, true},
		{"min is respected", nil, nil, 7, 8, 7, true},
		{"min at the limit leaves nothing", nil, nil, 8, 8, 0, false},
		{"min above the limit leaves nothing", nil, nil, 9, 8, 0, false},
		{"the greatest min leaves nothing", nil, nil, math.MaxInt, math.MaxInt, 0, false},
		{"a hole is filled first", []int{0, 1, 3}, nil, 0, 10, 2, true},
		{"a hole below min is not", []int{0, 1, 3}, nil, 3, 10, 4, true},
		{"a reserved number is not free", []int{0}, []int{1}, 0, 10, 2, true},
		{"the last number below the limit", upTo(9), nil, 0, 10, 9, true},
		{"a full table", upTo(10), nil, 0, 10, 0, false},
		{"a limit below what is open", upTo(10), nil, 0, 5, 0, false},
		{"a hole below a lowered limit", []int{0, 1, 3, 9}, nil, 0, 4, 2, true},
		{"the end of a word", upTo(63), nil, 0, 1000, 63, true},
		{"past a full word", upTo(64), nil, 0, 1000, 64, true},
		{"min in the middle of a full word", upTo(64), nil, 20, 1000, 64, true},
		{"past 64 full words", upTo(64 * 64), nil, 0, 1 << 20, 64 * 64, true},
		{"a high min in an empty table", nil, nil, 100000, 1 << 20, 100000, true},
		{"the last number of all", nil, nil, Max - 1, math.MaxInt, Max - 1, true},
		{"no number from Max on", nil, nil, Max, math.MaxInt, 0, false},
	} {
		table := tableOf(t, c.open, c.reserved)
		fd, ok := table.Reserve(c.min, c.limit, CLOEXEC)
		if fd != c.want || ok != c.ok {
			t.Errorf("%s: Reserve(%d, %d) = %d, %t, want %d, %t", c.law, c.min, c.limit, fd, ok, c.want, c.ok)
		}
	}
}

func TestPairIsTheTwoLowestOrNothing(t *testing.T) {
	for _, c := range []struct {
		law        string
		open       []int
		reserved   []int
		limit      int
		a, b, next int // next: what a Reserve afterwards gives without a limit
		ok         bool
	}{
		{"an empty table", nil, nil, 10, 0, 1, 2, true},
		{"no room at all", nil, nil, 0, 0, 0, 0, false},
		{"a negative limit", nil, nil, -1, 0, 0, 0, false},
		{"room for one is not enough", nil, nil, 1, 0, 0, 0, false},
		{"room for two", nil, nil, 2, 0, 1, 2, true},
		{"the standard three", upTo(3), nil, 1024, 3, 4, 5, true},
		{"one number left", upTo(9), nil, 10, 0, 0, 9, false},
		{"none left", upTo(10), nil, 10, 0, 0, 10, false},
		{"two holes", []int{0, 2, 4}, nil, 10, 1, 3, 5, true},
		{"the second hole is above the limit", []int{0, 2, 3}, nil, 4, 0, 0, 1, false},
		{"around reserved numbers", nil, []int{0, 2}, 10, 1, 3, 4, true},
		{"across a word", upTo(63), nil, 1000, 63, 64, 65, true},
		{"across 64 words", upTo(64*64 - 1), nil, 1 << 20, 64*64 - 1, 64 * 64, 64*64 + 1, true},
	} {
		table := tableOf(t, c.open, c.reserved)
		a, b, ok := table.ReservePair(c.limit, 0)
		if a != c.a || b != c.b || ok != c.ok {
			t.Errorf("%s: ReservePair(%d) = %d, %d, %t, want %d, %d, %t", c.law, c.limit, a, b, ok, c.a, c.b, c.ok)
		}
		if fd, _ := table.Reserve(0, Max, 0); fd != c.next {
			t.Errorf("%s: then Reserve = %d, want %d", c.law, fd, c.next)
		}
	}
}

// For all but its owner a reserved number is not open; after Install it is, with
// the flags of the reservation; after Release it is the lowest free one again.
func TestReservedNumberIsNeitherFreeNorOpen(t *testing.T) {
	table := tableOf(t, upTo(3), nil)
	fd, _ := table.Reserve(0, 10, CLOEXEC|CLOFORK)
	if v := table.Get(fd); v != nil {
		t.Errorf("Get(reserved) = %v, want nil", v)
	}
	if v := table.Remove(fd); v != nil {
		t.Errorf("Remove(reserved) = %v, want nil", v)
	}
	if flags, ok := table.Flags(fd); flags != 0 || ok {
		t.Errorf("Flags(reserved) = %d, %t, want 0, false", flags, ok)
	}
	if table.SetFlags(fd, 0) {
		t.Error("SetFlags(reserved) = true, want false")
	}
	if old, ok := table.Insert(fd, &value{}, 0); old != nil || ok {
		t.Errorf("Insert(reserved) = %v, %t, want nil, false", old, ok)
	}
	if n, top := table.Len(), table.Highest(); n != 3 || top != 2 {
		t.Errorf("Len, Highest = %d, %d, want 3, 2", n, top)
	}

	v := &value{fd}
	if !table.Install(fd, v) {
		t.Error("Install(reserved) = false, want true")
	}
	if got := table.Get(fd); got != v {
		t.Errorf("Get(installed) = %v, want %v", got, v)
	}
	if flags, ok := table.Flags(fd); flags != CLOEXEC|CLOFORK || !ok {
		t.Errorf("Flags(installed) = %d, %t, want %d, true", flags, ok, CLOEXEC|CLOFORK)
	}

	spare, _ := table.Reserve(0, 10, CLOEXEC)
	table.Release(spare)
	if again, ok := table.Reserve(0, 10, 0); again != spare || !ok {
		t.Errorf("Reserve after Release = %d, %t, want %d, true", again, ok, spare)
	}
}

func TestNumberThatIsNotOpenIsFoundByNothing(t *testing.T) {
	for _, fd := range []int{math.MinInt, -1, 1, 3, 7, 8, 63, 64, Max, math.MaxInt} {
		table := tableOf(t, []int{0, 2}, []int{1})
		if v := table.Get(fd); v != nil {
			t.Errorf("Get(%d) = %v, want nil", fd, v)
		}
		if v := table.Remove(fd); v != nil {
			t.Errorf("Remove(%d) = %v, want nil", fd, v)
		}
		if flags, ok := table.Flags(fd); flags != 0 || ok {
			t.Errorf("Flags(%d) = %d, %t, want 0, false", fd, flags, ok)
		}
		if table.SetFlags(fd, CLOEXEC) {
			t.Errorf("SetFlags(%d) = true, want false", fd)
		}
		if got := openIn(table); !slices.Equal(got, []int{0, 2}) {
			t.Errorf("open = %v, want [0 2]", got)
		}
	}
}

func TestInsertReplacesWhatIsOpen(t *testing.T) {
	table := tableOf(t, []int{0, 5}, []int{1})
	for _, c := range []struct {
		law string
		fd  int
		old int // the number of the old value; -1: none
		ok  bool
	}{
		{"negative", -1, -1, false},
		{"most negative", math.MinInt, -1, false},
		{"Max", Max, -1, false},
		{"greatest", math.MaxInt, -1, false},
		{"reserved", 1, -1, false},
		{"free", 2, -1, true},
		{"open", 5, 5, true},
		{"free and far away", 70000, -1, true},
	} {
		before := table.Len()
		v := &value{1000 + c.fd}
		old, ok := table.Insert(c.fd, v, CLOFORK)
		if ok != c.ok || (old == nil) != (c.old == -1) || old != nil && old.n != c.old {
			t.Errorf("%s: Insert(%d) = %v, %t, want value %d, %t", c.law, c.fd, old, ok, c.old, c.ok)
		}
		if got := table.Get(c.fd); c.ok && got != v {
			t.Errorf("%s: Get(%d) = %v, want %v", c.law, c.fd, got, v)
		}
		if flags, _ := table.Flags(c.fd); c.ok && flags != CLOFORK {
			t.Errorf("%s: Flags(%d) = %d, want %d", c.law, c.fd, flags, CLOFORK)
		}
		want := before
		if c.ok && c.old == -1 {
			want++
		}
		if got := table.Len(); got != want {
			t.Errorf("%s: Len() = %d, want %d", c.law, got, want)
		}
	}
}

func TestFlagsBelongToTheNumberUntilItIsFree(t *testing.T) {
	table := tableOf(t, upTo(2), nil)
	if !table.SetFlags(1, CLOEXEC) || !table.SetFlags(1, CLOFORK) {
		t.Error("SetFlags(open) = false, want true")
	}
	if flags, _ := table.Flags(1); flags != CLOFORK {
		t.Errorf("Flags after the second SetFlags = %d, want %d alone", flags, CLOFORK)
	}
	table.Remove(1)
	fd, _ := table.Reserve(0, 10, 0)
	table.Install(fd, &value{})
	if flags, ok := table.Flags(fd); fd != 1 || flags != 0 || !ok {
		t.Errorf("number, Flags when taken again = %d, %d, %t, want 1, 0, true", fd, flags, ok)
	}
}

// A caller's own mistake does not corrupt the table: it panics.
func TestMisusePanics(t *testing.T) {
	for law, misuse := range map[string]func(*Table[value]){
		"install at a free number":        func(table *Table[value]) { table.Install(2, &value{}) },
		"install at an open number":       func(table *Table[value]) { table.Install(0, &value{}) },
		"install at a negative number":    func(table *Table[value]) { table.Install(-1, &value{}) },
		"install at a number beyond all":  func(table *Table[value]) { table.Install(math.MaxInt, &value{}) },
		"install nil":                     func(table *Table[value]) { table.Install(1, nil) },
		"add nil":                         func(table *Table[value]) { table.Add(nil, 0, Max, 0) },
		"insert nil":                      func(table *Table[value]) { table.Insert(2, nil, 0) },
		"release a free number":           func(table *Table[value]) { table.Release(2) },
		"release an open number":          func(table *Table[value]) { table.Release(0) },
		"release a negative number":       func(table *Table[value]) { table.Release(-1) },
		"release the same number again":   func(table *Table[value]) { table.Release(1); table.Release(1) },
		"install what has been installed": func(table *Table[value]) { table.Install(1, &value{}); table.Install(1, &value{}) },
	} {
		table := tableOf(t, []int{0}, []int{1})
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic, want one", law)
				}
			}()
			misuse(table)
		}()
		table.Len() // the lock was given back
	}
}
