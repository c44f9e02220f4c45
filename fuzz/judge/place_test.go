package judge

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAPlaceThatWasLeftIsNotTaken: a process that was killed leaves its
// directory, and another may get its number.
func TestAPlaceThatWasLeftIsNotTaken(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP"} { // of Unix and of Windows
		t.Setenv(name, dir)
	}
	left := new(Judge).nextPlace()
	require.NoError(t, os.Mkdir(filepath.Join(os.TempDir(), "sockpair-"+left.name), 0o777))
	require.NotEqual(t, left.name, new(Judge).nextPlace().name)
}
