//go:build unix && !linux

package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// relative: the host is not Linux, and its numbers without a common name mean
// nothing to the machine.
const relative = false

// carriesSeconds: Select refuses a second and more in Usec.
const carriesSeconds = false

var (
	hostPollEvents = names{
		{emu.POLLRDNORM, unix.POLLRDNORM}, {emu.POLLRDBAND, unix.POLLRDBAND},
		{emu.POLLWRNORM, unix.POLLWRNORM}, {emu.POLLWRBAND, unix.POLLWRBAND},
	}
	controlTypes = names{{emu.SCM_RIGHTS, unix.SCM_RIGHTS}}
)

// request is the machine's number of an ioctl request. The numbers that begin
// with FIO are not in golang.org/x/sys/unix; every system but Linux makes them
// from the letter 'f' and 127, 126 and 125.
func request(req uint) uint {
	switch uint32(req) {
	case 0x4004667f:
		return emu.FIONREAD
	case 0x8004667e:
		return emu.FIONBIO
	case 0x8004667d:
		return emu.FIOASYNC
	case unix.TIOCOUTQ & 0xffffffff:
		return emu.SIOCOUTQ
	case unix.SIOCATMARK & 0xffffffff:
		return emu.SIOCATMARK
	}
	return req ^ strange
}
