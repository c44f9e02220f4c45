package emu

import (
	"slices"

	"sockpair/errno"
)

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
	case (t == nil || q.over()) && tid != pid: // of a process that has ended only the first task is left
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
