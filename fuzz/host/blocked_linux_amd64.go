package host

import (
	"encoding/binary"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"sockpair/replay"
)

// How many calls are asleep is found by looking at the agents: a call that is
// not answered soon is looked at, and when any call has returned those that
// slept are looked at again, because it may have woken them.

// Blocked is how many calls are asleep.
func (m *Machine) Blocked() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for t := range m.tasks {
		if t.asleep.Load() {
			n++
		}
	}
	return n
}

// Watch names a function that is called after each change of Blocked.
func (m *Machine) Watch(changed func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.watcher = changed
}

func (m *Machine) changed() {
	m.mu.Lock()
	watcher := m.watcher
	m.mu.Unlock()
	if watcher != nil {
		watcher()
	}
}

// sleeps notes that the task's call is asleep.
func (t *task) sleeps() {
	if !t.asleep.Swap(true) {
		t.m.changed()
	}
}

// awake notes that the task's call is over, and which others that has woken.
func (t *task) awake() {
	t.posted.Store(false)
	changed := t.asleep.Swap(false)
	t.m.mu.Lock()
	for other := range t.m.tasks {
		if other.asleep.Load() && !other.blocked() {
			changed = other.asleep.Swap(false) || changed
		}
	}
	t.m.mu.Unlock()
	if changed {
		t.m.changed()
	}
}

// Quiet waits until every task sleeps or has ended, and waits for the zombies
// whose parents are no more: what a signal or the end of a process does to
// others, which happens after the call, has happened.
func (m *Machine) Quiet() {
	for still := 0; still < 2; {
		if m.active() {
			still = 0
			time.Sleep(20 * time.Microsecond)
		} else {
			still++
		}
	}
}

// active reports whether a task runs.
func (m *Machine) active() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for t := range m.tasks {
		if s := t.proc.stat(t.tid); s.alive() && s.state != 'S' {
			return true
		}
	}
	for pid := range m.zombies {
		s := (&proc{pid: pid}).stat(pid)
		if s.state == 'Z' && s.parent == os.Getpid() {
			reap(pid)
		}
		if s.state != 'Z' || s.parent == os.Getpid() {
			delete(m.zombies, pid)
		}
	}
	return false
}

// Starting is for machines whose time stands still.
func (m *Machine) Starting(replay.Process) {}

// TimeOut waits for the end of the call in which p is asleep: as long as the
// call itself says, and where that is not to be seen, as for a time-out that
// is an option of the socket, for unseen. It reports whether the end has come.
func (m *Machine) TimeOut(p replay.Process) bool {
	t := p.(*Process).task
	for end := time.Now().Add(t.limit()); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if !t.posted.Load() {
			return true
		}
	}
	return !t.posted.Load()
}

// unseen is how long TimeOut waits for a call that does not tell its time-out,
// and slack how long it waits beyond a time-out: a busy machine may be long in
// running who has been woken.
const (
	unseen = 2 * time.Second
	slack  = 20 * time.Second
)

// limit is how long the call that was posted may still take; 0 is for ever.
func (t *task) limit() time.Duration {
	arg := func(i int) uint64 { return atomic.LoadUint64(t.m.long(t.box, mailboxArgs+8*i)) }
	switch atomic.LoadUint64(t.m.long(t.box, mailboxNumber)) {
	case syscall.SYS_POLL:
		if ms := int32(arg(2)); ms >= 0 {
			return time.Duration(ms)*time.Millisecond + slack
		}
		return 0
	case syscall.SYS_PPOLL:
		at := arg(2)
		if at == 0 {
			return 0
		}
		ts := t.m.bytes(t.box, int(uintptr(at)-inAgent(t.box, 0)), 16)
		sec, nsec := binary.LittleEndian.Uint64(ts), binary.LittleEndian.Uint64(ts[8:])
		return time.Duration(sec)*time.Second + time.Duration(nsec) + slack
	case syscall.SYS_WAIT4, syscall.SYS_RECVMMSG:
		return 0
	}
	return unseen
}

// Check has nothing to report: the kernel keeps its own order.
func (m *Machine) Check() error { return nil }
