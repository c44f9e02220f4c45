package exhaust

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/program"
)

var types = map[string]int{"stream": emu.SOCK_STREAM, "dgram": emu.SOCK_DGRAM, "seqpacket": emu.SOCK_SEQPACKET}

// typesOf are the types of the alphabets that have not all of them.
var typesOf = map[string][]int{"urgent": {emu.SOCK_STREAM}, "connections": {emu.SOCK_STREAM, emu.SOCK_SEQPACKET}, "datagrams": {emu.SOCK_DGRAM}}

func enumeration(t *testing.T, name string, typ, depth int) *Enumeration {
	t.Helper()
	a, err := New(name, typ)
	require.NoError(t, err)
	e, err := Enumerate(a, depth)
	require.NoError(t, err)
	return e
}

// TestAlphabetsAreLargeAndWithoutRepetition: at least 40 calls for each type,
// none of them twice.
func TestAlphabetsAreLargeAndWithoutRepetition(t *testing.T) {
	for name, typ := range types {
		for alphabet, least := range map[string]int{"full": 40, "small": 16, "urgent": 16, "passing": 16, "names": 60, "connections": 80, "datagrams": 70} {
			a, err := New(alphabet, typ)
			if errors.Is(err, ErrType) && !slices.Contains(typesOf[alphabet], typ) {
				continue
			}
			require.NoError(t, err)
			seen := map[string]bool{}
			for _, c := range slices.Concat(a.Changing, a.Observing) {
				require.LessOrEqual(t, closes(c), last, "%v", c)
				require.False(t, seen[c.String()], "%s, %s: %v twice", name, alphabet, c)
				seen[c.String()] = true
			}
			require.GreaterOrEqual(t, len(seen), least, "%s, %s", name, alphabet)
		}
	}
}

// TestSequencesAreEachNumberOnce: counting up makes every sequence, the first
// call the slowest to change.
func TestSequencesAreEachNumberOnce(t *testing.T) {
	e := counted(3, 2, 3)
	require.EqualValues(t, 27, e.Run())
	require.EqualValues(t, 125, e.All())
	digits, before := make([]int, 3), []int{-1}
	for n := range e.Run() {
		e.Sequence(n, digits)
		require.Equal(t, 1, slices.Compare(digits, before), "sequence %d", n)
		before = slices.Clone(digits)
	}
	require.Equal(t, []int{2, 2, 2}, digits)
}

// counted is an enumeration of calls that are only counted.
func counted(changing, observing, depth int) *Enumeration {
	a := &Alphabet{Changing: make([]program.Call, changing), Observing: make([]program.Call, observing)}
	e, err := Enumerate(a, depth)
	if err != nil {
		panic(err)
	}
	return e
}

// TestPrefixesAreFreshOnce: each prefix, the empty one too, is fresh in one
// sequence, and what is run and what is covered make up all sequences.
func TestPrefixesAreFreshOnce(t *testing.T) {
	for _, e := range []*Enumeration{counted(3, 2, 4), counted(2, 5, 3), counted(4, 1, 1), counted(5, 3, 2)} {
		digits, seen, covered := make([]int, e.Depth), map[string]bool{}, uint64(0)
		for n := range e.Run() {
			e.Sequence(n, digits)
			for k := 0; k <= e.Depth; k++ {
				key := string(bytesOf(digits[:k]))
				require.Equal(t, !seen[key], k >= e.Fresh(n), "prefix of %d of sequence %d", k, n)
				seen[key] = true
			}
			covered += e.Covered(n)
		}
		require.Equal(t, e.All(), e.Run()+covered)
		prefixes := uint64(0)
		for k := 0; k <= e.Depth; k++ {
			prefixes += power(len(e.Changing), k)
		}
		require.EqualValues(t, prefixes, len(seen))
	}
}

func bytesOf(digits []int) (b []byte) {
	for _, d := range digits {
		b = append(b, byte(d))
	}
	return b
}

// TestGarbageNeedsAnEndThatWasSentAndClosed: in this order, and the same end.
func TestGarbageNeedsAnEndThatWasSentAndClosed(t *testing.T) {
	e := enumeration(t, "full", emu.SOCK_STREAM, 3)
	find := func(is func(program.Call) bool) int {
		i := slices.IndexFunc(e.Changing, is)
		require.GreaterOrEqual(t, i, 0)
		return i
	}
	text := func(part string) func(program.Call) bool {
		return func(c program.Call) bool { return strings.HasPrefix(c.String(), part) }
	}
	passA := find(func(c program.Call) bool { return passes(c) == endA })
	passB := find(func(c program.Call) bool { return passes(c) == endB })
	closeA, closeB, over := find(text("close(3)")), find(text("close(4)")), find(text("dup2(3, 4)"))
	for _, row := range []struct {
		digits []int
		want   int
	}{
		{[]int{passA, closeA, closeB}, 2}, {[]int{passA, closeB, closeA}, 3}, {[]int{closeA, passA, closeA}, 3},
		{[]int{passB, passA, over}, 3}, {[]int{passB, over, closeA}, 2}, {[]int{passA, over, closeB}, 4}, {[]int{closeA, closeB, passA}, 4},
	} {
		require.Equal(t, row.want, e.Collects(row.digits), "%v", row.digits)
	}
	e = enumeration(t, "passing", emu.SOCK_STREAM, 3)
	copied, closeC, closeA := find(func(c program.Call) bool { return passes(c) == next }), find(text("close(6)")), find(text("close(3)"))
	require.Equal(t, 2, e.Collects([]int{copied, closeA, closeC}))
	require.Equal(t, 3, e.Collects([]int{closeA, copied, closeC}))
	require.Equal(t, 4, e.Collects([]int{closeC, closeA, copied}))
}

// TestWhatCannotBeRunIsRefused: depths, jobs and numbers that make no sense.
func TestWhatCannotBeRunIsRefused(t *testing.T) {
	a, err := New("full", emu.SOCK_STREAM)
	require.NoError(t, err)
	for _, depth := range []int{-1, 0, maxDepth + 1} {
		_, err := Enumerate(a, depth)
		require.ErrorContains(t, err, "expected 1 to")
	}
	_, err = New("huge", emu.SOCK_STREAM)
	require.ErrorContains(t, err, "expected one of full, small")
	_, err = New("full", emu.SOCK_RDM)
	require.ErrorIs(t, err, ErrType)
	e := enumeration(t, "full", emu.SOCK_STREAM, 2)
	for _, o := range []Options{{Jobs: -1}, {Jobs: maxJobs + 1}, {From: e.Run()}} {
		_, err := e.Compare(o, nil)
		require.ErrorContains(t, err, "expected", "%+v", o)
	}
}
