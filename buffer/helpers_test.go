package buffer

import (
	"fmt"
	"reflect"
)

// tester is what the laws need of a test: a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

// equal fails the test unless got is want; expr is the expression that gave got.
func equal(t tester, expr string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s = %v, want %v", expr, got, want)
	}
}

// panics fails the test unless f panics; expr is what f calls.
func panics(t tester, expr string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if recover() == nil {
			t.Fatalf("%s = returned, want a panic", expr)
		}
	}()
	f()
}

// push queues s as one segment, with a charge of its length, no flags and no value.
func push(q *Queue, s string) {
	src := One([]byte(s))
	q.Push(&src, len(s), len(s), 0, nil)
}

// read takes the first n bytes of segment i.
func read(q *Queue, i, n int) string {
	b := make([]byte, n)
	dst := One(b)
	q.Read(i, n, &dst)
	return string(b)
}

// peek copies n bytes of segment i from off.
func peek(q *Queue, i, off, n int) string {
	b := make([]byte, n)
	dst := One(b)
	q.Copy(i, off, n, &dst)
	return string(b)
}

// contents returns the unread bytes of all segments, and fails the test when an invariant does not hold.
func contents(t tester, q *Queue) []string {
	t.Helper()
	equal(t, "q.Check()", q.Check(), nil)
	all := []string{}
	for i := range q.Segments() {
		all = append(all, peek(q, i, 0, q.At(i).Left))
	}
	return all
}

// pattern returns n bytes of which no two neighbouring runs are alike, so that a byte in the wrong place shows.
func pattern(n int, seed byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = seed + byte(i) + byte(i>>8)*7
	}
	return b
}

// call spells a method call for a failure.
func call(method string, args ...any) string {
	s := fmt.Sprintln(args...)
	return fmt.Sprintf("%s(%s)", method, s[:len(s)-1])
}
