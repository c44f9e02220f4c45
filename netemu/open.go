package netemu

import (
	"context"
	"net"
	"syscall"

	"sockpair/emu"
)

// How a socket comes to be that listens or is connected: socket, the caller's
// Control, bind, and listen or connect.

// control is the type of the functions that callers give to see a socket
// before it is bound.
type control = func(ctx context.Context, network, address string, c syscall.RawConn) error

// backlog is how many connections wait for Accept: the kernel's somaxconn, which
// package net asks for.
const backlog = 4096

// wildcard is an address that stands for none.
func wildcard(a *net.UnixAddr) bool { return a == nil || a.Name == "" }

// socket makes a socket and shows it to ctrl. The errors are not dressed.
func (n *Net) socket(ctx context.Context, s *socket, typ int, address string, ctrl control) error {
	if !n.ok() {
		return syscall.EINVAL
	}
	fd, err := n.p.Socket(emu.AF_UNIX, typ|emu.SOCK_NONBLOCK|emu.SOCK_CLOEXEC, 0)
	if err != nil {
		return syscallError("socket", err)
	}
	s.init(n.p, fd, typ)
	if ctrl == nil {
		return nil
	}
	if err := ctrl(ctx, s.network, address, &rawConn{s}); err != nil {
		s.close()
		return err
	}
	return nil
}

// bind gives the socket the name.
func (s *socket) bind(addr *net.UnixAddr) error {
	name, err := sockaddrOf(addr.Name)
	if err == nil {
		err = s.p.Bind(s.fd, name)
	}
	return syscallError("bind", err)
}

// listen makes s a socket with the name, which listens unless it is one for
// datagrams.
func (n *Net) listen(ctx context.Context, s *socket, typ int, addr *net.UnixAddr, ctrl control) error {
	if err := n.socket(ctx, s, typ, addr.String(), ctrl); err != nil {
		return err
	}
	err := s.bind(addr)
	if err == nil && typ != emu.SOCK_DGRAM {
		err = syscallError("listen", s.p.Listen(s.fd, backlog))
	}
	if err != nil {
		s.close()
		return err
	}
	s.laddr, _ = s.names()
	return nil
}

// dial makes s a socket that is connected to raddr and has the name laddr,
// where they are given. A connect to a socket of this family does not wait:
// EAGAIN when too many wait for Accept.
func (n *Net) dial(ctx context.Context, s *socket, typ int, laddr, raddr *net.UnixAddr, ctrl control) error {
	address := ""
	switch {
	case wildcard(raddr) && (typ != emu.SOCK_DGRAM || wildcard(laddr)):
		return errMissingAddress
	case !wildcard(raddr):
		address = raddr.Name
	default:
		address = laddr.Name
	}
	if err := n.socket(ctx, s, typ, address, ctrl); err != nil {
		return err
	}
	if err := s.join(ctx, laddr, raddr); err != nil {
		s.close()
		return err
	}
	return nil
}

// join binds and connects the socket.
func (s *socket) join(ctx context.Context, laddr, raddr *net.UnixAddr) error {
	if !wildcard(laddr) {
		if err := s.bind(laddr); err != nil {
			return err
		}
	}
	if !wildcard(raddr) {
		name, err := sockaddrOf(raddr.Name)
		if err == nil {
			err = s.p.Connect(s.fd, name)
		}
		if err != nil {
			return syscallError("connect", err)
		}
		if err := contextError(ctx.Err()); err != nil {
			return err
		}
		s.connected = true
	}
	s.laddr, s.raddr = s.names()
	if s.raddr == nil && !wildcard(raddr) {
		s.raddr = raddr
	}
	return nil
}
