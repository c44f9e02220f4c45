package strace

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep brackets may nest. The structures that strace
// prints stay below ten; the bound keeps hostile text from using up the stack.
const maxDepth = 200

// A parser reads one text from left to right. Every rule is a method that
// begins at byte i and, when it fails, leaves the rest of the text alone: there
// is no backtracking inside a value.
type parser struct {
	s     string
	i     int
	depth int
	mid   bool // the text begins within a call: a comma may come first
}

// fail returns the error for the current place.
func (p *parser) fail(expected string) *SyntaxError { return p.failAt(p.i, expected) }

func (p *parser) failAt(i int, expected string) *SyntaxError {
	return &SyntaxError{Column: i + 1, Expected: expected, Found: found(p.s[i:])}
}

// found describes what a text begins with, for an error.
func found(s string) string {
	const limit = 20
	switch end := wordEnd(s); {
	case s == "":
		return "the end of the line"
	case end > limit:
		return strconv.Quote(s[:limit]) + "..."
	case end > 0:
		return strconv.Quote(s[:end])
	}
	_, size := utf8.DecodeRuneInString(s)
	return strconv.Quote(s[:size])
}

func (p *parser) rest() string          { return p.s[p.i:] }
func (p *parser) atEnd() bool           { return p.i >= len(p.s) }
func (p *parser) at(prefix string) bool { return strings.HasPrefix(p.s[p.i:], prefix) }

// peek returns the byte at i, 0 at the end. (A zero byte in the text is no
// part of any rule, so the two need not be told apart.)
func (p *parser) peek() byte {
	if p.atEnd() {
		return 0
	}
	return p.s[p.i]
}

// accept steps over a prefix if it is there.
func (p *parser) accept(prefix string) bool {
	if !p.at(prefix) {
		return false
	}
	p.i += len(prefix)
	return true
}

func (p *parser) expect(prefix string) error {
	if !p.accept(prefix) {
		return p.fail(strconv.Quote(prefix))
	}
	return nil
}

// blanks steps over spaces and returns them.
func (p *parser) blanks() string {
	start := p.i
	for p.peek() == ' ' {
		p.i++
	}
	return p.s[start:p.i]
}

// word steps over a word and returns it; "" when there is none.
func (p *parser) word() string {
	n := wordEnd(p.rest())
	w := p.s[p.i : p.i+n]
	p.i += n
	return w
}

// wordEnd returns the length of the word that s begins with. Words are names
// and numbers, and with dots and colons what strace prints unquoted: ???,
// 00:0c:29:01:02:03. Three dots are no part of a word.
func wordEnd(s string) int {
	for i := 0; i < len(s); i++ {
		if !isWordByte(s[i]) || s[i] == '.' && strings.HasPrefix(s[i:], "...") {
			return i
		}
	}
	return len(s)
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) ||
		c == '_' || c == '?' || c == '.' || c == ':' || c == '$' || c == '%'
}

// enter counts one level of nesting.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return p.fail("at most " + strconv.Itoa(maxDepth) + " levels of nesting")
	}
	return nil
}

// stringEnd returns the index after the quote that closes the string whose
// opening quote is at s[i]; -1 when there is none.
func stringEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// annotationEnd returns the index after the > that closes the < at s[i]; -1
// when there is none. Inside, strace escapes < and > of paths, prints others in
// pairs (</dev/null<char 1:3>>), as an arrow ([1->2]), or in a quoted path.
func annotationEnd(s string, i int) int {
	depth := 0
	for i < len(s) {
		switch s[i] {
		case '\\':
			i++
		case '"':
			if i = stringEnd(s, i); i < 0 {
				return -1
			}
			continue
		case '-':
			if strings.HasPrefix(s[i:], "->") {
				i++
			}
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}
