package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

// settings are how long and how often is measured.
type settings struct {
	rounds int
	time   time.Duration // of one entry in one round
}

// series are the figures of one entry, by round.
type series struct {
	name   string
	values []float64 // of one operation
	allocs []float64 // of one operation; nil where a figure is no time
	count  int       // operations in a round
	// missing: this machine has not what the entry needs.
	missing bool
}

// errNotHere is why an entry is left out.
var errNotHere = errors.New("not on this machine")

// result is a case that has been measured.
type result struct {
	of     *caseOf
	series []series
}

// measure runs the entries of a case in paired rounds.
func measure(c *caseOf, s settings) (*result, error) {
	r := &result{of: c, series: make([]series, len(c.entries))}
	for i, e := range c.entries {
		r.series[i] = series{name: e.name}
		if e.open == nil {
			continue
		}
		least := max(1, c.least, e.least)
		n, err := calibrate(e, s.time, least)
		if errors.Is(err, errNotHere) {
			fmt.Fprintf(os.Stderr, "%s, %s: left out: %v\n", c.title(), e.name, err)
			r.series[i].missing = true
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", c.title(), e.name, err)
		}
		r.series[i].count = n
	}
	for round := range c.roundsOf(s) {
		for k := range c.entries {
			i := (round + k) % len(c.entries)
			if r.series[i].missing {
				continue
			}
			if err := measureOnce(c, c.entries[i], &r.series[i]); err != nil {
				return nil, fmt.Errorf("%s, %s: %w", c.title(), c.entries[i].name, err)
			}
		}
	}
	r.series = slices.DeleteFunc(r.series, func(s series) bool { return s.missing })
	return r, nil
}

func (c *caseOf) roundsOf(s settings) int {
	if c.maxRounds > 0 {
		return min(c.maxRounds, s.rounds)
	}
	return s.rounds
}

// measureOnce adds the figure of one round.
func measureOnce(c *caseOf, e entry, s *series) error {
	if e.open == nil {
		v, err := e.measure()
		s.values = append(s.values, v)
		return err
	}
	j, err := e.open()
	if err != nil {
		return err
	}
	defer j.close()
	if err := j.run(max(1, s.count/20, e.least)); err != nil { // warm
		return err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	err = j.run(s.count)
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	s.values = append(s.values, float64(elapsed.Nanoseconds())/float64(s.count*max(1, c.per)))
	s.allocs = append(s.allocs, float64(after.Mallocs-before.Mallocs)/float64(s.count))
	return err
}

// calibrate finds how many operations take about d, but at least least.
func calibrate(e entry, d time.Duration, least int) (int, error) {
	j, err := e.open()
	if err != nil {
		return 0, err
	}
	defer j.close()
	for n := least; ; {
		start := time.Now()
		if err := j.run(n); err != nil {
			return 0, err
		}
		elapsed := max(time.Since(start), time.Nanosecond)
		want := int(float64(n) * float64(d) / float64(elapsed))
		if elapsed > d/3 {
			return max(least, want), nil
		}
		n = max(n+1, min(want, 20*n))
	}
}
