package emu

import (
	"fmt"
	"math"
	"testing"
)

// manyInFlight is a machine with many descriptors in flight.
type manyInFlight struct {
	b testing.TB
	p *Process
}

func newCrowd(b testing.TB) manyInFlight {
	sys, err := New(Config{SoftFiles: 1 << 20, HardFiles: 1 << 20, MaxFiles: 1 << 21, MaxSockets: 1 << 21, MaxMemory: math.MaxInt})
	if err != nil {
		b.Fatal(err)
	}
	return manyInFlight{b, sys.NewProcess()}
}

func (f manyInFlight) pair() (x, y int) {
	x, y, err := f.p.Pair(SOCK_DGRAM)
	if err != nil {
		f.b.Fatal(err)
	}
	return x, y
}

func (f manyInFlight) pass(through int, fds ...int) {
	if err := sendControl(f.p, through, "m", Rights(fds...)); err != nil {
		f.b.Fatal(err)
	}
}

func (f manyInFlight) close(fds ...int) {
	for _, fd := range fds {
		if err := f.p.Close(fd); err != nil {
			f.b.Fatal(err)
		}
	}
}

// ring makes n sockets each of which holds the next in its queue, with all
// their descriptors open: in[i] is the socket, out[i] its other end.
func (f manyInFlight) ring(n int) (out, in []int) {
	for range n {
		x, y := f.pair()
		out, in = append(out, x), append(in, y)
	}
	for i := range n {
		f.pass(out[i], in[(i+1)%n])
	}
	return out, in
}

// worlds are what is in flight while something is closed.
var worlds = map[string]func(f manyInFlight, n int){
	"held": func(f manyInFlight, n int) { // one socket in the queues of open ones
		x, _ := f.pair()
		for range n {
			out, _ := f.pair()
			f.pass(out, x)
		}
	},
	"ring": func(f manyInFlight, n int) { // alive by one descriptor
		if n > 0 {
			_, in := f.ring(n)
			f.close(in[1:]...)
		}
	},
}

// BenchmarkCloseWithManyInFlight closes a socket: one that has nothing to do
// with what is in flight; or one that is in flight itself and stays alive.
func BenchmarkCloseWithManyInFlight(b *testing.B) {
	for _, world := range []string{"held", "ring"} {
		for _, n := range []int{0, 1000, 10_000, 100_000} {
			f := newCrowd(b)
			worlds[world](f, n)
			b.Run(fmt.Sprintf("unrelated/%s/%d", world, n), func(b *testing.B) {
				for b.Loop() {
					f.close(f.pair())
				}
			})
			x, y := f.pair()
			b.Run(fmt.Sprintf("passed/%s/%d", world, n), func(b *testing.B) {
				for b.Loop() {
					v, w := f.pair()
					f.pass(x, w)
					f.close(w)
					if _, err := f.p.Read(y, make([]byte, 1)); err != nil {
						b.Fatal(err)
					}
					f.close(v)
				}
			})
			f.p.Exit(0)
		}
	}
}

// BenchmarkCloseHeldByMany closes a socket that n others hold, none of which
// is open but reached through one that is; a peek opens it again.
func BenchmarkCloseHeldByMany(b *testing.B) {
	for _, n := range []int{1, 1000, 10_000, 100_000} {
		f := newCrowd(b)
		x, _ := f.pair()
		top, bottom := f.pair()
		f.pass(top, x)
		for range n {
			out, in := f.pair()
			f.pass(out, x)
			keepOut, _ := f.pair()
			f.pass(keepOut, in)
			f.close(out, in)
		}
		f.close(x)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 24)}
				if _, err := f.p.Recvmsg(bottom, &m, MSG_PEEK); err != nil {
					b.Fatal(err)
				}
				f.close(x)
			}
		})
		f.p.Exit(0)
	}
}

// BenchmarkCloseFarFromAnyOpen is the worst case: an edge has been taken away
// since the last search, and of the two ways to an open socket it goes the
// long one first, a chain of n.
func BenchmarkCloseFarFromAnyOpen(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		f := newCrowd(b)
		x, y := f.pair() // the short way: y is open and holds the last of the chain
		out, in := f.ring(n)
		f.pass(x, in[n-1])
		f.pass(out[n-2], in[n-1]) // again, and so the newest edge
		f.close(out...)
		f.close(in[1:]...)
		v, w := f.pair()
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				f.pass(v, x)
				if _, err := f.p.Read(w, make([]byte, 1)); err != nil {
					b.Fatal(err)
				}
				m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 24)}
				if _, err := f.p.Recvmsg(y, &m, MSG_PEEK); err != nil {
					b.Fatal(err)
				}
				list, err := ParseControl(m.Control[:m.Controllen])
				if err != nil {
					b.Fatal(err)
				}
				fds, _ := list[0].ParseRights()
				f.close(fds...)
			}
		})
		f.p.Exit(0)
	}
}

// BenchmarkCloseAWholeRing closes the members of a live ring one after the
// other, each after the one that holds it; the last close collects it. The figure is of one close.
func BenchmarkCloseAWholeRing(b *testing.B) {
	benchmarkEnds(b, func(f manyInFlight, n int) []int {
		out, in := f.ring(n)
		f.close(out...)
		return in
	})
}

// BenchmarkCloseAChain closes the one descriptor that keeps a chain of sockets,
// each in flight in the next. The figure is of one socket of the chain.
func BenchmarkCloseAChain(b *testing.B) {
	benchmarkEnds(b, func(f manyInFlight, n int) []int {
		x, y := f.pair()
		f.close(x)
		for range n {
			out, in := f.pair()
			f.pass(out, y)
			f.close(out, y)
			y = in
		}
		return []int{y}
	})
}

// BenchmarkExitWithARing ends the process that has a live ring open.
func BenchmarkExitWithARing(b *testing.B) {
	benchmarkEnds(b, func(f manyInFlight, n int) []int {
		f.ring(n)
		return nil
	})
}

// benchmarkEnds builds a graph, and measures the closing of descriptors and
// the end of the process, after which nothing is open.
func benchmarkEnds(b *testing.B, build func(f manyInFlight, n int) []int) {
	for _, n := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				f := newCrowd(b)
				fds := build(f, n)
				b.StartTimer()
				f.close(fds...)
				f.p.Exit(0)
				b.StopTimer()
				if f.p.sys.Files() != 0 {
					b.Fatalf("Files() = %d, want 0", f.p.sys.Files())
				}
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/socket")
		})
	}
}
