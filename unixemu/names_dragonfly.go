package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// What this host has beside the names of every Unix.
var (
	hostSocketFlags   = names{{emu.SOCK_NONBLOCK, unix.SOCK_NONBLOCK}, {emu.SOCK_CLOEXEC, unix.SOCK_CLOEXEC}}
	hostMessageFlags  = names{{emu.MSG_DONTWAIT, unix.MSG_DONTWAIT}, {emu.MSG_CMSG_CLOEXEC, unix.MSG_CMSG_CLOEXEC}}
	hostOpenFlags     = names{{emu.O_ASYNC, unix.O_ASYNC}, {emu.O_DIRECT, unix.O_DIRECT}}
	hostFcntlCommands = names{{emu.F_DUPFD_CLOEXEC, unix.F_DUPFD_CLOEXEC}}
	hostOptions       = names{{emu.SO_REUSEPORT, unix.SO_REUSEPORT}, {emu.SO_TIMESTAMP, unix.SO_TIMESTAMP}}
)
