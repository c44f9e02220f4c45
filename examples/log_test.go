package examples

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/replay"
)

var record = flag.Bool("record", false, "record the logs of the examples anew")

// logs are the programs with fewer processes and lines.
var logs = []program{
	{"echo", func(s Spawn, w io.Writer) error { return Echo(s, 10, w) }},
	{"broker", func(s Spawn, w io.Writer) error { return Broker(s, 1, w) }},
	{"logger", func(s Spawn, w io.Writer) error { return Logger(s, 2, 3, w) }},
}

// TestRecord writes the logs, with -record: what the programs do on the
// emulator, as strace would tell it.
func TestRecord(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	for _, p := range logs {
		f, err := os.Create(filepath.Join("testdata", p.name+".strace"))
		require.NoError(t, err)
		printer := replay.NewPrinter(f)
		sys, err := emu.New(emu.Config{Observer: printer.Observe})
		require.NoError(t, err)
		require.NoError(t, p.run(asFromAShell(sys), io.Discard))
		empty(t, sys)
		require.NoError(t, printer.Flush())
		require.NoError(t, f.Close())
	}
}

// asFromAShell makes processes whose descriptors 0, 1 and 2 are taken.
func asFromAShell(sys *emu.System) Spawn {
	return func() (Process, error) {
		p := sys.NewProcess()
		for fd := range 3 {
			if err := p.Foreign(fd, "/dev/null"); err != nil {
				return nil, err
			}
		}
		return p, nil
	}
}
