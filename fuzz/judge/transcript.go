package judge

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"sockpair/emu"
	"sockpair/fuzz/program"
	"sockpair/replay"
)

// Write the difference as a log: the calls until then with the kernel's
// results, and below the last what the emulator has answered, as comments:
//
//	1234  read(4, "a", 10) = 1
//	# + 1234  read(4, 0x7ffe00000000, 10) = -1 EAGAIN (Resource temporarily unavailable)
//
// `sockpair run` compares the emulator with it, `sockpair diff` both machines.

// Log runs the program once more on both machines and returns its log.
//
// The error says that a machine could not be used.
func (j *Judge) Log(d *Difference) (string, error) {
	want, err := play(j.kernel, d)
	if err != nil {
		return "", err
	}
	got, err := play(j.emulator, d)
	if err != nil {
		return "", err
	}
	var s strings.Builder
	s.WriteString(j.directive())
	for i, lines := range want {
		s.WriteString(lines)
		if i < len(got) && got[i] != "" && (i == d.At || i == len(want)-1) && d.Check == nil {
			for line := range strings.Lines(got[i]) {
				s.WriteString("# + " + line)
			}
		}
	}
	switch {
	case d.Check != nil:
		fmt.Fprintf(&s, "# + System.Check() = %s\n", strings.ReplaceAll(d.Check.Error(), "\n", "\n# "))
	case d.At >= len(d.Program) || strings.TrimSpace(strings.Join(want, "")) == "":
		fmt.Fprintf(&s, "# - %s: %s\n# + %s: %s\n", d.Kind, d.Kernel, d.Kind, d.Emulator)
	}
	return s.String(), nil
}

// directive is what a machine must be told to be like the judge's emulator.
func (j *Judge) directive() string {
	var s strings.Builder
	if j.config.HardFiles != standardHard {
		fmt.Fprintf(&s, " HardFiles=%d", j.config.HardFiles)
	}
	if j.config.SoftFiles != standardSoft {
		fmt.Fprintf(&s, " SoftFiles=%d", j.config.SoftFiles)
	}
	if j.config.UID != 0 {
		fmt.Fprintf(&s, " UID=%d GID=%d", j.config.UID, j.config.GID)
	}
	if s.Len() == 0 {
		return ""
	}
	return "# machine:" + s.String() + "\n"
}

// RLIMIT_NOFILE of an emulated machine to which nothing else is said.
const (
	standardSoft = 1024
	standardHard = 1 << 20
)

// play runs the program on a machine and returns what each call has printed:
// the lines of the call, and of those that returned because of it.
func play(m replay.Machine, d *Difference) ([]string, error) {
	t := &tape{}
	t.printer = replay.NewPrinter(&t.text)
	r := replay.Record(m, t.observe)
	if d.Family {
		return playFamily(r, t, d)
	}
	processes, err := begin(r)
	if err != nil {
		return nil, err
	}
	p := processes[0]
	leave, err := enterOwn(d, p)
	if err != nil {
		return nil, err
	}
	defer leave()
	var all []string
	for _, c := range d.until() {
		ended := false
		if !c.AsksForeign(p) {
			ended = program.Run(p, c).Ended
		}
		if all = append(all, t.cut()); ended {
			break
		}
	}
	p.Exit(0)
	return all, t.printer.Err()
}

// enterOwn puts a process, whose calls are recorded, into an empty directory
// without a trace, if its program has names. leave removes that.
func enterOwn(d *Difference, p replay.Process) (leave func(), err error) {
	if !d.Program.Network() {
		return func() {}, nil
	}
	dir, err := os.MkdirTemp("", "sockpair-")
	if err != nil {
		return nil, err
	}
	leave = func() { os.RemoveAll(dir) }
	if err := (place{dir: onMachine(filepath.Join(dir, "d"))}).enter(p.(*replay.Recorded).Bare()); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

func playFamily(r *replay.Recorder, t *tape, d *Difference) ([]string, error) {
	w, err := program.NewWorld(r)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	leave, err := enterOwn(d, w.First())
	if err != nil {
		return nil, err
	}
	defer leave()
	var all []string
	for i, c := range d.until() {
		if w.Ready(c) {
			w.Step(i, c)
		}
		all = append(all, t.cut())
	}
	return all, t.printer.Err()
}

// tape is what is printed between two cuts. Calls of several tasks return in
// any order; they are printed in the order in which they began.
type tape struct {
	mu      sync.Mutex
	text    bytes.Buffer
	printer *replay.Printer
	begun   map[int]int // by task, which call of all its last one is
	calls   int
	late    []emu.Event // what is not printed yet
}

func (t *tape) observe(ev emu.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun == nil {
		t.begun = make(map[int]int)
	}
	if ev.Kind == emu.EventEnter || ev.Kind == emu.EventExited {
		t.calls++
		t.begun[ev.Tid] = t.calls
		t.printer.Observe(ev)
		return
	}
	t.late = append(t.late, ev)
}

// cut ends a step and returns what it has printed.
func (t *tape) cut() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	slices.SortStableFunc(t.late, func(a, b emu.Event) int { return t.begun[a.Tid] - t.begun[b.Tid] })
	for _, ev := range t.late {
		t.printer.Observe(ev)
	}
	t.late = nil
	t.printer.Flush()
	s := t.text.String()
	t.text.Reset()
	return s
}
