package conntest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"time"
)

// crowd is how many calls at once are many.
const crowd = 8

func manyReaders(p *pair) error {
	var readers [crowd]<-chan result
	for i := range readers {
		readers[i] = read(p.c1, 1)
	}
	if err := p.stays("Read without data", readers[0]); err != nil {
		return err
	}
	for i := range readers {
		if r, err := p.of(write(p.c2, []byte{byte('a' + i)})); err != nil || r.err != nil {
			return broken("Write %d = %v: %w", i, r.err, err)
		}
	}
	seen := [crowd]bool{}
	for i := range readers {
		r, err := p.of(readers[i])
		if err != nil || r.err != nil || r.n != 1 {
			return broken("Read of reader %d = %d, %v: %w", i, r.n, r.err, err)
		}
		seen[r.data[0]-'a'] = true
	}
	if seen != [crowd]bool{true, true, true, true, true, true, true, true} {
		return errors.New("two readers have got the same byte")
	}
	return nil
}

// pump writes n bytes from many goroutines at c, in pieces.
func pump(c net.Conn, n, piece int) <-chan error {
	ch := make(chan error, crowd)
	for range crowd {
		go func() {
			b := make([]byte, piece)
			for left := n / crowd; left > 0; left -= piece {
				if _, err := c.Write(b[:min(left, piece)]); err != nil {
					ch <- broken("Write = %w", err)
					return
				}
			}
			ch <- nil
		}()
	}
	return ch
}

// drainBy reads n bytes by many goroutines at c; the last ones are woken by a
// deadline.
func drainBy(c net.Conn, n int) <-chan error {
	ch := make(chan error, crowd)
	got := make(chan int, 1)
	got <- 0
	for range crowd {
		go func() {
			b := make([]byte, 3000)
			for {
				k, err := c.Read(b)
				sum := <-got + k
				got <- sum
				switch {
				case sum >= n:
					c.SetReadDeadline(time.Unix(1, 0)) // the others need not wait
					ch <- nil
					return
				case err != nil:
					ch <- broken("Read = %w after %d bytes of %d", err, sum, n)
					return
				}
			}
		}()
	}
	return ch
}

func manyBothWays(p *pair) error {
	const total = crowd * 64 << 10
	var all []<-chan error
	for _, c := range []net.Conn{p.c1, p.c2} {
		all = append(all, pump(c, total, 1000), drainBy(c, total))
	}
	end := time.NewTimer(2 * p.patience())
	defer end.Stop()
	for _, ch := range all {
		for range crowd {
			select {
			case err := <-ch:
				if err != nil && !late(err) {
					return err
				}
			case <-end.C:
				return errPatience
			}
		}
	}
	return nil
}

func wholeWrites(p *pair) error {
	const length, each = 700, 40
	for i := range crowd {
		go func() {
			for range each {
				p.c1.Write(bytes.Repeat([]byte{byte('a' + i)}, length))
			}
		}()
	}
	b := make([]byte, length)
	for k := range crowd * each {
		if _, err := io.ReadFull(p.c2, b); err != nil {
			return broken("Read = %w", err)
		}
		if !bytes.Equal(b, bytes.Repeat(b[:1], length)) {
			return broken("the %d bytes from byte %d on are of two Writes: %q ... %q", length, k*length, b[:1], b[length-1:])
		}
	}
	return nil
}

// pattern fills b with the bytes from position at on of an endless sequence.
func pattern(b []byte, at int) []byte {
	for i := range b {
		x := uint32(at+i) * 2654435761
		b[i] = byte(x >> 24)
	}
	return b
}

// source writes the first n bytes of the pattern, in pieces of all lengths.
func source(c net.Conn, n int) error {
	b := make([]byte, 100_000)
	for at, piece := 0, 1; at < n; piece = piece*7%99_991 + 1 {
		k, err := c.Write(pattern(b[:min(piece, n-at)], at))
		if err != nil {
			return broken("Write at byte %d = %w", at, err)
		}
		at += k
	}
	return nil
}

// sink reads and compares them.
func sink(c net.Conn, n int) error {
	b, want := make([]byte, 70_000), make([]byte, 70_000)
	for at, piece := 0, 1; at < n; piece = piece*11%69_997 + 1 {
		k, err := c.Read(b[:min(piece, n-at)])
		if !bytes.Equal(b[:k], pattern(want[:k], at)) {
			return broken("the %d bytes from byte %d on are not those that were written", k, at)
		}
		if at += k; err != nil && at < n {
			return broken("Read at byte %d = %w", at, err)
		}
	}
	return nil
}

func largeTransfer(p *pair) error {
	const total = 4 << 20
	done := make(chan error, 4)
	for _, f := range []func() error{
		func() error { return source(p.c1, total) }, func() error { return sink(p.c2, total) },
		func() error { return source(p.c2, total) }, func() error { return sink(p.c1, total) },
	} {
		go func() { done <- f() }()
	}
	for range 4 {
		if err := <-done; err != nil {
			return err
		}
	}
	return nil
}

// fill writes until a Write waits, which is left waiting and returned, with the
// bytes that were written before.
func (p *pair) fill(c net.Conn) (waiting <-chan result, written int, err error) {
	b := make([]byte, 4096)
	for {
		ch := write(c, b)
		timer := time.NewTimer(50 * p.pause()) // a slow machine takes its time to begin the Write
		select {
		case r := <-ch:
			timer.Stop()
			if r.err != nil {
				return nil, written, broken("Write = %d, %w", r.n, r.err)
			}
			written += r.n
		case <-timer.C:
			return ch, written, nil
		}
	}
}

func fullBuffer(p *pair) error {
	waiting, written, err := p.fill(p.c1)
	if err != nil {
		return err
	}
	total := written + 4096
	b := make([]byte, 4096)
	for got := 0; got < total; {
		n, err := p.c2.Read(b)
		if err != nil {
			return broken("Read after %d of %d bytes = %w", got, total, err)
		}
		got += n
	}
	r, err := p.of(waiting)
	if err == nil && (r.n != 4096 || r.err != nil) {
		err = broken("the Write that waited = %d, %v, want 4096, nil", r.n, r.err)
	}
	return err
}
