package judge

import (
	"fmt"
	"time"

	"sockpair/fuzz/program"
	"sockpair/replay"
)

// Alone runs a program of one process on both machines and returns the first
// difference, nil for none, and the number of calls that were compared. After a
// call that may have dropped a socket the kernel gets wait to collect others.
//
// The error says that a machine could not be used.
func (j *Judge) Alone(p program.Program, wait time.Duration) (d *Difference, calls int, err error) {
	machine, err := j.machineFor(p)
	if err != nil {
		return nil, 0, err
	}
	processes, err := begin(machine, j.kernel)
	if err != nil {
		return nil, 0, err
	}
	e, k := processes[0], processes[1]
	defer e.Exit(0)
	defer k.Exit(0)
	written := p
	if p.Network() {
		place := j.nextPlace()
		defer place.remove()
		if err := place.enter(e, k); err != nil {
			return nil, 0, err
		}
		p = p.At(place.name)
	}
	mine := emulate(machine, e, p)
	asked := make([]int, 0, len(mine)) // the calls that are compared
	for i := range mine {
		if !mine[i].foreign {
			asked = append(asked, i)
		}
	}
	theirs, err := j.ask(k, p, asked, wait)
	for n, want := range theirs {
		i := asked[n]
		c, got := p[i], mine[i].Result
		if want != got {
			return &Difference{Program: written, At: i, Kind: alike(c, want, got), Kernel: c.Line(want), Emulator: c.Line(got)}, n + 1, nil
		}
		if mine[i].check != nil {
			return broken(written, i, mine[i].check), n + 1, nil
		}
		if want.Ended {
			return nil, n + 1, nil
		}
	}
	return nil, len(theirs), err
}

// emulated is what the emulator has made of a call.
type emulated struct {
	program.Result
	foreign bool // it is about a description that is no socket, and was not made
	check   error
}

// emulate runs the program on the emulator, as far as its end, or the first
// call after which an invariant does not hold.
func emulate(m *replay.Emulator, e replay.Process, p program.Program) (all []emulated) {
	for _, c := range p {
		one := emulated{foreign: c.AsksForeign(e)}
		if !one.foreign {
			one.Result = program.Run(e, c)
			one.check = m.Check()
		}
		if all = append(all, one); one.Ended || one.check != nil {
			break
		}
	}
	return all
}

// ask runs calls of the program on the kernel: all together, or one by one if
// there is to be time between them.
func (j *Judge) ask(k replay.Process, p program.Program, calls []int, wait time.Duration) ([]program.Result, error) {
	results := make([]program.Result, len(calls))
	if all, ok := k.(interface {
		Together(n int, call func(i int, q replay.Process))
	}); ok && wait == 0 {
		all.Together(len(calls), func(n int, q replay.Process) { results[n] = program.Run(q, p[calls[n]]) })
		return results, nil
	}
	for n, i := range calls {
		if wait > 0 && n > 0 && drops(p[calls[n-1]]) {
			if err := j.collect(wait); err != nil {
				return results[:n], err
			}
		}
		results[n] = program.Run(k, p[i])
	}
	return results, nil
}

// alike is what differences that look the same have in common.
func alike(c program.Call, want, got program.Result) string {
	what := "data"
	switch {
	case want.Err != got.Err:
		what = fmt.Sprintf("%v and %v", outcome(want), outcome(got))
	case want.Ended != got.Ended:
		what = fmt.Sprintf("%v and %v", outcome(want), outcome(got))
	case want.Ret != got.Ret:
		what = "value"
	}
	return c.Name + ": " + what
}

// outcome is a result without its value.
func outcome(r program.Result) string {
	switch {
	case r.Ended:
		return "end"
	case r.Err != 0:
		return r.Err.Name()
	}
	return "success"
}
