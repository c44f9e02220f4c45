package program

import "sockpair/emu"

// Choices is where a program at random comes from: Intn returns a number in
// [0, n). rand.Rand is one, Bytes another.
type Choices interface{ Intn(n int) int }

// Bytes are choices that a fuzzer makes: each takes a byte, or two where one
// is not enough. When they are used up every choice is 0.
type Bytes struct{ b []byte }

// NewBytes makes choices of b.
func NewBytes(b []byte) *Bytes { return &Bytes{b} }

// Left reports whether there are choices left.
func (b *Bytes) Left() bool { return len(b.b) > 0 }

// Intn takes the next choice.
func (b *Bytes) Intn(n int) int {
	v := b.next()
	if n > 256 {
		v = v<<8 | b.next()
	}
	return v % n
}

func (b *Bytes) next() int {
	if len(b.b) == 0 {
		return 0
	}
	v := int(b.b[0])
	b.b = b.b[1:]
	return v
}

// Generator makes calls that never block: every socket is made with
// O_NONBLOCK and keeps it, or, if ByCall, every call has MSG_DONTWAIT. If
// Blocking, neither is so.
type Generator struct {
	From     Choices
	ByCall   bool
	Blocking bool
	// Large lets messages be longer than 100000 bytes.
	Large bool
	// Deadly leaves SIGPIPE as it is: it ends the process.
	Deadly bool
	// Ancillary adds control messages, out-of-band bytes and the peek offset.
	Ancillary bool
	// Readiness adds epoll and select.
	Readiness bool
	// Objects adds files that are no sockets: pipes, with splice, tee and sendfile.
	Objects bool
	// Network makes programs about sockets with names.
	Network bool
	// Waitables adds counters, timers and processes as descriptors.
	Waitables bool
	// Mix says how often each kind of call is made; the zero value is DefaultMix,
	// or in a family FamilyMix.
	Mix Mix
	// Types, Sizes and Buffers are what the types of sockets, the lengths of
	// data and SO_SNDBUF are chosen from; nil is a list of edges. Programs with
	// Buffers set it at once on the first pair.
	Types, Sizes, Buffers []int
	// Urgent is how rare MSG_OOB is, Bad how rare bad memory: once in so many
	// times. 0 is 8, if Ancillary, and 60.
	Urgent, Bad int
	// Strange adds what the kernel has and the machine has not, or knows in
	// another way (docs/divergences.md): such programs are not for comparing.
	Strange bool

	fill   byte
	single bool // the program is of one process
}

func pick[T any](c Choices, list []T) T { return list[c.Intn(len(list))] }

// or is n, or other when that is 0.
func or(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}

// chance is true once in n times.
func (g *Generator) chance(n int) bool { return g.From.Intn(n) == n-1 }

// Program makes a program of n calls that begins with one or two pairs.
func (g *Generator) Program(n int) Program {
	if g.Network {
		return g.network(n)
	}
	p := Program{g.pair()}
	if !g.Deadly {
		p = append(p, Call{Name: "signal", Args: []int{int(emu.SIGPIPE), int(emu.SIG_IGN)}})
	}
	g.single = true
	defer func() { g.single = false }()
	if g.waitables() {
		p = append(p, g.beginnings()...)
	}
	if g.objects() {
		p = append(p, g.pipe(), g.pipe())
	}
	if g.chance(2) {
		p = append(p, g.pair())
	}
	switch {
	case g.Buffers != nil:
		p = append(p, g.smallBuffer(3), g.smallBuffer(4))
	case g.chance(2):
		p = append(p, g.smallBuffer(3+g.From.Intn(2)))
	}
	for len(p) < n {
		p = append(p, g.Call())
	}
	return p
}

// pair is a socketpair that succeeds while there are descriptors.
func (g *Generator) pair() Call {
	typ := pick(g.From, orElse(g.Types, types))
	if !g.ByCall && (!g.Blocking || g.chance(4)) {
		typ |= emu.SOCK_NONBLOCK
	}
	if g.chance(4) {
		typ |= emu.SOCK_CLOEXEC
	}
	return Call{Name: "socketpair", Args: []int{emu.AF_UNIX, typ, 0}, Mem: []Mem{{Len: 8}}}
}

// smallBuffer sets a send buffer that is soon full.
func (g *Generator) smallBuffer(fd int) Call {
	return intOption(fd, emu.SO_SNDBUF, pick(g.From, orElse(g.Buffers, bufferSizes[:9])))
}

// orElse is list, or other when there is none.
func orElse(list, other []int) []int {
	if list == nil {
		return other
	}
	return list
}

func intOption(fd, name, v int) Call {
	return Call{Name: "setsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, name, 4},
		Mem: []Mem{{Data: []byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)}}}}
}

// fd is a descriptor: mostly one that is likely to be open.
func (g *Generator) fd() int {
	if (g.objects() || g.waitables()) && !g.chance(3) {
		return 3 + g.From.Intn(8)
	}
	switch n := g.From.Intn(40); {
	case n < 38 && g.Network:
		return 3 + n%7
	case n < 28:
		return 3 + n%2
	case n < 38:
		return 3 + n%6
	case n == 38:
		return pick(g.From, []int{-1, 1023, 1024, 1 << 20, -1 << 31, 5000})
	}
	return 3 + g.From.Intn(12)
}

func (g *Generator) size() int {
	if g.Large && g.chance(12) {
		return pick(g.From, largeSizes)
	}
	list := orElse(g.Sizes, sizes)
	return list[min(g.From.Intn(len(list)), g.From.Intn(len(list)))]
}

// mem is a buffer: mostly good.
func (g *Generator) mem() Mem {
	g.fill += 37
	m := Mem{Len: g.size(), Fill: g.fill}
	switch n := or(g.Bad, 60); g.From.Intn(n) {
	case n - 2:
		m.Kind = Bad
	case n - 1:
		m = Mem{Kind: Null}
	}
	return m
}

// vector is up to four buffers; a bad one may be among them.
func (g *Generator) vector() []Mem {
	v := make([]Mem, g.From.Intn(5))
	for i := range v {
		v[i] = g.mem()
	}
	if g.chance(60) {
		return make([]Mem, 1024+g.From.Intn(2))
	}
	return v
}

// flags are bits of list, with MSG_DONTWAIT where it is needed.
func (g *Generator) flags(list []int) (f int) {
	for g.chance(3) {
		f |= pick(g.From, list)
	}
	if g.Ancillary && g.chance(or(g.Urgent, 8)) {
		f |= emu.MSG_OOB
	}
	if g.ByCall || g.chance(3) {
		f |= emu.MSG_DONTWAIT
	}
	return f
}

// Call makes one call.
func (g *Generator) Call() Call {
	if g.Strange && g.chance(20) {
		return g.strange()
	}
	if g.Readiness && g.chance(4) {
		return g.readiness()
	}
	if g.waitables() && g.chance(3) {
		return g.waitable()
	}
	if g.objects() && g.chance(3) {
		return g.pipes()
	}
	return g.kind(g.Mix.orElse(&DefaultMix))
}

func (g *Generator) poll() Call {
	c := Call{Name: pick(g.From, []string{"poll", "ppoll"}), Args: []int{0}}
	if g.Blocking && c.Name == "poll" && g.chance(2) {
		c.Args[0] = -1
	}
	for range 1 + g.From.Intn(3) {
		f := emu.PollFd{Fd: int(int32(g.fd())), Events: emu.POLLIN | emu.POLLOUT | emu.POLLRDHUP}
		for g.chance(3) {
			f.Events ^= pick(g.From, events)
		}
		if g.chance(20) {
			f.Events = -1
		}
		c.Polls = append(c.Polls, f)
	}
	return c
}

func (g *Generator) descriptor() Call {
	c := Call{Fd: g.fd()}
	switch g.From.Intn(11) {
	case 0, 1, 2:
		c.Name = "dup"
	case 3:
		c.Name, c.Args = "dup2", []int{g.fd()}
	case 4:
		c.Name, c.Args = "dup3", []int{g.fd(), pick(g.From, []int{0, emu.O_CLOEXEC, 1, emu.O_NONBLOCK})}
	case 5:
		c.Name, c.Args = "close_range", []int{3 + g.From.Intn(8), 3 + g.From.Intn(8), pick(g.From, []int{0, 0, 0, 4, 2, 1})}
		c.Fd = 0
	default:
		cmd := pick(g.From, fcntls)
		arg := g.From.Intn(3)
		switch cmd {
		case emu.F_SETFL:
			arg = pick(g.From, []int{0, emu.O_APPEND, emu.O_NOATIME, 1, -1 &^ (emu.O_DIRECT | emu.O_ASYNC), emu.O_DIRECT})
			if !g.ByCall && !g.Blocking {
				arg |= emu.O_NONBLOCK
			}
		case emu.F_DUPFD, emu.F_DUPFD_CLOEXEC:
			arg = pick(g.From, []int{0, 3, 5, 8, 100, 1023, 1024, -1})
		}
		c.Name, c.Args = "fcntl", []int{cmd, arg}
	}
	return c
}

func (g *Generator) option() Call {
	fd := g.fd()
	if g.Ancillary && g.chance(2) {
		name := pick(g.From, ancillaryOptions)
		v := pick(g.From, []int{0, 1})
		if name == emu.SO_PEEK_OFF {
			v = pick(g.From, []int{-1, 0, 0, 1, 5, 100, -5})
		}
		return intOption(fd, name, v)
	}
	switch g.From.Intn(8) {
	case 0, 1:
		return g.smallBuffer(fd)
	case 2, 3:
		name := pick(g.From, setOptions)
		v := pick(g.From, ints)
		if name == emu.SO_RCVBUF || name == emu.SO_SNDBUF || name == emu.SO_SNDBUFFORCE || name == emu.SO_RCVBUFFORCE {
			v = pick(g.From, bufferSizes)
		}
		c := intOption(fd, name, v)
		if g.chance(12) {
			c.Args[2] = pick(g.From, []int{0, 3, -1})
		}
		if g.chance(12) {
			c.Args[0] = pick(g.From, []int{0, 6, 41, -1})
		}
		return c
	case 4:
		return Call{Name: "getsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, emu.SO_ERROR, 4}, Mem: []Mem{{Len: 4}}}
	}
	name := g.From.Intn(90)
	for unread[name] {
		name++
	}
	room := pick(g.From, []int{4, 4, 4, 4, 0, 1, 2, 3, 16, 100, -1})
	return Call{Name: "getsockopt", Fd: fd, Args: []int{emu.SOL_SOCKET, name, room}, Mem: []Mem{{Len: max(room, 4)}}}
}

func (g *Generator) ioctl() Call {
	c := Call{Name: "ioctl", Fd: g.fd(), Args: []int{pick(g.From, ioctls)}, Mem: []Mem{{Data: []byte{1, 0, 0, 0}}}}
	switch {
	case g.chance(30):
		c.Mem = []Mem{{Kind: Bad, Len: 4}}
	case (g.ByCall || g.Blocking && g.chance(2)) && c.Args[0] == emu.FIONBIO:
		c.Mem = []Mem{{Data: make([]byte, 4)}}
	}
	return c
}
