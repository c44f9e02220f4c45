package sockpair_test

// Chapter 18: descriptors in flight: what they hold, and how what nobody can
// reach any more ends. Linux collects it in a work queue, which the release of
// a socket sets to work (the close of a descriptor in flight is none): a law
// ends with one, and waits for what must come of it.
var flightLaws = []law{
	{
		id: "LX-4.6/in-flight-is-open", cite: "Linux net/unix/garbage.c unix_inflight; unix(7)", types: anyType, only: "linux",
		says: "a descriptor in a queue keeps its end open: the peer sees nothing of the close, and sends to it",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			sendmsg(3, {{"a", rights 6}}, 0) = 1
			close(6) = 0
			poll([{fd=5, events=ALL}], 1, 0) = 1 ([{fd=5, revents=POLLOUT}])
			write(5, "to 6", 4) = 4
			recvmsg(4, {{"a", 10, rights 6}}, 0) = 1
			read(6, "to 6", 10) = 4`,
	},
	{
		id: "LX-4.6/flight-ends-with-its-queue", cite: "Linux net/unix/af_unix.c unix_release_sock, unix_scm_to_skb destructor", types: anyType, only: "linux",
		says: "the close of the end whose queue holds a descriptor drops it: the peer sees the last close, and unread data resets a connection",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			sendmsg(3, {{"a", rights 6}}, 0) = 1
			write(5, "unread", 6) = 6
			close(6) = 0
			close(3) = 0
			poll([{fd=5, events=ALL}], 1, 0) = 1 ([{fd=5, revents=POLLOUT}])
			close(4) = 0
			poll([{fd=5, events=ALL}], 1, 2000) = 1 ([{fd=5, revents=POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP}])
			read(5, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			read(5, "", 10) = 0`,
	},
	{
		id: "LX-gc/an-end-in-its-own-queue", cite: "Linux net/unix/garbage.c unix_gc", types: anyType, only: "linux",
		says: "an end that only its own queue holds is collected with all that lies in that queue",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			sendmsg(6, {{"a", rights 5 4}}, 0) = 1
			close(5) = 0
			close(4) = 0
			close(6) = 0
			poll([{fd=3, events=POLLIN}], 1, 2000) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])
			read(3, "", 10) = 0`,
	},
	{
		id: "LX-gc/a-cycle-of-two", cite: "Linux net/unix/garbage.c unix_scc_dead", types: anyType, only: "linux",
		says: "two ends that hold each other in their queues are collected once no process has them, and not before",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			socketpair(AF_UNIX, TYPE, 0, [7, 8]) = 0
			sendmsg(6, {{"a", rights 7}}, 0) = 1
			sendmsg(8, {{"b", rights 5 4}}, 0) = 1
			close(4) = 0
			close(7) = 0
			close(8) = 0
			poll([{fd=3, events=POLLIN}], 1, 100) = 0 (Timeout)
			close(5) = 0
			close(6) = 0
			poll([{fd=3, events=POLLIN}], 1, 2000) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])`,
	},
	{
		id: "LX-gc/a-cycle-that-is-held", cite: "Linux net/unix/garbage.c unix_vertex_dead", types: anyType, only: "linux",
		says: "a cycle of queues that a descriptor leads to stays whole: what lies in it is received in the end",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			socketpair(AF_UNIX, TYPE, 0, [7, 8]) = 0
			sendmsg(6, {{"a", rights 7}}, 0) = 1
			sendmsg(8, {{"b", rights 5 4}}, 0) = 1
			close(7) = 0
			close(4) = 0
			close(6) = 0
			close(8) = 0
			poll([{fd=3, events=POLLIN}], 1, 100) = 0 (Timeout)
			recvmsg(5, {{"a", 10, rights 4}}, 0) = 1
			recvmsg(4, {{"b", 10, rights 6 7}}, 0) = 1
			write(3, "c", 1) = 1
			read(7, "c", 10) = 1`,
	},
	{
		id: "LX-gc/a-queue-that-leads-out", cite: "Linux net/unix/garbage.c unix_vertex_dead: an edge out of the component", types: anyType, only: "linux",
		says: "an end in its own queue stays while that end also lies in the queue of an open one, from which it is received",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			sendmsg(6, {{"a", rights 5}}, 0) = 1
			sendmsg(3, {{"b", rights 5}}, 0) = 1
			close(5) = 0
			close(6) = 0
			poll([{fd=4, events=POLLIN}], 1, 100) = 1 ([{fd=4, revents=POLLIN}])
			recvmsg(4, {{"b", 10, rights 5}}, 0) = 1
			recvmsg(5, {{"a", 10, rights 6}}, 0) = 1`,
	},
	{
		id: "LX-gc/a-peeked-cycle", cite: "Linux net/unix/af_unix.c unix_peek_fds, garbage.c unix_peek_fpl", types: anyType, only: "linux",
		says: "a peek makes a descriptor of what lies in the cycle, so the cycle stays",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 4}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5}}, MSG_PEEK) = 1
			close(4) = 0
			poll([{fd=5, events=POLLIN}], 1, 100) = 1 ([{fd=5, revents=POLLIN}])
			recvmsg(5, {{"a", 10, rights 4}}, 0) = 1`,
	},
}
