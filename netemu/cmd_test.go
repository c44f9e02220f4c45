package netemu_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/netemu"
)

// echo is a program that sends back what comes on descriptor 3.
func echo(n *netemu.Net, args, env []string) int {
	f := netemu.NewFile(n.Process(), 3, "socket")
	if _, err := io.Copy(f, struct{ io.Reader }{f}); err != nil {
		return 1
	}
	return len(args)
}

// handOver makes a pair, one end of which is for a child.
func handOver(t *testing.T, n *netemu.Net, network string) (*netemu.UnixConn, *netemu.File) {
	a, b, err := n.Socketpair(network)
	require.NoError(t, err)
	f, err := b.File()
	require.NoError(t, err)
	require.NoError(t, b.Close())
	return a, f
}

// TestChildHasExtraFilesFromThree: and nothing else; it ends with its status.
func TestChildHasExtraFilesFromThree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		conn, f := handOver(t, n, "unix")
		cmd := n.Command(echo, "echo", "-n")
		cmd.ExtraFiles = []*netemu.File{f}
		require.NoError(t, cmd.Start())
		f.Close()
		conn.Write([]byte("hello"))
		buf := make([]byte, 8)
		k, err := conn.Read(buf)
		require.NoError(t, err)
		require.Equal(t, "hello", string(buf[:k]))
		conn.CloseWrite()
		k, err = conn.Read(buf)
		require.Zero(t, k)
		require.Equal(t, io.EOF, err)
		err = cmd.Wait()
		var exit *netemu.ExitError
		require.ErrorAs(t, err, &exit)
		require.Equal(t, "exit status 2", err.Error())
		require.Equal(t, 2, cmd.ProcessState.ExitCode())
		require.True(t, cmd.ProcessState.Exited())
		require.Equal(t, cmd.Process.Pid, cmd.ProcessState.Pid())
		require.Error(t, cmd.Wait(), "a second Wait")
		require.Error(t, cmd.Start(), "a second Start")
		require.Equal(t, os.ErrProcessDone, cmd.Process.Kill())
		conn.Close()
		require.Equal(t, []int{0, 1, 2}, n.Process().Descriptors())
	})
}

// TestChildFindsItsDescriptors: the standard ones, a gap where nil stood.
func TestChildFindsItsDescriptors(t *testing.T) {
	n := netemu.New()
	_, f := handOver(t, n, "unixpacket")
	var found []string
	cmd := n.Command(func(n *netemu.Net, args, env []string) int {
		for _, d := range n.Process().ListDescriptors() {
			found = append(found, d.Link[:strings.IndexAny(d.Link+":", ":")])
		}
		found = append(found, env...)
		return 0
	})
	cmd.ExtraFiles = []*netemu.File{nil, f}
	cmd.Env = []string{"A=b"}
	require.NoError(t, cmd.Run())
	require.Len(t, found, 5)
	require.Equal(t, []string{"socket", "A=b"}, found[3:])
}

// TestChildIsKilled: by Kill, by another signal, and by its context; its end
// closes its descriptors.
func TestChildIsKilled(t *testing.T) {
	for want, end := range map[string]func(*netemu.Cmd, context.CancelFunc) error{
		"signal: killed":     func(c *netemu.Cmd, _ context.CancelFunc) error { return c.Process.Kill() },
		"signal: terminated": func(c *netemu.Cmd, _ context.CancelFunc) error { return c.Process.Signal(emu.SIGTERM) },
		"signal: killed ":    func(_ *netemu.Cmd, cancel context.CancelFunc) error { cancel(); return nil },
	} {
		t.Run(want, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				n := netemu.New()
				conn, f := handOver(t, n, "unix")
				cmd := n.CommandContext(ctx, echo, "echo")
				cmd.ExtraFiles = []*netemu.File{f}
				require.NoError(t, cmd.Start())
				f.Close()
				synctest.Wait()
				require.NoError(t, end(cmd, cancel))
				err := cmd.Wait()
				require.EqualError(t, err, strings.TrimSpace(want))
				require.Equal(t, -1, cmd.ProcessState.ExitCode())
				_, err = conn.Read(make([]byte, 1))
				require.Equal(t, io.EOF, err)
			})
		})
	}
}

// TestAContextThatIsDoneTooLateIsNoError: of a child that has exited with 0, and
// that the context has not killed, as with os/exec.
func TestAContextThatIsDoneTooLateIsNoError(t *testing.T) {
	var killed atomic.Bool
	n := on(t, emu.Config{Observer: func(e emu.Event) {
		if e.Kind == emu.EventExit && e.Call == "kill" && e.Err == 0 {
			killed.Store(true)
		}
	}})
	for range 3000 {
		killed.Store(false)
		ctx, cancel := context.WithCancel(t.Context())
		cmd := n.CommandContext(ctx, func(*netemu.Net, []string, []string) int { return 0 }, "true")
		require.NoError(t, cmd.Start())
		var canceller sync.WaitGroup
		canceller.Go(func() {
			for range rand.IntN(3) {
				runtime.Gosched()
			}
			cancel()
		})
		err := cmd.Wait()
		canceller.Wait()
		if err != nil {
			require.True(t, killed.Load(), "Wait = %v, and nobody has killed the child", err)
		}
	}
}

// TestStartRefuses: each in turn, and nothing is left behind.
func TestStartRefuses(t *testing.T) {
	n := netemu.New()
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, closed := handOver(t, n, "unix")
	closed.Close()
	_, others := handOver(t, netemu.New(), "unix")
	child, _ := n.Process().Fork()
	_, forked := handOver(t, netemu.On(child), "unix")
	with := func(f *netemu.File) *netemu.Cmd {
		c := n.Command(echo, "echo")
		c.ExtraFiles = []*netemu.File{f}
		return c
	}
	for name, c := range map[string]struct {
		cmd  *netemu.Cmd
		want error
	}{
		"a context that is done":     {n.CommandContext(done, echo), context.Canceled},
		"no program":                 {n.Command(nil, "nothing"), nil},
		"a file of another machine":  {with(others), os.ErrInvalid},
		"a file of another process":  {with(forked), os.ErrInvalid},
		"a closed file":              {with(closed), nil},
		"a Cmd that no Net has made": {&netemu.Cmd{Program: echo}, nil},
	} {
		err := c.cmd.Run()
		require.Error(t, err, name)
		if c.want != nil {
			require.ErrorIs(t, err, c.want, name)
		}
		require.Error(t, c.cmd.Wait(), name)
	}
}

// TestSocketsAreHandedToAService: as a service manager does it. The clients
// that came before the service was there are served too.
func TestSocketsAreHandedToAService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		l, err := n.Listen("unix", "/run/service")
		require.NoError(t, err)
		lf, err := l.(*netemu.UnixListener).File()
		require.NoError(t, err)
		early, err := n.Dial("unix", "/run/service")
		require.NoError(t, err)

		_, other := handOver(t, n, "unix")
		service := n.Command(func(n *netemu.Net, args, env []string) int {
			files, err := netemu.ListenFiles(n.Process(), env)
			if err != nil || len(files) != 2 {
				return 9
			}
			listeners, err := netemu.Listeners(n.Process(), env)
			if err != nil || len(listeners) != 1 {
				return 8
			}
			for range 2 {
				c, _ := listeners[0].Accept()
				c.Write([]byte(listeners[0].Addr().String()))
				c.Close()
			}
			return 0
		}, "service")
		service.Activate(lf, other)
		require.NoError(t, service.Start())
		late, err := n.Dial("unix", "/run/service")
		require.NoError(t, err)
		for _, c := range []net.Conn{early, late} {
			b, err := io.ReadAll(c)
			require.NoError(t, err)
			require.Equal(t, "/run/service", string(b))
		}
		require.NoError(t, service.Wait())
	})
}

// TestListenersOfABadEnvironment: that of another process has none; what cannot
// be read is an error.
func TestListenersOfABadEnvironment(t *testing.T) {
	p := netemu.New().Process()
	for env, fails := range map[string]bool{
		"":                              false,
		"LISTEN_FDS=1":                  false,
		"LISTEN_PID=1 LISTEN_FDS=1":     false,
		"LISTEN_PID=x LISTEN_FDS=1":     true,
		"LISTEN_PID=1000 LISTEN_FDS=-1": true,
		"LISTEN_PID=1000 LISTEN_FDS=x":  true,
		"LISTEN_PID=1000 LISTEN_FDS=99999999999999": true,
		"LISTEN_PID=1000 LISTEN_FDS=1":              true, // descriptor 3 is not open
		"LISTEN_PID=1000 LISTEN_FDS=0":              false,
	} {
		l, err := netemu.Listeners(p, strings.Fields(env))
		require.Empty(t, l, env)
		require.Equal(t, fails, err != nil, "%q: %v", env, err)
	}
}

// TestReadyIsTold: the datagram with which a service tells its manager.
func TestReadyIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := netemu.New()
		notify, err := n.ListenUnixgram("unixgram", &net.UnixAddr{Name: "/run/notify", Net: "unixgram"})
		require.NoError(t, err)
		service := n.Command(func(n *netemu.Net, args, env []string) int {
			c, err := n.DialUnix("unixgram", nil, &net.UnixAddr{Name: strings.TrimPrefix(env[0], "NOTIFY_SOCKET="), Net: "unixgram"})
			if err != nil {
				return 1
			}
			defer c.Close()
			time.Sleep(time.Minute) // it takes its time
			c.Write([]byte("READY=1"))
			return 0
		})
		service.Env = []string{"NOTIFY_SOCKET=/run/notify"}
		require.NoError(t, service.Start())
		buf := make([]byte, 64)
		notify.SetReadDeadline(time.Now().Add(time.Second))
		_, err = notify.Read(buf)
		require.True(t, errors.Is(err, os.ErrDeadlineExceeded))
		notify.SetReadDeadline(time.Time{})
		k, err := notify.Read(buf)
		require.NoError(t, err)
		require.Equal(t, "READY=1", string(buf[:k]))
		require.NoError(t, service.Wait())
	})
}
