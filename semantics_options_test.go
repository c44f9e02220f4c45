package sockpair_test

// Chapter 14: socket options and ioctl requests.
var optionLaws = []law{
	{
		id: "ST-07/keepalive", cite: "POSIX SO_KEEPALIVE; Linux manual page socketpair", types: anyType,
		says: "SO_KEEPALIVE is accepted and read back as 1",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			getsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [0], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [77], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [1], [4]) = 0
			getsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [0], [4]) = 0`,
	},
	{
		id: "LX-4.11/booleans", cite: "POSIX <sys/socket.h> Socket Options", types: stream,
		says: "an option that is on or off reads back 0 or 1, whatever it was set to",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [-3], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_BROADCAST, [2], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_BROADCAST, [1], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_BROADCAST, [0], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_BROADCAST, [0], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_DONTROUTE, [9], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_DONTROUTE, [1], [4]) = 0`,
	},
	{
		id: "SP-01 LX-4.11/type-and-domain", cite: "POSIX SO_TYPE, SO_DOMAIN, SO_PROTOCOL, SO_ACCEPTCONN", types: anyType,
		says: "a socket tells its type and domain, listens to nobody, and none of that can be set",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			stream: getsockopt(3, SOL_SOCKET, SO_TYPE, [1], [4]) = 0
			dgram: getsockopt(3, SOL_SOCKET, SO_TYPE, [2], [4]) = 0
			seqpacket: getsockopt(3, SOL_SOCKET, SO_TYPE, [5], [4]) = 0
			getsockopt(3, SOL_SOCKET, SO_DOMAIN, [1], [4]) = 0
			getsockopt(3, SOL_SOCKET, SO_PROTOCOL, [0], [4]) = 0
			getsockopt(3, SOL_SOCKET, SO_ACCEPTCONN, [0], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_TYPE, [1], 4) = -1 ENOPROTOOPT (Protocol not available)
			setsockopt(3, SOL_SOCKET, SO_ACCEPTCONN, [1], 4) = -1 ENOPROTOOPT (Protocol not available)
			setsockopt(3, SOL_SOCKET, SO_ERROR, [1], 4) = -1 ENOPROTOOPT (Protocol not available)`,
	},
	{
		id: "LX-4.11/low-water-marks", cite: "POSIX SO_RCVLOWAT, SO_SNDLOWAT; Linux net/core/sock.c", types: anyType,
		says: "SO_RCVLOWAT is 1 at first and never less; SO_SNDLOWAT is 1 and cannot be set",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			getsockopt(3, SOL_SOCKET, SO_RCVLOWAT, [1], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_RCVLOWAT, [0], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_RCVLOWAT, [1], [4]) = 0
			linux: setsockopt(3, SOL_SOCKET, SO_RCVLOWAT, [-1], 4) = 0
			linux: getsockopt(3, SOL_SOCKET, SO_RCVLOWAT, [2147483647], [4]) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDLOWAT, [1], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDLOWAT, [1], 4) = -1 ENOPROTOOPT (Protocol not available)`,
	},
	{
		id: "LX-4.11/linger", cite: "POSIX SO_LINGER; Linux net/core/sock.c", types: anyType,
		says: "SO_LINGER is stored, and a close does not wait for it",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			getsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=0, l_linger=0}, [8]) = 0
			setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=7, l_linger=5}, 8) = 0
			getsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, [8]) = 0
			sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			close(3) = 0
			read(4, "a", 10) = 1`,
	},
	{
		id: "LX-4.11/unknown-options", cite: "POSIX getsockopt(), setsockopt(); Linux net/core/sock.c", types: anyType,
		says: "an option that nobody knows is ENOPROTOOPT; another level is EOPNOTSUPP on Linux",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			getsockopt(3, SOL_SOCKET, 0x3e7 /* SO_??? */, 0x7ffe, [4]) = -1 ENOPROTOOPT (Protocol not available)
			setsockopt(3, SOL_SOCKET, 0x3e7 /* SO_??? */, [1], 4) = -1 ENOPROTOOPT (Protocol not available)
			linux: getsockopt(3, SOL_TCP, TCP_NODELAY, 0x7ffe, [4]) = -1 EOPNOTSUPP (Operation not supported)
			linux: setsockopt(3, SOL_IP, IP_TTL, [1], 4) = -1 EOPNOTSUPP (Operation not supported)
			posix: getsockopt(3, SOL_TCP, TCP_NODELAY, 0x7ffe, [4]) = -1 ENOPROTOOPT (Protocol not available)`,
	},
	{
		id: "LX-4.11/lengths-of-a-set", cite: "Linux net/core/sock.c sk_setsockopt", types: stream, only: "linux",
		says: "a value of less than 4 bytes is EINVAL before the option is looked up, more is accepted",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, "\1\0", 2) = -1 EINVAL (Invalid argument)
			setsockopt(3, SOL_SOCKET, 0x3e7 /* SO_??? */, "\1\0", 2) = -1 EINVAL (Invalid argument)
			setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, NULL, 4) = -1 EFAULT (Bad address)
			setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [1], -1) = -1 EINVAL (Invalid argument)
			setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, "\1\0\0\0\0\0\0\0", 8) = 0
			getsockopt(3, SOL_SOCKET, SO_KEEPALIVE, [1], [4]) = 0`,
	},
	{
		id: "LX-4.11/lengths-of-a-get", cite: "POSIX getsockopt(); Linux net/core/sock.c sk_getsockopt", types: stream,
		says: "a longer room is cut to the value, a negative one is EINVAL, no room at all is fine",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			getsockopt(3, SOL_SOCKET, SO_TYPE, [1], [16 => 4]) = 0
			getsockopt(3, SOL_SOCKET, SO_TYPE, "\1\0", [2]) = 0
			getsockopt(3, SOL_SOCKET, SO_TYPE, "", [0]) = 0
			getsockopt(3, SOL_SOCKET, SO_TYPE, 0x7ffe, [-1]) = -1 EINVAL (Invalid argument)
			getsockopt(3, SOL_SOCKET, SO_TYPE, NULL, [4]) = -1 EFAULT (Bad address)
			getsockopt(3, SOL_SOCKET, SO_TYPE, 0x7ffe, NULL) = -1 EFAULT (Bad address)`,
	},
	{
		id: "LX-4.11/options-without-support", cite: "Linux net/core/sock.c sk_setsockopt", types: stream, only: "linux",
		says: "SO_REUSEPORT and SO_ZEROCOPY are EOPNOTSUPP on AF_UNIX, SO_BSDCOMPAT is forgotten",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_REUSEPORT, [1], 4) = -1 EOPNOTSUPP (Operation not supported)
			setsockopt(3, SOL_SOCKET, SO_REUSEPORT, [0], 4) = 0
			setsockopt(3, SOL_SOCKET, SO_ZEROCOPY, [0], 4) = -1 EOPNOTSUPP (Operation not supported)
			getsockopt(3, SOL_SOCKET, SO_ZEROCOPY, [0], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_BSDCOMPAT, [1], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_BSDCOMPAT, [0], [4]) = 0`,
	},
	{
		id: "LX-4.11/options-with-privilege", cite: "Linux net/core/sock.c sk_setsockopt", types: stream, only: "linux",
		says: "SO_PRIORITY above 6, SO_MARK and SO_DEBUG are for user 0",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_PRIORITY, [6], 4) = 0
			root: setsockopt(3, SOL_SOCKET, SO_PRIORITY, [7], 4) = 0
			root: setsockopt(3, SOL_SOCKET, SO_MARK, [5], 4) = 0
			root: setsockopt(3, SOL_SOCKET, SO_DEBUG, [1], 4) = 0
			user: setsockopt(3, SOL_SOCKET, SO_PRIORITY, [7], 4) = -1 EPERM (Operation not permitted)
			user: setsockopt(3, SOL_SOCKET, SO_MARK, [0], 4) = -1 EPERM (Operation not permitted)
			user: setsockopt(3, SOL_SOCKET, SO_DEBUG, [1], 4) = -1 EACCES (Permission denied)
			user: setsockopt(3, SOL_SOCKET, SO_DEBUG, [0], 4) = 0`,
	},
	{
		id: "LX-4.11/options-of-one-end", cite: "POSIX setsockopt(), dup()", types: anyType,
		says: "an option belongs to the description: a duplicate sees it, the other end does not",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			dup(3) = 5
			setsockopt(5, SOL_SOCKET, SO_RCVLOWAT, [9], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_RCVLOWAT, [9], [4]) = 0
			getsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [1], [4]) = 0`,
	},
	{
		id: "LX-4.11/linux-options-are-not-posix", cite: "POSIX <sys/socket.h>", types: stream, only: "posix",
		says: "the POSIX machine has the options of POSIX and no others",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			getsockopt(3, SOL_SOCKET, SO_PEERCRED, 0x7ffe, [12]) = -1 ENOPROTOOPT (Protocol not available)
			getsockopt(3, SOL_SOCKET, SO_COOKIE, 0x7ffe, [8]) = -1 ENOPROTOOPT (Protocol not available)
			setsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [1], 4) = -1 ENOPROTOOPT (Protocol not available)
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [-1], 4) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-4.11/unread-bytes", cite: "Linux net/unix/af_unix.c unix_inq_len", types: anyType, only: "linux",
		says: "FIONREAD is the unread bytes of a stream, of all records, or of the first datagram alone",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			ioctl(4, FIONREAD, [0]) = 0
			write(3, "abc", 3) = 3
			write(3, "de", 2) = 2
			stream seqpacket: ioctl(4, FIONREAD, [5]) = 0
			dgram: ioctl(4, FIONREAD, [3]) = 0
			ioctl(3, FIONREAD, [0]) = 0
			recvfrom(4, "a", 1, 0, NULL, NULL) = 1
			stream: ioctl(4, FIONREAD, [4]) = 0
			dgram seqpacket: ioctl(4, FIONREAD, [2]) = 0`,
	},
	{
		id: "LX-4.11/unread-empty-datagram", cite: "Linux net/unix/af_unix.c unix_inq_len", types: dgram, only: "linux",
		says: "FIONREAD of a datagram socket is 0 while an empty message is first, though more follows",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			write(3, "", 0) = 0
			write(3, "abc", 3) = 3
			ioctl(4, FIONREAD, [0]) = 0
			read(4, "", 10) = 0
			ioctl(4, FIONREAD, [3]) = 0`,
	},
	{
		id: "LX-4.11/unsent-bytes", cite: "Linux net/unix/af_unix.c unix_outq_len", types: anyType, only: "linux",
		says: "SIOCOUTQ is what the queued messages are charged, at the sender, and falls to 0 when the receiver closes",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			2 * write(3, "a", 1) = 1
			ioctl(3, TIOCOUTQ, [1536]) = 0
			ioctl(4, TIOCOUTQ, [0]) = 0
			close(4) = 0
			ioctl(3, TIOCOUTQ, [0]) = 0`,
	},
	{
		id: "LX-4.11/flags-by-ioctl", cite: "Linux fs/ioctl.c do_vfs_ioctl", types: stream, only: "linux",
		says: "FIONBIO sets O_NONBLOCK, FIOASYNC O_ASYNC, FIOCLEX and FIONCLEX the descriptor's FD_CLOEXEC",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			ioctl(3, FIONBIO, [5]) = 0
			ioctl(3, FIOASYNC, [1]) = 0
			fcntl(3, F_GETFL) = 0x2802 (flags O_RDWR|O_NONBLOCK|O_ASYNC)
			ioctl(3, FIONBIO, [0]) = 0
			fcntl(3, F_GETFL) = 0x2002 (flags O_RDWR|O_ASYNC)
			ioctl(3, FIOCLEX) = 0
			fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			ioctl(3, FIONCLEX) = 0
			fcntl(3, F_GETFD) = 0`,
	},
	{
		id: "LX-4.11/unknown-requests", cite: "POSIX ioctl(); Linux net/socket.c sock_ioctl", types: anyType,
		says: "a request of terminals is ENOTTY",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			ioctl(3, TCGETS, 0x7ffe) = -1 ENOTTY (Inappropriate ioctl for device)
			ioctl(9, TCGETS, 0x7ffe) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "LX-4.11/mark-of-streams-alone", cite: "Linux net/unix/af_unix.c unix_ioctl SIOCATMARK", types: anyType, only: "linux",
		says: "SIOCATMARK answers on a stream, and is EOPNOTSUPP on the message types",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			stream: ioctl(3, SIOCATMARK, [0]) = 0
			dgram seqpacket: ioctl(3, SIOCATMARK, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)`,
	},
	{
		id: "LX-4.11/urgent-data-of-streams-alone", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg, __unix_dgram_recvmsg", types: messages,
		says: "MSG_OOB is EOPNOTSUPP on the message types, to send and to receive",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "a", 1, MSG_OOB, NULL, 0) = -1 EOPNOTSUPP (Operation not supported)
			recvfrom(4, 0x7ffe, 1, MSG_OOB, NULL, NULL) = -1 EOPNOTSUPP (Operation not supported)`,
	},
	{
		id: "LX-4.11/inq-is-for-streams", cite: "Linux net/unix/af_unix.c unix_setsockopt", types: anyType, only: "linux",
		says: "SO_INQ can be set on a stream, to 0 or 1, and be read nowhere",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			stream: setsockopt(3, SOL_SOCKET, 0x54 /* SO_??? */, [0], 4) = 0
			stream: setsockopt(3, SOL_SOCKET, 0x54 /* SO_??? */, [2], 4) = -1 EINVAL (Invalid argument)
			dgram seqpacket: setsockopt(3, SOL_SOCKET, 0x54 /* SO_??? */, [0], 4) = -1 ENOPROTOOPT (Protocol not available)
			getsockopt(3, SOL_SOCKET, 0x54 /* SO_??? */, 0x7ffe, [4]) = -1 ENOPROTOOPT (Protocol not available)`,
	},
}
