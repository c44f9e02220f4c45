package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// call runs a command line and returns its status and what it printed.
func call(in string, args ...string) (status int, out, errs string) {
	var o, e strings.Builder
	status = command(args, strings.NewReader(in), &o, &e)
	return status, o.String(), e.String()
}

// TestTourIsAsTheEmulatorIs: every step of it, for both personalities, and
// every error of the specification is in it.
func TestTourIsAsTheEmulatorIs(t *testing.T) {
	for _, personality := range []string{"linux", "posix"} {
		status, out, errs := call("", "run", "-personality", personality)
		require.Equal(t, asRecorded, status, "%s%s", out, errs)
		require.Empty(t, errs)
		require.NotContains(t, out, "\n-")
		require.Regexp(t, `compared [1-9]\d+  different 0 `, out)
		for _, id := range []string{"SP-01", "SP-02", "SP-03", "SP-04", "SP-05", "SP-06", "SP-08", "SP-09",
			"ER-01", "ER-02", "ER-03", "ER-04", "ER-05", "ER-06", "ER-07", "ER-08", "ER-09", "ER-10", "ER-11",
			"ST-01", "ST-02", "ST-03", "ST-04", "ST-05", "ST-06", "ST-07", "ST-08", "DG-01", "DG-02", "DG-04", "DG-05",
			"SQ-01", "FD-01", "FD-02", "FD-05", "FD-06"} {
			require.Contains(t, out, id, "the tour for %s", personality)
		}
	}
}

const script = `socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4])
write(3, "abc", 3)
read(4, "abd", 10) = 3
`

// TestADifferenceIsShownWithBothLines: a line without a result is printed with
// its result, one that differs with - and +.
func TestADifferenceIsShownWithBothLines(t *testing.T) {
	status, out, errs := call(script, "run", "-")
	require.Equal(t, differs, status)
	require.Empty(t, errs)
	require.Regexp(t, `(?m)^write\(3, "abc", 3\) += 3$`, out)
	require.Regexp(t, `(?m)^-read\(4, "abd", 10\) = 3$`, out)
	require.Regexp(t, `(?m)^\+read\(4, "abc", 10\) += 3$`, out)
	require.Contains(t, out, "calls 3  compared 1  different 1  skipped 0")
}

// TestWhatCannotBeReadIsRefused: with the place and what was expected, and
// nothing is run.
func TestWhatCannotBeReadIsRefused(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "bad.strace")
	require.NoError(t, os.WriteFile(bad, []byte("socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0\nhello world\n"), 0o600))
	for want, args := range map[string][]string{
		`bad.strace:2:\d+: expected `: {"run", bad},
		noSuchFile():                  {"run", bad + ".missing"},
		`expected linux or posix`:     {"run", "-personality", "multics"},
		`expected a command`:          {"walk"},
		`usage: `:                     {},
		`flag provided but not`:       {"run", "-nonsense"},
	} {
		status, out, errs := call("", args...)
		require.Equal(t, unusable, status, "%v", args)
		require.Regexp(t, regexp.MustCompile(want), errs, "%v", args)
		require.NotContains(t, out, "socketpair(")
	}
	status, out, errs := call("", "help")
	require.Equal(t, asRecorded, status)
	require.Contains(t, out, "usage: ")
	require.Empty(t, errs)
}

// noSuchFile is what the host says of a file that is not there, without its name.
func noSuchFile() string {
	_, err := os.Stat("is-not-there")
	return errors.Unwrap(err).Error()
}

// TestADirectoryIsItsRecordings: -summary has a line for each, and totals with
// the reasons for what was skipped.
func TestADirectoryIsItsRecordings(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.strace", "b.strace", "c.txt"} {
		text := "socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0\nwrite(1, \"x\", 1) = 1\n"
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	status, out, errs := call("", "run", "-summary", dir)
	require.Equal(t, asRecorded, status)
	require.Empty(t, errs)
	require.Contains(t, out, "a.strace: calls 2  compared 1  different 0  skipped 1")
	require.Contains(t, out, "files 2  calls 4  compared 2  different 0  skipped 2")
	require.Contains(t, out, "foreign descriptor 2")
	require.NotContains(t, out, "c.txt")
	const recorded = "socketpair(AF_UNIX, SOCK_DGRAM, 0, [3, 4]) = 0\nwrite(3, \"x\", 1) = 1\nread(4, \"y\", 1) = 1\n"
	_, out, _ = call(recorded, "run", "-q", "-")
	require.NotContains(t, out, "write(3")
	require.Contains(t, out, "+read(4, \"x\"")
}

// TestExhaustPrintsItsAlphabet in the notation, for each type, and runs nothing.
func TestExhaustPrintsItsAlphabet(t *testing.T) {
	status, out, errs := call("", "exhaust", "-list")
	require.Equal(t, asRecorded, status)
	require.Empty(t, errs)
	for _, line := range []string{"stream, alphabet full", "dgram, alphabet full", "seqpacket, alphabet full",
		"socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [])", "shutdown(4, SHUT_RDWR)", "close(3)", "ioctl(3, FIONREAD, \"\\x00\\x00\\x00\\x00\")"} {
		require.Contains(t, out, line)
	}
	status, out, _ = call("", "exhaust", "-list", "-type", "dgram", "-alphabet", "small")
	require.Equal(t, asRecorded, status)
	require.NotContains(t, out, "stream, ")
}

// TestExhaustRefusesWhatMakesNoSense: with status 2 and what was expected.
func TestExhaustRefusesWhatMakesNoSense(t *testing.T) {
	for want, args := range map[string][]string{
		"expected stream, dgram":      {"-type", "raw"},
		"expected one of full, small": {"-alphabet", "huge"},
		"nothing for this type":       {"-alphabet", "urgent", "-type", "dgram"},
		"expected 1 to":               {"-depth", "0"},
		"expected linux or posix":     {"-personality", "multics"},
		"expected no argument":        {"file"},
		"flag provided but not":       {"-nonsense"},
		"invalid value":               {"-from", "-1"},
		"from sequence 99999999: exp": {"-depth", "1", "-from", "99999999"},
	} {
		status, _, errs := call("", append([]string{"exhaust"}, args...)...)
		require.Equal(t, unusable, status, "%v", args)
		require.Contains(t, errs, want, "%v", args)
	}
}

// TestExhaustComparesWithTheHost: status 0 when all agrees, 1 with the shortest
// sequences in full when not, 2 where there is no kernel to ask.
func TestExhaustComparesWithTheHost(t *testing.T) {
	status, out, errs := call("", "exhaust", "-depth", "1", "-type", "seqpacket")
	if status == unusable {
		require.Contains(t, errs, "sockpair exhaust: ")
		t.Skip(errs)
	}
	if errs != "" {
		t.Skip(errs)
	}
	require.Equal(t, asRecorded, status, "%s", out)
	require.Regexp(t, `seqpacket: sequences compared \d+ \(run \d+, by the rule for observing calls \d+\)  calls \d+  differences 0\n`, out)
	status, out, _ = call("", "exhaust", "-depth", "1", "-type", "seqpacket", "-personality", "posix", "-first", "1")
	require.Equal(t, differs, status)
	require.Regexp(t, `(?m)^- .*\n\+ .*\n`, out)
	_, out, _ = call("", "exhaust", "-depth", "1", "-type", "seqpacket", "-personality", "posix", "-first", "1", "-log")
	require.Regexp(t, `(?m)^\d+ +\w+\(.*\n# \+ \d+ +\w+\(`, out)
}
