package main

import (
	"encoding/json"
	"io"
)

// The shape of -json: everything that was measured, and the verdicts.
type (
	jsonCase struct {
		Workload string      `json:"workload"`
		Case     string      `json:"case,omitempty"`
		Unit     string      `json:"unit"`
		Entries  []jsonEntry `json:"entries"`
		Goals    []jsonGoal  `json:"goals,omitempty"`
	}
	jsonEntry struct {
		Name       string    `json:"name"`
		Operations int       `json:"operations,omitempty"` // in a round
		Values     []float64 `json:"values"`               // by round
		Allocs     []float64 `json:"allocs,omitempty"`     // by round
	}
	jsonGoal struct {
		Entry   string  `json:"entry"`
		Goal    string  `json:"goal"`
		Median  float64 `json:"median"`
		Verdict string  `json:"verdict"`
	}
)

func writeJSON(out io.Writer, results []*result) error {
	cases := []jsonCase{}
	for _, r := range results {
		c := jsonCase{Workload: r.of.workload, Case: r.of.name, Unit: r.of.measure()}
		for i := range r.series {
			s := &r.series[i]
			c.Entries = append(c.Entries, jsonEntry{s.name, s.count, s.values, s.allocs})
		}
		for _, f := range r.findings() {
			c.Goals = append(c.Goals, jsonGoal{f.entry, f.text(r.of.measure()), f.Center, f.verdict.String()})
		}
		cases = append(cases, c)
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(cases)
}
