package program

// CallKind is a kind of call that a generator makes.
type CallKind uint8

// The kinds of call. Those from Fork on are for families only.
const (
	Send CallKind = iota
	Receive
	Poll
	Shutdown
	Close
	Pair       // a socketpair that succeeds
	Descriptor // dup, fcntl, close_range
	Option
	Ioctl
	Odd       // what mostly fails: lseek, names, socketpair with bad arguments
	Limit     // RLIMIT_NOFILE
	Readiness // epoll and select
	Pipes     // pipes, splice, tee, sendfile
	Naming    // socket, bind, listen, connect, accept, and the files that names are
	Waitables // counters, timers and processes as descriptors

	Fork
	Thread
	Exec
	Exit
	ExitThread
	Kill
	KillThread
	Wait
	Action // of a signal
	Mask   // of signals

	kinds
)

// kindTable makes a call of each kind.
var kindTable = [kinds]func(*Generator) Call{
	Send:       (*Generator).send,
	Receive:    (*Generator).receive,
	Poll:       (*Generator).poll,
	Shutdown:   (*Generator).shutdown,
	Close:      func(g *Generator) Call { return Call{Name: "close", Fd: g.fd()} },
	Pair:       (*Generator).pair,
	Descriptor: (*Generator).descriptor,
	Option:     (*Generator).option,
	Ioctl:      (*Generator).ioctl,
	Odd:        (*Generator).odd,
	Limit:      (*Generator).limit,
	Readiness:  (*Generator).readiness,
	Pipes:      (*Generator).pipes,
	Naming:     (*Generator).naming,
	Waitables:  (*Generator).waitable,
	Fork:       func(*Generator) Call { return Call{Name: "fork"} },
	Thread:     func(*Generator) Call { return Call{Name: "clone"} },
	Exec:       func(*Generator) Call { return Call{Name: "execve"} },
	Exit:       func(g *Generator) Call { return Call{Name: "exit_group", Args: []int{g.From.Intn(300)}} },
	ExitThread: func(*Generator) Call { return Call{Name: "exit"} },
	Kill:       func(g *Generator) Call { return Call{Name: "kill", Args: []int{g.somebody(), g.signal()}} },
	KillThread: func(g *Generator) Call { return Call{Name: "tgkill", Args: []int{g.somebody(), g.signal()}} },
	Wait:       (*Generator).wait,
	Action:     (*Generator).sigaction,
	Mask: func(g *Generator) Call {
		return Call{Name: "rt_sigprocmask", Args: []int{g.From.Intn(4), max(1, g.signal()&31)}}
	},
}

// Mix says how often each kind of call is made, relative to the others.
type Mix [kinds]int

// DefaultMix is the mix of a program of one process.
var DefaultMix = Mix{Send: 22, Receive: 28, Poll: 8, Shutdown: 6, Close: 6, Pair: 4, Descriptor: 8, Limit: 1, Option: 8, Ioctl: 6, Odd: 3}

// FamilyMix is the mix of a program of several tasks.
var FamilyMix = DefaultMix.With(Mix{Fork: 3, Thread: 2, Exec: 1, Exit: 2, ExitThread: 2, Kill: 5, KillThread: 3, Wait: 4, Action: 2, Mask: 1})

// NetworkMix is the mix of a program about sockets with names.
var NetworkMix = DefaultMix.With(Mix{Naming: 45, Pair: 2, Odd: 1})

// With is the mix with the weights of other where those are not 0. A negative
// one takes a kind out.
func (m Mix) With(other Mix) Mix {
	for k, n := range other {
		if n != 0 {
			m[k] = max(0, n)
		}
	}
	return m
}

func (m *Mix) orElse(other *Mix) *Mix {
	if *m == (Mix{}) {
		return other
	}
	return m
}

// kind makes a call of a kind at random.
func (g *Generator) kind(mix *Mix) Call {
	total := 0
	for _, n := range mix {
		total += n
	}
	n := g.From.Intn(total)
	for k, weight := range mix {
		if n -= weight; n < 0 {
			return kindTable[k](g)
		}
	}
	panic("program: a mix with a negative weight")
}

func (g *Generator) shutdown() Call {
	return Call{Name: "shutdown", Fd: g.fd(), Args: []int{pick(g.From, []int{0, 1, 2, 0, 1, 2, 3, -1})}}
}

// limit looks at RLIMIT_NOFILE or changes it, mostly to so little that the
// next descriptors are the last.
func (g *Generator) limit() Call {
	return Call{Name: "prlimit64", Args: pick(g.From, [][]int{{}, {3 + g.From.Intn(8), 10000}, {1024, 10000}, {5, 4}})}
}
