package judge

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/replay"
)

// printed is a program with the emulator's results, as a log.
func printed(t *testing.T, p *Profile, n int) string {
	t.Helper()
	m, err := replay.NewEmulator(emu.Config{})
	require.NoError(t, err)
	all := p.Program(1, n)
	steps, err := play(m, &Difference{Program: all, Family: p.Family, At: len(all)})
	require.NoError(t, err)
	return strings.Join(steps, "")
}

// What is printed of a program is the program: run again, each call returns
// what it has returned. Only what replay never compares is left out.
// With -short it is half of the programs, too few for the share of what is left out.
func TestPrintedProgramsRunAgain(t *testing.T) {
	programs := 40
	if testing.Short() {
		programs = 20
	}
	for _, p := range Profiles() {
		var sum replay.Totals
		for n := range programs {
			log := printed(t, &p, n)
			r, err := replay.Run(replay.Emulate(emu.Config{}), strings.NewReader(log), replay.Options{File: "printed"})
			require.NoError(t, err, log)
			sum.Add(r.Totals)
			if r.Different() {
				var b strings.Builder
				require.NoError(t, r.Format(&b, true))
				t.Fatalf("%s, program %d:\n%s\n%s", p.Name, n, b.String(), log)
			}
		}
		left := sum.Calls - sum.Compared
		for _, why := range []replay.Reason{replay.Foreign, replay.Life, replay.NoResult, replay.Capabilities} {
			left -= sum.Reasons[why]
		}
		if testing.Short() {
			continue
		}
		require.LessOrEqual(t, 200*left, sum.Calls, "%s: %v: %s", p.Name, sum, sum.Why())
	}
}

// A Recorder tells of an emulated machine what the machine tells of itself.
func TestRecorderTellsWhatTheMachineTells(t *testing.T) {
	for _, p := range Profiles() {
		for n := 0; n < 10 && !p.Family; n++ {
			var own strings.Builder
			printer := replay.NewPrinter(&own)
			m, err := replay.NewEmulator(emu.Config{Observer: printer.Observe})
			require.NoError(t, err)
			steps, err := play(m, &Difference{Program: p.Program(1, n), At: 1000})
			require.NoError(t, err)
			require.NoError(t, printer.Flush())
			told, _, _ := strings.Cut(own.String(), "1000  exit_group(")
			if at := strings.Index(told, "chdir("); at >= 0 { // before that the directory for names is made
				_, told, _ = strings.Cut(told[at:], "\n")
			}
			log := strings.Join(steps, "")
			if strings.Contains(told, "+++ killed") { // what the machine tells after it
				told, _, _ = strings.Cut(told, "1000  --- SIGPIPE")
				log, _, _ = strings.Cut(log, "1000  --- SIGPIPE")
			}
			require.Equal(t, told, log, "%s, program %d", p.Name, n)
		}
	}
}
