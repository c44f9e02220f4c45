package examples

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
)

func ExampleEcho() {
	sys, err := emu.New(emu.Config{})
	if err != nil {
		panic(err)
	}
	if err := Echo(On(sys), 1000, os.Stdout); err != nil {
		panic(err)
	}
	fmt.Println("files open:", sys.Files())
	// Output:
	// backlog 8: 9 connections wait, the next: Resource temporarily unavailable
	// 1000 clients, 9890 bytes
	// the server is gone: Connection refused
	// and so is its name: No such file or directory
	// files open: 0
}

func ExampleBroker() {
	sys, err := emu.New(emu.Config{})
	if err != nil {
		panic(err)
	}
	if err := Broker(On(sys), 2, os.Stdout); err != nil {
		panic(err)
	}
	fmt.Println("files open:", sys.Files())
	// Output:
	// guest 0: "I am guest 1"
	// guest 1: "I am guest 0"
	// guest 2: "I am guest 3"
	// guest 3: "I am guest 2"
	// guest 4: "not let in"
	// refused: 1
	// files open: 0
}

func ExampleLogger() {
	sys, err := emu.New(emu.Config{})
	if err != nil {
		panic(err)
	}
	if err := Logger(On(sys), 3, 1000, os.Stdout); err != nil {
		panic(err)
	}
	fmt.Println("files open:", sys.Files())
	// Output:
	// message 12: Resource temporarily unavailable; writable false
	// one is read; writable true
	// sender 0: 1000 lines noted
	// sender 1: 1000 lines noted
	// sender 2: 1000 lines noted
	// names: 3
	// files open: 0
}

// program is an example with its arguments, as the tests run it.
type program struct {
	name string
	run  func(Spawn, io.Writer) error
}

var programs = []program{
	{"echo", func(s Spawn, w io.Writer) error { return Echo(s, 1000, w) }},
	{"broker", func(s Spawn, w io.Writer) error { return Broker(s, 10, w) }},
	{"logger", func(s Spawn, w io.Writer) error { return Logger(s, 20, 100, w) }},
}

// output runs a program on an emulated machine and examines what is left of it.
func output(t *testing.T, cfg emu.Config, p program) string {
	t.Helper()
	sys, err := emu.New(cfg)
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, p.run(On(sys), &out))
	empty(t, sys)
	return out.String()
}

func empty(t *testing.T, sys *emu.System) {
	t.Helper()
	require.NoError(t, sys.Check())
	require.Zero(t, sys.Files())
	require.Zero(t, sys.InFlight())
	require.Zero(t, sys.Blocked())
}

// TestProgramsLeaveNothing: whatever the processes do at the same time, the
// output is the same and the machine is empty in the end.
func TestProgramsLeaveNothing(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			want := output(t, emu.Config{}, p)
			for range 5 {
				require.Equal(t, want, output(t, emu.Config{}, p))
			}
		})
	}
}

// TestAFailureEndsTheProgram: with too few sockets or descriptions, the process
// that is refused ends the others; nobody waits for ever and nothing is left.
func TestAFailureEndsTheProgram(t *testing.T) {
	for _, p := range programs {
		for _, cfg := range []emu.Config{{MaxSockets: 1}, {MaxSockets: 2}, {MaxFiles: 1}, {MaxFiles: 2}} {
			sys, err := emu.New(cfg)
			require.NoError(t, err)
			err = p.run(On(sys), io.Discard)
			require.Error(t, err, "%s with %+v", p.name, cfg)
			var e errno.Errno
			require.ErrorAs(t, err, &e, "%s with %+v", p.name, cfg)
			require.Contains(t, []errno.Errno{errno.ENOBUFS, errno.ENFILE}, e, "%s with %+v", p.name, cfg)
			empty(t, sys)
		}
	}
}
