package netemu

import (
	"net"
	"slices"
	"syscall"

	"sockpair/emu"
)

// Net is the network as one emulated process sees it: its methods are the
// functions of package net. A Net is a value without a state of its own; many
// may be of one process.
type Net struct{ p *emu.Process }

// New makes a machine with one process and returns its network: Linux, without
// limits that a test would meet by accident, with descriptors 0, 1 and 2 open on
// /dev/null, and with the directories /run and /var/run beside /tmp.
func New() *Net {
	const many = 1 << 20 // Go's runtime raises its soft limit to the hard one
	sys, err := emu.New(emu.Config{SoftFiles: many, HardFiles: many, Directories: []string{"/run", "/var/run"}})
	if err != nil {
		panic("netemu: a configuration that is always right is wrong: " + err.Error())
	}
	p := sys.NewProcess()
	standard(p)
	return On(p)
}

// On returns the network of a process, which becomes one that runs Go: unless
// it has a disposition for SIGPIPE already that is ignored, as Go's runtime
// makes it of no effect on sockets.
func On(p *emu.Process) *Net {
	ignorePipe(p)
	return &Net{p}
}

// standard opens /dev/null at those of the numbers 0, 1 and 2 that are free, as
// every process finds them open.
func standard(p *emu.Process) {
	open := p.Descriptors()
	for fd := range 3 {
		if !slices.Contains(open, fd) {
			p.Foreign(fd, "/dev/null")
		}
	}
}

func ignorePipe(p *emu.Process) {
	var now emu.SigAction
	if p.Sigaction(emu.SIGPIPE, nil, &now) == nil && now.Disposition == emu.SIG_DFL {
		p.Sigaction(emu.SIGPIPE, &emu.SigAction{Disposition: emu.SIG_IGN}, nil)
	}
}

// ok is false of nil and of the zero value, which the methods refuse with EINVAL.
func (n *Net) ok() bool { return n != nil && n.p != nil }

// Process returns the process.
func (n *Net) Process() *emu.Process { return n.p }

// Pipe makes the two ends of a stream, as [net.Pipe] does, but with the
// kernel's buffers: a Write returns when there is room. Each pair has a machine
// of its own.
func Pipe() (a, b *UnixConn) {
	a, b, err := New().Socketpair("unix")
	if err != nil {
		panic("netemu: a machine without limits has refused a pair: " + err.Error())
	}
	return a, b
}

// Socketpair makes a pair of connected sockets of a network: "unix", "unixgram"
// or "unixpacket". They are as package net has them when [net.FileConn] is given
// the ends of a socketpair.
//
// net.UnknownNetworkError; EMFILE, ENFILE, ENOBUFS, ENOMEM, EACCES, as the
// machine is configured.
func (n *Net) Socketpair(network string) (a, b *UnixConn, err error) {
	typ, err := typeOf(network)
	if !n.ok() {
		err = syscall.EINVAL
	}
	if err == nil {
		var fds [2]int
		err = n.p.Socketpair(emu.AF_UNIX, typ|emu.SOCK_NONBLOCK|emu.SOCK_CLOEXEC, 0, &fds)
		if err == nil {
			a, b = newConn(n.p, fds[0], typ), newConn(n.p, fds[1], typ)
			a.laddr, a.raddr = a.names()
			b.laddr, b.raddr = b.names()
			return a, b, nil
		}
	}
	return nil, nil, &net.OpError{Op: "socketpair", Net: network, Err: syscallError("socketpair", err)}
}
