package main

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// writeReport writes a table of goals and one of each case.
func writeReport(out io.Writer, results []*result) {
	fmt.Fprintf(out, "| workload | entry | goal | median | 95 %% interval | |\n|---|---|---|---|---|---|\n")
	for _, r := range results {
		for _, f := range r.findings() {
			fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n",
				r.of.title(), f.entry, f.text(r.of.measure()), median(f), interval(f.summary), f.verdict)
		}
	}
	for _, r := range results {
		fmt.Fprintln(out)
		writeCase(out, r)
	}
}

// writeCase writes the entries of one case, each with its ratio to the limit
// and the emulator's ratio to it.
func writeCase(out io.Writer, r *result) {
	column := "x limit"
	if r.find(emulator+" alone") != nil {
		column = "more than alone"
	}
	fmt.Fprintf(out, "| %s | %s | %s | sockpair / this | allocations |\n|---|---|---|---|---|\n", r.of.title(), r.of.measure(), column)
	least, ours := r.find(limit), r.find(emulator)
	for i := range r.series {
		s := &r.series[i]
		m := summarize(s.values)
		cells := []string{s.name, number(m.Center) + r.of.throughput(m.Center), ratioCell(s, least), ratioCell(ours, s), ""}
		if base := r.find(s.name + " alone"); base != nil {
			more := summarize(pairs(s.values, base.values, difference))
			cells[2] = number(more.Center) + " " + interval(more)
		}
		if s.allocs != nil {
			cells[4] = number(hundredths(summarize(s.allocs).Center))
		}
		fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
	}
}

func ratioCell(a, b *series) string {
	if a == nil || b == nil || a == b {
		return ""
	}
	s := summarize(pairs(a.values, b.values, quotient))
	return number(s.Center) + " " + interval(s)
}

func interval(s summary) string {
	if s.Confidence == 0 {
		return ""
	}
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return "(too few rounds)"
	}
	return fmt.Sprintf("[%s, %s]", number(s.Lo), number(s.Hi))
}

// number writes three digits and no exponent.
func number(v float64) string {
	if math.Abs(v) >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// measure is the unit of the case's figures.
func (c *caseOf) measure() string {
	if c.unit == "" {
		return "ns"
	}
	return c.unit
}

// throughput is what moves while one operation takes ns.
func (c *caseOf) throughput(ns float64) string {
	switch {
	case c.bytes == 0:
		return ""
	case c.workload == "W4":
		return fmt.Sprintf(" (%s M/s)", number(1e3/ns))
	default:
		return fmt.Sprintf(" (%s GB/s)", number(float64(c.bytes)/ns))
	}
}

// hundredths rounds: what the runtime allocates beside is less.
func hundredths(v float64) float64 { return math.Round(100*v) / 100 }

func median(f finding) string {
	if f.verdict == unmeasured {
		return ""
	}
	return number(f.Center)
}
