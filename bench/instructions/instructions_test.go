package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const sample = "# a comment\nversion go1.26.3\ngoarch amd64\ndate 2026-11-21\n\nW1 500.5\nW4 600\nW8 7000\n"

// counts are a record of the day of sample, with other numbers.
func counts(w1, w4, w8 float64) record {
	return record{version: "go1.26.9", goarch: "amd64", date: "2026-11-22", turns: map[string]float64{"W1": w1, "W4": w4, "W8": w8}}
}

func TestEachWorkloadDoesItsWork(t *testing.T) {
	for _, w := range workloads {
		if err := w.run(100); err != nil {
			t.Error(err)
		}
		if w.few >= w.many {
			t.Errorf("%s: few = %d, many = %d, want more", w.name, w.few, w.many)
		}
	}
}

func TestRecordIsReadAsWritten(t *testing.T) {
	written := counts(1, 22.2, 333333.3).String()
	r, err := parseRecord(written)
	if err != nil || r.String() != written {
		t.Errorf("parseRecord(%q) = %v, %v, want the same", written, r, err)
	}
}

func TestRecordThatIsNotWholeIsRefused(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"W4 600\n", "", "no number for W4"},
		{"W4 600", "W4", `"W4": want a number`},
		{"W4 600", "W4 0", `"W4 0": want a number`},
		{"W4 600", "W4 NaN", `"W4 NaN": want a number`},
		{"W4 600", "W44 600", `no workload "W44"`},
		{"goarch amd64\n", "", `goarch ""`},
		{"date 2026-11-21\n", "", `date ""`},
		{"version go1.26.3\n", "", `version ""`},
	} {
		_, err := parseRecord(strings.Replace(sample, c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("with %q for %q: %v, want %s", c.new, c.old, err, c.want)
		}
	}
}

func TestMoreThanTheFactorFails(t *testing.T) {
	recorded, err := parseRecord(sample)
	if err != nil {
		t.Fatal(err)
	}
	another := counts(500, 600, 7000)
	another.version = "go1.27.0"
	for _, c := range []struct {
		now        record
		fails, out string
	}{
		{counts(500.5, 600, 7000), "", "W1: 500.5 instructions, recorded 500.5, x 1.000\n"},
		{counts(600.6, 720, 8400), "", "W8: 8400.0 instructions, recorded 7000.0, x 1.200\n"},
		{counts(500, 720.1, 7000), "W4: more than 1.2 times", "x 1.200  more than 1.2\n"},
		{counts(500, 721, 9000), "W4, W8: more than 1.2 times", "x 1.286  more than 1.2\n"},
		{counts(500, 600, 5800), "", "x 0.829  less by so much that it should be recorded\n"},
		{another, "", "recorded with go1.26.3, counted with go1.27.0\n"},
	} {
		var out strings.Builder
		err := recorded.compare(&out, c.now)
		if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("compare(%v) = %v, want %q", c.now.turns, err, c.fails)
		}
		if !strings.Contains(out.String(), c.out) {
			t.Errorf("compare(%v) wrote\n%swant %q", c.now.turns, &out, c.out)
		}
	}
}

// TestLeftOutIsSaid: without valgrind, and on another architecture.
func TestLeftOutIsSaid(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "recorded.txt")
	here := counts(1, 1, 1)
	here.goarch = runtime.GOARCH
	elsewhere := here
	elsewhere.goarch = "elsewhere"
	for _, c := range []struct {
		recorded record
		valgrind string
		want     string
	}{
		{here, "", "left out: no valgrind, instructions are not counted\n"},
		{elsewhere, "exit 1", "left out: recorded for elsewhere, this is " + runtime.GOARCH + "\n"},
	} {
		fakeValgrind(t, c.valgrind)
		if err := os.WriteFile(file, []byte(c.recorded.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := guard(&out, options{file: file}); err != nil || out.String() != c.want {
			t.Errorf("guard = %v, wrote %q, want %q", err, &out, c.want)
		}
	}
}

// TestValgrindIsTriedAgain: when it dies, but not for ever.
func TestValgrindIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		deaths int
		fails  bool
	}{{0, false}, {attempts - 1, false}, {attempts, true}} {
		valgrind := fakeValgrind(t, fmt.Sprintf(`echo x >>"$0.runs"
[ $(wc -l <"$0.runs") -gt %d ] || { echo "impossible"; exit 1; }
echo "==7== Collected : 12345"`, c.deaths))
		n, err := count(valgrind, workloads[0], 1)
		if !c.fails && (n != 12345 || err != nil) {
			t.Errorf("count after %d deaths = %d, %v, want 12345", c.deaths, n, err)
		}
		if c.fails && (err == nil || !strings.Contains(err.Error(), "impossible")) {
			t.Errorf("count after %d deaths = %d, %v, want an error with what it said", c.deaths, n, err)
		}
	}
}

// TestCallgrindsCountIsFound: or it is an error.
func TestCallgrindsCountIsFound(t *testing.T) {
	said := "==1== Events    : Ir\n==1== Collected : 5604355\n==1== \n==1== I   refs:      5,604,355\n"
	if n, err := collected([]byte(said)); n != 5604355 || err != nil {
		t.Errorf("collected = %d, %v, want 5604355", n, err)
	}
	if n, err := collected([]byte("Collected nothing")); err == nil {
		t.Errorf("collected = %d, nil, want an error", n)
	}
}

// fakeValgrind puts a shell script of this name, and with none nothing, into a
// PATH of its own.
func fakeValgrind(t *testing.T, script string) (path string) {
	dir := t.TempDir()
	path = filepath.Join(dir, "valgrind")
	if script != "" {
		if runtime.GOOS == "windows" {
			t.Skip("a shell script stands for valgrind")
		}
		if err := os.WriteFile(path, []byte("#!/bin/sh\nPATH=/bin:/usr/bin\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return path
}
