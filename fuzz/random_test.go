package fuzz

import (
	"flag"
	"math/rand"
	"testing"
	"time"
)

var seed = flag.Int64("seed", 0, "seed of what is chosen at random; 0 takes one from the time")

// random is a source of choices. The seed that repeats them is logged.
func random(t testing.TB) *rand.Rand {
	s := *seed
	if s == 0 {
		s = time.Now().UnixNano()
	}
	t.Logf("-seed %d", s)
	return rand.New(rand.NewSource(s))
}
