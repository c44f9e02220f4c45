package replay

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// FuzzReplay runs any text: it may not be a log, but nothing panics, hangs or
// stays behind, and the machine's invariants hold.
func FuzzReplay(f *testing.F) {
	names, err := filepath.Glob("testdata/*.strace")
	require.NoError(f, err)
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(f, err)
		if len(b) < 8<<10 {
			f.Add(string(b))
		}
	}
	for _, log := range []string{
		"socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4])\nread(3, 4)\nwrite(4, \"x\")\n",
		"1 fork() = 2\n2 read(0,  <unfinished ...>\n1 kill(2, SIGKILL) = 0\n2 +++ killed by SIGKILL +++\n1 wait4(-1, NULL, 0, NULL) = 2\n",
		"# machine: MaxFiles=4 Personality=posix\nsocketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0\n",
		"1 +++ superseded by execve in pid 2 +++\n1 exit(0) = ?\n1 close(0)\n",
	} {
		f.Add(log)
	}
	f.Fuzz(func(t *testing.T, log string) {
		r, err := Run(Emulate(emu.Config{}), strings.NewReader(log), Options{Runs: 20})
		if err != nil {
			return
		}
		require.NoError(t, r.Broken)
		require.Equal(t, r.Totals.Calls, r.Totals.Compared+r.Totals.Skipped+r.Totals.Tainted+r.Totals.Ran)
		var b strings.Builder
		require.NoError(t, r.Format(&b, false))
	})
}
