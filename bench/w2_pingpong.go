package main

import "io"

// W2: two goroutines, 64 bytes there and back. An operation is one round trip.
// The limit is a round trip over two unbuffered channels that carry nothing.

func w2() []*caseOf {
	return []*caseOf{{
		workload: "W2",
		entries: append([]entry{{name: limit, open: turns(1)}},
			entriesFor(func(c *contestant) bool { return c.has(stream) }, pingPong(1, 64))...),
		goals: []goal{{ratio, limit, 1.4}, {allocs, "", 0}},
	}}
}

// conversation is the two sides of one pair, each of which does n round trips.
type conversation struct{ ask, answer func(n int) error }

// converse shares n round trips among conversations that run at once. After an
// error it does not wait for those that are still going on.
func converse(all []conversation, n int) error {
	all = all[:min(n, len(all))] // who has no turn need not come
	done := make(chan error, 2*len(all))
	for i, c := range all {
		mine := n / len(all)
		if i < n%len(all) {
			mine++
		}
		go func() { done <- c.ask(mine) }()
		go func() { done <- c.answer(mine) }()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			return err
		}
	}
	return nil
}

// pingPong opens pairs that talk at once.
func pingPong(pairs, size int) func(w world) (*job, error) {
	return func(w world) (*job, error) {
		j := newJob(size)
		var ends []io.Closer
		j.close = func() {
			for _, e := range ends {
				e.Close()
			}
		}
		var all []conversation
		for i := range pairs {
			a, b, err := w.pair(stream)
			if err != nil {
				j.close()
				return nil, err
			}
			ends = append(ends, a, b)
			got := j.got
			if i > 0 {
				got = make([]byte, size)
			}
			all = append(all, talk(j, a, b, got))
		}
		j.run = func(n int) error { return converse(all, n) }
		return j, nil
	}
}

// talker is an end that talks by calls of its own, as its users make them,
// without the steps of io.ReadWriter in between.
type talker interface {
	ask(j *job, got []byte, n int) error
	answer(buf []byte, n int) error
}

// talk makes the conversation of one pair; got is where the answers go.
func talk(j *job, a, b io.ReadWriter, got []byte) conversation {
	if t, ok := a.(talker); ok {
		return conversation{
			ask:    func(n int) error { return t.ask(j, got, n) },
			answer: func(n int) error { return b.(talker).answer(make([]byte, len(got)), n) },
		}
	}
	return conversation{
		ask: func(n int) error {
			for range n {
				if _, err := a.Write(j.sent); err != nil {
					return err
				}
				if err := readWhole(a, got); err != nil {
					return err
				}
				if j.check != nil {
					j.check(got)
				}
			}
			return nil
		},
		answer: func(n int) error {
			buf := make([]byte, len(got))
			for range n {
				if err := readWhole(b, buf); err != nil {
					return err
				}
				if _, err := b.Write(buf); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
