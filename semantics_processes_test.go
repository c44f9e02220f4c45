package sockpair_test

// Chapter 8: several processes with one pair [FD].
var processLaws = []law{
	{
		id: "FD-01/exec-closes-cloexec", cite: "POSIX exec", types: anyType,
		says: "exec closes the descriptors with FD_CLOEXEC and keeps the others, with their descriptions",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOEXEC|SOCK_NONBLOCK, 0, [3, 4]) = 0
			fcntl(4, F_SETFD, 0) = 0
			dup(3) = 5
			execve("/bin/program", ["program"], 0x7ffe /* 0 vars */) = 0
			fcntl(3, F_GETFD) = -1 EBADF (Bad file descriptor)
			fcntl(4, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			sendto(5, "a", 1, MSG_EOR, NULL, 0) = 1
			read(4, "a", 10) = 1`,
	},
	{
		id: "FD-01/exec-ends-the-session", cite: "POSIX exec, close()", types: connected,
		says: "an end whose last descriptor has FD_CLOEXEC is closed by exec, and the other end is told",
		steps: `
			100 socketpair(AF_UNIX, TYPE|SOCK_CLOEXEC, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 close(4) = 0
			101 close(3) = 0
			100 recvfrom(3, 0x7ffe, 1, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			101 execve("/bin/program", ["program"], 0x7ffe /* 0 vars */) = 0
			100 read(3, "", 1) = 0`,
	},
	{
		id: "FD-02/fork-shares-descriptions", cite: "POSIX fork()", types: anyType,
		says: "a child has its parent's descriptors under the same numbers, and shares the descriptions",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
			100 fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			101 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			100 read(4, "a", 10) = 1`,
	},
	{
		id: "FD-02/tables-are-separate-after-fork", cite: "POSIX fork()", types: stream,
		says: "after fork a close, a dup or a flag of a descriptor in one process is not one in the other",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 close(3) = 0
			101 fcntl(4, F_SETFD, FD_CLOEXEC) = 0
			101 dup(4) = 3
			100 fcntl(4, F_GETFD) = 0
			100 write(3, "a", 1) = 1
			101 read(3, "a", 1) = 1
			100 dup(3) = 5`,
	},
	{
		id: "FD-02/clofork-stays-behind", cite: "POSIX.1-2024 fork()", types: anyType, only: "posix",
		says: "a descriptor with FD_CLOFORK is not in the child; its number is free there",
		steps: `
			100 socketpair(AF_UNIX, TYPE|SOCK_CLOFORK, 0, [3, 4]) = 0
			100 fcntl(4, F_SETFD, 0) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 fcntl(3, F_GETFD) = -1 EBADF (Bad file descriptor)
			101 dup(4) = 3
			100 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			101 read(4, "a", 10) = 1`,
	},
	{
		id: "FD-02/clofork-and-cloexec-are-independent", cite: "POSIX.1-2024 fork(), exec", types: stream, only: "posix",
		says: "FD_CLOFORK says nothing about exec, nor FD_CLOEXEC about fork",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOFORK, 0, [3, 4]) = 0
			100 socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [5, 6]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 fcntl(4, F_GETFD) = -1 EBADF (Bad file descriptor)
			101 fcntl(5, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			100 execve("/bin/program", ["program"], 0x7ffe /* 0 vars */) = 0
			100 fcntl(4, F_GETFD) = 0x2 (flags FD_CLOFORK)
			100 fcntl(5, F_GETFD) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "FD-04/parent-writes-child-reads", cite: "POSIX.1-2024 socketpair() Rationale", types: connected, only: "posix",
		says: "with SOCK_CLOFORK, cleared on the read side, the write side leaks into no child and the reader gets end of file",
		steps: `
			100 socketpair(AF_UNIX, TYPE|SOCK_CLOFORK, 0, [3, 4]) = 0
			100 fcntl(4, F_SETFD, 0) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			100 close(4) = 0
			100 sendto(3, "data", 4, MSG_EOR, NULL, 0) = 4
			100 close(3) = 0
			101 read(4, "data", 10) = 4
			101 read(4, "", 10) = 0`,
	},
	{
		id: "FD-04/a-leaked-writer-holds-the-end-of-file-back", cite: "POSIX.1-2024 socketpair() Rationale", types: connected,
		says: "without FD_CLOFORK another child's copy of the write side keeps the reader waiting",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			101 close(3) = 0
			100 close(3) = 0
			101 recvfrom(4, 0x7ffe, 1, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			102 close(3) = 0
			101 recvfrom(4, "", 1, MSG_DONTWAIT, NULL, NULL) = 0`,
	},
	{
		id: "FD-05/shutdown-beats-a-leak", cite: "POSIX.1-2024 socketpair() Rationale", types: connected,
		says: "shutdown ends the sending for every copy of the descriptor: the other side gets end of file",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 close(4) = 0
			100 sendto(3, "last", 4, MSG_EOR, NULL, 0) = 4
			100 shutdown(3, SHUT_WR) = 0
			100 read(4, "last", 10) = 4
			100 read(4, "", 10) = 0
			101 sendto(3, "late", 4, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "ST-04/exit-closes", cite: "POSIX _Exit()", types: connected,
		says: "the exit of the last process that has an end closes it",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 close(4) = 0
			101 close(3) = 0
			101 sendto(4, "bye", 3, MSG_EOR, NULL, 0) = 3
			101 exit_group(7) = ?
			101 +++ exited with 7 +++
			100 read(3, "bye", 10) = 3
			100 read(3, "", 10) = 0
			100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL) = 101`,
	},
	{
		id: "ST-04/a-killed-process-closes", cite: "POSIX kill(), _Exit()", types: connected,
		says: "a process that a signal ends leaves its end closed: a blocked reader gets end of file",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			100 close(4) = 0
			102 close(4) = 0
			101 close(3) = 0
			102 read(3,  <unfinished ...>
			100 kill(101, SIGKILL) = 0
			101 +++ killed by SIGKILL +++
			102 <... read resumed>"", 10) = 0
			100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101`,
	},
	{
		id: "FD-02/threads-share-the-table", cite: "POSIX pthread_create(); Linux CLONE_FILES", types: stream,
		says: "the threads of a process have one descriptor table",
		steps: `
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 write(3, "a", 1) = 1
			101 read(4, "a", 1) = 1
			100 close(3) = 0
			101 write(3, "a", 1) = -1 EBADF (Bad file descriptor)
			101 read(4, "", 1) = 0`,
	},
	{
		id: "LX-4.13/close-does-not-wake", cite: "Linux fs/file.c: a running call keeps the description", types: connected,
		says: "closing the descriptor on which another thread waits wakes nothing; the end closes when that call is over",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=0x7f10, flags=` + threadFlags + `) = 101
			101 read(4,  <unfinished ...>
			100 close(4) = 0
			100 recvfrom(3, 0x7ffe, 1, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			100 sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			101 <... read resumed>"a", 10) = 1
			100 read(3, "", 1) = 0`,
	},
}
