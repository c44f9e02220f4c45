package main

import (
	"sockpair/emu"
)

// tableCurves: what lookups cost as the tables grow. Each operation writes 64
// bytes into a pair and reads them, in one goroutine, unless it says otherwise.
func tableCurves() []curve {
	const million = 1_000_000
	return []curve{
		{title: "One pair, while others are open", column: "pairs open", sizes: upTo(million), bytes: 2000, open: onePairOf},
		{title: "Every pair in turn", column: "pairs open", sizes: upTo(million), bytes: 2000, least: 1, open: eachPairOf},
		{title: "The highest descriptor of one pair", column: "descriptors", sizes: upTo(million), bytes: 100, open: highestOf},
		{title: "One of the registered sockets is ready: write, epoll_wait, read", column: "members of the epoll", sizes: upTo(million), bytes: 2000, open: memberOf},
		{title: "Every process in turn, on a pair that all have inherited", column: "processes", sizes: upTo(million), bytes: 4000, least: 1, open: eachProcessOf},
		{title: "A pair is made and closed, while others are open", column: "pairs open", sizes: upTo(million), bytes: 2000, open: createBeside},
	}
}

// openPairs makes n pairs.
func (w *emuWorld) openPairs(n int) (pairs [][2]int, err error) {
	for range n {
		a, b, err := w.p.Pair(emu.SOCK_STREAM)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, [2]int{a, b})
	}
	return pairs, nil
}

// inTurn is an operation on one pair after the other.
func (w *emuWorld) inTurn(pairs [][2]int) *job {
	j, next := newJob(64), 0
	j.run = func(n int) error {
		for range n {
			if err := writeRead(w.p, pairs[next], j); err != nil {
				return err
			}
			if next++; next == len(pairs) {
				next = 0
			}
		}
		return nil
	}
	return j
}

func writeRead(p *emu.Process, pair [2]int, j *job) error {
	if _, err := p.Write(pair[0], j.sent); err != nil {
		return err
	}
	_, err := p.Read(pair[1], j.got)
	return err
}

func onePairOf(w *emuWorld, n int) (*job, error) {
	pairs, err := w.openPairs(n)
	if err != nil {
		return nil, err
	}
	return w.inTurn(pairs[n/2 : n/2+1]), nil
}

func eachPairOf(w *emuWorld, n int) (*job, error) {
	pairs, err := w.openPairs(n)
	if err != nil {
		return nil, err
	}
	return w.inTurn(pairs), nil
}

func highestOf(w *emuWorld, n int) (*job, error) {
	pairs, err := w.openPairs(1)
	if err != nil {
		return nil, err
	}
	last := pairs[0][1]
	for range n {
		if last, err = w.p.Dup(pairs[0][1]); err != nil {
			return nil, err
		}
	}
	return w.inTurn([][2]int{{pairs[0][0], last}}), nil
}

func memberOf(w *emuWorld, n int) (*job, error) {
	j := newJob(64)
	run, err := w.epoll(n-1, asksFirst, j.sent, j.got)
	j.run = run
	return j, err
}

func eachProcessOf(w *emuWorld, n int) (*job, error) {
	pairs, err := w.openPairs(1)
	if err != nil {
		return nil, err
	}
	var children []*emu.Process
	for range n {
		child, err := w.p.Fork()
		if err != nil {
			return nil, err
		}
		children = append(children, child)
	}
	j, next := newJob(64), 0
	j.run = func(n int) error {
		for range n {
			if err := writeRead(children[next], pairs[0], j); err != nil {
				return err
			}
			if next++; next == len(children) {
				next = 0
			}
		}
		return nil
	}
	return j, nil
}

func createBeside(w *emuWorld, n int) (*job, error) {
	j := newJob(0)
	j.run = w.create
	_, err := w.openPairs(n)
	return j, err
}
