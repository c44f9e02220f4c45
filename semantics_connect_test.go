package sockpair_test

// Chapter 28: connections: listen, accept and connect. In most laws 3 listens
// at s, 4 is the client and 5 the server's end.
// listener is the steps that make 3 listen at s.
const listener = `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(s)) = 0
			listen(3, 5) = 0`

var connectLaws = []law{
	{
		id: "NM-03 NM-04 NM-05 LX-connect/a-connection", cite: "POSIX listen(), accept(), connect()", types: connected,
		says: "connect makes a connection to the socket that listens at a name, accept the socket at its other end: data moves both ways",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			accept(3, from()) = 5
			sendto(4, "up", 2, MSG_EOR, NULL, 0) = 2
			read(5, "up", 10) = 2
			sendto(5, "down", 4, MSG_EOR, NULL, 0) = 4
			read(4, "down", 10) = 4
			close(4) = 0
			read(5, "", 10) = 0`,
	},
	{
		id: "NM-04 LX-connect/before-accept", cite: "POSIX listen(); Linux net/unix/af_unix.c unix_stream_connect", types: connected,
		says: "a connection is there before it is accepted: what the client sends then waits for the server; accept takes them in order, each with its client's name",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			socket(AF_UNIX, TYPE, 0) = 5
			bind(5, to(c)) = 0
			connect(4, to(s)) = 0
			connect(5, to(s)) = 0
			sendto(5, "second", 6, MSG_EOR, NULL, 0) = 6
			sendto(4, "first", 5, MSG_EOR, NULL, 0) = 5
			getpeername(4, from(s)) = 0
			accept(3, from()) = 6
			accept(3, from(c)) = 7
			read(6, "first", 10) = 5
			read(7, "second", 10) = 6
			getsockname(6, from(s)) = 0
			getpeername(6, from()) = 0
			getpeername(7, from(c)) = 0`,
	},
	{
		id: "NM-03 LX-listen/errors-of-listen", cite: "POSIX listen(); Linux net/unix/af_unix.c unix_listen", types: anyType,
		says: "a socket must have a name to listen, and no connection; a datagram socket cannot",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			dgram: listen(3, 1) = -1 EOPNOTSUPP (Operation not supported)
			linux stream seqpacket: listen(3, 1) = -1 EINVAL (Invalid argument)
			posix stream seqpacket: listen(3, 1) = -1 EDESTADDRREQ (Destination address required)
			bind(3, to(s)) = 0
			dgram: listen(3, 1) = -1 EOPNOTSUPP (Operation not supported)
			stream seqpacket: listen(3, 1) = 0
			stream seqpacket: listen(3, 5) = 0
			socketpair(AF_UNIX, TYPE, 0, [4, 5]) = 0
			bind(4, to(t)) = 0
			dgram: listen(4, 1) = -1 EOPNOTSUPP (Operation not supported)
			stream seqpacket: listen(4, 1) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "NM-04 LX-accept/errors-of-accept", cite: "POSIX accept(); Linux net/socket.c do_accept, net/unix/af_unix.c unix_accept", types: connected,
		says: "accept wants flags that there are, a free descriptor, then a socket that listens, then a connection that waits",
		steps: `
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 3
			accept4(3, NULL, NULL, 0x10 /* SOCK_??? */) = -1 EINVAL (Invalid argument)
			accept(3, NULL, NULL) = -1 EINVAL (Invalid argument)
			bind(3, to(s)) = 0
			accept(3, NULL, NULL) = -1 EINVAL (Invalid argument)
			listen(3, 5) = 0
			accept(3, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=5, rlim_max=4096}, NULL) = 0
			accept(3, NULL, NULL) = -1 EMFILE (Too many open files)
			accept(4, NULL, NULL) = -1 EMFILE (Too many open files)
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=64, rlim_max=4096}, NULL) = 0
			accept(4, NULL, NULL) = -1 EINVAL (Invalid argument)
			accept4(3, NULL, NULL, SOCK_NONBLOCK|SOCK_CLOEXEC) = 5
			fcntl(5, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			fcntl(5, F_GETFD) = 0x1 (flags FD_CLOEXEC)`,
	},
	{
		id: "NM-04 LX-accept/datagrams-are-not-accepted", cite: "POSIX accept(); Linux net/socket.c sock_no_accept", types: dgram,
		says: "a datagram socket accepts nothing: EOPNOTSUPP",
		steps: `
			socket(AF_UNIX, SOCK_DGRAM, 0) = 3
			accept(3, NULL, NULL) = -1 EOPNOTSUPP (Operation not supported)
			bind(3, to(s)) = 0
			accept(3, NULL, NULL) = -1 EOPNOTSUPP (Operation not supported)
			connect(3, to(s)) = 0
			accept(3, NULL, NULL) = -1 EOPNOTSUPP (Operation not supported)`,
	},
	{
		id: "NM-04/no-files-to-accept", cite: "POSIX accept()", types: connected, emu: "the limit is the emulated machine's",
		says: "when the machine has no open file left accept is ENFILE, and the connection waits on",
		steps: `
			# machine: MaxFiles=6` + listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			socket(AF_UNIX, TYPE, 0) = 5
			accept(3, NULL, NULL) = -1 ENFILE (Too many open files in system)
			close(5) = 0
			accept(3, NULL, NULL) = 5`,
	},
	{
		id: "NM-05/no-resources-to-connect", cite: "POSIX connect(); Linux net/unix/af_unix.c unix_stream_connect: unix_create1", types: connected, emu: "the limit is the emulated machine's",
		says: "the server's end is made by connect, which is ENOBUFS when the machine has no resources for it",
		steps: `
			# machine: MaxSockets=3` + listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			socket(AF_UNIX, TYPE, 0) = 5
			connect(4, to(s)) = -1 ENOBUFS (No buffer space available)
			close(5) = 0
			connect(4, to(s)) = 0
			accept(3, NULL, NULL) = 5`,
	},
	{
		id: "LX-accept/a-connection-lost-by-accept", cite: "Linux net/socket.c do_accept", types: connected,
		says: "an accept that cannot store the name fails after it has taken the connection, which ends",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			accept(3, 0x7ffe, NULL) = -1 EFAULT (Bad address)
			read(4, "", 10) = 0
			socket(AF_UNIX, TYPE, 0) = 5
			connect(5, to(s)) = 0
			accept(3, 0x7ffe, [-1]) = -1 EINVAL (Invalid argument)
			read(5, "", 10) = 0`,
	},
	{
		id: "NM-05 LX-connect/errors-of-connect", cite: "POSIX connect(); Linux net/unix/af_unix.c unix_stream_connect", types: connected,
		says: "a name where nobody listens is ECONNREFUSED; who is connected is EISCONN, who listens cannot connect; the other is looked up first",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			bind(4, to(t)) = 0
			socket(AF_UNIX, TYPE, 0) = 5
			connect(5, to(t)) = -1 ECONNREFUSED (Connection refused)
			connect(4, to(t)) = -1 ECONNREFUSED (Connection refused)
			connect(5, to(u)) = -1 ENOENT (No such file or directory)
			linux: connect(3, to(s)) = -1 EINVAL (Invalid argument)
			posix: connect(3, to(s)) = -1 EOPNOTSUPP (Operation not supported)
			connect(5, to(s)) = 0
			connect(5, to(s)) = -1 EISCONN (Transport endpoint is already connected)
			connect(5, to(t)) = -1 ECONNREFUSED (Connection refused)
			connect(5, to(u)) = -1 ENOENT (No such file or directory)
			socketpair(AF_UNIX, TYPE, 0, [6, 7]) = 0
			connect(6, to(s)) = -1 EISCONN (Transport endpoint is already connected)
			connect(5, {sa_family=AF_UNSPEC}, 2) = -1 EINVAL (Invalid argument)
			accept(3, from()) = 8
			connect(8, to(s)) = -1 EISCONN (Transport endpoint is already connected)`,
	},
	{
		id: "NM-03 LX-listen/backlog", cite: "POSIX listen(); Linux net/unix/af_unix.c unix_recvq_full", types: connected,
		says: "so many connections as the backlog wait, on Linux one more; beyond them a non-blocking connect is EAGAIN, on POSIX ECONNREFUSED; accept makes room",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(s)) = 0
			listen(3, 1) = 0
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 4
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 5
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 6
			connect(4, to(s)) = 0
			linux: connect(5, to(s)) = 0
			linux: connect(6, to(s)) = -1 EAGAIN (Resource temporarily unavailable)
			posix: connect(6, to(s)) = -1 ECONNREFUSED (Connection refused)
			linux: connect(4, to(s)) = -1 EAGAIN (Resource temporarily unavailable)
			accept(3, NULL, NULL) = 7
			connect(6, to(s)) = 0
			listen(3, 3) = 0
			posix: connect(5, to(s)) = 0
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 8
			connect(8, to(s)) = 0`,
	},
	{
		id: "NM-03 LX-listen/no-backlog", cite: "POSIX listen() (the least length is open); Linux net/socket.c __sys_listen", types: connected,
		says: "with a backlog of 0 one connection waits; a negative one is as many as there may be on Linux, and 0 on POSIX",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(s)) = 0
			listen(3, 0) = 0
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 4
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 5
			connect(4, to(s)) = 0
			linux: connect(5, to(s)) = -1 EAGAIN (Resource temporarily unavailable)
			posix: connect(5, to(s)) = -1 ECONNREFUSED (Connection refused)
			listen(3, -1) = 0
			linux: connect(5, to(s)) = 0
			posix: connect(5, to(s)) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-4.6/an-embryo-is-reset", cite: "Linux net/unix/af_unix.c unix_release_sock: embrion", types: connected,
		says: "the close of a listener resets the connections that nobody has accepted, though nothing unread is in them",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			close(3) = 0
			getsockopt(4, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0
			getsockopt(4, SOL_SOCKET, SO_ERROR, [0], [4]) = 0
			read(4, "", 10) = 0
			sendto(4, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			connect(4, to(s)) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-connect/credentials-of-both", cite: "unix(7) SO_PEERCRED; Linux net/unix/af_unix.c unix_listen, unix_stream_connect", types: connected, only: "linux",
		says: "SO_PEERCRED of the client is who called listen last, of the server's end who called connect",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 5) = 0
			100 socket(AF_UNIX, TYPE, 0) = 4
			100 socket(AF_UNIX, TYPE, 0) = 5
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 connect(4, to(s)) = 0
			root: 100 getsockopt(4, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=0, gid=0}, [12]) = 0
			user: 100 getsockopt(4, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=65534, gid=65534}, [12]) = 0
			101 listen(3, 5) = 0
			100 connect(5, to(s)) = 0
			root: 100 getsockopt(5, SOL_SOCKET, SO_PEERCRED, {pid=101, uid=0, gid=0}, [12]) = 0
			user: 100 getsockopt(5, SOL_SOCKET, SO_PEERCRED, {pid=101, uid=65534, gid=65534}, [12]) = 0
			100 accept(3, NULL, NULL) = 6
			100 accept(3, NULL, NULL) = 7
			root: 100 getsockopt(6, SOL_SOCKET, SO_PEERCRED, {pid=101, uid=0, gid=0}, [12]) = 0
			root: 100 getsockopt(7, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=0, gid=0}, [12]) = 0
			user: 100 getsockopt(6, SOL_SOCKET, SO_PEERCRED, {pid=101, uid=65534, gid=65534}, [12]) = 0
			user: 100 getsockopt(7, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=65534, gid=65534}, [12]) = 0`,
	},
	{
		id: "LX-connect/inherited-options", cite: "Linux net/unix/af_unix.c unix_stream_connect", types: connected, only: "linux",
		says: "an accepted socket has its listener's SO_PASSCRED, and neither its O_NONBLOCK nor its sizes and low water mark",
		steps: `
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 3
			bind(3, to(s)) = 0
			setsockopt(3, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [9000], 4) = 0
			setsockopt(3, SOL_SOCKET, SO_RCVLOWAT, [7], 4) = 0
			listen(3, 5) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			accept(3, from()) = 5
			fcntl(5, F_GETFL) = 0x2 (flags O_RDWR)
			getsockopt(5, SOL_SOCKET, SO_PASSCRED, [1], [4]) = 0
			getsockopt(5, SOL_SOCKET, SO_SNDBUF, [212992], [4]) = 0
			getsockopt(5, SOL_SOCKET, SO_RCVLOWAT, [1], [4]) = 0
			getsockopt(5, SOL_SOCKET, SO_ACCEPTCONN, [0], [4]) = 0
			getsockopt(4, SOL_SOCKET, SO_PASSCRED, [0], [4]) = 0`,
	},
	{
		id: "LX-4.10/credentials-before-accept", cite: "Linux net/unix/af_unix.c unix_maybe_add_creds", types: connected, only: "linux",
		says: "what is sent before the connection is accepted has its sender's credentials, though nobody has asked yet; later not",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 5) = 0
			100 socket(AF_UNIX, TYPE, 0) = 4
			100 connect(4, to(s)) = 0
			100 write(4, "a", 1) = 1
			100 accept(3, NULL, NULL) = 5
			100 write(4, "b", 1) = 1
			100 setsockopt(5, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			root: 100 recvmsg(5, {{"a", 1, creds 100 0 0}}, 0) = 1
			user: 100 recvmsg(5, {{"a", 1, creds 100 65534 65534}}, 0) = 1
			100 recvmsg(5, {{"b", 1, creds 0 65534 65534}}, 0) = 1`,
	},
	{
		id: "LX-gc/a-listener-in-its-embryo", cite: "Linux net/unix/garbage.c unix_edge_successor: an embryo is its listener", types: connected, only: "linux",
		says: "a listener that only the queue of a connection to it holds is collected, with what lies in that queue, and not while a client could still be accepted by it",
		steps: listener + `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
			socket(AF_UNIX, TYPE, 0) = 6
			connect(6, to(s)) = 0
			dup(3) = 7
			sendmsg(6, {{"a", rights 3 5}}, 0) = 1
			close(5) = 0
			close(3) = 0
			close(6) = 0
			poll([{fd=4, events=POLLIN}], 1, 100) = 0 (Timeout)
			close(7) = 0
			socket(AF_UNIX, TYPE, 0) = 3
			close(3) = 0
			poll([{fd=4, events=POLLIN}], 1, 2000) = 1 ([{fd=4, revents=POLLIN|POLLHUP}])
			socket(AF_UNIX, TYPE, 0) = 3
			connect(3, to(s)) = -1 ECONNREFUSED (Connection refused)`,
	},
}
