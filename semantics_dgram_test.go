package sockpair_test

// Chapter 4: SOCK_DGRAM [DG], and what it shares with SOCK_SEQPACKET. A law
// for both message types sends with MSG_EOR, which only records look at.
var dgramLaws = []law{
	{
		id: "DG-01 SQ-01/boundaries", cite: "POSIX 2.10.6 Socket Types", types: messages,
		says: "each message is received by itself, however much room there is",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 0) = 2
			sendto(3, "c", 1, MSG_EOR, NULL, 0) = 1
			sendto(3, "def", 3, MSG_EOR, NULL, 0) = 3
			read(4, "ab", 100) = 2
			read(4, "c", 100) = 1
			read(4, "def", 100) = 3`,
	},
	{
		id: "DG-01/every-send-is-a-message", cite: "POSIX write(), writev(), send(), sendmsg()", types: dgram,
		says: "each of the calls that send makes one message, of all its buffers",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			write(3, "a", 1) = 1
			writev(3, [{iov_base="b", iov_len=1}, {iov_base="c", iov_len=1}], 2) = 2
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="d", iov_len=1}, {iov_base="ef", iov_len=2}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 3
			read(4, "a", 10) = 1
			readv(4, [{iov_base="b", iov_len=1}, {iov_base="c", iov_len=5}], 2) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="d", iov_len=1}, {iov_base="ef", iov_len=9}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 3`,
	},
	{
		id: "DG-01/the-rest-of-a-datagram-is-lost", cite: "POSIX recv(); Linux net/unix/af_unix.c __unix_dgram_recvmsg", types: dgram,
		says: "a receive with less room gets the beginning of a datagram, MSG_TRUNC tells, and the rest is gone",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			write(3, "abcde", 5) = 5
			write(3, "fgh", 3) = 3
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_TRUNC}, 0) = 2
			read(4, "fg", 2) = 2
			recvfrom(4, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "DG-01 SQ-01/maximum-length", cite: "POSIX send(); Linux net/unix/af_unix.c unix_dgram_sendmsg", types: messages,
		says: "a message longer than the send buffer allows is EMSGSIZE and sends nothing",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2304], 4) = 0
			linux: sendto(3, "x"..., 4577, MSG_EOR, NULL, 0) = -1 EMSGSIZE (Message too long)
			linux: sendto(3, "x"..., 4576, MSG_EOR, NULL, 0) = 4576
			posix: sendto(3, "x"..., 2305, MSG_EOR, NULL, 0) = -1 EMSGSIZE (Message too long)
			posix: sendto(3, "x"..., 2304, MSG_EOR, NULL, 0) = 2304
			linux: recvfrom(4, "x"..., 5000, 0, NULL, NULL) = 4576
			posix: recvfrom(4, "x"..., 5000, 0, NULL, NULL) = 2304
			recvfrom(4, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "DG-01/default-maximum-length", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: messages,
		says: "with the default buffer 212960 bytes are a message on Linux, 65536 on the POSIX machine, and one more is EMSGSIZE",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			linux: sendto(3, "x"..., 212961, MSG_EOR, NULL, 0) = -1 EMSGSIZE (Message too long)
			linux: sendto(3, "x"..., 212960, MSG_EOR, NULL, 0) = 212960
			posix: sendto(3, "x"..., 65537, MSG_EOR, NULL, 0) = -1 EMSGSIZE (Message too long)
			posix: sendto(3, "x"..., 65536, MSG_EOR, NULL, 0) = 65536`,
	},
	{
		id: "DG-02/the-other-end-is-the-destination", cite: "glibc manual, Socket Pairs", types: dgram,
		says: "each end knows the other as the default destination of a send without an address",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			write(3, "a", 1) = 1
			sendto(4, "b", 1, 0, NULL, 0) = 1
			read(4, "a", 10) = 1
			read(3, "b", 10) = 1`,
	},
	{
		id: "DG-04/close-is-no-end-of-file", cite: "POSIX 2.10.6 Socket Types; glibc manual, Socket Pairs", types: dgram,
		says: "after the other end's close a receive gets what was queued, and then waits: there is no end of file",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			write(4, "last", 4) = 4
			close(4) = 0
			read(3, "last", 10) = 4
			recvfrom(3, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\0\0\0\0\0\0\0\0 N\0\0\0\0\0\0", 16) = 0
			read(3, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "DG-04/refused-once", cite: "POSIX send(); Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram,
		says: "a send to a closed peer is ECONNREFUSED once; then there is no peer any more",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			close(4) = 0
			getpeername(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			write(3, "a", 1) = -1 ECONNREFUSED (Connection refused)
			linux: write(3, "a", 1) = -1 ENOTCONN (Transport endpoint is not connected)
			posix: write(3, "a", 1) = -1 EDESTADDRREQ (Destination address required)
			getpeername(3, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)`,
	},
	{
		id: "LX-4.6/refusal-empties-the-queue", cite: "Linux net/unix/af_unix.c unix_dgram_disconnected", types: dgram,
		says: "the ECONNREFUSED that lets the peer go also throws away what it had sent",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(4, "one", 3) = 3
			write(4, "two", 3) = 3
			close(4) = 0
			read(3, "one", 10) = 3
			write(3, "a", 1) = -1 ECONNREFUSED (Connection refused)
			read(3, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.6/datagram-to-a-reader-that-has-shut", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram,
		says: "a datagram to an end that has shut its receiving side is EPIPE without a signal",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			shutdown(4, SHUT_RD) = 0
			write(3, "a", 1) = -1 EPIPE (Broken pipe)
			write(4, "b", 1) = 1
			read(3, "b", 10) = 1`,
	},
	{
		id: "LX-4.6/shutdown-is-local", cite: "Linux net/unix/af_unix.c unix_shutdown", types: dgram,
		says: "the own SHUT_WR of a datagram socket does not show at the other end",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(3, "a", 1) = 1
			shutdown(3, SHUT_WR) = 0
			write(3, "b", 1) = -1 EPIPE (Broken pipe)
			read(4, "a", 10) = 1
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			write(4, "c", 1) = 1
			read(3, "c", 10) = 1`,
	},
	{
		id: "LX-4.6/receiving-shut", cite: "Linux net/unix/af_unix.c __unix_dgram_recvmsg; POSIX shutdown()", types: dgram,
		says: "after the own SHUT_RD what is queued is read, then end of file; a non-blocking receive says EAGAIN on Linux",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			write(3, "a", 1) = 1
			shutdown(4, SHUT_RD) = 0
			read(4, "a", 10) = 1
			read(4, "", 10) = 0
			linux: recvfrom(4, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			posix: recvfrom(4, "", 10, MSG_DONTWAIT, NULL, NULL) = 0`,
	},
	{
		id: "LX-4.7/addresses-that-lead-nowhere", cite: "Linux net/unix/af_unix.c unix_validate_addr, unix_find_other", types: dgram,
		says: "a datagram's address must be of the family and name a socket: EINVAL or EAFNOSUPPORT, ENOENT, ECONNREFUSED; abstract names are Linux's",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			linux: sendto(3, "a", 1, 0, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINVAL (Invalid argument)
			posix: sendto(3, "a", 1, 0, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			sendto(3, "a", 1, 0, {sa_family=AF_UNIX}, 2) = -1 EINVAL (Invalid argument)
			sendto(3, "a", 1, 0, {sa_family=AF_UNIX, sun_path="/no/such/socket"}, 18) = -1 ENOENT (No such file or directory)
			linux: sendto(3, "a", 1, 0, {sa_family=AF_UNIX, sun_path=@"no such socket"}, 17) = -1 ECONNREFUSED (Connection refused)
			posix: sendto(3, "a", 1, 0, {sa_family=AF_UNIX, sun_path=@"no such socket"}, 17) = -1 ENOENT (No such file or directory)
			sendto(3, "b", 1, 0, NULL, 0) = 1
			read(4, "b", 10) = 1`,
	},
	{
		id: "LX-4.7/order-of-a-datagram-send", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram,
		says: "a send tests the address's form, the length, the own SHUT_WR, the room and the bytes before it looks the address up",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			2 * write(3, "x"..., 1000) = 1000
			sendto(3, "x"..., 1000, 0, {sa_family=AF_UNIX, sun_path="/no"}, 6) = -1 EAGAIN (Resource temporarily unavailable)
			shutdown(3, SHUT_WR) = 0
			sendto(3, "x"..., 1000, 0, {sa_family=AF_UNIX, sun_path="/no"}, 6) = -1 EPIPE (Broken pipe)
			sendto(3, "x"..., 9000, 0, {sa_family=AF_UNIX, sun_path="/no"}, 6) = -1 EMSGSIZE (Message too long)
			sendto(3, "x"..., 9000, 0, {sa_family=AF_UNIX}, 2) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-4.5/full-hides-a-shut-reader", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram,
		says: "room is tested before the peer: a full buffer says EAGAIN although the peer has shut its receiving side",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			2 * write(3, "x"..., 1000) = 1000
			shutdown(4, SHUT_RD) = 0
			write(3, "x"..., 1000) = -1 EAGAIN (Resource temporarily unavailable)
			2 * read(4, "x"..., 1000) = 1000
			write(3, "x"..., 1000) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "LX-4.6/close-frees-the-sender", cite: "Linux net/unix/af_unix.c unix_release_sock", types: dgram,
		says: "closing the receiver gives back what its queue was charged: a full sender learns ECONNREFUSED",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			2 * write(3, "x"..., 1000) = 1000
			write(3, "x"..., 1000) = -1 EAGAIN (Resource temporarily unavailable)
			close(4) = 0
			linux: ioctl(3, TIOCOUTQ, [0]) = 0
			write(3, "x"..., 1000) = -1 ECONNREFUSED (Connection refused)`,
	},
}
