package conntest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// Law is a law, with the sentence that it tests.
type Law struct {
	Name, Text string
	binds      func(Kind) bool
	check      func(*pair) error
}

// Laws returns all laws.
func Laws() []Law {
	return []Law{
		{"ZeroRead", "A Read into no room returns 0 and no error, whether there is data or not, and takes none.", zeroReads, zeroRead},
		{"ZeroWrite", "A Write of nothing returns 0 and no error, and is no end of file.", notEmptyMessages, zeroWrite},
		{"EmptyMessage", "A Write of nothing is a message of no bytes.", emptyMessages, emptyMessage},
		{"HugeBuffer", "A Read into more room than there is data returns the data.", always, hugeBuffer},
		{"BufferIsTheCallers", "What becomes of the slice after Write has returned does not change what was sent.", always, bufferIsTheCallers},

		{"ManyReaders", "Of many that wait in Read each is woken by what is for it.", always, manyReaders},
		{"ManyBothWays", "Many readers and many writers at both ends, with full buffers, all come to their end.", always, manyBothWays},
		{"WholeWrites", "The bytes of one Write are not mixed with those of another.", streams, wholeWrites},
		{"LargeTransfer", "Megabytes arrive in both directions at once, unchanged and in order.", streams, largeTransfer},
		{"FullBuffer", "A Write to a full buffer waits, and goes on when the other end reads.", buffered, fullBuffer},

		{"PastDeadline", "With a deadline in the past Read and Write fail at once, also where there is data, and with none they work again.", always, pastDeadline},
		{"TimeoutIsTimeout", "The error of a deadline is a net.Error with Timeout, and os.ErrDeadlineExceeded.", always, timeoutIsTimeout},
		{"TimeoutLosesNothing", "What arrives after a Read has timed out is read by the next.", always, timeoutLosesNothing},
		{"ShortDeadlines", "Of a thousand Reads with deadlines just ahead each returns.", always, shortDeadlines},
		{"DeadlineWakesAll", "A deadline set in the past wakes all that wait.", always, deadlineWakesAll},
		{"DeadlineMoves", "The last deadline set is in force, also for a call that waits already.", always, deadlineMoves},
		{"PartialWriteIsCounted", "A Write that times out returns how many of its bytes the other end gets.", streams, partialWrite},
		{"ExchangeUnderDeadlines", "Data that meets deadlines at random moments arrives once and in order.", streams, exchangeUnderDeadlines},

		{"CloseWakesAll", "Close ends every Read and Write that waits, with an error that is no time-out.", always, closeWakesAll},
		{"CloseIsFinal", "After Close every call but the addresses fails.", always, closeIsFinal},
		{"CloseByMany", "Close may be called by many at once, while calls are running.", always, closeByMany},
		{"CloseDelivers", "What was written before Close is read, and then io.EOF, as often as asked.", closeTells, closeDelivers},
		{"OtherCloseWakesAll", "When the other end is closed every Read that waits gets io.EOF, and a Write fails as soon as that is known.", connected, otherCloseWakesAll},
		{"HalfClose", "After CloseWrite the other end reads what was sent, then io.EOF, and can still answer.", halfCloses, halfClose},
		{"WriteAfterCloseWrite", "After CloseWrite a Write fails.", halfCloses, writeAfterCloseWrite},
		{"CloseReadWakesAll", "CloseRead ends every Read that waits with io.EOF.", halfCloses, closeReadWakesAll},
		{"ResetUnread", "To close with unread data is an error for the other end, once, and then io.EOF.", resets, resetUnread},

		{"Boundaries", "A Read returns one message, whatever its length, in the order of the Writes.", messages, boundaries},
		{"ShortRead", "What a Read has no room for of a message is lost.", messages, shortRead},
		{"OneReaderAMessage", "A message goes to one of many readers, whole.", messages, oneReaderAMessage},
	}
}

func always(Kind) bool             { return true }
func streams(k Kind) bool          { return !k.Messages }
func messages(k Kind) bool         { return k.Messages && k.Buffered }
func buffered(k Kind) bool         { return k.Buffered }
func zeroReads(k Kind) bool        { return k.ZeroReads }
func emptyMessages(k Kind) bool    { return k.EmptyMessages }
func notEmptyMessages(k Kind) bool { return !k.EmptyMessages }
func connected(k Kind) bool        { return !k.Connectionless }
func closeTells(k Kind) bool       { return k.Buffered && !k.Connectionless }
func halfCloses(k Kind) bool       { return k.HalfClose }
func resets(k Kind) bool           { return k.ResetsUnread }

// pair is what a law is tested on.
type pair struct {
	Kind
	c1, c2 net.Conn
}

// halfCloser are the methods of Kind.HalfClose.
type halfCloser interface {
	CloseRead() error
	CloseWrite() error
}

// result is what a call has returned.
type result struct {
	n    int
	err  error
	data []byte
}

// read and write begin a call whose result comes in the channel.
func read(c net.Conn, room int) <-chan result {
	ch := make(chan result, 1)
	go func() {
		b := make([]byte, room)
		n, err := c.Read(b)
		ch <- result{n, err, b[:max(0, min(n, room))]}
	}()
	return ch
}

func write(c net.Conn, b []byte) <-chan result {
	ch := make(chan result, 1)
	go func() { n, err := c.Write(b); ch <- result{n, err, nil} }()
	return ch
}

// errPatience is of a call that must return and has not.
var errPatience = errors.New("a call that must return has not")

// of waits for a result.
func (p *pair) of(ch <-chan result) (result, error) {
	timer := time.NewTimer(p.patience())
	defer timer.Stop()
	select {
	case r := <-ch:
		return r, nil
	case <-timer.C:
		return result{}, errPatience
	}
}

// stays reports by its error that a call has returned that must wait.
func (p *pair) stays(what string, ch <-chan result) error {
	time.Sleep(p.pause())
	select {
	case r := <-ch:
		return broken("%s = %d, %v, want that it waits", what, r.n, r.err)
	default:
		return nil
	}
}

// exchange writes b, which the buffer has room for, and reads it.
func (p *pair) exchange(from, to net.Conn, b []byte, room int) (result, error) {
	w := write(from, b)
	r, err := p.of(read(to, room))
	if err != nil {
		return r, err
	}
	sent, err := p.of(w)
	if err == nil && (sent.err != nil || sent.n != len(b)) {
		err = broken("Write = %d, %v, want %d, nil", sent.n, sent.err, len(b))
	}
	return r, err
}

// wants compares what a Read has returned.
func (r result) wants(what string, data string, err error) error {
	if string(r.data) != data || r.n != len(data) || !errors.Is(r.err, err) || err == nil && r.err != nil {
		return broken("%s = %d, %q, %v, want %d, %q, %v", what, r.n, r.data, r.err, len(data), data, err)
	}
	return nil
}

// late reports whether an error is that of a deadline.
func late(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout() && errors.Is(err, os.ErrDeadlineExceeded)
}

// first is the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// broken says how a law was broken.
func broken(format string, args ...any) error { return fmt.Errorf(format, args...) }
