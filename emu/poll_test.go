package emu

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/errno"
)

// polled is the state of a socket in poll's bits, without the companions that
// come with IN and OUT and are checked here: rdnorm, wrnorm, wrband.
func (p prog) polled(fd int) string {
	p.t.Helper()
	got := p.revents(fd)
	if in := got&POLLIN != 0; in != (got&POLLRDNORM != 0) {
		p.t.Errorf("poll = %s, want POLLRDNORM with POLLIN", bits(got))
	}
	if out := got&POLLOUT != 0; out != (got&POLLWRNORM != 0) || out != (got&POLLWRBAND != 0) {
		p.t.Errorf("poll = %s, want POLLWRNORM and POLLWRBAND with POLLOUT", bits(got))
	}
	return bits(got &^ (POLLRDNORM | POLLWRNORM | POLLWRBAND))
}

// [K] What poll says of both ends, asked for everything; A's bits ; B's bits.
func TestPollStates(t *testing.T) {
	rows := []struct {
		state             string
		do                func(p prog, a, b int)
		stream, seqpacket string
		dgram             string // "" when as the others
	}{
		{"fresh", func(p prog, a, b int) {}, "OUT;OUT", "OUT;OUT", ""},
		{"B sent data", func(p prog, a, b int) { p.send(b, "x") }, "IN OUT;OUT", "IN OUT;OUT", ""},
		{"B sent an empty message", func(p prog, a, b int) { p.send(b, "") }, "OUT;OUT", "IN OUT;OUT", ""},
		{"B full", func(p prog, a, b int) { p.fill(b, 1000) }, "IN OUT;", "IN OUT;", ""},
		{"B full, 30 of 93 read", func(p prog, a, b int) { p.fill(b, 1000); p.drain(a, 30) }, "IN OUT;", "IN OUT;", ""},
		{"B full, 70 of 93 read", func(p prog, a, b int) { p.fill(b, 1000); p.drain(a, 70) }, "IN OUT;OUT", "IN OUT;OUT", ""},
		{"A SHUT_RD", func(p prog, a, b int) { p.shutdown(a, SHUT_RD) }, "IN OUT RDHUP;OUT", "IN OUT RDHUP;OUT", ""},
		{"A SHUT_WR", func(p prog, a, b int) { p.shutdown(a, SHUT_WR) }, "OUT;IN OUT RDHUP", "OUT;IN OUT RDHUP", "OUT;OUT"},
		{"A SHUT_RDWR", func(p prog, a, b int) { p.shutdown(a, SHUT_RDWR) },
			"IN OUT HUP RDHUP;IN OUT HUP RDHUP", "IN OUT HUP RDHUP;IN OUT HUP RDHUP", "IN OUT HUP RDHUP;OUT"},
		{"both SHUT_RD", func(p prog, a, b int) { p.shutdown(a, SHUT_RD); p.shutdown(b, SHUT_RD) },
			"IN OUT HUP RDHUP;IN OUT HUP RDHUP", "IN OUT HUP RDHUP;IN OUT HUP RDHUP", "IN OUT RDHUP;IN OUT RDHUP"},
		{"both SHUT_WR", func(p prog, a, b int) { p.shutdown(a, SHUT_WR); p.shutdown(b, SHUT_WR) },
			"IN OUT HUP RDHUP;IN OUT HUP RDHUP", "IN OUT HUP RDHUP;IN OUT HUP RDHUP", "OUT;OUT"},
		{"A SHUT_RD, then SHUT_WR", func(p prog, a, b int) { p.shutdown(a, SHUT_RD); p.shutdown(a, SHUT_WR) },
			"IN OUT HUP RDHUP;IN OUT HUP RDHUP", "IN OUT HUP RDHUP;IN OUT HUP RDHUP", "IN OUT HUP RDHUP;OUT"},
		{"B closed", func(p prog, a, b int) { p.close(b) }, "IN OUT HUP RDHUP;NVAL", "IN OUT HUP RDHUP;NVAL", "OUT;NVAL"},
		{"B sent data and closed", func(p prog, a, b int) { p.send(b, "x"); p.close(b) },
			"IN OUT HUP RDHUP;NVAL", "IN OUT HUP RDHUP;NVAL", "IN OUT;NVAL"},
		{"B closed, A's data unread", func(p prog, a, b int) { p.send(a, "x"); p.close(b) },
			"IN OUT ERR HUP RDHUP;NVAL", "IN OUT ERR HUP RDHUP;NVAL", "OUT;NVAL"},
		{"A full and B closed", func(p prog, a, b int) { p.fill(a, 1000); p.close(b) },
			"IN OUT ERR HUP RDHUP;NVAL", "IN OUT ERR HUP RDHUP;NVAL", "OUT;NVAL"},
		{"the same, then SO_ERROR", func(p prog, a, b int) { p.send(a, "x"); p.close(b); p.soError(a) },
			"IN OUT HUP RDHUP;NVAL", "IN OUT HUP RDHUP;NVAL", "OUT;NVAL"},
		{"B closed, then A's failed send", func(p prog, a, b int) { p.close(b); p.Send(a, nil, MSG_NOSIGNAL) },
			"IN OUT HUP RDHUP;NVAL", "IN OUT HUP RDHUP;NVAL", "OUT;NVAL"},
		{"A full, B SHUT_RD", func(p prog, a, b int) { p.fill(a, 1000); p.shutdown(b, SHUT_RD) },
			";IN OUT RDHUP", ";IN OUT RDHUP", ""},
		{"SO_RCVLOWAT 100 and 3 bytes", func(p prog, a, b int) { p.setInt(a, SO_RCVLOWAT, 100); p.send(b, "abc") },
			"IN OUT;OUT", "IN OUT;OUT", ""},
	}
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		for _, r := range rows {
			a, b := p.pair(typ)
			r.do(p, a, b)
			want := map[int]string{SOCK_STREAM: r.stream, SOCK_SEQPACKET: r.seqpacket, SOCK_DGRAM: r.dgram}[typ]
			if want == "" {
				want = r.seqpacket
			}
			got := p.polled(a) + ";" + p.polled(b)
			equal(t, "poll, "+r.state, got, want)
			silent := []PollFd{{Fd: a}, {Fd: b}}
			_, err := p.Poll(silent, 0)
			says(t, "Poll for no events", 0)(err)
			for i, side := range strings.Split(want, ";") {
				equal(t, "poll for no events, "+r.state, bits(silent[i].Revents), only4(side))
			}
			p.close(a)
			p.Close(b)
		}
	})
}

// only4 is what shows of a state to one that asks for no events.
func only4(state string) string {
	var shown []string
	for _, bit := range strings.Fields(state) {
		if bit == "ERR" || bit == "HUP" || bit == "NVAL" {
			shown = append(shown, bit)
		}
	}
	return strings.Join(shown, " ")
}

// POSIX has no POLLRDHUP, and POLLHUP and POLLOUT exclude each other.
func TestPosixPollStates(t *testing.T) {
	for _, r := range []struct {
		state string
		do    func(p prog, a, b int)
		conn  string // of a connection's ends
		dgram string
	}{
		{"fresh", func(p prog, a, b int) {}, "OUT;OUT", "OUT;OUT"},
		{"B sent data", func(p prog, a, b int) { p.send(b, "x") }, "IN OUT;OUT", "IN OUT;OUT"},
		{"B full", func(p prog, a, b int) { p.stuff(b) }, "IN OUT;", "IN OUT;"},
		{"A SHUT_RD", func(p prog, a, b int) { p.shutdown(a, SHUT_RD) }, "IN OUT;OUT", "IN OUT;OUT"},
		{"A SHUT_WR", func(p prog, a, b int) { p.shutdown(a, SHUT_WR) }, "OUT;IN OUT", "OUT;OUT"},
		{"A SHUT_RDWR", func(p prog, a, b int) { p.shutdown(a, SHUT_RDWR) }, "IN HUP;IN HUP", "IN HUP;OUT"},
		{"B closed", func(p prog, a, b int) { p.close(b) }, "IN HUP;NVAL", "OUT;NVAL"},
		{"B closed, A's data unread", func(p prog, a, b int) { p.send(a, "x"); p.close(b) }, "IN HUP;NVAL", "OUT;NVAL"},
	} {
		eachType(t, POSIX(), func(t *testing.T, p prog, typ int) {
			a, b := p.pair(typ)
			r.do(p, a, b)
			want := r.conn
			if typ == SOCK_DGRAM {
				want = r.dgram
			}
			equal(t, "poll, "+r.state, p.polled(a)+";"+p.polled(b), want)
		})
	}
}

// The entries of poll, one by one: who is counted and what for.
func TestPollCountsWhatIsReady(t *testing.T) {
	p := newProg(t, Config{SoftFiles: 20})
	a, b := p.pair(SOCK_STREAM)
	says(t, "Foreign", 0)(p.Foreign(7, "file"))
	p.send(a, "x")
	fds := []PollFd{
		{-1, -1, 99}, {-5, -1, 99}, {math.MinInt32, 0, 99}, // left out
		{60, 0, 99}, {2, POLLIN, 99}, // not open
		{7, -1, 99}, {7, POLLIN, 99}, {7, 0, 99}, // a file is always ready
		{b, POLLIN, 99}, {b, POLLIN | POLLOUT, 0}, {b, POLLPRI, 99}, {b, 0, 99}, // each is answered
		{a, POLLIN, 99}, {a, POLLOUT, 99},
	}
	gives(t, "Poll", 7)(p.Poll(fds, -1))
	want := "; ; ; NVAL; NVAL; IN OUT rdnorm wrnorm; IN; ; IN; IN OUT; ; ; ; OUT"
	var got []string
	for _, f := range fds {
		got = append(got, bits(f.Revents))
	}
	equal(t, "revents", strings.Join(got, "; "), want)
	gives(t, "Poll of nothing", 0)(p.Poll(nil, 0))
	fails(t, "Poll of more than RLIMIT_NOFILE", errno.EINVAL)(p.Poll(make([]PollFd, 21), 0))
	fails(t, "Ppoll of more than RLIMIT_NOFILE", errno.EINVAL)(p.Ppoll(make([]PollFd, 21), nil, nil))
	past := -time.Nanosecond
	fails(t, "Ppoll with a negative time-out", errno.EINVAL)(p.Ppoll(make([]PollFd, 21), &past, nil))
}

// A poll sleeps until one of its entries is ready, or the time is over.
func TestPollWaitsForItsEvents(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		c, d := p.pair(typ)
		fds := []PollFd{{Fd: -1}, {Fd: b, Events: POLLIN}, {Fd: d, Events: POLLIN}, {Fd: b, Events: POLLIN}}
		start := time.Now()
		gives(t, "Poll", 0)(p.Poll(fds, 250))
		equal(t, "Poll took", time.Since(start), 250*time.Millisecond)
		limit := 3 * time.Microsecond
		gives(t, "Ppoll", 0)(p.Ppoll(fds, &limit, nil))
		equal(t, "Poll and Ppoll took", time.Since(start), 250*time.Millisecond+limit)

		f := fly("Poll", func() (int, error) { return p.Poll(fds, math.MinInt32) }) // for ever
		p.send(d, "not of interest")
		f.sleeps(t)
		sound(t, "with a poll asleep", p.sys)
		p.send(a, "x")
		f.lands(t, 2, 0)
		equal(t, "revents", bits(fds[1].Revents)+";"+bits(fds[2].Revents)+";"+bits(fds[3].Revents), "IN;;IN")
		p.recv(b, "x")

		f = fly("Ppoll", func() (int, error) { return p.Ppoll(fds, nil, nil) })
		f.sleeps(t)
		p.send(c, "x")
		f.lands(t, 1, 0)
	})
}

// A poll for POLLOUT wakes when the buffer is writable, not before.
func TestPollWaitsForRoom(t *testing.T) {
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.fill(a, 1000)
		f := fly("Poll", func() (int, error) { return p.Poll([]PollFd{{Fd: a, Events: POLLOUT}}, -1) })
		p.drain(b, 69)
		f.sleeps(t)
		p.drain(b, 1)
		f.lands(t, 1, 0)
	})
}

// What ends a connection wakes a poll that asked for nothing; what does not,
// does not [K].
func TestPollForNothingWaitsForTheEnd(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		f := fly("Poll", func() (int, error) { return p.Poll([]PollFd{{Fd: a}}, -1) })
		p.send(b, "x")
		f.sleeps(t)
		p.shutdown(b, SHUT_WR)
		f.sleeps(t)
		p.close(b)
		if typ == SOCK_DGRAM {
			f.sleeps(t)
			p.shutdown(a, SHUT_RDWR)
		}
		f.lands(t, 1, 0)
	})
}

// A descriptor that is closed while a poll sleeps on it goes on being watched.
func TestPollKeepsWhatItWatches(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		fds := []PollFd{{Fd: b, Events: POLLIN}}
		f := fly("Poll", func() (int, error) { return p.Poll(fds, -1) })
		p.close(b)
		f.sleeps(t)
		p.send(a, "x")
		f.lands(t, 1, 0)
		equal(t, "revents", bits(fds[0].Revents), "IN")
		equal(t, "open files", p.sys.Files(), 1)
	})
}

// A signal ends a poll with EINTR, SA_RESTART or not, also one of nothing [K].
func TestSignalEndsAPoll(t *testing.T) {
	for _, flags := range []uint{0, SA_RESTART} {
		inBubble(t, func(t *testing.T, p prog, typ int) {
			ran := p.handle(SIGUSR1, flags)
			_, b := p.pair(typ)
			other := p.sys.NewProcess()
			hour := time.Hour
			for i, poll := range []func() (int, error){
				func() (int, error) { return p.Poll(nil, -1) },
				func() (int, error) { return p.Poll([]PollFd{{Fd: b, Events: POLLIN}}, -1) },
				func() (int, error) { return p.Poll([]PollFd{{Fd: b, Events: POLLIN}}, 5000) },
				func() (int, error) { return p.Ppoll([]PollFd{{Fd: b, Events: POLLIN}}, &hour, nil) },
			} {
				f := fly(fmt.Sprintf("poll %d", i), poll)
				f.sleeps(t)
				says(t, "Kill", 0)(other.Kill(p.Getpid(), SIGURG)) // ignored by default: wakes nobody
				f.sleeps(t)
				says(t, "Kill", 0)(other.Kill(p.Getpid(), SIGUSR1))
				f.lands(t, -1, errno.EINTR)
				equal(t, "handlers run", ran.Load(), int64(i+1))
			}
		}, SOCK_STREAM)
	}
}

// [K] The mask of ppoll is in force while it looks and waits: a pending signal
// that it lets in ends it, unless something is ready, in which case the signal
// stays pending.
func TestPpollsMaskIsInForceWhileItWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		ran := p.handle(SIGUSR1, SA_RESTART)
		blocked, none := Sigs(SIGUSR1), Sigset(0)
		says(t, "Sigprocmask", 0)(p.Sigprocmask(SIG_BLOCK, &blocked, nil))
		a, b := p.pair(typ)
		fds := []PollFd{{Fd: b, Events: POLLIN}}
		zero, hour := time.Duration(0), time.Hour
		raise := func() { says(t, "Kill", 0)(p.Kill(p.Getpid(), SIGUSR1)) }

		raise()
		equal(t, "handlers run while masked", ran.Load(), 0)
		gives(t, "Ppoll without a mask", 0)(p.Ppoll(fds, &zero, nil))
		fails(t, "Ppoll that lets the signal in", errno.EINTR)(p.Ppoll(fds, &zero, &none))
		equal(t, "handlers run", ran.Load(), 1)
		gives(t, "Ppoll with nothing pending", 0)(p.Ppoll(fds, &zero, &none))

		raise()
		fails(t, "Ppoll for an hour", errno.EINTR)(p.Ppoll(fds, &hour, &none))
		equal(t, "handlers run", ran.Load(), 2)

		raise()
		p.send(a, "x")
		gives(t, "Ppoll with something ready", 1)(p.Ppoll(fds, &hour, &none))
		equal(t, "handlers run", ran.Load(), 2)
		p.recv(b, "x")
		fails(t, "Ppoll with nothing ready", errno.EINTR)(p.Ppoll(fds, nil, &none))
		equal(t, "handlers run", ran.Load(), 3)

		f := fly("Ppoll asleep", func() (int, error) { return p.Ppoll(fds, nil, &none) })
		f.sleeps(t)
		says(t, "Kill", 0)(p.sys.NewProcess().Kill(p.Getpid(), SIGUSR1))
		f.lands(t, -1, errno.EINTR)
		equal(t, "handlers run", ran.Load(), 4)
		var now Sigset
		says(t, "Sigprocmask", 0)(p.Sigprocmask(SIG_BLOCK, nil, &now))
		equal(t, "mask after Ppoll", now, blocked)

		f = fly("Ppoll that masks all", func() (int, error) {
			everySignal := ^Sigset(0)
			return p.Ppoll(fds, nil, &everySignal)
		})
		says(t, "Kill", 0)(p.sys.NewProcess().Kill(p.Getpid(), SIGUSR1))
		f.sleeps(t)
		p.send(a, "x")
		f.lands(t, 1, 0)
	}, SOCK_DGRAM)
}

// The end of the process ends its poll.
func TestPollOfAnEndedProcess(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		_, b := p.pair(typ)
		f := fly("Poll", func() (int, error) { return p.Poll([]PollFd{{Fd: b, Events: POLLIN}}, -1) })
		says(t, "Kill", 0)(p.sys.NewProcess().Kill(p.Getpid(), SIGKILL))
		synctest.Wait()
		endsWith(t, "Poll", Ended{Pid: p.Getpid(), Signal: SIGKILL})(f.n, f.err)
		endsWith(t, "Poll again", Ended{Pid: p.Getpid(), Signal: SIGKILL})(p.Poll(nil, 0))
		equal(t, "open files", p.sys.Files(), 0)
	}, SOCK_STREAM)
}

// Many polls and readers on the two ends of many pairs at once.
func TestPollersAreAllWoken(t *testing.T) {
	p := newProg(t, Config{})
	const n = 6
	var as, bs [n]int
	var fds []PollFd
	for i := range n {
		as[i], bs[i] = p.pair(allTypes[i%3])
		fds = append(fds, PollFd{Fd: bs[i], Events: POLLIN})
	}
	var everyone sync.WaitGroup
	for range n {
		everyone.Go(func() {
			mine := append([]PollFd(nil), fds...)
			ready := 0
			for ready < n {
				var err error
				if ready, err = p.Poll(mine, -1); err != nil {
					t.Errorf("Poll = %v, want nil", err)
					return
				}
			}
		})
	}
	for i := range n {
		everyone.Go(func() { p.send(as[i], "x") })
	}
	everyone.Wait()
}
