//go:build !race

package buffer

import "testing"

// With the race detector a sync.Pool drops at random what it is given, so these counts hold only without it.

// Allocations are counted over many turns and rounded down, because the garbage collector may empty a pool.
func TestSteadyTrafficAllocatesNothing(t *testing.T) {
	value := any("value")
	for _, turn := range []struct {
		name        string
		segs, bytes int
		value       any
	}{
		{"one small message", 1, 64, nil},
		{"one message of 64 KiB", 1, 64 << 10, nil},
		{"208 KiB of small messages", 3328, 64, nil},
		{"208 KiB of large messages", 7, 32 << 10, nil},
		{"a value on one byte", 1, 1, value},
		{"values on eight messages", 8, 1, value},
	} {
		var q Queue
		in, out := make([]byte, turn.bytes), make([]byte, turn.bytes)
		got := testing.AllocsPerRun(100, func() {
			for range turn.segs {
				src := One(in)
				q.Push(&src, turn.bytes, 1, 0, turn.value)
			}
			for range turn.segs {
				dst := One(out)
				q.Read(0, turn.bytes, &dst)
				q.Pop()
			}
		})
		equal(t, turn.name+": allocations of a turn", got, 0.0)
	}
}
