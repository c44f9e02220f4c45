package fuzz

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sockpair/fuzz/model"
)

// The model's Linux is the host's: what it says of the emulator is worth something.
func TestModelIsTheKernels(t *testing.T) {
	m := newHost(t)
	p, err := m.NewProcess()
	require.NoError(t, err)
	everyType(t, func(t *testing.T, typ model.Type) {
		rapid.Check(t, func(t *rapid.T) { newSubject(t, p, model.Linux, typ, bound(t)).check(t) })
	})
}
