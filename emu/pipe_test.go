package emu

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// pipe makes a pipe.
func (p prog) pipe(flags int) (r, w int) {
	p.t.Helper()
	var fds [2]int
	says(p.t, "Pipe2", 0)(p.Pipe2(&fds, flags))
	return fds[0], fds[1]
}

// puts writes n bytes, and gets reads up to n.
func (p prog) puts(fd, n, want int, e errno.Errno) {
	p.t.Helper()
	has(p.t, "Write", want, e)(p.Write(fd, make([]byte, n)))
}

func (p prog) gets(fd, n, want int, e errno.Errno) {
	p.t.Helper()
	has(p.t, "Read", want, e)(p.Read(fd, make([]byte, n)))
}

// held is FIONREAD.
func (p prog) held(fd, want int) {
	p.t.Helper()
	gives(p.t, "FIONREAD", want)(p.IoctlGetInt(fd, FIONREAD))
}

func TestPipeErrorsInOrder(t *testing.T) {
	p := newProg(t, Config{MaxFiles: 4, SoftFiles: 3})
	says(t, "Pipe2(unknown flag)", errno.EINVAL)(p.Pipe2(nil, O_NOTIFICATION_PIPE|O_APPEND))
	says(t, "Pipe2(O_NOTIFICATION_PIPE)", errno.ENOPKG)(p.Pipe2(nil, O_NOTIFICATION_PIPE))
	says(t, "Pipe(nil)", errno.EFAULT)(p.Pipe(nil))
	r, w := p.pipe(O_CLOEXEC | O_NONBLOCK | O_DIRECT)
	equal(t, "F_GETFL of the reading end", p.getfl(r), O_RDONLY|O_NONBLOCK)
	equal(t, "F_GETFL of the writing end", p.getfl(w), O_WRONLY|O_NONBLOCK|O_DIRECT)
	equal(t, "F_GETFD", p.getfd(r)&p.getfd(w), FD_CLOEXEC)
	says(t, "Pipe2 with one number left", errno.EMFILE)(p.Pipe2(nil, 0))
	gives(t, "Dup", 2)(p.Dup(r))
	p.close(2)
	q := p.as(p.sys.NewProcess())
	q.pipe(0)
	says(t, "Pipe2 with no file left", errno.ENFILE)(q.Pipe2(nil, O_NOTIFICATION_PIPE))
}

func TestPipeIsFullOfBuffersNotOfBytes(t *testing.T) {
	p := newProg(t, Config{})
	r, w := p.pipe(O_NONBLOCK)
	for range pipeDefault {
		p.puts(w, 4095, 4095, 0)
	}
	p.puts(w, 2, 0, errno.EAGAIN)
	p.puts(w, 1, 1, 0) // the last buffer has room for it
	p.puts(w, 1, 0, errno.EAGAIN)
	p.gets(r, 4094, 4094, 0)
	p.puts(w, 1, 0, errno.EAGAIN) // a buffer is free when all of it has been read
	p.gets(r, 1, 1, 0)
	p.puts(w, 5000, 4096, 0)
	p.held(w, 14*4095+4096+4096)
}

func TestWriteOfAPageIsNotTorn(t *testing.T) {
	p := newProg(t, Config{})
	_, w := p.pipe(O_NONBLOCK)
	p.puts(w, 65536-4096, 65536-4096, 0)
	p.puts(w, 100, 100, 0)
	p.puts(w, 4096, 0, errno.EAGAIN)
	p.puts(w, 4097, 1, 0) // the odd byte joins the last buffer
	p.puts(w, 4096+3996, 0, errno.EAGAIN)
	p.puts(w, 3995, 3995, 0)
}

func TestPacketIsReadAtOnce(t *testing.T) {
	p := newProg(t, Config{})
	r, w := p.pipe(O_NONBLOCK | O_DIRECT)
	p.puts(w, 3, 3, 0)
	p.puts(w, 5000, 5000, 0)
	p.gets(r, 100, 3, 0)
	p.gets(r, 96, 96, 0) // and the rest of it is lost
	p.gets(r, 5000, 904, 0)
	p.gets(r, 1, 0, errno.EAGAIN)
	equal(t, "F_SETFL without O_DIRECT", p.fcntl(w, F_SETFL, O_NONBLOCK), 0)
	p.puts(w, 3, 3, 0)
	p.puts(w, 3, 3, 0)
	p.gets(r, 100, 6, 0)
}

func TestEndOfAPipe(t *testing.T) {
	p := newProg(t, Config{})
	handlers := 0
	act := SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) { handlers++ }}
	says(t, "Sigaction", 0)(p.Sigaction(SIGPIPE, &act, nil))
	r, w := p.pipe(0)
	p.puts(r, 1, 0, errno.EBADF)
	p.gets(w, 1, 0, errno.EBADF)
	equal(t, "revents of the reading end", bits(p.revents(r)), "")
	equal(t, "revents of the writing end", bits(p.revents(w)), "OUT wrnorm")
	p.puts(w, 3, 3, 0)
	p.close(w)
	equal(t, "revents", bits(p.revents(r)), "IN HUP rdnorm")
	p.gets(r, 9, 3, 0)
	equal(t, "revents", bits(p.revents(r)), "HUP")
	p.gets(r, 9, 0, 0)
	r2, w2 := p.pipe(0)
	p.close(r2)
	equal(t, "revents", bits(p.revents(w2)), "OUT ERR wrnorm")
	p.puts(w2, 0, 0, 0)
	p.puts(w2, 1, 0, errno.EPIPE)
	fails(t, "Pwritev2(RWF_NOSIGNAL)", errno.EPIPE)(p.Pwritev2(w2, [][]byte{{1}}, -1, RWF_NOSIGNAL))
	equal(t, "handlers of SIGPIPE", handlers, 1)
}

func TestBadMemoryLeavesThePipeAsItWas(t *testing.T) {
	p := newProg(t, Config{})
	r, w := p.pipe(O_NONBLOCK)
	fails(t, "Write of bad memory", errno.EFAULT)(p.Write(w, BadAddress(10)))
	gives(t, "Writev of a good page and a bad one", 4096)(p.Writev(w, [][]byte{make([]byte, 4096), BadAddress(4096)}))
	p.puts(w, 10, 10, 0)
	fails(t, "Writev that would join the last buffer", errno.EFAULT)(p.Writev(w, [][]byte{{1}, BadAddress(10)}))
	gives(t, "Readv with room for one buffer", 4096)(p.Readv(r, [][]byte{make([]byte, 4096), BadAddress(10)}))
	fails(t, "Read into bad memory", errno.EFAULT)(p.Read(r, BadAddress(10)))
	p.gets(r, 100, 10, 0)
}

func TestPipeSize(t *testing.T) {
	p := newProg(t, Config{UID: 1000})
	r, w := p.pipe(O_NONBLOCK)
	for _, x := range []struct {
		arg  int64
		want int
		err  errno.Errno
	}{{0, 4096, 0}, {4097, 8192, 0}, {1 << 20, 1 << 20, 0}, {1<<20 + 1, 0, errno.EPERM}, {1 << 31, 0, errno.EPERM},
		{1<<31 + 1, 0, errno.EINVAL}, {-1, 0, errno.EINVAL}, {65536, 65536, 0}} {
		has(t, "F_SETPIPE_SZ", x.want, x.err)(p.Fcntl(r, F_SETPIPE_SZ, int(int32(x.arg))))
	}
	p.puts(w, 3*4096, 3*4096, 0)
	fails(t, "F_SETPIPE_SZ 2 pages", errno.EBUSY)(p.Fcntl(w, F_SETPIPE_SZ, 8192))
	equal(t, "F_GETPIPE_SZ", p.fcntl(w, F_GETPIPE_SZ, 0), 65536)
	root := newProg(t, Config{})
	r, _ = root.pipe(0)
	gives(t, "F_SETPIPE_SZ of user 0", 1<<28)(root.Fcntl(r, F_SETPIPE_SZ, 1<<28))
	fails(t, "F_SETPIPE_SZ of user 0", errno.ENOMEM)(root.Fcntl(r, F_SETPIPE_SZ, 1<<29))
	a, _ := p.pair(SOCK_STREAM)
	fails(t, "F_GETPIPE_SZ of a socket", errno.EBADF)(p.Fcntl(a, F_GETPIPE_SZ, 0))
}

func TestUserWithTooManyPipesGetsSmallOnes(t *testing.T) {
	p := newProg(t, Config{UID: 1000, SoftFiles: 4096})
	for range pipeUserSoft / pipeDefault {
		p.pipe(0)
	}
	r, w := p.pipe(0)
	equal(t, "F_GETPIPE_SZ of one more", p.fcntl(r, F_GETPIPE_SZ, 0), 8192)
	fails(t, "F_SETPIPE_SZ of it", errno.EPERM)(p.Fcntl(r, F_SETPIPE_SZ, 16384))
	gives(t, "F_SETPIPE_SZ of it to less", 4096)(p.Fcntl(r, F_SETPIPE_SZ, 4096))
	p.close(0, 1, r, w)
	r, _ = p.pipe(0)
	equal(t, "F_GETPIPE_SZ with one closed", p.fcntl(r, F_GETPIPE_SZ, 0), 65536)
}

func TestBothEndsAreOneFile(t *testing.T) {
	p := newProg(t, Config{UID: 7, GID: 8})
	r, w := p.pipe(0)
	var a, b Stat
	says(t, "Fstat", 0)(p.Fstat(r, &a))
	says(t, "Fstat", 0)(p.Fstat(w, &b))
	equal(t, "Fstat of the two ends", a, b)
	equal(t, "Mode", a.Mode, S_IFIFO|0o600)
	equal(t, "Uid", a.Uid, 7)
	for _, d := range p.ListDescriptors() {
		equal(t, "Link", strings.HasPrefix(d.Link, "pipe:["), true)
	}
}

func TestPipeWakesOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		r, w := p.pipe(0)
		x, _ := p.as(p.Thread()).flyRead(r, 2)
		y, _ := p.as(p.Thread()).flyRead(r, 2)
		z, _ := p.as(p.Thread()).flyRead(r, 2)
		p.puts(w, 1, 1, 0)
		x.lands(t, 1, 0)
		y.sleeps(t)
		p.puts(w, 4, 4, 0) // who has been woken and leaves something wakes the next
		y.lands(t, 2, 0)
		z.lands(t, 2, 0)
		last, _ := p.as(p.Thread()).flyRead(r, 2)
		p.close(w)
		last.lands(t, 0, 0)
	})
}

func TestBlockedWriteGoesOnPageByPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		signals := 0
		says(t, "Sigaction", 0)(p.Sigaction(SIGPIPE, &SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) { signals++ }}, nil))
		r, w := p.pipe(0)
		f := p.as(p.Thread()).flyWrite(w, 70000)
		f.sleeps(t)
		p.gets(r, 4095, 4095, 0)
		f.sleeps(t)
		p.gets(r, 1, 1, 0)
		f.sleeps(t)
		p.gets(r, 4096, 4096, 0)
		f.lands(t, 70000, 0)
		f = p.as(p.Thread()).flyWrite(w, 20000)
		f.sleeps(t)
		p.close(r)
		f.lands(t, 20000%4096, 0) // what joined the last buffer
		equal(t, "SIGPIPE all the same", signals, 1)
	})
}

func TestSignalEndsABlockedWriteWithWhatHasGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, flags := range []uint{0, SA_RESTART} {
			p := newProg(t, Config{})
			handle := SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) {}, Flags: flags}
			says(t, "Sigaction", 0)(p.Sigaction(SIGUSR1, &handle, nil))
			r, w := p.pipe(0)
			thread := p.as(p.Thread())
			f := thread.flyWrite(w, 70000)
			says(t, "Tgkill", 0)(p.Tgkill(p.Getpid(), thread.Gettid(), SIGUSR1))
			f.lands(t, 65536, 0)
			f = thread.flyWrite(w, 1)
			says(t, "Tgkill", 0)(p.Tgkill(p.Getpid(), thread.Gettid(), SIGUSR1))
			if flags == 0 {
				f.lands(t, -1, errno.EINTR)
				continue
			}
			f.sleeps(t)
			p.gets(r, 65536, 65536, 0)
			f.lands(t, 1, 0)
		}
	})
}

func TestEdgesOfAPipe(t *testing.T) {
	p := newProg(t, Config{})
	r, w := p.pipe(O_NONBLOCK)
	ep, _ := p.EpollCreate1(0)
	for _, fd := range []int{r, w} {
		says(t, "EpollCtl", 0)(p.EpollCtl(ep, EPOLL_CTL_ADD, fd, &EpollEvent{Events: POLLIN | POLLOUT | EPOLLET, Data: uint64(fd)}))
	}
	edges := func(when string, want ...int) {
		t.Helper()
		events := make([]EpollEvent, 8)
		n, _ := p.EpollWait(ep, events, 0)
		var got []int
		for _, e := range events[:n] {
			got = append(got, int(e.Data))
		}
		equal(t, "edges after "+when, len(got), len(want))
		for i := range min(len(got), len(want)) {
			equal(t, "edge after "+when, got[i], want[i])
		}
	}
	edges("the registration", w)
	p.puts(w, 4096, 4096, 0)
	edges("a write", r)
	p.puts(w, 4096, 4096, 0)
	edges("another write", r)
	p.gets(r, 4096, 4096, 0)
	edges("a read of a pipe that was not full")
	p.puts(w, 65536, 15*4096, 0)
	edges("a write that fills it", r)
	p.puts(w, 1, 0, errno.EAGAIN)
	edges("a write that fails", r)
	p.gets(r, 1, 1, 0)
	edges("a read that frees no buffer")
	p.gets(r, 4095, 4095, 0)
	edges("a read that frees one", w)
	p.close(r)
	edges("the close of the reading end", w)
}

func TestAsynchronousPipeSignals(t *testing.T) {
	p := newProg(t, Config{})
	n := 0
	says(t, "Sigaction", 0)(p.Sigaction(SIGIO, &SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) { n++ }}, nil))
	r, w := p.pipe(O_NONBLOCK)
	count := func(when string, want int) {
		t.Helper()
		equal(t, "SIGIO after "+when, n, want)
		n = 0
	}
	for _, fd := range []int{r, w} {
		p.fcntl(fd, F_SETOWN, p.Getpid())
	}
	p.fcntl(r, F_SETFL, O_NONBLOCK|O_ASYNC)
	p.puts(w, 1, 1, 0)
	count("a write", 1)
	p.puts(w, 0, 0, 0)
	count("a write of nothing", 0)
	p.gets(r, 1, 1, 0)
	count("a read", 0)
	p.fcntl(w, F_SETFL, O_NONBLOCK|O_ASYNC)
	p.gets(r, 1, 0, errno.EAGAIN)
	count("a read that fails", 1)
	p.close(w)
	count("the close of the writing end", 1)
}

func TestPipeTravelsInAMessage(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	r, w := p.pipe(O_NONBLOCK)
	gives(t, "Sendmsg", 1)(p.Sendmsg(a, &Msghdr{Iov: [][]byte{{1}}, Control: Rights(r, w)}, 0))
	p.close(r, w)
	m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 32)}
	gives(t, "Recvmsg", 1)(p.Recvmsg(b, &m, 0))
	msg := []byte("through")
	gives(t, "Write", len(msg))(p.Write(w, msg))
	got := make([]byte, 20)
	gives(t, "Read", len(msg))(p.Read(r, got))
	equal(t, "what was read", bytes.Equal(got[:len(msg)], msg), true)
}
