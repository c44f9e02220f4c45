package replay

import (
	"sockpair/emu"
	"sockpair/strace"
)

// Descriptors of processes.

// pidfdOf makes the description of a pidfd. of is the recorded process, 0 if
// the log does not know it.
func pidfdOf(of int) *description {
	d := newObject(pidfdObject)
	d.process = of
	return d
}

func planPidfdOpen(a *attempt) {
	pid, flags := int(int32(a.number(0))), a.num(1, pidfdFlags)
	recorded := pid
	if t := a.r.tasks[pid]; t != nil && pid > 0 { // the number may be a thread's
		pid = t.p.Gettid()
	} else if pid > 0 && !a.scripted() && !a.r.opts.Strict {
		a.skip(Life)
	}
	a.opens(pidfdObject, func(p Process) (int, error) { return p.PidfdOpen(pid, flags) })
	a.then(func() {
		if d := a.t.of.fds.fds[a.ret]; d != nil {
			d.process = recorded
		}
	})
}

func planPidfdSendSignal(a *attempt) {
	sig, ok := signalNumber(a.arg(1))
	a.need(ok)
	flags := a.num(3, pidfdSignalFlags)
	if !a.arg(2).IsNull() && !a.arg(2).IsAbsent() {
		a.skip(NotShown) // what a siginfo_t says is nobody's business here
	}
	fd, ok := pidfdArg(a.arg(0))
	a.need(ok)
	if a.d = a.t.of.fds.fds[fd]; a.d != nil && !a.d.isPair() {
		a.skip(a.d.reason)
	}
	if a.settled() {
		return
	}
	if a.d.isObject() && !a.r.opts.Strict && a.succeeded() && flags&emu.PIDFD_SIGNAL_PROCESS_GROUP == 0 {
		if t := a.r.tasks[a.d.process]; t != nil {
			if end, told := a.r.s.deathAfter(t.of.pid, a.c.enter, sig); told {
				a.status(func(p Process) error { return p.PidfdSendSignal(fd, 0, uint(flags)) })
				a.then(func() { a.r.closeDown(t.of, a.c.enter, end) })
				return
			}
		}
	}
	a.status(func(p Process) error { return p.PidfdSendSignal(fd, sig, uint(flags)) })
}

// pidfdArg is a descriptor, or one of the names for the caller.
func pidfdArg(v strace.Value) (fd int, ok bool) {
	switch {
	case v.IsName("PIDFD_SELF") || v.IsName("PIDFD_SELF_THREAD"):
		return emu.PIDFD_SELF_THREAD, true
	case v.IsName("PIDFD_SELF_PROCESS") || v.IsName("PIDFD_SELF_THREAD_GROUP"):
		return emu.PIDFD_SELF_THREAD_GROUP, true
	}
	n, ok := v.Int()
	return int(int32(n)), ok
}

// planPidfdGetfd takes a descriptor from another process, with the
// description that stands behind it there.
func planPidfdGetfd(a *attempt) {
	target, flags := int(int32(a.number(1))), a.number(2)
	var d *description
	if a.d.isObject() {
		if t := a.r.tasks[a.d.process]; t != nil {
			d = t.of.fds.fds[target]
		} else if a.succeeded() {
			a.skip(Foreign)
		}
	}
	if a.settled() {
		a.r.opened(a, a.c.text.Name)
		return
	}
	a.duplicates = true
	a.count(func(p Process) (int, error) { return p.PidfdGetfd(a.fd, target, flags) })
	a.makes(func() (got, want []int) { return []int{a.ret}, []int{a.recorded()} })
	a.then(func() {
		if d == nil {
			d = &description{reason: Foreign}
		}
		a.t.of.fds.set(a.ret, d)
	})
}

// planWaitid compares what is told of the child but the times that it has used.
func planWaitid(a *attempt) {
	idtype, id, options := a.num(0, waitIDs), int(int32(a.number(1))), a.num(3, waitOptions)
	if a.t.of.unseen > 0 && !a.scripted() {
		a.skip(Life)
	}
	if a.settled() {
		return
	}
	if code, has := a.arg(2).Field("si_code"); has && !code.IsName("CLD_EXITED") && !code.IsName("CLD_KILLED") && !code.IsName("CLD_DUMPED") {
		if n, ok := code.Int(); !ok || n > 3 { // stopped or continued: the machine has no job control
			a.skip(Life)
			return
		}
	}
	if idtype == emu.P_PID && id > 0 {
		child := a.r.tasks[id]
		switch {
		case child != nil && !child.sharing && child.of.pid == id:
			id = child.p.Getpid()
		case !a.r.opts.Strict && !a.scripted():
			a.skip(Life)
			return
		}
	}
	var info *emu.Siginfo
	if !a.arg(2).IsNull() && !a.arg(2).IsAbsent() {
		info = new(emu.Siginfo)
	}
	a.status(func(p Process) error { return p.Waitid(idtype, id, info, options) })
	if info != nil {
		a.fills(2, func() bool { return a.sameInfo(a.arg(2), info) }, func() strace.Value { return a.r.infoValue(info) })
	}
}

func (a *attempt) sameInfo(v strace.Value, got *emu.Siginfo) bool {
	sig, has := v.Field("si_signo")
	if !has {
		return got.Signo == 0 // {} or an address
	}
	if want, ok := signalNumber(sig); !ok || want != got.Signo {
		return false
	}
	if code, has := v.Field("si_code"); has && got.Signo != 0 {
		want, ok := childCodes.number(code)
		if want == 3 { // no core is dumped here
			want = emu.CLD_KILLED
		}
		if !ok || want != got.Code {
			return false
		}
	}
	if pid, ok := field(v, "si_pid"); ok {
		if mine, known := a.r.machinePid(int(pid)); known && mine != got.Pid {
			return false
		}
	}
	status, has := v.Field("si_status")
	if !has {
		return true
	}
	want, ok := signalNumber(status)
	return ok && int(want) == got.Status
}

func (r *run) infoValue(i *emu.Siginfo) strace.Value {
	if i.Signo == 0 {
		return strace.StructOf()
	}
	status := strace.Int(i.Status)
	if i.Code != emu.CLD_EXITED {
		status = signalValue(emu.Signal(i.Status))
	}
	return strace.StructOf(strace.F("si_signo", signalValue(i.Signo)), strace.F("si_code", childCodes.one(i.Code)),
		strace.F("si_pid", strace.Int(r.recordedPid(i.Pid))), strace.F("si_uid", strace.Int(i.Uid)), strace.F("si_status", status),
		strace.F("si_utime", strace.Int(0)), strace.F("si_stime", strace.Int(0)))
}
