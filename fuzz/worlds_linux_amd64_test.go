package fuzz

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/fuzz/program"
)

// worldsDiffer runs a program of several tasks on both machines. It returns
// where they differ first: the lines until then, the kernel's with "-" and the
// emulator's with "+"; nothing when they agree. It waits as compare does.
func (b both) worldsDiffer(t testing.TB, p program.Program, wait time.Duration) (key, log string) {
	e, err := program.NewWorld(b.emulator)
	require.NoError(t, err)
	k, err := program.NewWorld(b.kernel)
	require.NoError(t, err)
	defer e.Close()
	defer k.Close()
	var s strings.Builder
	for i, c := range p {
		ready := k.Ready(c)
		if ready != e.Ready(c) {
			return "ready", fmt.Sprintf("%s%d: %v\nkernel: can begin: %v, emulator: %v", s.String(), c.Task, c, ready, !ready)
		}
		if !ready {
			continue
		}
		want, got := k.Step(i, c), e.Step(i, c)
		if wait > 0 && drops(c.Name) {
			b.collect(t, wait)
			want, got = append(want, k.Settle()...), append(got, e.Settle()...)
		}
		if leaks(want) {
			return "", ""
		}
		if w, g := lines(want), lines(got); w != g || k.Asleep() != e.Asleep() {
			return keyOf(c, want, got), fmt.Sprintf("%s%d: %v\n- %s+ %s", s.String(), c.Task, c, w, g)
		}
		if err := b.emulator.Check(); err != nil {
			return "check", fmt.Sprintf("%s%d: %v\nSystem.Check() = %v", s.String(), c.Task, c, err)
		}
		if len(want) == 0 {
			fmt.Fprintf(&s, "%d: %v <unfinished ...>\n", c.Task, c)
		}
		s.WriteString(lines(want))
	}
	if w, g := k.Descriptors(), e.Descriptors(); w != g {
		return "descriptors", fmt.Sprintf("%sdescriptors\n- %s\n+ %s", s.String(), w, g)
	}
	return "", ""
}

// leaks reports whether the kernel has let out an errno of its own, which it
// leaves pending when recvmmsg is interrupted (docs/divergences.md).
func leaks(done []program.Done) bool {
	const restart = 512
	for _, d := range done {
		if d.Err >= restart {
			return true
		}
	}
	return false
}

// keyOf makes a difference comparable with another.
func keyOf(c program.Call, want, got []program.Done) string {
	s := c.Name
	for _, d := range append(append([]program.Done(nil), want...), got...) {
		s += fmt.Sprintf(" %s %v", d.Call.Name, d.Err)
	}
	return s
}

// confirmations is how often a difference must show: what depends on which
// of two processors is faster does not show every time.
const confirmations = 8

func TestFamiliesBehaveAsOnTheHost(t *testing.T) {
	var b both
	b.emulator, b.kernel = machines(t)
	r := random(t)
	n, chance, found := 0, 0, map[string]int{}
	for n < *calls/10 && len(found) < 15 {
		g := program.Generator{From: r, ByCall: r.Intn(4) == 0, Blocking: *blocking && r.Intn(2) == 0, Ancillary: r.Intn(2) == 0, Readiness: r.Intn(2) == 0}
		p := g.Family(5 + r.Intn(50))
		n += len(p)
		key, log := b.worldsDiffer(t, p, 0)
		if key == "" {
			continue
		}
		if found[key]++; found[key] > 1 {
			continue
		}
		short := program.Shrink(p, func(q program.Program) bool {
			k, _ := b.worldsDiffer(t, q, 0)
			return k == key
		})
		same := 0
		for range confirmations {
			if k, l := b.worldsDiffer(t, short, patience); k == key {
				same++
				log = l
			}
		}
		if same == confirmations {
			t.Errorf("different (%s):\n%s", key, log)
		} else {
			chance++
		}
	}
	t.Logf("compared %d calls; %d differences did not show every time", n, chance)
}
