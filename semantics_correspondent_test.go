package sockpair_test

// Chapter 30: datagrams to whom one names [DG-03]. In most laws 3 is bound to
// r and receives, 4 is bound to s.
var correspondentLaws = []law{
	{
		id: "DG-03/a-send-names-its-correspondent", cite: "POSIX sendto(), recvfrom()", types: dgram,
		says: "a send goes to the socket that it names, and the receive shows the name of who has sent; of one without a name nothing",
		steps: correspondents + `
			socket(AF_UNIX, SOCK_DGRAM, 0) = 5
			sendto(4, "one", 3, 0, to(r)) = 3
			sendto(5, "two", 3, 0, to(r)) = 3
			sendto(3, "own", 3, 0, to(r)) = 3
			recvfrom(3, "one", 10, 0, from(s)) = 3
			recvfrom(3, "two", 10, 0, 0x7ffe, [110 => 0]) = 3
			recvfrom(3, "own", 10, 0, from(r)) = 3
			sendto(3, "back", 4, 0, to(s)) = 4
			read(4, "back", 10) = 4`,
	},
	{
		id: "DG-03 LX-addr/names-in-messages", cite: "POSIX sendmsg(), recvmsg(); Linux net/unix/af_unix.c unix_copy_addr", types: dgram,
		says: "sendmsg names its correspondent and recvmsg the sender, also of one that has been closed",
		steps: correspondents + `
			sendmsg(4, {msg_name={sa_family=AF_UNIX, sun_path="r"}, msg_namelen=4, msg_iov=[{iov_base="a", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1
			close(4) = 0
			recvmsg(3, {msg_name={sa_family=AF_UNIX, sun_path="s"}, msg_namelen=110 => 4, msg_iov=[{iov_base="a", iov_len=9}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1
			sendto(3, "b", 1, 0, to(s)) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "DG-03 NM-06 LX-dgram/connect-names-the-default", cite: "POSIX connect(); Linux net/unix/af_unix.c unix_dgram_connect", types: dgram,
		says: "connect names the socket that sends without an address go to; one with an address goes elsewhere; AF_UNSPEC takes it back",
		steps: correspondents + `
			socket(AF_UNIX, SOCK_DGRAM, 0) = 5
			bind(5, to(t)) = 0
			connect(4, to(r)) = 0
			getpeername(4, from(r)) = 0
			write(4, "a", 1) = 1
			sendto(4, "b", 1, 0, to(t)) = 1
			recvfrom(3, "a", 10, 0, from(s)) = 1
			recvfrom(5, "b", 10, 0, from(s)) = 1
			connect(4, to(t)) = 0
			getpeername(4, from(t)) = 0
			connect(4, {sa_family=AF_UNSPEC}, 2) = 0
			getpeername(4, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			linux: write(4, "c", 1) = -1 ENOTCONN (Transport endpoint is not connected)
			posix: write(4, "c", 1) = -1 EDESTADDRREQ (Destination address required)`,
	},
	{
		id: "DG-03 NM-06 LX-dgram/connect-filters", cite: "POSIX connect(); Linux net/unix/af_unix.c unix_may_send", types: dgram,
		says: "a connected datagram socket takes messages of its peer alone: others cannot send to it nor connect to it, EPERM",
		steps: correspondents + `
			connect(3, to(s)) = 0
			sendto(4, "peer", 4, 0, to(r)) = 4
			socket(AF_UNIX, SOCK_DGRAM, 0) = 5
			sendto(5, "other", 5, 0, to(r)) = -1 EPERM (Operation not permitted)
			connect(5, to(r)) = -1 EPERM (Operation not permitted)
			connect(4, to(r)) = 0
			sendto(3, "self", 4, 0, to(r)) = -1 EPERM (Operation not permitted)
			read(3, "peer", 10) = 4
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [6, 7]) = 0
			bind(6, to(p)) = 0
			sendto(5, "other", 5, 0, to(p)) = -1 EPERM (Operation not permitted)
			connect(5, to(p)) = -1 EPERM (Operation not permitted)`,
	},
	{
		id: "NM-06 LX-dgram/a-peer-that-turns-away", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg: unix_may_send", types: dgram,
		says: "who is connected to a socket that then connects to a third cannot send to it any more, EPERM, and keeps it as its peer; a failed connect changes nothing",
		steps: correspondents + `
			socket(AF_UNIX, SOCK_DGRAM, 0) = 5
			bind(5, to(t)) = 0
			connect(4, to(r)) = 0
			connect(3, to(t)) = 0
			write(4, "a", 1) = -1 EPERM (Operation not permitted)
			getpeername(4, from(r)) = 0
			connect(4, to(no)) = -1 ENOENT (No such file or directory)
			connect(4, {sa_family=AF_UNSPEC}, 1) = -1 EINVAL (Invalid argument)
			getpeername(4, from(r)) = 0
			connect(3, {sa_family=AF_UNSPEC}, 16) = 0
			write(4, "b", 1) = 1`,
	},
	{
		id: "LX-dgram/eleven", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg: unix_recvq_full", types: dgram,
		says: "on Linux a socket takes eleven messages of those it is not connected to; then a non-blocking send is EAGAIN though its own buffer is empty",
		steps: `
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 3
			bind(3, to(r)) = 0
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 4
			bind(4, to(s)) = 0
			11 * sendto(4, "a", 1, 0, to(r)) = 1
			linux: sendto(4, "b", 1, 0, to(r)) = -1 EAGAIN (Resource temporarily unavailable)
			posix: sendto(4, "b", 1, 0, to(r)) = 1
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 5
			linux: sendto(5, "c", 1, 0, to(r)) = -1 EAGAIN (Resource temporarily unavailable)
			read(3, "a", 10) = 1
			sendto(5, "c", 1, 0, to(r)) = 1
			connect(3, to(s)) = 0
			sendto(4, "d", 1, 0, to(r)) = 1
			3 * sendto(3, "to itself", 9, 0, to(r)) = -1 EPERM (Operation not permitted)`,
	},
	{
		id: "LX-dgram/mutual-has-no-limit", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram, only: "linux",
		says: "between two that are connected to each other only the sender's buffer counts, and so it is for who sends to itself",
		steps: `
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 3
			bind(3, to(r)) = 0
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 4
			bind(4, to(s)) = 0
			connect(3, to(s)) = 0
			connect(4, to(r)) = 0
			278 * write(3, "a", 1) = 1
			write(3, "b", 1) = -1 EAGAIN (Resource temporarily unavailable)
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 5
			bind(5, to(t)) = 0
			278 * sendto(5, "a", 1, 0, to(t)) = 1
			sendto(5, "b", 1, 0, to(t)) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-dgram/poll-sees-the-peers-queue", cite: "Linux net/unix/af_unix.c unix_dgram_poll, unix_dgram_peer_wake_me", types: dgram, only: "linux",
		says: "whose peer's queue is full is not writable, until a message is taken; who only names the receiver is writable for ever",
		steps: correspondents + `
			connect(4, to(r)) = 0
			socket(AF_UNIX, SOCK_DGRAM, 0) = 5
			11 * sendto(5, "a", 1, 0, to(r)) = 1
			poll([{fd=4, events=ALL}, {fd=5, events=ALL}], 2, 0) = 1 ([{fd=5, revents=POLLOUT}])
			sendto(4, "b", 1, MSG_DONTWAIT, NULL, 0) = -1 EAGAIN (Resource temporarily unavailable)
			epoll_create1(0) = 6
			epoll_ctl(6, EPOLL_CTL_ADD, 4, {events=EPOLLOUT|EPOLLET, data=0x7}) = 0
			epoll_wait(6, [], 5, 0) = 0
			read(3, "a", 10) = 1
			epoll_wait(6, [{events=EPOLLOUT, data=0x7}], 5, 0) = 1
			poll([{fd=4, events=ALL}], 1, 0) = 1 ([{fd=4, revents=POLLOUT}])
			write(4, "b", 1) = 1`,
	},
	{
		id: "LX-dgram/a-sender-waits-for-the-queue", cite: "Linux net/unix/af_unix.c unix_wait_for_peer", types: dgram, only: "linux",
		says: "a send to a full queue waits until a message is taken, its time is over, or the receiver is closed",
		steps: `
			100 socket(AF_UNIX, SOCK_DGRAM, 0) = 3
			100 bind(3, to(r)) = 0
			100 socket(AF_UNIX, SOCK_DGRAM, 0) = 4
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			11 * 100 sendto(4, "a", 1, 0, to(r)) = 1
			101 sendto(4, "b", 1, 0, to(r) <unfinished ...>
			100 read(3, "a", 10) = 1
			101 <... sendto resumed>) = 1
			100 setsockopt(4, SOL_SOCKET, SO_SNDTIMEO_OLD, ` + ms20 + `, 16) = 0
			101 sendto(4, "c", 1, 0, to(r)) = -1 EAGAIN (Resource temporarily unavailable)
			100 setsockopt(4, SOL_SOCKET, SO_SNDTIMEO_OLD, ` + s20 + `, 16) = 0
			101 sendto(4, "d", 1, 0, to(r) <unfinished ...>
			100 close(3) = 0
			101 <... sendto resumed>) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-4.6/a-new-peer-purges-the-queue", cite: "Linux net/unix/af_unix.c unix_dgram_connect, unix_dgram_disconnected", types: dgram,
		says: "a socket that turns from one peer to another loses what it has not read, and a peer that was connected to it too gets ECONNRESET, once, before all else",
		steps: `
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 3
			bind(3, to(r)) = 0
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 4
			bind(4, to(s)) = 0
			socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0) = 5
			bind(5, to(t)) = 0
			sendto(5, "early", 5, 0, to(r)) = 5
			connect(3, to(s)) = 0
			connect(4, to(r)) = 0
			read(3, "early", 10) = 5
			write(4, "lost", 4) = 4
			write(3, "kept", 4) = 4
			connect(3, to(t)) = 0
			read(3, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			poll([{fd=4, events=POLLIN}], 1, 0) = 1 ([{fd=4, revents=POLLIN|POLLERR}])
			linux: read(4, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			linux: read(4, "kept", 10) = 4
			posix: read(4, "kept", 10) = 4
			posix: read(4, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-order/a-datagram-send-takes-the-reset", cite: "Linux net/core/sock.c sock_alloc_send_pskb", types: dgram,
		says: "the reset that a peer's turning away has left is told to a send too, before that peer's refusal; nothing unread is no reset",
		steps: correspondents + `
			connect(3, to(s)) = 0
			connect(4, to(r)) = 0
			connect(3, {sa_family=AF_UNSPEC}, 2) = 0
			write(4, "a", 1) = 1
			connect(3, to(s)) = 0
			connect(3, {sa_family=AF_UNSPEC}, 2) = 0
			write(4, "b", 1) = -1 ECONNRESET (Connection reset by peer)
			write(4, "c", 1) = 1
			read(3, "c", 10) = 1`,
	},
	{
		id: "DG-03 LX-4.7/a-name-leads-past-the-peer", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg", types: dgram,
		says: "an end of a pair may send to others by name; they see its name or none, and cannot answer",
		steps: correspondents + `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [5, 6]) = 0
			sendto(5, "a", 1, 0, to(r)) = 1
			recvfrom(3, "a", 10, 0, 0x7ffe, [110 => 0]) = 1
			bind(5, to(p)) = 0
			sendto(5, "b", 1, 0, to(r)) = 1
			recvfrom(3, "b", 10, 0, from(p)) = 1
			sendto(3, "c", 1, 0, to(p)) = -1 EPERM (Operation not permitted)
			connect(5, {sa_family=AF_UNSPEC}, 2) = 0
			sendto(3, "d", 1, 0, to(p)) = 1
			write(6, "e", 1) = 1
			read(5, "d", 10) = 1
			read(5, "e", 10) = 1`,
	},
	{
		id: "DG-03 NM-06 LX-dgram/a-receiver-that-ends", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg, unix_find_other", types: dgram,
		says: "to the name of a socket that is closed a send is ECONNREFUSED each time; who was connected to it is told once and has no peer then; SHUT_RD is EPIPE",
		steps: correspondents + `
			connect(4, to(r)) = 0
			connect(3, to(s)) = 0
			shutdown(3, SHUT_RD) = 0
			connect(3, {sa_family=AF_UNSPEC}, 2) = 0
			write(4, "a", 1) = -1 EPIPE (Broken pipe)
			socket(AF_UNIX, SOCK_DGRAM, 0) = 5
			sendto(5, "a", 1, 0, to(r)) = -1 EPIPE (Broken pipe)
			close(3) = 0
			2 * sendto(5, "b", 1, 0, to(r)) = -1 ECONNREFUSED (Connection refused)
			getpeername(4, from(r)) = 0
			write(4, "c", 1) = -1 ECONNREFUSED (Connection refused)
			linux: write(4, "d", 1) = -1 ENOTCONN (Transport endpoint is not connected)
			posix: write(4, "d", 1) = -1 EDESTADDRREQ (Destination address required)`,
	},
}

// correspondents is the steps that bind 3 to r and 4 to s.
const correspondents = `
			socket(AF_UNIX, SOCK_DGRAM, 0) = 3
			bind(3, to(r)) = 0
			socket(AF_UNIX, SOCK_DGRAM, 0) = 4
			bind(4, to(s)) = 0`
