package fuzz

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sockpair/emu"
	"sockpair/errno"
)

// limited are machines with one limit each, and the errno above it.
var limited = []struct {
	name  string
	err   errno.Errno
	limit func(c *emu.Config, n int)
}{
	{"RLIMIT_NOFILE", errno.EMFILE, func(c *emu.Config, n int) { c.SoftFiles = n }},
	{"MaxFiles", errno.ENFILE, func(c *emu.Config, n int) { c.MaxFiles = n }},
	{"MaxSockets", errno.ENOBUFS, func(c *emu.Config, n int) { c.MaxSockets = n }},
}

// socketpair takes two descriptors, files and sockets or none, at every limit
// and with every set of numbers in use.
func TestPairIsMadeWholeOrNotAtAll(t *testing.T) {
	for _, l := range limited {
		for _, rules := range []*emu.Personality{emu.Linux(), emu.POSIX()} {
			t.Run(l.name+"/"+rules.Name, func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					n := rapid.IntRange(1, 9).Draw(t, l.name)
					c := emu.Config{Personality: rules}
					l.limit(&c, n)
					s, err := emu.New(c)
					require.NoError(t, err)
					fillToLimit(t, s, s.NewProcess(), n, l.err)
				})
			})
		}
	}
}

// fillToLimit makes and closes descriptors at random; want is the only errno
// that socketpair may have, and only when there is no room for two.
func fillToLimit(t *rapid.T, s *emu.System, p *emu.Process, limit int, want errno.Errno) {
	typ := rapid.SampledFrom([]int{emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET})
	for range rapid.IntRange(1, 30).Draw(t, "steps") {
		open := p.Descriptors()
		if len(open) > 0 && rapid.IntRange(0, 2).Draw(t, "close") == 0 {
			require.NoError(t, p.Close(rapid.SampledFrom(open).Draw(t, "fd")))
			continue
		}
		files := s.Files()
		sv := [2]int{-5, -6}
		err := p.Socketpair(emu.AF_UNIX, typ.Draw(t, "type"), 0, &sv)
		room := limit-len(open) >= 2
		switch {
		case room && err != nil:
			t.Fatalf("socketpair with %v open of %d = %v, want 0", open, limit, err)
		case !room && err != want:
			t.Fatalf("socketpair with %v open of %d = %v, want %v", open, limit, err, want)
		case !room && (!slices.Equal(p.Descriptors(), open) || s.Files() != files):
			t.Fatalf("a failed socketpair left descriptors %v and %d files, want %v and %d", p.Descriptors(), s.Files(), open, files)
		case room && !slices.Equal(p.Descriptors(), lowestTwo(open, sv)):
			t.Fatalf("socketpair made %v beside %v: not the lowest two", sv, open)
		}
		require.NoError(t, s.Check())
	}
	for _, fd := range p.Descriptors() {
		require.NoError(t, p.Close(fd))
	}
	require.Zero(t, s.Files())
}

// lowestTwo adds the two lowest numbers that are free, if they are sv's.
func lowestTwo(open []int, sv [2]int) []int {
	for n, fd := 0, 0; n < 2; fd++ {
		if !slices.Contains(open, fd) {
			if sv[n] != fd {
				return nil
			}
			n++
		}
	}
	all := append(slices.Clone(open), sv[0], sv[1])
	slices.Sort(all)
	return all
}

// A fork that happens while pairs are made shows both ends of a pair or none,
// and never one that was marked close-on-fork; after an exec there is none that
// was marked close-on-exec [SP-06, FD-01, FD-02, FD-03].
func TestForkAmidstPairsSeesWholeOnes(t *testing.T) {
	s, err := emu.New(emu.Config{Personality: emu.POSIX(), SoftFiles: 4096})
	require.NoError(t, err)
	p := s.NewProcess()
	var makers, forkers sync.WaitGroup
	stop := make(chan struct{})
	for flags := range 4 {
		makers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					makeAndClose(t, p, flags)
					runtime.Gosched() // where nobody is preempted, as in wasm
				}
			}
		})
	}
	for range 3 {
		forkers.Go(func() {
			for range 200 {
				forkAndExec(t, s, p)
			}
		})
	}
	forkers.Wait()
	close(stop)
	makers.Wait()
	require.NoError(t, s.Check())
	p.Exit(0)
	require.Zero(t, s.Files())
}

// makeAndClose makes a pair, CLOEXEC if flags has 1, CLOFORK if it has 2, and
// closes it again.
func makeAndClose(t *testing.T, p *emu.Process, flags int) {
	typ := emu.SOCK_STREAM
	if flags&1 != 0 {
		typ |= emu.SOCK_CLOEXEC
	}
	if flags&2 != 0 {
		typ |= emu.SOCK_CLOFORK
	}
	a, b, err := p.Pair(typ)
	if err != nil || p.Close(a) != nil || p.Close(b) != nil {
		t.Errorf("a pair with flags %d could not be made and closed: %v", flags, err)
	}
}

func forkAndExec(t *testing.T, s *emu.System, p *emu.Process) {
	child, err := p.Fork()
	if err != nil {
		t.Errorf("fork() = %v", err)
		return
	}
	for _, fd := range child.Descriptors() {
		if flags, err := child.Fcntl(fd, emu.F_GETFD, 0); err != nil || flags&emu.FD_CLOFORK != 0 {
			t.Errorf("F_GETFD of a descriptor after fork = %#x, %v", flags, err)
		}
	}
	if err := child.Exec(); err != nil {
		t.Errorf("exec() = %v", err)
	}
	for _, fd := range child.Descriptors() {
		if flags, err := child.Fcntl(fd, emu.F_GETFD, 0); err != nil || flags != 0 {
			t.Errorf("F_GETFD of a descriptor after exec = %#x, %v", flags, err)
		}
	}
	child.Exit(0)
	if _, _, err := p.Wait4(child.Getpid(), 0); err != nil {
		t.Errorf("wait4 = %v", err)
	}
}

// Bytes and messages that several blocking tasks send and several receive are
// all received, once, in each sender's order, messages whole.
func TestNothingIsLostBetweenTasks(t *testing.T) {
	for _, rules := range []*emu.Personality{emu.Linux(), emu.POSIX()} {
		for _, typ := range []int{emu.SOCK_STREAM, emu.SOCK_DGRAM, emu.SOCK_SEQPACKET} {
			t.Run(fmt.Sprintf("%s/%d", rules.Name, typ), func(t *testing.T) {
				s, err := emu.New(emu.Config{Personality: rules})
				require.NoError(t, err)
				travel(t, s.NewProcess(), typ)
				require.NoError(t, s.Check())
				require.Zero(t, s.Files())
			})
		}
	}
}

const (
	senders  = 3
	messages = 400
	width    = 8 // bytes of a message: its sender and its number
)

func travel(t *testing.T, p *emu.Process, typ int) {
	a, b, err := p.Pair(typ)
	require.NoError(t, err)
	require.NoError(t, p.SetsockoptInt(a, emu.SOL_SOCKET, emu.SO_SNDBUF, 64))
	var all sync.WaitGroup
	for i := range senders {
		all.Go(func() {
			sender := p.Thread()
			for n := range messages {
				m := fmt.Sprintf("%d %05d.", i, n)
				if k, err := sender.Send(a, []byte(m), emu.MSG_EOR); k != width || err != nil {
					t.Errorf("send(%q) = %d, %v", m, k, err)
				}
			}
		})
	}
	got := make(chan string, senders*messages)
	receivers := 2
	if typ == emu.SOCK_STREAM {
		receivers = 1 // of a stream two would tear what belongs together
	}
	for i := range receivers {
		all.Go(func() {
			receiver, buf := p.Thread(), make([]byte, width)
			for n := i; n < senders*messages; n += receivers {
				k, err := receiver.Recv(b, buf, emu.MSG_WAITALL)
				if k != width || err != nil {
					t.Errorf("recv = %d, %v", k, err)
				}
				got <- string(buf)
			}
		})
	}
	all.Wait()
	close(got)
	seen := map[string]int{}
	last := map[byte]string{}
	for m := range got {
		seen[m]++
		if receivers == 1 && m <= last[m[0]] {
			t.Errorf("%q came after %q", m, last[m[0]])
		}
		last[m[0]] = m
	}
	require.Len(t, seen, senders*messages)
	require.NoError(t, p.CloseRange(0, 10, 0))
}
