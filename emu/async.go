package emu

// Signals that a socket sends: SIGURG for an urgent byte, and with O_ASYNC
// SIGIO, or the signal of F_SETSIG, when something has happened. They go to
// the owner that F_SETOWN, FIOSETOWN or SIOCSPGRP names.

// owed is a signal that is sent once the link is unlocked.
type owed struct {
	sys *System
	who int // a process, or as a negative number a group
	sig Signal
}

func (o owed) release(*reaper) {
	for _, q := range o.sys.matching(func(q *proc) bool { return q.pid == o.who || q.group == -o.who }) {
		q.signal(o.sig, nil)
	}
}

// owe arranges for a signal to the owner, if there is one. The lock is held.
func (e *end) owe(sig Signal) {
	if e.owner.who != 0 {
		e.link.dropped = append(e.link.dropped, owed{e.sys, int(e.owner.who), sig})
	}
}

// async sends what O_ASYNC asks for: a signal for each arrival and change of
// state, and for room only to who has found none.
// Linux include/net/sock.h sk_wake_async.
func (e *end) async(ev events) {
	if e.status&O_ASYNC == 0 {
		return
	}
	if ev&spaceFreed != 0 && e.options != nil && e.options.noRoom {
		e.options.noRoom = false
		ev |= dataArrived
	}
	if ev&(dataArrived|errorPending|stateChanged) == 0 {
		return
	}
	e.owe(e.owner.asyncSignal())
}

// foundNoRoom remembers that O_ASYNC owes a signal when there is room.
func (e *end) foundNoRoom() {
	if e.status&O_ASYNC != 0 {
		e.opts().noRoom = true
	}
}

// setAsync sets or clears O_ASYNC of a description, whose lock is held; an
// end that signals counts as one that waits.
func (f *file) setAsync(on bool) {
	was := f.status&O_ASYNC != 0
	if was == on {
		return
	}
	f.status ^= O_ASYNC
	if f.end == nil {
		return
	}
	if on {
		f.end.link.waiting++
	} else {
		f.end.link.waiting--
	}
}
