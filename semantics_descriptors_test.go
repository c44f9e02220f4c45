package sockpair_test

// Chapter 7: descriptors and the descriptions behind them [FD].
var descriptorLaws = []law{
	{
		id: "FD-06/nonblock-is-the-description's", cite: "POSIX fcntl(), dup()", types: anyType,
		says: "O_NONBLOCK set by one descriptor holds for every duplicate, and not for the other end",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			dup(3) = 5
			fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
			fcntl(5, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			read(5, 0x7ffe, 1) = -1 EAGAIN (Resource temporarily unavailable)
			fcntl(4, F_GETFL) = 0x2 (flags O_RDWR)
			ioctl(5, FIONBIO, [0]) = 0
			fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)`,
	},
	{
		id: "FD-06/cloexec-is-the-descriptor's", cite: "POSIX dup(), fcntl()", types: anyType,
		says: "FD_CLOEXEC belongs to one descriptor: dup clears it in the copy and setting it there changes no other",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOEXEC, 0, [3, 4]) = 0
			dup(3) = 5
			fcntl(5, F_GETFD) = 0
			fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			fcntl(3, F_SETFD, 0) = 0
			fcntl(5, F_SETFD, FD_CLOEXEC) = 0
			fcntl(3, F_GETFD) = 0`,
	},
	{
		id: "FD-06/clofork-is-the-descriptor's", cite: "POSIX.1-2024 dup(), fcntl()", types: anyType, only: "posix",
		says: "FD_CLOFORK is a flag of its own, cleared in the copy that dup makes",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOFORK, 0, [3, 4]) = 0
			dup(3) = 5
			fcntl(5, F_GETFD) = 0
			fcntl(3, F_SETFD, FD_CLOEXEC|FD_CLOFORK) = 0
			fcntl(3, F_GETFD) = 0x3 (flags FD_CLOEXEC|FD_CLOFORK)
			fcntl(3, F_DUPFD_CLOFORK, 0) = 6
			fcntl(6, F_GETFD) = 0x2 (flags FD_CLOFORK)
			dup3(3, 9, O_CLOFORK) = 9
			fcntl(9, F_GETFD) = 0x2 (flags FD_CLOFORK)`,
	},
	{
		id: "FD-06/dup-takes-the-lowest", cite: "POSIX dup(), fcntl() F_DUPFD", types: stream,
		says: "dup takes the lowest free number, F_DUPFD the lowest from its argument on",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			close(0) = 0
			dup(3) = 0
			fcntl(3, F_DUPFD, 4) = 5
			fcntl(3, F_DUPFD, 10) = 10
			fcntl(3, F_DUPFD_CLOEXEC, 10) = 11
			fcntl(11, F_GETFD) = 0x1 (flags FD_CLOEXEC)`,
	},
	{
		id: "FD-06/dup2-replaces", cite: "POSIX dup2()", types: stream,
		says: "dup2 closes what its target was, clears FD_CLOEXEC there, and does nothing for equal numbers",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, [5, 6]) = 0
			dup2(3, 5) = 5
			fcntl(5, F_GETFD) = 0
			read(6, "", 1) = 0
			dup2(6, 6) = 6
			fcntl(6, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			write(5, "a", 1) = 1
			read(4, "a", 1) = 1`,
	},
	{
		id: "LX-fd/dup2-errors", cite: "POSIX dup2(); Linux fs/file.c do_dup2", types: stream,
		says: "dup2 of a closed descriptor, to a negative number or to one at the limit is EBADF",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=10, rlim_max=4096}, NULL) = 0
			dup2(8, 8) = -1 EBADF (Bad file descriptor)
			dup2(8, 3) = -1 EBADF (Bad file descriptor)
			dup2(3, -1) = -1 EBADF (Bad file descriptor)
			dup2(3, 10) = -1 EBADF (Bad file descriptor)
			dup2(3, 9) = 9`,
	},
	{
		id: "LX-fd/dup3-errors", cite: "Linux fs/file.c ksys_dup3", types: stream,
		says: "dup3 refuses unknown flags, then equal numbers even when they are closed, then the target, then the source",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			dup3(3, 5, O_NONBLOCK) = -1 EINVAL (Invalid argument)
			dup3(3, 3, O_CLOEXEC) = -1 EINVAL (Invalid argument)
			dup3(8, 8, 0) = -1 EINVAL (Invalid argument)
			dup3(8, -1, 0) = -1 EBADF (Bad file descriptor)
			dup3(8, 5, 0) = -1 EBADF (Bad file descriptor)
			dup3(3, 5, O_CLOEXEC) = 5
			fcntl(5, F_GETFD) = 0x1 (flags FD_CLOEXEC)`,
	},
	{
		id: "LX-fd/dupfd-errors", cite: "POSIX fcntl(); Linux fs/fcntl.c do_fcntl", types: stream,
		says: "F_DUPFD from a number beyond the limit is EINVAL, with no number left below it EMFILE",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=6, rlim_max=4096}, NULL) = 0
			fcntl(3, F_DUPFD, 4294967295) = -1 EINVAL (Invalid argument)
			fcntl(3, F_DUPFD, 6) = -1 EINVAL (Invalid argument)
			fcntl(3, F_DUPFD, 5) = 5
			fcntl(3, F_DUPFD, 0) = -1 EMFILE (Too many open files)
			dup(3) = -1 EMFILE (Too many open files)
			dup(9) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "LX-fd/below-a-lowered-limit", cite: "Linux kernel/sys.c do_prlimit; POSIX setrlimit()", types: stream,
		says: "descriptors above a lowered limit go on working, and no new ones get such numbers",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			fcntl(3, F_DUPFD, 50) = 50
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=4, rlim_max=4096}, NULL) = 0
			write(50, "a", 1) = 1
			read(4, "a", 1) = 1
			dup2(3, 50) = -1 EBADF (Bad file descriptor)
			dup2(50, 3) = 3
			dup(50) = -1 EMFILE (Too many open files)
			close(50) = 0`,
	},
	{
		id: "LX-fd/closed-descriptor", cite: "POSIX: EBADF of each function", types: anyType,
		says: "every call on a number that is not open is EBADF",
		steps: `
			read(3, 0x7ffe, 1) = -1 EBADF (Bad file descriptor)
			write(3, "a", 1) = -1 EBADF (Bad file descriptor)
			sendto(-1, "a", 1, 0, NULL, 0) = -1 EBADF (Bad file descriptor)
			recvfrom(3, 0x7ffe, 1, 0, NULL, NULL) = -1 EBADF (Bad file descriptor)
			shutdown(3, 0x9 /* SHUT_??? */) = -1 EBADF (Bad file descriptor)
			getsockopt(3, SOL_SOCKET, SO_TYPE, 0x7ffe, [4]) = -1 EBADF (Bad file descriptor)
			getsockname(3, 0x7ffe, [110]) = -1 EBADF (Bad file descriptor)
			fcntl(3, F_GETFL) = -1 EBADF (Bad file descriptor)
			close(3) = -1 EBADF (Bad file descriptor)
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			close(4) = 0
			close(4) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "LX-fd/close-range", cite: "Linux fs/file.c __close_range", types: stream,
		says: "close_range closes what is open in a range, or marks it for exec, and refuses a reversed one",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			close_range(4, 3, 0) = -1 EINVAL (Invalid argument)
			close_range(3, 4, 0x8 /* CLOSE_RANGE_??? */) = -1 EINVAL (Invalid argument)
			close_range(6, 100, CLOSE_RANGE_CLOEXEC) = 0
			fcntl(6, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			close_range(4, 5, 0) = 0
			read(3, "", 1) = 0
			close_range(3, 4294967295, 0) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0`,
	},
	{
		id: "LX-fd/no-position", cite: "POSIX lseek(), pread(), pwrite(), ftruncate(), fsync()", types: anyType,
		says: "a socket has no position, no length and nothing to store",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			lseek(3, 0, SEEK_CUR) = -1 ESPIPE (Illegal seek)
			lseek(3, 0, 0x9 /* SEEK_??? */) = -1 EINVAL (Invalid argument)
			pread64(3, 0x7ffe, 1, 0) = -1 ESPIPE (Illegal seek)
			pwrite64(3, "a", 1, 0) = -1 ESPIPE (Illegal seek)
			pwrite64(3, "a", 1, -1) = -1 EINVAL (Invalid argument)
			ftruncate(3, 10) = -1 EINVAL (Invalid argument)
			fsync(3) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-fd/status-flags", cite: "POSIX fcntl() F_SETFL; Linux fs/fcntl.c setfl", types: stream,
		says: "F_SETFL keeps the access mode, takes the status flags a socket has, and ignores flags of opening",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			fcntl(3, F_SETFL, O_RDONLY|O_APPEND|O_NONBLOCK) = 0
			fcntl(3, F_GETFL) = 0xc02 (flags O_RDWR|O_APPEND|O_NONBLOCK)
			fcntl(3, F_SETFL, O_WRONLY|O_CREAT|O_EXCL) = 0
			fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)
			linux: fcntl(3, F_SETFL, O_RDWR|O_DIRECT|O_NONBLOCK) = -1 EINVAL (Invalid argument)
			fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)`,
	},
	{
		id: "LX-fd/descriptor-flags", cite: "Linux fs/fcntl.c do_fcntl", types: stream, only: "linux",
		says: "F_SETFD looks at FD_CLOEXEC alone, and an unknown command is EINVAL",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			fcntl(3, F_SETFD, FD_CLOEXEC|0x2) = 0
			fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			fcntl(3, F_SETFD, 0x2) = 0
			fcntl(3, F_GETFD) = 0
			fcntl(3, 0x7d0 /* F_??? */, 0) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "ST-04/the-last-descriptor-closes", cite: "POSIX close()", types: connected,
		says: "an end is closed with its last descriptor: a duplicate keeps it open",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			dup(4) = 5
			close(4) = 0
			recvfrom(3, 0x7ffe, 1, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			sendto(5, "a", 1, MSG_EOR, NULL, 0) = 1
			close(5) = 0
			read(3, "a", 10) = 1
			read(3, "", 10) = 0`,
	},
}
