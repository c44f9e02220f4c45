package exhaust

import (
	"slices"

	"sockpair/emu"
	"sockpair/fuzz/program"
)

// The alphabets of sockets that have names, or may get one. Their names are
// abstract, so that they are free again when a sequence has ended: no call
// sends the descriptor of a socket that may have one, for as garbage it would keep it.

// The descriptors of these sequences. endA and endB are the first two sockets.
const (
	third  = 5
	fourth = 6 // of datagrams; in the others the first that a sequence makes
	fifth  = 7 // the epoll instance, of names the second that a sequence makes
)

// address is one of the names at which sequences meet.
func address(letter string) program.Mem {
	return program.Mem{Data: emu.AbstractSockaddr(program.Place + letter)}
}

// Addresses without a name: of AF_UNIX, which asks bind for one, and of AF_UNSPEC.
var (
	anyName = program.Mem{Data: []byte{emu.AF_UNIX, 0}}
	nobody  = program.Mem{Data: []byte{emu.AF_UNSPEC, 0}}
)

// nameRoom is the room for an address, more than any here needs.
const nameRoom = 16

// sockets makes n sockets.
func sockets(typ, n int) program.Program {
	c := program.Call{Name: "socket", Args: []int{emu.AF_UNIX, typ | emu.SOCK_NONBLOCK, 0}}
	return slices.Repeat(program.Program{c}, n)
}

// unconnected makes three sockets that have no names.
func unconnected(typ int) program.Program { return sockets(typ, 3) }

// listening makes a listener with room for one connection, its client, a
// socket that has no name and none to talk to, and an epoll instance.
func listening(typ int) program.Program {
	return append(sockets(typ, 3), set(endA, emu.SO_SNDBUF, 0), set(endB, emu.SO_SNDBUF, 0),
		bind(endA, address("a")), listen(endA, 0), connect(endB, address("a")), program.Call{Name: "epoll_create1", Args: []int{0}})
}

// addressed makes two sockets that have names, two that have none, and an epoll instance.
func addressed(typ int) program.Program {
	return append(sockets(typ, 4), bind(endA, address("a")), bind(endB, address("b")), program.Call{Name: "epoll_create1", Args: []int{0}})
}

// names is what gives sockets names and finds them.
func names(int) []program.Call {
	a, b := address("a"), address("b")
	calls := []program.Call{
		bind(endA, a), bind(endA, b), bind(endB, a), bind(endB, b), bind(third, b), bind(endA, anyName), bind(endB, anyName), bind(third, nobody),
		listen(endA, 0), listen(endA, 1), listen(endB, 0), listen(third, 1),
	}
	for _, fd := range []int{endA, endB, third} {
		calls = append(calls, connect(fd, a), connect(fd, b))
	}
	return append(calls,
		connect(third, nobody), connect(third, anyName),
		accept(endA, emu.SOCK_NONBLOCK), acceptNamed(endA, nameRoom), accept(endB, 0), accept(third, 1<<8),
		program.Call{Name: "close", Fd: endA}, program.Call{Name: "close", Fd: endB}, program.Call{Name: "close", Fd: third}, program.Call{Name: "close", Fd: fourth},
		shutdown(endA, emu.SHUT_RD), shutdown(endA, emu.SHUT_WR), shutdown(endB, emu.SHUT_RDWR), shutdown(third, emu.SHUT_WR),
		send(endA, 1, 0), send(endB, 1, 0), send(third, 1, 0), send(fourth, 1, 0), sendTo(endB, 1, a),
		recv(endA, 1, 0), recv(endB, 1, 0), recv(third, 1, emu.MSG_PEEK), recvNamed(fourth, 1, 0),
		set(endA, emu.SO_PASSCRED, 1), set(endB, emu.SO_PASSCRED, 1), get(endA, emu.SO_ERROR), get(endB, emu.SO_ERROR),
		program.Call{Name: "dup", Fd: endA}, program.Call{Name: "dup2", Fd: endB, Args: []int{endA}})
}

// connections is what happens to a connection before it is accepted and after.
func connections(typ int) []program.Call {
	a := address("a")
	calls := []program.Call{
		accept(endA, emu.SOCK_NONBLOCK), acceptNamed(endA, nameRoom), acceptNamed(endA, -1), accept(endB, 0),
		connect(endA, a), connect(endB, a), connect(third, a),
		listen(endA, 0), listen(endA, 1), listen(third, 1), bind(endA, anyName), bind(endB, anyName), bind(third, address("b")), bind(third, a),
		send(endA, 1, 0), send(endB, 1, 0), send(endB, 4400, 0), send(third, 1, 0), send(fifth, 1, 0), send(fifth, large, 0), send(fifth+1, 1, 0), sendTo(endB, 1, a),
		pass(endB, 1, 0, endB), claim(endB),
		recv(endA, 1, 0), recv(endB, 1, 0), recv(endB, room, emu.MSG_PEEK), recv(third, 1, 0),
		recvNamed(fifth, 1, 0), recv(fifth, room, emu.MSG_PEEK), take(fifth, room, 128, 0), recv(fifth+1, 1, 0),
		shutdown(endA, emu.SHUT_RD), shutdown(endA, emu.SHUT_WR), shutdown(endB, emu.SHUT_RD), shutdown(endB, emu.SHUT_WR), shutdown(third, emu.SHUT_RDWR), shutdown(fifth, emu.SHUT_RDWR),
		{Name: "close", Fd: endA}, {Name: "close", Fd: endB}, {Name: "close", Fd: third}, {Name: "close", Fd: fifth},
		{Name: "dup", Fd: endA}, {Name: "dup2", Fd: endA, Args: []int{third}},
		set(endA, emu.SO_PASSCRED, 1), set(endB, emu.SO_PASSCRED, 1), set(third, emu.SO_PASSCRED, 1), set(fifth, emu.SO_PASSCRED, 1), set(endA, emu.SO_PASSRIGHTS, 0),
		get(endA, emu.SO_ERROR), get(endB, emu.SO_ERROR), get(fifth, emu.SO_ERROR),
	}
	if typ == emu.SOCK_STREAM {
		calls = append(calls, send(endB, 2, emu.MSG_OOB), recv(fifth, 1, emu.MSG_OOB))
	}
	const watched = emu.EPOLLET | emu.POLLIN | emu.POLLOUT | emu.POLLRDHUP
	return append(calls, watchIn(fourth, emu.EPOLL_CTL_ADD, endA, watched), watchIn(fourth, emu.EPOLL_CTL_ADD, endB, watched), watchIn(fourth, emu.EPOLL_CTL_ADD, third, watched),
		watchIn(fourth, emu.EPOLL_CTL_ADD, fifth, watched), program.Call{Name: "epoll_wait", Fd: fourth, Args: []int{4, 0}})
}

// datagrams is what sends to whom, and who hears of it. A burst fills the
// queue of a socket that is not connected to its sender.
func datagrams(int) []program.Call {
	a, b := address("a"), address("b")
	const watched = emu.EPOLLET | emu.POLLIN | emu.POLLOUT | emu.POLLRDHUP
	return []program.Call{
		connect(endA, a), connect(endA, b), connect(endB, a), connect(third, a), connect(third, b), connect(fourth, a),
		connect(endA, nobody), connect(third, nobody), bind(third, anyName), bind(third, a),
		send(endA, 1, 0), send(endB, 1, 0), send(third, 1, 0), send(third, 0, 0), send(fourth, 1, 0), send(third, 1, emu.MSG_OOB),
		sendTo(endA, 1, a), sendTo(endA, 1, b), sendTo(endB, 1, a), sendTo(third, 1, a), sendTo(third, 2000, b), sendTo(fourth, 1, a),
		burst(third, none), burst(fourth, a), claim(third),
		recvNamed(endA, room, 0), recvNamed(endA, room, emu.MSG_PEEK), recvNamed(endB, room, 0), recv(third, room, 0), take(endA, room, 128, 0),
		set(third, emu.SO_SNDBUF, 0), set(endA, emu.SO_PASSCRED, 1), set(third, emu.SO_PASSCRED, 1),
		{Name: "close", Fd: endA}, {Name: "close", Fd: endB}, {Name: "close", Fd: third},
		shutdown(endA, emu.SHUT_RD), shutdown(endA, emu.SHUT_WR), shutdown(endB, emu.SHUT_RDWR), shutdown(third, emu.SHUT_RD), shutdown(third, emu.SHUT_WR),
		get(endA, emu.SO_ERROR), get(endB, emu.SO_ERROR), get(third, emu.SO_ERROR),
		{Name: "dup", Fd: endA}, {Name: "dup2", Fd: endA, Args: []int{endB}}, listen(endA, 1), accept(endA, 0),
		{Name: "poll", Args: []int{0}, Polls: polls(emu.POLLOUT|emu.POLLWRNORM|emu.POLLWRBAND, endA, endB, third, fourth)},
		watchIn(fifth, emu.EPOLL_CTL_ADD, endA, watched), watchIn(fifth, emu.EPOLL_CTL_ADD, third, watched), watchIn(fifth, emu.EPOLL_CTL_ADD, fourth, emu.EPOLLET|emu.POLLOUT),
		{Name: "epoll_wait", Fd: fifth, Args: []int{4, 0}},
	}
}

func observingNames(typ int) []program.Call {
	return look(typ, []int{endA, endB, third, fourth}, []int{fourth, fifth})
}

func observingConnections(typ int) []program.Call {
	return look(typ, []int{endA, endB, third, fifth}, []int{fifth, fifth + 1})
}

func observingDatagrams(typ int) []program.Call {
	return look(typ, []int{endA, endB, third, fourth}, []int{fifth + 1})
}

// look are calls on each of some sockets that change nothing, and what tells
// which numbers are taken. doc.go says why poll does not ask a SOCK_DGRAM for POLLOUT.
func look(typ int, sockets, numbers []int) (calls []program.Call) {
	const in, out = emu.POLLIN | emu.POLLPRI | emu.POLLRDHUP | emu.POLLRDNORM | emu.POLLRDBAND, emu.POLLOUT | emu.POLLWRNORM | emu.POLLWRBAND
	events := int16(in)
	if typ != emu.SOCK_DGRAM {
		events |= out
	}
	calls = append(calls, program.Call{Name: "poll", Args: []int{0}, Polls: polls(events, sockets...)})
	for _, fd := range sockets {
		calls = append(calls, ask(fd, emu.FIONREAD), ask(fd, emu.SIOCOUTQ),
			program.Call{Name: "getsockname", Fd: fd, Args: []int{nameRoom}, Mem: []program.Mem{{Len: nameRoom}}},
			program.Call{Name: "getpeername", Fd: fd, Args: []int{nameRoom}, Mem: []program.Mem{{Len: nameRoom}}})
		if typ != emu.SOCK_DGRAM {
			calls = append(calls, get(fd, emu.SO_ACCEPTCONN), peerCredentials(fd))
		}
	}
	if typ == emu.SOCK_DGRAM {
		calls = append(calls, get(endA, emu.SO_ACCEPTCONN), peerCredentials(endA))
	}
	for _, fd := range numbers {
		calls = append(calls, program.Call{Name: "fcntl", Fd: fd, Args: []int{emu.F_GETFD, 0}})
	}
	return calls
}

func polls(events int16, fds ...int) (list []emu.PollFd) {
	for _, fd := range fds {
		list = append(list, emu.PollFd{Fd: fd, Events: events})
	}
	return list
}

func bind(fd int, name program.Mem) program.Call {
	return program.Call{Name: "bind", Fd: fd, Mem: []program.Mem{name}}
}

func listen(fd, backlog int) program.Call {
	return program.Call{Name: "listen", Fd: fd, Args: []int{backlog}}
}

func connect(fd int, name program.Mem) program.Call {
	return program.Call{Name: "connect", Fd: fd, Mem: []program.Mem{name}}
}

func accept(fd, flags int) program.Call {
	return program.Call{Name: "accept4", Fd: fd, Args: []int{flags}, Mem: []program.Mem{none}}
}

// acceptNamed asks for the client's address.
func acceptNamed(fd, room int) program.Call {
	return program.Call{Name: "accept4", Fd: fd, Args: []int{emu.SOCK_NONBLOCK | emu.SOCK_CLOEXEC, room}, Mem: []program.Mem{{Len: nameRoom}}}
}

func shutdown(fd, how int) program.Call {
	return program.Call{Name: "shutdown", Fd: fd, Args: []int{how}}
}

func sendTo(fd, n int, name program.Mem) program.Call {
	return program.Call{Name: "sendto", Fd: fd, Args: []int{0}, Mem: []program.Mem{{Len: n, Fill: fill(fd)}, name}}
}

// recvNamed asks for the sender's address.
func recvNamed(fd, n, flags int) program.Call {
	return program.Call{Name: "recvfrom", Fd: fd, Args: []int{flags, nameRoom}, Mem: []program.Mem{{Len: n}, {Len: nameRoom}}}
}

// burst is one message more than a queue takes of those it is not connected to.
func burst(fd int, name program.Mem) program.Call {
	const many = 12
	m := program.Msg{Name: name, Iov: []program.Mem{{Len: 1, Fill: fill(fd)}}}
	return program.Call{Name: "sendmmsg", Fd: fd, Args: []int{0}, Msgs: slices.Repeat([]program.Msg{m}, many)}
}

// peerCredentials is getsockopt of SO_PEERCRED.
func peerCredentials(fd int) program.Call {
	const sizeofUcred = 12
	return program.Call{Name: "getsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, emu.SO_PEERCRED, sizeofUcred}, Mem: []program.Mem{{Len: sizeofUcred}}}
}
