package replay

import (
	"maps"

	"sockpair/emu"
	"sockpair/strace"
)

// The end of a process has two moments. First its descriptors are closed:
// others see the end of file. Later it can be waited for, and its parent gets
// SIGCHLD: not before the log tells of the end, since strace is told first.
// What stands between, exit_group or a deadly kill and `+++ exited with 0 +++`,
// may be long, and the first moment may lie anywhere in it.

// ending is a process between the two moments, or after them.
type ending struct {
	held        map[*description]bool // what it had open
	from, until int                   // moments
}

// closeDown is the first moment of a process that the log sees end at until.
func (r *run) closeDown(of *process, from, until int) {
	if of.closed || of.ended {
		return
	}
	e := ending{held: make(map[*description]bool), from: from, until: until}
	for _, d := range of.fds.fds {
		e.held[d] = true
	}
	r.endings = append(r.endings, e)
	of.closed = true
	shared := of.fds.users > 1
	of.fds.drop()
	for _, t := range maps.Clone(of.tasks) {
		if t.now != nil && t.now.started && isBlocking(t.now.c.text.Name) && !r.d.isDone(t.now) {
			r.abort(t.now)
		}
	}
	for _, t := range of.tasks {
		if !shared {
			_ = t.p.CloseRange(0, 1<<32-1, 0)
		}
		break
	}
	r.d.settle()
}

// endsDuring reports whether the other end of d was held by a process that was
// ending while the call went on. Its descriptors are closed one after another,
// and on the machine at once, so that a call may have seen fewer of them gone.
func (r *run) endsDuring(a *attempt, d *description) bool {
	if !d.isPair() {
		return false
	}
	for _, e := range r.endings {
		if e.held[d.peer] && a.c.enter <= e.until && a.c.leave >= e.from {
			return true
		}
	}
	return false
}

// raceBits are the events in which an answer about an end differs.
type raceBits struct {
	d    *description
	bits int
}

// races reports whether every difference may be due to what goes on inside
// other calls, so that no order of whole calls explains it: a sender of
// another task took the room before the machine's poll was asked, for when room
// appears Linux wakes both; or a process was closing its descriptors.
func (a *attempt) races(differs []raceBits) bool {
	const room = emu.POLLOUT | emu.POLLWRNORM | emu.POLLWRBAND
	for _, x := range differs {
		if !(x.bits&^room == 0 && a.r.sendsDuring(a, x.d)) && !a.r.endsDuring(a, x.d) {
			return false
		}
	}
	return len(differs) > 0
}

// sendsDuring reports whether another call sends from d while a goes on.
func (r *run) sendsDuring(a *attempt, d *description) bool {
	for _, b := range r.tries {
		if b != nil && b != a && b.sending && b.d == d && d != nil && b.c.enter < a.c.leave && b.c.leave > a.c.enter {
			return true
		}
	}
	return false
}

// deathAfter is the moment at which the log tells that a process has been
// killed by sig, if that is the next end of it that the log tells of.
func (s *script) deathAfter(pid, at int, sig emu.Signal) (end int, told bool) {
	end, told = s.endAfter(pid, at)
	if !told || s.moments[end].line.Kind != strace.LineKilled || s.moments[end].line.Sig != sig.String() {
		return 0, false
	}
	return end, true
}
