package exhaust

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/host"
)

// needsKernel skips a test where the host is not the one that was measured.
func needsKernel(t *testing.T) {
	t.Helper()
	if why := Unlike(); why != "" {
		t.Skip(why)
	}
	m, err := host.New()
	if err != nil {
		t.Skip(err)
	}
	require.NoError(t, m.Close())
}

// TestEveryPairOfCallsIsAsOnTheHost: depth 2 over the whole alphabet.
func TestEveryPairOfCallsIsAsOnTheHost(t *testing.T) {
	needsKernel(t)
	for name, typ := range types {
		e := enumeration(t, "full", typ, 2)
		tally, err := e.Compare(Options{}, func(d *Difference) { t.Errorf("%s:\n%v", name, d) })
		require.NoError(t, err)
		require.Equal(t, e.Run(), tally.Run, name)
		require.Equal(t, e.All(), tally.Run+tally.Covered, name)
		require.Equal(t, e.Run(), tally.Next, name)
		require.Positive(t, tally.Patient, name)
		require.Zero(t, tally.Different(), "%s: %v", name, tally)
	}
}

// TestLongerSequencesAreAsOnTheHost: a part of depth 4 of the other alphabets.
func TestLongerSequencesAreAsOnTheHost(t *testing.T) {
	needsKernel(t)
	for name, typ := range types {
		for _, alphabet := range []string{"small", "urgent", "passing"} {
			if alphabet == "urgent" && typ != emu.SOCK_STREAM {
				continue
			}
			e := enumeration(t, alphabet, typ, 4)
			tally, err := e.Compare(Options{From: 20000, Limit: 300}, func(d *Difference) { t.Errorf("%s:\n%v", name, d) })
			require.NoError(t, err)
			require.EqualValues(t, 300, tally.Run)
			require.EqualValues(t, 20300, tally.Next)
		}
	}
}

// TestAPlantedDifferenceIsFound: one rule of the emulator is not Linux's. What
// is reported is the shortest sequence that shows it, with both results.
func TestAPlantedDifferenceIsFound(t *testing.T) {
	needsKernel(t)
	for _, row := range []struct {
		name          string
		typ           int
		change        func(*emu.Personality)
		calls         int // of the shortest sequence
		kernel, wrong string
	}{
		{"end of file after SHUT_RD", emu.SOCK_DGRAM, func(r *emu.Personality) { r.DgramShutNonblock = false }, 2, "= -1 EAGAIN", "= 0"},
		{"the charge of a message", emu.SOCK_SEQPACKET, func(r *emu.Personality) { r.MessageOverhead = 33 }, 1, "= 4576", "= -1 EMSGSIZE"},
		{"SIGPIPE", emu.SOCK_STREAM, func(r *emu.Personality) { r.PipeTypes = 0 }, 2, "EPIPE  /* SIGPIPE 1 */", "EPIPE"},
		{"the unread are not reported", emu.SOCK_STREAM, func(r *emu.Personality) { r.ResetUnread = false }, 3, "", ""},
		{"the reply of a peerless send", emu.SOCK_DGRAM, func(r *emu.Personality) { r.DgramNoPeer = errno.EDESTADDRREQ }, 3, "= -1 ENOTCONN", "= -1 EDESTADDRREQ"},
	} {
		rules := emu.Linux()
		row.change(rules)
		var all []*Difference
		alphabet := map[bool]string{true: "full", false: "small"}[row.calls < 3]
		tally, err := enumeration(t, alphabet, row.typ, row.calls).Compare(Options{Rules: rules}, func(d *Difference) { all = append(all, d) })
		require.NoError(t, err, row.name)
		require.NotEmpty(t, all, row.name)
		require.Equal(t, tally.Different(), len(all)+tally.Explained+tally.Unconfirmed, row.name)
		require.LessOrEqual(t, len(all[0].Program)-len(setup(row.typ)), row.calls, "%s:\n%v", row.name, all[0])
		require.Contains(t, all[0].Kernel, row.kernel, row.name)
		require.Contains(t, all[0].Emulator, row.wrong, row.name)
		require.NotEqual(t, all[0].Kernel, all[0].Emulator, row.name)
		require.Contains(t, all[0].String(), "\n+ ", row.name)
		require.Contains(t, all[0].Log, "\n# + ", row.name)
	}
}

// TestTheEndOfAnAgentIsAnError, and not a run that found nothing.
func TestTheEndOfAnAgentIsAnError(t *testing.T) {
	needsKernel(t)
	m, err := host.New()
	require.NoError(t, err)
	defer m.Close()
	a, err := New("small", emu.SOCK_STREAM)
	require.NoError(t, err)
	k, err := newKernel(m, a.Setup, 0, pause)
	require.NoError(t, err)
	steps := []step{{call: 0, last: true}}
	require.NoError(t, k.run(steps))
	k.process.Exit(3)
	var ended *emu.Ended
	require.True(t, errors.As(k.run(steps), &ended))
}
