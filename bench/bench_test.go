package main

import (
	"bytes"
	"errors"
	"testing"
	"time"
)

const iterations = 100

// TestEveryEntryMovesItsBytes: each contestant of each workload does a
// hundred operations, and every byte arrives.
func TestEveryEntryMovesItsBytes(t *testing.T) {
	for _, w := range workloads {
		for _, c := range w.cases() {
			for _, e := range c.entries {
				t.Run(c.title()+"/"+e.name, func(t *testing.T) { runEntry(t, e) })
			}
		}
	}
}

func runEntry(t *testing.T, e entry) {
	if e.open == nil {
		if v, err := e.measure(); err != nil {
			t.Fatalf("measure() = %v, %v, want a figure", v, err)
		}
		return
	}
	j, err := e.open()
	if errors.Is(err, errNotHere) {
		t.Logf("left out: %v", err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer j.close()
	var stream bytes.Buffer
	j.check = func(piece []byte) { stream.Write(piece) }
	for i := range iterations {
		for k := range j.sent {
			j.sent[k] = byte(i + k*7 + k>>8)
		}
		clear(j.got)
		stream.Reset()
		if err := j.run(1); err != nil {
			t.Fatalf("operation %d: %v", i, err)
		}
		got := j.got
		if stream.Len() > 0 {
			got = stream.Bytes()
		}
		if !bytes.Equal(got, j.sent) {
			t.Fatalf("operation %d: %d bytes arrived, want the %d that were sent", i, len(got), len(j.sent))
		}
	}
	if err := j.run(iterations); err != nil {
		t.Fatalf("%d operations at once: %v", iterations, err)
	}
}

// TestMeasureTakesEveryRound: each entry has one figure a round.
func TestMeasureTakesEveryRound(t *testing.T) {
	r, err := measure(w1()[0], settings{rounds: 3, time: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.series {
		if len(s.values) != 3 || len(s.allocs) != 3 || s.count < 1 {
			t.Errorf("%s: %d values, %d allocations, %d operations; want 3, 3, at least 1", s.name, len(s.values), len(s.allocs), s.count)
		}
		for _, v := range s.values {
			if v <= 0 {
				t.Errorf("%s: %v ns, want more than 0", s.name, v)
			}
		}
	}
}
