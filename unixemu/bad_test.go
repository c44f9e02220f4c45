//go:build unix

package unixemu_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/unixemu"
)

// Input for which x/sys/unix panics, or for which the kernel of the host would
// not answer at once, has an answer on the emulator.

func process(t *testing.T, cfg emu.Config) *unixemu.Process {
	t.Helper()
	sys, err := emu.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sys.Check()) })
	return unixemu.New(sys.NewProcess())
}

func pair(t *testing.T, p *unixemu.Process, typ int) (int, int) {
	t.Helper()
	fds, err := p.Socketpair(unix.AF_UNIX, typ, 0)
	require.NoError(t, err)
	return fds[0], fds[1]
}

func TestNilAddressIsEFAULT(t *testing.T) {
	p := process(t, emu.Config{})
	fd, err := p.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	require.NoError(t, err)
	for _, sa := range []unix.Sockaddr{nil, (*unix.SockaddrUnix)(nil), (*unix.SockaddrInet4)(nil), (*unix.SockaddrInet6)(nil)} {
		require.Equal(t, unix.EFAULT, p.Bind(fd, sa), "%T", sa)
		require.Equal(t, unix.EFAULT, p.Connect(fd, sa), "%T", sa)
		if sa != nil {
			require.Equal(t, unix.EFAULT, p.Sendto(fd, nil, 0, sa), "%T", sa)
			_, err := p.SendmsgN(fd, nil, nil, sa, 0)
			require.Equal(t, unix.EFAULT, err, "%T", sa)
		}
	}
}

func TestAddressOfAnotherFamilyIsNone(t *testing.T) {
	p := process(t, emu.Config{})
	fd, err := p.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	for _, sa := range []unix.Sockaddr{&unix.SockaddrInet4{Port: 80}, &unix.SockaddrInet6{Port: 80}} {
		require.Equal(t, unix.EINVAL, p.Bind(fd, sa))
		require.Equal(t, unix.EINVAL, p.Connect(fd, sa))
	}
	require.Equal(t, unix.EINVAL, p.Bind(fd, &unix.SockaddrUnix{Name: strings.Repeat("x", 2000)}))
}

func TestNumbersWithoutANameMeanNothing(t *testing.T) {
	p := process(t, emu.Config{})
	for _, domain := range []int{-1, 1 << 20, 1 << 30, -1 << 31} {
		_, err := p.Socketpair(domain, unix.SOCK_STREAM, 0)
		require.Equal(t, unix.EAFNOSUPPORT, err, "domain %d", domain)
	}
	for _, typ := range []int{-1, 1 << 20, 1<<26 | unix.SOCK_STREAM} {
		_, err := p.Socketpair(unix.AF_UNIX, typ, 0)
		require.Equal(t, unix.EINVAL, err, "type %d", typ)
	}
	a, _ := pair(t, p, unix.SOCK_STREAM)
	for _, cmd := range []int{-1, 1 << 20} {
		_, err := p.FcntlInt(uintptr(a), cmd, 0)
		require.Equal(t, unix.EINVAL, err, "fcntl %d", cmd)
	}
	for _, opt := range []int{-1, 1 << 20} {
		_, err := p.GetsockoptInt(a, unix.SOL_SOCKET, opt)
		require.Equal(t, unix.ENOPROTOOPT, err, "option %d", opt)
	}
	_, err := p.GetsockoptInt(a, 1<<20, unix.SO_TYPE)
	require.Equal(t, unix.EOPNOTSUPP, err)
	_, err = p.IoctlGetInt(a, 1<<20)
	require.Equal(t, unix.ENOTTY, err)
}

func TestHugeBuffersAreRefusedOrTakenInPart(t *testing.T) {
	p := process(t, emu.Config{})
	huge := make([]byte, 32<<20)
	a, b := pair(t, p, unix.SOCK_STREAM)
	require.NoError(t, p.SetNonblock(a, true))
	n, err := p.Write(a, huge)
	require.NoError(t, err)
	require.Less(t, n, len(huge))
	m, err := p.Read(b, huge)
	require.NoError(t, err)
	require.Equal(t, n, m)
	a, _ = pair(t, p, unix.SOCK_DGRAM)
	_, err = p.Write(a, huge)
	require.Equal(t, unix.EMSGSIZE, err)
	_, err = p.SendmsgN(a, []byte("x"), huge, nil, 0)
	require.Contains(t, []error{unix.ENOBUFS, unix.EINVAL}, err) // longer than the layout of Linux allows, or no message in it
}

func TestSetsThatAreNilOrShort(t *testing.T) {
	p := process(t, emu.Config{})
	n, err := p.Select(1<<20, nil, nil, nil, &unix.Timeval{})
	require.NoError(t, err)
	require.Equal(t, 0, n)
	_, err = p.Select(1<<20, new(unix.FdSet), nil, nil, &unix.Timeval{})
	require.NoError(t, err)
	_, err = p.Select(-1<<31, new(unix.FdSet), nil, nil, nil)
	require.Equal(t, unix.EINVAL, err)
}

// Only here can a time that no kernel waits for be tried: the clock is moved.
func TestATimeThatIsTooLongIsForEver(t *testing.T) {
	clock := emu.NewManualClock(time.Unix(0, 0))
	blocked := make(chan int, 8)
	p := process(t, emu.Config{Clock: clock, OnBlock: func(delta int) { blocked <- delta }})
	a, b := pair(t, p, unix.SOCK_STREAM)
	result := make(chan int)
	go func() {
		set := new(unix.FdSet)
		set.Set(a)
		tv := unix.Timeval{}
		tv.Sec--
		tv.Sec = tv.Sec >> 1 & (1<<30 | 1<<29) // a large number of either size
		n, _ := p.Select(a+1, set, nil, nil, &tv)
		result <- n
	}()
	require.Equal(t, 1, <-blocked)
	clock.Advance(24 * time.Hour)
	_, err := p.Write(b, []byte("x"))
	require.NoError(t, err)
	require.Equal(t, 1, <-result)
}

func TestAProcessThatHasEndedIsNoErrno(t *testing.T) {
	p := process(t, emu.Config{})
	p.Emulated().Exit(3)
	_, err := p.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	var ended *emu.Ended
	require.ErrorAs(t, err, &ended)
	require.Equal(t, 3, ended.Code)
	n, err := p.Read(0, nil)
	require.Equal(t, -1, n)
	require.ErrorAs(t, err, &ended)
}

func TestErrorsAreTheHosts(t *testing.T) {
	p := process(t, emu.Config{SoftFiles: 3})
	a, b := pair(t, p, unix.SOCK_STREAM)
	_, err := p.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.Equal(t, error(syscall.EMFILE), err)
	require.NoError(t, p.SetNonblock(a, true))
	_, err = p.Read(a, make([]byte, 1))
	require.True(t, err == unix.EAGAIN)
	require.NoError(t, p.Close(b))
	_, err = p.Write(a, []byte("x"))
	require.True(t, err == unix.EPIPE) // and the process lives
	require.False(t, errors.As(err, new(errno.Errno)))
	value, err := p.GetsockoptInt(a, unix.SOL_SOCKET, unix.SO_ERROR)
	require.NoError(t, err)
	require.Zero(t, value)
}
