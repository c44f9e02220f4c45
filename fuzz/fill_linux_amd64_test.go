package fuzz

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/host"
	"sockpair/replay"
)

// machines returns the emulator as Linux and the host. The test is skipped
// where the host is not the kernel that was measured.
func machines(t testing.TB) (emulator *replay.Emulator, kernel *host.Machine) {
	t.Helper()
	kernel = newHost(t)
	limits, err := kernel.Limits()
	require.NoError(t, err)
	emulator, err = replay.NewEmulator(emu.Config{HardFiles: int(limits.Max)})
	require.NoError(t, err)
	return emulator, kernel
}

// newHost makes the host's machine, or skips the test.
func newHost(t testing.TB) *host.Machine {
	t.Helper()
	if ok, why := host.TakeFingerprint().Matches(host.Measured()); !ok {
		t.Skip("nothing to compare with:", why)
	}
	m, err := host.New()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close()) })
	return m
}

// fillSizes are lengths of messages around which what they cost changes.
var fillSizes = []int{0, 1, 192, 193, 704, 705, 1000, 1728, 1729, 3776, 3777, 4096, 7872, 7873, 16064, 16065, 32768,
	36544, 36545, 65536}

// fill is what filling a buffer shows.
type fill struct {
	Sends  int // that went, of the size, until one failed
	Err    error
	Outq   int // SIOCOUTQ then
	Ready  int16
	Huge   int // bytes that one long send then takes on another pair
	HugeQ  int
	SndBuf int
}

// fillOn fills a pair with messages of a size, and on a stream another with one
// long send.
func fillOn(t *testing.T, p replay.Process, typ, sndbuf, size int) (f fill) {
	pair := func() (a, b int) {
		var sv [2]int
		require.NoError(t, p.Socketpair(emu.AF_UNIX, typ|emu.SOCK_NONBLOCK, 0, &sv))
		if sndbuf > 0 {
			val := int32bytes(sndbuf)
			require.NoError(t, p.Setsockopt(sv[0], emu.SOL_SOCKET, emu.SO_SNDBUF, val, len(val)))
		}
		return sv[0], sv[1]
	}
	a, b := pair()
	f.SndBuf = option(t, p, a, emu.SO_SNDBUF)
	message := make([]byte, size)
	const enough = 20000
	for f.Sends < enough && f.Err == nil {
		if _, f.Err = p.Sendto(a, message, 0, nil); f.Err == nil {
			f.Sends++
		}
	}
	f.Outq = outq(t, p, a)
	fds := []emu.PollFd{{Fd: a, Events: emu.POLLOUT}}
	_, err := p.Poll(fds, 0)
	require.NoError(t, err)
	f.Ready = fds[0].Revents
	if typ == emu.SOCK_STREAM {
		c, _ := pair()
		f.Huge, err = p.Sendto(c, make([]byte, 2*f.SndBuf+size), 0, nil)
		require.NoError(t, err)
		f.HugeQ = outq(t, p, c)
	}
	require.NoError(t, p.CloseRange(uint(a), uint(b)+2, 0))
	return f
}

func option(t *testing.T, p replay.Process, fd, name int) int {
	val, n := make([]byte, 4), 4
	require.NoError(t, p.Getsockopt(fd, emu.SOL_SOCKET, name, val, &n))
	return int32of(val)
}

func outq(t *testing.T, p replay.Process, fd int) int {
	val := make([]byte, 4)
	_, err := p.Ioctl(fd, emu.SIOCOUTQ, val)
	require.NoError(t, err)
	return int32of(val)
}

// A buffer is full at the same send, and at the same byte, as the kernel's.
func TestBufferIsFullWhereTheKernelsIs(t *testing.T) {
	emulator, kernel := machines(t)
	e, err := emulator.NewProcess()
	require.NoError(t, err)
	k, err := kernel.NewProcess()
	require.NoError(t, err)
	for _, typ := range []int{emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET} {
		for _, sndbuf := range []int{0, 1, 20000, 1 << 20} {
			for _, size := range fillSizes {
				if typ == emu.SOCK_STREAM && size == 0 {
					continue // sends nothing, for ever
				}
				got, want := fillOn(t, e, typ, sndbuf, size), fillOn(t, k, typ, sndbuf, size)
				name := fmt.Sprintf("fill(type %d, SO_SNDBUF %d, size %d)", typ, sndbuf, size)
				if got != want {
					t.Errorf("%s = %+v, want %+v", name, got, want)
				}
				if want.Err != errno.EAGAIN && want.Err != errno.EMSGSIZE {
					t.Errorf("%s ended with %v", name, want.Err)
				}
			}
		}
	}
}
