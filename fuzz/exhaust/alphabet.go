package exhaust

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sockpair/emu"
	"sockpair/fuzz/program"
)

// Alphabet is the calls that sequences are made of, for one type of socket.
type Alphabet struct {
	Name      string
	About     string // what its sequences are about
	Type      int    // SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
	Setup     program.Program
	Changing  []program.Call // a sequence is some of these
	Observing []program.Call // these change nothing, and are made after each
}

// kinds are the alphabets that there are.
var kinds = []struct {
	name, about string
	types       []int
	setup       func(typ int) program.Program
	changing    func(typ int) []program.Call
	observing   func(typ int) []program.Call
}{
	{"full", "every kind of call, on either end", all, pair, full, observing},
	{"small", "what moves data, ends it and tells of it", all, pair, small, observing},
	{"urgent", "urgent bytes: the mark, SO_OOBINLINE, SO_PEEK_OFF", []int{emu.SOCK_STREAM}, pair, urgent, observing},
	{"passing", "ends in messages: sent, peeked at, received, closed", all, pair, passing, observing},
	{"names", "sockets that begin without a name: bind, listen, connect, accept", all, unconnected, names, observingNames},
	{"connections", "a listener with a client: accept, what travels before and after it, the ends", connected, listening, connections, observingConnections},
	{"datagrams", "sockets with names and without: connect, sendto, full queues", []int{emu.SOCK_DGRAM}, addressed, datagrams, observingDatagrams},
}

var (
	all       = []int{emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET}
	connected = []int{emu.SOCK_STREAM, emu.SOCK_SEQPACKET}
)

// New returns the alphabet of a name for a type. The error says that there is
// none; it is ErrType when there is one for another type.
func New(name string, typ int) (*Alphabet, error) {
	var known []string
	for _, k := range kinds {
		known = append(known, k.name)
		switch {
		case k.name != name:
		case !slices.Contains(k.types, typ):
			return nil, fmt.Errorf("alphabet %s, socket type %d: %w", name, typ, ErrType)
		default:
			return &Alphabet{Name: name, About: k.about, Type: typ, Setup: k.setup(typ), Changing: k.changing(typ), Observing: k.observing(typ)}, nil
		}
	}
	return nil, fmt.Errorf("alphabet %q: expected one of %s", name, strings.Join(known, ", "))
}

// ErrType says that an alphabet has nothing for a type of socket.
var ErrType = errors.New("it has nothing for this type")

// The descriptors of a fresh pair. What a sequence makes begins at next.
const (
	endA = 3
	endB = 4
	epfd = 5
	next = 6
	last = 15 // no call names a descriptor beyond
)

// room is more than a full buffer holds, and large more than fits in.
const (
	room  = 5000
	large = 100000
)

// pair makes a fresh pair.
func pair(typ int) program.Program {
	return program.Program{
		{Name: "socketpair", Args: []int{emu.AF_UNIX, typ | emu.SOCK_NONBLOCK, 0}, Mem: []program.Mem{{}}},
		set(endA, emu.SO_SNDBUF, 0),
		set(endB, emu.SO_SNDBUF, 0),
		{Name: "epoll_create1", Args: []int{0}},
	}
}

// observing are the calls that change nothing; doc.go says why.
func observing(typ int) []program.Call {
	const events = emu.POLLIN | emu.POLLPRI | emu.POLLOUT | emu.POLLRDHUP | emu.POLLRDNORM | emu.POLLRDBAND | emu.POLLWRNORM | emu.POLLWRBAND
	calls := []program.Call{
		{Name: "poll", Args: []int{0}, Polls: []emu.PollFd{{Fd: endA, Events: events}, {Fd: endB, Events: events}}},
		ask(endA, emu.FIONREAD), ask(endB, emu.FIONREAD), ask(endA, emu.SIOCOUTQ), ask(endB, emu.SIOCOUTQ),
		get(endB, emu.SO_PEEK_OFF), get(endB, emu.SO_RCVLOWAT), get(endA, emu.SO_SNDBUF),
	}
	if typ == emu.SOCK_STREAM {
		calls = append(calls, ask(endA, emu.SIOCATMARK), ask(endB, emu.SIOCATMARK))
	}
	for _, fd := range []int{endA, endB, next, next + 1, next + 2} {
		calls = append(calls, program.Call{Name: "fcntl", Fd: fd, Args: []int{emu.F_GETFD, 0}})
	}
	return calls
}

// full is every kind of call on either end, most of them from a to b.
func full(typ int) (calls []program.Call) {
	calls = append(calls, sends(typ)...)
	calls = append(calls,
		pass(endA, 1, 0, endA), pass(endA, 1, 0, endB), pass(endB, 1, 0, endA), pass(endB, 1, 0, endB),
		pass(endA, 1, 0, 0, 1, 2),
		pass(endA, 1, 0, epfd), claim(endA))
	calls = append(calls, receives(typ)...)
	for _, fd := range []int{endA, endB} {
		for how := range 3 {
			calls = append(calls, program.Call{Name: "shutdown", Fd: fd, Args: []int{how}})
		}
	}
	calls = append(calls,
		program.Call{Name: "close", Fd: endA}, program.Call{Name: "close", Fd: endB}, program.Call{Name: "close", Fd: next},
		program.Call{Name: "dup", Fd: endB}, program.Call{Name: "dup2", Fd: endA, Args: []int{endB}},
		set(endA, emu.SO_SNDBUF, 3000), set(endB, emu.SO_RCVLOWAT, 3), set(endB, emu.SO_PASSCRED, 1), set(endB, emu.SO_PASSRIGHTS, 0),
		set(endB, emu.SO_PEEK_OFF, 0), set(endA, emu.SO_PASSCRED, 1), get(endA, emu.SO_ERROR), get(endB, emu.SO_ERROR))
	if typ == emu.SOCK_STREAM {
		calls = append(calls, set(endB, emu.SO_OOBINLINE, 1), set(endB, emu.SO_INQ, 1))
	}
	const watched = emu.POLLIN | emu.POLLPRI | emu.POLLOUT | emu.POLLRDHUP
	return append(calls,
		watch(emu.EPOLL_CTL_ADD, endB, watched), watch(emu.EPOLL_CTL_ADD, endB, emu.EPOLLET|watched), watch(emu.EPOLL_CTL_ADD, endA, emu.EPOLLET|watched),
		watch(emu.EPOLL_CTL_MOD, endB, emu.EPOLLONESHOT|watched),
		watch(emu.EPOLL_CTL_DEL, endB, 0), program.Call{Name: "epoll_wait", Fd: epfd, Args: []int{4, 0}})
}

// sends are the sends without control messages.
func sends(typ int) []program.Call {
	if typ == emu.SOCK_STREAM {
		return []program.Call{send(endA, 1, 0), send(endA, 2240, 0), send(endA, large, 0), send(endA, 0, 0),
			send(endA, 1, emu.MSG_OOB), send(endA, 3, emu.MSG_OOB), send(endB, 1, 0), send(endB, 2, emu.MSG_OOB),
			pass(endA, 2, emu.MSG_OOB, 0)}
	}
	return []program.Call{send(endA, 1, 0), send(endA, 2000, 0), send(endA, 4576, 0), send(endA, 4577, 0), send(endA, 0, 0),
		send(endA, 1, emu.MSG_OOB), send(endB, 1, 0)}
}

// receives are the receives of either end.
func receives(typ int) []program.Call {
	calls := []program.Call{
		recv(endB, 1, 0), recv(endB, room, 0), recv(endB, 0, 0), recv(endB, 2, emu.MSG_PEEK),
		recv(endB, room, emu.MSG_PEEK), recv(endB, room, emu.MSG_WAITALL),
		take(endB, 1, 0, 0), take(endB, room, cmsgLen(4), 0), take(endB, room, 128, emu.MSG_CMSG_CLOEXEC), take(endB, room, 128, emu.MSG_PEEK),
		recv(endA, 1, 0), recv(endA, room, emu.MSG_PEEK), take(endA, room, 128, 0),
		{Name: "recvfrom", Fd: endB, Args: []int{0}, Mem: []program.Mem{{Kind: program.Bad, Len: 8}, {Kind: program.Null}}},
	}
	if typ == emu.SOCK_STREAM {
		return append(calls, recv(endB, 1, emu.MSG_TRUNC), recv(endB, 1, emu.MSG_OOB), recv(endB, 1, emu.MSG_OOB|emu.MSG_PEEK))
	}
	return append(calls, recv(endB, 1, emu.MSG_TRUNC), recv(endB, 1, emu.MSG_TRUNC|emu.MSG_PEEK))
}

// small is for longer sequences: what moves data, ends it and tells of it.
func small(typ int) []program.Call {
	calls := []program.Call{
		send(endA, 1, 0), send(endA, 4400, 0), send(endB, 1, 0), pass(endA, 1, 0, endA),
		recv(endB, 1, 0), recv(endB, room, emu.MSG_PEEK), take(endB, room, 128, 0), recv(endA, 1, 0),
		{Name: "shutdown", Fd: endA, Args: []int{emu.SHUT_WR}}, {Name: "shutdown", Fd: endB, Args: []int{emu.SHUT_RD}},
		{Name: "close", Fd: endA}, {Name: "close", Fd: endB}, get(endA, emu.SO_ERROR),
		watch(emu.EPOLL_CTL_ADD, endB, emu.EPOLLET|emu.POLLIN|emu.POLLOUT|emu.POLLRDHUP), {Name: "epoll_wait", Fd: epfd, Args: []int{4, 0}},
	}
	if typ == emu.SOCK_STREAM {
		return append(calls, send(endA, 2, emu.MSG_OOB), recv(endB, 1, emu.MSG_OOB))
	}
	return append(calls, send(endA, 0, 0), recv(endB, 0, 0))
}

// urgent is about MSG_OOB.
func urgent(int) []program.Call {
	return []program.Call{
		send(endA, 1, 0), send(endA, 3, 0), send(endA, 1, emu.MSG_OOB), send(endA, 3, emu.MSG_OOB), pass(endA, 2, emu.MSG_OOB, 0),
		recv(endB, 1, 0), recv(endB, 2, 0), take(endB, room, 128, 0), recv(endB, 1, emu.MSG_PEEK), recv(endB, room, emu.MSG_PEEK),
		recv(endB, 1, emu.MSG_OOB), recv(endB, 1, emu.MSG_OOB|emu.MSG_PEEK), set(endB, emu.SO_OOBINLINE, 1), set(endB, emu.SO_OOBINLINE, 0),
		set(endB, emu.SO_PEEK_OFF, 0), set(endB, emu.SO_PEEK_OFF, 1), {Name: "shutdown", Fd: endA, Args: []int{emu.SHUT_WR}},
		{Name: "close", Fd: endB}, get(endA, emu.SO_ERROR),
	}
}

// passing is about descriptors in flight.
func passing(int) []program.Call {
	return []program.Call{
		pass(endA, 1, 0, endA), pass(endA, 1, 0, endB), pass(endB, 1, 0, endA), pass(endB, 1, 0, endB), pass(endA, 1, 0, next),
		pass(endA, 2, 0, 0, endB), send(endA, 1, 0),
		recv(endB, 1, 0), take(endB, 2, cmsgLen(4)-1, 0), take(endB, 2, cmsgLen(4), 0), take(endB, room, 128, 0), take(endB, room, 128, emu.MSG_PEEK),
		take(endA, room, 128, 0), {Name: "close", Fd: endA}, {Name: "close", Fd: endB}, {Name: "close", Fd: next}, {Name: "dup", Fd: endB},
		set(endB, emu.SO_PASSRIGHTS, 0), {Name: "shutdown", Fd: endB, Args: []int{emu.SHUT_RD}},
	}
}

var none = program.Mem{Kind: program.Null}

// fill is the first byte of what an end sends, so that its bytes can be told from the others'.
func fill(fd int) byte { return 'A' + byte(fd-endA)*('a'-'A') }

func send(fd, n, flags int) program.Call {
	return program.Call{Name: "sendto", Fd: fd, Args: []int{flags}, Mem: []program.Mem{{Len: n, Fill: fill(fd)}, none}}
}

func recv(fd, n, flags int) program.Call {
	return program.Call{Name: "recvfrom", Fd: fd, Args: []int{flags}, Mem: []program.Mem{{Len: n}, none}}
}

// pass sends descriptors, claim credentials, take receives both.
func pass(fd, n, flags int, fds ...int) program.Call {
	return sendmsg(fd, n, flags, program.Cmsg{Level: emu.SOL_SOCKET, Type: emu.SCM_RIGHTS, Fds: fds})
}

func claim(fd int) program.Call {
	return sendmsg(fd, 1, 0, program.Cmsg{Level: emu.SOL_SOCKET, Type: emu.SCM_CREDENTIALS, Cred: &program.Cred{Whose: program.Own}})
}

func sendmsg(fd, n, flags int, beside program.Cmsg) program.Call {
	return program.Call{Name: "sendmsg", Fd: fd, Args: []int{flags}, Msgs: []program.Msg{
		{Name: none, Iov: []program.Mem{{Len: n, Fill: fill(fd) + 0x80}}, Cmsgs: []program.Cmsg{beside}}}}
}

func take(fd, n, control, flags int) program.Call {
	beside := program.Mem{Len: control}
	if control == 0 {
		beside = none
	}
	return program.Call{Name: "recvmsg", Fd: fd, Args: []int{flags}, Msgs: []program.Msg{
		{Name: none, Iov: []program.Mem{{Len: n}}, Control: beside}}}
}

// cmsgLen is CMSG_LEN: of a control message with n bytes of data.
func cmsgLen(n int) int { return 16 + n }

func set(fd, option, value int) program.Call {
	return program.Call{Name: "setsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, option, 4},
		Mem: []program.Mem{{Data: []byte{byte(value), byte(value >> 8), 0, 0}}}}
}

func get(fd, option int) program.Call {
	return program.Call{Name: "getsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, option, 4}, Mem: []program.Mem{{Len: 4}}}
}

func ask(fd, request int) program.Call {
	return program.Call{Name: "ioctl", Fd: fd, Args: []int{request}, Mem: []program.Mem{{Data: make([]byte, 4)}}}
}

// watch registers an end; what epoll_wait tells then names it.
func watch(op, fd int, events uint32) program.Call { return watchIn(epfd, op, fd, events) }

func watchIn(instance, op, fd int, events uint32) program.Call {
	return program.Call{Name: "epoll_ctl", Fd: instance, Args: []int{op, fd, int(int32(events)), fd}}
}
