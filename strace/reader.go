package strace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxLine is the longest line, in bytes, that a Reader takes. strace prints up
// to four bytes for one, so it holds 16 MiB of data.
const MaxLine = 80 << 20

// A Reader reads a log or a script line by line.
type Reader struct {
	file string
	in   *bufio.Reader
	line int
	cut  bool // the last line has no end
}

// NewReader returns a Reader of in. The file's name is used in errors only.
func NewReader(in io.Reader, file string) *Reader {
	return &Reader{file: file, in: bufio.NewReaderSize(in, 64<<10)}
}

// Next returns the next line, or io.EOF after the last. A *SyntaxError concerns
// one line: the call after it returns the line that follows.
func (r *Reader) Next() (Line, error) {
	text, err := r.text()
	if err != nil {
		return Line{}, err
	}
	l, err := ParseLine(text)
	l.Number = r.line
	if syntax := (*SyntaxError)(nil); errors.As(err, &syntax) {
		syntax.File, syntax.Line = r.file, r.line
	}
	return l, err
}

// Cut reports whether the input ended before the end of the line that Next has
// returned last.
func (r *Reader) Cut() bool { return r.cut }

// text returns the text of the next line. Of a line that is too long the rest
// is read and dropped.
func (r *Reader) text() (string, error) {
	var b strings.Builder
	tooLong := false
	for {
		part, err := r.in.ReadSlice('\n')
		if tooLong = tooLong || b.Len()+len(part) > MaxLine; !tooLong {
			b.Write(part)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || b.Len() == 0):
			return "", err
		}
		r.line++
		r.cut = err != nil
		if tooLong {
			return "", &SyntaxError{File: r.file, Line: r.line, Column: MaxLine + 1,
				Expected: fmt.Sprintf("a line of at most %d bytes", MaxLine), Found: "more"}
		}
		return strings.TrimSuffix(b.String(), "\n"), nil
	}
}

// ReadAll returns all lines of in; it stops at the first error.
func ReadAll(in io.Reader, file string) ([]Line, error) {
	var lines []Line
	for r := NewReader(in, file); ; {
		l, err := r.Next()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		lines = append(lines, l)
	}
}
