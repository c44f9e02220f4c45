//go:build unix

package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func (p *Process) Bind(fd int, sa unix.Sockaddr) error {
	name, err := sockaddr(sa)
	if err != nil {
		return err
	}
	return hostError(p.emulated.Bind(fd, name))
}

func (p *Process) Listen(s int, backlog int) error { return hostError(p.emulated.Listen(s, backlog)) }

func (p *Process) Connect(fd int, sa unix.Sockaddr) error {
	name, err := sockaddr(sa)
	if err != nil {
		return err
	}
	return hostError(p.emulated.Connect(fd, name))
}

func (p *Process) Accept(fd int) (nfd int, sa unix.Sockaddr, err error) { return p.accept(fd, 0) }

func (p *Process) accept(fd int, flags int) (nfd int, sa unix.Sockaddr, err error) {
	name, room := nameRoom()
	nfd, err = p.emulated.Accept4(fd, name, &room, flags)
	if err != nil {
		return -1, nil, hostError(err)
	}
	return nfd, fromSockaddr(name), nil
}

func (p *Process) Getsockname(fd int) (unix.Sockaddr, error) {
	return named(p.emulated.Getsockname, fd)
}

func (p *Process) Getpeername(fd int) (unix.Sockaddr, error) {
	return named(p.emulated.Getpeername, fd)
}

func named(call func(fd int, name []byte, namelen *int) error, fd int) (unix.Sockaddr, error) {
	name, room := nameRoom()
	if err := call(fd, name, &room); err != nil {
		return nil, hostError(err)
	}
	return fromSockaddr(name), nil
}

// nameRoom is memory for an address.
func nameRoom() ([]byte, int) { return make([]byte, sizeofSockaddrAny), sizeofSockaddrAny }

// Shutdown takes SHUT_RD, SHUT_WR and SHUT_RDWR, which have the same numbers
// everywhere.
func (p *Process) Shutdown(fd int, how int) error { return hostError(p.emulated.Shutdown(fd, how)) }

var _ = [1]struct{}{}[(unix.SHUT_RD-emu.SHUT_RD)|(unix.SHUT_WR-emu.SHUT_WR)|(unix.SHUT_RDWR-emu.SHUT_RDWR)]
