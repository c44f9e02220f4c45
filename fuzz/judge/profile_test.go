package judge

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/fuzz/program"
)

func TestProfilesAreNamedAndSayWhatTheyCover(t *testing.T) {
	all := Profiles()
	require.GreaterOrEqual(t, len(all), 12)
	names := map[string]bool{}
	for _, p := range all {
		require.False(t, names[p.Name], p.Name)
		names[p.Name] = true
		require.NotEmpty(t, p.Covers)
		require.NotContains(t, p.Covers, "\n")
	}
}

// A program is its seed and its number, and nothing else.
func TestProgramsOfAProfileAreRepeatable(t *testing.T) {
	for _, p := range Profiles() {
		require.Equal(t, p.Program(7, 3), p.Program(7, 3), p.Name)
		require.NotEqual(t, p.Program(7, 3), p.Program(7, 4), p.Name)
		require.NotEqual(t, p.Program(7, 3), p.Program(8, 3), p.Name)
	}
}

// What a profile is about is what its programs do.
func TestProfilesDoWhatTheyAreNamedFor(t *testing.T) {
	share := func(name string, is func(program.Call) bool) float64 {
		var some, all float64
		for _, p := range Profiles() {
			for n := 0; n < 40 && p.Name == name; n++ {
				for _, c := range p.Program(1, n) {
					if all++; is(c) {
						some++
					}
				}
			}
		}
		require.NotZero(t, all, name)
		return some / all
	}
	call := func(prefixes ...string) func(program.Call) bool {
		return func(c program.Call) bool {
			for _, p := range prefixes {
				if strings.HasPrefix(c.Name, p) {
					return true
				}
			}
			return false
		}
	}
	for name, is := range map[string]func(program.Call) bool{
		"full-buffers": call("send", "write"), "oob": urgent, "readiness": call("epoll", "select", "poll", "ppoll"),
		"options": call("getsockopt", "setsockopt", "ioctl"), "descriptors": call("dup", "fcntl", "close"),
		"limits": call("prlimit64", "socketpair"), "signals": call("kill", "tgkill", "rt_sig"),
		"objects": call("eventfd", "timerfd", "pidfd", "waitid", "fstat"), "waiting": call("eventfd", "timerfd", "pidfd", "waitid", "fstat"),
		"pipes": call("pipe", "splice", "tee", "sendfile"), "pipelines": call("pipe", "splice", "tee", "sendfile"),
		"processes": call("fork", "clone", "exec", "exit", "wait"), "broken": call("shutdown", "close"),
	} {
		require.Greater(t, share(name, is), 1.4*share("everything", is), name)
		require.Greater(t, share(name, is), 0.1, name)
	}
}
