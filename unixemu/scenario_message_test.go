//go:build linux

package unixemu_test

import (
	"bytes"
	"encoding/binary"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

var messageScenarios = map[string]func(*side){
	"messages in pieces": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ | unix.SOCK_NONBLOCK)
			n, err := s.SendmsgN(a, []byte("one"), nil, nil, 0)
			s.note("sendmsg", n, err, s.Sendmsg(a, []byte("two"), nil, nil, unix.MSG_EOR))
			n, err = s.SendmsgBuffers(a, [][]byte{[]byte("th"), nil, []byte("ree")}, nil, nil, 0)
			s.note("sendmsg", n, err)
			n, err = s.SendmsgBuffers(a, nil, nil, nil, 0)
			s.note("sendmsg", n, err)
			for range 6 {
				p, q := make([]byte, 2), make([]byte, 2)
				n, oobn, flags, from, err := s.RecvmsgBuffers(b, [][]byte{p, nil, q}, nil, 0)
				s.note("recvmsg", n, oobn, flags, from, err, p, q)
			}
			n, oobn, flags, from, err := s.Recvmsg(b, nil, nil, unix.MSG_TRUNC)
			s.note("recvmsg", n, oobn, flags, from, err)
		})
	},
	"an address that a pair does not need": func(s *side) {
		eachType(s, func(typ int) {
			a, _ := s.pair(typ | unix.SOCK_NONBLOCK)
			for _, to := range []unix.Sockaddr{
				&unix.SockaddrUnix{Name: "nobody"}, &unix.SockaddrUnix{Name: "@" + s.name}, &unix.SockaddrUnix{},
				&unix.SockaddrInet4{}, &unix.SockaddrInet6{}, &unix.SockaddrUnix{Name: string(bytes.Repeat([]byte("x"), 108))},
			} {
				n, err := s.SendmsgN(a, []byte("x"), nil, to, 0)
				s.note("sendto", to, n, err, s.Sendto(a, []byte("x"), 0, to))
			}
		})
	},
	"urgent bytes": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ | unix.SOCK_NONBLOCK)
			s.note("send", s.Send(a, []byte("abc"), unix.MSG_OOB))
			buf := make([]byte, 4)
			n, _, err := s.Recvfrom(b, buf, unix.MSG_OOB)
			s.note("recv", n, err, buf)
			n, oobn, flags, _, err := s.Recvmsg(b, buf, nil, 0)
			s.note("recvmsg", n, oobn, flags, err, buf)
			mark, err := s.IoctlGetInt(b, unix.SIOCATMARK)
			s.note("atmark", mark, err)
		})
	},
}

// message is a control message made by hand.
func message(length, level, typ int, data ...byte) []byte {
	b := binary.NativeEndian.AppendUint64(nil, uint64(length))
	if unix.SizeofCmsghdr == 12 {
		b = binary.NativeEndian.AppendUint32(nil, uint32(length))
	}
	b = binary.NativeEndian.AppendUint32(b, uint32(level))
	return append(binary.NativeEndian.AppendUint32(b, uint32(typ)), data...)
}

// received writes down control messages; descriptors are closed.
func (s *side) received(oob []byte) {
	list, err := unix.ParseSocketControlMessage(oob)
	s.note(" control", len(oob), len(list), err)
	for _, m := range list {
		m := m
		if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SCM_RIGHTS && len(m.Data)%4 == 0 { // else x/sys/unix panics
			fds, err := unix.ParseUnixRights(&m)
			s.note("  rights", len(fds), err, m.Header.Len)
			for _, fd := range fds {
				flags, err := s.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
				n, errWrite := s.Write(fd, []byte("passed"))
				s.note("  descriptor", flags, err, n, errWrite, s.Close(fd))
			}
			continue
		}
		if m.Header.Type == unix.SCM_CREDENTIALS && len(m.Data) >= unix.SizeofUcred {
			cred, err := unix.ParseUnixCredentials(&m)
			s.note("  credentials", int(cred.Pid) == s.Getpid(), int(cred.Uid) == s.Getuid(), int(cred.Gid) == s.Getgid(), err)
			continue
		}
		s.note("  message", m.Header.Level, m.Header.Type, m.Header.Len, len(m.Data))
	}
}

// take receives with room for so much data and control.
func (s *side) take(fd, room, control, flags int) {
	buf, oob := make([]byte, room), make([]byte, control)
	n, oobn, recvflags, from, err := s.Recvmsg(fd, buf, oob, flags)
	s.note("recvmsg", room, control, n, recvflags, from, err, buf[:min(max(n, 0), len(buf))])
	if err == nil {
		s.received(oob[:oobn])
	}
}

var controlScenarios = map[string]func(*side){
	"descriptors and credentials": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ | unix.SOCK_NONBLOCK)
			c, d := s.pair(unix.SOCK_DGRAM | unix.SOCK_NONBLOCK)
			cred := unix.UnixCredentials(&unix.Ucred{Pid: int32(s.Getpid()), Uid: uint32(s.Getuid()), Gid: uint32(s.Getgid())})
			for _, passcred := range []int{0, 1} {
				s.note("SO_PASSCRED", passcred, s.SetsockoptInt(b, unix.SOL_SOCKET, unix.SO_PASSCRED, passcred))
				for _, oob := range [][]byte{nil, unix.UnixRights(c), unix.UnixRights(c, c, c), cred, append(cred[:len(cred):len(cred)], unix.UnixRights(c)...), unix.UnixRights()} {
					n, err := s.SendmsgN(a, []byte("x"), oob, nil, 0)
					s.note("sendmsg", len(oob), n, err)
					s.take(b, 4, 200, 0)
					for range 3 {
						n, err := s.Read(d, make([]byte, 10))
						s.note("passed", n, err)
					}
				}
				n, err := s.SendmsgN(a, []byte("x"), unix.UnixRights(c), nil, 0)
				s.note("sendmsg", n, err)
				s.take(b, 4, 200, unix.MSG_CMSG_CLOEXEC|unix.MSG_PEEK)
				s.take(b, 4, 200, unix.MSG_CMSG_CLOEXEC)
			}
		})
	},
	"control messages without a byte": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ | unix.SOCK_NONBLOCK)
			n, err := s.SendmsgN(a, nil, unix.UnixRights(a), nil, 0)
			s.note("sendmsg", n, err)
			n, err = s.SendmsgBuffers(a, [][]byte{nil, {}}, unix.UnixRights(a), nil, 0)
			s.note("sendmsg", n, err)
			s.take(b, 0, 64, 0)
			s.take(b, 4, 64, 0)
			s.take(b, 0, 64, 0)
		})
	},
	"too little room for control messages": func(s *side) {
		for _, passcred := range []int{0, 1} {
			eachType(s, func(typ int) {
				for room := range 72 {
					a, b := s.pair(typ | unix.SOCK_NONBLOCK)
					s.SetsockoptInt(b, unix.SOL_SOCKET, unix.SO_PASSCRED, passcred)
					require.NoError(s.t, s.Sendmsg(a, []byte("x"), unix.UnixRights(a, b, a), nil, 0))
					s.take(b, 1, room, 0)
					s.Close(a)
					s.Close(b)
				}
			})
		}
	},
	"malformed control messages": func(s *side) {
		header := unix.SizeofCmsghdr
		rights := unix.UnixRights(0, 0)
		eachType(s, func(typ int) {
			a, b := s.pair(typ | unix.SOCK_NONBLOCK)
			for _, oob := range [][]byte{
				{}, {1}, make([]byte, header-1), make([]byte, header), make([]byte, header+1), make([]byte, 1000),
				message(header-1, unix.SOL_SOCKET, unix.SCM_RIGHTS), message(header, unix.SOL_SOCKET, unix.SCM_RIGHTS),
				message(header+1, unix.SOL_SOCKET, unix.SCM_RIGHTS, 1), message(header+4, unix.SOL_SOCKET, unix.SCM_RIGHTS),
				message(header+4, unix.SOL_SOCKET, unix.SCM_RIGHTS, 255, 255, 255, 255),
				message(header+4, unix.SOL_SOCKET, unix.SCM_RIGHTS, 255, 255, 255, 127),
				message(header+1000, unix.SOL_SOCKET, unix.SCM_RIGHTS, 0, 0, 0, 0), message(-1, unix.SOL_SOCKET, unix.SCM_RIGHTS),
				message(header+4, unix.SOL_SOCKET, 3, 0, 0, 0, 0), message(header+4, unix.SOL_SOCKET, 99, 0, 0, 0, 0),
				message(header+4, 41, 1, 0, 0, 0, 0), message(header+4, unix.SOL_SOCKET, unix.SCM_CREDENTIALS, 0, 0, 0, 0),
				append(unix.UnixRights(a), 0), append(unix.UnixRights(a), make([]byte, header)...), unix.UnixRights(a)[:header+2],
				append(unix.UnixRights(a), rights...), append(unix.UnixRights(-1), rights...), unix.UnixRights(1 << 20),
				unix.UnixRights(make([]int, 254)...), unix.UnixCredentials(&unix.Ucred{Pid: 1 << 30}), make([]byte, 1<<18),
			} {
				n, err := s.SendmsgN(a, []byte("x"), oob, nil, 0)
				s.note("sendmsg", len(oob), n, err)
				n, err = s.SendmsgN(-1, nil, oob, nil, 0)
				s.note("sendmsg", n, err)
			}
			for range 20 {
				buf := make([]byte, 8)
				n, err := s.Read(b, buf)
				s.note("read", n, err)
			}
		})
	},
}
