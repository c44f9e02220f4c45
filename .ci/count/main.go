// Command count reads what go test -json prints and says what it amounts to:
//
//	go test -json ./... | go run ./.ci/count -platform linux/386
//
// The result is a row of the table in docs/platforms.md: packages, and tests
// that passed, were skipped and failed. A test counts when it has ended itself,
// not those below it as well: a table of 40 rows is 40 tests, as is a package's
// one function. Output of what failed goes to standard error, with -skips the
// reasons of what was skipped too. The exit status is 1 when anything failed or
// did not end.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// event is a line of go test -json.
type event struct {
	Action, Package, Test, Output string
	FailedBuild                   string
}

// name is a test, or a package where Test is empty.
type name struct{ Package, Test string }

// tally is what has been read.
type tally struct {
	state  map[name]string // the last action
	output map[name][]string
	order  []name
	other  []string // lines that are no events: what a compiler says
}

func main() {
	platform := flag.String("platform", "", "the first column of the row")
	skips := flag.Bool("skips", false, "say what was skipped and why")
	flag.Parse()
	t, err := read(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(2)
	}
	fmt.Printf("| %s | %d | %d | %d | %d | %s |\n", *platform, t.packages(), t.tests("pass"), t.tests("skip"), t.failed(),
		time.Now().UTC().Format(time.DateOnly))
	if *skips {
		t.report(os.Stderr, "skip")
	}
	if t.report(os.Stderr, "fail", "run", "start"); t.failed() > 0 || t.packages() == 0 {
		for _, line := range t.other {
			fmt.Fprintln(os.Stderr, line)
		}
		os.Exit(1)
	}
}

func read(r io.Reader) (*tally, error) {
	t := &tally{state: map[name]string{}, output: map[name][]string{}}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			t.other = append(t.other, lines.Text())
			continue
		}
		n := name{e.Package, e.Test}
		switch e.Action {
		case "start", "run", "pass", "fail", "skip":
			if _, known := t.state[n]; !known {
				t.order = append(t.order, n)
			}
			t.state[n] = e.Action
		case "output":
			t.output[n] = append(t.output[n], e.Output)
		case "build-output":
			t.other = append(t.other, strings.TrimRight(e.Output, "\n"))
		}
	}
	return t, lines.Err()
}

// parents are the tests that have tests below them.
func (t *tally) parents() map[name]bool {
	parents := map[name]bool{}
	for n := range t.state {
		for i := range n.Test {
			if n.Test[i] == '/' {
				parents[name{n.Package, n.Test[:i]}] = true
			}
		}
	}
	return parents
}

// tests counts the tests without tests below them that ended so.
func (t *tally) tests(state string) (count int) {
	parents := t.parents()
	for n, s := range t.state {
		if n.Test != "" && s == state && !parents[n] {
			count++
		}
	}
	return count
}

// packages counts those in which a test ended.
func (t *tally) packages() int {
	seen := map[string]bool{}
	for n, s := range t.state {
		if n.Test != "" && s != "run" {
			seen[n.Package] = true
		}
	}
	return len(seen)
}

// failed counts what failed or did not end: tests, and packages without such a test.
func (t *tally) failed() (count int) {
	parents, blamed := t.parents(), map[string]bool{}
	for n, s := range t.state {
		if n.Test != "" && (s == "fail" || s == "run") {
			blamed[n.Package] = true
			if !parents[n] {
				count++
			}
		}
	}
	for n, s := range t.state {
		if n.Test == "" && (s == "fail" || s == "start") && !blamed[n.Package] {
			count++
		}
	}
	return max(count, len(blamed))
}

// report writes the output of what ended so.
func (t *tally) report(w io.Writer, states ...string) {
	for _, n := range t.order {
		if s := t.state[n]; slices.Contains(states, s) && (s != "skip" || n.Test != "") {
			fmt.Fprintf(w, "%s: %s %s\n", s, n.Package, n.Test)
			for _, line := range t.output[n] {
				if !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- ") {
					fmt.Fprint(w, "    ", strings.TrimRight(line, "\n"), "\n")
				}
			}
		}
	}
}
