package emu

// The constants have the names of golang.org/x/sys/unix and the numbers of
// Linux x86-64, on every host: a program under test and a recording mean the
// same on Windows as on Linux. The four CLOFORK names of POSIX.1-2024, which
// Linux lacks, have numbers outside the bits that Linux uses.

// Address families, the domain of a socket.
const (
	AF_UNSPEC    = 0
	AF_UNIX      = 1
	AF_LOCAL     = AF_UNIX
	AF_INET      = 2
	AF_AX25      = 3
	AF_IPX       = 4
	AF_APPLETALK = 5
	AF_NETROM    = 6
	AF_BRIDGE    = 7
	AF_ATMPVC    = 8
	AF_X25       = 9
	AF_INET6     = 10
	AF_ROSE      = 11
	AF_NETLINK   = 16
	AF_PACKET    = 17
	AF_TIPC      = 30
	AF_BLUETOOTH = 31
	AF_ALG       = 38
	AF_VSOCK     = 40
	AF_KCM       = 41
	AF_QIPCRTR   = 42
	AF_SMC       = 43
	AF_XDP       = 44
	AF_MAX       = 46
)

// Socket types and the flags that may be or-ed to them.
const (
	SOCK_STREAM    = 1
	SOCK_DGRAM     = 2
	SOCK_RAW       = 3
	SOCK_RDM       = 4
	SOCK_SEQPACKET = 5
	SOCK_DCCP      = 6
	SOCK_PACKET    = 10

	sockTypeMask = 0xf
	sockTypeMax  = 11

	SOCK_NONBLOCK = O_NONBLOCK
	SOCK_CLOEXEC  = O_CLOEXEC
	SOCK_CLOFORK  = O_CLOFORK
)

// File status flags, as fcntl F_GETFL shows them.
const (
	O_RDONLY   = 0
	O_WRONLY   = 1
	O_RDWR     = 2
	O_ACCMODE  = 3
	O_APPEND   = 0x400
	O_NONBLOCK = 0x800
	O_ASYNC    = 0x2000
	O_EXCL     = 0x80
	O_DIRECT   = 0x4000
	O_NOATIME  = 0x40000
	O_CLOEXEC  = 0x80000
	O_CLOFORK  = 1 << 29
)

// Commands of fcntl, and the descriptor flags.
const (
	F_DUPFD         = 0
	F_GETFD         = 1
	F_SETFD         = 2
	F_GETFL         = 3
	F_SETFL         = 4
	F_GETLK         = 5
	F_SETLK         = 6
	F_SETLKW        = 7
	F_SETOWN        = 8
	F_GETOWN        = 9
	F_SETSIG        = 10
	F_GETSIG        = 11
	F_DUPFD_CLOEXEC = 1030
	F_DUPFD_CLOFORK = 1 << 16
	F_SETPIPE_SZ    = 1031
	F_GETPIPE_SZ    = 1032

	FD_CLOEXEC = 1
	FD_CLOFORK = 2
)

// Flags of close_range.
const (
	CLOSE_RANGE_UNSHARE = 2
	CLOSE_RANGE_CLOEXEC = 4
)

// Flags of the send and receive calls.
const (
	MSG_OOB          = 0x1
	MSG_PEEK         = 0x2
	MSG_DONTROUTE    = 0x4
	MSG_CTRUNC       = 0x8
	MSG_PROXY        = 0x10
	MSG_TRUNC        = 0x20
	MSG_DONTWAIT     = 0x40
	MSG_EOR          = 0x80
	MSG_WAITALL      = 0x100
	MSG_FIN          = 0x200
	MSG_SYN          = 0x400
	MSG_CONFIRM      = 0x800
	MSG_RST          = 0x1000
	MSG_ERRQUEUE     = 0x2000
	MSG_NOSIGNAL     = 0x4000
	MSG_MORE         = 0x8000
	MSG_WAITFORONE   = 0x10000
	MSG_BATCH        = 0x40000
	MSG_ZEROCOPY     = 0x4000000
	MSG_FASTOPEN     = 0x20000000
	MSG_CMSG_CLOEXEC = 0x40000000
)

// How of shutdown.
const (
	SHUT_RD   = 0
	SHUT_WR   = 1
	SHUT_RDWR = 2
)

// Levels and names of the socket options.
const (
	SOL_SOCKET = 1

	SO_DEBUG                 = 1
	SO_REUSEADDR             = 2
	SO_TYPE                  = 3
	SO_ERROR                 = 4
	SO_DONTROUTE             = 5
	SO_BROADCAST             = 6
	SO_SNDBUF                = 7
	SO_RCVBUF                = 8
	SO_KEEPALIVE             = 9
	SO_OOBINLINE             = 10
	SO_NO_CHECK              = 11
	SO_PRIORITY              = 12
	SO_LINGER                = 13
	SO_BSDCOMPAT             = 14
	SO_REUSEPORT             = 15
	SO_PASSCRED              = 16
	SO_PEERCRED              = 17
	SO_RCVLOWAT              = 18
	SO_SNDLOWAT              = 19
	SO_RCVTIMEO              = 20
	SO_SNDTIMEO              = 21
	SO_BINDTODEVICE          = 25
	SO_ATTACH_FILTER         = 26
	SO_DETACH_FILTER         = 27
	SO_PEERNAME              = 28
	SO_TIMESTAMP             = 29
	SO_ACCEPTCONN            = 30
	SO_PEERSEC               = 31
	SO_SNDBUFFORCE           = 32
	SO_RCVBUFFORCE           = 33
	SO_PASSSEC               = 34
	SO_TIMESTAMPNS           = 35
	SO_MARK                  = 36
	SO_TIMESTAMPING          = 37
	SO_PROTOCOL              = 38
	SO_DOMAIN                = 39
	SO_RXQ_OVFL              = 40
	SO_WIFI_STATUS           = 41
	SO_PEEK_OFF              = 42
	SO_NOFCS                 = 43
	SO_LOCK_FILTER           = 44
	SO_SELECT_ERR_QUEUE      = 45
	SO_BUSY_POLL             = 46
	SO_MAX_PACING_RATE       = 47
	SO_BPF_EXTENSIONS        = 48
	SO_INCOMING_CPU          = 49
	SO_ATTACH_BPF            = 50
	SO_ATTACH_REUSEPORT_CBPF = 51
	SO_ATTACH_REUSEPORT_EBPF = 52
	SO_CNX_ADVICE            = 53
	SO_MEMINFO               = 55
	SO_INCOMING_NAPI_ID      = 56
	SO_COOKIE                = 57
	SO_PEERGROUPS            = 59
	SO_ZEROCOPY              = 60
	SO_TXTIME                = 61
	SO_BINDTOIFINDEX         = 62
	SO_TIMESTAMP_NEW         = 63
	SO_TIMESTAMPNS_NEW       = 64
	SO_TIMESTAMPING_NEW      = 65
	SO_RCVTIMEO_NEW          = 66
	SO_SNDTIMEO_NEW          = 67
	SO_DETACH_REUSEPORT_BPF  = 68
	SO_PREFER_BUSY_POLL      = 69
	SO_BUSY_POLL_BUDGET      = 70
	SO_NETNS_COOKIE          = 71
	SO_BUF_LOCK              = 72
	SO_RESERVE_MEM           = 73
	SO_TXREHASH              = 74
	SO_RCVMARK               = 75
	SO_PASSPIDFD             = 76
	SO_PEERPIDFD             = 77
	SO_RCVPRIORITY           = 82
	SO_PASSRIGHTS            = 83
	SO_INQ                   = 84
)

// Requests of ioctl.
const (
	FIONREAD   = 0x541b
	SIOCINQ    = FIONREAD
	SIOCOUTQ   = 0x5411
	FIONBIO    = 0x5421
	FIONCLEX   = 0x5450
	FIOCLEX    = 0x5451
	FIOASYNC   = 0x5452
	SIOCATMARK = 0x8905
	TCGETS     = 0x5401
)

// Events of poll.
const (
	POLLIN     = 0x1
	POLLPRI    = 0x2
	POLLOUT    = 0x4
	POLLERR    = 0x8
	POLLHUP    = 0x10
	POLLNVAL   = 0x20
	POLLRDNORM = 0x40
	POLLRDBAND = 0x80
	POLLWRNORM = 0x100
	POLLWRBAND = 0x200
	POLLMSG    = 0x400
	POLLRDHUP  = 0x2000
)

// Whence of lseek.
const (
	SEEK_SET = 0
	SEEK_CUR = 1
	SEEK_END = 2
)

// Options of wait4.
const (
	WNOHANG    = 1
	WUNTRACED  = 2
	WCONTINUED = 8
)

// Resources of setrlimit that the machine knows.
const (
	RLIMIT_NOFILE = 7
	RLIM_INFINITY = ^uint64(0)
)

// IOV_MAX is the greatest number of buffers in one call (Linux UIO_MAXIOV).
const IOV_MAX = 1024

// File types of Stat.Mode.
const (
	S_IFMT   = 0o170000
	S_IFSOCK = 0o140000
	S_IFLNK  = 0o120000
	S_IFREG  = 0o100000
	S_IFBLK  = 0o060000
	S_IFDIR  = 0o040000
	S_IFCHR  = 0o020000
	S_IFIFO  = 0o010000
)

// Permissions that access asks for.
const (
	F_OK = 0
	X_OK = 1
	W_OK = 2
	R_OK = 4
)

// AT_FDCWD stands for the current directory where a call has an argument for a
// descriptor; the others are flags of such calls.
const (
	AT_FDCWD            = -100
	AT_SYMLINK_NOFOLLOW = 0x100
	AT_EACCESS          = 0x200
	AT_REMOVEDIR        = 0x200
	AT_SYMLINK_FOLLOW   = 0x400
	AT_NO_AUTOMOUNT     = 0x800
	AT_EMPTY_PATH       = 0x1000

	atStatSync = 0x6000 // AT_STATX_SYNC_TYPE, which means nothing here
)
