package sockpair_test

// Chapter 17: descriptors in messages, SCM_RIGHTS. {{...}} is a struct msghdr,
// see messageWord.
var rightsLaws = []law{
	{
		id: "LX-4.9/the-same-description", cite: "unix(7) SCM_RIGHTS; Linux net/core/scm.c scm_detach_fds", types: anyType, only: "linux",
		says: "a descriptor that is sent comes as the lowest free number of the receiver, for the same open file description",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 socketpair(AF_UNIX, TYPE, 0, [5, 6]) = 0
			101 socketpair(AF_UNIX, TYPE, 0, [7, 8]) = 0
			101 sendmsg(3, {{"a", rights 8 6}}, 0) = 1
			101 close(6) = 0
			100 recvmsg(4, {{"a", 10, rights 5 6}}, 0) = 1
			101 write(7, "by 8", 4) = 4
			101 write(5, "by 6", 4) = 4
			100 read(5, "by 8", 10) = 4
			100 read(6, "by 6", 10) = 4
			100 fcntl(5, F_SETFL, O_RDWR|O_NONBLOCK) = 0
			101 fcntl(8, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)`,
	},
	{
		id: "LX-4.9/any-file", cite: "unix(7) SCM_RIGHTS", types: anyType, only: "linux",
		says: "any file may be sent: the end itself, the other end, a file that is no socket, one file twice",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3 4 0 3}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5 6 7 8}}, 0) = 1
			write(8, "on 3", 4) = 4
			read(6, "on 3", 10) = 4
			write(6, "on 4", 4) = 4
			read(5, "on 4", 10) = 4`,
	},
	{
		id: "LX-4.9/headers-are-joined", cite: "Linux net/core/scm.c scm_fp_copy", types: anyType, only: "linux",
		says: "the descriptors of several SCM_RIGHTS of one send come as one",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3, rights 4 4}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5..7}}, 0) = 1`,
	},
	{
		id: "LX-4.9/253-at-most", cite: "Linux include/net/scm.h SCM_MAX_FD", types: anyType, only: "linux",
		says: "a message takes 253 descriptors, counted over all its SCM_RIGHTS; more are EINVAL and send nothing",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3*254}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", rights 3*253, rights 3}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", rights 3*100, rights 3*100, rights 3*54}}, 0) = -1 EINVAL (Invalid argument)
			recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			sendmsg(3, {{"a", rights 3*153, rights 4*100}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5..257}}, 0) = 1`,
	},
	{
		id: "LX-4.9/one-that-is-not-open", cite: "Linux net/core/scm.c scm_fp_copy", types: anyType, only: "linux",
		says: "a descriptor that is not open is EBADF, and nothing is sent",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3 99}}, 0) = -1 EBADF (Bad file descriptor)
			sendmsg(3, {{"a", rights -1}}, 0) = -1 EBADF (Bad file descriptor)
			recvfrom(4, 0x7ffe, 10, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-4.9/closed-descriptor-first", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg, unix_dgram_sendmsg: scm_send", types: anyType, only: "linux",
		says: "EBADF of a descriptor comes before EMSGSIZE, EPIPE and the EOPNOTSUPP of MSG_OOB, and raises no SIGPIPE",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"x"..., 300000, rights 99}}, 0) = -1 EBADF (Bad file descriptor)
			sendmsg(3, {{"a", rights 99}}, MSG_OOB) = -1 EBADF (Bad file descriptor)
			sendmsg(3, {{"", rights 99}}, MSG_OOB) = -1 EBADF (Bad file descriptor)
			shutdown(3, SHUT_WR) = 0
			sendmsg(3, {{"a", rights 99}}, 0) = -1 EBADF (Bad file descriptor)
			sendmsg(3, {{"a", rights 4}}, MSG_NOSIGNAL) = -1 EPIPE (Broken pipe)`,
	},
	{
		id: "LX-4.9/malformed-lengths", cite: "Linux net/core/scm.c __scm_send: CMSG_OK", types: anyType, only: "linux",
		says: "a cmsg_len below the header's or beyond what is left is EINVAL; less than a header at the end is ignored",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"a", cmsg 15 SOL_SOCKET SCM_RIGHTS 3, length 24}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", cmsg 0 SOL_IP 0 3, length 24}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", cmsg 25 SOL_SOCKET SCM_RIGHTS 3, length 24}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", rights 3, cmsg 17 SOL_SOCKET SCM_RIGHTS, length 40}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", length 15}}, 0) = 1
			sendmsg(3, {{"b", rights 3, length 39}}, 0) = 1
			recvmsg(4, {{"a", 1}}, 0) = 1
			recvmsg(4, {{"b", 1, rights 5}}, 0) = 1`,
	},
	{
		id: "LX-4.9/no-descriptors", cite: "Linux net/core/scm.c scm_fp_copy", types: anyType, only: "linux",
		says: "an SCM_RIGHTS without a whole descriptor is accepted and does not come",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {{"a", cmsg 16 SOL_SOCKET SCM_RIGHTS}}, 0) = 1
			recvmsg(4, {{"a", 10}}, 0) = 1
			sendmsg(3, {{"b", cmsg 19 SOL_SOCKET SCM_RIGHTS 99}}, 0) = 1
			recvmsg(4, {{"b", 10}}, 0) = 1
			sendmsg(3, {{"c", cmsg 23 SOL_SOCKET SCM_RIGHTS 4 99}}, 0) = 1
			recvmsg(4, {{"c", 10, rights 5}}, 0) = 1`,
	},
	{
		id: "LX-4.9/unknown-kinds", cite: "Linux net/core/scm.c __scm_send", types: anyType, only: "linux",
		says: "an unknown type of SOL_SOCKET is EINVAL, also one that only receives have; another level is passed over",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"a", cmsg 20 SOL_SOCKET 99 3}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", cmsg 20 SOL_SOCKET SCM_INQ 3}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", rights 3, cmsg 20 SOL_SOCKET 3 3}}, 0) = -1 EINVAL (Invalid argument)
			sendmsg(3, {{"a", cmsg 20 SOL_IP SCM_RIGHTS 99, rights 3}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5}}, 0) = 1`,
	},
	{
		id: "LX-4.9/too-much-control", cite: "Linux net/socket.c ____sys_sendmsg, net/core/sock.c sock_kmalloc", types: anyType, only: "linux",
		says: "131072 bytes of control messages are ENOBUFS, before anything in them is looked at",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"a", cmsg 131064 SOL_IP 0, length 131071}}, 0) = 1
			sendmsg(3, {{"a", cmsg 131064 SOL_IP 0, length 131072}}, 0) = -1 ENOBUFS (No buffer space available)
			sendmsg(3, {{"a", cmsg 15 SOL_SOCKET 99, length 131073}}, 0) = -1 ENOBUFS (No buffer space available)`,
	},
	{
		id: "LX-4.9/padding-is-room", cite: "Linux net/core/scm.c scm_max_fds", types: anyType, only: "linux",
		says: "room for control messages is counted with its padding: CMSG_SPACE of one descriptor takes two; the others are closed, and MSG_CTRUNC tells",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3 3 3}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5 6, room 24, flags MSG_CTRUNC}}, 0) = 1
			sendmsg(3, {{"a", rights 3 3}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 7 8, room 24}}, 0) = 1
			sendmsg(3, {{"a", rights 3 3}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 9, length 20, room 20, flags MSG_CTRUNC}}, 0) = 1
			sendmsg(3, {{"a", rights 3}}, 0) = 1
			recvmsg(4, {{"a", 10, room 19, flags MSG_CTRUNC}}, 0) = 1
			dup(3) = 10`,
	},
	{
		id: "LX-4.9/no-room", cite: "Linux net/core/scm.c scm_detach_fds", types: anyType, only: "linux",
		says: "without room for control messages the descriptors are closed, and MSG_CTRUNC tells",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			sendmsg(3, {{"a", rights 5}}, 0) = 1
			close(5) = 0
			poll([{fd=6, events=POLLIN}], 1, 0) = 0 (Timeout)
			recvmsg(4, {{"a", 10, flags MSG_CTRUNC}}, 0) = 1
			read(6, "", 10) = 0`,
	},
	{
		id: "LX-4.9/lost-by-read", cite: "Linux net/unix/af_unix.c unix_stream_read_generic, __unix_dgram_recvmsg", types: anyType, only: "linux",
		says: "read, recv and recvfrom close the descriptors that came with what they take",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			sendmsg(3, {{"a", rights 5}}, 0) = 1
			read(4, "a", 10) = 1
			sendmsg(3, {{"b", rights 5}}, 0) = 1
			close(5) = 0
			recvfrom(4, "b", 10, 0, NULL, NULL) = 1
			read(6, "", 10) = 0
			dup(3) = 5`,
	},
	{
		id: "LX-4.9/no-numbers-left", cite: "Linux net/core/scm.c scm_detach_fds", types: anyType, only: "linux",
		says: "when the receiver's numbers run out those that have one are told, the others closed, and the call succeeds with MSG_CTRUNC",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3 3 4 4}}, 0) = 1
			sendmsg(3, {{"b", rights 3}}, 0) = 1
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=8, rlim_max=4096}, NULL) = 0
			recvmsg(4, {{"a", 1, rights 5 6 7, room 64, flags MSG_CTRUNC}}, 0) = 1
			recvmsg(4, {{"b", 1, room 64, flags MSG_CTRUNC}}, 0) = 1`,
	},
	{
		id: "LX-4.9/cloexec", cite: "Linux net/core/scm.c scm_detach_fds", types: anyType, only: "linux",
		says: "FD_CLOEXEC of a new number is what MSG_CMSG_CLOEXEC says, whatever the sender's had; the flag is shown in msg_flags",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_CLOEXEC, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5}}, 0) = 1
			fcntl(5, F_GETFD) = 0
			sendmsg(3, {{"b", rights 5}}, 0) = 1
			recvmsg(4, {{"b", 10, rights 6, flags MSG_CMSG_CLOEXEC}}, MSG_CMSG_CLOEXEC) = 1
			fcntl(6, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			write(3, "c", 1) = 1
			recvmsg(4, {{"c", 10, flags MSG_CMSG_CLOEXEC}}, MSG_CMSG_CLOEXEC) = 1`,
	},
	{
		id: "LX-4.9/peek-duplicates", cite: "Linux net/unix/af_unix.c unix_peek_fds", types: anyType, only: "linux",
		says: "each peek makes new numbers for the descriptors, and they stay with the message",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {{"a", rights 3}}, 0) = 1
			recvmsg(4, {{"a", 10, rights 5}}, MSG_PEEK) = 1
			recvmsg(4, {{"a", 10, rights 6}}, MSG_PEEK) = 1
			recvmsg(4, {{"a", 10, rights 7}}, 0) = 1`,
	},
	{
		id: "LX-4.9/where-a-stream-stops", cite: "Linux net/unix/af_unix.c unix_stream_read_generic", types: stream, only: "linux",
		says: "a receive joins what lies before a send with descriptors to it, and stops behind it; a peek likewise",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			write(3, "aa", 2) = 2
			sendmsg(3, {{"bb", rights 3}}, 0) = 2
			write(3, "cc", 2) = 2
			sendmsg(3, {{"dd", rights 3 4}}, 0) = 2
			sendmsg(3, {{"ee", rights 4}}, 0) = 2
			recvmsg(4, {{"aabb", 20, rights 5}}, MSG_PEEK) = 4
			recvmsg(4, {{"aabb", 20, rights 6}}, 0) = 4
			recvmsg(4, {{"ccdd", 20, rights 7 8}}, MSG_WAITALL) = 4
			recvmsg(4, {{"ee", 20, rights 9}}, 0) = 2`,
	},
	{
		id: "LX-4.9/with-the-first-byte", cite: "Linux net/unix/af_unix.c unix_stream_read_generic, unix_detach_fds", types: stream, only: "linux",
		says: "descriptors come with the first byte that is taken of their send, and not with what is left of it",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			sendmsg(3, {{"abc", rights 3}}, 0) = 3
			write(3, "d", 1) = 1
			recvmsg(4, {{"a", 1, rights 5}}, 0) = 1
			recvmsg(4, {{"bcd", 10}}, 0) = 3
			sendmsg(3, {{"ef", rights 3}}, 0) = 2
			read(4, "e", 1) = 1
			recvmsg(4, {{"f", 10}}, 0) = 1`,
	},
	{
		id: "LX-4.9/first-piece-only", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg", types: stream, only: "linux",
		says: "of a long stream send the first piece, 36544 bytes, has the descriptors",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
			sendmsg(3, {{"x"..., 100000, rights 3}}, 0) = 100000
			recvmsg(4, {{"x"..., 200000, rights 5}}, 0) = 36544
			recvmsg(4, {{"x"..., 200000}}, 0) = 63456`,
	},
	{
		id: "LX-4.9/nothing-sent-nothing-held", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg, unix_dgram_sendmsg", types: anyType, only: "linux",
		says: "a send that fails for want of room takes no descriptors along",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [2000], 4) = 0
			2 * write(3, "x"..., 1000) = 1000
			sendmsg(3, {{"a", rights 5}}, 0) = -1 EAGAIN (Resource temporarily unavailable)
			close(5) = 0
			read(6, "", 10) = 0`,
	},
	{
		id: "LX-zero/empty-sends-and-descriptors", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg, unix_dgram_sendmsg", types: anyType, only: "linux",
		says: "an empty message carries descriptors; an empty stream send succeeds and drops them",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [5, 6]) = 0
			sendmsg(3, {{"", rights 5}}, 0) = 0
			close(5) = 0
			stream: read(6, "", 10) = 0
			stream: recvmsg(4, {{"", 10}}, 0) = -1 EAGAIN (Resource temporarily unavailable)
			dgram seqpacket: read(6, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)
			dgram seqpacket: recvmsg(4, {{"", 10, rights 5}}, 0) = 0`,
	},
	{
		id: "LX-4.9/too-many-in-flight", cite: "Linux net/core/scm.c too_many_unix_fds", types: anyType, only: "linux",
		says: "once an ordinary user has more descriptors in flight than RLIMIT_NOFILE a send of others is ETOOMANYREFS, until they are received; user 0 is not bound",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=64, rlim_max=64}, NULL) = 0
			65 * sendmsg(3, {{"a", rights 0}}, 0) = 1
			root: sendmsg(3, {{"a", rights 3}}, 0) = 1
			user: sendmsg(3, {{"a", rights 3}}, 0) = -1 ETOOMANYREFS (Too many references: cannot splice)
			user: write(3, "b", 1) = 1
			read(4, "a", 1) = 1
			sendmsg(3, {{"c", rights 3}}, 0) = 1`,
	},
	{
		id: "LX-scm/one-send-may-go-beyond", cite: "Linux net/core/scm.c too_many_unix_fds: tested before they are counted", types: anyType, only: "linux",
		says: "the bound is tested before the descriptors of the send are counted: one message may go far beyond it",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=64, rlim_max=64}, NULL) = 0
			sendmsg(3, {{"a", rights 0*200}}, 0) = 1
			user: sendmsg(3, {{"a", rights 0}}, 0) = -1 ETOOMANYREFS (Too many references: cannot splice)
			root: sendmsg(3, {{"a", rights 0}}, 0) = 1`,
	},
	{
		id: "LX-4.9/refused-descriptors", cite: "Linux net/unix/af_unix.c unix_may_passrights (6.16)", types: anyType, only: "linux",
		says: "SO_PASSRIGHTS, 1 at first, cleared at the receiver makes later sends with descriptors EPERM; what is queued comes, and data alone passes",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			getsockopt(4, SOL_SOCKET, SO_PASSRIGHTS, [1], [4]) = 0
			sendmsg(3, {{"a", rights 3}}, 0) = 1
			setsockopt(4, SOL_SOCKET, SO_PASSRIGHTS, [0], 4) = 0
			sendmsg(3, {{"b", rights 3}}, 0) = -1 EPERM (Operation not permitted)
			write(3, "c", 1) = 1
			recvmsg(4, {{"a", 1, rights 5}}, 0) = 1
			recvmsg(4, {{"c", 1}}, 0) = 1
			sendmsg(4, {{"d", rights 3}}, 0) = 1`,
	},
	{
		id: "LX-scm/out-of-band", cite: "Linux net/unix/af_unix.c unix_stream_sendmsg, queue_oob", types: stream, only: "linux",
		says: "descriptors of a MSG_OOB send of several bytes ride on the ordinary ones",
		steps: `
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [3, 4]) = 0
			sendmsg(3, {{"abX", rights 3}}, MSG_OOB) = 3
			recvmsg(4, {{"X", 1, flags MSG_OOB}}, MSG_OOB) = 1
			recvmsg(4, {{"ab", 10, rights 5}}, 0) = 2`,
	},
	{
		id: "LX-fault/bytes-and-descriptors", cite: "Linux net/unix/af_unix.c unix_stream_read_generic, __unix_dgram_recvmsg", types: anyType, only: "linux",
		says: "a receive into a bad address leaves a stream its bytes and descriptors; a message is lost with its descriptors",
		steps: `
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [3, 4]) = 0
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [5, 6]) = 0
			sendmsg(3, {{"abc", rights 5}}, 0) = 3
			close(5) = 0
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=NULL, iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = -1 EFAULT (Bad address)
			stream: read(6, 0x7ffe, 1) = -1 EAGAIN (Resource temporarily unavailable)
			stream: recvmsg(4, {{"abc", 10, rights 5}}, 0) = 3
			dgram seqpacket: read(6, "", 1) = 0
			dgram seqpacket: recvmsg(4, {{"", 10}}, 0) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-fault/control-messages", cite: "Linux net/core/scm.c put_cmsg, scm_detach_fds", types: anyType, only: "linux",
		says: "bad memory for control messages: a send is EFAULT; a receive has its bytes, MSG_CTRUNC, no control messages, and no number is taken",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=1}], msg_iovlen=1, msg_control=0x1, msg_controllen=24, msg_flags=0}, 0) = -1 EFAULT (Bad address)
			sendmsg(3, {{"abc", rights 3}}, 0) = 3
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=10}], msg_iovlen=1, msg_control=0x1, msg_controllen=24 => 0, msg_flags=MSG_CTRUNC}, 0) = 3
			dup(3) = 5`,
	},
}
