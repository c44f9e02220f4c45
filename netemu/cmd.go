package netemu

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"sockpair/emu"
	"sockpair/errno"
)

// Program is what a command runs: main of another process, whose network is n.
// Its value is the exit status. A call that the process makes after its end
// does not return: the goroutine is unwound as by runtime.Goexit.
type Program func(n *Net, args, env []string) int

// Cmd is a program to be run as a child process, with the shape of
// os/exec.Cmd. A Cmd is used once.
type Cmd struct {
	Program Program
	// Args are the arguments; the first is the name by custom.
	Args []string
	// Env is the environment, of which the program alone makes use.
	Env []string
	// Stdin, Stdout and Stderr are descriptors 0, 1 and 2 of the child; nil
	// stands for /dev/null.
	Stdin, Stdout, Stderr *File
	// ExtraFiles are its descriptors 3, 4, ...; nil leaves a number free.
	// They are in blocking mode from Start on, as os/exec leaves them. Nothing
	// else of the parent's is open in the child.
	ExtraFiles []*File
	// Cred, when not nil, is the child's user and group.
	Cred *emu.Cred

	// Process is set by Start, ProcessState by Wait.
	Process      *Process
	ProcessState *ProcessState

	n        *Net
	ctx      context.Context
	stop     func() bool // of the context's watch
	ended    chan error  // the context's error, nil if it has not killed the child: sent when it was done
	sockets  int         // LISTEN_FDS, of Activate
	names    []string    // LISTEN_FDNAMES
	finished bool
}

// Command returns a Cmd for a child of n's process.
func (n *Net) Command(program Program, args ...string) *Cmd {
	return &Cmd{Program: program, Args: args, n: n}
}

// CommandContext is Command with a context that kills the child when it is done.
func (n *Net) CommandContext(ctx context.Context, program Program, args ...string) *Cmd {
	c := n.Command(program, args...)
	c.ctx = ctx
	return c
}

// failed is the error of a Start.
func (c *Cmd) failed(err error) error {
	return &os.PathError{Op: "fork/exec", Path: c.name(), Err: host(err)}
}

func (c *Cmd) name() string {
	if len(c.Args) == 0 {
		return ""
	}
	return c.Args[0]
}

// files are the parent's descriptors that the child gets.
//
// os.ErrInvalid: a file is of another process; EBADF: one is closed.
func (c *Cmd) files() ([]int, error) {
	fds := []int{}
	for _, f := range slices.Concat([]*File{c.Stdin, c.Stdout, c.Stderr}, c.ExtraFiles) {
		switch {
		case !f.ok():
			fds = append(fds, -1)
		case f.p.System() != c.n.p.System() || f.p.Getpid() != c.n.p.Getpid():
			return nil, c.failed(fmt.Errorf("file %s is of another process: %w", f.name, os.ErrInvalid))
		default:
			fds = append(fds, int(int32(f.Fd())))
			if fds[len(fds)-1] < 0 {
				return nil, c.failed(errno.EBADF)
			}
		}
	}
	return fds, nil
}

// Start begins the program.
//
// It was begun before; the context is done; there is no program; os.ErrInvalid
// and EBADF of a file; EMFILE.
func (c *Cmd) Start() error {
	switch {
	case c.Process != nil:
		return errors.New("exec: already started")
	case c.ctx != nil && c.ctx.Err() != nil:
		return c.ctx.Err()
	case c.Program == nil || !c.n.ok():
		return c.failed(errno.ENOEXEC)
	}
	fds, err := c.files()
	if err != nil {
		return err
	}
	child, err := c.n.p.Start(emu.ProcAttr{Files: fds, Cred: c.Cred}, c.run)
	if err != nil {
		return c.failed(err)
	}
	c.Process = &Process{Pid: child.Getpid(), parent: c.n.p}
	if c.ctx != nil {
		c.ended = make(chan error, 1)
		c.stop = context.AfterFunc(c.ctx, func() { c.ended <- c.kill() })
	}
	return nil
}

// run is the child.
func (c *Cmd) run(p *emu.Process) int {
	standard(p)
	env := slices.Clone(c.Env)
	if c.sockets > 0 {
		env = append(env, "LISTEN_PID="+strconv.Itoa(p.Getpid()), "LISTEN_FDS="+strconv.Itoa(c.sockets), "LISTEN_FDNAMES="+strings.Join(c.names, ":"))
	}
	return c.Program(On(p), slices.Clone(c.Args), env)
}

// kill ends the child since the context is done. The context's error, unless the
// child has been waited for.
func (c *Cmd) kill() error {
	switch err := c.Process.Kill(); err {
	case nil:
		return c.ctx.Err()
	case os.ErrProcessDone:
		return nil
	default:
		return fmt.Errorf("exec: canceling Cmd: %w", err)
	}
}

// Wait waits until the child has ended. *ExitError: not with status 0. The
// context's error: it has killed the child, which had exited with status 0.
func (c *Cmd) Wait() error {
	switch {
	case c.Process == nil:
		return errors.New("exec: not started")
	case c.finished:
		return errors.New("exec: Wait was already called")
	}
	c.finished = true
	state, err := c.Process.Wait()
	c.ProcessState = state
	var done error
	if c.stop != nil && !c.stop() {
		done = <-c.ended
	}
	switch {
	case err != nil:
		return err
	case !state.Success():
		return &ExitError{state}
	}
	return done
}

// Run is Start and Wait.
func (c *Cmd) Run() error {
	if err := c.Start(); err != nil {
		return err
	}
	return c.Wait()
}

// ExitError is the error of a program that did not exit with status 0.
type ExitError struct{ *ProcessState }

func (e *ExitError) Error() string { return e.ProcessState.String() }
