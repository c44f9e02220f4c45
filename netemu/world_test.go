package netemu_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"sockpair/errno"
	"sockpair/netemu"
)

// unixConn are the methods of *net.UnixConn, less File.
type unixConn interface {
	net.Conn
	net.PacketConn
	syscall.Conn
	CloseRead() error
	CloseWrite() error
	SetReadBuffer(int) error
	SetWriteBuffer(int) error
	ReadFromUnix([]byte) (int, *net.UnixAddr, error)
	WriteToUnix([]byte, *net.UnixAddr) (int, error)
	ReadMsgUnix(b, oob []byte) (n, oobn, flags int, addr *net.UnixAddr, err error)
	WriteMsgUnix(b, oob []byte, addr *net.UnixAddr) (n, oobn int, err error)
}

var (
	_ unixConn = (*net.UnixConn)(nil)
	_ unixConn = (*netemu.UnixConn)(nil)
)

// world is something that has socket pairs.
type world struct {
	name string
	pair func(network string) (a, b unixConn, err error)
	// in runs a test where time is this world's: in a bubble, or as it is.
	in func(t *testing.T, f func(*testing.T))
}

func asItIs(t *testing.T, f func(*testing.T)) { f(t) }

// worlds are those that this host has; the emulator is the first.
var worlds = []world{{"emulator", func(network string) (a, b unixConn, err error) {
	x, y, err := netemu.New().Socketpair(network)
	return x, y, err
}, synctest.Test}}

// private are types that package net does not export.
var private = map[string]bool{"net.canceledError": true, "*net.timeoutError": true, "netemu.dialError": true}

// describe shows everything of an error that a program can find out.
func describe(err error) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v", err)
	for e := err; e != nil; e = errors.Unwrap(e) {
		kind := fmt.Sprint(reflect.TypeOf(e))
		if private[kind] {
			kind = "of a context"
		}
		b.WriteString(" | " + kind)
	}
	if op, ok := err.(*net.OpError); ok {
		fmt.Fprintf(&b, " | op %s net %q source %v addr %v", op.Op, op.Net, op.Source, op.Addr)
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		b.WriteString(" | Timeout")
	}
	var ne net.Error
	if errors.As(err, &ne) && ne.Timeout() {
		b.WriteString(" | net.Error")
	}
	for name, target := range map[string]error{"EOF": io.EOF} {
		if errors.Is(err, target) {
			b.WriteString(" | is " + name)
		}
	}
	for _, is := range []struct {
		name string
		err  error
	}{{"net.ErrClosed", net.ErrClosed}, {"os.ErrClosed", os.ErrClosed}, {"os.ErrDeadlineExceeded", os.ErrDeadlineExceeded},
		{"EPIPE", errno.EPIPE.Host()}, {"ECONNRESET", errno.ECONNRESET.Host()}, {"EINVAL", errno.EINVAL.Host()}, {"EMSGSIZE", errno.EMSGSIZE.Host()},
		{"ECONNREFUSED", errno.ECONNREFUSED.Host()}, {"ENOTCONN", errno.ENOTCONN.Host()}, {"os.ErrNotExist", os.ErrNotExist},
		{"os.ErrPermission", os.ErrPermission}} {
		if errors.Is(err, is.err) {
			b.WriteString(" | is " + is.name)
		}
	}
	return b.String()
}
