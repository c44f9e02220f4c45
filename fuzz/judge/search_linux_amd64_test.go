package judge

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/program"
	"sockpair/replay"
)

// planted is Linux but for one rule: after the own SHUT_RD a non-blocking
// receive on a SOCK_DGRAM finds the end of file.
func planted() *emu.Personality {
	rules := emu.Linux()
	rules.DgramShutNonblock = false
	return rules
}

// newJudge makes a judge, or skips the test where there is no kernel like the
// one that was measured.
func newJudge(t *testing.T, rules *emu.Personality) *Judge {
	t.Helper()
	if why := Unlike(); why != "" {
		t.Skip("nothing to compare with:", why)
	}
	j, err := New(rules)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, j.Close()) })
	return j
}

func profile(t *testing.T, name string) *Profile {
	t.Helper()
	for _, p := range Profiles() {
		if p.Name == name {
			return &p
		}
	}
	t.Fatalf("no profile %s", name)
	return nil
}

// A rule that is changed is found, shown by a program as short as it gets,
// which on both machines shows it again, and on a machine without it does not.
func TestAPlantedDifferenceIsFoundAndMadeShort(t *testing.T) {
	j := newJudge(t, planted())
	var found []Finding
	tally, err := j.Search(profile(t, "dgram"), 1, Budget{Programs: 300}, func(f Finding) { found = append(found, f) })
	require.NoError(t, err)
	require.NotEmpty(t, found)
	require.GreaterOrEqual(t, tally.Differences, len(found))
	for _, f := range found {
		require.LessOrEqual(t, len(f.Program), 4, "%v", f)
		require.Contains(t, f.String(), "shutdown(")
		log, err := j.Log(f.Difference)
		require.NoError(t, err)
		require.Contains(t, log, "\n# + ")
		again := func(rules *emu.Personality) *Comparison {
			c, err := Compare(Boot, replay.Emulate(emu.Config{Personality: rules}), func() io.Reader { return strings.NewReader(log) }, replay.Options{File: "log"})
			require.NoError(t, err, log)
			require.Positive(t, c.Compared)
			return c
		}
		require.Len(t, again(planted()).Differences, 1, log)
		require.Empty(t, again(nil).Differences, log)
		r, err := replay.Run(replay.Emulate(emu.Config{}), strings.NewReader(log), replay.Options{File: "log"})
		require.NoError(t, err)
		require.False(t, r.Different(), log)
	}
}

// The same in programs of several tasks.
func TestAPlantedDifferenceIsFoundInFamilies(t *testing.T) {
	rules := emu.Linux()
	rules.ZeroRecvWaits = !rules.ZeroRecvWaits
	j := newJudge(t, rules)
	var found []Finding
	for first := 0; first < 200 && len(found) == 0; first += 5 {
		_, err := j.Search(profile(t, "families"), 1, Budget{First: first, Programs: 5}, func(f Finding) { found = append(found, f) })
		require.NoError(t, err)
	}
	require.NotEmpty(t, found)
	log, err := j.Log(found[0].Difference)
	require.NoError(t, err)
	require.Contains(t, log, "# + ")
}

// On a kernel without a change what concerns it is a known change.
func TestADifferenceThatTheVersionExplainsIsKnown(t *testing.T) {
	j := newJudge(t, planted())
	require.Empty(t, j.lacking, "the kernel that was measured has every change")
	j.lacking = []Change{{What: "the planted rule", concerns: func(c program.Call) bool { return c.Name == "shutdown" }}}
	tally, err := j.Search(profile(t, "dgram"), 1, Budget{Programs: 100}, func(f Finding) { t.Errorf("%v", f) })
	require.NoError(t, err)
	require.Positive(t, tally.Known)
	require.Zero(t, tally.Differences)
}

// The budget's bounds hold, and a search that begins later goes on with the
// same programs.
func TestSearchKeepsItsBudget(t *testing.T) {
	j := newJudge(t, nil)
	p := profile(t, "stream")
	all, err := j.Search(p, 3, Budget{Programs: 20}, nil)
	require.NoError(t, err)
	require.Equal(t, 20, all.Programs)
	var sum Tally
	for _, first := range []int{0, 10} {
		part, err := j.Search(p, 3, Budget{First: first, Programs: 10}, nil)
		require.NoError(t, err)
		sum.Add(part)
	}
	require.Equal(t, all, sum)
	few, err := j.Search(p, 3, Budget{Calls: 50}, nil)
	require.NoError(t, err)
	require.GreaterOrEqual(t, few.Calls, 50)
	require.Less(t, few.Calls, all.Calls)
}

// What a kernel cannot be told is refused before anything is run.
func TestWhatAKernelCannotBeToldIsRefused(t *testing.T) {
	for want, log := range map[string]string{
		"Personality=posix": "# machine: Personality=posix\n",
		"MaxFiles":          "# machine: MaxFiles=6\n",
		"Authorize":         "# machine: Authorize=no\n",
	} {
		_, err := replay.Run(Boot, strings.NewReader(log+"close(3) = -1 EBADF (Bad file descriptor)\n"), replay.Options{})
		require.ErrorContains(t, err, want)
	}
	newJudge(t, nil)
	r, err := replay.Run(Boot, strings.NewReader("# machine: SoftFiles=4\n1 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = -1 EMFILE (Too many open files)\n"), replay.Options{})
	require.NoError(t, err)
	require.False(t, r.Different())
	require.Equal(t, 1, r.Totals.Equal)
}

// A log with paths runs in a directory of its own, in which also an execve
// finds its program; nothing of it is left.
func TestALogWithPathsHasARootOfItsOwn(t *testing.T) {
	newJudge(t, nil)
	const log = `
500 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3
500 bind(3, {sa_family=AF_UNIX, sun_path="/run/of/nobody"}, 110) = 0
500 listen(3, 5) = 0
500 fork() = 501
501 socket(AF_UNIX, SOCK_STREAM, 0) = 4
501 connect(4, {sa_family=AF_UNIX, sun_path="/run/of/nobody"}, 110) = 0
501 execve("/bin/program", ["program"], 0x7ffe00000000) = 0
501 socket(AF_UNIX, SOCK_STREAM, 0) = 3
501 symlink("of", "/run/link") = 0
501 unlink("/run/link/nobody") = 0
`
	t.Setenv("TMPDIR", t.TempDir())
	for name, boot := range map[string]replay.Boot{"kernel": Boot, "emulator": replay.Emulate(emu.Config{})} {
		r, err := replay.Run(boot, strings.NewReader(strings.TrimPrefix(log, "\n")), replay.Options{File: "log"})
		require.NoError(t, err, name)
		require.Equal(t, 8, r.Totals.Equal, "%s: %v", name, r.Lines)
	}
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)
}
