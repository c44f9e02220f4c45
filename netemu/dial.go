package netemu

import (
	"context"
	"net"
	"syscall"
	"time"
)

// Dial connects to a name of the machine: "unix", "unixgram" or "unixpacket".
// The errors are package net's, those of the system calls socket and connect.
func (n *Net) Dial(network, address string) (net.Conn, error) {
	return (&Dialer{Net: n}).Dial(network, address)
}

// DialTimeout is Dial, which does not wait.
func (n *Net) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	return (&Dialer{Net: n, Timeout: timeout}).Dial(network, address)
}

// DialContext is Dial under a context: it has the type that
// [net/http.Transport] and others ask for.
func (n *Net) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return (&Dialer{Net: n}).DialContext(ctx, network, address)
}

// To returns a dial function that connects to one name, whatever it is asked
// for: what an [net/http.Transport] needs as its DialContext.
func (n *Net) To(network, address string) func(ctx context.Context, _, _ string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) { return n.DialContext(ctx, network, address) }
}

// DialUnix is Dial with addresses; laddr, when not nil, is the own name.
func (n *Net) DialUnix(network string, laddr, raddr *net.UnixAddr) (*UnixConn, error) {
	return (&Dialer{Net: n}).DialUnix(context.Background(), network, laddr, raddr)
}

// Dialer has the options of Dial, as net.Dialer.
type Dialer struct {
	// Net is whose names are dialled.
	Net *Net
	// Timeout and Deadline end a Dial that has not begun by then: to connect
	// to a socket of this family does not wait.
	Timeout  time.Duration
	Deadline time.Time
	// LocalAddr is the own name, nil for none.
	LocalAddr net.Addr
	// Control and ControlContext, when not nil, see the socket before it is
	// bound. The first is ignored when both are given.
	Control        func(network, address string, c syscall.RawConn) error
	ControlContext func(ctx context.Context, network, address string, c syscall.RawConn) error
}

func (d *Dialer) control() control {
	if d.ControlContext != nil || d.Control == nil {
		return d.ControlContext
	}
	return func(_ context.Context, network, address string, c syscall.RawConn) error {
		return d.Control(network, address, c)
	}
}

// Dial is DialContext without a context.
func (d *Dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext connects to an address.
//
// net.UnknownNetworkError; a missing address; *net.AddrError: LocalAddr is of
// another network; context.Canceled and a time-out, in package net's dress;
// then what socket, bind and connect say.
func (d *Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	raddr, err := resolve("dial", network, address)
	if err != nil {
		return nil, err
	}
	if d.LocalAddr != nil && d.LocalAddr.Network() != network {
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.AddrError{Err: "mismatched local address type", Addr: d.LocalAddr.String()}}
	}
	laddr, _ := d.LocalAddr.(*net.UnixAddr)
	c, err := d.DialUnix(ctx, network, laddr, raddr)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// DialUnix is DialContext with addresses.
func (d *Dialer) DialUnix(ctx context.Context, network string, laddr, raddr *net.UnixAddr) (*UnixConn, error) {
	failed := func(err error) (*UnixConn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Source: asAddr(laddr), Addr: asAddr(raddr), Err: err}
	}
	typ, err := typeOf(network)
	if err != nil {
		return failed(err)
	}
	if err := d.late(ctx); err != nil {
		return failed(err)
	}
	c := new(UnixConn)
	if err := d.Net.dial(ctx, &c.socket, typ, laddr, raddr, d.control()); err != nil {
		return failed(err)
	}
	return c, nil
}

// late is the error of a Dial whose time is over before it begins.
func (d *Dialer) late(ctx context.Context) error {
	if err := contextError(ctx.Err()); err != nil {
		return err
	}
	if !d.Net.ok() {
		return syscall.EINVAL
	}
	now := d.Net.p.System().Clock().Now()
	if d.Timeout < 0 || !d.Deadline.IsZero() && !now.Before(d.Deadline) {
		return dialError{"i/o timeout", context.DeadlineExceeded}
	}
	return nil
}

// contextError is a context's error as package net puts it, nil for nil.
func contextError(err error) error {
	switch err {
	case context.Canceled:
		return dialError{"operation was canceled", err}
	case context.DeadlineExceeded:
		return dialError{"i/o timeout", err}
	}
	return err
}

// dialError is a context's error with the text and the methods that package
// net gives it.
type dialError struct {
	text  string
	cause error
}

func (e dialError) Error() string        { return e.text }
func (e dialError) Is(target error) bool { return target == e.cause }
func (e dialError) Timeout() bool        { return e.cause == context.DeadlineExceeded }
func (e dialError) Temporary() bool      { return e.Timeout() }
