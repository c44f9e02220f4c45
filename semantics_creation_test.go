package sockpair_test

// Chapter 1: socketpair itself, its descriptors and names [SP].
var creationLaws = []law{
	{
		id: "SP-01 SP-07/two-connected-sockets", cite: "POSIX socketpair()", types: anyType,
		says: "a call returns 0 and stores the descriptors of two connected sockets in elements 0 and 1",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "there", 5, MSG_EOR, NULL, 0) = 5
			recvfrom(4, "there", 10, 0, NULL, NULL) = 5
			sendto(4, "back", 4, MSG_EOR, NULL, 0) = 4
			recvfrom(3, "back", 10, 0, NULL, NULL) = 4`,
	},
	{
		id: "SP-01/unbound", cite: "POSIX socketpair(), getsockname()", types: anyType,
		says: "neither socket has a name: an address is the family alone",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			getsockname(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			getpeername(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			getsockname(4, {sa_family=AF_UNIX}, [110 => 2]) = 0
			getpeername(4, {sa_family=AF_UNIX}, [110 => 2]) = 0`,
	},
	{
		id: "SP-02/no-difference-between-the-ends", cite: "POSIX socketpair()", types: anyType,
		says: "element 0 and element 1 answer every question alike",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			fcntl(4, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			linux: getsockopt(3, SOL_SOCKET, SO_SNDBUF, [212992], [4]) = 0
			linux: getsockopt(4, SOL_SOCKET, SO_SNDBUF, [212992], [4]) = 0
			poll([{fd=3, events=POLLIN|POLLOUT}, {fd=4, events=POLLIN|POLLOUT}], 2, 0) = 2 ([{fd=3, revents=POLLOUT}, {fd=4, revents=POLLOUT}])
			recvfrom(3, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "SP-03/lowest-free-numbers", cite: "POSIX 2.6 File Descriptor Allocation", types: anyType,
		says: "the descriptors are the lowest free ones, holes first, the lower in element 0",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			close(5) = 0
			close(3) = 0
			socketpair(AF_UNIX, TYPE, 0, [3, 5]) = 0
			socketpair(AF_UNIX, TYPE, 0, [7, 8]) = 0`,
	},
	{
		id: "SP-03/standard-numbers-are-numbers", cite: "POSIX 2.6 File Descriptor Allocation", types: stream,
		says: "a program that has closed 0 and 1 gets them for its pair",
		steps: `
			close(0) = 0
			close(1) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [0, 1]) = 0
			write(0, "a", 1) = 1
			read(1, "a", 1) = 1`,
	},
	{
		id: "SP-04/af-local", cite: "glibc manual, Socket Pairs", types: anyType,
		says: "AF_LOCAL is another name of AF_UNIX",
		steps: `
			socketpair(AF_LOCAL, TYPE, 0, [3, 4]) = 0
			socketpair(0x1 /* AF_UNIX */, TYPE, 0, [5, 6]) = 0`,
	},
	{
		id: "SP-05/own-protocol", cite: "POSIX socketpair(); Linux net/unix/af_unix.c unix_create", types: anyType,
		says: "a protocol that is not 0 must be one of the family: Linux has PF_UNIX, the POSIX machine none",
		steps: `
			linux: socketpair(AF_UNIX, TYPE, 1, [3, 4]) = 0
			posix: socketpair(AF_UNIX, TYPE, 1, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)`,
	},
	{
		id: "SP-06/nonblock-is-on-both-descriptions", cite: "POSIX socketpair()", types: anyType,
		says: "SOCK_NONBLOCK sets O_NONBLOCK on both descriptions and no descriptor flag",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			fcntl(4, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			fcntl(3, F_GETFD) = 0
			fcntl(4, F_GETFD) = 0
			read(4, 0x7ffe, 1) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "SP-06/cloexec-is-on-both-descriptors", cite: "POSIX socketpair()", types: anyType,
		says: "SOCK_CLOEXEC sets FD_CLOEXEC on both descriptors and no status flag",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOEXEC, 0, [3, 4]) = 0
			fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			fcntl(4, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)
			fcntl(4, F_GETFL) = 0x2 (flags O_RDWR)`,
	},
	{
		id: "SP-06/flags-combine", cite: "POSIX socketpair()", types: anyType,
		says: "the flags may be or-ed together",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOEXEC|SOCK_NONBLOCK, 0, [3, 4]) = 0
			fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			fcntl(4, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			posix: socketpair(AF_UNIX, TYPE|SOCK_CLOEXEC|SOCK_CLOFORK|SOCK_NONBLOCK, 0, [5, 6]) = 0
			posix: fcntl(6, F_GETFD) = 0x3 (flags FD_CLOEXEC|FD_CLOFORK)
			posix: fcntl(5, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)`,
	},
	{
		id: "SP-06/clofork", cite: "POSIX.1-2024 socketpair()", types: anyType, only: "posix",
		says: "SOCK_CLOFORK sets FD_CLOFORK on both descriptors",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOFORK, 0, [3, 4]) = 0
			fcntl(3, F_GETFD) = 0x2 (flags FD_CLOFORK)
			fcntl(4, F_GETFD) = 0x2 (flags FD_CLOFORK)
			fcntl(4, F_GETFL) = 0x2 (flags O_RDWR)`,
	},
	{
		id: "SP-09 ER-08/privileges", cite: "POSIX socketpair()", types: anyType, emu: "the policy is the emulated machine's",
		says: "a process that the machine's policy does not allow sockets gets EACCES and no descriptor",
		steps: `
			# machine: Authorize=no
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 EACCES (Permission denied)
			close(3) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "LX-4.1/credentials-of-the-creator", cite: "Linux net/unix/af_unix.c unix_socketpair, init_peercred", types: anyType, only: "linux",
		says: "SO_PEERCRED of both ends is the process that made the pair, also in a child",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			root: 100 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=0, gid=0}, [12]) = 0
			user: 100 getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=65534, gid=65534}, [12]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			root: 101 getsockopt(4, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=0, gid=0}, [12]) = 0
			user: 101 getsockopt(4, SOL_SOCKET, SO_PEERCRED, {pid=100, uid=65534, gid=65534}, [12]) = 0`,
	},
	{
		id: "DG-05 LX-4.1/raw-is-datagram", cite: "Linux net/unix/af_unix.c unix_create", types: stream, only: "linux",
		says: "SOCK_RAW makes a datagram socket, which says so",
		steps: `
			socketpair(AF_UNIX, SOCK_RAW, 0, [3, 4]) = 0
			getsockopt(3, SOL_SOCKET, SO_TYPE, [2], [4]) = 0
			write(3, "ab", 2) = 2
			write(3, "cd", 2) = 2
			read(4, "ab", 10) = 2`,
	},
	{
		id: "DG-05/types-without-pairs", cite: "Linux manual page socketpair; POSIX socketpair()", types: stream,
		says: "the types that AF_UNIX has not are refused: ESOCKTNOSUPPORT on Linux, EPROTOTYPE on POSIX",
		steps: `
			linux: socketpair(AF_UNIX, SOCK_RDM, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			linux: socketpair(AF_UNIX, SOCK_DCCP, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			linux: socketpair(AF_UNIX, SOCK_PACKET, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			posix: socketpair(AF_UNIX, SOCK_RAW, 0, 0x7ffe) = -1 EPROTOTYPE (Protocol wrong type for socket)
			posix: socketpair(AF_UNIX, SOCK_RDM, 0, 0x7ffe) = -1 EPROTOTYPE (Protocol wrong type for socket)
			posix: socketpair(AF_UNIX, SOCK_DCCP, 0, 0x7ffe) = -1 EPROTOTYPE (Protocol wrong type for socket)
			posix: socketpair(AF_UNIX, SOCK_PACKET, 0, 0x7ffe) = -1 EPROTOTYPE (Protocol wrong type for socket)`,
	},
}
