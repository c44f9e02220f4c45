package program

import "sockpair/emu"

// What makes calls from programs by itself, without Run, takes their arguments
// with these.

// Bytes makes the memory for one call: nil for a null pointer, a marker of
// emu.BadAddress for an address that is not mapped.
func (m Mem) Bytes() []byte { return m.bytes() }

// Header makes the argument of sendmsg and recvmsg for a process, whose id its
// own credentials have; nil when there is none.
func (c Call) Header(own int) *emu.Msghdr { return c.header(own) }

// Headers makes the argument of sendmmsg and recvmmsg.
func (c Call) Headers(own int) []emu.Mmsghdr { return c.headers(own) }
