package emu

import (
	"fmt"
	"strings"
	"testing"

	"sockpair/errno"
)

// [DG-01, SQ-01] Boundaries and order are kept, empty messages among them; a
// receive gets one message.
func TestMessagesKeepTheirBoundaries(t *testing.T) {
	eachType(t, Linux(), messagesKeepBoundaries, SOCK_DGRAM, SOCK_SEQPACKET)
	eachType(t, POSIX(), messagesKeepBoundaries, SOCK_DGRAM)
}

func messagesKeepBoundaries(t *testing.T, p prog, typ int) {
	a, b := p.pair(typ)
	all := []string{"", "one", "", "", "two", strings.Repeat("long ", 9999), "x"}
	for _, s := range all {
		p.send(a, s)
	}
	for _, s := range all {
		p.recv(b, s)
	}
	p.recvFails(b, errno.EAGAIN)
	equal(t, "charge", p.charged(a), 0)
}

// [DG-01, SQ-01, SQ-02] What a receive has no room for is lost, and told by MSG_TRUNC.
func TestShortReceiveLosesTheRest(t *testing.T) {
	law := func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for _, r := range []struct{ room, flags int }{{0, MSG_TRUNC}, {1, MSG_TRUNC}, {4, MSG_TRUNC}, {5, 0}, {6, 0}} {
			p.send(a, "12345")
			p.send(a, "next")
			m := Msghdr{Iov: [][]byte{{}, make([]byte, r.room)}}
			expr := fmt.Sprintf("Recvmsg with room for %d of 5", r.room)
			gives(t, expr, min(r.room, 5))(p.Recvmsg(b, &m, 0))
			equal(t, expr+" Flags", m.Flags, r.flags)
			p.recv(b, "next")
		}
	}
	eachType(t, Linux(), law, SOCK_DGRAM, SOCK_SEQPACKET)
	eachType(t, POSIX(), law, SOCK_DGRAM)
}

// [DG-01, SQ-01] The longest message, and one byte more.
func TestMessageLongerThanTheBufferIsRefused(t *testing.T) {
	for _, r := range []struct {
		rules       *Personality
		set, length int // SO_SNDBUF, -1 for the default
	}{{Linux(), -1, 212960}, {Linux(), 0, 4576}, {Linux(), 3000, 5968}, {POSIX(), -1, 65536}, {POSIX(), 100, 100}} {
		eachType(t, r.rules, func(t *testing.T, p prog, typ int) {
			a, b := p.pair(typ)
			if r.set >= 0 {
				p.setInt(a, SO_SNDBUF, r.set)
			}
			fails(t, "Send of one byte too many", errno.EMSGSIZE)(p.Send(a, make([]byte, r.length+1), 0))
			fails(t, "Send of bad memory, too long", errno.EMSGSIZE)(p.Send(a, BadAddress(r.length+1), 0))
			p.recvFails(b, errno.EAGAIN)
			gives(t, "Send of the longest", r.length)(p.Send(a, make([]byte, r.length), MSG_DONTWAIT))
			fails(t, "Send of one byte too many, full", errno.EMSGSIZE)(p.Send(a, make([]byte, r.length+1), MSG_DONTWAIT))
			gives(t, "Recv", r.length)(p.Recv(b, make([]byte, r.length+1), MSG_DONTWAIT))
		}, SOCK_DGRAM, SOCK_SEQPACKET)
	}
}

// [K] However large the buffer, the machine has no memory for a message above this.
func TestGiantMessageFindsNoMemory(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		const largest = 4263616
		a, b := p.pair(typ)
		p.setInt(a, SO_SNDBUF, 1<<30)
		giant := make([]byte, largest+1)
		fails(t, "Send", errno.ENOBUFS)(p.Send(a, giant, 0))
		fails(t, "Send of bad memory", errno.ENOBUFS)(p.Send(a, BadAddress(largest+1), 0))
		gives(t, "Send", largest)(p.Send(a, giant[:largest], 0))
		gives(t, "Recv", 1)(p.Recv(b, giant[:1], MSG_DONTWAIT))
	}, SOCK_DGRAM, SOCK_SEQPACKET)
}

// The message at which a buffer is full [K].
func TestMessagesAreFullWhereItIsMeasured(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		for _, r := range []struct{ size, sends int }{{0, 278}, {1, 278}, {1000, 93}, {4096, 26}} {
			a, b := p.pair(typ)
			equal(t, fmt.Sprintf("sends of %d until full", r.size), p.fill(a, r.size), r.sends)
			p.Recv(b, nil, MSG_DONTWAIT)
			gives(t, "Send after one receive", r.size)(p.Send(a, make([]byte, r.size), MSG_DONTWAIT))
		}
	}, SOCK_DGRAM, SOCK_SEQPACKET)
	eachType(t, POSIX(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		equal(t, "sends of 1000 until full", p.fill(a, 1000), 65)
		p.send(a, strings.Repeat("x", 536))
		p.sendFails(a, errno.EAGAIN)
		c, _ := p.pair(typ)
		n := 65536
		if typ == SOCK_DGRAM { // elsewhere nothing, without an end, is no part of a record
			equal(t, "empty messages until full", p.fill(c, 0), n)
		}
		p.close(b)
	}, SOCK_DGRAM, SOCK_SEQPACKET)
}

// [DG-04] The other end's close is no end of file. A sender is refused once,
// loses what is in its own queue, and has no peer from then on [K].
func TestDatagramSenderIsRefusedOnce(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.send(b, "first")
		p.send(b, "second")
		p.close(b)
		p.recv(a, "first")
		n := 0
		says(t, "Getpeername before the refusal", 0)(p.Getpeername(a, nil, &n))
		p.sendFails(a, errno.ECONNREFUSED)
		p.recvFails(a, errno.EAGAIN)
		p.sendFails(a, errno.ENOTCONN)
		p.sendFails(a, errno.ENOTCONN)
		n = 0
		says(t, "Getpeername", errno.ENOTCONN)(p.Getpeername(a, nil, &n))
		says(t, "Getsockname", 0)(p.Getsockname(a, nil, &n))
		equal(t, "SO_ERROR", p.soError(a), 0)
		equal(t, "poll", bits(p.revents(a)), "OUT wrnorm wrband")
		p.shutdown(a, SHUT_WR)
		p.sendFails(a, errno.EPIPE)
	}, SOCK_DGRAM)
	eachType(t, POSIX(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.close(b)
		p.recvFails(a, errno.EAGAIN)
		p.sendFails(a, errno.ECONNREFUSED)
		p.sendFails(a, errno.EDESTADDRREQ)
	}, SOCK_DGRAM)
}

// What the closed peer has not read is given back, so its close makes a full
// buffer empty, and the sender is refused [K].
func TestCloseOfTheReceiverEmptiesTheSendersBuffer(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.fill(a, 1000)
		p.close(b)
		equal(t, "charge", p.charged(a), 0)
		want := errno.EPIPE
		if typ == SOCK_DGRAM {
			want = errno.ECONNREFUSED
		} else if typ == SOCK_SEQPACKET && p.linux() {
			want = errno.ECONNRESET
		}
		p.sendFails(a, want)
	})
}

// [K] The room is tested before the peer: a full buffer hides that it is shut.
func TestFullBufferHidesTheShutPeer(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.fill(a, 1000)
		p.shutdown(b, SHUT_RD)
		fails(t, "Send of 1000", errno.EAGAIN)(p.Send(a, make([]byte, 1000), MSG_DONTWAIT))
		for {
			if n, err := p.Recv(b, make([]byte, roomy), MSG_DONTWAIT); n <= 0 || err != nil {
				break
			}
		}
		p.sendFails(a, errno.EPIPE)
		p.send(b, "the other way")
		p.recv(a, "the other way")
	}, SOCK_DGRAM)
}

// The forms of a DGRAM sender's error never raise SIGPIPE.
func TestDatagramsNeverRaiseSIGPIPE(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		a, b := p.pair(SOCK_DGRAM)
		p.shutdown(b, SHUT_RD)
		fails(t, "Send to a shut peer", errno.EPIPE)(p.Send(a, nil, 0))
		p.shutdown(a, SHUT_WR)
		fails(t, "Send after SHUT_WR", errno.EPIPE)(p.Send(a, nil, 0))
		c, d := p.pair(SOCK_DGRAM)
		p.close(d)
		fails(t, "Send to a closed peer", errno.ECONNREFUSED)(p.Send(c, nil, 0))
	})
}
