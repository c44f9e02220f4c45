package netemu_test

import (
	"context"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// realNet is package net, in a directory of its own.
type realNet struct{}

var _ unixListener = (*net.UnixListener)(nil)

func (realNet) Listen(network, address string) (net.Listener, error) {
	return net.Listen(network, address)
}

func (realNet) ListenPacket(network, address string) (net.PacketConn, error) {
	return net.ListenPacket(network, address)
}

func (realNet) ListenUnix(network string, laddr *net.UnixAddr) (unixListener, error) {
	l, err := net.ListenUnix(network, laddr)
	return orNil(l, err, func(l *net.UnixListener) unixListener { return l })
}

func (realNet) ListenUnixgram(network string, laddr *net.UnixAddr) (unixConn, error) {
	c, err := net.ListenUnixgram(network, laddr)
	return orNil(c, err, func(c *net.UnixConn) unixConn { return c })
}

func (realNet) Dial(network, address string) (net.Conn, error) { return net.Dial(network, address) }

func (realNet) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	return net.DialTimeout(network, address, timeout)
}

func (realNet) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, address)
}

func (realNet) DialUnix(network string, laddr, raddr *net.UnixAddr) (unixConn, error) {
	c, err := net.DialUnix(network, laddr, raddr)
	return orNil(c, err, func(c *net.UnixConn) unixConn { return c })
}

func (realNet) DialFrom(laddr net.Addr, network, address string) (net.Conn, error) {
	return (&net.Dialer{LocalAddr: laddr}).Dial(network, address)
}

func (realNet) Control(say func(network, address string, c syscall.RawConn) error, network, address string) (net.Listener, net.Conn, error) {
	l, err := (&net.ListenConfig{Control: say}).Listen(context.Background(), network, address)
	if err != nil {
		return nil, nil, err
	}
	c, err := (&net.Dialer{Control: say}).Dial(network, address)
	return l, c, err
}

func (realNet) Exists(path string) bool { _, err := os.Lstat(path); return err == nil }

func init() {
	nameWorlds = append(nameWorlds, struct {
		name string
		in   func(t *testing.T, f func(*testing.T, network))
	}{"kernel", func(t *testing.T, f func(*testing.T, network)) {
		t.Chdir(t.TempDir())
		f(t, realNet{})
	}})
}
