package unixemu

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func signalMask(mask *unix.Sigset_t) *emu.Sigset {
	if mask == nil {
		return nil
	}
	return sigset(8*int(unsafe.Sizeof(mask.Val[0])), mask.Val[:]...)
}
