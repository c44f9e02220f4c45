package netemu

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"

	"sockpair/emu"
	"sockpair/errno"
)

// Process is a child that Cmd.Start has begun, with the shape of os.Process.
type Process struct {
	Pid    int
	parent *emu.Process
	done   atomic.Bool // it has been waited for
}

// Kill sends SIGKILL.
func (p *Process) Kill() error { return p.Signal(emu.SIGKILL) }

// Signal sends a signal. os.ErrProcessDone: the child has been waited for.
func (p *Process) Signal(sig emu.Signal) error {
	if p.done.Load() {
		return os.ErrProcessDone
	}
	err := p.parent.Kill(p.Pid, sig)
	if err == errno.ESRCH {
		return os.ErrProcessDone
	}
	return host(err)
}

// Wait waits until the child has ended. ECHILD: it has been waited for.
func (p *Process) Wait() (*ProcessState, error) {
	for {
		pid, status, err := p.parent.Wait4(p.Pid, 0)
		switch {
		case err == errno.EINTR:
			continue
		case err != nil:
			return nil, syscallError("wait", err)
		}
		p.done.Store(true)
		return &ProcessState{pid, status}, nil
	}
}

// ProcessState is how a child has ended, with the shape of os.ProcessState.
type ProcessState struct {
	pid    int
	status emu.WaitStatus
}

// Pid is the child's number.
func (s *ProcessState) Pid() int { return s.pid }

// ExitCode is the exit status, -1 of a child that a signal has ended.
func (s *ProcessState) ExitCode() int {
	if s == nil {
		return -1
	}
	return s.status.ExitStatus()
}

// Exited reports whether the child has exited by itself.
func (s *ProcessState) Exited() bool { return s.status.Exited() }

// Success reports whether it has exited with status 0.
func (s *ProcessState) Success() bool { return s.status.Exited() && s.status.ExitStatus() == 0 }

// Sys is the [emu.WaitStatus].
func (s *ProcessState) Sys() any { return s.status }

// String is "exit status 1" or "signal: killed", in package os's words.
func (s *ProcessState) String() string {
	switch {
	case s == nil:
		return "<nil>"
	case s.status.Signaled():
		return "signal: " + signalText(s.status.Signal())
	}
	return "exit status " + strconv.Itoa(s.status.ExitStatus())
}

// signalText is the text that package syscall has for a signal on Linux.
func signalText(sig emu.Signal) string {
	if text, ok := signalTexts[sig]; ok {
		return text
	}
	return fmt.Sprintf("signal %d", int(sig))
}

var signalTexts = map[emu.Signal]string{
	emu.SIGHUP: "hangup", emu.SIGINT: "interrupt", emu.SIGQUIT: "quit", emu.SIGILL: "illegal instruction",
	emu.SIGTRAP: "trace/breakpoint trap", emu.SIGABRT: "aborted", emu.SIGBUS: "bus error", emu.SIGFPE: "floating point exception",
	emu.SIGKILL: "killed", emu.SIGUSR1: "user defined signal 1", emu.SIGSEGV: "segmentation fault", emu.SIGUSR2: "user defined signal 2",
	emu.SIGPIPE: "broken pipe", emu.SIGALRM: "alarm clock", emu.SIGTERM: "terminated",
}
