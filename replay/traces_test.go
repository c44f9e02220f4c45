package replay

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// replayFile runs a recording and requires that it comes out as recorded.
func replayFile(t *testing.T, name string) *Report {
	t.Helper()
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	r, err := Run(Emulate(emu.Config{}), f, Options{File: filepath.Base(name)})
	require.NoError(t, err)
	require.NoError(t, r.Broken, name)
	require.Zero(t, r.Hung, "%s: calls that did not return", name)
	if r.Totals.Different > 0 {
		t.Errorf("%s:\n%s", name, text(t, r, true))
	}
	return r
}

// compared is the part of the calls on socket pairs that must be compared.
const compared = 0.8

func TestRecordingsComeOutAsRecorded(t *testing.T) {
	names, err := filepath.Glob("testdata/*.strace")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			r := replayFile(t, name)
			require.Positive(t, r.Pairs.Compared+r.Named.Compared)
		})
	}
}

// shared finds the folder of recordings beside the module.
func shared(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		traces := filepath.Join(dir, "shared", "traces")
		if info, err := os.Stat(traces); err == nil && info.IsDir() {
			return traces
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skip("there is no folder shared/traces in this folder or one above it")
		}
		dir = up
	}
}

func TestSharedRecordingsComeOutAsRecorded(t *testing.T) {
	suites, err := filepath.Glob(filepath.Join(shared(t), "*", ""))
	require.NoError(t, err)
	for _, suite := range suites {
		files, err := filepath.Glob(filepath.Join(suite, "*.strace"))
		require.NoError(t, err)
		if len(files) == 0 {
			continue
		}
		t.Run(filepath.Base(suite), func(t *testing.T) {
			t.Parallel()
			var all, pairs Totals
			for _, name := range files {
				r := replayFile(t, name)
				all.Add(r.Totals)
				pairs.Add(r.Pairs)
			}
			t.Logf("%d files  %v; skipped: %s", len(files), all, all.Why())
			t.Logf("on socket pairs: %v; skipped: %s", pairs, pairs.Why())
			require.GreaterOrEqual(t, float64(pairs.Compared), compared*float64(pairs.Calls),
				"compared %d of %d calls on socket pairs", pairs.Compared, pairs.Calls)
		})
	}
}
