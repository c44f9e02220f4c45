package exhaust

import (
	"fmt"
	"time"
)

// worker is an agent and an emulator that run the same batches.
type worker struct {
	r         *run
	emulator  *emulator
	kernel    *kernel
	digits    []int
	steps     []step
	sequences []uint64
	waits     int
	tally     Tally
	done      func(*worker) // told when a batch has been compared
}

func (r *run) newWorker(patient int, pause time.Duration, done func(*worker)) (*worker, error) {
	w := &worker{r: r, digits: make([]int, r.e.Depth), done: done}
	var err error
	calls := r.calls.At(r.place()) // another agent's names would be in the way
	if w.emulator, err = newEmulator(r.config, calls); err != nil {
		return nil, err
	}
	w.kernel, err = newKernel(r.machine, calls, patient, pause)
	return w, err
}

// sequence adds the n-th sequence, whose calls are in digits, to the batch, and
// runs the batch when it is full.
func (w *worker) sequence(n uint64) error {
	e := w.r.e
	setup, changing := len(e.Setup), len(e.Changing)
	fresh, collects := e.Fresh(n), e.Collects(w.digits)
	s := step{sequence: len(w.sequences)}
	add := func(call int) {
		s.call = call
		w.steps = append(w.steps, s)
	}
	observe := func() {
		if s.depth >= fresh {
			for i := range e.Observing {
				add(setup + changing + i)
			}
		}
	}
	for i := range setup {
		add(i)
	}
	observe()
	for i, d := range w.digits {
		s.wait = i+1 >= collects && drops(e.Changing[d])
		if s.wait {
			w.waits++
		}
		add(setup + d)
		s.wait = false
		s.depth++
		observe()
	}
	w.steps[len(w.steps)-1].last = true
	w.sequences = append(w.sequences, n)
	w.tally.Covered += e.Covered(n)
	if longest := setup + (e.Depth+1)*(1+len(e.Observing)); !hasRoom(len(w.steps)+longest, len(w.sequences)+1) {
		return w.flush()
	}
	return nil
}

// flush runs the batch on both machines at once and compares.
func (w *worker) flush() error {
	if len(w.sequences) == 0 {
		return nil
	}
	kernel := make(chan error)
	go func() { kernel <- w.kernel.run(w.steps) }()
	w.emulator.run(w.steps)
	if err := <-kernel; err != nil {
		return fmt.Errorf("sequences %d to %d on the kernel: %w", w.sequences[0], w.sequences[len(w.sequences)-1], err)
	}
	w.compare()
	w.tally.Run += uint64(len(w.sequences))
	w.tally.Calls += uint64(len(w.steps))
	if w.kernel.patient > 0 {
		w.tally.Patient += uint64(len(w.sequences))
	}
	w.done(w)
	w.steps, w.sequences, w.waits, w.tally = w.steps[:0], w.sequences[:0], 0, Tally{}
	return nil
}

// count adds what a worker has compared to the tally.
func (r *run) count(w *worker) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tally.add(w.tally)
	if w.kernel.patient > 0 {
		for _, n := range w.sequences {
			r.finish(n)
		}
	}
}
