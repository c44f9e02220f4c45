package main

import (
	"fmt"
	"go/version"
	"io"
	"strconv"
	"strings"
)

// factor is how many times the recorded instructions a turn may take.
const factor = 1.2

// record is what recorded.txt holds: lines of a name and a value; a line that
// begins with # is a comment.
type record struct {
	version, goarch, date string
	// turns are the instructions of one turn, by the workload's name.
	turns map[string]float64
}

func parseRecord(text string) (record, error) {
	r := record{turns: map[string]float64{}}
	heads := map[string]*string{"version": &r.version, "goarch": &r.goarch, "date": &r.date}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, _ := strings.Cut(line, " ")
		if head := heads[name]; head != nil {
			*head = value
			continue
		}
		if _, err := workloadNamed(name); err != nil {
			return record{}, fmt.Errorf("%q: %w", line, err)
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || !(n > 0) {
			return record{}, fmt.Errorf("%q: want a number of instructions", line)
		}
		r.turns[name] = n
	}
	return r, r.whole()
}

// whole is nil when nothing is missing.
func (r record) whole() error {
	if r.version == "" || r.goarch == "" || r.date == "" {
		return fmt.Errorf("version %q, goarch %q, date %q: want all three", r.version, r.goarch, r.date)
	}
	for _, w := range workloads {
		if r.turns[w.name] == 0 {
			return fmt.Errorf("no number for %s", w.name)
		}
	}
	return nil
}

func (r record) String() string {
	var b strings.Builder
	b.WriteString("# Instructions of one turn of a workload: go run -C bench ./instructions -record\n")
	fmt.Fprintf(&b, "version %s\ngoarch %s\ndate %s\n", r.version, r.goarch, r.date)
	for _, w := range workloads {
		fmt.Fprintf(&b, "%s %.1f\n", w.name, r.turns[w.name])
	}
	return b.String()
}

// compare writes a line for each workload. The error names those that take
// more than factor times what is recorded.
func (r record) compare(out io.Writer, now record) error {
	if version.Lang(r.version) != version.Lang(now.version) {
		fmt.Fprintf(out, "recorded with %s, counted with %s\n", r.version, now.version)
	}
	var tooMany []string
	for _, w := range workloads {
		was, is := r.turns[w.name], now.turns[w.name]
		note := ""
		switch ratio := is / was; {
		case ratio > factor:
			tooMany = append(tooMany, w.name)
			note = fmt.Sprintf("  more than %v", factor)
		case ratio < 1/factor:
			note = "  less by so much that it should be recorded"
		}
		fmt.Fprintf(out, "%s: %.1f instructions, recorded %.1f, x %.3f%s\n", w.name, is, was, is/was, note)
	}
	if tooMany != nil {
		return fmt.Errorf("%s: more than %v times the instructions recorded on %s", strings.Join(tooMany, ", "), factor, r.date)
	}
	return nil
}
