package sockpair_test

// Chapter 13: readiness. ALL in the steps stands for every event that a pair
// can show; on Linux POLLIN comes with POLLRDNORM, POLLOUT with POLLWRNORM and
// POLLWRBAND, which the laws but one leave unasked.
var readinessLaws = []law{
	{
		id: "LX-4.5/poll-fresh", cite: "Linux net/unix/af_unix.c unix_poll; POSIX poll()", types: anyType,
		says: "a fresh end is writable, and readable when something has come",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])
			sendto(4, "a", 1, MSG_EOR, NULL, 0) = 1
			poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT}])
			read(3, "a", 10) = 1
			poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)`,
	},
	{
		id: "LX-4.5/companions", cite: "POSIX poll(); Linux net/unix/af_unix.c unix_poll", types: anyType,
		says: "POLLIN comes with POLLRDNORM, POLLOUT with POLLWRNORM and POLLWRBAND, and no band data ever",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(4, "a", 1, MSG_EOR, NULL, 0) = 1
			poll([{fd=3, events=POLLIN|POLLPRI|POLLOUT|POLLRDNORM|POLLWRNORM|POLLRDBAND|POLLWRBAND}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT|POLLRDNORM|POLLWRNORM|POLLWRBAND}])`,
	},
	{
		id: "LX-4.5/poll-shut-receiving", cite: "Linux net/unix/af_unix.c unix_poll, unix_dgram_poll", types: anyType,
		says: "after the own SHUT_RD an end is readable for ever; the other end shows nothing of it",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, SHUT_RD) = 0
			linux: poll([{fd=3, events=ALL}, {fd=4, events=ALL}], 2, 0) = 2 ([{fd=3, revents=POLLIN|POLLOUT|POLLRDHUP}, {fd=4, revents=POLLOUT}])
			posix: poll([{fd=3, events=ALL}, {fd=4, events=ALL}], 2, 0) = 2 ([{fd=3, revents=POLLIN|POLLOUT}, {fd=4, revents=POLLOUT}])`,
	},
	{
		id: "LX-4.5/poll-shut-sending", cite: "Linux net/unix/af_unix.c unix_poll, unix_dgram_poll", types: anyType,
		says: "after the own SHUT_WR an end is still writable, and of a connection the other end is readable",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, SHUT_WR) = 0
			linux stream seqpacket: poll([{fd=3, events=ALL}, {fd=4, events=ALL}], 2, 0) = 2 ([{fd=3, revents=POLLOUT}, {fd=4, revents=POLLIN|POLLOUT|POLLRDHUP}])
			posix stream seqpacket: poll([{fd=3, events=ALL}, {fd=4, events=ALL}], 2, 0) = 2 ([{fd=3, revents=POLLOUT}, {fd=4, revents=POLLIN|POLLOUT}])
			dgram: poll([{fd=3, events=ALL}, {fd=4, events=ALL}], 2, 0) = 2 ([{fd=3, revents=POLLOUT}, {fd=4, revents=POLLOUT}])`,
	},
	{
		id: "LX-4.5/poll-shut-both", cite: "POSIX poll(); Linux net/unix/af_unix.c unix_poll, unix_dgram_poll", types: anyType,
		says: "SHUT_RDWR is a hang-up, of a connection at both ends; POSIX never shows POLLHUP with POLLOUT",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, SHUT_RDWR) = 0
			linux: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT|POLLHUP|POLLRDHUP}])
			posix: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])
			linux stream seqpacket: poll([{fd=4, events=ALL}], 1, 0) = 1 ([{fd=4, revents=POLLIN|POLLOUT|POLLHUP|POLLRDHUP}])
			posix stream seqpacket: poll([{fd=4, events=ALL}], 1, 0) = 1 ([{fd=4, revents=POLLIN|POLLHUP}])
			dgram: poll([{fd=4, events=ALL}], 1, 0) = 1 ([{fd=4, revents=POLLOUT}])`,
	},
	{
		id: "LX-4.5/poll-both-shut-one-way", cite: "Linux net/unix/af_unix.c unix_poll, unix_dgram_poll", types: anyType, only: "linux",
		says: "when each end shuts its sending side a connection hangs up; datagram sockets stay writable",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, SHUT_WR) = 0
			shutdown(4, SHUT_WR) = 0
			stream seqpacket: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT|POLLHUP|POLLRDHUP}])
			dgram: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])`,
	},
	{
		id: "DG-04 LX-4.5/poll-closed", cite: "POSIX poll(); Linux net/unix/af_unix.c unix_poll, unix_dgram_poll", types: anyType,
		says: "the other end's close is a hang-up of a connection; a datagram socket shows nothing of it",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			close(4) = 0
			linux stream seqpacket: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT|POLLHUP|POLLRDHUP}])
			posix stream seqpacket: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])
			dgram: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])`,
	},
	{
		id: "LX-4.5/closed-with-unread-data", cite: "Linux net/unix/af_unix.c unix_poll", types: anyType, only: "linux",
		says: "a pending reset adds POLLERR, which need not be asked for",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			close(4) = 0
			stream seqpacket: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT|POLLERR|POLLHUP|POLLRDHUP}])
			stream seqpacket: poll([{fd=3, events=0}], 1, 0) = 1 ([{fd=3, revents=POLLERR|POLLHUP}])
			dgram: poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])`,
	},
	{
		id: "LX-4.5/full-and-shut", cite: "Linux net/unix/af_unix.c unix_poll", types: anyType, only: "linux",
		says: "POLLOUT tells of the buffer alone: a full end whose peer has shut receiving shows nothing, though a send would fail",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			2 * write(3, "x"..., 1000) = 1000
			shutdown(4, SHUT_RD) = 0
			poll([{fd=3, events=ALL}], 1, 0) = 0 (Timeout)
			stream seqpacket: sendto(3, "x"..., 1000, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			dgram: sendto(3, "x"..., 1000, 0, NULL, 0) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.4/a-quarter-is-the-mark", cite: "Linux net/unix/af_unix.c unix_writable", types: anyType, only: "linux",
		says: "an end is writable while four times its charge is below SO_SNDBUF, long before EAGAIN",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			2 * write(3, "x", 1) = 1
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [3072], 4) = 0
			poll([{fd=3, events=POLLOUT}], 1, 0) = 0 (Timeout)
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [3073], 4) = 0
			poll([{fd=3, events=POLLOUT}], 1, 0) = 0 (Timeout)
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [3074], 4) = 0
			poll([{fd=3, events=POLLOUT}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [3072], 4) = 0
			6 * write(3, "x", 1) = 1
			write(3, "x", 1) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.4/room-is-writable", cite: "POSIX poll()", types: anyType, only: "posix",
		says: "on the POSIX machine an end is writable while there is room",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [4], 4) = 0
			sendto(3, "abc", 3, MSG_EOR, NULL, 0) = 3
			poll([{fd=3, events=POLLOUT}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])
			sendto(3, "d", 1, MSG_EOR, NULL, 0) = 1
			poll([{fd=3, events=POLLOUT}], 1, 0) = 0 (Timeout)
			read(4, "abc", 3) = 3
			poll([{fd=3, events=POLLOUT}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])`,
	},
	{
		id: "LX-4.5/an-empty-message-is-readable", cite: "Linux net/unix/af_unix.c unix_dgram_poll", types: messages,
		says: "an empty message makes an end readable, unlike an empty stream send",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "", 0, MSG_EOR, NULL, 0) = 0
			poll([{fd=4, events=POLLIN}], 1, 0) = 1 ([{fd=4, revents=POLLIN}])
			recvfrom(4, "", 10, MSG_DONTWAIT, NULL, NULL) = 0
			poll([{fd=4, events=POLLIN}], 1, 0) = 0 (Timeout)`,
	},
	{
		id: "LX-4.5/the-low-water-mark-is-not-looked-at", cite: "Linux net/unix/af_unix.c unix_poll", types: stream, only: "linux",
		says: "poll reports a byte as readable whatever SO_RCVLOWAT says",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_RCVLOWAT, [100], 4) = 0
			write(3, "a", 1) = 1
			poll([{fd=4, events=POLLIN}], 1, 0) = 1 ([{fd=4, revents=POLLIN}])`,
	},
	{
		id: "LX-poll/entries", cite: "POSIX poll()", types: stream,
		says: "a negative descriptor is left out, a closed one is POLLNVAL, and each of two entries for one descriptor is answered",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			poll([{fd=-1, events=POLLIN}, {fd=9, events=0}, {fd=3, events=POLLOUT}, {fd=3, events=POLLIN|POLLOUT}], 4, -1) = 3 ([{fd=9, revents=POLLNVAL}, {fd=3, revents=POLLOUT}, {fd=3, revents=POLLOUT}])
			poll([{fd=-5, events=POLLIN}], 1, 0) = 0 (Timeout)
			poll(NULL, 0, 0) = 0 (Timeout)`,
	},
	{
		id: "LX-poll/too-many-entries", cite: "POSIX poll(); Linux fs/select.c do_sys_poll", types: stream,
		says: "more entries than the limit of open files are EINVAL",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=2, rlim_max=4096}, NULL) = 0
			poll([{fd=3, events=POLLOUT}, {fd=-1, events=0}], 2, 0) = 1 ([{fd=3, revents=POLLOUT}])
			poll([{fd=3, events=POLLOUT}, {fd=-1, events=0}, {fd=-1, events=0}], 3, 0) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-poll/waits-for-readable", cite: "POSIX poll()", types: anyType,
		says: "poll waits until an entry is ready",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 poll([{fd=4, events=POLLIN}], 1, -1 <unfinished ...>
			100 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			101 <... poll resumed>) = 1 ([{fd=4, revents=POLLIN}])
			101 read(4, "a", 10) = 1`,
	},
	{
		id: "LX-poll/waits-for-writable", cite: "POSIX poll(); Linux net/unix/af_unix.c unix_write_space", types: anyType,
		says: "poll waits until a full end is writable again",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = 1000
			101 poll([{fd=3, events=POLLOUT}], 1, -1 <unfinished ...>
			2 * 100 read(4, "x"..., 1000) = 1000
			101 <... poll resumed>) = 1 ([{fd=3, revents=POLLOUT}])`,
	},
	{
		id: "LX-poll/close-wakes-poll", cite: "POSIX poll()", types: connected,
		says: "the other end's close wakes a poll that asks for nothing",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 poll([{fd=3, events=0}], 1, -1 <unfinished ...>
			100 close(4) = 0
			101 <... poll resumed>) = 1 ([{fd=3, revents=POLLHUP}])`,
	},
	{
		id: "LX-poll/time-outs", cite: "POSIX poll(), ppoll()", types: anyType,
		says: "poll and ppoll return 0 when their time is over",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			poll([{fd=4, events=POLLIN}], 1, 20) = 0 (Timeout)
			ppoll([{fd=4, events=POLLIN}], 1, {tv_sec=0, tv_nsec=20000000}, NULL, 8) = 0 (Timeout)
			ppoll([{fd=4, events=POLLIN}], 1, {tv_sec=-1, tv_nsec=0}, NULL, 8) = -1 EINVAL (Invalid argument)
			ppoll([{fd=4, events=POLLOUT}], 1, NULL, NULL, 8) = 1 ([{fd=4, revents=POLLOUT}])`,
	},
	{
		id: "LX-poll/mask", cite: "POSIX ppoll()", types: stream,
		says: "a signal that ppoll's mask lets in ends it with EINTR, even with a time-out of 0; without the mask it stays pending",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + handler + `, NULL, 8) = 0
			100 rt_sigprocmask(SIG_BLOCK, [USR1], NULL, 8) = 0
			100 kill(100, SIGUSR1) = 0
			100 ppoll([{fd=4, events=POLLIN}], 1, {tv_sec=0, tv_nsec=0}, NULL, 8) = 0 (Timeout)
			100 ppoll([{fd=3, events=POLLOUT}], 1, {tv_sec=0, tv_nsec=0}, [], 8) = 1 ([{fd=3, revents=POLLOUT}])
			100 ppoll([{fd=4, events=POLLIN}], 1, {tv_sec=0, tv_nsec=0}, [], 8) = ? ERESTARTNOHAND (To be restarted if no handler)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=100, si_uid=0} ---
			100 rt_sigreturn({mask=[USR1]}) = -1 EINTR (Interrupted system call)`,
	},
}
