package emu

import "sync/atomic"

// refCount counts the references to a description, and those of them that are
// in flight, in one word: whoever changes it knows both as of one moment. The
// zero value is one reference, not in flight: a new description's.
//
// Without the lock of the description a reference may be added while it is open,
// and one taken away that is not the last. A description that nobody has open
// stays so while System.inflight.mu is held, for it comes out of flight, and is
// duplicated by a peek, under that.
type refCount struct {
	less atomic.Int64 // 1 less than: all in the low half, lent, and above it those in flight
}

const (
	lent   = 1 << 32 // a call has borrowed a descriptor's reference, some time
	flying = 1 << 33 // one reference in flight, beside what it counts among all
)

func split(less int64) (refs, inFlight int) { return int(int32(less + 1)), int((less + 1) >> 33) }

func (c *refCount) load() (refs, inFlight int) { return split(c.less.Load()) }

// add changes both counts, and returns what they are then.
func (c *refCount) add(refs, inFlight int) (int, int) {
	return split(c.less.Add(int64(refs) + int64(inFlight)*flying))
}

// start makes it one reference, which is not in flight; none makes it none.
func (c *refCount) start() { c.less.Store(0) }
func (c *refCount) none()  { c.less.Store(-1) }

// alive reports whether there is a reference.
func (c *refCount) alive() bool { return int32(c.less.Load()) >= 0 }

// open reports whether there is a reference that is not in flight.
func (c *refCount) open() bool {
	refs, inFlight := c.load()
	return refs != inFlight
}

// lend notes that calls borrow the references of descriptors, which from now on
// are taken away with the lock of the description held. It is held here, too.
func (c *refCount) lend() {
	if c.less.Load()&lent == 0 { // there is a reference, so 1 less leaves the bit alone
		c.less.Or(lent)
	}
}

// drop takes a reference away; if ok is false nothing has happened: it is the
// last, or perhaps lent.
func (c *refCount) drop() (refs, inFlight int, ok bool) {
	for {
		old := c.less.Load()
		refs, inFlight = split(old)
		if refs < 2 || old&lent != 0 {
			return refs, inFlight, false
		}
		if c.less.CompareAndSwap(old, old-1) {
			return refs - 1, inFlight, true
		}
	}
}

// addIfOpen adds delta if there is a reference that is not in flight.
func (c *refCount) addIfOpen(delta int64) bool {
	for {
		old := c.less.Load()
		if refs, inFlight := split(old); refs == inFlight {
			return false
		}
		if c.less.CompareAndSwap(old, old+delta) {
			return true
		}
	}
}

// take adds a reference if one is not in flight.
func (c *refCount) take() bool { return c.addIfOpen(1) }
