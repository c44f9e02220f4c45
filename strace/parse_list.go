package strace

import "strings"

// list = open [ item { gap item } ] gap close, where a gap is a comma with
// blanks or, between items, blanks alone.
func (p *parser) list(v Value, closer byte) (Value, error) {
	if err := p.enter(); err != nil {
		return Value{}, err
	}
	p.i++
	for {
		gap, err := p.gap(len(v.Items), closer)
		if err != nil {
			return Value{}, err
		}
		if p.peek() == closer {
			v.Tail = gap
			p.i++
			p.depth--
			return v, nil
		}
		it, err := p.item()
		if err != nil {
			return Value{}, err
		}
		it.Gap = shortGap(gap, len(v.Items))
		v.Items = append(v.Items, it)
	}
}

// gap reads what stands before item n of a list that closer ends, or before
// the closer.
func (p *parser) gap(n int, closer byte) (string, error) {
	start := p.i
	p.blanks()
	if n > 0 && p.accept(",") {
		p.blanks()
	}
	gap := p.s[start:p.i]
	if n > 0 && gap == "" && p.peek() != closer {
		return "", p.fail(`"," or "` + string(closer) + `"`)
	}
	return gap, nil
}

// shortGap leaves out the gap that strace usually prints.
func shortGap(gap string, n int) string {
	if n > 0 && gap == ", " {
		return ""
	}
	return gap
}

// item = [ name "=" ] value. An empty set of terminal flags has no text at all
// (c_iflag=), so after a name the value may be absent. A name is a word, a word with an index, or an
// index alone as in [[VINTR]=0x3].
func (p *parser) item() (Item, error) {
	start := p.i
	v, err := p.value(0)
	if err != nil || p.peek() != '=' {
		return Item{Value: v}, err
	}
	if v.Kind != Name && v.Kind != Array {
		return Item{}, p.fail(`"," or a closing bracket`)
	}
	name := p.s[start:p.i]
	p.i++
	if p.atEnd() || strings.IndexByte(",]})", p.peek()) >= 0 {
		return Item{Name: name}, nil
	}
	v, err = p.value(0)
	return Item{Name: name, Value: v}, err
}
