package strace

import (
	"strings"
	"testing"
)

// FuzzParse checks, for any text, that nothing panics or runs away, and that
// what parses prints as it was and joins or fails with an error.
func FuzzParse(f *testing.F) {
	for _, row := range grammar {
		f.Add(row.in)
	}
	for _, row := range mistakes {
		f.Add(row.in)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var j Joiner
		for _, s := range strings.Split(text, "\n") {
			l, err := checkRoundTrip(t, s)
			if err != nil {
				checkError(t, s, err)
				continue
			}
			events, err := j.Add(l)
			if err != nil {
				continue
			}
			for _, e := range events {
				if e.Call != nil {
					askEverything(e.Call)
				}
			}
		}
		j.Close()
	})
}

// checkError checks that an error is one of syntax and within its text.
func checkError(t *testing.T, s string, err error) {
	t.Helper()
	e, ok := err.(*SyntaxError)
	if !ok || e.Column < 1 || e.Column > len(s)+1 || e.Expected == "" || e.Found == "" {
		t.Errorf("ParseLine(%q) = error %#v, want a SyntaxError with a column in the line", s, err)
	}
}

// askEverything calls every accessor; none may panic.
func askEverything(c *Call) {
	c.Named("flags")
	for i := -1; i <= len(c.Args); i++ {
		ask(c.Arg(i))
	}
	if r := c.Result; r != nil {
		ask(r.Value)
		r.Int()
		r.TimedOut()
		for _, label := range []string{"", "in", "flags", "left"} {
			v, _ := r.Detail(label)
			ask(v)
		}
	}
}

func ask(v Value) {
	v.Int()
	v.Pointer()
	v.Bytes()
	v.Flags()
	v.Name()
	v.HasFlag("A")
	v.Field("a")
	v.CommentText()
	v.Annotation()
	v.Abbreviated()
	v.Negated()
	v.In()
	v.Out()
	v.Len()
	v.Elem(0)
	for _, e := range v.Elems() {
		ask(e)
	}
}
