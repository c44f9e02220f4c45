package main

import (
	"fmt"
	"io"
)

// W1: one goroutine writes 64 bytes into one end and reads them from the other;
// nothing blocks. The limit is two copies, each under a mutex.

func w1() []*caseOf {
	return []*caseOf{{
		workload: "W1",
		entries: append([]entry{{name: limit, open: copies(64)}},
			entriesFor(func(c *contestant) bool { return c.has(stream) && !c.rendezvous }, exchange(stream, 1, 64))...),
		goals: []goal{{ratio, limit, 2}, {allocs, "", 0}},
	}}
}

// exchange opens a pair on which one goroutine sends batch times and then
// receives as often.
func exchange(k kind, batch, size int) func(w world) (*job, error) {
	return func(w world) (*job, error) {
		j := newJob(size)
		if x, ok := w.(exchanger); ok {
			run, err := x.exchange(k, batch, j.sent, j.got)
			j.run = run
			return j, err
		}
		a, b, err := w.pair(k)
		if err != nil {
			return nil, err
		}
		j.close = func() { a.Close(); b.Close() }
		j.run = func(n int) error {
			for ; n > 0; n -= batch {
				for range min(n, batch) {
					if _, err := a.Write(j.sent); err != nil {
						return err
					}
				}
				for range min(n, batch) {
					if err := readWhole(b, j.got); err != nil {
						return err
					}
				}
			}
			return nil
		}
		return j, nil
	}
}

// readWhole is one read that must fill b: what was written in one piece into
// an empty queue comes so from every contestant.
func readWhole(r io.Reader, b []byte) error {
	n, err := r.Read(b)
	if err != nil || n != len(b) {
		return shortRead(n, len(b), err)
	}
	return nil
}

// shortRead is what is wrong with a read that failed or gave less than all.
func shortRead(n, want int, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("a read gave %d bytes of %d", n, want)
}
