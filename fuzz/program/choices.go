package program

import "sockpair/emu"

// The values that arguments are chosen from: the edges of what the calls
// distinguish, and a few that nothing distinguishes.

var sizes = []int{0, 1, 2, 3, 7, 64, 100, 192, 193, 500, 704, 705, 1000, 1728, 1729, 2176, 2240, 2241, 3776, 3777,
	4096, 4480, 4576, 4577, 8192, 16064, 16065, 32768, 36544, 36545, 65536, 100000}

var largeSizes = []int{106400, 200000, 212960, 212961, 300000, 1 << 20}

var types = []int{emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET, emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET, emu.SOCK_RAW}

var bufferSizes = []int{0, 1, 1000, 2304, 2305, 3000, 4608, 5000, 10000, 50000, 106496, 212992, 1 << 20, 10000000, -1}

// ints are what an option may be set to that no choice above is for.
var ints = []int{0, 1, 2, -1, 5, 100, 1000, 4096, -1 << 31, 1<<31 - 1}

// recvFlags and sendFlags are chosen from bit by bit; MSG_OOB is not among
// them (docs/divergences.md).
var recvFlags = []int{emu.MSG_PEEK, emu.MSG_TRUNC, emu.MSG_WAITALL, emu.MSG_CMSG_CLOEXEC, emu.MSG_ERRQUEUE,
	emu.MSG_NOSIGNAL, emu.MSG_CTRUNC, emu.MSG_EOR, emu.MSG_WAITFORONE, -1 << 31}

var sendFlags = []int{emu.MSG_NOSIGNAL, emu.MSG_EOR, emu.MSG_MORE, emu.MSG_DONTROUTE, emu.MSG_CONFIRM, emu.MSG_PEEK,
	emu.MSG_TRUNC, emu.MSG_BATCH, -1 << 31}

var events = []int16{emu.POLLIN, emu.POLLOUT, emu.POLLPRI, emu.POLLRDHUP, emu.POLLERR, emu.POLLHUP, emu.POLLNVAL,
	emu.POLLRDNORM, emu.POLLRDBAND, emu.POLLWRNORM, emu.POLLWRBAND, emu.POLLMSG}

// setOptions are the options whose effect the machine has.
var setOptions = []int{emu.SO_SNDBUF, emu.SO_SNDBUF, emu.SO_RCVBUF, emu.SO_RCVLOWAT, emu.SO_RCVLOWAT, emu.SO_SNDBUFFORCE,
	emu.SO_RCVBUFFORCE, emu.SO_REUSEADDR, emu.SO_KEEPALIVE, emu.SO_BROADCAST, emu.SO_DONTROUTE, emu.SO_NO_CHECK,
	emu.SO_PRIORITY, emu.SO_REUSEPORT, emu.SO_SNDLOWAT, emu.SO_TYPE, emu.SO_ERROR, emu.SO_ACCEPTCONN, 54, 200}

// ancillaryOptions change what receives bring beside the data.
var ancillaryOptions = []int{emu.SO_PASSCRED, emu.SO_PASSCRED, emu.SO_PEEK_OFF, emu.SO_PEEK_OFF, emu.SO_OOBINLINE,
	emu.SO_PASSRIGHTS, emu.SO_PASSPIDFD, emu.SO_INQ, emu.SO_RCVLOWAT}

// unread are the options whose value follows from the host and not from the
// program.
var unread = map[int]bool{emu.SO_PEERCRED: true, emu.SO_PEERGROUPS: true, emu.SO_PEERSEC: true, emu.SO_COOKIE: true,
	emu.SO_NETNS_COOKIE: true, emu.SO_INCOMING_CPU: true, emu.SO_BINDTODEVICE: true,
	emu.SO_ATTACH_FILTER: true}

var fcntls = []int{emu.F_DUPFD, emu.F_DUPFD_CLOEXEC, emu.F_GETFD, emu.F_SETFD, emu.F_GETFL, emu.F_SETFL}

var ioctls = []int{emu.FIONREAD, emu.FIONREAD, emu.SIOCOUTQ, emu.SIOCOUTQ, emu.FIONBIO, emu.FIOCLEX, emu.FIONCLEX,
	emu.SIOCATMARK, emu.TCGETS, 0x1234}

var domains = []int{emu.AF_UNSPEC, emu.AF_INET, emu.AF_INET6, emu.AF_NETLINK, emu.AF_MAX, 200, -1}
