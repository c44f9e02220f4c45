package strace

import "strings"

// AlignColumn is where strace puts the equals sign unless -a says otherwise,
// counted in bytes from 0 and from the start of the line, prefix included. A
// longer call is followed by one blank.
const AlignColumn = 40

// result = blanks "= " value [ " " errno ] { " <unavailable>" | " (" text ")" } [ " <" seconds ">" ].
func (p *parser) result() (*Result, error) {
	start := p.i
	r := &Result{Gap: p.blanks()}
	if r.Gap == "" || !p.at("=") {
		return nil, p.fail(`" = " and the result`)
	}
	if len(r.Gap) == alignment(start) {
		r.Gap = ""
	}
	p.i++
	if err := p.expect(" "); err != nil {
		return nil, err
	}
	var err error
	if r.Value, err = p.unary(); err != nil {
		return nil, err
	}
	for err == nil && !p.atEnd() {
		err = p.resultPart(r)
	}
	return r, err
}

// alignment returns how many blanks stand between a call that ends before that
// column and its equals sign.
func alignment(column int) int { return max(1, AlignColumn-column) }

// resultPart reads one of the parts that may follow the value.
func (p *parser) resultPart(r *Result) error {
	first := r.Errno == "" && r.Text == "" && r.Mark == "" && r.Notes == nil
	switch {
	case r.Elapsed != "":
		return p.fail("the end of the line")
	case p.at(" ("):
		return p.note(r)
	case p.at(" <"):
		end := strings.IndexByte(p.rest(), '>')
		if end < 0 {
			return p.failAt(len(p.s), `">"`)
		}
		return p.mark(r, end)
	case first && p.accept(" "):
		if r.Errno = p.word(); r.Errno != "" {
			return nil
		}
		return p.fail("the name of an error")
	}
	return p.fail(`the end of the line, or " (" and a note`)
}

// mark reads `<unavailable>` or the seconds of -T, which end at that byte.
func (p *parser) mark(r *Result, end int) error {
	text := p.s[p.i+len(" <") : p.i+end]
	switch {
	case text != "" && isDigit(text[0]):
		r.Elapsed = text
	case text != "" && r.Mark == "" && r.Notes == nil && r.Errno == "":
		r.Mark = text
	default:
		return p.fail("the seconds that the call took")
	}
	p.i += end + 1
	return nil
}

// note = " (" text ")", where brackets in the text come in pairs.
func (p *parser) note(r *Result) error {
	p.i += len(" (")
	depth := 0
	for scan := (brackets{s: p.rest()}); scan.next(); {
		if depth += scan.step; depth >= 0 {
			continue
		}
		text := p.s[p.i : p.i+scan.at]
		if text == "" || scan.c != ')' {
			break
		}
		if r.Errno != "" && r.Text == "" && r.Notes == nil {
			r.Text = text
		} else {
			r.Notes = append(r.Notes, text)
		}
		p.i += scan.at + 1
		return nil
	}
	return p.fail(`a text and ")"`)
}

// parseNote reads the text of a note as a list of values.
func parseNote(text string) ([]Item, error) {
	p := parser{s: text}
	var items []Item
	for {
		gap, err := p.gap(len(items), 0)
		if err != nil {
			return nil, err
		}
		if p.atEnd() {
			return items, nil
		}
		it, err := p.item()
		if err != nil {
			return nil, err
		}
		it.Gap = shortGap(gap, len(items))
		items = append(items, it)
	}
}
