package host

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"

	"sockpair/emu"
)

// stat is what /proc tells of a task.
type stat struct {
	state  byte // 0: there is no such task
	parent int
	code   int // wait status of a zombie
}

func (s stat) alive() bool { return s.state != 0 && s.state != 'Z' && s.state != 'X' }

// stat reads /proc/PID/task/TID/stat.
func (q *proc) stat(tid int) stat {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/stat", q.pid, tid))
	if err != nil {
		return stat{}
	}
	fields := bytes.Fields(line[bytes.LastIndexByte(line, ')')+1:])
	const codeField = 49 // exit_code, counted from the state
	s := stat{state: fields[0][0]}
	s.parent, _ = strconv.Atoi(string(fields[1]))
	if len(fields) > codeField {
		s.code, _ = strconv.Atoi(string(fields[codeField]))
	}
	return s
}

// lives reports whether the process has a task that is not a zombie.
func (q *proc) lives() bool {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", q.pid))
	for _, e := range entries {
		tid, _ := strconv.Atoi(e.Name())
		if q.stat(tid).alive() {
			return true
		}
	}
	return false
}

// finish notes how the process has ended. A child of this process is waited for.
func (q *proc) finish(s stat) {
	status := syscall.WaitStatus(s.code)
	if q.child {
		q.m.mu.Lock()
		unwaited := q.m.top[q.pid]
		delete(q.m.top, q.pid)
		q.m.mu.Unlock()
		if unwaited {
			status = reap(q.pid)
		}
	}
	q.m.mu.Lock()
	q.m.zombies[q.pid] = true
	q.m.mu.Unlock()
	how := waitStatus(status)
	q.mu.Lock()
	if q.ended == nil {
		q.ended = &emu.Ended{Pid: q.pid, Code: how.Code, Signal: how.Signal}
	}
	q.mu.Unlock()
	q.m.dropAll(q)
}

// dropAll forgets the tasks of a process that has ended.
func (m *Machine) dropAll(q *proc) {
	m.mu.Lock()
	var tasks []*task
	for t := range m.tasks {
		if t.proc == q && !t.posted.Load() {
			tasks = append(tasks, t)
		}
	}
	m.mu.Unlock()
	for _, t := range tasks {
		t.dead.Store(true)
		m.drop(t)
	}
}
