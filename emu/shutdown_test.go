package emu

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

func TestShutdownChecksItsArgument(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for _, how := range []int{-1, 3, math.MaxInt32, math.MinInt32} {
			says(t, fmt.Sprintf("Shutdown(%d)", how), errno.EINVAL)(p.Shutdown(a, how))
		}
		p.send(a, "unharmed")
		p.recv(b, "unharmed")
	})
}

// What each end can do after a shutdown of one: a receive of the empty queue,
// and a send. Data that is queued stays readable. [K, 4.6]
func TestShutdownClosesDirections(t *testing.T) {
	const ok, again, pipe = errno.Errno(0), errno.EAGAIN, errno.EPIPE
	type able struct{ recv, send errno.Errno } // recv 0: end of file
	rows := []struct {
		how          int
		local, other able
	}{
		{SHUT_RD, able{ok, ok}, able{again, pipe}},
		{SHUT_WR, able{again, pipe}, able{ok, ok}},
		{SHUT_RDWR, able{ok, pipe}, able{ok, pipe}},
	}
	everywhere(t, func(t *testing.T, p prog, typ int) {
		for _, r := range rows {
			a, b := p.pair(typ)
			p.send(b, "queued before")
			p.send(a, "queued before")
			p.shutdown(a, r.how)
			p.shutdown(a, r.how) // again: no change
			p.recv(a, "queued before")
			p.recv(b, "queued before")
			local, other := r.local, r.other
			if typ == SOCK_DGRAM { // the other end is not told; it finds out when it sends
				other.recv = again
				if r.how == SHUT_WR {
					other.send = ok
				}
				if local.recv == ok && p.linux() {
					local.recv = again
				}
			}
			expr := fmt.Sprintf("after Shutdown(%d): ", r.how)
			has(t, expr+"own receive", 0, local.recv)(p.Recv(a, make([]byte, 9), MSG_DONTWAIT))
			has(t, expr+"other's receive", 0, other.recv)(p.Recv(b, make([]byte, 9), MSG_DONTWAIT))
			has(t, expr+"own send", 1, local.send)(p.Send(a, []byte("x"), MSG_DONTWAIT|MSG_NOSIGNAL))
			has(t, expr+"other's send", 1, other.send)(p.Send(b, []byte("x"), MSG_DONTWAIT|MSG_NOSIGNAL))
			p.close(a, b)
		}
	})
}

// The blocking receive of a SOCK_DGRAM after its own SHUT_RD is at the end on
// both personalities; only the non-blocking one differs [K].
func TestDatagramEndsByItsOwnShutdown(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		a, b := p.pair(SOCK_DGRAM)
		p.send(b, "queued before")
		p.shutdown(a, SHUT_RD)
		p.recv(a, "queued before")
		synctest.Test(t, func(t *testing.T) {
			f, _ := p.flyRead(a, 9)
			f.lands(t, 0, 0)
		})
	})
}

// [FD-05] Shutdown is of the description: a leaked copy does not keep it open.
func TestShutdownEndsThroughALeakedCopy(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		leaked, err := p.Dup(a)
		gives(t, "Dup", 2)(leaked, err)
		child, err := p.Fork()
		says(t, "Fork", 0)(err)
		p.close(a)
		p.recvFails(b, errno.EAGAIN)
		p.shutdown(leaked, SHUT_WR)
		p.eof(b)
		p.as(child).sendFails(a, errno.EPIPE)
		child.Exit(0)
	}, SOCK_STREAM, SOCK_SEQPACKET)
}

// shutdown after the peer has closed changes nothing, and is no error.
func TestShutdownAfterThePeersClose(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.send(b, "queued")
		p.close(b)
		for _, how := range []int{SHUT_WR, SHUT_RD, SHUT_RDWR} {
			p.shutdown(a, how)
		}
		p.recv(a, "queued")
	})
}

// [ST-04] Close ends the session: what was queued is read, then the end, as
// often as one asks.
func TestCloseIsReadAfterTheData(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.send(b, "last words")
		p.close(b)
		p.recv(a, "last words")
		p.eof(a)
		p.eof(a)
		gives(t, "Recv of nothing", 0)(p.Recv(a, nil, MSG_DONTWAIT))
		p.sendFails(a, errno.EPIPE)
	}, SOCK_STREAM, SOCK_SEQPACKET)
}

// [K] Which unread messages reset the other end.
func TestUnreadMessagesReset(t *testing.T) {
	room := make([]byte, 1)
	rows := []struct {
		name              string
		before            func(p prog, a, b int) // a sends, b reads and closes
		stream, seqpacket bool                   // whether a is reset
	}{
		{"none", func(p prog, a, b int) {}, false, false},
		{"one, read", func(p prog, a, b int) { p.send(a, "ab"); p.recv(b, "ab") }, false, false},
		{"one", func(p prog, a, b int) { p.send(a, "ab") }, true, true},
		{"one, read in part", func(p prog, a, b int) { p.send(a, "ab"); p.Recv(b, room, MSG_DONTWAIT) }, true, false},
		{"one, peeked", func(p prog, a, b int) { p.send(a, "a"); p.Recv(b, room, MSG_PEEK|MSG_DONTWAIT) }, true, true},
		{"one empty", func(p prog, a, b int) { p.send(a, "") }, false, false},
		{"two empty", func(p prog, a, b int) { p.send(a, ""); p.send(a, "") }, false, true},
		{"empty, then data", func(p prog, a, b int) { p.send(a, ""); p.send(a, "ab") }, true, true},
		{"data, after SHUT_RD", func(p prog, a, b int) { p.send(a, "ab"); p.shutdown(b, SHUT_RD) }, true, true},
		{"data, after the sender's SHUT_WR", func(p prog, a, b int) { p.send(a, "ab"); p.shutdown(a, SHUT_WR) }, true, true},
		{"only its own", func(p prog, a, b int) { p.send(b, "ab") }, false, false},
	}
	everywhere(t, func(t *testing.T, p prog, typ int) {
		for _, r := range rows {
			a, b := p.pair(typ)
			r.before(p, a, b)
			p.close(b)
			want := errno.Errno(0)
			if p.linux() && (typ == SOCK_STREAM && r.stream || typ == SOCK_SEQPACKET && r.seqpacket) {
				want = errno.ECONNRESET
			}
			equal(t, r.name+" unread: SO_ERROR", p.soError(a), want)
			equal(t, r.name+" unread: SO_ERROR again", p.soError(a), 0)
			p.close(a)
		}
	})
}

// A pending error is taken once, by whoever asks first.
func TestPendingErrorIsTakenOnce(t *testing.T) {
	takers := map[string]func(p prog, a int) errno.Errno{
		"SO_ERROR": func(p prog, a int) errno.Errno { return p.soError(a) },
		"Recv": func(p prog, a int) errno.Errno {
			_, err := p.Recv(a, make([]byte, 1), MSG_DONTWAIT)
			return err.(errno.Errno)
		},
		"Recvmmsg": func(p prog, a int) errno.Errno {
			_, err := p.Recvmmsg(a, mmsg(1, 1), 0, nil)
			return err.(errno.Errno)
		},
	}
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		for name, take := range takers {
			a, b := p.pair(typ)
			p.send(a, "unread")
			p.close(b)
			equal(t, name, take(p, a), errno.ECONNRESET)
			equal(t, "SO_ERROR after "+name, p.soError(a), 0)
			p.eof(a)
		}
	}, SOCK_STREAM, SOCK_SEQPACKET)
}

// [K] What a call that sleeps in a receive gets from shutdown and close.
func TestShutdownWakesTheReader(t *testing.T) {
	rows := []struct {
		name        string
		do          func(p prog, a, b int) // the reader is on a
		dgramSleeps bool
	}{
		{"own SHUT_RD", func(p prog, a, b int) { p.shutdown(a, SHUT_RD) }, false},
		{"own SHUT_RDWR", func(p prog, a, b int) { p.shutdown(a, SHUT_RDWR) }, false},
		{"the peer's SHUT_WR", func(p prog, a, b int) { p.shutdown(b, SHUT_WR) }, true},
		{"the peer's close", func(p prog, a, b int) { p.close(b) }, true},
	}
	everywhere(t, func(t *testing.T, p prog, typ int) {
		synctest.Test(t, func(t *testing.T) {
			for _, r := range rows {
				a, b := p.pair(typ)
				reads := []*flight{}
				for range 3 {
					f, _ := p.flyRead(a, 10)
					f.name += " and " + r.name
					reads = append(reads, f)
				}
				r.do(p, a, b)
				for _, f := range reads {
					if typ == SOCK_DGRAM && r.dgramSleeps {
						f.sleeps(t)
					} else {
						f.lands(t, 0, 0)
					}
				}
				p.shutdown(a, SHUT_RD)
				for _, f := range reads {
					f.lands(t, 0, 0)
				}
			}
		})
	})
}

// [K] What a call that sleeps in a send gets from shutdown and close; nothing
// was sent by it.
func TestShutdownWakesTheSender(t *testing.T) {
	const sleeps = 0xffff
	rows := []struct {
		name                     string
		do                       func(p prog, a, b int) // the sender is on a
		stream, dgram, seqpacket errno.Errno
	}{
		{"own SHUT_WR", func(p prog, a, b int) { p.shutdown(a, SHUT_WR) }, errno.EPIPE, errno.EPIPE, errno.EPIPE},
		{"the peer's SHUT_RD", func(p prog, a, b int) { p.shutdown(b, SHUT_RD) }, errno.EPIPE, sleeps, errno.EPIPE},
		{"own SHUT_RD", func(p prog, a, b int) { p.shutdown(a, SHUT_RD) }, sleeps, sleeps, sleeps},
		{"the peer's SHUT_WR", func(p prog, a, b int) { p.shutdown(b, SHUT_WR) }, sleeps, sleeps, sleeps},
		{"the peer's close", func(p prog, a, b int) { p.close(b) }, errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNRESET},
	}
	everywhere(t, func(t *testing.T, p prog, typ int) {
		synctest.Test(t, func(t *testing.T) {
			for _, r := range rows {
				a, b := p.pair(typ)
				p.fill(a, 1000)
				p.fill(a, 1)
				f := p.flyWrite(a, 1000)
				f.name += " and " + r.name
				f.sleeps(t)
				r.do(p, a, b)
				want := map[int]errno.Errno{SOCK_STREAM: r.stream, SOCK_DGRAM: r.dgram, SOCK_SEQPACKET: r.seqpacket}[typ]
				if want == errno.ECONNRESET && !p.linux() {
					want = errno.EPIPE
				}
				if want == sleeps {
					f.sleeps(t)
					p.close(b)
					synctest.Wait()
				} else {
					f.lands(t, -1, want)
				}
				equal(t, f.name+": over", f.over(), true)
			}
		})
	})
}

// [K] A stream whose send has queued a part returns that, without SIGPIPE.
func TestBrokenStreamReturnsThePartThatWent(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		for name, do := range map[string]func(p prog, a, b int){
			"own SHUT_WR":        func(p prog, a, b int) { p.shutdown(a, SHUT_WR) },
			"the peer's SHUT_RD": func(p prog, a, b int) { p.shutdown(b, SHUT_RD) },
			"the peer's close":   func(p prog, a, b int) { p.close(b) },
		} {
			p := newProg(t, Config{Personality: rules})
			synctest.Test(t, func(t *testing.T) {
				a, b := p.pair(SOCK_STREAM)
				f := p.flyWrite(a, 1<<20)
				f.name += " and " + name
				f.sleeps(t)
				do(p, a, b)
				f.lands(t, map[string]int{"linux": 219264, "posix": 65536}[rules.Name], 0)
				p.sendFails(a, errno.EPIPE)
			})
		}
	})
}
