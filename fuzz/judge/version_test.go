package judge

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/program"
)

var update = flag.Bool("update", false, "write the table of changes into docs/divergences.md")

const (
	pageFile   = "../../docs/divergences.md"
	tableBegin = "<!-- changes: written by go test ./fuzz/judge -update -->\n"
	tableEnd   = "<!-- end of changes -->\n"
)

// The page has the table that the command prints.
func TestPageHasTheTableOfChanges(t *testing.T) {
	page, err := os.ReadFile(pageFile)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(page), tableBegin)
	require.True(t, found, "%s has no line %q", pageFile, tableBegin)
	_, after, found := strings.Cut(rest, tableEnd)
	require.True(t, found, "%s has no line %q", pageFile, tableEnd)
	var table strings.Builder
	require.NoError(t, WriteChanges(&table))
	want := before + tableBegin + table.String() + tableEnd + after
	if *update {
		require.NoError(t, os.WriteFile(pageFile, []byte(want), 0o644))
		return
	}
	require.Equal(t, want, string(page), "run go test ./fuzz/judge -update")
}

func TestChangesAreInTheOrderOfVersions(t *testing.T) {
	all := Changes()
	for i, c := range all {
		require.NotEmpty(t, c.Source, c.What)
		require.NotNil(t, c.concerns, c.What)
		require.True(t, i == 0 || !older(c.Since, all[i-1].Since), c.What)
	}
}

func TestVersionsCompareAsNumbers(t *testing.T) {
	for release, want := range map[string]bool{"6.9.1": true, "6.16.0-rc1": false, "5.20": true, "7.0": false, "6.16": false, "6.1.0-13-amd64": true, "": true} {
		require.Equal(t, want, older(release, "6.16"), release)
	}
}

// A change that the kernel lacks explains the differences that it concerns, and no others.
func TestOnlyLackingChangesExplain(t *testing.T) {
	j := &Judge{}
	set := program.Program{{Name: "setsockopt", Args: []int{emu.SOL_SOCKET, emu.SO_PASSRIGHTS, 4}}}
	require.False(t, j.explains(&Difference{Program: set}))
	for _, c := range Changes() {
		if c.What == "SO_PASSRIGHTS" {
			j.lacking = append(j.lacking, c)
		}
	}
	require.Len(t, j.lacking, 1)
	require.True(t, j.explains(&Difference{Program: set}))
	set[0].Args[1] = emu.SO_RCVLOWAT
	require.False(t, j.explains(&Difference{Program: set}))
}
