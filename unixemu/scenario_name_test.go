//go:build linux

package unixemu_test

import (
	"strings"

	"golang.org/x/sys/unix"
)

// socket makes a socket.
func (s *side) socket(typ int) int {
	fd, err := s.Socket(unix.AF_UNIX, typ, 0)
	s.note("socket", s.keep(fd), err)
	s.t.Cleanup(func() { s.Close(fd) })
	return fd
}

func (s *side) names(fd int) {
	own, err := s.Getsockname(fd)
	peer, errPeer := s.Getpeername(fd)
	s.note("names", own, err, peer, errPeer)
}

var nameScenarios = map[string]func(*side){
	"a server and a client": func(s *side) {
		for _, typ := range []int{unix.SOCK_STREAM, unix.SOCK_SEQPACKET} {
			for _, name := range []string{"server", "@" + s.name, "\x00" + s.name + "0"} {
				addr := &unix.SockaddrUnix{Name: name}
				l, c := s.socket(typ|unix.SOCK_NONBLOCK), s.socket(typ|unix.SOCK_NONBLOCK)
				s.note("connect", s.Connect(c, addr), s.Listen(l, 3), s.Bind(l, addr), s.Bind(l, addr), s.Connect(c, addr), s.Listen(l, 3))
				n, from, err := s.Accept(l)
				s.note("accept", n, from, err)
				s.note("connect", s.Connect(c, addr), s.Connect(c, addr))
				s.names(l)
				s.names(c)
				n, from, err = s.Accept4(l, unix.SOCK_CLOEXEC)
				s.note("accept", s.keep(n), from, err)
				s.names(n)
				flags, err := s.FcntlInt(uintptr(n), unix.F_GETFD, 0)
				s.note("getfd", flags, err)
				sent, err := s.Write(c, []byte("hello"))
				s.note("write", sent, err)
				s.take(n, 10, 10, 0)
				str, err := s.GetsockoptString(c, unix.SOL_SOCKET, unix.SO_PEERNAME)
				s.note("peername", strings.ReplaceAll(strings.TrimRight(str, "\x00"), s.name, "NAME"), err)
				s.note("unlink", s.Unlink(name), s.Close(n), s.Close(l), s.Close(c))
			}
		}
	},
	"datagrams to names": func(s *side) {
		a, b := s.socket(unix.SOCK_DGRAM|unix.SOCK_NONBLOCK), s.socket(unix.SOCK_DGRAM|unix.SOCK_NONBLOCK)
		name := &unix.SockaddrUnix{Name: "post"}
		s.note("bind", s.Bind(a, name), s.Bind(b, name), s.Bind(b, &unix.SockaddrUnix{Name: "@" + s.name}))
		s.note("send", s.Sendto(b, []byte("one"), 0, name), s.Sendmsg(b, []byte("two"), nil, name, 0), s.Send(b, []byte("x"), 0))
		buf := make([]byte, 10)
		n, from, err := s.Recvfrom(a, buf, 0)
		s.note("recvfrom", n, from, err, buf)
		s.take(a, 10, 0, 0)
		s.note("connect", s.Connect(b, name), s.Send(b, []byte("three"), 0))
		s.names(b)
		n, from, err = s.Recvfrom(a, buf, 0)
		s.note("recvfrom", n, from, err, s.Unlink("post"), s.Unlink("post"))
	},
	"addresses that are none": func(s *side) {
		for _, typ := range []int{unix.SOCK_STREAM, unix.SOCK_DGRAM} {
			for _, sa := range []unix.Sockaddr{
				&unix.SockaddrUnix{Name: strings.Repeat("x", 108)}, &unix.SockaddrUnix{Name: "no/such/folder"},
				&unix.SockaddrInet4{Port: 1}, &unix.SockaddrInet6{}, &unix.SockaddrNetlink{}, &unix.SockaddrUnix{Name: strings.Repeat("x", 107)},
			} {
				fd := s.socket(typ)
				s.note("connect, bind", sa, s.Connect(fd, sa), s.Bind(fd, sa))
				s.names(fd)
				s.Close(fd)
			}
			s.Unlink(strings.Repeat("x", 107))
		}
		fd := s.socket(unix.SOCK_STREAM)
		s.note("autobind", s.Bind(fd, &unix.SockaddrUnix{}))
		own, err := s.Getsockname(fd)
		s.note("name", len(own.(*unix.SockaddrUnix).Name), err)
		a, _ := s.pair(unix.SOCK_STREAM)
		s.names(a)
	},
}
