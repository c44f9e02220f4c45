package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sockpair/emu"
	"sockpair/fuzz/judge"
	"sockpair/replay"
)

// runner is one `sockpair run`.
type runner struct {
	personality string
	on          string
	quiet       bool
	summary     bool

	in        io.Reader
	out, errs io.Writer

	files  int
	totals replay.Totals
	pairs  replay.Totals
	named  replay.Totals
	status int
}

// machines are what -on may name.
var machines = map[string]func(*emu.Personality) replay.Boot{
	"emu":    func(p *emu.Personality) replay.Boot { return replay.Emulate(emu.Config{Personality: p}) },
	"kernel": func(*emu.Personality) replay.Boot { return judge.Boot },
}

// kernelRuns bounds how often a log is run on the kernel to find an order of its
// calls that explains it: there a run takes time.
const kernelRuns = 200

// personalities are what -personality may name.
var personalities = map[string]func() *emu.Personality{
	"linux": emu.Linux,
	"posix": emu.POSIX,
}

// run is the command of that name.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	r := &runner{in: in, out: out, errs: errs}
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprint(errs, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&r.personality, "personality", "linux", "rules of the machine: linux or posix")
	flags.StringVar(&r.on, "on", "emu", "machine that the calls run on: emu, or kernel for the host's")
	flags.BoolVar(&r.quiet, "q", false, "print differences and totals only")
	flags.BoolVar(&r.summary, "summary", false, "print one line for each file, and why calls were skipped")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return asRecorded
		}
		return unusable
	}
	if personalities[r.personality] == nil {
		return r.refuse("-personality=%s: expected linux or posix", r.personality)
	}
	if machines[r.on] == nil {
		return r.refuse("-on=%s: expected emu or kernel", r.on)
	}
	if r.on == "kernel" && r.personality != "linux" {
		return r.refuse("-on=kernel -personality=%s: the kernel has rules of its own, those of linux", r.personality)
	}
	if r.on == "kernel" && len(flags.Args()) == 0 {
		return r.refuse("-on=kernel: expected a FILE; the tour is of emulated machines")
	}
	return r.all(flags.Args())
}

func (r *runner) refuse(format string, args ...any) int {
	fmt.Fprintf(r.errs, "sockpair: "+format+"\n", args...)
	return unusable
}

// all runs the files, or the tour when there are none.
func (r *runner) all(names []string) int {
	if len(names) == 0 {
		names = r.tour()
	}
	for _, name := range names {
		if err := r.path(name); err != nil {
			fmt.Fprintf(r.errs, "sockpair: %v\n", err)
			r.status = unusable
		}
	}
	if r.files > 1 || r.summary {
		r.printTotals()
	}
	return r.status
}

// path runs a file, the standard input, a directory, or a file of the tour.
func (r *runner) path(name string) error {
	if text, ok := tourFile(name); ok {
		return r.log(name, strings.NewReader(text))
	}
	if name == "-" {
		return r.log("stdin", r.in)
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return r.file(name)
	}
	return filepath.WalkDir(name, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".strace" {
			return err
		}
		if err := r.file(path); err != nil { // the others are run all the same
			fmt.Fprintf(r.errs, "sockpair: %v\n", err)
			r.status = unusable
		}
		return nil
	})
}

func (r *runner) file(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return r.log(name, f)
}

// log runs one log and prints what came of it.
func (r *runner) log(name string, in io.Reader) error {
	boot := machines[r.on](personalities[r.personality]())
	opts := replay.Options{File: name}
	if r.on == "kernel" {
		opts.Runs = kernelRuns
	}
	report, err := replay.Run(boot, in, opts)
	if err != nil {
		return err
	}
	if r.on == "kernel" && !r.summary {
		fmt.Fprintf(r.out, "# on %s\n", kernelName())
	}
	r.files++
	r.totals.Add(report.Totals)
	r.pairs.Add(report.Pairs)
	r.named.Add(report.Named)
	if report.Different() {
		r.status = max(r.status, differs)
	}
	if r.summary {
		_, err := fmt.Fprintf(r.out, "%s: %v\n", name, report.Totals)
		return err
	}
	return report.Format(r.out, r.quiet)
}

// printTotals prints the sums over all files.
func (r *runner) printTotals() {
	fmt.Fprintf(r.out, "files %d  %v\n", r.files, r.totals)
	fmt.Fprintf(r.out, "on socket pairs: %v\n", r.pairs)
	if r.named.Calls > 0 {
		fmt.Fprintf(r.out, "on other AF_UNIX sockets: %v\n", r.named)
	}
	if r.summary {
		fmt.Fprintf(r.out, "skipped: %s\n", r.totals.Why())
		if why := r.pairs.Why(); why != "" {
			fmt.Fprintf(r.out, "skipped on socket pairs: %s\n", why)
		}
		if why := r.named.Why(); why != "" {
			fmt.Fprintf(r.out, "skipped on other AF_UNIX sockets: %s\n", why)
		}
		if r.pairs.Partly > 0 {
			fmt.Fprintf(r.out, "compared but for ancillary data: %d\n", r.pairs.Partly)
		}
	}
}

// tour is the names of the embedded files for the personality.
func (r *runner) tour() []string {
	names, err := fs.Glob(tours, "tour/"+r.personality+"-*.strace")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	slices.Sort(names)
	return names
}
