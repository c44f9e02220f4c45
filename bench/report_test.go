package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// measured is a result that no machine was needed for.
func measured() []*result {
	nine := func(v float64) []float64 { return []float64{v, v, v, v, v, v, v, v, v} }
	c := &caseOf{workload: "W1", bytes: 64, goals: []goal{{ratio, limit, 2}, {allocs, "", 0}, {ratio, "absent", 1}}}
	return []*result{{of: c, series: []series{
		{name: limit, values: nine(10), allocs: nine(0)},
		{name: emulator, values: nine(20), allocs: nine(1)},
		{name: "bufconn", values: nine(40), allocs: nine(0)},
	}}}
}

// TestReport: the table of goals and the table of the case.
func TestReport(t *testing.T) {
	var out strings.Builder
	writeReport(&out, measured())
	for _, line := range []string{
		"| W1 | sockpair | <= 2x limit | 2 | [2, 2] | met |",
		"| W1 | sockpair | <= 0 allocations | 1 | [1, 1] | missed |",
		"| W1 | sockpair | <= 1x absent |  |  | not measured |",
		"| limit | 10 (6.4 GB/s) |  | 2 [2, 2] | 0 |",
		"| sockpair | 20 (3.2 GB/s) | 2 [2, 2] |  | 1 |",
		"| bufconn | 40 (1.6 GB/s) | 4 [4, 4] | 0.5 [0.5, 0.5] | 0 |",
	} {
		if !strings.Contains(out.String(), line+"\n") {
			t.Errorf("the report has no line %q:\n%s", line, out.String())
		}
	}
}

// TestJSON: it has every figure and every verdict.
func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := writeJSON(&out, measured()); err != nil {
		t.Fatal(err)
	}
	var cases []jsonCase
	if err := json.Unmarshal(out.Bytes(), &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 1 || len(cases[0].Entries) != 3 || len(cases[0].Entries[1].Values) != 9 || len(cases[0].Goals) != 3 {
		t.Errorf("%s\nwant one case of 3 entries with 9 values, and 3 goals", out.String())
	}
}

// TestChart: it is well-formed, and names each contestant that it shows.
func TestChart(t *testing.T) {
	var out bytes.Buffer
	if err := writeChart(&out, measured()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{emulator, "bufconn", "W1"} {
		if !strings.Contains(out.String(), ">"+name+"<") {
			t.Errorf("the chart does not name %s", name)
		}
	}
	d := xml.NewDecoder(&out)
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if err := writeChart(io.Discard, nil); err == nil {
		t.Error("writeChart(no results) = nil, want an error")
	}
}

// TestSelection: flags name what is known, and nothing else.
func TestSelection(t *testing.T) {
	cases, err := selected(options{workloads: "W1,W9", contestants: emulator})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for _, e := range c.entries {
			if e.name != limit && e.name != emulator && e.name != emulator+" alone" {
				t.Errorf("%s has entry %s, want the limit and %s only", c.title(), e.name, emulator)
			}
		}
	}
	if len(cases) != 8 {
		t.Errorf("%d cases, want 8: one of W1, seven of W9", len(cases))
	}
	for _, o := range []options{{workloads: "W10"}, {workloads: "W1,"}, {contestants: "nobody"}} {
		if _, err := selected(o); err == nil {
			t.Errorf("selected(%+v) = nil, want an error", o)
		}
	}
}
