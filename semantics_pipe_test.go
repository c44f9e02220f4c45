package sockpair_test

// Chapter 23: pipes, which programs use together with sockets, and the calls
// that move data between the two. A buffer of a pipe is a page, 4096 bytes.
var pipeLaws = []law{
	{
		id: "LX-pipe/errors-of-pipe", cite: "POSIX pipe(); Linux fs/pipe.c do_pipe2", types: stream, only: "linux",
		says: "pipe2 takes four flags, one of which is not there; a bad vector takes no number",
		steps: `
			pipe2([3, 4], O_APPEND) = -1 EINVAL (Invalid argument)
			pipe2([3, 4], O_EXCL) = -1 ENOPKG (Package not installed)
			pipe2(NULL, 0) = -1 EFAULT (Bad address)
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=4, rlim_max=1024}, NULL) = 0
			pipe2(NULL, 0) = -1 EMFILE (Too many open files)
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=1024, rlim_max=1024}, NULL) = 0
			pipe2([3, 4], O_NONBLOCK|O_DIRECT) = 0
			fcntl(3, F_GETFL) = 0x800 (flags O_RDONLY|O_NONBLOCK)
			fcntl(4, F_GETFL) = 0x4801 (flags O_WRONLY|O_NONBLOCK|O_DIRECT)
			read(4, 0x7ffe, 1) = -1 EBADF (Bad file descriptor)
			write(3, "a", 1) = -1 EBADF (Bad file descriptor)
			sendto(4, "a", 1, 0, NULL, 0) = -1 ENOTSOCK (Socket operation on non-socket)
			lseek(3, 0, SEEK_CUR) = -1 ESPIPE (Illegal seek)`,
	},
	{
		id: "LX-pipe/buffers-not-bytes", cite: "Linux fs/pipe.c anon_pipe_write: pipe_full", types: stream, only: "linux",
		says: "a pipe is full when its buffers are in use, however little is in them, and a buffer is free when all of it has been read",
		steps: `
			pipe2([3, 4], O_NONBLOCK) = 0
			16 * write(4, "a"..., 4095) = 4095
			write(4, "bb", 2) = -1 EAGAIN (Resource temporarily unavailable)
			write(4, "b", 1) = 1
			ioctl(4, FIONREAD, [65521]) = 0
			read(3, "a"..., 4094) = 4094
			write(4, "b", 1) = -1 EAGAIN (Resource temporarily unavailable)
			read(3, "a"..., 1) = 1
			write(4, "c"..., 4096) = 4096`,
	},
	{
		id: "LX-pipe/joined", cite: "Linux fs/pipe.c anon_pipe_write", types: stream, only: "linux",
		says: "what exceeds whole pages joins the last buffer, if it fits there, before new ones are filled",
		steps: `
			pipe2([3, 4], O_NONBLOCK) = 0
			fcntl(4, F_SETPIPE_SZ, 8192) = 8192
			write(4, "a"..., 4000) = 4000
			write(4, "b"..., 4096) = 4096
			write(4, "c", 1) = -1 EAGAIN (Resource temporarily unavailable)
			read(3, "a"..., 4000) = 4000
			write(4, "d"..., 100) = 100
			write(4, "e"..., 4097) = 1
			write(4, "f"..., 3995) = 3995
			write(4, "g", 1) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-pipe/whole", cite: "POSIX write(): PIPE_BUF; Linux fs/pipe.c anon_pipe_write", types: stream,
		says: "a write of up to 4096 bytes goes in whole or not at all",
		steps: `
			pipe2([3, 4], O_NONBLOCK) = 0
			write(4, "a"..., 61440) = 61440
			write(4, "b"..., 100) = 100
			write(4, "c"..., 4096) = -1 EAGAIN (Resource temporarily unavailable)
			write(4, "c"..., 10000) = 1808
			ioctl(3, FIONREAD, [63348]) = 0`,
	},
	{
		id: "LX-pipe/packets", cite: "pipe(2) O_DIRECT; Linux fs/pipe.c anon_pipe_read: PIPE_BUF_FLAG_PACKET", types: stream, only: "linux",
		says: "with O_DIRECT each write makes packets of a page at most, of which a read takes one and loses what it has no room for",
		steps: `
			pipe2([3, 4], O_DIRECT|O_NONBLOCK) = 0
			write(4, "abc", 3) = 3
			write(4, "de", 2) = 2
			write(4, "x"..., 5000) = 5000
			read(3, "ab", 2) = 2
			read(3, "de", 100) = 2
			read(3, "x"..., 10000) = 4096
			read(3, "x"..., 10000) = 904
			read(3, 0x7ffe, 10) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-pipe/end", cite: "POSIX read(), write(), poll(); Linux fs/pipe.c pipe_poll", types: stream, only: "linux",
		says: "without a writer a pipe is read to its end and hangs up; without a reader it is broken, and still has room",
		steps: `
			100 pipe2([3, 4], 0) = 0
			100 pipe2([5, 6], 0) = 0
			100 poll([{fd=3, events=POLLIN|POLLOUT|POLLRDHUP}, {fd=4, events=POLLIN|POLLOUT}], 2, 0) = 1 ([{fd=4, revents=POLLOUT}])
			100 write(4, "a", 1) = 1
			100 close(4) = 0
			100 poll([{fd=3, events=POLLIN}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])
			100 read(3, "a", 9) = 1
			100 read(3, "", 9) = 0
			100 poll([{fd=3, events=POLLIN}], 1, 0) = 1 ([{fd=3, revents=POLLHUP}])
			100 close(5) = 0
			100 poll([{fd=6, events=POLLOUT}], 1, 0) = 1 ([{fd=6, revents=POLLOUT|POLLERR}])
			100 rt_sigaction(SIGPIPE, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8) = 0
			100 write(6, "", 0) = 0
			100 write(6, "a", 1) = -1 EPIPE (Broken pipe)
			100 rt_sigaction(SIGPIPE, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, NULL, 8) = 0
			100 write(6, "a", 1) = -1 EPIPE (Broken pipe)
			100 --- SIGPIPE {si_signo=SIGPIPE, si_code=SI_USER} ---
			100 +++ killed by SIGPIPE +++`,
	},
	{
		id: "LX-pipe/size", cite: "fcntl(2) F_SETPIPE_SZ; Linux fs/pipe.c pipe_set_size", types: stream, only: "linux",
		says: "a size is rounded up to a power of two of pages, and not below what is in use; ordinary users get 1 MiB at most",
		steps: `
			pipe2([3, 4], O_NONBLOCK) = 0
			fcntl(3, F_GETPIPE_SZ) = 65536
			fcntl(3, F_SETPIPE_SZ, 0) = 4096
			fcntl(4, F_SETPIPE_SZ, 4097) = 8192
			write(4, "a"..., 5000) = 5000
			fcntl(4, F_SETPIPE_SZ, 4096) = -1 EBUSY (Device or resource busy)
			fcntl(4, F_SETPIPE_SZ, -1) = -1 EINVAL (Invalid argument)
			fcntl(4, F_SETPIPE_SZ, 1048576) = 1048576
			user: fcntl(4, F_SETPIPE_SZ, 1048577) = -1 EPERM (Operation not permitted)
			socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			fcntl(5, F_GETPIPE_SZ) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "LX-pipe/wakes", cite: "POSIX read(), write(); Linux fs/pipe.c anon_pipe_read, anon_pipe_write", types: stream,
		says: "a read waits for bytes or the last writer's close, a write for the buffers that it still needs",
		steps: `
			100 pipe2([3, 4], 0) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			101 close(3) = 0
			100 close(4) = 0
			100 read(3,  <unfinished ...>
			101 write(4, "hello", 5) = 5
			100 <... read resumed>"hello", 10) = 5
			101 write(4, "a"..., 69632 <unfinished ...>
			100 read(3, "a"..., 4096) = 4096
			101 <... write resumed>) = 69632
			100 read(3, "a"..., 70000) = 65536
			100 read(3,  <unfinished ...>
			101 close(4) = 0
			100 <... read resumed>"", 10) = 0`,
	},
	{
		id: "LX-pipe/exclusive-watches", cite: "Linux fs/pipe.c anon_pipe_read: wait_event_interruptible_exclusive; fs/eventpoll.c ep_poll_callback", types: stream, only: "linux",
		says: "reads of a pipe and registrations with EPOLLEXCLUSIVE are one line, in order of arrival, and so are writes at the other end",
		steps: `
			100 pipe2([3, 4], 0) = 0
			100 epoll_create1(0) = 5
			100 epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x3}) = 0
			100 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLOUT|EPOLLET|EPOLLEXCLUSIVE, data=0x4}) = 0
			100 epoll_wait(5, [{events=EPOLLOUT, data=0x4}], 8, 0) = 1
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			101 epoll_wait(5,  <unfinished ...>
			102 read(3,  <unfinished ...>
			100 write(4, "ab", 2) = 2
			101 <... epoll_wait resumed>[{events=EPOLLIN, data=0x3}], 8, -1) = 1
			100 write(4, "cd", 2) = 2
			102 <... read resumed>"abcd", 10) = 4
			100 write(4, "a"..., 65536) = 65536
			100 epoll_ctl(5, EPOLL_CTL_DEL, 3, NULL) = 0
			101 epoll_wait(5,  <unfinished ...>
			102 write(4, "b",  <unfinished ...>
			100 read(3, "a"..., 4096) = 4096
			101 <... epoll_wait resumed>[{events=EPOLLOUT, data=0x4}], 8, -1) = 1
			101 write(4, "c", 1) = 1
			100 read(3, "a"..., 4096) = 4096
			102 <... write resumed>1) = 1`,
	},
	{
		id: "LX-splice/ends-of-a-splice", cite: "splice(2), tee(2), sendfile(2); Linux fs/splice.c do_splice, fs/read_write.c do_sendfile", types: stream, only: "linux",
		says: "one of the two is a pipe, they are not the same, no offset is given; sendfile works from a socket to a pipe",
		steps: `
			pipe2([3, 4], O_NONBLOCK) = 0
			socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [5, 6]) = 0
			splice(-1, NULL, -1, NULL, 0, 0x10) = 0
			splice(-1, NULL, -1, NULL, 1, 0x10) = -1 EINVAL (Invalid argument)
			splice(3, NULL, -1, NULL, 1, 0) = -1 EBADF (Bad file descriptor)
			splice(4, NULL, 5, NULL, 1, 0) = -1 EBADF (Bad file descriptor)
			splice(3, [0], 5, NULL, 1, 0) = -1 ESPIPE (Illegal seek)
			splice(3, NULL, 5, [0], 1, 0) = -1 EINVAL (Invalid argument)
			splice(5, NULL, 6, NULL, 1, 0) = -1 EINVAL (Invalid argument)
			splice(3, NULL, 4, NULL, 1, 0) = -1 EINVAL (Invalid argument)
			splice(3, NULL, 5, NULL, 1, 0) = -1 EAGAIN (Resource temporarily unavailable)
			splice(5, NULL, 4, NULL, 1, 0) = -1 EAGAIN (Resource temporarily unavailable)
			tee(-1, -1, 0, 0x10) = -1 EINVAL (Invalid argument)
			tee(-1, -1, 0, 0) = 0
			tee(3, 5, 1, 0) = -1 EINVAL (Invalid argument)
			sendfile(5, 6, NULL, 1) = -1 EINVAL (Invalid argument)
			sendfile(4, 5, [0], 1) = -1 ESPIPE (Illegal seek)
			write(6, "abc", 3) = 3
			sendfile(4, 5, NULL, 2) = 2
			read(3, "ab", 9) = 2`,
	},
	{
		id: "LX-splice/charge", cite: "Linux fs/splice.c splice_to_socket, net/core/skbuff.c skb_splice_from_iter", types: anyType, only: "linux",
		says: "a stream is charged 768 and a byte for each byte of up to 16 buffers; another socket gets them as one message",
		steps: `
			pipe2([3, 4], O_DIRECT|O_NONBLOCK) = 0
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [5, 6]) = 0
			fcntl(4, F_SETPIPE_SZ, 131072) = 131072
			17 * write(4, "abcde", 5) = 5
			splice(3, NULL, 5, NULL, 85, 0) = 85
			stream: ioctl(5, SIOCOUTQ, [1621]) = 0
			dgram seqpacket: ioctl(5, SIOCOUTQ, [1536]) = 0
			stream: read(6, "abcde"..., 100) = 85
			dgram seqpacket: read(6, "abcde"..., 100) = 80
			dgram seqpacket: read(6, "abcde", 100) = 5`,
	},
	{
		id: "LX-splice/from-a-socket", cite: "Linux fs/splice.c splice_file_to_pipe, copy_splice_read, net/unix/af_unix.c unix_stream_splice_read", types: anyType, only: "linux",
		says: "a stream fills buffers as a receive would; of a message what there are no buffers for is lost",
		steps: `
			pipe2([3, 4], O_NONBLOCK) = 0
			fcntl(4, F_SETPIPE_SZ, 4096) = 4096
			socketpair(AF_UNIX, TYPE|SOCK_NONBLOCK, 0, [5, 6]) = 0
			write(6, "a"..., 5000) = 5000
			stream: splice(5, NULL, 4, NULL, 65536, 0) = 904
			stream: splice(5, NULL, 4, NULL, 65536, 0) = -1 EAGAIN (Resource temporarily unavailable)
			stream: read(3, "a"..., 65536) = 904
			splice(5, NULL, 4, NULL, 65536, 0) = 4096
			read(3, "a"..., 65536) = 4096
			splice(5, NULL, 4, NULL, 65536, 0) = -1 EAGAIN (Resource temporarily unavailable)
			close(6) = 0
			stream seqpacket: splice(5, NULL, 4, NULL, 65536, 0) = 0
			dgram: splice(5, NULL, 4, NULL, 65536, 0) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-splice/between-pipes", cite: "Linux fs/splice.c splice_pipe_to_pipe, link_pipe", types: stream, only: "linux",
		says: "buffers change hands, or with tee are shared; to a part of one nothing is added",
		steps: `
			pipe2([3, 4], O_NONBLOCK) = 0
			pipe2([5, 6], O_NONBLOCK) = 0
			write(4, "abcdef", 6) = 6
			splice(3, NULL, 6, NULL, 2, 0) = 2
			tee(3, 6, 3, 0) = 3
			splice(3, NULL, 6, NULL, 100, 0) = 4
			write(6, "g", 1) = 1
			fcntl(6, F_SETPIPE_SZ, 8192) = -1 EBUSY (Device or resource busy)
			fcntl(6, F_SETPIPE_SZ, 16384) = 16384
			read(5, "abcdecdefg", 100) = 10
			splice(3, NULL, 6, NULL, 1, 0) = -1 EAGAIN (Resource temporarily unavailable)
			close(4) = 0
			splice(3, NULL, 6, NULL, 1, 0) = 0
			tee(3, 6, 1, 0) = 0`,
	},
	{
		id: "LX-splice/splice-waits", cite: "Linux fs/splice.c splice_to_socket, splice_file_to_pipe", types: stream, only: "linux",
		says: "a splice waits for data at one side and for room at the other; O_NONBLOCK of the pipe and SPLICE_F_NONBLOCK keep it from waiting for data",
		steps: `
			100 pipe2([3, 4], 0) = 0
			100 socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 splice(3, NULL, 5, NULL, 10, SPLICE_F_NONBLOCK) = -1 EAGAIN (Resource temporarily unavailable)
			100 splice(5, NULL, 4, NULL, 10, SPLICE_F_NONBLOCK) = -1 EAGAIN (Resource temporarily unavailable)
			100 splice(3, NULL, 5, NULL, 10, 0 <unfinished ...>
			101 write(4, "abc", 3) = 3
			100 <... splice resumed>) = 3
			101 read(6, "abc", 10) = 3
			100 splice(5, NULL, 4, NULL, 10, 0 <unfinished ...>
			101 write(6, "de", 2) = 2
			100 <... splice resumed>) = 2
			101 read(3, "de", 10) = 2`,
	},
}
