package conntest

import (
	"errors"
	"io"
	"time"
)

// ended says that a call has ended with an error that Close gives.
func (p *pair) ended(what string, ch <-chan result) error {
	r, err := p.of(ch)
	if err != nil || r.err == nil || late(r.err) {
		return broken("%s = %d, %v (%v), want an error that is no time-out", what, r.n, r.err, err)
	}
	return nil
}

func closeWakesAll(p *pair) error {
	reads, writes, err := p.waiting()
	if err != nil {
		return err
	}
	if err := p.c1.Close(); err != nil {
		return broken("Close = %w", err)
	}
	for _, ch := range reads {
		if err := p.ended("a Read that waited", ch); err != nil {
			return err
		}
	}
	for _, ch := range writes {
		if r, err := p.of(ch); err != nil || late(r.err) || r.err == nil && !p.mayHaveRoom() {
			return broken("a Write that waited = %d, %v (%v), want an error that is no time-out", r.n, r.err, err)
		}
	}
	return nil
}

func closeIsFinal(p *pair) error {
	if err := p.c1.Close(); err != nil {
		return broken("Close = %w", err)
	}
	if p.c1.LocalAddr() == nil || p.c1.RemoteAddr() == nil {
		return errors.New("an address is nil after Close")
	}
	for what, err := range map[string]error{
		"SetDeadline":      p.c1.SetDeadline(time.Now()),
		"SetReadDeadline":  p.c1.SetReadDeadline(time.Time{}),
		"SetWriteDeadline": p.c1.SetWriteDeadline(time.Now().Add(time.Hour)),
	} {
		if err == nil {
			return broken("%s after Close = nil, want an error", what)
		}
	}
	return first(p.ended("Read after Close", read(p.c1, 1)), p.ended("Write after Close", write(p.c1, []byte("x"))))
}

func closeByMany(p *pair) error {
	reads := []<-chan result{read(p.c1, 1), read(p.c1, 1)}
	done := make(chan result, crowd)
	for range crowd {
		go func() {
			p.c1.SetDeadline(time.Now().Add(time.Hour))
			err := p.c1.Close()
			p.c1.Close()
			done <- result{err: err}
		}()
	}
	succeeded := 0
	for range crowd {
		r, err := p.of(done)
		if err != nil {
			return err
		}
		if r.err == nil {
			succeeded++
		}
	}
	if succeeded == 0 {
		return errors.New("none of many Close = nil, want one at least")
	}
	return first(p.ended("Read", reads[0]), p.ended("Read", reads[1]))
}

// all reads until an error.
func (p *pair) all(read func(room int) <-chan result) (data []byte, err error) {
	for {
		r, err := p.of(read(64))
		if err != nil {
			return data, err
		}
		data = append(data, r.data...)
		if r.err != nil {
			return data, r.err
		}
	}
}

func closeDelivers(p *pair) error {
	for _, word := range []string{"what ", "was ", "written"} {
		if _, err := p.c1.Write([]byte(word)); err != nil {
			return broken("Write = %w", err)
		}
	}
	if err := p.c1.Close(); err != nil {
		return broken("Close = %w", err)
	}
	data, err := p.all(func(room int) <-chan result { return read(p.c2, room) })
	if string(data) != "what was written" || err != io.EOF {
		return broken("what is read after Close = %q, %v, want all and io.EOF", data, err)
	}
	r, err := p.of(read(p.c2, 1))
	return first(err, r.wants("Read at the end", "", io.EOF))
}

func otherCloseWakesAll(p *pair) error {
	readers := []<-chan result{}
	for range crowd {
		readers = append(readers, read(p.c1, 1))
	}
	if err := p.stays("Read", readers[0]); err != nil {
		return err
	}
	if err := p.c2.Close(); err != nil {
		return broken("Close = %w", err)
	}
	for _, ch := range readers {
		r, err := p.of(ch)
		if err := first(err, r.wants("Read when the other end is closed", "", io.EOF)); err != nil {
			return err
		}
	}
	for end := time.Now().Add(p.patience()); time.Now().Before(end); time.Sleep(p.pause()) {
		r, err := p.of(write(p.c1, []byte("x")))
		if err != nil || late(r.err) {
			return broken("Write when the other end is closed = %d, %v (%v), want an error that is no time-out", r.n, r.err, err)
		}
		if r.err != nil {
			return nil // at once, or when the news has come by the network
		}
	}
	return broken("Write when the other end has long been closed = nil, want an error")
}

func halfClose(p *pair) error {
	if _, err := p.c1.Write([]byte("question")); err != nil {
		return broken("Write = %w", err)
	}
	if err := p.c1.(halfCloser).CloseWrite(); err != nil {
		return broken("CloseWrite = %w", err)
	}
	data, err := p.all(func(room int) <-chan result { return read(p.c2, room) })
	if string(data) != "question" || err != io.EOF {
		return broken("what is read after CloseWrite = %q, %v, want all and io.EOF", data, err)
	}
	r, err := p.exchange(p.c2, p.c1, []byte("answer"), 16)
	return first(err, r.wants("Read of the answer", "answer", nil))
}

func writeAfterCloseWrite(p *pair) error {
	if err := p.c1.(halfCloser).CloseWrite(); err != nil {
		return broken("CloseWrite = %w", err)
	}
	return p.ended("Write after CloseWrite", write(p.c1, []byte("x")))
}

func closeReadWakesAll(p *pair) error {
	readers := []<-chan result{}
	for range crowd {
		readers = append(readers, read(p.c1, 1))
	}
	if err := p.stays("Read", readers[0]); err != nil {
		return err
	}
	if err := p.c1.(halfCloser).CloseRead(); err != nil {
		return broken("CloseRead = %w", err)
	}
	for _, ch := range readers {
		r, err := p.of(ch)
		if err := first(err, r.wants("Read after CloseRead", "", io.EOF)); err != nil {
			return err
		}
	}
	return nil
}

func resetUnread(p *pair) error {
	if _, err := p.c1.Write([]byte("unread")); err != nil {
		return broken("Write = %w", err)
	}
	if !p.Messages { // the first byte tells that all have come
		r, err := p.of(read(p.c2, 1))
		if err := first(err, r.wants("Read of a part", "u", nil)); err != nil {
			return err
		}
	}
	if err := p.c2.Close(); err != nil {
		return broken("Close = %w", err)
	}
	r, err := p.of(read(p.c1, 1))
	if err != nil || r.err == nil || r.err == io.EOF || late(r.err) {
		return broken("Read when the other end is closed with unread data = %d, %v (%v), want an error that is not io.EOF", r.n, r.err, err)
	}
	r, err = p.of(read(p.c1, 1))
	return first(err, r.wants("the Read after that", "", io.EOF))
}
