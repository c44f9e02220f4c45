package emu

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

var update = flag.Bool("update", false, "write the golden files of the decisions anew")

// field is one input of a decision: its name, the values it takes, and how to
// set it in a state.
type field[S any] struct {
	name   string
	values []string
	set    func(s *S, value int)
}

func boolField[S any](name string, p func(*S) *bool) field[S] {
	return field[S]{name, []string{"no", "yes"}, func(s *S, v int) { *p(s) = v == 1 }}
}

func errnoField[S any](name string, e errno.Errno, p func(*S) *errno.Errno) field[S] {
	return field[S]{name, []string{"-", e.Name()}, func(s *S, v int) { *p(s) = [...]errno.Errno{0, e}[v] }}
}

// row is a set of states with one verdict: a value for each field, "any" where it does not matter.
type row struct {
	values  []string
	verdict string
}

// enumerate walks all states, field by field, and joins what the field at
// hand does not tell apart.
func enumerate[S any](fields []field[S], s S, decide func(S) verdict) []row {
	if len(fields) == 0 {
		return []row{{verdict: decide(s).String()}}
	}
	f := fields[0]
	var branches [][]row
	for v := range f.values {
		t := s
		f.set(&t, v)
		branches = append(branches, enumerate(fields[1:], t, decide))
	}
	same := func(b []row) bool { return fmt.Sprint(b) == fmt.Sprint(branches[0]) }
	var rows []row
	if !slices.ContainsFunc(branches, func(b []row) bool { return !same(b) }) {
		return prefixed("any", branches[0])
	}
	for v, b := range branches {
		rows = append(rows, prefixed(f.values[v], b)...)
	}
	return rows
}

func prefixed(value string, rows []row) []row {
	var out []row
	for _, r := range rows {
		out = append(out, row{append([]string{value}, r.values...), r.verdict})
	}
	return out
}

func (v verdict) String() string {
	s := v.act.String()
	if v.err != 0 {
		s += " " + v.err.Name()
	}
	if v.taken {
		s += ", taken"
	}
	if v.pipe {
		s += " + SIGPIPE"
	}
	return s
}

func recvFields() []field[recvState] {
	type S = recvState
	return []field[S]{
		boolField("apart", func(s *S) *bool { return &s.apart }),
		boolField("queued", func(s *S) *bool { return &s.queued }),
		boolField("satisfied", func(s *S) *bool { return &s.satisfied }),
		errnoField("pending", errno.ECONNRESET, func(s *S) *errno.Errno { return &s.pending }),
		boolField("shut", func(s *S) *bool { return &s.shut }),
		boolField("nonblock", func(s *S) *bool { return &s.nonblock }),
	}
}

func sendFields() []field[sendState] {
	type S = sendState
	return []field[S]{
		boolField("apart", func(s *S) *bool { return &s.apart }),
		boolField("fresh", func(s *S) *bool { return &s.fresh }),
		boolField("done", func(s *S) *bool { return &s.done }),
		errnoField("pending", errno.ECONNRESET, func(s *S) *errno.Errno { return &s.pending }),
		boolField("tooLong", func(s *S) *bool { return &s.tooLong }),
		boolField("shut", func(s *S) *bool { return &s.shut }),
		boolField("own", func(s *S) *bool { return &s.own }),
		boolField("room", func(s *S) *bool { return &s.room }),
		boolField("nonblock", func(s *S) *bool { return &s.nonblock }),
		boolField("tooBig", func(s *S) *bool { return &s.tooBig }),
		boolField("fault", func(s *S) *bool { return &s.fault }),
		errnoField("lookup", errno.ENOENT, func(s *S) *errno.Errno { return &s.lookup }),
		{"peer", []string{"alive", "none", "closed", "shut", "taken", "full"}, func(s *S, v int) { s.peer = peerState(v) }},
	}
}

// table renders the rows in columns, without those fields that never matter.
func table[S any](title string, fields []field[S], rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n# every state; \"any\": the field does not matter\n", title)
	used := func(i int) bool { return slices.ContainsFunc(rows, func(r row) bool { return r.values[i] != "any" }) }
	line := func(values []string, verdict string) {
		for i, f := range fields {
			if used(i) {
				fmt.Fprintf(&b, "%-*s", max(len(f.name), 10)+2, values[i])
			}
		}
		fmt.Fprintf(&b, "%s\n", verdict)
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	line(names, "verdict")
	for _, r := range rows {
		line(r.values, r.verdict)
	}
	return b.String()
}

// TestDecisionsAreTheGoldenOnes: each decision, over all its states, is what
// testdata/decide shows. A change of the semantics shows there as a diff.
func TestDecisionsAreTheGoldenOnes(t *testing.T) {
	for _, r := range []*Personality{Linux(), POSIX()} {
		for typ, decide := range map[string]func(recvState) verdict{
			"stream":    func(s recvState) verdict { return decideRecvStream(r, s) },
			"dgram":     func(s recvState) verdict { return decideRecvDgram(r, s) },
			"seqpacket": func(s recvState) verdict { return decideRecvSeqpacket(r, s) },
		} {
			name := r.Name + "-recv-" + typ
			golden(t, name, table(name, recvFields(), enumerate(recvFields(), recvState{}, decide)))
		}
		for typ, decide := range map[string]func(*Personality, sendState) verdict{
			"stream": decideSendStream, "dgram": decideSendDgram, "seqpacket": decideSendSeqpacket,
		} {
			name := r.Name + "-send-" + typ
			golden(t, name, table(name, sendFields(), enumerate(sendFields(), sendState{}, func(s sendState) verdict { return decide(r, s) })))
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "decide", name+".txt")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "%s; after a wanted change run the test with -update and read the diff", path)
}
