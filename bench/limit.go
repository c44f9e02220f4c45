package main

import "sync"

// limit is the name of the entry that does the least that the work could cost.
const limit = "limit"

// lockedQueue holds what is on its way.
type lockedQueue struct {
	mu    sync.Mutex
	bytes []byte
}

// copies is the limit of one goroutine that sends and receives: a copy under a
// lock into a buffer, and one out of it. As for everybody else, the size is not
// known when it is compiled (which would save a tenth).
func copies(size int) func() (*job, error) {
	return func() (*job, error) {
		j, q := newJob(size), &lockedQueue{bytes: make([]byte, size)}
		j.run = func(n int) error { return q.exchange(n, j.sent, j.got) }
		return j, nil
	}
}

func (q *lockedQueue) exchange(n int, sent, got []byte) error {
	for range n {
		q.mu.Lock()
		copy(q.bytes, sent)
		q.mu.Unlock()
		q.mu.Lock()
		copy(got, q.bytes)
		q.mu.Unlock()
	}
	return nil
}

// oneCopy is the limit of a stream: every byte is copied once, in cache.
func oneCopy(size int) func() (*job, error) {
	return func() (*job, error) {
		j := newJob(size)
		j.run = func(n int) error {
			for range n {
				copy(j.got, j.sent)
				if j.check != nil {
					j.check(j.got)
				}
			}
			return nil
		}
		return j, nil
	}
}

// turns is the limit of a conversation: n round trips over two unbuffered
// channels, with nothing to carry. Many pairs are many conversations at once.
func turns(pairs int) func() (*job, error) {
	return func() (*job, error) {
		j := newJob(0)
		var all []conversation
		for range pairs {
			there, back := make(chan struct{}), make(chan struct{})
			all = append(all, conversation{
				ask: func(n int) error {
					for range n {
						there <- struct{}{}
						<-back
					}
					return nil
				},
				answer: func(n int) error {
					for range n {
						<-there
						back <- struct{}{}
					}
					return nil
				},
			})
		}
		j.run = func(n int) error { return converse(all, n) }
		return j, nil
	}
}

// allocation is the limit of making a pair.
func allocation() (*job, error) {
	j := newJob(0)
	var last struct{ bytes []byte } // what is made must not be optimized away
	j.run = func(n int) error {
		for range n {
			last.bytes = make([]byte, 1024)
		}
		return nil
	}
	return j, nil
}
