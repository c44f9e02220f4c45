package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"sockpair/emu"
)

// A curve is the cost of one operation of the emulator at several sizes.
type curve struct {
	title  string
	column string // what a size counts
	sizes  []int
	bytes  int // of memory that one more takes, about
	least  int // operations of a round for each of a size
	open   func(w *emuWorld, size int) (*job, error)
}

// curves are all there are.
func curves() []curve {
	all := append(tableCurves(), endCurves()...)
	return append(all, taskCurves()...)
}

// upTo are the powers of ten to n.
func upTo(n int) []int {
	var sizes []int
	for s := 1; s <= n; s *= 10 {
		sizes = append(sizes, s)
	}
	return sizes
}

// growth measures every curve whose title has o.curves in it, at sizes of at
// most o.memory MiB, and writes a table of each as soon as it has it.
func growth(out io.Writer, o options) error {
	wanted := slices.DeleteFunc(curves(), func(c curve) bool { return !strings.Contains(c.title, o.curves) })
	if len(wanted) == 0 {
		return fmt.Errorf("no title has %q in it", o.curves)
	}
	// As in a program with some memory of its own, so that few pairs do not make
	// the garbage collector run more often than many. Nobody touches it.
	ballast := make([]byte, 256<<20)
	defer runtime.KeepAlive(ballast)
	for _, c := range wanted {
		fmt.Fprintln(os.Stderr, c.title)
		k, leftOut := c.caseOf(o.memory << 20)
		r, err := measure(k, o.settings)
		if err != nil {
			return err
		}
		writeCurve(out, &c, r)
		if len(leftOut) > 0 {
			fmt.Fprintf(out, "\nLeft out, as they would take more than %d MiB: %d.\n", o.memory, leftOut)
		}
	}
	return nil
}

// caseOf makes a case of which the sizes are the entries.
func (c *curve) caseOf(memory int) (k *caseOf, leftOut []int) {
	k = &caseOf{workload: c.title}
	for _, size := range c.sizes {
		if c.bytes*size > memory {
			leftOut = append(leftOut, size)
			continue
		}
		k.entries = append(k.entries, entry{name: strconv.Itoa(size), least: c.least * size, open: func() (*job, error) {
			w, err := newEmuWorld(emu.Linux())
			if err != nil {
				return nil, err
			}
			j, err := c.open(w, size)
			if err != nil {
				w.close()
				return nil, err
			}
			mine := j.close
			j.close = func() { mine(); w.close() }
			return j, nil
		}})
	}
	return k, leftOut
}

// writeCurve writes the figures, each with its ratio to that of the smallest size.
func writeCurve(out io.Writer, c *curve, r *result) {
	fmt.Fprintf(out, "\n%s\n\n| %s | ns | x smallest | allocations |\n|---|---|---|---|\n", c.title, c.column)
	for i := range r.series {
		s := &r.series[i]
		fmt.Fprintf(out, "| %s | %s | %s | %s |\n", s.name, number(summarize(s.values).Center),
			ratioCell(s, &r.series[0]), number(hundredths(summarize(s.allocs).Center)))
	}
}
