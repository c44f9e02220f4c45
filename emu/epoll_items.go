package emu

import "sync/atomic"

// The registrations of an epoll instance, and its ready list.

// epollKey is what an instance registers: a description under a number, so
// that a second descriptor of the same description is another.
type epollKey struct {
	f  *file
	fd int
}

// epollItem is one registration.
type epollItem struct {
	epollKey
	ep     *epoll
	events atomic.Uint32 // written with ep.scan held
	data   uint64        // guarded by ep.scan
	round  uint64        // of the last harvest that has asked it; guarded by ep.scan
	watch  watch
	gone   bool // written with ep.mu held and f.lock or ep.scan beside it

	next   atomic.Pointer[epollItem] // in ep.ready, and so the rest
	prev   *epollItem
	linked atomic.Bool
}

// itemList is a list of items in order of their becoming ready. It is written
// with mu held; what is atomic is read without.
type itemList struct {
	first atomic.Pointer[epollItem]
	last  *epollItem
}

// push puts an item that is not on the list at its end.
func (l *itemList) push(it *epollItem) {
	it.prev = l.last
	if l.last == nil {
		l.first.Store(it)
	} else {
		l.last.next.Store(it)
	}
	l.last = it
	it.linked.Store(true)
}

// pushFirst puts an item that is not on the list before the others.
func (l *itemList) pushFirst(it *epollItem) {
	first := l.first.Load()
	if first == nil {
		l.push(it)
		return
	}
	it.next.Store(first)
	first.prev = it
	l.first.Store(it)
	it.linked.Store(true)
}

// remove takes an item off the list, if it is there.
func (l *itemList) remove(it *epollItem) {
	if !it.linked.Load() {
		return
	}
	next := it.next.Load()
	if it.prev == nil {
		l.first.Store(next)
	} else {
		it.prev.next.Store(next)
	}
	if next == nil {
		l.last = it.prev
	} else {
		next.prev = it.prev
		it.next.Store(nil)
	}
	it.prev = nil
	it.linked.Store(false)
}

// fate is what becomes of an item that was the first of the list.
type fate uint8

const (
	stays fate = iota
	goesLast
	leaves
)

// put puts an item that is not on the list.
func (l *itemList) put(it *epollItem, where fate) {
	switch where {
	case stays:
		l.pushFirst(it)
	case goesLast:
		l.push(it)
	}
}

// move puts the item elsewhere on the list, or takes it off.
func (it *epollItem) move(where fate) {
	it.ep.mu.Lock()
	it.ep.ready.remove(it)
	it.ep.ready.put(it, where)
	it.ep.mu.Unlock()
}

// alone reports whether nothing is on the list but the first item. That it is
// the first the caller knows; no lock is needed.
func (it *epollItem) alone() bool { return it.next.Load() == nil }

func (ep *epoll) item(k epollKey) *epollItem {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	return ep.items[k]
}

// register adds an item. scan is held.
func (ep *epoll) register(f *file, fd int, event *EpollEvent) {
	it := &epollItem{epollKey: epollKey{f, fd}, ep: ep, data: event.Data}
	it.events.Store(event.Events | always)
	it.watch = watch{item: it, exclusive: event.Events&EPOLLEXCLUSIVE != 0}
	ep.mu.Lock()
	ep.items[it.epollKey] = it
	ep.mu.Unlock()
	f.lock.Lock()
	f.watch(&it.watch)
	f.lock.Unlock()
	it.ask()
}

// ask puts the item on the ready list if it is ready now. scan is held.
func (it *epollItem) ask() {
	asked := it.wanted()
	if uint32(uint16(it.f.poll(int16(asked))))&asked != 0 {
		it.happened()
	}
}

// wanted are the events that the item reports.
func (it *epollItem) wanted() uint32 { return it.events.Load() &^ epollPrivate }

// unwatch takes the item off its description's watches.
func (it *epollItem) unwatch() {
	it.f.lock.Lock()
	it.f.unwatch(&it.watch)
	it.f.lock.Unlock()
}

// forget removes the item from its instance.
func (it *epollItem) forget() {
	it.ep.mu.Lock()
	it.gone = true
	it.ep.ready.remove(it)
	delete(it.ep.items, it.epollKey)
	it.ep.mu.Unlock()
}

// notify is told by the description, under its lock, that something has
// happened: key are the events that it may concern, 0 for all. It reports
// whether somebody was waiting, for EPOLLEXCLUSIVE.
func (it *epollItem) notify(key uint32) bool {
	asked := it.wanted()
	if asked == 0 || key != 0 && key&asked == 0 {
		return false
	}
	if it.linked.Load() && !it.ep.attended.Load() {
		return false
	}
	return it.happened()
}

// happened puts the item on the ready list and wakes one who waits, and those
// who watch the instance.
func (it *epollItem) happened() (waited bool) {
	ep := it.ep
	ep.mu.Lock()
	if !it.gone {
		if !it.linked.Load() {
			ep.ready.push(it)
		}
		if ep.attended.Load() {
			waited = ep.wakeOne()
			ep.tell(dataArrived)
		}
	}
	ep.mu.Unlock()
	return waited
}
