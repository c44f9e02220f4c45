package netemu_test

import (
	"net"
	"runtime"
	"strconv"
	"testing"
	"time"

	"sockpair/emu"
	"sockpair/netemu"
)

// transfer is one message of n bytes from one end to the other, without waiting.
func transfer(b *testing.B, n int, write, read func([]byte) (int, error)) {
	buf := make([]byte, n)
	b.ReportAllocs()
	b.SetBytes(int64(n))
	for b.Loop() {
		write(buf)
		read(buf)
	}
}

var sizes = []struct {
	name string
	n    int
}{{"1", 1}, {"4096", 4096}}

// BenchmarkTransfer compares the machine's calls, package netemu's, and the
// kernel's where there is one.
func BenchmarkTransfer(b *testing.B) {
	for _, size := range sizes {
		b.Run("emu/"+size.name, func(b *testing.B) {
			p := netemu.New().Process()
			x, y, _ := p.Pair(emu.SOCK_STREAM)
			transfer(b, size.n, func(b []byte) (int, error) { return p.Write(x, b) }, func(b []byte) (int, error) { return p.Read(y, b) })
		})
		for _, w := range worlds {
			b.Run(w.name+"/"+size.name, func(b *testing.B) {
				x, y, _ := w.pair("unix")
				defer x.Close()
				defer y.Close()
				transfer(b, size.n, x.Write, y.Read)
			})
		}
	}
}

// pingPong is a byte there and back, each end waiting for the other.
func pingPong(b *testing.B, write, read, echoRead, echoWrite func([]byte) (int, error)) {
	b.ReportAllocs()
	go func() {
		buf := make([]byte, 1)
		for {
			if n, err := echoRead(buf); n < 1 || err != nil {
				return
			}
			echoWrite(buf)
		}
	}()
	buf := make([]byte, 1)
	for b.Loop() {
		write(buf)
		read(buf)
	}
}

// BenchmarkPingPong compares them where each call waits.
func BenchmarkPingPong(b *testing.B) {
	b.Run("emu", func(b *testing.B) {
		p := netemu.New().Process()
		x, y, _ := p.Pair(emu.SOCK_STREAM)
		defer p.Close(x)
		on := func(call func(int, []byte) (int, error), fd int) func([]byte) (int, error) {
			return func(b []byte) (int, error) { return call(fd, b) }
		}
		pingPong(b, on(p.Write, x), on(p.Read, x), on(p.Read, y), on(p.Write, y))
	})
	pairs := map[string]func() (net.Conn, net.Conn){"net.Pipe": net.Pipe}
	for _, w := range worlds {
		pairs[w.name] = func() (net.Conn, net.Conn) { x, y, _ := w.pair("unix"); return x, y }
	}
	for name, pair := range pairs {
		b.Run(name, func(b *testing.B) {
			x, y := pair()
			defer x.Close()
			pingPong(b, x.Write, x.Read, y.Read, y.Write)
		})
	}
}

// BenchmarkPipe is what a pair of its own costs, from making to closing it.
func BenchmarkPipe(b *testing.B) {
	b.Run("netemu.Pipe", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			x, y := netemu.Pipe()
			x.Close()
			y.Close()
		}
	})
	b.Run("Socketpair", func(b *testing.B) {
		b.ReportAllocs()
		n := netemu.New()
		for b.Loop() {
			x, y, _ := n.Socketpair("unix")
			x.Close()
			y.Close()
		}
	})
	for _, w := range worlds[1:] {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				x, y, _ := w.pair("unix")
				x.Close()
				y.Close()
			}
		})
	}
}

// BenchmarkDeadline sets one that is never met, as servers do for each request.
func BenchmarkDeadline(b *testing.B) {
	for _, w := range worlds {
		b.Run(w.name, func(b *testing.B) {
			b.ReportAllocs()
			x, y, _ := w.pair("unix")
			defer x.Close()
			defer y.Close()
			for b.Loop() {
				x.SetReadDeadline(time.Now().Add(time.Hour))
			}
		})
	}
}

// BenchmarkCrowd is a byte there and back while many others wait in Read.
func BenchmarkCrowd(b *testing.B) {
	for _, others := range []int{0, 1000, 10000} {
		b.Run(strconv.Itoa(others), func(b *testing.B) {
			n := netemu.New()
			for range others {
				x, y, _ := n.Socketpair("unix")
				defer x.Close()
				defer y.Close()
				go x.Read(make([]byte, 1))
			}
			for n.Process().System().Blocked() < others {
				runtime.Gosched()
			}
			x, y, _ := n.Socketpair("unix")
			defer x.Close()
			pingPong(b, x.Write, x.Read, y.Read, y.Write)
		})
	}
}
