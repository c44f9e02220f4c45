package netemu

import (
	"net"

	"sockpair/emu"
)

// socket is what connections and listeners have in common.
type socket struct {
	desc
	typ          int
	connected    bool // package net has connected it: it takes no addresses
	network      string
	laddr, raddr net.Addr
}

// init takes over descriptor fd, a socket that does not block.
func (c *socket) init(p *emu.Process, fd, typ int) {
	c.desc.init(p, fd)
	c.typ, c.network = typ, networkOf(typ)
	c.endless = typ == emu.SOCK_DGRAM
}

// names asks for the addresses of the two ends, each nil if there is none.
func (c *socket) names() (local, remote net.Addr) {
	return c.name((*emu.Process).Getsockname), c.name((*emu.Process).Getpeername)
}

func (c *socket) name(call func(*emu.Process, int, []byte, *int) error) net.Addr {
	var room [sizeofPath + 2]byte
	n := len(room)
	if err := call(c.p, c.fd, room[:], &n); err != nil {
		return nil
	}
	return asAddr(addrOf(room[:min(n, len(room))], c.network))
}

// setOption sets an option that is an int.
func (c *socket) setOption(name, v int) error {
	if err := c.enter(); err != nil {
		return c.setError("setsockopt", err)
	}
	defer c.leave()
	return c.setError("setsockopt", c.p.SetsockoptInt(c.fd, emu.SOL_SOCKET, name, v))
}

// shut is shutdown(2).
func (c *socket) shut(how int) error {
	if err := c.enter(); err != nil {
		return c.opError("close", "shutdown", err)
	}
	defer c.leave()
	return c.opError("close", "shutdown", c.p.Shutdown(c.fd, how))
}
