package emu

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
	events uint32 // guarded by ep.mu
	data   uint64
	watch  watch
	gone   bool // guarded by ep.mu

	next, prev *epollItem // in ep.ready
	linked     bool
}

// itemList is a list of items in order of their becoming ready. Guarded by mu.
type itemList struct {
	first, last *epollItem
	n           int
}

func (l *itemList) push(it *epollItem) {
	if it.linked {
		return
	}
	it.linked, it.prev, it.next = true, l.last, nil
	if l.last == nil {
		l.first = it
	} else {
		l.last.next = it
	}
	l.last = it
	l.n++
}

func (l *itemList) remove(it *epollItem) {
	if !it.linked {
		return
	}
	if it.prev == nil {
		l.first = it.next
	} else {
		it.prev.next = it.next
	}
	if it.next == nil {
		l.last = it.prev
	} else {
		it.next.prev = it.prev
	}
	it.linked, it.next, it.prev = false, nil, nil
	l.n--
}

func (ep *epoll) item(k epollKey) *epollItem {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	return ep.items[k]
}

// register adds an item. scan is held.
func (ep *epoll) register(f *file, fd int, event *EpollEvent) {
	it := &epollItem{epollKey: epollKey{f, fd}, ep: ep, events: event.Events | always, data: event.Data}
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
	if uint32(uint16(it.f.poll()))&it.wanted() != 0 {
		it.happened()
	}
}

// wanted are the events that the item reports.
func (it *epollItem) wanted() uint32 {
	it.ep.mu.Lock()
	defer it.ep.mu.Unlock()
	return it.events &^ epollPrivate
}

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
	it.ep.mu.Lock()
	asked := it.events &^ epollPrivate
	it.ep.mu.Unlock()
	if asked == 0 || key != 0 && key&asked == 0 {
		return false
	}
	return it.happened()
}

// happened puts the item on the ready list and wakes one who waits, and those
// who watch the instance.
func (it *epollItem) happened() (waited bool) {
	ep := it.ep
	ep.mu.Lock()
	defer ep.mu.Unlock()
	if it.gone {
		return false
	}
	ep.ready.push(it)
	waited = ep.wakeOne()
	ep.watches.tell(dataArrived, POLLIN|POLLRDNORM)
	return waited
}
