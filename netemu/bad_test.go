package netemu_test

import (
	"errors"
	"io"
	"math"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/netemu"
)

// TestZeroValuesRefuse: every method of a nil pointer, and of one to a zero
// value, returns EINVAL, os.ErrInvalid of a file, and none panics.
func TestZeroValuesRefuse(t *testing.T) {
	for _, c := range []*netemu.UnixConn{nil, {}} {
		for name, call := range map[string]func() error{
			"Read":             func() error { _, err := c.Read(make([]byte, 1)); return err },
			"Write":            func() error { _, err := c.Write(nil); return err },
			"WriteBuffers":     func() error { _, err := c.WriteBuffers(&net.Buffers{nil}); return err },
			"ReadFrom":         func() error { _, _, err := c.ReadFrom(nil); return err },
			"ReadFromUnix":     func() error { _, _, err := c.ReadFromUnix(nil); return err },
			"ReadMsgUnix":      func() error { _, _, _, _, err := c.ReadMsgUnix(nil, nil); return err },
			"WriteTo":          func() error { _, err := c.WriteTo(nil, nil); return err },
			"WriteToUnix":      func() error { _, err := c.WriteToUnix(nil, nil); return err },
			"WriteMsgUnix":     func() error { _, _, err := c.WriteMsgUnix(nil, nil, nil); return err },
			"Close":            func() error { return c.Close() },
			"CloseRead":        func() error { return c.CloseRead() },
			"CloseWrite":       func() error { return c.CloseWrite() },
			"SetDeadline":      func() error { return c.SetDeadline(time.Now()) },
			"SetReadDeadline":  func() error { return c.SetReadDeadline(time.Time{}) },
			"SetWriteDeadline": func() error { return c.SetWriteDeadline(time.Time{}) },
			"SetReadBuffer":    func() error { return c.SetReadBuffer(1) },
			"SetWriteBuffer":   func() error { return c.SetWriteBuffer(1) },
			"SyscallConn":      func() error { _, err := c.SyscallConn(); return err },
			"File":             func() error { _, err := c.File(); return err },
		} {
			require.Equal(t, error(syscall.EINVAL), call(), name)
		}
		require.Nil(t, c.LocalAddr())
		require.Nil(t, c.RemoteAddr())
	}
	for _, l := range []*netemu.UnixListener{nil, {}} {
		_, err := l.Accept()
		require.Equal(t, error(syscall.EINVAL), err)
		require.Equal(t, error(syscall.EINVAL), l.Close())
		require.Equal(t, error(syscall.EINVAL), l.SetDeadline(time.Now()))
		_, err = l.SyscallConn()
		require.Equal(t, error(syscall.EINVAL), err)
		_, err = l.File()
		require.Equal(t, error(syscall.EINVAL), err)
		require.Nil(t, l.Addr())
	}
	for _, f := range []*netemu.File{nil, {}} {
		for name, call := range map[string]func() error{
			"Read":        func() error { _, err := f.Read(nil); return err },
			"Write":       func() error { _, err := f.WriteString(""); return err },
			"ReadFrom":    func() error { _, err := f.ReadFrom(nil); return err },
			"WriteTo":     func() error { _, err := f.WriteTo(nil); return err },
			"ReadAt":      func() error { _, err := f.ReadAt(nil, -1); return err },
			"Seek":        func() error { _, err := f.Seek(0, 0); return err },
			"Stat":        func() error { _, err := f.Stat(); return err },
			"Close":       func() error { return f.Close() },
			"SetDeadline": func() error { return f.SetDeadline(time.Now()) },
			"SyscallConn": func() error { _, err := f.SyscallConn(); return err },
			"FileConn":    func() error { _, err := netemu.FileConn(f); return errors.Unwrap(err) },
		} {
			require.ErrorIs(t, call(), os.ErrInvalid, name)
		}
		require.Equal(t, ^uintptr(0), f.Fd())
	}
	require.Nil(t, netemu.NewFile(netemu.New().Process(), -1, ""))
	require.Nil(t, netemu.NewFile(nil, 1, ""))
}

// TestNetsThatNobodyMadeRefuse: a nil Net, a zero one, and options without one.
func TestNetsThatNobodyMadeRefuse(t *testing.T) {
	for _, n := range []*netemu.Net{nil, {}} {
		_, _, err := n.Socketpair("unix")
		require.ErrorIs(t, err, syscall.EINVAL)
		_, err = n.Listen("unix", "x")
		require.ErrorIs(t, err, syscall.EINVAL)
		_, err = n.ListenPacket("unixgram", "x")
		require.ErrorIs(t, err, syscall.EINVAL)
		_, err = n.Dial("unix", "x")
		require.ErrorIs(t, err, syscall.EINVAL)
		require.Error(t, n.Command(echo).Run())
	}
	_, _, err := netemu.New().Socketpair("tcp")
	require.EqualError(t, err, "socketpair tcp: unknown network tcp")
}

// TestDeadlinesOfAllTimes: the least and the greatest time that there is.
func TestDeadlinesOfAllTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := netemu.Pipe()
		for _, late := range []time.Time{time.Unix(math.MinInt64/4, 0), time.Unix(-1, -1), time.Now(), time.Now().Add(math.MinInt64)} {
			require.NoError(t, a.SetDeadline(late))
			_, err := a.Read(make([]byte, 1))
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		}
		for _, far := range []time.Time{{}, time.Unix(math.MaxInt64/4, 0), time.Now().Add(math.MaxInt64)} {
			require.NoError(t, a.SetDeadline(far))
			b.Write([]byte("x"))
			_, err := a.Read(make([]byte, 1))
			require.NoError(t, err)
		}
		a.Close()
		b.Close()
	})
}

// TestBuffersOfAllSizes: writev takes 1024 at most in one call, and leaves out
// what is empty.
func TestBuffersOfAllSizes(t *testing.T) {
	a, b := netemu.Pipe()
	var v net.Buffers
	want := 0
	for i := range 3000 {
		v = append(v, make([]byte, i%3))
		want += i % 3
	}
	n, err := a.WriteBuffers(&v)
	require.NoError(t, err)
	require.EqualValues(t, want, n)
	require.Empty(t, v)
	n, err = a.WriteBuffers(&v)
	require.Zero(t, n)
	require.NoError(t, err)
	got, err := b.Read(make([]byte, 1<<26))
	require.NoError(t, err)
	require.Positive(t, got)

	a.SetWriteDeadline(time.Now().Add(time.Millisecond))
	v = net.Buffers{make([]byte, 1<<20), nil, make([]byte, 1<<20)}
	n, err = a.WriteBuffers(&v)
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	left := 0
	for _, b := range v {
		left += len(b)
	}
	require.EqualValues(t, 2<<20, int(n)+left, "what is written and what is left")
	a.Close()
	_, err = a.WriteBuffers(&v)
	require.ErrorIs(t, err, net.ErrClosed)
}

// TestTwoCloseAtOnce: one of them closes, the other gets net.ErrClosed, and the
// descriptor is closed once.
func TestTwoCloseAtOnce(t *testing.T) {
	n := netemu.New()
	for range 200 {
		a, b, _ := n.Socketpair("unix")
		var wg sync.WaitGroup
		errs := make([]error, 4)
		wg.Go(func() { a.Read(make([]byte, 1)) })
		for i := range errs {
			wg.Go(func() { errs[i] = a.Close() })
		}
		wg.Wait()
		closed := 0
		for _, err := range errs {
			if err == nil {
				closed++
				continue
			}
			require.ErrorIs(t, err, net.ErrClosed)
		}
		require.Equal(t, 1, closed)
		b.Close()
	}
	require.Equal(t, []int{0, 1, 2}, n.Process().Descriptors())
	require.NoError(t, n.Process().System().Check())
}

// TestClosedUnderneath: who closes the number itself finds EBADF, also in a
// call that waits.
func TestClosedUnderneath(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		a, _, _ := n.Socketpair("unix")
		raw, _ := a.SyscallConn()
		done := make(chan error)
		go func() { _, err := a.Read(make([]byte, 1)); done <- err }()
		synctest.Wait()
		raw.Control(func(fd uintptr) { n.Process().Close(int(fd)) })
		err := <-done
		number, ok := netemu.Errno(err)
		require.True(t, ok)
		require.Equal(t, errno.EBADF, number)
		require.Error(t, a.Close())
	})
}

// TestDescriptorsAreTheProcesss: a number means nothing in another process; a
// child that fork has made has copies, which are its own.
func TestDescriptorsAreTheProcesss(t *testing.T) {
	n := netemu.New()
	a, b, _ := n.Socketpair("unix")
	stranger := netemu.On(n.Process().System().NewProcess())
	fd := 0
	raw, _ := a.SyscallConn()
	raw.Control(func(n uintptr) { fd = int(n) })
	_, err := netemu.FileConn(netemu.NewFile(stranger.Process(), fd, "a"))
	require.ErrorIs(t, err, errno.EBADF.Host())
	child, _ := n.Process().Fork()
	c, err := netemu.FileConn(netemu.NewFile(child, fd, "a"))
	require.NoError(t, err)
	require.NoError(t, a.Close())
	c.Write([]byte("from the child"))
	c.Close()
	child.Exit(0)
	got, err := io.ReadAll(b)
	require.NoError(t, err)
	require.Equal(t, "from the child", string(got))
}

// TestTheProcessEnds: calls that wait and later ones say how it has ended.
func TestTheProcessEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		a, _, _ := n.Socketpair("unix")
		l, _ := n.Listen("unix", "/tmp/l")
		errs := make(chan error, 4)
		go func() { _, err := a.Read(make([]byte, 1)); errs <- err }()
		go func() { _, err := l.Accept(); errs <- err }()
		synctest.Wait()
		n.Process().Exit(7)
		errs <- a.CloseWrite()
		_, err := n.Dial("unix", "/tmp/l")
		errs <- err
		for range 4 {
			var ended *emu.Ended
			require.ErrorAs(t, <-errs, &ended)
			require.Equal(t, 7, ended.Code)
		}
		require.Error(t, a.Close())
		require.Error(t, l.Close())
	})
}

// TestLimitsAreMet: a machine that has no more descriptors says so, also to
// Accept, which goes on when there are some again.
func TestLimitsAreMet(t *testing.T) {
	sys, err := emu.New(emu.Config{SoftFiles: 4})
	require.NoError(t, err)
	n := netemu.On(sys.NewProcess())
	l, err := n.Listen("unix", "/tmp/l")
	require.NoError(t, err)
	c, err := n.Dial("unix", "/tmp/l")
	require.NoError(t, err)
	_, _, err = n.Socketpair("unix")
	require.NoError(t, err)
	_, _, err = n.Socketpair("unix")
	require.ErrorIs(t, err, errno.EMFILE.Host())
	_, err = n.Dial("unix", "/tmp/l")
	require.EqualError(t, err, "dial unix /tmp/l: socket: "+errno.EMFILE.Host().Error())
	_, err = l.Accept()
	require.EqualError(t, err, "accept unix /tmp/l: accept4: "+errno.EMFILE.Host().Error())
	require.NoError(t, n.Process().Close(3))
	d, err := l.Accept()
	require.NoError(t, err)
	_, err = d.(*netemu.UnixConn).File()
	require.ErrorIs(t, err, errno.EMFILE.Host())
	c.Close()
	d.Close()
	l.Close()
}

// TestSigpipeIsIgnored: unless the process has a disposition of its own.
func TestSigpipeIsIgnored(t *testing.T) {
	sys, _ := emu.New(emu.Config{})
	p := sys.NewProcess()
	a, b, _ := netemu.On(p).Socketpair("unix")
	b.Close()
	_, err := a.Write([]byte("x"))
	require.ErrorIs(t, err, errno.EPIPE.Host())

	handled := 0
	p.Signal(emu.SIGPIPE, func(emu.Signal) { handled++ })
	a, b, _ = netemu.On(p).Socketpair("unix")
	b.Close()
	a.Write([]byte("x"))
	require.Equal(t, 1, handled)
}

// TestErrnoIsFound: in every dress, and nowhere else.
func TestErrnoIsFound(t *testing.T) {
	for _, c := range []struct {
		err  error
		want errno.Errno
	}{
		{errno.EPIPE, errno.EPIPE},
		{errno.ECONNRESET.Host(), errno.ECONNRESET},
		{&net.OpError{Err: os.NewSyscallError("read", errno.ECONNRESET.Host())}, errno.ECONNRESET},
		{&os.PathError{Err: errno.EINVAL.Host()}, errno.EINVAL},
		{io.EOF, 0}, {nil, 0}, {os.ErrDeadlineExceeded, 0}, {net.ErrClosed, 0},
	} {
		got, ok := netemu.Errno(c.err)
		require.Equal(t, c.want, got, "%v", c.err)
		require.Equal(t, c.want != 0, ok)
	}
}
