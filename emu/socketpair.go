package emu

import "sockpair/errno"

// Socketpair makes two connected, unnamed sockets and stores their
// descriptors, the lowest free ones, into sv [SP-01, SP-03]. The type may be
// or-ed with SOCK_NONBLOCK, SOCK_CLOEXEC and, where the personality has it,
// SOCK_CLOFORK, set in one step with the descriptors [SP-06].
//
// Errors, in the order that the personality's Pair gives: EINVAL: unknown bits
// in the type [ER-11]; EMFILE: all or all but one of the descriptors are open
// [ER-03]; EFAULT: sv is nil [ER-02]; EAFNOSUPPORT [ER-01]; EACCES:
// Config.Authorize [ER-08]; EPROTONOSUPPORT [ER-06]; EPROTOTYPE, on Linux
// ESOCKTNOSUPPORT [ER-07]; ENOBUFS: Config.MaxSockets [ER-09]; ENOMEM:
// Config.MaxMemory [ER-10]; EOPNOTSUPP: the family makes no pairs [ER-05];
// ENFILE: Config.MaxFiles [ER-04]. After a failure no descriptor is taken and
// sv is as it was; on Linux it may hold the numbers that were reserved [SP-08].
//
// Source: POSIX socketpair(); Linux net/socket.c __sys_socketpair.
func (p *Process) Socketpair(domain, typ, protocol int, sv *[2]int) error {
	if p.sys.cfg.Observer != nil {
		return p.observe1("socketpair", func() []any { return []any{Domain(domain), SockType(typ), protocol, sv} },
			func() errno.Errno { return p.socketpair(domain, typ, protocol, sv) })
	}
	return p.ret1(p.socketpair(domain, typ, protocol, sv))
}

// Pair is Socketpair(AF_UNIX, typ, 0) with the two descriptors as values.
func (p *Process) Pair(typ int) (a, b int, err error) {
	if p.proc.attention.Load()&observed == 0 {
		var sv [2]int // stays on the stack
		if err := p.ret1(p.socketpair(AF_UNIX, typ, 0, &sv)); err != nil {
			return -1, -1, err
		}
		return sv[0], sv[1], nil
	}
	var sv [2]int
	if err := p.Socketpair(AF_UNIX, typ, 0, &sv); err != nil {
		return -1, -1, err
	}
	return sv[0], sv[1], nil
}

// pairCall is a socketpair in progress, with what it has taken so far.
type pairCall struct {
	p                     *Process
	domain, typ, protocol int
	flags                 int
	sv                    *[2]int
	a, b                  int // the reserved numbers, -1 before
	sockets, files        bool
	single                bool // socket: one of them, whose descriptor comes last
	family                Family
	known                 bool // the machine has the family
}

// count is how many sockets are made.
func (c *pairCall) count() int {
	if c.single {
		return 1
	}
	return 2
}

func (p *Process) socketpair(domain, typ, protocol int, sv *[2]int) errno.Errno {
	if p.over() {
		return errEnded
	}
	if p.pairAtOnce(domain, typ, protocol, sv) {
		return 0
	}
	c := pairCall{p: p, domain: int(int32(domain)), typ: typ & sockTypeMask, protocol: int(int32(protocol)),
		flags: int(int32(typ)) &^ sockTypeMask, sv: sv, a: -1, b: -1}
	if err := c.steps(); err != 0 {
		return err
	}
	return c.install()
}

// ordinaryTypes are the types of which AF_UNIX makes a pair with protocol 0,
// whoever asks.
func (c *Config) ordinaryTypes() TypeSet {
	f := c.Personality.Families[AF_UNIX]
	if !contains(f.Protocols, 0) || c.Authorize != nil {
		return 0
	}
	return f.Types
}

// pairAtOnce makes a pair if every test of the arguments would pass, and there
// is enough of everything. Else it does nothing: the steps find out what comes
// first.
func (p *Process) pairAtOnce(domain, typ, protocol int, sv *[2]int) bool {
	s, q := p.sys, p.proc
	flags := int(int32(typ)) &^ sockTypeMask
	typ &= sockTypeMask
	if int32(domain) != AF_UNIX || int32(protocol) != 0 || typ >= sockTypeMax || !s.ordinary.Has(typ) ||
		flags&^s.rules.TypeFlags != 0 || sv == nil || !s.takePair() {
		return false
	}
	l := s.newPair(pairType(typ), flags&O_NONBLOCK, q)
	a, b, ok := q.files.AddPair(&l.ends[0].file, &l.ends[1].file, q.nofile(), descriptorFlags(flags))
	if !ok {
		s.census.add(-2, -2)
		return false
	}
	sv[0], sv[1] = a, b
	return true
}

// steps does them all. When one fails nothing is taken.
func (c *pairCall) steps() errno.Errno {
	rules := c.p.sys.rules
	c.family, c.known = rules.Families[c.domain]
	for _, step := range rules.Pair {
		if err := c.step(step); err != 0 {
			c.undo()
			return err
		}
	}
	return 0
}

// step does one step; the personality says in which order.
func (c *pairCall) step(step PairStep) errno.Errno {
	s := c.p.sys
	if c.single && step.ofPair() {
		return 0
	}
	switch step {
	case StepFlags:
		if c.flags&^s.rules.TypeFlags != 0 {
			return errno.EINVAL // [ER-11]
		}
	case StepDescriptors:
		var ok bool
		c.a, c.b, ok = c.p.proc.files.ReservePair(c.p.proc.nofile(), descriptorFlags(c.flags))
		if !ok {
			c.a, c.b = -1, -1
			return c.p.noNumber() // [ER-03]
		}
	case StepVector:
		if c.sv == nil {
			return errno.EFAULT // [ER-02]
		}
	case StepStoreFirst:
		c.sv[0], c.sv[1] = c.a, c.b // [SP-08]
	case StepPolicy:
		if allow := s.cfg.Authorize; allow != nil && !allow(c.p.Cred(), c.domain, c.typ, c.protocol) {
			return errno.EACCES // [SP-09, ER-08]
		}
	case StepFamilyRange, StepFamily, StepTypeRange, StepProtocol, StepType, StepPairs:
		return c.argument(step)
	case StepSockets:
		if !s.takeSockets(c.count()) {
			return errno.ENOBUFS // [ER-09]
		}
		c.sockets = true
	case StepMemory:
		if !s.haveMemory(s.census.sockets()) {
			return errno.ENOMEM // [ER-10]
		}
	case StepFiles:
		if !s.takeFiles(2) {
			return errno.ENFILE // [ER-04]
		}
		c.files = true
	}
	return 0
}

// ofPair reports whether a step is for a pair only.
func (s PairStep) ofPair() bool {
	return s == StepDescriptors || s == StepVector || s == StepStoreFirst || s == StepFiles
}

// undo gives back what a call has taken that fails.
func (c *pairCall) undo() {
	if c.a >= 0 {
		c.p.proc.files.Release(c.a)
		c.p.proc.files.Release(c.b)
	}
	if c.sockets {
		c.p.sys.census.add(0, -c.count())
	}
	if c.files {
		c.p.sys.census.add(-2, 0)
	}
}

// install makes the pair and puts it into the table. It fails only when the
// process has ended meanwhile.
func (c *pairCall) install() errno.Errno {
	l := c.p.sys.newPair(pairType(c.typ), c.flags&O_NONBLOCK, c.p.proc)
	c.sv[0], c.sv[1] = c.a, c.b
	if !c.p.proc.files.InstallPair(c.a, &l.ends[0].file, c.b, &l.ends[1].file) {
		l.ends[0].release()
		l.ends[1].release()
		return errEnded
	}
	return 0
}

// installFile opens a reserved descriptor, or, when the process has ended,
// releases the description.
func (p *Process) installFile(fd int, f *file) errno.Errno {
	if !p.proc.files.Install(fd, f) {
		f.release()
		return errEnded
	}
	return 0
}

// argument does the steps that test domain, type and protocol.
func (c *pairCall) argument(step PairStep) errno.Errno {
	family := &c.family
	switch {
	case step == StepFamilyRange && (c.domain < 0 || c.domain >= AF_MAX):
		return errno.EAFNOSUPPORT // [ER-01]
	case step == StepFamily && !c.known:
		return errno.EAFNOSUPPORT // [ER-01, SP-04]
	case step == StepTypeRange && c.typ >= sockTypeMax:
		return errno.EINVAL
	case step == StepProtocol:
		return family.protocolErrno(c.p.Cred().Uid, c.typ, c.protocol)
	case step == StepType && family.makesPairs() && !family.Types.Has(c.typ):
		return c.p.sys.rules.UnknownType // [ER-07]
	case step == StepPairs && !family.makesPairs() && c.single:
		return errno.EAFNOSUPPORT // there is no network
	case step == StepPairs && !family.makesPairs():
		return errno.EOPNOTSUPP // [ER-05]
	}
	return 0
}
