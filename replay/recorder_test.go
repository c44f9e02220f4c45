package replay

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// What is done through a Recorder is a log that runs again: also the room for
// control messages, and memory that is bad, which strace does not show.
func TestWhatIsRecordedRunsAgain(t *testing.T) {
	var b bytes.Buffer
	printer := NewPrinter(&b)
	m, err := NewEmulator(emu.Config{})
	require.NoError(t, err)
	p, err := Record(m, printer.Observe).NewProcess()
	require.NoError(t, err)
	for fd := range 3 {
		require.NoError(t, p.Foreign(fd, "terminal"))
	}
	var sv [2]int
	require.NoError(t, p.Socketpair(emu.AF_UNIX, emu.SOCK_DGRAM|emu.SOCK_NONBLOCK, 0, &sv))
	p.Sendmsg(sv[0], &emu.Msghdr{Iov: [][]byte{[]byte("x")}, Control: emu.Rights(0, 1, 2)}, 0)
	p.Recvmsg(sv[1], &emu.Msghdr{Iov: [][]byte{make([]byte, 4), emu.BadAddress(9)}, Control: make([]byte, 100)}, 0)
	p.Recvmsg(sv[1], &emu.Msghdr{Iov: [][]byte{make([]byte, 4)}, Name: make([]byte, 9), Namelen: -1}, 0)
	p.Sendmsg(sv[0], &emu.Msghdr{Iov: [][]byte{[]byte("x")}, Control: make([]byte, 17)}, 0)
	p.(*Recorded).Setuid(65534)
	_, err = p.Fork()
	require.NoError(t, err)
	p.ExitThread()
	require.NoError(t, printer.Flush())
	require.Contains(t, b.String(), "msg_controllen=100 => ")
	require.Contains(t, b.String(), "iov_base=0xbad000")
	require.Contains(t, b.String(), "msg_namelen=-1")
	require.Contains(t, b.String(), "exit(0)")
	r := playWith(t, b.String(), Options{File: "recorded"})
	require.Zero(t, r.Totals.Different, text(t, r, false))
	require.Zero(t, r.Totals.Reasons[NotShown], text(t, r, false))
}
