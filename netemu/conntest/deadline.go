package conntest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// past are deadlines that are over.
var past = []time.Time{time.Unix(0, 1), time.Unix(-1, 0), time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)}

func pastDeadline(p *pair) error {
	if p.Buffered {
		if r, err := p.of(write(p.c2, []byte("early"))); err != nil || r.err != nil {
			return broken("Write = %w", first(err, r.err))
		}
	}
	for _, at := range past {
		if err := p.c1.SetDeadline(at); err != nil {
			return broken("SetDeadline = %w", err)
		}
		for what, ch := range map[string]<-chan result{"Read": read(p.c1, 1), "Write": write(p.c1, []byte("x"))} {
			r, err := p.of(ch)
			if err != nil || r.n != 0 || !late(r.err) {
				return broken("%s with the deadline %v = %d, %v (%v), want a time-out", what, at, r.n, r.err, err)
			}
		}
	}
	if err := p.c1.SetDeadline(time.Time{}); err != nil {
		return broken("SetDeadline = %w", err)
	}
	if p.Buffered {
		r, err := p.of(read(p.c1, 5))
		if err := first(err, r.wants("Read of what was there", "early", nil)); err != nil {
			return err
		}
	}
	r, err := p.exchange(p.c1, p.c2, []byte("there"), 8)
	if err := first(err, r.wants("Read without deadline", "there", nil)); err != nil {
		return err
	}
	r, err = p.exchange(p.c2, p.c1, []byte("back"), 8)
	return first(err, r.wants("Read after the deadline was taken away", "back", nil))
}

func timeoutIsTimeout(p *pair) error {
	p.c1.SetReadDeadline(time.Now().Add(p.pause()))
	r, err := p.of(read(p.c1, 1))
	var ne net.Error
	switch {
	case err != nil:
		return err
	case r.n != 0:
		return broken("Read = %d bytes, want 0", r.n)
	case !errors.As(r.err, &ne) || !ne.Timeout():
		return broken("Read = %v (%T), want a net.Error with Timeout", r.err, r.err)
	case !errors.Is(r.err, os.ErrDeadlineExceeded):
		return broken("errors.Is(%v, os.ErrDeadlineExceeded) = false, want true", r.err)
	}
	return nil
}

func timeoutLosesNothing(p *pair) error {
	for i := range 100 {
		p.c1.SetReadDeadline(time.Now().Add(10 * time.Microsecond))
		if r, err := p.of(read(p.c1, 8)); err != nil || !late(r.err) {
			return broken("Read = %d, %v (%v), want a time-out", r.n, r.err, err)
		}
		p.c1.SetReadDeadline(time.Time{})
		word := fmt.Sprint(i)
		r, err := p.exchange(p.c2, p.c1, []byte(word), 8)
		if err := first(err, r.wants("the Read after a time-out", word, nil)); err != nil {
			return err
		}
	}
	return nil
}

func shortDeadlines(p *pair) error {
	done := make(chan error, 1)
	go func() {
		b := make([]byte, 1)
		for i := range 1000 {
			p.c1.SetReadDeadline(time.Now().Add(time.Duration(i%50) * time.Microsecond))
			if n, err := p.c1.Read(b); n != 0 || !late(err) {
				done <- broken("Read %d = %d, %v, want a time-out", i, n, err)
				return
			}
		}
		done <- nil
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(p.patience()):
		return errPatience
	}
}

// mayHaveRoom reports whether a Write that seems to wait may only be slow: on a
// busy machine, not in a bubble.
func (p *pair) mayHaveRoom() bool { return p.Buffered && p.In == nil }

// waiting begins many calls that wait: Reads at p.c1, and Writes where it is
// full.
func (p *pair) waiting() (reads, writes []<-chan result, err error) {
	if p.Buffered {
		w, _, err := p.fill(p.c1)
		if err != nil {
			return nil, nil, err
		}
		writes = append(writes, w)
	}
	for range crowd {
		reads = append(reads, read(p.c1, 1))
		writes = append(writes, write(p.c1, []byte("x")))
	}
	return reads, writes, p.stays("Read", reads[0])
}

func deadlineWakesAll(p *pair) error {
	reads, writes, err := p.waiting()
	if err != nil {
		return err
	}
	p.c1.SetDeadline(time.Unix(1, 0))
	for _, ch := range reads {
		if r, err := p.of(ch); err != nil || !late(r.err) {
			return broken("a Read that waited = %d, %v (%v), want a time-out", r.n, r.err, err)
		}
	}
	for _, ch := range writes {
		if r, err := p.of(ch); err != nil || !late(r.err) && !(r.err == nil && p.mayHaveRoom()) {
			return broken("a Write that waited = %d, %v (%v), want a time-out", r.n, r.err, err)
		}
	}
	return nil
}

func deadlineMoves(p *pair) error {
	p.c1.SetReadDeadline(time.Now().Add(time.Hour))
	ch := read(p.c1, 1)
	if err := p.stays("Read with a deadline far ahead", ch); err != nil {
		return err
	}
	p.c1.SetReadDeadline(time.Time{})
	p.c1.SetReadDeadline(time.Now().Add(p.pause()))
	if r, err := p.of(ch); err != nil || !late(r.err) {
		return broken("Read whose deadline was moved near = %d, %v (%v), want a time-out", r.n, r.err, err)
	}
	return p.movedAway(20 * time.Millisecond)
}

// movedAway moves a deadline that is near away from a Read. On a busy machine
// that may be too late, and then it is done again with one that is less near.
func (p *pair) movedAway(near time.Duration) error {
	at := time.Now().Add(near)
	p.c1.SetReadDeadline(at)
	ch := read(p.c1, 1)
	p.c1.SetReadDeadline(time.Now().Add(time.Hour))
	inTime := time.Now().Before(at)
	time.Sleep(2 * near)
	if err := p.stays("Read whose deadline was moved away", ch); err != nil {
		if inTime || near > p.patience() {
			return err
		}
		return p.movedAway(2 * near)
	}
	r, err := p.of(write(p.c2, []byte("x")))
	if err := first(err, r.err); err != nil {
		return err
	}
	r, err = p.of(ch)
	return first(err, r.wants("Read", "x", nil))
}

func partialWrite(p *pair) error {
	data := pattern(make([]byte, 8<<20), 0)
	w := write(p.c1, data)
	r, err := p.of(read(p.c2, 1000))
	if err := first(err, r.err); err != nil {
		return err
	}
	got := r.data
	p.c1.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
	sent, err := p.of(w)
	if err != nil || !late(sent.err) {
		return broken("Write = %d, %v (%v), want a time-out", sent.n, sent.err, err)
	}
	for {
		limit := p.patience() / 2 // bytes that were counted may be on their way
		if len(got) >= sent.n {
			limit = 20 * time.Millisecond
		}
		p.c2.SetReadDeadline(time.Now().Add(limit))
		r, err := p.of(read(p.c2, 1<<20))
		got = append(got, r.data...)
		if err != nil || r.err != nil {
			break
		}
	}
	if !bytes.Equal(got, data[:min(sent.n, len(data))]) {
		return broken("Write has returned %d, and %d bytes arrived", sent.n, len(got))
	}
	return nil
}

// near is how far ahead the deadline of call i is: the longer it takes, the
// farther, for a machine on which no call is as fast as the first.
func near(i int) time.Duration {
	return time.Duration(i%40) * time.Duration(1+i/10_000) * time.Microsecond
}

func exchangeUnderDeadlines(p *pair) error {
	const total = 200_000
	done := make(chan error, 1)
	go func() {
		b := make([]byte, 999)
		for at, i := 0, 0; at < total; i++ {
			p.c1.SetWriteDeadline(time.Now().Add(near(i)))
			n, err := p.c1.Write(pattern(b[:min(len(b), total-at)], at))
			if at += n; err != nil && !late(err) {
				done <- broken("Write = %w", err)
				return
			}
		}
		done <- nil
	}()
	b, want := make([]byte, 700), make([]byte, 700)
	for at, i := 0, 0; at < total; i++ {
		p.c2.SetReadDeadline(time.Now().Add(near(i)))
		n, err := p.c2.Read(b)
		if !bytes.Equal(b[:n], pattern(want[:n], at)) {
			return broken("the %d bytes from byte %d on are not those that were written", n, at)
		}
		if at += n; err != nil && !late(err) {
			return broken("Read = %w", err)
		}
	}
	return <-done
}
