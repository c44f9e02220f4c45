package conntest

import (
	"bytes"
)

func boundaries(p *pair) error {
	lengths := []int{1, 2, 3, 100, 1, 1000, 4096, 5, 9999, 1}
	done := make(chan result, 1)
	go func() {
		for _, n := range lengths {
			if _, err := p.c1.Write(pattern(make([]byte, n), n)); err != nil {
				done <- result{err: broken("Write of %d bytes = %w", n, err)}
				return
			}
		}
		done <- result{}
	}()
	for _, n := range lengths {
		r, err := p.of(read(p.c2, 1<<16))
		if err != nil {
			return err
		}
		if err := r.wants("Read", string(pattern(make([]byte, n), n)), nil); err != nil {
			return broken("a message of %d bytes has become %d, %v", n, r.n, r.err)
		}
	}
	r, err := p.of(done)
	return first(err, r.err)
}

func shortRead(p *pair) error {
	for _, word := range []string{"longer than there is room", "next"} {
		if _, err := p.c1.Write([]byte(word)); err != nil {
			return broken("Write = %w", err)
		}
	}
	r, err := p.of(read(p.c2, 6))
	if err := first(err, r.wants("a short Read", "longer", nil)); err != nil {
		return err
	}
	r, err = p.of(read(p.c2, 64))
	return first(err, r.wants("the Read after it", "next", nil))
}

func oneReaderAMessage(p *pair) error {
	const length, each = 50, 20
	for i := range crowd {
		go func() {
			for range each {
				p.c1.Write(bytes.Repeat([]byte{byte('a' + i)}, length))
			}
		}()
	}
	results := make(chan result, crowd)
	for range crowd {
		go func() {
			b := make([]byte, length+1)
			for range each {
				n, err := p.c2.Read(b)
				if err == nil && (n != length || !bytes.Equal(b[:n], bytes.Repeat(b[:1], n))) {
					err = broken("Read = %d bytes that are of no single message of %d", n, length)
				}
				if err != nil {
					results <- result{err: err}
					return
				}
			}
			results <- result{}
		}()
	}
	for range crowd {
		if r, err := p.of(results); err != nil || r.err != nil {
			return first(err, r.err)
		}
	}
	return nil
}
