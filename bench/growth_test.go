package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

// TestEveryCurveRuns: each curve does a hundred operations at its smaller sizes.
func TestEveryCurveRuns(t *testing.T) {
	for _, c := range curves() {
		k, _ := c.caseOf(1 << 22) // the sizes that take 4 MiB
		for _, e := range k.entries {
			t.Run(c.title+"/"+e.name, func(t *testing.T) {
				j, err := e.open()
				if err != nil {
					t.Fatal(err)
				}
				defer j.close()
				if err := j.run(iterations); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// TestGrowthSaysWhatItLeavesOut: sizes above the memory are named.
func TestGrowthSaysWhatItLeavesOut(t *testing.T) {
	c := curve{title: "T", sizes: upTo(1000), bytes: 1 << 20, open: onePairOf}
	k, leftOut := c.caseOf(10 << 20)
	if len(k.entries) != 2 || len(leftOut) != 2 || leftOut[0] != 100 {
		t.Fatalf("%d entries, %v left out; want 1 and 10, and 100 and 1000 left out", len(k.entries), leftOut)
	}
	r, err := measure(k, settings{rounds: 2, time: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	writeCurve(&out, &c, r)
	if !strings.Contains(out.String(), "| 10 | ") {
		t.Errorf("the table has no row for 10:\n%s", out.String())
	}
}

// TestGrowthRefusesUnknownTitles: a name that no table has is an error.
func TestGrowthRefusesUnknownTitles(t *testing.T) {
	if err := growth(io.Discard, options{curves: "nothing of the kind"}); err == nil {
		t.Error("growth(unknown title) = nil, want an error")
	}
}
