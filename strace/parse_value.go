package strace

import "strings"

// An operator of the notation. Each has a level of its own, tighter ones
// later, so that a chain of one operator is one flat Op and trees grow no
// deeper than the brackets do. Subtraction above addition gives the same sums
// as C's common level.
type operator struct{ text, canonical string }

var operators = [...]operator{
	{"=>", " => "}, // before => after
	{"or", " or "}, // ioctl requests that share a number
	{"||", " || "},
	{"&&", " && "}, // WIFEXITED(s) && WEXITSTATUS(s) == 0
	{"|", "|"},
	{"==", " == "},
	{"<<", "<<"}, // 1<<CAP_CHOWN
	{"+", " + "},
	{"-", " - "},
	{"*", "*"}, // 8192*1024
}

// canonicalOperator returns how strace spaces an operator.
func canonicalOperator(text string) string {
	for _, op := range operators {
		if op.text == text {
			return op.canonical
		}
	}
	return text
}

// operator looks for an operator of at least that level, with blanks on both
// sides or on none: in {B38400 -opost} there is none. It returns its level and
// where its right operand begins; -1 when there is none.
func (p *parser) operator(min int) (level, next int) {
	i := p.i
	for i < len(p.s) && p.s[i] == ' ' {
		i++
	}
	if i == len(p.s) || strings.IndexByte("=o|&<+-*", p.s[i]) < 0 {
		return -1, 0
	}
	for level := min; level < len(operators); level++ {
		text := operators[level].text
		if !strings.HasPrefix(p.s[i:], text) || text == "|" && strings.HasPrefix(p.s[i:], "||") {
			continue
		}
		next := i + len(text)
		for next < len(p.s) && p.s[next] == ' ' {
			next++
		}
		blankBefore, blankAfter := i > p.i, next > i+len(text)
		if blankBefore == blankAfter && (blankBefore || text != "or") {
			return level, next
		}
	}
	return -1, 0
}

// value = unary { operator unary }, from that level of operators on.
func (p *parser) value(min int) (Value, error) {
	left, err := p.unary()
	for err == nil {
		level, next := p.operator(min)
		if level < 0 {
			break
		}
		op := operators[level]
		gap := p.s[p.i:next]
		if gap == op.canonical {
			gap = ""
		}
		p.i = next
		var right Value
		if right, err = p.value(level + 1); err != nil {
			break
		}
		if left.Kind != Op || left.Text != op.text {
			left = Value{Kind: Op, Text: op.text, Items: []Item{{Value: left}}}
		}
		left.Items = append(left.Items, Item{Gap: gap, Value: right})
	}
	return left, err
}

// unary = { "~" | "&" | "@" | "*" | "!" | "-" | "+" | "|" } postfix. A sign before
// a digit belongs to the number. The bar stands for a set whose first part is
// empty: with -X raw strace 6.1 prints statx's flags as |0x900.
func (p *parser) unary() (Value, error) {
	c := p.peek()
	signed := (c == '-' || c == '+') && p.i+1 < len(p.s) && isDigit(p.s[p.i+1])
	if c == 0 || signed || strings.IndexByte("~&@*!-+|", c) < 0 {
		return p.postfix()
	}
	if err := p.enter(); err != nil {
		return Value{}, err
	}
	p.i++
	operand, err := p.unary()
	p.depth--
	return Value{Kind: Unary, Text: string(c), Items: []Item{{Value: operand}}}, err
}

// postfix = primary { annotation | blanks comment }. Only numbers and names
// have annotations; -X verbose prints them after the comment.
func (p *parser) postfix() (Value, error) {
	depth := p.depth
	v, err := p.primary()
	for err == nil {
		start := p.i
		gap := p.blanks()
		annotation := gap == "" && p.peek() == '<' && !p.at("<<") &&
			(v.Kind == Number || v.Kind == Name || v.Kind == Comment)
		if !annotation && (gap == "" || !p.at("/*")) {
			p.i = start
			break
		}
		if err = p.enter(); err != nil {
			break
		}
		if annotation {
			v, err = p.annotated(v)
			continue
		}
		c := Value{Kind: Comment, Tail: gap, Items: []Item{{Value: v}}}
		if gap == " " {
			c.Tail = ""
		}
		c.Text, err = p.comment()
		v = c
	}
	p.depth = depth
	return v, err
}

// comment = "/*" text "*/"; it returns the text.
func (p *parser) comment() (string, error) {
	end := strings.Index(p.s[p.i+2:], "*/")
	if end < 0 {
		return "", p.failAt(len(p.s), `"*/"`)
	}
	text := p.s[p.i+2 : p.i+2+end]
	p.i += 2 + end + 2
	return text, nil
}

// primary = string | list | word | word "(" ... ")" | "..." | comment | angle.
func (p *parser) primary() (Value, error) {
	switch c := p.peek(); {
	case c == '"':
		return p.quoted()
	case c == '\'':
		return p.character()
	case c == '[':
		return p.list(Value{Kind: Array}, ']')
	case c == '{':
		return p.list(Value{Kind: Struct}, '}')
	case c == '(':
		return p.list(Value{Kind: Func}, ')')
	case p.accept("..."):
		return Dots(), nil
	case p.at("/*"):
		text, err := p.comment()
		return Value{Kind: Comment, Text: text}, err
	case p.at("<..."):
		return p.angle()
	}
	return p.wordValue()
}

// quoted = '"' { byte | escape } '"' [ "..." ].
func (p *parser) quoted() (Value, error) {
	end := stringEnd(p.s, p.i)
	if end < 0 {
		return Value{}, p.failAt(len(p.s), `a closing '"'`)
	}
	start := p.i + 1
	text := p.s[start : end-1]
	if bad := firstBadEscape(text); bad >= 0 {
		return Value{}, p.failAt(start+bad, "an escape such as \\n, \\0 or \\x1f")
	}
	p.i = end
	return Value{Kind: String, Text: text, Cut: p.accept("...")}, nil
}

// character = "'" byte "'", which strace prints for SG_IO's interface_id.
func (p *parser) character() (Value, error) {
	if s := p.rest(); len(s) >= 3 && s[2] == '\'' {
		p.i += 3
		return Value{Kind: Number, Text: s[:3]}, nil
	}
	return Value{}, p.fail("a character between single quotes")
}

// angle = "<..." text ">", as in restart_syscall(<... resuming interrupted read ...>).
func (p *parser) angle() (Value, error) {
	end := strings.IndexByte(p.rest(), '>')
	if end < 0 {
		return Value{}, p.failAt(len(p.s), `">"`)
	}
	v := Value{Kind: Angle, Text: p.s[p.i+1 : p.i+end]}
	p.i += end + 1
	return v, nil
}

// wordValue reads what begins with a word: a number, a name, a function.
func (p *parser) wordValue() (Value, error) {
	start := p.i
	if c := p.peek(); c == '-' || c == '+' {
		p.i++
	}
	if p.word() == "" {
		p.i = start
		return Value{}, p.fail("a value")
	}
	v := Value{Kind: Name, Text: p.s[start:p.i]}
	switch {
	case p.peek() == '(':
		return p.list(Value{Kind: Func, Text: v.Text}, ')')
	case isNumber(v.Text):
		v.Kind = Number
	case p.peek() == '[':
		return p.indexed(start)
	}
	return v, nil
}

// indexed = word "[" word "]", the name of an element as in c_cc[VMIN]=1.
func (p *parser) indexed(start int) (Value, error) {
	p.i++
	p.word()
	if err := p.expect("]"); err != nil {
		return Value{}, err
	}
	return Value{Kind: Name, Text: p.s[start:p.i]}, nil
}

const deleted = "(deleted)"

// annotated = value "<" text ">" [ "(deleted)" ].
func (p *parser) annotated(v Value) (Value, error) {
	end := annotationEnd(p.s, p.i)
	if end < 0 {
		return Value{}, p.failAt(len(p.s), `a closing ">"`)
	}
	out := WithFD(v, p.s[p.i+1:end-1])
	p.i = end
	if p.accept(deleted) {
		out.Tail = deleted
	}
	return out, nil
}
