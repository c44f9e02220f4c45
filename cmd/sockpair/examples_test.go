package main

import (
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLogsOfTheExamplesRunAgain: on the emulator, and where it can be asked on
// the kernel, every call returns what was recorded.
func TestLogsOfTheExamplesRunAgain(t *testing.T) {
	machines := [][]string{{"run"}}
	if runtime.GOOS+"/"+runtime.GOARCH == "linux/amd64" {
		machines = append(machines, []string{"run", "-on", "kernel"})
	}
	logs, err := filepath.Glob("../../examples/testdata/*.strace")
	require.NoError(t, err)
	require.Len(t, logs, 3)
	for _, log := range logs {
		for _, machine := range machines {
			status, out, errs := call("", append(machine, log)...)
			require.Equal(t, asRecorded, status, "%v %s\n%s%s", machine, log, out, errs)
			require.Regexp(t, `compared [1-9]\d+  different 0 `, out)
		}
	}
}
