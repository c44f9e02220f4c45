package netemu_test

import (
	"fmt"
	"net"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

// transcript collects what a program sees.
type transcript struct {
	mu    sync.Mutex
	lines []string
	wait  time.Duration // how long the program waits for what may not come
}

// soon is a deadline that a call meets which has to wait, and no other. later is
// one that no call of the program meets.
func (s *transcript) soon() time.Time  { return time.Now().Add(s.wait) }
func (s *transcript) later() time.Time { return time.Now().Add(time.Hour) }

// patience is how long a program waits. Where time is real, on a busy machine,
// that is too short at times: the deadline is over before the call has begun, or
// another goroutine has not. So a program that seems to differ is run again with
// more of it.
var patience = []time.Duration{5 * time.Millisecond, 50 * time.Millisecond, 500 * time.Millisecond, 5 * time.Second}

// seenBy is what a program sees in the first world.
func seenBy(run func(s *transcript)) string {
	s := transcript{wait: patience[0]}
	run(&s)
	return s.String()
}

// seenAgainBy is what a program sees in another world, where it is to see want.
func seenAgainBy(want string, run func(s *transcript)) (got string) {
	for _, wait := range patience {
		s := transcript{wait: wait}
		run(&s)
		if got = s.String(); got == want {
			break
		}
	}
	return got
}

func (s *transcript) say(format string, args ...any) {
	for i, a := range args {
		if err, ok := a.(error); ok {
			args[i] = describe(err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

func (s *transcript) String() string { return strings.Join(s.lines, "\n") }

var long = strings.Repeat("x", 1<<20)

// programs are what is run on the emulator and on the kernel, for each network.
var programs = []struct {
	name string
	run  func(s *transcript, a, b unixConn)
}{
	{"addresses", func(s *transcript, a, b unixConn) {
		s.say("%#v %#v", a.LocalAddr(), a.RemoteAddr())
		s.say("%v %v", a.LocalAddr(), b.RemoteAddr().Network())
	}},
	{"data", func(s *transcript, a, b unixConn) {
		buf := make([]byte, 8)
		n, err := a.Write([]byte("hello"))
		s.say("%d %v", n, err)
		n, err = b.Read(buf)
		s.say("%q %v", buf[:n], err)
	}},
	{"short read", func(s *transcript, a, b unixConn) {
		buf := make([]byte, 3)
		a.Write([]byte("hello"))
		a.Write([]byte("world"))
		for range 2 {
			n, err := b.Read(buf)
			s.say("%q %v", buf[:n], err)
		}
	}},
	{"zero-length read", func(s *transcript, a, b unixConn) {
		n, err := b.Read(nil)
		s.say("nothing there: %d %v", n, err)
		a.Write([]byte("x"))
		n, err = b.Read([]byte{})
		s.say("something there: %d %v", n, err)
		b.SetReadDeadline(time.Unix(1, 0))
		n, err = b.Read(nil)
		s.say("late: %d %v", n, err)
		b.Close()
		n, err = b.Read(nil)
		s.say("closed: %d %v", n, err)
	}},
	{"zero-length write", func(s *transcript, a, b unixConn) {
		n, err := a.Write(nil)
		s.say("%d %v", n, err)
		a.Write([]byte("x"))
		b.SetReadDeadline(s.later())
		buf := make([]byte, 8)
		for range 2 {
			n, err = b.Read(buf)
			s.say("%q %v", buf[:n], err)
			if a.LocalAddr().Network() == "unix" {
				break
			}
		}
	}},
	{"zero-length message by ReadFrom", func(s *transcript, a, b unixConn) {
		a.Write(nil)
		a.Write([]byte("x"))
		buf := make([]byte, 8)
		n, addr, err := b.ReadFrom(buf)
		s.say("%q %v %v", buf[:n], addr, err)
		if a.LocalAddr().Network() != "unix" {
			n, uaddr, err := b.ReadFromUnix(nil)
			s.say("%d %v %v", n, uaddr, err)
		}
	}},
	{"end of file", func(s *transcript, a, b unixConn) {
		s.say("%v", a.CloseWrite())
		b.SetDeadline(s.later())
		if a.LocalAddr().Network() == "unixgram" {
			b.SetDeadline(s.soon())
		}
		n, err := b.Read(make([]byte, 1))
		if a.LocalAddr().Network() == "unixgram" {
			s.say("%d %v", n, err != nil)
		} else {
			s.say("%d %v", n, err)
			n, _, err = b.ReadFrom(make([]byte, 1))
			s.say("ReadFrom %d %v", n, err)
			n, oobn, flags, addr, err := b.ReadMsgUnix(make([]byte, 1), make([]byte, 16))
			s.say("ReadMsg %d %d %x %v %v", n, oobn, flags, addr, err)
		}
		n, err = a.Write([]byte("x"))
		s.say("write after CloseWrite: %d %v", n, err)
	}},
	{"CloseRead", func(s *transcript, a, b unixConn) {
		s.say("%v", a.CloseRead())
		n, err := b.Write([]byte("x"))
		s.say("the other writes: %d %v", n, err)
		a.SetDeadline(time.Unix(1, 0))
		n, err = a.Read(make([]byte, 1))
		s.say("late: %d %v", n, err)
	}},
	{"the other has closed", func(s *transcript, a, b unixConn) {
		s.say("%v", b.Close())
		n, err := a.Write([]byte("x"))
		s.say("write %d %v", n, err)
		n, err = a.Write([]byte("x"))
		s.say("write %d %v", n, err)
		n, err = a.Write(nil)
		s.say("write nothing %d %v", n, err)
		n, _, err = a.WriteMsgUnix([]byte("x"), nil, nil)
		s.say("WriteMsg %d %v", n, err)
		a.SetReadDeadline(s.soon())
		n, err = a.Read(make([]byte, 1))
		s.say("read %d %v", n, err)
		n, err = a.Read(make([]byte, 1))
		s.say("read %d %v", n, err)
	}},
	{"the other has closed with unread data", func(s *transcript, a, b unixConn) {
		a.Write([]byte("unread"))
		b.Close()
		a.SetReadDeadline(s.soon())
		n, err := a.Read(make([]byte, 1))
		s.say("read %d %v", n, err)
		n, err = a.Read(make([]byte, 1))
		s.say("read %d %v", n, err)
		n, err = a.Write([]byte("x"))
		s.say("write %d %v", n, err)
	}},
	{"closed", func(s *transcript, a, b unixConn) {
		s.say("%v", a.Close())
		s.say("Close %v", a.Close())
		n, err := a.Read(make([]byte, 1))
		s.say("Read %d %v", n, err)
		n, err = a.Write([]byte("x"))
		s.say("Write %d %v", n, err)
		n, err = a.Write(nil)
		s.say("Write nothing %d %v", n, err)
		s.say("CloseRead %v", a.CloseRead())
		s.say("CloseWrite %v", a.CloseWrite())
		s.say("SetDeadline %v", a.SetDeadline(time.Now()))
		s.say("SetReadDeadline %v", a.SetReadDeadline(time.Time{}))
		s.say("SetWriteDeadline %v", a.SetWriteDeadline(time.Time{}))
		s.say("SetReadBuffer %v", a.SetReadBuffer(1))
		s.say("SetWriteBuffer %v", a.SetWriteBuffer(1))
		n, addr, err := a.ReadFrom(make([]byte, 1))
		s.say("ReadFrom %d %v %v", n, addr, err)
		n, err = a.WriteTo([]byte("x"), &net.UnixAddr{Name: "/nowhere", Net: a.LocalAddr().Network()})
		s.say("WriteTo %d %v", n, err)
		n, oobn, flags, uaddr, err := a.ReadMsgUnix(make([]byte, 1), nil)
		s.say("ReadMsgUnix %d %d %x %v %v", n, oobn, flags, uaddr, err)
		n, oobn, err = a.WriteMsgUnix([]byte("x"), nil, nil)
		s.say("WriteMsgUnix %d %d %v", n, oobn, err)
		raw, err := a.SyscallConn()
		s.say("SyscallConn %v %v", raw != nil, err)
		s.say("Control %v", raw.Control(func(uintptr) {}))
		s.say("raw Read %v", raw.Read(func(uintptr) bool { return true }))
		s.say("raw Write %v", raw.Write(func(uintptr) bool { return true }))
		s.say("%v %v", a.LocalAddr(), a.RemoteAddr())
	}},
	{"deadlines", func(s *transcript, a, b unixConn) {
		for _, late := range []time.Time{time.Unix(1, 0), time.Unix(-1, 0), time.Now(), time.Now().Add(-time.Hour), s.soon()} {
			s.say("%v", a.SetReadDeadline(late))
			n, err := a.Read(make([]byte, 1))
			s.say("Read %d %v", n, err)
		}
		n, _, err := a.ReadFrom(make([]byte, 1))
		s.say("ReadFrom %d %v", n, err)
		n, oobn, flags, addr, err := a.ReadMsgUnix(make([]byte, 1), nil)
		s.say("ReadMsg %d %d %d %v %v", n, oobn, flags, addr, err)
		b.Write([]byte("x"))
		n, err = a.Read(make([]byte, 1))
		s.say("with data: %d %v", n, err)
		s.say("%v", a.SetReadDeadline(time.Time{}))
		n, err = a.Read(make([]byte, 1))
		s.say("without deadline: %d %v", n, err)
		s.say("%v", a.SetWriteDeadline(time.Unix(1, 0)))
		n, err = a.Write([]byte("x"))
		s.say("Write %d %v", n, err)
		n, err = a.Write(nil)
		s.say("Write nothing %d %v", n, err)
		n, oobn, err = a.WriteMsgUnix([]byte("x"), nil, nil)
		s.say("WriteMsg %d %d %v", n, oobn, err)
		raw, _ := a.SyscallConn()
		s.say("raw Write %v", raw.Write(func(uintptr) bool { return true }))
		s.say("raw Control %v", raw.Control(func(uintptr) {}))
	}},
	{"full", func(s *transcript, a, b unixConn) {
		a.SetWriteBuffer(1 << 14)
		a.SetWriteDeadline(s.soon())
		total, writes := 0, 0
		for {
			n, err := a.Write([]byte(long[:3000]))
			total += n
			if err != nil {
				s.say("%d bytes, %d writes, then %d %v", total, writes, n, err)
				break
			}
			writes++
		}
		a.SetWriteDeadline(s.soon())
		n, err := a.Write([]byte(long))
		s.say("more than all: %d %v", n, err)
	}},
	{"addresses given", func(s *transcript, a, b unixConn) {
		network := a.LocalAddr().Network()
		for _, addr := range []net.Addr{nil, (*net.UnixAddr)(nil), &net.TCPAddr{}, &net.UnixAddr{Net: "unix"}, &net.UnixAddr{Net: "tcp"},
			&net.UnixAddr{Name: "/no/such/name", Net: network}, &net.UnixAddr{Name: "@sockpair-test-none", Net: network},
			&net.UnixAddr{Name: long[:107], Net: network}, &net.UnixAddr{Name: long[:108], Net: network}, &net.UnixAddr{Name: long[:109], Net: network},
			&net.UnixAddr{Name: "@" + long[:107], Net: network}, &net.UnixAddr{Name: "", Net: network}} {
			n, err := a.WriteTo([]byte("x"), addr)
			s.say("WriteTo %d %v", n, err)
			if u, ok := addr.(*net.UnixAddr); ok {
				n, oobn, err := a.WriteMsgUnix([]byte("x"), nil, u)
				s.say("WriteMsgUnix %d %d %v", n, oobn, err)
			}
		}
	}},
	{"messages with flags", func(s *transcript, a, b unixConn) {
		n, oobn, err := a.WriteMsgUnix([]byte("hello"), nil, nil)
		s.say("%d %d %v", n, oobn, err)
		buf := make([]byte, 3)
		n, oobn, flags, addr, err := b.ReadMsgUnix(buf, make([]byte, 32))
		s.say("%q %d %x %v %v", buf[:n], oobn, flags, addr, err)
	}},
	{"only a control message", func(s *transcript, a, b unixConn) {
		n, oobn, err := a.WriteMsgUnix(nil, emu.Rights(), nil)
		s.say("%d %d %v", n, oobn, err)
		a.Write([]byte("next"))
		n, oobn, flags, addr, err := b.ReadMsgUnix(nil, make([]byte, 64))
		s.say("%d %d %x %v %v", n, oobn, flags, addr, err)
		buf := make([]byte, 8)
		n, err = b.Read(buf)
		s.say("%q %v", buf[:n], err)
	}},
	{"bad control messages", func(s *transcript, a, b unixConn) {
		n, oobn, err := a.WriteMsgUnix([]byte("x"), []byte{1, 2, 3}, nil)
		s.say("%d %d %v", n, oobn, err)
		n, oobn, err = a.WriteMsgUnix([]byte("x"), emu.Rights(12345), nil)
		s.say("%d %d %v", n, oobn, err)
	}},
	{"a control buffer that is too small", func(s *transcript, a, b unixConn) {
		raw, _ := a.SyscallConn()
		raw.Control(func(fd uintptr) { a.WriteMsgUnix([]byte("x"), emu.Rights(int(fd)), nil) })
		buf := make([]byte, 8)
		n, oobn, flags, _, err := b.ReadMsgUnix(buf, make([]byte, 8))
		s.say("%d %d %x %v", n, oobn, flags, err)
	}},
	{"too long for a message", func(s *transcript, a, b unixConn) {
		if a.LocalAddr().Network() == "unix" {
			return
		}
		n, err := a.Write([]byte(long))
		s.say("%d %v", n, err)
	}},
	{"buffers", func(s *transcript, a, b unixConn) {
		s.say("%v %v", a.SetReadBuffer(5000), a.SetWriteBuffer(5000))
		s.say("%v %v", a.SetReadBuffer(0), a.SetWriteBuffer(-1))
	}},
	{"zero-length write to a full buffer", func(s *transcript, a, b unixConn) {
		fill(a, s.wait)
		n, err := a.Write(nil)
		s.say("%d %v", n, err)
	}},
	{"raw reads wait", func(s *transcript, a, b unixConn) {
		raw, _ := a.SyscallConn()
		a.SetReadDeadline(s.soon())
		s.say("%v", raw.Read(func(uintptr) bool { return false }))
	}},
}

// hasControl are the programs that send control messages.
var hasControl = map[string]bool{"bad control messages": true, "a control buffer that is too small": true}

// TestSameAsPackageNet: a program sees the same values and errors as on a
// socketpair of the kernel that package net manages.
func TestSameAsPackageNet(t *testing.T) {
	for _, network := range []string{"unix", "unixgram", "unixpacket"} {
		for _, p := range programs {
			t.Run(network+"/"+p.name, func(t *testing.T) {
				var want string
				for i, w := range worlds {
					if i > 0 && hasControl[p.name] && (strconv.IntSize != 64 || runtime.GOOS != "linux") {
						t.Skip("the control messages of this program have another layout than the machine's: Linux x86-64")
					}
					run := func(s *transcript) {
						w.in(t, func(t *testing.T) {
							a, b, err := w.pair(network)
							require.NoError(t, err)
							p.run(s, a, b)
							a.Close()
							b.Close()
						})
					}
					if i == 0 {
						want = seenBy(run)
						continue
					}
					require.Equal(t, want, seenAgainBy(want, run), "%s = first, %s = second", worlds[0].name, w.name)
				}
			})
		}
	}
}
