package sockpair_test

// Chapter 3: SOCK_STREAM [ST], and the calls that move data on every type.
var streamLaws = []law{
	{
		id: "ST-01/in-order", cite: "POSIX socketpair(); 2.10.6 Socket Types", types: stream,
		says: "bytes arrive in the order in which they were sent, none lost, none twice",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "one", 3) = 3
			write(3, "two", 3) = 3
			read(4, "on", 2) = 2
			write(3, "three", 5) = 5
			read(4, "etwothree", 100) = 9
			recvfrom(4, 0x7ffe, 100, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "ST-01 ST-08/both-directions-are-separate", cite: "POSIX 2.10.6 Socket Types", types: anyType,
		says: "the two directions do not mix and do not wait for each other",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "to four", 7, MSG_EOR, NULL, 0) = 7
			sendto(4, "to three", 8, MSG_EOR, NULL, 0) = 8
			recvfrom(3, "to three", 20, 0, NULL, NULL) = 8
			recvfrom(4, "to four", 20, 0, NULL, NULL) = 7`,
	},
	{
		id: "ST-02/boundaries-vanish", cite: "Linux manual page socketpair", types: stream,
		says: "one receive takes the bytes of several sends",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			write(3, "cd", 2) = 2
			write(3, "ef", 2) = 2
			read(4, "abcde", 5) = 5
			read(4, "f", 5) = 1`,
	},
	{
		id: "ST-02/a-send-is-read-in-pieces", cite: "Linux manual page socketpair", types: stream,
		says: "several receives take the bytes of one send, and what one leaves the next one gets",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "abcdef", 6) = 6
			read(4, "a", 1) = 1
			recvfrom(4, "bc", 2, 0, NULL, NULL) = 2
			read(4, "def", 100) = 3`,
	},
	{
		id: "ST-02/end-of-record-means-nothing", cite: "POSIX send()", types: stream,
		says: "MSG_EOR does not put a boundary into a stream",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 0) = 2
			sendto(3, "cd", 2, MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 4`,
	},
	{
		id: "ST-03/every-send", cite: "Linux manual page socketpair; POSIX write(), writev(), send(), sendto(), sendmsg()", types: stream,
		says: "write, writev, sendto, sendmsg and sendmmsg all send",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "a", 1) = 1
			writev(3, [{iov_base="b", iov_len=1}, {iov_base="", iov_len=0}, {iov_base="c", iov_len=1}], 3) = 2
			sendto(3, "d", 1, 0, NULL, 0) = 1
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="e", iov_len=1}, {iov_base="f", iov_len=1}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 2
			sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="g", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=1}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="h", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=1}], 2, 0) = 2
			read(4, "abcdefgh", 100) = 8`,
	},
	{
		id: "ST-03/every-receive", cite: "Linux manual page socketpair; POSIX read(), readv(), recv(), recvfrom(), recvmsg()", types: stream,
		says: "read, readv, recvfrom, recvmsg and recvmmsg all receive",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "abcdefghi", 9) = 9
			read(4, "a", 1) = 1
			readv(4, [{iov_base="b", iov_len=1}, {iov_base="c", iov_len=1}], 2) = 2
			recvfrom(4, "d", 1, 0, NULL, NULL) = 1
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="e", iov_len=1}, {iov_base="f", iov_len=1}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0) = 2
			recvmmsg(4, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="g", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=1}, {msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="hi", iov_len=5}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=2}], 2, 0, NULL) = 2`,
	},
	{
		id: "ST-03/vectors-are-filled-in-turn", cite: "POSIX readv(), writev()", types: anyType,
		says: "the buffers of a vector are gathered and scattered in order, empty ones skipped",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			writev(3, [{iov_base="abc", iov_len=3}, {iov_base="", iov_len=0}, {iov_base="de", iov_len=2}], 3) = 5
			readv(4, [{iov_base="a", iov_len=1}, {iov_base="", iov_len=0}, {iov_base="bcd", iov_len=3}, {iov_base="e", iov_len=9}], 4) = 5`,
	},
	{
		id: "ST-03/waitall-does-not-outwait-nonblocking", cite: "POSIX recv()", types: stream,
		says: "MSG_WAITALL on a non-blocking receive returns what is there",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "abc", 3) = 3
			recvfrom(4, "abc", 10, MSG_WAITALL|MSG_DONTWAIT, NULL, NULL) = 3
			recvfrom(4, 0x7ffe, 10, MSG_WAITALL|MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "ST-03/peek-takes-nothing", cite: "POSIX recv()", types: anyType,
		says: "MSG_PEEK shows what the next receive will get, any number of times",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "abc", 3, MSG_EOR, NULL, 0) = 3
			recvfrom(4, "abc", 10, MSG_PEEK, NULL, NULL) = 3
			recvfrom(4, "ab", 2, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, "abc", 10, 0, NULL, NULL) = 3
			recvfrom(4, 0x7ffe, 10, MSG_PEEK|MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.8/peek-spans-segments", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "MSG_PEEK on a stream looks through the bytes of several sends",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			write(3, "cd", 2) = 2
			read(4, "a", 1) = 1
			recvfrom(4, "bc", 2, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, "bcd", 10, MSG_PEEK, NULL, NULL) = 3
			read(4, "bcd", 10) = 3`,
	},
	{
		id: "LX-4.8/peek-does-not-wait-for-all", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "MSG_PEEK with MSG_WAITALL returns at once when there is something, whatever SO_RCVLOWAT says",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [5], 4) = 0
			write(3, "abc", 3) = 3
			recvfrom(4, "abc", 10, MSG_PEEK|MSG_WAITALL, NULL, NULL) = 3
			recvfrom(4, "abc", 10, MSG_PEEK, NULL, NULL) = 3`,
	},
	{
		id: "LX-4.8/trunc-means-nothing-on-a-stream", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "MSG_TRUNC is ignored: a stream cuts nothing",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "abcde", 5) = 5
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_TRUNC) = 3
			read(4, "de", 10) = 2`,
	},
	{
		id: "LX-4.8/low-water-mark-does-not-hold-back-nonblocking", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream,
		says: "below SO_RCVLOWAT a non-blocking receive returns the few bytes, and EAGAIN only for none",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [10], 4) = 0
			write(3, "abc", 3) = 3
			read(4, "abc", 100) = 3
			read(4, 0x7ffe, 100) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.7/name-on-a-connected-stream", cite: "POSIX sendto(); Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream,
		says: "a send with an address is EISCONN on a stream, before a broken pipe, and sends nothing",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			sendto(3, "a", 1, 0, {sa_family=AF_UNIX, sun_path="/x"}, 5) = -1 EISCONN (Transport endpoint is already connected)
			sendto(3, "b", 1, 0, NULL, 0) = 1
			shutdown(3, SHUT_WR) = 0
			sendto(3, "c", 1, MSG_NOSIGNAL, {sa_family=AF_UNIX, sun_path="/x"}, 5) = -1 EISCONN (Transport endpoint is already connected)
			read(4, "b", 10) = 1`,
	},
	{
		id: "LX-4.7/address-too-long", cite: "Linux net/socket.c move_addr_to_kernel", types: anyType, only: "linux",
		says: "an address of more than 128 bytes, or of less than 0, is EINVAL on every type",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "a", 1, 0, {sa_family=AF_UNIX, sun_path="` + path(127) + `"}, 129) = -1 EINVAL (Invalid argument)
			sendmsg(3, {msg_name={sa_family=AF_UNIX, sun_path="/x"}, msg_namelen=-1, msg_iov=[{iov_base="a", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = -1 EINVAL (Invalid argument)
			ioctl(4, FIONREAD, [0]) = 0`,
	},
	{
		id: "LX-4.8/no-name-of-the-sender", cite: "POSIX recvfrom(); Linux net/socket.c move_addr_to_user", types: anyType,
		says: "recvfrom tells an unnamed sender by the address length 0",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 0) = 2
			recvfrom(4, "ab", 10, 0, 0x7ffe, [110 => 0]) = 2`,
	},
	{
		id: "LX-4.8/msghdr-after-success-and-failure", cite: "Linux net/socket.c ____sys_recvmsg", types: anyType, only: "linux",
		says: "recvmsg clears the name's and the control's length and shows MSG_CMSG_CLOEXEC when it was asked for",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			recvmsg(4, {msg_name=0x7ffe, msg_namelen=110 => 0, msg_iov=[{iov_base="ab", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_CMSG_CLOEXEC}, MSG_CMSG_CLOEXEC) = 2
			recvmsg(4, {msg_namelen=110}, MSG_DONTWAIT) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.7/flags-that-mean-nothing", cite: "Linux net/unix/af_unix.c", types: anyType, only: "linux",
		says: "the flags that AF_UNIX does not know are ignored by sends and receives",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "ab", 2, MSG_DONTROUTE|MSG_PROBE|MSG_CONFIRM|MSG_MORE|MSG_FASTOPEN|MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_DONTROUTE|MSG_ERRQUEUE|MSG_CTRUNC) = 2
			recvfrom(4, 0x7ffe, 10, MSG_ERRQUEUE|MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.7/no-address", cite: "POSIX sendto(); Linux net/socket.c __sys_sendto", types: anyType,
		says: "a null address of any length is none",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "ab", 2, MSG_EOR, NULL, 16) = 2
			read(4, "ab", 10) = 2`,
	},
	{
		id: "LX-4.7/the-reserved-flag", cite: "Linux net/socket.c forbid_cmsg_compat", types: anyType, only: "linux",
		says: "the highest flag bit is EINVAL in sendmsg and recvmsg, and ignored by sendto and recvfrom",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_CMSG_COMPAT) = -1 EINVAL (Invalid argument)
			sendto(3, "b", 1, MSG_CMSG_COMPAT, NULL, 0) = 1
			recvmsg(4, {msg_namelen=0}, MSG_CMSG_COMPAT) = -1 EINVAL (Invalid argument)
			recvfrom(4, "b", 10, MSG_CMSG_COMPAT, NULL, NULL) = 1`,
	},
}
