package netemu_test

import (
	"net"
	"testing"

	"golang.org/x/net/nettest"

	"sockpair/netemu"
)

// TestPipeIsAConn: the conformance tests of golang.org/x/net pass.
func TestPipeIsAConn(t *testing.T) {
	nettest.TestConn(t, func() (a, b net.Conn, stop func(), err error) {
		a, b = netemu.Pipe()
		return a, b, func() { a.Close(); b.Close() }, nil
	})
}
