package fdtable

import (
	"sync"
	"sync/atomic"
)

// Flags are the flags of a descriptor. They belong to the number, not to the
// value, and are set in the same step as the number is taken.
type Flags uint8

// The descriptor flags. CLOEXEC has the number of FD_CLOEXEC; Linux has no
// other, so CLOFORK has a bit that Linux does not use.
const (
	CLOEXEC Flags = 1 << iota // closed by exec
	CLOFORK                   // not in the child of fork
)

// Table is a descriptor table. The zero value is an empty table. A table must
// not be copied after its first use.
type Table[T any] struct {
	// slots has a slot for each number up to its length; a slot is nil unless
	// its number is installed. It grows by replacement. Every store, of the
	// slice and of a slot, is made holding mu, so the current slice misses
	// none; a look-up that holds a replaced one began before the replacement,
	// and what it reads there was true at that moment or after.
	slots atomic.Pointer[[]atomic.Pointer[T]]

	mu     sync.Mutex
	taken  bitmap  // numbers that are reserved or installed
	flags  []Flags // as long as slots; of free numbers 0
	open   int     // how many are installed
	closed bool    // by Close
}

// minSlots is how many numbers the first slice of slots has room for.
const minSlots = 8

// Get returns the value of fd, or nil when fd is not open: negative, free,
// reserved, or out of range. It takes no lock, and finds every value whose
// installation was complete when it was called.
func (t *Table[T]) Get(fd int) *T {
	slots := t.slots.Load()
	if slots == nil || uint(fd) >= uint(len(*slots)) {
		return nil
	}
	return (*slots)[fd].Load()
}

// Reserve takes the lowest free number that is >= min and < limit, and gives it
// flags. ok is false when there is none, or the table is closed. The number is
// the caller's to Install or to Release.
func (t *Table[T]) Reserve(min, limit int, flags Flags) (fd int, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fd = t.taken.nextFree(max(min, 0))
	if fd >= limit || fd >= Max || t.closed {
		return 0, false
	}
	t.takeLocked(fd, flags)
	return fd, true
}

// ReservePair takes the two lowest free numbers below limit, a < b, or none.
func (t *Table[T]) ReservePair(limit int, flags Flags) (a, b int, ok bool) {
	t.mu.Lock()
	a, b, ok = t.reservePairLocked(limit, flags)
	t.mu.Unlock()
	return a, b, ok
}

func (t *Table[T]) reservePairLocked(limit int, flags Flags) (a, b int, ok bool) {
	a = t.taken.nextFree(0)
	b = t.taken.nextFree(a + 1)
	if b >= limit || b >= Max || t.closed {
		return 0, 0, false
	}
	t.takeLocked(a, flags)
	t.takeLocked(b, flags)
	return a, b, true
}

// Install puts v at a number that the caller has reserved; from here on fd is
// open. It is false, and v remains the caller's, when Close came in between.
// It panics when v is nil or fd is not reserved.
func (t *Table[T]) Install(fd int, v *T) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.installLocked(fd, v)
}

// InstallPair is Install of two values, both or none.
func (t *Table[T]) InstallPair(a int, va *T, b int, vb *T) bool {
	t.mu.Lock()
	ok := t.installLocked(a, va) && t.installLocked(b, vb)
	t.mu.Unlock()
	return ok
}

// AddPair is ReservePair and InstallPair in one step.
func (t *Table[T]) AddPair(va, vb *T, limit int, flags Flags) (a, b int, ok bool) {
	t.mu.Lock()
	if a, b, ok = t.reservePairLocked(limit, flags); ok {
		t.installLocked(a, va)
		t.installLocked(b, vb)
	}
	t.mu.Unlock()
	return a, b, ok
}

func (t *Table[T]) installLocked(fd int, v *T) bool {
	mustBeValue(v)
	if t.closed {
		return false
	}
	t.mustBeReservedLocked(fd)
	t.slotLocked(fd).Store(v)
	t.open++
	return true
}

// Add is Reserve and Install in one step: it puts v at the lowest free number
// that is >= min and < limit. It panics when v is nil.
func (t *Table[T]) Add(v *T, min, limit int, flags Flags) (fd int, ok bool) {
	mustBeValue(v)
	t.mu.Lock()
	fd = t.taken.nextFree(max(min, 0))
	if ok = fd < limit && fd < Max && !t.closed; ok {
		t.takeLocked(fd, flags)
		t.slotLocked(fd).Store(v)
		t.open++
	} else {
		fd = 0
	}
	t.mu.Unlock()
	return fd, ok
}

// Release gives a number back that the caller has reserved and not installed.
// After Close it does nothing. It panics when fd is not reserved.
func (t *Table[T]) Release(fd int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	t.mustBeReservedLocked(fd)
	t.freeLocked(fd)
}

// Insert puts v at the number fd, as dup2 and dup3 do: fd is taken if it is
// free, and if it is open its value is replaced and returned as old. The flags
// are the new ones alone. ok is false, and nothing has changed, when somebody
// has fd reserved (Linux: EBUSY, fs/file.c do_dup2), the table is closed, or fd
// is negative or not below Max. It panics when v is nil.
func (t *Table[T]) Insert(fd int, v *T, flags Flags) (old *T, ok bool) {
	mustBeValue(v)
	t.mu.Lock()
	defer t.mu.Unlock()
	if fd < 0 || fd >= Max || t.closed || t.reservedLocked(fd) {
		return nil, false
	}
	t.takeLocked(fd, flags)
	if old = t.slotLocked(fd).Swap(v); old == nil {
		t.open++
	}
	return old, true
}

// Remove makes fd free and returns its value. Of several that remove the same
// descriptor at once exactly one gets it. It returns nil when fd is not open.
func (t *Table[T]) Remove(fd int) *T {
	t.mu.Lock()
	v := t.removeLocked(fd)
	t.mu.Unlock()
	return v
}

// Flags returns the flags of fd; ok is false when fd is not open.
func (t *Table[T]) Flags(fd int) (flags Flags, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.Get(fd) == nil {
		return 0, false
	}
	return t.flags[fd], true
}

// SetFlags replaces the flags of fd; it is false when fd is not open.
func (t *Table[T]) SetFlags(fd int, flags Flags) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.Get(fd) == nil {
		return false
	}
	t.flags[fd] = flags
	return true
}

// Len returns how many descriptors are open.
func (t *Table[T]) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open
}

// takeLocked marks fd as taken, with flags, and sees to it that it has a slot.
func (t *Table[T]) takeLocked(fd int, flags Flags) {
	t.growLocked(fd + 1)
	t.taken.add(fd)
	t.flags[fd] = flags
}

// removeLocked is Remove.
func (t *Table[T]) removeLocked(fd int) *T {
	if t.Get(fd) == nil {
		return nil
	}
	v := t.slotLocked(fd).Swap(nil)
	t.freeLocked(fd)
	t.open--
	return v
}

// freeLocked makes fd, whose slot is empty, free.
func (t *Table[T]) freeLocked(fd int) {
	t.taken.remove(fd)
	t.flags[fd] = 0
}

// reservedLocked reports whether fd, which is not negative, is taken and not open.
func (t *Table[T]) reservedLocked(fd int) bool {
	return t.taken.has(fd) && t.Get(fd) == nil
}

// slotLocked returns the slot of fd, which is taken.
func (t *Table[T]) slotLocked(fd int) *atomic.Pointer[T] {
	return &(*t.slots.Load())[fd]
}

// growLocked makes room for n numbers at least. The room doubles, so that each
// slot is copied twice at most on average.
func (t *Table[T]) growLocked(n int) {
	have := len(t.flags)
	if n <= have {
		return
	}
	n = max(n, min(2*have, Max), minSlots)
	slots := make([]atomic.Pointer[T], n)
	for fd := range have {
		slots[fd].Store(t.slotLocked(fd).Load())
	}
	t.slots.Store(&slots) // full before it can be seen
	flags := make([]Flags, n)
	copy(flags, t.flags)
	t.flags = flags
}

func (t *Table[T]) mustBeReservedLocked(fd int) {
	if fd < 0 || !t.reservedLocked(fd) {
		panic("fdtable: number is not reserved")
	}
}

func mustBeValue[T any](v *T) {
	if v == nil {
		panic("fdtable: nil value")
	}
}
