package replay

import (
	"errors"
	"sync"

	"sockpair/emu"
	"sockpair/errno"
)

// Recorder is a machine that tells an observer what is done on it, by the
// events by which an emulated machine tells its Config.Observer: with a Printer
// whatever a machine does is a log. Signals that are handled it does not tell.
type Recorder struct {
	Machine
	mu      sync.Mutex // held while the observer is told
	observe func(emu.Event)
	over    map[int]bool // processes whose end was told; guarded by mu
}

// Record makes a Recorder of m. observe is told of one event at a time, in the
// goroutine of the call, and must not use the machine.
func Record(m Machine, observe func(emu.Event)) *Recorder {
	return &Recorder{Machine: m, observe: observe, over: make(map[int]bool)}
}

func (r *Recorder) tell(ev emu.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.observe(ev)
}

// NewProcess implements Machine.
func (r *Recorder) NewProcess() (Process, error) {
	p, err := r.Machine.NewProcess()
	if err != nil {
		return nil, err
	}
	return &Recorded{r, p}, nil
}

// Starting and TimeOut implement Machine.
func (r *Recorder) Starting(p Process) { r.Machine.Starting(p.(*Recorded).p) }

// TimeOut implements Machine.
func (r *Recorder) TimeOut(p Process) bool { return r.Machine.TimeOut(p.(*Recorded).p) }

// Quiet waits until nothing moves on a machine that has to be asked.
func (r *Recorder) Quiet() {
	if m, ok := r.Machine.(interface{ Quiet() }); ok {
		m.Quiet()
	}
}

// Recorded is a Process of a Recorder.
type Recorded struct {
	r *Recorder
	p Process
}

// Bare is the process itself, whose calls nobody is told of.
func (p *Recorded) Bare() Process { return p.p }

// event is an event of the process.
func (p *Recorded) event(kind emu.EventKind, call string) emu.Event {
	return emu.Event{Kind: kind, Pid: p.p.Getpid(), Tid: p.p.Gettid(), Call: call}
}

// count makes a call between its two events.
func (p *Recorded) count(name string, call func() (int, error), args ...any) (int, error) {
	ev := p.event(emu.EventEnter, name)
	ev.Args = args
	p.r.tell(ev)
	n, err := call()
	ev.Kind, ev.Ret = emu.EventExit, n
	var ended *emu.Ended
	switch {
	case err == nil:
	case errors.As(err, &ev.Err):
		ev.Ret = -1
	case errors.As(err, &ended) && ended.Signal != 0:
		p.killed(ended)
		return n, err
	default:
		ev.Unknown = true
	}
	p.r.tell(ev)
	return n, err
}

// status is count for a call without a value.
func (p *Recorded) status(name string, call func() error, args ...any) error {
	_, err := p.count(name, func() (int, error) { return 0, call() }, args...)
	return err
}

// killed tells once that a signal has ended the process.
func (p *Recorded) killed(how *emu.Ended) {
	p.r.mu.Lock()
	defer p.r.mu.Unlock()
	if pid := p.p.Getpid(); !p.r.over[pid] {
		p.r.over[pid] = true
		ev := p.event(emu.EventKilled, "")
		ev.Signal = how.Signal
		p.r.observe(ev)
	}
}

// Fork implements Process.
func (p *Recorded) Fork() (Process, error) {
	child, err := p.p.Fork()
	if err != nil {
		return nil, err
	}
	ev := p.event(emu.EventFork, "fork")
	ev.Ret = child.Getpid()
	p.r.mu.Lock()
	delete(p.r.over, ev.Ret)
	p.r.observe(ev)
	p.r.mu.Unlock()
	return &Recorded{p.r, child}, nil
}

// Thread implements Process.
func (p *Recorded) Thread() Process {
	other := p.p.Thread()
	ev := p.event(emu.EventFork, "clone")
	ev.Ret = other.Gettid()
	p.r.tell(ev)
	return &Recorded{p.r, other}
}

// Exit implements Process.
func (p *Recorded) Exit(code int) {
	ev := p.event(emu.EventExited, "")
	ev.Tid, ev.Ret = ev.Pid, code
	p.r.mu.Lock()
	if !p.r.over[ev.Pid] {
		p.r.over[ev.Pid] = true
		p.r.observe(ev)
	}
	p.r.mu.Unlock()
	p.p.Exit(code)
}

// ExitThread implements Process.
func (p *Recorded) ExitThread() {
	ev := p.event(emu.EventEnter, "exit")
	ev.Args = []any{0}
	p.r.tell(ev)
	p.p.ExitThread()
	ev.Kind, ev.Unknown = emu.EventExit, true
	p.r.tell(ev)
}

// Getpid, Gettid, Foreign and Descriptors are no calls of the log.
func (p *Recorded) Getpid() int { return p.p.Getpid() }

// Gettid implements Process.
func (p *Recorded) Gettid() int { return p.p.Gettid() }

// Foreign implements Process.
func (p *Recorded) Foreign(fd int, name string) error { return p.p.Foreign(fd, name) }

// Descriptors implements Process.
func (p *Recorded) Descriptors() []int { return p.p.Descriptors() }

// IsForeign reports whether fd is open and was made by Foreign.
func (p *Recorded) IsForeign(fd int) bool {
	f, ok := p.p.(interface{ IsForeign(int) bool })
	return ok && f.IsForeign(fd)
}

// Deliver lets handlers run on a machine that has to be asked.
func (p *Recorded) Deliver() {
	if d, ok := p.p.(interface{ Deliver() }); ok {
		d.Deliver()
	}
}

// errMissing is what a machine answers that has not the call.
const errMissing = errno.ENOSYS

// Setuid is setuid; ENOSYS on a machine without it.
func (p *Recorded) Setuid(uid int) error {
	return p.status("setuid", func() error {
		if q, ok := p.p.(interface{ Setuid(int) error }); ok {
			return q.Setuid(uid)
		}
		return errMissing
	}, uid)
}
