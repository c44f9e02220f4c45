package exhaust

import (
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sockpair/emu"
	"sockpair/fuzz/host"
	"sockpair/fuzz/program"
)

// Unlike says what of this host is not as on the one that was measured; "" for
// nothing.
func Unlike() string {
	_, why := host.TakeFingerprint().Matches(host.Measured())
	return why
}

const (
	chunk       = 2048                  // sequences that a job takes at a time
	patients    = 24                    // agents that run what may leave garbage
	maxPatient  = 64                    // how often each may wait in one batch
	pause       = 15 * time.Millisecond // for the kernel's collector
	reportEvery = 5 * time.Second
	maxShown    = 100000 // differences that are kept until the end
)

// run is a comparison in progress.
type run struct {
	e       *Enumeration
	o       Options
	config  emu.Config
	calls   program.Program // Setup, Changing, Observing
	machine *host.Machine
	waiting chan uint64 // sequences for the patient agents

	places atomic.Uint32 // that were given out

	mu      sync.Mutex // guards the rest
	next    uint64     // no job has taken it yet
	end     uint64
	busy    map[uint64]int // how many chunks and sequences begin here that are not done
	tally   Tally
	showing map[string]*candidate
	dropped int // differences that showing had no room for
	err     error
}

// Compare runs sequences on the emulator and on the kernel of the host. found
// is told of each difference that is confirmed and contains no shorter one, the
// shortest first.
//
// The error says that the options are wrong, or that a machine could not be used.
func (e *Enumeration) Compare(o Options, found func(*Difference)) (Tally, error) {
	if err := o.complete(e); err != nil {
		return Tally{}, err
	}
	m, err := host.New()
	if err != nil {
		return Tally{}, err
	}
	defer m.Close()
	r := &run{e: e, o: o, machine: m, waiting: make(chan uint64, chunk), next: o.From, end: o.From + o.Limit,
		busy: make(map[uint64]int), showing: make(map[string]*candidate),
		config: emu.Config{Personality: o.Rules, UID: os.Geteuid(), GID: os.Getegid()}}
	limits, err := m.Limits()
	if err != nil {
		return Tally{}, err
	}
	// Of a user without privileges no more descriptors may be in flight, and the
	// kernel's collector is late.
	r.config.SoftFiles, r.config.HardFiles = int(limits.Max), int(limits.Max)
	r.calls = slices.Concat(e.Setup, program.Program(e.Changing), e.Observing)
	r.all()
	r.tally.Shown = len(r.showing)
	for _, pause := range longer {
		r.again(pause)
	}
	if r.err == nil {
		r.err = r.resolve(found)
	}
	return r.tally, r.err
}

// place is a place of its own for abstract names (program.Place).
func (r *run) place() string {
	n := strconv.FormatUint(uint64(os.Getpid())<<13+uint64(r.places.Add(1)), 36)
	return "X" + strings.Repeat("0", max(0, len(program.Place)-1-len(n))) + n
}

// all runs every sequence, and returns when it is done, or one worker failed.
func (r *run) all() {
	stop := make(chan bool)
	var jobs, slow, told sync.WaitGroup
	told.Go(func() { r.report(stop) })
	for range patients {
		slow.Go(func() { r.fail(r.runPatient(pause, r.count)) })
	}
	for range r.o.Jobs {
		jobs.Go(func() { r.fail(r.runJob()) })
	}
	jobs.Wait()
	close(r.waiting)
	slow.Wait()
	close(stop)
	told.Wait()
	r.tally.Next = r.end
}

// report tells how far the run is.
func (r *run) report(stop chan bool) {
	ticker := time.NewTicker(reportEvery)
	defer ticker.Stop()
	for r.o.Progress != nil {
		select {
		case <-stop:
			return
		case <-ticker.C:
			r.mu.Lock()
			t := r.tally
			t.Next, t.Open = r.next, len(r.showing)
			for first := range maps.Keys(r.busy) {
				t.Next = min(t.Next, first)
			}
			r.mu.Unlock()
			r.o.Progress(t)
		}
	}
}

// fail notes the first error; the others then take no more work.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && r.err == nil {
		r.err = err
		r.end = r.next
	}
}

// take takes the next chunk for a job, after the one that is done.
func (r *run) take() (first, end uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first = r.next
	r.next = min(r.end, first+chunk)
	if first < r.next {
		r.busy[first]++
	}
	return first, r.next
}

// finish notes that a chunk or a sequence is done. mu is held.
func (r *run) finish(first uint64) {
	if r.busy[first]--; r.busy[first] == 0 {
		delete(r.busy, first)
	}
}

// runJob runs chunks until there are none left.
func (r *run) runJob() error {
	w, err := r.newWorker(0, 0, r.count)
	if err != nil {
		return err
	}
	defer w.kernel.process.Exit(0)
	for first, end := r.take(); first < end; first, end = r.take() {
		for n := first; n < end; n++ {
			r.e.Sequence(n, w.digits)
			if r.e.Collects(w.digits) <= r.e.Depth {
				r.hand(n)
			} else if err := w.sequence(n); err != nil {
				return err
			}
		}
		if err := w.flush(); err != nil {
			return err
		}
		r.mu.Lock()
		r.finish(first)
		r.mu.Unlock()
	}
	return nil
}

// hand hands a sequence to the patient agents.
func (r *run) hand(n uint64) {
	r.mu.Lock()
	r.busy[n]++
	r.mu.Unlock()
	r.waiting <- n
}

// runPatient runs the sequences that wait, with a pause for the collector. done
// is told when a batch has been compared.
func (r *run) runPatient(pause time.Duration, done func(*worker)) (err error) {
	defer func() {
		for range r.waiting { // the jobs must not wait for one that failed
		}
	}()
	var w *worker
	for n := range r.waiting {
		if w == nil {
			if w, err = r.newWorker(maxPatient, pause, done); err != nil {
				return err
			}
			defer w.kernel.process.Exit(0)
		}
		r.e.Sequence(n, w.digits)
		if err := w.sequence(n); err != nil {
			return err
		}
		if len(r.waiting) > 0 && w.waits+r.e.Depth <= maxPatient {
			continue
		}
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w == nil {
		return nil
	}
	return w.flush()
}
