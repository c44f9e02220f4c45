package emu

import (
	"sync/atomic"

	"sockpair/errno"
)

// Poller is where one goroutine waits for a description between non-blocking
// calls, as in the poller of Go's runtime: a layer on top of the machine tries
// a call, arms the Poller when that says EAGAIN, waits, and tries again. Other
// goroutines may end the wait with Rouse at any time. The zero value is ready
// for use; one allocates nothing after that.
//
// A loop that loses no wake-up, whatever the call:
//
//	for {
//		n, err := p.Read(fd, b)
//		if err != errno.EAGAIN {
//			w.Disarm()
//			return n, err
//		}
//		if ready, err := w.Arm(p, fd, emu.POLLIN); err != nil || ready != 0 {
//			continue // it has become ready meanwhile
//		}
//		w.Wait() // then look whether Rouse was called, and why
//	}
//
// Arm, Wait, Disarm and Finish are for one goroutine at a time, Rouse for all.
// [Gate.Read] waits in a way that costs less.
type Poller struct {
	p  *Process // who waits
	f  *file    // that is watched, or was last
	w  waiter
	on bool // f.watches has watch; guarded by f.lock

	watch watch

	berth atomic.Pointer[berth] // nil until Gate.Read has waited
}

// Arm begins to watch fd's description for one event that leaves it ready for
// one of events, or in error or hung up, and returns what it is ready for now.
// Where it is watched already 0 is returned: then only an event counts, since
// a call may have found nothing to do although poll says ready (a datagram to
// a full queue of another socket).
//
// EBADF: fd is not open. EPERM: its description cannot be watched, as with epoll.
func (w *Poller) Arm(p *Process, fd int, events int16) (ready int16, err error) {
	if p.isDue() {
		if _, err := p.ret(0, 0); err != nil {
			return 0, err
		}
	}
	f, e := p.lockFile(fd)
	if e != 0 {
		return 0, p.ret1(e)
	}
	if f.end == nil && f.object == nil {
		f.lock.Unlock()
		return 0, p.ret1(errno.EPERM)
	}
	if w.f != f {
		f.lock.Unlock()
		w.watchOther(p, f)
		return w.Arm(p, fd, events)
	}
	defer f.lock.Unlock()
	if w.on {
		return 0, nil
	}
	w.arm(p, events)
	if f.end != nil {
		ready = f.end.readiness()
	} else {
		ready = f.object.readiness()
	}
	return ready & (events | always), nil
}

// arm puts the watch on the Poller's description. The lock is held.
func (w *Poller) arm(p *Process, events int16) {
	w.p, w.on = p, true
	w.watch.events, w.watch.once = events, w
	w.f.watch(&w.watch)
}

// watchOther turns the Poller to another description.
func (w *Poller) watchOther(p *Process, f *file) {
	w.Disarm()
	w.f = f
	w.w.belongTo(&p.sys.seam)
}

// Wait sleeps until what Arm asked for has happened or Rouse is called, and
// not at all when one of them has been so since the last Wait. It reports
// whether it was the former, which ends the watch; Rouse does not. A signal is
// delivered and ends no wait.
//
// *Ended: the process has ended.
func (w *Poller) Wait() (happened bool, err error) {
	for {
		why := w.p.sleep(&w.w, noDeadline)
		if why&wokenEnd != 0 {
			w.Disarm()
			return false, w.p.ret1(errEnded)
		}
		if why&wokenSignal != 0 {
			w.p.deliver()
		}
		if why&(wokenReady|wokenRoused) != 0 {
			return why&wokenReady != 0, nil
		}
	}
}

// Rouse ends the wait that is going on, or the next one.
func (w *Poller) Rouse() {
	w.w.wake(wokenRoused)
	if s := w.berth.Load(); s != nil {
		s.rouse()
	}
}

// Disarm ends the watch; without one it does nothing.
func (w *Poller) Disarm() {
	if w.f == nil {
		return
	}
	w.f.lock.Lock()
	w.drop()
	w.f.lock.Unlock()
	w.w.word.And(^uint32(wokenReady)) // what has happened by now is for nobody
}

// drop takes the watch off its description. The lock is held.
func (w *Poller) drop() {
	if w.on {
		w.on = false
		w.f.unwatch(&w.watch)
	}
}

// happened is told by the description, under its lock, that something has
// happened.
func (w *Poller) happened() {
	w.drop()
	w.w.wake(wokenReady)
}

// System returns the machine of the process.
func (p *Process) System() *System { return p.sys }

// Clock returns the machine's time.
func (s *System) Clock() Clock { return s.seam.clock }
