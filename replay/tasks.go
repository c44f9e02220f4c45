package replay

import (
	"sockpair/emu"
	"sockpair/strace"
)

// Recorded processes and threads, and the machine's tasks that play them.

// standard is how many descriptors a process has that no recorded one made.
const standard = 3

// task is the task of a recorded thread. One that no call has made yet is the
// child whose number is not known yet, or else a process of its own.
func (r *run) task(tid int) *task {
	if t := r.tasks[tid]; t != nil {
		return t
	}
	if n := len(r.unnamed); n > 0 {
		t := r.unnamed[0]
		r.unnamed = r.unnamed[1:]
		r.name(t, tid)
		return t
	}
	p, err := r.m.NewProcess()
	if err != nil {
		panic(err) // a machine that has made one process makes more
	}
	of := &process{pid: tid, fds: newTable(r.seen), tasks: make(map[int]*task), root: true, handlers: newHandlers(), decided: make(map[emu.Signal]bool)}
	t := &task{tid: tid, of: of, p: p}
	of.tasks[tid] = t
	r.tasks[tid] = t
	r.arm(p)
	for fd := range standard {
		r.adopt(t, fd, Foreign)
	}
	for _, fd := range r.plan.open {
		r.adopt(t, fd, Foreign)
	}
	return t
}

// name gives a new task its recorded number.
func (r *run) name(t *task, tid int) {
	if t.of.pid == 0 && len(t.of.tasks) == 0 {
		t.of.pid = tid
	}
	t.tid = tid
	t.of.tasks[tid] = t
	r.tasks[tid] = t
}

// arm prepares a process for abort.
func (r *run) arm(p Process) {
	none := func(emu.Signal) {}
	_ = p.Sigaction(abortSignal, &emu.SigAction{Disposition: emu.SIG_HANDLE, Handler: none}, nil)
	_ = p.Sigaction(restartSignal, &emu.SigAction{Disposition: emu.SIG_HANDLE, Handler: none, Flags: emu.SA_RESTART}, nil)
}

// adopt opens something at fd that is not under test.
func (r *run) adopt(t *task, fd int, why Reason) {
	if fd < 0 || t.of.ended || t.of.closed {
		return
	}
	if err := t.p.Foreign(fd, string(why)); err == nil {
		t.of.fds.set(fd, &description{reason: why})
	}
}

// forked makes the world's view of a new task. tid is its recorded number, 0
// when that is not known yet.
func (r *run) forked(parent *task, p Process, tid, flags int) {
	t := &task{p: p}
	switch {
	case flags&cloneThread != 0:
		t.of = parent.of
	case flags&cloneFiles != 0:
		t.sharing = true
		t.of = &process{fds: parent.of.fds, tasks: make(map[int]*task), decided: parent.of.decided, handlers: parent.of.handlers.copy(), unprivileged: parent.of.unprivileged}
		t.of.fds.users++
	default:
		t.of = &process{fds: parent.of.fds.clone(), tasks: make(map[int]*task), decided: make(map[emu.Signal]bool),
			root: parent.of.root, handlers: parent.of.handlers.copy(), unprivileged: parent.of.unprivileged}
		for s := range parent.of.decided {
			t.of.decided[s] = true
		}
		t.of.fds.keepOnly(p.Descriptors()) // FD_CLOFORK
	}
	if tid > 0 {
		if r.tasks[tid] == nil || r.tasks[tid].of.ended || r.tasks[tid].ended { // numbers are used again
			r.name(t, tid)
			return
		}
	}
	r.unnamed = append(r.unnamed, t)
}

// ended is the end of a recorded process.
func (r *run) endProcess(p *process) {
	if p.ended {
		return
	}
	p.ended = true
	for _, t := range p.tasks {
		t.ended = true
	}
	if !p.closed {
		p.fds.drop()
	}
}

// happened follows what the log tells between calls.
// In a strict run it reports what is not so on the machine.
func (r *run) happened(mo *moment, at int) (wrong string) {
	switch mo.line.Kind {
	case strace.LineSignal:
		if !r.signalled(r.task(mo.pid), mo.line.Signal.Name, at) {
			return "no handler has run"
		}
	case strace.LineExited:
		if t := r.tasks[mo.pid]; t != nil {
			r.exited(t, mo.line.Status)
		}
	case strace.LineKilled:
		if !r.killed(r.task(mo.pid), mo.line.Sig) {
			return "the process lives"
		}
	case strace.LineSuperseded:
		r.superseded(mo.pid, mo.line.PID)
	}
	return ""
}

// signalled is a signal that has come to a task. What it does to a call that
// sleeps shows in the call's result. Where somebody in the log has sent it,
// its handler runs now and not in the next call; where nobody has, the machine
// need not know of it, unless it is deadly: then a line that says so follows.
// It reports whether the machine's signals agree.
func (r *run) signalled(t *task, name string, at int) bool {
	sig, ok := emu.ParseSignal(name)
	if end, told := r.s.deathAfter(t.of.pid, at, sig); told && !r.opts.Strict && r.nextOf(t, at) == end {
		r.closeDown(t.of, at, end)
		return true
	}
	if !t.of.ended && !t.of.closed && !t.ended && !(t.now != nil && t.now.started && !r.d.isDone(t.now)) {
		_ = t.p.Sigprocmask(emu.SIG_BLOCK, nil, nil)
		r.d.settle()
	}
	return !ok || t.of.ended || t.of.handlers.told(sig)
}

// nextOf is the next moment of a task.
func (r *run) nextOf(t *task, at int) int {
	for i := at + 1; i < len(r.s.moments); i++ {
		if r.s.moments[i].pid == t.tid {
			return i
		}
	}
	return -1
}

// exited is the end of a task of whose exit the log may have shown the call.
func (r *run) exited(t *task, status int) {
	switch {
	case t.of.ended || t.ended:
		return
	case len(t.of.tasks) > 1:
		t.ended = true
		delete(t.of.tasks, t.tid)
		t.p.ExitThread()
	case t.sharing:
		t.ended = true
		t.p.ExitThread()
		r.endProcess(t.of)
	default:
		t.p.Exit(status)
		r.endProcess(t.of)
	}
	r.d.settle()
}

// killed is the end of a process by a signal. If the machine does not know of
// it yet, the signal came from outside. It reports whether the machine's has
// ended by itself.
func (r *run) killed(t *task, name string) (byItself bool) {
	if t.of.ended {
		return true
	}
	sig, ok := emu.ParseSignal(name)
	if !ok {
		sig = emu.SIGKILL
	}
	if t.sharing {
		r.exited(t, 0)
		return true
	}
	if t.p.Sigprocmask(emu.SIG_BLOCK, nil, nil) != nil {
		r.endProcess(t.of)
		return true
	}
	// Deadly it was, so the machine's process must not handle or block it.
	_ = t.p.Sigaction(sig, &emu.SigAction{Disposition: emu.SIG_DFL}, nil)
	set := emu.Sigs(sig)
	_ = t.p.Sigprocmask(emu.SIG_UNBLOCK, &set, nil)
	_ = r.sender.Kill(t.p.Getpid(), sig)
	r.d.settle()
	if t.p.Sigprocmask(emu.SIG_BLOCK, nil, nil) == nil { // by default it does not kill
		_ = r.sender.Kill(t.p.Getpid(), emu.SIGKILL)
		r.d.settle()
	}
	r.endProcess(t.of)
	return false
}

// superseded: a thread has called execve, and has the first thread's number now.
func (r *run) superseded(pid, thread int) {
	t := r.tasks[thread]
	if t == nil {
		return
	}
	delete(r.tasks, thread)
	delete(t.of.tasks, thread)
	for tid, other := range t.of.tasks {
		other.ended = true
		delete(t.of.tasks, tid)
	}
	t.tid = pid
	t.of.tasks[pid] = t
	r.tasks[pid] = t
}

// machinePid is the machine's number of a recorded process.
func (r *run) machinePid(recorded int) (int, bool) {
	t := r.tasks[recorded]
	if t == nil {
		return 0, false
	}
	return t.p.Getpid(), true
}

// recordedPid is the inverse; the machine's own number where there is none.
func (r *run) recordedPid(pid int) int {
	for tid, t := range r.tasks {
		if t.p.Gettid() == pid {
			return tid
		}
	}
	return pid
}

// move moves a descriptor to another number, with its flags.
func (r *run) move(t *task, from, to int) {
	d := t.of.fds.fds[from]
	if d == nil || to < 0 || from == to {
		return
	}
	flags, _ := t.p.Fcntl(from, emu.F_GETFD, 0)
	if _, err := t.p.Dup2(from, to); err != nil {
		return
	}
	_, _ = t.p.Fcntl(to, emu.F_SETFD, flags)
	t.of.fds.set(to, d)
	_ = t.p.Close(from)
	t.of.fds.remove(from)
	r.d.settle()
}

// movePair moves a new pair, or pipe, to the recorded numbers, which argument arg shows.
func (r *run) movePair(a *attempt, arg int) {
	want, ok := vector(a.arg(arg))
	got := a.vector
	if !ok || a.err != nil || !a.succeeded() || a.want == nil || want == got {
		return
	}
	if want[0] == got[1] { // make way
		high := max(want[0], want[1], got[0], got[1]) + 1
		r.move(a.t, got[1], high)
		got[1] = high
	}
	r.move(a.t, got[0], want[0])
	r.move(a.t, got[1], want[1])
}
