package buffer

import (
	"fmt"
	"testing"
)

// One message at a time, which is the ping-pong of two processes seen from the queue.
func BenchmarkPushReadPop(b *testing.B) {
	for _, size := range []int{1, 64, 1 << 10, 64 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			var q Queue
			in, out := make([]byte, size), make([]byte, size)
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				src := One(in)
				dst := One(out)
				q.Push(&src, size, size, 0, nil)
				q.Read(0, size, &dst)
				q.Pop()
			}
		})
	}
}

// The limit of BenchmarkPushReadPop: two copies and nothing else.
func BenchmarkTwoCopies(b *testing.B) {
	for _, size := range []int{1, 64, 1 << 10, 64 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			ring, in, out := make([]byte, size), make([]byte, size), make([]byte, size)
			b.SetBytes(int64(size))
			for b.Loop() {
				copy(ring, in)
				copy(out, ring)
			}
		})
	}
}

// A default socket buffer is filled and drained in turns; a time is one turn.
func BenchmarkFillAndDrain(b *testing.B) {
	const bound = 208 << 10
	for _, size := range []int{64, 1 << 10, 32 << 10} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			var q Queue
			in, out := make([]byte, size), make([]byte, size)
			b.SetBytes(bound)
			b.ReportAllocs()
			for b.Loop() {
				for q.Len() < bound {
					src := One(in)
					q.Push(&src, size, size, 0, nil)
				}
				for q.Segments() > 0 {
					dst := One(out)
					q.Read(0, size, &dst)
					q.Pop()
				}
			}
		})
	}
}

// One descriptor rides on one byte.
func BenchmarkPassValue(b *testing.B) {
	var q Queue
	in, out, value := make([]byte, 1), make([]byte, 1), any(new(int))
	b.ReportAllocs()
	for b.Loop() {
		src := One(in)
		dst := One(out)
		q.Push(&src, 1, 768, 0, value)
		q.Read(0, 1, &dst)
		q.Pop()
	}
}

// A queue is made, used once and left to the garbage collector.
func BenchmarkFreshExchange(b *testing.B) {
	in, out := make([]byte, 64), make([]byte, 64)
	b.ReportAllocs()
	for b.Loop() {
		var q Queue
		src := One(in)
		dst := One(out)
		q.Push(&src, 64, 768, 0, nil)
		q.Read(0, 64, &dst)
		q.Pop()
	}
}
