package sockpair_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var updateFlag = flag.Bool("update", false, "write the laws into docs/requirements.md")

const requirementsPage = "docs/requirements.md"

// requirementRow is a row of the page: | id | wording | source | proofs |
var requirementRow = regexp.MustCompile(`(?m)^\| ([A-Z]{2}-[\w.-]+) \| (.*) \| (.*) \| ?(.*?) ?\|$`)

// TestRequirementsAreProved: the page has every requirement, each with the
// laws that name it and with tests that exist.
func TestRequirementsAreProved(t *testing.T) {
	page, err := os.ReadFile(requirementsPage)
	require.NoError(t, err)
	laws := map[string][]string{}
	for i := range lawBook {
		for _, id := range lawBook[i].requirements() {
			laws[id] = append(laws[id], lawBook[i].name())
		}
	}
	tests := goTests(t)
	listed := map[string]bool{}
	written := requirementRow.ReplaceAllFunc(page, func(row []byte) []byte {
		m := requirementRow.FindStringSubmatch(string(row))
		id, wording, source, proofs := m[1], m[2], m[3], strings.Fields(m[4])
		require.False(t, listed[id], "%s is there twice", id)
		listed[id] = true
		proofs = slices.DeleteFunc(proofs, func(p string) bool { return !strings.Contains(p, "Test") })
		for _, test := range proofs {
			require.Contains(t, tests, test, "%s names a test that is not there", id)
		}
		proofs = append(slices.Clone(laws[id]), proofs...)
		if len(proofs) == 0 {
			require.Contains(t, wording, "A later stage: ", "%s has no proof", id)
		}
		return fmt.Appendf(nil, "| %s | %s | %s | %s |", id, wording, source, strings.Join(proofs, " "))
	})
	for id := range laws {
		require.True(t, listed[id], "the law book proves %s, which %s has not", id, requirementsPage)
	}
	for _, id := range specified(t) {
		require.True(t, listed[id], "%s is required, and %s has it not", id, requirementsPage)
	}
	if *updateFlag {
		require.NoError(t, os.WriteFile(requirementsPage, written, 0o644))
		return
	}
	require.True(t, bytes.Equal(page, written), "the laws in %s are not those of the book: go test -run TestRequirements -update .", requirementsPage)
}

// specified are the ids of the requirements: so many in each chapter.
func specified(t *testing.T) (ids []string) {
	for _, chapter := range []struct {
		name string
		n    int
	}{{"SP", 9}, {"ER", 11}, {"ST", 8}, {"DG", 5}, {"SQ", 3}, {"FD", 6}} {
		for i := range chapter.n {
			ids = append(ids, fmt.Sprintf("%s-%02d", chapter.name, i+1))
		}
	}
	require.Len(t, ids, 42)
	return ids
}

// goTests are the tests of the module: TestX of the root, pkg.TestX of a package.
func goTests(t *testing.T) map[string]bool {
	found := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (Test\w+|Fuzz\w+)\(`)
	require.NoError(t, filepath.WalkDir(".", func(path string, entry os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		prefix := ""
		if dir := filepath.Dir(path); dir != "." {
			prefix = filepath.Base(dir) + "."
		}
		for _, m := range function.FindAllSubmatch(text, -1) {
			found[prefix+string(m[1])] = true
		}
		return nil
	}))
	return found
}
