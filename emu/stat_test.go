package emu

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// objects opens one of each kind: a pair, an epoll instance, a counter, a timer, a pidfd.
func objects(t *testing.T, cfg Config) prog {
	t.Helper()
	p := newProg(t, cfg)
	p.pair(SOCK_STREAM | SOCK_CLOEXEC)
	gives(t, "EpollCreate1", 2)(p.EpollCreate1(0))
	gives(t, "Eventfd", 3)(p.Eventfd(0, EFD_NONBLOCK))
	gives(t, "TimerfdCreate", 4)(p.TimerfdCreate(CLOCK_MONOTONIC, TFD_NONBLOCK))
	gives(t, "PidfdOpen", 5)(p.PidfdOpen(p.Getpid(), 0))
	return p
}

// TestFstatTellsTheKind: mode, owner and number of each kind of file.
func TestFstatTellsTheKind(t *testing.T) {
	p := objects(t, Config{UID: 7, GID: 8})
	first, second := Stat{}, Stat{}
	require.NoError(t, p.Fstat(0, &first))
	require.NoError(t, p.Fstat(1, &second))
	equal(t, "the ends are two files", first.Ino != second.Ino, true)
	equal(t, "a socket", second, Stat{Ino: second.Ino, Mode: S_IFSOCK | 0o777, Nlink: 1, Uid: 7, Gid: 8, Blksize: 4096})
	for fd, mode := range map[int]uint32{2: 0o600, 3: 0o600, 4: 0o600, 5: 0o700} {
		var st Stat
		require.NoError(t, p.Fstat(fd, &st))
		equal(t, fmt.Sprintf("descriptor %d", fd), st, Stat{Ino: st.Ino, Mode: mode, Nlink: 1, Blksize: 4096})
	}
	var one, other Stat
	fd := p.pidfd(p.Getpid(), PIDFD_THREAD)
	require.NoError(t, p.Fstat(5, &one))
	require.NoError(t, p.Fstat(fd, &other))
	equal(t, "two pidfds of a process are one file", one, other)
	says(t, "Fstat", errno.EBADF)(p.Fstat(99, nil))
	says(t, "Fstat", errno.EFAULT)(p.Fstat(0, nil))
}

// TestDescriptorsAreListed as /proc/self/fd and fdinfo show them.
func TestDescriptorsAreListed(t *testing.T) {
	p := objects(t, Config{})
	require.NoError(t, p.Foreign(9, "/dev/null"))
	var got []string
	for _, d := range p.ListDescriptors() {
		got = append(got, fmt.Sprintf("%d %#x %#x %s", d.Fd, d.Flags, d.Open, d.Link))
	}
	require.Equal(t, []string{
		"0 0x1 0x2 socket:[2]", "1 0x1 0x2 socket:[3]", "2 0x0 0x2 anon_inode:[eventpoll]", "3 0x0 0x802 anon_inode:[eventfd]",
		"4 0x0 0x802 anon_inode:[timerfd]", "5 0x1 0x2 anon_inode:[pidfd]", "9 0x0 0x2 /dev/null",
	}, got)
}

// TestPositions: what each kind of file answers to the calls that need a position or a length.
func TestPositions(t *testing.T) {
	p := objects(t, Config{})
	const spipe, inval, notsup = "-1 ESPIPE", "-1 EINVAL", "-1 EOPNOTSUPP"
	for fd, want := range [][3]string{
		{spipe, spipe, inval}, {spipe, spipe, inval}, {"0", spipe, inval}, {"0", spipe, inval}, {"0", spipe, inval}, {spipe, inval, notsup},
		{"-1 EBADF", "-1 EBADF", "-1 EBADF"},
	} {
		b := make([]byte, 8)
		n, err := p.Lseek(fd, 5, SEEK_SET)
		equal(t, fmt.Sprintf("Lseek(%d)", fd), outcome(int(n), err), want[0])
		for name, call := range map[string]func(offset int64) (int, error){
			"Pread":    func(at int64) (int, error) { return p.Pread(fd, b, at) },
			"Pwrite":   func(at int64) (int, error) { return p.Pwrite(fd, b, at) },
			"Preadv":   func(at int64) (int, error) { return p.Preadv(fd, [][]byte{b}, at) },
			"Pwritev":  func(at int64) (int, error) { return p.Pwritev(fd, [][]byte{b}, at) },
			"Preadv2":  func(at int64) (int, error) { return p.Preadv2(fd, [][]byte{b}, at, 0) },
			"Pwritev2": func(at int64) (int, error) { return p.Pwritev2(fd, [][]byte{b}, at, 0) },
		} {
			equal(t, fmt.Sprintf("%s(%d) at 0", name, fd), outcome(call(0)), want[1])
			equal(t, fmt.Sprintf("%s(%d) at -2", name, fd), outcome(call(-2)), inval)
		}
		equal(t, fmt.Sprintf("Ftruncate(%d)", fd), outcome(value(p.Ftruncate(fd, 0))), want[2])
		equal(t, fmt.Sprintf("Ftruncate(%d) to -1", fd), outcome(value(p.Ftruncate(fd, -1))), inval)
	}
}

// TestVectorsWithFlags: preadv2 and pwritev2 with offset -1 are readv and writev, with flags.
func TestVectorsWithFlags(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	buf := [][]byte{make([]byte, 4)}
	fails(t, "RWF_NOWAIT with nothing there", errno.EAGAIN)(p.Preadv2(b, buf, -1, RWF_NOWAIT))
	gives(t, "Pwritev2", 2)(p.Pwritev2(a, [][]byte{{1}, {2}}, -1, RWF_HIPRI|RWF_SYNC))
	gives(t, "Preadv2", 2)(p.Preadv2(b, buf, -1, RWF_NOWAIT))
	for _, flags := range []int{0x200, RWF_ATOMIC, RWF_DONTCACHE, -1} {
		fails(t, "another flag", errno.EOPNOTSUPP)(p.Pwritev2(a, buf, -1, flags))
		gives(t, "another flag with nothing to move", 0)(p.Pwritev2(a, nil, -1, flags))
	}
	fails(t, "two that exclude each other", errno.EINVAL)(p.Preadv2(b, buf, -1, RWF_APPEND|RWF_NOAPPEND))
	says(t, "Close", 0)(p.Close(b))
	fails(t, "RWF_NOSIGNAL on a broken stream", errno.EPIPE)(p.Pwritev2(a, buf, -1, RWF_NOSIGNAL))
	endsWith(t, "without it", Ended{Pid: p.Getpid(), Signal: SIGPIPE})(p.Pwritev2(a, buf, -1, 0))
}
