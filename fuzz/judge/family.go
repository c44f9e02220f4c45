package judge

import (
	"fmt"
	"strings"
	"time"

	"sockpair/fuzz/program"
	"sockpair/replay"
)

// Family runs a program of several tasks on both machines, as Alone does one of
// one process.
func (j *Judge) Family(p program.Program, wait time.Duration) (d *Difference, calls int, err error) {
	machine, err := j.machineFor(p)
	if err != nil {
		return nil, 0, err
	}
	w := worlds{j: j, machine: machine, wait: wait}
	if w.e, err = program.NewWorld(machine); err != nil {
		return nil, 0, err
	}
	defer w.e.Close()
	if w.k, err = program.NewWorld(j.kernel); err != nil {
		return nil, 0, err
	}
	defer w.k.Close()
	written := p
	if p.Network() {
		place := j.nextPlace()
		defer place.remove()
		if err := place.enter(w.e.First(), w.k.First()); err != nil {
			return nil, 0, err
		}
		p = p.At(place.name)
	}
	for i, c := range p {
		d, err := w.step(p, i, c)
		if d != nil {
			d.Program = written
		}
		if d != nil || err != nil || w.leaked {
			return d, w.calls, err
		}
	}
	if want, got := w.k.Descriptors(), w.e.Descriptors(); want != got {
		return &Difference{Program: written, Family: true, At: len(p), Kind: "descriptors at the end", Kernel: want, Emulator: got}, w.calls, nil
	}
	return nil, w.calls, nil
}

// worlds are a program in progress on both machines.
type worlds struct {
	j       *Judge
	machine *replay.Emulator
	wait    time.Duration
	e, k    *program.World
	calls   int
	leaked  bool // the kernel has shown what cannot be compared
}

// step runs one call, if it can begin.
func (w *worlds) step(p program.Program, i int, c program.Call) (*Difference, error) {
	d := &Difference{Program: p, Family: true, At: i}
	ready := w.k.Ready(c)
	if mine := w.e.Ready(c); mine != ready {
		d.Kind, d.Kernel, d.Emulator = "which task can begin a call", canBegin(c, ready), canBegin(c, mine)
		return d, nil
	}
	if !ready {
		return nil, nil
	}
	w.calls++
	want, got := w.k.Step(i, c), w.e.Step(i, c)
	if w.wait > 0 && drops(c) {
		if err := w.j.collect(w.wait); err != nil {
			return nil, err
		}
		want, got = append(want, w.k.Settle()...), append(got, w.e.Settle()...)
	}
	if w.leaked = leaks(want); w.leaked {
		return nil, nil
	}
	if d.Kernel, d.Emulator = lines(want), lines(got); d.Kernel != d.Emulator || w.k.Asleep() != w.e.Asleep() {
		d.Kind = allAlike(c, want, got)
		return d, nil
	}
	if err := w.machine.Check(); err != nil {
		d = broken(p, i, err)
		d.Family = true
		return d, nil
	}
	return nil, nil
}

func canBegin(c program.Call, can bool) string {
	return fmt.Sprintf("task %d can begin %v: %v", c.Task, c, can)
}

// lines are the calls that have returned.
func lines(done []program.Done) string {
	var s []string
	for _, d := range done {
		s = append(s, fmt.Sprintf("%d: %s", d.Call.Task, d.Call.Line(d.Result)))
	}
	return strings.Join(s, "; ")
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

// allAlike is alike for a call and the calls that return because of it.
func allAlike(c program.Call, want, got []program.Done) string {
	if len(want) == 1 && len(got) == 1 && want[0].At == got[0].At {
		return alike(want[0].Call, want[0].Result, got[0].Result)
	}
	return fmt.Sprintf("%s: %s and %s", c.Name, returns(want), returns(got))
}

func returns(done []program.Done) string {
	var s []string
	for _, d := range done {
		s = append(s, d.Call.Name+" "+outcome(d.Result))
	}
	if s == nil {
		return "sleep"
	}
	return strings.Join(s, ", ")
}
