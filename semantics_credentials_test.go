package sockpair_test

// Chapter 19: who sent it, SCM_CREDENTIALS and SO_PASSCRED.
var credentialLaws = []law{
	{
		id: "LX-4.10/asked-for-by-the-receiver", cite: "unix(7) SO_PASSCRED; Linux net/unix/af_unix.c unix_maybe_add_creds", types: anyType, only: "linux",
		says: "with SO_PASSCRED a receive tells the sender's process, user and group; the reader's, not the maker's, are not looked at",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 write(3, "a", 1) = 1
			root: 100 recvmsg(4, {{"a", 10, creds 101 0 0}}, 0) = 1
			user: 100 recvmsg(4, {{"a", 10, creds 101 65534 65534}}, 0) = 1`,
	},
	{
		id: "LX-4.10/nobody-asked", cite: "Linux net/unix/af_unix.c unix_skb_to_scm, net/core/scm.c", types: anyType, only: "linux",
		says: "what was sent while neither end asked has process 0 and the overflow ids; without SO_PASSCRED nothing is told",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 write(3, "a", 1) = 1
			100 recvmsg(4, {{"a", 10}}, 0) = 1
			100 write(3, "b", 1) = 1
			100 setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			100 recvmsg(4, {{"b", 10, creds 0 65534 65534}}, 0) = 1`,
	},
	{
		id: "LX-4.10/asked-for-by-the-sender", cite: "Linux net/unix/af_unix.c unix_maybe_add_creds", types: anyType, only: "linux",
		says: "SO_PASSCRED of the sender attaches its credentials too, for a receiver that asks by the time it receives",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			100 write(3, "a", 1) = 1
			100 setsockopt(3, SOL_SOCKET, SO_PASSCRED, [0], 4) = 0
			100 setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			root: 100 recvmsg(4, {{"a", 10, creds 100 0 0}}, 0) = 1
			user: 100 recvmsg(4, {{"a", 10, creds 100 65534 65534}}, 0) = 1`,
	},
	{
		id: "LX-4.10/given-by-the-sender", cite: "Linux net/core/scm.c scm_check_creds", types: anyType, only: "linux",
		says: "credentials that the sender gives must be its own: another process's are EPERM, but for user 0; the receiver sees them if it asks",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			root: 101 sendmsg(3, {{"a", creds 101 0 0}}, 0) = 1
			root: 101 sendmsg(3, {{"b", creds 100 7 8}}, 0) = 1
			user: 101 sendmsg(3, {{"a", creds 101 65534 65534}}, 0) = 1
			user: 101 sendmsg(3, {{"b", creds 100 65534 65534}}, 0) = -1 EPERM (Operation not permitted)
			user: 101 sendmsg(3, {{"b", creds 101 0 65534}}, 0) = -1 EPERM (Operation not permitted)
			user: 101 sendmsg(3, {{"b", creds 101 65534 0}}, 0) = -1 EPERM (Operation not permitted)
			100 setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			root: 100 recvmsg(4, {{"a", 1, creds 101 0 0}}, 0) = 1
			root: 100 recvmsg(4, {{"b", 1, creds 100 7 8}}, 0) = 1
			user: 100 recvmsg(4, {{"a", 1, creds 101 65534 65534}}, 0) = 1`,
	},
	{
		id: "LX-4.10/given-and-not-asked-for", cite: "Linux include/net/scm.h scm_recv", types: anyType, only: "linux",
		says: "a receiver without SO_PASSCRED is not told what the sender has given",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			root: 100 sendmsg(3, {{"a", creds 100 0 0}}, 0) = 1
			user: 100 sendmsg(3, {{"a", creds 100 65534 65534}}, 0) = 1
			100 recvmsg(4, {{"a", 10}}, 0) = 1`,
	},
	{
		id: "LX-scm/impossible-credentials", cite: "Linux net/core/scm.c __scm_send, scm_check_creds", types: anyType, only: "linux",
		says: "a wrong size is EINVAL, before all else; an ordinary user's wrong process is EPERM, for user 0 one that is not there ESRCH; an id of -1 is EINVAL",
		steps: `
			100 socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			100 sendmsg(3, {{"a", cmsg 24 SOL_SOCKET SCM_CREDENTIALS 0 0}}, 0) = -1 EINVAL (Invalid argument)
			100 sendmsg(3, {{"a", cmsg 32 SOL_SOCKET SCM_CREDENTIALS 0 0 0 0}}, 0) = -1 EINVAL (Invalid argument)
			root: 100 sendmsg(3, {{"a", creds 999999999 0 0}}, 0) = -1 ESRCH (No such process)
			root: 100 sendmsg(3, {{"a", creds 0 0 0}}, 0) = -1 ESRCH (No such process)
			root: 100 sendmsg(3, {{"a", creds 100 -1 0}}, 0) = -1 EINVAL (Invalid argument)
			root: 100 sendmsg(3, {{"a", creds 100 0 -1}}, 0) = -1 EINVAL (Invalid argument)
			user: 100 sendmsg(3, {{"a", creds 999999999 65534 65534}}, 0) = -1 EPERM (Operation not permitted)
			user: 100 sendmsg(3, {{"a", creds 100 -1 65534}}, 0) = -1 EINVAL (Invalid argument)
			100 recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.8/senders-are-kept-apart", cite: "Linux net/unix/af_unix.c unix_stream_read_generic: unix_skb_scm_eq", types: stream, only: "linux",
		says: "with SO_PASSCRED a stream's receive stops where the sender changes; without it never",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(3, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 100 write(3, "a", 1) = 1
			2 * 101 write(3, "b", 1) = 1
			100 recvmsg(4, {{"aabb", 10}}, MSG_PEEK) = 4
			100 setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			root: 100 recvmsg(4, {{"aa", 10, creds 100 0 0}}, 0) = 2
			root: 100 recvmsg(4, {{"bb", 10, creds 101 0 0}}, 0) = 2
			user: 100 recvmsg(4, {{"aa", 10, creds 100 65534 65534}}, 0) = 2
			user: 100 recvmsg(4, {{"bb", 10, creds 101 65534 65534}}, 0) = 2`,
	},
	{
		id: "LX-4.8/unknown-and-known-senders", cite: "Linux net/unix/af_unix.c unix_skb_scm_eq", types: stream, only: "linux",
		says: "with SO_PASSCRED a receive by read stops too between what was sent before and after anybody asked",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			2 * write(3, "a", 1) = 1
			setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			write(3, "b", 1) = 1
			read(4, "aa", 10) = 2
			read(4, "b", 10) = 1`,
	},
	{
		id: "LX-4.7/a-sender-that-asks-has-a-name", cite: "Linux net/unix/af_unix.c unix_dgram_sendmsg: unix_autobind", types: anyType, only: "linux",
		says: "a send on a datagram or packet socket with SO_PASSCRED gives it a name of its own; the receiver's option and a stream's send do not",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			getsockname(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			write(3, "a", 1) = 1
			stream: getsockname(3, {sa_family=AF_UNIX}, [110 => 2]) = 0
			dgram seqpacket: getsockname(3, {sa_family=AF_UNIX, sun_path=@"00000"}, [110 => 8]) = 0
			getsockname(4, {sa_family=AF_UNIX}, [110 => 2]) = 0`,
	},
	{
		id: "LX-4.9/order-of-what-comes", cite: "Linux include/net/scm.h scm_recv_unix, net/unix/af_unix.c", types: stream, only: "linux",
		says: "the control messages of a receive come in this order: credentials, descriptors, SCM_INQ",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			100 setsockopt(4, SOL_SOCKET, SO_INQ, [1], 4) = 0
			100 sendmsg(3, {{"abc", rights 3}}, 0) = 3
			root: 100 recvmsg(4, {{"a", 1, creds 100 0 0, rights 5, inq 2}}, 0) = 1
			root: 100 recvmsg(4, {{"bc", 9, creds 100 0 0, inq 0}}, 0) = 2
			user: 100 recvmsg(4, {{"a", 1, creds 100 65534 65534, rights 5, inq 2}}, 0) = 1
			user: 100 recvmsg(4, {{"bc", 9, creds 100 65534 65534, inq 0}}, 0) = 2`,
	},
	{
		id: "LX-4.11/what-is-left", cite: "Linux net/unix/af_unix.c unix_stream_recvmsg: SCM_INQ (6.17)", types: stream, only: "linux",
		says: "with SO_INQ recvmsg tells how many bytes are left behind what it took; SO_INQ cannot be read",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_INQ, [1], 4) = 0
			getsockopt(4, SOL_SOCKET, SO_INQ, 0x7ffe, [4]) = -1 ENOPROTOOPT (Protocol not available)
			write(3, "abcd", 4) = 4
			write(3, "ef", 2) = 2
			recvmsg(4, {{"abc", 3, inq 3}}, 0) = 3
			recvmsg(4, {{"d", 1, inq 3}}, MSG_PEEK) = 1
			recvmsg(4, {{"def", 9, inq 0}}, 0) = 3
			write(3, "g", 1) = 1
			recvmsg(4, {{"g", 9, flags MSG_CTRUNC}}, 0) = 1
			setsockopt(4, SOL_SOCKET, SO_INQ, [2], 4) = -1 EINVAL (Invalid argument)
			shutdown(3, SHUT_WR) = 0
			recvmsg(4, {{"", 9, inq 0}}, 0) = 0`,
	},
	{
		id: "LX-4.9/credentials-are-cut", cite: "Linux net/core/scm.c put_cmsg", types: anyType, only: "linux",
		says: "credentials without enough room are cut to it, with a cmsg_len of the room, and MSG_CTRUNC tells",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PASSCRED, [1], 4) = 0
			2 * write(3, "a", 1) = 1
			recvmsg(4, {{"a", 1, cmsg 20 SOL_SOCKET SCM_CREDENTIALS, length 20, room 20, flags MSG_CTRUNC}}, 0) = 1
			recvmsg(4, {{"a", 1, room 15, flags MSG_CTRUNC}}, 0) = 1`,
	},
	{
		id: "LX-4.10/a-descriptor-of-the-sender", cite: "Linux include/net/scm.h scm_pidfd_recv", types: anyType, only: "linux",
		says: "with SO_PASSPIDFD each receive makes a descriptor of the sender's process, of the lowest free number; a read makes none",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_PASSPIDFD, [1], 4) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			2 * 101 write(3, "a", 1) = 1
			100 recvmsg(4, {{"a", 1, cmsg 20 SOL_SOCKET SCM_PIDFD 5}}, 0) = 1
			100 dup(3) = 6
			100 read(4, "a", 1) = 1
			100 dup(3) = 7`,
	},
	{
		id: "LX-4.9/where-the-process-comes", cite: "Linux include/net/scm.h scm_recv_unix", types: stream, only: "linux",
		says: "SCM_PIDFD comes behind the descriptors, which have the lower numbers, and before SCM_INQ",
		steps: `
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			100 setsockopt(4, SOL_SOCKET, SO_PASSPIDFD, [1], 4) = 0
			100 setsockopt(4, SOL_SOCKET, SO_INQ, [1], 4) = 0
			100 sendmsg(3, {{"ab", rights 3}}, 0) = 2
			100 recvmsg(4, {{"a", 1, rights 5, cmsg 20 SOL_SOCKET SCM_PIDFD 6, inq 1}}, 0) = 1
			100 recvmsg(4, {{"b", 1, cmsg 20 SOL_SOCKET SCM_PIDFD 7, inq 0}}, 0) = 1`,
	},
}
