package history

import (
	"flag"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/model"
)

var (
	seed       = flag.Int64("seed", 1, "seed of the programs; 0 takes one from the time")
	histories  = flag.Int("histories", 1000, "histories of each type and subject; a fifth with -short")
	operations = flag.Int("operations", 40, "calls of a history, at most")
	pages      = flag.String("pages", os.TempDir(), "directory for the drawing of an illegal history")
)

// searchLimit is the time that a search may take. One that takes longer says
// nothing, and its history does not count: the program is run again, and its
// calls overlap otherwise. One that is never decided in so many runs fails the
// test: its histories are too large.
const (
	searchLimit = 5 * time.Second
	searchRuns  = 10
)

// random is a source of choices. The seed that repeats them is logged.
func random(t testing.TB) *rand.Rand {
	s := *seed
	if s == 0 {
		s = time.Now().UnixNano()
	}
	t.Logf("-seed %d", s)
	return rand.New(rand.NewSource(s))
}

// honest makes the call that the program says.
func honest(_ int, p *emu.Process, c Call) Result { return c.On(p) }

// run makes a history in a bubble.
func run(t *testing.T, p Program, r *rand.Rand, by Maker) (h *History) {
	synctest.Test(t, func(t *testing.T) {
		var err error
		h, err = Run(p, r, by, synctest.Wait)
		require.NoError(t, err)
	})
	return h
}

// each runs a test for each type and subject.
func each(t *testing.T, test func(t *testing.T, typ model.Type, subject Subject)) {
	for _, typ := range []model.Type{model.Stream, model.Dgram, model.Seqpacket} {
		for _, subject := range []Subject{Lives, Rights, Numbers} {
			name := map[model.Type]string{model.Stream: "STREAM", model.Dgram: "DGRAM", model.Seqpacket: "SEQPACKET"}[typ]
			t.Run(fmt.Sprintf("%s/%s", name, [...]string{"lives", "rights", "numbers"}[subject]), func(t *testing.T) { test(t, typ, subject) })
		}
	}
}

// Concurrent calls on a pair have the results of some sequential order of
// their moments, no call sleeps that could go on, and nothing is left.
func TestConcurrentCallsAreLinearizable(t *testing.T) {
	each(t, func(t *testing.T, typ model.Type, subject Subject) {
		r := random(t)
		calls, slept, together, undecided, most := 0, 0, 0, 0, time.Duration(0)
		count := *histories
		if testing.Short() {
			count /= 5
		}
		for range count {
			p := NewProgram(r, typ, subject, *operations)
			h := run(t, p, r, honest)
			began := time.Now()
			verdict, info := h.Check(searchLimit)
			for n := 1; verdict == porcupine.Unknown && n < searchRuns; n++ {
				undecided++
				h = run(t, p, r, honest)
				verdict, info = h.Check(searchLimit)
			}
			most = max(most, time.Since(began))
			calls += len(h.Records)
			for _, c := range h.Records {
				slept += min(1, len(c.Naps))
				together += min(1, len(h.overlapping(c)))
			}
			if verdict != porcupine.Ok {
				page := filepath.Join(*pages, fmt.Sprintf("history-%d-%d.html", *seed, time.Now().UnixNano()))
				require.NoError(t, h.Draw(info, page))
				t.Fatalf("history is %s, want Ok; drawn in %s\n%s", verdict, page, h)
			}
		}
		t.Logf("%d histories, %d calls, %d of them overlapped others, %d slept; %d more were not decided; the longest search took %v",
			count, calls, together, slept, undecided, most)
	})
}
