package sockpair_test

// Chapter 31: the law of the unconnected: every call on a socket in every state.

// statesOfConnections makes, of a type with connections, 3 fresh, 4 bound to b,
// 5 listening at l, 6 and 7 connected, 8 connected to one that is closed.
const statesOfConnections = `
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 3
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 4
			bind(4, to(b)) = 0
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 5
			bind(5, to(l)) = 0
			listen(5, 5) = 0
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 6
			connect(6, to(l)) = 0
			accept(5, NULL, NULL) = 7
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 8
			connect(8, to(l)) = 0
			accept(5, NULL, NULL) = 9
			close(9) = 0`

// statesOfDatagrams makes 3 fresh, 4 bound to b, 5 connected to it, 6 connected
// to one that is closed, 7 that was connected to b and is no more.
const statesOfDatagrams = `
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 3
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 4
			bind(4, to(b)) = 0
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 5
			connect(5, to(b)) = 0
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 6
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 7
			bind(7, to(x)) = 0
			connect(6, to(x)) = 0
			close(7) = 0
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 7
			connect(7, to(b)) = 0
			connect(7, {sa_family=AF_UNSPEC}, 2) = 0`

var unconnectedLaws = []law{
	{
		id: "NM-07 LX-unconnected/send-without-a-connection", cite: "POSIX send(), write() [ENOTCONN]; Linux net/unix/af_unix.c unix_stream_sendmsg, unix_seqpacket_sendmsg", types: connected,
		says: "what needs a connection sends nothing without one: ENOTCONN, and no signal; the length does not matter",
		steps: statesOfConnections + `
			sendto(3, "a", 1, MSG_EOR, NULL, 0) = -1 ENOTCONN (Transport endpoint is not connected)
			write(4, "a", 1) = -1 ENOTCONN (Transport endpoint is not connected)
			writev(4, [{iov_base="a", iov_len=1}, {iov_base="b", iov_len=1}], 2) = -1 ENOTCONN (Transport endpoint is not connected)
			sendmsg(5, {{"a"}}, 0) = -1 ENOTCONN (Transport endpoint is not connected)
			sendto(3, "x"..., 300000, 0, NULL, 0) = -1 ENOTCONN (Transport endpoint is not connected)
			sendto(6, "a", 1, MSG_EOR, NULL, 0) = 1
			read(7, "a", 10) = 1
			sendto(8, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			shutdown(6, SHUT_RDWR) = 0
			connect(3, to(l)) = 0
			sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1`,
	},
	{
		id: "NM-07 LX-unconnected/receive-without-a-connection", cite: "POSIX recv() [ENOTCONN]; Linux net/unix/af_unix.c unix_stream_read_generic, unix_seqpacket_recvmsg", types: connected,
		says: "nor receives anything: ENOTCONN, of a stream on Linux EINVAL; a read of no bytes is 0 all the same",
		steps: statesOfConnections + `
			linux stream: read(3, 0x7ffe, 10) = -1 EINVAL (Invalid argument)
			linux stream: recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EINVAL (Invalid argument)
			linux stream: recvfrom(5, 0x7ffe, 10, MSG_PEEK, NULL, NULL) = -1 EINVAL (Invalid argument)
			posix stream: read(3, 0x7ffe, 10) = -1 ENOTCONN (Transport endpoint is not connected)
			posix stream: recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 ENOTCONN (Transport endpoint is not connected)
			posix stream: recvfrom(5, 0x7ffe, 10, MSG_PEEK, NULL, NULL) = -1 ENOTCONN (Transport endpoint is not connected)
			seqpacket: read(3, 0x7ffe, 10) = -1 ENOTCONN (Transport endpoint is not connected)
			seqpacket: recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 ENOTCONN (Transport endpoint is not connected)
			seqpacket: recvfrom(5, 0x7ffe, 10, MSG_PEEK, NULL, NULL) = -1 ENOTCONN (Transport endpoint is not connected)
			read(3, "", 0) = 0
			read(6, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			read(8, "", 10) = 0`,
	},
	{
		id: "LX-unconnected/send-to-a-name", cite: "POSIX sendto(); Linux net/unix/af_unix.c unix_stream_sendmsg, unix_seqpacket_sendmsg", types: connected,
		says: "an address does not stand in for a connection: EOPNOTSUPP of a stream on Linux, otherwise ENOTCONN; a connected stream's is EISCONN",
		steps: statesOfConnections + `
			linux stream: sendto(3, "a", 1, 0, to(l)) = -1 EOPNOTSUPP (Operation not supported)
			linux stream: sendto(5, "a", 1, 0, to(l)) = -1 EOPNOTSUPP (Operation not supported)
			posix stream: sendto(3, "a", 1, 0, to(l)) = -1 ENOTCONN (Transport endpoint is not connected)
			posix stream: sendto(5, "a", 1, 0, to(l)) = -1 ENOTCONN (Transport endpoint is not connected)
			seqpacket: sendto(3, "a", 1, 0, to(l)) = -1 ENOTCONN (Transport endpoint is not connected)
			seqpacket: sendto(5, "a", 1, 0, to(l)) = -1 ENOTCONN (Transport endpoint is not connected)
			stream: sendto(6, "a", 1, 0, to(l)) = -1 EISCONN (Transport endpoint is already connected)
			seqpacket: sendto(6, "a", 1, MSG_EOR, to(l)) = 1
			stream: sendto(8, "a", 1, 0, to(l)) = -1 EISCONN (Transport endpoint is already connected)`,
	},
	{
		id: "LX-unconnected/urgent-bytes", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg, unix_stream_recv_urg, unix_seqpacket_sendmsg", types: anyType, only: "linux",
		says: "urgent bytes need a connection too, where there are any",
		steps: `
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 3
			stream seqpacket: sendto(3, "a", 1, MSG_OOB, NULL, 0) = -1 ENOTCONN (Transport endpoint is not connected)
			dgram: sendto(3, "a", 1, MSG_OOB, NULL, 0) = -1 EOPNOTSUPP (Operation not supported)
			stream: recvfrom(3, 0x7ffe, 10, MSG_OOB, NULL, NULL) = -1 EINVAL (Invalid argument)
			seqpacket: recvfrom(3, 0x7ffe, 10, MSG_OOB, NULL, NULL) = -1 ENOTCONN (Transport endpoint is not connected)
			dgram: recvfrom(3, 0x7ffe, 10, MSG_OOB, NULL, NULL) = -1 EOPNOTSUPP (Operation not supported)`,
	},
	{
		id: "NM-07 LX-unconnected/shutdown", cite: "POSIX shutdown() [ENOTCONN]; Linux net/unix/af_unix.c unix_shutdown", types: connected,
		says: "shutdown of what has no connection is ENOTCONN on POSIX and succeeds on Linux",
		steps: statesOfConnections + `
			shutdown(3, 3) = -1 EINVAL (Invalid argument)
			linux: shutdown(3, SHUT_RD) = 0
			linux: shutdown(4, SHUT_WR) = 0
			linux: shutdown(5, SHUT_WR) = 0
			posix: shutdown(3, SHUT_RD) = -1 ENOTCONN (Transport endpoint is not connected)
			posix: shutdown(4, SHUT_WR) = -1 ENOTCONN (Transport endpoint is not connected)
			posix: shutdown(5, SHUT_WR) = -1 ENOTCONN (Transport endpoint is not connected)
			shutdown(6, SHUT_WR) = 0
			read(7, "", 10) = 0
			shutdown(8, SHUT_RDWR) = 0`,
	},
	{
		id: "LX-unconnected/shut-before-the-connection", cite: "Linux net/unix/af_unix.c unix_stream_connect: sk_shutdown is kept", types: connected, only: "linux",
		says: "a socket that is shut down and then connected stays shut; the other end is not told, and learns of SHUT_RD by EPIPE",
		steps: listener + `
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 4
			shutdown(4, SHUT_WR) = 0
			connect(4, to(s)) = 0
			accept(3, from()) = 5
			sendto(4, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			poll([{fd=5, events=ALL}], 1, 0) = 1 ([{fd=5, revents=POLLOUT}])
			write(5, "b", 1) = 1
			read(4, "b", 10) = 1
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 6
			shutdown(6, SHUT_RD) = 0
			connect(6, to(s)) = 0
			accept(3, from()) = 7
			poll([{fd=7, events=ALL}], 1, 0) = 1 ([{fd=7, revents=POLLOUT}])
			sendto(7, "c", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "LX-unconnected/readiness", cite: "Linux net/unix/af_unix.c unix_poll, unix_dgram_poll; POSIX poll() (open)", types: connected,
		says: "what has no connection hangs up, on Linux writable besides; a listener shows nothing",
		steps: statesOfConnections + `
			linux: poll([{fd=3, events=ALL}, {fd=4, events=ALL}, {fd=5, events=ALL}], 3, 0) = 2 ([{fd=3, revents=POLLOUT|POLLHUP}, {fd=4, revents=POLLOUT|POLLHUP}])
			posix: poll([{fd=3, events=ALL}, {fd=4, events=ALL}, {fd=5, events=ALL}], 3, 0) = 2 ([{fd=3, revents=POLLHUP}, {fd=4, revents=POLLHUP}])
			poll([{fd=6, events=ALL}, {fd=7, events=ALL}], 2, 0) = 2 ([{fd=6, revents=POLLOUT}, {fd=7, revents=POLLOUT}])
			linux: poll([{fd=8, events=ALL}], 1, 0) = 1 ([{fd=8, revents=POLLIN|POLLOUT|POLLHUP|POLLRDHUP}])
			posix: poll([{fd=8, events=ALL}], 1, 0) = 1 ([{fd=8, revents=POLLIN|POLLHUP}])
			linux: shutdown(3, SHUT_RD) = 0
			linux: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT|POLLHUP|POLLRDHUP}])`,
	},
	{
		id: "NM-08 LX-unconnected/names-of-each-state", cite: "POSIX getsockname(), getpeername(); Linux net/unix/af_unix.c unix_getname", types: connected,
		says: "the peer has a name while there was a peer; on POSIX not after the connection is shut down both ways, EINVAL",
		steps: statesOfConnections + `
			getsockname(3, from()) = 0
			getsockname(4, from(b)) = 0
			getsockname(5, from(l)) = 0
			getsockname(6, from()) = 0
			getsockname(7, from(l)) = 0
			getpeername(3, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			getpeername(4, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			getpeername(5, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			getpeername(6, from(l)) = 0
			getpeername(7, from()) = 0
			linux: getpeername(8, from(l)) = 0
			posix: getpeername(8, 0x7ffe, [110]) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "NM-03 NM-04 NM-05 LX-unconnected/listen-accept-connect", cite: "POSIX listen(), accept(), connect(), bind(); Linux net/unix/af_unix.c", types: connected,
		says: "each state answers the calls of names in its own way: only what listens accepts, only what neither listens nor was ever connected connects",
		steps: statesOfConnections + `
			accept(3, NULL, NULL) = -1 EINVAL (Invalid argument)
			accept(4, NULL, NULL) = -1 EINVAL (Invalid argument)
			accept(5, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			accept(6, NULL, NULL) = -1 EINVAL (Invalid argument)
			accept(8, NULL, NULL) = -1 EINVAL (Invalid argument)
			linux: listen(3, 1) = -1 EINVAL (Invalid argument)
			posix: listen(3, 1) = -1 EDESTADDRREQ (Destination address required)
			listen(5, 1) = 0
			linux: listen(6, 1) = -1 EINVAL (Invalid argument)
			posix: listen(6, 1) = -1 EDESTADDRREQ (Destination address required)
			listen(7, 1) = -1 EINVAL (Invalid argument)
			linux: connect(5, to(l)) = -1 EINVAL (Invalid argument)
			posix: connect(5, to(l)) = -1 EOPNOTSUPP (Operation not supported)
			connect(6, to(l)) = -1 EISCONN (Transport endpoint is already connected)
			connect(7, to(l)) = -1 EISCONN (Transport endpoint is already connected)
			connect(8, to(l)) = -1 EISCONN (Transport endpoint is already connected)
			bind(4, to(n)) = -1 EINVAL (Invalid argument)
			bind(5, to(n)) = -1 EINVAL (Invalid argument)
			bind(6, to(n)) = 0
			bind(7, to(m)) = -1 EINVAL (Invalid argument)
			linux: bind(8, to(m)) = 0
			posix: bind(8, to(m)) = -1 EINVAL (Invalid argument)
			connect(4, to(l)) = 0
			listen(4, 1) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-unconnected/credentials", cite: "unix(7) SO_PEERCRED; Linux net/core/sock.c, net/unix/af_unix.c unix_listen", types: anyType, only: "linux",
		says: "SO_PEERCRED without a connection is process 0 and ids of -1; of a listener it is who called listen",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=0, uid=-1, gid=-1}, [12]) = 0
			100 bind(3, to(b)) = 0
			100 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=0, uid=-1, gid=-1}, [12]) = 0
			dgram: 100 connect(3, to(b)) = 0
			dgram: 100 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=0, uid=-1, gid=-1}, [12]) = 0
			stream seqpacket: 100 listen(3, 1) = 0
			stream seqpacket root: 100 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=0, gid=0}, [12]) = 0
			stream seqpacket user: 100 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=65534, gid=65534}, [12]) = 0`,
	},
	{
		id: "LX-unconnected/requests-and-options", cite: "Linux net/unix/af_unix.c unix_inq_len, net/core/sock.c", types: connected,
		says: "nothing is unread without a connection, and FIONREAD of a listener is EINVAL; SO_ACCEPTCONN tells it",
		steps: statesOfConnections + `
			ioctl(3, FIONREAD, [0]) = 0
			ioctl(4, FIONREAD, [0]) = 0
			ioctl(5, FIONREAD, 0x7ffe) = -1 EINVAL (Invalid argument)
			ioctl(6, FIONREAD, [0]) = 0
			ioctl(5, TIOCOUTQ, [0]) = 0
			getsockopt(4, SOL_SOCKET, SO_ACCEPTCONN, [0], [4]) = 0
			getsockopt(5, SOL_SOCKET, SO_ACCEPTCONN, [1], [4]) = 0
			getsockopt(6, SOL_SOCKET, SO_ACCEPTCONN, [0], [4]) = 0
			getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			getsockopt(8, SOL_SOCKET, SO_ERROR, [0], [4]) = 0`,
	},
	{
		id: "NM-06 LX-unconnected/datagrams-without-a-peer", cite: "POSIX send(), recv(), shutdown(), getpeername(); Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram,
		says: "a datagram socket needs no connection to receive, and to send a name or a peer",
		steps: statesOfDatagrams + `
			linux: write(3, "a", 1) = -1 ENOTCONN (Transport endpoint is not connected)
			linux: write(4, "a", 1) = -1 ENOTCONN (Transport endpoint is not connected)
			linux: write(7, "a", 1) = -1 ENOTCONN (Transport endpoint is not connected)
			posix: write(3, "a", 1) = -1 EDESTADDRREQ (Destination address required)
			posix: write(4, "a", 1) = -1 EDESTADDRREQ (Destination address required)
			posix: write(7, "a", 1) = -1 EDESTADDRREQ (Destination address required)
			write(5, "a", 1) = 1
			write(6, "a", 1) = -1 ECONNREFUSED (Connection refused)
			read(3, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			read(4, "a", 10) = 1
			read(5, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			getpeername(3, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			getpeername(5, from(b)) = 0
			getpeername(6, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			getpeername(7, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			poll([{fd=3, events=ALL}, {fd=5, events=ALL}, {fd=6, events=ALL}, {fd=7, events=ALL}], 4, 0) = 4 ([{fd=3, revents=POLLOUT}, {fd=5, revents=POLLOUT}, {fd=6, revents=POLLOUT}, {fd=7, revents=POLLOUT}])
			sendto(3, "b", 1, 0, to(b)) = 1
			linux: shutdown(4, SHUT_RD) = 0
			posix: shutdown(4, SHUT_RD) = -1 ENOTCONN (Transport endpoint is not connected)
			shutdown(5, SHUT_RDWR) = 0`,
	},
	{
		id: "LX-unconnected/datagram-order", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram, only: "linux",
		says: "a datagram send looks at the length and the own SHUT_WR before it misses the peer",
		steps: statesOfDatagrams + `
			write(3, "x"..., 300000) = -1 EMSGSIZE (Message too long)
			shutdown(3, SHUT_WR) = 0
			write(3, "a", 1) = -1 EPIPE (Broken pipe)
			ioctl(4, FIONREAD, [0]) = 0`,
	},
	{
		id: "LX-unconnected/a-reader-waits-for-anybody", cite: "POSIX recv(); Linux net/core/datagram.c", types: dgram,
		says: "a receive on a datagram socket that nobody knows yet waits until somebody sends to its name",
		steps: `
			100 socket(AF_UNIX, SOCK_DGRAM, 0) = 3
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 recvfrom(3,  <unfinished ...>
			100 bind(3, to(r)) = 0
			100 socket(AF_UNIX, SOCK_DGRAM, 0) = 4
			100 sendto(4, "a", 1, 0, to(r)) = 1
			101 <... recvfrom resumed>"a", 10, 0, 0x7ffe, [110 => 0]) = 1`,
	},
}
