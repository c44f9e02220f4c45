package sockpair_test

// Chapter 32: more of peers: who takes a name by connecting, events, children
// that accept, sockets that are their own peer.
var peerLaws = []law{
	{
		id: "LX-connect/identity-takes-a-name", cite: "Linux net/unix/af_unix.c unix_stream_connect, unix_dgram_connect: unix_may_passcred_autobind", types: anyType, only: "linux",
		says: "who connects with SO_PASSCRED set and no name is given one, also when nobody is found",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(@s)) = 0
			stream seqpacket: listen(3, 1) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			connect(4, to(@t)) = -1 ECONNREFUSED (Connection refused)
			getsockname(4, {sa_family=AF_UNIX, sun_path=@"00001"}, [110 => 8]) = 0
			connect(4, to(@s)) = 0
			stream seqpacket: accept(3, {sa_family=AF_UNIX, sun_path=@"00001"}, [110 => 8]) = 5
			close(4) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			connect(4, {sa_family=AF_UNIX}, 2) = -1 EINVAL (Invalid argument)
			getsockname(4, from()) = 0`,
	},
	{
		id: "LX-dgram/the-name-when-it-is-received", cite: "Linux net/unix/af_unix.c unix_copy_addr", types: dgram,
		says: "a receive shows the name that the sender has by then",
		steps: correspondents + `
			socket(AF_UNIX, SOCK_DGRAM, 0) = 5
			sendto(5, "a", 1, 0, to(r)) = 1
			bind(5, to(late)) = 0
			recvfrom(3, "a", 10, 0, from(late)) = 1`,
	},
	{
		id: "LX-dgram/alone-with-itself", cite: "Linux net/unix/af_unix.c unix_dgram_connect", types: dgram,
		says: "a datagram socket may be connected to itself: then nobody else reaches it",
		steps: correspondents + `
			connect(3, to(r)) = 0
			write(3, "me", 2) = 2
			getpeername(3, from(r)) = 0
			sendto(4, "you", 3, 0, to(r)) = -1 EPERM (Operation not permitted)
			recvfrom(3, "me", 10, 0, from(r)) = 2
			write(3, "lost", 4) = 4
			connect(3, {sa_family=AF_UNSPEC}, 2) = 0
			recvfrom(3, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			sendto(4, "you", 3, 0, to(r)) = 3`,
	},
	{
		id: "LX-unconnected/options-of-the-peer", cite: "Linux net/core/sock.c sk_getsockopt", types: anyType, only: "linux",
		says: "without a peer SO_PEERGROUPS and SO_PEERPIDFD have no data, SO_PEERNAME no connection",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			getsockopt(3, SOL_SOCKET, SO_PEERGROUPS, 0x7ffe, [64]) = -1 ENODATA (No data available)
			getsockopt(3, SOL_SOCKET, SO_PEERPIDFD, 0x7ffe, [4]) = -1 ENODATA (No data available)
			getsockopt(3, SOL_SOCKET, SO_PEERNAME, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)`,
	},
	{
		id: "LX-epoll/edges-of-connecting", cite: "Linux net/unix/af_unix.c unix_stream_connect: sk_state_change", types: connected, only: "linux",
		says: "to become connected, or to listen, is no event; the listener's end is",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET, data=0x7}) = 0
			epoll_wait(5, [{events=EPOLLOUT|EPOLLHUP, data=0x7}], 5, 0) = 1
			epoll_wait(5, [], 5, 0) = 0
			connect(4, to(s)) = 0
			epoll_wait(5, [], 5, 0) = 0
			close(3) = 0
			epoll_wait(5, [{events=EPOLLIN|EPOLLOUT|EPOLLERR|EPOLLHUP|EPOLLRDHUP, data=0x7}], 5, 0) = 1
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(t)) = 0
			epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET, data=0x8}) = 0
			epoll_wait(5, [{events=EPOLLOUT|EPOLLHUP, data=0x8}], 5, 0) = 1
			listen(3, 1) = 0
			epoll_wait(5, [], 5, 0) = 0
			shutdown(3, SHUT_WR) = 0
			epoll_wait(5, [], 5, 0) = 0
			shutdown(3, SHUT_RDWR) = 0
			epoll_wait(5, [{events=EPOLLIN|EPOLLHUP|EPOLLRDHUP, data=0x8}], 5, 0) = 1`,
	},
	{
		id: "LX-epoll/edges-of-peers", cite: "Linux net/unix/af_unix.c unix_dgram_connect", types: dgram, only: "linux",
		says: "to get a peer and to be made one is no event; to turn from one is room to send, though there was some, and so is to find it closed",
		steps: correspondents + `
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLOUT|EPOLLRDHUP|EPOLLET, data=0x7}) = 0
			epoll_wait(5, [{events=EPOLLOUT, data=0x7}], 5, 0) = 1
			connect(3, to(s)) = 0
			epoll_wait(5, [], 5, 0) = 0
			connect(4, to(r)) = 0
			epoll_wait(5, [], 5, 0) = 0
			connect(3, {sa_family=AF_UNSPEC}, 2) = 0
			epoll_wait(5, [{events=EPOLLOUT, data=0x7}], 5, 0) = 1
			connect(3, to(s)) = 0
			write(3, "a", 1) = 1
			epoll_wait(5, [], 5, 0) = 0
			connect(4, {sa_family=AF_UNSPEC}, 2) = 0
			epoll_wait(5, [{events=EPOLLOUT|EPOLLERR, data=0x7}], 5, 0) = 1
			getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNRESET], [4]) = 0
			connect(3, to(s)) = 0
			epoll_wait(5, [{events=EPOLLOUT, data=0x7}], 5, 0) = 1
			close(4) = 0
			epoll_wait(5, [], 5, 0) = 0
			write(3, "a", 1) = -1 ECONNREFUSED (Connection refused)
			epoll_wait(5, [{events=EPOLLOUT, data=0x7}], 5, 0) = 1
			epoll_wait(5, [], 5, 0) = 0`,
	},
	{
		id: "LX-accept/a-child-accepts", cite: "POSIX fork(); Linux net/unix/af_unix.c", types: connected,
		says: "a listener belongs to all who have its description: a child accepts, and the last close resets",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 5) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 close(3) = 0
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 connect(3, to(s)) = 0
			101 accept(3, from()) = 4
			101 close(4) = 0
			100 read(3, "", 10) = 0
			100 socket(AF_UNIX, TYPE, 0) = 4
			100 connect(4, to(s)) = 0
			101 exit_group(0) = ?
			101 +++ exited with 0 +++
			100 read(4, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			100 connect(4, to(s)) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-listen/a-reset-beside-data", cite: "Linux net/unix/af_unix.c unix_release_sock", types: connected,
		says: "a client whose listener ends without accepting it has lost what it sent, and gets nothing that is charged to it",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			sendto(4, "lost", 4, MSG_EOR, NULL, 0) = 4
			close(3) = 0
			linux: ioctl(4, TIOCOUTQ, [0]) = 0
			linux: poll([{fd=4, events=ALL}], 1, 0) = 1 ([{fd=4, revents=POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP}])
			posix: poll([{fd=4, events=ALL}], 1, 0) = 1 ([{fd=4, revents=POLLIN|POLLERR|POLLHUP}])
			read(4, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)`,
	},
}
