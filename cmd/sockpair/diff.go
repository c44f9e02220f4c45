package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"sockpair/emu"
	"sockpair/fuzz/judge"
	"sockpair/replay"
)

// kernelName is the kernel that is compared with, and how it is unlike the one
// that was measured.
func kernelName() string {
	name := "Linux " + judge.Release()
	if why := judge.Unlike(); why != "" {
		name += " (" + why + ")"
	}
	return name
}

// diff is the command of that name.
func diff(args []string, in io.Reader, out, errs io.Writer) int {
	flags := flag.NewFlagSet("diff", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprint(errs, usage)
		flags.PrintDefaults()
	}
	personality := flags.String("personality", "linux", "rules of the emulator: linux or posix")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return asRecorded
		}
		return unusable
	}
	rules := personalities[*personality]
	switch {
	case rules == nil:
		return refuse(errs, "-personality=%s: expected linux or posix", *personality)
	case flags.NArg() == 0:
		return refuse(errs, "diff: expected a FILE, or - for the standard input")
	}
	return diffAll(flags.Args(), rules(), in, out, errs)
}

func refuse(errs io.Writer, format string, args ...any) int {
	fmt.Fprintf(errs, "sockpair: "+format+"\n", args...)
	return unusable
}

// diffAll compares the kernel with an emulator of the rules given.
func diffAll(names []string, rules *emu.Personality, in io.Reader, out, errs io.Writer) int {
	status := asRecorded
	for _, name := range names {
		c, err := diffFile(name, rules, in)
		if err != nil {
			fmt.Fprintf(errs, "sockpair: %v\n", err)
			status = unusable
			continue
		}
		if c.Different() {
			status = max(status, differs)
		}
		fmt.Fprintf(out, "# - %s, + the emulator\n", kernelName())
		if err := c.Format(out, name); err != nil {
			return refuse(errs, "%v", err)
		}
	}
	return status
}

func diffFile(name string, rules *emu.Personality, in io.Reader) (*judge.Comparison, error) {
	var text []byte
	var err error
	if name == "-" {
		text, err = io.ReadAll(in)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return nil, err
	}
	return judge.Compare(judge.Boot, replay.Emulate(emu.Config{Personality: rules}),
		func() io.Reader { return bytes.NewReader(text) }, replay.Options{File: name, Runs: kernelRuns})
}
