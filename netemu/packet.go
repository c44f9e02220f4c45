package netemu

import (
	"io"
	"net"
	"syscall"

	"sockpair/emu"
	"sockpair/errno"
)

// The methods of net.PacketConn, and messages with what goes beside the bytes.

// ReadFromUnix reads as Read does, except that the sender's address comes with
// the bytes, nil when it has none, and that nothing is special about a b
// without room.
func (c *UnixConn) ReadFromUnix(b []byte) (int, *net.UnixAddr, error) {
	if !c.ok() {
		return 0, nil, syscall.EINVAL
	}
	var room [sizeofPath + 2]byte
	from := 0
	n, err := c.receive(func() (int, error) {
		from = len(room)
		return c.p.Recvfrom(c.fd, b, 0, room[:], &from)
	})
	var addr *net.UnixAddr
	if err == nil {
		addr = addrOf(room[:min(from, len(room))], c.network)
	}
	return n, addr, c.opError("read", "recvfrom", err)
}

// ReadFrom is ReadFromUnix for net.PacketConn.
func (c *UnixConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, addr, err := c.ReadFromUnix(b)
	return n, asAddr(addr), err
}

// ReadMsgUnix reads a message into b and what came beside it into oob: control
// messages as [emu.ParseControl] takes them apart, in Linux's layout. flags are
// emu.MSG_TRUNC when b was too short, emu.MSG_CTRUNC when oob was, and others.
// Descriptors that come are closed on exec. Without room in b a byte is read and
// lost for what is in oob, on all but datagram sockets, and n is 1. As package
// net's, n is -1 when the system call has failed, also while it waited.
func (c *UnixConn) ReadMsgUnix(b, oob []byte) (n, oobn, flags int, addr *net.UnixAddr, err error) {
	if !c.ok() {
		return 0, 0, 0, nil, syscall.EINVAL
	}
	var room [sizeofPath + 2]byte
	var m emu.Msghdr
	if len(b) == 0 && len(oob) > 0 && c.typ != emu.SOCK_DGRAM {
		b = make([]byte, 1) // as package syscall does: what is beside the bytes comes with one of them
	}
	iov := [1][]byte{b}
	failed := 0 // package net returns the -1 of the last system call
	n, err = c.receive(func() (int, error) {
		m = emu.Msghdr{Name: room[:], Namelen: len(room), Iov: iov[:], Control: oob}
		n, err := c.p.Recvmsg(c.fd, &m, emu.MSG_CMSG_CLOEXEC)
		failed = min(n, 0)
		return n, err
	})
	if err != nil && err != io.EOF {
		return failed, 0, 0, nil, c.opError("read", "recvmsg", err)
	}
	return n, m.Controllen, m.Flags, addrOf(room[:min(m.Namelen, len(room))], c.network), c.opError("read", "recvmsg", err)
}

// to is the address of a send, nil for none.
// EAFNOSUPPORT: it is of another network; EINVAL: it is too long.
func (c *UnixConn) to(addr *net.UnixAddr) ([]byte, error) {
	if addr == nil {
		return nil, nil
	}
	if addr.Net != c.network {
		return nil, errno.EAFNOSUPPORT.Host()
	}
	return sockaddrOf(addr.Name)
}

// destined is opError for a send to an address.
func (c *UnixConn) destined(addr net.Addr, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: "write", Net: c.network, Source: c.laddr, Addr: addr, Err: err}
}

// WriteToUnix sends b to addr.
//
// [net.ErrWriteToConnected]: Dial has connected the socket; a missing address;
// EAFNOSUPPORT: addr is of another network. Then what sendto says.
func (c *UnixConn) WriteToUnix(b []byte, addr *net.UnixAddr) (int, error) {
	if !c.ok() {
		return 0, syscall.EINVAL
	}
	n, err := c.writeTo(b, addr)
	return n, c.destined(asAddr(addr), syscallError("sendto", err))
}

func (c *UnixConn) writeTo(b []byte, addr *net.UnixAddr) (int, error) {
	if c.connected {
		return 0, net.ErrWriteToConnected
	}
	if addr == nil {
		return 0, errMissingAddress
	}
	to, err := c.to(addr)
	if err != nil {
		return 0, err
	}
	return c.send(func() (int, error) { return c.p.Sendto(c.fd, b, 0, to) })
}

// WriteTo is WriteToUnix for net.PacketConn. EINVAL: addr is no *net.UnixAddr.
func (c *UnixConn) WriteTo(b []byte, addr net.Addr) (int, error) {
	if !c.ok() {
		return 0, syscall.EINVAL
	}
	a, ok := addr.(*net.UnixAddr)
	if !ok {
		return 0, c.destined(addr, syscall.EINVAL)
	}
	return c.WriteToUnix(b, a)
}

// WriteMsgUnix sends b with the control messages oob, as [emu.Rights] and
// [emu.Credentials] make them, to addr, or to the other end if that is nil. A
// stream takes no message without bytes: where b is empty one byte goes with
// oob, as package syscall sends it.
func (c *UnixConn) WriteMsgUnix(b, oob []byte, addr *net.UnixAddr) (n, oobn int, err error) {
	if !c.ok() {
		return 0, 0, syscall.EINVAL
	}
	n, oobn, err = c.writeMsg(b, oob, addr)
	return n, oobn, c.destined(asAddr(addr), syscallError("sendmsg", err))
}

func (c *UnixConn) writeMsg(b, oob []byte, addr *net.UnixAddr) (n, oobn int, err error) {
	if c.typ == emu.SOCK_DGRAM && c.connected {
		return 0, 0, net.ErrWriteToConnected
	}
	to, err := c.to(addr)
	if err != nil {
		return 0, 0, err
	}
	m := emu.Msghdr{Name: to, Namelen: len(to), Iov: [][]byte{b}, Control: oob}
	empty := len(b) == 0 && len(oob) > 0 && c.typ != emu.SOCK_DGRAM
	if empty {
		m.Iov[0] = []byte{0}
	}
	n, err = c.send(func() (int, error) { return c.p.Sendmsg(c.fd, &m, 0) })
	if err != nil {
		return 0, 0, err
	}
	if empty {
		n = 0
	}
	return n, len(oob), nil
}
