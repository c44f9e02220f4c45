package exhaust

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"sockpair/emu"
	"sockpair/fuzz/judge"
	"sockpair/fuzz/program"
	"sockpair/replay"
)

// candidate is a prefix and a call after it that have shown a difference once.
type candidate struct {
	sequence uint64 // the number of one that begins so
	digits   []int  // of the prefix
	call     int    // index of run.calls
	// What the two have shown of the call, in short, or what was wrong with the
	// emulator after it.
	kernel, emulator string
}

// compare notes the first difference of each sequence of the batch.
func (w *worker) compare() {
	k, m := &w.kernel.trace, &w.emulator.trace
	over := -1 // the sequence whose first difference was noted
	for i := range w.steps {
		s := &w.steps[i]
		a, b := k.shown[i], m.shown[i]
		if s.sequence == over || a.ret == b.ret && a.err == b.err && a.signals == b.signals && bytes.Equal(k.stored(i), m.stored(i)) {
			continue
		}
		over = s.sequence
		w.r.show(&candidate{w.sequences[s.sequence], w.first(s.sequence, s.depth), s.call, k.String(i), m.String(i)})
	}
	for _, c := range w.emulator.checks {
		digits := w.first(c.sequence, w.r.e.Depth)
		last := len(digits) - 1
		w.r.show(&candidate{sequence: w.sequences[c.sequence], digits: digits[:last], call: len(w.r.e.Setup) + digits[last],
			emulator: "  /* " + c.err.Error() + " */"})
	}
}

// first is the first calls of a sequence of the batch.
func (w *worker) first(sequence, depth int) []int {
	digits := make([]int, w.r.e.Depth)
	w.r.e.Sequence(w.sequences[sequence], digits)
	return digits[:depth]
}

// show notes a difference.
func (r *run) show(c *candidate) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.showing) < maxShown {
		r.showing[fmt.Sprint(c.digits, c.call)] = c
	} else {
		r.dropped++
	}
}

// longer are the pauses for the collector with which sequences are run again
// that have shown a difference.
var longer = []time.Duration{60 * time.Millisecond, 250 * time.Millisecond}

// again runs the sequences again whose difference time may explain, and keeps
// those that show one again.
func (r *run) again(pause time.Duration) {
	var late []uint64
	for key, c := range r.showing {
		if r.collects(c) {
			late = append(late, c.sequence)
			delete(r.showing, key)
		}
	}
	if r.err != nil || len(late) == 0 {
		return
	}
	slices.Sort(late)
	late = slices.Compact(late)
	before := len(late)
	r.waiting = make(chan uint64, before)
	for _, n := range late {
		r.waiting <- n
	}
	close(r.waiting)
	var slow sync.WaitGroup
	for range min(patients, before) {
		slow.Go(func() { r.fail(r.runPatient(pause, func(*worker) {})) })
	}
	slow.Wait()
	r.tally.Late += max(0, r.tally.Shown-r.tally.Late-len(r.showing))
}

// maxConfirmed is how many differences are made once more.
const maxConfirmed = 300

// resolve decides what the differences are that were noted.
func (r *run) resolve(found func(*Difference)) error {
	all := make([]*candidate, 0, len(r.showing))
	for _, c := range r.showing {
		all = append(all, c)
	}
	slices.SortFunc(all, func(c, d *candidate) int {
		return cmp.Or(len(c.digits)-len(d.digits), slices.Compare(c.digits, d.digits), c.call-d.call)
	})
	r.tally.Shown, r.tally.Unconfirmed = len(all)+r.tally.Late+r.dropped, r.dropped
	var confirmed []*candidate
	tried := 0
	for _, c := range all {
		switch {
		case slices.ContainsFunc(confirmed, c.contains):
			r.tally.Explained++
			continue
		case tried == maxConfirmed:
			r.tally.Unconfirmed++
			continue
		}
		tried++
		d, err := r.confirm(c)
		if err != nil {
			return err
		}
		if d == nil && r.collects(c) {
			r.tally.Late++
			continue
		}
		if d == nil {
			d = r.once(c)
		}
		confirmed = append(confirmed, c)
		if found != nil {
			found(d)
		}
	}
	return nil
}

// contains reports whether the calls of d are among those of c, in their order,
// and the last is the same.
func (c *candidate) contains(d *candidate) bool {
	i := 0
	for _, n := range c.digits {
		if i < len(d.digits) && d.digits[i] == n {
			i++
		}
	}
	return c.call == d.call && i == len(d.digits)
}

// patience is how long the collector gets where a difference is to be confirmed.
const patience = 500 * time.Millisecond

// confirm makes the calls once more, one by one, in a process of their own. nil:
// there is no difference now.
func (r *run) confirm(c *candidate) (*Difference, error) {
	p, collects := r.program(c), r.collects(c)
	e, err := replay.NewEmulator(r.config)
	if err != nil {
		return nil, err
	}
	both, err := begin(r.machine, e)
	if err != nil {
		return nil, err
	}
	defer both[0].Exit(0)
	d, moved := &Difference{}, p.At(r.place())
	for i, c := range p {
		d.Program = p[:i+1]
		d.Kernel, d.Emulator, d.Check = both[0].line(c, moved[i]), both[1].line(c, moved[i]), e.Check()
		if d.Kernel != d.Emulator {
			break
		}
		d.Lines = append(d.Lines, d.Kernel)
		if d.Check != nil {
			break
		}
		if collects && drops(c) {
			if err := r.collect(); err != nil {
				return nil, err
			}
		}
	}
	if d.Kernel == d.Emulator && d.Check == nil {
		d.Check = leftOver(both[1], e.System)
	}
	if d.Kernel == d.Emulator && d.Check == nil {
		return nil, nil
	}
	d.Log, err = r.log(d)
	return d, err
}

// log is a difference as judge.Log has it. SIGPIPE is ignored there: a handler
// is no call of a program, and the signal would end it.
func (r *run) log(d *Difference) (string, error) {
	j, err := judge.New(r.o.Rules)
	if err != nil {
		return "", err
	}
	defer j.Close()
	p := append(program.Program{{Name: "signal", Args: []int{int(emu.SIGPIPE), int(emu.SIG_IGN)}}}, d.Program...)
	return j.Log(&judge.Difference{Program: p, At: len(p) - 1, Check: d.Check})
}

// program is the calls of a candidate, with the Setup.
func (r *run) program(c *candidate) program.Program {
	p := slices.Clone(r.e.Setup)
	for _, d := range c.digits {
		p = append(p, r.e.Changing[d])
	}
	return append(p, r.calls[c.call])
}

// collects reports whether there may be garbage after the calls of a candidate.
func (r *run) collects(c *candidate) bool { return r.e.Collects(c.digits) <= len(c.digits) }

// once is a difference that has shown among other sequences, and not alone.
// Time cannot explain it.
func (r *run) once(c *candidate) *Difference {
	d := &Difference{Program: r.program(c)}
	last := len(d.Program) - 1
	for _, call := range d.Program[:last] {
		d.Lines = append(d.Lines, call.String())
	}
	d.Lines = append(d.Lines, "/* different in the midst of other sequences, and not alone: */")
	d.Kernel, d.Emulator = d.Program[last].String()+c.kernel, d.Program[last].String()+c.emulator
	return d
}

// collect makes the kernel look for sockets that are only in flight, and gives it time.
func (r *run) collect() error {
	p, err := r.machine.NewProcess()
	if err != nil {
		return err
	}
	if err := p.Socketpair(emu.AF_UNIX, emu.SOCK_STREAM, 0, new([2]int)); err != nil {
		return err
	}
	p.Exit(0)
	time.Sleep(patience)
	return nil
}

// subject is a process with the number of SIGPIPEs that it has handled.
type subject struct {
	replay.Process
	signals int
}

// begin starts a process on each machine, with /dev/null at 0, 1 and 2.
func begin(machines ...replay.Machine) (all []*subject, err error) {
	for _, m := range machines {
		s := &subject{}
		if s.Process, err = m.NewProcess(); err != nil {
			return nil, err
		}
		for fd := range endA {
			if err := s.Foreign(fd, "/dev/null"); err != nil {
				return nil, err
			}
		}
		act := emu.SigAction{Disposition: emu.SIG_HANDLE, Handler: func(emu.Signal) { s.signals++ }}
		if err := s.Sigaction(emu.SIGPIPE, &act, nil); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// line makes a call, whose names have been moved to a place, and returns it
// with its result.
func (s *subject) line(c, moved program.Call) string {
	before := s.signals
	line := c.Line(program.Run(s.Process, moved))
	if n := s.signals - before; n > 0 {
		line += fmt.Sprintf("  /* SIGPIPE %d */", n)
	}
	return line
}
