package sockpair_test

// Chapter 15: no bytes at all, and bytes outside the address space.
var edgeLaws = []law{
	{
		id: "LX-zero/an-empty-message", cite: "POSIX send(); Linux net/unix/af_unix.c unix_dgram_sendmsg", types: messages,
		says: "an empty message is a message: it is queued, received as 0 bytes, and is not end of file",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "", 0, MSG_EOR, NULL, 0) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 0) = 2
			linux: ioctl(3, TIOCOUTQ, [1536]) = 0
			recvfrom(4, "", 10, 0, NULL, NULL) = 0
			recvfrom(4, "ab", 10, 0, NULL, NULL) = 2
			recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-zero/an-empty-stream-send", cite: "POSIX write(); Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream,
		says: "a stream send of no bytes returns 0 and queues nothing",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(3, "", 0) = 0
			sendto(3, "", 0, 0, NULL, 0) = 0
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=NULL, msg_iovlen=0, msg_controllen=0, msg_flags=0}, 0) = 0
			poll([{fd=4, events=POLLIN}], 1, 0) = 0 (Timeout)
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-zero/which-calls-make-empty-messages", cite: "Linux fs/read_write.c do_iter_readv_writev, net/socket.c", types: messages, only: "linux",
		says: "write, send and sendmsg without buffers make an empty message; writev of no bytes sends nothing",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			writev(3, [{iov_base="", iov_len=0}, {iov_base="", iov_len=0}], 2) = 0
			writev(3, NULL, 0) = 0
			ioctl(3, TIOCOUTQ, [0]) = 0
			write(3, "", 0) = 0
			sendto(3, NULL, 0, 0, NULL, 0) = 0
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=NULL, msg_iovlen=0, msg_controllen=0, msg_flags=0}, 0) = 0
			ioctl(3, TIOCOUTQ, [2304]) = 0`,
	},
	{
		id: "LX-zero/an-empty-send-on-a-broken-stream", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream,
		says: "a stream send of no bytes is EPIPE when the stream is broken, but for writev",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			close(4) = 0
			sendto(3, "", 0, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			writev(3, [{iov_base="", iov_len=0}], 1) = 0
			rt_sigaction(SIGPIPE, ` + ignore + `, NULL, 8) = 0
			write(3, "", 0) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "LX-zero/read-of-nothing", cite: "POSIX read(); Linux net/socket.c sock_read_iter", types: anyType,
		says: "read and readv of 0 bytes return 0 without looking, and take no message",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			read(4, 0x7ffe, 0) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 0) = 2
			read(4, 0x7ffe, 0) = 0
			readv(4, [{iov_base="", iov_len=0}], 1) = 0
			read(4, "ab", 10) = 2`,
	},
	{
		id: "LX-zero/receive-of-nothing-on-a-stream", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "recv of 0 bytes on an empty stream is EAGAIN on Linux; with data, and at end of file, it is 0",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			linux: recvfrom(4, 0x7ffe, 0, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			posix: recvfrom(4, "", 0, 0, NULL, NULL) = 0
			write(3, "ab", 2) = 2
			recvfrom(4, "", 0, 0, NULL, NULL) = 0
			recvfrom(4, "ab", 10, 0, NULL, NULL) = 2
			close(3) = 0
			recvfrom(4, "", 0, 0, NULL, NULL) = 0`,
	},
	{
		id: "LX-zero/receive-of-nothing-takes-the-reset", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: connected, only: "linux",
		says: "recv of 0 bytes reports a pending error and takes it",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			close(4) = 0
			recvfrom(3, 0x7ffe, 0, 0, NULL, NULL) = -1 ECONNRESET (Connection reset by peer)
			recvfrom(3, "", 0, 0, NULL, NULL) = 0`,
	},
	{
		id: "LX-zero/receive-of-nothing-takes-a-message", cite: "Linux net/unix/af_unix.c __unix_dgram_recvmsg", types: messages, only: "linux",
		says: "recv of 0 bytes takes a message, and MSG_TRUNC tells that it had bytes; on an empty queue it is EAGAIN",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			recvfrom(4, 0x7ffe, 0, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			3 * write(3, "ab", 2) = 2
			recvfrom(4, "", 0, 0, NULL, NULL) = 0
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=NULL, msg_iovlen=0, msg_controllen=0, msg_flags=MSG_TRUNC}, 0) = 0
			recvfrom(4, "ab", 10, 0, NULL, NULL) = 2
			recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-zero/mmsg-of-nothing", cite: "Linux net/socket.c __sys_sendmmsg, do_recvmmsg", types: stream,
		says: "sendmmsg and recvmmsg without entries do nothing and return 0",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			sendmmsg(3, [], 0, 0) = 0
			recvmmsg(4, [], 0, 0, NULL) = 0
			sendmmsg(9, [], 0, 0) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "LX-fault/send", cite: "POSIX send(); Linux net/unix/af_unix.c", types: anyType,
		says: "a send from outside the address space is EFAULT and queues nothing",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(3, NULL, 5) = -1 EFAULT (Bad address)
			sendto(3, 0x1, 5, MSG_EOR, NULL, 0) = -1 EFAULT (Bad address)
			writev(3, [{iov_base="ab", iov_len=2}, {iov_base=0x1, iov_len=5}], 2) = -1 EFAULT (Bad address)
			linux: ioctl(3, TIOCOUTQ, [0]) = 0
			recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-fault/send-to-nobody", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg, unix_dgram_sendmsg", types: anyType,
		says: "a broken connection is found before the bytes are looked at; of a datagram's peer the bytes come first",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			close(4) = 0
			stream seqpacket: sendto(3, 0x1, 5, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			dgram: sendto(3, 0x1, 5, 0, NULL, 0) = -1 EFAULT (Bad address)
			dgram: sendto(3, "a", 1, 0, NULL, 0) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-fault/receive-on-a-stream", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "a stream keeps what could not be stored",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "abc", 3) = 3
			read(4, NULL, 3) = -1 EFAULT (Bad address)
			readv(4, [{iov_base=NULL, iov_len=10}], 1) = -1 EFAULT (Bad address)
			read(4, "abc", 10) = 3`,
	},
	{
		id: "LX-fault/receive-of-a-message", cite: "Linux net/unix/af_unix.c __unix_dgram_recvmsg", types: messages, only: "linux",
		says: "a message that could not be stored is lost",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(3, "abc", 3) = 3
			write(3, "de", 2) = 2
			read(4, NULL, 3) = -1 EFAULT (Bad address)
			read(4, "de", 10) = 2
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-fault/nothing-to-store-no-fault", cite: "POSIX read(); Linux net/unix/af_unix.c", types: anyType,
		says: "a bad buffer does not matter where nothing is moved: EAGAIN and end of file come before it",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			recvfrom(4, NULL, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			shutdown(4, SHUT_RD) = 0
			read(4, NULL, 10) = 0`,
	},
	{
		id: "LX-fault/address-length", cite: "Linux net/socket.c move_addr_to_user", types: anyType, only: "linux",
		says: "recvfrom with room for an address and no length is EFAULT, and the data is gone",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			recvfrom(4, 0x7ffe, 10, 0, 0x7fff, NULL) = -1 EFAULT (Bad address)
			write(3, "cd", 2) = 2
			recvfrom(4, 0x7ffe, 10, 0, 0x7fff, [-1]) = -1 EINVAL (Invalid argument)
			recvfrom(4, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-fault/names", cite: "POSIX getsockname(), getpeername(); Linux net/socket.c move_addr_to_user", types: anyType,
		says: "an address is cut to the room, its true length told; no room is EFAULT and a negative one EINVAL",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			getsockname(3, 0x7ffe, [-1]) = -1 EINVAL (Invalid argument)
			getsockname(3, 0x7ffe, NULL) = -1 EFAULT (Bad address)
			getpeername(3, NULL, 0x7ffe) = -1 EFAULT (Bad address)
			getpeername(3, 0x7ffe, [0 => 2]) = 0`,
	},
	{
		id: "LX-fault/vectors", cite: "POSIX writev(); Linux lib/iov_iter.c iovec_from_user", types: anyType,
		says: "a negative number of buffers is EINVAL, after the descriptor; a message header that is not there is EFAULT",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			writev(3, 0x1, 4294967295) = -1 EINVAL (Invalid argument)
			writev(9, NULL, 4294967295) = -1 EBADF (Bad file descriptor)
			sendmsg(3, NULL, 0) = -1 EFAULT (Bad address)
			recvmsg(4, NULL, 0) = -1 EFAULT (Bad address)`,
	},
	{
		id: "LX-4.8/sendmmsg-stops-at-an-error", cite: "Linux net/socket.c __sys_sendmmsg", types: messages, only: "linux",
		says: "sendmmsg returns how many messages went before the one that failed, and the error is dropped",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [0], 4) = 0
			3 * write(3, "x"..., 700) = 700
			sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x"..., iov_len=700}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=700}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x"..., iov_len=700}], msg_iovlen=1, msg_controllen=0, msg_flags=0}}], 2, 0) = 1
			sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="x"..., iov_len=700}], msg_iovlen=1, msg_controllen=0, msg_flags=0}}], 1, 0) = -1 EAGAIN (Resource temporarily unavailable)
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0`,
	},
	{
		id: "LX-4.8/recvmmsg-takes-what-is-there", cite: "Linux net/socket.c do_recvmmsg", types: messages, only: "linux",
		says: "recvmmsg fills an entry for each message and stops at the first that would wait",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			write(3, "cde", 3) = 3
			recvmmsg(4, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=9}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=2}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="cd", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_TRUNC}, msg_len=2}], 3, MSG_WAITFORONE, NULL) = 2
			recvmmsg(4, 0x7ffe, 3, MSG_DONTWAIT, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-fault/pieces-before-the-fault", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream, only: "linux",
		says: "a stream send that runs into a bad address returns the pieces before it: 36544 of 40960 good bytes",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			writev(3, [{iov_base="x"..., iov_len=40960}, {iov_base=0x1, iov_len=19040}], 2) = 36544
			ioctl(4, FIONREAD, [36544]) = 0`,
	},
	{
		id: "LX-fault/segments-before-the-fault", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream, only: "linux",
		says: "a stream receive that runs into a bad address returns the whole sends before it and keeps the rest",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "abc", 3) = 3
			write(3, "def", 3) = 3
			readv(4, [{iov_base="abc", iov_len=3}, {iov_base=NULL, iov_len=10}], 2) = 3
			read(4, "def", 10) = 3`,
	},
	{
		id: "LX-peek/at-the-end", cite: "Linux net/unix/af_unix.c", types: anyType,
		says: "MSG_PEEK with nothing left after the other end's SHUT_WR is end of file, EAGAIN on a datagram socket",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 0) = 2
			shutdown(3, SHUT_WR) = 0
			recvfrom(4, "ab", 10, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, "ab", 10, 0, NULL, NULL) = 2
			stream seqpacket: recvfrom(4, "", 10, MSG_PEEK, NULL, NULL) = 0
			dgram: recvfrom(4, 0x7ffe, 10, MSG_PEEK, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-zero/an-empty-message-is-charged", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: anyType, only: "linux",
		says: "an empty message is charged the least socket buffer, 768 bytes; an empty stream send nothing",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "", 0) = 0
			stream: ioctl(3, TIOCOUTQ, [0]) = 0
			dgram seqpacket: ioctl(3, TIOCOUTQ, [768]) = 0
			dgram seqpacket: read(4, "", 1) = 0
			ioctl(3, TIOCOUTQ, [0]) = 0`,
	},
	{
		id: "LX-fault/negative-room-for-a-name", cite: "Linux net/socket.c __sys_recvfrom, copy_msghdr_from_user", types: anyType, only: "linux",
		says: "a negative room for the address is EINVAL: recvfrom has taken the data by then, recvmsg has not",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			recvmsg(4, {msg_name=0x7ffe, msg_namelen=-1, msg_iov=[{iov_base="", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = -1 EINVAL (Invalid argument)
			ioctl(4, FIONREAD, [2]) = 0
			recvfrom(4, 0x7ffe, 10, 0, 0x7ffe, [-1]) = -1 EINVAL (Invalid argument)
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
}
