package netemu_test

import (
	"net"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sockpair/emu"
)

// step is one call of a random program: what it does at end i of a pair.
type step struct {
	name string
	do   func(s *transcript, c unixConn, n int)
}

var steps = []step{
	{"Write", func(s *transcript, c unixConn, n int) {
		c.SetWriteDeadline(s.soon())
		k, err := c.Write([]byte(long[:n]))
		s.say("Write(%d) = %d %v", n, k, err)
	}},
	{"Read", func(s *transcript, c unixConn, n int) {
		c.SetReadDeadline(s.soon())
		k, err := c.Read(make([]byte, n))
		s.say("Read(%d) = %d %v", n, k, err)
	}},
	{"ReadFrom", func(s *transcript, c unixConn, n int) {
		c.SetReadDeadline(s.soon())
		k, from, err := c.ReadFrom(make([]byte, n))
		s.say("ReadFrom(%d) = %d %v %v", n, k, from, err)
	}},
	{"ReadMsgUnix", func(s *transcript, c unixConn, n int) {
		c.SetReadDeadline(s.soon())
		k, oobn, flags, from, err := c.ReadMsgUnix(make([]byte, n), make([]byte, n%40))
		s.say("ReadMsgUnix(%d) = %d %d %x %v %v", n, k, oobn, flags, from, err)
	}},
	{"WriteMsgUnix", func(s *transcript, c unixConn, n int) {
		c.SetWriteDeadline(s.soon())
		var oob []byte
		if n%3 == 0 && strconv.IntSize == 64 { // a 32-bit program has another layout of control messages
			raw, _ := c.SyscallConn()
			raw.Control(func(fd uintptr) { oob = emu.Rights(int(fd)) })
		}
		k, oobn, err := c.WriteMsgUnix([]byte(long[:n]), oob, nil)
		s.say("WriteMsgUnix(%d) = %d %d %v", n, k, oobn, err)
	}},
	{"WriteTo", func(s *transcript, c unixConn, n int) {
		c.SetWriteDeadline(s.soon())
		k, err := c.WriteTo([]byte("x"), &net.UnixAddr{Name: "@sockpair-nobody", Net: "unixgram"})
		s.say("WriteTo = %d %v", k, err)
	}},
	{"late", func(s *transcript, c unixConn, n int) {
		c.SetDeadline(time.Unix(1, 0))
		k, err := c.Read(make([]byte, n))
		s.say("late Read(%d) = %d %v", n, k, err)
		k, err = c.Write([]byte(long[:n]))
		s.say("late Write(%d) = %d %v", n, k, err)
	}},
	{"CloseRead", func(s *transcript, c unixConn, n int) { s.say("CloseRead = %v", c.CloseRead()) }},
	{"CloseWrite", func(s *transcript, c unixConn, n int) {
		s.say("CloseWrite = %v", c.CloseWrite())
	}},
	{"Close", func(s *transcript, c unixConn, n int) { s.say("Close = %v", c.Close()) }},
	{"SetWriteBuffer", func(s *transcript, c unixConn, n int) {
		s.say("SetWriteBuffer = %v", c.SetWriteBuffer(n))
	}},
}

// TestRandomProgramsAreSame: programs at random see the same here and on the
// kernel, call by call. -rapid.seed runs one again.
func TestRandomProgramsAreSame(test *testing.T) {
	rapid.Check(test, func(t *rapid.T) {
		network := rapid.SampledFrom([]string{"unix", "unixgram", "unixpacket"}).Draw(t, "network")
		type call struct{ step, end, n int }
		program := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) call {
			return call{
				// the first steps, which move data, are the likely ones
				min(rapid.IntRange(0, len(steps)-1).Draw(t, "step"), rapid.IntRange(0, len(steps)-1).Draw(t, "step")),
				rapid.IntRange(0, 1).Draw(t, "end"),
				rapid.SampledFrom([]int{0, 1, 3, 16, 100, 4096, 30_000, 200_000}).Draw(t, "n"),
			}
		}), 1, 14).Draw(t, "program")
		in := func(w world) func(s *transcript) {
			return func(s *transcript) {
				w.in(test, func(test *testing.T) {
					a, b, err := w.pair(network)
					if err != nil {
						test.Fatal(err)
					}
					for _, c := range program {
						steps[c.step].do(s, [...]unixConn{a, b}[c.end], c.n)
					}
					a.Close()
					b.Close()
				})
			}
		}
		want := seenBy(in(worlds[0]))
		for _, w := range worlds[1:] {
			if got := seenAgainBy(want, in(w)); got != want {
				t.Fatalf("on a pair of %s\n%s:\n%s\n\n%s:\n%s", network, worlds[0].name, want, w.name, got)
			}
		}
	})
}
