package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// options are the flags.
type options struct {
	file   string
	record bool
	run    string
	n      int
}

func main() {
	var o options
	flag.StringVar(&o.file, "file", "instructions/recorded.txt", "the recorded numbers")
	flag.BoolVar(&o.record, "record", false, "write what is counted into -file")
	flag.StringVar(&o.run, "run", "", "only run this workload, uncounted: what callgrind is given")
	flag.IntVar(&o.n, "n", 1000, "with -run: how many turns")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "instructions: %q: it takes flags only\n", flag.Args())
		os.Exit(2)
	}
	if err := guard(os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "instructions:", err)
		os.Exit(1)
	}
}

func guard(out io.Writer, o options) error {
	if o.run != "" {
		w, err := workloadNamed(o.run)
		if err != nil {
			return err
		}
		return w.run(o.n)
	}
	valgrind, err := exec.LookPath("valgrind")
	if o.record {
		if err != nil {
			return err
		}
		return rewrite(out, o.file, valgrind)
	}
	recorded, failed := readRecord(o.file)
	switch {
	case failed != nil:
		return failed
	case err != nil:
		fmt.Fprintln(out, "left out: no valgrind, instructions are not counted")
		return nil
	case recorded.goarch != runtime.GOARCH:
		fmt.Fprintf(out, "left out: recorded for %s, this is %s\n", recorded.goarch, runtime.GOARCH)
		return nil
	}
	now, err := measure(valgrind)
	if err != nil {
		return err
	}
	return recorded.compare(out, now)
}

func readRecord(name string) (record, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return record{}, err
	}
	r, err := parseRecord(string(text))
	if err != nil {
		return record{}, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func rewrite(out io.Writer, name, valgrind string) error {
	now, err := measure(valgrind)
	if err != nil {
		return err
	}
	fmt.Fprint(out, now)
	return os.WriteFile(name, []byte(now.String()), 0o644)
}

// measure counts every workload.
func measure(valgrind string) (record, error) {
	now := record{version: runtime.Version(), goarch: runtime.GOARCH, date: time.Now().UTC().Format(time.DateOnly), turns: map[string]float64{}}
	for _, w := range workloads {
		n, err := perTurn(valgrind, w)
		if err != nil {
			return record{}, err
		}
		now.turns[w.name] = n
	}
	return now, nil
}
