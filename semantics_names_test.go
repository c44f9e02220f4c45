package sockpair_test

import "strings"

// Chapter 26: sockets by themselves and their names: socket, bind, and what
// getsockname and its kin show. Laws write addresses as addressWord says.
var nameLaws = []law{
	{
		id: "NM-01 LX-socket/alone", cite: "POSIX socket()", types: anyType,
		says: "socket makes one socket, at the lowest free number, that has neither a name nor a peer; flags may be or-ed to its type",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK|SOCK_CLOEXEC, 0) = 4
			close(3) = 0
			socket(AF_UNIX, TYPE, 0) = 3
			fcntl(3, F_GETFD) = 0
			fcntl(4, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)
			fcntl(4, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			getsockopt(3, SOL_SOCKET, SO_TYPE, [TYPE], [4]) = 0
			getsockname(3, from()) = 0
			getpeername(3, 0x7ffe, [110]) = -1 ENOTCONN (Transport endpoint is not connected)`,
	},
	{
		id: "NM-01 LX-socket/errors-of-socket", cite: "POSIX socket(); Linux net/socket.c __sys_socket", types: once,
		says: "socket fails as socketpair does, but that it takes its descriptor last",
		steps: `
			socket(AF_UNIX, SOCK_STREAM|0x10 /* SOCK_??? */, 0) = -1 EINVAL (Invalid argument)
			socket(0xc8 /* AF_??? */, SOCK_STREAM, 0) = -1 EAFNOSUPPORT (Address family not supported by protocol)
			socket(AF_UNIX, SOCK_STREAM, 7) = -1 EPROTONOSUPPORT (Protocol not supported)
			linux: socket(AF_UNIX, SOCK_RDM, 0) = -1 ESOCKTNOSUPPORT (Socket type not supported)
			posix: socket(AF_UNIX, SOCK_RDM, 0) = -1 EPROTOTYPE (Protocol wrong type for socket)
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=3, rlim_max=4096}, NULL) = 0
			socket(AF_UNIX, SOCK_STREAM, 7) = -1 EPROTONOSUPPORT (Protocol not supported)
			socket(AF_UNIX, SOCK_STREAM, 0) = -1 EMFILE (Too many open files)`,
	},
	{
		id: "NM-01/no-files-for-a-socket", cite: "POSIX socket()", types: anyType, emu: "the limit is the emulated machine's",
		says: "when the machine has no open file left socket is ENFILE",
		steps: `
			# machine: MaxFiles=4
			socket(AF_UNIX, TYPE, 0) = 3
			socket(AF_UNIX, TYPE, 0) = -1 ENFILE (Too many open files in system)
			close(3) = 0
			socket(AF_UNIX, TYPE, 0) = 3`,
	},
	{
		id: "NM-01/no-resources-for-a-socket", cite: "POSIX socket()", types: anyType, emu: "the limit is the emulated machine's",
		says: "when the machine has no resources left socket is ENOBUFS",
		steps: `
			# machine: MaxSockets=1
			socket(AF_UNIX, TYPE, 0) = 3
			socket(AF_UNIX, TYPE, 0) = -1 ENOBUFS (No buffer space available)
			close(3) = 0
			socket(AF_UNIX, TYPE, 0) = 3`,
	},
	{
		id: "NM-01/no-memory-for-a-socket", cite: "POSIX socket()", types: anyType, emu: "the limit is the emulated machine's",
		says: "when the machine has no memory left socket is ENOMEM",
		steps: `
			# machine: MaxMemory=1000
			socket(AF_UNIX, TYPE, 0) = -1 ENOMEM (Cannot allocate memory)
			close(3) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "NM-01/no-privilege-for-a-socket", cite: "POSIX socket()", types: anyType, emu: "the policy is the emulated machine's",
		says: "where the machine's policy says no socket is EACCES",
		steps: `
			# machine: Authorize=no
			socket(AF_UNIX, TYPE, 0) = -1 EACCES (Permission denied)`,
	},
	{
		id: "NM-02 LX-bind/a-name-once", cite: "POSIX bind(); Linux net/unix/af_unix.c unix_bind_bsd", types: anyType,
		says: "bind gives a socket a name, once; a second is EINVAL, but EADDRINUSE when there is such a file",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(s)) = 0
			getsockname(3, from(s)) = 0
			bind(3, to(t)) = -1 EINVAL (Invalid argument)
			bind(3, to(s)) = -1 EADDRINUSE (Address already in use)
			getsockname(3, from(s)) = 0
			unlink("t") = -1 ENOENT (No such file or directory)`,
	},
	{
		id: "NM-02 LX-bind/the-file-stays", cite: "POSIX bind(); Linux net/unix/af_unix.c unix_bind_bsd", types: anyType,
		says: "the file that bind makes stays when its socket is closed: then nobody answers there, and the name is taken until it is unlinked",
		steps: `
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(s)) = 0
			close(3) = 0
			socket(AF_UNIX, TYPE, 0) = 3
			connect(3, to(s)) = -1 ECONNREFUSED (Connection refused)
			bind(3, to(s)) = -1 EADDRINUSE (Address already in use)
			unlink("s") = 0
			connect(3, to(s)) = -1 ENOENT (No such file or directory)
			bind(3, to(s)) = 0`,
	},
	{
		id: "NM-02 LX-bind/whatever-is-there", cite: "POSIX bind(); Linux fs/namei.c filename_create", types: anyType,
		says: "any file with the name is EADDRINUSE: a directory, a socket of another type, a symbolic link that leads nowhere",
		steps: `
			mkdir("d", 0755) = 0
			symlink("nowhere", "l") = 0
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			bind(4, to(p)) = 0
			socket(AF_UNIX, TYPE, 0) = 5
			bind(5, to(d)) = -1 EADDRINUSE (Address already in use)
			bind(5, to(d/)) = -1 EADDRINUSE (Address already in use)
			bind(5, to(.)) = -1 EADDRINUSE (Address already in use)
			bind(5, to(l)) = -1 EADDRINUSE (Address already in use)
			bind(5, to(p)) = -1 EADDRINUSE (Address already in use)
			bind(5, to(d/s)) = 0`,
	},
	{
		id: "NM-02 LX-bind/steps-to-a-name", cite: "POSIX bind(); Linux fs/namei.c filename_create", types: anyType,
		says: "a path whose directory is not there is ENOENT, is none ENOTDIR, a circle of links ELOOP, a step of more than NAME_MAX bytes ENAMETOOLONG; nothing is bound",
		steps: `
			symlink("loop", "loop") = 0
			symlink("` + strings.Repeat("n", 256) + `/x", "far") = 0
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(f)) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			bind(4, to(no/s)) = -1 ENOENT (No such file or directory)
			bind(4, to(s/)) = -1 ENOENT (No such file or directory)
			bind(4, to(f/s)) = -1 ENOTDIR (Not a directory)
			bind(4, to(loop/s)) = -1 ELOOP (Too many levels of symbolic links)
			bind(4, to(far/s)) = -1 ENAMETOOLONG (File name too long)
			connect(4, to(no/s)) = -1 ENOENT (No such file or directory)
			connect(4, to(f/s)) = -1 ENOTDIR (Not a directory)
			connect(4, to(f/)) = -1 ENOTDIR (Not a directory)
			connect(4, to(loop)) = -1 ELOOP (Too many levels of symbolic links)
			connect(4, to(far)) = -1 ENAMETOOLONG (File name too long)
			getsockname(4, from()) = 0`,
	},
	{
		id: "NM-02 NM-05 LX-bind/permissions", cite: "POSIX bind(), connect(); Linux fs/namei.c, net/unix/af_unix.c unix_find_bsd", types: anyType,
		says: "to bind in a directory that may not be written or searched, and to connect to a socket that may not be written, is EACCES, but for user 0",
		steps: `
			mkdir("closed", 0777) = 0
			mkdir("still", 0777) = 0
			socket(AF_UNIX, TYPE, 0) = 3
			bind(3, to(s)) = 0
			dgram: connect(3, to(s)) = 0
			stream seqpacket: listen(3, 5) = 0
			chmod("s", 0555) = 0
			chmod("closed", 0666) = 0
			chmod("still", 0555) = 0
			socket(AF_UNIX, TYPE, 0) = 4
			root: bind(4, to(closed/s)) = 0
			root: socket(AF_UNIX, TYPE, 0) = 5
			root stream seqpacket: connect(5, to(s)) = 0
			root dgram: connect(5, to(s)) = -1 EPERM (Operation not permitted)
			root: close(5) = 0
			root: close(4) = 0
			root: setuid(65534) = 0
			root: socket(AF_UNIX, TYPE, 0) = 4
			bind(4, to(closed/t)) = -1 EACCES (Permission denied)
			bind(4, to(still/t)) = -1 EACCES (Permission denied)
			connect(4, to(s)) = -1 EACCES (Permission denied)
			connect(4, to(closed/t)) = -1 EACCES (Permission denied)
			connect(4, to(still/t)) = -1 ENOENT (No such file or directory)
			dgram: sendto(4, "a", 1, 0, to(s)) = -1 EACCES (Permission denied)
			user: chmod("s", 0222) = 0
			user stream seqpacket: connect(4, to(s)) = 0
			user dgram: connect(4, to(s)) = -1 EPERM (Operation not permitted)`,
	},
	{
		id: "NM-02 LX-bind/umask", cite: "Linux net/unix/af_unix.c unix_bind_bsd; POSIX bind() (the mode is open)", types: once,
		says: "the file has mode 0777 without the bits of the umask",
		steps: `
			umask(0) = 022
			umask(0277) = 000
			socket(AF_UNIX, SOCK_STREAM, 0) = 3
			bind(3, to(s)) = 0
			listen(3, 5) = 0
			root: setuid(65534) = 0
			socket(AF_UNIX, SOCK_STREAM, 0) = 4
			connect(4, to(s)) = -1 EACCES (Permission denied)
			umask(0577) = 0277
			socket(AF_UNIX, SOCK_STREAM, 0) = 5
			bind(5, to(t)) = 0
			listen(5, 5) = 0
			connect(4, to(t)) = 0`,
	},
	{
		id: "NM-02 LX-bind/bad-descriptors", cite: "POSIX bind(), listen(), accept(), connect(); Linux net/socket.c", types: once,
		says: "the calls want an open descriptor, EBADF, of a socket, ENOTSOCK",
		steps: `
			eventfd2(0, 0) = 3
			bind(9, to(s)) = -1 EBADF (Bad file descriptor)
			listen(9, 1) = -1 EBADF (Bad file descriptor)
			accept(9, NULL, NULL) = -1 EBADF (Bad file descriptor)
			connect(9, to(s)) = -1 EBADF (Bad file descriptor)
			bind(3, to(s)) = -1 ENOTSOCK (Socket operation on non-socket)
			listen(3, 1) = -1 ENOTSOCK (Socket operation on non-socket)
			accept(3, NULL, NULL) = -1 ENOTSOCK (Socket operation on non-socket)
			connect(3, to(s)) = -1 ENOTSOCK (Socket operation on non-socket)
			unlink("s") = -1 ENOENT (No such file or directory)`,
	},
	{
		id: "NM-08 LX-bind/a-moved-name", cite: "POSIX rename(), link(), symlink(); Linux net/unix/af_unix.c unix_find_bsd", types: anyType,
		says: "a socket is where its file is: under the new name after rename, under every link; what it calls itself stays the name it was bound to",
		steps: `
			socket(AF_UNIX, TYPE|SOCK_NONBLOCK, 0) = 3
			bind(3, to(old)) = 0
			stream seqpacket: listen(3, 5) = 0
			rename("old", "new") = 0
			symlink("new", "soft") = 0
			socket(AF_UNIX, TYPE, 0) = 4
			connect(4, to(old)) = -1 ENOENT (No such file or directory)
			connect(4, to(new)) = 0
			getpeername(4, from(old)) = 0
			socket(AF_UNIX, TYPE, 0) = 5
			connect(5, to(soft)) = 0
			unlink("new") = 0
			socket(AF_UNIX, TYPE, 0) = 6
			connect(6, to(soft)) = -1 ENOENT (No such file or directory)
			sendto(4, "a", 1, MSG_EOR, NULL, 0) = 1
			bind(6, to(old)) = 0
			getsockname(3, from(old)) = 0`,
	},
	{
		id: "NM-02 LX-4.7/the-name-of-an-end", cite: "Linux net/unix/af_unix.c unix_bind; POSIX bind() (open for one that is connected)", types: anyType,
		says: "an end of a pair may be given a name, which its peer sees; a POSIX connection that is shut down has none to give or to show, EINVAL",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			bind(3, to(s)) = 0
			getpeername(4, from(s)) = 0
			sendto(3, "a", 1, MSG_EOR, NULL, 0) = 1
			recvfrom(4, "a", 10, 0, from(s)) = 1
			stream seqpacket: shutdown(4, SHUT_RDWR) = 0
			posix stream seqpacket: getpeername(4, 0x7ffe, [110]) = -1 EINVAL (Invalid argument)
			posix stream seqpacket: bind(4, to(t)) = -1 EINVAL (Invalid argument)
			linux: getpeername(4, from(s)) = 0
			linux: bind(4, to(t)) = 0`,
	},
}
