package emu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// A socket that was never connected has no peer whose process could be told.
// Linux 6.18 net/core/sock.c sk_getsockopt SO_PEERPIDFD.
func TestASocketWithoutAPeerHasNoPeerPidfd(t *testing.T) {
	sys, err := New(Config{})
	require.NoError(t, err)
	p := sys.NewProcess()
	fd, err := p.Socket(AF_UNIX, SOCK_STREAM, 0)
	require.NoError(t, err)
	val, n := make([]byte, 4), 4
	require.Equal(t, error(errno.ENODATA), p.Getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, val, &n))
	require.Equal(t, []int{fd}, p.Descriptors())
}
