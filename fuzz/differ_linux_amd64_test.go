package fuzz

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/fuzz/judge"
)

var (
	calls    = flag.Int("calls", 40000, "calls to compare with the host; a tenth of it by families")
	blocking = flag.Bool("blocking", true, "calls of families may fall asleep")
)

// newJudge makes a judge of the host, or skips the test where the host is not
// the kernel that was measured.
func newJudge(t testing.TB) *judge.Judge {
	t.Helper()
	if why := judge.Unlike(); why != "" {
		t.Skip("nothing to compare with:", why)
	}
	j, err := judge.New(nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	return j
}

// compare searches the profiles of one kind. Half of the calls are of the
// profile that has everything; the others share the rest.
func compare(t *testing.T, general string, family bool, calls int) {
	j := newJudge(t)
	seed := random(t).Int63()
	others := 0
	for _, p := range judge.Profiles() {
		if p.Family == family && p.Name != general {
			others++
		}
	}
	for _, p := range judge.Profiles() {
		if p.Family != family {
			continue
		}
		budget := judge.Budget{Calls: max(1, calls/2/others)}
		if p.Name == general {
			budget.Calls = calls / 2
		}
		if !*blocking {
			p.Blocking = 0
		}
		tally, err := j.Search(&p, seed, budget, func(f judge.Finding) {
			t.Errorf("profile %s, program %d: %s\n%v", f.Profile, f.Number, f.Kind, f)
		})
		require.NoError(t, err)
		t.Logf("%s: %d programs, %d calls, %d differences were gone", p.Name, tally.Programs, tally.Calls, tally.Gone)
	}
}

// Programs of one process do on the emulator what they do on the host, call by call.
func TestProgramsBehaveAsOnTheHost(t *testing.T) { compare(t, "everything", false, *calls) }

// Programs of several tasks do, too: who sleeps, who wakes, who is signalled.
func TestFamiliesBehaveAsOnTheHost(t *testing.T) { compare(t, "families", true, *calls/10) }
