package main

// W5: a pair is made and both ends are closed. The limit is one allocation of
// 1 KiB, which takes its part of the garbage collector's work.

func w5() []*caseOf {
	return []*caseOf{{
		workload: "W5",
		entries: append([]entry{{name: limit, open: allocation}},
			entriesFor(func(c *contestant) bool { return c.has(stream) }, createAndClose)...),
		goals: []goal{{ratio, limit, 1.5}, {allocs, "", 2}},
	}}
}

func createAndClose(w world) (*job, error) {
	j := newJob(0)
	if x, ok := w.(creator); ok {
		j.run = x.create
		return j, nil
	}
	j.run = func(n int) error {
		for range n {
			a, b, err := w.pair(stream)
			if err != nil {
				return err
			}
			if err := a.Close(); err != nil {
				return err
			}
			if err := b.Close(); err != nil {
				return err
			}
		}
		return nil
	}
	return j, nil
}
