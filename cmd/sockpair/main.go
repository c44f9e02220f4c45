// Command sockpair runs logs of strace on emulated socket pairs and compares
// the results with what was recorded, and compares the emulator with the kernel
// of this host: on a log, on programs at random, on every short sequence of calls.
//
//	sockpair run [-personality linux|posix] [-on emu|kernel] [-q] [-summary] [FILE...]
//	sockpair diff [-personality linux|posix] FILE...
//	sockpair fuzz [-seed S] [-profile P,...|all] [-calls N] [-programs N] [-first N] [-time D] [-o DIR] [-v]
//	sockpair exhaust [-depth D] [-type T] [-alphabet NAME] [-list] [-jobs N] [-from N] [-limit N]
//
// A FILE may be a directory, whose *.strace files are run, or - for the
// standard input. Without one an embedded tour of the specification is run.
// diff runs the calls of a FILE on the host's kernel and on the emulator and
// prints those that the two answer otherwise. fuzz does that with programs at
// random, and prints the shortest that shows a difference as a FILE for run and
// diff. Both need Linux on amd64.
//
// The exit status is 1 when anything differs, and 2 when the input cannot be
// read, the command line not understood, or the platform is not the one needed.
package main

import (
	"fmt"
	"io"
	"os"
)

// The exit statuses.
const (
	asRecorded = 0
	differs    = 1
	unusable   = 2
)

const usage = `usage: sockpair run [-personality linux|posix] [-on emu|kernel] [-q] [-summary] [FILE...]
       sockpair diff [-personality linux|posix] FILE...
       sockpair fuzz [-seed S] [-profile P,...|all] [-calls N] [-programs N] [-first N] [-time D] [-o DIR] [-v]
       sockpair fuzz -profiles | -versions
       sockpair exhaust [-depth D] [-type T] [-alphabet NAME] [-list] [-jobs N] [-from N] [-limit N]

run   run logs of strace, or without a FILE a tour of the specification, and
      compare; a FILE may be a directory, or - for the standard input
diff  run the calls of a log on the host's kernel and on the emulator, and
      print those that they answer otherwise; needs Linux on amd64
fuzz  the same with programs at random, made short; needs Linux on amd64
exhaust  run every sequence of up to D calls of an alphabet on this host's kernel
      and on the emulator, and compare call by call (Linux on amd64)

`

func main() {
	os.Exit(command(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// command runs one command line and returns its exit status.
func command(args []string, in io.Reader, out, errs io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(errs, usage)
		return unusable
	}
	switch name := args[0]; name {
	case "run":
		return run(args[1:], in, out, errs)
	case "exhaust":
		return exhaustCommand(args[1:], out, errs)
	case "diff":
		return diff(args[1:], in, out, errs)
	case "fuzz":
		return fuzz(args[1:], out, errs)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(out, usage)
		return asRecorded
	default:
		fmt.Fprintf(errs, "sockpair: expected a command, found %q\n%s", name, usage)
		return unusable
	}
}
