package sockpair_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const rulesPage = "docs/linux-rules.md"

var (
	// ruleRow is a row of the page: | id | rule | proofs |
	ruleRow = regexp.MustCompile(`(?m)^\| (LX-[\w.-]+\.\d+) \| (.*) \| ?(.*?) ?\|$`)
	// ruleCount is the line that counts them.
	ruleCount = regexp.MustCompile(`(?m)^(?:COUNT|\d+ rules, .*)$`)
)

// TestLinuxRulesAreProved: each rule of the page has a law or a test, or says
// which later stage will have it; each law about Linux proves a rule.
func TestLinuxRulesAreProved(t *testing.T) {
	page, err := os.ReadFile(rulesPage)
	require.NoError(t, err)
	laws := map[string]*law{}
	for i := range lawBook {
		laws[lawBook[i].name()] = &lawBook[i]
	}
	tests, listed, used := goTests(t), map[string]bool{}, map[string]bool{}
	later := 0
	written := ruleRow.ReplaceAllFunc(page, func(row []byte) []byte {
		m := ruleRow.FindStringSubmatch(string(row))
		id, rule, proofs := m[1], m[2], strings.Fields(m[3])
		require.False(t, listed[id], "%s is there twice", id)
		listed[id] = true
		proofs = slices.DeleteFunc(proofs, func(name string) bool {
			used[name] = true
			return laws[name] == nil && !tests[name]
		})
		if strings.Contains(rule, "A later stage: ") {
			later++
		} else if len(proofs) == 0 {
			t.Errorf("%s has no proof: %s", id, rule)
		}
		return fmt.Appendf(nil, "| %s | %s | %s |", id, rule, strings.Join(proofs, " "))
	})
	for name, l := range laws {
		if !used[name] && l.only != "posix" && slices.ContainsFunc(l.requirements(), func(id string) bool { return strings.HasPrefix(id, "LX-") }) {
			t.Errorf("the law %s proves no rule of %s", l.id, rulesPage)
		}
	}
	count := fmt.Sprintf("%d rules, %d of them for a later stage; %d laws and tests prove them.", len(listed), later, len(used))
	require.Regexp(t, ruleCount, string(page))
	written = ruleCount.ReplaceAll(written, []byte(count))
	if *updateFlag {
		require.NoError(t, os.WriteFile(rulesPage, written, 0o644))
		return
	}
	require.True(t, bytes.Equal(page, written), "%s names what is not there, or counts wrongly: go test -run TestLinuxRules -update .", rulesPage)
}
