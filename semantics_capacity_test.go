package sockpair_test

// Chapter 6: how much fits. On Linux a sender is charged for the memory of
// each socket buffer; the figures are those of x86-64 with 4 KiB pages. On the
// POSIX machine it is charged for the bytes.
var capacityLaws = []law{
	{
		id: "LX-4.2/default-sizes", cite: "Linux net/core/sock.c sock_init_data", types: anyType,
		says: "a fresh socket has the machine's default sizes",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			linux: getsockopt(3, SOL_SOCKET, SO_SNDBUF, [212992], [4]) = 0
			linux: getsockopt(3, SOL_SOCKET, SO_RCVBUF, [212992], [4]) = 0
			posix: getsockopt(3, SOL_SOCKET, SO_SNDBUF, [65536], [4]) = 0
			posix: getsockopt(3, SOL_SOCKET, SO_RCVBUF, [65536], [4]) = 0`,
	},
	{
		id: "LX-4.2/send-size-is-doubled", cite: "Linux net/core/sock.c sk_setsockopt", types: anyType, only: "linux",
		says: "SO_SNDBUF stores twice what it was given, 4608 at least",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [0], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDBUF, [4608], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2305], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDBUF, [4610], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [100000], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDBUF, [200000], [4]) = 0
			getsockopt(4, SOL_SOCKET, SO_SNDBUF, [212992], [4]) = 0`,
	},
	{
		id: "LX-4.2/greatest-send-size", cite: "Linux net/core/sock.c sk_setsockopt", types: stream, only: "linux",
		says: "SO_SNDBUF is cut at net.core.wmem_max, and a negative number is a large one",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [4194303], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDBUF, [8388606], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [10000000], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDBUF, [8388608], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [0], 4) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [-1], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDBUF, [8388608], [4]) = 0`,
	},
	{
		id: "LX-4.2/least-receive-size", cite: "Linux net/core/sock.c __sock_set_rcvbuf", types: anyType, only: "linux",
		says: "SO_RCVBUF stores twice what it was given, 2304 at least",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_RCVBUF, [1152], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_RCVBUF, [2304], [4]) = 0
			setsockopt(3, SOL_SOCKET, SO_RCVBUF, [1153], 4) = 0
			getsockopt(3, SOL_SOCKET, SO_RCVBUF, [2306], [4]) = 0`,
	},
	{
		id: "LX-4.2/receive-size-limits-nothing", cite: "Linux net/unix/af_unix.c: the sender is charged", types: anyType, only: "linux",
		says: "what fits is the sender's SO_SNDBUF alone: the receiver's SO_RCVBUF is never looked at",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_RCVBUF, [0], 4) = 0
			93 * write(3, "x"..., 1000) = 1000
			write(3, "x"..., 1000) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.2/force-needs-privilege", cite: "Linux net/core/sock.c sk_setsockopt", types: stream, only: "linux",
		says: "SO_SNDBUFFORCE goes beyond the maximum, for user 0 alone",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			root: setsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [100000000], 4) = 0
			root: getsockopt(3, SOL_SOCKET, SO_SNDBUF, [200000000], [4]) = 0
			root: setsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [-1], 4) = 0
			root: getsockopt(3, SOL_SOCKET, SO_SNDBUF, [4608], [4]) = 0
			user: setsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [1], 4) = -1 EPERM (Operation not permitted)
			user: getsockopt(3, SOL_SOCKET, SO_SNDBUF, [212992], [4]) = 0`,
	},
	{
		id: "LX-4.3/charge-of-a-small-buffer", cite: "Linux net/core/skbuff.c __alloc_skb: truesize", types: anyType, only: "linux",
		says: "a message of up to 192 bytes is charged 768, up to 704 bytes 1280, up to 1728 bytes 2304, up to 3776 bytes 4352",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			` + charge(1, 768) + charge(192, 768) + charge(193, 1280) + charge(704, 1280) + charge(705, 2304) +
			charge(1728, 2304) + charge(1729, 4352) + charge(3776, 4352),
	},
	{
		id: "LX-4.3/charge-of-a-large-stream-send", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream, only: "linux",
		says: "a stream's buffer holds 3776 bytes beside whole pages, 36544 at most, and a longer send takes several",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			` + charge(3777, 4864) + charge(4096, 4864) + charge(7873, 8960) + charge(36544, 37120) + charge(36545, 37888) + charge(65536, 67072),
	},
	{
		id: "LX-4.3/charge-of-a-large-message", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: messages, only: "linux",
		says: "a message lies in one buffer, with pages beyond 16064 bytes",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			` + charge(3777, 8448) + charge(16064, 16640) + charge(16065, 20736) + charge(65536, 69888) + charge(200000, 200960),
	},
	{
		id: "LX-4.3/charge-is-given-back-whole", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream, only: "linux",
		says: "the charge of a buffer is given back when its last byte is read",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "abcd", 4) = 4
			read(4, "abc", 3) = 3
			ioctl(3, TIOCOUTQ, [768]) = 0
			read(4, "d", 10) = 1
			ioctl(3, TIOCOUTQ, [0]) = 0`,
	},
	{
		id: "LX-4.3/one-more-below-the-bound", cite: "Linux net/core/sock.c sock_alloc_send_pskb", types: anyType, only: "linux",
		says: "a buffer is admitted while the charge is below SO_SNDBUF, however large it is: 6 of 768 in 4608",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [0], 4) = 0
			5 * write(3, "x", 1) = 1
			write(3, "x"..., 2000) = 2000
			ioctl(3, TIOCOUTQ, [8192]) = 0
			write(3, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.3/default-buffer-of-bytes", cite: "Linux net/core/sock.c sock_alloc_send_pskb", types: anyType, only: "linux",
		says: "the default buffer takes 278 sends of one byte",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			278 * write(3, "x", 1) = 1
			write(3, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)
			ioctl(3, TIOCOUTQ, [213504]) = 0`,
	},
	{
		id: "LX-4.3/default-buffer-of-pages", cite: "Linux net/core/sock.c sock_alloc_send_pskb", types: anyType, only: "linux",
		says: "the default buffer takes 44 pages on a stream, and 26 as messages",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			stream: 44 * write(3, "x"..., 4096) = 4096
			dgram seqpacket: 26 * write(3, "x"..., 4096) = 4096
			write(3, "x"..., 4096) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.3/one-large-nonblocking-send", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream, only: "linux",
		says: "a non-blocking stream send takes as many buffers as are admitted: 219264 bytes by default, 4480 with the least buffer",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(3, "x"..., 400000) = 219264
			write(3, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)
			ioctl(4, FIONREAD, [219264]) = 0
			setsockopt(4, SOL_SOCKET, SO_SNDBUF, [0], 4) = 0
			write(4, "x"..., 100000) = 4480`,
	},
	{
		id: "ST-01/room-is-bytes", cite: "POSIX write() (the size is open)", types: stream, only: "posix",
		says: "the POSIX machine's stream takes as many bytes as SO_SNDBUF has left, and no byte more",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [10], 4) = 0
			write(3, "abcdefg", 7) = 7
			write(3, "hijkl", 5) = 3
			write(3, "k", 1) = -1 EAGAIN (Resource temporarily unavailable)
			read(4, "ab", 2) = 2
			write(3, "klm", 3) = 2
			read(4, "cdefghijkl", 20) = 10`,
	},
	{
		id: "DG-01 SQ-01/a-message-enters-whole", cite: "POSIX send() (the size is open)", types: messages,
		says: "a message enters whole or not at all, and the next one that fits enters",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			posix: setsockopt(3, SOL_SOCKET, SO_SNDBUF, [10], 4) = 0
			posix: sendto(3, "abcdefg", 7, MSG_EOR, NULL, 0) = 7
			posix: sendto(3, "hijk", 4, MSG_EOR, NULL, 0) = -1 EAGAIN (Resource temporarily unavailable)
			posix: sendto(3, "hij", 3, MSG_EOR, NULL, 0) = 3
			linux: setsockopt(3, SOL_SOCKET, SO_SNDBUF, [0], 4) = 0
			linux: 3 * write(3, "x"..., 700) = 700
			linux: write(3, "x"..., 4000) = 4000
			linux: write(3, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)
			linux: 3 * read(4, "x"..., 5000) = 700
			linux: read(4, "x"..., 5000) = 4000
			posix: read(4, "abcdefg", 100) = 7
			posix: read(4, "hij", 100) = 3`,
	},
	{
		id: "LX-4.3/streams-have-no-maximum", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream,
		says: "a stream send longer than SO_SNDBUF is no error: it takes a part",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2304], 4) = 0
			linux: write(3, "x"..., 9000) = 4480
			posix: write(3, "x"..., 9000) = 2304`,
	},
	{
		id: "LX-4.3/length-before-shutdown", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: messages,
		says: "EMSGSIZE comes before the own SHUT_WR and before a full buffer",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			2 * sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = 1000
			sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = -1 EAGAIN (Resource temporarily unavailable)
			sendto(3, "x"..., 9000, MSG_EOR, NULL, 0) = -1 EMSGSIZE (Message too long)
			shutdown(3, SHUT_WR) = 0
			sendto(3, "x"..., 9000, MSG_EOR, NULL, 0) = -1 EMSGSIZE (Message too long)
			sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "LX-4.3/too-many-buffers", cite: "Linux net/socket.c, IOV_MAX; POSIX sendmsg(), writev()", types: anyType,
		says: "1024 buffers are a vector; 1025 are EMSGSIZE in sendmsg and recvmsg, EINVAL in writev and readv",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			writev(3, ` + iovs(1024) + `, 1024) = 1024
			writev(3, ` + iovs(1025) + `, 1025) = -1 EINVAL (Invalid argument)
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=` + iovs(1025) + `, msg_iovlen=1025, msg_controllen=0, msg_flags=0}, 0) = -1 EMSGSIZE (Message too long)
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=` + iovs(1025) + `, msg_iovlen=1025, msg_controllen=0, msg_flags=0}, 0) = -1 EMSGSIZE (Message too long)
			readv(4, ` + iovs(1025) + `, 1025) = -1 EINVAL (Invalid argument)
			read(4, "x"..., 2000) = 1024`,
	},
}
