package sockpair_test

// Chapter 23: files that are no sockets and that programs wait on together with
// them: counters, timers, processes. Descriptor 3 is the first of them.
var objectLaws = []law{
	{
		id: "LX-eventfd/a-counter", cite: "eventfd(2); Linux fs/eventfd.c", types: once, only: "linux",
		says: "what is written is added, a read takes all of it, and nothing is there at 0",
		steps: `
			eventfd2(3, EFD_NONBLOCK|EFD_CLOEXEC) = 3
			fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)
			fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN|POLLOUT}])
			write(3, "\4\0\0\0\0\0\0\0", 8) = 8
			dup(3) = 4
			read(4, "\7\0\0\0\0\0\0\0", 8) = 8
			poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLOUT}])
			read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)
			read(3, 0x7ffe, 7) = -1 EINVAL (Invalid argument)
			write(3, "\1\0\0\0\0\0\0", 7) = -1 EINVAL (Invalid argument)
			write(3, "\377\377\377\377\377\377\377\377", 8) = -1 EINVAL (Invalid argument)
			write(3, "\376\377\377\377\377\377\377\377", 8) = 8
			poll([{fd=3, events=ALL}], 1, 0) = 1 ([{fd=3, revents=POLLIN}])
			write(3, "\1\0\0\0\0\0\0\0", 8) = -1 EAGAIN (Resource temporarily unavailable)
			eventfd2(0, 0x2) = -1 EINVAL (Invalid argument)
			sendto(3, "x", 1, 0, NULL, 0) = -1 ENOTSOCK (Socket operation on non-socket)`,
	},
	{
		id: "LX-eventfd/a-semaphore", cite: "eventfd(2); Linux fs/eventfd.c eventfd_ctx_do_read", types: once, only: "linux",
		says: "with EFD_SEMAPHORE a read takes 1",
		steps: `
			eventfd2(2, EFD_SEMAPHORE|EFD_NONBLOCK) = 3
			2 * read(3, "\1\0\0\0\0\0\0\0", 8) = 8
			read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-eventfd/a-write-for-each-buffer", cite: "Linux fs/read_write.c do_loop_readv_writev, fs/eventfd.c eventfd_read", types: once, only: "linux",
		says: "writev is a write for each buffer and knows no flags; readv is one read and knows RWF_NOWAIT",
		steps: `
			eventfd2(0, 0) = 3
			writev(3, [{iov_base="\1\0\0\0\0\0\0\0", iov_len=8}, {iov_base="\2\0\0\0\0\0\0\0", iov_len=8}], 2) = 16
			writev(3, [{iov_base="\4\0\0\0\0\0\0\0", iov_len=8}, {iov_base="\2", iov_len=1}], 2) = 8
			pwritev2(3, [{iov_base="\1\0\0\0\0\0\0\0", iov_len=8}], 1, -1, RWF_NOWAIT) = -1 EOPNOTSUPP (Operation not supported)
			readv(3, [{iov_base="\7\0\0", iov_len=3}, {iov_base="\0\0\0\0\0", iov_len=5}], 2) = 8
			preadv2(3, [{iov_base=0x7ffe, iov_len=8}], 1, -1, RWF_NOWAIT) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-eventfd/counters-wake", cite: "Linux fs/eventfd.c eventfd_read, eventfd_write", types: once, only: "linux",
		says: "a read waits for a number and a write for room; the end of the wait is an event for epoll",
		steps: `
			100 eventfd2(0, 0) = 3
			100 epoll_create1(0) = 4
			100 epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLET, data=0x3}) = 0
			100 clone(child_stack=0x1, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 101
			101 read(3, <unfinished ...>
			100 write(3, "\5\0\0\0\0\0\0\0", 8) = 8
			101 <... read resumed>"\5\0\0\0\0\0\0\0", 8) = 8
			100 write(3, "\376\377\377\377\377\377\377\377", 8) = 8
			100 epoll_wait(4, [{events=EPOLLIN, data=0x3}], 8, 0) = 1
			101 write(3, "\1\0\0\0\0\0\0\0", 8 <unfinished ...>
			100 read(3, "\376\377\377\377\377\377\377\377", 8) = 8
			101 <... write resumed>) = 8
			100 read(3, "\1\0\0\0\0\0\0\0", 8) = 8`,
	},
	{
		id: "LX-eventfd/a-counter-and-exclusive-watches", cite: "Linux include/linux/wait.h wait_event_interruptible_locked_irq; fs/eventfd.c eventfd_read", types: once, only: "linux",
		says: "a registration with EPOLLEXCLUSIVE and a waiter keeps an addition from the reads that began to wait after it",
		steps: `
			100 eventfd2(0, 0) = 3
			100 epoll_create1(0) = 4
			100 epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLEXCLUSIVE, data=0x3}) = 0
			100 clone(child_stack=NULL, flags=SIGCHLD) = 101
			100 clone(child_stack=NULL, flags=SIGCHLD) = 102
			101 epoll_wait(4,  <unfinished ...>
			102 read(3,  <unfinished ...>
			100 write(3, "\1\0\0\0\0\0\0\0", 8) = 8
			101 <... epoll_wait resumed>[{events=EPOLLIN, data=0x3}], 8, -1) = 1
			100 write(3, "\2\0\0\0\0\0\0\0", 8) = 8
			102 <... read resumed>"\3\0\0\0\0\0\0\0", 8) = 8`,
	},
	{
		id: "LX-timerfd/errors-of-timers", cite: "Linux fs/timerfd.c", types: once, only: "linux",
		says: "flags and clocks, then the user; a new time, flags, what is no time, the descriptor, what it is",
		steps: `
			timerfd_create(CLOCK_MONOTONIC, 0x1) = -1 EINVAL (Invalid argument)
			timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0) = -1 EINVAL (Invalid argument)
			user: timerfd_create(CLOCK_REALTIME_ALARM, 0) = -1 EPERM (Operation not permitted)
			timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK|TFD_CLOEXEC) = 3
			eventfd2(0, 0) = 4
			timerfd_settime(99, 0, NULL, NULL) = -1 EFAULT (Bad address)
			timerfd_settime(99, 0x4, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=1, tv_nsec=0}}, NULL) = -1 EINVAL (Invalid argument)
			timerfd_settime(99, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=1, tv_nsec=1000000000}}, NULL) = -1 EINVAL (Invalid argument)
			timerfd_settime(99, 0, {it_interval={tv_sec=-1, tv_nsec=0}, it_value={tv_sec=1, tv_nsec=0}}, NULL) = -1 EINVAL (Invalid argument)
			timerfd_settime(99, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=1, tv_nsec=0}}, NULL) = -1 EBADF (Bad file descriptor)
			timerfd_settime(4, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=1, tv_nsec=0}}, NULL) = -1 EINVAL (Invalid argument)
			timerfd_gettime(4, NULL) = -1 EINVAL (Invalid argument)
			timerfd_gettime(3, NULL) = -1 EFAULT (Bad address)
			read(3, 0x7ffe, 7) = -1 EINVAL (Invalid argument)
			read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)
			write(3, "\1\0\0\0\0\0\0\0", 8) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-timerfd/expires-once", cite: "timerfd_create(2); Linux fs/timerfd.c timerfd_read_iter, timerfd_poll", types: once, only: "linux",
		says: "a time that has passed makes it expire at once; a read takes the expirations, and setting it anew forgets them",
		steps: `
			timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK) = 3
			timerfd_settime(3, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=100000, tv_nsec=0}}, NULL) = 0
			poll([{fd=3, events=ALL}], 1, 0) = 0 (Timeout)
			timerfd_settime(3, TFD_TIMER_ABSTIME, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=1}}, NULL) = 0
			poll([{fd=3, events=ALL}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])
			timerfd_gettime(3, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=0}}) = 0
			read(3, "\1\0\0\0\0\0\0\0", 8) = 8
			read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)
			timerfd_settime(3, TFD_TIMER_ABSTIME|TFD_TIMER_CANCEL_ON_SET, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=1}}, NULL) = 0
			poll([{fd=3, events=ALL}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])
			timerfd_settime(3, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=0}}, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=0}}) = 0
			read(3, 0x7ffe, 8) = -1 EAGAIN (Resource temporarily unavailable)`,
	},
	{
		id: "LX-timerfd/interval", cite: "Linux fs/timerfd.c timerfd_read_iter, do_timerfd_gettime", types: once, only: "linux",
		says: "an interval is told and kept; after an expiration the timer runs on when it is read",
		steps: `
			timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK) = 3
			timerfd_settime(3, TFD_TIMER_ABSTIME, {it_interval={tv_sec=1000000000, tv_nsec=7}, it_value={tv_sec=0, tv_nsec=1}}, NULL) = 0
			poll([{fd=3, events=ALL}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])
			read(3, "\1\0\0\0\0\0\0\0", 8) = 8
			timerfd_gettime(3, {it_interval={tv_sec=1000000000, tv_nsec=7}, it_value={tv_sec=900000000, tv_nsec=0}}) = 0
			timerfd_settime(3, 0, {it_interval={tv_sec=9223372036854775807, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=0}}, {it_interval={tv_sec=1000000000, tv_nsec=7}, it_value={tv_sec=900000000, tv_nsec=0}}) = 0
			timerfd_gettime(3, {it_interval={tv_sec=9223372036, tv_nsec=854775807}, it_value={tv_sec=0, tv_nsec=0}}) = 0`,
	},
	{
		id: "LX-timerfd/set-ticks", cite: "Linux fs/timerfd.c timerfd_ioctl", types: once, only: "linux",
		says: "TFD_IOC_SET_TICKS sets the number of expirations, which is not 0, and is an event for epoll each time",
		steps: `
			timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK) = 3
			epoll_create1(0) = 4
			epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLET, data=0x3}) = 0
			ioctl(3, TFD_IOC_SET_TICKS, [0]) = -1 EINVAL (Invalid argument)
			ioctl(3, FIONREAD, [0]) = -1 ENOTTY (Inappropriate ioctl for device)
			ioctl(3, TFD_IOC_SET_TICKS, [9]) = 0
			epoll_wait(4, [{events=EPOLLIN, data=0x3}], 8, 0) = 1
			epoll_wait(4, [], 8, 0) = 0
			ioctl(3, TFD_IOC_SET_TICKS, [7]) = 0
			epoll_wait(4, [{events=EPOLLIN, data=0x3}], 8, 0) = 1
			read(3, "\7\0\0\0\0\0\0\0", 8) = 8`,
	},
	{
		id: "LX-pidfd/errors-of-pidfds", cite: "Linux kernel/pid.c pidfd_open, pidfd_getfd; kernel/signal.c pidfd_send_signal", types: once, only: "linux",
		says: "flags, then numbers that are none, then whether there is such a process; a pidfd is closed on exec",
		steps: `
			100 pidfd_open(100, 0x1) = -1 EINVAL (Invalid argument)
			100 pidfd_open(0, 0) = -1 EINVAL (Invalid argument)
			100 pidfd_open(4194309, 0) = -1 ESRCH (No such process)
			100 pidfd_open(100, PIDFD_NONBLOCK|PIDFD_THREAD) = 3
			100 fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			100 fcntl(3, F_GETFL) = 0x882 (flags O_RDWR|O_EXCL|O_NONBLOCK)
			100 poll([{fd=3, events=ALL}], 1, 0) = 0 (Timeout)
			100 eventfd2(0, 0) = 4
			100 pidfd_send_signal(99, 65, NULL, 0x8) = -1 EINVAL (Invalid argument)
			100 pidfd_send_signal(99, 65, NULL, PIDFD_SIGNAL_THREAD|PIDFD_SIGNAL_THREAD_GROUP) = -1 EINVAL (Invalid argument)
			100 pidfd_send_signal(4, 65, NULL, 0) = -1 EBADF (Bad file descriptor)
			100 pidfd_send_signal(3, 65, NULL, 0) = -1 EINVAL (Invalid argument)
			100 pidfd_send_signal(3, 0, NULL, 0) = 0
			100 pidfd_send_signal(PIDFD_SELF, 0, NULL, 0) = 0
			100 pidfd_getfd(99, 0, 1) = -1 EINVAL (Invalid argument)
			100 pidfd_getfd(4, 0, 0) = -1 EBADF (Bad file descriptor)
			100 pidfd_getfd(3, 99, 0) = -1 EBADF (Bad file descriptor)
			100 pidfd_getfd(3, 4, 0) = 5
			100 fcntl(5, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			100 write(5, "\3\0\0\0\0\0\0\0", 8) = 8
			100 read(4, "\3\0\0\0\0\0\0\0", 8) = 8
			100 waitid(P_PIDFD, 4, NULL, WEXITED, NULL) = -1 EBADF (Bad file descriptor)
			100 waitid(P_PIDFD, 3, NULL, WEXITED, NULL) = -1 ECHILD (No child processes)
			100 waitid(P_PIDFD, 99, NULL, 0, NULL) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-pidfd/tells-of-the-end", cite: "Linux fs/pidfs.c pidfd_poll; kernel/exit.c", types: once, only: "linux",
		says: "a pidfd is readable when its process has ended, and hung up when that has been waited for",
		steps: `
			100 fork() = 101
			100 pidfd_open(101, PIDFD_NONBLOCK) = 3
			100 epoll_create1(0) = 4
			100 epoll_ctl(4, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLET, data=0x3}) = 0
			100 poll([{fd=3, events=ALL}], 1, 0) = 0 (Timeout)
			100 waitid(P_PIDFD, 3, {}, WEXITED|WNOHANG, NULL) = 0
			100 waitid(P_PIDFD, 3, {}, WEXITED, NULL) = -1 EAGAIN (Resource temporarily unavailable)
			101 exit_group(5) = ?
			100 poll([{fd=3, events=POLLIN|POLLRDNORM|POLLHUP}], 1, -1) = 1 ([{fd=3, revents=POLLIN|POLLRDNORM}])
			100 epoll_wait(4, [{events=EPOLLIN, data=0x3}], 8, 0) = 1
			100 pidfd_send_signal(3, SIGTERM, NULL, 0) = 0
			100 waitid(P_PIDFD, 3, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_status=5}, WEXITED|WNOWAIT, NULL) = 0
			100 waitid(P_PIDFD, 3, {}, WSTOPPED, NULL) = -1 ECHILD (No child processes)
			100 waitid(P_PID, 101, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_status=5}, WEXITED, NULL) = 0
			100 poll([{fd=3, events=POLLIN|POLLRDNORM|POLLHUP}], 1, -1) = 1 ([{fd=3, revents=POLLIN|POLLHUP|POLLRDNORM}])
			100 epoll_wait(4, [{events=EPOLLIN|EPOLLHUP, data=0x3}], 8, 0) = 1
			100 waitid(P_PIDFD, 3, {}, WEXITED, NULL) = -1 ECHILD (No child processes)
			100 pidfd_send_signal(3, 0, NULL, 0) = -1 ESRCH (No such process)
			100 pidfd_getfd(3, 0, 0) = -1 ESRCH (No such process)`,
	},
	{
		id: "LX-pidfd/holds-no-data", cite: "Linux fs/pidfs.c pidfs_file_operations", types: once, only: "linux",
		says: "a pidfd can be neither read nor written, not even nothing",
		steps: `
			100 pidfd_open(100, 0) = 3
			100 read(3, 0x7ffe, 8) = -1 EINVAL (Invalid argument)
			100 write(3, "", 0) = -1 EINVAL (Invalid argument)
			100 readv(3, [], 0) = -1 EINVAL (Invalid argument)
			100 writev(3, [], 0) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-scm-pidfd/with-each-message", cite: "Linux net/core/scm.c scm_pidfd_recv", types: anyType, only: "linux",
		says: "with SO_PASSPIDFD each receive makes a descriptor of the sender, closed on exec, behind credentials and descriptors",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PASSPIDFD, [1], 4) = 0
			write(3, "a", 1) = 1
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_PIDFD, cmsg_data=[5]}], msg_controllen=24, msg_flags=0}, MSG_PEEK) = 1
			fcntl(5, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			pidfd_send_signal(5, 0, NULL, 0) = 0
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_PIDFD, cmsg_data=[6]}], msg_controllen=24, msg_flags=0}, 0) = 1
			sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="b", iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3]}], msg_controllen=24, msg_flags=0}, 0) = 1
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="b", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[7]}, {cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_PIDFD, cmsg_data=[8]}], msg_controllen=48, msg_flags=MSG_CMSG_CLOEXEC}, MSG_CMSG_CLOEXEC) = 1
			fcntl(8, F_GETFL) = 0x2 (flags O_RDWR)
			dup(3) = 9`,
	},
	{
		id: "LX-scm-pidfd/no-room-for-a-pidfd", cite: "Linux net/core/scm.c scm_pidfd_recv", types: messages, only: "linux",
		says: "where there is no room for all of it none is made, and MSG_CTRUNC tells; where there is no number the errno comes",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			setsockopt(4, SOL_SOCKET, SO_PASSPIDFD, [1], 4) = 0
			3 * write(3, "a", 1) = 1
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=9}], msg_iovlen=1, msg_controllen=19 => 0, msg_flags=MSG_CTRUNC}, 0) = 1
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_PIDFD, cmsg_data=[5]}], msg_controllen=20 => 20, msg_flags=0}, 0) = 1
			close(5) = 0
			prlimit64(0, RLIMIT_NOFILE, {rlim_cur=5, rlim_max=64}, NULL) = 0
			recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="a", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_PIDFD, cmsg_data=[-24]}], msg_controllen=24, msg_flags=0}, 0) = 1`,
	},
	{
		id: "LX-scm-pidfd/of-one-who-has-ended", cite: "Linux net/core/scm.c scm_pidfd_recv, since 6.17", types: messages, only: "linux",
		says: "the sender may have ended, and have been waited for; of a message without credentials nothing comes",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 write(3, "1", 1) = 1
			100 setsockopt(4, SOL_SOCKET, SO_PASSPIDFD, [1], 4) = 0
			100 recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="1", iov_len=9}], msg_iovlen=1, msg_controllen=64 => 0, msg_flags=0}, 0) = 1
			100 fork() = 101
			101 write(3, "2", 1) = 1
			101 exit_group(0) = ?
			100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
			100 recvmsg(4, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="2", iov_len=9}], msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_PIDFD, cmsg_data=[5]}], msg_controllen=24, msg_flags=0}, 0) = 1
			100 poll([{fd=5, events=POLLIN|POLLHUP}], 1, 0) = 1 ([{fd=5, revents=POLLIN|POLLHUP}])
			100 pidfd_send_signal(5, 0, NULL, 0) = -1 ESRCH (No such process)`,
	},
	{
		id: "LX-scm-pidfd/of-the-creator", cite: "Linux net/core/sock.c sk_getsockopt", types: anyType, only: "linux",
		says: "SO_PEERPIDFD makes a descriptor of who made the pair, which cannot be set",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 getsockopt(3, SOL_SOCKET, SO_PEERPIDFD, [5], [4]) = 0
			100 getsockopt(3, SOL_SOCKET, SO_PEERPIDFD, [6], [8 => 4]) = 0
			100 fcntl(6, F_GETFD) = 0x1 (flags FD_CLOEXEC)
			100 pidfd_send_signal(6, 0, NULL, 0) = 0
			100 setsockopt(3, SOL_SOCKET, SO_PEERPIDFD, [1], 4) = -1 ENOPROTOOPT (Protocol not available)
			100 prlimit64(0, RLIMIT_NOFILE, {rlim_cur=7, rlim_max=64}, NULL) = 0
			100 getsockopt(3, SOL_SOCKET, SO_PEERPIDFD, 0x7ffe, [4]) = -1 EMFILE (Too many open files)
			100 getsockopt(3, SOL_SOCKET, SO_PEERPIDFD, 0x7ffe, [-1]) = -1 EINVAL (Invalid argument)`,
	},
	{
		id: "LX-fstat/kinds", cite: "POSIX fstat(); Linux net/socket.c sock_alloc, fs/anon_inodes.c, fs/pidfs.c", types: anyType, only: "linux",
		says: "a socket is S_IFSOCK|0777 and empty; what has no file of its own is 0600, a pidfd 0700",
		steps: `
			100 socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			100 write(3, "x", 1) = 1
			100 fstat(4, {st_mode=S_IFSOCK|0777, st_size=0, ...}) = 0
			100 epoll_create1(0) = 5
			100 eventfd2(1, 0) = 6
			100 fstat(6, {st_mode=0600, st_size=0, ...}) = 0
			100 timerfd_create(CLOCK_REALTIME, 0) = 7
			100 fstat(7, {st_mode=0600, st_size=0, ...}) = 0
			100 pidfd_open(100, 0) = 8
			100 fstat(8, {st_mode=0700, st_size=0, ...}) = 0
			100 fstat(99, 0x7ffe) = -1 EBADF (Bad file descriptor)`,
	},
	{
		id: "LX-position/vectors-with-flags", cite: "Linux fs/read_write.c ksys_lseek, do_preadv; include/linux/fs.h kiocb_set_rw_flags", types: anyType, only: "linux",
		says: "a socket has no position; preadv2 and pwritev2 at -1 are readv and writev, with flags",
		steps: `
			socketpair(AF_UNIX, TYPE, 0, [3, 4]) = 0
			lseek(3, 0, SEEK_SET) = -1 ESPIPE (Illegal seek)
			lseek(3, 0, 0x9) = -1 EINVAL (Invalid argument)
			preadv(4, [{iov_base=0x7ffe, iov_len=8}], 1, 0) = -1 ESPIPE (Illegal seek)
			pwritev(3, [{iov_base="x", iov_len=1}], 1, -1) = -1 EINVAL (Invalid argument)
			preadv2(4, [{iov_base=0x7ffe, iov_len=8}], 1, 5, 0) = -1 ESPIPE (Illegal seek)
			preadv2(4, [{iov_base=0x7ffe, iov_len=8}], 1, -1, RWF_NOWAIT) = -1 EAGAIN (Resource temporarily unavailable)
			pwritev2(3, [{iov_base="ab", iov_len=2}], 1, -1, RWF_HIPRI|RWF_SYNC) = 2
			preadv2(4, [{iov_base="ab", iov_len=8}], 1, -1, RWF_NOWAIT) = 2
			pwritev2(3, [{iov_base="x", iov_len=1}], 1, -1, RWF_ATOMIC) = -1 EOPNOTSUPP (Operation not supported)
			pwritev2(3, [{iov_base="x", iov_len=1}], 1, -1, RWF_APPEND|RWF_NOAPPEND) = -1 EINVAL (Invalid argument)
			stream: close(4) = 0
			stream: pwritev2(3, [{iov_base="x", iov_len=1}], 1, -1, RWF_NOSIGNAL) = -1 EPIPE (Broken pipe)
			stream: fcntl(3, F_GETFD) = 0`,
	},
	{
		id: "LX-position/of-objects", cite: "Linux fs/eventfd.c, fs/timerfd.c, fs/pidfs.c", types: once, only: "linux",
		says: "the position of a counter and a timer is always 0 and of no use; a pidfd has none",
		steps: `
			100 eventfd2(1, 0) = 3
			100 timerfd_create(CLOCK_MONOTONIC, 0) = 4
			100 pidfd_open(100, 0) = 5
			100 lseek(3, 5, SEEK_SET) = 0
			100 lseek(4, 5, SEEK_END) = 0
			100 lseek(5, 0, SEEK_SET) = -1 ESPIPE (Illegal seek)
			100 pread64(3, 0x7ffe, 8, 0) = -1 ESPIPE (Illegal seek)
			100 pwrite64(4, "\1\0\0\0\0\0\0\0", 8, 0) = -1 ESPIPE (Illegal seek)
			100 pread64(5, 0x7ffe, 8, 0) = -1 EINVAL (Invalid argument)
			100 ftruncate(3, 0) = -1 EINVAL (Invalid argument)
			100 ftruncate(4, 0) = -1 EINVAL (Invalid argument)
			100 ftruncate(5, 0) = -1 EOPNOTSUPP (Operation not supported)
			100 fsync(3) = -1 EINVAL (Invalid argument)
			100 fsync(5) = -1 EINVAL (Invalid argument)`,
	},
}
