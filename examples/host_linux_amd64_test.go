package examples

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/host"
)

// onHost makes processes of the host's kernel, in a directory that is removed.
func onHost(t *testing.T) Spawn {
	m, err := host.New()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	dir := t.TempDir()
	return func() (Process, error) {
		q, err := m.NewProcess()
		if err != nil {
			return nil, err
		}
		p := q.(*host.Process)
		return p, p.Chdir(dir)
	}
}

// asTheHost is the emulator with the host's setting for the queue of a SOCK_DGRAM.
func asTheHost(t *testing.T) emu.Config {
	text, err := os.ReadFile("/proc/sys/net/unix/max_dgram_qlen")
	require.NoError(t, err)
	rules := emu.Linux()
	rules.Addresses.DgramQueue, err = strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	return emu.Config{Personality: rules}
}

// TestTheKernelPrintsTheSame: the programs run on the kernel as they are.
func TestTheKernelPrintsTheSame(t *testing.T) {
	for _, p := range programs {
		t.Run(p.name, func(t *testing.T) {
			want := output(t, asTheHost(t), p)
			var out strings.Builder
			require.NoError(t, p.run(onHost(t), &out))
			require.Equal(t, want, out.String())
		})
	}
}
