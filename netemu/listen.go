package netemu

import (
	"context"
	"net"
	"syscall"
)

// Listen listens on a name of the machine: "unix" or "unixpacket", and a path,
// or an abstract name that begins with '@'. With an empty address the machine
// chooses an abstract name.
//
// The errors are package net's, those of the system calls socket, bind and
// listen. The machine's directories are "/" and "/tmp", and those of its
// configuration.
func (n *Net) Listen(network, address string) (net.Listener, error) {
	return (&ListenConfig{Net: n}).Listen(context.Background(), network, address)
}

// ListenPacket makes a "unixgram" socket with a name.
func (n *Net) ListenPacket(network, address string) (net.PacketConn, error) {
	return (&ListenConfig{Net: n}).ListenPacket(context.Background(), network, address)
}

// ListenUnix is Listen with an address; nil is refused.
func (n *Net) ListenUnix(network string, laddr *net.UnixAddr) (*UnixListener, error) {
	if network != "unix" && network != "unixpacket" {
		return nil, listenFailed(network, laddr, net.UnknownNetworkError(network))
	}
	if laddr == nil {
		return nil, listenFailed(network, laddr, errMissingAddress)
	}
	return n.listenUnix(context.Background(), network, laddr, nil)
}

// ListenUnixgram is ListenPacket with an address; nil is refused.
func (n *Net) ListenUnixgram(network string, laddr *net.UnixAddr) (*UnixConn, error) {
	if network != "unixgram" {
		return nil, listenFailed(network, laddr, net.UnknownNetworkError(network))
	}
	if laddr == nil {
		return nil, listenFailed(network, laddr, errMissingAddress)
	}
	return n.listenUnixgram(context.Background(), network, laddr, nil)
}

func listenFailed(network string, laddr *net.UnixAddr, err error) error {
	return &net.OpError{Op: "listen", Net: network, Addr: asAddr(laddr), Err: err}
}

func (n *Net) listenUnix(ctx context.Context, network string, laddr *net.UnixAddr, ctrl control) (*UnixListener, error) {
	typ, err := typeOf(network)
	l := new(UnixListener)
	if err == nil {
		err = n.listen(ctx, &l.socket, typ, laddr, ctrl)
	}
	if err != nil {
		return nil, listenFailed(network, laddr, err)
	}
	return l, nil
}

func (n *Net) listenUnixgram(ctx context.Context, network string, laddr *net.UnixAddr, ctrl control) (*UnixConn, error) {
	typ, err := typeOf(network)
	c := new(UnixConn)
	if err == nil {
		err = n.listen(ctx, &c.socket, typ, laddr, ctrl)
	}
	if err != nil {
		return nil, listenFailed(network, laddr, err)
	}
	return c, nil
}

// ListenConfig has the options of Listen, as net.ListenConfig.
type ListenConfig struct {
	// Net is whose names are listened to.
	Net *Net
	// Control, when not nil, sees the socket before it is bound.
	Control func(network, address string, c syscall.RawConn) error
}

func (lc *ListenConfig) control() control {
	if lc.Control == nil {
		return nil
	}
	return func(_ context.Context, network, address string, c syscall.RawConn) error {
		return lc.Control(network, address, c)
	}
}

// resolve checks the network of an address; op is that of the error.
func resolve(op, network, address string) (*net.UnixAddr, error) {
	_, err := typeOf(network)
	if err == nil && op == "dial" && address == "" {
		err = errMissingAddress
	}
	if err != nil {
		return nil, &net.OpError{Op: op, Net: network, Err: err}
	}
	return &net.UnixAddr{Name: address, Net: network}, nil
}

// Listen is [Net.Listen] with the options. The context is handed on to nobody:
// to listen does not wait.
func (lc *ListenConfig) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	laddr, err := resolve("listen", network, address)
	if err != nil {
		return nil, err
	}
	l, err := lc.Net.listenUnix(ctx, network, laddr, lc.control())
	if err != nil {
		return nil, err
	}
	return l, nil
}

// ListenPacket is [Net.ListenPacket] with the options.
func (lc *ListenConfig) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	laddr, err := resolve("listen", network, address)
	if err != nil {
		return nil, err
	}
	c, err := lc.Net.listenUnixgram(ctx, network, laddr, lc.control())
	if err != nil {
		return nil, err
	}
	return c, nil
}
