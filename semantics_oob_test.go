package sockpair_test

// Chapter 3, continued: the out-of-band byte of a SOCK_STREAM [ST-05].
var oobLaws = []law{
	{
		id: "ST-05/out-of-turn", cite: "POSIX 2.10.12 Socket Out-of-Band Data State; Linux net/unix/af_unix.c unix_stream_recv_urg", types: stream,
		says: "the last byte of a MSG_OOB send is received by MSG_OOB, before what was sent before it, and once",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "abc", 3, MSG_OOB, NULL, 0) = 3
			recvfrom(4, "c", 10, MSG_OOB|MSG_PEEK, NULL, NULL) = 1
			recvfrom(4, "c", 10, MSG_OOB, NULL, NULL) = 1
			recvfrom(4, 0x7ffe, 10, MSG_OOB, NULL, NULL) = -1 EINVAL (Invalid argument)
			recvfrom(4, "ab", 10, 0, NULL, NULL) = 2
			recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "ST-05/poll", cite: "POSIX poll(); Linux net/unix/af_unix.c unix_poll", types: stream,
		says: "POLLPRI tells of the byte; POLLIN stays after it was taken, until an ordinary receive has passed its place",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			poll([{fd=4, events=POLLIN|POLLPRI}], 1, 0) = 0 (Timeout)
			sendto(3, "x", 1, MSG_OOB, NULL, 0) = 1
			poll([{fd=4, events=POLLIN|POLLPRI}], 1, 0) = 1 ([{fd=4, revents=POLLIN|POLLPRI}])
			recvfrom(4, "x", 1, MSG_OOB, NULL, NULL) = 1
			poll([{fd=4, events=POLLIN|POLLPRI}], 1, 0) = 1 ([{fd=4, revents=POLLIN}])
			recvfrom(4, 0x7ffe, 1, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			poll([{fd=4, events=POLLIN|POLLPRI}], 1, 0) = 0 (Timeout)`,
	},
	{
		id: "ST-05/the-mark", cite: "POSIX sockatmark(); Linux net/unix/af_unix.c manage_oob", types: stream,
		says: "a receive stops at the mark, SIOCATMARK tells that it is reached, and a receive that begins there drops the byte",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "abX", 3, MSG_OOB, NULL, 0) = 3
			write(3, "cd", 2) = 2
			ioctl(4, SIOCATMARK, [0]) = 0
			read(4, "ab", 10) = 2
			ioctl(4, SIOCATMARK, [1]) = 0
			read(4, "cd", 10) = 2
			ioctl(4, SIOCATMARK, [0]) = 0`,
	},
	{
		id: "ST-05/in-line", cite: "POSIX 2.10.16 SO_OOBINLINE; Linux net/unix/af_unix.c manage_oob", types: stream,
		says: "with SO_OOBINLINE the byte stays in the stream, a receive still stops before it, and MSG_OOB finds none",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_OOBINLINE, [1], 4) = 0
			sendto(3, "abX", 3, MSG_OOB, NULL, 0) = 3
			write(3, "cd", 2) = 2
			recvfrom(4, 0x7ffe, 10, MSG_OOB, NULL, NULL) = -1 EINVAL (Invalid argument)
			read(4, "ab", 10) = 2
			ioctl(4, SIOCATMARK, [1]) = 0
			read(4, "Xcd", 10) = 3`,
	},
	{
		id: "ST-05/a-later-one", cite: "Linux net/unix/af_unix.c queue_oob", types: stream,
		says: "a later out-of-band byte takes the place of an earlier one, which turns into ordinary data",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "aX", 2, MSG_OOB, NULL, 0) = 2
			sendto(3, "bY", 2, MSG_OOB, NULL, 0) = 2
			read(4, "aXb", 10) = 3
			recvfrom(4, "Y", 10, MSG_OOB, NULL, NULL) = 1
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "ST-05/none", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg, unix_stream_recv_urg", types: stream,
		says: "to receive a byte that is not there is EINVAL; to send none is EOPNOTSUPP",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			recvfrom(4, 0x7ffe, 1, MSG_OOB, NULL, NULL) = -1 EINVAL (Invalid argument)
			sendto(3, "", 0, MSG_OOB, NULL, 0) = -1 EOPNOTSUPP (Operation not supported)`,
	},
	{
		id: "LX-4.12/other-types", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg, __unix_dgram_recvmsg", types: messages,
		says: "the message types have no out-of-band data",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "x", 1, MSG_OOB, NULL, 0) = -1 EOPNOTSUPP (Operation not supported)
			recvfrom(4, 0x7ffe, 1, MSG_OOB, NULL, NULL) = -1 EOPNOTSUPP (Operation not supported)
			ioctl(4, SIOCATMARK, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)`,
	},
	{
		id: "LX-4.11/dropped-bytes-are-counted", cite: "Linux net/unix/af_unix.c unix_inq_len", types: stream,
		says: "FIONREAD counts the out-of-band byte, and one that was dropped for ever",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "abc", 3, MSG_OOB, NULL, 0) = 3
			ioctl(4, FIONREAD, [3]) = 0
			read(4, "ab", 10) = 2
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			ioctl(4, FIONREAD, [1]) = 0`,
	},
	{
		id: "LX-4.12/peek-passes-it", cite: "Linux net/unix/af_unix.c manage_oob", types: stream,
		says: "a peek that begins at the mark passes the byte and leaves it",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "X", 1, MSG_OOB, NULL, 0) = 1
			recvfrom(4, 0x7ffe, 10, MSG_PEEK, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			write(3, "ab", 2) = 2
			recvfrom(4, "ab", 10, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, "X", 10, MSG_OOB, NULL, NULL) = 1
			read(4, "ab", 10) = 2`,
	},
	{
		id: "LX-4.8/peek-offset-of-a-stream", cite: "Linux net/core/sock.c sk_peek_offset", types: stream, only: "linux",
		says: "a peek begins at SO_PEEK_OFF and moves it on; a read moves it back by what it takes",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [-1], [4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [0], 4) = 0
			write(3, "abcd", 4) = 4
			write(3, "efgh", 4) = 4
			recvfrom(4, "abc", 3, MSG_PEEK, NULL, NULL) = 3
			recvfrom(4, "def", 3, MSG_PEEK, NULL, NULL) = 3
			getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [6], [4]) = 0
			read(4, "ab", 2) = 2
			getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [4], [4]) = 0
			recvfrom(4, "gh", 10, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, 0x7ffe, 10, MSG_PEEK, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.8/peek-offset-of-messages", cite: "Linux net/core/datagram.c __skb_try_recv_from_queue", types: messages, only: "linux",
		says: "a peek goes on in a message and never beyond it; a receive moves the offset back by the whole message; an empty one is passed the second time",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [0], 4) = 0
			write(3, "abcd", 4) = 4
			write(3, "", 0) = 0
			write(3, "ef", 2) = 2
			recvfrom(4, "ab", 2, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, "cd", 10, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, "", 10, MSG_PEEK, NULL, NULL) = 0
			recvfrom(4, "ef", 10, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, 0x7ffe, 10, MSG_PEEK, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			read(4, "a", 1) = 1
			getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [2], [4]) = 0`,
	},
	{
		id: "LX-4.12/a-taken-byte-parts-the-stream", cite: "Linux net/unix/af_unix.c manage_oob", types: stream, only: "linux",
		says: "an ordinary receive that has bytes stops where the byte was that MSG_OOB took, unless a newer one is queued",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "aX", 2, MSG_OOB, NULL, 0) = 2
			write(3, "b", 1) = 1
			recvfrom(4, "X", 1, MSG_OOB, NULL, NULL) = 1
			ioctl(4, SIOCATMARK, [0]) = 0
			read(4, "a", 10) = 1
			ioctl(4, SIOCATMARK, [1]) = 0
			read(4, "b", 10) = 1
			sendto(3, "aX", 2, MSG_OOB, NULL, 0) = 2
			recvfrom(4, "X", 1, MSG_OOB, NULL, NULL) = 1
			sendto(3, "bY", 2, MSG_OOB, NULL, 0) = 2
			read(4, "ab", 10) = 2
			recvfrom(4, "Y", 1, MSG_OOB, NULL, NULL) = 1`,
	},
	{
		id: "LX-4.12/marks-one-behind-the-other", cite: "Linux net/unix/af_unix.c manage_oob, unix_ioctl SIOCATMARK", types: stream, only: "linux",
		says: "the place of a taken byte right before the next one is at the mark, and a receive passes both",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "X", 1, MSG_OOB, NULL, 0) = 1
			recvfrom(4, "X", 1, MSG_OOB, NULL, NULL) = 1
			ioctl(4, SIOCATMARK, [1]) = 0
			sendto(3, "Y", 1, MSG_OOB, NULL, 0) = 1
			ioctl(4, SIOCATMARK, [1]) = 0
			recvfrom(4, "Y", 1, MSG_OOB, NULL, NULL) = 1
			ioctl(4, SIOCATMARK, [1]) = 0
			write(3, "a", 1) = 1
			read(4, "a", 10) = 1
			ioctl(4, SIOCATMARK, [0]) = 0`,
	},
	{
		id: "LX-zero/urgent-receive-of-nothing", cite: "Linux net/unix/af_unix.c unix_stream_recv_urg", types: stream, only: "linux",
		says: "MSG_OOB with room for no byte returns 1 all the same, and takes the byte",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendto(3, "X", 1, MSG_OOB, NULL, 0) = 1
			recvfrom(4, "", 0, MSG_OOB, NULL, NULL) = 1
			recvfrom(4, 0x7ffe, 1, MSG_OOB, NULL, NULL) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-4.8/peek-offset-below-0", cite: "Linux net/core/sock.c sk_set_peek_off, sk_peek_offset_bwd", types: anyType, only: "linux",
		says: "any negative SO_PEEK_OFF is stored and means none; a read moves the offset no further back than 0",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [-5], 4) = 0
			getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [-5], [4]) = 0
			write(3, "abcd", 4) = 4
			2 * recvfrom(4, "ab", 2, MSG_PEEK, NULL, NULL) = 2
			getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [-5], [4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [8], 4) = 0
			read(4, "abc", 3) = 3
			stream: getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [5], [4]) = 0
			dgram seqpacket: getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [4], [4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [0], 4) = 0
			write(3, "ef", 2) = 2
			stream: read(4, "def", 10) = 3
			dgram seqpacket: read(4, "ef", 10) = 2
			getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [0], [4]) = 0`,
	},
	{
		id: "LX-peek/beyond-the-end-waits", cite: "Linux net/unix/af_unix.c unix_stream_read_generic, net/core/datagram.c", types: anyType, only: "linux",
		says: "a peek whose offset is at the end of what is queued waits for more; FIONREAD counts from the head whatever the offset",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [2], 4) = 0
			100 write(3, "ab", 2) = 2
			100 ioctl(4, FIONREAD, [2]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 recvfrom(4,  <unfinished ...>
			100 write(3, "cd", 2) = 2
			101 <... recvfrom resumed>"cd", 10, MSG_PEEK, NULL, NULL) = 2
			100 getsockopt(4, SOL_SOCKET, SO_PEEK_OFF, [4], [4]) = 0`,
	},
}
