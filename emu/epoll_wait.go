package emu

import (
	"slices"
	"time"

	"sockpair/errno"
)

// Waiting on an epoll instance.

// wakeOne wakes the first who waits, who no longer does then: the next event
// is for another. mu is held. Linux ep_autoremove_wake_function.
func (ep *epoll) wakeOne() bool {
	if len(ep.waiters) == 0 {
		return false
	}
	ep.waiters[0].wake(wokenReady)
	ep.waiters = slices.Delete(ep.waiters, 0, 1)
	ep.attend()
	return true
}

// attend notes whether somebody has to be told of each event. mu is held.
func (ep *epoll) attend() { ep.attended.Store(len(ep.waiters) > 0 || ep.watches.first != nil) }

// harvest moves up to len(events) of what is ready into events. An item that
// turns out not to be ready leaves the list; one that is level-triggered goes
// to its end. The next who waits is woken when something is left.
// Linux fs/eventpoll.c ep_send_events.
func (ep *epoll) harvest(events []EpollEvent) (n int) {
	ep.scan.Lock()
	ep.round++
	for n < len(events) {
		it := ep.ready.first.Load()
		if it == nil || it.round == ep.round {
			break
		}
		it.round = ep.round
		asked := it.events.Load()
		then := goesLast
		if asked&(EPOLLET|EPOLLONESHOT) != 0 {
			then = leaves
		}
		if got := it.report(then); got != 0 {
			events[n] = EpollEvent{got, it.data}
			n++
			if asked&EPOLLONESHOT != 0 {
				it.events.Store(asked & epollPrivate)
			}
		}
	}
	if ep.attended.Load() && ep.ready.first.Load() != nil {
		ep.mu.Lock()
		ep.wakeOne()
		ep.mu.Unlock()
	}
	ep.scan.Unlock()
	return n
}

// report is what the first item of the ready list has to report, 0 for
// nothing, in which case it leaves the list; else then is what becomes of it.
// scan is held.
//
// Neither happens but under the description's lock, so no event comes between
// the question and what becomes of it: notify does nothing about an item that
// is on the list.
func (it *epollItem) report(then fate) (got uint32) {
	if it.f.epoll != nil {
		return it.reportInner(then)
	}
	asked := it.wanted()
	it.f.lock.Lock()
	got = uint32(uint16(it.f.readyFor(int16(asked)))) & asked
	switch {
	case it.gone:
		got = 0
	case got == 0:
		it.move(leaves)
	case then == leaves || then == goesLast && !it.alone():
		it.move(then)
	}
	it.f.lock.Unlock()
	return got
}

// reportInner is report for an item that is an instance itself. That has to be
// asked without its lock, so the item is off the list meanwhile.
func (it *epollItem) reportInner(then fate) (got uint32) {
	it.move(leaves)
	asked := it.wanted()
	got = uint32(uint16(it.f.poll(int16(asked)))) & asked
	it.ep.mu.Lock()
	defer it.ep.mu.Unlock()
	switch {
	case it.gone:
		return 0
	case got != 0 && !it.linked.Load():
		it.ep.ready.put(it, then)
	}
	return got
}

// EpollWait waits for timeout milliseconds at most, for ever if it is
// negative, until one of the registered descriptions is ready, and stores up
// to len(events) of what is. It returns how many.
//
// EBADF; EINVAL: no room for an event, or epfd is no epoll instance. EINTR: a
// handler ran; epoll_wait never restarts.
func (p *Process) EpollWait(epfd int, events []EpollEvent, timeout int) (int, error) {
	if p.proc.attention.Load()&(due|observed) == 0 && len(events) > 0 && len(events) <= maxEpollEvents {
		if f := p.proc.files.Get(epfd); f != nil && f.instance() != nil {
			if n := f.epoll.harvest(events); n > 0 || timeout == 0 && f.refs.alive() {
				return p.done(n)
			}
		}
	}
	return p.observe("epoll_wait", func() []any { return []any{Fd(epfd), events, len(events), timeout} },
		func() (int, errno.Errno) { return p.epollWait(epfd, events, milliseconds(timeout), false) })
}

// EpollPwait is EpollWait with a signal mask, when not nil, while it waits.
func (p *Process) EpollPwait(epfd int, events []EpollEvent, timeout int, mask *Sigset) (int, error) {
	return p.observe("epoll_pwait", func() []any { return []any{Fd(epfd), events, len(events), timeout, mask} },
		func() (int, errno.Errno) {
			return p.withMask(mask, func() (int, errno.Errno) {
				return p.epollWait(epfd, events, milliseconds(timeout), mask != nil)
			})
		})
}

// EpollPwait2 is EpollPwait with a time-out that may be nil, for ever. EINVAL:
// it is negative.
func (p *Process) EpollPwait2(epfd int, events []EpollEvent, timeout *time.Duration, mask *Sigset) (int, error) {
	return p.observe("epoll_pwait2", func() []any { return []any{Fd(epfd), events, len(events), timeout, mask} },
		func() (int, errno.Errno) {
			if timeout != nil && *timeout < 0 {
				return -1, errno.EINVAL
			}
			return p.withMask(mask, func() (int, errno.Errno) { return p.epollWait(epfd, events, timeout, mask != nil) })
		})
}

// milliseconds is the time-out of poll and epoll_wait: negative is for ever.
func milliseconds(n int) *time.Duration {
	if n < 0 {
		return nil
	}
	d := time.Duration(n) * time.Millisecond
	return &d
}

func (p *Process) epollWait(epfd int, events []EpollEvent, limit *time.Duration, masked bool) (int, errno.Errno) {
	f, err := p.use(epfd)
	if err != 0 {
		return -1, err
	}
	defer f.leave()
	if len(events) == 0 || len(events) > maxEpollEvents || f.instance() == nil {
		return -1, errno.EINVAL
	}
	if n := f.epoll.harvest(events); n > 0 {
		return n, 0
	}
	switch {
	case limit != nil && *limit == 0 && masked && p.signalWaits():
		return -1, errno.EINTR
	case limit != nil && *limit == 0:
		return 0, 0
	}
	return p.epollSleep(f.epoll, events, p.deadlineOf(limit))
}

// epollSleep is the loop of an epoll_wait that has found nothing.
func (p *Process) epollSleep(ep *epoll, events []EpollEvent, deadline time.Time) (int, errno.Errno) {
	w := new(waiter)
	w.reset(&p.sys.seam)
	defer ep.stopWaiting(w)
	for {
		if ep.wait(w) {
			switch why := p.sleep(w, deadline); {
			case why&wokenEnd != 0:
				return -1, errEnded
			case why&wokenReady != 0:
			case why&wokenTime != 0:
				return ep.harvest(events), 0
			case why&wokenSignal != 0:
				return -1, errno.EINTR
			}
		}
		if n := ep.harvest(events); n > 0 {
			return n, 0
		}
	}
}

// wait puts a waiter on the list, unless something has come meanwhile, and
// reports whether it did.
func (ep *epoll) wait(w *waiter) bool {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	if ep.ready.first.Load() != nil {
		return false
	}
	ep.waiters = append(ep.waiters, w)
	ep.attend()
	return true
}

// stopWaiting takes a waiter off the list; a wake-up that it has not used goes to the next.
func (ep *epoll) stopWaiting(w *waiter) {
	ep.mu.Lock()
	defer ep.mu.Unlock()
	if i := slices.Index(ep.waiters, w); i >= 0 {
		ep.waiters = slices.Delete(ep.waiters, i, i+1)
	}
	ep.attend()
	if ep.ready.first.Load() != nil {
		ep.wakeOne()
	}
}

// readable reports whether an epoll_wait would find something, asking what is
// on the ready list and dropping what is not ready.
func (ep *epoll) readable() bool {
	ep.scan.Lock()
	defer ep.scan.Unlock()
	for it := ep.ready.first.Load(); it != nil; it = ep.ready.first.Load() {
		if it.report(stays) != 0 {
			return true
		}
	}
	return false
}
