package netemu

import (
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"sockpair/emu"
	"sockpair/errno"
)

// UnixListener is a listener with the methods of *net.UnixListener.
type UnixListener struct {
	socket
	keep   atomic.Bool // the name stays when it is closed
	unlink sync.Once
}

var (
	_ net.Listener = (*UnixListener)(nil)
	_ syscall.Conn = (*UnixListener)(nil)
)

func (l *UnixListener) ok() bool { return l != nil && l.p != nil }

// listenError is the error of an operation on the listener.
func (l *UnixListener) listenError(op, call string, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: op, Net: l.network, Addr: l.laddr, Err: syscallError(call, err)}
}

// Accept waits for a connection.
func (l *UnixListener) Accept() (net.Conn, error) {
	c, err := l.AcceptUnix()
	if err != nil {
		return nil, err
	}
	return c, nil
}

// AcceptUnix is Accept with the connection's own type.
//
// A *net.OpError around [net.ErrClosed], [os.ErrDeadlineExceeded] or what
// accept4 says.
func (l *UnixListener) AcceptUnix() (*UnixConn, error) {
	if !l.ok() {
		return nil, syscall.EINVAL
	}
	var room [sizeofPath + 2]byte
	var from int
	fd, err := l.receive(func() (int, error) {
		from = len(room)
		fd, err := l.p.Accept4(l.fd, room[:], &from, emu.SOCK_NONBLOCK|emu.SOCK_CLOEXEC)
		if err == errno.ECONNABORTED {
			err = errno.EINTR // the client has gone: on to the next
		}
		return fd, err
	})
	if err != nil {
		return nil, l.listenError("accept", "accept4", err)
	}
	c := newConn(l.p, fd, l.typ)
	c.laddr, _ = c.names()
	c.raddr = asAddr(addrOf(room[:min(from, len(room))], c.network))
	return c, nil
}

// Close stops listening: an Accept that waits returns with [net.ErrClosed],
// clients that nobody has accepted are reset. The file is removed if Listen has
// made it, unless SetUnlinkOnClose says otherwise.
func (l *UnixListener) Close() error {
	if !l.ok() {
		return syscall.EINVAL
	}
	l.unlink.Do(func() {
		if name := l.laddr.String(); name != "" && name[0] != '@' && !l.keep.Load() {
			l.p.Unlink(name)
		}
	})
	return l.listenError("close", "close", host(l.close()))
}

// SetUnlinkOnClose says whether Close removes the file: by default when Listen
// has made it, not of a FileListener.
func (l *UnixListener) SetUnlinkOnClose(unlink bool) { l.keep.Store(!unlink) }

// Addr is the *net.UnixAddr that is listened to.
func (l *UnixListener) Addr() net.Addr {
	if !l.ok() {
		return nil
	}
	return l.laddr
}

// SetDeadline sets the deadline of Accept; the zero time is none.
func (l *UnixListener) SetDeadline(t time.Time) error {
	if !l.ok() {
		return syscall.EINVAL
	}
	return l.setDeadline(t, &l.rd, &l.wr)
}

// SyscallConn returns the descriptor for calls of the caller's own; one can
// neither read nor write on it.
func (l *UnixListener) SyscallConn() (syscall.RawConn, error) {
	if !l.ok() {
		return nil, syscall.EINVAL
	}
	return &rawListener{rawConn{&l.socket}}, nil
}

// rawListener is the syscall.RawConn of a listener.
type rawListener struct{ rawConn }

func (*rawListener) Read(func(uintptr) bool) error  { return syscall.EINVAL }
func (*rawListener) Write(func(uintptr) bool) error { return syscall.EINVAL }
