package judge

import (
	"fmt"
	"io"
	"slices"

	"sockpair/replay"
)

// Comparison is what two machines have made of the calls of a log.
type Comparison struct {
	Calls, Compared int
	Differences     []Disagreement
	// Broken is what Machine.Check said of the second at the end.
	Broken error
}

// Disagreement is a call that two machines have answered otherwise.
type Disagreement struct {
	Line          int // of the log
	First, Second string
}

// Different reports whether the machines have differed.
func (c *Comparison) Different() bool { return len(c.Differences) > 0 || c.Broken != nil }

// Compare runs a log on two machines, the kernel first as a rule, and compares
// what they answer. The results that the log has recorded do not count, but for
// the numbers by which later lines speak of descriptors and processes. log
// returns the text of the log anew.
//
// The error says that the log cannot be read or a machine not be made.
func Compare(first, second replay.Boot, log func() io.Reader, opts replay.Options) (*Comparison, error) {
	var reports [2]*replay.Report
	for i, boot := range []replay.Boot{first, second} {
		r, err := replay.Run(boot, log(), opts)
		if err != nil {
			return nil, err
		}
		reports[i] = r
	}
	a, b := reports[0].Lines, reports[1].Lines
	c := &Comparison{Calls: reports[0].Totals.Calls, Broken: reports[1].Broken}
	if len(a) != len(b) {
		panic("judge: one log has come to two numbers of lines")
	}
	for i := range a {
		want, ok1 := answer(&a[i])
		got, ok2 := answer(&b[i])
		if !ok1 || !ok2 {
			continue
		}
		c.Compared++
		if want != got {
			c.Differences = append(c.Differences, Disagreement{a[i].Number, want, got})
		}
	}
	return c, nil
}

// answer is a call as a machine has answered it; ok is false where it was not
// run, or where machines need not agree: in the numbers of new processes.
func answer(l *replay.Line) (text string, ok bool) {
	switch l.Verdict {
	case replay.Equal:
		return l.Recorded(), true
	case replay.Different:
		return l.Result, true
	case replay.Ran:
		return l.Result, !slices.Contains([]string{"fork", "vfork", "clone", "clone3"}, l.Name())
	}
	return "", false
}

// Format writes the differences, the first machine's lines with "-", the
// second's with "+", and the totals.
func (c *Comparison) Format(w io.Writer, file string) error {
	for _, d := range c.Differences {
		if _, err := fmt.Fprintf(w, "# %s:%d\n-%s\n+%s\n", file, d.Line, d.First, d.Second); err != nil {
			return err
		}
	}
	if c.Broken != nil {
		if _, err := fmt.Fprintf(w, "broken: %v\n", c.Broken); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "calls %d  compared %d  different %d\n", c.Calls, c.Compared, len(c.Differences))
	return err
}
