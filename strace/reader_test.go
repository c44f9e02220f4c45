package strace

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestLinesAreNumbered(t *testing.T) {
	lines, err := ReadAll(strings.NewReader("# a\n\nf() = 0\r\ng()"), "x")
	if err != nil || len(lines) != 4 {
		t.Fatalf("ReadAll = %d lines, %v, want 4", len(lines), err)
	}
	for i, l := range lines {
		equal(t, "Number", l.Number, i+1)
	}
	equal(t, "the last", lines[3].String(), "g()")
	equal(t, "with its carriage return", lines[2].String(), "f() = 0\r")
}

func TestAnErrorNamesFileAndLineAndTheNextLineFollows(t *testing.T) {
	r := NewReader(strings.NewReader("f()\nf(\ng()\n"), "a.strace")
	_, err := r.Next()
	equal(t, "line 1", err, nil)
	_, err = r.Next()
	if err == nil || err.Error() != "a.strace:2:3: expected a value, found the end of the line" {
		t.Errorf("Next() = error %v, want a.strace:2:3", err)
	}
	l, err := r.Next()
	equal(t, "line 3", err, nil)
	equal(t, "Number", l.Number, 3)
	_, err = r.Next()
	equal(t, "the end", err, io.EOF)
	lines, err := ReadAll(strings.NewReader("f()\nf(\n"), "")
	equal(t, "len(ReadAll)", len(lines), 1)
	if err == nil || err.Error() != "line:2:3: expected a value, found the end of the line" {
		t.Errorf("ReadAll = error %v, want line:2:3", err)
	}
}

func TestAReadErrorIsPassedOn(t *testing.T) {
	broken := errors.New("broken")
	_, err := ReadAll(io.MultiReader(strings.NewReader("f()"), iotest.ErrReader(broken)), "")
	equal(t, "ReadAll", err, broken)
}

func TestAnEmptyInputHasNoLines(t *testing.T) {
	lines, err := ReadAll(strings.NewReader(""), "")
	equal(t, "ReadAll", err, nil)
	equal(t, "len", len(lines), 0)
}

func TestSixteenMebibytesFitOneLine(t *testing.T) {
	data := make([]byte, 16<<20)
	text := `write(3, "` + Quote(data) + `", 16777216) = 16777216`
	lines, err := ReadAll(strings.NewReader(text+"\nclose(3) = 0\n"), "")
	if err != nil || len(lines) != 2 {
		t.Fatalf("ReadAll = %d lines, %v, want 2", len(lines), err)
	}
	b, _, _ := lines[0].Call.Arg(1).Bytes()
	equal(t, "len(Bytes())", len(b), 16<<20)
	equal(t, "String()", lines[0].String() == text, true)
}

// endless is a line that does not end, then "\nf()\n".
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	e.left -= n
	return n, nil
}

func TestATooLongLineIsAnErrorAndTheNextFollows(t *testing.T) {
	r := NewReader(io.MultiReader(&endless{MaxLine + 1<<20}, strings.NewReader("\nf()\n")), "")
	_, err := r.Next()
	if err == nil || err.Error() != "line:1:83886081: expected a line of at most 83886080 bytes, found more" {
		t.Errorf("Next() = error %v, want line:1", err)
	}
	l, err := r.Next()
	equal(t, "Next()", err, nil)
	equal(t, "Number", l.Number, 2)
}

// Text made to be slow is read in time that grows with its length: a megabyte
// of each takes far less than the bound, also under the race detector on a busy
// machine, where a square would take hours.
func TestHostileTextIsReadInLinearTime(t *testing.T) {
	n := 1 << 19
	if runtime.GOARCH == "wasm" || runtime.GOARCH == "s390x" { // ten times slower; what is not linear would still take minutes
		n = 1 << 17
	}
	rep := strings.Repeat
	for _, s := range []string{
		"f(" + rep("[", n), "f(" + rep("a<", n), "f(" + rep("a<b>", n), "f(" + rep(" ", n) + "x",
		"f(" + rep("1|", n), "f(" + rep("a, ", n), "f(" + rep("a ", n), "f([" + rep("a ", n), "f([" + rep("a    ", n),
		`f("` + rep(`\"`, n), "f(" + rep("/* ", n), "f() = 0" + rep(" (", n), "f() = 0" + rep(" (a)", n),
		"f(" + rep("{ ", n) + " <unfinished ...>", "f(" + rep("a, ", n) + "{ <unfinished ...>",
		"<... f resumed>" + rep("}", n), "<... f resumed>" + rep("},", n) + ") = 0", rep(" ", n) + "f()", rep("7", n), rep(",", n),
		"f(" + rep("1 - ", n) + "1)", "f(" + rep("a=> ", n), rep("strace: Process ", n) + " attached", "f(0" + rep(" /**/", n),
	} {
		start := time.Now()
		l, err := ParseLine(s)
		if err == nil {
			equal(t, "String()", l.String() == s, true)
		}
		if d := time.Since(start); d > 30*time.Second {
			t.Errorf("ParseLine(%.20q...) took %v, want less than 30s", s, d)
		}
	}
}
