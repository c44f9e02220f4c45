package strace

import (
	"reflect"
	"testing"
)

// checkRoundTrip reports where printing a parsed line is not the line, or
// parsing that again is not the same tree.
func checkRoundTrip(t testing.TB, s string) (Line, error) {
	t.Helper()
	l, err := ParseLine(s)
	if err != nil {
		return l, err
	}
	if got := l.String(); got != s {
		t.Errorf("ParseLine(s).String() = %q, want s = %q", got, s)
	}
	if again, err := ParseLine(l.String()); err != nil || !reflect.DeepEqual(again, l) {
		t.Errorf("ParseLine(ParseLine(%q).String()) = %s, %v, want %s", s, shape(again), err, shape(l))
	}
	return l, nil
}

// checkFile checks every line of a recording, and that its calls join.
func checkFile(t testing.TB, file string) (lines int) {
	t.Helper()
	var j Joiner
	for i, s := range linesOf(t, file) {
		l, err := ParseLine(s)
		if err != nil {
			t.Errorf("%s:%d: ParseLine(%q) = error %q, want none", file, i+1, s, err)
			continue
		}
		if got := l.String(); got != s {
			t.Errorf("%s:%d: ParseLine(s).String() = %q, want s = %q", file, i+1, got, s)
		}
		if _, err := j.Add(l); err != nil {
			t.Errorf("%s:%d: Joiner.Add(%q) = error %q, want none", file, i+1, s, err)
		}
		lines++
	}
	return lines
}

func TestPrintingWhatWasParsedGivesTheSameBytes(t *testing.T) {
	for _, file := range testdata(t) {
		for _, s := range linesOf(t, file) {
			if _, err := checkRoundTrip(t, s); err != nil {
				t.Errorf("%s: ParseLine(%q) = error %q, want none", file, s, err)
			}
		}
	}
}

func TestRecordingsRoundTrip(t *testing.T) {
	total := 0
	for _, file := range recordings(t) {
		total += checkFile(t, file)
	}
	t.Logf("%d lines", total)
}

// By default strace aligns the equals sign to column 40 and uses the shortest
// escapes: nothing in a recording made without -a and -x has a gap or an
// escape of its own. So what a program prints looks like a recording.
func TestRecordingsNeedNoGapsAndNoEscapesOfTheirOwn(t *testing.T) {
	for _, file := range recordings(t) {
		for _, s := range linesOf(t, file) {
			l := mustParse(t, s)
			if l.Prefix.Text != "" {
				t.Errorf("%s: Prefix.Text of %q = %q, want none", file, s, l.Prefix.Text)
			}
			if l.Call == nil {
				continue
			}
			if r := l.Call.Result; r != nil && r.Gap != "" {
				t.Errorf("%s: Result.Gap of %q = %q, want none", file, s, r.Gap)
			}
			for _, a := range l.Call.Args {
				checkQuoting(t, a.Value)
			}
		}
	}
}

// checkQuoting checks that every string in v is quoted as Quote or QuoteHex
// quotes it.
func checkQuoting(t *testing.T, v Value) {
	t.Helper()
	if b, _, ok := v.Bytes(); v.Kind == String && (!ok || v.Text != Quote(b) && v.Text != QuoteHex(b)) {
		t.Errorf("Quote(%q) = %q, want %q", b, Quote(b), v.Text)
	}
	for _, it := range v.Items {
		checkQuoting(t, it.Value)
	}
}
