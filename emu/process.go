package emu

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"sockpair/errno"
	"sockpair/fdtable"
)

// Process is one task (thread) of an emulated process: the handle by which a
// program makes its system calls. The methods may be called from many
// goroutines at once; they then act as threads that share the task's signal
// mask. Thread makes a handle with a task of its own.
type Process struct {
	sys  *System
	proc *proc
	task *task
	// program: the handle belongs to a function that Start runs, which is
	// unwound by runtime.Goexit when the process ends.
	program bool
}

// proc is the emulated process.
type proc struct {
	sys   *System
	pid   int
	files *fdtable.Table[file]

	attention atomic.Uint32 // what a call looks at when it returns, or parks
	softFiles atomic.Int64  // RLIMIT_NOFILE
	hardFiles atomic.Int64
	who       atomic.Pointer[identity]
	life      life
	place     place // in the name space; guarded by its lock

	// Guarded by System.mu.
	parent   *proc
	children []*proc
	maker    *task // the parent's task that waits for it first
	group    int
	waiting  []*waiter // wait4 calls

	mu       sync.Mutex // before a description's lock
	actions  [maxSignal + 1]SigAction
	tasks    []*task
	pending  []Signal    // for any task
	sleepers sleeperList // in order of falling asleep
	ended    *Ended
}

// The bits of proc.attention.
const (
	signalsPending = 1 << iota
	processOver
	taskOver // a task has ended before its process
	catching // it has a handler: who parks enrolls
	observed // Config.Observer is told of its calls

	due = signalsPending | processOver | taskOver // what a call that returns looks at
)

// task is one thread.
type task struct {
	tid     atomic.Int64
	mask    Sigset        // guarded by proc.mu
	changes []*maskChange // of mask, that end; in order of their beginning; guarded by proc.mu
	life    *life         // the process's, of its first task; guarded by proc.mu
	pending []Signal      // for this task; guarded by proc.mu
	dead    bool          // guarded by proc.mu; with it proc.attention has taskOver
}

// Cred identifies a process to others: SO_PEERCRED, SCM_CREDENTIALS.
type Cred struct{ Pid, Uid, Gid int }

// Ended is the error of every call that a process makes, or was making, when
// it has ended: in reality the call does not return. It is no errno.
type Ended struct {
	Pid    int
	Code   int    // exit status; 0 when a signal ended it
	Signal Signal // the signal that ended it; 0 when it exited
}

func (e *Ended) Error() string {
	if e.Signal != 0 {
		return fmt.Sprintf("process %d was killed by %v", e.Pid, e.Signal)
	}
	return fmt.Sprintf("process %d has exited with %d", e.Pid, e.Code)
}

// errEnded stands for *Ended inside this package, where errors are errnos.
const errEnded errno.Errno = 0xffff

// errRestart is the result of a call that is made anew, from the beginning (Linux ERESTARTSYS).
const errRestart errno.Errno = 0xfffe

func (q *proc) over() bool { return q.attention.Load()&processOver != 0 }

func (q *proc) nofile() int { return int(q.softFiles.Load()) }

// ret is the border: signals that have come are delivered, and an errno
// becomes an error, nil for none.
func (p *Process) ret(n int, err errno.Errno) (int, error) {
	if p.isDue() || err == errEnded {
		p.deliver()
		if e := p.endedBy(); e != nil {
			if p.program {
				runtime.Goexit()
			}
			return -1, e
		}
	}
	if err != 0 {
		return n, err
	}
	return n, nil
}

// ret1 is ret for a call without a value.
func (p *Process) ret1(err errno.Errno) error {
	_, e := p.ret(0, err)
	return e
}

// over reports whether the handle's task makes no more calls.
func (p *Process) over() bool {
	switch bits := p.proc.attention.Load(); {
	case bits&processOver != 0:
		return true
	case bits&taskOver == 0:
		return false
	}
	return p.endedBy() != nil
}

// endedBy returns how the process, or the task alone, has ended; nil if it lives.
func (p *Process) endedBy() error {
	p.proc.mu.Lock()
	defer p.proc.mu.Unlock()
	if p.proc.ended != nil {
		return p.proc.ended
	}
	if p.task.dead {
		return &Ended{Pid: p.proc.pid}
	}
	return nil
}

// Getpid returns the process id.
func (p *Process) Getpid() int { return p.proc.pid }

// Gettid returns the id of the handle's task; the first task's is the process id.
func (p *Process) Gettid() int { return p.task.id() }

func (t *task) id() int { return int(t.tid.Load()) }

func newTask(tid int, l *life) *task {
	t := &task{life: l}
	t.tid.Store(int64(tid))
	return t
}

// Getppid returns the parent's process id, 0 when it has none (any more).
func (p *Process) Getppid() int {
	p.sys.mu.Lock()
	defer p.sys.mu.Unlock()
	if p.proc.parent == nil {
		return 0
	}
	return p.proc.parent.pid
}

// Cred returns the process's id, user and group.
func (p *Process) Cred() Cred {
	return p.proc.credentials()
}

func (q *proc) credentials() Cred { return q.who.Load().Cred }

// identity is who a process was at some time. It is never changed, so sockets
// point to it.
type identity struct {
	Cred
	proc *proc // nil: nobody
}

// becomes changes who the process is.
func (q *proc) becomes(c Cred) { q.who.Store(&identity{c, q}) }

// Setuid changes the user; EPERM unless the process is user 0 or stays what it is.
func (p *Process) Setuid(uid int) error {
	return p.setID("setuid", uid, func(c *Cred) *int { return &c.Uid })
}

// Setgid changes the group; EPERM unless the process is user 0 or stays what it is.
func (p *Process) Setgid(gid int) error {
	return p.setID("setgid", gid, func(c *Cred) *int { return &c.Gid })
}

func (p *Process) setID(call string, id int, field func(*Cred) *int) error {
	return p.observe1(call, func() []any { return []any{id} }, func() errno.Errno {
		q := p.proc
		q.mu.Lock()
		defer q.mu.Unlock()
		cred := q.credentials()
		f := field(&cred)
		switch {
		case id < 0:
			return errno.EINVAL
		case cred.Uid != 0 && *f != id:
			return errno.EPERM
		}
		*f = id
		q.becomes(cred)
		return 0
	})
}

// Thread returns a handle to a new task of the same process, with the signal
// mask of this one.
func (p *Process) Thread() *Process {
	q, t := p.proc, newTask(p.sys.newPid(), new(life))
	q.mu.Lock()
	t.mask, t.dead = p.task.mask, q.ended != nil
	q.tasks = append(q.tasks, t)
	q.mu.Unlock()
	p.sys.emit(Event{Kind: EventFork, Pid: q.pid, Tid: p.task.id(), Call: "clone", Ret: t.id()})
	return &Process{sys: p.sys, proc: q, task: t, program: p.program}
}

// ExitThread ends the handle's task, with the calls that other goroutines make
// by it; the process ends with its last.
func (p *Process) ExitThread() {
	q := p.proc
	q.mu.Lock()
	p.task.dead = true
	q.attention.Or(taskOver)
	q.tasks = slices.DeleteFunc(q.tasks, func(t *task) bool { return t == p.task })
	last, l := len(q.tasks) == 0, p.task.life
	q.wakeDead()
	q.mu.Unlock()
	if l != &q.life {
		q.sys.endLives([]*life{l})
	}
	q.sys.orphan(q)
	if last {
		q.end(Ended{Pid: q.pid})
	} else {
		p.sys.emit(Event{Kind: EventExited, Pid: q.pid, Tid: p.task.id()})
	}
	if p.program {
		runtime.Goexit()
	}
}
