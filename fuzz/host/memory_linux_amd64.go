package host

import (
	"encoding/binary"
	"math"
	"unsafe"

	"sockpair/emu"
)

// memory lays the arguments of one call out in the agent's memory.
type memory struct {
	room []byte  // the arguments' part of the mailbox
	at   uintptr // its address in the agent
	used int

	load   []func() // give the caller what the call has changed
	result int      // of the call, for those
}

// memory begins the arguments of a call.
func (t *task) memory() *memory {
	return &memory{room: t.m.bytes(t.box, stackEnd, arenaSize), at: inAgent(t.box, stackEnd)}
}

// reserve takes n bytes, aligned for every type.
func (m *memory) reserve(n int) (b []byte, at uintptr) {
	from := (m.used + 15) &^ 15
	m.used = from + n
	if m.used > len(m.room) {
		panic("host: the arguments of a call are longer than a mailbox")
	}
	return m.room[from:m.used:m.used], m.at + uintptr(from)
}

// in is the address of b for a call that reads it: NULL for nil, an address
// that is not mapped for what emu.BadAddress returned.
func (m *memory) in(b []byte) uintptr {
	switch {
	case b == nil:
		return 0
	case isBad(b):
		return nowhere
	}
	to, at := m.reserve(len(b))
	copy(to, b)
	return at
}

// out is in for a call that may change b.
func (m *memory) out(b []byte) uintptr {
	at := m.in(b)
	if at != 0 && at != nowhere {
		from := m.room[at-m.at:]
		m.after(func() { copy(b, from) })
	}
	return at
}

// vector is the address of an array of struct iovec. lay lays one buffer out.
func (m *memory) vector(bufs [][]byte, lay func([]byte) uintptr) uintptr {
	if bufs == nil {
		return 0
	}
	to, at := m.reserve(16 * len(bufs))
	for i, b := range bufs {
		binary.LittleEndian.PutUint64(to[16*i:], uint64(lay(b)))
		binary.LittleEndian.PutUint64(to[16*i+8:], uint64(len(b)))
	}
	return at
}

// after notes what to do when the call has returned.
func (m *memory) after(load func()) { m.load = append(m.load, load) }

// word is an int of C that the call may change; NULL for nil.
func (m *memory) word(n *int) uintptr {
	if n == nil {
		return 0
	}
	to, at := m.reserve(4)
	binary.LittleEndian.PutUint32(to, uint32(*n))
	m.after(func() { *n = int(int32(binary.LittleEndian.Uint32(to))) })
	return at
}

// longs is an array of 64-bit numbers.
func (m *memory) longs(n ...uint64) (to []byte, at uintptr) {
	to, at = m.reserve(8 * len(n))
	for i, n := range n {
		binary.LittleEndian.PutUint64(to[8*i:], n)
	}
	return to, at
}

// readLongs is longs for a call that may change them.
func (m *memory) readLongs(n []uint64) uintptr {
	from, at := m.longs(n...)
	m.after(func() {
		for i := range n {
			n[i] = long(from, i)
		}
	})
	return at
}

func putLong(b []byte, at int, v uint64) { binary.LittleEndian.PutUint64(b[at:], v) }

func long(b []byte, i int) uint64 { return binary.LittleEndian.Uint64(b[8*i:]) }

// bad is the memory that emu.BadAddress lends.
var bad = emu.BadAddress(math.MaxInt)

// isBad reports whether b lies in it.
func isBad(b []byte) bool {
	at, first := uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(unsafe.Pointer(unsafe.SliceData(bad)))
	return len(b) > 0 && at >= first && at < first+uintptr(len(bad))
}
