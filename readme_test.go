package sockpair_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeShowsExamples: what README.md shows in Go is in example_test.go or
// in netemu's, word for word, with the output that is shown below it.
func TestReadmeShowsExamples(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	examples, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	more, err := os.ReadFile("netemu/example_pipe_test.go")
	require.NoError(t, err)
	examples = append(examples, more...)
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```.*?```\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	require.Len(t, blocks, 3)
	for _, b := range blocks {
		require.Contains(t, string(examples), indented("\t", b[1])+"\t// Output:\n"+indented("\t// ", b[2]))
	}
}

// indented puts a prefix before every line that is not empty.
func indented(prefix, text string) string {
	return regexp.MustCompile(`(?m)^.`).ReplaceAllString(strings.ReplaceAll(text, "\r\n", "\n"), prefix+"$0")
}
