package program

import (
	"slices"

	"sockpair/emu"
)

// odd is one of the calls that mostly fail.
func (g *Generator) odd() Call {
	fd := g.fd()
	switch g.From.Intn(8) {
	case 0:
		return Call{Name: "lseek", Fd: fd, Args: []int{g.From.Intn(3) - 1, g.From.Intn(7) - 1}}
	case 1:
		return Call{Name: "pread64", Fd: fd, Args: []int{g.From.Intn(3) - 1}, Mem: []Mem{g.mem()}}
	case 2:
		return Call{Name: "pwrite64", Fd: fd, Args: []int{g.From.Intn(3) - 1}, Mem: []Mem{g.mem()}}
	case 3:
		return Call{Name: "ftruncate", Fd: fd, Args: []int{g.From.Intn(3) - 1}}
	case 4:
		return Call{Name: "fsync", Fd: fd}
	case 5:
		name := pick(g.From, []string{"getsockname", "getpeername"})
		return Call{Name: name, Fd: fd, Args: []int{pick(g.From, []int{110, 2, 1, 0, -1})}, Mem: []Mem{{Len: 110}}}
	}
	c := g.pair()
	c.Args[0] = pick(g.From, append(slices.Clone(domains), 1, 1, 1, 1, 1, 1, 1, 1))
	if g.chance(2) {
		c.Args[1] = pick(g.From, []int{0, 4, 6, 7, 10, 11, 15, emu.SOCK_STREAM | 1<<8, -1})
	}
	if g.chance(2) {
		c.Args[2] = pick(g.From, []int{0, 1, 2, 6, 17, -1})
	}
	if g.chance(4) {
		c.Mem = []Mem{{Kind: Null}}
	}
	return c
}

// strange is a call with numbers that nobody has looked at.
func (g *Generator) strange() Call {
	n := func() int { return (g.From.Intn(1<<16) << g.From.Intn(48)) * (1 - 2*g.From.Intn(2)) }
	fd := g.fd()
	switch g.From.Intn(8) {
	case 0:
		return Call{Name: "fcntl", Fd: fd, Args: []int{n(), n()}}
	case 1:
		return Call{Name: "ioctl", Fd: fd, Args: []int{n()}, Mem: []Mem{g.mem()}}
	case 2:
		return Call{Name: "setsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, g.From.Intn(100), g.size()}, Mem: []Mem{g.mem()}}
	case 3:
		return Call{Name: "getsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, g.From.Intn(100), g.size()}, Mem: []Mem{g.mem()}}
	case 4:
		return Call{Name: "socketpair", Args: []int{n(), n(), n()}, Mem: []Mem{{Len: 8}}}
	case 5:
		return Call{Name: "sendmsg", Fd: fd, Args: []int{n() | emu.MSG_DONTWAIT}, Msgs: []Msg{{Name: g.mem(), Iov: g.vector(), Control: g.mem()}}}
	case 6:
		return Call{Name: "recvmsg", Fd: fd, Args: []int{n() | emu.MSG_DONTWAIT}, Msgs: []Msg{{Name: g.mem(), Iov: g.vector(), Control: g.mem()}}}
	}
	return Call{Name: "close_range", Args: []int{n(), n(), n()}}
}
