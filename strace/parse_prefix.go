package strace

import "strings"

// prefix = [ pid ] [ time ] [ "(+" delta ")" ] [ "[" number "]" ] [ "[" ip "]" ],
// each followed by blanks. [strace 6.1, measured: -n stands before -i]
func (p *parser) prefix(x *Prefix) error {
	start := p.i
	if err := p.pid(x); err != nil {
		return err
	}
	p.stamp(x)
	if n := numberOf(p.rest()); n > 0 {
		x.Number = p.s[p.i+1 : p.i+n-1]
		p.skipField(n)
	}
	if n := pointerOf(p.rest()); n > 0 {
		x.IP = p.s[p.i+1 : p.i+n-1]
		p.skipField(n)
	}
	p.blanks()
	if text := p.s[start:p.i]; string(x.append(nil)) != text {
		x.Text = text
	}
	return nil
}

// skipField steps over a field of that length and the blank after it.
func (p *parser) skipField(n int) {
	p.i += n
	p.accept(" ")
}

// pid = "[pid " blanks digits [ command ] "] " | digits [ command ] blanks.
// A number alone is a process unless it is too large for one, in which case it
// is a time stamp in whole seconds.
func (p *parser) pid(x *Prefix) (err error) {
	start := p.i
	bracket := p.accept("[pid ")
	p.blanks()
	n := digits(p.rest())
	switch {
	case !bracket && (n == 0 || n > len("4194304") || p.i+n >= len(p.s) || strings.IndexByte(" <", p.s[p.i+n]) < 0):
		p.i = start
		return nil
	case bracket:
		x.Style = PIDBracket
	default:
		x.Style = PIDPlain
	}
	if x.PID, err = p.integer(); err != nil {
		return err
	}
	if p.at("<") {
		if x.Comm, err = p.command(); err != nil {
			return err
		}
		x.Comm = x.Comm[1 : len(x.Comm)-1]
	}
	if bracket {
		return p.expect("] ")
	}
	for width := p.i - start; p.accept(" ") && width < pidWidth; width++ {
	}
	return nil
}

// pidWidth is the width to which strace pads a process's number.
const pidWidth = 5

// command = "<" text ">"; it returns all of it.
func (p *parser) command() (string, error) {
	end := annotationEnd(p.s, p.i)
	if end < 0 {
		return "", p.failAt(len(p.s), `">"`)
	}
	text := p.s[p.i:end]
	p.i = end
	return text, nil
}

// stamp = blanks time " " [ "(+" blanks time ") " ].
func (p *parser) stamp(x *Prefix) {
	start := p.i
	p.blanks()
	n := timeOf(p.rest())
	if n == 0 {
		p.i = start
		return
	}
	x.Time = p.s[start : p.i+n]
	p.skipField(n)
	if s := p.rest(); strings.HasPrefix(s, "(+") {
		if end := strings.IndexByte(s, ')'); end > 0 && all(s[2:end], isStampByte) {
			x.Delta = s[2:end]
			p.skipField(end + 1)
		}
	}
}

func isStampByte(c byte) bool { return isDigit(c) || c == '.' || c == ':' || c == ' ' }

// timeOf returns the length of the time stamp that s begins with: digits with
// dots and colons, and a blank after them; 0 when there is none.
func timeOf(s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ' ':
			return i
		case !isStampByte(s[i]):
			return 0
		}
	}
	return 0
}

// numberOf returns the length of the field that -n prints, [ 257], 0 when s
// begins with none. Eight digits and more are -i's.
func numberOf(s string) int {
	if !strings.HasPrefix(s, "[") {
		return 0
	}
	blanks := 1 + len(s[1:]) - len(strings.TrimLeft(s[1:], " "))
	n := blanks + digits(s[blanks:])
	if n == blanks || n >= 9 || n >= len(s) || s[n] != ']' {
		return 0
	}
	return n + 1
}

// pointerOf returns the length of the field that -i prints, with 8 or 16
// hexadecimal digits or as many question marks; 0 when s begins with none.
func pointerOf(s string) int {
	for _, n := range []int{16, 8} {
		if len(s) < n+2 || s[0] != '[' || s[n+1] != ']' {
			continue
		}
		if text := s[1 : n+1]; all(text, isHex) || strings.Trim(text, "?") == "" {
			return n + 2
		}
	}
	return 0
}

// digits returns how many decimal digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}
