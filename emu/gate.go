package emu

import "sync/atomic"

// Gate is the short way of Read and Write for a layer on top that serialises
// its callers: it is gone only while no bit of a mask is set in the layer's
// word, which is looked at under the description's lock. So the layer needs no
// lock of its own for a call that is not made in parts. Where the gate is shut,
// the call is not of the plain kind, or Config.Observer is told of calls,
// nothing happens: the layer takes its lock, which sets a bit, and makes the
// ordinary call.
//
// A bit that is set shuts the gate from the layer's next call of the machine
// for that description on: who was through before it has returned its bytes by
// then, or has the lock that the call waits for.
type Gate struct {
	p    *Process
	f    *file
	fd   int
	word *atomic.Uint32
	mask uint32
}

// Passage is what has become of a call at a gate.
type Passage uint8

const (
	Refused Passage = iota // nothing was done: the gate is shut, or the call is not of the plain kind
	Passed                 // the call is done
	Begun                  // the caller has the bit, and has to call Poller.Finish
)

// Gate makes a gate for the socket at fd. It is for that description: when
// another takes the number, the gate is shut. Of what is no socket it always
// is.
func (p *Process) Gate(fd int, word *atomic.Uint32, mask uint32) Gate {
	g := Gate{p: p, fd: fd, word: word, mask: mask}
	if f := p.proc.files.Get(fd); f != nil && f.end != nil {
		g.f = f
	}
	return g
}

// enter takes the lock of the description if the gate is open.
func (g *Gate) enter() *file {
	f := g.f
	if f == nil || g.p.proc.attention.Load()&(due|observed) != 0 || g.p.proc.files.Get(g.fd) != f {
		return nil
	}
	f.lock.Lock()
	if g.word.Load()&g.mask != 0 || !f.refs.alive() {
		f.lock.Unlock()
		return nil
	}
	return f
}

// Read reads, and waits for something to read, also where the description does
// not block. To wait it takes the gate's bit held for the caller, which shuts
// the gate, and w.Rouse ends the wait. A wait that ends by a write, with no
// other bit set meanwhile, gives the bit back and has passed; any other is over
// only after [Poller.Finish], which the caller has to call, and the caller has
// the bit until it gives it back itself. With a nil w it does not wait. A b of
// no bytes it leaves to [Process.Read].
//
// As in waitPlain, the sleep is as few calls deep as can be.
func (g *Gate) Read(b []byte, w *Poller, held uint32) (int, Passage) {
	if len(b) == 0 || isBad(b) {
		return 0, Refused
	}
	f := g.enter()
	if f == nil {
		return 0, Refused
	}
	e := f.end
	if n, done := e.recvPlain(b); done {
		g.leave()
		return n, Passed
	}
	if w == nil || !e.lacks() || !g.p.lends(g.fd, e) {
		f.lock.Unlock()
		return 0, Refused
	}
	s := w.berthAt(e) // before the look at Rouse's bit
	if w.isRoused() || !g.take(held) {
		f.lock.Unlock()
		return 0, Refused
	}
	c := &s.recvCall
	c.into(g.fd, b)
	if s.restless = !g.p.enlist(&c.parked, e, &e.recvs); s.restless {
		f.lock.Unlock()
		return 0, Begun
	}
	c.lieDown()
	c.cond.L = (*dozer)(&c.parked)
	c.cond.Wait()
	if !c.handedOver() {
		return 0, Begun
	}
	n := c.collect()
	if !g.giveBack(held) { // after it the berth is another's
		c.moved = n
		return 0, Begun
	}
	return n, Passed
}

// take sets a bit of the word, unless the gate has been shut meanwhile.
func (g *Gate) take(held uint32) bool {
	for {
		old := g.word.Load()
		if old&g.mask != 0 {
			return false
		}
		if g.word.CompareAndSwap(old, old|held) {
			return true
		}
	}
}

// giveBack takes the bit off again, unless there is something else to do: for
// who has set another one, or for the process.
func (g *Gate) giveBack(held uint32) bool {
	old := g.word.Load()
	return old&g.mask == held && !g.p.isDue() && g.word.CompareAndSwap(old, old&^held)
}

// Write writes all of b if there is room for it, and else nothing.
func (g *Gate) Write(b []byte) bool {
	if len(b) == 0 || isBad(b) {
		return false
	}
	f := g.enter()
	if f == nil {
		return false
	}
	if !f.end.sendPlain(b) {
		f.lock.Unlock()
		return false
	}
	g.leave()
	return true
}

// leave delivers a signal that the call has raised, as every call does when it
// returns.
func (g *Gate) leave() {
	if g.p.isDue() {
		g.p.ret(0, 0)
	}
}
