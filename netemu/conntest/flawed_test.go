package conntest_test

import (
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/netemu/conntest"
)

// memory is a connection in memory as many have written one, with a flaw.
type memory struct {
	in, out *lane
	flaw    string
}

// lane is one direction: bytes behind one lock and one condition.
type lane struct {
	mu       sync.Mutex
	cond     *sync.Cond
	bytes    []byte
	room     int
	ended    bool // no more will come
	dead     bool // nobody reads any more
	readLate alarm
	sendLate alarm
	writing  bool // somebody writes; the others wait, which a Mutex would do outside a bubble
}

// alarm is a deadline.
type alarm struct {
	over  bool
	timer *time.Timer
}

func newLane(room int) *lane {
	l := &lane{room: room}
	l.cond = sync.NewCond(&l.mu)
	return l
}

func newMemory(flaw string) (a, b *memory) {
	room := 64
	x, y := newLane(room), newLane(room)
	return &memory{x, y, flaw}, &memory{y, x, flaw}
}

func (c *memory) wake(l *lane) {
	if c.flaw == "wakes one" {
		l.cond.Signal()
		return
	}
	l.cond.Broadcast()
}

func (c *memory) Read(b []byte) (int, error) {
	l := c.in
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(b) == 0 && c.flaw != "zero reads wait" && !l.dead {
		return 0, nil
	}
	for {
		switch {
		case l.dead:
			return 0, net.ErrClosed
		case l.readLate.over && c.flaw != "data beats the deadline", l.readLate.over && len(l.bytes) == 0:
			if c.flaw == "a late read takes data" {
				l.bytes = nil
			}
			return 0, os.ErrDeadlineExceeded
		case len(l.bytes) > 0:
			n := copy(b, l.bytes)
			l.bytes = l.bytes[n:]
			c.wake(l)
			return n, nil
		case l.ended:
			return 0, io.EOF
		}
		l.cond.Wait()
	}
}

func (c *memory) Write(b []byte) (n int, err error) {
	l := c.out
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.flaw != "writes are mixed" {
		for l.writing {
			l.cond.Wait()
		}
		l.writing = true
		defer func() { l.writing = false; c.wake(l) }()
	}
	if len(b) == 0 && c.flaw == "a write of nothing is an end" {
		l.ended = true
		c.wake(l)
	}
	for {
		switch {
		case l.ended:
			return n, net.ErrClosed
		case l.dead:
			return n, errors.New("broken pipe")
		case l.sendLate.over:
			if c.flaw == "a late write counts nothing" {
				n = 0
			}
			return n, os.ErrDeadlineExceeded
		case n == len(b):
			return n, nil
		}
		if room := l.room - len(l.bytes); room > 0 {
			if c.flaw == "writes are mixed" {
				room = min(room, 100)
			}
			part := b[n:min(len(b), n+room)]
			if c.flaw == "the buffer is kept" && len(l.bytes) == 0 {
				l.bytes = part
			} else {
				l.bytes = append(l.bytes, part...)
			}
			n += len(part)
			c.wake(l)
			if c.flaw == "writes are mixed" { // also where nobody is preempted, as in wasm
				l.mu.Unlock()
				runtime.Gosched()
				l.mu.Lock()
			}
			continue
		}
		l.cond.Wait()
	}
}

func (c *memory) set(l *lane, a *alarm, t time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a.timer != nil {
		a.timer.Stop()
	}
	ring := func() {
		if c.flaw != "a deadline wakes nobody" {
			l.cond.Broadcast()
		}
	}
	left := time.Until(t)
	if a.over = !t.IsZero() && left <= 0; a.over {
		ring()
	} else if !t.IsZero() {
		a.timer = time.AfterFunc(left, func() {
			l.mu.Lock()
			a.over = true
			ring()
			l.mu.Unlock()
		})
	}
	return nil
}

func (c *memory) SetReadDeadline(t time.Time) error {
	if c.isClosed() {
		return net.ErrClosed
	}
	return c.set(c.in, &c.in.readLate, t)
}

func (c *memory) SetWriteDeadline(t time.Time) error {
	if c.isClosed() {
		return net.ErrClosed
	}
	return c.set(c.out, &c.out.sendLate, t)
}

func (c *memory) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

func (c *memory) isClosed() bool {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	return c.in.dead
}

func (c *memory) Close() error {
	for _, l := range []*lane{c.in, c.out} {
		l.mu.Lock()
		if l == c.in {
			l.dead = true
		} else if l.ended = true; c.flaw == "close drops what was written" {
			l.bytes = nil
		}
		if c.flaw != "close wakes nobody" {
			l.cond.Broadcast()
		}
		l.mu.Unlock()
	}
	return nil
}

func (c *memory) CloseWrite() error {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	if c.out.ended = true; c.flaw == "half close is whole" {
		c.out.dead = true
	}
	c.out.cond.Broadcast()
	return nil
}

func (c *memory) CloseRead() error {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.ended = true
	c.in.cond.Broadcast()
	return nil
}

func (c *memory) LocalAddr() net.Addr  { return &net.UnixAddr{} }
func (c *memory) RemoteAddr() net.Addr { return &net.UnixAddr{} }

var kind = conntest.Kind{Buffered: true, HalfClose: true, ZeroReads: true}

func makeMemory(flaw string) conntest.MakePipe {
	return func() (net.Conn, net.Conn, func(), error) {
		a, b := newMemory(flaw)
		return a, b, func() { a.Close(); b.Close() }, nil
	}
}

// TestAConnWithoutFlawPasses: one that is no socket obeys the laws too.
func TestAConnWithoutFlawPasses(t *testing.T) {
	k := kind
	k.In = synctest.Test
	conntest.TestConn(t, k, makeMemory(""))
}

// TestEachFlawIsFound: by the law that it breaks.
func TestEachFlawIsFound(t *testing.T) {
	for flaw, law := range map[string]string{
		"wakes one":                    "ManyBothWays",
		"zero reads wait":              "ZeroRead",
		"data beats the deadline":      "PastDeadline",
		"a late read takes data":       "ExchangeUnderDeadlines",
		"writes are mixed":             "WholeWrites",
		"a write of nothing is an end": "ZeroWrite",
		"a late write counts nothing":  "PartialWriteIsCounted",
		"the buffer is kept":           "BufferIsTheCallers",
		"a deadline wakes nobody":      "DeadlineWakesAll",
		"close wakes nobody":           "CloseWakesAll",
		"close drops what was written": "CloseDelivers",
		"half close is whole":          "HalfClose",
	} {
		t.Run(flaw, func(t *testing.T) {
			k := kind
			k.Patience = 200 * time.Millisecond
			found := []string{}
			for _, l := range conntest.Laws() {
				if l.Name != law {
					continue
				}
				for range 20 { // some flaws show at a bad moment only
					if l.Check(k, makeMemory(flaw)) != nil {
						found = append(found, l.Name)
						break
					}
				}
			}
			require.Equal(t, []string{law}, found)
		})
	}
}
