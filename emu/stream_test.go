package emu

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sockpair/errno"
)

// [ST-01, ST-08] What is sent arrives in order, once, both ways, however it is
// cut on either side.
func TestStreamLosesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		const total = 300000
		a, b := p.pair(typ)
		cut := rand.New(rand.NewPCG(1, 2))
		var sent, got [2]int
		ends := [2]int{a, b}
		at := func(i, dir int) byte { return byte(i*7 + i>>8 + dir) }
		for got[0] < total || got[1] < total {
			dir := cut.IntN(2)
			out := make([]byte, min(cut.IntN(9000), total-sent[dir]))
			for i := range out {
				out[i] = at(sent[dir]+i, dir)
			}
			if n, err := p.Send(ends[dir], out, MSG_DONTWAIT); err == nil {
				sent[dir] += n
			}
			in := make([]byte, 1+cut.IntN(12000))
			n, err := p.Recv(ends[1-dir], in, MSG_DONTWAIT)
			if err != nil {
				continue
			}
			for i, c := range in[:n] {
				if want := at(got[dir]+i, dir); c != want {
					t.Fatalf("byte %d = %d, want %d", got[dir]+i, c, want)
				}
			}
			got[dir] += n
		}
		equal(t, "bytes received", got, [2]int{total, total})
		p.recvFails(a, errno.EAGAIN)
		p.recvFails(b, errno.EAGAIN)
	}, SOCK_STREAM)
}

// [ST-02]
func TestStreamHasNoBoundaries(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.send(a, "aa")
		p.send(a, "bb")
		p.send(a, "")
		p.send(a, "cc")
		got := make([]byte, 3)
		gives(t, "Recv of 3", 3)(p.Recv(b, got, MSG_DONTWAIT))
		equal(t, "received", string(got), "aab")
		p.recv(b, "bcc")
	}, SOCK_STREAM)
}

// The byte at which a buffer is full [K]; in POSIX a byte costs a byte.
func TestStreamIsFullWhereItIsMeasured(t *testing.T) {
	for _, r := range []struct{ size, sends int }{{1, 278}, {1000, 93}, {4096, 44}} {
		p := newProg(t, Config{})
		a, _ := p.pair(SOCK_STREAM)
		equal(t, fmt.Sprintf("sends of %d until full", r.size), p.fill(a, r.size), r.sends)
	}
	p := newProg(t, Config{})
	a, _ := p.pair(SOCK_STREAM)
	gives(t, "Send of 400000", 219264)(p.Send(a, make([]byte, 400000), MSG_DONTWAIT))
	b, _ := p.pair(SOCK_STREAM)
	p.setInt(b, SO_SNDBUF, 0)
	gives(t, "Send of 100000 with the least SO_SNDBUF", 4480)(p.Send(b, make([]byte, 100000), MSG_DONTWAIT))

	p = newProg(t, Config{Personality: POSIX()})
	a, b = p.pair(SOCK_STREAM)
	gives(t, "Send of 400000", 65536)(p.Send(a, make([]byte, 400000), MSG_DONTWAIT))
	p.sendFails(a, errno.EAGAIN)
	gives(t, "Recv of 1", 1)(p.Recv(b, make([]byte, 1), MSG_DONTWAIT))
	gives(t, "Send of 2 with room for 1", 1)(p.Send(a, make([]byte, 2), MSG_DONTWAIT))
}

// The receiver's SO_RCVBUF is consulted by nobody [K].
func TestReceiveBufferBoundsNothing(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.setInt(b, SO_RCVBUF, 0)
		equal(t, "sends of 1000 until full", p.fill(a, 1000), 93)
	})
}

// [K] A segment is paid for until its last byte is read; in POSIX byte by byte.
func TestChargeIsGivenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		a, b := p.pair(SOCK_STREAM)
		p.send(a, strings.Repeat("x", 1000))
		full, part := 2304, 2304
		if rules.Name == "posix" {
			full, part = 1000, 1
		}
		equal(t, "charge of 1000", p.charged(a), full)
		gives(t, "Recv", 999)(p.Recv(b, make([]byte, 999), MSG_DONTWAIT))
		equal(t, "charge with 1 left", p.charged(a), part)
		p.recv(b, "x")
		equal(t, "charge with none left", p.charged(a), 0)
	})
}

// [K] Queued bytes, then the pending error once, then the end; a send is EPIPE
// and leaves the error.
func TestStreamReadsThenResetThenEnd(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	p.send(b, "last words")
	p.send(a, "unread")
	p.close(b)
	p.sendFails(a, errno.EPIPE)
	gives(t, "Recv", 4)(p.Recv(a, make([]byte, 4), MSG_DONTWAIT))
	p.recv(a, " words")
	fails(t, "Recv MSG_PEEK", errno.ECONNRESET)(p.Recv(a, make([]byte, 4), MSG_PEEK|MSG_DONTWAIT))
	p.eof(a)
	p.sendFails(a, errno.EPIPE)
	p.eof(a)
	equal(t, "SO_ERROR", p.soError(a), 0)
}

// [K] A receive that has bytes already loses the error it meets.
func TestWaitallLosesTheErrorBehindItsBytes(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	p.send(b, "abc")
	p.send(a, "unread")
	p.close(b)
	gives(t, "Recv MSG_WAITALL", 3)(p.Recv(a, make([]byte, 10), MSG_WAITALL|MSG_DONTWAIT))
	equal(t, "SO_ERROR", p.soError(a), 0)
	p.eof(a)
}

// [K] What a receive waits for does not matter to one that does not wait.
func TestLowWaterMarkDoesNotDelayNonblockingReceive(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.setInt(b, SO_RCVLOWAT, 10)
		p.recvFails(b, errno.EAGAIN)
		p.send(a, "abc")
		p.recv(b, "abc")
	})
}

// A peek sees over the segments and takes nothing.
func TestStreamPeekSpansSegments(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		fails(t, "Recv MSG_PEEK, empty", errno.EAGAIN)(p.Recv(b, make([]byte, 4), MSG_PEEK|MSG_DONTWAIT))
		p.send(a, "ab")
		p.send(a, "cd")
		got := make([]byte, 3)
		gives(t, "Recv MSG_PEEK", 3)(p.Recv(b, got, MSG_PEEK|MSG_DONTWAIT))
		equal(t, "peeked", string(got), "abc")
		gives(t, "Recv", 1)(p.Recv(b, got[:1], MSG_DONTWAIT))
		gives(t, "Recv MSG_PEEK", 3)(p.Recv(b, got, MSG_PEEK|MSG_DONTWAIT))
		equal(t, "peeked", string(got), "bcd")
		p.shutdown(a, SHUT_WR)
		p.recv(b, "bcd")
		gives(t, "Recv MSG_PEEK at the end", 0)(p.Recv(b, got, MSG_PEEK|MSG_DONTWAIT))
	}, SOCK_STREAM)
}
