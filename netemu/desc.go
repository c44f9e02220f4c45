package netemu

import (
	"net"
	"sync"
	"sync/atomic"

	"sockpair/emu"
)

// desc is a descriptor as Go's runtime has one: it does not block, goroutines
// wait for it one reader and one writer at a time, deadlines and Close end
// their waits, and the number is given back when the last call has returned.
type desc struct {
	p  *emu.Process
	fd int
	// file: the errors are those of package os.
	file bool
	// blocks: the description is in blocking mode, so that a call that waits
	// does so in the machine, where neither deadline nor Close reaches it.
	// plain: it was so from the beginning, and there are no deadlines.
	blocks atomic.Bool
	plain  bool
	// endless: a read of nothing is an empty message and no end of file.
	endless bool

	// state has closed, the three bits of each side, and above them the
	// number of other calls that run (oneCall each).
	state  atomic.Uint32
	rd, wr side

	mu     sync.Mutex // guards what is below, and the slow ways of state; nothing is called with it held but Rouse
	idle   sync.Cond  // the last call on a closed desc has returned
	orphan bool       // the last call is to close the descriptor
}

// side is one direction of a desc, which one call has at a time.
type side struct {
	// The bits of desc.state: a call has the side, others wait for it, its
	// deadline has passed.
	held, queued, late uint32
	// gate is the way of a call that neither waits nor has to: open while
	// nothing of the above is so, and the desc is not closed.
	gate emu.Gate

	// Of the call that has the side.
	poller emu.Poller
	events int16
	armed  bool

	// Guarded by desc.mu.
	turn    sync.Cond // of the calls that wait for the side
	waiting int
	handed  bool // the side was given to the first of them
	alarm   alarm
}

// The bits of desc.state beside those of the sides.
const (
	closed  = 1 << 0
	oneCall = 1 << 8
)

// init makes a desc of descriptor fd. It must not be copied after that.
func (d *desc) init(p *emu.Process, fd int) {
	d.p, d.fd = p, fd
	d.rd.held, d.rd.queued, d.rd.late, d.rd.events = 1<<1, 1<<2, 1<<3, emu.POLLIN|emu.POLLRDHUP
	d.wr.held, d.wr.queued, d.wr.late, d.wr.events = 1<<4, 1<<5, 1<<6, emu.POLLOUT
	for _, s := range []*side{&d.rd, &d.wr} {
		s.gate = p.Gate(fd, &d.state, closed|s.held|s.queued|s.late)
	}
	d.idle.L, d.rd.turn.L, d.wr.turn.L = &d.mu, &d.mu, &d.mu
}

// running are the bits of calls that have not returned.
func (d *desc) running() uint32 {
	return d.state.Load() & (d.rd.held | d.wr.held | ^uint32(oneCall-1))
}

// beginsToBlock notes that the caller puts the description into blocking mode,
// and is false if it was so before. It is also if Close waits already: for calls
// that nothing would end then.
func (d *desc) beginsToBlock() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state.Load()&closed == 0 && !d.blocks.Swap(true)
}

// errClosed is the error of a call on what is closed.
func (d *desc) errClosed() error {
	if d.file {
		return errFileClosed
	}
	return net.ErrClosed
}

// lock takes a side, after those who have asked before.
// net.ErrClosed, or errFileClosed of a file.
func (d *desc) lock(s *side) error {
	for {
		old := d.state.Load()
		if old&(closed|s.held|s.queued) != 0 {
			return d.lockLater(s)
		}
		if d.state.CompareAndSwap(old, old|s.held) {
			return nil
		}
	}
}

// lockLater is lock for one who may have to wait. While queued is set the side
// changes hands under mu alone.
func (d *desc) lockLater(s *side) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state.Or(s.queued)
	defer func() {
		if s.waiting == 0 {
			d.state.And(^s.queued)
		}
	}()
	switch {
	case d.state.Load()&closed != 0:
		return d.errClosed()
	case s.waiting == 0 && d.state.Load()&s.held == 0:
		d.state.Or(s.held)
		return nil
	}
	s.waiting++
	for { // if it is handed over already, it is to another
		s.turn.Wait()
		if s.handed || d.state.Load()&closed != 0 {
			break
		}
	}
	s.waiting--
	if s.handed {
		s.handed = false
		return nil
	}
	return d.errClosed()
}

// unlock gives the side to the next.
func (d *desc) unlock(s *side) {
	if s.armed {
		s.armed = false
		s.poller.Disarm()
	}
	if d.state.Add(-s.held)&(closed|s.queued) != 0 {
		d.unlockSlow(s)
	}
}

func (d *desc) unlockSlow(s *side) {
	d.mu.Lock()
	if d.state.Load()&(closed|s.held) == 0 && s.waiting > 0 {
		d.state.Or(s.held)
		s.handed = true
		s.turn.Signal()
	}
	d.mu.Unlock()
	d.returned()
}

// enter begins a call that needs neither side. net.ErrClosed or errFileClosed.
func (d *desc) enter() error {
	for {
		old := d.state.Load()
		if old&closed != 0 {
			return d.errClosed()
		}
		if d.state.CompareAndSwap(old, old+oneCall) {
			return nil
		}
	}
}

func (d *desc) leave() {
	if d.state.Add(^uint32(oneCall-1))&closed != 0 {
		d.returned()
	}
}

// returned tells Close, or does its work, when no call runs on a closed desc.
func (d *desc) returned() {
	d.mu.Lock()
	mine := false
	if d.state.Load()&closed != 0 && d.running() == 0 {
		mine, d.orphan = d.orphan, false
		d.idle.Broadcast()
	}
	d.mu.Unlock()
	if mine {
		d.p.Close(d.fd)
	}
}

// close ends every call, waits until they have returned and closes the
// descriptor. In blocking mode it does not wait, and the last call closes it.
// net.ErrClosed or errFileClosed: it is closed. What close says.
func (d *desc) close() error {
	d.mu.Lock()
	if d.state.Or(closed)&closed != 0 {
		d.mu.Unlock()
		return d.errClosed()
	}
	for _, s := range []*side{&d.rd, &d.wr} {
		s.alarm.cancel()
		s.turn.Broadcast()
		s.poller.Rouse()
	}
	if d.blocks.Load() && d.running() != 0 {
		d.orphan = true
		d.mu.Unlock()
		return nil
	}
	for d.running() != 0 {
		d.idle.Wait()
	}
	d.mu.Unlock()
	return d.p.Close(d.fd)
}
