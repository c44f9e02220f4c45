package sockpair_test

// Chapter 11: calls that wait, and what wakes them. The buffer of a blocked
// sender is full after two sends of 1000 bytes: SO_SNDBUF 2000 is 2000 bytes
// on the POSIX machine, and on Linux 4608 of charge, of which each takes 2304.
var blockingLaws = []law{
	{
		id: "ST-08 DG-02/a-reader-waits-for-data", cite: "POSIX recv()", types: anyType,
		says: "a receive on an empty socket waits until the other end sends",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 recvfrom(4,  <unfinished ...>
			100 sendto(3, "abc", 3, MSG_EOR, NULL, 0) = 3
			101 <... recvfrom resumed>"abc", 10, 0, NULL, NULL) = 3`,
	},
	{
		id: "LX-wake/end-of-file-wakes-readers", cite: "POSIX shutdown(), close(); Linux sk_state_change", types: connected,
		says: "the other end's SHUT_WR, like its close, ends a waiting receive with end of file",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 read(4,  <unfinished ...>
			100 shutdown(3, SHUT_WR) = 0
			101 <... read resumed>"", 10) = 0
			101 read(6,  <unfinished ...>
			100 close(5) = 0
			101 <... read resumed>"", 10) = 0`,
	},
	{
		id: "LX-wake/own-shutdown-wakes-readers", cite: "POSIX shutdown(); Linux net/unix/af_unix.c unix_shutdown", types: anyType,
		says: "the own SHUT_RD ends a waiting receive with end of file on every type",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 read(4,  <unfinished ...>
			100 shutdown(4, SHUT_RD) = 0
			101 <... read resumed>"", 10) = 0`,
	},
	{
		id: "DG-04/a-waiting-datagram-reader-sleeps-on", cite: "Linux net/unix/af_unix.c unix_release_sock", types: dgram,
		says: "neither the peer's SHUT_WR nor its close wakes a datagram receive: it sleeps until its time is over",
		steps: `
			100 socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, ` + ms20 + `, 16) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 read(4,  <unfinished ...>
			100 shutdown(3, SHUT_WR) = 0
			100 close(3) = 0
			101 <... read resumed>0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.13/a-writer-waits-for-room", cite: "POSIX send(); Linux net/unix/af_unix.c unix_write_space", types: anyType,
		says: "a send into a full buffer waits for room: on Linux until the charge is a quarter of SO_SNDBUF, on POSIX until it fits",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = 1000
			101 sendto(3, "y"..., 1000, MSG_EOR, NULL, 0 <unfinished ...>
			100 read(4, "x"..., 1000) = 1000
			linux: 100 ioctl(3, TIOCOUTQ, [2304]) = 0
			linux: 100 read(4, "x"..., 1000) = 1000
			101 <... sendto resumed>) = 1000
			posix: 100 read(4, "x"..., 1000) = 1000
			100 read(4, "y"..., 1000) = 1000`,
	},
	{
		id: "LX-4.13/a-new-send-overtakes-a-waiting-one", cite: "Linux net/core/sock.c sock_alloc_send_pskb, sock_wait_for_wmem", types: anyType, only: "linux",
		says: "after one read a non-blocking send succeeds while a sender that waits sleeps on",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 write(3, "x"..., 1000) = 1000
			101 write(3, "y"..., 1000 <unfinished ...>
			100 read(4, "x"..., 1000) = 1000
			100 write(3, "z"..., 1000) = 1000
			100 read(4, "x"..., 1000) = 1000
			100 read(4, "z"..., 1000) = 1000
			101 <... write resumed>) = 1000
			100 read(4, "y"..., 1000) = 1000`,
	},
	{
		id: "LX-4.13/seventy-reads", cite: "Linux net/unix/af_unix.c unix_writable", types: anyType, only: "linux",
		says: "a default buffer full of 93 sends of 1000 bytes is writable again after 70 reads, and not after 69",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			93 * write(3, "x"..., 1000) = 1000
			poll([{fd=3, events=POLLOUT}], 1, 0) = 0 (Timeout)
			69 * read(4, "x"..., 1000) = 1000
			poll([{fd=3, events=POLLOUT}], 1, 0) = 0 (Timeout)
			read(4, "x"..., 1000) = 1000
			poll([{fd=3, events=POLLOUT}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])`,
	},
	{
		id: "LX-wake/own-shutdown-wakes-writers", cite: "POSIX send(), shutdown(); Linux net/core/sock.c sock_wait_for_wmem", types: anyType,
		says: "the own SHUT_WR ends a waiting send with EPIPE, and without a signal",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = 1000
			101 sendto(3, "y"..., 1000, MSG_EOR, NULL, 0 <unfinished ...>
			100 shutdown(3, SHUT_WR) = 0
			101 <... sendto resumed>) = -1 EPIPE (Broken pipe)
			101 fcntl(3, F_GETFD) = 0`,
	},
	{
		id: "LX-wake/close-wakes-a-stream-writer", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream,
		says: "a waiting stream send whose peer closes returns what it has moved, and raises nothing",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 write(3, "x"..., 9000 <unfinished ...>
			100 close(4) = 0
			linux: 101 <... write resumed>) = 4480
			posix: 101 <... write resumed>) = 2000
			101 fcntl(3, F_GETFD) = 0`,
	},
	{
		id: "LX-wake/close-wakes-a-message-writer", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: messages, only: "linux",
		says: "a waiting message send whose peer closes is ECONNRESET on SOCK_SEQPACKET, ECONNREFUSED on SOCK_DGRAM",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			2 * 100 write(3, "x"..., 1000) = 1000
			101 write(3, "y"..., 1000 <unfinished ...>
			100 close(4) = 0
			seqpacket: 101 <... write resumed>) = -1 ECONNRESET (Connection reset by peer)
			dgram: 101 <... write resumed>) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-wake/arriving-data-wakes-writers", cite: "Linux net/core/sock.c sock_wait_for_wmem", types: anyType, only: "linux",
		says: "anything that wakes the socket, as a message that arrives, makes a waiting sender look for room again",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 write(3, "x"..., 1000) = 1000
			101 write(3, "y"..., 1000 <unfinished ...>
			100 read(4, "x"..., 1000) = 1000
			100 ioctl(3, TIOCOUTQ, [2304]) = 0
			100 write(4, "a", 1) = 1
			101 <... write resumed>) = 1000`,
	},
	{
		id: "LX-wake/a-larger-buffer-wakes-writers", cite: "Linux net/core/sock.c sk_setsockopt SO_SNDBUF", types: anyType,
		says: "raising SO_SNDBUF makes room for a sender that waits",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = 1000
			101 sendto(3, "y"..., 1000, MSG_EOR, NULL, 0 <unfinished ...>
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [30000], 4) = 0
			101 <... sendto resumed>) = 1000`,
	},
	{
		id: "LX-wake/shut-reader-and-datagram-writer", cite: "Linux net/unix/af_unix.c unix_shutdown", types: dgram, only: "linux",
		says: "the peer's SHUT_RD does not wake a waiting datagram send; when there is room it is EPIPE",
		steps: `
			100 socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 write(3, "x"..., 1000) = 1000
			101 write(3, "y"..., 1000 <unfinished ...>
			100 shutdown(4, SHUT_RD) = 0
			2 * 100 read(4, "x"..., 1000) = 1000
			101 <... write resumed>) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "ST-01/a-long-write-waits-for-its-reader", cite: "POSIX write()", types: stream,
		says: "a blocking write returns when all its bytes are queued, in the order in which they were written",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2304], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 write(3, "x"..., 5000 <unfinished ...>
			linux: 100 recvfrom(4, "x"..., 5000, MSG_WAITALL, NULL, NULL) = 5000
			posix: 100 recvfrom(4, "x"..., 5000, MSG_WAITALL, NULL, NULL) = 5000
			101 <... write resumed>) = 5000`,
	},
	{
		id: "ST-03/waitall-waits-for-all", cite: "POSIX recv()", types: stream,
		says: "MSG_WAITALL waits until the buffer is full, or end of file",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			100 write(3, "ab", 2) = 2
			101 recvfrom(4,  <unfinished ...>
			100 write(3, "c", 1) = 1
			100 write(3, "de", 2) = 2
			101 <... recvfrom resumed>"abcd", 4, MSG_WAITALL, NULL, NULL) = 4
			101 recvfrom(4,  <unfinished ...>
			100 close(3) = 0
			101 <... recvfrom resumed>"e", 4, MSG_WAITALL, NULL, NULL) = 1`,
	},
	{
		id: "LX-wake/low-water-mark", cite: "POSIX SO_RCVLOWAT; Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "a waiting receive returns when SO_RCVLOWAT bytes, or as many as it has room for, have come",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [10], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 read(4,  <unfinished ...>
			3 * 100 write(3, "abcd", 4) = 4
			101 <... read resumed>"abcdabcdabcd", 100) = 12
			101 read(4,  <unfinished ...>
			100 write(3, "ab", 2) = 2
			100 write(3, "cd", 2) = 2
			101 <... read resumed>"abc", 3) = 3`,
	},
	{
		id: "LX-wake/messages-go-to-the-first-waiter", cite: "Linux net/core/datagram.c: exclusive waits", types: messages,
		says: "readers of a message type are served in the order in which they began to wait",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			102 read(4,  <unfinished ...>
			101 read(4,  <unfinished ...>
			100 sendto(3, "first", 5, MSG_EOR, NULL, 0) = 5
			102 <... read resumed>"first", 10) = 5
			100 sendto(3, "second", 6, MSG_EOR, NULL, 0) = 6
			101 <... read resumed>"second", 10) = 6`,
	},
	{
		id: "LX-4.13/a-read-takes-what-is-queued", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream, only: "linux",
		says: "one large read beside one large blocked write returns what was queued, not what the write goes on to queue",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 write(3, "x"..., 1048576 <unfinished ...>
			100 read(4, "x"..., 1048576) = 219264
			100 recvfrom(4, "x"..., 829312, MSG_WAITALL, NULL, NULL) = 829312
			101 <... write resumed>) = 1048576`,
	},
	{
		id: "LX-wake/state-changes-wake-writers", cite: "Linux net/core/sock.c sock_wait_for_wmem, sk_state_change", types: anyType, only: "linux",
		says: "the own SHUT_RD makes a waiting sender look for room again",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 write(3, "x"..., 1000) = 1000
			101 write(3, "y"..., 1000 <unfinished ...>
			100 read(4, "x"..., 1000) = 1000
			100 ioctl(3, TIOCOUTQ, [2304]) = 0
			100 shutdown(3, SHUT_RD) = 0
			101 <... write resumed>) = 1000`,
	},
	{
		id: "LX-wake/a-waiting-call-keeps-its-terms", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "O_NONBLOCK, SO_RCVTIMEO and SO_RCVLOWAT changed while a receive waits are for the next one",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [4], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 read(4,  <unfinished ...>
			100 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0
			100 setsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, ` + ms20 + `, 16) = 0
			100 setsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [1], 4) = 0
			100 write(3, "ab", 2) = 2
			100 write(3, "cde", 3) = 3
			101 <... read resumed>"abcde", 10) = 5
			101 read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-wake/a-peeking-waiter-spends-the-wake-up", cite: "Linux net/core/datagram.c: exclusive waits", types: messages, only: "linux",
		says: "one message wakes one waiter: a peek that was first leaves the second asleep beside the message",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			101 recvfrom(4,  <unfinished ...>
			102 recvfrom(4,  <unfinished ...>
			100 write(3, "one", 3) = 3
			101 <... recvfrom resumed>"one", 10, MSG_PEEK, NULL, NULL) = 3
			100 poll([{fd=4, events=POLLIN}], 1, 0) = 1 ([{fd=4, revents=POLLIN}])
			100 write(3, "two", 3) = 3
			102 <... recvfrom resumed>"one", 10, 0, NULL, NULL) = 3
			100 read(4, "two", 10) = 3`,
	},
}
