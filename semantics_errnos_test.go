package sockpair_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// errnoRow is a row of docs/names.md: | call | errno | laws, or never: why |
var errnoRow = regexp.MustCompile(`(?m)^\| (socket|bind|listen|accept|connect) \| (E\w+) \| (.+) \|$`)

// TestEveryErrnoOfNamesIsShown: each errno that POSIX lists for the calls is
// in a step of the laws that are named, or in none at all.
func TestEveryErrnoOfNamesIsShown(t *testing.T) {
	page, err := os.ReadFile("docs/names.md")
	require.NoError(t, err)
	rows := errnoRow.FindAllSubmatch(page, -1)
	require.Greater(t, len(rows), 70)
	listed := map[string]bool{}
	laws := lawsThatFail()
	for _, m := range rows {
		call, name, proofs := string(m[1]), string(m[2]), string(m[3])
		require.False(t, listed[call+name], "%s of %s is there twice", name, call)
		listed[call+name] = true
		shown := lawsThatShow(laws, call, name)
		why, never := strings.CutPrefix(proofs, "never: ")
		if !never {
			for _, law := range strings.Fields(proofs) {
				require.True(t, shown[law], "%s: no step of %s gives %s", call, law, name)
			}
			continue
		}
		require.Empty(t, shown, "%s never gives %s, and laws show it", call, name)
		if strings.HasPrefix(why, "there is no ") {
			require.Empty(t, sourcesWith(t, "errno."+name), "%s: %s", name, why)
		}
	}
	for i := range lawBook {
		for _, m := range callsThatFail.FindAllStringSubmatch(lawBook[i].steps, -1) {
			require.True(t, listed[m[1]+m[2]], "%s: %s of %s is not in docs/names.md", lawBook[i].id, m[2], m[1])
		}
	}
}

// callsThatFail are the steps in which one of the calls fails at once.
var callsThatFail = regexp.MustCompile(`(?m)(?:[\s]|\.\.\. )(socket|bind|listen|accept|connect)(?:4?\(| resumed>).* = -1 (E\w+)`)

// lawsThatFail are the laws by call and errno: those with a step in which the
// call fails so.
func lawsThatFail() map[string]map[string]bool {
	laws := map[string]map[string]bool{}
	for i := range lawBook {
		l := &lawBook[i]
		for _, m := range callsThatFail.FindAllStringSubmatch(l.steps, -1) {
			if laws[m[1]+m[2]] == nil {
				laws[m[1]+m[2]] = map[string]bool{}
			}
			laws[m[1]+m[2]][l.name()] = true
		}
	}
	return laws
}

// lawsThatShow are the laws with a step in which the call gives the errno.
// An interruption stands in the line after the call.
func lawsThatShow(laws map[string]map[string]bool, call, name string) map[string]bool {
	shown := map[string]bool{}
	maps.Copy(shown, laws[call+name])
	for i := range lawBook {
		l := &lawBook[i]
		if name == "EINTR" && strings.Contains(l.steps, "... "+call+" resumed>") && strings.Contains(l.steps, "-1 EINTR") {
			shown[l.name()] = true
		}
	}
	return shown
}

// sourcesWith are the files of the emulator, tests apart, that have the word.
func sourcesWith(t *testing.T, word string) (files []string) {
	paths, err := filepath.Glob("emu/*.go")
	require.NoError(t, err)
	found := regexp.MustCompile(regexp.QuoteMeta(word) + `\b`)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if !strings.HasSuffix(path, "_test.go") && found.Match(text) {
			files = append(files, path)
		}
	}
	return files
}
