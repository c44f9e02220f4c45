package main

import (
	"fmt"
	"io"
)

// W3: one goroutine writes pieces of 1 KiB, 64 KiB or 1 MiB, another reads
// into a buffer of that size until it has all. The limit is one copy in cache.

func w3() []*caseOf {
	var cases []*caseOf
	for _, s := range []struct {
		name string
		size int
		goal goal
	}{
		{"1 KiB", 1 << 10, goal{ratio, "bufconn", 1}},
		{"64 KiB", 64 << 10, goal{ratio, "bufconn", 1}},
		{"1 MiB", 1 << 20, goal{ratio, "net.Pipe", 1 / 0.75}},
	} {
		cases = append(cases, &caseOf{
			workload: "W3", name: s.name, bytes: s.size,
			entries: append([]entry{{name: limit, open: oneCopy(s.size)}},
				entriesFor(func(c *contestant) bool { return c.has(stream) }, oneWay(stream, s.size))...),
			goals: []goal{s.goal},
		})
	}
	return cases
}

// oneWay opens a pair with a writer and a reader.
func oneWay(k kind, size int) func(w world) (*job, error) {
	return func(w world) (*job, error) {
		a, b, err := w.pair(k)
		if err != nil {
			return nil, err
		}
		j := newJob(size)
		j.close = func() { a.Close(); b.Close() }
		done := make(chan error, 1)
		j.run = func(n int) error {
			go func() { done <- receive(j, b, n*size) }()
			for range n {
				if _, err := a.Write(j.sent); err != nil {
					return err
				}
			}
			return <-done
		}
		return j, nil
	}
}

// receive reads until it has so many bytes.
func receive(j *job, r io.Reader, want int) error {
	for want > 0 {
		n, err := r.Read(j.got)
		switch {
		case err != nil:
			return err
		case n == 0:
			return fmt.Errorf("end of file with %d bytes to come", want)
		}
		if j.check != nil {
			j.check(j.got[:n])
		}
		want -= n
	}
	return nil
}
