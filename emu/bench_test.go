package emu_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// The workloads of docs/performance.md in small, for a profile or a count of
// instructions. bench/ measures them against the limits and the peers.

func benchPair(b *testing.B, typ int) (p *emu.Process, x, y int) {
	sys, err := emu.New(emu.Config{})
	require.NoError(b, err)
	p = sys.NewProcess()
	x, y, err = p.Pair(typ)
	require.NoError(b, err)
	return p, x, y
}

// The limit of W1 and W4: two copies, and two mutexes locked and unlocked.
func BenchmarkLimit(b *testing.B) {
	var m1, m2 sync.Mutex
	src, ring, dst := make([]byte, 64), make([]byte, 64), make([]byte, 64)
	for b.Loop() {
		m1.Lock()
		copy(ring, src)
		m1.Unlock()
		m2.Lock()
		copy(dst, ring)
		m2.Unlock()
	}
}

func BenchmarkWriteRead(b *testing.B) {
	for name, typ := range map[string]int{"stream": emu.SOCK_STREAM, "dgram": emu.SOCK_DGRAM, "seqpacket": emu.SOCK_SEQPACKET} {
		b.Run(name, func(b *testing.B) {
			p, x, y := benchPair(b, typ)
			buf := make([]byte, 64)
			b.ReportAllocs()
			for b.Loop() {
				p.Write(x, buf)
				p.Read(y, buf)
			}
		})
	}
}

func BenchmarkPingPong(b *testing.B) {
	b.Run("channel", func(b *testing.B) {
		x, y := make(chan [64]byte), make(chan [64]byte)
		go func() {
			for v := range x {
				y <- v
			}
		}()
		var v [64]byte
		for b.Loop() {
			x <- v
			v = <-y
		}
		close(x)
	})
	b.Run("emu", func(b *testing.B) {
		p, x, y := benchPair(b, emu.SOCK_STREAM)
		go func() {
			buf := make([]byte, 64)
			for {
				if n, _ := p.Read(y, buf); n <= 0 {
					return
				}
				p.Write(y, buf)
			}
		}()
		buf := make([]byte, 64)
		b.ReportAllocs()
		for b.Loop() {
			p.Write(x, buf)
			p.Read(x, buf)
		}
		p.Close(x)
	})
}

func BenchmarkPair(b *testing.B) {
	b.Run("limit", func(b *testing.B) {
		for b.Loop() {
			sink = make([]byte, 1024)
		}
	})
	b.Run("emu", func(b *testing.B) {
		p, _, _ := benchPair(b, emu.SOCK_STREAM)
		b.ReportAllocs()
		for b.Loop() {
			x, y, _ := p.Pair(emu.SOCK_STREAM)
			p.Close(x)
			p.Close(y)
		}
	})
}

var sink []byte

func BenchmarkPassDescriptor(b *testing.B) {
	p, x, y := benchPair(b, emu.SOCK_STREAM)
	out := emu.Msghdr{Iov: [][]byte{{1}}, Control: emu.Rights(x)}
	in := emu.Msghdr{Iov: [][]byte{make([]byte, 1)}}
	room := make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		p.Sendmsg(x, &out, 0)
		in.Control = room
		p.Recvmsg(y, &in, 0)
		p.Close(5)
	}
}

// Writes of 1 KiB, and as many reads, in one goroutine; a write and a read each.
func BenchmarkBurst(b *testing.B) {
	for _, burst := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(burst), func(b *testing.B) {
			p, x, y := benchPair(b, emu.SOCK_STREAM)
			buf := make([]byte, 1<<10)
			for range b.N/burst + 1 {
				for range burst {
					p.Write(x, buf)
				}
				for range burst {
					p.Read(y, buf)
				}
			}
		})
	}
}

// One way through a stream, in writes and reads of one size.
func BenchmarkOneWay(b *testing.B) {
	for _, size := range []int{1 << 10, 64 << 10, 1 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			p, x, y := benchPair(b, emu.SOCK_STREAM)
			go func() {
				buf := make([]byte, size)
				for {
					if n, _ := p.Read(y, buf); n <= 0 {
						return
					}
				}
			}()
			buf := make([]byte, size)
			b.SetBytes(int64(size))
			for b.Loop() {
				p.Write(x, buf)
			}
			p.Close(x)
		})
	}
}
