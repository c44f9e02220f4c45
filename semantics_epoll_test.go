package sockpair_test

// Chapter 20: epoll. The instance is descriptor 5, and the datum of a
// registration is its descriptor.
var epollLaws = []law{
	{
		id: "LX-epoll/order-of-the-errors", cite: "Linux fs/eventpoll.c do_epoll_ctl", types: anyType, only: "linux",
		says: "epoll_ctl tests the memory, the instance, the descriptor, what they are, EPOLLEXCLUSIVE, then whether it is registered",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_ctl(99, EPOLL_CTL_ADD, 98, NULL) = -1 EFAULT (Bad address)
			epoll_ctl(99, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = -1 EBADF (Bad file descriptor)
			epoll_ctl(4, EPOLL_CTL_ADD, 98, {events=EPOLLIN, data=0x4}) = -1 EBADF (Bad file descriptor)
			epoll_ctl(3, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = -1 EINVAL (Invalid argument)
			epoll_ctl(5, EPOLL_CTL_ADD, 5, {events=EPOLLIN, data=0x5}) = -1 EINVAL (Invalid argument)
			epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x4}) = -1 EINVAL (Invalid argument)
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLONESHOT|EPOLLEXCLUSIVE, data=0x4}) = -1 EINVAL (Invalid argument)
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLRDHUP|EPOLLEXCLUSIVE, data=0x4}) = -1 EINVAL (Invalid argument)
			epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN, data=0x4}) = -1 ENOENT (No such file or directory)
			epoll_ctl(5, EPOLL_CTL_DEL, 4, NULL) = -1 ENOENT (No such file or directory)
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x4}) = 0
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = -1 EEXIST (File exists)
			epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN, data=0x4}) = -1 EINVAL (Invalid argument)
			epoll_ctl(5, 7, 4, {events=EPOLLIN, data=0x4}) = -1 EINVAL (Invalid argument)
			epoll_ctl(5, EPOLL_CTL_DEL, 4, NULL) = 0`,
	},
	{
		id: "LX-epoll/wait-errors", cite: "Linux fs/eventpoll.c ep_check_params, epoll_create1", types: anyType, only: "linux",
		says: "epoll_wait tests the descriptor, then the room, which must be above 0, then whether it is an instance; epoll_create1 knows one flag",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(EPOLL_CLOEXEC) = 5
			fcntl(5, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			epoll_create1(0x1) = -1 EINVAL (Invalid argument)
			epoll_wait(99, 0x7ffe, 0, 0) = -1 EBADF (Bad file descriptor)
			epoll_wait(5, 0x7ffe, 0, 0) = -1 EINVAL (Invalid argument)
			epoll_wait(5, 0x7ffe, -1, 0) = -1 EINVAL (Invalid argument)
			epoll_wait(3, 0x7ffe, 1, 0) = -1 EINVAL (Invalid argument)
			epoll_wait(5, [], 1, 0) = 0`,
	},
	{
		id: "LX-epoll/level", cite: "epoll(7); Linux fs/eventpoll.c ep_send_events", types: anyType, only: "linux",
		says: "a level-triggered registration is reported as long as it is ready, with its datum, and one that is deleted no more",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = 0
			epoll_wait(5, [], 8, 0) = 0
			2 * write(3, "ab", 2) = 2
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1
			read(4, "a", 1) = 1
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, -1) = 1
			epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN|EPOLLOUT, data=0x44}) = 0
			epoll_wait(5, [{events=EPOLLIN|EPOLLOUT, data=0x44}], 8, 0) = 1
			stream: read(4, "bab", 9) = 3
			dgram seqpacket: read(4, "ab", 9) = 2
			epoll_wait(5, [{events=EPOLLOUT, data=0x44}], 8, 0) = 1
			epoll_ctl(5, EPOLL_CTL_DEL, 4, NULL) = 0
			epoll_wait(5, [], 8, 0) = 0`,
	},
	{
		id: "LX-epoll/edge", cite: "epoll(7) EPOLLET; Linux fs/eventpoll.c ep_poll_callback", types: anyType, only: "linux",
		says: "an edge-triggered registration is reported once when it is made, then at each arrival, also where it was ready before; a read is none",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			write(3, "ab", 2) = 2
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET, data=0x4}) = 0
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1
			epoll_wait(5, [], 8, 0) = 0
			write(3, "cd", 2) = 2
			write(3, "ef", 2) = 2
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1
			epoll_wait(5, [], 8, 0) = 0
			read(4, "a", 1) = 1
			epoll_wait(5, [], 8, 0) = 0
			epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN|EPOLLET, data=0x4}) = 0
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1`,
	},
	{
		id: "LX-4.4/edge-of-room", cite: "Linux net/unix/af_unix.c unix_write_space", types: anyType, only: "linux",
		says: "a message freed by the peer is an event for an edge-triggered writer that was writable all along, with the bits of that moment; a part of a stream's is none",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLOUT|EPOLLET, data=0x3}) = 0
			epoll_wait(5, [{events=EPOLLOUT, data=0x3}], 8, 0) = 1
			write(3, "ab", 2) = 2
			epoll_wait(5, [], 8, 0) = 0
			stream: read(4, "a", 1) = 1
			stream: epoll_wait(5, [], 8, 0) = 0
			stream: read(4, "b", 1) = 1
			dgram seqpacket: read(4, "a", 1) = 1
			epoll_wait(5, [{events=EPOLLOUT, data=0x3}], 8, 0) = 1
			epoll_wait(5, [], 8, 0) = 0
			write(4, "c", 1) = 1
			epoll_wait(5, [{events=EPOLLIN|EPOLLOUT, data=0x3}], 8, 0) = 1`,
	},
	{
		id: "LX-4.4/no-event-while-unwritable", cite: "Linux net/unix/af_unix.c unix_write_space: unix_writable", types: anyType, only: "linux",
		says: "a freed message is no event while more than a quarter of SO_SNDBUF stays charged",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [4608], 4) = 0
			4 * write(3, "x"..., 700) = 700
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLOUT|EPOLLET, data=0x3}) = 0
			epoll_wait(5, [], 8, 0) = 0
			2 * read(4, "x"..., 700) = 700
			epoll_wait(5, [], 8, 0) = 0
			read(4, "x"..., 700) = 700
			epoll_wait(5, [{events=EPOLLOUT, data=0x3}], 8, 0) = 1
			epoll_wait(5, [], 8, 0) = 0
			read(4, "x"..., 700) = 700
			epoll_wait(5, [{events=EPOLLOUT, data=0x3}], 8, 0) = 1`,
	},
	{
		id: "LX-epoll/one-shot", cite: "epoll(7) EPOLLONESHOT", types: anyType, only: "linux",
		says: "a one-shot registration is reported once, and again after EPOLL_CTL_MOD; until then it stays registered, and silent about a hang-up too",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLONESHOT, data=0x4}) = 0
			write(3, "a", 1) = 1
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1
			epoll_wait(5, [], 8, 0) = 0
			write(3, "b", 1) = 1
			epoll_wait(5, [], 8, 0) = 0
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = -1 EEXIST (File exists)
			epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN|EPOLLONESHOT, data=0x4}) = 0
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1
			close(3) = 0
			epoll_wait(5, [], 8, 0) = 0`,
	},
	{
		id: "LX-epoll/unasked-events", cite: "Linux fs/eventpoll.c do_epoll_ctl: EPOLLERR | EPOLLHUP", types: connected, only: "linux",
		says: "with events 0 a hang-up and an error are reported nevertheless, and nothing else",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=0, data=0x4}) = 0
			write(3, "a", 1) = 1
			epoll_wait(5, [], 8, 0) = 0
			write(4, "unread", 6) = 6
			close(3) = 0
			epoll_wait(5, [{events=EPOLLERR|EPOLLHUP, data=0x4}], 8, 0) = 1
			getsockopt(4, SOL_SOCKET, SO_ERROR, [104], [4]) = 0
			epoll_wait(5, [{events=EPOLLHUP, data=0x4}], 8, 0) = 1`,
	},
	{
		id: "LX-epoll/registered-is-the-description", cite: "epoll(7) Questions and answers; Linux fs/eventpoll.c eventpoll_release_file", types: anyType, only: "linux",
		says: "a registration is of a number and its description: it outlives the number while a dup lives, and a dup is another",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = 0
			dup(4) = 6
			close(4) = 0
			write(3, "a", 1) = 1
			epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1
			epoll_ctl(5, EPOLL_CTL_DEL, 4, NULL) = -1 EBADF (Bad file descriptor)
			epoll_ctl(5, EPOLL_CTL_DEL, 6, NULL) = -1 ENOENT (No such file or directory)
			epoll_ctl(5, EPOLL_CTL_ADD, 6, {events=EPOLLIN, data=0x6}) = 0
			epoll_wait(5, [{events=EPOLLIN, data=0x4}, {events=EPOLLIN, data=0x6}], 8, 0) = 2
			dup2(6, 4) = 4
			epoll_ctl(5, EPOLL_CTL_DEL, 4, NULL) = 0
			close(4) = 0
			close(6) = 0
			epoll_wait(5, [], 8, 0) = 0`,
	},
	{
		id: "LX-epoll/several", cite: "Linux fs/eventpoll.c ep_send_events", types: anyType, only: "linux",
		says: "with less room than there are events they take turns",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLOUT, data=0x3}) = 0
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLOUT, data=0x4}) = 0
			epoll_wait(5, [{events=EPOLLOUT, data=0x3}], 1, 0) = 1
			epoll_wait(5, [{events=EPOLLOUT, data=0x4}], 1, 0) = 1
			epoll_wait(5, [{events=EPOLLOUT, data=0x3}], 1, 0) = 1
			epoll_wait(5, [{events=EPOLLOUT, data=0x4}, {events=EPOLLOUT, data=0x3}], 2, 0) = 2`,
	},
	{
		id: "LX-epoll/nesting", cite: "Linux fs/eventpoll.c ep_loop_check, EP_MAX_NESTS", types: stream, only: "linux",
		says: "an instance that has events is readable, to poll and to another instance; five may stand in a row, and a circle is ELOOP",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			epoll_create1(0) = 5
			epoll_create1(0) = 6
			epoll_create1(0) = 7
			epoll_create1(0) = 8
			epoll_create1(0) = 9
			epoll_create1(0) = 10
			epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = 0
			epoll_ctl(6, EPOLL_CTL_ADD, 5, {events=EPOLLIN, data=0x5}) = 0
			epoll_ctl(7, EPOLL_CTL_ADD, 6, {events=EPOLLIN, data=0x6}) = 0
			epoll_ctl(8, EPOLL_CTL_ADD, 7, {events=EPOLLIN, data=0x7}) = 0
			epoll_ctl(9, EPOLL_CTL_ADD, 8, {events=EPOLLIN, data=0x8}) = 0
			epoll_ctl(10, EPOLL_CTL_ADD, 9, {events=EPOLLIN, data=0x9}) = -1 ELOOP (Too many levels of symbolic links)
			epoll_ctl(5, EPOLL_CTL_ADD, 6, {events=EPOLLIN, data=0x6}) = -1 ELOOP (Too many levels of symbolic links)
			epoll_ctl(10, EPOLL_CTL_ADD, 5, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x5}) = -1 EINVAL (Invalid argument)
			epoll_wait(9, [], 1, 0) = 0
			write(3, "a", 1) = 1
			epoll_wait(9, [{events=EPOLLIN, data=0x8}], 1, 0) = 1
			read(4, "a", 1) = 1
			epoll_wait(9, [], 1, 0) = 0`,
	},
	{
		id: "LX-epoll/waits", cite: "Linux fs/eventpoll.c ep_poll", types: anyType, only: "linux",
		says: "epoll_wait sleeps until something registered is ready, also what is registered meanwhile, or its time is over",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 epoll_create1(0) = 5
			100 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 epoll_wait(5, [], 8, 20) = 0
			101 epoll_wait(5,  <unfinished ...>
			100 write(3, "a", 1) = 1
			101 <... epoll_wait resumed>[{events=EPOLLIN, data=0x4}], 8, -1) = 1
			100 read(4, "a", 1) = 1
			101 epoll_wait(5,  <unfinished ...>
			100 epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLOUT, data=0x3}) = 0
			101 <... epoll_wait resumed>[{events=EPOLLOUT, data=0x3}], 8, -1) = 1`,
	},
	{
		id: "LX-epoll/interrupted-wait", cite: "Linux fs/eventpoll.c ep_poll; signal(7)", types: anyType, only: "linux",
		says: "a handled signal ends epoll_wait with EINTR, with SA_RESTART too; epoll_pwait holds back what its mask has",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 epoll_create1(0) = 5
			100 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x4}) = 0
			100 rt_sigaction(SIGUSR1, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 epoll_wait(5,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			100 <... epoll_wait resumed>0x7ffe, 8, -1) = -1 EINTR (Interrupted system call)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 epoll_pwait(5,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			101 write(3, "a", 1) = 1
			100 <... epoll_pwait resumed>[{events=EPOLLIN, data=0x4}], 8, -1, [USR1], 8) = 1
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---`,
	},
	{
		id: "LX-epoll/exclusive", cite: "epoll_ctl(2) EPOLLEXCLUSIVE; Linux fs/eventpoll.c ep_poll_callback", types: anyType, only: "linux",
		says: "of two instances that watch with EPOLLEXCLUSIVE an arrival wakes one",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 epoll_create1(0) = 5
			100 epoll_create1(0) = 6
			100 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET|EPOLLEXCLUSIVE, data=0x4}) = 0
			100 epoll_ctl(6, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET|EPOLLEXCLUSIVE, data=0x4}) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			101 epoll_wait(5,  <unfinished ...>
			102 epoll_wait(6,  <unfinished ...>
			100 write(3, "a", 1) = 1
			101 <... epoll_wait resumed>[{events=EPOLLIN, data=0x4}], 8, 200) = 1
			102 <... epoll_wait resumed>[], 8, 200) = 0`,
	},
	{
		id: "LX-epoll/exclusive-before-a-receive", cite: "Linux kernel/sched/wait.c __wake_up_common; fs/eventpoll.c ep_poll_callback", types: messages, only: "linux",
		says: "a registration with EPOLLEXCLUSIVE and receives of messages are one line, in order of arrival: a message is for the first, of registrations for one with a waiter",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 epoll_create1(0) = 5
			100 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x4}) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			101 epoll_wait(5,  <unfinished ...>
			102 read(4,  <unfinished ...>
			100 write(3, "one", 3) = 3
			101 <... epoll_wait resumed>[{events=EPOLLIN, data=0x4}], 8, -1) = 1
			100 write(3, "two", 3) = 3
			102 <... read resumed>"one", 10) = 3
			101 read(4, "two", 10) = 3`,
	},
	{
		id: "LX-epoll/exclusive-behind-a-receive", cite: "Linux kernel/sched/wait.c __wake_up_common; net/core/datagram.c receiver_wake_function", types: messages, only: "linux",
		says: "a registration that stands behind a receive learns nothing of the message that this gets, also when it only peeks: it is not ready, as poll is",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 epoll_create1(0) = 5
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 recvfrom(4,  <unfinished ...>
			100 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x4}) = 0
			100 write(3, "one", 3) = 3
			101 <... recvfrom resumed>"one", 10, MSG_PEEK, NULL, NULL) = 3
			100 epoll_wait(5, [], 8, 0) = 0
			100 poll([{fd=4, events=POLLIN}], 1, 0) = 1 ([{fd=4, revents=POLLIN}])
			100 write(3, "two", 3) = 3
			100 epoll_wait(5, [{events=EPOLLIN, data=0x4}], 8, 0) = 1`,
	},
	{
		id: "LX-epoll/exclusive-and-accepts", cite: "Linux net/unix/af_unix.c unix_accept, net/core/datagram.c; fs/eventpoll.c", types: connected, only: "linux",
		says: "accepts stand in that line too; a registration's place is from EPOLL_CTL_ADD on, not from epoll_wait",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 5) = 0
			100 epoll_create1(0) = 4
			100 epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x3}) = 0
			100 socket(AF_UNIX, TYPE, 0) = 5
			100 socket(AF_UNIX, TYPE, 0) = 6
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			102 accept(3,  <unfinished ...>
			101 epoll_wait(4,  <unfinished ...>
			100 connect(5, to(s)) = 0
			101 <... epoll_wait resumed>[{events=EPOLLIN, data=0x3}], 8, -1) = 1
			100 connect(6, to(s)) = 0
			102 <... accept resumed>from()) = 7`,
	},
	{
		id: "LX-epoll/exclusive-and-errors", cite: "Linux net/unix/af_unix.c unix_dgram_disconnected; net/core/sock.c sock_def_error_report", types: dgram, only: "linux",
		says: "the error of lost datagrams is for the first of that line",
		steps: `
			100 socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			100 epoll_create1(0) = 5
			100 write(4, "lost", 4) = 4
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 read(4,  <unfinished ...>
			100 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLET|EPOLLEXCLUSIVE, data=0x4}) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			102 epoll_wait(5,  <unfinished ...>
			100 connect(3, {sa_family=AF_UNSPEC}, 2) = 0
			101 <... read resumed>0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			102 <... epoll_wait resumed>[], 8, 100) = 0`,
	},
}
