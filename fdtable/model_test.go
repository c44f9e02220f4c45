package fdtable

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// model is the table as one would first write it: a map and a linear search.
type model struct {
	entries map[int]entry
	closed  bool
}

type entry struct {
	v     *value // nil: reserved
	flags Flags
}

func (m *model) lowestFree(from int) int {
	for fd := max(from, 0); ; fd++ {
		if _, taken := m.entries[fd]; !taken {
			return fd
		}
	}
}

// takePair gives the two lowest free numbers below limit to entries, or none.
func (m *model) takePair(limit int, ea, eb entry) (a, b int, ok bool) {
	a = m.lowestFree(0)
	b = m.lowestFree(a + 1)
	if b >= limit || m.closed {
		return 0, 0, false
	}
	m.entries[a], m.entries[b] = ea, eb
	return a, b, true
}

// some returns the numbers that are open, or those that are reserved, in ascending order.
func (m *model) some(open bool) []int {
	var fds []int
	for fd, e := range m.entries {
		if (e.v != nil) == open {
			fds = append(fds, fd)
		}
	}
	slices.Sort(fds)
	return fds
}

// remove removes the open descriptors for which which is true, and returns their values.
func (m *model) remove(which func(fd int, e entry) bool) []*value {
	var removed []*value
	for _, fd := range m.some(true) {
		if e := m.entries[fd]; which(fd, e) {
			removed = append(removed, e.v)
			delete(m.entries, fd)
		}
	}
	return removed
}

// machine runs each operation on both and compares.
type machine struct {
	table *Table[value]
	model model
}

func TestTableBehavesAsTheNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := machine{new(Table[value]), model{entries: map[int]entry{}}}
		t.Repeat(rapid.StateMachineActions(&m))
	})
}

var (
	anyNumber = rapid.OneOf(rapid.IntRange(-2, 20), rapid.IntRange(60, 70), rapid.Just(5000))
	anyFlags  = rapid.Custom(func(t *rapid.T) Flags { return Flags(rapid.IntRange(0, 3).Draw(t, "flags")) })
	newValue  = func() *value { return new(value) }
)

func (m *machine) Reserve(t *rapid.T) {
	from, limit, flags := anyNumber.Draw(t, "min"), anyNumber.Draw(t, "limit"), anyFlags.Draw(t, "flags")
	want := m.model.lowestFree(from)
	wantOK := want < limit && !m.model.closed
	if wantOK {
		m.model.entries[want] = entry{nil, flags}
	} else {
		want = 0
	}
	if fd, ok := m.table.Reserve(from, limit, flags); fd != want || ok != wantOK {
		t.Fatalf("Reserve(%d, %d) = %d, %t, want %d, %t", from, limit, fd, ok, want, wantOK)
	}
}

func (m *machine) ReservePair(t *rapid.T) {
	limit, flags := anyNumber.Draw(t, "limit"), anyFlags.Draw(t, "flags")
	wantA, wantB, wantOK := m.model.takePair(limit, entry{nil, flags}, entry{nil, flags})
	if a, b, ok := m.table.ReservePair(limit, flags); a != wantA || b != wantB || ok != wantOK {
		t.Fatalf("ReservePair(%d) = %d, %d, %t, want %d, %d, %t", limit, a, b, ok, wantA, wantB, wantOK)
	}
}

func (m *machine) AddPair(t *rapid.T) {
	limit, flags, va, vb := anyNumber.Draw(t, "limit"), anyFlags.Draw(t, "flags"), newValue(), newValue()
	wantA, wantB, wantOK := m.model.takePair(limit, entry{va, flags}, entry{vb, flags})
	if a, b, ok := m.table.AddPair(va, vb, limit, flags); a != wantA || b != wantB || ok != wantOK {
		t.Fatalf("AddPair(%d) = %d, %d, %t, want %d, %d, %t", limit, a, b, ok, wantA, wantB, wantOK)
	}
}

func (m *machine) InstallPair(t *rapid.T) {
	fds := m.model.some(false)
	if len(fds) < 2 {
		t.Skip("fewer than two are reserved")
	}
	a, b, va, vb := fds[0], fds[1], newValue(), newValue()
	if got, want := m.table.InstallPair(a, va, b, vb), !m.model.closed; got != want {
		t.Fatalf("InstallPair(%d, %d) = %t, want %t", a, b, got, want)
	}
	for fd, v := range map[int]*value{a: va, b: vb} {
		if m.model.closed {
			delete(m.model.entries, fd)
		} else {
			m.model.entries[fd] = entry{v, m.model.entries[fd].flags}
		}
	}
}

func (m *machine) reserved(t *rapid.T) int {
	fds := m.model.some(false)
	if len(fds) == 0 {
		t.Skip("nothing is reserved")
	}
	return rapid.SampledFrom(fds).Draw(t, "reserved")
}

func (m *machine) Install(t *rapid.T) {
	fd, v := m.reserved(t), newValue()
	if got, want := m.table.Install(fd, v), !m.model.closed; got != want {
		t.Fatalf("Install(%d) = %t, want %t", fd, got, want)
	}
	if m.model.closed {
		delete(m.model.entries, fd)
	} else {
		m.model.entries[fd] = entry{v, m.model.entries[fd].flags}
	}
}

func (m *machine) Add(t *rapid.T) {
	from, limit, flags, v := anyNumber.Draw(t, "min"), anyNumber.Draw(t, "limit"), anyFlags.Draw(t, "flags"), newValue()
	want := m.model.lowestFree(from)
	wantOK := want < limit && !m.model.closed
	if wantOK {
		m.model.entries[want] = entry{v, flags}
	} else {
		want = 0
	}
	if fd, ok := m.table.Add(v, from, limit, flags); fd != want || ok != wantOK {
		t.Fatalf("Add(%d, %d) = %d, %t, want %d, %t", from, limit, fd, ok, want, wantOK)
	}
}

func (m *machine) Release(t *rapid.T) {
	fd := m.reserved(t)
	m.table.Release(fd)
	delete(m.model.entries, fd)
}

func (m *machine) Insert(t *rapid.T) {
	fd, flags, v := anyNumber.Draw(t, "fd"), anyFlags.Draw(t, "flags"), newValue()
	e, taken := m.model.entries[fd]
	wantOK := fd >= 0 && !m.model.closed && !(taken && e.v == nil)
	want := e.v
	if wantOK {
		m.model.entries[fd] = entry{v, flags}
	}
	if old, ok := m.table.Insert(fd, v, flags); old != want || ok != wantOK {
		t.Fatalf("Insert(%d) = %p, %t, want %p, %t", fd, old, ok, want, wantOK)
	}
}

func (m *machine) Remove(t *rapid.T) {
	fd := anyNumber.Draw(t, "fd")
	want := m.model.entries[fd].v
	if want != nil {
		delete(m.model.entries, fd)
	}
	if got := m.table.Remove(fd); got != want {
		t.Fatalf("Remove(%d) = %p, want %p", fd, got, want)
	}
}

func (m *machine) SetFlags(t *rapid.T) {
	fd, flags := anyNumber.Draw(t, "fd"), anyFlags.Draw(t, "flags")
	e := m.model.entries[fd]
	if e.v != nil {
		m.model.entries[fd] = entry{e.v, flags}
	}
	if got, want := m.table.SetFlags(fd, flags), e.v != nil; got != want {
		t.Fatalf("SetFlags(%d) = %t, want %t", fd, got, want)
	}
}

func (m *machine) SetFlagsRange(t *rapid.T) {
	lo, hi, flags := anyNumber.Draw(t, "lo"), anyNumber.Draw(t, "hi"), anyFlags.Draw(t, "flags")
	m.table.SetFlagsRange(lo, hi, flags)
	for fd, e := range m.model.entries {
		if lo <= fd && fd <= hi {
			m.model.entries[fd] = entry{e.v, e.flags | flags}
		}
	}
}

func (m *machine) RemoveRange(t *rapid.T) {
	lo, hi := anyNumber.Draw(t, "lo"), anyNumber.Draw(t, "hi")
	var got []*value
	m.table.RemoveRange(lo, hi, func(_ int, v *value) { got = append(got, v) })
	want := m.model.remove(func(fd int, _ entry) bool { return lo <= fd && fd <= hi })
	if !slices.Equal(got, want) {
		t.Fatalf("RemoveRange(%d, %d) visits %v, want %v", lo, hi, got, want)
	}
}

func (m *machine) RemoveFlagged(t *rapid.T) {
	flags := anyFlags.Draw(t, "flags")
	got := m.table.RemoveFlagged(flags)
	want := m.model.remove(func(_ int, e entry) bool { return e.flags&flags != 0 })
	if !slices.Equal(got, want) {
		t.Fatalf("RemoveFlagged(%d) = %v, want %v", flags, got, want)
	}
}

// Clone goes on with the child, which has no reservations.
func (m *machine) Clone(t *rapid.T) {
	skip := anyFlags.Draw(t, "skip")
	var referenced []*value
	m.table = m.table.Clone(skip, func(v *value) { referenced = append(referenced, v) })
	maps.DeleteFunc(m.model.entries, func(_ int, e entry) bool { return e.v == nil || e.flags&skip != 0 })
	m.model.closed = false
	var want []*value
	for _, fd := range m.model.some(true) {
		want = append(want, m.model.entries[fd].v)
	}
	if !slices.Equal(referenced, want) {
		t.Fatalf("Clone(%d) references %v, want %v", skip, referenced, want)
	}
}

func (m *machine) Close(t *rapid.T) {
	if rapid.IntRange(0, 4).Draw(t, "die") != 0 {
		t.Skip("not yet")
	}
	got := m.table.Close()
	if want := m.model.remove(func(int, entry) bool { return true }); !slices.Equal(got, want) {
		t.Fatalf("Close() = %v, want %v", got, want)
	}
	m.model.closed = true
}

// Check is run after each operation.
func (m *machine) Check(t *rapid.T) {
	if err := m.table.Check(); err != nil {
		t.Fatalf("Check() = %v, want nil", err)
	}
	open := m.model.some(true)
	if got := openIn(m.table); !slices.Equal(got, open) {
		t.Fatalf("open = %v, want %v", got, open)
	}
	for _, fd := range append(open, -1, 0, 63, 64, 5000, Max) {
		e := m.model.entries[fd]
		if got := m.table.Get(fd); got != e.v {
			t.Fatalf("Get(%d) = %p, want %p", fd, got, e.v)
		}
		if e.v == nil {
			e.flags = 0
		}
		if got, ok := m.table.Flags(fd); got != e.flags || ok != (e.v != nil) {
			t.Fatalf("Flags(%d) = %d, %t, want %d, %t", fd, got, ok, e.flags, e.v != nil)
		}
	}
	highest := -1
	if len(open) > 0 {
		highest = open[len(open)-1]
	}
	if n, top := m.table.Len(), m.table.Highest(); n != len(open) || top != highest {
		t.Fatalf("Len, Highest = %d, %d, want %d, %d", n, top, len(open), highest)
	}
}
