package emu

// pipe checks one end of a pipe: its buffers hold something and are not too
// many, and nobody sleeps who could go on, unless an exclusive watch took his
// wake-up. A pipe that a call keeps is that call's.
func (c *checker) pipe(e *pipeEnd) {
	pp := e.pipe
	if len(pp.bufs) > pp.max {
		c.fault("a pipe has %d buffers of %d", len(pp.bufs), pp.max)
	}
	for i, b := range pp.bufs {
		if len(b.b) == 0 {
			c.fault("buffer %d of a pipe is empty", i)
		}
	}
	if len(pp.owed) > 0 {
		c.fault("a pipe owes %d signals", len(pp.owed))
	}
	if pp.held {
		return
	}
	if len(pp.late)+len(pp.turn.waiters) > 0 {
		c.fault("%d ends are closing and %d calls wait for a pipe that nobody has", len(pp.late), len(pp.turn.waiters))
	}
	mayRun := !pp.empty() || !pp.out.open
	if e == &pp.out {
		mayRun = !pp.full() || !pp.in.open
	}
	if n := len(e.alone.waiters) + len(e.all.waiters); n > 0 && mayRun && !e.watches.taken {
		c.fault("%d calls sleep on a pipe and may run", n)
	}
}
