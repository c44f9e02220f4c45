package emu

import "sockpair/errno"

// Socket makes an unconnected socket. SOCK_NONBLOCK, SOCK_CLOEXEC and
// SOCK_CLOFORK may be or-ed to typ.
//
// EINVAL: unknown bits in typ; EAFNOSUPPORT; EINVAL: a type that no family
// has; EACCES: Config.Authorize; EPROTONOSUPPORT; ESOCKTNOSUPPORT or
// EPROTOTYPE: a type that AF_UNIX has not; ENOBUFS: Config.MaxSockets; ENOMEM:
// Config.MaxMemory; EAFNOSUPPORT: a family that only makes no pairs
// (docs/divergences.md); EMFILE; ENFILE: Config.MaxFiles. The personality says in which
// order: that of socketpair, but for the descriptor, which comes last.
//
// Source: POSIX socket(); Linux net/socket.c __sys_socket.
func (p *Process) Socket(domain, typ, protocol int) (int, error) {
	return p.observe("socket", func() []any { return []any{Domain(domain), SockType(typ), protocol} },
		func() (int, errno.Errno) { return p.socket(domain, typ, protocol) })
}

func (p *Process) socket(domain, typ, protocol int) (int, errno.Errno) {
	if p.over() {
		return -1, errEnded
	}
	c := pairCall{p: p, domain: int(int32(domain)), typ: typ & sockTypeMask, protocol: int(int32(protocol)),
		flags: int(int32(typ)) &^ sockTypeMask, a: -1, b: -1, single: true}
	if err := c.steps(); err != 0 {
		return -1, err
	}
	return c.installSingle()
}

// installSingle gives the socket its descriptor.
// EMFILE; ENFILE.
func (c *pairCall) installSingle() (int, errno.Errno) {
	p := c.p
	fd, ok := p.proc.files.Reserve(0, p.proc.nofile(), descriptorFlags(c.flags))
	if !ok {
		c.undo()
		return -1, p.noNumber()
	}
	if !p.sys.takeFiles(1) {
		p.proc.files.Release(fd)
		c.undo()
		return -1, errno.ENFILE
	}
	e := p.sys.newSocket(pairType(c.typ), c.flags&O_NONBLOCK, p.proc.who.Load())
	if err := p.installFile(fd, &e.file); err != 0 {
		return -1, err
	}
	return fd, 0
}

// newSocket makes an unconnected socket with one reference. The other place
// of its link waits for the server's end of a connection.
func (s *System) newSocket(typ, status int, maker *identity) *end {
	l := new(link)
	l.ends[0].init(s, l, typ, status, maker)
	free := &l.ends[1]
	free.link, free.sys, free.closed, free.besides, free.seldom = l, s, true, &nothing, &never
	free.refs.none()
	return &l.ends[0]
}

// pairType is the type of the sockets that a type makes [DG-05].
func pairType(typ int) int {
	if typ == SOCK_RAW {
		return SOCK_DGRAM
	}
	return typ
}
