package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// What this host has beside the names of every Unix.
var (
	hostSocketFlags   = names{}
	hostMessageFlags  = names{{emu.MSG_WAITFORONE, unix.MSG_WAITFORONE}}
	hostOpenFlags     = names{{emu.O_DIRECT, unix.O_DIRECT}}
	hostFcntlCommands = names{}
	hostOptions       = names{{emu.SO_REUSEPORT, unix.SO_REUSEPORT}}
)
