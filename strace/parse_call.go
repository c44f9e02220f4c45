package strace

import "strings"

// call = word "(" arguments ( ")" [ result ] | nothing more ).
func (p *parser) call() (*Call, error) {
	name := p.word()
	if name == "" || isDigit(name[0]) {
		p.i -= len(name)
		return nil, p.fail("a system call, a signal, an exit or a comment")
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	c := &Call{Name: name}
	start := p.i
	err := p.finish(c)
	if err == nil {
		return c, nil
	}
	end, marker := lastMarker(p.s, start)
	if end < 0 {
		return nil, err
	}
	// An argument was begun, and is finished on return.
	args := parser{s: p.s[:end], i: start}
	*c = Call{Name: name, Marker: marker}
	args.brokenOff(c)
	p.i = end + len(" <") + len(marker) + len(">")
	if err := p.ending(c); err != nil {
		return nil, err
	}
	return c, nil
}

// finish = arguments [ " <" marker ">" ] ending.
func (p *parser) finish(c *Call) error {
	if err := p.arguments(c, ')'); err != nil {
		return err
	}
	if p.accept(" <") {
		end := strings.IndexByte(p.rest(), '>')
		if end <= 0 {
			return p.fail(`a text and ">"`)
		}
		c.Marker = p.s[p.i : p.i+end]
		p.i += end + 1
	}
	return p.ending(c)
}

// ending = ")" [ result ] | the end of a line that has a marker.
func (p *parser) ending(c *Call) (err error) {
	if c.Marker != "" && p.atEnd() {
		c.Open = true
		return nil
	}
	if !p.accept(")") {
		return p.fail(`")"`)
	}
	if !p.atEnd() {
		c.Result, err = p.result()
	}
	return err
}

// arguments = [ item { "," [ item ] } ], up to the closer (0: the end of the
// text) or a marker. What stands before those is the call's Tail. Only when a
// call is resumed may the first argument follow a comma. One between two commas
// may be empty: strace 6.1 prints statx's flags so with -X raw.
func (p *parser) arguments(c *Call, closer byte) error {
	for {
		start := p.i
		p.blanks()
		comma := (len(c.Args) > 0 || p.mid) && p.accept(",")
		p.blanks()
		if p.at("<") && !p.at("<...") && p.i > start && p.s[p.i-1] == ' ' {
			p.i--
			c.Tail = p.s[start:p.i]
			return nil
		}
		if p.peek() == closer && (closer != 0 || p.atEnd()) {
			c.Tail = p.s[start:p.i]
			return nil
		}
		if len(c.Args) > 0 && !comma {
			return p.fail(`"," or ")"`)
		}
		gap := shortGap(p.s[start:p.i], len(c.Args))
		it := Item{}
		if p.peek() != ',' || len(c.Args) == 0 {
			var err error
			if it, err = p.item(); err != nil {
				return err
			}
		}
		it.Gap = gap
		c.Args = append(c.Args, it)
	}
}

// brokenOff reads the arguments of a line that breaks off: the whole ones into
// Args, the rest into Tail.
func (p *parser) brokenOff(c *Call) {
	start, text := p.i, p.rest()
	lastComma, depth := 0, 0
	for scan := (brackets{s: text}); scan.next(); {
		depth += scan.step
		if scan.c == ',' && depth == 0 {
			lastComma = scan.at
		}
	}
	if depth == 0 && p.arguments(c, 0) == nil && p.atEnd() {
		return
	}
	c.Args, c.Tail = nil, ""
	whole := parser{s: p.s[:start+lastComma], i: start}
	if whole.arguments(c, 0) != nil || !whole.atEnd() {
		c.Args, c.Tail, lastComma = nil, "", 0
	}
	c.Tail += text[lastComma:]
}

// lastMarker returns where the " <unfinished ...>" of a line begins that
// breaks off, and the text between the angle brackets; -1 when there is none.
func lastMarker(s string, from int) (at int, marker string) {
	at = strings.LastIndex(s, " <")
	if at < from {
		return -1, ""
	}
	end := strings.IndexByte(s[at:], '>')
	if end < 0 || !strings.HasSuffix(s[:at+end], "...") {
		return -1, ""
	}
	return at, s[at+len(" <") : at+end]
}

// resumed = "<... " word " resumed>" [ the end of an argument ] finish.
func (p *parser) resumed() (*Call, error) {
	p.i += len("<... ")
	name := p.word()
	if name == "" {
		return nil, p.fail("the name of a system call")
	}
	if err := p.expect(" resumed>"); err != nil {
		return nil, err
	}
	return p.continued(&Call{Name: name})
}

// continued reads what strace prints on return into c, whose name is known.
func (p *parser) continued(c *Call) (*Call, error) {
	p.mid = true
	start := p.i
	err := p.finish(c)
	if err == nil {
		return c, nil
	}
	head := headEnd(p.s[start:])
	if head <= 0 {
		return nil, err
	}
	*c = Call{Name: c.Name, Head: p.s[start : start+head]}
	p.i, p.depth = start+head, 0
	if err := p.finish(c); err != nil {
		return nil, err
	}
	return c, nil
}

// headEnd returns the length of the end of an argument that s begins with: all
// up to the first comma, or closing parenthesis, that follows the last bracket
// closed but not opened in s.
func headEnd(s string) int {
	depth, comma := 0, -1
	for scan := (brackets{s: s}); scan.next(); {
		switch {
		case scan.c == ')' && depth == 0:
			if comma >= 0 {
				return comma
			}
			return scan.at
		case scan.step < 0 && depth == 0:
			comma = -1
			continue
		case scan.c == ',' && depth == 0 && comma < 0:
			comma = scan.at
		}
		depth += scan.step
	}
	return -1
}

// brackets finds the brackets and commas of a text outside strings, comments
// and annotations.
type brackets struct {
	s    string
	i    int
	at   int  // where the last one found stands
	c    byte // which it is
	step int  // +1 for an opening bracket, -1 for a closing one
}

// next finds the next one. It stops at the end and at whatever is not closed.
func (b *brackets) next() bool {
	for b.i >= 0 && b.i < len(b.s) {
		b.at, b.c, b.step = b.i, b.s[b.i], 0
		b.i++
		switch b.c {
		case '(', '[', '{':
			b.step = 1
			return true
		case ')', ']', '}':
			b.step = -1
			return true
		case ',':
			return true
		case '"':
			b.i = stringEnd(b.s, b.at)
		case '\'':
			if b.at+2 < len(b.s) && b.s[b.at+2] == '\'' {
				b.i = b.at + 3
			}
		case '/':
			if strings.HasPrefix(b.s[b.at:], "/*") {
				b.i = after(b.s, b.at+2, "*/")
			}
		case '<':
			b.angle()
		}
	}
	return false
}

// angle steps over what follows a <: another one of the operator, or an
// annotation.
func (b *brackets) angle() {
	switch {
	case strings.HasPrefix(b.s[b.at:], "<<"):
		b.i = b.at + 2
	case b.at > 0 && isWordByte(b.s[b.at-1]):
		b.i = annotationEnd(b.s, b.at)
	}
}

// after returns the index after the next sep at or after i; -1 when there is
// none.
func after(s string, i int, sep string) int {
	n := strings.Index(s[i:], sep)
	if n < 0 {
		return -1
	}
	return i + n + len(sep)
}
