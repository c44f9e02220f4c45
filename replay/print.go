package replay

import (
	"fmt"
	"io"
	"slices"

	"sockpair/emu"
	"sockpair/strace"
)

// Printer writes what an emulated machine does as a log of strace, which can
// be run again. Its Observe is a Config.Observer.
//
// A call whose return comes before anything else happens is one line; others
// are split as strace splits them. Processes that Process.Start makes appear
// as forks: the log does not show which descriptors they were given.
type Printer struct {
	w     io.Writer
	err   error
	open  map[int]*openCall // by task: calls that have begun
	fresh int               // the task whose call has begun and is not printed; 0 for none
	tasks map[int][]int     // by process, those that have been seen
	over  map[int]bool      // tasks that have called exit
}

// openCall is a call that has begun.
type openCall struct {
	name    string
	args    []strace.Value // as they were when it began
	printed bool
}

// NewPrinter returns a Printer that writes to w.
func NewPrinter(w io.Writer) *Printer {
	return &Printer{w: w, open: make(map[int]*openCall), tasks: make(map[int][]int), over: make(map[int]bool)}
}

// Err returns the first error of writing.
func (p *Printer) Err() error { return p.err }

// Flush writes the calls that have begun and not returned.
func (p *Printer) Flush() error {
	p.interrupt(0)
	return p.err
}

// Observe takes note of an event.
func (p *Printer) Observe(ev emu.Event) {
	if ev.Tid == 0 {
		ev.Tid = ev.Pid
	}
	p.interrupt(ev.Tid)
	p.meet(ev)
	switch ev.Kind {
	case emu.EventEnter:
		if ev.Call == "exit" { // it does not return
			p.line(ev.Tid, strace.Line{Kind: strace.LineCall, Call: &strace.Call{Name: ev.Call, Args: strace.Args(before(ev)...), Result: strace.RetUnknown("", "")}})
			p.tasks[ev.Pid] = slices.DeleteFunc(p.tasks[ev.Pid], func(tid int) bool { return tid == ev.Tid })
			p.over[ev.Tid] = true
			break
		}
		p.open[ev.Tid] = &openCall{name: ev.Call, args: before(ev)}
		p.fresh = ev.Tid
	case emu.EventExit:
		p.exit(ev)
	case emu.EventFork:
		p.fork(ev)
	case emu.EventSignal:
		p.signal(ev.Tid, ev.Signal)
	case emu.EventExited:
		p.exited(ev)
	case emu.EventKilled:
		p.killed(ev)
	}
}

// meet makes the task of an event known. The first task of a process is known
// by its fork, or begins the log; of another nobody told when it was made. A
// thread that has called exit is not met again by what is told of it after that.
func (p *Printer) meet(ev emu.Event) {
	if slices.Contains(p.tasks[ev.Pid], ev.Tid) || ev.Tid != ev.Pid && p.over[ev.Tid] {
		return
	}
	if ev.Tid != ev.Pid {
		p.thread(ev.Pid, ev.Tid)
	}
	p.tasks[ev.Pid] = append(p.tasks[ev.Pid], ev.Tid)
}

// thread writes the call that made a task, in the name of one that is free.
func (p *Printer) thread(pid, tid int) {
	maker := p.idle(pid)
	p.line(maker, strace.Line{Kind: strace.LineCall, Call: &strace.Call{Name: "clone", Args: []strace.Item{
		strace.F("child_stack", strace.Hex(0x7f0000000000)), strace.F("flags", cloneFlags.flags(0x100|0x200|cloneFiles|0x800|cloneThread))},
		Result: strace.Ret(tid)}})
}

// idle is a task of the process that is not in a call.
func (p *Printer) idle(pid int) int {
	for _, tid := range p.tasks[pid] {
		if p.open[tid] == nil {
			return tid
		}
	}
	return pid
}

// interrupt writes the beginning of the call that is not printed yet, unless
// it is of the task whose turn it is.
func (p *Printer) interrupt(tid int) {
	if p.fresh == 0 || p.fresh == tid {
		return
	}
	c := p.open[p.fresh]
	shown := strace.Args(c.args[:c.entry()]...)
	tail := ""
	if len(shown) < len(c.args) && len(shown) > 0 {
		tail = ", "
	}
	p.line(p.fresh, strace.Line{Kind: strace.LineUnfinished,
		Call: &strace.Call{Name: c.name, Args: shown, Tail: tail, Marker: "unfinished ...", Open: true}})
	c.printed = true
	p.fresh = 0
}

// entry is how many arguments strace prints when the call begins: those
// before the first that the call fills in.
func (c *openCall) entry() int {
	switch c.name {
	case "read", "readv", "pread64", "recvfrom", "recvmsg", "recvmmsg", "sendmmsg", "getsockname", "getpeername", "wait4", "preadv", "preadv2", "fstat", "timerfd_gettime", "accept", "accept4":
		return min(1, len(c.args))
	case "pipe", "pipe2", "getcwd":
		return 0
	case "ioctl":
		return min(2, len(c.args))
	case "waitid":
		return min(2, len(c.args))
	case "socketpair", "getsockopt", "prlimit64", "timerfd_settime":
		return min(3, len(c.args))
	}
	return len(c.args)
}

// exit writes the return of a call.
func (p *Printer) exit(ev emu.Event) {
	c := p.open[ev.Tid]
	if c == nil { // its process has ended
		return
	}
	delete(p.open, ev.Tid)
	p.fresh = 0
	if ev.Unknown {
		return
	}
	call := &strace.Call{Name: ev.Call, Args: strace.Args(after(ev, c.args)...), Result: result(ev)}
	if ev.Call == "execve" && ev.Err == 0 {
		p.executed(ev, c, call)
		return
	}
	if !c.printed {
		p.line(ev.Tid, strace.Line{Kind: strace.LineCall, Call: call})
		return
	}
	n := c.entry()
	if call.Args = call.Args[n:]; len(call.Args) > 0 && n == 0 {
		call.Args = slices.Clone(call.Args)
	}
	p.line(ev.Tid, strace.Line{Kind: strace.LineResumed, Call: call})
}

// executed writes the return of an execve. The task that has made it becomes
// the first one of its process, and the others are no more.
func (p *Printer) executed(ev emu.Event, c *openCall, call *strace.Call) {
	if !c.printed && ev.Tid != ev.Pid {
		p.line(ev.Tid, strace.Line{Kind: strace.LineUnfinished,
			Call: &strace.Call{Name: c.name, Args: call.Args, Marker: "unfinished ...", Open: true}})
		c.printed = true
	}
	for _, tid := range p.tasks[ev.Pid] {
		delete(p.open, tid)
		if tid != ev.Tid && tid != ev.Pid {
			p.line(tid, strace.Line{Kind: strace.LineExited})
		}
	}
	p.tasks[ev.Pid] = []int{ev.Pid}
	if ev.Tid != ev.Pid {
		p.line(ev.Pid, strace.Line{Kind: strace.LineSuperseded, PID: ev.Tid})
	}
	if !c.printed {
		p.line(ev.Pid, strace.Line{Kind: strace.LineCall, Call: call})
		return
	}
	call.Args = nil
	p.line(ev.Pid, strace.Line{Kind: strace.LineResumed, Call: call})
}

func (p *Printer) fork(ev emu.Event) {
	delete(p.over, ev.Ret)
	if ev.Call == "clone" {
		p.thread(ev.Pid, ev.Ret)
		p.tasks[ev.Pid] = append(p.tasks[ev.Pid], ev.Ret)
		return
	}
	p.tasks[ev.Ret] = []int{ev.Ret}
	p.line(ev.Tid, strace.Line{Kind: strace.LineCall, Call: &strace.Call{Name: "fork", Result: strace.Ret(ev.Ret)}})
}

func (p *Printer) signal(tid int, sig emu.Signal) {
	p.interrupt(0)
	info := strace.StructOf(strace.F("si_signo", signalValue(sig)), strace.F("si_code", strace.Word("SI_USER")))
	p.line(tid, strace.Line{Kind: strace.LineSignal, Signal: &strace.Signal{Name: sig.String(), Info: info}})
}

// exited writes the end of a process by itself.
func (p *Printer) exited(ev emu.Event) {
	p.interrupt(0)
	if ev.Tid != ev.Pid { // a task alone
		p.line(ev.Tid, strace.Line{Kind: strace.LineCall, Call: &strace.Call{Name: "exit", Args: strace.Args(strace.Int(ev.Ret)), Result: strace.RetUnknown("", "")}})
		p.line(ev.Tid, strace.Line{Kind: strace.LineExited, Status: ev.Ret})
		p.tasks[ev.Pid] = slices.DeleteFunc(p.tasks[ev.Pid], func(tid int) bool { return tid == ev.Tid })
		return
	}
	if tid := p.idle(ev.Pid); p.open[tid] == nil {
		p.line(tid, strace.Line{Kind: strace.LineCall, Call: &strace.Call{Name: "exit_group", Args: strace.Args(strace.Int(ev.Ret)), Result: strace.RetUnknown("", "")}})
	}
	p.gone(ev.Pid, strace.Line{Kind: strace.LineExited, Status: ev.Ret})
}

// killed writes the end of a process by a signal. A send that has raised
// SIGPIPE has returned EPIPE to nobody; strace shows it all the same.
func (p *Printer) killed(ev emu.Event) {
	for _, tid := range p.tasks[ev.Pid] {
		if c := p.open[tid]; c != nil && ev.Signal == emu.SIGPIPE && isSend(c.name) && p.fresh == tid {
			p.line(tid, strace.Line{Kind: strace.LineCall, Call: &strace.Call{Name: c.name, Args: strace.Args(c.args...),
				Result: strace.RetErrno("EPIPE", "Broken pipe")}})
			delete(p.open, tid)
			p.fresh = 0
		}
	}
	p.signal(p.idle(ev.Pid), ev.Signal)
	p.gone(ev.Pid, strace.Line{Kind: strace.LineKilled, Sig: ev.Signal.String()})
}

func isSend(name string) bool {
	switch name {
	case "write", "writev", "pwritev2", "sendto", "sendmsg", "sendmmsg", "splice", "tee", "sendfile":
		return true
	}
	return false
}

// gone writes the end of all tasks of a process, the first one's last.
func (p *Printer) gone(pid int, l strace.Line) {
	for _, tid := range slices.Backward(p.tasks[pid]) {
		delete(p.open, tid)
		p.line(tid, l)
	}
	delete(p.tasks, pid)
}

func (p *Printer) line(tid int, l strace.Line) {
	l.Prefix = strace.Prefix{PID: tid, Style: strace.PIDPlain}
	if _, err := fmt.Fprintln(p.w, l.String()); p.err == nil {
		p.err = err
	}
}
