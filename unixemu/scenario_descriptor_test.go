//go:build linux

package unixemu_test

import (
	"golang.org/x/sys/unix"

	"github.com/stretchr/testify/require"
)

// closed are numbers that are no descriptors.
func (s *side) closed() []int {
	a, b := s.pair(unix.SOCK_STREAM)
	require.NoError(s.t, s.Close(a))
	require.NoError(s.t, s.Close(b))
	return []int{a, -1, -100, 1 << 20}
}

var descriptorScenarios = map[string]func(*side){
	"calls on closed and negative descriptors": func(s *side) {
		b, fds := make([]byte, 4), [2]int{}
		for i, fd := range s.closed() {
			u, err := s.Read(fd, b)
			s.note("read", i, u, err)
			u, err = s.Write(fd, b)
			s.note("write", u, err, s.Close(fd), s.Send(fd, b, 0), s.Sendto(fd, b, 0, nil), s.Sendmsg(fd, b, nil, nil, 0))
			u, from, err := s.Recvfrom(fd, b, 0)
			s.note("recvfrom", u, from, err)
			n, oobn, flags, from, err := s.Recvmsg(fd, b, nil, 0)
			s.note("recvmsg", n, oobn, flags, from, err)
			n, oobn, flags, from, err = s.Recvmsg(fd, nil, b, 0)
			s.note("recvmsg", n, oobn, flags, from, err)
			n, err = s.SendmsgN(fd, nil, b, nil, 0)
			s.note("sendmsg", n, err, s.Shutdown(fd, 0), s.Shutdown(fd, 7), s.Listen(fd, 1))
			s.note("bind", s.Bind(fd, &unix.SockaddrUnix{Name: "x"}), s.Connect(fd, &unix.SockaddrUnix{Name: "x"}))
			n, from, err = s.Accept(fd)
			s.note("accept", n, from, err)
			n, from, err = s.Accept4(fd, 1)
			s.note("accept4", n, from, err)
			from, err = s.Getsockname(fd)
			s.note("getsockname", from, err)
			from, err = s.Getpeername(fd)
			s.note("getpeername", from, err)
			n, err = s.Dup(fd)
			s.note("dup", n, err, s.Dup2(fd, 50), s.Dup3(fd, 50, 1), s.Dup3(fd, fd, 0), s.Dup2(fd, fd), s.Dup2(fd, -1))
			for _, cmd := range []int{unix.F_DUPFD, unix.F_GETFL, unix.F_SETFL, unix.F_GETFD, unix.F_SETFD, 999, -1} {
				n, err = s.FcntlInt(uintptr(fd), cmd, 0)
				s.note("fcntl", cmd, n, err)
			}
			s.CloseOnExec(fd)
			s.note("set", s.SetNonblock(fd, true), s.SetsockoptInt(fd, 1, 1, 1), s.SetsockoptTimeval(fd, 1, 20, nil), s.SetsockoptString(fd, 1, 25, ""))
			value, err := s.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
			s.note("getsockopt", value, err)
			cred, err := s.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
			s.note("ucred", *cred, err)
			str, err := s.GetsockoptString(fd, unix.SOL_SOCKET, unix.SO_PEERSEC)
			s.note("string", str, err)
			n, err = s.Readv(fd, [][]byte{b})
			s.note("readv", n, err)
			n, err = s.Writev(fd, nil)
			s.note("writev", n, err, s.Fstat(fd, new(unix.Stat_t)))
			n, err = s.IoctlGetInt(fd, unix.TIOCINQ)
			s.note("ioctl", n, err, s.IoctlSetInt(fd, unix.TIOCINQ, 0), s.IoctlSetPointerInt(fd, unix.TIOCINQ, 0))
			n, err = s.EpollWait(fd, make([]unix.EpollEvent, 1), 0)
			s.note("epoll", n, err, s.EpollCtl(fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{}), s.EpollCtl(fd, 1, fd, nil))
			p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
			n, err = s.Poll(p, 0)
			s.note("poll", n, err, p[0].Revents)
		}
		_ = fds
	},
	"duplicates": func(s *side) {
		a, b := s.pair(unix.SOCK_STREAM)
		c, err := s.Dup(a)
		s.note("dup", s.keep(c), err)
		d, err := s.FcntlInt(uintptr(a), unix.F_DUPFD_CLOEXEC, 100)
		s.note("fcntl", d >= 100, err)
		for _, fd := range []int{a, c, d} {
			flags, err := s.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
			s.note("getfd", flags, err)
		}
		s.note("dup2", s.Dup2(a, a), s.Dup2(a, d), s.Dup3(a, d, unix.O_CLOEXEC), s.Dup3(a, a, 0), s.Dup3(a, d, 1), s.Dup2(a, -1), s.Dup2(a, 1<<30))
		s.CloseOnExec(a)
		flags, err := s.FcntlInt(uintptr(a), unix.F_GETFD, 0)
		s.note("getfd", flags, err, s.SetNonblock(c, true), s.SetNonblock(c, true))
		flags, err = s.FcntlInt(uintptr(a), unix.F_GETFL, 0)
		s.note("getfl", flags, err)
		flags, err = s.FcntlInt(uintptr(a), unix.F_SETFL, unix.O_ASYNC|unix.O_APPEND)
		s.note("setfl", flags, err)
		flags, err = s.FcntlInt(uintptr(d), unix.F_GETFL, 0)
		s.note("getfl", flags, err)
		s.note("close", s.Close(a), s.Close(c))
		n, err := s.Write(b, []byte("still open"))
		s.note("write", n, err)
		n, err = s.Read(d, make([]byte, 20))
		s.note("read", n, err, s.CloseRange(uint(d), uint(d), 99), s.CloseRange(5, 4, 0))
		s.note("close_range", s.CloseRange(uint(d), uint(d), unix.CLOSE_RANGE_CLOEXEC), s.CloseRange(uint(d), uint(d), 0), s.Close(d))
		n, err = s.Read(b, make([]byte, 20))
		s.note("read", n, err)
	},
	"the signal of a descriptor": func(s *side) {
		a, _ := s.pair(unix.SOCK_STREAM)
		for _, sig := range []unix.Signal{0, unix.SIGUSR1, unix.SIGWINCH, 64, 65} {
			n, err := s.FcntlInt(uintptr(a), unix.F_SETSIG, int(sig))
			got, errGet := s.FcntlInt(uintptr(a), unix.F_GETSIG, 0)
			s.note("setsig", int(sig), n, err, got, errGet)
		}
		n, err := s.FcntlInt(uintptr(a), unix.F_SETOWN, s.Getpid())
		owner, errGet := s.FcntlInt(uintptr(a), unix.F_GETOWN, 0)
		s.note("setown", n, err, owner == s.Getpid(), errGet)
	},
	"pipes and counters": func(s *side) {
		for _, flags := range []int{0, unix.O_NONBLOCK, unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_DIRECT, unix.O_APPEND, -1} {
			p := make([]int, 2)
			err := s.Pipe2(p, flags)
			s.note("pipe2", flags, err, p[0] != p[1])
			if err != nil {
				continue
			}
			s.keep(p[0])
			s.keep(p[1])
			n, err := s.Write(p[1], []byte("through"))
			s.note("write", n, err)
			n, err = s.Read(p[0], make([]byte, 20))
			s.note("read", n, err)
			n, err = s.Read(p[1], make([]byte, 20))
			s.note("read", n, err)
			for _, fd := range p {
				fl, err := s.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
				s.note("getfl", fl&^0o100000, err)
			}
			s.note("shutdown", s.Shutdown(p[0], 0), s.Close(p[0]))
			n, err = s.Write(p[1], []byte("x"))
			s.note("write", n, err, s.Close(p[1]))
		}
		s.note("pipe", s.Pipe(nil), s.Pipe(make([]int, 1)), s.Pipe(make([]int, 3)), s.Pipe2(nil, -1))
		fd, err := s.Eventfd(3, unix.EFD_NONBLOCK)
		s.note("eventfd", s.keep(fd), err)
		buf := make([]byte, 8)
		n, err := s.Read(fd, buf)
		s.note("read", n, err, buf)
		n, err = s.Read(fd, buf)
		s.note("read", n, err, s.Close(fd))
		fd, err = s.Eventfd(0, 1<<20)
		s.note("eventfd", fd, err)
	},
	"what a descriptor is": func(s *side) {
		a, b := s.pair(unix.SOCK_SEQPACKET)
		var one, two unix.Stat_t
		s.note("fstat", s.Fstat(a, &one), s.Fstat(b, &two), one.Mode == two.Mode, one.Mode&unix.S_IFMT == unix.S_IFSOCK, one.Ino == two.Ino)
		s.note("fstat", one.Mode, uint64(one.Nlink), int(one.Uid) == s.Getuid(), int(one.Gid) == s.Getgid(), one.Size, int64(one.Blksize))
		s.note("ids", s.Getpid() == s.Gettid() || s.Gettid() > 0, s.Getuid() == s.Geteuid(), s.Getgid() == s.Getegid(), s.Getppid() >= 0)
		var limit unix.Rlimit
		s.note("getrlimit", s.Getrlimit(unix.RLIMIT_NOFILE, &limit), limit.Cur <= limit.Max, s.Getrlimit(99, &limit))
		s.note("setrlimit", s.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 2, Max: 1}), s.Setrlimit(99, &limit), s.Setrlimit(unix.RLIMIT_NOFILE, nil))
	},
}
