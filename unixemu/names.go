//go:build unix

package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// name is a constant that machine and host both have, perhaps with another number.
type name struct{ emu, host int }

// names are constants of one kind. The tables hold what every Unix has, and
// hostNames of names_*.go what this host has beside.
type names []name

// strange marks a number, or a bit, that has no name on the other side. Nothing
// in the machine has it.
const strange = 1 << 28

// toEmu is the machine's number of a constant of the host. One without a common
// name stays what it is on a relative of Linux, if that is not another's
// number, and becomes one that nobody knows elsewhere.
func (t names) toEmu(n int) int {
	taken := !relative
	for _, c := range t {
		if c.host == n {
			return c.emu
		}
		taken = taken || c.emu == n
	}
	if taken {
		return n ^ strange
	}
	return n
}

// toHost is the inverse of toEmu. The numbers that the machine returns are not negative.
func (t names) toHost(n int) int {
	for _, c := range t {
		if c.emu == n {
			return c.host
		}
	}
	return n &^ strange
}

// bitsToEmu is toEmu for constants that are or-ed together.
func (t names) bitsToEmu(bits int) int {
	var known, others int
	rest := bits
	for _, c := range t {
		others |= c.emu
		if c.host != 0 && bits&c.host == c.host {
			known |= c.emu
			rest &^= c.host
		}
	}
	switch {
	case relative && rest&others == 0:
		return known | rest
	case rest != 0:
		return known | strange
	}
	return known
}

// bitsToHost is toHost for constants that are or-ed together. Bits that the host
// has no name for are dropped, but on a relative of Linux.
func (t names) bitsToHost(bits int) int {
	known, rest := 0, bits
	for _, c := range t {
		if c.emu != 0 && bits&c.emu == c.emu {
			known |= c.host
			rest &^= c.emu
		}
	}
	if relative {
		known |= rest
	}
	return known
}

// with are the names of a table with those that only this host has.
func (t names) with(more names) names { return append(t[:len(t):len(t)], more...) }

var (
	domains = names{
		{emu.AF_UNSPEC, unix.AF_UNSPEC}, {emu.AF_UNIX, unix.AF_UNIX}, {emu.AF_INET, unix.AF_INET}, {emu.AF_INET6, unix.AF_INET6},
	}
	socketTypes = names{
		{emu.SOCK_STREAM, unix.SOCK_STREAM}, {emu.SOCK_DGRAM, unix.SOCK_DGRAM}, {emu.SOCK_RAW, unix.SOCK_RAW},
		{emu.SOCK_RDM, unix.SOCK_RDM}, {emu.SOCK_SEQPACKET, unix.SOCK_SEQPACKET},
	}
	messageFlags = names{
		{emu.MSG_OOB, unix.MSG_OOB}, {emu.MSG_PEEK, unix.MSG_PEEK}, {emu.MSG_DONTROUTE, unix.MSG_DONTROUTE},
		{emu.MSG_CTRUNC, unix.MSG_CTRUNC}, {emu.MSG_TRUNC, unix.MSG_TRUNC}, {emu.MSG_EOR, unix.MSG_EOR},
		{emu.MSG_WAITALL, unix.MSG_WAITALL}, {emu.MSG_NOSIGNAL, unix.MSG_NOSIGNAL},
	}.with(hostMessageFlags)
	openFlags = names{
		{emu.O_WRONLY, unix.O_WRONLY}, {emu.O_RDWR, unix.O_RDWR}, {emu.O_NONBLOCK, unix.O_NONBLOCK}, {emu.O_APPEND, unix.O_APPEND}, {emu.O_CLOEXEC, unix.O_CLOEXEC},
	}.with(hostOpenFlags)
	fcntlCommands = names{
		{emu.F_DUPFD, unix.F_DUPFD}, {emu.F_GETFD, unix.F_GETFD}, {emu.F_SETFD, unix.F_SETFD},
		{emu.F_GETFL, unix.F_GETFL}, {emu.F_SETFL, unix.F_SETFL}, {emu.F_GETOWN, unix.F_GETOWN}, {emu.F_SETOWN, unix.F_SETOWN},
	}.with(hostFcntlCommands)
	levels  = names{{emu.SOL_SOCKET, unix.SOL_SOCKET}}
	options = names{
		{emu.SO_DEBUG, unix.SO_DEBUG}, {emu.SO_REUSEADDR, unix.SO_REUSEADDR}, {emu.SO_TYPE, unix.SO_TYPE},
		{emu.SO_ERROR, unix.SO_ERROR}, {emu.SO_DONTROUTE, unix.SO_DONTROUTE}, {emu.SO_BROADCAST, unix.SO_BROADCAST},
		{emu.SO_SNDBUF, unix.SO_SNDBUF}, {emu.SO_RCVBUF, unix.SO_RCVBUF}, {emu.SO_KEEPALIVE, unix.SO_KEEPALIVE},
		{emu.SO_OOBINLINE, unix.SO_OOBINLINE}, {emu.SO_LINGER, unix.SO_LINGER}, {emu.SO_RCVLOWAT, unix.SO_RCVLOWAT},
		{emu.SO_SNDLOWAT, unix.SO_SNDLOWAT}, {emu.SO_RCVTIMEO, unix.SO_RCVTIMEO}, {emu.SO_SNDTIMEO, unix.SO_SNDTIMEO},
		{emu.SO_ACCEPTCONN, unix.SO_ACCEPTCONN},
	}.with(hostOptions)
	pollEvents = names{
		{emu.POLLIN, unix.POLLIN}, {emu.POLLPRI, unix.POLLPRI}, {emu.POLLOUT, unix.POLLOUT},
		{emu.POLLERR, unix.POLLERR}, {emu.POLLHUP, unix.POLLHUP}, {emu.POLLNVAL, unix.POLLNVAL},
	}.with(hostPollEvents)
)
