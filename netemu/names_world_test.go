package netemu_test

import (
	"context"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/netemu"
)

// unixListener are the methods of *net.UnixListener, less File and AcceptUnix.
type unixListener interface {
	net.Listener
	syscall.Conn
	SetDeadline(time.Time) error
	SetUnlinkOnClose(bool)
}

var _ unixListener = (*netemu.UnixListener)(nil)

// network are the functions of package net that programs about names use.
type network interface {
	Listen(network, address string) (net.Listener, error)
	ListenPacket(network, address string) (net.PacketConn, error)
	ListenUnix(network string, laddr *net.UnixAddr) (unixListener, error)
	ListenUnixgram(network string, laddr *net.UnixAddr) (unixConn, error)
	Dial(network, address string) (net.Conn, error)
	DialTimeout(network, address string, timeout time.Duration) (net.Conn, error)
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
	DialUnix(network string, laddr, raddr *net.UnixAddr) (unixConn, error)
	DialFrom(laddr net.Addr, network, address string) (net.Conn, error)
	// Control is Listen and Dial with a Control that says what it sees.
	Control(say func(network, address string, c syscall.RawConn) error, network, address string) (net.Listener, net.Conn, error)
	Exists(path string) bool
}

// orNil is v as an interface, nil after an error.
func orNil[I any, T any](v T, err error, as func(T) I) (I, error) {
	if err != nil {
		var none I
		return none, err
	}
	return as(v), nil
}

type emulatedNet struct{ *netemu.Net }

func (n emulatedNet) ListenUnix(network string, laddr *net.UnixAddr) (unixListener, error) {
	l, err := n.Net.ListenUnix(network, laddr)
	return orNil(l, err, func(l *netemu.UnixListener) unixListener { return l })
}

func (n emulatedNet) ListenUnixgram(network string, laddr *net.UnixAddr) (unixConn, error) {
	c, err := n.Net.ListenUnixgram(network, laddr)
	return orNil(c, err, func(c *netemu.UnixConn) unixConn { return c })
}

func (n emulatedNet) DialUnix(network string, laddr, raddr *net.UnixAddr) (unixConn, error) {
	c, err := n.Net.DialUnix(network, laddr, raddr)
	return orNil(c, err, func(c *netemu.UnixConn) unixConn { return c })
}

func (n emulatedNet) DialFrom(laddr net.Addr, network, address string) (net.Conn, error) {
	return (&netemu.Dialer{Net: n.Net, LocalAddr: laddr}).Dial(network, address)
}

func (n emulatedNet) Control(say func(network, address string, c syscall.RawConn) error, network, address string) (net.Listener, net.Conn, error) {
	l, err := (&netemu.ListenConfig{Net: n.Net, Control: say}).Listen(context.Background(), network, address)
	if err != nil {
		return nil, nil, err
	}
	c, err := (&netemu.Dialer{Net: n.Net, Control: say}).Dial(network, address)
	return l, c, err
}

func (n emulatedNet) Exists(path string) bool { return n.Process().Access(path, 0) == nil }

// nameWorlds are the networks that this host has; the emulator is the first.
var nameWorlds = []struct {
	name string
	in   func(t *testing.T, f func(*testing.T, network))
}{{"emulator", func(t *testing.T, f func(*testing.T, network)) {
	synctest.Test(t, func(t *testing.T) { f(t, emulatedNet{netemu.New()}) })
}}}
