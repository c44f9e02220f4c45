package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// workloads are all there are, in the order of the report.
var workloads = []struct {
	name  string
	cases func() []*caseOf
}{
	{"W1", w1}, {"W2", w2}, {"W3", w3}, {"W4", w4}, {"W5", w5}, {"W6", w6}, {"W7", w7}, {"W8", w8}, {"W9", w9},
}

// options are the flags.
type options struct {
	settings
	workloads, contestants string
	svg                    string
	json, growth           bool
	memory                 int
	curves                 string
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 9, "paired rounds; fewer than 6 have no interval")
	flag.DurationVar(&o.time, "time", 150*time.Millisecond, "time of one entry in one round")
	flag.StringVar(&o.workloads, "workloads", "", "only these, as W1,W2")
	flag.StringVar(&o.contestants, "contestants", "", "only these beside the limit, as \"sockpair,net.Pipe\"")
	flag.StringVar(&o.svg, "svg", "", "draw a chart into this file")
	flag.BoolVar(&o.json, "json", false, "write JSON with all figures instead of tables")
	flag.BoolVar(&o.growth, "growth", false, "measure how the costs grow, instead of the workloads")
	flag.StringVar(&o.curves, "curves", "", "with -growth: only the tables whose title has this in it")
	flag.IntVar(&o.memory, "memory", 8192, "with -growth: leave out sizes that take more MiB than this")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "bench: %q: it takes flags only\n", flag.Args())
		os.Exit(2)
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	if o.rounds < 1 || o.time <= 0 {
		return fmt.Errorf("-rounds %d -time %v: want at least one round and some time", o.rounds, o.time)
	}
	if o.growth {
		return growth(os.Stdout, o)
	}
	cases, err := selected(o)
	if err != nil {
		return err
	}
	var results []*result
	for _, c := range cases {
		fmt.Fprintln(os.Stderr, c.title())
		r, err := measure(c, o.settings)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	if err := write(o, results); err != nil || o.svg == "" {
		return err
	}
	return drawInto(o.svg, results)
}

func write(o options, results []*result) error {
	if o.json {
		return writeJSON(os.Stdout, results)
	}
	writeReport(os.Stdout, results)
	return nil
}

func drawInto(name string, results []*result) error {
	var chart bytes.Buffer
	if err := writeChart(&chart, results); err != nil {
		return err
	}
	return os.WriteFile(name, chart.Bytes(), 0o644)
}

// selected makes the cases that the flags ask for.
func selected(o options) ([]*caseOf, error) {
	var cases []*caseOf
	wanted, err := list("-workloads", o.workloads, workloadNames())
	if err != nil {
		return nil, err
	}
	only, err := list("-contestants", o.contestants, contestantNames())
	if err != nil {
		return nil, err
	}
	for _, w := range workloads {
		if wanted != nil && !slices.Contains(wanted, w.name) {
			continue
		}
		for _, c := range w.cases() {
			c.entries = slices.DeleteFunc(c.entries, func(e entry) bool {
				return only != nil && e.name != limit && !slices.Contains(only, strings.TrimSuffix(e.name, " alone"))
			})
			cases = append(cases, c)
		}
	}
	return cases, nil
}

func workloadNames() (names []string) {
	for _, w := range workloads {
		names = append(names, w.name)
	}
	return names
}

func contestantNames() (names []string) {
	for _, c := range contestants() {
		names = append(names, c.name)
	}
	return names
}

// list takes a flag apart, each part of which must be known; nil for all.
func list(flag, value string, known []string) ([]string, error) {
	if value == "" {
		return nil, nil
	}
	names := strings.Split(value, ",")
	for _, n := range names {
		if !slices.Contains(known, n) {
			return nil, fmt.Errorf("%s: %q is not known; want some of %s", flag, n, strings.Join(known, ","))
		}
	}
	return names, nil
}
