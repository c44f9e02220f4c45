package emu

import (
	"slices"

	"sockpair/errno"
)

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

// How of Sigprocmask.
const (
	SIG_BLOCK   = 0
	SIG_UNBLOCK = 1
	SIG_SETMASK = 2
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
		if kept.Disposition == SIG_HANDLE && q.attention.Or(catching)&catching == 0 {
			q.enrollAll()
		}
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
