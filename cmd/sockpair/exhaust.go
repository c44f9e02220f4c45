package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"sockpair/emu"
	"sockpair/fuzz/exhaust"
)

// exhausting is one `sockpair exhaust`.
type exhausting struct {
	typ         string
	alphabet    string
	depth       int
	list, logs  bool
	progress    bool
	first       int
	personality string
	options     exhaust.Options

	out, errs io.Writer
	status    int
}

// socketTypes are what -type may name, beside all.
var socketTypes = []struct {
	name string
	typ  int
}{{"stream", emu.SOCK_STREAM}, {"dgram", emu.SOCK_DGRAM}, {"seqpacket", emu.SOCK_SEQPACKET}}

// exhaustCommand is the command `exhaust`.
func exhaustCommand(args []string, out, errs io.Writer) int {
	x := &exhausting{out: out, errs: errs}
	flags := flag.NewFlagSet("exhaust", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprint(errs, usage)
		flags.PrintDefaults()
	}
	flags.IntVar(&x.depth, "depth", 3, "calls of a sequence")
	flags.StringVar(&x.typ, "type", "all", "type of the pairs: stream, dgram, seqpacket or all")
	flags.StringVar(&x.alphabet, "alphabet", "full", "the calls that sequences are made of: full, small, urgent, passing, names, connections or datagrams")
	flags.BoolVar(&x.list, "list", false, "print the alphabet and run nothing")
	flags.BoolVar(&x.logs, "log", false, "print differences as logs that sockpair run takes")
	flags.BoolVar(&x.progress, "progress", false, "tell how far it is, on the standard error")
	flags.IntVar(&x.first, "first", 20, "differences that are printed in full")
	flags.StringVar(&x.personality, "personality", "linux", "rules of the emulator: linux or posix")
	flags.IntVar(&x.options.Jobs, "jobs", 0, "agents that are busy at a time; 0 is one for each processor")
	flags.Uint64Var(&x.options.From, "from", 0, "number of the first sequence, with one -type")
	flags.Uint64Var(&x.options.Limit, "limit", 0, "how many sequences to run; 0 is all")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return asRecorded
		}
		return unusable
	}
	if err := x.all(flags.Args()); err != nil {
		fmt.Fprintf(errs, "sockpair exhaust: %v\n", err)
		return unusable
	}
	return x.status
}

// all does what is asked for each type.
func (x *exhausting) all(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("expected no argument, found %q", args[0])
	}
	rules := personalities[x.personality]
	if rules == nil {
		return fmt.Errorf("-personality=%s: expected linux or posix", x.personality)
	}
	x.options.Rules = rules()
	known := false
	for _, t := range socketTypes {
		if x.typ != "all" && x.typ != t.name {
			continue
		}
		known = true
		err := x.one(t.name, t.typ)
		if err != nil && (x.typ != "all" || !errors.Is(err, exhaust.ErrType)) {
			return err
		}
	}
	if !known {
		return fmt.Errorf("-type=%s: expected stream, dgram, seqpacket or all", x.typ)
	}
	return nil
}

// one does what is asked for one type.
func (x *exhausting) one(name string, typ int) error {
	a, err := exhaust.New(x.alphabet, typ)
	if err != nil {
		return err
	}
	if x.list {
		x.printAlphabet(name, a)
		return nil
	}
	e, err := exhaust.Enumerate(a, x.depth)
	if err != nil {
		return err
	}
	if why := exhaust.Unlike(); why != "" {
		fmt.Fprintf(x.errs, "sockpair exhaust: %s\n", why)
	}
	x.options.Progress = nil
	if x.progress {
		x.options.Progress = func(t exhaust.Tally) {
			fmt.Fprintf(x.errs, "%s: at sequence %d of %d: %v\n", name, t.Next, e.Run(), t)
		}
	}
	fmt.Fprintf(x.out, "%s, depth %d, alphabet %s of %d calls, %d that change something and %d that observe: %d sequences to run for %d\n",
		name, e.Depth, a.Name, len(a.Changing)+len(a.Observing), len(a.Changing), len(a.Observing), e.Run(), e.All())
	printed := 0
	t, err := e.Compare(x.options, func(d *exhaust.Difference) {
		text := d.String()
		if x.logs && d.Log != "" {
			text = d.Log
		}
		if printed++; printed <= x.first {
			fmt.Fprintf(x.out, "\n%s\n", text)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(x.out, "%s: %v\n", name, t)
	if t.Different() > 0 {
		x.status = differs
	}
	return nil
}

// printAlphabet prints the calls in the notation of strace.
func (x *exhausting) printAlphabet(name string, a *exhaust.Alphabet) {
	fmt.Fprintf(x.out, "%s, alphabet %s: %s\n\nat the start\n%v", name, a.Name, a.About, a.Setup)
	fmt.Fprintf(x.out, "\ncalls that change something: %d\n", len(a.Changing))
	for _, c := range a.Changing {
		fmt.Fprintln(x.out, c)
	}
	fmt.Fprintf(x.out, "\ncalls that observe: %d\n", len(a.Observing))
	for _, c := range a.Observing {
		fmt.Fprintln(x.out, c)
	}
	fmt.Fprintln(x.out)
}
