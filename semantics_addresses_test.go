package sockpair_test

import "strings"

// Chapter 27: addresses: their form, abstract names, and how much of a name
// is shown.
var addressLaws = []law{
	{
		id: "NM-02 LX-bind/malformed-addresses", cite: "POSIX bind(), connect(); Linux net/unix/af_unix.c unix_validate_addr", types: anyType,
		says: "an address of another family, without a path or longer than there is room for one is refused; without any address POSIX's bind is EDESTADDRREQ",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			linux: bind(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINVAL (Invalid argument)
			posix: bind(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			linux: connect(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINVAL (Invalid argument)
			posix: connect(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			bind(3, {sa_family=AF_UNIX, sun_path="` + strings.Repeat("s", 109) + `"}, 111) = -1 EINVAL (Invalid argument)
			bind(3, {sa_family=AF_UNIX, sun_path="` + strings.Repeat("s", 127) + `"}, 129) = -1 EINVAL (Invalid argument)
			connect(3, {sa_family=AF_UNIX, sun_path="` + strings.Repeat("s", 109) + `"}, 111) = -1 EINVAL (Invalid argument)
			connect(3, {sa_family=AF_UNIX}, 2) = -1 EINVAL (Invalid argument)
			connect(3, {sa_family=AF_UNIX}, 1) = -1 EINVAL (Invalid argument)
			bind(3, {sa_family=AF_UNIX}, 1) = -1 EINVAL (Invalid argument)
			posix: bind(3, {sa_family=AF_UNIX}, 2) = -1 EINVAL (Invalid argument)
			posix: bind(3, {sa_family=AF_UNIX, sun_path=""}, 3) = -1 ENOENT (No such file or directory)
			posix: connect(3, {sa_family=AF_UNIX, sun_path=""}, 3) = -1 ENOENT (No such file or directory)
			linux: bind(3, NULL, 0) = -1 EINVAL (Invalid argument)
			posix: bind(3, NULL, 0) = -1 EDESTADDRREQ (Destination address required)
			connect(3, NULL, 0) = -1 EINVAL (Invalid argument)
			getsockname(3, from()) = 0`,
	},
	{
		id: "LX-fault/addresses", cite: "Linux net/socket.c move_addr_to_kernel", types: anyType,
		says: "an address outside the address space is EFAULT in bind and connect, one that is too long EINVAL before it is looked at",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, 0x7ffe, 10) = -1 EFAULT (Bad address)
			connect(3, 0x7ffe, 10) = -1 EFAULT (Bad address)
			bind(3, 0x7ffe, 129) = -1 EINVAL (Invalid argument)
			connect(3, 0x7ffe, 129) = -1 EINVAL (Invalid argument)
			bind(9, 0x7ffe, 10) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "NM-08 LX-bind/the-longest-path", cite: "unix(7) Pathname sockets; Linux net/unix/af_unix.c unix_mkname_bsd", types: anyType,
		says: "a path may fill its 108 bytes without a NUL at the end; the name that is shown has one, and 111 bytes",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, {sa_family=AF_UNIX, sun_path="` + strings.Repeat("s", 108) + `"}, 110) = 0
			getsockname(3, {sa_family=AF_UNIX, sun_path="` + strings.Repeat("s", 108) + `"}, [128 => 111]) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			stream seqpacket: listen(3, 1) = 0
			connect(4, {sa_family=AF_UNIX, sun_path="` + strings.Repeat("s", 108) + `"}, 110) = 0`,
	},
	{
		id: "NM-08 LX-bind/a-path-ends-at-its-nul", cite: "unix(7) Pathname sockets; Linux net/unix/af_unix.c unix_mkname_bsd", types: anyType,
		says: "what stands behind the NUL of a path means nothing, and without a NUL the path ends with the address",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, {sa_family=AF_UNIX, sun_path="s"}, 110) = 0
			getsockname(3, from(s)) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			bind(4, {sa_family=AF_UNIX, sun_path="st"}, 3) = -1 EADDRINUSE (Address already in use)
			bind(4, {sa_family=AF_UNIX, sun_path="st"}, 4) = 0
			getsockname(4, from(st)) = 0`,
	},
	{
		id: "NM-08 LX-addr/a-name-is-cut-to-the-room", cite: "POSIX getsockname(), accept(), recvfrom(); Linux net/socket.c move_addr_to_user", types: anyType,
		says: "the calls that show a name store as much of it as there is room for, and its true length",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(server)) = 0
			getsockname(3, {sa_family=AF_UNIX, sun_path="se"}, [4 => 9]) = 0
			getsockname(3, {sa_family=AF_UNIX}, [2 => 9]) = 0
			getsockname(3, 0x7ffe, [0 => 9]) = 0
			getsockname(3, 0x7ffe, [-1]) = -1 EINVAL (Invalid argument)
			socket(AF_UNIX, TYPE, 0) = 4
			bind(4, to(client)) = 0
			stream seqpacket: listen(3, 1) = 0
			connect(4, to(server)) = 0
			stream seqpacket: accept(3, {sa_family=AF_UNIX, sun_path="cl"}, [4 => 9]) = 5
			getpeername(4, {sa_family=AF_UNIX, sun_path="ser"}, [5 => 9]) = 0
			dgram: write(4, "a", 1) = 1
			dgram: recvfrom(3, "a", 10, 0, {sa_family=AF_UNIX, sun_path="cli"}, [5 => 9]) = 1`,
	},
	{
		id: "LX-name/abstract", cite: "unix(7) Abstract sockets; Linux net/unix/af_unix.c unix_bind_abstract", types: anyType, only: "linux",
		says: "an abstract name is in no directory and free again when its socket is closed; in use it is EADDRINUSE, and a second name EINVAL first",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(@s)) = 0
			getsockname(3, from(@s)) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			bind(4, to(@s)) = -1 EADDRINUSE (Address already in use)
			bind(3, to(@t)) = -1 EINVAL (Invalid argument)
			bind(3, to(@s)) = -1 EINVAL (Invalid argument)
			close(3) = 0
			connect(4, to(@s)) = -1 ECONNREFUSED (Connection refused)
			bind(4, to(@s)) = 0`,
	},
	{
		id: "LX-name/abstract-bytes", cite: "unix(7) Abstract sockets; Linux net/unix/af_unix.c unix_abstract_hash", types: anyType, only: "linux",
		says: "every byte of an abstract name counts, NULs too, and so does its length; it may fill the address",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			socket(AF_UNIX, TYPE, 0) = 4
			socket(AF_UNIX, TYPE, 0) = 5
			bind(3, to(@s)) = 0
			bind(4, to(@s\0)) = 0
			bind(5, to(@s` + strings.Repeat("x", 98) + `)) = 0
			getsockname(4, from(@s\0)) = 0
			getsockname(5, from(@s` + strings.Repeat("x", 98) + `)) = 0`,
	},
	{
		id: "LX-name/abstract-types", cite: "Linux net/unix/af_unix.c unix_abstract_hash: the type is hashed and compared", types: anyType, only: "linux",
		says: "each type has abstract names of its own; a path is of one type, and another's connect to it EPROTOTYPE",
		steps: `
			stream: socket(AF_UNIX, SOCK_SEQPACKET, 0) = 3
			dgram seqpacket: socket(AF_UNIX, SOCK_STREAM, 0) = 3
			stream: socket(AF_UNIX, SOCK_DGRAM, 0) = 4
			dgram: socket(AF_UNIX, SOCK_SEQPACKET, 0) = 4
			seqpacket: socket(AF_UNIX, SOCK_DGRAM, 0) = 4
			socket(AF_UNIX, TYPE, 0) = 5
			bind(3, to(@s)) = 0
			bind(4, to(@s)) = 0
			connect(5, to(@s)) = -1 ECONNREFUSED (Connection refused)
			bind(5, to(@s)) = 0`,
	},
	{
		id: "NM-05 LX-connect/wrong-type", cite: "POSIX connect() [EPROTOTYPE]; Linux net/unix/af_unix.c unix_find_bsd", types: anyType,
		says: "to connect to the name of a socket of another type is EPROTOTYPE, before it matters whether it listens",
		steps: `
			stream: socket(AF_UNIX, SOCK_DGRAM, 0) = 3
			dgram: socket(AF_UNIX, SOCK_SEQPACKET, 0) = 3
			seqpacket: socket(AF_UNIX, SOCK_STREAM, 0) = 3
			bind(3, to(s)) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(s)) = -1 EPROTOTYPE (Protocol wrong type for socket)
			dgram: sendto(4, "a", 1, 0, to(s)) = -1 EPROTOTYPE (Protocol wrong type for socket)
			close(3) = 0
			connect(4, to(s)) = -1 ECONNREFUSED (Connection refused)`,
	},
	{
		id: "LX-name/autobind", cite: "unix(7) Autobind feature; Linux net/unix/af_unix.c unix_autobind", types: anyType, only: "linux",
		says: "bind of the family alone gives an abstract name of five digits, once: after that it does nothing, and another name is EINVAL",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, {sa_family=AF_UNIX}, 2) = 0
			getsockname(3, {sa_family=AF_UNIX, sun_path=@"00001"}, [110 => 8]) = 0
			bind(3, {sa_family=AF_UNIX}, 2) = 0
			bind(3, to(@s)) = -1 EINVAL (Invalid argument)
			bind(3, to(s)) = -1 EINVAL (Invalid argument)
			socket(AF_UNIX, TYPE, 0) = 4
			bind(4, to(t)) = 0
			bind(4, {sa_family=AF_UNIX}, 2) = 0
			getsockname(4, from(t)) = 0`,
	},
}
