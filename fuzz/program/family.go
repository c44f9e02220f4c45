package program

import "sockpair/emu"

// Family makes a program of n calls by several tasks: processes that fork, exec,
// exit, wait and signal each other, threads, and what they do to the pairs
// that they share. If g.Blocking, calls may fall asleep.
func (g *Generator) Family(n int) Program {
	p := Program{g.pair()}
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
	for len(p) < n {
		c := g.Call()
		if g.From.Intn(5) == 0 {
			c = g.lifecycle()
		}
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

// lifecycle is a call that concerns processes, threads or signals.
func (g *Generator) lifecycle() Call {
	signal := int(pick(g.From, signals))
	switch g.From.Intn(16) {
	case 0, 1:
		return Call{Name: "fork"}
	case 2:
		return Call{Name: "clone"}
	case 3:
		return Call{Name: "execve"}
	case 4:
		return Call{Name: "exit_group", Args: []int{g.From.Intn(300)}}
	case 5:
		return Call{Name: "exit"}
	case 6, 7, 8:
		return Call{Name: "kill", Args: []int{g.From.Intn(7), signal}}
	case 9, 10:
		return Call{Name: "tgkill", Args: []int{g.From.Intn(7), signal}}
	case 11, 12:
		options := emu.WNOHANG
		if g.Blocking && g.chance(2) {
			options = 0
		}
		return Call{Name: "wait4", Args: []int{g.From.Intn(7) - 1, options}}
	case 13:
		c := Call{Name: "rt_sigaction", Args: []int{max(1, signal), g.From.Intn(3), pick(g.From, restart)}}
		if signal == int(emu.SIGCHLD) {
			c.Args[1] %= 2 // which task would take it is open
		}
		return c
	case 14:
		return Call{Name: "rt_sigprocmask", Args: []int{g.From.Intn(4), max(1, signal&31)}}
	}
	return Call{Name: "wait4", Args: []int{-1, emu.WNOHANG}}
}
