package host

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"sockpair/emu"
	"sockpair/replay"
)

// Machine is the host as a replay.Machine. Close ends its processes.
type Machine struct {
	// Timeout is how long a call may take before its process is killed;
	// set it before the first process. New sets one minute.
	Timeout time.Duration

	segment  uintptr // where the shared memory is in this process
	program  *os.File
	null     *os.File
	lifeline *os.File // the janitor ends when this is closed
	janitor  int

	running sync.RWMutex // held for reading by every call; whoever may write frees the segment
	closed  bool         // guarded by running

	making sync.Mutex
	mother *Process // of the processes that NewProcess makes; it does nothing else. Guarded by making

	mu      sync.Mutex
	free    []int // mailboxes
	tasks   map[*task]bool
	top     map[int]bool // pids of our children that have not been waited for
	zombies map[int]bool // pids of processes that have ended, see Quiet
	watcher func()       // see Watch
}

// New makes a machine: the shared memory, the agent's program and the janitor.
func New() (*Machine, error) {
	m := &Machine{Timeout: time.Minute, tasks: make(map[*task]bool), top: make(map[int]bool), zombies: make(map[int]bool)}
	for i := mailboxes - 1; i > 0; i-- {
		m.free = append(m.free, i)
	}
	// Processes whose parent has ended become our children, and are waited for.
	const setChildSubreaper = 36
	if _, _, e := syscall.Syscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); e != 0 {
		return nil, fmt.Errorf("prctl: %w", e)
	}
	const exclusive, noReserve, all = 01000, 010000, 0777
	id, _, e := syscall.Syscall(syscall.SYS_SHMGET, 0, mailboxes<<mailboxShift, exclusive|noReserve|all)
	if e != 0 {
		return nil, fmt.Errorf("shmget: %w", e)
	}
	at, _, e := syscall.Syscall(syscall.SYS_SHMAT, id, 0, 0)
	// Linux lets others attach a segment that is marked for removal.
	syscall.Syscall(syscall.SYS_SHMCTL, id, 0 /* IPC_RMID */, 0)
	if e != 0 {
		return nil, fmt.Errorf("shmat: %w", e)
	}
	m.segment = at
	if err := m.open(int(id)); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// open makes what New needs beside the segment.
func (m *Machine) open(segment int) (err error) {
	if m.program, err = writeProgram(segment); err != nil {
		return err
	}
	if m.null, err = os.OpenFile(os.DevNull, os.O_RDWR, 0); err != nil {
		return err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	m.lifeline = w
	defer r.Close()
	*m.word(0, mailboxRole) = roleJanitor
	null := m.null.Fd()
	m.janitor, err = start(m.program, 0, []uintptr{null, null, null, r.Fd()})
	return err
}

// Close kills the processes that are left, which ends the calls that are
// asleep, and frees everything.
func (m *Machine) Close() error {
	for m.kill(); !m.running.TryLock(); m.kill() {
		time.Sleep(100 * time.Microsecond)
	}
	defer m.running.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	for pid := range m.top {
		reap(pid)
	}
	for t := range m.tasks {
		reap(t.proc.pid) // it has become our child, if its parent was an agent
	}
	m.active()
	for _, f := range []*os.File{m.lifeline, m.program, m.null} {
		if f != nil {
			f.Close()
		}
	}
	if m.janitor > 0 {
		reap(m.janitor)
	}
	if _, _, e := syscall.Syscall(syscall.SYS_SHMDT, m.segment, 0, 0); e != 0 {
		return fmt.Errorf("shmdt: %w", e)
	}
	return nil
}

// kill kills every process.
func (m *Machine) kill() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for t := range m.tasks {
		syscall.Kill(t.proc.pid, syscall.SIGKILL)
	}
	for pid := range m.top {
		syscall.Kill(pid, syscall.SIGKILL)
	}
}

// reap waits for a child of this process.
func reap(pid int) (status syscall.WaitStatus) {
	for {
		_, err := syscall.Wait4(pid, &status, 0, nil)
		if err != syscall.EINTR {
			return status
		}
	}
}

// NewProcess starts a process without descriptors, in a group of its own,
// with RLIMIT_NOFILE of emu.Config's zero value, or as near to it as the host's
// hard limit lets it be.
func (m *Machine) NewProcess() (replay.Process, error) {
	p, err := m.newProcess()
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (m *Machine) newProcess() (*Process, error) {
	m.making.Lock()
	defer m.making.Unlock()
	if m.mother == nil {
		p, err := m.firstProcess()
		if err != nil {
			return nil, err
		}
		m.mother = p
	}
	// A child of the mother's parent: of this process.
	p, err := m.mother.clone(uintptr(syscall.SIGCHLD)|cloneParent, func(pid int) *proc {
		m.mu.Lock()
		m.top[pid] = true
		m.mu.Unlock()
		return &proc{m: m, pid: pid, child: true, handlers: make(map[emu.Signal]func(emu.Signal))}
	})
	if err != nil {
		return nil, err
	}
	p.raw(syscall.SYS_SETPGID, 0, 0)
	return p, nil
}

const cloneParent = 0x8000

// firstProcess runs the agent's program. Others are copies of it, which takes a
// tenth of the time.
func (m *Machine) firstProcess() (*Process, error) {
	box, err := m.take()
	if err != nil {
		return nil, err
	}
	m.clear(box)
	*m.word(box, mailboxState) = stateRequest // the start is the first request
	null := m.null.Fd()
	pid, err := start(m.program, box, []uintptr{null, null, null})
	if err != nil {
		m.giveBack(box)
		return nil, err
	}
	q := &proc{m: m, pid: pid, child: true, handlers: make(map[emu.Signal]func(emu.Signal))}
	t := m.newTask(q, box, pid)
	m.mu.Lock()
	m.top[pid] = true
	m.mu.Unlock()
	p := &Process{proc: q, task: t}
	if _, err := t.wait(); err != 0 {
		return nil, fmt.Errorf("the agent has not started: %w", p.error(err))
	}
	p.raw(syscall.SYS_SETPGID, 0, 0)
	if err := p.CloseRange(0, ^uint(0)>>32, 0); err != nil {
		return nil, err
	}
	limits, err := m.Limits()
	if err != nil {
		return nil, err
	}
	return p, p.Setrlimit(emu.RLIMIT_NOFILE, limits)
}

// RLIMIT_NOFILE of a new process.
const (
	softFiles = 1024
	hardFiles = 1 << 20
)

// Limits is RLIMIT_NOFILE of a new process.
func (m *Machine) Limits() (emu.Rlimit, error) {
	var own syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &own); err != nil {
		return emu.Rlimit{}, fmt.Errorf("getrlimit: %w", err)
	}
	return emu.Rlimit{Cur: min(softFiles, own.Max), Max: min(hardFiles, own.Max)}, nil
}

// take takes a free mailbox.
func (m *Machine) take() (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.free)
	if n == 0 {
		return 0, fmt.Errorf("more than %d tasks at a time", mailboxes-1)
	}
	box := m.free[n-1]
	m.free = m.free[:n-1]
	return box, nil
}

func (m *Machine) giveBack(box int) {
	*m.word(box, mailboxPid) = 0
	m.mu.Lock()
	m.free = append(m.free, box)
	m.mu.Unlock()
}

// newTask makes the owner's side of a task that runs with a mailbox.
func (m *Machine) newTask(q *proc, box, tid int) *task {
	t := &task{m: m, proc: q, box: box, tid: tid}
	*m.word(box, mailboxPid) = uint32(q.pid)
	q.mu.Lock()
	q.tasks = append(q.tasks, t)
	q.mu.Unlock()
	m.mu.Lock()
	m.tasks[t] = true
	m.mu.Unlock()
	return t
}

// drop forgets a task that has ended.
func (m *Machine) drop(t *task) {
	m.mu.Lock()
	known := m.tasks[t]
	delete(m.tasks, t)
	m.mu.Unlock()
	if !known {
		return
	}
	t.proc.mu.Lock()
	t.proc.tasks = slices.DeleteFunc(t.proc.tasks, func(x *task) bool { return x == t })
	t.proc.mu.Unlock()
	m.giveBack(t.box)
}

// clear makes the fields of a mailbox zero.
func (m *Machine) clear(box int) { clear(m.bytes(box, 0, mailboxSignals+65*4)) }

// bytes is a part of a mailbox.
func (m *Machine) bytes(box, at, n int) []byte {
	return unsafe.Slice((*byte)(pointer(m.segment+uintptr(box<<mailboxShift+at))), n)
}

// word and long are fields of a mailbox.
func (m *Machine) word(box, field int) *uint32 {
	return (*uint32)(pointer(m.segment + uintptr(box<<mailboxShift+field)))
}

func (m *Machine) long(box, field int) *uint64 {
	return (*uint64)(pointer(m.segment + uintptr(box<<mailboxShift+field)))
}

// inAgent is the address of a byte of a mailbox in an agent.
func inAgent(box, at int) uintptr { return segmentAt + uintptr(box)<<mailboxShift + uintptr(at) }
