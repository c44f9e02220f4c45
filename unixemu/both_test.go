//go:build linux

package unixemu_test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"sockpair/emu"
	"sockpair/unixemu"
)

// side is a process that makes the calls of a scenario, on the emulator or on
// the host, and writes down what they return in words that are the same on
// both: descriptors by the order in which they came, errors by name.
type side struct {
	unixemu.Calls
	t    *testing.T
	name string // for names of sockets
	log  []string
	fds  map[int]string
}

// note writes a line.
func (s *side) note(call string, results ...any) {
	words := []string{call}
	for _, r := range results {
		words = append(words, s.word(r))
	}
	s.log = append(s.log, strings.Join(words, " "))
}

// descriptor is a number that is written by its name.
type descriptor int

func (s *side) word(v any) string {
	switch v := v.(type) {
	case nil:
		return "ok"
	case syscall.Errno:
		return unix.ErrnoName(v)
	case error:
		return fmt.Sprintf("%T(%v)", v, v)
	case descriptor:
		if name, ok := s.fds[int(v)]; ok {
			return name
		}
		return fmt.Sprint(int(v))
	case *unix.SockaddrUnix:
		return fmt.Sprintf("addr%q", strings.ReplaceAll(v.Name, s.name, "NAME"))
	case unix.Sockaddr:
		return fmt.Sprintf("%T", v)
	case []byte:
		if len(v) > 64 {
			return fmt.Sprintf("%q...%d", v[:16], len(v))
		}
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprintf("%+v", v)
}

// keep gives a new descriptor a name.
func (s *side) keep(fd int) descriptor {
	if fd >= 0 {
		s.fds[fd] = fmt.Sprintf("fd%c", 'A'+len(s.fds)%26)
	}
	return descriptor(fd)
}

// pair makes a pair.
func (s *side) pair(typ int) (int, int) {
	fds, err := s.Socketpair(unix.AF_UNIX, typ, 0)
	require.NoError(s.t, err)
	s.keep(fds[0])
	s.keep(fds[1])
	s.t.Cleanup(func() { s.Close(fds[0]); s.Close(fds[1]) })
	return fds[0], fds[1]
}

// emulated is a fresh process of a fresh machine.
func emulated(t *testing.T) *unixemu.Process {
	t.Helper()
	sys, err := emu.New(emu.Config{UID: os.Getuid(), GID: os.Getgid()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sys.Check()) })
	p := unixemu.New(sys.NewProcess())
	require.NoError(t, p.Emulated().Chdir("/tmp"))
	return p
}

// onBoth runs a scenario on the host and on the emulator and compares what the
// calls return.
func onBoth(t *testing.T, scenario func(s *side)) {
	t.Helper()
	t.Chdir(t.TempDir())
	name := fmt.Sprintf("unixemu-%d", os.Getpid())
	run := func(calls unixemu.Calls) []string {
		s := &side{Calls: calls, t: t, name: name, fds: map[int]string{}}
		scenario(s)
		return s.log
	}
	want := run(unixemu.Host{})
	got := run(emulated(t))
	require.NotEmpty(t, want)
	differ(t, want, got)
}

// TestBothSidesReturnTheSame: each scenario returns on the emulator what it
// returns on the kernel of the host.
func TestBothSidesReturnTheSame(t *testing.T) {
	for _, group := range []map[string]func(*side){
		creationScenarios, transferScenarios, messageScenarios, controlScenarios, descriptorScenarios,
		optionScenarios, readyScenarios, nameScenarios,
	} {
		for name, scenario := range group {
			t.Run(name, func(t *testing.T) { onBoth(t, scenario) })
		}
	}
}

// measured is the kernel that the emulator is like.
const measured = "6.18."

// differ reports the lines that are not the same, each with those before it. On
// another kernel than the measured one it tells them, and the test is skipped.
func differ(t *testing.T, want, got []string) {
	t.Helper()
	var name unix.Utsname
	require.NoError(t, unix.Uname(&name))
	release := unix.ByteSliceToString(name.Release[:])
	report := t.Errorf
	if !strings.HasPrefix(release, measured) {
		different := 0
		report = func(format string, args ...any) {
			different++
			t.Logf(format, args...)
		}
		defer func() {
			if different > 0 {
				t.Skipf("%d lines differ on Linux %s; the machine is like %sx (docs/divergences.md, Linux against itself)", different, release, measured)
			}
		}()
	}
	for i := range max(len(want), len(got)) {
		at := func(log []string) string {
			if i < len(log) {
				return log[i]
			}
			return "(nothing)"
		}
		if at(want) != at(got) {
			before := want[max(0, min(i, len(want))-2):min(i, len(want))]
			report("line %d, after %q\nhost:     %s\nemulator: %s", i, strings.Join(before, "; "), at(want), at(got))
		}
	}
}
