package sockpair_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/replay"
)

// law is one row of the law book.
//
// The steps are system calls as strace writes them, each with the result that
// it must have. A law holds on both personalities for each of its types. What
// a line begins with, up to a colon, says for whom alone it stands:
//
//	linux: posix:                the personality
//	stream: dgram: seqpacket:    the type
//	root: user:                  user 0, or another
//	linux dgram seqpacket:       Linux, and one of the two types
//
// `3 * ` before a call stands for three such calls, TYPE for the type, ALL for
// every event of poll that a pair can show, double braces for a struct msghdr
// (messageWord), to(s) and from(s) for addresses (addressWord). A number before the call is the
// process; threads and children are made by clone.
type law struct {
	id    string   // the requirements that it proves, then a name of its own: "ST-01 ST-08/both-directions"
	cite  string   // where it is written
	says  string   // the law in one sentence
	types []string // it is run for each
	steps string
	only  string // "", "linux" or "posix": the personality that it is about
	emu   string // why it cannot run on the host's kernel; "": it can
}

// The types that laws are about.
var (
	anyType   = []string{"SOCK_STREAM", "SOCK_DGRAM", "SOCK_SEQPACKET"}
	connected = []string{"SOCK_STREAM", "SOCK_SEQPACKET"}
	messages  = []string{"SOCK_DGRAM", "SOCK_SEQPACKET"}
	stream    = []string{"SOCK_STREAM"}
	dgram     = []string{"SOCK_DGRAM"}
	seqpacket = []string{"SOCK_SEQPACKET"}
	once      = stream // of laws in which no type is named
)

// lawBook is every law, by chapter.
var lawBook = slices.Concat(creationLaws, errorLaws, streamLaws, oobLaws, dgramLaws, seqpacketLaws, capacityLaws, descriptorLaws,
	processLaws, closeLaws, resetLaws, blockingLaws, timeLaws, readinessLaws, optionLaws, edgeLaws, lifeLaws,
	rightsLaws, flightLaws, credentialLaws, epollLaws, selectLaws, asyncLaws, pipeLaws, objectLaws,
	nameLaws, addressLaws, connectLaws, acceptLaws, correspondentLaws, unconnectedLaws, peerLaws)

// requirements are the ids before the slash, name is what comes after it.
func (l *law) requirements() []string {
	ids, _, _ := strings.Cut(l.id, "/")
	return strings.Fields(ids)
}

func (l *law) name() string {
	_, name, _ := strings.Cut(l.id, "/")
	return name
}

// variant is what one run of a law is about.
type variant struct{ personality, typ, user string }

func (v variant) String() string {
	return strings.TrimSuffix(v.personality+"/"+strings.TrimPrefix(v.typ, "SOCK_")+"/"+v.user, "/")
}

// variants are the runs that a law has on the emulator.
func (l *law) variants() (all []variant) {
	users := []string{""}
	if strings.Contains(l.steps, "root: ") || strings.Contains(l.steps, "user: ") {
		users = []string{"root", "user"}
	}
	for _, personality := range []string{"linux", "posix"} {
		if l.only != "" && l.only != personality {
			continue
		}
		for _, typ := range l.types {
			for _, user := range users {
				all = append(all, variant{personality, typ, user})
			}
		}
	}
	return all
}

var (
	condition = regexp.MustCompile(`^((?:linux|posix|stream|dgram|seqpacket|root|user)(?: \w+)*): (.*)$`)
	typeWord  = regexp.MustCompile(`\bTYPE\b`)
	repeated  = regexp.MustCompile(`^(\d+) \* (.*)$`)
)

// script is the steps of a law for one variant, in plain notation.
func (l *law) script(v variant) string {
	var b strings.Builder
	for line := range strings.Lines(l.steps) {
		line = strings.TrimSpace(line)
		if m := condition.FindStringSubmatch(line); m != nil {
			if !v.has(strings.Fields(m[1])) {
				continue
			}
			line = m[2]
		}
		times := 1
		if m := repeated.FindStringSubmatch(line); m != nil {
			times, _ = strconv.Atoi(m[1])
			line = m[2]
		}
		line = typeWord.ReplaceAllString(line, v.typ)
		line = messageWord.ReplaceAllStringFunc(line, message)
		line = addressWord.ReplaceAllStringFunc(line, address)
		line = strings.ReplaceAll(line, "events=ALL", "events=POLLIN|POLLPRI|POLLOUT|POLLRDHUP")
		for range times {
			fmt.Fprintln(&b, line)
		}
	}
	return b.String()
}

// has reports whether every kind of word that is named has one that fits.
func (v variant) has(words []string) bool {
	short := strings.ToLower(strings.TrimPrefix(v.typ, "SOCK_"))
	for _, kind := range [][2]string{{"linux posix", v.personality}, {"stream dgram seqpacket", short}, {"root user", v.user}} {
		named := slices.DeleteFunc(slices.Clone(words), func(w string) bool {
			return !slices.Contains(strings.Fields(kind[0]), w)
		})
		if len(named) > 0 && !slices.Contains(named, kind[1]) {
			return false
		}
	}
	return true
}

func TestLawBook(t *testing.T) {
	for i := range lawBook {
		l := &lawBook[i]
		t.Run(l.id, func(t *testing.T) {
			t.Parallel()
			if testing.Verbose() {
				t.Logf("%s [%s]\n%s", l.says, l.cite, l.script(l.variants()[0]))
			}
			for _, v := range l.variants() {
				var ran signals
				got := l.run(t, v, emulator(v, &ran))
				if want := handled(l.script(v)); got == "" && !maps.Equal(ran.count, want) {
					got = fmt.Sprintf("handlers that ran = %v, want %v\n%s", ran.count, want, l.script(v))
				}
				if got != "" {
					t.Errorf("%v: %s [%s]\n%s", v, l.says, l.cite, got)
				}
			}
		})
	}
}

// signals counts the handlers that have run.
type signals struct{ count map[string]int }

// note is an emu.Config.Observer, which is told of one event at a time. The
// signals with which replay itself ends calls are not the law's.
func (s *signals) note(e emu.Event) {
	if e.Kind == emu.EventSignal && e.Signal < 63 {
		if s.count == nil {
			s.count = map[string]int{}
		}
		s.count[e.Signal.String()]++
	}
}

// handled is how often the handler of each signal runs in a script: replay
// does not look for itself whether one has run at a line `--- SIGPIPE`.
func handled(script string) map[string]int {
	count := map[string]int{}
	for _, m := range regexp.MustCompile(`--- (SIG\w+) `).FindAllStringSubmatch(script, -1) {
		count[m[1]]++
	}
	for _, m := range regexp.MustCompile(`killed by (SIG\w+)`).FindAllStringSubmatch(script, -1) {
		if count[m[1]]--; count[m[1]] <= 0 {
			delete(count, m[1])
		}
	}
	return count
}

// emulator makes the machine of a variant.
func emulator(v variant, ran *signals) replay.Boot {
	cfg := emu.Config{Personality: emu.Linux(), Observer: ran.note, Directories: []string{lawDirectory}}
	if v.personality == "posix" {
		cfg.Personality = emu.POSIX()
	}
	if v.user == "user" {
		cfg.UID, cfg.GID = 65534, 65534
	}
	return within(replay.Emulate(cfg), lawDirectory)
}

// lawOptions: a law says itself when things happen and where signals come
// from, so no other order of its calls is tried and nothing taken on trust.
func lawOptions(l *law) replay.Options {
	return replay.Options{File: l.name(), Runs: 1, Strict: true}
}

// run replays a law and returns what is not as it must be, "" if nothing.
func (l *law) run(t *testing.T, v variant, machine replay.Boot) string {
	return l.runScript(t, l.script(v), machine)
}

func (l *law) runScript(t *testing.T, script string, machine replay.Boot) string {
	report, err := replay.Run(machine, strings.NewReader(script), lawOptions(l))
	require.NoError(t, err, l.id)
	var b strings.Builder
	if report.Different() {
		require.NoError(t, report.Format(&b, false))
	}
	for i := range report.Lines {
		if line := &report.Lines[i]; !proved(line) {
			fmt.Fprintf(&b, "not run (%v %s): %s\n", line.Verdict, line.Reason, line.Recorded())
		}
	}
	return b.String()
}

// proved reports whether a line of a law has done its work: every call must
// be compared, but for those that have nothing to compare.
func proved(line *replay.Line) bool {
	switch {
	case !line.Call, line.Verdict == replay.Equal, line.Verdict == replay.Different:
		return true
	case line.Verdict == replay.Skipped && (line.Reason == replay.Life || line.Reason == replay.Foreign):
		return true // clone, execve, exit; the descriptors that are not under test
	}
	return strings.Contains(line.Recorded(), "rt_sigreturn(")
}

var hostFlag = flag.String("host", "report", "compare the law book with the host's kernel: off, report or strict")

func TestMain(m *testing.M) {
	flag.Parse()
	if !slices.Contains([]string{"off", "report", "strict"}, *hostFlag) {
		fmt.Fprintf(os.Stderr, "-host=%s: expected off, report or strict\n", *hostFlag)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

// Pieces of steps.

// threadFlags are the flags of clone that make a thread.
const threadFlags = "CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM"

// Actions of sigaction: the default, ignoring, and calling a function.
const (
	byDefault  = "{sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}"
	ignore     = "{sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}"
	handler    = "{sa_handler=0x401000, sa_mask=[], sa_flags=SA_RESTORER, sa_restorer=0x402000}"
	restarting = "{sa_handler=0x401000, sa_mask=[], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x402000}"
)

// ms20 and s20 are struct timeval: 20 milliseconds, 20 seconds.
const (
	ms20 = `"\0\0\0\0\0\0\0\0 N\0\0\0\0\0\0"`
	s20  = `"\24\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"`
)

// path is a path of n bytes.
func path(n int) string { return strings.Repeat("/", n) }

// iovs is a vector of n buffers of one byte.
func iovs(n int) string {
	return "[" + strings.Repeat(`{iov_base="x", iov_len=1}, `, n-1) + `{iov_base="x", iov_len=1}]`
}

// charge is the steps that show what a send of n bytes is charged.
func charge(n, charged int) string {
	return fmt.Sprintf("write(3, \"x\"..., %d) = %d\nioctl(3, TIOCOUTQ, [%d]) = 0\nrecvfrom(4, \"x\"..., %d, 0, NULL, NULL) = %d\n", n, n, charged, n, n)
}
