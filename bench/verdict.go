package main

import (
	"fmt"
	"math"
	"strings"

	"golang.org/x/perf/benchmath"
)

// confidence is that of the intervals: 6 rounds are the fewest that give one.
const (
	confidence = 0.95
	minRounds  = 6
)

// summary is a median with its interval.
type summary = benchmath.Summary

func summarize(values []float64) summary {
	s := benchmath.NewSample(append([]float64(nil), values...), &benchmath.DefaultThresholds)
	return benchmath.AssumeNothing.Summary(s, confidence)
}

// find returns the series of an entry, nil when it was not measured.
func (r *result) find(name string) *series {
	for i := range r.series {
		if r.series[i].name == name {
			return &r.series[i]
		}
	}
	return nil
}

// pairs makes one figure of two of the same round.
func pairs(a, b []float64, f func(x, y float64) float64) []float64 {
	out := make([]float64, min(len(a), len(b)))
	for i := range out {
		out[i] = f(a[i], b[i])
	}
	return out
}

func quotient(x, y float64) float64   { return x / y }
func difference(x, y float64) float64 { return x - y }

// finding is what became of a goal.
type finding struct {
	summary
	goal
	entry   string
	verdict verdict
}

// findings judges the emulator's entries, goal by goal.
func (r *result) findings() []finding {
	var all []finding
	for i := range r.series {
		if !isOurs(r.series[i].name) {
			continue
		}
		for _, g := range r.of.goals {
			all = append(all, r.judge(&r.series[i], g))
		}
	}
	return all
}

type verdict int

const (
	missed verdict = iota
	met
	unmeasured // the entry to compare with is not there
)

func (v verdict) String() string { return [...]string{"missed", "met", "not measured"}[v] }

// judge compares an entry with a goal.
func (r *result) judge(s *series, g goal) finding {
	values := s.values
	g.against = strings.ReplaceAll(g.against, "%s", s.name)
	other := r.find(g.against)
	switch {
	case g.kind == allocs:
		values = s.allocs
	case g.kind == figure:
	case other == nil:
		return finding{goal: g, entry: s.name, verdict: unmeasured}
	case g.kind == ratio:
		values = pairs(s.values, other.values, quotient)
	case g.kind == added:
		values = pairs(s.values, other.values, difference)
	}
	f := finding{summary: summarize(values), goal: g, entry: s.name}
	if reaches(f.summary, g) {
		f.verdict = met
	}
	return f
}

// reaches: the better end of the interval is at the bound and the median
// within 5 % of it. Fewer rounds than minRounds have no interval, so that the
// median alone counts. Allocations are counted, not sampled: other goroutines
// of the process may add a few to a round.
func reaches(s summary, g goal) bool {
	if g.kind == allocs {
		return s.Center <= g.bound+0.01
	}
	lo := s.Lo
	if math.IsInf(lo, -1) {
		lo = s.Center
	}
	return lo <= g.bound && s.Center <= g.bound*1.05
}

// text says the goal in words.
func (g goal) text(unit string) string {
	switch g.kind {
	case ratio:
		return fmt.Sprintf("<= %sx %s", number(g.bound), g.against)
	case added:
		return fmt.Sprintf("<= %s + %s %s", g.against, number(g.bound), unit)
	case allocs:
		return fmt.Sprintf("<= %s allocations", number(g.bound))
	default:
		return fmt.Sprintf("<= %s %s", number(g.bound), unit)
	}
}
