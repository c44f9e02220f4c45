package program

import (
	"fmt"
	"strings"

	"sockpair/emu"
)

// The names of constants, for printing.

type names map[int]string

func (t names) name(n int) string {
	if s, ok := t[n]; ok {
		return s
	}
	return fmt.Sprint(n)
}

var domainNames = names{emu.AF_UNSPEC: "AF_UNSPEC", emu.AF_UNIX: "AF_UNIX", emu.AF_INET: "AF_INET",
	emu.AF_INET6: "AF_INET6", emu.AF_NETLINK: "AF_NETLINK"}

var typeNames = names{emu.SOCK_STREAM: "SOCK_STREAM", emu.SOCK_DGRAM: "SOCK_DGRAM", emu.SOCK_RAW: "SOCK_RAW",
	emu.SOCK_RDM: "SOCK_RDM", emu.SOCK_SEQPACKET: "SOCK_SEQPACKET"}

var shutNames = names{0: "SHUT_RD", 1: "SHUT_WR", 2: "SHUT_RDWR"}

var fcntlNames = names{emu.F_DUPFD: "F_DUPFD", emu.F_DUPFD_CLOEXEC: "F_DUPFD_CLOEXEC", emu.F_GETFD: "F_GETFD",
	emu.F_SETFD: "F_SETFD", emu.F_GETFL: "F_GETFL", emu.F_SETFL: "F_SETFL", emu.F_SETPIPE_SZ: "F_SETPIPE_SZ", emu.F_GETPIPE_SZ: "F_GETPIPE_SZ"}

var optionNames = names{emu.SO_DEBUG: "SO_DEBUG", emu.SO_REUSEADDR: "SO_REUSEADDR", emu.SO_TYPE: "SO_TYPE", emu.SO_ERROR: "SO_ERROR",
	emu.SO_DONTROUTE: "SO_DONTROUTE", emu.SO_BROADCAST: "SO_BROADCAST", emu.SO_SNDBUF: "SO_SNDBUF", emu.SO_RCVBUF: "SO_RCVBUF",
	emu.SO_KEEPALIVE: "SO_KEEPALIVE", emu.SO_OOBINLINE: "SO_OOBINLINE", emu.SO_NO_CHECK: "SO_NO_CHECK", emu.SO_PRIORITY: "SO_PRIORITY",
	emu.SO_LINGER: "SO_LINGER", emu.SO_REUSEPORT: "SO_REUSEPORT", emu.SO_RCVLOWAT: "SO_RCVLOWAT", emu.SO_SNDLOWAT: "SO_SNDLOWAT",
	emu.SO_RCVTIMEO: "SO_RCVTIMEO_OLD", emu.SO_SNDTIMEO: "SO_SNDTIMEO_OLD", emu.SO_SNDBUFFORCE: "SO_SNDBUFFORCE",
	emu.SO_RCVBUFFORCE: "SO_RCVBUFFORCE", emu.SO_ACCEPTCONN: "SO_ACCEPTCONN", emu.SO_PEERCRED: "SO_PEERCRED", emu.SO_PROTOCOL: "SO_PROTOCOL", emu.SO_DOMAIN: "SO_DOMAIN",
	emu.SO_PASSCRED: "SO_PASSCRED", emu.SO_PASSRIGHTS: "SO_PASSRIGHTS", emu.SO_PEEK_OFF: "SO_PEEK_OFF", emu.SO_INQ: "SO_INQ"}

// bits is a set of flags with their names, in the order of printing.
type bits []struct {
	bit  int
	name string
}

// String is the names of the flags that are set; bits without a name come last.
func (t bits) String(n int) string {
	var s []string
	for _, f := range t {
		if n&f.bit == f.bit {
			s = append(s, f.name)
			n &^= f.bit
		}
	}
	if n != 0 || len(s) == 0 {
		s = append(s, zeroOrHex(n))
	}
	return strings.Join(s, "|")
}

func zeroOrHex(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("%#x", uint32(n))
}

var msgFlags = bits{{emu.MSG_OOB, "MSG_OOB"}, {emu.MSG_PEEK, "MSG_PEEK"}, {emu.MSG_DONTROUTE, "MSG_DONTROUTE"},
	{emu.MSG_CTRUNC, "MSG_CTRUNC"}, {emu.MSG_TRUNC, "MSG_TRUNC"}, {emu.MSG_DONTWAIT, "MSG_DONTWAIT"}, {emu.MSG_EOR, "MSG_EOR"},
	{emu.MSG_WAITALL, "MSG_WAITALL"}, {emu.MSG_CONFIRM, "MSG_CONFIRM"}, {emu.MSG_ERRQUEUE, "MSG_ERRQUEUE"},
	{emu.MSG_NOSIGNAL, "MSG_NOSIGNAL"}, {emu.MSG_MORE, "MSG_MORE"}, {emu.MSG_WAITFORONE, "MSG_WAITFORONE"},
	{emu.MSG_BATCH, "MSG_BATCH"}, {emu.MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"}}

var openFlags = bits{{emu.O_APPEND, "O_APPEND"}, {emu.O_NONBLOCK, "O_NONBLOCK"}, {emu.O_ASYNC, "O_ASYNC"},
	{emu.O_DIRECT, "O_DIRECT"}, {emu.O_NOATIME, "O_NOATIME"}, {emu.O_CLOEXEC, "O_CLOEXEC"}, {emu.O_CLOFORK, "O_CLOFORK"},
	{emu.O_NOTIFICATION_PIPE, "O_NOTIFICATION_PIPE"}}

var pollEvents = bits{{emu.POLLIN, "POLLIN"}, {emu.POLLPRI, "POLLPRI"}, {emu.POLLOUT, "POLLOUT"}, {emu.POLLERR, "POLLERR"},
	{emu.POLLHUP, "POLLHUP"}, {emu.POLLNVAL, "POLLNVAL"}, {emu.POLLRDNORM, "POLLRDNORM"}, {emu.POLLRDBAND, "POLLRDBAND"},
	{emu.POLLWRNORM, "POLLWRNORM"}, {emu.POLLWRBAND, "POLLWRBAND"}, {emu.POLLMSG, "POLLMSG"}, {emu.POLLRDHUP, "POLLRDHUP"}}
