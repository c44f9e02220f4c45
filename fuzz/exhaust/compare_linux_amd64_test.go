package exhaust

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/host"
	"sockpair/fuzz/program"
	"sockpair/replay"
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

// TestEveryPairOfCallsOnNamesIsAsOnTheHost: depth 2 over the alphabets of
// sockets with names.
func TestEveryPairOfCallsOnNamesIsAsOnTheHost(t *testing.T) {
	needsKernel(t)
	for name, typ := range types {
		for _, alphabet := range []string{"names", "connections", "datagrams"} {
			a, err := New(alphabet, typ)
			if errors.Is(err, ErrType) {
				continue
			}
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(a.Changing), 30)
			e := enumeration(t, alphabet, typ, 2)
			tally, err := e.Compare(Options{}, func(d *Difference) { t.Errorf("%s, %s:\n%v", name, alphabet, d) })
			require.NoError(t, err)
			require.Equal(t, e.All(), tally.Run+tally.Covered, "%s, %s", name, alphabet)
			require.Zero(t, tally.Different(), "%s, %s: %v", name, alphabet, tally)
		}
	}
}

// TestTheSetupsWorkOnBoth: no call of theirs fails, on either machine. What
// fails alike on both would be no difference.
func TestTheSetupsWorkOnBoth(t *testing.T) {
	needsKernel(t)
	m, err := host.New()
	require.NoError(t, err)
	defer m.Close()
	for i, k := range kinds {
		for _, typ := range k.types {
			a, err := New(k.name, typ)
			require.NoError(t, err)
			e, err := replay.NewEmulator(emu.Config{})
			require.NoError(t, err)
			both, err := begin(m, e)
			require.NoError(t, err)
			for _, c := range a.Setup.At(fmt.Sprintf("setup%03d", 10*i+typ)) {
				for _, s := range both {
					require.Zero(t, program.Run(s.Process, c).Err, "%s, %v", k.name, c)
				}
			}
			both[0].Exit(0)
		}
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
		alphabet      string
		typ           int
		change        func(*emu.Personality)
		calls         int // of the shortest sequence
		kernel, wrong string
	}{
		{"end of file after SHUT_RD", "full", emu.SOCK_DGRAM, func(r *emu.Personality) { r.DgramShutNonblock = false }, 2, "= -1 EAGAIN", "= 0"},
		{"the charge of a message", "full", emu.SOCK_SEQPACKET, func(r *emu.Personality) { r.MessageOverhead = 33 }, 1, "= 4576", "= -1 EMSGSIZE"},
		{"SIGPIPE", "full", emu.SOCK_STREAM, func(r *emu.Personality) { r.PipeTypes = 0 }, 2, "EPIPE  /* SIGPIPE 1 */", "EPIPE"},
		{"the unread are not reported", "small", emu.SOCK_STREAM, func(r *emu.Personality) { r.ResetUnread = false }, 3, "", ""},
		{"the backlog", "connections", emu.SOCK_STREAM, func(r *emu.Personality) { r.Addresses.BacklogSlack = 2 }, 1, "= -1 EAGAIN", "= -1 EINVAL"},
		{"listen without a name", "names", emu.SOCK_SEQPACKET, func(r *emu.Personality) { r.Addresses.ListenUnbound = errno.EDESTADDRREQ }, 1, "= -1 EINVAL", "= -1 EDESTADDRREQ"},
		{"the queue of a datagram socket", "datagrams", emu.SOCK_DGRAM, func(r *emu.Personality) { r.Addresses.DgramQueue = 11 }, 1, "{1}{1}", "= 12"},
		{"the reply of a peerless send", "small", emu.SOCK_DGRAM, func(r *emu.Personality) { r.DgramNoPeer = errno.EDESTADDRREQ }, 3, "= -1 ENOTCONN", "= -1 EDESTADDRREQ"},
	} {
		rules := emu.Linux()
		row.change(rules)
		var all []*Difference
		e := enumeration(t, row.alphabet, row.typ, row.calls)
		tally, err := e.Compare(Options{Rules: rules}, func(d *Difference) { all = append(all, d) })
		require.NoError(t, err, row.name)
		require.NotEmpty(t, all, row.name)
		require.Equal(t, tally.Different(), len(all)+tally.Explained+tally.Unconfirmed, row.name)
		require.LessOrEqual(t, len(all[0].Program)-len(e.Setup), row.calls, "%s:\n%v", row.name, all[0])
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
