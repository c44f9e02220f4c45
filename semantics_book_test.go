package sockpair_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/replay"
)

// Laws about the laws.

func TestLawsAreDistinct(t *testing.T) {
	names, texts, steps := map[string]string{}, map[string]string{}, map[string]string{}
	for i := range lawBook {
		l := &lawBook[i]
		require.NotEmpty(t, l.requirements(), l.id)
		for what, seen := range map[string]map[string]string{l.name(): names, l.says: texts, l.steps: steps} {
			require.NotEmpty(t, strings.TrimSpace(what), l.id)
			require.Empty(t, seen[what], "%s and %s say the same: %s", l.id, seen[what], what)
			seen[what] = l.id
		}
		require.NotEmpty(t, l.cite, l.id)
		require.NotEmpty(t, l.types, l.id)
		require.Contains(t, []string{"", "linux", "posix"}, l.only, l.id)
	}
}

// TestEveryResultInTheLawBookMatters puts another result into each line in
// turn: a law that still holds then has not looked. With -short it is done to
// one law in eight: what it says of the book is the same on every platform.
func TestEveryResultInTheLawBookMatters(t *testing.T) {
	for i := range lawBook {
		l := &lawBook[i]
		if testing.Short() && i%8 != 0 {
			continue
		}
		t.Run(l.id, func(t *testing.T) {
			t.Parallel()
			before := variant{}
			for _, v := range l.variants() {
				if v.personality == before.personality && v.user == before.user {
					continue // one type will do
				}
				before = v
				for _, wrong := range falsified(strings.SplitAfter(l.script(v), "\n")) {
					report, err := replay.Run(emulator(v, new(signals)), strings.NewReader(wrong), lawOptions(l))
					require.NoError(t, err)
					seen := report.Different() || slices.ContainsFunc(report.Lines, func(l replay.Line) bool { return !proved(&l) })
					require.True(t, seen, "%v: no difference is seen in\n%s", v, wrong)
				}
			}
		})
	}
}

// uncompared are lines whose results replay does not compare.
var uncompared = regexp.MustCompile(`clone\(|execve\(|exit_group\(|rt_sigreturn\(|\) = \?|close\([01]\)|^[^=]*$`)

// falsifiers make a line wrong: with another error, other bytes, another
// number, other events, other flags, other descriptors.
var falsifiers = []struct {
	on    *regexp.Regexp
	wrong string
}{
	{regexp.MustCompile(`(\) = )(?:-1 )?\w+( .*)?\n$`), "${1}-1 EMFILE (Too many open files)\n"},
	{regexp.MustCompile(`^((?:\d+ )?(?:<\.\.\. )?(?:read|recv)[^"]*")[^"\\]([^"]*"[,}].*\) = \d)`), "${1}~${2}"},
	{regexp.MustCompile(`((?:FIONREAD|TIOCOUTQ|SIOCATMARK|getsockopt.*?), \[)(\d+\]?.*\) = 0)`), "${1}9${2}"},
	{regexp.MustCompile(`(revents=)POLL\w+`), "${1}POLLPRI"},
	{regexp.MustCompile(`(recvm?msg.*msg_flags=)(?:0|MSG_EOR|MSG_TRUNC)(.*\) = \d)`), "${1}MSG_CTRUNC${2}"},
	{regexp.MustCompile(`(socketpair.*\[\d+, )\d+`), "${1}99"},
	{regexp.MustCompile(`(recvmsg.*SCM_(?:RIGHTS|PIDFD), cmsg_data=\[)\d+(.*\) = \d)`), "${1}99${2}"},
	{regexp.MustCompile(`(recvmsg.*SCM_INQ, cmsg_data=\[)\d+(.*\) = \d)`), "${1}99${2}"},
	{regexp.MustCompile(`(recvmsg.*pid=)\d+(.*\) = \d)`), "${1}99${2}"},
	{regexp.MustCompile(`(recvmsg.*gid=)\d+(.*\) = \d)`), "${1}99${2}"},
	{regexp.MustCompile(`(epoll_.*\{events=)EPOLL\w+(.*\) = [1-9])`), "${1}EPOLLPRI${2}"},
	{regexp.MustCompile(`(epoll_.*data=)0x\w+(.*\) = [1-9])`), "${1}0x99${2}"},
	{regexp.MustCompile(`((?:name|accept4?|recvfrom|recvmsg)(?:\(| resumed).*sun_path=@?")[^"](.*\) = \d)`), "${1}~${2}"},
	{regexp.MustCompile(`(select.* = \d+ \(\w+ \[)\d+`), "${1}99"},
}

// falsified are the scripts that differ from one in a single line, which is
// wrong. Of equal lines the first will do. A call in which its process is
// ended does not return on a machine, so its result is not looked at.
func falsified(lines []string) (scripts []string) {
	deadly := strings.Contains(strings.Join(lines, ""), "killed by")
	for n, line := range lines {
		ends := deadly && n+1 < len(lines) && strings.Contains(lines[n+1], "--- SIG")
		if ends || uncompared.MatchString(line) || n > 0 && line == lines[n-1] {
			continue
		}
		for _, f := range falsifiers {
			wrong := f.on.ReplaceAllString(line, f.wrong)
			if wrong == line { // the error is EMFILE, or this is not in the line
				wrong = strings.Replace(line, "-1 EMFILE", "-1 EPERM", 1)
			}
			if wrong != line {
				scripts = append(scripts, strings.Join(lines[:n], "")+wrong+strings.Join(lines[n+1:], ""))
			}
		}
	}
	return scripts
}
