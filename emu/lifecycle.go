package emu

import (
	"math"
	"runtime"
	"slices"

	"sockpair/errno"
	"sockpair/fdtable"
)

// Fork makes a child process with a copy of the descriptor table: the
// descriptions are shared, FD_CLOFORK descriptors left out [FD-02], and no
// concurrent call sees half of it [FD-03]. The child inherits dispositions,
// the caller's mask, limits, user and group; signals that are pending stay
// with the parent. The returned handle is the child's only task; whoever holds
// it plays the child.
//
// Source: POSIX fork().
func (p *Process) Fork() (*Process, error) {
	child, err := p.fork(clofork)
	if err != 0 {
		_, e := p.ret(0, err)
		return nil, e
	}
	p.sys.emit(Event{Kind: EventFork, Pid: p.proc.pid, Tid: p.task.id(), Call: "fork", Ret: child.proc.pid})
	if _, e := p.ret(0, 0); e != nil {
		child.proc.end(Ended{Pid: child.proc.pid, Signal: SIGKILL}) // nobody would play it
		return nil, e
	}
	return child, nil
}

func (p *Process) fork(skip fdtable.Flags) (*Process, errno.Errno) {
	if p.endedBy() != nil {
		return nil, errEnded
	}
	q := p.proc
	// The clone references every description before its descriptor can be closed.
	files := q.files.Clone(skip, (*file).ref)
	return p.sys.adopt(p, files), 0
}

// ProcAttr says what a process that Start makes begins with; see os.ProcAttr.
type ProcAttr struct {
	// Files are the parent's descriptors that become 0, 1, 2, ... of the
	// child; -1 leaves a number free. The copies have no descriptor flags.
	Files []int
	// Cred, when not nil, is the child's user and group.
	Cred *Cred
}

// Start makes a child process whose program is a Go function, as a fork and
// an exec do: of the parent's descriptors it has those of attr.Files, nothing
// is open beside them; ignored signals stay ignored and handlers are reset.
// The function runs in a goroutine of its own; its value is the exit status.
// When the process is ended while the function runs, the function is unwound
// as runtime.Goexit does, from the system call that it is in or makes next.
//
// EBADF: a number in attr.Files is not open. EMFILE: RLIMIT_NOFILE.
func (p *Process) Start(attr ProcAttr, program func(*Process) int) (*Process, error) {
	child, err := p.start(attr)
	if err != 0 {
		_, e := p.ret(0, err)
		return nil, e
	}
	p.sys.emit(Event{Kind: EventFork, Pid: p.proc.pid, Tid: p.task.id(), Call: "fork", Ret: child.proc.pid})
	child.program = true
	go child.run(program)
	_, e := p.ret(0, 0)
	return child, e
}

func (p *Process) start(attr ProcAttr) (*Process, errno.Errno) {
	if p.endedBy() != nil {
		return nil, errEnded
	}
	if len(attr.Files) > p.proc.nofile() {
		return nil, errno.EMFILE
	}
	files := new(fdtable.Table[file])
	for n, fd := range attr.Files {
		if fd < 0 {
			continue
		}
		f := p.proc.files.Get(fd)
		if f == nil || !f.refs.take() {
			p.sys.releaseAll(files.Close())
			return nil, errno.EBADF
		}
		files.Insert(n, f, 0)
	}
	child := p.sys.adopt(p, files)
	child.proc.mu.Lock()
	child.proc.resetHandlers()
	child.proc.mu.Unlock()
	if attr.Cred != nil {
		child.proc.becomes(Cred{child.proc.pid, attr.Cred.Uid, attr.Cred.Gid})
	}
	return child, 0
}

func (p *Process) run(program func(*Process) int) {
	code := 0
	defer func() { p.proc.end(Ended{Pid: p.proc.pid, Code: code & 0xff}) }()
	code = program(p)
}

// Exec stands for a successful execve: FD_CLOEXEC descriptors are closed
// [FD-01], handlers are reset, ignored signals stay ignored, and of the tasks
// only the caller's is left, which gets the process's id.
//
// Source: POSIX exec.
func (p *Process) Exec() error {
	return p.observe1("execve", nil, func() errno.Errno {
		q := p.proc
		q.mu.Lock()
		if q.ended != nil {
			q.mu.Unlock()
			return errEnded
		}
		q.resetHandlers()
		over := q.otherLives()
		for _, t := range q.tasks {
			if t != p.task {
				t.dead = true
				q.attention.Or(taskOver)
			}
		}
		q.tasks = []*task{p.task}
		p.task.tid.Store(int64(q.pid)) // the one that is left is the first
		p.task.life = &q.life
		q.wakeDead()
		q.mu.Unlock()
		q.sys.endLives(over)
		q.sys.orphan(q)
		q.sys.releaseAll(q.files.RemoveFlagged(cloexec))
		return 0
	})
}

// wakeDead wakes the calls of tasks that have ended. q.mu is held, and
// proc.attention has taskOver.
func (q *proc) wakeDead() {
	q.enrollAll()
	for s := q.sleepers.first; s != nil; s = s.next {
		if s.task.dead {
			s.w.wake(wokenEnd)
		}
	}
}

// otherLives are those of the tasks beside the first. q.mu is held.
func (q *proc) otherLives() (list []*life) {
	for _, t := range q.tasks {
		if t.life != &q.life {
			list = append(list, t.life)
		}
	}
	return list
}

// endLives ends the lives of tasks, for which nobody waits.
func (s *System) endLives(list []*life) {
	if len(list) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range list {
		l.reach(reaped)
	}
}

// resetHandlers gives handled signals their default back. q.mu is held.
func (q *proc) resetHandlers() {
	for i := range q.actions {
		if q.actions[i].Disposition == SIG_HANDLE {
			q.actions[i] = SigAction{}
		}
	}
	q.attention.And(^uint32(catching))
}

// Exit ends the process with a status, of which Wait4 shows the low 8 bits.
// It returns, unless the handle belongs to a function that Start runs; every
// later call returns *Ended.
func (p *Process) Exit(code int) {
	p.proc.end(Ended{Pid: p.proc.pid, Code: code & 0xff})
	if p.program {
		runtime.Goexit()
	}
}

// end ends the process, once: its calls are woken, its descriptors closed,
// and the parent is told.
func (q *proc) end(how Ended) {
	q.mu.Lock()
	if q.ended != nil {
		q.mu.Unlock()
		return
	}
	q.ended = &how
	over := q.otherLives()
	q.attention.Or(processOver)
	for s := q.sleepers.first; s != nil; s = s.next {
		s.w.wake(wokenEnd)
	}
	q.enrollAll()
	q.mu.Unlock()
	kind := EventExited
	if how.Signal != 0 {
		kind = EventKilled
	}
	q.sys.emit(Event{Kind: kind, Pid: q.pid, Tid: q.pid, Ret: how.Code, Signal: how.Signal})
	q.closeAll()
	q.sys.endLives(over)
	q.sys.bury(q)
}

// closeAll closes every descriptor.
func (q *proc) closeAll() { q.sys.releaseAll(q.files.Close()) }

// WaitStatus is what Wait4 tells of a child.
type WaitStatus struct{ how Ended }

// Exited reports whether the child exited by itself.
func (w WaitStatus) Exited() bool { return w.how.Pid != 0 && w.how.Signal == 0 }

// ExitStatus returns the exit status, -1 for a child that a signal ended.
func (w WaitStatus) ExitStatus() int {
	if !w.Exited() {
		return -1
	}
	return w.how.Code
}

// Signaled reports whether a signal ended the child.
func (w WaitStatus) Signaled() bool { return w.how.Signal != 0 }

// Signal returns the signal that ended the child, 0 if none did.
func (w WaitStatus) Signal() Signal { return w.how.Signal }

// Wait4 waits until a child has ended and forgets it: child pid, any child
// (-1), any of the caller's group (0) or of group -pid. With WNOHANG it
// returns 0 when none has ended.
//
// EINVAL: unknown options. ESRCH: pid is the least int. ECHILD: there is no
// such child. EINTR.
//
// Source: POSIX waitpid(); Linux kernel/exit.c.
func (p *Process) Wait4(pid, options int) (int, WaitStatus, error) {
	var status WaitStatus
	n, err := p.observe("wait4", func() []any { return []any{Pid(pid), &status, WaitOptions(options)} },
		func() (n int, err errno.Errno) { n, status, err = p.wait4(pid, options); return n, err })
	return n, status, err
}

// waitLinux are __WNOTHREAD, __WALL and __WCLONE, which change nothing here.
const waitLinux = -1 << 29

func (p *Process) wait4(pid, options int) (int, WaitStatus, errno.Errno) {
	switch {
	case options&^(WNOHANG|WUNTRACED|WCONTINUED|waitLinux) != 0:
		return -1, WaitStatus{}, errno.EINVAL
	case pid == math.MinInt32:
		return -1, WaitStatus{}, errno.ESRCH
	}
	child, err := p.wait(waitFor{exited: true, hang: options&WNOHANG == 0, match: func(c *proc) bool {
		switch {
		case pid > 0:
			return c.pid == pid
		case pid == 0:
			return c.group == p.proc.group
		}
		return pid == -1 || c.group == -pid
	}})
	switch {
	case err != 0:
		return -1, WaitStatus{}, err
	case child == nil:
		return 0, WaitStatus{}, 0
	}
	return child.pid, WaitStatus{*child.ended}, 0
}

// waitFor is what a wait looks for.
type waitFor struct {
	match  func(*proc) bool // which children
	exited bool             // children that have ended count
	keep   bool             // such a child is not forgotten
	hang   bool             // it waits until one has ended
}

// wait finds an ended child; nil when it does not wait and there is none.
// ECHILD; as interrupted; the end of the process.
func (p *Process) wait(want waitFor) (*proc, errno.Errno) {
	var w waiter
	w.reset(&p.sys.seam)
	defer p.sys.stopWaiting(p.proc, &w)
	for {
		child, err := p.sys.reap(p, want, &w)
		if err != 0 || child != nil || !want.hang {
			return child, err
		}
		switch why := p.sleep(&w, noDeadline); {
		case why&wokenEnd != 0:
			return nil, errEnded
		case why&wokenSignal != 0 && why&wokenReady == 0:
			return nil, p.interrupted(noDeadline)
		}
	}
}

// bury makes an ended process a zombie that its parent can wait for, or
// forgets it when nobody will; its children have no parent any more.
func (s *System) bury(q *proc) {
	s.mu.Lock()
	for _, c := range q.children {
		c.parent = nil
		if c.life.is() == zombie {
			delete(s.procs, c.pid)
			c.life.reach(reaped)
		}
	}
	q.children = nil
	q.life.reach(zombie)
	parent := q.parent
	if parent == nil || parent.autoReap() {
		s.forget(q)
	}
	if parent != nil {
		for _, w := range parent.waiting {
			w.wake(wokenReady)
		}
	}
	s.mu.Unlock()
	if parent != nil {
		parent.signal(SIGCHLD, nil)
	}
}

// autoReap: a parent that ignores SIGCHLD, or says SA_NOCLDWAIT, has no zombies.
func (q *proc) autoReap() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	a := q.actions[SIGCHLD]
	return a.Disposition == SIG_IGN || a.Flags&SA_NOCLDWAIT != 0
}

// forget removes a process from the machine. s.mu is held.
func (s *System) forget(q *proc) {
	delete(s.procs, q.pid)
	q.life.reach(reaped)
	if q.parent != nil {
		q.parent.children = slices.DeleteFunc(q.parent.children, func(c *proc) bool { return c == q })
	}
}

// inOrder are the process's children in the order in which a wait of the task
// looks at them: its own first, then those of the tasks after it in a circle.
// s.mu is held. Linux kernel/exit.c do_wait.
func (q *proc) inOrder(t *task) []*proc {
	q.mu.Lock()
	tasks := slices.Clone(q.tasks)
	q.mu.Unlock()
	if len(tasks) < 2 {
		return slices.Clone(q.children)
	}
	at := max(0, slices.Index(tasks, t))
	var list []*proc
	for _, t := range append(tasks[at:], tasks[:at]...) {
		for _, c := range q.children {
			if c.maker == t {
				list = append(list, c)
			}
		}
	}
	for _, c := range q.children {
		if !slices.Contains(tasks, c.maker) { // which is ending: another's soon
			list = append(list, c)
		}
	}
	return list
}

// orphan gives the children of tasks that have ended to the first that is
// left, after its own. Linux kernel/exit.c forget_original_parent.
func (s *System) orphan(q *proc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tasks) == 0 {
		return
	}
	var kept, orphans []*proc
	for _, c := range q.children {
		if slices.Contains(q.tasks, c.maker) {
			kept = append(kept, c)
			continue
		}
		c.maker = q.tasks[0]
		orphans = append(orphans, c)
	}
	q.children = append(kept, orphans...)
}

// reap finds an ended child and forgets it, unless it is to be kept. If there
// are only living ones, w will be woken when one ends. ECHILD: there is none at all.
func (s *System) reap(p *Process, want waitFor, w *waiter) (*proc, errno.Errno) {
	q := p.proc
	s.mu.Lock()
	defer s.mu.Unlock()
	any := false
	for _, c := range q.inOrder(p.task) {
		ended := c.life.is() != living
		switch {
		case !want.match(c), ended && !want.exited:
			continue
		case ended && !want.keep:
			s.forget(c)
			return c, 0
		case ended:
			return c, 0
		}
		any = true
	}
	if !any {
		return nil, errno.ECHILD
	}
	if !slices.Contains(q.waiting, w) {
		q.waiting = append(q.waiting, w)
	}
	return nil, 0
}

func (s *System) stopWaiting(q *proc, w *waiter) {
	s.mu.Lock()
	q.waiting = slices.DeleteFunc(q.waiting, func(x *waiter) bool { return x == w })
	s.mu.Unlock()
}
