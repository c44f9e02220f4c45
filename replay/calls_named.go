package replay

import (
	"sockpair/emu"
	"sockpair/strace"
)

// The calls that make, name and connect sockets, for AF_UNIX. What of the
// name space a recording takes for granted is in trusted.go.

func planSocket(a *attempt) {
	domain, typ, protocol := a.num(0, domains), a.num(1, socketTypes), a.num(2, protocols)
	if !a.settled() && domain != emu.AF_UNIX && !a.scripted() && !a.failedWith("EINVAL", "EAFNOSUPPORT") {
		a.r.outside(a)
		return
	}
	a.onNamed = domain == emu.AF_UNIX
	if a.settled() {
		a.r.opened(a, a.c.text.Name)
		return
	}
	a.duplicates = true
	a.count(func(p Process) (int, error) { return p.Socket(domain, typ, protocol) })
	a.makes(func() (got, want []int) { return []int{a.ret}, []int{a.recorded()} })
	a.then(func() {
		d := &description{typ: typ & 0xf, named: true}
		if d.typ == emu.SOCK_RAW {
			d.typ = emu.SOCK_DGRAM
		}
		a.t.of.fds.set(a.ret, d)
	})
}

// address reads an address that the call takes, with its length in the argument behind it.
func (a *attempt) address(i int) []byte {
	n, ok := a.arg(i + 1).Int()
	name, shown := a.r.machineName(a.arg(i), int(int32(n)))
	a.need(ok && shown)
	return name
}

func planBind(a *attempt) {
	name := a.address(1)
	if a.settled() {
		return
	}
	a.looks(facetName, func() { a.d.taint |= facetName })
	a.arrange(name)
	a.status(func(p Process) error { return p.Bind(a.fd, name) })
	a.then(func() { a.r.bound(a.t.p, a.fd, a.d) })
}

func planListen(a *attempt) {
	backlog := a.number(1)
	a.looks(facetState|facetName, func() { a.d.skippedAll() })
	a.status(func(p Process) error { return p.Listen(a.fd, backlog) })
}

// planConnect connects to a socket of the log. One that the log does not
// show being named is somebody else's: with a connection to it the descriptor
// leaves the test.
func planConnect(a *attempt) {
	name := a.address(1)
	if a.settled() {
		return
	}
	if a.d.isSocket() && a.elsewhere(name) {
		switch {
		case a.succeeded():
			a.leaves()
			return
		case a.failedWith("EISCONN", "EPROTOTYPE", "EAGAIN", "EPERM"): // somebody is there
			a.skip(OutsidePeer)
			return
		}
	}
	a.looks(facetState, func() { a.d.skippedAll() })
	a.arrange(name)
	a.status(func(p Process) error { return p.Connect(a.fd, name) })
	a.then(func() {
		if a.d.isSocket() {
			a.r.connected(a)
		}
	})
}

// leaves takes the socket of the call out of the test: its peer is not in the log.
func (a *attempt) leaves() {
	d := a.d
	a.skip(OutsidePeer)
	d.reason = OutsidePeer
	if d.peer != nil {
		d.peer.taint |= facetAll
	}
	for _, t := range a.r.tasks {
		if t.of.ended || t.of.closed || t.ended {
			continue
		}
		for fd, e := range t.of.fds.fds {
			if e == d {
				a.r.replace(t, fd)
			}
		}
	}
	a.r.d.settle()
}

// replace puts something that is not under test in the place of a
// descriptor, which keeps its flags.
func (r *run) replace(t *task, fd int) {
	flags, err := t.p.Fcntl(fd, emu.F_GETFD, 0)
	if err != nil || t.p.Foreign(fd, string(OutsidePeer)) != nil {
		return
	}
	_, _ = t.p.Fcntl(fd, emu.F_SETFD, flags)
}

// connected tells the world whom a socket is connected to.
func (r *run) connected(a *attempt) {
	other := r.sockets[nameKey(a.d.typ, peerName(a.t.p, a.fd))]
	if a.d.typ == emu.SOCK_DGRAM {
		a.d.peer = other
		return
	}
	a.d.peer = &description{typ: a.d.typ, named: true, peer: a.d}
	if other != nil {
		other.embryos = append(other.embryos, a.d.peer)
	}
}

// bound tells the world the name that a socket has got.
func (r *run) bound(p Process, fd int, d *description) {
	name := make([]byte, sizeofSockaddr)
	n := len(name)
	if d == nil || p.Getsockname(fd, name, &n) != nil || n > len(name) {
		return
	}
	d.name = name[:n]
	r.sockets[nameKey(d.typ, d.name)] = d
}

func peerName(p Process, fd int) []byte {
	name := make([]byte, sizeofSockaddr)
	n := len(name)
	if p.Getpeername(fd, name, &n) != nil || n > len(name) {
		return nil
	}
	return name[:n]
}

// sizeofSockaddr is room for any address of AF_UNIX.
const sizeofSockaddr = 128

func planAccept(a *attempt) { a.accepts(func() int { return 0 }) }

func planAccept4(a *attempt) { a.accepts(func() int { return a.num(3, socketTypes) }) }

func (a *attempt) accepts(readFlags func() int) {
	flags := 0
	if !a.unseen(3) {
		flags = readFlags()
	}
	var name []byte
	room, hasLen := a.arg(2).Elem(0).In().Int()
	if !a.arg(1).IsNull() && !a.arg(1).IsAbsent() {
		name = in(a.arg(1), 256, a.efault())
	}
	namelen := new(int)
	if *namelen = int(int32(room)); !hasLen {
		namelen = nil
	}
	a.duplicates = true
	a.looks(facetState, func() { a.r.opened(a, a.c.text.Name) })
	a.count(func(p Process) (int, error) {
		if a.c.text.Name == "accept" {
			return p.Accept(a.fd, name, namelen)
		}
		return p.Accept4(a.fd, name, namelen, flags)
	})
	a.makes(func() (got, want []int) { return []int{a.ret}, []int{a.recorded()} })
	a.then(func() { a.t.of.fds.set(a.ret, a.d.accepted()) })
	if name != nil {
		a.names(1, 2, name, namelen, facetPeer)
	}
}

// accepted is the end of the connection that has waited longest.
func (d *description) accepted() *description {
	if len(d.embryos) == 0 {
		return &description{typ: d.typ, named: true}
	}
	e := d.embryos[0]
	d.embryos = d.embryos[1:]
	return e
}

// fromOutside reports that the recorded call was served by somebody whom the
// log does not show: nobody in it sends or connects to the socket's name.
func (a *attempt) fromOutside() bool {
	return !a.r.opts.Strict && a.succeeded() && a.d.isSocket() && len(a.d.name) > 0 && a.d.peer == nil &&
		(a.duplicates || a.receiving && a.d.typ == emu.SOCK_DGRAM) && !a.r.s.addresses(a.r.recordedKey(a.d.name))
}

// servedFromOutside ends a call that sleeps on the machine for want of an
// outside client, and makes what it has made.
func (a *attempt) servedFromOutside() {
	a.r.abort(a)
	a.after, a.do = nil, nil
	a.skip(OutsidePeer)
	if a.duplicates {
		a.r.opened(a, a.c.text.Name)
	} else {
		a.leftDescriptors(a.arg(1))
	}
}

// sendsTo notes whom a send with an address goes to.
func (a *attempt) sendsTo(name []byte) {
	if len(name) == 0 || !a.d.isSocket() || a.d.typ != emu.SOCK_DGRAM {
		return
	}
	if (a.succeeded() || a.failedWith("EAGAIN", "EPERM", "EPROTOTYPE", "EPIPE")) && a.elsewhere(name) {
		a.skip(OutsidePeer)
		return
	}
	a.arrange(name)
	if to := a.r.sockets[nameKey(a.d.typ, name)]; to != nil {
		a.to = to
	}
}

// target is the socket that a send of the call goes to; nil: it is not known.
func (a *attempt) target() *description {
	if a.to != nil || a.d == nil {
		return a.to
	}
	return a.d.peer
}

// isAutobound reports whether an address is one that the kernel may have
// chosen: an abstract name of five hexadecimal digits.
func isAutobound(name []byte) bool {
	if len(name) != autobound || name[2] != 0 {
		return false
	}
	for _, c := range name[3:] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// autobound is the length of a name that the kernel has chosen.
const autobound = 8

// machineName is the address of n bytes that a value shows, with a name that the
// recorded kernel has chosen replaced by the machine's.
func (r *run) machineName(v strace.Value, n int) ([]byte, bool) {
	name, ok := sockaddr(v, n)
	if mine, known := r.autobound[string(name)]; known {
		return []byte(mine), ok
	}
	return name, ok
}

// sameChosen compares names that kernels have chosen: of each pair the first
// time that they meet decides.
func (r *run) sameChosen(recorded, got []byte) bool {
	mine, known := r.autobound[string(recorded)]
	if !known {
		for _, other := range r.autobound {
			if other == string(got) {
				return false
			}
		}
		r.autobound[string(recorded)] = string(got)
		return true
	}
	return mine == string(got)
}

// recordedKey is the key of a name as the log has it.
func (r *run) recordedKey(name []byte) string {
	for recorded, mine := range r.autobound {
		if mine == string(name) {
			return pathKey([]byte(recorded))
		}
	}
	return pathKey(name)
}
