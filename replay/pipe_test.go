package replay

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

func TestRecordedPipesAreRun(t *testing.T) {
	r := equals(t, `
		pipe2([3, 4], O_CLOEXEC) = 0
		pipe([5, 6]) = 0
		pipe2(0x7ffe, O_NONBLOCK) = -1 EFAULT (Bad address)
		pipe2([7, 8], 0x80000000 /* O_??? */) = -1 EINVAL (Invalid argument)
		fcntl(4, F_GETFL) = 0x1 (flags O_WRONLY)
		fcntl(4, F_SETPIPE_SZ, 4096) = 4096
		write(4, "hello", 5) = 5
		ioctl(3, FIONREAD, [5]) = 0
		tee(3, 6, 2, SPLICE_F_NONBLOCK) = 2
		splice(3, NULL, 6, NULL, 100, 0) = 5
		splice(3, [0], 6, NULL, 1, 0) = -1 ESPIPE (Illegal seek)
		read(5, "hehello", 100) = 7
		socketpair(AF_UNIX, SOCK_STREAM, 0, [7, 8]) = 0
		write(4, "abc", 3) = 3
		splice(3, NULL, 7, NULL, 2, SPLICE_F_MOVE|SPLICE_F_MORE) = 2
		ioctl(7, SIOCOUTQ, [770]) = 0
		sendfile(6, 8, NULL, 10) = 2
		sendfile(8, 3, NULL, 10) = -1 EINVAL (Invalid argument)
		poll([{fd=3, events=POLLIN}, {fd=5, events=POLLIN}], 2, 0) = 2 ([{fd=3, revents=POLLIN}, {fd=5, revents=POLLIN}])
		close(4) = 0
		read(3, "c", 5) = 1
		read(3, "", 5) = 0
		`)
	require.Equal(t, 22, r.Totals.Compared)
	require.Equal(t, 4, r.Pairs.Compared, "socketpair, splice, SIOCOUTQ, sendfile, sendfile")
}

func TestWhatMovesUnknownBytesIsNotRun(t *testing.T) {
	r := equals(t, `
		pipe([3, 4]) = 0
		openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 5
		splice(5, [0 => 7], 4, NULL, 7, 0) = 7
		ioctl(3, FIONREAD, [7]) = 0
		read(3, "root:x:", 10) = 7
		vmsplice(4, [{iov_base="abc", iov_len=3}], 1, 0) = 3
		pipe([6, 7]) = 0
		write(7, "abcd", 4) = 4
		splice(6, NULL, 5, NULL, 3, 0) = 3
		read(6, "d", 10) = 1
		`)
	require.Equal(t, 3, r.Totals.Reasons[Splice])
}

func TestPrintedPipesComeOutAsPrinted(t *testing.T) {
	log := recorded(t, emu.Config{}, func(p *emu.Process) {
		var a, b [2]int
		_ = p.Pipe(&a)
		_ = p.Pipe2(&b, emu.O_CLOEXEC|emu.O_NONBLOCK)
		_ = p.Pipe2(nil, 0)
		_, _ = p.Write(a[1], []byte("bytes"))
		_, _ = p.Tee(a[0], b[1], 3, emu.SPLICE_F_NONBLOCK)
		_, _ = p.Splice(a[0], nil, b[1], nil, 9, emu.SPLICE_F_MORE)
		_, _ = p.Splice(a[0], new(int64), b[1], nil, 9, 0)
		_, _ = p.Sendfile(b[1], a[0], new(int64), 9)
		_, _ = p.Fcntl(a[0], emu.F_GETPIPE_SZ, 0)
		_, _ = p.Fcntl(a[0], emu.F_SETPIPE_SZ, 8192)
		_, _ = p.Read(b[0], make([]byte, 20))
	})
	again(t, log)
	for _, line := range []string{`pipe([3, 4])`, `pipe2([5, 6], O_NONBLOCK|O_CLOEXEC)`, `tee(3, 6, 3, SPLICE_F_NONBLOCK)`,
		`splice(3, NULL, 6, NULL, 9, SPLICE_F_MORE)`, `splice(3, [0], 6, NULL, 9, 0)`, `fcntl(3, F_GETPIPE_SZ)`, `read(5, "bytbytes", 20)`} {
		require.Contains(t, log, line)
	}
}

func TestAPipeOpenedByTheNameOfADescriptorIsThePipe(t *testing.T) {
	equals(t, `
		7 pipe([3, 63]) = 0
		7 openat(AT_FDCWD, "/dev/fd/63", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666) = 4
		7 write(4, "abc", 3) = 3
		7 close(63) = 0
		7 fcntl(4, F_GETFD) = 0x1 (flags FD_CLOEXEC)
		7 open("/proc/self/fd/3", O_RDONLY) = 5
		7 read(5, "ab", 2) = 2
		7 close(4) = 0
		7 read(3, "c", 2) = 1
		7 read(5, "", 2) = 0
		`)
}

func TestAPipeOpenedInAnotherWayIsUncertain(t *testing.T) {
	for _, line := range []string{
		`openat(AT_FDCWD, "/dev/fd/4", O_RDONLY) = 5`,
		`openat(AT_FDCWD, "/dev/fd/4", O_WRONLY|O_NONBLOCK) = 5`,
	} {
		r := play(t, "pipe([3, 4]) = 0\n"+line+"\nclose(4) = 0\nread(3, \"from 5\", 9) = 6\n")
		require.Equal(t, []Verdict{Equal, Skipped, Equal, Tainted}, verdicts(r), line)
	}
	r := play(t, `
		pipe([3, 4]) = 0
		openat(AT_FDCWD, "/dev/fd/3", O_RDONLY) = 5
		fcntl(5, F_SETFL, O_RDONLY|O_NONBLOCK) = 0
		read(5, 0x7ffe, 9) = -1 EAGAIN (Resource temporarily unavailable)
		`)
	require.Equal(t, []Verdict{Equal, Skipped, Skipped, Tainted}, verdicts(r))
}
