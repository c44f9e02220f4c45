package host

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"sockpair/errno"
)

// task is the owner's side of a task: it posts one request at a time.
type task struct {
	m    *Machine
	proc *proc
	box  int

	mu  sync.Mutex // held from post to wait: one call at a time
	tid int

	seen [65]uint32 // handled signals that were told; guarded by proc.mu

	posted atomic.Bool // a request is on its way
	asleep atomic.Bool // it is counted by Blocked
	dead   atomic.Bool
}

// errEnded stands for *emu.Ended, as inside emu.
const errEnded errno.Errno = 0xffff

// do makes one system call.
func (t *task) do(number uintptr, args ...uintptr) (int, errno.Errno) {
	t.post(number, args...)
	return t.wait()
}

// post hands a request to the agent.
func (t *task) post(number uintptr, args ...uintptr) {
	*t.m.long(t.box, mailboxNumber) = uint64(number)
	for i := range 6 {
		a := uintptr(0)
		if i < len(args) {
			a = args[i]
		}
		*t.m.long(t.box, mailboxArgs+8*i) = uint64(a)
	}
	t.posted.Store(true)
	state := t.m.word(t.box, mailboxState)
	atomic.StoreUint32(state, stateRequest)
	const wake = 1
	syscall.Syscall(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(state)), wake, 1)
}

// An agent that does not answer is looked at after a first nap, and then, until
// it is found to sleep, after naps that grow to the second; then each third.
const (
	firstNap  = 300 * time.Microsecond
	restless  = 2 * time.Millisecond
	longNap   = 5 * time.Millisecond
	graceTime = time.Second // after Timeout, until a process that was killed is given up

	// A task must be missed so often in a row to count as gone: in the midst of
	// an execve there is a moment in which no task of the process shows.
	oftenMissed = 3

	exitNap = 40 * time.Microsecond // the first nap for a task that exits
)

// patience is how long the first nap is, and how often the task must be missed:
// an exit is not answered, and comes soon.
func (t *task) patience() (nap time.Duration, often int) {
	switch *t.m.long(t.box, mailboxNumber) {
	case syscall.SYS_EXIT, syscall.SYS_EXIT_GROUP:
		return exitNap, 1
	}
	return firstNap, oftenMissed
}

// wait waits for the answer to a request. errEnded: the task has ended.
func (t *task) wait() (int, errno.Errno) {
	state := t.m.word(t.box, mailboxState)
	began, missed := time.Now(), 0
	nap, often := t.patience()
	for atomic.LoadUint32(state) != stateDone {
		if !futexWait(state, stateRequest, nap) || atomic.LoadUint32(state) == stateDone {
			continue
		}
		over := time.Since(began) - t.m.Timeout
		if t.gone() {
			missed++
		} else {
			missed = 0
		}
		switch {
		case t.dead.Load() || missed >= often || over > graceTime:
			t.end()
			t.awake()
			return -1, errEnded
		case over > 0:
			syscall.Kill(t.proc.pid, syscall.SIGKILL)
		case t.blocked():
			t.sleeps()
			nap = longNap
		default:
			nap = min(2*nap, restless)
		}
	}
	t.awake()
	return result(int64(atomic.LoadUint64(t.m.long(t.box, mailboxResult))))
}

// result is what a system call has left in its register: a value, or an errno.
func result(r int64) (int, errno.Errno) {
	if r < 0 && r > -4096 {
		return -1, errno.Errno(-r)
	}
	return int(r), 0
}

// futexWait sleeps while *state is value; it reports whether the time is over.
func futexWait(state *uint32, value uint32, limit time.Duration) (timedOut bool) {
	ts := syscall.NsecToTimespec(int64(limit))
	const wait = 0
	_, _, e := syscall.Syscall6(syscall.SYS_FUTEX, uintptr(unsafe.Pointer(state)), wait,
		uintptr(value), uintptr(unsafe.Pointer(&ts)), 0, 0)
	return e == syscall.ETIMEDOUT
}

// gone reports whether the task has ended: it is no more, or a zombie. In an
// execve a task that was not the first becomes it.
func (t *task) gone() bool {
	if *t.m.long(t.box, mailboxNumber) == syscall.SYS_EXECVE {
		return !t.proc.lives()
	}
	return !t.proc.stat(t.tid).alive()
}

// end notes that the task has ended, and with it, if so, the process.
func (t *task) end() {
	if !t.dead.Swap(true) && t.proc.stat(t.tid).alive() {
		syscall.Kill(t.proc.pid, syscall.SIGKILL) // it was given up: nobody must go on in its mailbox
	}
	t.m.drop(t)
	if s := t.proc.stat(t.proc.pid); s.state == 0 || s.state == 'Z' && !t.proc.lives() {
		t.proc.finish(s)
	}
}

// blocked reports whether the agent sleeps in the system call that was
// posted. false: it runs, has answered, or has ended.
func (t *task) blocked() bool {
	if atomic.LoadUint32(t.m.word(t.box, mailboxState)) != stateRequest {
		return false
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/syscall", t.proc.pid, t.tid))
	if err != nil {
		return false
	}
	number, _, _ := bytes.Cut(line, []byte(" "))
	return string(number) == strconv.FormatUint(*t.m.long(t.box, mailboxNumber), 10) && t.proc.stat(t.tid).state == 'S'
}
