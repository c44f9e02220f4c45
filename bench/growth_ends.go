package main

import "sockpair/emu"

// endCurves: fork, exit and close.
func endCurves() []curve {
	few, many := []int{10, 100, 1000, 10_000, 100_000}, []int{1, 100, 1000, 10_000, 100_000}
	return []curve{
		{title: "fork and the child's exit", column: "descriptors", sizes: few, bytes: 2000, open: forkWith},
		{title: "A pair is made and closed, while others are in flight", column: "descriptors in flight", sizes: many, bytes: 4000, open: closeBeside},
		{title: "A socket is passed, closed and received, while others are in flight", column: "descriptors in flight", sizes: many, bytes: 4000, open: passBeside},
	}
}

func forkWith(w *emuWorld, n int) (*job, error) {
	if _, err := w.quietSockets(n); err != nil {
		return nil, err
	}
	j := newJob(0)
	j.run = func(n int) error {
		for range n {
			child, err := w.p.Fork()
			if err != nil {
				return err
			}
			child.Exit(0)
			if _, _, err := w.p.Wait4(child.Getpid(), 0); err != nil {
				return err
			}
		}
		return nil
	}
	return j, nil
}

// inFlight sends n sockets, each of which holds the next; one of them is open.
func (w *emuWorld) inFlight(n int) error {
	pairs, err := w.openPairs(n)
	if err != nil {
		return err
	}
	for i, pair := range pairs {
		if err := w.send(pair[0], pairs[(i+1)%n][1]); err != nil {
			return err
		}
	}
	for _, pair := range pairs[1:] {
		if err := w.p.Close(pair[1]); err != nil {
			return err
		}
	}
	return nil
}

// send passes a descriptor.
func (w *emuWorld) send(through, fd int) error {
	_, err := w.p.Sendmsg(through, &emu.Msghdr{Iov: [][]byte{{0}}, Control: emu.Rights(fd)}, 0)
	return err
}

func closeBeside(w *emuWorld, n int) (*job, error) {
	if err := w.inFlight(n); err != nil {
		return nil, err
	}
	j := newJob(0)
	j.run = w.create
	return j, nil
}

func passBeside(w *emuWorld, n int) (*job, error) {
	if err := w.inFlight(n); err != nil {
		return nil, err
	}
	a, b, err := w.p.Pair(emu.SOCK_STREAM)
	if err != nil {
		return nil, err
	}
	j := newJob(0)
	var got [1]byte
	j.run = func(n int) error {
		for range n {
			x, y, err := w.p.Pair(emu.SOCK_STREAM)
			if err != nil {
				return err
			}
			if err := w.send(a, y); err != nil {
				return err
			}
			if err := w.p.Close(y); err != nil {
				return err
			}
			if _, err := w.p.Read(b, got[:]); err != nil { // what is passed is dropped
				return err
			}
			if err := w.p.Close(x); err != nil {
				return err
			}
		}
		return nil
	}
	return j, nil
}
