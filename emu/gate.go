package emu

import "sync/atomic"

// Gate is the short way of Read and Write for a layer on top that serialises
// its callers: it is gone only while no bit of a mask is set in the layer's
// word, which is looked at under the description's lock. So the layer needs no
// lock of its own for a call that neither waits nor is made in parts. Where the
// gate is shut, the call is not of the plain kind, or Config.Observer is told of
// calls, nothing happens: the layer takes its lock, which sets a bit, and makes
// the ordinary call.
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
	Armed                  // there is nothing to read yet: the caller has the bit, and the Poller is armed
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

// Read reads if something is there. If nothing is, and the end has not come,
// it takes the gate's bit held for the caller, which shuts the gate, and arms w
// for POLLIN, all in one step: what is to be done next is to wait. A b of no
// bytes it leaves to [Process.Read].
func (g *Gate) Read(b []byte, w *Poller, held uint32) (int, Passage) {
	if len(b) == 0 || isBad(b) {
		return 0, Refused
	}
	f := g.enter()
	if f == nil {
		return 0, Refused
	}
	if n, done := f.end.recvPlain(b); done {
		g.leave()
		return n, Passed
	}
	defer f.lock.Unlock()
	e := f.end
	if w == nil || w.f != f || w.on || e.plain&plainRecv == 0 || e.in.Segments() > 0 || e.shut&shutRecv != 0 || !g.take(held) {
		return 0, Refused
	}
	w.arm(g.p, POLLIN)
	return 0, Armed
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
	if g.p.proc.attention.Load()&due != 0 {
		g.p.ret(0, 0)
	}
}
