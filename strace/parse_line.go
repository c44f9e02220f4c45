package strace

import (
	"strconv"
	"strings"
)

// ParseLine reads one line, without its newline. The error is a *SyntaxError
// whose Column says where.
func ParseLine(s string) (Line, error) {
	l := Line{}
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return l, (&parser{s: s}).failAt(i, "one line")
	}
	body := strings.TrimRight(s, " \t\r")
	l.End = s[len(body):]
	p := &parser{s: body}
	if isNote(body) {
		l.Kind, l.Text = LineNote, body
		return l, nil
	}
	if body == "" {
		return l, nil
	}
	err := p.prefix(&l.Prefix)
	if err == nil {
		err = p.body(&l)
	}
	if err != nil && !beginsEvent(body) {
		if c := carriedOn(body); c != nil {
			l.Prefix, l.Kind, l.Call, err = Prefix{}, LineResumed, c, nil
			if c.Open {
				l.Kind = LineUnfinished
			}
		}
	}
	return l, err
}

// isNote recognises the lines that are of no process: comments, and what strace
// prints below a call, namely its stack (-k) and its data (-e read=, -e write=).
func isNote(s string) bool {
	trimmed := strings.TrimLeft(s, " \t")
	for _, mark := range []string{"#", "//"} {
		if strings.HasPrefix(trimmed, mark) {
			return true
		}
	}
	for _, mark := range []string{" > ", " | ", " * ", " = "} {
		if strings.HasPrefix(s, mark) {
			return true
		}
	}
	return false
}

// beginsEvent reports whether a line begins as a call or another event does. It
// tells a mistake in one from the rest of a call.
func beginsEvent(s string) bool {
	n := wordEnd(s)
	return n > 0 && strings.HasPrefix(s[n:], "(") ||
		strings.HasPrefix(s, "<...") || strings.HasPrefix(s, "---") || strings.HasPrefix(s, "+++")
}

// carriedOn reads a line that has neither prefix nor name: the rest of the call
// that the line before shows the beginning of. strace prints one after it broke
// into the line to say that a process was attached, and -z loses what stands
// before the rest. It returns nil when the line is none.
func carriedOn(body string) *Call {
	c := &Call{}
	var err error
	if p := (&parser{s: body, mid: true}); strings.IndexByte(" ,)]}", body[0]) >= 0 {
		c, err = p.continued(c) // from the middle of an argument, it may be
	} else {
		err = p.finish(c)
	}
	if err != nil || c.Result == nil && c.Marker == "" {
		return nil
	}
	return c
}

// body reads what follows the prefix.
func (p *parser) body(l *Line) error {
	switch {
	case p.at("<... "):
		return p.callBody(l, LineResumed)
	case p.at("--- "):
		return p.signal(l)
	case p.at("+++ "):
		return p.plus(l)
	case p.at("strace: ") || p.at("[ Process "):
		l.Kind, l.Text = LineNote, p.rest()
		return nil
	}
	if at := attachedAt(p.s); at > p.i {
		return p.interrupted(l, at)
	}
	return p.callBody(l, LineCall)
}

func (p *parser) callBody(l *Line, kind LineKind) (err error) {
	l.Kind = kind
	if kind == LineResumed {
		l.Call, err = p.resumed()
		return err
	}
	if l.Call, err = p.call(); err == nil && l.Call.Open {
		l.Kind = LineUnfinished
	}
	return err
}

// attachedAt returns where strace broke into a line of its own to say that a
// process was attached; -1 when it did not. Terminals show such lines, files
// made with -o do not.
func attachedAt(s string) int {
	if !strings.HasSuffix(s, " attached") {
		return -1
	}
	return strings.LastIndex(s, "strace: Process ")
}

// interrupted reads a call up to where strace broke in.
func (p *parser) interrupted(l *Line, at int) error {
	l.Kind, l.Text = LineUnfinished, p.s[at:]
	name := p.word()
	if name == "" {
		return p.fail("the name of a system call")
	}
	if err := p.expect("("); err != nil {
		return err
	}
	l.Call = &Call{Name: name, Open: true}
	(&parser{s: p.s[:at], i: p.i}).brokenOff(l.Call)
	return nil
}

// signal = "--- " ( "stopped by " word | word [ " " value ] ) " ---".
func (p *parser) signal(l *Line) (err error) {
	p.i += len("--- ")
	l.Kind = LineSignal
	if p.accept("stopped by ") {
		l.Kind = LineStopped
	}
	name := p.word()
	if name == "" {
		return p.fail("the name of a signal")
	}
	if l.Kind == LineStopped {
		l.Sig = name
		return p.closing(" ---")
	}
	l.Signal = &Signal{Name: name}
	if p.at(" {") {
		p.i++
		if l.Signal.Info, err = p.postfix(); err != nil {
			return err
		}
	}
	return p.closing(" ---")
}

// plus = "+++ " ( exited | killed | superseded ) " +++".
func (p *parser) plus(l *Line) (err error) {
	p.i += len("+++ ")
	switch {
	case p.accept("exited with "):
		l.Kind = LineExited
		l.Status, err = p.integer()
	case p.accept("killed by "):
		l.Kind = LineKilled
		if l.Sig = p.word(); l.Sig == "" {
			return p.fail("the name of a signal")
		}
		l.Core = p.accept(" (core dumped)")
	case p.accept("superseded by execve in pid "):
		l.Kind = LineSuperseded
		if l.PID, err = p.integer(); err == nil && p.at("<") {
			l.Text, err = p.command()
		}
	default:
		return p.fail(`"exited with ", "killed by " or "superseded by execve in pid "`)
	}
	if err != nil {
		return err
	}
	return p.closing(" +++")
}

// closing expects the last part of a line.
func (p *parser) closing(text string) error {
	if p.rest() != text {
		return p.fail(strconv.Quote(text) + " and the end of the line")
	}
	return nil
}

// integer reads a decimal number that fits an int and has no leading zero.
func (p *parser) integer() (int, error) {
	start := p.i
	for isDigit(p.peek()) {
		p.i++
	}
	text := p.s[start:p.i]
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || strconv.FormatInt(n, 10) != text {
		return 0, p.failAt(start, "a decimal number")
	}
	return int(n), nil
}
