package exhaust

import (
	"fmt"
	"math"
	"runtime"
	"strings"

	"sockpair/emu"
	"sockpair/fuzz/program"
)

// Options say what is run, and how. The zero value, with an Enumeration, is all
// of it.
type Options struct {
	Rules       *emu.Personality // of the emulator; nil means Linux
	Jobs        int              // agents that are busy at a time; 0 means one for each processor
	From, Limit uint64           // the first sequence, and how many; Limit 0 means the rest
	Progress    func(Tally)      // told now and then; nil is nobody
}

func (o *Options) complete(e *Enumeration) error {
	if o.Jobs == 0 {
		o.Jobs = runtime.NumCPU()
	}
	if o.Limit == 0 {
		o.Limit = math.MaxUint64
	}
	switch {
	case o.Jobs < 0 || o.Jobs > maxJobs:
		return fmt.Errorf("%d jobs: expected 1 to %d", o.Jobs, maxJobs)
	case o.From >= e.Run():
		return fmt.Errorf("from sequence %d: expected less than %d, which is how many there are", o.From, e.Run())
	}
	o.Limit = min(o.Limit, e.Run()-o.From)
	return nil
}

// maxJobs leaves mailboxes of the host for the agents that wait.
const maxJobs = 16

// Tally counts what a run has compared.
type Tally struct {
	Next        uint64 // the first sequence that is not known to be done: where another run may begin
	Run         uint64 // sequences that were run
	Covered     uint64 // sequences that the rule for observing calls covers
	Patient     uint64 // of those that were run: with time for the kernel's collector
	Calls       uint64 // calls that were made on each side
	Shown       int    // prefixes and calls that showed a difference at first
	Explained   int    // of those: that contain a difference that is reported
	Late        int    // of those: gone when the kernel had time
	Unconfirmed int    // of those: there were too many to look at
	Open        int    // while the run goes on: shown, and not looked at yet
}

// Different is how many differences are confirmed or contain one that is.
func (t *Tally) Different() int { return t.Shown - t.Late }

func (t *Tally) add(u Tally) {
	t.Run += u.Run
	t.Covered += u.Covered
	t.Patient += u.Patient
	t.Calls += u.Calls
}

func (t Tally) String() string {
	s := fmt.Sprintf("sequences compared %d (run %d, by the rule for observing calls %d)  calls %d  differences %d",
		t.Run+t.Covered, t.Run, t.Covered, t.Calls, t.Different())
	for _, more := range []struct {
		n    int
		what string
	}{{t.Open, "shown and not looked at yet"}, {t.Explained, "explained by a shorter one"}, {t.Unconfirmed, "not confirmed, too many"}, {t.Late, "gone when the kernel had time"}} {
		if more.n > 0 {
			s += fmt.Sprintf("  %s %d", more.what, more.n)
		}
	}
	return s
}

// Difference is a sequence whose last call shows one thing on the kernel and
// another on the emulator.
type Difference struct {
	Program program.Program // with the Setup
	Lines   []string        // the calls with what the kernel has shown, all but the last
	// Kernel and Emulator are the last with what each has shown.
	Kernel, Emulator string
	Check            error // of the emulator, where that is the difference
	// Log is the whole, with every byte, as a log that sockpair run takes
	// (judge.Log); "" where the difference does not show alone.
	Log string
}

// String is the calls, the last with "-" as on the kernel, with "+" as on the emulator.
func (d *Difference) String() string {
	s := strings.Join(d.Lines, "\n") + "\n"
	if d.Kernel != d.Emulator {
		s += "- " + d.Kernel + "\n+ " + d.Emulator + "\n"
	}
	if d.Check != nil {
		s += "System.Check() = " + d.Check.Error() + "\n"
	}
	return s
}
