//go:build !race && !wasm

package emu

import (
	"fmt"
	"testing"
)

// With the race detector a sync.Pool drops at random what it is given, and for
// WebAssembly the compiler keeps less on the stack: these counts are of neither.

// counted is a process with a pair of its own, whose calls are counted.
type counted struct {
	t    *testing.T
	p    *Process
	x, y int
	// word is 64 bytes to send, room as many to receive into.
	word, room []byte
}

// is stops the test when a call does not give what it must: what fails early
// also allocates little.
func (c *counted) is(want int) func(int, error) {
	return func(n int, err error) {
		if n != want || err != nil {
			c.t.Fatalf("%s, want %d", outcome(n, err), want)
		}
	}
}

// calls are what is counted: the allocations of one turn in the steady state.
// A lower number than the one wanted is written down here; a higher one is a
// reason to look.
var calls = []struct {
	name string
	want float64
	turn func(*counted) func()
}{
	{"Write, Read: stream", 0, exchanges(SOCK_STREAM, (*Process).Write, (*Process).Read)},
	{"Write, Read: dgram", 0, exchanges(SOCK_DGRAM, (*Process).Write, (*Process).Read)},
	{"Write, Read: seqpacket", 0, exchanges(SOCK_SEQPACKET, (*Process).Write, (*Process).Read)},
	{"Send, Recv: stream", 0, exchanges(SOCK_STREAM, sendPlain, recvPlain)},
	{"Send, Recv: dgram", 0, exchanges(SOCK_DGRAM, sendPlain, recvPlain)},
	{"Send, Recv: seqpacket", 0, exchanges(SOCK_SEQPACKET, sendPlain, recvPlain)},
	{"Writev, Readv: stream", 0, vectors(SOCK_STREAM)},
	{"Writev, Readv: dgram", 0, vectors(SOCK_DGRAM)},
	{"Writev, Readv: seqpacket", 0, vectors(SOCK_SEQPACKET)},
	{"Write, Read: there and back, both readers parked", 0, (*counted).pingPong},
	{"Sendmsg, Recvmsg: stream", 0, messages(SOCK_STREAM)},
	{"Sendmsg, Recvmsg: dgram", 0, messages(SOCK_DGRAM)},
	{"Sendmsg, Recvmsg: seqpacket", 0, messages(SOCK_SEQPACKET)},
	{"Sendmsg, Recvmsg, Close: one descriptor", 0, (*counted).passing},
	{"Sendmsg, Recvmsg, Close, Close: two descriptors", 2, (*counted).passingTwo},
	{"Pair, Close, Close", 1, (*counted).creation},
	{"Dup, Close", 0, (*counted).duplication},
	{"Fcntl: F_GETFL", 0, (*counted).flagsOf},
	{"Poll: one ready of two", 0, (*counted).polling},
	{"EpollWait: one ready of two", 0, (*counted).epollWaiting},
}

func TestCallsAllocateExactly(t *testing.T) {
	for _, rules := range []*Personality{Linux(), POSIX()} {
		for _, call := range calls {
			t.Run(rules.Name+"/"+call.name, func(t *testing.T) {
				p := newMachine(t, Config{Personality: rules}).NewProcess()
				c := &counted{t: t, p: p, word: make([]byte, 64), room: make([]byte, 64)}
				turn := call.turn(c)
				equal(t, "allocations of a turn", testing.AllocsPerRun(1000, turn), call.want)
			})
		}
	}
}

func TestPassingADescriptorAllocatesNothing(t *testing.T) {
	for _, typ := range []int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET} {
		p := newProg(t, Config{})
		x, y := p.pair(typ)
		socket, _ := p.pair(SOCK_STREAM)
		for _, passed := range []int{socket, x, p.eventfd(0, 0)} {
			out := Msghdr{Iov: [][]byte{{1}}, Control: Rights(passed)}
			in := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 24)}
			got := -1
			pass := func() {
				p.Sendmsg(x, &out, 0)
				p.Recvmsg(y, &in, 0)
				got = word(in.Control[cmsgHeader:])
				if err := p.Close(got); err != nil {
					t.Fatalf("Close(%d) of what came = %v, want nil", got, err)
				}
			}
			equal(t, fmt.Sprintf("allocations of type %d, descriptor %d", typ, passed), testing.AllocsPerRun(100, pass), 0)
			equal(t, "the number that came", got, 5)
		}
	}
}

// pair gives c a pair of its own.
func (c *counted) pair(typ int) {
	var err error
	if c.x, c.y, err = c.p.Pair(typ); err != nil {
		c.t.Fatal(err)
	}
}

func sendPlain(p *Process, fd int, buf []byte) (int, error) { return p.Send(fd, buf, 0) }
func recvPlain(p *Process, fd int, buf []byte) (int, error) { return p.Recv(fd, buf, 0) }

func exchanges(typ int, put, take func(p *Process, fd int, buf []byte) (int, error)) func(*counted) func() {
	return func(c *counted) func() {
		c.pair(typ)
		all := c.is(len(c.word))
		return func() {
			all(put(c.p, c.x, c.word))
			all(take(c.p, c.y, c.room))
		}
	}
}

func vectors(typ int) func(*counted) func() {
	return func(c *counted) func() {
		c.pair(typ)
		all := c.is(len(c.word))
		out, in := [][]byte{c.word[:16], c.word[16:]}, [][]byte{c.room[:32], c.room[32:]}
		return func() {
			all(c.p.Writev(c.x, out))
			all(c.p.Readv(c.y, in))
		}
	}
}

// pingPong: AllocsPerRun runs on one processor, so each side has gone to sleep
// in its Read before the other writes.
func (c *counted) pingPong() func() {
	c.pair(SOCK_STREAM)
	over := make(chan struct{})
	go func() {
		defer close(over)
		room := make([]byte, 64)
		for {
			n, _ := c.p.Read(c.y, room)
			if n <= 0 {
				return
			}
			c.p.Write(c.y, room[:n])
		}
	}()
	c.t.Cleanup(func() {
		c.p.Shutdown(c.x, SHUT_WR)
		<-over
	})
	all := c.is(len(c.word))
	return func() {
		all(c.p.Write(c.x, c.word))
		all(c.p.Read(c.x, c.room))
	}
}

func messages(typ int) func(*counted) func() {
	return func(c *counted) func() {
		c.pair(typ)
		all := c.is(len(c.word))
		out, in := &Msghdr{Iov: [][]byte{c.word}}, &Msghdr{Iov: [][]byte{c.room}}
		return func() {
			all(c.p.Sendmsg(c.x, out, 0))
			all(c.p.Recvmsg(c.y, in, 0))
		}
	}
}

// passing: the socket that is sent is one of the pair, and the new number is closed.
func (c *counted) passing() func() {
	c.pair(SOCK_STREAM)
	all := c.is(len(c.word))
	out := &Msghdr{Iov: [][]byte{c.word}, Control: Rights(c.x)}
	in := &Msghdr{Iov: [][]byte{c.room}, Control: make([]byte, len(out.Control))}
	return func() {
		all(c.p.Sendmsg(c.x, out, 0))
		all(c.p.Recvmsg(c.y, in, 0))
		c.is(0)(value(c.p.Close(word(in.Control[cmsgHeader:]))))
	}
}

// passingTwo: a message of more than one descriptor goes the long way.
func (c *counted) passingTwo() func() {
	c.pair(SOCK_STREAM)
	all := c.is(len(c.word))
	out := &Msghdr{Iov: [][]byte{c.word}, Control: Rights(c.x, c.y)}
	in := &Msghdr{Iov: [][]byte{c.room}, Control: make([]byte, len(out.Control))}
	return func() {
		all(c.p.Sendmsg(c.x, out, 0))
		all(c.p.Recvmsg(c.y, in, 0))
		for numbers := in.Control[cmsgHeader:]; len(numbers) > 0; numbers = numbers[sizeofInt:] {
			c.is(0)(value(c.p.Close(word(numbers))))
		}
	}
}

func (c *counted) creation() func() {
	return func() {
		c.pair(SOCK_STREAM)
		c.is(0)(value(c.p.Close(c.x)))
		c.is(0)(value(c.p.Close(c.y)))
	}
}

func (c *counted) duplication() func() {
	c.pair(SOCK_STREAM)
	return func() {
		fd, err := c.p.Dup(c.x)
		if err != nil {
			c.t.Fatal(err)
		}
		c.is(0)(value(c.p.Close(fd)))
	}
}

func (c *counted) flagsOf() func() {
	c.pair(SOCK_STREAM)
	return func() { c.is(O_RDWR)(c.p.Fcntl(c.x, F_GETFL, 0)) }
}

func (c *counted) polling() func() {
	c.pair(SOCK_STREAM)
	c.is(len(c.word))(c.p.Write(c.x, c.word))
	set := []PollFd{{Fd: c.x, Events: POLLIN}, {Fd: c.y, Events: POLLIN}}
	return func() { c.is(1)(c.p.Poll(set, -1)) }
}

func (c *counted) epollWaiting() func() {
	c.pair(SOCK_STREAM)
	epfd, err := c.p.EpollCreate1(0)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, fd := range []int{c.x, c.y} {
		c.is(0)(value(c.p.EpollCtl(epfd, EPOLL_CTL_ADD, fd, &EpollEvent{Events: POLLIN})))
	}
	c.is(len(c.word))(c.p.Write(c.x, c.word))
	events := make([]EpollEvent, 2)
	return func() { c.is(1)(c.p.EpollWait(epfd, events, -1)) }
}
