package sockpair_test

// Chapter 16: the life of a process, as far as it touches its pairs.
var lifeLaws = []law{
	{
		id: "LX-life/wait", cite: "POSIX waitpid()", types: stream,
		says: "a child is waited for once, by the low 8 bits of its status; while it lives WNOHANG finds nothing",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 wait4(101, 0x7ffe, WNOHANG, NULL) = 0
			101 exit_group(300) = ?
			101 +++ exited with 44 +++
			100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 44}], 0, NULL) = 101
			100 wait4(-1, 0x7ffe, 0, NULL) = -1 ECHILD (No child processes)`,
	},
	{
		id: "LX-life/ignored-children", cite: "POSIX sigaction() SIGCHLD, waitpid()", types: stream,
		says: "a parent that ignores SIGCHLD waits for the last child to end, and gets ECHILD",
		steps: `
			100 rt_sigaction(SIGCHLD, ` + ignore + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 wait4(-1,  <unfinished ...>
			101 exit_group(0) = ?
			101 +++ exited with 0 +++
			100 <... wait4 resumed>0x7ffe, 0, NULL) = -1 ECHILD (No child processes)`,
	},
	{
		id: "ST-06/exec-resets-handlers", cite: "POSIX exec", types: stream,
		says: "a handled signal has its default again after exec: SIGPIPE ends the process",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 close(4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 rt_sigaction(SIGPIPE, ` + handler + `, NULL, 8) = 0
			101 execve("/bin/program", ["program"], 0x7ffe /* 0 vars */) = 0
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			101 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGPIPE}], 0, NULL) = 101
			101 +++ killed by SIGPIPE +++`,
	},
	{
		id: "ST-06/fork-and-exec-keep-ignored-signals", cite: "POSIX exec, fork()", types: stream,
		says: "an ignored signal stays ignored in a child and after exec",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 close(4) = 0
			100 rt_sigaction(SIGPIPE, ` + ignore + `, NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			101 execve("/bin/program", ["program"], 0x7ffe /* 0 vars */) = 0
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			101 read(3, "", 1) = 0`,
	},
	{
		id: "ST-06/a-handler-for-once", cite: "POSIX sigaction() SA_RESETHAND", types: stream,
		says: "SA_RESETHAND handles SIGPIPE once; the next one ends the process",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 close(4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 rt_sigaction(SIGPIPE, {sa_handler=0x401000, sa_mask=[], sa_flags=SA_RESTORER|SA_RESETHAND, sa_restorer=0x402000}, NULL, 8) = 0
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			101 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=101, si_uid=0} ---
			101 read(3, "", 1) = 0
			101 write(3, "a", 1) = -1 EPIPE (Broken pipe)
			101 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER, si_pid=101, si_uid=0} ---
			100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGPIPE}], 0, NULL) = 101
			101 +++ killed by SIGPIPE +++`,
	},
	{
		id: "LX-life/blocked-signals-wait", cite: "POSIX sigprocmask(), kill()", types: anyType,
		says: "a blocked signal does not disturb a waiting call; a child inherits the mask",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 rt_sigprocmask(SIG_BLOCK, [USR1], NULL, 8) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 read(4,  <unfinished ...>
			100 kill(101, SIGUSR1) = 0
			100 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			101 <... read resumed>"a", 10) = 1
			101 rt_sigprocmask(SIG_UNBLOCK, [USR1], NULL, 8) = 0
			101 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=100, si_uid=0} ---
			100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGUSR1}], 0, NULL) = 101
			101 +++ killed by SIGUSR1 +++`,
	},
	{
		id: "LX-life/a-zombie-counts", cite: "POSIX kill()", types: stream,
		says: "a child that has ended is there for kill until it has been waited for",
		steps: `
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 exit_group(0) = ?
			101 +++ exited with 0 +++
			100 kill(101, SIGTERM) = 0
			100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101`,
	},
	{
		id: "LX-life/limits", cite: "POSIX setrlimit(); Linux kernel/sys.c do_prlimit", types: stream,
		says: "a soft limit above the hard one is EINVAL and changes nothing",
		steps: `
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=6, rlim_max=30}, NULL) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=9, rlim_max=8}, NULL) = -1 EINVAL (Invalid argument)
			prlimit64(0, RLIMIT_NOFILE, NULL, {rlim_cur=6, rlim_max=30}) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, 0x7ffe) = -1 EMFILE (Too many open files)`,
	},
}
