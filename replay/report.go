package replay

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sockpair/strace"
)

// Verdict is what became of a call.
type Verdict uint8

// The verdicts.
const (
	Pending   Verdict = iota // not yet known
	Equal                    // run, and as recorded
	Different                // run, and not as recorded
	Skipped                  // not compared, for a Reason
	Tainted                  // not compared: a skipped call may have changed what it would see
	Ran                      // run; the line had no result to compare with
)

var verdictNames = [...]string{"pending", "equal", "different", "skipped", "tainted", "ran"}

func (v Verdict) String() string { return verdictNames[v] }

// Line is a line of a report: a call, at the place where it returned, or
// another line of the log.
type Line struct {
	Number  int  // in the log
	Call    bool // the line counts as a call
	OnPair  bool // the call is about an end of a socket pair
	Named   bool // the call is about another socket of AF_UNIX
	Verdict Verdict
	Reason  Reason // of Skipped
	Partly  bool   // Equal but for the ancillary data, which was not compared
	Result  string // as the machine has answered, for Different and Ran

	line strace.Line
	call *strace.Call // put together, of Different
}

// Name is the name of the system call; "" where the line is none.
func (l *Line) Name() string {
	if l.line.Call == nil {
		return ""
	}
	return l.line.Call.Name
}

// Recorded is the line as the log has it; of a call that is Different, put
// together where the log has it in two parts.
func (l *Line) Recorded() string {
	if l.Verdict == Different && l.call != nil {
		return withPrefix(l.line.Prefix, l.call)
	}
	return l.line.String()
}

// Totals count calls by verdict.
type Totals struct {
	Calls, Compared, Equal, Different, Skipped, Tainted, Ran int
	Partly                                                   int // of Equal
	Reasons                                                  map[Reason]int
}

func (t *Totals) add(l *Line) {
	t.Calls++
	switch l.Verdict {
	case Equal:
		t.Compared++
		t.Equal++
		if l.Partly {
			t.Partly++
		}
	case Different:
		t.Compared++
		t.Different++
	case Skipped:
		t.Skipped++
		t.reason(l.Reason, 1)
	case Tainted:
		t.Tainted++
	case Ran:
		t.Ran++
	}
}

func (t *Totals) reason(r Reason, n int) {
	if t.Reasons == nil {
		t.Reasons = make(map[Reason]int)
	}
	t.Reasons[r] += n
}

// Add adds the totals of another log.
func (t *Totals) Add(u Totals) {
	t.Calls += u.Calls
	t.Compared += u.Compared
	t.Equal += u.Equal
	t.Different += u.Different
	t.Skipped += u.Skipped
	t.Tainted += u.Tainted
	t.Ran += u.Ran
	t.Partly += u.Partly
	for r, n := range u.Reasons {
		t.reason(r, n)
	}
}

// String is the totals as a report's last line has them.
func (t Totals) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "calls %d  compared %d  different %d  skipped %d", t.Calls, t.Compared, t.Different, t.Skipped)
	if t.Tainted > 0 {
		fmt.Fprintf(&b, "  tainted %d", t.Tainted)
	}
	if t.Ran > 0 {
		fmt.Fprintf(&b, "  run %d", t.Ran)
	}
	return b.String()
}

// Why lists the reasons of what was skipped, the most frequent first.
func (t Totals) Why() string {
	reasons := slices.SortedFunc(maps.Keys(t.Reasons), func(a, b Reason) int {
		if d := t.Reasons[b] - t.Reasons[a]; d != 0 {
			return d
		}
		return strings.Compare(string(a), string(b))
	})
	parts := make([]string, len(reasons))
	for i, r := range reasons {
		parts[i] = fmt.Sprintf("%s %d", r, t.Reasons[r])
	}
	return strings.Join(parts, ", ")
}

// Report is what a log came to.
type Report struct {
	Lines   []Line
	Totals  Totals // of all calls
	Pairs   Totals // of the calls on ends of socket pairs
	Named   Totals // of the calls on other sockets of AF_UNIX, made by socket and accept
	Began   []int  // descriptors with which the first process must have begun, beside 0, 1 and 2
	Hung    int    // calls that did not return, and should have
	Runs    int    // how often the log was run to find an order that explains it
	Bounded bool   // there were too many orders to try them all: one of the others may explain what is different
	Broken  error  // what Machine.Check says at the end
}

// Different reports whether anything was not as recorded.
func (r *Report) Different() bool { return r.Totals.Different > 0 || r.Broken != nil }

// Format writes the report for the terminal. quiet leaves out what is as
// recorded or was skipped.
func (r *Report) Format(w io.Writer, quiet bool) error {
	b := bufio.NewWriter(w)
	for _, fd := range r.Began {
		fmt.Fprintf(b, "# descriptor %d was open when the program began\n", fd)
	}
	for i := range r.Lines {
		l := &r.Lines[i]
		switch {
		case l.Verdict == Different:
			fmt.Fprintf(b, "-%s\n+%s\n", l.Recorded(), l.Result)
		case l.Verdict == Ran:
			fmt.Fprintln(b, l.Result)
		case !quiet:
			fmt.Fprintln(b, l.Recorded())
		}
	}
	if r.Bounded && r.Totals.Different > 0 {
		fmt.Fprintf(b, "# %d orders of calls that overlap were tried, and not all: another one may explain the differences\n", r.Runs)
	}
	if r.Broken != nil {
		fmt.Fprintf(b, "broken: %v\n", r.Broken)
	}
	fmt.Fprintln(b, r.Totals)
	return b.Flush()
}

// withPrefix is a call as a line, or nothing, under the prefix of the line it answers.
func withPrefix(p strace.Prefix, c *strace.Call) string {
	p.Time, p.Delta, p.IP, p.Number = "", "", "", ""
	if c == nil {
		return strace.Line{Prefix: p}.String()
	}
	return strace.Line{Prefix: p, Kind: strace.LineCall, Call: c}.String()
}
