package emu

import "sync/atomic"

// refCount counts the references to a description, and those of them that are
// in flight, in one word: whoever changes it knows both as of one moment.
//
// A reference may be added to a description that is open without its lock. The
// lock is held when one is taken away; and a description that nobody has open
// stays so while System.inflight.mu is held, for it comes out of flight, and is
// duplicated by a peek, under that.
type refCount struct {
	word atomic.Int64 // all in the low half, those in flight in the high one
}

const flying = 1 << 32 // one reference in flight, beside what it counts among all

func split(word int64) (refs, inFlight int) { return int(int32(word)), int(word >> 32) }

func (c *refCount) load() (refs, inFlight int) { return split(c.word.Load()) }

// add changes both counts, and returns what they are then.
func (c *refCount) add(refs, inFlight int) (int, int) {
	return split(c.word.Add(int64(refs) + int64(inFlight)*flying))
}

// start makes it one reference, which is not in flight.
func (c *refCount) start() { c.word.Store(1) }

// alive reports whether there is a reference.
func (c *refCount) alive() bool { return int32(c.word.Load()) > 0 }

// open reports whether there is a reference that is not in flight.
func (c *refCount) open() bool {
	refs, inFlight := c.load()
	return refs != inFlight
}

// addIfOpen adds delta if there is a reference that is not in flight.
func (c *refCount) addIfOpen(delta int64) bool {
	for {
		old := c.word.Load()
		if refs, inFlight := split(old); refs == inFlight {
			return false
		}
		if c.word.CompareAndSwap(old, old+delta) {
			return true
		}
	}
}

// take adds a reference if one is not in flight.
func (c *refCount) take() bool { return c.addIfOpen(1) }
