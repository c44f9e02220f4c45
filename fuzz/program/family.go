package program

import "sockpair/emu"

// Family makes a program of n calls by several tasks: processes that fork, exec,
// exit, wait and signal each other, threads, and what they do to the pairs
// that they share. If g.Blocking, calls may fall asleep.
func (g *Generator) Family(n int) Program {
	p := Program{g.pair()}
	if g.Network {
		p = append(g.network(0)[1:], p...)
	}
	if g.waitables() {
		p = append(p, g.beginnings()...)
	}
	if g.objects() {
		p = append(p, g.pipe())
	}
	for _, c := range []Call{
		{Name: "rt_sigaction", Args: []int{int(emu.SIGUSR1), int(emu.SIG_HANDLE), pick(g.From, restart)}},
		{Name: "rt_sigaction", Args: []int{int(emu.SIGPIPE), g.From.Intn(3), pick(g.From, restart)}},
		g.pair(),
		g.smallBuffer(3),
		{Name: "setuid", Args: []int{pick(g.From, []int{0, 0, 65534})}}, // before there are threads
		{Name: "fork"},
		{Name: "clone"},
	} {
		if g.From.Intn(3) > 0 {
			p = append(p, c)
		}
	}
	mix := g.Mix
	defer func() { g.Mix = mix }()
	g.Mix = *mix.orElse(&FamilyMix)
	for len(p) < n {
		c := g.Call()
		if c.Name == "close_range" {
			c.Args[2] &^= emu.CLOSE_RANGE_UNSHARE // threads of the machine share their table for good
		}
		c.Task = g.From.Intn(4)
		p = append(p, c)
	}
	return p
}

var restart = []int{0, emu.SA_RESTART, -1 << 31 /* SA_RESETHAND */, emu.SA_NODEFER}

var signals = []emu.Signal{emu.SIGUSR1, emu.SIGUSR1, emu.SIGUSR1, emu.SIGUSR2, emu.SIGTERM, emu.SIGCHLD, emu.SIGPIPE,
	emu.SIGKILL, emu.SIGCONT, 0, 65, -1}

func (g *Generator) signal() int { return int(pick(g.From, signals)) }

// somebody is a task of a family, 0 for the caller's group.
func (g *Generator) somebody() int { return g.From.Intn(7) }

func (g *Generator) wait() Call {
	if g.chance(3) {
		return Call{Name: "wait4", Args: []int{-1, emu.WNOHANG}}
	}
	options := emu.WNOHANG
	if g.Blocking && g.chance(2) {
		options = 0
	}
	return Call{Name: "wait4", Args: []int{g.somebody() - 1, options}}
}

func (g *Generator) sigaction() Call {
	signal := g.signal()
	c := Call{Name: "rt_sigaction", Args: []int{max(1, signal), g.From.Intn(3), pick(g.From, restart)}}
	if signal == int(emu.SIGCHLD) {
		c.Args[1] %= 2 // which task would take it is open
	}
	return c
}
