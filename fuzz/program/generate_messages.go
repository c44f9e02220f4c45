package program

// Sends and receives.

func (g *Generator) send() Call {
	n := g.From.Intn(6)
	if g.ByCall {
		n = 2 + n%4
	}
	switch n {
	case 0:
		return Call{Name: "write", Fd: g.fd(), Mem: []Mem{g.mem()}}
	case 1:
		return Call{Name: "writev", Fd: g.fd(), Mem: g.vector()}
	case 2, 3:
		return Call{Name: "sendto", Fd: g.fd(), Args: []int{g.flags(sendFlags)}, Mem: []Mem{g.mem(), g.address()}}
	case 4:
		return Call{Name: "sendmsg", Fd: g.fd(), Args: []int{g.flags(sendFlags)}, Msgs: []Msg{g.outMsg()}}
	}
	c := Call{Name: "sendmmsg", Fd: g.fd(), Args: []int{g.flags(sendFlags)}, Msgs: make([]Msg, g.From.Intn(4))}
	for i := range c.Msgs {
		c.Msgs[i] = g.outMsg()
		c.Msgs[i].Null = false
	}
	return c
}

// address is the address of a send: mostly none.
func (g *Generator) address() Mem {
	if g.Network && g.chance(3) {
		return g.place()
	}
	if !g.chance(12) {
		return Mem{Kind: Null}
	}
	return pick(g.From, []Mem{
		{Data: []byte{1, 0, '/', 'n', 'o', 'n', 'e', '/', 'x'}}, {Data: []byte{1, 0, 0, 'n', 'o', 'n', 'e'}}, {Data: []byte{1, 0}},
		{Data: []byte{2, 0, 'x', 0}}, {Data: []byte{1}}, {Data: []byte{}}, {Kind: Bad, Len: 10},
		{Len: 128, Fill: 1}, {Len: 129}, {Data: append([]byte{1, 0}, make([]byte, 110)...)},
	})
}

func (g *Generator) outMsg() Msg {
	m := Msg{Name: g.address(), Iov: g.vector(), Control: Mem{Kind: Null}}
	switch g.From.Intn(30) {
	case 27:
		m.Name, m.Namelen = Mem{Len: 110}, -1
	case 28:
		m.Control = pick(g.From, []Mem{{Data: make([]byte, 8)}, {Data: make([]byte, 16)}, {Kind: Bad, Len: 24},
			{Data: []byte{16, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0}}, {Data: []byte{16, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 99, 0, 0, 0}}})
	case 29:
		m.Null = true
	}
	if g.Ancillary && g.chance(2) {
		m.Cmsgs = g.cmsgs()
	}
	return m
}

func (g *Generator) receive() Call {
	n := g.From.Intn(6)
	if g.ByCall {
		n = 2 + n%4
	}
	switch n {
	case 0:
		return Call{Name: "read", Fd: g.fd(), Mem: []Mem{g.mem()}}
	case 1:
		return Call{Name: "readv", Fd: g.fd(), Mem: g.vector()}
	case 2, 3:
		c := Call{Name: "recvfrom", Fd: g.fd(), Args: []int{g.flags(recvFlags)}, Mem: []Mem{g.mem()}}
		switch g.From.Intn(10) {
		case 7, 8:
			c.Mem = append(c.Mem, Mem{Len: 110})
			c.Args = append(c.Args, pick(g.From, []int{0, 1, 2, 110, -1}))
		case 9:
			c.Mem = append(c.Mem, Mem{Len: 110})
		}
		return c
	case 4:
		return Call{Name: "recvmsg", Fd: g.fd(), Args: []int{g.flags(recvFlags)}, Msgs: []Msg{g.inMsg()}}
	}
	c := Call{Name: "recvmmsg", Fd: g.fd(), Args: []int{g.flags(recvFlags)}, Msgs: make([]Msg, g.From.Intn(4))}
	for i := range c.Msgs {
		c.Msgs[i] = g.inMsg()
		c.Msgs[i].Null = false
	}
	return c
}

func (g *Generator) inMsg() Msg {
	m := Msg{Name: Mem{Kind: Null}, Iov: g.vector(), Control: Mem{Kind: Null}}
	switch g.From.Intn(20) {
	case 15, 16:
		m.Name = Mem{Len: 110}
	case 17:
		m.Control = Mem{Len: 64}
	case 18:
		m.Name, m.Namelen = Mem{Len: 110}, -1
	case 19:
		m.Null = true
	}
	if g.Ancillary && g.chance(2) {
		m.Control = Mem{Len: pick(g.From, []int{1, 8, 15, 16, 20, 24, 28, 32, 40, 48, 64, 100, 200})}
	}
	return m
}
