package host

import (
	"os"
	"slices"
	"sync"
	"syscall"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/replay"
)

// Process is one task of a process of the host: a replay.Process. Calls of one
// handle are made one after the other.
type Process struct {
	proc *proc
	task *task

	together *batch // the calls that are collected in place of being made; nil as a rule
}

// proc is a process as its owner sees it.
type proc struct {
	m     *Machine
	pid   int
	child bool // it is a child of this process, not of an agent

	mu       sync.Mutex
	tasks    []*task
	handlers map[emu.Signal]func(emu.Signal)
	ended    *emu.Ended
}

// raw makes a system call whose arguments are numbers.
func (p *Process) raw(number uintptr, args ...uintptr) (int, errno.Errno) {
	if p.together != nil {
		return p.together.call(number, args...)
	}
	if !p.begin() {
		return -1, errEnded
	}
	defer p.finish()
	return p.task.do(number, args...)
}

// begin begins a call; false: the machine is closed, or the task has ended.
func (p *Process) begin() bool {
	p.proc.m.running.RLock()
	p.task.mu.Lock()
	if p.proc.m.closed || p.task.dead.Load() {
		p.task.mu.Unlock()
		p.proc.m.running.RUnlock()
		return false
	}
	return true
}

// finish ends a call that has begun, and tells of the handlers that have run.
// They find the task free for calls of their own.
func (p *Process) finish() {
	p.task.mu.Unlock()
	p.Deliver()
	p.proc.m.running.RUnlock()
}

// Deliver calls the functions of the handlers that have run in the agent. A
// call that returns does so by itself; this is for a call that was interrupted
// and has gone back to sleep.
func (p *Process) Deliver() {
	for _, s := range p.proc.handled() {
		if h := p.proc.handler(s); h != nil {
			h(s)
		}
	}
}

// with makes a system call whose arguments lay puts into the agent's memory,
// and gives the caller what it has changed.
func (p *Process) with(number uintptr, lay func(m *memory) []uintptr) (int, error) {
	if p.together != nil {
		return p.together.with(p, number, lay)
	}
	if !p.begin() {
		return -1, p.error(errEnded)
	}
	defer p.finish()
	m := p.task.memory()
	n, err := p.task.do(number, lay(m)...)
	m.result = n
	for _, load := range m.load {
		load()
	}
	return n, p.error(err)
}

// call is raw with an error for an errno.
func (p *Process) call(number uintptr, args ...uintptr) (int, error) {
	n, err := p.raw(number, args...)
	return n, p.error(err)
}

// error makes an errno an error, nil for none.
func (p *Process) error(err errno.Errno) error {
	if err != errEnded {
		return err.Err()
	}
	p.proc.mu.Lock()
	defer p.proc.mu.Unlock()
	if p.proc.ended != nil {
		return p.proc.ended
	}
	return &emu.Ended{Pid: p.proc.pid} // the task alone has ended
}

// Getpid returns the process id.
func (p *Process) Getpid() int { return p.proc.pid }

// Gettid returns the id of the handle's task.
func (p *Process) Gettid() int { return p.task.tid }

// Getppid returns the parent's process id, 0 when it is no agent.
func (p *Process) Getppid() int {
	n, _ := p.raw(syscall.SYS_GETPPID)
	if n == os.Getpid() {
		return 0
	}
	return n
}

// Cred returns the process's id, user and group.
func (p *Process) Cred() emu.Cred {
	uid, _ := p.raw(syscall.SYS_GETUID)
	gid, _ := p.raw(syscall.SYS_GETGID)
	return emu.Cred{Pid: p.proc.pid, Uid: uid, Gid: gid}
}

// Setuid changes the user, of this task alone: it is the system call.
func (p *Process) Setuid(uid int) error {
	_, err := p.call(syscall.SYS_SETUID, uintptr(uid))
	return err
}

// Setgid changes the group, of this task alone.
func (p *Process) Setgid(gid int) error {
	_, err := p.call(syscall.SYS_SETGID, uintptr(gid))
	return err
}

// Fork makes a child process.
func (p *Process) Fork() (replay.Process, error) {
	p.proc.mu.Lock()
	handlers := make(map[emu.Signal]func(emu.Signal))
	for s, h := range p.proc.handlers {
		handlers[s] = h
	}
	p.proc.mu.Unlock()
	child, err := p.clone(uintptr(syscall.SIGCHLD), func(pid int) *proc {
		return &proc{m: p.proc.m, pid: pid, handlers: handlers}
	})
	if err != nil {
		return nil, err
	}
	return child, nil
}

// Thread makes another task of the process. When that fails, because the
// process has ended or there are no mailboxes left, the task has ended too.
func (p *Process) Thread() replay.Process {
	const thread = syscall.CLONE_VM | syscall.CLONE_FS | syscall.CLONE_FILES |
		syscall.CLONE_SIGHAND | syscall.CLONE_THREAD | syscall.CLONE_SYSVSEM
	other, err := p.clone(thread, func(int) *proc { return p.proc })
	if err != nil {
		other = &Process{proc: p.proc, task: &task{m: p.proc.m, proc: p.proc}}
		other.task.dead.Store(true)
	}
	return other
}

// clone makes a task with a mailbox of its own; owner says whose it is.
func (p *Process) clone(flags uintptr, owner func(pid int) *proc) (*Process, error) {
	if !p.begin() {
		return nil, p.error(errEnded)
	}
	defer p.finish()
	m := p.proc.m
	box, err := m.take()
	if err != nil {
		return nil, err
	}
	m.clear(box)
	*m.word(box, mailboxState) = stateRequest
	stack := uintptr(0)
	if flags&syscall.CLONE_VM != 0 {
		stack = inAgent(box, stackEnd)
	}
	*m.long(p.task.box, mailboxChild) = uint64(inAgent(box, 0))
	tid, e := p.task.do(syscall.SYS_CLONE, flags|syscall.CLONE_PARENT_SETTID, stack, inAgent(box, mailboxTid))
	if e != 0 {
		if child := int(*m.word(box, mailboxTid)); child != 0 {
			syscall.Kill(child, syscall.SIGKILL) // the caller was killed as it came back
			return nil, p.error(e)               // and the mailbox is lost
		}
		m.giveBack(box)
		return nil, p.error(e)
	}
	q := owner(tid)
	child := &Process{proc: q, task: m.newTask(q, box, tid)}
	if _, e := child.task.wait(); e != 0 {
		return nil, child.error(e)
	}
	return child, nil
}

// Exec runs the agent's program anew: what an execve does to descriptors,
// signals and threads is the kernel's doing. It has no other effect.
func (p *Process) Exec() error {
	self := []byte("/proc/thread-self/exe\x00")
	name := append([]byte(argv(p.task.box)[0]), 0)
	_, err := p.with(syscall.SYS_EXECVE, func(m *memory) []uintptr {
		_, args := m.longs(uint64(m.in(name)), 0)
		return []uintptr{m.in(self), args, 0}
	})
	if err != nil {
		return err
	}
	p.task.tid = p.proc.pid // also when it was not the first task
	p.proc.mu.Lock()
	clear(p.proc.handlers)
	others := slices.DeleteFunc(slices.Clone(p.proc.tasks), func(t *task) bool { return t == p.task })
	p.proc.mu.Unlock()
	for _, t := range others {
		t.dead.Store(true)
		if !t.posted.Load() {
			p.proc.m.drop(t)
		}
	}
	return nil
}

// Exit ends the process.
func (p *Process) Exit(code int) { p.raw(syscall.SYS_EXIT_GROUP, uintptr(code)) }

// ExitThread ends the task.
func (p *Process) ExitThread() { p.raw(syscall.SYS_EXIT, 0) }

// Wait4 waits for a child.
func (p *Process) Wait4(pid, options int) (int, replay.WaitStatus, error) {
	var status replay.WaitStatus
	n, err := p.with(syscall.SYS_WAIT4, func(m *memory) []uintptr {
		from, at := m.longs(0)
		m.after(func() {
			if m.result > 0 {
				status = waitStatus(syscall.WaitStatus(long(from, 0)))
			}
		})
		return []uintptr{uintptr(pid), at, uintptr(options), 0}
	})
	return n, status, err
}

// waitStatus is how a process has ended.
func waitStatus(s syscall.WaitStatus) replay.WaitStatus {
	if s.Signaled() {
		return replay.WaitStatus{Signal: emu.Signal(s.Signal())}
	}
	return replay.WaitStatus{Code: s.ExitStatus()}
}
