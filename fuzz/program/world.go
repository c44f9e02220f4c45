package program

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"sockpair/emu"
	"sockpair/replay"
)

// World is a machine on which a program runs: its tasks, numbered in the order
// in which they were made, and the calls of theirs that are asleep.
type World struct {
	machine replay.Machine
	tasks   []*task

	mu      sync.Mutex // guards what follows, and fields of the tasks
	wake    sync.Cond
	running int    // calls begun and not finished
	meets   string // the call for which the only one that sleeps waits, "connect" or "accept"; else ""
	copying bool   // one that sleeps may have a pipe, for which others would wait deaf to everything
	handled []string
	ended   []Done
}

// task is one task of a world.
type task struct {
	p    Process
	busy bool // it is in a call
	over bool // a call has found out that it has ended
}

// Done is a call that has returned: the At-th that was begun.
type Done struct {
	At   int
	Call Call
	Result
}

// NewWorld begins a world of one process, in which 0, 1 and 2 are open.
func NewWorld(m replay.Machine) (*World, error) {
	w := &World{machine: m}
	w.wake.L = &w.mu
	m.Watch(func() {
		w.mu.Lock()
		w.wake.Broadcast()
		w.mu.Unlock()
	})
	p, err := m.NewProcess()
	if err != nil {
		return nil, err
	}
	for fd := range 3 {
		if err := p.Foreign(fd, "/dev/null"); err != nil {
			return nil, err
		}
	}
	w.tasks = []*task{{p: p}}
	return w, nil
}

// First is the process that the world begins with.
func (w *World) First() Process { return w.tasks[0].p }

// CanBegin reports whether the call can be begun: its task is there and not in
// a call.
func (w *World) CanBegin(c Call) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return c.Task < len(w.tasks) && !w.tasks[c.Task].busy && !w.tasks[c.Task].over
}

// Ready is CanBegin for a program whose outcome depends neither on chance nor
// on what the machine does not know. If a
// call is asleep, two kinds must wait, because their outcome is open: one that
// falls asleep, too, for who is woken first, and a signal for a process of
// several tasks, for which of them takes it. But a connect may begin while an
// accept sleeps, and the other way round: they do not wait for the same.
func (w *World) Ready(c Call) bool {
	if !w.CanBegin(c) || c.AsksForeign(w.tasks[c.Task].p) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.copying && c.touchesPipes() {
		return false
	}
	return w.running == 0 || !c.mayBlock() && c.Name != "kill" && c.Name != "pidfd_send_signal" ||
		w.meets != "" && strings.HasPrefix(c.Name, w.meets)
}

// Step begins a call and waits until nothing moves: every call has returned
// or is asleep. It returns the calls that have returned, in the order in which
// they were begun.
func (w *World) Step(at int, c Call) []Done {
	w.mu.Lock()
	t := w.tasks[c.Task]
	t.busy = true
	w.running++
	if c.mayBlock() {
		w.meets = ""
		if w.running == 1 {
			w.meets = c.meets()
		}
	}
	w.copying = w.copying || c.Name == "splice" || c.Name == "sendfile"
	w.mu.Unlock()
	w.machine.Starting(t.p)
	go func() {
		r := w.run(t, c)
		w.mu.Lock()
		t.busy = false
		t.over = t.over || r.Ended
		w.running--
		w.copying = w.copying && w.running > 0
		w.ended = append(w.ended, Done{at, c, r})
		w.wake.Broadcast()
		w.mu.Unlock()
	}()
	done := w.settle()
	if c.mayEnd() {
		w.look()
		done = append(done, w.settle()...)
	}
	return w.withHandled(done)
}

// meets is the call that the call, if it sleeps, waits for.
func (c Call) meets() string {
	switch c.Name {
	case "accept", "accept4":
		return "connect"
	case "connect":
		return "accept"
	}
	return ""
}

// look makes a call that does nothing in every task that is in none, in
// which handlers run and tasks that have ended are found out.
func (w *World) look() {
	for _, t := range w.tasks {
		w.mu.Lock()
		busy, over := t.busy, t.over
		w.mu.Unlock()
		if p, ok := t.p.(interface{ Deliver() }); ok && busy {
			p.Deliver()
		}
		if busy || over {
			continue
		}
		if Run(bare(t.p), Call{Name: "close", Fd: -1}).Ended {
			w.mu.Lock()
			t.over = true
			w.mu.Unlock()
		}
	}
}

// bare is a process whose calls are not recorded.
func bare(p Process) Process {
	if r, ok := p.(*replay.Recorded); ok {
		return r.Bare()
	}
	return p
}

// mayEnd reports whether the call may end a task or make a handler run.
func (c Call) mayEnd() bool {
	switch c.Name {
	case "kill", "tgkill", "exit", "exit_group", "execve", "rt_sigprocmask", "rt_sigaction", "wait4", "waitid", "pidfd_send_signal":
		return true
	}
	return false
}

// withHandled notes with the last call which handlers have run.
func (w *World) withHandled(done []Done) []Done {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.handled) > 0 && len(done) > 0 {
		slices.Sort(w.handled)
		done[len(done)-1].Out += " handled " + strings.Join(w.handled, " ")
		w.handled = nil
	}
	return done
}

// Settle waits until nothing moves and returns the calls that have returned
// since the last step.
func (w *World) Settle() []Done { return w.withHandled(w.settle()) }

// settle waits until nothing moves and returns what has.
func (w *World) settle() []Done {
	quiet, _ := w.machine.(interface{ Quiet() })
	for {
		w.mu.Lock()
		for w.running != w.machine.Blocked() {
			w.wake.Wait()
		}
		before := len(w.ended)
		w.mu.Unlock()
		if quiet != nil {
			quiet.Quiet()
		}
		w.mu.Lock()
		if len(w.ended) == before && w.running == w.machine.Blocked() {
			break
		}
		w.mu.Unlock()
	}
	defer w.mu.Unlock()
	done := w.ended
	w.ended = nil
	slices.SortFunc(done, func(a, b Done) int { return a.At - b.At })
	return done
}

// Asleep is the number of calls that sleep.
func (w *World) Asleep() int { return w.machine.Blocked() }

// Descriptors are the open descriptors of the processes, by task. Of a task
// that is asleep or is known to have ended there are none.
func (w *World) Descriptors() string {
	all := make([][]int, len(w.tasks))
	for i, t := range w.tasks {
		if !t.busy && !t.over {
			all[i] = t.p.Descriptors()
		}
	}
	return fmt.Sprint(all)
}

// Close ends every process, and returns what their calls that slept came to.
// The end of one process may wake a call of another, which then is over
// without having been killed: all are asked twice.
func (w *World) Close() []Done {
	for range 2 {
		for _, t := range w.tasks {
			w.mu.Lock()
			busy := t.busy
			w.mu.Unlock()
			if busy {
				w.end(t)
			} else {
				t.p.Exit(0)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.running > 0 {
		w.wake.Wait()
	}
	return w.ended
}

// end ends the process of a task that is in a call, by another process.
func (w *World) end(t *task) {
	if p, err := w.machine.NewProcess(); err == nil {
		p.Kill(t.p.Getpid(), emu.SIGKILL)
		p.Exit(0)
	}
}
