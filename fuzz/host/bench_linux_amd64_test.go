package host

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What an answer costs: the way to the agent and back.
func BenchmarkCall(b *testing.B) {
	m, err := New()
	require.NoError(b, err)
	defer m.Close()
	p, err := m.newProcess()
	require.NoError(b, err)
	for b.Loop() {
		p.Close(-1)
	}
}

// What a process costs, from its start to its end.
func BenchmarkProcess(b *testing.B) {
	m, err := New()
	require.NoError(b, err)
	defer m.Close()
	for b.Loop() {
		p, err := m.newProcess()
		require.NoError(b, err)
		p.Exit(0)
	}
}
