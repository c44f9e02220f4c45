//go:build linux

package unixemu_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"sockpair/emu"
	"sockpair/unixemu"
)

// A parent hands an end of a pair to its child as descriptor 3, as os/exec does
// with ExtraFiles. The child's program and what the parent does are the same
// on both sides; how a process is started is not.

// childMain is the program of the child: it answers with what it was sent and
// what it is, and exits with 7 at the end.
func childMain(c unixemu.Calls) int {
	buf := make([]byte, 100)
	for {
		n, err := c.Read(3, buf)
		if err != nil {
			return 1
		}
		if n == 0 {
			return 7
		}
		cred, err := c.GetsockoptUcred(3, unix.SOL_SOCKET, unix.SO_PEERCRED)
		if err != nil {
			return 2
		}
		answer := fmt.Sprintf("%s %d %t", buf[:n], n, int(cred.Pid) == c.Getppid())
		if _, err := c.Write(3, []byte(answer)); err != nil {
			return 3
		}
	}
}

const childMark = "UNIXEMU_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childMark) != "" {
		os.Exit(childMain(unixemu.Host{}))
	}
	os.Exit(m.Run())
}

func TestAChildGetsAnEnd(t *testing.T) {
	t.Run("host", func(t *testing.T) {
		parentOf(t, unixemu.Host{}, func(fd int) (wait func() int) {
			dup, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
			require.NoError(t, err)
			file := os.NewFile(uintptr(dup), "end")
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), childMark+"=1")
			cmd.ExtraFiles = []*os.File{file}
			require.NoError(t, cmd.Start())
			require.NoError(t, file.Close())
			return func() int {
				cmd.Wait()
				return cmd.ProcessState.ExitCode()
			}
		})
	})
	t.Run("emulator", func(t *testing.T) {
		p := emulated(t)
		parentOf(t, p, func(fd int) (wait func() int) {
			child, err := p.Emulated().Start(emu.ProcAttr{Files: []int{-1, -1, -1, fd}}, func(c *emu.Process) int {
				return childMain(unixemu.New(c))
			})
			require.NoError(t, err)
			return func() int {
				_, status, err := p.Emulated().Wait4(child.Getpid(), 0)
				require.NoError(t, err)
				return status.ExitStatus()
			}
		})
	})
}

func parentOf(t *testing.T, c unixemu.Calls, start func(fd int) (wait func() int)) {
	fds, err := c.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	wait := start(fds[1])
	require.NoError(t, c.Close(fds[1]))
	for _, s := range []string{"one", "three"} {
		_, err := c.Write(fds[0], []byte(s))
		require.NoError(t, err)
		buf := make([]byte, 100)
		n, err := c.Read(fds[0], buf)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%s %d true", s, len(s)), string(buf[:n]))
	}
	require.NoError(t, c.Shutdown(fds[0], unix.SHUT_WR))
	require.Equal(t, 7, wait())
	n, err := c.Read(fds[0], make([]byte, 1))
	require.NoError(t, err)
	require.Zero(t, n) // the child had the last descriptor of the other end
	require.NoError(t, c.Close(fds[0]))
}
