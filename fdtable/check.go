package fdtable

import "fmt"

// Check returns nil, or an error that names the first invariant that does not
// hold. It is for tests; it looks at every number.
func (t *Table[T]) Check() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.taken.check(); err != nil {
		return err
	}
	room := 0
	if slots := t.slots.Load(); slots != nil {
		room = len(*slots)
	}
	if len(t.flags) != room {
		return fmt.Errorf("len(flags) = %d, want %d as slots", len(t.flags), room)
	}
	if last := t.taken.lastTaken(Max); last >= room {
		return fmt.Errorf("number %d is taken, want all below %d, the room", last, room)
	}
	open := 0
	for fd := range room {
		if t.taken.has(fd) {
			if t.Get(fd) != nil {
				open++
			}
		} else if v := t.Get(fd); v != nil || t.flags[fd] != 0 {
			return fmt.Errorf("free number %d has value %p, flags %d, want none", fd, v, t.flags[fd])
		}
	}
	if t.open != open {
		return fmt.Errorf("open = %d, want %d, the installed slots", t.open, open)
	}
	if t.closed && room != 0 {
		return fmt.Errorf("room of a closed table = %d, want 0", room)
	}
	return nil
}

// check returns an error unless each bit of a level above 0 says whether its
// word is full.
func (b *bitmap) check() error {
	for level := range len(b) - 1 {
		words := max(len(b[level]), 64*len(b[level+1]))
		for w := range words {
			full := w < len(b[level]) && b[level][w] == wordFull
			above := b[level+1]
			marked := w/64 < len(above) && above[w/64]&(1<<(w%64)) != 0
			if marked != full {
				return fmt.Errorf("level %d, word %d: marked full = %t, want %t", level, w, marked, full)
			}
		}
	}
	return nil
}
