package sockpair_test

// Chapter 12: time-outs and signals.
var timeLaws = []law{
	{
		id: "LX-4.13/receive-time-out", cite: "POSIX SO_RCVTIMEO", types: anyType,
		says: "SO_RCVTIMEO ends a waiting receive with EAGAIN",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, ` + ms20 + `, 16) = 0
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			read(4, "a", 10) = 1`,
	},
	{
		id: "LX-4.13/send-time-out", cite: "POSIX SO_SNDTIMEO", types: anyType,
		says: "SO_SNDTIMEO ends a waiting send with EAGAIN",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDTIMEO_OLD, ` + ms20 + `, 16) = 0
			2 * sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = 1000
			sendto(3, "x"..., 1000, MSG_EOR, NULL, 0) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.13/time-out-with-a-part", cite: "POSIX send(), recv()", types: stream,
		says: "when the time is over a stream call returns what it has moved",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDTIMEO_OLD, ` + ms20 + `, 16) = 0
			linux: write(3, "x"..., 9000) = 4480
			posix: write(3, "x"..., 9000) = 2000
			setsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, ` + ms20 + `, 16) = 0
			linux: recvfrom(4, "x"..., 9000, MSG_WAITALL, NULL, NULL) = 4480
			posix: recvfrom(4, "x"..., 9000, MSG_WAITALL, NULL, NULL) = 2000`,
	},
	{
		id: "LX-4.13/interrupted", cite: "POSIX recv(), sigaction()", types: anyType,
		says: "a handled signal ends a waiting receive with EINTR after its handler has run",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + handler + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 recvfrom(4,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			101 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			100 <... recvfrom resumed>0x7ffe, 10, 0, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			100 recvfrom(4, "a", 10, MSG_DONTWAIT, NULL, NULL) = 1`,
	},
	{
		id: "LX-4.13/restarted", cite: "POSIX sigaction() SA_RESTART", types: anyType,
		says: "with SA_RESTART the receive goes on after the handler",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 recvfrom(4,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			101 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			100 <... recvfrom resumed>"a", 10, 0, NULL, NULL) = 1
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---`,
	},
	{
		id: "LX-4.13/no-restart-with-a-time-out", cite: "Linux net/core/sock.c sock_intr_errno", types: anyType,
		says: "a call with SO_RCVTIMEO set is EINTR also with SA_RESTART",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, ` + s20 + `, 16) = 0
			100 rt_sigaction(SIGUSR1, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 recvfrom(4,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			101 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			100 <... recvfrom resumed>0x7ffe, 10, 0, NULL, NULL) = -1 EINTR (Interrupted system call)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 read(4, "a", 10) = 1`,
	},
	{
		id: "LX-4.3/interrupted-with-a-part", cite: "POSIX send(); Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream,
		says: "a stream send that a signal interrupts returns what it has moved, with SA_RESTART too",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			100 rt_sigaction(SIGUSR1, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 write(3, "x"..., 9000 <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			linux: 100 <... write resumed>) = 4480
			posix: 100 <... write resumed>) = 2000
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---`,
	},
	{
		id: "LX-4.8/interrupted-waitall", cite: "POSIX recv()", types: stream,
		says: "a receive with MSG_WAITALL that a signal interrupts returns the bytes it has, with SA_RESTART too",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 write(3, "abc", 3) = 3
			100 recvfrom(4,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			100 <... recvfrom resumed>"abc", 10, MSG_WAITALL, NULL, NULL) = 3
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---`,
	},
	{
		id: "LX-4.13/ignored-signals-wake-nothing", cite: "POSIX kill(), Signal Concepts", types: anyType,
		says: "a signal that is ignored, by choice or by default, does not disturb a waiting call",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + ignore + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 read(4,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			101 kill(100, SIGWINCH) = 0
			101 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			100 <... read resumed>"a", 10) = 1`,
	},
	{
		id: "LX-4.13/poll-never-restarts", cite: "POSIX poll(); Linux fs/select.c", types: anyType,
		says: "poll is EINTR after a handled signal, with SA_RESTART too",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 poll([{fd=4, events=POLLIN}], 1, -1 <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			101 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			100 <... poll resumed>) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			100 poll([{fd=4, events=POLLIN}], 1, 0) = 1 ([{fd=4, revents=POLLIN}])`,
	},
	{
		id: "LX-4.13/a-deadly-signal-ends-a-waiting-process", cite: "POSIX kill(), Signal Concepts", types: anyType,
		says: "a process that waits in a receive is ended by a signal it does not handle",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 read(4,  <unfinished ...>
			100 kill(101, SIGTERM) = 0
			101 <... read resumed>0x7ffe, 10) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			101 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=100, si_uid=0} ---
			100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], 0, NULL) = 101
			101 +++ killed by SIGTERM +++`,
	},
	{
		id: "LX-4.11/time-outs-are-rounded-up", cite: "Linux net/core/sock.c sock_set_timeout", types: stream, only: "linux",
		says: "a time-out is counted in ticks of 4 ms, rounded up",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 16) = 0
			getsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\0\0\0\0\0\0\0\0\240\17\0\0\0\0\0\0", [16]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDTIMEO_OLD, "\0\0\0\0\0\0\0\0\241\17\0\0\0\0\0\0", 16) = 0
			getsockopt(3, SOL_SOCKET, SO_SNDTIMEO_OLD, "\0\0\0\0\0\0\0\0@\37\0\0\0\0\0\0", [16]) = 0
			getsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", [16]) = 0`,
	},
	{
		id: "LX-4.11/time-outs-out-of-range", cite: "POSIX setsockopt() EDOM; Linux net/core/sock.c sock_set_timeout", types: stream,
		says: "microseconds outside 0 to 999999 are EDOM and a short struct is EINVAL",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\0\0\0\0\0\0\0\0@B\17\0\0\0\0\0", 16) = -1 EDOM (Numerical argument out of domain)
			setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\1\0\0\0\0\0\0\0\377\377\377\377\377\377\377\377", 16) = -1 EDOM (Numerical argument out of domain)
			setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\1\0\0\0\0\0\0\0", 8) = -1 EINVAL (Invalid argument)
			getsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", [16]) = 0`,
	},
	{
		id: "LX-4.11/a-negative-time-out-does-not-wait", cite: "Linux net/core/sock.c sock_set_timeout", types: anyType, only: "linux",
		says: "a negative number of seconds is stored as a time that is over at once, and reads back 0",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, "\377\377\377\377\377\377\377\377\0\0\0\0\0\0\0\0", 16) = 0
			getsockopt(4, SOL_SOCKET, SO_RCVTIMEO_OLD, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", [16]) = 0
			read(4, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
}
