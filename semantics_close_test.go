package sockpair_test

// Chapter 9: shutdown, close, and what the other end learns [ST-04, ST-06].
var closeLaws = []law{
	{
		id: "ST-04/what-was-sent-then-end-of-file", cite: "POSIX close(), read(); glibc manual, Socket Pairs", types: connected,
		says: "after the other end's close a reader gets what was queued, then end of file, again and again",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(4, "last", 4, MSG_EOR, NULL, 0) = 4
			close(4) = 0
			read(3, "last", 10) = 4
			read(3, "", 10) = 0
			recvfrom(3, "", 10, MSG_DONTWAIT, NULL, NULL) = 0
			recvmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_PEEK) = 0`,
	},
	{
		id: "ST-04/half-close", cite: "POSIX shutdown()", types: connected,
		says: "SHUT_WR gives the other end end of file after what was sent; the other direction goes on",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "question", 8, MSG_EOR, NULL, 0) = 8
			shutdown(3, SHUT_WR) = 0
			read(4, "question", 10) = 8
			read(4, "", 10) = 0
			sendto(4, "answer", 6, MSG_EOR, NULL, 0) = 6
			read(3, "answer", 10) = 6`,
	},
	{
		id: "ST-04/shut-receiving", cite: "POSIX shutdown()", types: connected,
		says: "after SHUT_RD what is queued is still read, then end of file, and the other end cannot send",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			shutdown(4, SHUT_RD) = 0
			sendto(3, "b", 1, MSG_EOR|MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			read(4, "a", 10) = 1
			recvfrom(4, "", 10, MSG_DONTWAIT, NULL, NULL) = 0
			sendto(4, "c", 1, MSG_EOR, NULL, 0) = 1
			read(3, "c", 10) = 1`,
	},
	{
		id: "ST-04/shut-both", cite: "POSIX shutdown()", types: connected,
		says: "SHUT_RDWR ends both directions at both ends",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, SHUT_RDWR) = 0
			sendto(3, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			sendto(4, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			read(3, "", 10) = 0
			read(4, "", 10) = 0
			close(3) = 0
			close(4) = 0`,
	},
	{
		id: "LX-4.6/both-halves-shut-are-both", cite: "Linux net/unix/af_unix.c unix_shutdown", types: connected,
		says: "SHUT_RD and SHUT_WR add up, also when each end does one, and repeating them is no error",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, SHUT_WR) = 0
			shutdown(3, SHUT_WR) = 0
			shutdown(4, SHUT_WR) = 0
			read(3, "", 10) = 0
			read(4, "", 10) = 0
			shutdown(3, SHUT_RD) = 0
			poll([{fd=3, events=0}], 1, 0) = 1 ([{fd=3, revents=POLLHUP}])`,
	},
	{
		id: "LX-4.6/shutdown-of-what", cite: "POSIX shutdown()", types: anyType,
		says: "another number than the three is EINVAL, also after everything is shut or the other end closed",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			shutdown(3, 0x3 /* SHUT_??? */) = -1 EINVAL (Invalid argument)
			shutdown(3, 0xffffffff /* SHUT_??? */) = -1 EINVAL (Invalid argument)
			close(4) = 0
			shutdown(3, SHUT_RDWR) = 0
			shutdown(3, SHUT_RDWR) = 0
			shutdown(3, 0x3 /* SHUT_??? */) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "ST-06/a-broken-stream-ends-the-writer", cite: "POSIX send(), SIGPIPE", types: stream,
		says: "a write to a closed stream ends a process that does not deal with SIGPIPE",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 close(4) = 0
			100 rt_sigaction(SIGPIPE, ` + byDefault + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			101 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGPIPE}], 0, NULL) = 101
			101 +++ killed by SIGPIPE +++`,
	},
	{
		id: "ST-06/nosignal", cite: "POSIX send() MSG_NOSIGNAL", types: stream,
		says: "with MSG_NOSIGNAL a send to a closed stream is EPIPE and nothing more",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			close(4) = 0
			rt_sigaction(SIGPIPE, ` + byDefault + `, NULL, 8) = 0
			sendto(3, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_NOSIGNAL) = -1 EPIPE (Broken pipe)
			read(3, "", 1) = 0`,
	},
	{
		id: "ST-06/ignored", cite: "POSIX send(), SIGPIPE", types: stream,
		says: "with SIGPIPE ignored a write to a closed stream is EPIPE and nothing more",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			close(4) = 0
			rt_sigaction(SIGPIPE, ` + ignore + `, NULL, 8) = 0
			write(3, "a", 1) = -1 EPIPE (Broken pipe)
			writev(3, [{iov_base="a", iov_len=1}], 1) = -1 EPIPE (Broken pipe)
			read(3, "", 1) = 0`,
	},
	{
		id: "ST-06/handled", cite: "POSIX send(), sigaction()", types: stream,
		says: "a handler runs before the write returns EPIPE, once for each write",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 close(4) = 0
			100 rt_sigaction(SIGPIPE, ` + handler + `, NULL, 8) = 0
			100 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			100 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=100, si_uid=0} ---
			100 sendto(3, "a", 1, 0, NULL, 0) = -1 EPIPE (Broken pipe)
			100 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=100, si_uid=0} ---
			100 sendto(3, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			100 read(3, "", 1) = 0`,
	},
	{
		id: "ST-06/blocked", cite: "POSIX send(), sigprocmask()", types: stream,
		says: "a blocked SIGPIPE stays pending behind EPIPE and ends the process when it is let in",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 close(4) = 0
			100 rt_sigaction(SIGPIPE, ` + byDefault + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 rt_sigprocmask(SIG_BLOCK, [PIPE], NULL, 8) = 0
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			101 read(3, "", 1) = 0
			101 rt_sigprocmask(SIG_UNBLOCK, [PIPE], NULL, 8) = 0
			101 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGPIPE}], 0, NULL) = 101
			101 +++ killed by SIGPIPE +++`,
	},
	{
		id: "ST-06/own-shutdown", cite: "POSIX send(); Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream,
		says: "after the own SHUT_WR Linux raises SIGPIPE too; POSIX only where the connection is gone",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 rt_sigaction(SIGPIPE, ` + byDefault + `, NULL, 8) = 0
			100 shutdown(3, SHUT_WR) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			linux: 101 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=101, si_uid=0} ---
			linux: 100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGPIPE}], 0, NULL) = 101
			linux: 101 +++ killed by SIGPIPE +++
			posix: 101 fcntl(3, F_GETFD) = 0`,
	},
	{
		id: "ST-06/records", cite: "POSIX send(); Linux net/unix/af_unix.c unix_dgram_sendmsg", types: seqpacket,
		says: "on a SOCK_SEQPACKET whose connection is gone POSIX raises SIGPIPE as on a stream, Linux never",
		steps: `
			100 socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			100 rt_sigaction(SIGPIPE, ` + byDefault + `, NULL, 8) = 0
			100 close(4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 sendto(3, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			linux: 101 fcntl(3, F_GETFD) = 0
			posix: 101 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=101, si_uid=0} ---
			posix: 100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGPIPE}], 0, NULL) = 101
			posix: 101 +++ killed by SIGPIPE +++`,
	},
	{
		id: "ST-06/a-receive-raises-nothing", cite: "POSIX recv(); Linux net/unix/af_unix.c", types: connected,
		says: "receives on a broken connection raise no signal: end of file is their only answer",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			rt_sigaction(SIGPIPE, ` + byDefault + `, NULL, 8) = 0
			close(4) = 0
			read(3, "", 1) = 0
			recvfrom(3, "", 1, MSG_PEEK, NULL, NULL) = 0
			shutdown(3, SHUT_RDWR) = 0
			read(3, "", 1) = 0`,
	},
	{
		id: "ST-06/datagrams", cite: "POSIX send()", types: dgram,
		says: "a datagram socket never raises SIGPIPE",
		steps: `
			socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0
			rt_sigaction(SIGPIPE, ` + byDefault + `, NULL, 8) = 0
			shutdown(3, SHUT_WR) = 0
			write(3, "a", 1) = -1 EPIPE (Broken pipe)
			shutdown(4, SHUT_RDWR) = 0
			write(4, "a", 1) = -1 EPIPE (Broken pipe)
			close(3) = 0
			write(4, "a", 1) = -1 EPIPE (Broken pipe)
			read(4, "", 1) = 0`,
	},
}
