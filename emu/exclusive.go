package emu

import "math"

// Whom an event wakes when many wait for it. First all that share it: polls,
// epoll registrations without EPOLLEXCLUSIVE, and the calls that do not wait
// exclusively. Then one of the description's line, which holds in order of
// arrival
//
//   - the registrations with EPOLLEXCLUSIVE, from EPOLL_CTL_ADD on;
//   - receives of messages, accepts, reads and writes of pipes, from when they
//     fall asleep. They wait exclusively.
//
// The event is for the first that takes it. A call always does; a registration
// does if somebody sleeps in its epoll_wait, and else only notes the event. Who
// stands behind learns nothing: a registration is not ready then, and a call
// sleeps on, beside what it could have had. Reads and writes of a counter or a
// timer stand in its line too, but take nothing. Changes of state are for all.
//
// Linux kernel/sched/wait.c __wake_up_common, fs/eventpoll.c ep_poll_callback.
//
// Linux has one list for all that. Here calls and watches have lists of their
// own, as the short way wants them; a watch has a number, and a call that waits
// knows how many have come before it.

// endOfLine stands behind all watches.
const endOfLine = math.MaxUint32

// offer tells the exclusive watches that are not behind a call which stands
// after so many of an event, until one takes it; nil: none has. Of several
// events each has its own taker. The lock is held.
func (f *file) offer(ev events, after uint32) (taker *watch) {
	first := f.watches.exclusive
	if first == nil {
		return nil
	}
	if ev&stateChanged != 0 {
		ev = stateChanged
	}
	for ; ev != 0; ev &= ev - 1 {
		key := (ev & -ev).key()
		for w := first; w != nil && w.number <= after; w = w.next {
			if w.item.notify(key) && key != 0 {
				taker = w
				break
			}
		}
	}
	f.watches.taken = f.watches.taken || taker != nil
	return taker
}

// offerFirst tells the exclusive watches and the calls in q, which wait
// exclusively, of an event that one of them takes. The lock is held.
func (f *file) offerFirst(q *waitQueue, ev events) {
	if len(q.waiters) == 0 {
		f.offer(ev, endOfLine)
	} else if f.offer(ev, q.waiters[0].after) == nil {
		q.wake(1)
	}
}

// offerAll tells who watches, and the calls in q, which take no event from who
// is behind them. The lock is held.
func (f *file) offerAll(q *waitQueue, ev events) {
	f.tellShared(ev)
	n, taker := len(q.waiters), f.offer(ev, endOfLine)
	for taker != nil && n > 0 && q.waiters[n-1].after >= taker.number {
		n--
	}
	q.wake(n)
}

// lineUp puts a call that waits for the description into q. The lock is held.
func (f *file) lineUp(q *waitQueue, w *waiter) {
	w.after = f.watches.came
	q.add(w)
}
