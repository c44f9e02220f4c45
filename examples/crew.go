package examples

import (
	"fmt"
	"sync"

	"sockpair/emu"
)

// crew are processes that work together. When the program of one fails the
// others are killed, so that none waits for what will never come: a kill ends
// the call that a process is in.
type crew struct {
	spawn    Spawn
	overseer Process // kills and cleans up
	running  sync.WaitGroup

	mu   sync.Mutex
	pids map[int]bool // of processes that live
	err  error        // the first failure
}

func newCrew(spawn Spawn) (*crew, error) {
	overseer, err := spawn()
	if err != nil {
		return nil, err
	}
	return &crew{spawn: spawn, overseer: overseer, pids: make(map[int]bool)}, nil
}

// process makes one more.
func (c *crew) process() (Process, error) {
	p, err := c.spawn()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pids[p.Getpid()] = true
	return p, nil
}

// run has a process run its program, at the end of which it exits.
func (c *crew) run(name string, p Process, program func() error) {
	c.running.Go(func() {
		err := program()
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		c.leaves(p, err)
		p.Exit(0)
	})
}

// start is process and run.
func (c *crew) start(name string, program func(Process) error) error {
	p, err := c.process()
	if err != nil {
		return err
	}
	c.run(name, p, func() error { return program(p) })
	return nil
}

// leaves strikes a process off before it exits: what is on the list may be
// killed without hitting somebody who got the number after it.
func (c *crew) leaves(p Process, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pids, p.Getpid())
	if err != nil && c.err == nil {
		c.err = err
		c.killLocked()
	}
}

func (c *crew) killLocked() {
	for pid := range c.pids {
		_ = c.overseer.Kill(pid, emu.SIGKILL) // ESRCH: a signal has ended it
	}
}

// wait waits until every program is over. It returns the first failure.
func (c *crew) wait() error {
	c.running.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// remove takes a name away that a program has left.
func (c *crew) remove(path string) error { return c.overseer.Unlink(path) }

// dismiss ends what is left.
func (c *crew) dismiss() {
	c.mu.Lock()
	c.killLocked()
	c.mu.Unlock()
	c.running.Wait()
	c.overseer.Exit(0)
}
