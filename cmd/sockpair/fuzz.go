package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sockpair/emu"
	"sockpair/fuzz/judge"
)

// fuzzer is one `sockpair fuzz`.
type fuzzer struct {
	seed     int64
	profiles string
	budget   judge.Budget
	dir      string
	verbose  bool

	out, errs io.Writer
	judge     *judge.Judge
	found     []judge.Finding // of the profile that is being searched
}

// defaultCalls is how many calls are compared if nothing else is said.
const defaultCalls = 100000

// fuzz is the command of that name.
func fuzz(args []string, out, errs io.Writer) int { return fuzzWith(emu.Linux(), args, out, errs) }

// fuzzWith compares an emulator with the rules given.
func fuzzWith(rules *emu.Personality, args []string, out, errs io.Writer) int {
	f := &fuzzer{out: out, errs: errs}
	flags := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprint(errs, usage)
		flags.PrintDefaults()
	}
	flags.Int64Var(&f.seed, "seed", 1, "seed of the programs; 0 takes one from the time")
	flags.StringVar(&f.profiles, "profile", "all", "names of profiles, or all; -profiles lists them")
	flags.IntVar(&f.budget.Calls, "calls", 0, "calls to compare, shared by the profiles (default 100000, without -time and -programs)")
	flags.IntVar(&f.budget.Programs, "programs", 0, "programs to compare, of each profile")
	flags.IntVar(&f.budget.First, "first", 0, "number of the first program")
	flags.DurationVar(&f.budget.Time, "time", 0, "how long to search, shared by the profiles")
	flags.StringVar(&f.dir, "o", "", "directory for the differences, a file each; it is made")
	flags.BoolVar(&f.verbose, "v", false, "tell how fast it goes")
	list := flags.Bool("profiles", false, "print the profiles")
	versions := flags.Bool("versions", false, "print what changed between versions of Linux")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return asRecorded
		}
		return unusable
	}
	switch {
	case flags.NArg() > 0:
		return refuse(errs, "fuzz: expected no arguments, found %q", flags.Arg(0))
	case f.budget.Calls < 0 || f.budget.Programs < 0 || f.budget.First < 0 || f.budget.Time < 0:
		return refuse(errs, "fuzz: expected numbers and times that are not negative")
	case *list:
		return f.listProfiles()
	case *versions:
		if err := judge.WriteChanges(out); err != nil {
			return refuse(errs, "%v", err)
		}
		return asRecorded
	}
	if f.dir != "" {
		if err := os.MkdirAll(f.dir, 0o777); err != nil {
			return refuse(errs, "fuzz: -o: %v", err)
		}
	}
	return f.run(rules)
}

// listProfiles prints what -profile may name.
func (f *fuzzer) listProfiles() int {
	for _, p := range judge.Profiles() {
		fmt.Fprintf(f.out, "%-14s %s\n", p.Name, p.Covers)
	}
	return asRecorded
}

// chosen are the profiles that -profile names, in the order of the table.
func (f *fuzzer) chosen() (chosen []judge.Profile, err error) {
	all := judge.Profiles()
	if f.profiles == "all" {
		return all, nil
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(f.profiles, ",") {
		wanted[name] = true
	}
	for _, p := range all {
		if wanted[p.Name] {
			chosen = append(chosen, p)
			delete(wanted, p.Name)
		}
	}
	for name := range wanted {
		return nil, fmt.Errorf("-profile=%s: no profile is named %q; sockpair fuzz -profiles lists them", f.profiles, name)
	}
	return chosen, nil
}

// run searches the profiles one after the other and prints what comes of it.
func (f *fuzzer) run(rules *emu.Personality) int {
	profiles, err := f.chosen()
	if err != nil {
		return refuse(f.errs, "%v", err)
	}
	if f.judge, err = judge.New(rules); err != nil {
		return refuse(f.errs, "fuzz: %v", err)
	}
	defer f.judge.Close()
	if f.seed == 0 {
		f.seed = time.Now().UnixNano()
	}
	if f.budget.Calls == 0 && f.budget.Time == 0 && f.budget.Programs == 0 {
		f.budget.Calls = defaultCalls
	}
	each := f.budget
	each.Time /= time.Duration(len(profiles))
	if each.Calls > 0 {
		each.Calls = max(1, each.Calls/len(profiles))
	}
	fmt.Fprintf(f.out, "# seed %d, comparing with %s\n", f.seed, kernelName())
	fmt.Fprintf(f.out, "# %-14s %9s %9s %11s %5s %5s\n", "profile", "programs", "calls", "differences", "gone", "known")
	var total judge.Tally
	for _, p := range profiles {
		if err := f.search(&p, each, &total); err != nil {
			return refuse(f.errs, "fuzz: %v", err)
		}
	}
	f.row("total", total)
	fmt.Fprintf(f.out, "# %d calls compared, %d differences, %d gone when confirmed, %d known changes; Linux %s\n",
		total.Calls, total.Differences, total.Gone, total.Known, judge.Release())
	if total.Differences > 0 {
		return differs
	}
	return asRecorded
}

func (f *fuzzer) row(name string, t judge.Tally) {
	fmt.Fprintf(f.out, "# %-14s %9d %9d %11d %5d %5d\n", name, t.Programs, t.Calls, t.Differences, t.Gone, t.Known)
}

// search searches one profile and prints its row and its differences.
func (f *fuzzer) search(p *judge.Profile, b judge.Budget, total *judge.Tally) error {
	began := time.Now()
	f.found = nil
	t, err := f.judge.Search(p, f.seed, b, func(d judge.Finding) { f.found = append(f.found, d) })
	f.row(p.Name, t)
	total.Add(t)
	if f.verbose {
		fmt.Fprintf(f.errs, "%s: %.0f calls/s\n", p.Name, float64(t.Calls)/time.Since(began).Seconds())
	}
	for _, d := range f.found {
		if err := f.print(d); err != nil {
			return err
		}
	}
	return err
}

// print prints a difference as a log.
func (f *fuzzer) print(d judge.Finding) error {
	log, err := f.judge.Log(d.Difference)
	if err != nil {
		return err
	}
	head := fmt.Sprintf("# %s\n# sockpair fuzz -profile %s -seed %d -first %d -programs 1\n# - %s, + the emulator\n",
		d.Kind, d.Profile, d.Seed, d.Number, kernelName())
	fmt.Fprintf(f.out, "\n%s%s\n", head, log)
	if f.dir == "" {
		return nil
	}
	name := fmt.Sprintf("%s-%d-%d.strace", d.Profile, d.Seed, d.Number)
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(head+log), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(f.out, "# written to %s\n\n", filepath.Join(f.dir, name))
	return nil
}
