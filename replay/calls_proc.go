package replay

import (
	"strings"

	"sockpair/emu"
	"sockpair/strace"
)

// Calls about processes and signals. They are followed, so that descriptors
// are inherited and closed, and calls interrupted, when they were.

func planFork(a *attempt) { a.forks(0) }

func planClone(a *attempt) {
	flags, ok := a.c.text.Named("flags")
	if !ok {
		flags = a.arg(0)
	}
	a.forks(cloneBits(flags))
}

func planClone3(a *attempt) {
	flags, _ := a.arg(0).In().Field("flags")
	a.forks(cloneBits(flags))
}

// cloneBits are the flags that matter here; the number of a signal that is
// or-ed to them has none of these bits.
func cloneBits(v strace.Value) (bits int) {
	if n, ok := v.Int(); ok {
		return int(n)
	}
	names, rest, _ := v.Flags()
	bits = int(rest)
	for _, name := range names {
		n, _ := cloneFlags.lookup(strings.TrimSpace(name))
		bits |= int(n)
	}
	return bits
}

// forks is a call that makes a task, if it succeeded.
func (a *attempt) forks(flags int) {
	a.follow()
	if a.failedWith() {
		return
	}
	tid := a.recorded()
	var child Process
	a.do = func(p Process) {
		if flags&(cloneThread|cloneFiles) != 0 {
			child = p.Thread()
		} else {
			child, a.err = p.Fork()
		}
		if a.ret = tid; a.err == nil && tid < 0 {
			a.ret = child.Gettid()
		}
	}
	a.then(func() {
		a.r.forked(a.t, child, tid, flags)
		a.r.unfollowed(a, tid, flags)
		if flags&clonePidfd != 0 {
			a.pidfd(child, tid)
		}
	})
}

// pidfd is the descriptor that CLONE_PIDFD makes.
func (a *attempt) pidfd(child Process, tid int) {
	for _, it := range a.c.text.Args {
		for _, v := range []strace.Value{it.Value, it.Value.Out()} {
			if f, ok := v.Field("pidfd"); ok {
				v = f
			} else if it.Name != "pidfd" && it.Name != "parent_tid" {
				continue
			}
			if fd, ok := v.Elem(0).Int(); ok {
				a.opensClonePidfd(child, tid, int(fd))
				return
			}
		}
	}
}

// opensClonePidfd opens the descriptor at its recorded number.
func (a *attempt) opensClonePidfd(child Process, tid, fd int) {
	got, err := a.t.p.PidfdOpen(child.Getpid(), 0)
	if err != nil {
		a.r.adopt(a.t, fd, Foreign)
		return
	}
	a.t.of.fds.set(got, pidfdOf(tid))
	a.r.move(a.t, got, fd)
}

// follow marks a call that is run with nothing to compare.
func (a *attempt) follow() {
	if !a.scripted() {
		a.verdict, a.reason = Skipped, Life
	}
}

func planExec(a *attempt) {
	a.follow()
	if !a.scripted() && !(a.succeeded() && a.recorded() == 0) {
		return
	}
	if a.t.sharing { // it gets a table of its own
		a.unshare()
	}
	a.do = func(p Process) { a.err = p.Exec() }
	a.then(func() {
		a.t.of.fds.keepOnly(a.t.p.Descriptors())
		a.t.of.handlers.reset()
		a.r.arm(a.t.p)
		for tid, other := range a.t.of.tasks {
			if other != a.t {
				other.ended = true
				delete(a.t.of.tasks, tid)
			}
		}
	})
}

// unshare gives a task that shares the descriptors of another process its own.
func (a *attempt) unshare() {
	t := a.t
	child, err := t.p.Fork()
	if err != nil {
		return
	}
	t.p.ExitThread()
	fds := t.of.fds.clone()
	t.of.fds.drop()
	t.p, t.of.fds, t.sharing = child, fds, false
}

func planExit(a *attempt) {
	code, _ := a.arg(0).Int()
	a.follow()
	if len(a.t.of.tasks) > 1 {
		a.do = func(p Process) {
			a.t.ended = true
			delete(a.t.of.tasks, a.t.tid)
			p.ExitThread()
		}
		return
	}
	a.ends(int(code))
}

func planExitGroup(a *attempt) {
	code, _ := a.arg(0).Int()
	a.follow()
	a.ends(int(code))
}

// ends is the end of a process by itself: both moments of it, unless the log
// tells of the second.
func (a *attempt) ends(code int) {
	of := a.t.of
	if end, told := a.r.s.endAfter(of.pid, a.c.enter); told && !a.t.sharing {
		a.do = func(Process) { a.r.closeDown(of, a.c.enter, end) }
		return
	}
	a.do = func(p Process) {
		if a.t.sharing {
			a.r.exited(a.t, code)
			return
		}
		p.Exit(code)
		a.r.endProcess(of)
	}
}

func planWait4(a *attempt) {
	pid, options := a.number(0), a.num(2, waitOptions)
	if a.settled() {
		return
	}
	if isStopped(a.arg(1)) { // the machine has no job control
		a.skip(Life)
		return
	}
	if a.waitsUnseen(); a.settled() {
		return
	}
	pid = int(int32(pid))
	if pid > 0 {
		child := a.r.tasks[pid]
		if child == nil || child.sharing || child.of.pid != pid {
			a.skip(Life)
			return
		}
		pid = child.p.Getpid()
	}
	var status WaitStatus
	a.count(func(p Process) (n int, err error) {
		n, status, err = p.Wait4(pid, options)
		return n, err
	})
	a.same = func(recorded int) bool {
		if recorded == 0 || a.ret == 0 {
			return recorded == a.ret
		}
		mine, ok := a.r.machinePid(recorded)
		return !ok || mine == a.ret
	}
	a.value = func(n int) strace.Value { return strace.Int(a.r.recordedPid(n)) }
	a.fills(1, func() bool { return sameStatus(a.arg(1), status) }, func() strace.Value {
		if a.ret <= 0 {
			return strace.Value{}
		}
		return strace.ArrayOf(statusValue(status))
	})
}

// isStopped reports that a status tells of a child that was stopped or continued.
func isStopped(v strace.Value) bool {
	if n, ok := v.Elem(0).Int(); ok {
		return n&0xff == 0x7f || n == 0xffff
	}
	text := v.Elem(0).String()
	return strings.Contains(text, "WIFSTOPPED") || strings.Contains(text, "WIFCONTINUED")
}

// statusValue writes a status as strace does, as the tests that it passes.
func statusValue(s WaitStatus) strace.Value {
	test := func(is, of string, v strace.Value) strace.Value {
		return strace.StructOf(strace.Item{Value: strace.Operation("&&", strace.FuncOf(is, strace.Word("s")),
			strace.Operation("==", strace.FuncOf(of, strace.Word("s")), v))})
	}
	if s.Signal != 0 {
		return test("WIFSIGNALED", "WTERMSIG", signalValue(s.Signal))
	}
	return test("WIFEXITED", "WEXITSTATUS", strace.Int(s.Code))
}

// sameStatus compares a status. That a core was dumped, or that the child was
// stopped and not ended, is not known here.
func sameStatus(v strace.Value, s WaitStatus) bool {
	if v.IsNull() || isAddress(v) || v.Len() == 0 {
		return true
	}
	if n, ok := v.Elem(0).Int(); ok { // -X raw
		return int(n)&^0x80 == s.Code<<8|int(s.Signal)
	}
	return strings.HasPrefix(v.Elem(0).String(), strings.TrimSuffix(statusValue(s).String(), "}"))
}

func planKill(a *attempt) {
	pid := a.number(0)
	sig, ok := signalNumber(a.arg(1))
	a.need(ok)
	recorded := int32(pid)
	if pid = int(recorded); pid <= 0 && !a.scripted() { // groups are not followed
		a.skip(Life)
	}
	if a.settled() {
		return
	}
	if pid > 0 {
		mine, known := a.r.machinePid(pid)
		if !known && !a.scripted() {
			a.skip(Life)
			return
		}
		if known {
			pid = mine
		}
	}
	if t := a.r.tasks[int(recorded)]; t != nil && !a.r.opts.Strict && a.succeeded() {
		end, told := a.r.s.deathAfter(t.of.pid, a.c.enter, sig)
		switch {
		case told && a.comesLater(t.of, sig):
			a.status(func(p Process) error { return p.Kill(pid, 0) })
			return
		case told:
			a.status(func(p Process) error { return p.Kill(pid, 0) })
			a.then(func() { a.r.closeDown(t.of, a.c.enter, end) })
			return
		}
	}
	a.status(func(p Process) error { return p.Kill(pid, sig) })
}

func planTgkill(a *attempt) {
	pid, tid := a.number(0), a.number(1)
	sig, ok := signalNumber(a.arg(2))
	a.need(ok)
	t := a.r.tasks[tid]
	if t == nil || t.of.pid != pid && !t.sharing {
		a.skip(Life)
	}
	if a.settled() {
		return
	}
	if _, told := a.r.s.deathAfter(t.of.pid, a.c.enter, sig); told && a.succeeded() && a.comesLater(t.of, sig) {
		sig = 0
	}
	a.status(func(p Process) error { return p.Tgkill(t.p.Getpid(), t.p.Gettid(), sig) })
}

// comesLater reports that a process has sent itself a signal and gone on: it
// was blocked, as it is while its handler runs. The log tells when it came.
func (a *attempt) comesLater(of *process, sig emu.Signal) bool {
	return of == a.t.of && !a.r.opts.Strict && a.r.diesNext(a) != sig
}

func planSigaction(a *attempt) {
	sig, ok := signalNumber(a.arg(0))
	a.need(ok)
	if reserved.Has(max(1, min(sig, 64))) {
		a.skip(Life)
	}
	var act *emu.SigAction
	if v := a.arg(1); !v.IsNull() {
		act, ok = sigaction(v)
		a.need(ok)
	}
	if a.settled() {
		return
	}
	if act != nil {
		of := a.t.of
		if act.Disposition == emu.SIG_HANDLE {
			act.Handler = of.handlers.ran
		}
		a.then(func() {
			of.decided[sig] = true
			of.handlers.set(sig, act)
		})
	}
	a.status(func(p Process) error { return p.Sigaction(sig, act, nil) })
}

// sigaction is {sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTART}.
func sigaction(v strace.Value) (*emu.SigAction, bool) {
	handler, ok := v.Field("sa_handler")
	if !ok {
		handler, ok = v.Field("sa_sigaction")
	}
	act := &emu.SigAction{}
	switch n, isNumber := handler.Int(); {
	case !ok:
		return nil, false
	case handler.IsName("SIG_DFL") || isNumber && n == 0 || handler.IsNull():
	case handler.IsName("SIG_IGN") || isNumber && n == 1:
		act.Disposition = emu.SIG_IGN
	default:
		act.Disposition, act.Handler = emu.SIG_HANDLE, func(emu.Signal) {}
	}
	if f, has := v.Field("sa_flags"); has {
		flags, ok := sigactionFlags.number(f)
		if !ok {
			return nil, false
		}
		act.Flags = uint(uint32(flags))
	}
	if m, has := v.Field("sa_mask"); has {
		set, ok := sigset(m)
		if !ok {
			return nil, false
		}
		act.Mask = set &^ reserved
	}
	return act, true
}

func planSigprocmask(a *attempt) {
	how := a.num(0, maskHows)
	var set *emu.Sigset
	if v := a.arg(1); !v.IsNull() {
		s, ok := sigset(v)
		a.need(ok)
		s &^= reserved
		set = &s
	}
	a.status(func(p Process) error { return p.Sigprocmask(how, set, nil) })
}

// planSetuid changes the user on a machine whose processes may. What the user
// may do is then not known here (unprivileged).
func planSetuid(a *attempt) {
	p, ok := a.t.p.(interface{ Setuid(int) error })
	id := a.number(0)
	if !ok || a.settled() || !a.scripted() && !a.r.root {
		a.r.outside(a)
		return
	}
	a.status(func(Process) error { return p.Setuid(int(int32(id))) })
	a.then(func() { a.t.of.unprivileged = true })
}

func planPrlimit(a *attempt) {
	pid := a.number(0)
	if pid != 0 {
		mine, ok := a.r.machinePid(pid)
		if !ok {
			a.skip(Life)
		}
		pid = mine
	}
	a.limits(pid, 1, a.arg(2), 3)
}

func planSetrlimit(a *attempt) { a.limits(0, 0, a.arg(1), -1) }

func planGetrlimit(a *attempt) { a.limits(0, 0, strace.Null(), 1) }

// limits is a change of RLIMIT_NOFILE; other limits do not matter here.
func (a *attempt) limits(pid, resourceArg int, v strace.Value, oldArg int) {
	if n := a.num(resourceArg, resources); n != emu.RLIMIT_NOFILE {
		a.skip(NotSockets)
	}
	var limit *emu.Rlimit
	if !v.IsNull() {
		cur, ok1 := rlimit(v, "rlim_cur")
		most, ok2 := rlimit(v, "rlim_max")
		a.need(ok1 && ok2)
		limit = &emu.Rlimit{Cur: cur, Max: most}
	}
	if a.settled() {
		return
	}
	old := &emu.Rlimit{}
	a.status(func(p Process) error { return p.Prlimit(pid, emu.RLIMIT_NOFILE, limit, old) })
	if oldArg >= 0 && !a.arg(oldArg).IsNull() {
		a.startsWith(oldArg, old)
	}
}

// startsWith compares the old limits. A process that the log does not show
// being made may have begun with any: the first look at them sets them.
func (a *attempt) startsWith(oldArg int, old *emu.Rlimit) {
	cur, ok1 := rlimit(a.arg(oldArg), "rlim_cur")
	most, ok2 := rlimit(a.arg(oldArg), "rlim_max")
	if of := a.t.of; ok1 && ok2 && of.root && !of.limited {
		of.limited = true
		_ = a.t.p.Prlimit(0, emu.RLIMIT_NOFILE, &emu.Rlimit{Cur: cur, Max: most}, nil)
	}
	a.fills(oldArg, func() bool { return !ok1 || !ok2 || *old == emu.Rlimit{Cur: cur, Max: most} },
		func() strace.Value {
			return strace.StructOf(strace.F("rlim_cur", strace.Int(old.Cur)), strace.F("rlim_max", strace.Int(old.Max)))
		})
}

// rlimit is a member of struct rlimit: 1024, 8192*1024 or RLIM64_INFINITY.
func rlimit(v strace.Value, name string) (uint64, bool) {
	f, has := v.Field(name)
	if f.IsName("RLIM64_INFINITY") || f.IsName("RLIM_INFINITY") {
		return emu.RLIM_INFINITY, true
	}
	n, ok := f.Int()
	return uint64(n), has && ok
}

// planRestart is the call again that a signal without a handler had interrupted.
func planRestart(a *attempt) { a.skip(Life) }
