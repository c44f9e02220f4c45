package program

import (
	"fmt"
	"slices"

	"sockpair/emu"
)

// run makes the calls that concern tasks; the others are Run's.
func (w *World) run(t *task, c Call) Result {
	p := t.p
	return result(c, func() (n int, out string, err error) {
		switch c.Name {
		case "fork":
			child, err := p.Fork()
			if err != nil {
				return 0, "", err
			}
			return w.add(child), "", nil
		case "clone":
			return w.add(p.Thread()), "", nil
		case "execve":
			err = p.Exec()
		case "exit_group": // status
			p.Exit(c.arg(0))
			err = &emu.Ended{}
		case "exit":
			p.ExitThread()
			err = &emu.Ended{}
		case "kill": // task, signal
			err = p.Kill(w.pid(c.arg(0)), emu.Signal(c.arg(1)))
		case "tgkill": // task, signal
			err = p.Tgkill(w.pid(c.arg(0)), w.tid(c.arg(0)), emu.Signal(c.arg(1)))
		case "wait4": // task or -1 or 0, options
			return w.wait4(p, c)
		case "pidfd_open": // task, flags
			id := w.pid
			if c.arg(1)&emu.PIDFD_THREAD != 0 {
				id = w.tid
			}
			return runWaitable(p, c, id)
		case "waitid": // kind, task, group or descriptor, options
			id := c.arg(1)
			if c.arg(0) == emu.P_PID {
				id = w.pid(id)
			}
			return runWaitid(p, c, id, w.number)
		case "rt_sigaction": // signal, disposition, flags
			return 0, "", p.Sigaction(emu.Signal(c.arg(0)), w.action(emu.Disposition(c.arg(1)), c.arg(2)), nil)
		case "rt_sigprocmask": // how, signal
			set, old := emu.Sigs(emu.Signal(c.arg(1))), emu.Sigset(0)
			err = p.Sigprocmask(c.arg(0), &set, &old)
			out = fmt.Sprintf("%#x", uint64(old))
		case "setuid":
			err = p.(interface{ Setuid(int) error }).Setuid(c.arg(0))
		default:
			return run(p, c)
		}
		return 0, out, err
	})
}

// action is a disposition whose handler notes that it has run.
func (w *World) action(d emu.Disposition, flags int) *emu.SigAction {
	act := &emu.SigAction{Disposition: d, Flags: uint(uint32(flags))}
	if d == emu.SIG_HANDLE {
		act.Handler = func(s emu.Signal) {
			w.mu.Lock()
			w.handled = append(w.handled, s.String())
			w.mu.Unlock()
		}
	}
	return act
}

func (w *World) add(p Process) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tasks = append(w.tasks, &task{p: p})
	return len(w.tasks) - 1
}

// nobody is a process id that no machine gives.
const nobody = 1<<22 + 5

// pid is the process id of a task; 0 and less stand for themselves.
func (w *World) pid(task int) int { return w.id(task, Process.Getpid) }

func (w *World) tid(task int) int { return w.id(task, Process.Gettid) }

func (w *World) id(task int, f func(Process) int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case task <= 0:
		return task
	case task > len(w.tasks):
		return nobody
	}
	return f(w.tasks[task-1].p)
}

func (w *World) wait4(p Process, c Call) (int, string, error) {
	pid, status, err := p.Wait4(w.pid(c.arg(0)), c.arg(1))
	if err != nil || pid == 0 {
		return pid, "", err
	}
	return w.number(pid), fmt.Sprintf("%d %v", status.Code, status.Signal), nil
}

// number is the number of the first task of a process, counted from 1.
func (w *World) number(pid int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return 1 + slices.IndexFunc(w.tasks, func(t *task) bool { return t.p.Getpid() == pid })
}

// mayBlock reports whether the call can fall asleep, whatever its socket.
func (c Call) mayBlock() bool {
	switch c.Name {
	case "preadv2", "pwritev2":
		return c.arg(1)&emu.RWF_NOWAIT == 0
	case "waitid":
		return c.arg(2)&emu.WNOHANG == 0
	case "read", "readv", "write", "writev", "splice", "tee", "sendfile", "accept", "accept4", "connect":
		return true
	case "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "recvmmsg":
		return c.arg(0)&emu.MSG_DONTWAIT == 0
	case "poll", "ppoll":
		return c.arg(0) != 0
	case "epoll_wait", "select":
		return c.arg(1) != 0
	case "wait4":
		return c.arg(1)&emu.WNOHANG == 0
	}
	return false
}
