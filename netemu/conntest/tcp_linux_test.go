package conntest_test

import (
	"net"
	"testing"

	"sockpair/netemu/conntest"
)

// TestTCPPasses: connections of another family obey the laws of their kind, on
// Linux, where they were tried.
func TestTCPPasses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no TCP here: ", err)
	}
	defer l.Close()
	conntest.TestConn(t, conntest.Stream(), func() (c1, c2 net.Conn, stop func(), err error) {
		if c1, err = net.Dial("tcp", l.Addr().String()); err != nil {
			return nil, nil, nil, err
		}
		if c2, err = l.Accept(); err != nil {
			return nil, nil, nil, err
		}
		return c1, c2, func() { c1.Close(); c2.Close() }, nil
	})
}
