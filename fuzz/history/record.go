package history

import (
	"fmt"
	"math/rand"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"sockpair/emu"
	"sockpair/fuzz/model"
)

// Record is one call as it happened. Moments are numbers that grow; every
// beginning, return and look at the sleepers has its own.
type Record struct {
	Call
	Got        Result
	Task       int // the caller; the last is the one that wakes the others
	Begin, End int64
	Naps       []int64 // moments at which it was asleep, with all others asleep or over
	Signalled  bool    // a signal was sent to it while it slept
}

// History is what a program did.
type History struct {
	Type    model.Type
	Subject Subject
	Records []*Record
	Peeks   bool // a peek that blocks was among the calls
}

// Maker makes the call of a task. Call.On of the task's process is one.
type Maker func(task int, p *emu.Process, c Call) Result

// recorder is a history that is being made.
type recorder struct {
	by    Maker
	clock atomic.Int64
	sys   *emu.System
	main  *emu.Process
	mu    sync.Mutex
	all   []*Record
	tasks []*emu.Process
	now   []atomic.Pointer[Record] // the call that each task is in
	over  atomic.Int32             // tasks that have finished
}

// Run runs the program and records it. quiet must return when no goroutine
// that Run has started can go on by itself: synctest.Wait in a bubble. When
// tasks sleep then, Run feeds, drains, shuts or closes, and in the end
// interrupts them, so that every program ends.
func Run(p Program, r *rand.Rand, by Maker, quiet func()) (*History, error) {
	rec := &recorder{by: by}
	if err := rec.boot(p); err != nil {
		return nil, err
	}
	start := new(sync.WaitGroup)
	start.Add(1)
	for i, calls := range p.Tasks {
		yields := r.Int63()
		go rec.task(i, calls, rand.New(rand.NewSource(yields)), start)
	}
	start.Done()
	rec.wakeAll(p, r, quiet)
	h := &History{Type: p.Type, Subject: p.Subject, Records: rec.all}
	for _, c := range rec.all {
		h.Peeks = h.Peeks || c.blocks() && c.Flags&emu.MSG_PEEK != 0
	}
	slices.SortFunc(h.Records, func(a, b *Record) int { return int(a.Begin - b.Begin) })
	return h, rec.end()
}

// boot makes the machine: 0 and 2 are one end, 1 and 3 the other.
func (rec *recorder) boot(p Program) (err error) {
	if rec.sys, err = emu.New(emu.Config{}); err != nil {
		return err
	}
	rec.main = rec.sys.NewProcess()
	if _, _, err = rec.main.Pair(int(p.Type)); err != nil {
		return err
	}
	for fd := range 2 {
		if err = rec.main.SetsockoptInt(fd, emu.SOL_SOCKET, emu.SO_SNDBUF, SndBuf/2); err != nil {
			return err
		}
		if _, err = rec.main.Dup(fd); err != nil {
			return err
		}
	}
	handler := &emu.SigAction{Disposition: emu.SIG_HANDLE, Handler: func(emu.Signal) {}}
	if err = rec.main.Sigaction(emu.SIGUSR1, handler, nil); err != nil {
		return err
	}
	for range p.Tasks {
		rec.tasks = append(rec.tasks, rec.main.Thread())
	}
	rec.now = make([]atomic.Pointer[Record], len(p.Tasks))
	return nil
}

func (rec *recorder) task(i int, calls []Call, r *rand.Rand, start *sync.WaitGroup) {
	defer rec.over.Add(1)
	start.Wait()
	for _, c := range calls {
		if r.Intn(3) == 0 {
			runtime.Gosched()
		}
		rec.call(i, rec.tasks[i], c)
	}
}

// call makes a call and records it.
func (rec *recorder) call(task int, p *emu.Process, c Call) {
	record := &Record{Call: c, Task: task}
	if task < len(rec.now) {
		rec.now[task].Store(record)
		defer rec.now[task].Store(nil)
	}
	record.Begin = rec.clock.Add(1)
	record.Got = rec.by(task, p, c)
	record.End = rec.clock.Add(1)
	rec.mu.Lock()
	rec.all = append(rec.all, record)
	rec.mu.Unlock()
}

// feeds is how many times the sleepers are given what they may wait for before
// they are interrupted.
const feeds = 3

// wakeAll returns when all tasks are over.
func (rec *recorder) wakeAll(p Program, r *rand.Rand, quiet func()) {
	for round := 1; ; round++ {
		quiet()
		if int(rec.over.Load()) == len(rec.tasks) {
			return
		}
		moment := rec.clock.Add(1)
		var sleepers []*Record
		for i := range rec.now {
			if s := rec.now[i].Load(); s != nil {
				s.Naps = append(s.Naps, moment)
				sleepers = append(sleepers, s)
			}
		}
		if round%(feeds+1) != 0 {
			c := p.call(r, 200+round%50)
			c.Flags |= emu.MSG_DONTWAIT
			rec.call(len(rec.tasks), rec.main, c)
			continue
		}
		rec.interrupt(sleepers[0])
	}
}

// interrupt sends a signal to one sleeper. One at a time: a second might be
// awake when its signal comes.
func (rec *recorder) interrupt(s *Record) {
	s.Signalled = true
	err := rec.main.Tgkill(rec.main.Getpid(), rec.tasks[s.Task].Gettid(), emu.SIGUSR1)
	if err != nil {
		panic(fmt.Sprintf("history: tgkill of a task that is there until its process ends: %v", err))
	}
}

// end closes what is open and asks the machine whether anything is wrong or left.
func (rec *recorder) end() error {
	if err := rec.sys.Check(); err != nil {
		return err
	}
	rec.main.Exit(0)
	if n := rec.sys.Files(); n != 0 {
		return fmt.Errorf("%d descriptions are left", n)
	}
	return rec.sys.Check()
}
