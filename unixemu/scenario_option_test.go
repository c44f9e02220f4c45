//go:build linux

package unixemu_test

import "golang.org/x/sys/unix"

// readable are the options of level SOL_SOCKET that the machine has and whose
// value does not depend on the host.
var readable = []int{
	unix.SO_DEBUG, unix.SO_REUSEADDR, unix.SO_TYPE, unix.SO_ERROR, unix.SO_DONTROUTE, unix.SO_BROADCAST, unix.SO_SNDBUF,
	unix.SO_RCVBUF, unix.SO_KEEPALIVE, unix.SO_OOBINLINE, unix.SO_NO_CHECK, unix.SO_PRIORITY, unix.SO_REUSEPORT,
	unix.SO_PASSCRED, unix.SO_RCVLOWAT, unix.SO_SNDLOWAT, unix.SO_ACCEPTCONN, unix.SO_PROTOCOL, unix.SO_DOMAIN,
	unix.SO_RXQ_OVFL, unix.SO_PEEK_OFF, unix.SO_NOFCS, unix.SO_LOCK_FILTER, unix.SO_SELECT_ERR_QUEUE, unix.SO_MARK, unix.SO_PASSSEC,
}

var optionScenarios = map[string]func(*side){
	"options that are numbers": func(s *side) {
		eachType(s, func(typ int) {
			a, _ := s.pair(typ)
			for _, opt := range readable {
				value, err := s.GetsockoptInt(a, unix.SOL_SOCKET, opt)
				s.note("get", opt, value, err)
				if opt == unix.SO_DEBUG || opt == unix.SO_PRIORITY || opt == unix.SO_MARK { // ask for privileges
					continue
				}
				for _, v := range []int{1, 0, -1, 5000} {
					err := s.SetsockoptInt(a, unix.SOL_SOCKET, opt, v)
					value, errGet := s.GetsockoptInt(a, unix.SOL_SOCKET, opt)
					s.note("set", opt, v, err, value, errGet)
				}
			}
			for _, level := range []int{0, 6, 41, 999, -1} {
				value, err := s.GetsockoptInt(a, level, 1)
				s.note("level", level, value, err, s.SetsockoptInt(a, level, 1, 1))
			}
			value, err := s.GetsockoptInt(a, unix.SOL_SOCKET, 1000)
			s.note("unknown", value, err, s.SetsockoptInt(a, unix.SOL_SOCKET, 1000, 1))
		})
	},
	"options of other sizes": func(s *side) {
		a, b := s.pair(unix.SOCK_STREAM)
		one, err := s.GetsockoptByte(a, unix.SOL_SOCKET, unix.SO_TYPE)
		s.note("byte", one, err, s.SetsockoptByte(a, unix.SOL_SOCKET, unix.SO_PASSCRED, 1))
		cookie, err := s.GetsockoptUint64(a, unix.SOL_SOCKET, unix.SO_COOKIE)
		again, errAgain := s.GetsockoptUint64(a, unix.SOL_SOCKET, unix.SO_COOKIE)
		s.note("uint64", cookie == again, cookie != 0, err, errAgain, s.SetsockoptUint64(a, unix.SOL_SOCKET, unix.SO_PASSCRED, 1<<32))
		on, err := s.GetsockoptInt(a, unix.SOL_SOCKET, unix.SO_PASSCRED)
		s.note("passcred", on, err)
		for _, l := range []*unix.Linger{{Onoff: 1, Linger: 7}, {Onoff: 0, Linger: 9}, {Onoff: 2, Linger: -1}, nil} {
			err := s.SetsockoptLinger(a, unix.SOL_SOCKET, unix.SO_LINGER, l)
			got, errGet := s.GetsockoptLinger(a, unix.SOL_SOCKET, unix.SO_LINGER)
			s.note("linger", err, *got, errGet)
		}
		tv := func(sec, usec int) *unix.Timeval {
			v := unix.NsecToTimeval(0)
			v.Sec, v.Usec = v.Sec+intOf(v.Sec, sec), v.Usec+intOf(v.Usec, usec)
			return &v
		}
		for _, v := range []*unix.Timeval{tv(1, 500000), tv(0, 1), tv(0, 0), tv(-1, 0), tv(0, -1), tv(0, 1000000), tv(1<<30, 0), nil} {
			for _, opt := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
				err := s.SetsockoptTimeval(a, unix.SOL_SOCKET, opt, v)
				got, errGet := s.GetsockoptTimeval(a, unix.SOL_SOCKET, opt)
				s.note("timeval", err, *got, errGet)
			}
		}
		cred, err := s.GetsockoptUcred(b, unix.SOL_SOCKET, unix.SO_PEERCRED)
		s.note("ucred", int(cred.Pid) == s.Getpid(), int(cred.Uid) == s.Getuid(), int(cred.Gid) == s.Getgid(), err)
		for _, opt := range []int{unix.SO_PEERNAME, unix.SO_BINDTODEVICE, 1000} {
			str, err := s.GetsockoptString(a, unix.SOL_SOCKET, opt)
			s.note("string", opt, []byte(str), err, s.SetsockoptString(a, unix.SOL_SOCKET, opt, ""), s.SetsockoptString(a, 41, opt, "x"))
		}
	},
	"requests": func(s *side) {
		eachType(s, func(typ int) {
			a, b := s.pair(typ)
			s.Write(a, []byte("some"))
			s.Write(a, []byte("bytes"))
			n, err := s.IoctlGetInt(b, unix.TIOCINQ)
			s.note("inq", n, err)
			n, err = s.IoctlGetInt(a, unix.TIOCOUTQ)
			s.note("outq", n, err)
			n, err = s.IoctlGetInt(a, unix.SIOCATMARK)
			s.note("atmark", n, err)
			n, err = s.IoctlGetInt(a, unix.TIOCGWINSZ)
			s.note("winsize", n, err)
			const fionbio = 0x5421
			s.note("nbio", s.IoctlSetPointerInt(a, fionbio, 1), s.IoctlSetInt(a, fionbio, 0), s.IoctlSetInt(a, fionbio, 1))
			n, err = s.Read(a, make([]byte, 1))
			s.note("read", n, err)
		})
	},
}

// intOf is v as a field's type.
func intOf[T ~int32 | ~int64](_ T, v int) T { return T(v) }
