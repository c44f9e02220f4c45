package main

import (
	"fmt"
	"io"
	"runtime"
)

// W6: memory of a pair that nobody uses: as it was made; after 64 bytes went
// there and back; after it was filled up and emptied. What counts is the heap
// after a garbage collection, with the descriptor table, and for sockets of
// the kernel what its slabs grew by. The last case has a million pairs open in
// one process at once.

// reserver makes room beforehand for the values that the measuring itself
// needs for each end, which are not the contestant's.
type reserver interface{ reserve(ends int) }

// outsider has memory outside Go's heap.
type outsider interface{ outside() (uint64, error) }

// filler queues as much as there is room for.
type filler interface {
	fill(piece []byte) (total int, err error)
}

func w6() []*caseOf {
	streams := func(c *contestant) bool { return c.has(stream) }
	return []*caseOf{
		{workload: "W6", name: "fresh", unit: "B", goals: []goal{{figure, "", 640}},
			entries: memoryEntries(streams, 0, func(*contestant, io.ReadWriteCloser, io.ReadWriteCloser) error { return nil })},
		{workload: "W6", name: "after one exchange", unit: "B", goals: []goal{{figure, "", 1000}},
			entries: memoryEntries(streams, 0, exchangeOnce)},
		{workload: "W6", name: "filled and drained", unit: "B",
			entries: memoryEntries(func(c *contestant) bool { return c.has(stream) && c.fills }, 0, fillAndDrain)},
		{workload: "W6", name: "one million pairs open", unit: "B", maxRounds: 1, goals: []goal{{figure, "", 640}},
			entries: memoryEntries(func(c *contestant) bool { return isOurs(c.name) }, 1_000_000, func(*contestant, io.ReadWriteCloser, io.ReadWriteCloser) error { return nil })},
	}
}

// memoryEntries measure the memory of n pairs, 0 for what the contestant's own
// number is, after use.
func memoryEntries(admits func(*contestant) bool, n int, use func(c *contestant, a, b io.ReadWriteCloser) error) []entry {
	var entries []entry
	for _, c := range contestants() {
		if !admits(&c) {
			continue
		}
		count := n
		if count == 0 {
			count = c.pairs
		}
		entries = append(entries, entry{name: c.name, measure: func() (float64, error) {
			return memoryOf(&c, count, func(a, b io.ReadWriteCloser) error { return use(&c, a, b) })
		}})
	}
	return entries
}

func memoryOf(c *contestant, count int, use func(a, b io.ReadWriteCloser) error) (float64, error) {
	w, err := c.open()
	if err != nil {
		return 0, err
	}
	defer w.close()
	if r, ok := w.(reserver); ok {
		r.reserve(2 * count)
	}
	ends := make([]io.ReadWriteCloser, 0, 2*count)
	defer func() {
		for _, e := range ends {
			e.Close()
		}
	}()
	before, err := memory(w)
	if err != nil {
		return 0, err
	}
	if ends, err = openAll(w, ends, use); err != nil {
		return 0, err
	}
	after, err := memory(w)
	if err != nil {
		return 0, err
	}
	// They were all open, the first as well as the last.
	for _, i := range []int{0, len(ends) - 2} {
		if err := exchangeOnce(c, ends[i], ends[i+1]); err != nil {
			return 0, err
		}
	}
	return (float64(after) - float64(before)) / float64(count), nil
}

// openAll fills the room in ends with pairs.
func openAll(w world, ends []io.ReadWriteCloser, use func(a, b io.ReadWriteCloser) error) ([]io.ReadWriteCloser, error) {
	for len(ends) < cap(ends) {
		a, b, err := w.pair(stream)
		if err != nil {
			return ends, err
		}
		ends = append(ends, a, b)
		if err := use(a, b); err != nil {
			return ends, err
		}
	}
	return ends, nil
}

func memory(w world) (uint64, error) {
	runtime.GC()
	runtime.GC() // what the first took out of pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if o, ok := w.(outsider); ok {
		more, err := o.outside()
		return m.HeapAlloc + more, err
	}
	return m.HeapAlloc, nil
}

// exchangeOnce sends 64 bytes there and back.
func exchangeOnce(c *contestant, a, b io.ReadWriteCloser) error {
	sent, got := make([]byte, 64), make([]byte, 64)
	for _, d := range [][2]io.ReadWriter{{a, b}, {b, a}} {
		written := make(chan error, 1)
		write := func() {
			_, err := d[0].Write(sent)
			written <- err
		}
		if c.rendezvous {
			go write()
		} else {
			write()
		}
		if err := readWhole(d[1], got); err != nil {
			return err
		}
		if err := <-written; err != nil {
			return err
		}
	}
	return nil
}

// fillAndDrain fills one direction and reads it empty.
func fillAndDrain(_ *contestant, a, b io.ReadWriteCloser) error {
	f, ok := a.(filler)
	if !ok {
		return fmt.Errorf("%T cannot be filled", a)
	}
	buf := make([]byte, 4<<10)
	total, err := f.fill(buf)
	for err == nil && total > 0 {
		var n int
		n, err = b.Read(buf)
		total -= n
	}
	return err
}
