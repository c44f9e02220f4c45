package netemu

import (
	"net"
	"syscall"
	"time"

	"sockpair/emu"
)

// UnixConn is a connection between emulated sockets with the methods of
// *net.UnixConn, for which it is a replacement: the same data, the same errors.
// It may be used by many goroutines at once.
type UnixConn struct{ socket }

var (
	_ net.Conn       = (*UnixConn)(nil)
	_ net.PacketConn = (*UnixConn)(nil)
	_ syscall.Conn   = (*UnixConn)(nil)
)

// ok is false of nil and of the zero value, which every method refuses with EINVAL.
func (c *UnixConn) ok() bool { return c != nil && c.p != nil }

func newConn(p *emu.Process, fd, typ int) *UnixConn {
	c := new(UnixConn)
	c.init(p, fd, typ)
	return c
}

// Read reads up to len(b) bytes of a stream, or a message, whose rest is lost.
// Into no room at all it reads nothing and fails only on a closed connection.
//
// io.EOF: the end of a stream, or of a "unixpacket" connection, of which an
// empty message cannot be told. Otherwise a *net.OpError around
// [net.ErrClosed], [os.ErrDeadlineExceeded] or an *[os.SyscallError].
func (c *UnixConn) Read(b []byte) (int, error) {
	if !c.ok() {
		return 0, syscall.EINVAL
	}
	n, err := c.read(b)
	if err != nil {
		err = c.readError("read", err)
	}
	return n, err
}

// Write writes b, all of it unless it fails: to a stream, or as one message,
// also an empty one.
func (c *UnixConn) Write(b []byte) (int, error) {
	if !c.ok() {
		return 0, syscall.EINVAL
	}
	n, err := c.write(b)
	if err != nil {
		err = c.opError("write", "write", err)
	}
	return n, err
}

// WriteBuffers writes the buffers as if they were one, without copying them
// together, and takes out of v what it has written. Package net does this in
// [net.Buffers.WriteTo] for its own connections alone; for others that makes a
// Write of each buffer.
func (c *UnixConn) WriteBuffers(v *net.Buffers) (int64, error) {
	if !c.ok() {
		return 0, syscall.EINVAL
	}
	n, err := c.writeBuffers(v)
	return n, c.opError("writev", "writev", err)
}

// Close closes the connection; calls that are blocked on it return with
// [net.ErrClosed] before it does. The other end finds the end of the data, or
// ECONNRESET where something was not read.
func (c *UnixConn) Close() error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.opError("close", "close", host(c.close()))
}

// CloseRead shuts the receiving side down: what is queued is read and then
// io.EOF, and the other end's Write fails with EPIPE.
func (c *UnixConn) CloseRead() error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.shut(emu.SHUT_RD)
}

// CloseWrite shuts the sending side down: the other end reads what was sent
// and then io.EOF.
func (c *UnixConn) CloseWrite() error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.shut(emu.SHUT_WR)
}

// LocalAddr is the *net.UnixAddr of this end. The name of a socket that is
// bound to none is "@".
func (c *UnixConn) LocalAddr() net.Addr {
	if !c.ok() {
		return nil
	}
	return c.laddr
}

// RemoteAddr is the address of the other end.
func (c *UnixConn) RemoteAddr() net.Addr {
	if !c.ok() {
		return nil
	}
	return c.raddr
}

// SetDeadline sets the deadlines of reading and writing: a call that is
// blocked then, and every later one, fails with os.ErrDeadlineExceeded. The
// zero time is none. The time is the machine's ([emu.Config].Clock).
func (c *UnixConn) SetDeadline(t time.Time) error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.setError("", c.setDeadline(t, &c.rd, &c.wr))
}

// SetReadDeadline is SetDeadline for reading.
func (c *UnixConn) SetReadDeadline(t time.Time) error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.setError("", c.setDeadline(t, &c.rd))
}

// SetWriteDeadline is SetDeadline for writing. A write that it ends may have
// written a part.
func (c *UnixConn) SetWriteDeadline(t time.Time) error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.setError("", c.setDeadline(t, &c.wr))
}

// SetReadBuffer sets SO_RCVBUF, which counts for nothing on these sockets.
func (c *UnixConn) SetReadBuffer(bytes int) error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.setOption(emu.SO_RCVBUF, bytes)
}

// SetWriteBuffer sets SO_SNDBUF, of which the kernel grants twice as much.
func (c *UnixConn) SetWriteBuffer(bytes int) error {
	if !c.ok() {
		return syscall.EINVAL
	}
	return c.setOption(emu.SO_SNDBUF, bytes)
}
