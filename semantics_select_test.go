package sockpair_test

// Chapter 21: select.
var selectLaws = []law{
	{
		id: "LX-select/three-sets", cite: "POSIX select(); Linux fs/select.c POLLIN_SET, POLLOUT_SET, POLLEX_SET", types: anyType,
		says: "select tells of each set what is ready, and counts one descriptor once for each set",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			select(5, [3 4], [3 4], [3 4], {tv_sec=0, tv_usec=0}) = 2 (out [3 4], left {tv_sec=0, tv_usec=0})
			sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			select(5, [3 4], [4], [], NULL) = 2 (in [4], out [4])
			select(4, [3 4], NULL, NULL, {tv_sec=0, tv_usec=0}) = 0 (Timeout)
			select(5, NULL, [], NULL, {tv_sec=0, tv_usec=1000}) = 0 (Timeout)`,
	},
	{
		id: "LX-select/errors", cite: "POSIX select(); Linux fs/select.c core_sys_select, do_select", types: anyType,
		says: "a closed descriptor below nfds is EBADF, a negative nfds or time-out EINVAL",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			select(10, [3 9], NULL, NULL, {tv_sec=0, tv_usec=0}) = -1 EBADF (Bad file descriptor)
			select(9, NULL, [3 9], NULL, {tv_sec=0, tv_usec=0}) = 1 (out [3], left {tv_sec=0, tv_usec=0})
			select(-1, [3], NULL, NULL, {tv_sec=0, tv_usec=0}) = -1 EINVAL (Invalid argument)
			pselect6(5, [3], NULL, NULL, {tv_sec=-1, tv_nsec=0}, NULL) = -1 EINVAL (Invalid argument)
			pselect6(5, [3], NULL, NULL, {tv_sec=0, tv_nsec=1000000000}, NULL) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-select/after-a-reset", cite: "Linux fs/select.c POLLEX_SET: POLLPRI alone", types: connected, only: "linux",
		says: "an end with a reset pending is readable and writable, not exceptional; so is one that has hung up",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "unread", 6) = 6
			close(4) = 0
			select(4, [3], [3], [3], NULL) = 2 (in [3], out [3])
			getsockopt(3, SOL_SOCKET, SO_ERROR, [104], [4]) = 0
			select(4, [3], [3], [3], NULL) = 2 (in [3], out [3])`,
	},
	{
		id: "LX-select/an-error-is-writable", cite: "Linux fs/select.c POLLOUT_SET has POLLERR", types: connected, only: "linux",
		says: "a pending error makes a full end writable to select, as POLLERR is in that set",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			2 * write(3, "x"..., 1000) = 1000
			select(4, NULL, [3], NULL, {tv_sec=0, tv_usec=0}) = 0 (Timeout)
			shutdown(3, SHUT_RD) = 0
			select(4, [3], [3], NULL, {tv_sec=0, tv_usec=0}) = 1 (in [3], left {tv_sec=0, tv_usec=0})
			close(4) = 0
			select(4, NULL, [3], NULL, {tv_sec=0, tv_usec=0}) = 1 (out [3], left {tv_sec=0, tv_usec=0})`,
	},
	{
		id: "LX-select/urgent-is-exceptional", cite: "POSIX select(); Linux fs/select.c POLLEX_SET", types: stream,
		says: "an out-of-band byte is an exceptional condition",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			sendto(3, "x", 1, MSG_OOB, NULL, 0) = 1
			select(5, NULL, NULL, [3 4], NULL) = 1 (except [4])
			recvfrom(4, "x", 1, MSG_OOB, NULL, NULL) = 1
			select(5, NULL, NULL, [3 4], {tv_sec=0, tv_usec=0}) = 0 (Timeout)`,
	},
	{
		id: "LX-select/sleeps", cite: "POSIX select(), pselect()", types: anyType,
		says: "select sleeps until something is ready; a handled signal ends it with EINTR, with SA_RESTART too, unless pselect's mask holds it back",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 rt_sigaction(SIGUSR1, ` + restarting + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 select(5, [4], NULL, NULL, NULL <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			100 <... select resumed>) = ? ERESTARTNOHAND (To be restarted if no handler)
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)
			100 pselect6(5, [4], NULL, NULL, NULL, {sigmask=[USR1], sigsetsize=8} <unfinished ...>
			101 kill(100, SIGUSR1) = 0
			101 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			100 <... pselect6 resumed>) = 1 (in [4])
			100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---`,
	},
}
