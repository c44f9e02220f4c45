package fuzz

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/program"
	"sockpair/replay"
)

// hang is when a program counts as hanging.
const hang = 30 * time.Second

var programs = flag.Int("programs", 300, "programs at random, of each kind")

// maxCalls bounds a program that a fuzzer makes.
const maxCalls = 200

// personality is one of the two, as a choice says.
func personality(c program.Choices) *emu.Personality {
	if c.Intn(2) == 0 {
		return emu.Linux()
	}
	return emu.POSIX()
}

func nothingLeft(t *testing.T, m *replay.Emulator, log string) {
	t.Helper()
	if err := m.Check(); err != nil {
		t.Fatalf("%sat the end System.Check() = %v", log, err)
	}
	if n := m.System.Files(); n != 0 {
		t.Fatalf("%sat the end System.Files() = %d, want 0", log, n)
	}
	if n := m.Blocked(); n != 0 {
		t.Fatalf("%sat the end System.Blocked() = %d, want 0", log, n)
	}
}

// FuzzProgram runs programs of one process that never block.
func FuzzProgram(f *testing.F) {
	f.Fuzz(func(t *testing.T, choices []byte) {
		from := program.NewBytes(choices)
		rules := personality(from)
		g := program.Generator{From: from, ByCall: from.Intn(4) == 0, Large: from.Intn(8) == 0, Deadly: from.Intn(4) == 0, Ancillary: from.Intn(2) == 0, Readiness: from.Intn(2) == 0, Strange: true}
		var p program.Program
		for len(p) < maxCalls && from.Left() {
			if len(p) == 0 {
				p = g.Program(0)
			} else {
				p = append(p, g.Call())
			}
		}
		runWorld(t, rules, p)
	})
}

// runWorld runs a program, whose calls may fall asleep. After each call the
// invariants of the machine hold; when all has ended there is nothing left.
func runWorld(t *testing.T, rules *emu.Personality, p program.Program) {
	guard := time.AfterFunc(hang, func() { panic("a program does not end:\n" + p.String()) })
	defer guard.Stop()
	m, err := replay.NewEmulator(emu.Config{Personality: rules})
	require.NoError(t, err)
	w, err := program.NewWorld(m)
	require.NoError(t, err)
	var log strings.Builder
	for i, c := range p {
		if !w.CanBegin(c) {
			continue
		}
		done := w.Step(i, c)
		if len(done) == 0 {
			fmt.Fprintf(&log, "%d: %v <unfinished ...>\n", c.Task, c)
		}
		log.WriteString(lines(done))
		if err := m.Check(); err != nil {
			t.Fatalf("%sSystem.Check() = %v", log.String(), err)
		}
	}
	log.WriteString(lines(w.Close()))
	nothingLeft(t, m, log.String())
}

// lines are calls with their results, one a line, after the number of the task.
func lines(done []program.Done) string {
	var s strings.Builder
	for _, d := range done {
		fmt.Fprintf(&s, "%d: %s\n", d.Call.Task, d.Call.Line(d.Result))
	}
	return s.String()
}

// FuzzProcesses runs programs of several processes and threads that fork,
// exec, exit, signal each other and fall asleep. Their time stands still.
func FuzzProcesses(f *testing.F) {
	f.Fuzz(func(t *testing.T, choices []byte) {
		before := runtime.NumGoroutine()
		from := program.NewBytes(choices)
		rules := personality(from)
		g := program.Generator{From: from, ByCall: from.Intn(4) == 0, Blocking: from.Intn(4) > 0, Ancillary: from.Intn(2) == 0, Readiness: from.Intn(2) == 0, Strange: true}
		var p program.Program
		for len(p) < maxCalls && from.Left() {
			p = append(p, g.Family(len(p)+1)...)
		}
		runWorld(t, rules, p)
		noGoroutineLeft(t, before, p)
	})
}

// noGoroutineLeft waits for goroutines that are about to end.
func noGoroutineLeft(t *testing.T, before int, p program.Program) {
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<16)
			stacks = stacks[:runtime.Stack(stacks, true)]
			t.Fatalf("%v%d goroutines are left, want %d\n%s", p, runtime.NumGoroutine(), before, stacks)
		}
	}
}

// Programs at random keep the machine's invariants, whatever the personality.
func TestProgramsKeepTheInvariants(t *testing.T) {
	r := random(t)
	for range *programs {
		g := program.Generator{From: r, ByCall: r.Intn(4) == 0, Large: r.Intn(8) == 0, Deadly: r.Intn(4) == 0, Ancillary: true, Readiness: true, Strange: true}
		runWorld(t, personality(r), g.Program(40))
	}
	for range *programs {
		g := program.Generator{From: r, Blocking: true, Ancillary: true, Readiness: true, Strange: true}
		runWorld(t, personality(r), g.Family(40))
	}
}

// A program prints one call a line, and the same choices make the same program.
func TestProgramsAreRepeatable(t *testing.T) {
	choices := []byte(strings.Repeat("choices", 400))
	make := func() program.Program {
		g := program.Generator{From: program.NewBytes(choices), Blocking: true}
		return g.Family(50)
	}
	p := make()
	require.Equal(t, p, make())
	require.Equal(t, len(p), strings.Count(p.String(), "\n"))
}
