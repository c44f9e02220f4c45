package program

import (
	"sockpair/emu"
	"sockpair/replay"
)

// Process is what a call is made on: the emulator's, or the host's.
type Process = replay.Process

// AsksForeign reports whether the call asks something of a description that is
// no socket, of which the machine knows little (emu.Process.Foreign).
func (c Call) AsksForeign(p Process) bool {
	switch c.Name {
	case "read", "readv", "write", "writev", "lseek", "pread64", "pwrite64", "ftruncate", "fsync", "ioctl",
		"preadv2", "pwritev2", "fstat":
	case "splice", "tee", "sendfile":
		is := p.(interface{ IsForeign(int) bool }).IsForeign
		return is(c.Fd) || is(c.arg(0))
	case "fcntl":
		if cmd := c.arg(0); cmd != emu.F_GETFL && cmd != emu.F_SETFL {
			return false
		}
	default:
		return false
	}
	return p.(interface{ IsForeign(int) bool }).IsForeign(c.Fd)
}
