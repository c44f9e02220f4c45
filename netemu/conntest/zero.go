package conntest

import (
	"bytes"
	"io"
)

func zeroRead(p *pair) error {
	for _, room := range [][]byte{nil, {}} {
		if n, err := p.c1.Read(room); n != 0 || err != nil {
			return broken("Read of nothing without data = %d, %v, want 0, nil", n, err)
		}
	}
	w := write(p.c2, []byte("x"))
	if n, err := p.c1.Read(nil); n != 0 || err != nil {
		return broken("Read of nothing = %d, %v, want 0, nil", n, err)
	}
	r, err := p.of(read(p.c1, 4))
	if err != nil {
		return err
	}
	_, err = p.of(w)
	return first(err, r.wants("Read", "x", nil))
}

func zeroWrite(p *pair) error {
	w := write(p.c1, nil)
	if p.Buffered {
		r, err := p.of(w)
		if err != nil || r.n != 0 || r.err != nil {
			return broken("Write of nothing = %d, %v (%v), want 0, nil", r.n, r.err, err)
		}
	}
	after := write(p.c1, []byte("x"))
	for {
		r, err := p.of(read(p.c2, 4))
		if err != nil {
			return err
		}
		if r.n == 0 && r.err == nil {
			continue // the Write of nothing may wake a Read
		}
		_, err = p.of(after)
		return first(err, r.wants("Read after a Write of nothing", "x", nil))
	}
}

func emptyMessage(p *pair) error {
	for _, m := range []string{"", "x", "", ""} {
		r, err := p.exchange(p.c1, p.c2, []byte(m), 4)
		if err != nil {
			return err
		}
		var want error
		if m == "" && p.EmptyIsEOF {
			want = io.EOF
		}
		if err := r.wants("Read", m, want); err != nil {
			return err
		}
	}
	return nil
}

func hugeBuffer(p *pair) error {
	data := bytes.Repeat([]byte("0123456789"), 100)
	w := write(p.c1, data)
	var got []byte
	for len(got) < len(data) {
		r, err := p.of(read(p.c2, 16<<20))
		if err := first(err, r.err); err != nil {
			return broken("Read after %d of %d bytes: %w", len(got), len(data), err)
		}
		got = append(got, r.data...)
		if p.Messages {
			break
		}
	}
	_, err := p.of(w)
	return first(err, result{n: len(got), data: got}.wants("Read", string(data), nil))
}

func bufferIsTheCallers(p *pair) error {
	b := []byte("first")
	w := write(p.c1, b)
	if !p.Buffered {
		r, err := p.of(read(p.c2, 5))
		return first(err, r.wants("Read", "first", nil))
	}
	if _, err := p.of(w); err != nil {
		return err
	}
	copy(b, "other")
	r, err := p.of(read(p.c2, 5))
	return first(err, r.wants("Read", "first", nil))
}
