package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/judge"
)

// needsKernel skips a test where there is no kernel like the one measured.
func needsKernel(t *testing.T) {
	t.Helper()
	if why := judge.Unlike(); why != "" {
		t.Skip("nothing to compare with:", why)
	}
}

func TestFuzzRefusesWhatItDoesNotUnderstand(t *testing.T) {
	for want, args := range map[string][]string{
		`no profile is named "water"`: {"fuzz", "-profile", "stream,water"},
		`expected no arguments`:       {"fuzz", "more"},
		`not negative`:                {"fuzz", "-calls", "-1"},
		`flag provided but not`:       {"fuzz", "-nonsense"},
		`expected a FILE`:             {"diff"},
		`expected linux or posix`:     {"diff", "-personality", "multics", "x"},
		noSuchFile():                  {"diff", filepath.Join(t.TempDir(), "missing")},
		`expected emu or kernel`:      {"run", "-on", "moon"},
		`rules of its own`:            {"run", "-on", "kernel", "-personality", "posix", "-"},
		`the tour is of`:              {"run", "-on", "kernel"},
	} {
		status, _, errs := call("", args...)
		require.Equal(t, unusable, status, "%v", args)
		require.Contains(t, errs, want, "%v", args)
	}
}

func TestFuzzListsItsProfilesAndTheChangesOfLinux(t *testing.T) {
	status, out, _ := call("", "fuzz", "-profiles")
	require.Equal(t, asRecorded, status)
	for _, p := range judge.Profiles() {
		require.Contains(t, out, p.Name+" ")
		require.Contains(t, out, p.Covers)
	}
	status, out, _ = call("", "fuzz", "-versions")
	require.Equal(t, asRecorded, status)
	require.Contains(t, out, "| 6.16 | SO_PASSRIGHTS |")
}

// Where there is no kernel to compare with, the commands say so.
func TestWithoutAKernelTheCommandsSaySo(t *testing.T) {
	if k, err := judge.OpenKernel(); err == nil {
		require.NoError(t, k.Close())
		t.Skip("this host can be compared with")
	}
	for _, args := range [][]string{{"fuzz"}, {"diff", "-"}, {"run", "-on", "kernel", "-"}} {
		status, _, errs := call(script, args...)
		require.Equal(t, unusable, status, "%v", args)
		require.Contains(t, errs, "needs Linux on amd64", "%v", args)
	}
}

// The same seed prints the same, and ends with the sums and the kernel.
func TestFuzzIsRepeatable(t *testing.T) {
	needsKernel(t)
	args := []string{"fuzz", "-seed", "5", "-profile", "stream,options", "-programs", "15"}
	status, out, errs := call("", args...)
	require.Equal(t, asRecorded, status, out)
	require.Empty(t, errs)
	require.Contains(t, out, "# seed 5, comparing with Linux ")
	require.Regexp(t, `(?m)^# options +15 +\d+ +0 +`, out)
	require.Regexp(t, `\n# \d+ calls compared, 0 differences, .*; Linux \d+\.\d+.*\n$`, out)
	_, again, _ := call("", args...)
	require.Equal(t, out, again)
}

// A planted difference is found, written to a file, and diff shows it again.
func TestAPlantedDifferenceComesBackByItsFile(t *testing.T) {
	needsKernel(t)
	rules := emu.Linux()
	rules.DgramShutNonblock = false
	dir := filepath.Join(t.TempDir(), "not", "there")
	var out, errs bytes.Buffer
	status := fuzzWith(rules, []string{"-profile", "dgram", "-programs", "200", "-o", dir}, &out, &errs)
	require.Equal(t, differs, status, out.String())
	require.Empty(t, errs.String())
	files, err := filepath.Glob(filepath.Join(dir, "*.strace"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		calls := 0
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "#") {
				calls++
			}
		}
		require.LessOrEqual(t, calls, 4, "%s", text)
		out.Reset()
		require.Equal(t, differs, diffAll([]string{file}, rules, nil, &out, &errs), "%s", text)
		require.Regexp(t, `(?m)^-\d+ +\w+\(.*\n\+\d+ `, out.String())
		require.Equal(t, asRecorded, diffAll([]string{file}, emu.Linux(), nil, &out, &errs), "%s", text)
		status, _, _ := call("", "run", file)
		require.Equal(t, asRecorded, status, "%s", text)
		status, _, _ = call("", "run", "-on", "kernel", file)
		require.Equal(t, asRecorded, status, "%s", text)
	}
}

// diff ignores what was recorded; run on the kernel compares with it.
func TestDiffIgnoresWhatWasRecorded(t *testing.T) {
	needsKernel(t)
	status, out, errs := call(script, "diff", "-")
	require.Equal(t, asRecorded, status, errs)
	require.Contains(t, out, "calls 3  compared 3  different 0")
	status, out, _ = call(script, "run", "-on", "kernel", "-")
	require.Equal(t, differs, status)
	require.Contains(t, out, "# on Linux ")
	require.Regexp(t, `(?m)^\+read\(4, "abc", 10\) += 3$`, out)
	status, out, _ = call(script+"socketpair(AF_UNIX, SOCK_SEQPACKET, 0, [5, 6])\nsend(5, \"abc\", 3)\nrecv(6, \"\", 1)\nrecv(6, \"\", 5, MSG_DONTWAIT)\n",
		"diff", "-personality", "posix", "-")
	require.Equal(t, differs, status)
	require.Contains(t, out, "# -:7\n-recv(6, ")
}
