package sockpair_test

// Chapter 22: signals that tell of readiness, SIGIO and SIGURG. Where none must
// come the owner waits in another receive, which would be interrupted.
var asyncLaws = []law{
	{
		id: "LX-sigio/owner", cite: "fcntl(2) F_SETOWN, F_SETSIG; Linux fs/fcntl.c f_setown, do_fcntl", types: anyType, only: "linux",
		says: "a description's owner is a process or, below 0, a group; it must be there, and its signal one of 1 to 64, or 0",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 fcntl(3, F_GETOWN) = 0
			100 fcntl(3, F_SETOWN, 100) = 0
			100 fcntl(3, F_GETOWN) = 100
			100 fcntl(4, F_GETOWN) = 0
			100 fcntl(3, F_SETOWN, 999999999) = -1 ESRCH (No such process)
			100 ioctl(3, FIOGETOWN, [100]) = 0
			100 fcntl(3, F_SETOWN, 0) = 0
			100 fcntl(3, F_GETOWN) = 0
			100 fcntl(3, F_GETSIG) = 0
			100 fcntl(3, F_SETSIG, SIGUSR1) = 0
			100 fcntl(3, F_GETSIG) = 10
			100 fcntl(3, F_SETSIG, 65) = -1 EINVAL (Invalid argument)
			100 fcntl(3, F_SETSIG, -1) = -1 EINVAL (Invalid argument)
			100 fcntl(3, F_GETSIG) = 10`,
	},
	{
		id: "LX-sigio/each-arrival", cite: "Linux net/core/sock.c sock_def_readable: sk_wake_async", types: anyType, only: "linux",
		says: "with O_ASYNC the owner gets SIGIO at each arrival, and none without it",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			100 rt_sigaction(SIGIO, ` + handler + `, NULL, 8) = 0
			100 fcntl(4, F_SETOWN, 100) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 read(6,  <unfinished ...>
			101 write(3, "a", 1) = 1
			101 write(5, "x", 1) = 1
			100 <... read resumed>"x", 1) = 1
			100 fcntl(4, F_SETFL, O_RDWR|O_ASYNC) = 0
			100 read(6,  <unfinished ...>
			101 write(3, "b", 1) = 1
			100 <... read resumed>0x7ffe, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			100 --- SIGIO {si_signo=SIGIO, si_code=SI_KERNEL} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			101 write(3, "c", 1) = 1
			100 --- SIGIO {si_signo=SIGIO, si_code=SI_KERNEL} ---`,
	},
	{
		id: "LX-sigio/a-connection-or-an-error", cite: "Linux net/core/sock.c sock_def_readable, sock_def_error_report: sk_wake_async", types: anyType, only: "linux",
		says: "a connection raises SIGIO on its listener, and the loss of what a datagram socket has sent raises it there",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 rt_sigaction(SIGIO, ` + handler + `, NULL, 8) = 0
			stream seqpacket: 100 socket(AF_UNIX, TYPE, 0) = 5
			stream seqpacket: 100 bind(5, to(s)) = 0
			stream seqpacket: 100 listen(5, 5) = 0
			stream seqpacket: 100 socket(AF_UNIX, TYPE, 0) = 6
			dgram: 100 socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			dgram: 100 write(5, "lost", 4) = 4
			100 fcntl(5, F_SETOWN, 100) = 0
			100 fcntl(5, F_SETFL, O_RDWR|O_ASYNC) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 read(4,  <unfinished ...>
			stream seqpacket: 101 connect(6, to(s)) = 0
			dgram: 101 connect(6, {sa_family=AF_UNSPEC}, 2) = 0
			100 <... read resumed>0x7ffe, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			100 --- SIGIO {si_signo=SIGIO, si_code=SI_KERNEL} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)`,
	},
	{
		id: "LX-sigio/the-end-of-a-connection", cite: "Linux net/core/sock.c sock_def_wakeup, net/unix/af_unix.c unix_shutdown, unix_release_sock: sk_wake_async", types: anyType, only: "linux",
		says: "the peer's shutdown and close raise SIGIO on a connection; of datagram sockets they raise none",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			100 rt_sigaction(SIGIO, ` + handler + `, NULL, 8) = 0
			100 fcntl(4, F_SETOWN, 100) = 0
			100 fcntl(4, F_SETFL, O_RDWR|O_ASYNC) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 close(3) = 0
			100 read(6,  <unfinished ...>
			101 shutdown(3, SHUT_WR) = 0
			stream seqpacket: 100 <... read resumed>0x7ffe, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			stream seqpacket: 100 --- SIGIO {si_signo=SIGIO, si_code=SI_KERNEL} ---
			stream seqpacket: 100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			stream seqpacket: 100 read(6,  <unfinished ...>
			101 close(3) = 0
			stream seqpacket: 100 <... read resumed>0x7ffe, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			stream seqpacket: 100 --- SIGIO {si_signo=SIGIO, si_code=SI_KERNEL} ---
			stream seqpacket: 100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			dgram: 101 write(5, "x", 1) = 1
			dgram: 100 <... read resumed>"x", 1) = 1`,
	},
	{
		id: "LX-sigio/a-read-is-none", cite: "Linux net/unix/af_unix.c unix_write_space: SOCK_WAKE_SPACE", types: anyType, only: "linux",
		says: "that the peer reads a message raises no SIGIO where the sender has not found its buffer full",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			100 rt_sigaction(SIGIO, ` + handler + `, NULL, 8) = 0
			100 fcntl(3, F_SETOWN, 100) = 0
			100 fcntl(3, F_SETFL, O_RDWR|O_ASYNC) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 write(3, "a", 1) = 1
			100 read(6,  <unfinished ...>
			101 read(4, "a", 1) = 1
			101 write(5, "x", 1) = 1
			100 <... read resumed>"x", 1) = 1`,
	},
	{
		id: "LX-sigio/another-signal", cite: "fcntl(2) F_SETSIG; Linux fs/fcntl.c send_sigio_to_task", types: anyType, only: "linux",
		says: "F_SETSIG names the signal that comes in SIGIO's place; FIOASYNC is O_ASYNC",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + handler + `, NULL, 8) = 0
			100 fcntl(4, F_SETOWN, 100) = 0
			100 fcntl(4, F_SETSIG, SIGUSR1) = 0
			100 ioctl(4, FIOASYNC, [1]) = 0
			100 write(3, "a", 1) = 1
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=POLL_IN, si_band=65} ---
			100 ioctl(4, FIOASYNC, [0]) = 0
			100 rt_sigaction(SIGUSR1, ` + byDefault + `, NULL, 8) = 0
			100 write(3, "b", 1) = 1`,
	},
	{
		id: "LX-4.12/sigurg", cite: "Linux net/unix/af_unix.c queue_oob: sk_send_sigurg", types: stream, only: "linux",
		says: "an out-of-band byte raises SIGURG for the owner of the end it comes to, O_ASYNC or not; an ordinary byte raises none",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			100 rt_sigaction(SIGURG, ` + handler + `, NULL, 8) = 0
			100 fcntl(4, F_SETOWN, 100) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 read(6,  <unfinished ...>
			101 write(3, "a", 1) = 1
			101 sendto(3, "b", 1, MSG_OOB, NULL, 0) = 1
			100 <... read resumed>0x7ffe, 1) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
			100 --- SIGURG {si_signo=SIGURG, si_code=SI_KERNEL} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)`,
	},
}
