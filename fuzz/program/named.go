package program

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"sockpair/emu"
)

// Sockets with names: the calls that make and find them, on a few names that
// programs meet at. Abstract ones begin with Place, for which each run puts
// something that nobody else uses; paths are relative to the directory in which
// the program runs.

// Place begins the abstract names of a program.
const Place = "@@place@"

// Network reports whether the program has a call about names.
func (p Program) Network() bool { return slices.ContainsFunc(p, Call.isNamed) }

// At is the program with its abstract names in a place of their own, which is
// as long as Place.
func (p Program) At(place string) Program {
	moved := make(Program, len(p))
	for i, c := range p {
		c.Mem = moveAll(c.Mem, place)
		c.Msgs = append([]Msg(nil), c.Msgs...)
		for k := range c.Msgs {
			c.Msgs[k].Name = c.Msgs[k].Name.move(place)
		}
		moved[i] = c
	}
	return moved
}

func moveAll(mem []Mem, place string) []Mem {
	moved := append([]Mem(nil), mem...)
	for i := range moved {
		moved[i] = moved[i].move(place)
	}
	return moved
}

func (m Mem) move(place string) Mem {
	if bytes.Contains(m.Data, []byte(Place)) {
		m.Data = bytes.Replace(m.Data, []byte(Place), []byte(place), 1)
	}
	return m
}

// namer is a process with the calls of named sockets.
type namer interface {
	Socket(domain, typ, protocol int) (int, error)
	Bind(fd int, name []byte) error
	Listen(fd, backlog int) error
	Accept(fd int, name []byte, namelen *int) (int, error)
	Accept4(fd int, name []byte, namelen *int, flags int) (int, error)
	Connect(fd int, name []byte) error
	Unlink(path string) error
	Mkdir(path string, mode uint32) error
	Rmdir(path string) error
	Chmod(path string, mode uint32) error
	Rename(from, to string) error
	Symlink(to, path string) error
}

// runNamed makes a call of named sockets.
func runNamed(p namer, c Call) (n int, out string, err error) {
	switch c.Name {
	case "socket": // domain, type, protocol
		n, err = p.Socket(c.arg(0), c.arg(1), c.arg(2))
	case "bind": // memory: the address
		err = p.Bind(c.Fd, c.mem(0).bytes())
	case "connect": // memory: the address
		err = p.Connect(c.Fd, c.mem(0).bytes())
	case "listen": // backlog
		err = p.Listen(c.Fd, c.arg(0))
	case "accept", "accept4": // flags, *namelen; memory: room for the address
		return runAccept(p, c)
	case "unlink":
		err = p.Unlink(c.path(0))
	case "mkdir": // mode
		err = p.Mkdir(c.path(0), uint32(c.arg(0)))
	case "rmdir":
		err = p.Rmdir(c.path(0))
	case "chmod": // mode
		err = p.Chmod(c.path(0), uint32(c.arg(0)))
	case "rename":
		err = p.Rename(c.path(0), c.path(1))
	case "symlink":
		err = p.Symlink(c.path(0), c.path(1))
	}
	return n, "", err
}

func runAccept(p namer, c Call) (n int, out string, err error) {
	name := c.mem(0).bytes()
	var room *int
	if len(c.Args) > 1 {
		room = new(int)
		*room = c.arg(1)
	}
	if c.Name == "accept" {
		n, err = p.Accept(c.Fd, name, room)
	} else {
		n, err = p.Accept4(c.Fd, name, room, c.arg(0))
	}
	if err == nil && name != nil && room != nil {
		out = fmt.Sprintf("%s [%d]", shownName(name, *room), *room)
	}
	return n, out, err
}

// path is the i-th memory as a path.
func (c Call) path(i int) string { return string(c.mem(i).bytes()) }

// isNamed reports whether the call is one of runNamed's.
func (c Call) isNamed() bool {
	switch c.Name {
	case "socket", "bind", "connect", "listen", "accept", "accept4", "unlink", "mkdir", "rmdir", "chmod", "rename", "symlink":
		return true
	}
	return false
}

// paths are those that programs use: names of sockets, a directory, a symbolic
// link, and what is not there.
var paths = []string{"a", "b", "d/a", "d", "l", "none/a", "a/x", "./a", "d/../b", "d/", ""}

// place is an address: mostly a good one.
func (g *Generator) place() Mem {
	switch n := g.From.Intn(20); {
	case n < 11:
		return Mem{Data: emu.AbstractSockaddr(Place + string(rune('a'+n%3)))}
	case n < 17:
		return Mem{Data: emu.PathSockaddr(pick(g.From, paths[:3]))}
	case n == 17:
		return Mem{Data: emu.PathSockaddr(pick(g.From, paths))}
	case n == 18:
		name := emu.PathSockaddr(pick(g.From, paths)) // without the NUL, and with bytes behind it
		return pick(g.From, []Mem{{Data: name[:len(name)-1]}, {Data: append(name, 'x', 0, 'y')}})
	}
	return pick(g.From, []Mem{{Data: []byte{1, 0}}, {Data: []byte{0, 0}}, {Data: []byte{0, 0, 'x'}}, {Data: []byte{2, 0, 'x', 0}},
		{Data: []byte{1}}, {Data: []byte{}}, {Kind: Null}, {Kind: Bad, Len: 10}, {Len: 129, Fill: 1},
		{Data: append([]byte{1, 0}, make([]byte, 110)...)}, {Data: append([]byte{1, 0}, make([]byte, 108)...)}})
}

// newSocket is a socket that is mostly good.
func (g *Generator) newSocket() Call {
	c := g.pair()
	c.Name, c.Mem = "socket", nil
	if g.chance(20) {
		c.Args[0] = pick(g.From, []int{emu.AF_UNSPEC, emu.AF_MAX, 200, -1})
	}
	if g.chance(20) {
		c.Args[1] = pick(g.From, []int{0, 4, 6, 11, emu.SOCK_STREAM | 1<<8, -1})
	}
	if g.chance(20) {
		c.Args[2] = pick(g.From, []int{0, 1, 2, 17, -1})
	}
	return c
}

// acceptCall takes a connection.
func (g *Generator) acceptCall() Call {
	c := Call{Name: "accept4", Fd: g.fd(), Args: []int{0}, Mem: []Mem{{Kind: Null}}}
	if !g.ByCall && !g.Blocking || g.chance(4) {
		c.Args[0] = emu.SOCK_NONBLOCK
	}
	switch g.From.Intn(10) {
	case 6:
		c.Args[0] |= emu.SOCK_CLOEXEC
	case 7, 8:
		c.Args, c.Mem = append(c.Args, pick(g.From, []int{110, 110, 2, 1, 0, -1})), []Mem{{Len: 110}}
	case 9:
		c.Args[0] = pick(g.From, []int{1, 1 << 8, -1})
	}
	return c
}

// naming is a call that concerns names and connections.
func (g *Generator) naming() Call {
	switch n := g.From.Intn(28); {
	case n < 4:
		return g.newSocket()
	case n < 9:
		return Call{Name: "bind", Fd: g.fd(), Mem: []Mem{g.place()}}
	case n < 13:
		return Call{Name: "listen", Fd: g.fd(), Args: []int{pick(g.From, []int{0, 0, 1, 1, 2, 5, -1})}}
	case n < 20:
		return Call{Name: "connect", Fd: g.fd(), Mem: []Mem{g.place()}}
	case n < 25:
		return g.acceptCall()
	case n == 25:
		name := pick(g.From, []string{"getsockname", "getpeername"})
		return Call{Name: name, Fd: g.fd(), Args: []int{pick(g.From, []int{110, 110, 110, 2, 1, 0, -1})}, Mem: []Mem{{Len: 110}}}
	case n == 26:
		return Call{Name: "unlink", Mem: []Mem{text(pick(g.From, paths))}}
	}
	return g.fileCall()
}

// fileCall changes the directory in which the program runs.
func (g *Generator) fileCall() Call {
	switch g.From.Intn(6) {
	case 0, 1:
		return Call{Name: "mkdir", Args: []int{pick(g.From, []int{0o777, 0o755, 0, 0o1777})}, Mem: []Mem{text(pick(g.From, paths))}}
	case 2:
		return Call{Name: "rmdir", Mem: []Mem{text(pick(g.From, paths))}}
	case 3:
		return Call{Name: "chmod", Args: []int{pick(g.From, []int{0o777, 0o555, 0, 0o600})}, Mem: []Mem{text(pick(g.From, paths))}}
	case 4:
		return Call{Name: "symlink", Mem: []Mem{text(pick(g.From, paths)), text(pick(g.From, paths))}}
	}
	return Call{Name: "rename", Mem: []Mem{text(pick(g.From, paths)), text(pick(g.From, paths))}}
}

func text(s string) Mem { return Mem{Data: []byte(s)} }

// network makes a program of n calls about sockets with names.
func (g *Generator) network(n int) Program {
	p := Program{{Name: "signal", Args: []int{int(emu.SIGPIPE), int(emu.SIG_IGN)}}}
	typ := pick(g.From, orElse(g.Types, types))
	flags := emu.SOCK_NONBLOCK
	if g.Blocking || g.ByCall {
		flags = 0
	}
	made := 2 + g.From.Intn(4)
	for range made {
		if g.chance(4) {
			typ = pick(g.From, orElse(g.Types, types))
		}
		p = append(p, Call{Name: "socket", Args: []int{emu.AF_UNIX, typ | flags, 0}})
	}
	for fd := 3; fd < 3+made; fd++ {
		if g.From.Intn(3) > 0 {
			p = append(p, Call{Name: "bind", Fd: fd, Mem: []Mem{g.place()}})
		}
		if g.chance(2) {
			p = append(p, Call{Name: "listen", Fd: fd, Args: []int{g.From.Intn(3)}})
		}
	}
	for len(p) < n {
		p = append(p, g.Call())
	}
	return p
}

// printNamed prints the arguments of a call of named sockets.
func (c Call) printNamed() []string {
	fd := fmt.Sprint(c.Fd)
	switch c.Name {
	case "socket":
		return []string{domainNames.name(c.arg(0)), typeName(c.arg(1)), fmt.Sprint(c.arg(2))}
	case "bind", "connect":
		return []string{fd, c.mem(0).sockaddr(), fmt.Sprint(c.mem(0).len())}
	case "listen":
		return []string{fd, fmt.Sprint(c.arg(0))}
	case "accept", "accept4":
		room := "NULL"
		if len(c.Args) > 1 {
			room = fmt.Sprintf("[%d]", c.arg(1))
		}
		args := []string{fd, c.mem(0).pointer("..."), room}
		if c.Name == "accept4" {
			args = append(args, strings.ReplaceAll(openFlags.String(c.arg(0)), "O_", "SOCK_"))
		}
		return args
	}
	args := []string{}
	for i := range c.Mem {
		args = append(args, fmt.Sprintf("%q", c.path(i)))
	}
	if c.Name == "mkdir" || c.Name == "chmod" {
		args = append(args, fmt.Sprintf("0%o", c.arg(0)))
	}
	return args
}

// sockaddr is an address as strace writes it.
func (m Mem) sockaddr() string {
	if m.Kind != Good || m.Data == nil || len(m.Data) <= 2 || m.Data[0] != emu.AF_UNIX || m.Data[1] != 0 {
		return m.String()
	}
	path := string(m.Data[2:])
	if path[0] == 0 {
		return fmt.Sprintf("{sa_family=AF_UNIX, sun_path=@%q}", path[1:])
	}
	path, _, _ = strings.Cut(path, "\x00")
	return fmt.Sprintf("{sa_family=AF_UNIX, sun_path=%q}", path)
}
