package emu

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/errno"
)

// fork makes a child that the test plays.
func (p prog) fork() prog {
	p.t.Helper()
	child, err := p.Fork()
	if err != nil {
		p.t.Fatalf("Fork = %v, want nil", err)
	}
	return p.as(child)
}

// start makes a child that runs a function.
func (p prog) start(attr ProcAttr, program func(*Process) int) prog {
	p.t.Helper()
	child, err := p.Start(attr, program)
	if err != nil {
		p.t.Fatalf("Start = %v, want nil", err)
	}
	return p.as(child)
}

// exits waits for a child that exits with a status.
func (p prog) exits(child prog, code int) {
	p.t.Helper()
	pid, status, err := p.Wait4(child.Getpid(), 0)
	gives(p.t, "Wait4", child.Getpid())(pid, err)
	equal(p.t, "Exited()", status.Exited(), true)
	equal(p.t, "ExitStatus()", status.ExitStatus(), code)
}

// dies waits for a child that a signal has ended.
func (p prog) dies(child prog, sig Signal) {
	p.t.Helper()
	pid, status, err := p.Wait4(child.Getpid(), 0)
	gives(p.t, "Wait4", child.Getpid())(pid, err)
	equal(p.t, "Signaled()", status.Signaled(), true)
	equal(p.t, "Signal()", status.Signal(), sig)
	equal(p.t, "ExitStatus()", status.ExitStatus(), -1)
}

// descriptors is what is open, as text.
func descriptors(p prog) string { return fmt.Sprint(p.Descriptors()) }

func TestProcessesAreNumberedFromFirstPid(t *testing.T) {
	sys := newMachine(t, Config{FirstPid: 50, UID: 7, GID: 8})
	for pid := 50; pid < 53; pid++ {
		p := sys.NewProcess()
		equal(t, "Getpid()", p.Getpid(), pid)
		equal(t, "Gettid()", p.Gettid(), pid)
		equal(t, "Getppid()", p.Getppid(), 0)
		equal(t, "Cred()", p.Cred(), Cred{pid, 7, 8})
	}
	p := prog{sys.NewProcess(), t}
	child := p.fork()
	equal(t, "Getpid() of a child", child.Getpid(), 54)
	equal(t, "Getppid() of a child", child.Getppid(), 53)
	equal(t, "Gettid() of a thread", child.Thread().Gettid(), 55)
	equal(t, "Cred() of a child", child.Cred(), Cred{54, 7, 8})
}

// [FD-02] A child has its parent's descriptors, with their flags, on the same
// descriptions, in a table of its own.
func TestForkCopiesTheTableAndSharesTheDescriptions(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		gives(t, "F_SETFD", 0)(p.Fcntl(b, F_SETFD, FD_CLOEXEC))
		gives(t, "Dup2", 9)(p.Dup2(a, 9))
		child := p.fork()
		equal(t, "descriptors of the child", descriptors(child), "[0 1 9]")
		equal(t, "F_GETFD in the child", child.getfd(b), FD_CLOEXEC)
		child.send(a, "from the child")
		p.recv(b, "from the child")
		says(t, "SetNonblock", 0)(child.SetNonblock(9, true))
		equal(t, "F_GETFL in the parent", p.getfl(a), O_RDWR|O_NONBLOCK)
		gives(t, "F_SETFD", 0)(child.Fcntl(b, F_SETFD, 0))
		equal(t, "F_GETFD in the parent", p.getfd(b), FD_CLOEXEC)
		child.close(0, 1, 9)
		p.send(a, "still open")
		p.recv(b, "still open")
		p.close(a, b, 9)
		equal(t, "open files", p.sys.Files(), 0)
	})
}

// [FD-02] CLOFORK descriptors are not in the child; their numbers are free there.
func TestForkLeavesOutClofork(t *testing.T) {
	p := newProg(t, Config{Personality: POSIX()})
	var sv [2]int
	says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOFORK, 0, &sv))
	p.pair(SOCK_STREAM)
	gives(t, "F_SETFD", 0)(p.Fcntl(sv[1], F_SETFD, 0))
	child := p.fork()
	equal(t, "descriptors of the child", descriptors(child), "[1 2 3]")
	a, b := child.pair(SOCK_DGRAM)
	equal(t, "a pair of the child", [2]int{a, b}, [2]int{0, 4})
}

// [FD-04] The parent writes, the child reads: the child has the read side
// only, so the parent's close is the end of what it reads.
func TestParentWritesChildReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{Personality: POSIX()})
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOFORK|SOCK_CLOEXEC, 0, &sv))
		gives(t, "F_SETFD", 0)(p.Fcntl(sv[0], F_SETFD, 0))
		child := p.fork()
		gives(t, "Write", 5)(p.Write(sv[1], []byte("hello")))
		p.close(sv[1])
		got := make([]byte, 9)
		gives(t, "Read in the child", 5)(child.Read(sv[0], got))
		gives(t, "Read in the child", 0)(child.Read(sv[0], got))
	})
}

// [FD-01] Exec closes what is CLOEXEC and nothing else.
func TestExecClosesCloexec(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		a, b := p.pair(SOCK_STREAM)
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, &sv))
		gives(t, "Dup2", 9)(p.Dup2(sv[0], 9))
		gives(t, "F_SETFD", 0)(p.Fcntl(b, F_SETFD, FD_CLOEXEC))
		says(t, "Exec", 0)(p.Exec())
		equal(t, "descriptors after Exec", descriptors(p), "[0 9]")
		p.eof(a)
		p.eof(9)
	})
}

// [FD-01, FD-03] Other processes are forked while pairs come and go: none of
// their descriptors is without the flag that it was made with.
func TestForkNeverSeesAPairWithoutItsFlags(t *testing.T) {
	for _, r := range []struct {
		rules *Personality
		flags int
	}{{Linux(), SOCK_CLOEXEC}, {POSIX(), SOCK_CLOEXEC}, {POSIX(), SOCK_CLOFORK}, {POSIX(), SOCK_CLOEXEC | SOCK_CLOFORK}} {
		p := newProg(t, Config{Personality: r.rules})
		var makers, forkers sync.WaitGroup
		for range 2 {
			makers.Go(func() {
				for range 150 {
					a, b, err := p.Pair(SOCK_STREAM | r.flags)
					if err != nil {
						t.Errorf("Pair = %v, want nil", err)
						return
					}
					p.close(a, b)
				}
			})
			forkers.Go(func() {
				for range 100 {
					child := p.fork()
					for _, fd := range child.Descriptors() {
						if r.flags&SOCK_CLOFORK != 0 {
							t.Errorf("child has descriptor %d, want none with FD_CLOFORK", fd)
						}
						equal(t, "F_GETFD in the child", child.getfd(fd), FD_CLOEXEC)
					}
					says(t, "Exec", 0)(child.Exec())
					equal(t, "descriptors after Exec", descriptors(child), "[]")
					child.Exit(0)
				}
			})
		}
		makers.Wait()
		forkers.Wait()
		equal(t, "open files", p.sys.Files(), 0)
	}
}

// Start gives the child the files named, under the numbers of their places,
// without flags, and nothing else.
func TestStartPassesTheFilesNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules, SoftFiles: 8})
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, SOCK_STREAM|rules.TypeFlags&^SOCK_NONBLOCK, 0, &sv))
		says(t, "Foreign", 0)(p.Foreign(5, "file"))
		child := p.start(ProcAttr{Files: []int{sv[1], -1, 5, -7, sv[1]}, Cred: &Cred{Uid: 3, Gid: 4}}, func(q *Process) int {
			c := p.as(q)
			equal(t, "descriptors of the child", descriptors(c), "[0 2 4]")
			equal(t, "IsForeign(2)", q.IsForeign(2), true)
			for _, fd := range q.Descriptors() {
				equal(t, "F_GETFD in the child", c.getfd(fd), 0)
			}
			equal(t, "Cred()", q.Cred(), Cred{q.Getpid(), 3, 4})
			equal(t, "Getppid()", q.Getppid(), p.Getpid())
			gives(t, "Write", 2)(q.Write(0, []byte("hi")))
			return 42
		})
		p.exits(child, 42)
		p.recv(sv[0], "hi")
		p.close(sv[1])
		p.eof(sv[0])
		for _, r := range []struct {
			files []int
			want  errno.Errno
		}{{[]int{sv[0], 6}, errno.EBADF}, {[]int{math.MaxInt32}, errno.EBADF}, {make([]int, 9), errno.EMFILE}} {
			_, err := p.Start(ProcAttr{Files: r.files}, func(*Process) int { t.Error("the program ran"); return 0 })
			says(t, fmt.Sprintf("Start with %v", r.files), r.want)(err)
		}
		_, _, err := p.Wait4(-1, 0)
		says(t, "Wait4 after that", errno.ECHILD)(err)
	})
}

// The value of the program, or of Exit, is the status; 8 bits of it show.
func TestExitStatusIsEightBits(t *testing.T) {
	p := newProg(t, Config{})
	for code, want := range map[int]int{0: 0, 1: 1, 255: 255, 256: 0, 300: 44, -1: 255} {
		p.exits(p.start(ProcAttr{}, func(*Process) int { return code }), want)
		p.exits(p.start(ProcAttr{}, func(q *Process) int { q.Exit(code); return 99 }), want)
		child := p.fork()
		child.Exit(code)
		child.Exit(77) // the first counts
		p.exits(child, want)
	}
}

// A program is unwound, deferred calls included, from the call in which its
// process ends.
func TestProgramIsUnwound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		a, b := p.pair(SOCK_STREAM)
		var steps []string
		child := p.start(ProcAttr{Files: []int{b}}, func(q *Process) int {
			defer func() { steps = append(steps, "deferred") }()
			q.Read(0, make([]byte, 1))
			steps = append(steps, "returned")
			return 5
		})
		synctest.Wait()
		says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGTERM))
		synctest.Wait()
		equal(t, "steps", fmt.Sprint(steps), "[deferred]")
		p.dies(child, SIGTERM)
		p.send(a, "nobody read")
		p.recv(b, "nobody read")
	})
}

// A program whose process has ended while it was computing is unwound by its
// next call; a deferred call that makes system calls is unwound as well.
func TestLaterCallsOfAProgramUnwindIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		_, b := p.pair(SOCK_STREAM)
		resume := make(chan bool)
		var steps []string
		child := p.start(ProcAttr{Files: []int{b}}, func(q *Process) int {
			defer func() { steps = append(steps, "outer") }()
			defer func() {
				defer func() { steps = append(steps, "inner") }()
				q.Write(0, []byte("x"))
				steps = append(steps, "written")
			}()
			<-resume
			q.Getpid() // asks for nothing
			steps = append(steps, "resumed")
			q.Close(0)
			steps = append(steps, "closed")
			return 0
		})
		says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGKILL))
		p.dies(child, SIGKILL)
		resume <- true
		synctest.Wait()
		equal(t, "steps", fmt.Sprint(steps), "[resumed inner outer]")
	})
}

// Exit does not return to a program, nor does the SIGPIPE that ends it.
func TestProgramEndsItself(t *testing.T) {
	p := newProg(t, Config{})
	_, b := p.pair(SOCK_STREAM)
	c, d := p.pair(SOCK_STREAM)
	p.close(d)
	p.exits(p.start(ProcAttr{Files: []int{b}}, func(q *Process) int {
		q.Exit(9)
		t.Error("Exit returned to the program")
		return 0
	}), 9)
	p.dies(p.start(ProcAttr{Files: []int{c}}, func(q *Process) int {
		q.Write(0, []byte("x"))
		t.Error("Write to a broken stream returned to the program")
		return 0
	}), SIGPIPE)
	p.exits(p.start(ProcAttr{}, func(q *Process) int {
		done := make(chan bool)
		thread := q.Thread()
		go func() {
			defer close(done)
			thread.ExitThread()
			t.Error("ExitThread returned to the program")
		}()
		<-done
		return 7
	}), 7)
	p.exits(p.start(ProcAttr{}, func(q *Process) int { q.ExitThread(); return 1 }), 0) // the last one
}

// Wait4 looks at its arguments in this order [K].
func TestWait4ChecksItsArguments(t *testing.T) {
	p := newProg(t, Config{})
	child := p.fork()
	grandchild := child.fork()
	grandchild.Exit(0)
	stranger := p.as(p.sys.NewProcess())
	wait := func(pid, options int) (int, error) {
		n, status, err := p.Wait4(pid, options)
		if n <= 0 {
			equal(t, "status", status, WaitStatus{})
		}
		return n, err
	}
	for _, bad := range []int{4, 0x10, WNOHANG | 0x1000000, math.MinInt32 >> 3} {
		for _, pid := range []int{child.Getpid(), math.MinInt32, 99} {
			fails(t, fmt.Sprintf("Wait4(%d, %#x)", pid, bad), errno.EINVAL)(wait(pid, bad))
		}
	}
	fails(t, "Wait4 of the least int", errno.ESRCH)(wait(math.MinInt32, WNOHANG))
	for _, pid := range []int{p.Getpid(), grandchild.Getpid(), stranger.Getpid(), 1, 99999, -stranger.Getpid(), -99999} {
		fails(t, fmt.Sprintf("Wait4(%d)", pid), errno.ECHILD)(wait(pid, 0))
		fails(t, fmt.Sprintf("Wait4(%d, WNOHANG)", pid), errno.ECHILD)(wait(pid, WNOHANG))
	}
	for _, pid := range []int{-1, 0, child.Getpid(), -p.Getpid()} {
		gives(t, fmt.Sprintf("Wait4(%d, WNOHANG) of a living child", pid), 0)(wait(pid, WNOHANG|WUNTRACED|WCONTINUED|0x40000000))
	}
	for _, pid := range []int{-1, 0, child.Getpid(), -p.Getpid()} {
		child := child
		if pid != child.Getpid() {
			child = p.fork()
		}
		child.Exit(1)
		if pid > 0 {
			gives(t, fmt.Sprintf("Wait4(%d)", pid), child.Getpid())(wait(pid, 0))
			continue
		}
		gives(t, fmt.Sprintf("Wait4(%d)", pid), child.Getpid())(wait(pid, WNOHANG))
	}
	fails(t, "Wait4 with no child left", errno.ECHILD)(wait(-1, 0))
}

// [K] Of several zombies the one made first is found first, whichever died first.
func TestZombiesAreFoundInOrderOfCreation(t *testing.T) {
	p := newProg(t, Config{})
	one, two := p.fork(), p.fork()
	two.Exit(2)
	one.Exit(1)
	for _, want := range []prog{one, two} {
		pid, _, err := p.Wait4(-1, 0)
		gives(t, "Wait4(-1)", want.Getpid())(pid, err)
	}
}

// Of a process that was killed only its first task is left until it is waited for.
func TestTasksOfAKilledProcessAreGone(t *testing.T) {
	p := newProg(t, Config{})
	child := p.fork()
	thread := child.Thread()
	says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGKILL))
	says(t, "Tgkill of the zombie", 0)(p.Tgkill(child.Getpid(), child.Getpid(), 0))
	says(t, "Tgkill of its other task", errno.ESRCH)(p.Tgkill(child.Getpid(), thread.Gettid(), 0))
}

// A zombie has no descriptors, can be signalled, and is gone when waited for.
func TestZombieStaysUntilItIsWaitedFor(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	child := p.fork()
	p.close(b)
	p.recvFails(a, errno.EAGAIN)
	child.Exit(3)
	p.eof(a)
	says(t, "Kill 0 of a zombie", 0)(p.Kill(child.Getpid(), 0))
	says(t, "Kill of a zombie", 0)(p.Kill(child.Getpid(), SIGKILL))
	says(t, "Tgkill of a zombie", 0)(p.Tgkill(child.Getpid(), child.Getpid(), 0))
	p.exits(child, 3)
	says(t, "Kill after the wait", errno.ESRCH)(p.Kill(child.Getpid(), 0))
	pid, _, err := p.Wait4(child.Getpid(), 0)
	fails(t, "Wait4 again", errno.ECHILD)(pid, err)
}

// A sleeping Wait4 is woken by a child that it waits for, and by no other.
func TestWait4WaitsForItsChild(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		one, two, three := p.fork(), p.fork(), p.fork()
		wait := func(pid int) *flight {
			thread := p.Thread()
			return fly(fmt.Sprintf("Wait4(%d)", pid), func() (int, error) { n, _, err := thread.Wait4(pid, 0); return n, err })
		}
		forOne, forAny, forOneToo := wait(one.Getpid()), wait(-1), wait(one.Getpid())
		forOne.sleeps(t)
		two.Exit(0)
		forAny.lands(t, two.Getpid(), 0)
		forOne.sleeps(t)
		one.Exit(0)
		synctest.Wait()
		first, second := forOne, forOneToo
		if first.n < 0 {
			first, second = second, first
		}
		first.lands(t, one.Getpid(), 0)
		second.lands(t, -1, errno.ECHILD) // somebody else has found it
		rest := wait(-1)
		rest.sleeps(t)
		three.Exit(0)
		rest.lands(t, three.Getpid(), 0)
	})
}

// [K] A handler interrupts Wait4, or it restarts; the very child's SIGCHLD
// does not keep it from the child.
func TestSignalInterruptsWait4(t *testing.T) {
	for _, flags := range []uint{0, SA_RESTART} {
		synctest.Test(t, func(t *testing.T) {
			p := newProg(t, Config{})
			usr1, chld := p.handle(SIGUSR1, flags), p.handle(SIGCHLD, flags)
			other := p.sys.NewProcess()
			child := p.fork()
			f := fly("Wait4", func() (int, error) { n, _, err := p.Wait4(-1, 0); return n, err })
			f.sleeps(t)
			says(t, "Kill", 0)(other.Kill(p.Getpid(), SIGUSR1))
			synctest.Wait()
			equal(t, "handlers run", usr1.Load(), 1)
			if flags == 0 {
				f.lands(t, -1, errno.EINTR)
				f = fly("Wait4 again", func() (int, error) { n, _, err := p.Wait4(-1, 0); return n, err })
			}
			f.sleeps(t)
			child.Exit(0)
			f.lands(t, child.Getpid(), 0)
			equal(t, "SIGCHLD handlers run", chld.Load(), 1)
		})
	}
}

// [K] Who ignores SIGCHLD, or says SA_NOCLDWAIT, has no zombies: Wait4 sleeps
// until the last child has ended, and finds none. A zombie that was there
// before stays.
func TestIgnoredChildrenLeaveNoZombies(t *testing.T) {
	for name, act := range map[string]SigAction{
		"SIG_IGN":                   {Disposition: SIG_IGN},
		"SIG_DFL with SA_NOCLDWAIT": {Flags: SA_NOCLDWAIT},
		"handler with SA_NOCLDWAIT": {Disposition: SIG_HANDLE, Handler: func(Signal) {}, Flags: SA_NOCLDWAIT | SA_RESTART},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newProg(t, Config{})
			before, one, two := p.fork(), p.fork(), p.fork()
			before.Exit(5)
			says(t, "Sigaction", 0)(p.Sigaction(SIGCHLD, &act, nil))
			p.exits(before, 5)
			pid, _, err := p.Wait4(-1, WNOHANG)
			gives(t, name+": Wait4(-1, WNOHANG)", 0)(pid, err)
			f := fly(name+": Wait4", func() (int, error) { n, _, err := p.Wait4(-1, 0); return n, err })
			one.Exit(0)
			f.sleeps(t)
			says(t, "Kill 0 of the child that ended", errno.ESRCH)(p.sys.NewProcess().Kill(one.Getpid(), 0))
			two.Exit(0)
			f.lands(t, -1, errno.ECHILD)
		})
	}
}

// Who loses the parent has none any more, and leaves no zombie.
func TestOrphanHasNoParent(t *testing.T) {
	p := newProg(t, Config{})
	child := p.fork()
	grandchild, zombie := child.fork(), child.fork()
	zombie.Exit(0)
	equal(t, "Getppid()", grandchild.Getppid(), child.Getpid())
	child.Exit(0)
	equal(t, "Getppid() of an orphan", grandchild.Getppid(), 0)
	says(t, "Kill 0 of the orphaned zombie", errno.ESRCH)(p.Kill(zombie.Getpid(), 0))
	says(t, "Kill 0 of the orphan", 0)(p.Kill(grandchild.Getpid(), 0))
	grandchild.Exit(0)
	says(t, "Kill 0 of the ended orphan", errno.ESRCH)(p.Kill(grandchild.Getpid(), 0))
	p.exits(child, 0)
}

// The user and group of a process may be changed by user 0 alone.
func TestSetuidNeedsUser0(t *testing.T) {
	p := newProg(t, Config{})
	says(t, "Setuid(-1)", errno.EINVAL)(p.Setuid(-1))
	says(t, "Setgid(-1)", errno.EINVAL)(p.Setgid(-1))
	says(t, "Setgid(9)", 0)(p.Setgid(9))
	says(t, "Setuid(7)", 0)(p.Setuid(7))
	says(t, "Setuid(7) again", 0)(p.Setuid(7))
	says(t, "Setuid(0)", errno.EPERM)(p.Setuid(0))
	says(t, "Setgid(0)", errno.EPERM)(p.Setgid(0))
	says(t, "Setgid(9) again", 0)(p.Setgid(9))
	equal(t, "Cred()", p.Cred(), Cred{p.Getpid(), 7, 9})
}

// Threads share everything but the number, the mask, and their end.
func TestThreadsShareTheProcess(t *testing.T) {
	p := newProg(t, Config{})
	thread := p.as(p.Thread())
	equal(t, "Getpid()", thread.Getpid(), p.Getpid())
	if thread.Gettid() == p.Gettid() {
		t.Errorf("Gettid() = %d, want another than the first task's", thread.Gettid())
	}
	a, b := thread.pair(SOCK_STREAM)
	p.send(a, "same table")
	thread.recv(b, "same table")
	thread.ExitThread()
	endsWith(t, "a call of the thread that has ended", Ended{Pid: p.Getpid()})(value(thread.Close(a)))
	p.send(a, "goes on")
	endsWith(t, "a later call of the thread that has ended", Ended{Pid: p.Getpid()})(value(thread.Close(a)))
	p.recv(b, "goes on")
	says(t, "Tgkill of the thread that has ended", errno.ESRCH)(p.Tgkill(p.Getpid(), thread.Gettid(), 0))
	p.ExitThread()
	endsWith(t, "a call after the last thread's end", Ended{Pid: p.Getpid()})(value(p.Close(a)))
	equal(t, "open files", p.sys.Files(), 0)
}

// Exec leaves the caller's task only.
func TestExecEndsTheOtherThreads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		a, b := p.pair(SOCK_STREAM)
		idle, asleep := p.as(p.Thread()), p.as(p.Thread())
		f, _ := asleep.flyRead(b, 9)
		says(t, "Exec", 0)(p.Exec())
		synctest.Wait()
		endsWith(t, "the read of another thread", Ended{Pid: p.Getpid()})(f.n, f.err)
		p.send(a, "goes on")
		for range 2 {
			endsWith(t, "a call of another thread", Ended{Pid: p.Getpid()})(value(idle.Close(b)))
			p.recv(b, "goes on")
			p.send(a, "goes on")
		}
		says(t, "Tgkill of another thread", errno.ESRCH)(p.Tgkill(p.Getpid(), idle.Gettid(), 0))
	})
}

// Every call of a process that has ended says how it ended.
func TestEveryCallOfAnEndedProcessSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		for name, observer := range map[string]func(Event){"": nil, "observed ": func(Event) {}} {
			p := newProg(t, Config{Personality: rules, Observer: observer})
			a, b := p.pair(SOCK_STREAM)
			thread := p.Thread()
			p.Exit(5)
			p.Exit(6)
			how := Ended{Pid: p.Getpid(), Code: 5}
			for call, f := range p.everyCall(a, b) {
				endsWith(t, name+call, how)(f())
			}
			endsWith(t, "a thread's Read", how)(thread.Read(a, make([]byte, 1)))
			endsWith(t, "a new thread's Read", how)(p.Thread().Read(a, make([]byte, 1)))
			equal(t, "open files", p.sys.Files(), 0)
			equal(t, "Ended", how.Error(), fmt.Sprintf("process %d has exited with 5", how.Pid))
		}
	})
	p := newProg(t, Config{})
	p.Kill(p.Getpid(), SIGTERM)
	_, err := p.Dup(0)
	equal(t, "Ended", fmt.Sprint(err), fmt.Sprintf("process %d was killed by SIGTERM", p.Getpid()))
}

// everyCall are calls that an ended process makes, on descriptors that it had.
func (p prog) everyCall(a, b int) map[string]func() (int, error) {
	one, room, hour := make([]byte, 1), 1, time.Hour
	var sv [2]int
	return map[string]func() (int, error){
		"Socketpair":  func() (int, error) { return value(p.Socketpair(AF_UNIX, SOCK_STREAM, 0, &sv)) },
		"Pair":        func() (int, error) { n, _, err := p.Pair(SOCK_DGRAM); return n, err },
		"Read":        func() (int, error) { return p.Read(a, one) },
		"Readv":       func() (int, error) { return p.Readv(a, [][]byte{one}) },
		"Write":       func() (int, error) { return p.Write(a, one) },
		"Writev":      func() (int, error) { return p.Writev(a, [][]byte{one}) },
		"Writev of 0": func() (int, error) { return p.Writev(a, nil) },
		"Send":        func() (int, error) { return p.Send(a, one, 0) },
		"Sendto":      func() (int, error) { return p.Sendto(a, one, 0, one) },
		"Sendmsg":     func() (int, error) { return p.Sendmsg(a, &Msghdr{}, 0) },
		"Sendmmsg":    func() (int, error) { return p.Sendmmsg(a, mmsg(2, 2), 0) },
		"Recv":        func() (int, error) { return p.Recv(a, one, 0) },
		"Recvfrom":    func() (int, error) { return p.Recvfrom(a, one, 0, one, &room) },
		"Recvmsg":     func() (int, error) { return p.Recvmsg(a, &Msghdr{}, 0) },
		"Recvmmsg":    func() (int, error) { return p.Recvmmsg(a, mmsg(2, 2), 0, nil) },
		"Shutdown":    func() (int, error) { return value(p.Shutdown(a, SHUT_RD)) },
		"Close":       func() (int, error) { return value(p.Close(b)) },
		"CloseRange":  func() (int, error) { return value(p.CloseRange(0, 9, 0)) },
		"Dup":         func() (int, error) { return p.Dup(a) },
		"Dup2":        func() (int, error) { return p.Dup2(a, 7) },
		"Dup2 equal":  func() (int, error) { return p.Dup2(a, a) },
		"Dup3":        func() (int, error) { return p.Dup3(a, 7, 0) },
		"F_DUPFD":     func() (int, error) { return p.Fcntl(a, F_DUPFD, 0) },
		"F_GETFL":     func() (int, error) { return p.Fcntl(a, F_GETFL, 0) },
		"F_SETFD":     func() (int, error) { return p.Fcntl(a, F_SETFD, 0) },
		"SetNonblock": func() (int, error) { return value(p.SetNonblock(a, true)) },
		"Getsockname": func() (int, error) { return value(p.Getsockname(a, one, &room)) },
		"Getpeername": func() (int, error) { return value(p.Getpeername(a, one, &room)) },
		"Lseek":       func() (int, error) { n, err := p.Lseek(a, 0, 0); return int(n), err },
		"Pread":       func() (int, error) { return p.Pread(a, one, 0) },
		"Pwrite":      func() (int, error) { return p.Pwrite(a, one, 0) },
		"Ftruncate":   func() (int, error) { return value(p.Ftruncate(a, 0)) },
		"Fsync":       func() (int, error) { return value(p.Fsync(a)) },
		"Foreign":     func() (int, error) { return value(p.Foreign(3, "file")) },
		"Poll":        func() (int, error) { return p.Poll([]PollFd{{Fd: a, Events: POLLIN}}, -1) },
		"Ppoll":       func() (int, error) { return p.Ppoll(nil, &hour, new(Sigset)) },
		"SO_ERROR":    func() (int, error) { return p.GetsockoptInt(a, SOL_SOCKET, SO_ERROR) },
		"SO_SNDBUF":   func() (int, error) { return value(p.SetsockoptInt(a, SOL_SOCKET, SO_SNDBUF, 9)) },
		"FIONREAD":    func() (int, error) { return p.IoctlGetInt(a, FIONREAD) },
		"Fork":        func() (int, error) { _, err := p.Fork(); return value(err) },
		"Start": func() (int, error) {
			_, err := p.Start(ProcAttr{}, func(*Process) int { p.t.Error("the program ran"); return 0 })
			return value(err)
		},
		"Exec":        func() (int, error) { return value(p.Exec()) },
		"Wait4":       func() (int, error) { n, _, err := p.Wait4(-1, 0); return n, err },
		"Kill":        func() (int, error) { return value(p.Kill(p.Getpid(), 0)) },
		"Tgkill":      func() (int, error) { return value(p.Tgkill(p.Getpid(), p.Gettid(), 0)) },
		"Sigaction":   func() (int, error) { return value(p.Sigaction(SIGPIPE, nil, nil)) },
		"Signal":      func() (int, error) { return value(p.Signal(SIGPIPE, SIG_IGN)) },
		"Sigprocmask": func() (int, error) { return value(p.Sigprocmask(SIG_BLOCK, nil, nil)) },
		"Setuid":      func() (int, error) { return value(p.Setuid(0)) },
		"Setgid":      func() (int, error) { return value(p.Setgid(0)) },
		"Getrlimit":   func() (int, error) { _, err := p.Getrlimit(RLIMIT_NOFILE); return value(err) },
		"Setrlimit":   func() (int, error) { return value(p.Setrlimit(RLIMIT_NOFILE, Rlimit{1, 1})) },
		"Prlimit":     func() (int, error) { return value(p.Prlimit(0, RLIMIT_NOFILE, nil, nil)) },
	}
}

// Every call that sleeps when its process ends says how it ended.
func TestEverySleepingCallOfAnEndedProcessSaysSo(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		parent := p.fork()
		child := parent.fork() // for Wait4 to wait for
		parent.stuff(a)
		var asleep []*flight
		for name, call := range parent.blockingSends() {
			asleep = append(asleep, fly(name, func() (int, error) { return call(a) }))
		}
		for name, call := range parent.blockingRecvs() {
			asleep = append(asleep, fly(name, func() (int, error) { return call(a) }))
		}
		asleep = append(asleep,
			fly("Wait4", func() (int, error) { n, _, err := parent.Wait4(-1, 0); return n, err }),
			fly("Poll", func() (int, error) { return parent.Poll([]PollFd{{Fd: a, Events: POLLIN}}, -1) }),
			fly("Poll of nothing", func() (int, error) { return parent.Poll(nil, -1) }))
		equal(t, "Blocked()", p.sys.Blocked(), len(asleep))
		sound(t, "with all asleep", p.sys)
		says(t, "Kill", 0)(p.Kill(parent.Getpid(), SIGKILL))
		synctest.Wait()
		equal(t, "Blocked()", p.sys.Blocked(), 0)
		for _, f := range asleep {
			equal(t, f.name+" is over", f.over(), true)
			endsWith(t, f.name, Ended{Pid: parent.Getpid(), Signal: SIGKILL})(f.n, f.err)
		}
		child.Exit(0)
		p.close(a, b)
		equal(t, "open files", p.sys.Files(), 0)
	})
}

// A process that ends while others of its tasks make pairs, copies and
// children leaves nothing open.
func TestEndLeavesNothingOpen(t *testing.T) {
	for range 20 {
		p := newProg(t, Config{})
		child := p.fork()
		var tasks sync.WaitGroup
		for range 3 {
			tasks.Go(func() {
				for range 1000 {
					a, b, err := child.Pair(SOCK_STREAM)
					if err != nil {
						return
					}
					child.Dup(a)
					child.Dup2(b, 30)
					child.Foreign(31, "file")
					if grandchild, _ := child.Fork(); grandchild != nil { // made, although its parent may have ended
						grandchild.Exit(0)
					}
					child.CloseRange(0, 40, 0)
				}
			})
		}
		says(t, "Kill", 0)(p.Kill(child.Getpid(), SIGKILL))
		tasks.Wait()
		equal(t, "open files", p.sys.Files(), 0)
		p.dies(child, SIGKILL)
	}
}

// TestAWaitFindsItsTasksOwnChildrenFirst: of several that have ended a task
// gets its own first, then those of the tasks after it; the children of a task
// that has ended go to the first that is left.
func TestAWaitFindsItsTasksOwnChildrenFirst(t *testing.T) {
	p := newProg(t, Config{})
	second := p.Thread()
	child := func(of *Process) int {
		c, err := of.Fork()
		if err != nil {
			t.Fatal(err)
		}
		c.Exit(0)
		return c.Getpid()
	}
	first, theirs, third := child(p.Process), child(second), child(p.Process)
	for _, want := range []int{theirs, first, third} {
		if pid, _, err := second.Wait4(-1, 0); pid != want || err != nil {
			t.Errorf("Wait4(-1) = %d, %v, want %d", pid, err, want)
		}
	}
	theirs, first = child(second), child(p.Process)
	second.ExitThread()
	for _, want := range []int{first, theirs} {
		if pid, _, err := p.Wait4(-1, 0); pid != want || err != nil {
			t.Errorf("Wait4(-1) = %d, %v, want %d", pid, err, want)
		}
	}
}
