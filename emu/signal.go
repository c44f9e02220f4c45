package emu

import (
	"slices"
	"strconv"

	"sockpair/errno"
)

// Signal is a signal number of Linux x86-64.
type Signal int

// The signals.
const (
	SIGHUP    Signal = 1
	SIGINT    Signal = 2
	SIGQUIT   Signal = 3
	SIGILL    Signal = 4
	SIGTRAP   Signal = 5
	SIGABRT   Signal = 6
	SIGBUS    Signal = 7
	SIGFPE    Signal = 8
	SIGKILL   Signal = 9
	SIGUSR1   Signal = 10
	SIGSEGV   Signal = 11
	SIGUSR2   Signal = 12
	SIGPIPE   Signal = 13
	SIGALRM   Signal = 14
	SIGTERM   Signal = 15
	SIGSTKFLT Signal = 16
	SIGCHLD   Signal = 17
	SIGCONT   Signal = 18
	SIGSTOP   Signal = 19
	SIGTSTP   Signal = 20
	SIGTTIN   Signal = 21
	SIGTTOU   Signal = 22
	SIGURG    Signal = 23
	SIGXCPU   Signal = 24
	SIGXFSZ   Signal = 25
	SIGVTALRM Signal = 26
	SIGPROF   Signal = 27
	SIGWINCH  Signal = 28
	SIGIO     Signal = 29
	SIGPWR    Signal = 30
	SIGSYS    Signal = 31
	SIGRTMIN  Signal = 32
	maxSignal        = 64
)

var signalNames = [...]string{1: "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
	"SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT",
	"SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH",
	"SIGIO", "SIGPWR", "SIGSYS"}

// String returns the name as strace writes it: SIGPIPE, SIGRTMIN, SIGRT_1.
func (s Signal) String() string {
	switch {
	case s >= 1 && int(s) < len(signalNames):
		return signalNames[s]
	case s == SIGRTMIN:
		return "SIGRTMIN"
	case s > SIGRTMIN && s <= maxSignal:
		return "SIGRT_" + strconv.Itoa(int(s-SIGRTMIN))
	}
	return "signal " + strconv.Itoa(int(s))
}

// ParseSignal is the inverse of String for the signals that exist.
func ParseSignal(name string) (Signal, bool) {
	for s := Signal(1); s <= maxSignal; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// Sigset is a set of signals; bit s-1 stands for signal s.
type Sigset uint64

// Sigs makes a set of the signals given.
func Sigs(signals ...Signal) Sigset {
	var set Sigset
	for _, s := range signals {
		set |= 1 << (s - 1)
	}
	return set
}

// Has reports whether the set holds s.
func (set Sigset) Has(s Signal) bool { return set>>(s-1)&1 != 0 }

// unblockable signals are never masked, handled or ignored.
const unblockable = Sigset(1<<(SIGKILL-1) | 1<<(SIGSTOP-1))

// Disposition is what a process does with a signal.
type Disposition uint8

// The dispositions.
const (
	SIG_DFL    Disposition = iota // the default: ignore, or end the process
	SIG_IGN                       // ignore
	SIG_HANDLE                    // call SigAction.Handler
)

// Flags of SigAction.
const (
	SA_NOCLDSTOP = 1
	SA_NOCLDWAIT = 2
	SA_RESTART   = 0x10000000
	SA_NODEFER   = 0x40000000
	SA_RESETHAND = 0x80000000

	// saKnown are the flags that Linux keeps.
	saKnown = 0xdc000807
)

// SigAction is how a process deals with a signal. The handler runs in the
// goroutine of the call that the signal interrupts, or of the next call to
// return; it may make system calls.
type SigAction struct {
	Disposition Disposition
	Handler     func(Signal)
	Flags       uint
	Mask        Sigset // blocked while the handler runs, with the signal itself unless SA_NODEFER
}

// byDefaultIgnored are the signals whose default is to do nothing. The
// stopping signals are among them: the machine has no job control
// (docs/divergences.md).
func byDefaultIgnored(s Signal) bool {
	switch s {
	case SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU:
		return true
	}
	return false
}

// Sigaction examines and changes the disposition of a signal; act and old may be nil.
//
// EINVAL: sig is no signal, or is SIGKILL or SIGSTOP and act is not nil.
//
// Source: POSIX sigaction(); Linux kernel/signal.c do_sigaction.
func (p *Process) Sigaction(sig Signal, act, old *SigAction) error {
	return p.observe1("rt_sigaction", func() []any { return []any{sig, act, old} },
		func() errno.Errno { return p.sigaction(sig, act, old) })
}

func (p *Process) sigaction(sig Signal, act, old *SigAction) errno.Errno {
	switch {
	case sig < 1 || sig > maxSignal || act != nil && unblockable.Has(sig):
		return errno.EINVAL
	case act != nil && act.Disposition == SIG_HANDLE && act.Handler == nil:
		return errno.EFAULT
	}
	q := p.proc
	q.mu.Lock()
	defer q.mu.Unlock()
	before := q.actions[sig]
	if act != nil {
		kept := *act
		kept.Mask &^= unblockable
		kept.Flags &= saKnown
		q.actions[sig] = kept
		if q.ignores(sig) { // what is pending and now ignored is forgotten
			q.forget(sig)
		}
	}
	if old != nil {
		*old = before
	}
	return 0
}

func (q *proc) forget(sig Signal) {
	drop := func(s Signal) bool { return s == sig }
	q.pending = slices.DeleteFunc(q.pending, drop)
	for _, t := range q.tasks {
		t.pending = slices.DeleteFunc(t.pending, drop)
	}
}

// Signal sets the disposition of a signal to SIG_DFL or SIG_IGN, or with a
// function to a handler that restarts calls, as C's signal() does.
func (p *Process) Signal(sig Signal, to any) error {
	switch to := to.(type) {
	case Disposition:
		return p.Sigaction(sig, &SigAction{Disposition: to}, nil)
	case func(Signal):
		return p.Sigaction(sig, &SigAction{Disposition: SIG_HANDLE, Handler: to, Flags: SA_RESTART}, nil)
	}
	return p.ret1(errno.EINVAL)
}

// How of Sigprocmask.
const (
	SIG_BLOCK   = 0
	SIG_UNBLOCK = 1
	SIG_SETMASK = 2
)

// Sigprocmask examines and changes the signal mask of the handle's task; set
// and old may be nil.
//
// EINVAL: how is none of the three (looked at only when set is not nil).
func (p *Process) Sigprocmask(how int, set, old *Sigset) error {
	return p.observe1("rt_sigprocmask", func() []any { return []any{MaskHow(how), set, old} },
		func() errno.Errno { return p.sigprocmask(how, set, old) })
}

func (p *Process) sigprocmask(how int, set, old *Sigset) errno.Errno {
	q := p.proc
	q.mu.Lock()
	defer q.mu.Unlock()
	before := p.task.mask
	if set != nil {
		switch how {
		case SIG_BLOCK:
			p.task.mask |= *set
		case SIG_UNBLOCK:
			p.task.mask &^= *set
		case SIG_SETMASK:
			p.task.mask = *set
		default:
			return errno.EINVAL
		}
		p.task.mask &^= unblockable
	}
	if old != nil {
		*old = before
	}
	return 0
}

// Kill sends a signal to process pid, to the caller's group (0), to all other
// processes (-1), or to group -pid. Signal 0 tests only.
//
// ESRCH: there is no such process. EINVAL: sig is no signal. EPERM: there are
// processes, but none that the caller may signal. A zombie is one.
//
// Source: POSIX kill(); Linux kernel/signal.c kill_something_info.
func (p *Process) Kill(pid int, sig Signal) error {
	return p.observe1("kill", func() []any { return []any{Pid(pid), sig} }, func() errno.Errno { return p.kill(pid, sig) })
}

func (p *Process) kill(pid int, sig Signal) errno.Errno {
	targets := p.sys.matching(func(q *proc) bool {
		switch {
		case pid > 0:
			return q.pid == pid
		case pid == 0:
			return q.group == p.proc.group
		case pid == -1:
			return q != p.proc
		}
		return q.group == -pid
	})
	if len(targets) > 0 && (sig < 0 || sig > maxSignal) {
		return errno.EINVAL
	}
	err := errno.ESRCH
	me := p.Cred()
	for _, q := range targets {
		if !mayKill(me, q) {
			if err == errno.ESRCH {
				err = errno.EPERM
			}
			continue
		}
		err = 0
		if sig != 0 {
			q.signal(sig, nil)
		}
	}
	return err
}

// Tgkill sends a signal to task tid of process pid.
//
// EINVAL: an id is not positive. ESRCH: no such task; the first task of a
// process is there until the process is waited for. EINVAL: sig is no signal.
// EPERM: the caller may not signal it.
func (p *Process) Tgkill(pid, tid int, sig Signal) error {
	return p.observe1("tgkill", func() []any { return []any{Pid(pid), Pid(tid), sig} },
		func() errno.Errno { return p.tgkill(pid, tid, sig) })
}

func (p *Process) tgkill(pid, tid int, sig Signal) errno.Errno {
	if pid <= 0 || tid <= 0 {
		return errno.EINVAL
	}
	found := p.sys.matching(func(q *proc) bool { return q.pid == pid })
	if len(found) == 0 {
		return errno.ESRCH
	}
	q := found[0]
	t := q.task(tid)
	switch {
	case t == nil && tid != pid:
		return errno.ESRCH
	case sig < 0 || sig > maxSignal:
		return errno.EINVAL
	case !mayKill(p.Cred(), q):
		return errno.EPERM
	case sig != 0 && t != nil:
		q.signal(sig, t)
	}
	return 0
}

// task is the living task with the id, nil if there is none.
func (q *proc) task(tid int) *task {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.IndexFunc(q.tasks, func(t *task) bool { return t.id() == tid })
	if i < 0 {
		return nil
	}
	return q.tasks[i]
}

func mayKill(me Cred, q *proc) bool {
	return me.Uid == 0 || me.Uid == q.credentials().Uid
}

// raise sends a signal to the task that makes the call (SIGPIPE).
func (p *Process) raise(sig Signal) { p.proc.signal(sig, p.task) }

// ignores reports whether sig would do nothing now. q.mu is held.
func (q *proc) ignores(sig Signal) bool {
	switch q.actions[sig].Disposition {
	case SIG_IGN:
		return true
	case SIG_DFL:
		return byDefaultIgnored(sig)
	}
	return false
}

// signal sends sig to the process, or to one task of it. An ignored signal is
// forgotten unless it is blocked; a deadly one ends the process; for a handled
// one the task whose call has slept longest is woken, and if none sleeps it is
// pending for the next.
func (q *proc) signal(sig Signal, to *task) {
	q.mu.Lock()
	if q.ended != nil {
		q.mu.Unlock()
		return
	}
	blocked := q.blocked(sig, to)
	if q.ignores(sig) && !blocked {
		q.mu.Unlock()
		return
	}
	if q.actions[sig].Disposition == SIG_DFL && !blocked {
		q.mu.Unlock()
		q.end(Ended{Pid: q.pid, Signal: sig})
		return
	}
	q.enqueue(sig, to)
	q.mu.Unlock()
}

// blocked reports whether every task that may take sig masks it.
func (q *proc) blocked(sig Signal, to *task) bool {
	for _, t := range q.tasks {
		if (to == nil || to == t) && !t.mask.Has(sig) {
			return false
		}
	}
	return true
}

// enqueue makes a signal pending and wakes the sleeper that takes it. Of a
// standard signal one instance is pending at most.
func (q *proc) enqueue(sig Signal, to *task) {
	q.attention.Or(signalsPending)
	if to == nil {
		for _, s := range q.sleepers {
			if !s.task.mask.Has(sig) {
				to = s.task
				break
			}
		}
	}
	list := &q.pending
	if to != nil {
		list = &to.pending
	}
	if sig >= SIGRTMIN || !slices.Contains(*list, sig) {
		*list = append(*list, sig)
	}
	for _, s := range q.sleepers {
		if s.task == to && !to.mask.Has(sig) {
			s.w.wake(wokenSignal)
			return
		}
	}
}

// deliverable reports whether a pending signal is for the task and not masked.
func (q *proc) deliverable(t *task) bool {
	free := func(s Signal) bool { return !t.mask.Has(s) }
	return slices.ContainsFunc(t.pending, free) || slices.ContainsFunc(q.pending, free)
}

// signalWaits reports whether a signal is pending that the task does not mask.
func (p *Process) signalWaits() bool {
	p.proc.mu.Lock()
	defer p.proc.mu.Unlock()
	return p.proc.deliverable(p.task)
}

// take removes the first pending signal that the task does not mask.
func (q *proc) take(t *task) (Signal, bool) {
	for _, list := range []*[]Signal{&t.pending, &q.pending} {
		for i, s := range *list {
			if !t.mask.Has(s) {
				*list = slices.Delete(*list, i, i+1)
				return s, true
			}
		}
	}
	return 0, false
}

// deliver runs the handlers of the signals that are pending for the handle's
// task, without a lock held, and reports whether the interrupted call may
// restart: every handler that ran has SA_RESTART.
func (p *Process) deliver() (restart bool) {
	q := p.proc
	restart = true
	for {
		q.mu.Lock()
		sig, ok := q.take(p.task)
		if !ok || q.ended != nil {
			if len(q.pending) == 0 && !slices.ContainsFunc(q.tasks, func(t *task) bool { return len(t.pending) > 0 }) {
				q.attention.And(^uint32(signalsPending))
			}
			q.mu.Unlock()
			return restart
		}
		act := q.actions[sig]
		if act.Disposition != SIG_HANDLE {
			ignored := q.ignores(sig)
			q.mu.Unlock()
			if !ignored {
				q.end(Ended{Pid: q.pid, Signal: sig})
			}
			continue
		}
		if act.Flags&SA_RESETHAND != 0 {
			q.actions[sig] = SigAction{Flags: act.Flags, Mask: act.Mask}
		}
		saved := p.task.mask
		p.task.mask |= act.Mask &^ unblockable
		if act.Flags&SA_NODEFER == 0 {
			p.task.mask |= Sigs(sig)
		}
		q.mu.Unlock()

		restart = restart && act.Flags&SA_RESTART != 0
		p.sys.emit(Event{Kind: EventSignal, Pid: q.pid, Tid: p.task.id(), Signal: sig})
		act.Handler(sig)

		q.mu.Lock()
		p.task.mask = saved
		q.mu.Unlock()
	}
}
