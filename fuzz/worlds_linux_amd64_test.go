package fuzz

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/fuzz/program"
)

// worldsDiffer runs a program of several tasks on both machines. It returns
// where they differ first: the lines until then, the kernel's with "-" and the
// emulator's with "+"; nothing when they agree.
func (b both) worldsDiffer(t testing.TB, p program.Program) (key, log string) {
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

// keyOf makes a difference comparable with another.
func keyOf(c program.Call, want, got []program.Done) string {
	s := c.Name
	for _, d := range append(append([]program.Done(nil), want...), got...) {
		s += fmt.Sprintf(" %s %v", d.Call.Name, d.Err)
	}
	return s
}

func lines(done []program.Done) string {
	var s strings.Builder
	for _, d := range done {
		fmt.Fprintf(&s, "%d: %s\n", d.Call.Task, d.Call.Line(d.Result))
	}
	return s.String()
}

func TestFamiliesBehaveAsOnTheHost(t *testing.T) {
	var b both
	b.emulator, b.kernel = machines(t)
	r := random(t)
	n, found := 0, map[string]int{}
	for n < *calls && len(found) < 15 {
		g := program.Generator{From: r, ByCall: r.Intn(4) == 0, Blocking: *blocking && r.Intn(2) == 0}
		p := g.Family(5 + r.Intn(50))
		n += len(p)
		key, log := b.worldsDiffer(t, p)
		if key == "" {
			continue
		}
		if found[key]++; found[key] > 1 {
			continue
		}
		short := program.Shrink(p, func(q program.Program) bool {
			k, _ := b.worldsDiffer(t, q)
			return k == key
		})
		if k, l := b.worldsDiffer(t, short); k == key {
			log = l
		}
		t.Errorf("different (%s):\n%s", key, log)
	}
	t.Logf("compared %d calls", n)
}
