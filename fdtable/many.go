package fdtable

import "iter"

// RemoveRange removes the open descriptors from lo to hi, both included, in
// ascending order, and calls visit for each (close_range). hi may be beyond
// every number. visit runs without the lock and may use the table. As on Linux
// (fs/file.c __range_close) the range is not taken in one step: what another
// goroutine installs in it meanwhile is removed if its turn is still to come.
// Numbers that are reserved stay so.
func (t *Table[T]) RemoveRange(lo, hi int, visit func(fd int, v *T)) {
	for fd := max(lo, 0); ; fd++ {
		var v *T
		if fd, v = t.removeNext(fd, hi); v == nil {
			return
		}
		visit(fd, v)
	}
}

// removeNext removes the lowest open descriptor in a range; the value is nil when there is none.
func (t *Table[T]) removeNext(lo, hi int) (int, *T) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for fd := t.taken.nextTaken(lo); fd < Max && fd <= hi; fd = t.taken.nextTaken(fd + 1) {
		if v := t.removeLocked(fd); v != nil {
			return fd, v
		}
	}
	return 0, nil
}

// SetFlagsRange adds flags to the descriptors from lo to hi, both included, in
// one step (close_range with CLOSE_RANGE_CLOEXEC). Reserved numbers get them
// too, so that a descriptor that is being made does not slip through, as on
// Linux (fs/file.c __range_cloexec).
func (t *Table[T]) SetFlagsRange(lo, hi int, flags Flags) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for fd := t.taken.nextTaken(max(lo, 0)); fd < Max && fd <= hi; fd = t.taken.nextTaken(fd + 1) {
		t.flags[fd] |= flags
	}
}

// RemoveFlagged removes the open descriptors that have one of the flags, in one
// step, and returns their values in ascending order of the numbers (exec).
// Numbers that are reserved stay so.
func (t *Table[T]) RemoveFlagged(flags Flags) []*T {
	t.mu.Lock()
	defer t.mu.Unlock()
	var removed []*T
	for fd := t.taken.nextTaken(0); fd < Max; fd = t.taken.nextTaken(fd + 1) {
		if t.flags[fd]&flags == 0 {
			continue
		}
		if v := t.removeLocked(fd); v != nil {
			removed = append(removed, v)
		}
	}
	return removed
}

// Clone returns a table with the same open descriptors: number, flags and
// value, but for those that have one of the flags in skip (fork). Numbers that
// are reserved are free in the clone, because the call that reserved them will
// install in t. The clone of a closed table is empty and open.
//
// ref is called for each value that the clone holds, in ascending order, under
// t's lock: so a concurrent Remove comes before, and the value is not in the
// clone, or after, and the value has been referenced by then. It must not use t.
func (t *Table[T]) Clone(skip Flags, ref func(*T)) *Table[T] {
	clone := new(Table[T])
	t.mu.Lock()
	defer t.mu.Unlock()
	clone.growLocked(t.highestLocked() + 1)
	for fd := t.taken.nextTaken(0); fd < Max; fd = t.taken.nextTaken(fd + 1) {
		v := t.Get(fd)
		if v == nil || t.flags[fd]&skip != 0 {
			continue
		}
		ref(v)
		clone.takeLocked(fd, t.flags[fd])
		clone.slotLocked(fd).Store(v)
		clone.open++
	}
	return clone
}

// Close removes all descriptors, in one step, and returns their values in
// ascending order of the numbers (exit). The table stays empty for good: calls
// that are under way in the process find no number, and what they have reserved
// they can no longer install. A second Close returns nothing.
func (t *Table[T]) Close() []*T {
	t.mu.Lock()
	defer t.mu.Unlock()
	var removed []*T
	for fd := t.taken.nextTaken(0); fd < Max; fd = t.taken.nextTaken(fd + 1) {
		if v := t.removeLocked(fd); v != nil {
			removed = append(removed, v)
		}
	}
	t.slots.Store(nil)
	t.taken, t.flags, t.closed = bitmap{}, nil, true
	return removed
}

// All yields the open descriptors and their values in ascending order. It takes
// no lock, and the body may use the table: a descriptor that is open all the
// while is yielded once, one that is opened or closed meanwhile perhaps.
func (t *Table[T]) All() iter.Seq2[int, *T] {
	return func(yield func(int, *T) bool) {
		for fd := 0; ; fd++ {
			slots := t.slots.Load()
			if slots == nil || fd >= len(*slots) {
				return
			}
			if v := (*slots)[fd].Load(); v != nil && !yield(fd, v) {
				return
			}
		}
	}
}

// Highest returns the highest open descriptor, or -1 when none is open.
func (t *Table[T]) Highest() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.highestLocked()
}

func (t *Table[T]) highestLocked() int {
	fd := t.taken.lastTaken(Max)
	for fd >= 0 && t.Get(fd) == nil {
		fd = t.taken.lastTaken(fd)
	}
	return fd
}
