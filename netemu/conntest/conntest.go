// Package conntest tests implementations of net.Conn: the laws that
// golang.org/x/net/nettest has no test for, where implementations go wrong. Run
// both.
//
//	func TestConn(t *testing.T) {
//		conntest.TestConn(t, conntest.Stream(), func() (c1, c2 net.Conn, stop func(), err error) { ... })
//	}
//
// The laws, each with the sentence that it tests, are in [Laws]. Which of them
// bind a connection depends on its [Kind]: whether it is a stream, whether it
// has a buffer, whether one direction can be closed. Sockets of the kernel (TCP
// and unix), those of package netemu and [net.Pipe] pass.
//
//	conntest.go  Kind, TestConn
//	law.go       what a law is, and the list of them
//	zero.go      nothing read, nothing written, huge and nil buffers
//	many.go      many who wait; whole writes; large transfers
//	deadline.go  deadlines: past, short, moving
//	close.go     half close, close, reset
//	message.go   boundaries of messages
package conntest

import (
	"fmt"
	"net"
	"testing"
	"time"
)

// MakePipe makes two ends that are connected with each other; stop gives back
// what they hold. It is of nettest.MakePipe's type.
type MakePipe func() (c1, c2 net.Conn, stop func(), err error)

// Kind says what a connection is, and thus which laws bind it. The zero value
// is that of net.Pipe: a stream without a buffer.
type Kind struct {
	// Messages: a Read returns what one Write has sent, and loses what it
	// has no room for. Otherwise it is a stream.
	Messages bool
	// Connectionless: that the other end is closed is nothing that a Read
	// would find out.
	Connectionless bool
	// Buffered: a Write returns though nobody reads, until the buffer is full.
	Buffered bool
	// HalfClose: there are CloseRead and CloseWrite.
	HalfClose bool
	// ResetsUnread: the end that is left when the other closes with unread data
	// gets an error that is not io.EOF, once.
	ResetsUnread bool
	// ZeroReads: a Read into no room returns at once.
	ZeroReads bool
	// EmptyMessages: a Write of nothing is a message, which a Read returns as 0
	// bytes, as io.EOF if EmptyIsEOF.
	EmptyMessages, EmptyIsEOF bool

	// Patience is how long a call may take that must return; 0 means 20 s.
	Patience time.Duration
	// Pause is how long is waited for a call that must not return; 0 means 2 ms.
	Pause time.Duration
	// In runs the test of a law; nil means as it is. With synctest.Test neither
	// Patience nor Pause takes time, and a call that sleeps outside the bubble is
	// found out.
	In func(t *testing.T, f func(t *testing.T))
}

// Stream is the kind of SOCK_STREAM sockets: TCP, unix.
func Stream() Kind {
	return Kind{Buffered: true, HalfClose: true, ResetsUnread: true, ZeroReads: true}
}

// SeqPacket is the kind of SOCK_SEQPACKET sockets: unixpacket.
func SeqPacket() Kind {
	k := Stream()
	k.Messages, k.EmptyMessages, k.EmptyIsEOF = true, true, true
	return k
}

// Datagram is the kind of connected SOCK_DGRAM sockets: unixgram.
func Datagram() Kind {
	return Kind{Messages: true, Connectionless: true, Buffered: true, ZeroReads: true, EmptyMessages: true}
}

// Unbuffered is the kind of net.Pipe.
func Unbuffered() Kind { return Kind{} }

func (k Kind) patience() time.Duration {
	if k.Patience == 0 {
		return 20 * time.Second
	}
	return k.Patience
}

func (k Kind) pause() time.Duration {
	if k.Pause == 0 {
		return 2 * time.Millisecond
	}
	return k.Pause
}

// TestConn runs every law that binds the kind as a subtest, each on a pair of
// its own.
func TestConn(t *testing.T, kind Kind, mp MakePipe) {
	in := kind.In
	if in == nil {
		in = func(t *testing.T, f func(*testing.T)) { f(t) }
	}
	for _, law := range Laws() {
		if !law.binds(kind) {
			continue
		}
		t.Run(law.Name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				if err := law.Check(kind, mp); err != nil {
					t.Errorf("%s\nthe law: %s", err, law.Text)
				}
			})
		})
	}
}

// Check makes a pair and tests the law on it. A nil error: it holds.
func (l Law) Check(kind Kind, mp MakePipe) error {
	c1, c2, stop, err := mp()
	if err != nil {
		return fmt.Errorf("MakePipe = %w", err)
	}
	p := &pair{Kind: kind, c1: c1, c2: c2}
	done := make(chan error, 1)
	go func() { done <- l.check(p) }()
	select {
	case err = <-done:
	case <-time.After(3 * kind.patience()):
		err = fmt.Errorf("a call has not returned after %v", 3*kind.patience())
	}
	stop()
	return err
}
