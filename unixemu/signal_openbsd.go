package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func signalMask(mask *unix.Sigset_t) *emu.Sigset {
	if mask == nil {
		return nil
	}
	return sigset(32, *mask, 0)
}
