package fuzz

import (
	"flag"
	"math/rand"
	"testing"
	"time"
)

var seed = flag.Int64("seed", 1, "seed of what is chosen at random; 0 takes one from the time")

// random is a source of choices. The seed that repeats them is logged.
func random(t testing.TB) *rand.Rand {
	s := *seed
	if s == 0 {
		s = time.Now().UnixNano()
	}
	t.Logf("-seed %d", s)
	return rand.New(rand.NewSource(s))
}

func int32bytes(n int) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)} }

func int32of(b []byte) int {
	return int(int32(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24))
}
