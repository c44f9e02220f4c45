package program

import (
	"fmt"

	"sockpair/emu"
)

// Pipes, and what moves data between descriptors: splice, tee, sendfile.

func runPipe(p Process, c Call) (n int, out string, err error) {
	offset := func(bit int) *int64 {
		if c.arg(3)&bit == 0 {
			return nil
		}
		return new(int64)
	}
	switch c.Name {
	case "pipe2": // flags; memory: the vector
		fds := &[2]int{-7, -7}
		if c.mem(0).Kind == Null {
			fds = nil
		}
		if err = p.Pipe2(fds, c.arg(0)); fds != nil {
			out = fmt.Sprintf("[%d, %d]", fds[0], fds[1])
		}
	case "splice": // from Fd to a descriptor, length, flags, which offsets are there
		n, err = p.Splice(c.Fd, offset(1), c.arg(0), offset(2), c.arg(1), c.arg(2))
	case "tee": // from Fd to a descriptor, length, flags
		n, err = p.Tee(c.Fd, c.arg(0), c.arg(1), c.arg(2))
	case "sendfile": // from Fd to a descriptor, length, 0, whether an offset is there
		n, err = p.Sendfile(c.arg(0), c.Fd, offset(1), c.arg(1))
	}
	return n, out, err
}

// pipe is a pipe2 that succeeds while there are descriptors.
func (g *Generator) pipe() Call {
	flags := pick(g.From, []int{0, 0, 0, emu.O_CLOEXEC, emu.O_DIRECT})
	if !g.Blocking || g.chance(3) {
		flags |= emu.O_NONBLOCK
	}
	return Call{Name: "pipe2", Args: []int{flags}, Mem: []Mem{{Len: 8}}}
}

// objectFd is a descriptor, of more that are likely to be open than fd.
func (g *Generator) objectFd() int {
	if g.chance(12) {
		return g.fd()
	}
	return 3 + g.From.Intn(8)
}

var pipeSizes = []int{0, 1, 4096, 4097, 8192, 8193, 16384, 65536, 65536, 1 << 17, 1 << 20, -1<<31 + 1, -1}

// pipes is a call about a pipe.
func (g *Generator) pipes() Call {
	from, to := g.objectFd(), g.objectFd()
	flags := pick(g.From, []int{0, 0, emu.SPLICE_F_NONBLOCK, emu.SPLICE_F_MORE | emu.SPLICE_F_MOVE})
	if g.chance(40) {
		flags = 16
	}
	switch n := g.From.Intn(24); {
	case n < 4:
		c := g.pipe()
		if g.chance(10) {
			c.Args[0] |= pick(g.From, []int{1, emu.O_NOTIFICATION_PIPE, emu.O_APPEND})
		}
		if g.chance(20) {
			c.Mem = nil
		}
		return c
	case n < 6:
		return Call{Name: "fcntl", Fd: from, Args: []int{emu.F_SETPIPE_SZ, pick(g.From, pipeSizes)}}
	case n < 7:
		return Call{Name: "fcntl", Fd: from, Args: []int{emu.F_GETPIPE_SZ, 0}}
	case n < 10:
		return Call{Name: "tee", Fd: from, Args: []int{to, g.size(), flags}}
	case n < 13:
		return Call{Name: "splice", Fd: from, Args: []int{to, pick(g.From, []int{1, 5, 100, 4096, 5000, 1 << 20, -1}), flags, 0}}
	case n < 18:
		c := Call{Name: "splice", Fd: from, Args: []int{to, g.size(), flags, 0}}
		if g.chance(20) {
			c.Args[3] = 1 + g.From.Intn(3)
		}
		return c
	case n < 20:
		c := Call{Name: "sendfile", Fd: from, Args: []int{to, g.size(), 0, 0}}
		if g.chance(20) {
			c.Args[3] = 1
		}
		return c
	case n < 22:
		return Call{Name: "write", Fd: from, Mem: []Mem{g.mem()}}
	}
	return Call{Name: "read", Fd: from, Mem: []Mem{g.mem()}}
}

// touchesPipes reports whether the call may wait for a pipe that another has.
func (c Call) touchesPipes() bool {
	switch c.Name {
	case "close", "close_range", "dup2", "dup3", "fcntl", "ioctl", "exit", "exit_group", "execve", "tgkill", "wait4",
		"recvmsg", "recvmmsg", "recvfrom":
		return true // a receive may drop the last descriptor of a pipe
	}
	return false
}

// printPipe prints those calls.
func (c Call) printPipe() []string {
	fd, n := fmt.Sprint(c.Fd), func(i int) string { return fmt.Sprint(c.arg(i)) }
	offset := func(bit int) string {
		if c.arg(3)&bit == 0 {
			return "NULL"
		}
		return "[0]"
	}
	switch c.Name {
	case "pipe2":
		return []string{c.mem(0).pointer("[]"), openFlags.String(c.arg(0))}
	case "splice":
		return []string{fd, offset(1), n(0), offset(2), n(1), spliceFlags.String(c.arg(2))}
	case "tee":
		return []string{fd, n(0), n(1), spliceFlags.String(c.arg(2))}
	}
	return []string{n(0), fd, offset(1), n(1)}
}

var spliceFlags = bits{{emu.SPLICE_F_MOVE, "SPLICE_F_MOVE"}, {emu.SPLICE_F_NONBLOCK, "SPLICE_F_NONBLOCK"},
	{emu.SPLICE_F_MORE, "SPLICE_F_MORE"}, {emu.SPLICE_F_GIFT, "SPLICE_F_GIFT"}}

// objects: where only the flags of a call keep it from falling asleep there are no pipes.
func (g *Generator) objects() bool { return g.Objects && !g.ByCall }
