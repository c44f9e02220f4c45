package sockpair_test

// Chapter 5: SOCK_SEQPACKET [SQ]. On Linux each output is a record and a
// short receive loses the rest; on POSIX a record has as many outputs as its
// sender likes, ends with MSG_EOR, and what a receive leaves stays.
var seqpacketLaws = []law{
	{
		id: "SQ-01/each-output-is-a-record", cite: "Linux net/unix/af_unix.c unix_seqpacket_sendmsg", types: seqpacket, only: "linux",
		says: "on Linux each output is a record, with MSG_EOR or without, and MSG_EOR is never shown",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "ab", 2, 0, NULL, 0) = 2
			sendto(3, "cd", 2, MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="cd", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 2`,
	},
	{
		id: "SQ-01/length-limit-holds-for-each-output", cite: "POSIX send()", types: seqpacket, only: "posix",
		says: "the maximum length is one output's, not the record's",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET|SOCK_NONBLOCK, 0, [3, 4]) = 0
			setsockopt(3, SOL_SOCKET, SO_SNDBUF, [4], 4) = 0
			sendto(3, "abcde", 5, MSG_EOR, NULL, 0) = -1 EMSGSIZE (Message too long)
			sendto(3, "abcd", 4, 0, NULL, 0) = 4
			sendto(3, "ef", 2, MSG_EOR, NULL, 0) = -1 EAGAIN (Resource temporarily unavailable)
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 3
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="d", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1
			sendto(3, "ef", 2, MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ef", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 2`,
	},
	{
		id: "SQ-02/short-read-discards", cite: "Linux manual page socketpair; Linux net/unix/af_unix.c __unix_dgram_recvmsg", types: seqpacket, only: "linux",
		says: "a read returns at most what was asked for and the rest of the packet is discarded",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			write(3, "abcde", 5) = 5
			write(3, "fgh", 3) = 3
			read(4, "ab", 2) = 2
			readv(4, [{iov_base="f", iov_len=1}, {iov_base="gh", iov_len=2}], 2) = 3
			recvfrom(4, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "SQ-02/trunc-tells", cite: "Linux net/unix/af_unix.c __unix_dgram_recvmsg", types: messages, only: "linux",
		says: "MSG_TRUNC in msg_flags tells that a message was cut, and only then",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			2 * write(3, "abcde", 5) = 5
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=4}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_TRUNC}, 0) = 4
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcde", iov_len=5}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 5`,
	},
	{
		id: "SQ-02 LX-4.8/trunc-asks-for-the-length", cite: "Linux net/unix/af_unix.c __unix_dgram_recvmsg", types: messages, only: "linux",
		says: "MSG_TRUNC given to a receive makes it return the message's real length, also with MSG_PEEK",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "abcde", 5) = 5
			recvfrom(4, "ab", 2, MSG_PEEK|MSG_TRUNC, NULL, NULL) = 5
			recvfrom(4, "", 0, MSG_PEEK|MSG_TRUNC, NULL, NULL) = 5
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_TRUNC}, MSG_TRUNC) = 5
			recvfrom(4, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "SQ-02/peek-discards-nothing", cite: "POSIX recv()", types: messages,
		says: "a short peek takes nothing of the message: the next receive gets all of it",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			sendto(3, "abcde", 5, MSG_EOR, NULL, 0) = 5
			recvfrom(4, "ab", 2, MSG_PEEK, NULL, NULL) = 2
			recvfrom(4, "abcde", 10, 0, NULL, NULL) = 5`,
	},
	{
		id: "SQ-03/several-outputs-one-record", cite: "POSIX 2.10.6 Socket Types, send()", types: seqpacket, only: "posix",
		says: "outputs without MSG_EOR go on with the record that one with MSG_EOR ends",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "ab", 2, 0, NULL, 0) = 2
			write(3, "cd", 2) = 2
			sendto(3, "ef", 2, MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcdef", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 6`,
	},
	{
		id: "SQ-03/several-inputs-one-record", cite: "POSIX 2.10.6 Socket Types, recvmsg()", types: seqpacket, only: "posix",
		says: "a record may be received by several inputs, and only the last shows MSG_EOR",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "abcde", 5, MSG_EOR, NULL, 0) = 5
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="cde", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 3`,
	},
	{
		id: "SQ-03/never-two-records", cite: "POSIX 2.10.6 Socket Types", types: seqpacket, only: "posix",
		says: "one input never moves parts of two records, whatever was left of the first",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "abc", 3, MSG_EOR, NULL, 0) = 3
			sendto(3, "de", 2, MSG_EOR, NULL, 0) = 2
			read(4, "a", 1) = 1
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="bc", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="de", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 2`,
	},
	{
		id: "SQ-03/an-open-record-is-not-waited-for", cite: "POSIX recv()", types: seqpacket, only: "posix",
		says: "a receive returns what is there of a record without MSG_EOR, and goes on when more has come",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 2
			recvfrom(4, 0x7ffe, 10, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			sendto(3, "cd", 2, MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="cd", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 2`,
	},
	{
		id: "SQ-03/waitall-waits-for-the-end", cite: "POSIX recv()", types: seqpacket, only: "posix",
		says: "with MSG_WAITALL a receive waits for the end of the record, and does not wait for another",
		steps: `
			100 socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 write(3, "ab", 2) = 2
			101 recvfrom(4,  <unfinished ...>
			100 sendto(3, "cd", 2, MSG_EOR, NULL, 0) = 2
			101 <... recvfrom resumed>"abcd", 10, MSG_WAITALL, NULL, NULL) = 4`,
	},
	{
		id: "SQ-03/an-end-alone", cite: "POSIX send()", types: seqpacket, only: "posix",
		says: "an empty output with MSG_EOR ends the record before it; an empty one without it sends nothing",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "ab", 2, 0, NULL, 0) = 2
			sendto(3, "", 0, 0, NULL, 0) = 0
			sendto(3, "", 0, MSG_EOR, NULL, 0) = 0
			sendto(3, "cd", 2, MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=2}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="cd", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 2`,
	},
	{
		id: "SQ-03/an-empty-record", cite: "POSIX send(), recvmsg()", types: seqpacket, only: "posix",
		says: "MSG_EOR tells an empty record from end of file",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "", 0, MSG_EOR, NULL, 0) = 0
			close(3) = 0
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 0
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 0`,
	},
	{
		id: "SQ-03/an-unended-record-before-the-close", cite: "POSIX close(), recvmsg()", types: seqpacket, only: "posix",
		says: "what a sender left without MSG_EOR is read before end of file, and no end is shown",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			write(3, "ab", 2) = 2
			close(3) = 0
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="ab", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 2
			read(4, "", 10) = 0`,
	},
	{
		id: "SQ-03/peek-shows-the-end", cite: "POSIX recv()", types: seqpacket, only: "posix",
		says: "MSG_PEEK shows a record over its outputs and its end, and takes nothing",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "ab", 2, 0, NULL, 0) = 2
			sendto(3, "cd", 2, MSG_EOR, NULL, 0) = 2
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=10}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, MSG_PEEK) = 4
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abc", iov_len=3}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, MSG_PEEK) = 3
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="abcd", iov_len=4}], msg_iovlen=1, msg_controllen=0, msg_flags=MSG_EOR}, 0) = 4`,
	},
	{
		id: "LX-4.7/name-on-a-record", cite: "Linux net/unix/af_unix.c unix_seqpacket_sendmsg", types: seqpacket,
		says: "an address given to a connected SOCK_SEQPACKET is ignored",
		steps: `
			socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [3, 4]) = 0
			sendto(3, "a", 1, MSG_EOR, {sa_family=AF_UNIX, sun_path="/no/such/socket"}, 18) = 1
			read(4, "a", 10) = 1`,
	},
	{
		id: "LX-4.8/waitall-on-messages", cite: "Linux net/unix/af_unix.c __unix_dgram_recvmsg", types: messages, only: "linux",
		says: "MSG_WAITALL means nothing to a message type: a receive takes one message",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			write(3, "abc", 3) = 3
			write(3, "de", 2) = 2
			recvfrom(4, "abc", 10, MSG_WAITALL, NULL, NULL) = 3
			recvfrom(4, "de", 10, MSG_WAITALL, NULL, NULL) = 2`,
	},
}
