package strace

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mustParse parses a line that has to be one.
func mustParse(t testing.TB, s string) Line {
	t.Helper()
	l, err := ParseLine(s)
	if err != nil {
		t.Fatalf("ParseLine(%q) = error %q, want none", s, err)
	}
	return l
}

// mustValue parses a single value, as the only argument of a call.
func mustValue(t testing.TB, s string) Value {
	t.Helper()
	l := mustParse(t, "f("+s+")")
	if len(l.Call.Args) != 1 || l.Call.Args[0].Name != "" {
		t.Fatalf("ParseLine(f(%s)) has %d arguments, want one without a name", s, len(l.Call.Args))
	}
	return l.Call.Arg(0)
}

// equal reports got against want for an expression.
func equal[T comparable](t testing.TB, expr string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", expr, got, want)
	}
}

// shape draws a line as the tree that it was parsed into, in parentheses:
// kind, spelling, operands.
func shape(l Line) string {
	var b strings.Builder
	b.WriteString(strings.TrimPrefix(l.Kind.String(), "Line"))
	if l.Prefix != (Prefix{}) {
		x := l.Prefix
		fmt.Fprintf(&b, " prefix(%s)", strings.Join(nonEmpty("pid", x.PID, "comm", x.Comm, "time", x.Time, "delta", x.Delta,
			"number", x.Number, "ip", x.IP, "text", x.Text), " "))
	}
	if c := l.Call; c != nil {
		fmt.Fprintf(&b, " %s", strings.Join(nonEmpty("call", c.Name, "head", c.Head, "tail", c.Tail, "marker", c.Marker), " "))
		b.WriteString(shapeItems(c.Args))
		if r := c.Result; r != nil {
			fmt.Fprintf(&b, " result(%s)", strings.Join(nonEmpty("gap", r.Gap, "value", shapeValue(r.Value), "errno", r.Errno,
				"text", r.Text, "mark", r.Mark, "notes", strings.Join(r.Notes, ";"), "elapsed", r.Elapsed), " "))
		}
	}
	if s := l.Signal; s != nil {
		fmt.Fprintf(&b, " %s %s", s.Name, shapeValue(s.Info))
	}
	for _, part := range nonEmpty("status", l.Status, "sig", l.Sig, "core", l.Core, "pid", l.PID, "text", l.Text, "end", l.End) {
		b.WriteString(" " + part)
	}
	return b.String()
}

// nonEmpty lists labels with those values that are not zero; strings are
// quoted, unless they are trees.
func nonEmpty(pairs ...any) []string {
	var out []string
	for i := 0; i < len(pairs); i += 2 {
		switch v := pairs[i+1].(type) {
		case string:
			switch {
			case v == "":
			case v[0] == '(':
				out = append(out, fmt.Sprintf("%s=%s", pairs[i], v))
			default:
				out = append(out, fmt.Sprintf("%s=%q", pairs[i], v))
			}
		case int:
			if v != 0 {
				out = append(out, fmt.Sprintf("%s=%d", pairs[i], v))
			}
		case bool:
			if v {
				out = append(out, fmt.Sprint(pairs[i]))
			}
		}
	}
	return out
}

func shapeItems(items []Item) string {
	var b strings.Builder
	for _, it := range items {
		b.WriteByte(' ')
		if it.Gap != "" {
			fmt.Fprintf(&b, "%q:", it.Gap)
		}
		if it.Name != "" {
			b.WriteString(it.Name + "=")
		}
		b.WriteString(shapeValue(it.Value))
	}
	return b.String()
}

func shapeValue(v Value) string {
	var b strings.Builder
	b.WriteString("(" + v.Kind.String())
	if v.Text != "" {
		b.WriteString(" " + v.Text)
	}
	if v.Cut {
		b.WriteString(" cut")
	}
	b.WriteString(shapeItems(v.Items))
	if v.Tail != "" {
		fmt.Fprintf(&b, " tail=%q", v.Tail)
	}
	return b.String() + ")"
}

// testdata returns the recordings kept with the package.
func testdata(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.strace")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(testdata/*.strace) = %d files, %v, want some", len(files), err)
	}
	return files
}

// recordings returns the recordings of shared/traces, which stands beside a
// directory above this one; it skips the test where there is none.
func recordings(t testing.TB) []string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		files, _ := filepath.Glob(filepath.Join(dir, "shared", "traces", "*", "*.strace"))
		if len(files) > 0 {
			return files
		}
	}
	t.Skip("no directory above this one has shared/traces/*/*.strace: the recordings are not here")
	return nil
}

// linesOf returns the lines of a file without their newlines.
func linesOf(t testing.TB, file string) []string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(bytes.TrimSuffix(data, []byte("\n"))), "\n")
}
