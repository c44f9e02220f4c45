package fuzz

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/model"
	"sockpair/replay"
)

// subject is a pair of a process beside the model's.
type subject struct {
	p     replay.Process
	fds   [2]int
	model *model.Pair
	fill  byte
}

// newSubject makes a pair of the type, with small send buffers.
func newSubject(t require.TestingT, p replay.Process, rules model.Rules, typ model.Type, sndbuf int) *subject {
	var sv [2]int
	require.NoError(t, p.Socketpair(emu.AF_UNIX, int(typ)|emu.SOCK_NONBLOCK, 0, &sv))
	s := &subject{p: p, fds: sv, model: model.New(rules, typ)}
	for i, fd := range sv {
		val := int32bytes(sndbuf)
		require.NoError(t, p.Setsockopt(fd, emu.SOL_SOCKET, emu.SO_SNDBUF, val, len(val)))
		s.model.Ends[i].SndBuf = readInt(t, p, fd)
	}
	return s
}

func readInt(t require.TestingT, p replay.Process, fd int) int {
	val, n := make([]byte, 4), 4
	require.NoError(t, p.Getsockopt(fd, emu.SOL_SOCKET, emu.SO_SNDBUF, val, &n))
	return int32of(val)
}

// errnoOf is the errno of an error.
func errnoOf(t require.TestingT, err error) errno.Errno {
	if err == nil {
		return 0
	}
	require.IsType(t, errno.Errno(0), err)
	return err.(errno.Errno)
}

// sizes of messages and of rooms: the edges of what is charged, and small ones.
var sizes = rapid.OneOf(rapid.IntRange(0, 8), rapid.IntRange(0, 3000),
	rapid.SampledFrom([]int{192, 193, 704, 705, 1728, 1729, 2240, 2241, 3776, 3777, 4576, 4577, 16064, 16065, 36544, 36545}))

func (s *subject) send(t *rapid.T, i int) {
	s.fill++
	data := bytes.Repeat([]byte{s.fill}, sizes.Draw(t, "length"))
	flags := rapid.SampledFrom([]int{0, 0, emu.MSG_EOR}).Draw(t, "flags")
	want, wantErr := s.model.Send(i, data, flags)
	got, err := s.p.Sendto(s.fds[i], data, flags|emu.MSG_NOSIGNAL, nil)
	if got != want || errnoOf(t, err) != wantErr {
		t.Fatalf("send(end %d, %d bytes, %#x) = %d, %v, want %d, %v", i, len(data), flags, got, err, want, wantErr)
	}
}

func (s *subject) recv(t *rapid.T, i int) {
	room := sizes.Draw(t, "room")
	flags := rapid.SampledFrom([]int{0, 0, 0, emu.MSG_PEEK, emu.MSG_TRUNC, emu.MSG_PEEK | emu.MSG_TRUNC, emu.MSG_WAITALL}).Draw(t, "flags")
	want := s.model.Recv(i, room, flags)
	buf := make([]byte, room)
	cut := rapid.IntRange(0, room).Draw(t, "cut")
	m := &emu.Msghdr{Iov: [][]byte{buf[:cut], buf[cut:]}}
	n, err := s.p.Recvmsg(s.fds[i], m, flags)
	name := fmt.Sprintf("recvmsg(end %d, %d bytes, %#x)", i, room, flags)
	if n != want.N || errnoOf(t, err) != want.Err {
		t.Fatalf("%s = %d, %v, want %d, %v", name, n, err, want.N, want.Err)
	}
	if err == nil && (m.Flags != want.Flags || !bytes.Equal(buf[:len(want.Data)], want.Data)) {
		t.Fatalf("%s brought %x, flags %#x, want %x, %#x", name, buf[:min(n, len(buf))], m.Flags, want.Data, want.Flags)
	}
}

// compare compares what can be asked without changing anything.
func (s *subject) compare(t *rapid.T) {
	for i, fd := range s.fds {
		if s.model.Ends[i].Closed {
			continue
		}
		events := int16(model.In | model.Out | model.Rdhup)
		if s.model.Rules == model.POSIX {
			events &^= model.Rdhup
		}
		fds := []emu.PollFd{{Fd: fd, Events: events}}
		_, err := s.p.Poll(fds, 0)
		require.NoError(t, err)
		if got, want := int(fds[0].Revents), s.model.Poll(i); got != want {
			t.Fatalf("poll(end %d) = %#x, want %#x", i, got, want)
		}
		for req, want := range map[uint]int{emu.FIONREAD: s.model.Unread(i), emu.SIOCOUTQ: s.model.Charged(i)} {
			val := make([]byte, 4)
			_, err := s.p.Ioctl(fd, req, val)
			require.NoError(t, err)
			if got := int32of(val); got != want {
				t.Fatalf("ioctl(end %d, %v) = %d, want %d", i, emu.IoctlReq(req), got, want)
			}
		}
	}
}

// check runs operations at random on a pair and on its model.
func (s *subject) check(t *rapid.T) {
	open := func(t *rapid.T) int {
		i := rapid.IntRange(0, 1).Draw(t, "end")
		if s.model.Ends[i].Closed {
			t.Skip("closed")
		}
		return i
	}
	defer func() {
		for i, fd := range s.fds {
			if !s.model.Ends[i].Closed {
				s.p.Close(fd)
			}
		}
	}()
	t.Repeat(map[string]func(*rapid.T){
		"":      s.compare,
		"send":  func(t *rapid.T) { s.send(t, open(t)) },
		"send2": func(t *rapid.T) { s.send(t, open(t)) },
		"recv":  func(t *rapid.T) { s.recv(t, open(t)) },
		"recv2": func(t *rapid.T) { s.recv(t, open(t)) },
		"shutdown": func(t *rapid.T) {
			i, how := open(t), rapid.IntRange(-1, 3).Draw(t, "how")
			want := s.model.Shutdown(i, how)
			if err := s.p.Shutdown(s.fds[i], how); errnoOf(t, err) != want {
				t.Fatalf("shutdown(end %d, %d) = %v, want %v", i, how, err, want)
			}
		},
		"close": func(t *rapid.T) {
			i := open(t)
			if rapid.IntRange(0, 3).Draw(t, "really") > 0 {
				t.Skip("not yet")
			}
			require.NoError(t, s.p.Close(s.fds[i]))
			s.model.Close(i)
		},
	})
}

// everyType runs a test for each type.
func everyType(t *testing.T, test func(t *testing.T, typ model.Type)) {
	for typ, name := range map[model.Type]string{model.Stream: "STREAM", model.Dgram: "DGRAM", model.Seqpacket: "SEQPACKET"} {
		t.Run(name, func(t *testing.T) { test(t, typ) })
	}
}

// A pair does what the naive model says: nothing is lost, doubled or out of
// order, boundaries are kept, and every refusal has its errno in its order.
func TestPairIsTheModels(t *testing.T) {
	for rules, personality := range map[model.Rules]*emu.Personality{model.Linux: emu.Linux(), model.POSIX: emu.POSIX()} {
		t.Run(personality.Name, func(t *testing.T) {
			everyType(t, func(t *testing.T, typ model.Type) {
				rapid.Check(t, func(t *rapid.T) {
					m, err := replay.NewEmulator(emu.Config{Personality: personality})
					require.NoError(t, err)
					p, err := m.NewProcess()
					require.NoError(t, err)
					newSubject(t, p, rules, typ, bound(t)).check(t)
					require.NoError(t, m.Check())
					require.Zero(t, m.System.Files())
				})
			})
		})
	}
}

func bound(t *rapid.T) int {
	return rapid.SampledFrom([]int{1, 100, 2304, 3000, 10000, 106496}).Draw(t, "SO_SNDBUF")
}
