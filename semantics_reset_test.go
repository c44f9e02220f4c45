package sockpair_test

// Chapter 10: the reset, Linux's word for unread data that a close has thrown
// away. POSIX leaves it open; the POSIX machine does not reset.
var resetLaws = []law{
	{
		id: "LX-4.6/stream-reset-after-the-data", cite: "Linux net/unix/af_unix.c unix_release_sock, unix_stream_read_generic", types: stream,
		says: "when an end closes with unread data the other reads its own queue, then ECONNRESET once, then end of file",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			write(4, "data", 4) = 4
			close(4) = 0
			read(3, "data", 10) = 4
			linux: read(3, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-4.6/record-reset-before-the-data", cite: "Linux net/core/datagram.c __skb_try_recv_datagram", types: seqpacket,
		says: "a SOCK_SEQPACKET reports the reset first, then the queued records, then end of file",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "unread", 6, MSG_EOR, NULL, 0) = 6
			sendto(4, "data", 4, MSG_EOR, NULL, 0) = 4
			close(4) = 0
			linux: read(3, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			read(3, "data", 10) = 4
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-4.6/so-error-takes-the-reset", cite: "POSIX getsockopt() SO_ERROR; Linux sock_error", types: connected, only: "linux",
		says: "SO_ERROR reports the pending error and clears it, as poll's POLLERR shows",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			close(4) = 0
			poll([{fd=3, events=POLLIN}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLERR|POLLHUP}])
			getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			poll([{fd=3, events=POLLIN}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-4.6/stream-send-leaves-the-reset", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream, only: "linux",
		says: "a stream send after the reset is EPIPE and does not take the pending error",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			close(4) = 0
			sendto(3, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0`,
	},
	{
		id: "LX-4.6/record-send-takes-the-reset", cite: "Linux net/unix/af_unix.c unix_seqpacket_sendmsg", types: seqpacket, only: "linux",
		says: "a SOCK_SEQPACKET send after the reset takes it, before EMSGSIZE, and is EPIPE from then on",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			close(4) = 0
			write(3, "x"..., 300000) = -1 ECONNRESET (Connection reset by peer)
			write(3, "x"..., 300000) = -1 EMSGSIZE (Message too long)
			write(3, "a", 1) = -1 EPIPE (Broken pipe)
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-4.6/datagrams-do-not-reset", cite: "Linux net/unix/af_unix.c unix_release_sock", types: dgram,
		says: "a datagram socket is told nothing of what its closed peer has not read",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			close(4) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			read(3, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			write(3, "a", 1) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-4.6/all-read-no-reset", cite: "Linux net/unix/af_unix.c unix_release_sock", types: connected,
		says: "an end that has read everything closes without a reset",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "read", 4, MSG_EOR, NULL, 0) = 4
			read(4, "read", 10) = 4
			close(4) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-4.6/partly-read", cite: "Linux net/unix/af_unix.c unix_release_sock", types: connected, only: "linux",
		says: "a partly read stream buffer is unread; a partly received record is gone",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "abcd", 4) = 4
			read(4, "ab", 2) = 2
			close(4) = 0
			stream: getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0
			seqpacket: getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0`,
	},
	{
		id: "LX-4.6/peeked-is-unread", cite: "Linux net/unix/af_unix.c unix_release_sock", types: connected, only: "linux",
		says: "what was only peeked at is unread",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			recvfrom(4, "ab", 10, MSG_PEEK, NULL, NULL) = 2
			close(4) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0`,
	},
	{
		id: "LX-4.6/one-empty-message-is-nothing", cite: "Linux net/unix/af_unix.c unix_release_sock", types: seqpacket, only: "linux",
		says: "one empty unread message does not reset; two do",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			write(3, "", 0) = 0
			close(4) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [4, 5]) = 0
			2 * write(4, "", 0) = 0
			close(5) = 0
			getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0`,
	},
	{
		id: "LX-4.6/the-other-direction-does-not-matter", cite: "Linux net/unix/af_unix.c unix_release_sock", types: connected,
		says: "what the closing end has sent and is still unread is no reset",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(4, "ab", 2, MSG_EOR, NULL, 0) = 2
			close(4) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			read(3, "ab", 10) = 2
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-4.6/shutdown-is-no-reset", cite: "Linux net/unix/af_unix.c unix_shutdown", types: connected,
		says: "shutting down with unread data resets nothing; the close that follows does",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 0) = 2
			shutdown(4, SHUT_RDWR) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			close(4) = 0
			linux: getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0
			posix: getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0`,
	},
	{
		id: "LX-4.6/partial-waitall-loses-the-reset", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream, only: "linux",
		says: "a receive that has bytes when it meets the pending error returns them, and the error is lost",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			write(4, "abc", 3) = 3
			close(4) = 0
			recvfrom(3, "abc", 10, MSG_WAITALL, NULL, NULL) = 3
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-4.6/names-after-the-close", cite: "POSIX getpeername(); Linux net/unix/af_unix.c unix_getname", types: connected,
		says: "getpeername goes on answering after shutdown and after the other end's close; on POSIX it is EINVAL when both directions are shut",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, SHUT_WR) = 0
			getpeername(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			shutdown(3, SHUT_RD) = 0
			linux: getpeername(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			posix: getpeername(3, 0x7ffe, [110]) = -1 EINVAL (Invalid argument)
			close(4) = 0
			linux: getpeername(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			posix: getpeername(3, 0x7ffe, [110]) = -1 EINVAL (Invalid argument)
			sendto(3, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			linux: getpeername(3, {sa_family=AF_UNIX}, [110 => 2]) = 0`,
	},
	{
		id: "LX-4.8/recvmmsg-takes-the-error-first", cite: "Linux net/socket.c do_recvmmsg", types: connected, only: "linux",
		says: "recvmmsg reports a pending error before the data on every type, and at end of file fills every entry",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			write(4, "ab", 2) = 2
			close(4) = 0
			recvmmsg(3, 0x7ffe, 2, 0, NULL) = -1 ECONNRESET (Connection reset by peer)
			recvmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=5}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=2}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="", iov_len=5}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=0}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="", iov_len=5}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=0}], 3, 0, NULL) = 3`,
	},
	{
		id: "LX-4.6/a-taken-urgent-byte-is-nothing", cite: "Linux net/unix/af_unix.c unix_release_sock: u->oob_skb, unix_skb_len", types: stream, only: "linux",
		says: "an out-of-band byte that was taken does not reset when its end closes; one that was not does",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			sendto(3, "X", 1, MSG_OOB, NULL, 0) = 1
			recvfrom(4, "X", 1, MSG_OOB, NULL, NULL) = 1
			close(4) = 0
			read(3, "", 1) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
			sendto(4, "X", 1, MSG_OOB, NULL, 0) = 1
			close(5) = 0
			read(4, 0x7ffe, 1) = -1 ECONNRESET (Connection reset by peer)`,
	},
	{
		id: "LX-4.6/an-empty-message-before-data", cite: "Linux net/unix/af_unix.c unix_release_sock", types: seqpacket, only: "linux",
		says: "an empty unread message with data behind it resets",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			write(3, "", 0) = 0
			write(3, "a", 1) = 1
			close(4) = 0
			read(3, 0x7ffe, 1) = -1 ECONNRESET (Connection reset by peer)
			read(3, "", 1) = 0`,
	},
}
