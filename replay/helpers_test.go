package replay

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// play runs a log on an emulated Linux and checks that nothing is left of it.
func play(t *testing.T, log string) *Report { return playWith(t, log, Options{File: "log"}) }

func playWith(t *testing.T, log string, opts Options) *Report {
	t.Helper()
	before := runtime.NumGoroutine()
	report, err := Run(Emulate(emu.Config{}), strings.NewReader(unindent(log)), opts)
	require.NoError(t, err)
	require.NoError(t, report.Broken)
	noneLeft(t, before)
	return report
}

// noneLeft waits for goroutines that are about to end: as long as one may
// wait for a processor on a busy machine.
func noneLeft(t *testing.T, before int) {
	t.Helper()
	for range 20_000_000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before, "goroutines left behind")
}

// unindent takes the tabs off that a log has in a test.
func unindent(log string) string {
	var b strings.Builder
	for line := range strings.Lines(log) {
		b.WriteString(strings.TrimLeft(line, "\t"))
	}
	return b.String()
}

// text is a report as the terminal shows it.
func text(t *testing.T, r *Report, quiet bool) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, r.Format(&b, quiet))
	return b.String()
}

// equals requires that every call that can be compared was, and was equal.
func equals(t *testing.T, log string) *Report {
	t.Helper()
	r := play(t, log)
	require.Zero(t, r.Totals.Different, text(t, r, false))
	require.Zero(t, r.Totals.Tainted, text(t, r, false))
	require.Zero(t, r.Hung, text(t, r, false))
	return r
}

// verdicts are those of the calls, in the order of their returns.
func verdicts(r *Report) (v []Verdict) {
	for _, l := range r.Lines {
		if l.Call {
			v = append(v, l.Verdict)
		}
	}
	return v
}
