package netemu_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// close1 closes what is there.
func close1(c interface{ Close() error }, err error) {
	if err == nil {
		c.Close()
	}
}

// namePrograms are programs about names, run as those of TestSameAsPackageNet.
var namePrograms = []struct {
	name string
	run  func(s *transcript, n network)
}{
	{"a connection", func(s *transcript, n network) {
		for _, network := range []string{"unix", "unixpacket"} {
			for _, name := range []string{"name", "./name", fmt.Sprintf("@sockpair-netemu-test-%d", os.Getpid())} {
				l, err := n.Listen(network, name)
				s.say("listen %v", err)
				s.say("%v %v", l.Addr().Network(), l.Addr())
				c, err := n.Dial(network, name)
				s.say("dial %v", err)
				d, err := l.Accept()
				s.say("accept %v", err)
				s.say("%#v %#v %#v %#v", c.LocalAddr(), c.RemoteAddr(), d.LocalAddr(), d.RemoteAddr())
				d.Write([]byte("hello"))
				buf := make([]byte, 8)
				k, err := c.Read(buf)
				s.say("%q %v", buf[:k], err)
				d.Close()
				k, err = c.Read(buf)
				s.say("%d %v", k, err)
				k, err = c.Write(buf)
				s.say("%d %v", k, err)
				close1(c, nil)
				s.say("there: %v", n.Exists("name"))
				s.say("close %v", l.Close())
				s.say("close %v", l.Close())
				s.say("there: %v", n.Exists("name"))
			}
		}
	}},
	{"a client with a name", func(s *transcript, n network) {
		l, _ := n.Listen("unix", "server")
		c, err := n.DialUnix("unix", &net.UnixAddr{Name: "client", Net: "unix"}, &net.UnixAddr{Name: "server", Net: "unix"})
		s.say("dial %v", err)
		d, err := l.Accept()
		s.say("accept %v %v %v", err, d.RemoteAddr(), c.LocalAddr())
		c.Close()
		s.say("there: %v", n.Exists("client"))
		c2, err := n.DialFrom(&net.UnixAddr{Name: "client", Net: "unix"}, "unix", "server")
		s.say("%v %v", c2, err)
		c2, err = n.DialFrom(&net.TCPAddr{}, "unix", "server")
		s.say("%v %v", c2, err)
		d.Close()
		l.Close()
	}},
	{"who cannot listen", func(s *transcript, n network) {
		l, _ := n.Listen("unix", "taken")
		for _, network := range []string{"unix", "unixpacket", "unixgram", "tcp9", "", "ip"} {
			for _, name := range []string{"taken", "no/such/directory", long[:107], long[:108], long[:109], "@" + long[:107], "@" + long[:108], "taken/below"} {
				l, err := n.Listen(network, name)
				s.say("%v", err)
				close1(l, err)
				p, err := n.ListenPacket(network, name)
				s.say("%v", err)
				close1(p, err)
				if network == "unixgram" {
					break // package net makes a stream's listener of it
				}
			}
			u, err := n.ListenUnix(network, nil)
			s.say("%v %v", u, err)
			g, err := n.ListenUnixgram(network, nil)
			s.say("%v %v", g, err)
		}
		l.Close()
	}},
	{"who cannot dial", func(s *transcript, n network) {
		l, _ := n.Listen("unix", "server")
		for _, network := range []string{"unix", "unixpacket", "unixgram", "tcp9", ""} {
			for _, name := range []string{"", "server", "nobody", "@nobody-there", "no/such/name", long[:107], long[:108], long[:109], "@" + long[:108], "."} {
				c, err := n.Dial(network, name)
				s.say("%q: %v", name[:min(len(name), 12)], err)
				close1(c, err)
			}
			c, err := n.DialUnix(network, nil, nil)
			s.say("%v %v", c, err)
		}
		l.Close()
		l, _ = n.Listen("unix", "server")
		l.(unixListener).SetUnlinkOnClose(false)
		l.Close()
		c, err := n.Dial("unix", "server")
		s.say("%v %v there: %v", c, err, n.Exists("server"))
	}},
	{"autobind", func(s *transcript, n network) {
		l, err := n.Listen("unix", "")
		s.say("%v %d", err, len(l.Addr().String()))
		c, err := n.Dial("unix", l.Addr().String())
		s.say("%v %v", err, c.RemoteAddr().String() == l.Addr().String())
		c.Close()
		l.Close()
	}},
	{"datagrams", func(s *transcript, n network) {
		a, err := n.ListenPacket("unixgram", "a")
		s.say("%v %#v", err, a.LocalAddr())
		b, err := n.ListenUnixgram("unixgram", &net.UnixAddr{Name: "b", Net: "unixgram"})
		s.say("%v %#v %#v", err, b.LocalAddr(), b.RemoteAddr())
		k, err := b.WriteTo([]byte("hello"), a.LocalAddr())
		s.say("%d %v", k, err)
		buf := make([]byte, 8)
		k, from, err := a.ReadFrom(buf)
		s.say("%q %v %v", buf[:k], from, err)
		k, err = a.WriteTo([]byte("back"), from)
		s.say("%d %v", k, err)
		k, oobn, flags, addr, err := b.ReadMsgUnix(buf, nil)
		s.say("%q %d %x %v %v", buf[:k], oobn, flags, addr, err)
		c, err := n.Dial("unixgram", "a")
		s.say("%v %v %v", err, c.LocalAddr(), c.RemoteAddr())
		k, err = c.Write([]byte("unnamed"))
		s.say("%d %v", k, err)
		k, from, err = a.ReadFrom(buf)
		s.say("%q %v %v", buf[:k], from, err)
		k, err = c.(unixConn).WriteTo([]byte("x"), b.LocalAddr())
		s.say("%d %v", k, err)
		k, _, err = c.(unixConn).WriteMsgUnix([]byte("x"), nil, b.LocalAddr().(*net.UnixAddr))
		s.say("%d %v", k, err)
		k, err = b.WriteTo([]byte("x"), &net.UnixAddr{Name: "a", Net: "unix"})
		s.say("%d %v", k, err)
		k, err = b.WriteTo([]byte("x"), &net.UnixAddr{Name: "nobody", Net: "unixgram"})
		s.say("%d %v", k, err)
		s.say("%v there: %v", a.Close(), n.Exists("a"))
		k, err = b.WriteTo([]byte("x"), &net.UnixAddr{Name: "a", Net: "unixgram"})
		s.say("%d %v", k, err)
		k, err = c.Write([]byte("x"))
		s.say("%d %v", k, err)
		k, err = b.Write([]byte("x"))
		s.say("%d %v", k, err)
		c.Close()
		b.Close()
		d, err := n.DialUnix("unixgram", &net.UnixAddr{Name: "d", Net: "unixgram"}, nil)
		s.say("%v %v %v", err, d.LocalAddr(), d.RemoteAddr())
		d.Close()
	}},
	{"accepting", func(s *transcript, n network) {
		l, _ := n.ListenUnix("unix", &net.UnixAddr{Name: "server", Net: "unix"})
		s.say("%v", l.SetDeadline(time.Unix(1, 0)))
		c, err := l.Accept()
		s.say("%v %v", c, err)
		s.say("%v", l.SetDeadline(s.soon()))
		c, err = l.Accept()
		s.say("%v %v", c, err)
		s.say("%v", l.SetDeadline(time.Time{}))
		raw, err := l.SyscallConn()
		s.say("%v", err)
		s.say("%v %v %v", raw.Control(func(uintptr) {}), raw.Read(func(uintptr) bool { return true }), raw.Write(func(uintptr) bool { return true }))
		waiting, _ := n.Dial("unix", "server")
		done := make(chan struct{})
		go func() {
			c, err := l.Accept()
			s.say("%v %v", c != nil, err)
			close1(c, err)
			c, err = l.Accept()
			s.say("%v %v", c, err)
			close(done)
		}()
		k, err := waiting.Read(make([]byte, 1))
		s.say("%d %v", k, err)
		time.Sleep(s.wait)
		l.Close()
		<-done
		s.say("%v", l.SetDeadline(time.Time{}))
		s.say("%v", raw.Control(func(uintptr) {}))
		c, err = l.Accept()
		s.say("%v %v %v", c, err, l.Addr())
	}},
	{"nobody has accepted", func(s *transcript, n network) {
		l, _ := n.Listen("unix", "server")
		c, err := n.Dial("unix", "server")
		s.say("%v", err)
		c.Write([]byte("x"))
		l.Close()
		k, err := c.Read(make([]byte, 1))
		s.say("%d %v", k, err)
		c.Close()
	}},
	{"contexts", func(s *transcript, n network) {
		l, _ := n.Listen("unix", "server")
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		c, err := n.DialContext(ctx, "unix", "server")
		s.say("%v %v", c, err)
		s.say("%v", errors.Is(err, context.Canceled))
		ctx, cancel = context.WithDeadline(context.Background(), time.Unix(1, 0))
		defer cancel()
		c, err = n.DialContext(ctx, "unix", "server")
		s.say("%v %v", c, err)
		s.say("%v", errors.Is(err, context.DeadlineExceeded))
		c, err = n.DialTimeout("unix", "server", -time.Second)
		s.say("%v %v", c, err)
		c, err = n.DialTimeout("unix", "server", time.Hour)
		s.say("%v", err)
		c.Close()
		l.Close()
	}},
	{"control", func(s *transcript, n network) {
		l, c, err := n.Control(func(network, address string, c syscall.RawConn) error {
			s.say("%s %s %v", network, address, c.Control(func(fd uintptr) { s.say("%v", fd > 0) }))
			return nil
		}, "unix", "server")
		s.say("%v", err)
		c.Close()
		l.Close()
		_, _, err = n.Control(func(string, string, syscall.RawConn) error { return errors.New("no") }, "unix", "server")
		s.say("%v", err)
	}},
}

// TestNamesAreSameAsPackageNet: listeners, clients and datagram sockets give
// the same values and errors as package net's on the kernel.
func TestNamesAreSameAsPackageNet(t *testing.T) {
	for _, p := range namePrograms {
		var want string
		for i, w := range nameWorlds {
			t.Run(p.name+"/"+w.name, func(t *testing.T) {
				run := func(s *transcript) { w.in(t, func(t *testing.T, n network) { p.run(s, n) }) }
				if i == 0 {
					want = seenBy(run)
					return
				}
				require.Equal(t, want, seenAgainBy(want, run), "%s = first, %s = second", nameWorlds[0].name, w.name)
			})
		}
	}
}
