package sockpair_test

// Chapter 2: how socketpair fails, and in which order [ER]. After a failure
// the lowest free descriptor is still 3.
var errorLaws = []law{
	{
		id: "ER-01/unknown-family", cite: "POSIX socketpair()", types: anyType,
		says: "a family that the machine has not is EAFNOSUPPORT",
		steps: `
			socketpair(AF_UNSPEC, TYPE, 0, 0x7ffe) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			socketpair(0xc8 /* AF_??? */, TYPE, 0, 0x7ffe) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			socketpair(0xffffffff /* AF_??? */, TYPE, 0, 0x7ffe) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-02/no-vector", cite: "Linux manual page socketpair", types: anyType,
		says: "a vector outside the address space is EFAULT, and no descriptor is taken",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, NULL) = -1 EFAULT (Bad address)
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-03/all-open", cite: "POSIX socketpair()", types: anyType,
		says: "with every descriptor open a pair is EMFILE",
		steps: `
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=3, rlim_max=4096}, NULL) = 0
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 EMFILE (Too many open files)`,
	},
	{
		id: "ER-03 SP-08/all-but-one-open", cite: "POSIX socketpair()", types: anyType,
		says: "with all but one descriptor open a pair is EMFILE, and the one stays free",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=6, rlim_max=4096}, NULL) = 0
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 EMFILE (Too many open files)
			dup(3) = 5`,
	},
	{
		id: "ER-03/two-left", cite: "POSIX socketpair()", types: anyType,
		says: "two free descriptors are enough, wherever they are",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=7, rlim_max=4096}, NULL) = 0
			close(6) = 0
			close(3) = 0
			socketpair(AF_UNIX, TYPE, 0, [3, 6]) = 0
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 EMFILE (Too many open files)`,
	},
	{
		id: "ER-04/machine-full", cite: "POSIX socketpair()", types: anyType, emu: "the limit is the emulated machine's",
		says: "when the machine has no two open files left a pair is ENFILE, until others are closed",
		steps: `
			# machine: MaxFiles=5
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 ENFILE (Too many open files in system)
			close(3) = 0
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 ENFILE (Too many open files in system)
			close(4) = 0
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-05/no-pairs-in-this-family", cite: "POSIX socketpair()", types: stream,
		says: "a family whose protocols permit no pairs is EOPNOTSUPP",
		steps: `
			socketpair(AF_INET, SOCK_STREAM, 0, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			socketpair(AF_INET, SOCK_DGRAM, 17, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			socketpair(AF_INET6, SOCK_STREAM, 6, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-06/unknown-protocol", cite: "POSIX socketpair()", types: anyType,
		says: "a protocol that the family has not is EPROTONOSUPPORT",
		steps: `
			socketpair(AF_UNIX, TYPE, 2, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)
			socketpair(AF_UNIX, TYPE, 4294967295, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-07/type-without-protocol", cite: "POSIX socketpair(); Linux net/unix/af_unix.c unix_create", types: stream,
		says: "a type that no protocol of the family supports is EPROTOTYPE; Linux says ESOCKTNOSUPPORT",
		steps: `
			posix: socketpair(AF_UNIX, 0, 0, 0x7ffe) = -1 EPROTOTYPE (Protocol wrong type for socket)
			posix: socketpair(AF_UNIX, 0xb /* SOCK_??? */, 0, 0x7ffe) = -1 EPROTOTYPE (Protocol wrong type for socket)
			linux: socketpair(AF_UNIX, 0, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			linux: socketpair(AF_UNIX, 0x9 /* SOCK_??? */, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-09/no-resources", cite: "POSIX socketpair()", types: anyType, emu: "the limit is the emulated machine's",
		says: "when the machine has no resources for two sockets a pair is ENOBUFS",
		steps: `
			# machine: MaxSockets=3
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 ENOBUFS (No buffer space available)
			close(4) = 0
			dup(3) = 4`,
	},
	{
		id: "ER-10/no-memory", cite: "POSIX socketpair()", types: anyType, emu: "the limit is the emulated machine's",
		says: "when the machine has no memory for two sockets a pair is ENOMEM",
		steps: `
			# machine: MaxMemory=1000
			socketpair(AF_UNIX, TYPE, 0, 0x7ffe) = -1 ENOMEM (Cannot allocate memory)
			close(3) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "ER-11/unknown-type-bits", cite: "Linux net/socket.c __sys_socketpair", types: anyType,
		says: "bits of the type that mean nothing are EINVAL",
		steps: `
			socketpair(AF_UNIX, TYPE|0x10 /* SOCK_??? */, 0, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_UNIX, TYPE|0x400 /* SOCK_??? */, 0, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_UNIX, TYPE|0x40000000 /* SOCK_??? */, 0, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK|0x20 /* SOCK_??? */, 0, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-11/no-clofork", cite: "Linux net/socket.c __sys_socketpair", types: anyType, only: "linux",
		says: "Linux has no SOCK_CLOFORK: EINVAL",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOFORK, 0, 0x7ffe) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-4.1/order-flags-first", cite: "Linux net/socket.c __sys_socketpair", types: stream, only: "linux",
		says: "unknown bits beat the descriptors, these the vector, this the family",
		steps: `
			socketpair(0xc8 /* AF_??? */, SOCK_STREAM|0x10 /* SOCK_??? */, 9, NULL) = -1 EINVAL (Invalid argument)
			socketpair(0xc8 /* AF_??? */, SOCK_STREAM, 9, NULL) = -1 EFAULT (Bad address)
			socketpair(0xc8 /* AF_??? */, SOCK_STREAM, 9, 0x7ffe) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=4, rlim_max=4096}, NULL) = 0
			socketpair(0xc8 /* AF_??? */, SOCK_STREAM|0x10 /* SOCK_??? */, 9, NULL) = -1 EINVAL (Invalid argument)
			socketpair(0xc8 /* AF_??? */, SOCK_STREAM, 9, NULL) = -1 EMFILE (Too many open files)`,
	},
	{
		id: "LX-4.1/order-family-and-type", cite: "Linux net/socket.c __sock_create", types: stream, only: "linux",
		says: "a number that is no family beats one that is no type, and this a family that is not there",
		steps: `
			socketpair(0x2e /* AF_??? */, 0xb /* SOCK_??? */, 0, 0x7ffe) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			socketpair(AF_AX25, 0xb /* SOCK_??? */, 0, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_AX25, SOCK_STREAM, 0, 0x7ffe) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			socketpair(AF_UNIX, 0xf /* SOCK_??? */, 9, 0x7ffe) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-4.1/order-protocol-before-type", cite: "Linux net/unix/af_unix.c unix_create", types: stream, only: "linux",
		says: "the protocol is looked at before the type, and both before the family's lack of pairs",
		steps: `
			socketpair(AF_UNIX, SOCK_RDM, 5, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)
			socketpair(AF_UNIX, SOCK_RDM, 1, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			socketpair(AF_INET, SOCK_STREAM, 1, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)
			socketpair(AF_INET, SOCK_SEQPACKET, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)`,
	},
	{
		id: "LX-4.1/internet-refusals", cite: "Linux net/ipv4/af_inet.c inet_create", types: stream, only: "linux",
		says: "the internet families test protocol number, type, protocol and privilege before they refuse pairs",
		steps: `
			socketpair(AF_INET, SOCK_STREAM, 263, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_INET6, SOCK_DCCP, 4294967295, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_INET, SOCK_RAW, 0, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)
			root: socketpair(AF_INET, SOCK_RAW, 17, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			user: socketpair(AF_INET, SOCK_RAW, 17, 0x7ffe) = -1 EPERM (Operation not permitted)
			root: socketpair(AF_INET, SOCK_PACKET, 0, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			user: socketpair(AF_INET, SOCK_PACKET, 0, 0x7ffe) = -1 EPERM (Operation not permitted)`,
	},
	{
		id: "LX-4.1/other-families", cite: "Linux net/netlink, net/packet, net/vmw_vsock", types: stream, only: "linux",
		says: "netlink, packet and vsock sockets make no pairs, each after its own tests",
		steps: `
			socketpair(AF_NETLINK, SOCK_DGRAM, 0, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			socketpair(AF_NETLINK, SOCK_STREAM, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			root: socketpair(AF_PACKET, SOCK_STREAM, 0, 0x7ffe) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			user: socketpair(AF_PACKET, SOCK_STREAM, 0, 0x7ffe) = -1 EPERM (Operation not permitted)
			socketpair(AF_VSOCK, SOCK_STREAM, 0, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			socketpair(AF_VSOCK, SOCK_STREAM, 1, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0`,
	},
	{
		id: "ER-02/order-of-the-posix-machine", cite: "POSIX socketpair() (the order is open)", types: stream, only: "posix",
		says: "the POSIX machine looks at vector, family, flags, protocol and type, and takes descriptors last",
		steps: `
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=4, rlim_max=4096}, NULL) = 0
			socketpair(0xc8 /* AF_??? */, 0x1b /* SOCK_??? */, 9, NULL) = -1 EFAULT (Bad address)
			socketpair(0xc8 /* AF_??? */, 0x1b /* SOCK_??? */, 9, 0x7ffe) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			socketpair(AF_UNIX, 0x1b /* SOCK_??? */, 9, 0x7ffe) = -1 EINVAL (Invalid argument)
			socketpair(AF_UNIX, 0xb /* SOCK_??? */, 9, 0x7ffe) = -1 EPROTONOSUPPORT (Protocol not supported)
			socketpair(AF_UNIX, 0xb /* SOCK_??? */, 0, 0x7ffe) = -1 EPROTOTYPE (Protocol wrong type for socket)
			socketpair(AF_INET, SOCK_STREAM, 0, 0x7ffe) = -1 EOPNOTSUPP (Operation not supported)
			socketpair(AF_UNIX, SOCK_STREAM, 0, 0x7ffe) = -1 EMFILE (Too many open files)`,
	},
}
