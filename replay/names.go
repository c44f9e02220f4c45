package replay

import (
	"strings"
	"sync"

	"sockpair/emu"
	"sockpair/strace"
)

// A set of constants: names and their numbers, in the order in which strace
// writes flags that are or-ed. Logs have names, numbers (-X raw) or both (-X
// verbose); every argument may be any of them.
type set struct {
	unknown string // what strace's comment says of a number without a name
	names   []named
}

type named struct {
	name string
	n    int64
}

// number evaluates a value: a name, several or-ed, or any number.
func (s *set) number(v strace.Value) (int, bool) {
	if n, ok := v.Int(); ok {
		return int(n), true
	}
	names, rest, ok := v.Flags()
	if !ok {
		return 0, false
	}
	n := int64(rest)
	for _, name := range names {
		bits, known := s.lookup(name)
		if !known {
			return 0, false
		}
		n |= bits
	}
	return int(n), true
}

func (s *set) lookup(name string) (int64, bool) {
	if s == nil {
		return 0, false
	}
	for _, c := range s.names {
		if c.name == name {
			return c.n, true
		}
	}
	return 0, false
}

// one is the value of a constant that stands alone.
func (s *set) one(n int) strace.Value {
	for _, c := range s.names {
		if c.n == int64(n) {
			return strace.Word(c.name)
		}
	}
	return strace.WithComment(strace.Hex(uint64(uint32(n))), s.unknown)
}

// flags is the value of or-ed constants.
func (s *set) flags(n int) strace.Value {
	var names []string
	bits := int64(uint32(n))
	for _, c := range s.names {
		if c.n != 0 && bits&c.n == c.n {
			names = append(names, c.name)
			bits &^= c.n
		}
	}
	return strace.FlagSet(names, uint64(bits), s.unknown)
}

var domains = &set{"AF_???", []named{{"AF_UNSPEC", emu.AF_UNSPEC}, {"AF_UNIX", emu.AF_UNIX}, {"AF_LOCAL", emu.AF_UNIX},
	{"AF_INET", emu.AF_INET}, {"AF_AX25", emu.AF_AX25}, {"AF_IPX", emu.AF_IPX}, {"AF_APPLETALK", emu.AF_APPLETALK},
	{"AF_NETROM", emu.AF_NETROM}, {"AF_BRIDGE", emu.AF_BRIDGE}, {"AF_ATMPVC", emu.AF_ATMPVC}, {"AF_X25", emu.AF_X25},
	{"AF_INET6", emu.AF_INET6}, {"AF_ROSE", emu.AF_ROSE}, {"AF_DECnet", 12}, {"AF_NETBEUI", 13}, {"AF_SECURITY", 14},
	{"AF_KEY", 15}, {"AF_NETLINK", emu.AF_NETLINK}, {"AF_PACKET", emu.AF_PACKET}, {"AF_ASH", 18}, {"AF_ECONET", 19},
	{"AF_ATMSVC", 20}, {"AF_RDS", 21}, {"AF_SNA", 22}, {"AF_IRDA", 23}, {"AF_PPPOX", 24}, {"AF_WANPIPE", 25},
	{"AF_LLC", 26}, {"AF_IB", 27}, {"AF_MPLS", 28}, {"AF_CAN", 29}, {"AF_TIPC", emu.AF_TIPC},
	{"AF_BLUETOOTH", emu.AF_BLUETOOTH}, {"AF_IUCV", 32}, {"AF_RXRPC", 33}, {"AF_ISDN", 34}, {"AF_PHONET", 35},
	{"AF_IEEE802154", 36}, {"AF_CAIF", 37}, {"AF_ALG", emu.AF_ALG}, {"AF_NFC", 39}, {"AF_VSOCK", emu.AF_VSOCK},
	{"AF_KCM", emu.AF_KCM}, {"AF_QIPCRTR", emu.AF_QIPCRTR}, {"AF_SMC", emu.AF_SMC}, {"AF_XDP", emu.AF_XDP}, {"AF_MCTP", 45}}}

var socketTypes = &set{"SOCK_???", []named{{"SOCK_STREAM", emu.SOCK_STREAM}, {"SOCK_DGRAM", emu.SOCK_DGRAM},
	{"SOCK_RAW", emu.SOCK_RAW}, {"SOCK_RDM", emu.SOCK_RDM}, {"SOCK_SEQPACKET", emu.SOCK_SEQPACKET},
	{"SOCK_DCCP", emu.SOCK_DCCP}, {"SOCK_PACKET", emu.SOCK_PACKET},
	{"SOCK_CLOEXEC", emu.SOCK_CLOEXEC}, {"SOCK_NONBLOCK", emu.SOCK_NONBLOCK}, {"SOCK_CLOFORK", emu.SOCK_CLOFORK}}}

// socketFlags are those that are or-ed to a type, and accept4's.
var socketFlags = &set{"SOCK_???", socketTypes.names[7:]}

// socketType writes a type, a number in four bits, and the flags or-ed to it.
func socketType(n int) strace.Value {
	typ := socketTypes.one(n & 0xf)
	if n&^0xf == 0 {
		return typ
	}
	flags := socketFlags.flags(n &^ 0xf)
	if flags.Kind == strace.Op {
		operands := []strace.Value{typ}
		for _, it := range flags.Items {
			operands = append(operands, it.Value)
		}
		return strace.Operation("|", operands...)
	}
	return strace.Operation("|", typ, flags)
}

var protocols = &set{"IPPROTO_???", []named{{"IPPROTO_IP", 0}, {"IPPROTO_ICMP", 1}, {"IPPROTO_IGMP", 2}, {"IPPROTO_TCP", 6},
	{"IPPROTO_UDP", 17}, {"IPPROTO_IPV6", 41}, {"IPPROTO_ICMPV6", 58}, {"IPPROTO_SCTP", 132}, {"IPPROTO_UDPLITE", 136},
	{"IPPROTO_RAW", 255}, {"IPPROTO_MPTCP", 262}, {"NETLINK_ROUTE", 0}, {"NETLINK_UNUSED", 1}, {"NETLINK_USERSOCK", 2},
	{"NETLINK_FIREWALL", 3}, {"NETLINK_SOCK_DIAG", 4}, {"NETLINK_NFLOG", 5}, {"NETLINK_XFRM", 6}, {"NETLINK_SELINUX", 7},
	{"NETLINK_AUDIT", 9}, {"NETLINK_NETFILTER", 12}, {"NETLINK_KOBJECT_UEVENT", 15}, {"NETLINK_GENERIC", 16}}}

var messageFlags = &set{"MSG_???", []named{{"MSG_OOB", emu.MSG_OOB}, {"MSG_PEEK", emu.MSG_PEEK}, {"MSG_DONTROUTE", emu.MSG_DONTROUTE},
	{"MSG_CTRUNC", emu.MSG_CTRUNC}, {"MSG_PROBE", emu.MSG_PROXY}, {"MSG_TRUNC", emu.MSG_TRUNC}, {"MSG_DONTWAIT", emu.MSG_DONTWAIT},
	{"MSG_EOR", emu.MSG_EOR}, {"MSG_WAITALL", emu.MSG_WAITALL}, {"MSG_FIN", emu.MSG_FIN}, {"MSG_SYN", emu.MSG_SYN},
	{"MSG_CONFIRM", emu.MSG_CONFIRM}, {"MSG_RST", emu.MSG_RST}, {"MSG_ERRQUEUE", emu.MSG_ERRQUEUE},
	{"MSG_NOSIGNAL", emu.MSG_NOSIGNAL}, {"MSG_MORE", emu.MSG_MORE}, {"MSG_WAITFORONE", emu.MSG_WAITFORONE},
	{"MSG_SENDPAGE_NOPOLICY", 0x10000}, {"MSG_BATCH", emu.MSG_BATCH}, {"MSG_NO_SHARED_FRAGS", 0x80000},
	{"MSG_SENDPAGE_DECRYPTED", 0x100000}, {"MSG_SOCK_DEVMEM", 0x2000000}, {"MSG_ZEROCOPY", emu.MSG_ZEROCOPY},
	{"MSG_FASTOPEN", emu.MSG_FASTOPEN}, {"MSG_CMSG_CLOEXEC", emu.MSG_CMSG_CLOEXEC}, {"MSG_CMSG_COMPAT", 1 << 31}}}

var shutdowns = &set{"SHUT_???", []named{{"SHUT_RD", emu.SHUT_RD}, {"SHUT_WR", emu.SHUT_WR}, {"SHUT_RDWR", emu.SHUT_RDWR}}}

var fcntlCommands = &set{"F_???", []named{{"F_DUPFD", emu.F_DUPFD}, {"F_GETFD", emu.F_GETFD}, {"F_SETFD", emu.F_SETFD},
	{"F_GETFL", emu.F_GETFL}, {"F_SETFL", emu.F_SETFL}, {"F_GETLK", emu.F_GETLK}, {"F_SETLK", emu.F_SETLK}, {"F_SETLKW", emu.F_SETLKW},
	{"F_SETOWN", emu.F_SETOWN}, {"F_GETOWN", emu.F_GETOWN}, {"F_SETSIG", emu.F_SETSIG}, {"F_GETSIG", emu.F_GETSIG},
	{"F_SETOWN_EX", 15}, {"F_GETOWN_EX", 16}, {"F_GETOWNER_UIDS", 17}, {"F_OFD_GETLK", 36}, {"F_OFD_SETLK", 37}, {"F_OFD_SETLKW", 38},
	{"F_SETLEASE", 1024}, {"F_GETLEASE", 1025}, {"F_NOTIFY", 1026}, {"F_DUPFD_CLOEXEC", emu.F_DUPFD_CLOEXEC},
	{"F_DUPFD_CLOFORK", emu.F_DUPFD_CLOFORK}, {"F_DUPFD_QUERY", 1027}, {"F_CREATED_QUERY", 1028}, {"F_CANCELLK", 1029},
	{"F_SETPIPE_SZ", 1031}, {"F_GETPIPE_SZ", 1032}, {"F_ADD_SEALS", 1033}, {"F_GET_SEALS", 1034}, {"F_GET_RW_HINT", 1035},
	{"F_SET_RW_HINT", 1036}, {"F_GET_FILE_RW_HINT", 1037}, {"F_SET_FILE_RW_HINT", 1038}}}

var descriptorFlags = &set{"FD_???", []named{{"FD_CLOEXEC", emu.FD_CLOEXEC}, {"FD_CLOFORK", emu.FD_CLOFORK}}}

var openFlags = &set{"O_???", []named{{"O_RDONLY", emu.O_RDONLY}, {"O_WRONLY", emu.O_WRONLY}, {"O_RDWR", emu.O_RDWR},
	{"O_CREAT", 0x40}, {"O_EXCL", 0x80}, {"O_NOCTTY", 0x100}, {"O_TRUNC", 0x200}, {"O_APPEND", emu.O_APPEND},
	{"O_NONBLOCK", emu.O_NONBLOCK}, {"O_SYNC", 0x101000}, {"O_DSYNC", 0x1000}, {"O_ASYNC", emu.O_ASYNC}, {"FASYNC", emu.O_ASYNC},
	{"O_DIRECT", emu.O_DIRECT}, {"O_LARGEFILE", 0x8000}, {"O_DIRECTORY", 0x10000}, {"O_NOFOLLOW", 0x20000}, {"O_NOATIME", emu.O_NOATIME},
	{"O_CLOEXEC", emu.O_CLOEXEC}, {"EPOLL_CLOEXEC", emu.O_CLOEXEC}, {"O_CLOFORK", emu.O_CLOFORK}, {"O_PATH", 0x200000}, {"O_TMPFILE", 0x410000}}}

// accessMode writes status flags, whose lowest two bits are a number.
func accessMode(n int) strace.Value {
	mode := openFlags.one(n & 3)
	if n&^3 == 0 {
		return mode
	}
	rest := (&set{"", openFlags.names[3:]}).flags(n &^ 3)
	if rest.Kind != strace.Op {
		return strace.Operation("|", mode, rest)
	}
	operands := []strace.Value{mode}
	for _, it := range rest.Items {
		operands = append(operands, it.Value)
	}
	return strace.Operation("|", operands...)
}

var spliceFlags = &set{"SPLICE_F_???", []named{{"SPLICE_F_MOVE", emu.SPLICE_F_MOVE}, {"SPLICE_F_NONBLOCK", emu.SPLICE_F_NONBLOCK},
	{"SPLICE_F_MORE", emu.SPLICE_F_MORE}, {"SPLICE_F_GIFT", emu.SPLICE_F_GIFT}}}

var closeRangeFlags = &set{"CLOSE_RANGE_???", []named{{"CLOSE_RANGE_UNSHARE", emu.CLOSE_RANGE_UNSHARE}, {"CLOSE_RANGE_CLOEXEC", emu.CLOSE_RANGE_CLOEXEC}}}

var whences = &set{"SEEK_???", []named{{"SEEK_SET", emu.SEEK_SET}, {"SEEK_CUR", emu.SEEK_CUR}, {"SEEK_END", emu.SEEK_END}, {"SEEK_DATA", 3}, {"SEEK_HOLE", 4}}}

var pollEvents = &set{"POLL???", []named{{"POLLIN", emu.POLLIN}, {"POLLPRI", emu.POLLPRI}, {"POLLOUT", emu.POLLOUT},
	{"POLLRDNORM", emu.POLLRDNORM}, {"POLLWRNORM", emu.POLLWRNORM}, {"POLLRDBAND", emu.POLLRDBAND}, {"POLLWRBAND", emu.POLLWRBAND},
	{"POLLERR", emu.POLLERR}, {"POLLHUP", emu.POLLHUP}, {"POLLNVAL", emu.POLLNVAL}, {"POLLMSG", emu.POLLMSG}, {"POLLREMOVE", 0x1000}, {"POLLRDHUP", emu.POLLRDHUP}}}

var socketLevels = &set{"SOL_???", []named{{"SOL_IP", 0}, {"SOL_SOCKET", emu.SOL_SOCKET}, {"SOL_TCP", 6}, {"SOL_UDP", 17}, {"SOL_IPV6", 41},
	{"SOL_ICMPV6", 58}, {"SOL_SCTP", 132}, {"SOL_UDPLITE", 136}, {"SOL_RAW", 255}, {"SOL_IPX", 256}, {"SOL_AX25", 257}, {"SOL_ATALK", 258},
	{"SOL_NETROM", 259}, {"SOL_ROSE", 260}, {"SOL_DECNET", 261}, {"SOL_X25", 262}, {"SOL_PACKET", 263}, {"SOL_ATM", 264}, {"SOL_AAL", 265},
	{"SOL_IRDA", 266}, {"SOL_NETBEUI", 267}, {"SOL_LLC", 268}, {"SOL_DCCP", 269}, {"SOL_NETLINK", 270}, {"SOL_TIPC", 271}, {"SOL_RXRPC", 272},
	{"SOL_PPPOL2TP", 273}, {"SOL_BLUETOOTH", 274}, {"SOL_PNPIPE", 275}, {"SOL_RDS", 276}, {"SOL_IUCV", 277}, {"SOL_CAIF", 278},
	{"SOL_ALG", 279}, {"SOL_NFC", 280}, {"SOL_KCM", 281}, {"SOL_TLS", 282}, {"SOL_XDP", 283}, {"SOL_MPTCP", 284}, {"SOL_MCTP", 285}, {"SOL_SMC", 286}, {"SOL_VSOCK", 287}}}

// socketOptions are the options of SOL_SOCKET: those the emulator knows, as
// strace names them, and other names in use.
var socketOptions = sync.OnceValue(func() *set {
	s := &set{unknown: "SO_???"}
	for n := range 128 {
		if row, ok := emu.Linux().Options[n]; ok && row.Name != "" {
			s.names = append(s.names, named{row.Name, int64(n)})
		}
	}
	s.names = append(s.names, named{"SO_RCVTIMEO_OLD", emu.SO_RCVTIMEO}, named{"SO_SNDTIMEO_OLD", emu.SO_SNDTIMEO},
		named{"SO_RCVTIMEO", emu.SO_RCVTIMEO}, named{"SO_SNDTIMEO", emu.SO_SNDTIMEO},
		named{"SO_TIMESTAMP", emu.SO_TIMESTAMP}, named{"SO_TIMESTAMPNS", emu.SO_TIMESTAMPNS}, named{"SO_TIMESTAMPING", emu.SO_TIMESTAMPING},
		named{"SO_TIMESTAMP_OLD", emu.SO_TIMESTAMP}, named{"SO_TIMESTAMPNS_OLD", emu.SO_TIMESTAMPNS}, named{"SO_TIMESTAMPING_OLD", emu.SO_TIMESTAMPING},
		named{"SO_ATTACH_FILTER", emu.SO_ATTACH_FILTER}, named{"SO_GET_FILTER", emu.SO_ATTACH_FILTER}, named{"SO_DETACH_FILTER", emu.SO_DETACH_FILTER},
		named{"SO_INQ", emu.SO_INQ}, named{"SO_PASSRIGHTS", emu.SO_PASSRIGHTS}, named{"SO_PEERSEC", emu.SO_PEERSEC}, named{"SO_SECURITY_AUTHENTICATION", 22}, named{"SO_SECURITY_ENCRYPTION_TRANSPORT", 23}, named{"SO_SECURITY_ENCRYPTION_NETWORK", 24}, named{"SO_PEERPIDFD", emu.SO_PEERPIDFD})
	return s
})

// option evaluates the name of an option. Names of other levels have no
// number here: what is answered does not depend on it.
func option(level int, v strace.Value) (int, bool) {
	if n, ok := socketOptions().number(v); ok {
		return n, true
	}
	return 0, level != emu.SOL_SOCKET
}

// ioctls are the requests that a log may name on a socket.
var ioctls = sync.OnceValue(func() *set {
	s := &set{unknown: "_IOC???"}
	for _, n := range []int64{emu.FIOCLEX, emu.FIONCLEX, emu.FIONBIO, emu.FIOASYNC, emu.FIGETBSZ, emu.FIFREEZE, emu.FITHAW,
		emu.FS_IOC_FIEMAP, emu.FS_IOC_SETFLAGS, emu.FIOSETOWN, emu.SIOCSPGRP, emu.FIOGETOWN, emu.SIOCGPGRP, emu.SIOCGSTAMP,
		emu.SIOCGSTAMPNS, emu.SIOCGSTAMP_NEW, emu.SIOCGSTAMPNS_NEW, emu.SIOCGSKNS, emu.FIONREAD, emu.SIOCOUTQ, emu.SIOCATMARK, emu.SIOCUNIXFILE} {
		s.add(n)
	}
	for n := int64(0x8900); n <= 0x89ff; n++ {
		s.add(n)
	}
	s.names = append(s.names, named{"SIOCINQ", emu.FIONREAD}, named{"TIOCINQ", emu.FIONREAD}, named{"TIOCOUTQ", emu.SIOCOUTQ},
		named{"TCGETS", emu.TCGETS}, named{"TFD_IOC_SET_TICKS", emu.TFD_IOC_SET_TICKS}, named{"TCSETS", 0x5402}, named{"TCSETSW", 0x5403}, named{"TCSETSF", 0x5404}, named{"TIOCGPGRP", 0x540f},
		named{"TIOCSPGRP", 0x5410}, named{"TIOCGWINSZ", 0x5413}, named{"TIOCSWINSZ", 0x5414}, named{"TIOCSCTTY", 0x540e},
		named{"TIOCNOTTY", 0x5422}, named{"TIOCGSID", 0x5429}, named{"TIOCGPTN", 0x80045430}, named{"TIOCEXCL", 0x540c},
		named{"BLKGETSIZE64", 0x80081272}, named{"FICLONE", 0x40049409}, named{"FS_IOC_GETFLAGS", 0x80086601}, named{"RNDGETENTCNT", 0x80045200})
	return s
})

func (s *set) add(n int64) {
	if name := emu.IoctlReq(n).String(); !strings.HasPrefix(name, "0x") {
		s.names = append(s.names, named{name, n})
	}
}

var sigactionFlags = &set{"SA_???", []named{{"SA_RESTORER", 0x4000000}, {"SA_ONSTACK", 0x8000000}, {"SA_RESTART", emu.SA_RESTART},
	{"SA_INTERRUPT", 0x20000000}, {"SA_NODEFER", emu.SA_NODEFER}, {"SA_RESETHAND", emu.SA_RESETHAND},
	{"SA_SIGINFO", 4}, {"SA_NOCLDSTOP", emu.SA_NOCLDSTOP}, {"SA_NOCLDWAIT", emu.SA_NOCLDWAIT}, {"SA_NOMASK", emu.SA_NODEFER}, {"SA_ONESHOT", emu.SA_RESETHAND}}}

var maskHows = &set{"SIG_???", []named{{"SIG_BLOCK", emu.SIG_BLOCK}, {"SIG_UNBLOCK", emu.SIG_UNBLOCK}, {"SIG_SETMASK", emu.SIG_SETMASK}}}

var waitOptions = &set{"W???", []named{{"WNOHANG", emu.WNOHANG}, {"WUNTRACED", emu.WUNTRACED}, {"WSTOPPED", 2}, {"WEXITED", 4},
	{"WCONTINUED", emu.WCONTINUED}, {"WNOWAIT", 0x1000000}, {"__WNOTHREAD", 0x20000000}, {"__WALL", 0x40000000}, {"__WCLONE", 0x80000000}}}

var cloneFlags = &set{"CLONE_???", []named{{"CLONE_VM", 0x100}, {"CLONE_FS", 0x200}, {"CLONE_FILES", cloneFiles}, {"CLONE_SIGHAND", 0x800},
	{"CLONE_PIDFD", clonePidfd}, {"CLONE_PTRACE", 0x2000}, {"CLONE_VFORK", 0x4000}, {"CLONE_PARENT", 0x8000}, {"CLONE_THREAD", cloneThread},
	{"CLONE_NEWNS", 0x20000}, {"CLONE_SYSVSEM", 0x40000}, {"CLONE_SETTLS", 0x80000}, {"CLONE_PARENT_SETTID", 0x100000},
	{"CLONE_CHILD_CLEARTID", 0x200000}, {"CLONE_DETACHED", 0x400000}, {"CLONE_UNTRACED", 0x800000}, {"CLONE_CHILD_SETTID", 0x1000000},
	{"CLONE_NEWCGROUP", 0x2000000}, {"CLONE_NEWUTS", 0x4000000}, {"CLONE_NEWIPC", 0x8000000}, {"CLONE_NEWUSER", 0x10000000},
	{"CLONE_NEWPID", 0x20000000}, {"CLONE_NEWNET", 0x40000000}, {"CLONE_IO", 0x80000000}, {"CLONE_CLEAR_SIGHAND", 1 << 32}, {"CLONE_INTO_CGROUP", 1 << 33}}}

const (
	cloneFiles  = 0x400
	clonePidfd  = 0x1000
	cloneThread = 0x10000
)

var resources = &set{"RLIMIT_???", []named{{"RLIMIT_CPU", 0}, {"RLIMIT_FSIZE", 1}, {"RLIMIT_DATA", 2}, {"RLIMIT_STACK", 3}, {"RLIMIT_CORE", 4},
	{"RLIMIT_RSS", 5}, {"RLIMIT_NPROC", 6}, {"RLIMIT_NOFILE", emu.RLIMIT_NOFILE}, {"RLIMIT_MEMLOCK", 8}, {"RLIMIT_AS", 9}, {"RLIMIT_LOCKS", 10},
	{"RLIMIT_SIGPENDING", 11}, {"RLIMIT_MSGQUEUE", 12}, {"RLIMIT_NICE", 13}, {"RLIMIT_RTPRIO", 14}, {"RLIMIT_RTTIME", 15}}}

var controlTypes = &set{"SCM_???", []named{{"SCM_RIGHTS", emu.SCM_RIGHTS}, {"SCM_CREDENTIALS", emu.SCM_CREDENTIALS}, {"SCM_SECURITY", 3}, {"SCM_PIDFD", emu.SCM_PIDFD},
	{"SCM_TIMESTAMP", 29}, {"SCM_TIMESTAMP_OLD", 29}, {"SCM_TIMESTAMPNS", 35}, {"SCM_TIMESTAMPNS_OLD", 35}, {"SCM_TIMESTAMPING", 37}, {"SCM_TIMESTAMPING_OLD", 37},
	{"SCM_INQ", emu.SO_INQ}}}

// signal evaluates SIGPIPE or 13.
func signalNumber(v strace.Value) (emu.Signal, bool) {
	if n, ok := v.Int(); ok {
		return emu.Signal(n), true
	}
	name, ok := v.Name()
	if !ok {
		return 0, false
	}
	return emu.ParseSignal(name)
}

func signalValue(s emu.Signal) strace.Value {
	if s < 1 || s > 64 {
		return strace.Int(int(s))
	}
	return strace.Word(s.String())
}

// sigset evaluates [INT TERM], ~[RTMIN RT_1] and their raw forms.
func sigset(v strace.Value) (emu.Sigset, bool) {
	inner, negated := v.Negated()
	if negated {
		v = inner
	}
	var s emu.Sigset
	if v.Unwrap().Kind != strace.Array {
		return 0, false
	}
	for _, e := range v.Elems() {
		sig, ok := signalNumber(e)
		if name, isName := e.Name(); !ok && isName {
			sig, ok = emu.ParseSignal("SIG" + name)
		}
		if !ok || sig < 1 || sig > 64 {
			return 0, false
		}
		s |= emu.Sigs(sig)
	}
	if negated {
		s = ^s
	}
	return s, true
}

// sigsetValue writes a set; strace names what is missing from one that holds
// more than two thirds of the signals.
func sigsetValue(s emu.Sigset) strace.Value {
	list := func(s emu.Sigset) strace.Value {
		var names []strace.Value
		for sig := emu.Signal(1); sig <= 64; sig++ {
			if s.Has(sig) {
				names = append(names, strace.Word(strings.TrimPrefix(sig.String(), "SIG")))
			}
		}
		return strace.SetOf(names...)
	}
	n := 0
	for sig := emu.Signal(1); sig <= 64; sig++ {
		if s.Has(sig) {
			n++
		}
	}
	if n >= 64*2/3 {
		return strace.Not(list(^s))
	}
	return list(s)
}

var directories = &set{"", []named{{"AT_FDCWD", emu.AT_FDCWD}}}

// fileMode is S_IFSOCK|0777, the argument of mknod.
var fileMode = &set{"", append(append([]named(nil), fileTypes.names...), specialBits.names...)}

var unlinkFlags = &set{"AT_???", []named{{"AT_REMOVEDIR", emu.AT_REMOVEDIR}}}

var linkFlags = &set{"AT_???", []named{{"AT_SYMLINK_FOLLOW", emu.AT_SYMLINK_FOLLOW}, {"AT_SYMLINK_NOFOLLOW", emu.AT_SYMLINK_NOFOLLOW}, {"AT_EMPTY_PATH", emu.AT_EMPTY_PATH}}}

var eventfdFlags = &set{"EFD_???", []named{{"EFD_SEMAPHORE", emu.EFD_SEMAPHORE}, {"EFD_CLOEXEC", emu.EFD_CLOEXEC}, {"EFD_NONBLOCK", emu.EFD_NONBLOCK}}}

var clockIDs = &set{"CLOCK_???", []named{{"CLOCK_REALTIME", emu.CLOCK_REALTIME}, {"CLOCK_MONOTONIC", emu.CLOCK_MONOTONIC}, {"CLOCK_PROCESS_CPUTIME_ID", 2},
	{"CLOCK_THREAD_CPUTIME_ID", 3}, {"CLOCK_MONOTONIC_RAW", 4}, {"CLOCK_REALTIME_COARSE", 5}, {"CLOCK_MONOTONIC_COARSE", 6}, {"CLOCK_BOOTTIME", emu.CLOCK_BOOTTIME},
	{"CLOCK_REALTIME_ALARM", emu.CLOCK_REALTIME_ALARM}, {"CLOCK_BOOTTIME_ALARM", emu.CLOCK_BOOTTIME_ALARM}, {"CLOCK_TAI", 11}}}

var timerfdFlags = &set{"TFD_???", []named{{"TFD_CLOEXEC", emu.TFD_CLOEXEC}, {"TFD_NONBLOCK", emu.TFD_NONBLOCK}}}

var timerFlags = &set{"TFD_???", []named{{"TFD_TIMER_ABSTIME", emu.TFD_TIMER_ABSTIME}, {"TFD_TIMER_CANCEL_ON_SET", emu.TFD_TIMER_CANCEL_ON_SET}}}

var pidfdFlags = &set{"PIDFD_???", []named{{"PIDFD_NONBLOCK", emu.PIDFD_NONBLOCK}, {"PIDFD_THREAD", emu.PIDFD_THREAD}}}

var pidfdSignalFlags = &set{"PIDFD_SIGNAL_???", []named{{"PIDFD_SIGNAL_THREAD", emu.PIDFD_SIGNAL_THREAD},
	{"PIDFD_SIGNAL_THREAD_GROUP", emu.PIDFD_SIGNAL_THREAD_GROUP}, {"PIDFD_SIGNAL_PROCESS_GROUP", emu.PIDFD_SIGNAL_PROCESS_GROUP}}}

var waitIDs = &set{"P_???", []named{{"P_ALL", emu.P_ALL}, {"P_PID", emu.P_PID}, {"P_PGID", emu.P_PGID}, {"P_PIDFD", emu.P_PIDFD}}}

var childCodes = &set{"CLD_???", []named{{"CLD_EXITED", emu.CLD_EXITED}, {"CLD_KILLED", emu.CLD_KILLED}, {"CLD_DUMPED", 3}}}

var rwFlags = &set{"RWF_???", []named{{"RWF_HIPRI", emu.RWF_HIPRI}, {"RWF_DSYNC", emu.RWF_DSYNC}, {"RWF_SYNC", emu.RWF_SYNC}, {"RWF_NOWAIT", emu.RWF_NOWAIT},
	{"RWF_APPEND", emu.RWF_APPEND}, {"RWF_NOAPPEND", emu.RWF_NOAPPEND}, {"RWF_ATOMIC", emu.RWF_ATOMIC}, {"RWF_DONTCACHE", emu.RWF_DONTCACHE},
	{"RWF_NOSIGNAL", emu.RWF_NOSIGNAL}}}

var statModes = &set{"S_IF???", []named{{"S_IFSOCK", emu.S_IFSOCK}, {"S_IFIFO", emu.S_IFIFO}, {"S_IFREG", emu.S_IFREG}}}

var epollOps = &set{"EPOLL_CTL_???", []named{{"EPOLL_CTL_ADD", emu.EPOLL_CTL_ADD}, {"EPOLL_CTL_DEL", emu.EPOLL_CTL_DEL}, {"EPOLL_CTL_MOD", emu.EPOLL_CTL_MOD}}}

var epollEvents = &set{"EPOLL???", []named{{"EPOLLIN", emu.POLLIN}, {"EPOLLPRI", emu.POLLPRI}, {"EPOLLOUT", emu.POLLOUT},
	{"EPOLLRDNORM", emu.POLLRDNORM}, {"EPOLLRDBAND", emu.POLLRDBAND}, {"EPOLLWRNORM", emu.POLLWRNORM}, {"EPOLLWRBAND", emu.POLLWRBAND},
	{"EPOLLMSG", emu.POLLMSG}, {"EPOLLERR", emu.POLLERR}, {"EPOLLHUP", emu.POLLHUP}, {"EPOLLRDHUP", emu.POLLRDHUP},
	{"EPOLLEXCLUSIVE", emu.EPOLLEXCLUSIVE}, {"EPOLLWAKEUP", emu.EPOLLWAKEUP}, {"EPOLLONESHOT", emu.EPOLLONESHOT}, {"EPOLLET", emu.EPOLLET}}}

// optionWords are the names that strace has for values of options.
var optionWords = &set{"???", []named{{"SOCK_TXREHASH_DISABLED", 0}, {"SOCK_TXREHASH_ENABLED", 1}, {"SOCK_TXREHASH_DEFAULT", 255}}}
