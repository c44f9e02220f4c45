package sockpair_test

// Chapter 29: connect and accept that wait, and what wakes them.

// fullBacklog is the steps of process 100 that make 3 listen at s, fill its
// backlog from 4 and 5 and leave 6 alone.
const fullBacklog = `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			linux: 100 listen(3, 1) = 0
			posix: 100 listen(3, 2) = 0
			100 socket(AF_UNIX, TYPE, 0) = 4
			100 connect(4, to(s)) = 0
			100 socket(AF_UNIX, TYPE, 0) = 5
			100 connect(5, to(s)) = 0
			100 socket(AF_UNIX, TYPE, 0) = 6`

var acceptLaws = []law{
	{
		id: "NM-05 LX-connect/a-client-waits", cite: "POSIX connect(); Linux net/unix/af_unix.c unix_wait_for_peer", types: connected,
		says: "a blocking connect to a full backlog waits until another is accepted",
		steps: fullBacklog + `
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 connect(6, to(s) <unfinished ...>
			100 getpeername(6, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			100 accept(3, from()) = 7
			101 <... connect resumed>) = 0
			100 getpeername(6, from(s)) = 0`,
	},
	{
		id: "NM-03 LX-connect/a-longer-backlog-wakes", cite: "Linux net/unix/af_unix.c unix_listen", types: connected,
		says: "a connect that waits goes on when listen makes the backlog longer",
		steps: fullBacklog + `
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 connect(6, to(s) <unfinished ...>
			100 listen(3, 3) = 0
			101 <... connect resumed>) = 0`,
	},
	{
		id: "NM-05 LX-connect/the-listener-ends", cite: "Linux net/unix/af_unix.c unix_release_sock", types: connected,
		says: "a connect that waits is ECONNREFUSED when the listener is closed; the connections that nobody has accepted are reset",
		steps: fullBacklog + `
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 connect(6, to(s) <unfinished ...>
			100 close(3) = 0
			101 <... connect resumed>) = -1 ECONNREFUSED (Connection refused)
			100 read(4, 0x7ffe, 10) = -1 ECONNRESET (Connection reset by peer)
			100 read(4, "", 10) = 0`,
	},
	{
		id: "NM-05 LX-connect/connect-out-of-time", cite: "Linux net/unix/af_unix.c unix_stream_connect; POSIX connect() [ETIMEDOUT]", types: connected,
		says: "SO_SNDTIMEO ends a connect that waits: EAGAIN, on POSIX ETIMEDOUT",
		steps: fullBacklog + `
			100 setsockopt(6, SOL_SOCKET, SO_SNDTIMEO_OLD, ` + ms20 + `, 16) = 0
			linux: 100 connect(6, to(s)) = -1 EAGAIN (Resource temporarily unavailable)
			posix: 100 connect(6, to(s)) = -1 ETIMEDOUT (Connection timed out)
			100 accept(3, from()) = 7
			100 connect(6, to(s)) = 0`,
	},
	{
		id: "NM-05 LX-connect/an-interrupted-connect", cite: "POSIX connect() [EINTR] (there the connection is made later: open); Linux net/unix/af_unix.c: sock_intr_errno", types: connected,
		says: "a handler ends a connect that waits: EINTR, and nothing is connected",
		steps: fullBacklog + `
			100 rt_sigaction(SIGUSR1, ` + handler + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 connect(6, to(s) <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			100 <... connect resumed>) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			101 accept(3, from()) = 7
			100 getpeername(6, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)
			100 connect(6, to(s)) = 0`,
	},
	{
		id: "NM-04 LX-accept/a-server-waits", cite: "POSIX accept(); Linux net/core/datagram.c skb_recv_datagram", types: connected,
		says: "accept waits for a connection, and its descriptor is reserved meanwhile",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 1) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 accept(3,  <unfinished ...>
			100 socket(AF_UNIX, TYPE, 0) = 5
			100 connect(5, to(s)) = 0
			101 <... accept resumed>from()) = 4
			101 sendto(4, "a", 1, MSG_EOR, NULL, 0) = 1
			100 read(5, "a", 10) = 1`,
	},
	{
		id: "LX-accept/close-wakes-no-server", cite: "Linux net/socket.c __sys_accept4: the file is held", types: connected,
		says: "the close of its descriptor does not wake an accept: the socket listens on, and a client that comes is accepted",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 1) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 accept(3,  <unfinished ...>
			100 close(3) = 0
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 connect(3, to(s)) = 0
			101 <... accept resumed>from()) = 4
			100 socket(AF_UNIX, TYPE, 0) = 5
			100 connect(5, to(s)) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-accept/shutdown-wakes-a-server", cite: "Linux net/unix/af_unix.c unix_shutdown, unix_accept", types: connected, only: "linux",
		says: "SHUT_RD of a socket that listens refuses clients and ends an accept that waits, EINVAL",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 5) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 accept(3,  <unfinished ...>
			100 shutdown(3, SHUT_RD) = 0
			101 <... accept resumed>0x7ffe, [110]) = -1 EINVAL (Invalid argument)
			100 socket(AF_UNIX, TYPE, 0) = 4
			100 connect(4, to(s)) = -1 ECONNREFUSED (Connection refused)
			100 poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLRDHUP}])
			100 accept(3, 0x7ffe, [110]) = -1 EINVAL (Invalid argument)
			100 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
			100 accept(3, 0x7ffe, [110]) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-accept/shut-with-a-client", cite: "Linux net/core/datagram.c: the queue is looked at first", types: connected, only: "linux",
		says: "after SHUT_RDWR of the listener the connections that wait are accepted still, and move data",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			shutdown(3, SHUT_RDWR) = 0
			poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLHUP|POLLRDHUP}])
			accept(3, from()) = 5
			accept(3, 0x7ffe, [110]) = -1 EINVAL (Invalid argument)
			write(4, "a", 1) = 1
			read(5, "a", 10) = 1`,
	},
	{
		id: "NM-04 LX-accept/accept-out-of-time", cite: "POSIX accept(), SO_RCVTIMEO; Linux net/unix/af_unix.c unix_accept", types: connected,
		says: "SO_RCVTIMEO ends an accept that waits: EAGAIN",
		steps: listener + `
			setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, ` + ms20 + `, 16) = 0
			accept(3, 0x7ffe, [110]) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "NM-04 LX-accept/an-interrupted-accept", cite: "POSIX accept() [EINTR]; Linux net/core/datagram.c: sock_intr_errno", types: connected,
		says: "a handler ends an accept that waits, EINTR; with SA_RESTART it waits on",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 1) = 0
			100 rt_sigaction(SIGUSR1, ` + handler + `, NULL, 8) = 0
			100 rt_sigaction(SIGUSR2, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 accept(3,  <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			100 <... accept resumed>0x7ffe, [110]) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			100 accept(3,  <unfinished ...>
			101 kill(100, SIGUSR2) = 0
			101 socket(AF_UNIX, TYPE, 0) = 4
			101 connect(4, to(s)) = 0
			100 <... accept resumed>from()) = 4
			100 --- SIGUSR2 {si_signo=SIGUSR2, si_code=SI_USER, si_pid=101, si_uid=0} ---`,
	},
	{
		id: "NM-04 LX-accept/the-client-is-gone", cite: "Linux net/unix/af_unix.c unix_accept; POSIX accept() [ECONNABORTED] (open)", types: connected,
		says: "a client that closes before it is accepted is accepted all the same: what it sent is there, then end of file",
		steps: listener + `
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = 0
			sendto(4, "last", 4, MSG_EOR, NULL, 0) = 4
			close(4) = 0
			accept(3, from()) = 4
			read(4, "last", 10) = 4
			read(4, "", 10) = 0
			sendto(4, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "LX-accept/readiness-of-a-listener", cite: "POSIX poll(); Linux net/unix/af_unix.c unix_poll", types: connected,
		says: "a listener is readable while a connection waits, and never writable",
		steps: `
			100 socket(AF_UNIX, TYPE, 0) = 3
			100 bind(3, to(s)) = 0
			100 listen(3, 5) = 0
			100 poll([{fd=3, events=ALL}], 1, 0) = 0 (Timeout)
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 poll([{fd=3, events=POLLIN|POLLOUT}], 1, -1 <unfinished ...>
			100 socket(AF_UNIX, TYPE, 0) = 4
			100 connect(4, to(s)) = 0
			101 <... poll resumed>) = 1 ([{fd=3, revents=POLLIN}])
			100 accept(3, from()) = 5
			100 poll([{fd=3, events=ALL}], 1, 0) = 0 (Timeout)`,
	},
	{
		id: "LX-epoll/edges-of-a-listener", cite: "Linux net/unix/af_unix.c unix_stream_connect: sk_data_ready", types: connected, only: "linux",
		says: "an edge-triggered registration of a listener is told at each connection that comes",
		steps: listener + `
			epoll_create1(0) = 4
			epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLET, data=0x7}) = 0
			socket(AF_UNIX, TYPE, 0) = 5
			connect(5, to(s)) = 0
			epoll_wait(4, [{events=EPOLLIN, data=0x7}], 5, 0) = 1
			epoll_wait(4, [], 5, 0) = 0
			socket(AF_UNIX, TYPE, 0) = 6
			connect(6, to(s)) = 0
			epoll_wait(4, [{events=EPOLLIN, data=0x7}], 5, 0) = 1
			accept(3, from()) = 7
			epoll_wait(4, [], 5, 0) = 0`,
	},
}
