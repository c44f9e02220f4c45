package netemu_test

import (
	"io"
	"io/fs"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/netemu"
)

// file are the methods of *os.File that *netemu.File has.
type file interface {
	io.ReadWriteCloser
	io.ReaderAt
	io.WriterAt
	io.Seeker
	io.StringWriter
	io.ReaderFrom
	io.WriterTo
	syscall.Conn
	Name() string
	Fd() uintptr
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(int64) error
	SetDeadline(time.Time) error
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

var _ file = (*netemu.File)(nil)

// fileWorld makes files and connections of them.
type fileWorld struct {
	name string
	in   func(t *testing.T, f func(*testing.T))
	// pair are the ends of a socketpair of the type, which may have
	// SOCK_NONBLOCK; the files are named "end".
	pair           func(typ int) (a, b file)
	pipe           func() (r, w file)
	bad            func() file // of a number that is not open
	fileConn       func(file) (net.Conn, error)
	filePacketConn func(file) (net.PacketConn, error)
	fileListener   func(file) (net.Listener, error)
	fileOf         func(c any) (file, error) // of a net.Conn or net.Listener
	listen         func(name string) net.Listener
}

func emulatedFiles() fileWorld {
	n := netemu.New()
	p := n.Process()
	return fileWorld{"emulator", synctest.Test,
		func(typ int) (a, b file) {
			x, y, _ := p.Pair(typ)
			return netemu.NewFile(p, x, "end"), netemu.NewFile(p, y, "end")
		},
		func() (r, w file) {
			var fds [2]int
			p.Pipe2(&fds, emu.O_NONBLOCK)
			return netemu.NewFile(p, fds[0], "end"), netemu.NewFile(p, fds[1], "end")
		},
		func() file { return netemu.NewFile(p, 999, "end") },
		func(f file) (net.Conn, error) { return netemu.FileConn(f.(*netemu.File)) },
		func(f file) (net.PacketConn, error) { return netemu.FilePacketConn(f.(*netemu.File)) },
		func(f file) (net.Listener, error) { return netemu.FileListener(f.(*netemu.File)) },
		func(c any) (file, error) {
			f, err := c.(interface{ File() (*netemu.File, error) }).File()
			return orNil(f, err, func(f *netemu.File) file { return f })
		},
		func(name string) net.Listener { l, _ := n.Listen("unix", name); return l },
	}
}

var fileWorlds = []func() fileWorld{emulatedFiles}

// filePrograms are programs about files, run as those of TestSameAsPackageNet.
var filePrograms = []struct {
	name string
	run  func(s *transcript, w fileWorld)
}{
	{"data", func(s *transcript, w fileWorld) {
		for _, typ := range []int{emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET} {
			for _, flags := range []int{0, emu.SOCK_NONBLOCK} {
				a, b := w.pair(typ | flags)
				n, err := a.WriteString("hello")
				s.say("%d %v", n, err)
				buf := make([]byte, 3)
				n, err = b.Read(buf)
				s.say("%q %v", buf[:n], err)
				n, err = b.Read(nil)
				s.say("nothing: %d %v", n, err)
				n, err = b.Write(nil)
				s.say("nothing: %d %v", n, err)
				if typ != emu.SOCK_STREAM {
					n, err = a.Read(buf)
					s.say("an empty message: %d %v", n, err)
				}
				b.Close()
				n, err = a.Write([]byte("x"))
				s.say("%d %v", n, err)
				a.Close()
				a, b = w.pair(typ | flags)
				a.Write([]byte("unread"))
				b.Close()
				if typ != emu.SOCK_DGRAM { // which would wait for ever
					n, err = a.Read(buf)
					s.say("%d %v", n, err)
				}
				a.Close()
			}
		}
	}},
	{"a socket is no file", func(s *transcript, w fileWorld) {
		a, b := w.pair(emu.SOCK_STREAM)
		b.Write([]byte("data"))
		n, err := a.ReadAt(make([]byte, 1), 0)
		s.say("%d %v", n, err)
		n, err = a.ReadAt(nil, 0)
		s.say("%d %v", n, err)
		n, err = a.ReadAt(make([]byte, 1), -1)
		s.say("%d %v", n, err)
		n, err = a.WriteAt([]byte("x"), 0)
		s.say("%d %v", n, err)
		n, err = a.WriteAt([]byte("x"), -1)
		s.say("%d %v", n, err)
		at, err := a.Seek(0, io.SeekStart)
		s.say("%d %v", at, err)
		at, err = a.Seek(0, 77)
		s.say("%d %v", at, err)
		s.say("%v", a.Sync())
		s.say("%v", a.Truncate(0))
		info, err := a.Stat()
		s.say("%v", err)
		s.say("%s %d %v %v", info.Name(), info.Size(), info.Mode(), info.IsDir())
		r, p := w.pipe()
		info, err = r.Stat()
		s.say("%s %d %v %v %v", info.Name(), info.Size(), info.Mode(), info.IsDir(), err)
		r.Close()
		n, err = p.Write([]byte("x"))
		s.say("%d %v", n, err)
		p.Close()
		a.Close()
		b.Close()
	}},
	{"closed", func(s *transcript, w fileWorld) {
		for _, flags := range []int{0, emu.SOCK_NONBLOCK} {
			a, b := w.pair(emu.SOCK_STREAM | flags)
			b.Close()
			s.say("%v", a.Close())
			s.say("%v", a.Close())
			n, err := a.Read(make([]byte, 1))
			s.say("%d %v", n, err)
			n, err = a.Read(nil)
			s.say("%d %v", n, err)
			n, err = a.Write([]byte("x"))
			s.say("%d %v", n, err)
			n, err = a.ReadAt(make([]byte, 1), 0)
			s.say("%d %v", n, err)
			_, err = a.Seek(0, 0)
			s.say("%v", err)
			_, err = a.Stat()
			s.say("%v", err)
			s.say("%v", a.Sync())
			s.say("%v %v %v", a.SetDeadline(time.Time{}), a.SetReadDeadline(time.Time{}), a.SetWriteDeadline(time.Unix(1, 0)))
			s.say("%v %s", a.Fd() == ^uintptr(0), a.Name())
			raw, err := a.SyscallConn()
			s.say("%v", err)
			s.say("%v", raw.Control(func(uintptr) {}))
			s.say("%v", raw.Read(func(uintptr) bool { return true }))
			s.say("%v", raw.Write(func(uintptr) bool { return true }))
			c, err := w.fileConn(a)
			s.say("%v %v", c, err)
		}
	}},
	{"deadlines", func(s *transcript, w fileWorld) {
		a, b := w.pair(emu.SOCK_STREAM)
		s.say("blocking: %v %v %v", a.SetDeadline(time.Now()), a.SetReadDeadline(time.Time{}), a.SetWriteDeadline(time.Now()))
		a.Close()
		b.Close()
		a, b = w.pair(emu.SOCK_STREAM | emu.SOCK_NONBLOCK)
		s.say("%v", a.SetReadDeadline(s.soon()))
		n, err := a.Read(make([]byte, 1))
		s.say("%d %v", n, err)
		s.say("%v", a.SetDeadline(time.Unix(1, 0)))
		n, err = a.Write([]byte("x"))
		s.say("%d %v", n, err)
		fd := a.Fd()
		s.say("%v %v", fd > 2, a.SetDeadline(time.Time{}))
		a.Close()
		b.Close()
	}},
	{"closed while a call waits in blocking mode", func(s *transcript, w fileWorld) {
		a, b := w.pair(emu.SOCK_STREAM)
		done := make(chan struct{})
		go func() {
			buf := make([]byte, 8)
			n, err := a.Read(buf)
			s.say("%q %v", buf[:n], err)
			close(done)
		}()
		time.Sleep(s.wait) // it begins to
		s.say("%v", a.Close())
		b.Write([]byte("late"))
		<-done
		n, err := b.Write([]byte("x"))
		s.say("%d %v", n, err)
		b.Close()
	}},
	{"a number that is not open", func(s *transcript, w fileWorld) {
		f := w.bad()
		n, err := f.Read(make([]byte, 1))
		s.say("%d %v", n, err)
		n, err = f.Write([]byte("x"))
		s.say("%d %v", n, err)
		_, err = f.Stat()
		s.say("%v", err)
		_, err = w.fileConn(f)
		s.say("%v", err)
		s.say("%v", f.SetDeadline(time.Time{}))
		s.say("%v", f.Close())
	}},
	{"connections of files", func(s *transcript, w fileWorld) {
		for _, typ := range []int{emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET} {
			a, b := w.pair(typ)
			c, err := w.fileConn(a)
			s.say("%v %v", err, a.Close())
			d, err := w.filePacketConn(b)
			s.say("%v %v", err, b.Close())
			s.say("%#v %#v", c.LocalAddr(), d.LocalAddr())
			c.Write([]byte("hello"))
			buf := make([]byte, 8)
			n, from, err := d.ReadFrom(buf)
			s.say("%q %v %v", buf[:n], from, err)
			c.Close()
			d.Close()
		}
		r, p := w.pipe()
		c, err := w.fileConn(r)
		s.say("%v %v", c, err)
		pc, err := w.filePacketConn(r)
		s.say("%v %v", pc, err)
		l, err := w.fileListener(r)
		s.say("%v %v", l, err)
		r.Close()
		p.Close()
	}},
	{"files of connections", func(s *transcript, w fileWorld) {
		a, b := w.pair(emu.SOCK_STREAM)
		c, _ := w.fileConn(a)
		a.Close()
		f, err := w.fileOf(c)
		s.say("%v %s", err, f.Name())
		s.say("%v", c.Close())
		b.Write([]byte("hello"))
		buf := make([]byte, 8)
		n, err := f.Read(buf)
		s.say("%q %v", buf[:n], err)
		s.say("%v", f.SetReadDeadline(time.Unix(1, 0)))
		n, err = f.Read(buf)
		s.say("%d %v", n, err)
		s.say("%v", f.Fd() > 2)
		s.say("%v", f.SetReadDeadline(time.Time{}))
		_, err = w.fileOf(c)
		s.say("%v", err)
		f.Close()
		n, err = b.Read(buf)
		s.say("%d %v", n, err)
		b.Close()
	}},
	{"listeners of files", func(s *transcript, w fileWorld) {
		l := w.listen("server")
		f, err := w.fileOf(l)
		s.say("%v %s", err, f.Name())
		m, err := w.fileListener(f)
		s.say("%v %#v", err, m.Addr())
		f.Close()
		s.say("%v", m.Close())
		again, err := w.fileOf(l)
		s.say("%v", err)
		again.Close()
		c, err := w.fileConn(again)
		s.say("%v %v", c, err)
		s.say("%v", l.Close())
		_, err = w.fileOf(l)
		s.say("%v", err)
	}},
	{"copying", func(s *transcript, w fileWorld) {
		a, b := w.pair(emu.SOCK_STREAM)
		r, p := w.pipe()
		p.Write([]byte("through a pipe"))
		p.Close()
		n, err := a.ReadFrom(r)
		s.say("%d %v", n, err)
		a.Close()
		var out writer
		n, err = b.WriteTo(&out)
		s.say("%d %v %s", n, err, out)
		b.Close()
		r.Close()
	}},
}

type writer []byte

func (w *writer) Write(b []byte) (int, error) { *w = append(*w, b...); return len(b), nil }

// TestFilesAreSameAsPackageOS: files, and connections made of them, give the
// values and errors that packages os and net give on the kernel.
func TestFilesAreSameAsPackageOS(t *testing.T) {
	for _, p := range filePrograms {
		want := ""
		for i, make := range fileWorlds {
			w := make()
			t.Run(p.name+"/"+w.name, func(t *testing.T) {
				run := func(s *transcript) { w.in(t, func(*testing.T) { p.run(s, w) }) }
				if i == 0 {
					want = seenBy(run)
					return
				}
				require.Equal(t, want, seenAgainBy(want, run), "%s is second", w.name)
			})
		}
	}
}
