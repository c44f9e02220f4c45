package main

import (
	"fmt"
	"runtime"

	"sockpair/emu"
)

// taskCurves: many goroutines, on 1, 2 and 16 processors of Go's scheduler.
func taskCurves() []curve {
	var all []curve
	for _, procs := range []int{1, 2, 16} {
		talking := 1_000_000
		if procs == 16 {
			talking = 100_000 // a million had not ended after some minutes on a busy machine of two cores
		}
		all = append(all,
			curve{title: fmt.Sprintf("Ping-pong on pairs at once, GOMAXPROCS=%d", procs), column: "pairs (two goroutines each)",
				sizes: upTo(talking), bytes: 8_000, least: 2, open: onProcs(procs, talkers)},
			curve{title: fmt.Sprintf("Writers and as many readers on one socket, GOMAXPROCS=%d", procs), column: "writers",
				sizes: []int{1, 2, 8, 64}, least: 1000, open: onProcs(procs, manyOnOne)},
			curve{title: fmt.Sprintf("Write and read, each goroutine on a pair of its own, GOMAXPROCS=%d (wall time)", procs), column: "goroutines",
				sizes: []int{1, 2, 4, 16}, least: 1000, open: onProcs(procs, independent)})
	}
	return all
}

// onProcs runs a job with another GOMAXPROCS.
func onProcs(procs int, open func(*emuWorld, int) (*job, error)) func(*emuWorld, int) (*job, error) {
	return func(w *emuWorld, size int) (*job, error) {
		before := runtime.GOMAXPROCS(procs)
		j, err := open(w, size)
		if err != nil {
			runtime.GOMAXPROCS(before)
			return nil, err
		}
		mine := j.close
		j.close = func() { mine(); runtime.GOMAXPROCS(before) }
		return j, nil
	}
}

func talkers(w *emuWorld, pairs int) (*job, error) { return pingPong(pairs, 64)(w) }

// manyOnOne: an operation is a message of 64 bytes, from any writer to any
// reader.
func manyOnOne(w *emuWorld, count int) (*job, error) {
	a, b, err := w.p.Pair(emu.SOCK_SEQPACKET)
	if err != nil {
		return nil, err
	}
	j := newJob(64)
	j.run = func(n int) error {
		var all []conversation
		for range count {
			got := make([]byte, 64)
			all = append(all, conversation{
				ask:    func(n int) error { return repeat(n, func() error { _, err := w.p.Write(a, j.sent); return err }) },
				answer: func(n int) error { return repeat(n, func() error { _, err := w.p.Read(b, got); return err }) },
			})
		}
		return converse(all, n)
	}
	return j, nil
}

func repeat(n int, f func() error) error {
	for range n {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// independent: an operation is one write and one read by any of the goroutines.
func independent(w *emuWorld, count int) (*job, error) {
	pairs, err := w.openPairs(count)
	if err != nil {
		return nil, err
	}
	j := newJob(64)
	var all []conversation
	for _, pair := range pairs {
		mine := &job{sent: make([]byte, 64), got: make([]byte, 64)}
		all = append(all, conversation{
			ask:    func(n int) error { return repeat(n, func() error { return writeRead(w.p, pair, mine) }) },
			answer: func(int) error { return nil },
		})
	}
	j.run = func(n int) error { return converse(all, n) }
	return j, nil
}
