package judge

import (
	"fmt"
	"strings"

	"sockpair/fuzz/program"
)

// Difference is where a program shows one thing on the kernel and another on
// the emulator.
type Difference struct {
	Program program.Program
	Family  bool // the program is of several tasks
	At      int  // the call that shows it; len(Program): the state at the end
	// Kind is the same for differences that look the same.
	Kind string
	// Kernel and Emulator are what each has shown, in short.
	Kernel, Emulator string
	// Check is what Machine.Check said of the emulator, where that is the difference.
	Check error
}

// broken is a difference between the emulator and its own invariants.
func broken(p program.Program, at int, err error) *Difference {
	return &Difference{Program: p, At: at, Kind: "invariants of the emulator", Check: err}
}

// same reports whether d shows, and looks like other.
func (d *Difference) same(other *Difference) bool { return d != nil && d.Kind == other.Kind }

// until is the program as far as the difference.
func (d *Difference) until() program.Program { return d.Program[:min(d.At+1, len(d.Program))] }

// String is the difference in short: the program, and what each machine has
// shown last, the kernel with "-", the emulator with "+".
func (d *Difference) String() string {
	var s strings.Builder
	for _, c := range d.Program[:min(d.At, len(d.Program))] {
		fmt.Fprintf(&s, "%d: %v\n", c.Task, c)
	}
	if d.Check != nil {
		fmt.Fprintf(&s, "System.Check() = %v\n", d.Check)
		return s.String()
	}
	fmt.Fprintf(&s, "- %s\n+ %s\n", d.Kernel, d.Emulator)
	return s.String()
}
