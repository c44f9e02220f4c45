package emu

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// handle installs a handler that counts how often it has run.
func (p prog) handle(sig Signal, flags uint) *atomic.Int64 {
	p.t.Helper()
	ran := new(atomic.Int64)
	p.handler(sig, flags, 0, func(Signal) { ran.Add(1) })
	return ran
}

// handler installs a handler.
func (p prog) handler(sig Signal, flags uint, mask Sigset, run func(Signal)) {
	p.t.Helper()
	act := SigAction{Disposition: SIG_HANDLE, Handler: run, Flags: flags, Mask: mask}
	says(p.t, fmt.Sprintf("Sigaction(%v)", sig), 0)(p.Sigaction(sig, &act, nil))
}

// mask sets the signal mask of the task.
func (p prog) mask(set Sigset) {
	p.t.Helper()
	says(p.t, "Sigprocmask", 0)(p.Sigprocmask(SIG_SETMASK, &set, nil))
}

// raise sends a signal to the own process.
func (p prog) raise(sig Signal) {
	p.t.Helper()
	says(p.t, fmt.Sprintf("Kill(%v)", sig), 0)(p.Kill(p.Getpid(), sig))
}

func TestSignalNamesAreReadBack(t *testing.T) {
	for name, sig := range map[string]Signal{"SIGHUP": 1, "SIGKILL": 9, "SIGPIPE": 13, "SIGCHLD": 17, "SIGSYS": 31,
		"SIGRTMIN": 32, "SIGRT_1": 33, "SIGRT_32": 64} {
		equal(t, fmt.Sprintf("Signal(%d).String()", int(sig)), sig.String(), name)
		got, ok := ParseSignal(name)
		equal(t, "ParseSignal "+name, fmt.Sprint(int(got), ok), fmt.Sprint(int(sig), true))
	}
	for _, sig := range []Signal{math.MinInt32, -1, 0, 65, math.MaxInt32} {
		equal(t, fmt.Sprintf("Signal(%d).String()", int(sig)), sig.String(), fmt.Sprintf("signal %d", int(sig)))
	}
	for _, name := range []string{"", "SIG", "SIGFOO", "sigpipe", "PIPE", "SIGRT_0", "SIGRT_33", "signal 0"} {
		got, ok := ParseSignal(name)
		equal(t, fmt.Sprintf("ParseSignal(%q)", name), fmt.Sprint(int(got), ok), "0 false")
	}
}

// [K] What sigaction refuses; SIGKILL and SIGSTOP can be asked about.
func TestSigactionChecksItsArguments(t *testing.T) {
	p := newProg(t, Config{})
	act := SigAction{Disposition: SIG_IGN}
	for _, sig := range []Signal{math.MinInt32, -1, 0, 65, math.MaxInt32} {
		says(t, fmt.Sprintf("Sigaction(%d, nil, nil)", int(sig)), errno.EINVAL)(p.Sigaction(sig, nil, nil))
	}
	for _, sig := range []Signal{SIGKILL, SIGSTOP} {
		says(t, fmt.Sprintf("Sigaction(%v)", sig), errno.EINVAL)(p.Sigaction(sig, &act, nil))
		says(t, fmt.Sprintf("Sigaction(%v) to SIG_DFL", sig), errno.EINVAL)(p.Sigaction(sig, &SigAction{}, nil))
		says(t, fmt.Sprintf("Sigaction(%v), a question", sig), 0)(p.Sigaction(sig, nil, &act))
		equal(t, "its disposition", act.Disposition, SIG_DFL)
		act = SigAction{Disposition: SIG_IGN}
	}
	says(t, "Sigaction without a handler", errno.EFAULT)(p.Sigaction(SIGUSR1, &SigAction{Disposition: SIG_HANDLE}, nil))
	says(t, "Sigaction", 0)(p.Sigaction(SIGUSR1, &SigAction{Disposition: SIG_IGN, Flags: SA_RESTART, Mask: ^Sigset(0)}, nil))
	says(t, "Sigaction", 0)(p.Sigaction(SIGUSR1, nil, &act))
	equal(t, "disposition", act.Disposition, SIG_IGN)
	equal(t, "flags", act.Flags, SA_RESTART)
	equal(t, "mask, without SIGKILL and SIGSTOP", act.Mask, ^Sigs(SIGKILL, SIGSTOP))
	says(t, "Sigaction", 0)(p.Sigaction(SIGUSR1, &SigAction{}, &act))
	equal(t, "old disposition", act.Disposition, SIG_IGN)
}

func TestSignalIsShortForSigaction(t *testing.T) {
	p := newProg(t, Config{})
	var act SigAction
	says(t, "Signal to SIG_IGN", 0)(p.Signal(SIGTERM, SIG_IGN))
	p.raise(SIGTERM)
	ran := 0
	says(t, "Signal to a function", 0)(p.Signal(SIGTERM, func(Signal) { ran++ }))
	p.raise(SIGTERM)
	equal(t, "handlers run", ran, 1)
	says(t, "Sigaction", 0)(p.Sigaction(SIGTERM, nil, &act))
	equal(t, "flags", act.Flags, SA_RESTART)
	says(t, "Signal to SIG_DFL", 0)(p.Signal(SIGTERM, SIG_DFL))
	for _, bad := range []any{nil, 1, "SIG_IGN", func() {}} {
		says(t, fmt.Sprintf("Signal to %v", bad), errno.EINVAL)(p.Signal(SIGTERM, bad))
	}
	says(t, "Signal of SIGKILL", errno.EINVAL)(p.Signal(SIGKILL, SIG_IGN))
}

func TestSigprocmaskChangesTheMask(t *testing.T) {
	p := newProg(t, Config{})
	var old Sigset
	for _, r := range []struct {
		how  int
		set  Sigset
		want Sigset
	}{
		{SIG_BLOCK, 0, 0}, {SIG_BLOCK, Sigs(SIGHUP, SIGKILL, SIGSTOP), Sigs(SIGHUP)}, {SIG_BLOCK, Sigs(SIGUSR1), Sigs(SIGHUP, SIGUSR1)},
		{SIG_UNBLOCK, Sigs(SIGHUP, SIGTERM), Sigs(SIGUSR1)}, {SIG_SETMASK, Sigs(64), Sigs(64)},
		{SIG_SETMASK, ^Sigset(0), ^Sigs(SIGKILL, SIGSTOP)}, {SIG_SETMASK, 0, 0},
	} {
		var before, after Sigset
		says(t, "Sigprocmask", 0)(p.Sigprocmask(99, nil, &before)) // how is not looked at without a set
		says(t, "Sigprocmask", 0)(p.Sigprocmask(r.how, &r.set, &old))
		equal(t, "old mask", old, before)
		says(t, "Sigprocmask", 0)(p.Sigprocmask(-1, nil, &after))
		equal(t, fmt.Sprintf("mask after how %d", r.how), after, r.want)
	}
	old = 77
	for _, how := range []int{-1, 3, math.MaxInt32} {
		says(t, fmt.Sprintf("Sigprocmask(%d)", how), errno.EINVAL)(p.Sigprocmask(how, new(Sigset), &old))
	}
	equal(t, "old mask after a failure", old, 77)
}

// [K] kill looks for the process before the signal, and at the signal before
// the permission.
func TestKillChecksProcessThenSignalThenPermission(t *testing.T) {
	p := newProg(t, Config{})
	user := p.fork()
	says(t, "Setuid", 0)(user.Setuid(7))
	root := p.as(p.sys.NewProcess())
	for _, pid := range []int{99999, -99999, math.MinInt32, math.MaxInt32} {
		for _, sig := range []Signal{0, SIGTERM, 65, -1} {
			says(t, fmt.Sprintf("Kill(%d, %d)", pid, int(sig)), errno.ESRCH)(p.Kill(pid, sig))
		}
	}
	for _, sig := range []Signal{65, -1, math.MinInt32} {
		says(t, "Kill with a bad signal", errno.EINVAL)(p.Kill(p.Getpid(), sig))
		says(t, "Kill of another user's process with a bad signal", errno.EINVAL)(user.Kill(root.Getpid(), sig))
	}
	says(t, "Kill of another user's process", errno.EPERM)(user.Kill(root.Getpid(), 0))
	says(t, "Kill of another user's process", errno.EPERM)(user.Kill(root.Getpid(), SIGTERM))
	says(t, "Kill of the own process", 0)(user.Kill(user.Getpid(), 0))
	says(t, "Kill of a group with one of the own", 0)(user.Kill(0, 0))
	says(t, "Kill by user 0", 0)(root.Kill(user.Getpid(), 0))
	says(t, "Kill by user 0", 0)(root.Kill(user.Getpid(), SIGKILL))
	p.dies(user, SIGKILL)
}

// The forms of kill's pid: one, the group, everyone else, a group.
func TestKillReachesWhomItNames(t *testing.T) {
	type counts struct{ own, child, other int64 }
	for _, r := range []struct {
		name string
		pid  func(p, child, other prog) int
		want counts
	}{
		{"the own process", func(p, child, other prog) int { return p.Getpid() }, counts{1, 0, 0}},
		{"another process", func(p, child, other prog) int { return other.Getpid() }, counts{0, 0, 1}},
		{"0", func(p, child, other prog) int { return 0 }, counts{1, 1, 0}},
		{"-1", func(p, child, other prog) int { return -1 }, counts{0, 1, 1}},
		{"a group", func(p, child, other prog) int { return -p.Getpid() }, counts{1, 1, 0}},
		{"another group", func(p, child, other prog) int { return -other.Getpid() }, counts{0, 0, 1}},
	} {
		p := newProg(t, Config{FirstPid: 10})
		child, other := p.fork(), p.as(p.sys.NewProcess())
		own, its, others := p.handle(SIGUSR1, 0), child.handle(SIGUSR1, 0), other.handle(SIGUSR1, 0)
		says(t, "Kill "+r.name, 0)(p.Kill(r.pid(p, child, other), SIGUSR1))
		for _, q := range []prog{child, other} {
			q.Fsync(99) // a call, at whose end the handler runs
		}
		equal(t, "handlers run after Kill "+r.name, counts{own.Load(), its.Load(), others.Load()}, r.want)
	}
}

func TestTgkillChecksItsArguments(t *testing.T) {
	p := newProg(t, Config{})
	user := p.fork()
	says(t, "Setuid", 0)(user.Setuid(7))
	pid := p.Getpid()
	for _, r := range []struct {
		who      prog
		pid, tid int
		sig      Signal
		want     errno.Errno
	}{
		{p, 0, pid, 0, errno.EINVAL}, {p, -1, pid, 65, errno.EINVAL}, {p, pid, 0, 0, errno.EINVAL}, {p, pid, math.MinInt32, 0, errno.EINVAL},
		{p, 99999, pid, 0, errno.ESRCH}, {p, pid, 99999, 0, errno.ESRCH}, {p, 99999, 99999, 65, errno.ESRCH}, {p, pid, user.Getpid(), 0, errno.ESRCH},
		{p, pid, pid, 65, errno.EINVAL}, {p, pid, pid, -1, errno.EINVAL}, {user, pid, pid, SIGTERM, errno.EPERM}, {user, pid, pid, 0, errno.EPERM},
		{p, pid, pid, 0, 0}, {p, user.Getpid(), user.Getpid(), 0, 0},
	} {
		says(t, fmt.Sprintf("Tgkill(%d, %d, %d)", r.pid, r.tid, int(r.sig)), r.want)(r.who.Tgkill(r.pid, r.tid, r.sig))
	}
}

// [ST-06] Who sends to a broken stream and has not provided for SIGPIPE ends.
func TestSIGPIPEEndsTheProcess(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		for name := range (prog{}).sendWays() {
			p := newProg(t, Config{Personality: rules})
			child := p.fork()
			a, b := child.pair(SOCK_STREAM)
			child.close(b)
			ways := child.sendWays()
			if name != "Write" && name != "Writev" {
				fails(t, name+" with MSG_NOSIGNAL", errno.EPIPE)(ways[name](a, []byte("x")))
				gives(t, "Getppid()", p.Getpid())(child.Getppid(), nil)
				child.Send(a, []byte("x"), 0)
			} else {
				ways[name](a, []byte("x"))
			}
			endsWith(t, name+" after that", Ended{Pid: child.Getpid(), Signal: SIGPIPE})(child.Dup(a))
			p.dies(child, SIGPIPE)
			equal(t, "open files", p.sys.Files(), 0)
		}
	})
}

// [ST-06] Which broken sends raise SIGPIPE, by type and by who shut it.
func TestWhatRaisesSIGPIPE(t *testing.T) {
	breaks := []struct {
		name  string
		do    func(p prog, a, b int)
		linux map[int]bool // by type
		posix map[int]bool
	}{
		{"the peer's close", func(p prog, a, b int) { p.close(b) },
			map[int]bool{SOCK_STREAM: true}, map[int]bool{SOCK_STREAM: true, SOCK_SEQPACKET: true}},
		{"the peer's SHUT_RD", func(p prog, a, b int) { p.shutdown(b, SHUT_RD) },
			map[int]bool{SOCK_STREAM: true}, map[int]bool{SOCK_STREAM: true, SOCK_SEQPACKET: true}},
		{"own SHUT_WR", func(p prog, a, b int) { p.shutdown(a, SHUT_WR) },
			map[int]bool{SOCK_STREAM: true}, map[int]bool{}},
	}
	everywhere(t, func(t *testing.T, p prog, typ int) {
		ran := p.handle(SIGPIPE, 0)
		for _, r := range breaks {
			a, b := p.pair(typ)
			r.do(p, a, b)
			raises := map[string]map[int]bool{"linux": r.linux, "posix": r.posix}[p.sys.rules.Name][typ]
			before := ran.Load()
			n, err := p.Write(a, []byte("x"))
			want := errno.EPIPE
			if typ == SOCK_DGRAM && r.name == "the peer's close" {
				want = errno.ECONNREFUSED
			}
			fails(t, "Write after "+r.name, want)(n, err)
			equal(t, "SIGPIPE after "+r.name, ran.Load() > before, raises)
			before = ran.Load()
			p.Send(a, []byte("x"), MSG_NOSIGNAL)
			equal(t, "SIGPIPE with MSG_NOSIGNAL after "+r.name, ran.Load() > before, false)
		}
	})
}

// [ST-06] Ignored, SIGPIPE leaves EPIPE; handled, the handler has run when the
// call returns; masked, it is pending until it is let in [K].
func TestSIGPIPEIgnoredHandledMasked(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	p.close(b)
	says(t, "Signal", 0)(p.Signal(SIGPIPE, SIG_IGN))
	fails(t, "Write, ignored", errno.EPIPE)(p.Write(a, []byte("x")))
	ran := p.handle(SIGPIPE, SA_RESTART)
	fails(t, "Write, handled", errno.EPIPE)(p.Write(a, []byte("x")))
	equal(t, "handlers run", ran.Load(), 1)
	p.mask(Sigs(SIGPIPE))
	for range 3 {
		fails(t, "Write, masked", errno.EPIPE)(p.Write(a, []byte("x")))
	}
	equal(t, "handlers run", ran.Load(), 1)
	p.mask(0)
	equal(t, "handlers run when let in, once", ran.Load(), 2)
	p.mask(Sigs(SIGPIPE))
	fails(t, "Write, masked", errno.EPIPE)(p.Write(a, []byte("x")))
	child := p.fork()
	child.mask(0)
	equal(t, "handlers run in the child, which inherits nothing pending", ran.Load(), 2)
}

// The default of each signal: to end the process, or nothing.
func TestDefaultOfEachSignal(t *testing.T) {
	p := newProg(t, Config{})
	for sig := Signal(1); sig <= maxSignal; sig++ {
		child := p.fork()
		says(t, "Kill", 0)(p.Kill(child.Getpid(), sig))
		switch sig {
		case SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU:
			child.Exit(1)
			p.exits(child, 1)
		default:
			p.dies(child, sig)
		}
	}
}

// [K] Of a standard signal one instance is pending, of a real-time one all;
// they are delivered when they are let in, each once.
func TestPendingSignalsAreCounted(t *testing.T) {
	p := newProg(t, Config{})
	standard, realtime := p.handle(SIGUSR1, 0), p.handle(34, 0)
	p.mask(Sigs(SIGUSR1, 34))
	for range 3 {
		p.raise(SIGUSR1)
		p.raise(34)
	}
	equal(t, "handlers run while masked", standard.Load()+realtime.Load(), 0)
	p.mask(Sigs(34))
	equal(t, "standard handlers run", standard.Load(), 1)
	equal(t, "real-time handlers run", realtime.Load(), 0)
	p.mask(0)
	equal(t, "standard handlers run", standard.Load(), 1)
	equal(t, "real-time handlers run", realtime.Load(), 3)
}

// [K] What is pending is dropped when it becomes ignored; what is ignored
// while it is masked stays pending.
func TestIgnoringDropsWhatIsPending(t *testing.T) {
	p := newProg(t, Config{})
	p.mask(Sigs(SIGUSR1, SIGUSR2, SIGURG))
	p.raise(SIGUSR1)
	says(t, "Tgkill", 0)(p.Tgkill(p.Getpid(), p.Gettid(), SIGUSR1))
	says(t, "Signal", 0)(p.Signal(SIGUSR1, SIG_IGN))
	says(t, "Signal", 0)(p.Signal(SIGUSR2, SIG_IGN))
	p.raise(SIGUSR2)
	p.raise(SIGURG) // ignored by default
	one, two, three := p.handle(SIGUSR1, 0), p.handle(SIGUSR2, 0), p.handle(SIGURG, 0)
	p.mask(0)
	equal(t, "handlers of what was dropped", one.Load(), 0)
	equal(t, "handlers of what was ignored while masked", two.Load(), 1)
	equal(t, "handlers of what was ignored by default while masked", three.Load(), 1)

	p.mask(Sigs(SIGTERM, SIGALRM))
	p.raise(SIGTERM)
	says(t, "Signal", 0)(p.Signal(SIGALRM, SIG_IGN))
	p.raise(SIGALRM)
	p.mask(Sigs(SIGTERM)) // lets in SIGALRM, which is ignored
	p.fork().mask(0)      // inherits nothing that is pending
	p.Sigprocmask(SIG_SETMASK, new(Sigset), nil)
	endsWith(t, "a call after SIGTERM was let in", Ended{Pid: p.Getpid(), Signal: SIGTERM})(p.Dup(0))
}

// [K] The mask while a handler runs: the action's, and the signal itself
// unless SA_NODEFER; afterwards the old one.
func TestMaskWhileAHandlerRuns(t *testing.T) {
	p := newProg(t, Config{})
	var during, after Sigset
	for _, r := range []struct {
		flags uint
		want  Sigset
	}{{0, Sigs(SIGUSR1, SIGUSR2, SIGHUP)}, {SA_NODEFER, Sigs(SIGUSR2, SIGHUP)}} {
		p.handler(SIGUSR1, r.flags, Sigs(SIGUSR2, SIGKILL), func(sig Signal) {
			equal(t, "signal", sig, SIGUSR1)
			says(t, "Sigprocmask", 0)(p.Sigprocmask(0, nil, &during))
		})
		p.mask(Sigs(SIGHUP))
		p.raise(SIGUSR1)
		equal(t, fmt.Sprintf("mask in the handler, flags %#x", r.flags), during, r.want)
		says(t, "Sigprocmask", 0)(p.Sigprocmask(0, nil, &after))
		equal(t, "mask afterwards", after, Sigs(SIGHUP))
	}
}

// A signal that comes while its handler runs waits for its end; with
// SA_NODEFER it does not.
func TestSignalDuringItsHandler(t *testing.T) {
	p := newProg(t, Config{})
	for flags, want := range map[uint]string{0: "[in out in out]", SA_NODEFER: "[in in out out]"} {
		var steps []string
		depth := 0
		p.handler(SIGUSR1, flags, 0, func(Signal) {
			steps = append(steps, "in")
			if depth++; depth == 1 {
				p.raise(SIGUSR1)
			}
			steps = append(steps, "out")
		})
		p.raise(SIGUSR1)
		equal(t, fmt.Sprintf("steps with flags %#x", flags), fmt.Sprint(steps), want)
	}
}

// [K] SA_RESETHAND: the default is back while the handler runs, the flag stays.
func TestResethandHandlesOnce(t *testing.T) {
	p := newProg(t, Config{})
	child := p.fork()
	var during, after SigAction
	child.handler(SIGTERM, SA_RESETHAND, 0, func(Signal) {
		says(t, "Sigaction", 0)(child.Sigaction(SIGTERM, nil, &during))
	})
	child.raise(SIGTERM)
	says(t, "Sigaction", 0)(child.Sigaction(SIGTERM, nil, &after))
	equal(t, "disposition in the handler", during.Disposition, SIG_DFL)
	equal(t, "disposition afterwards", after.Disposition, SIG_DFL)
	equal(t, "flags afterwards", after.Flags, SA_RESETHAND)
	says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGTERM))
	p.dies(child, SIGTERM)
}

// A handler makes system calls, on the descriptor of the call that it interrupts too.
func TestHandlerMakesSystemCalls(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for _, flags := range []uint{0, SA_RESTART} {
			p.handler(SIGUSR1, flags, 0, func(Signal) { p.send(a, "by the handler") })
			f, _ := p.flyRead(b, 20)
			says(t, "Kill", 0)(p.sys.NewProcess().Kill(p.Getpid(), SIGUSR1))
			if flags == 0 {
				f.lands(t, -1, errno.EINTR)
				p.recv(b, "by the handler")
			} else {
				f.lands(t, 14, 0)
			}
		}
	})
}

// A handler's own call that is interrupted does not keep the call from
// restarting that the handler has interrupted.
func TestSignalInAHandlerIsNoneOfTheInterruptedCall(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		_, b := p.pair(typ)
		p.handle(SIGUSR1, SA_RESTART)
		p.handler(SIGUSR2, SA_RESTART, 0, func(Signal) { p.raise(SIGHUP) })
		p.handle(SIGHUP, 0)
		f, _ := p.flyRead(b, 1)
		killer := p.sys.NewProcess()
		says(t, "Kill", 0)(killer.Kill(p.Getpid(), SIGUSR1))
		f.sleeps(t)
		says(t, "Kill", 0)(killer.Kill(p.Getpid(), SIGUSR2))
		f.sleeps(t)
		p.shutdown(b, SHUT_RD)
		f.lands(t, 0, 0)
	}, SOCK_STREAM)
}

// A signal for the process goes to the task whose call has slept longest and
// that lets it in; with none asleep, to the next that makes a call.
func TestLongestSleeperTakesTheSignal(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		_, b := p.pair(typ)
		var took []int
		var mu sync.Mutex
		who := map[int]string{}
		p.handler(SIGUSR1, 0, 0, func(Signal) {})
		var asleep []*flight
		for _, name := range []string{"deaf", "first", "second"} {
			thread := p.as(p.Thread())
			who[thread.Gettid()] = name
			if name == "deaf" {
				thread.mask(Sigs(SIGUSR1))
			}
			asleep = append(asleep, fly(name, func() (int, error) {
				n, err := thread.Read(b, make([]byte, 1))
				if err == errno.EINTR {
					mu.Lock()
					took = append(took, thread.Gettid())
					mu.Unlock()
				}
				return n, err
			}))
		}
		killer := p.sys.NewProcess()
		for i := range 2 {
			says(t, "Kill", 0)(killer.Kill(p.Getpid(), SIGUSR1))
			synctest.Wait()
			equal(t, "tasks interrupted", len(took), i+1)
		}
		equal(t, "first to be interrupted", who[took[0]], "first")
		equal(t, "second to be interrupted", who[took[1]], "second")
		asleep[0].sleeps(t)
		ran := p.handle(SIGUSR1, 0)
		says(t, "Kill", 0)(killer.Kill(p.Getpid(), SIGUSR1))
		synctest.Wait()
		equal(t, "handlers run with only the deaf asleep", ran.Load(), 0)
		p.Fsync(b)
		equal(t, "handlers run at the next call of another", ran.Load(), 1)
		p.shutdown(b, SHUT_RD)
		asleep[0].lands(t, 0, 0)
	}, SOCK_STREAM)
}

// Tgkill reaches its task alone.
func TestTgkillReachesItsTask(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		_, b := p.pair(typ)
		p.handle(SIGUSR1, 0)
		one, two := p.as(p.Thread()), p.as(p.Thread())
		first, _ := one.flyRead(b, 1)
		second, _ := two.flyRead(b, 1)
		says(t, "Tgkill", 0)(p.Tgkill(p.Getpid(), two.Gettid(), SIGUSR1))
		second.lands(t, -1, errno.EINTR)
		first.sleeps(t)
		ran := p.handle(SIGUSR1, 0)
		says(t, "Tgkill", 0)(p.Tgkill(p.Getpid(), two.Gettid(), SIGUSR1))
		p.Fsync(b)
		equal(t, "handlers run at another task's call", ran.Load(), 0)
		two.Fsync(b)
		equal(t, "handlers run at the task's own call", ran.Load(), 1)
		p.shutdown(b, SHUT_RD)
		first.lands(t, 0, 0)
	}, SOCK_DGRAM)
}

// What is ignored, or masked, wakes nobody [K].
func TestIgnoredSignalWakesNobody(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		_, b := p.pair(typ)
		says(t, "Signal", 0)(p.Signal(SIGUSR1, SIG_IGN))
		p.handle(SIGUSR2, 0)
		p.mask(Sigs(SIGUSR2))
		f, _ := p.flyRead(b, 1)
		killer := p.sys.NewProcess()
		for _, sig := range []Signal{SIGUSR1, SIGUSR2, SIGCHLD, SIGWINCH, SIGCONT, 0} {
			says(t, "Kill", 0)(killer.Kill(p.Getpid(), sig))
			f.sleeps(t)
		}
		p.shutdown(b, SHUT_RD)
		f.lands(t, 0, 0)
	})
}

// [K] Exec takes the handlers away and keeps what is ignored, masked and pending.
func TestExecResetsHandlers(t *testing.T) {
	p := newProg(t, Config{})
	child := p.fork()
	ran := child.handle(SIGUSR1, 0)
	says(t, "Signal", 0)(child.Signal(SIGUSR2, SIG_IGN))
	child.mask(Sigs(SIGUSR1))
	child.raise(SIGUSR1)
	says(t, "Exec", 0)(child.Exec())
	var act SigAction
	says(t, "Sigaction", 0)(child.Sigaction(SIGUSR1, nil, &act))
	equal(t, "handled before", act.Disposition, SIG_DFL)
	says(t, "Sigaction", 0)(child.Sigaction(SIGUSR2, nil, &act))
	equal(t, "ignored before", act.Disposition, SIG_IGN)
	var mask Sigset
	says(t, "Sigprocmask", 0)(child.Sigprocmask(0, nil, &mask))
	equal(t, "mask", mask, Sigs(SIGUSR1))
	child.Sigprocmask(SIG_SETMASK, new(Sigset), nil)
	p.dies(child, SIGUSR1)
	equal(t, "handlers run", ran.Load(), 0)
}

// A child has its parent's dispositions and the mask of the task that forked;
// a program that Start makes has no handlers.
func TestChildInheritsDispositions(t *testing.T) {
	p := newProg(t, Config{})
	ran := p.handle(SIGUSR1, 0)
	says(t, "Signal", 0)(p.Signal(SIGPIPE, SIG_IGN))
	p.mask(Sigs(SIGTERM))
	child := p.fork()
	child.raise(SIGUSR1)
	equal(t, "handlers run in the child", ran.Load(), 1)
	child.raise(SIGPIPE)
	child.raise(SIGTERM)
	child.Exit(0)
	p.exits(child, 0)
	p.dies(p.start(ProcAttr{}, func(q *Process) int {
		q.Kill(q.Getpid(), SIGPIPE)
		q.Kill(q.Getpid(), SIGTERM)
		q.Kill(q.Getpid(), SIGUSR1)
		t.Error("the program survived SIGUSR1, which it does not handle")
		return 0
	}), SIGUSR1)
}

// A child that ends sends SIGCHLD to its parent.
func TestChildsEndSendsSIGCHLD(t *testing.T) {
	p := newProg(t, Config{})
	ran := p.handle(SIGCHLD, 0)
	for i := range 3 {
		child := p.fork()
		child.Exit(0)
		p.exits(child, 0)
		equal(t, "handlers run", ran.Load(), int64(i+1))
	}
	stranger := p.sys.NewProcess()
	stranger.Exit(0)
	p.Fsync(0)
	equal(t, "handlers run", ran.Load(), 3)
}

// A deadly signal that is pending ends the process when it is let in, in
// whatever call.
func TestDeadlySignalWaitsForTheMask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		child := p.fork()
		child.mask(Sigs(SIGTERM))
		says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGTERM))
		gives(t, "Poll", 0)(child.Poll(nil, 0))
		none := Sigset(0)
		n, err := child.Ppoll(nil, nil, &none)
		endsWith(t, "Ppoll that lets SIGTERM in", Ended{Pid: child.Getpid(), Signal: SIGTERM})(n, err)
		p.dies(child, SIGTERM)
		child = p.fork()
		child.mask(^Sigset(0))
		says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGKILL))
		p.dies(child, SIGKILL)
	})
}
