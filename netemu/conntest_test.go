package netemu_test

import (
	"net"
	"testing"
	"testing/synctest"

	"golang.org/x/net/nettest"

	"sockpair/netemu"
	"sockpair/netemu/conntest"
)

// makePipe turns a way of making pairs into the suites' type.
func makePipe(pair func() (a, b net.Conn, err error)) func() (net.Conn, net.Conn, func(), error) {
	return func() (net.Conn, net.Conn, func(), error) {
		a, b, err := pair()
		if err != nil {
			return nil, nil, nil, err
		}
		return a, b, func() { a.Close(); b.Close() }, nil
	}
}

// dialled are the two ends of a connection by name.
func dialled(n network, name string) func() (a, b net.Conn, err error) {
	return func() (a, b net.Conn, err error) {
		l, err := n.Listen(name, "@sockpair-conntest")
		if err != nil {
			return nil, nil, err
		}
		defer l.Close()
		if a, err = n.Dial(name, "@sockpair-conntest"); err != nil {
			return nil, nil, err
		}
		b, err = l.Accept()
		return a, b, err
	}
}

var kinds = map[string]func() conntest.Kind{"unix": conntest.Stream, "unixpacket": conntest.SeqPacket, "unixgram": conntest.Datagram}

// TestConnsObeyTheLaws: pairs and named connections of every type pass package
// conntest's suite, in a bubble; so do the kernel's, and net.Pipe.
func TestConnsObeyTheLaws(t *testing.T) {
	for network, kind := range kinds {
		for _, w := range worlds {
			k := kind()
			if w.name == "emulator" {
				k.In = synctest.Test
			}
			t.Run(w.name+"/"+network, func(t *testing.T) {
				conntest.TestConn(t, k, makePipe(func() (a, b net.Conn, err error) { return w.pair(network) }))
			})
		}
		if network != "unixgram" {
			k := kind()
			k.In = synctest.Test
			t.Run("emulator/"+network+" by name", func(t *testing.T) {
				conntest.TestConn(t, k, makePipe(func() (a, b net.Conn, err error) {
					return dialled(emulatedNet{netemu.New()}, network)()
				}))
			})
		}
	}
	t.Run("net.Pipe", func(t *testing.T) {
		conntest.TestConn(t, conntest.Unbuffered(), makePipe(func() (a, b net.Conn, err error) { a, b = net.Pipe(); return a, b, nil }))
	})
}

// TestConnsPassNettest: streams of both worlds, pairs and named.
func TestConnsPassNettest(t *testing.T) {
	for _, w := range worlds {
		t.Run(w.name+"/pair", func(t *testing.T) {
			nettest.TestConn(t, makePipe(func() (a, b net.Conn, err error) { return w.pair("unix") }))
		})
	}
	t.Run("emulator/by name", func(t *testing.T) {
		nettest.TestConn(t, makePipe(func() (a, b net.Conn, err error) { return dialled(emulatedNet{netemu.New()}, "unix")() }))
	})
}
