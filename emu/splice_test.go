package emu

import (
	"sync"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// splices and copies are Splice and Tee that succeed, or fail.
func (p prog) splices(in, out, n, flags, want int, e errno.Errno) {
	p.t.Helper()
	has(p.t, "Splice", want, e)(p.Splice(in, nil, out, nil, n, flags))
}

func (p prog) copies(in, out, n, want int, e errno.Errno) {
	p.t.Helper()
	has(p.t, "Tee", want, e)(p.Tee(in, out, n, 0))
}

func TestSpliceErrorsInOrder(t *testing.T) {
	p := newProg(t, Config{})
	says(t, "Sigaction", 0)(p.Sigaction(SIGPIPE, &SigAction{Disposition: SIG_IGN}, nil))
	r, w := p.pipe(O_NONBLOCK)
	a, b := p.pair(SOCK_STREAM | SOCK_NONBLOCK)
	counter, _ := p.Eventfd(1, 0)
	off := new(int64)
	p.splices(-1, -1, 0, 99, 0, 0)
	p.splices(-1, -1, 1, 99, 0, errno.EINVAL)
	p.splices(-1, r, 1, 0, 0, errno.EBADF)
	p.splices(r, -1, 1, 0, 0, errno.EBADF)
	fails(t, "Splice with an offset of a pipe that is not open for that", errno.ESPIPE)(p.Splice(w, off, r, nil, 1, 0))
	p.splices(w, a, 1, 0, 0, errno.EBADF)
	p.splices(r, w, 1, 0, 0, errno.EINVAL)
	p.splices(a, b, 1, 0, 0, errno.EINVAL)
	p.splices(r, counter, 1, 0, 0, errno.EINVAL)
	p.splices(counter, w, 1, 0, 0, errno.EINVAL)
	says(t, "Foreign", 0)(p.Foreign(20, "file"))
	p.splices(r, 20, 1, 0, 0, errno.EINVAL)
	p.splices(20, w, 1, 0, 0, errno.EINVAL)
	fails(t, "Sendfile from a foreign file", errno.EINVAL)(p.Sendfile(a, 20, nil, 1))
	p.splices(r, a, -1, 0, 0, errno.EINVAL)
	fails(t, "Splice with an offset of a socket", errno.EINVAL)(p.Splice(r, nil, a, off, 1, 0))
	p.splices(r, a, 1, 0, 0, errno.EAGAIN)
	p.splices(a, w, 1, 0, 0, errno.EAGAIN)
	fails(t, "Tee with unknown flags", errno.EINVAL)(p.Tee(-1, -1, 0, 99))
	p.copies(-1, -1, 0, 0, 0)
	p.copies(w, a, 1, 0, errno.EBADF)
	p.copies(r, w, 1, 0, errno.EINVAL)
	p.copies(a, w, 1, 0, errno.EINVAL)
	fails(t, "Sendfile between sockets", errno.EINVAL)(p.Sendfile(a, b, nil, 0))
	fails(t, "Sendfile with an offset", errno.ESPIPE)(p.Sendfile(-1, a, off, 1))
	fails(t, "Sendfile from a pipe", errno.EINVAL)(p.Sendfile(w, r, nil, 1))
	gives(t, "Sendfile of nothing", 0)(p.Sendfile(w, r, nil, 0))
	p.send(b, "abc")
	gives(t, "Sendfile to a pipe", 3)(p.Sendfile(w, a, nil, 9))
	p.held(r, 3)
	fails(t, "Preadv2(RWF_NOWAIT) after a splice", errno.EOPNOTSUPP)(p.Preadv2(r, [][]byte{make([]byte, 1)}, -1, RWF_NOWAIT))
	p.close(r)
	p.splices(a, w, 1, 0, 0, errno.EPIPE)
}

func TestSpliceMovesBuffers(t *testing.T) {
	p := newProg(t, Config{})
	r, w := p.pipe(O_NONBLOCK)
	r2, w2 := p.pipe(O_NONBLOCK)
	p.puts(w, 10, 10, 0)
	p.splices(r, w2, 4, 0, 4, 0)
	p.puts(w2, 1, 1, 0) // no write joins a part that was moved
	p.splices(r, w2, 100, 0, 6, 0)
	p.puts(w2, 1, 1, 0) // but one that was moved whole
	p.held(r2, 12)
	for range pipeDefault - 3 {
		p.puts(w2, 4096, 4096, 0)
	}
	p.puts(w2, 1, 0, errno.EAGAIN) // three buffers are small
	p.copies(r2, w, 1<<20, 12+13*4096, 0)
	p.copies(r2, w, 1<<20, 0, errno.EAGAIN)
	p.close(w2)
	p.gets(r2, 12, 12, 0)
	p.gets(r, 12, 12, 0)
}

func TestSpliceIntoAStreamIsChargedByTheByte(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ | SOCK_NONBLOCK)
		r, w := p.pipe(O_NONBLOCK | O_DIRECT)
		p.puts(w, 5, 5, 0)
		p.puts(w, 5000, 5000, 0)
		p.splices(r, a, 3, 0, 3, 0)
		p.splices(r, a, 100000, 0, 5002, 0)
		want := 768 + 3 + 768 + 5002
		if typ != SOCK_STREAM {
			want = Linux().Charging.Message(3) + Linux().Charging.Message(5002)
		}
		equal(t, "SIOCOUTQ", p.charged(a), want)
		p.splices(b, w, 100000, 0, map[int]int{SOCK_STREAM: 5005, SOCK_DGRAM: 3, SOCK_SEQPACKET: 3}[typ], 0)
	}, allTypes...)
}

func TestSpliceKeepsThePagesOfAStream(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM | SOCK_NONBLOCK)
	r, w := p.pipe(O_NONBLOCK | O_DIRECT)
	for range 3 {
		p.puts(w, 5, 5, 0)
	}
	p.splices(r, a, 100, 0, 15, 0)
	equal(t, "F_SETPIPE_SZ", p.fcntl(r, F_SETPIPE_SZ, 8192), 8192)
	p.splices(b, w, 100, 0, 10, 0) // as many buffers as there is room for
	p.splices(b, w, 100, 0, 0, errno.EAGAIN)
	p.gets(r, 5, 5, 0)
	p.splices(b, w, 100, 0, 5, 0)
}

// As seen in a divergence: Linux would make two buffers of one of them.
func TestBeginningOfASegmentTakesOneBuffer(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM | SOCK_NONBLOCK)
	r, w := p.pipe(O_NONBLOCK)
	for range pipeDefault {
		p.send(a, string(make([]byte, 3776)))
	}
	p.splices(b, w, pipeDefault*3776, 0, pipeDefault*3776, 0)
	p.held(r, pipeDefault*3776)
}

func TestSpliceCutsADatagram(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_DGRAM | SOCK_NONBLOCK)
	r, w := p.pipe(O_NONBLOCK)
	equal(t, "F_SETPIPE_SZ", p.fcntl(r, F_SETPIPE_SZ, 4096), 4096)
	p.send(a, string(make([]byte, 5000)))
	p.send(a, "")
	p.splices(b, w, 1<<20, 0, 4096, 0)
	p.splices(b, w, 1<<20, 0, 0, errno.EAGAIN) // the pipe is full
	p.gets(r, 5000, 4096, 0)
	p.splices(b, w, 1<<20, 0, 0, 0)
	p.splices(b, w, 1<<20, 0, 0, errno.EAGAIN)
}

func TestSpliceDropsDescriptors(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM | SOCK_NONBLOCK)
	x, y := p.pair(SOCK_STREAM)
	r, w := p.pipe(O_NONBLOCK)
	gives(t, "Sendmsg", 2)(p.Sendmsg(a, &Msghdr{Iov: [][]byte{{1, 2}}, Control: Rights(x)}, 0))
	p.send(a, "more")
	p.close(x)
	p.splices(b, w, 100, 0, 2, 0) // a receive stops behind descriptors
	p.eof(y)
	p.splices(b, w, 100, 0, 4, 0)
	p.held(r, 6)
}

func TestSpliceThatWaitsForASocketKeepsThePipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		handle := SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) {}}
		says(t, "Sigaction", 0)(p.Sigaction(SIGUSR1, &handle, nil))
		a, b := p.pair(SOCK_STREAM)
		r, w := p.pipe(0)
		thread := p.as(p.Thread())
		f := fly("Splice", func() (int, error) { return thread.Splice(a, nil, w, nil, 100, 0) })
		f.sleeps(t)
		equal(t, "revents", bits(p.revents(w)), "OUT wrnorm")
		other := p.as(p.Thread())
		blocked := other.flyWrite(w, 3)
		blocked.sleeps(t) // though there is room
		says(t, "Tgkill", 0)(p.Tgkill(p.Getpid(), other.Gettid(), SIGUSR1))
		blocked.sleeps(t)
		p.send(b, "hello")
		f.lands(t, 5, 0)
		blocked.lands(t, 3, 0)
		p.held(r, 8)

		f = fly("Splice", func() (int, error) { return thread.Splice(a, nil, w, nil, 100, 0) })
		f.sleeps(t)
		p.close(r) // takes effect when the pipe is given back
		p.send(b, "x")
		f.lands(t, 1, 0)
		equal(t, "revents", bits(p.revents(w)), "OUT ERR wrnorm")
	})
}

func TestSpliceWaitsAndIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		handle := SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) {}}
		says(t, "Sigaction", 0)(p.Sigaction(SIGUSR1, &handle, nil))
		r, w := p.pipe(0)
		r2, w2 := p.pipe(0)
		thread := p.as(p.Thread())
		f := fly("Splice", func() (int, error) { return thread.Splice(r, nil, w2, nil, 100, 0) })
		f.sleeps(t)
		p.puts(w, 3, 3, 0)
		f.lands(t, 3, 0)
		f = fly("Splice", func() (int, error) { return thread.Splice(r, nil, w2, nil, 100, 0) })
		f.sleeps(t)
		says(t, "Tgkill", 0)(p.Tgkill(p.Getpid(), thread.Gettid(), SIGUSR1))
		f.lands(t, -1, errno.EINTR)
		p.close(w)
		p.splices(r, w2, 1, 0, 0, 0)
		synctest.Wait()
		p.close(r2)
	})
}

// TestFlagsMayChangeDuringASplice: what splice, tee and sendfile ask of a
// description they ask under its lock.
func TestFlagsMayChangeDuringASplice(t *testing.T) {
	p := newProg(t, Config{})
	r, w := p.pipe(O_NONBLOCK)
	r2, w2 := p.pipe(O_NONBLOCK)
	a, _, err := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	says(t, "Pair", 0)(err)
	var others sync.WaitGroup
	for _, fd := range []int{r, w, r2, w2, a} {
		others.Go(func() {
			for range 100 {
				p.Fcntl(fd, F_SETFL, O_NONBLOCK|O_APPEND)
			}
		})
	}
	for range 100 {
		p.Splice(r, nil, w2, nil, 1, 0)
		p.Tee(r, w2, 1, 0)
		p.Sendfile(w2, a, nil, 1)
	}
	others.Wait()
	says(t, "Check", 0)(p.sys.Check())
}
