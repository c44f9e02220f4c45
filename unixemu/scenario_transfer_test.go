//go:build linux

package unixemu_test

import (
	"bytes"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

var socketTypes = map[string]int{"stream": unix.SOCK_STREAM, "dgram": unix.SOCK_DGRAM, "seqpacket": unix.SOCK_SEQPACKET}

// eachType runs a scenario with the types in their order.
func eachType(s *side, scenario func(typ int)) {
	for _, name := range []string{"stream", "dgram", "seqpacket"} {
		s.note(name)
		scenario(socketTypes[name])
	}
}

var creationScenarios = map[string]func(*side){
	"socketpair and socket refuse": func(s *side) {
		for _, domain := range []int{-1, 0, 1, 3, 15, 38, 46, 1000} {
			for _, typ := range []int{-1, 0, 1, 2, 3, 4, 5, 6, 10, 11, 1 | 1<<13, 1 | unix.SOCK_NONBLOCK, 2 | unix.SOCK_CLOEXEC} {
				for _, proto := range []int{0, 1, 2, -1} {
					fds, err := s.Socketpair(domain, typ, proto)
					fd, errSocket := -1, error(unix.EAFNOSUPPORT)
					if domain < 2 || domain == 1000 { // the others' sockets are not the machine's
						fd, errSocket = s.Socket(domain, typ, proto)
					}
					s.note("pair, socket", domain, typ, proto, err, errSocket, fd >= 0)
					if err == nil {
						s.Close(fds[0])
						s.Close(fds[1])
					}
					if errSocket == nil {
						s.Close(fd)
					}
				}
			}
		}
	},
	"a failure shows no numbers": func(s *side) {
		fds, err := s.Socketpair(unix.AF_UNIX, 77, 0)
		s.note("socketpair", fds, err)
		fd, err := s.Socket(unix.AF_UNIX, 77, 0)
		s.note("socket", fd, err)
	},
	"flags of the type": func(s *side) {
		a, b := s.pair(unix.SOCK_STREAM | unix.SOCK_NONBLOCK | unix.SOCK_CLOEXEC)
		for _, fd := range []int{a, b} {
			n, err := s.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
			s.note("getfl", n&unix.O_NONBLOCK, n&unix.O_ACCMODE, err)
			n, err = s.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
			s.note("getfd", n, err)
		}
		n, err := s.Read(a, make([]byte, 1))
		s.note("read", n, err)
	},
}

var transferScenarios = map[string]func(*side){
	"bytes go over": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ | unix.SOCK_NONBLOCK)
			buf := make([]byte, 16)
			n, err := s.Write(a, []byte("hello"))
			s.note("write", n, err)
			s.note("send", s.Send(a, []byte("world!"), unix.MSG_NOSIGNAL))
			n, from, err := s.Recvfrom(b, buf[:3], unix.MSG_PEEK|unix.MSG_TRUNC)
			s.note("recvfrom", n, from, err, buf[:3])
			for range 4 {
				n, err = s.Read(b, buf[:4])
				s.note("read", n, err, buf[:max(n, 0)])
			}
			s.note("shutdown", s.Shutdown(a, unix.SHUT_WR), s.Shutdown(a, 3), s.Shutdown(a, -1))
			n, err = s.Read(b, buf)
			s.note("read", n, err)
			n, err = s.Write(a, []byte("x"))
			s.note("write", n, err)
		})
	},
	"nil, empty and huge buffers": func(s *side) {
		huge := make([]byte, 1<<20)
		eachType(s, func(typ int) {
			a, b := s.pair(typ | unix.SOCK_NONBLOCK)
			n, err := s.Write(a, nil)
			s.note("write nil", n, err)
			s.note("send empty", s.Send(a, []byte{}, 0), s.Sendto(a, nil, 0, nil))
			n, err = s.Read(b, nil)
			s.note("read nil", n, err)
			n, _, err = s.Recvfrom(b, nil, 0)
			s.note("recvfrom nil", n, err)
			n, err = s.Write(a, huge)
			s.note("write huge", n, err)
			n, err = s.Read(b, huge)
			s.note("read huge", n, err)
			for _, bufs := range [][][]byte{nil, {}, {nil}, {nil, {}}, make([][]byte, 1024), make([][]byte, 1025), {[]byte("ab"), nil, []byte("c")}} {
				n, err = s.Writev(a, bufs)
				s.note("writev", len(bufs), n, err)
				n, err = s.Readv(b, bufs)
				s.note("readv", len(bufs), n, err)
			}
		})
	},
	"a buffer is full": func(s *side) {
		for _, size := range []int{1, 100, 4096, 50000} {
			eachType(s, func(typ int) {
				a, b := s.pair(typ | unix.SOCK_NONBLOCK)
				total, messages := 0, 0
				for {
					n, err := s.Write(a, bytes.Repeat([]byte("x"), size))
					if err != nil {
						s.note("full", size, total, messages, n, err)
						break
					}
					total, messages = total+n, messages+1
				}
				n, err := s.Read(b, make([]byte, 70000))
				s.note("read", n, err)
				n, err = s.Write(a, make([]byte, size))
				s.note("write", n, err)
			})
		}
	},
	"the other end is closed": func(s *side) {
		eachType(s, func(typ int) {
			for _, unread := range []bool{false, true} {
				a, b := s.pair(typ)
				if unread {
					s.Write(a, []byte("unread"))
				}
				s.Write(b, []byte("last"))
				s.note("close", s.Close(b), s.Close(b))
				for range 3 {
					buf := make([]byte, 10)
					n, _, err := s.Recvfrom(a, buf, unix.MSG_DONTWAIT)
					s.note("recvfrom", n, err, buf[:max(n, 0)])
				}
				for range 2 {
					n, err := s.Write(a, []byte("x"))
					s.note("write", n, err)
				}
				value, err := s.GetsockoptInt(a, unix.SOL_SOCKET, unix.SO_ERROR)
				s.note("SO_ERROR", value, err)
			}
		})
	},
	"an error that is pending": func(s *side) {
		a, b := s.pair(unix.SOCK_STREAM)
		s.Write(a, []byte("unread"))
		s.Close(b)
		for range 2 {
			value, err := s.GetsockoptInt(a, unix.SOL_SOCKET, unix.SO_ERROR)
			s.note("SO_ERROR", value == int(unix.ECONNRESET), value, err)
		}
	},
	"calls that wait": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ)
			var wg sync.WaitGroup
			wg.Go(func() {
				for i := range 100 {
					s.Write(a, []byte(fmt.Sprintf("%03d", i)))
				}
				s.Shutdown(a, unix.SHUT_WR)
			})
			var all []byte
			for len(all) < 300 {
				buf := make([]byte, 100)
				n, err := s.Read(b, buf)
				if err != nil {
					s.note("read", err)
					break
				}
				all = append(all, buf[:n]...)
			}
			wg.Wait()
			s.note("read", len(all), all[len(all)-6:])
		})
	},
	"a time-out": func(s *side) {
		a, _ := s.pair(unix.SOCK_STREAM)
		s.note("set", s.SetsockoptTimeval(a, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 1000}))
		n, err := s.Read(a, make([]byte, 1))
		s.note("read", n, err)
	},
}
