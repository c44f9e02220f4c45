//go:build linux

package unixemu_test

import "golang.org/x/sys/unix"

func set(fds ...int) *unix.FdSet {
	s := new(unix.FdSet)
	for _, fd := range fds {
		s.Set(fd)
	}
	return s
}

var readyScenarios = map[string]func(*side){
	"poll": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ)
			show := func() {
				list := []unix.PollFd{
					{Fd: int32(a), Events: unix.POLLIN | unix.POLLOUT | unix.POLLPRI | unix.POLLRDHUP}, {Fd: int32(b), Events: -1},
					{Fd: -1, Events: -1, Revents: 5}, {Fd: 1 << 20, Events: 1}, {Fd: int32(a)},
				}
				n, err := s.Poll(list, 0)
				s.note("poll", n, err)
				for _, f := range list {
					s.note(" revents", f.Revents)
				}
				n, err = s.Ppoll(list[:1], &unix.Timespec{}, nil)
				s.note("ppoll", n, err, list[0].Revents)
				n, err = s.Ppoll(list[:1], &unix.Timespec{}, &unix.Sigset_t{})
				s.note("ppoll with a mask", n, err)
			}
			show()
			s.Write(b, []byte("x"))
			show()
			s.Shutdown(b, unix.SHUT_WR)
			show()
			s.Close(b)
			show()
		})
		n, err := s.Poll(nil, 0)
		s.note("poll nil", n, err)
		for i, ts := range []unix.Timespec{{Sec: -1}, {Nsec: -1}, {Nsec: 1e9}, {Nsec: 1000}} {
			n, err = s.Ppoll([]unix.PollFd{}, &ts, nil)
			s.note("ppoll", i, n, err)
		}
	},
	"select": func(s *side) {
		a, b := s.pair(unix.SOCK_STREAM)
		s.Write(a, []byte("x"))
		nfd := max(a, b) + 1
		r, w, e := set(a, b), set(a, b), set(a, b)
		n, err := s.Select(nfd, r, w, e, &unix.Timeval{})
		s.note("select", n, err, r.IsSet(a), r.IsSet(b), w.IsSet(a), w.IsSet(b), e.IsSet(a), e.IsSet(b))
		r = set(a, b)
		mask := &unix.Sigset_t{}
		mask.Val[0] = 1<<(unix.SIGUSR1-1) | 1<<(unix.SIGTERM-1)
		n, err = s.Pselect(nfd, r, nil, nil, &unix.Timespec{Nsec: 1}, mask)
		s.note("pselect", n, err, r.IsSet(a), r.IsSet(b))
		n, err = s.Select(0, nil, nil, nil, &unix.Timeval{})
		s.note("nothing", n, err)
		n, err = s.Pselect(nfd, nil, set(a), nil, nil, nil)
		s.note("for ever", n, err)
		for _, tv := range []unix.Timeval{{Sec: -1}, {Usec: -1}, {Usec: 1e6}} {
			r = set(a, b)
			n, err = s.Select(nfd, r, nil, nil, &tv)
			s.note("no time", n, err, r.IsSet(a), r.IsSet(b))
		}
		for _, ts := range []unix.Timespec{{Sec: -1}, {Nsec: -1}, {Nsec: 1e9}} {
			n, err = s.Pselect(nfd, set(b), nil, nil, &ts, nil)
			s.note("no time", n, err)
		}
		n, err = s.Select(-1, set(a), nil, nil, nil)
		s.note("negative", n, err)
		s.Close(b)
		r, w = set(a, b), set(a)
		n, err = s.Select(nfd, r, w, nil, nil)
		s.note("closed", n, err, r.IsSet(a), r.IsSet(b), w.IsSet(a))
		r = set(a)
		n, err = s.Select(nfd, r, w, nil, nil)
		s.note("hung up", n, err, r.IsSet(a), w.IsSet(a))
	},
	"epoll": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ)
			ep, err := s.EpollCreate1(unix.EPOLL_CLOEXEC)
			s.note("create", s.keep(ep), err)
			want := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLET | unix.EPOLLRDHUP, Fd: -7, Pad: 1 << 30}
			s.note("ctl", s.EpollCtl(ep, unix.EPOLL_CTL_ADD, a, &want), s.EpollCtl(ep, unix.EPOLL_CTL_ADD, a, &want),
				s.EpollCtl(ep, unix.EPOLL_CTL_MOD, b, &want), s.EpollCtl(ep, unix.EPOLL_CTL_DEL, b, nil),
				s.EpollCtl(ep, unix.EPOLL_CTL_ADD, b, nil), s.EpollCtl(ep, 99, a, &want), s.EpollCtl(ep, unix.EPOLL_CTL_ADD, ep, &want))
			wait := func() {
				events := make([]unix.EpollEvent, 3)
				n, err := s.EpollWait(ep, events, 0)
				s.note("wait", n, err)
				for _, e := range events[:max(n, 0)] {
					s.note(" event", e.Events, e.Fd, e.Pad)
				}
			}
			wait()
			wait()
			s.Write(b, []byte("x"))
			wait()
			s.Close(b)
			wait()
			n, err := s.EpollWait(ep, nil, 0)
			s.note("no room", n, err)
			n, err = s.EpollWait(a, make([]unix.EpollEvent, 1), 0)
			s.note("no instance", n, err, s.Close(ep))
		})
		ep, err := s.EpollCreate(0)
		s.note("create", ep, err)
		ep, err = s.EpollCreate1(1)
		s.note("create", ep, err)
		ep, err = s.EpollCreate(1)
		s.note("create", s.keep(ep), err, s.Close(ep))
	},
}
