package emu

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"sockpair/errno"
)

// sendWays are the calls that send, each as one message of the bytes given [ST-03].
func (p prog) sendWays() map[string]func(fd int, b []byte) (int, error) {
	const flags = MSG_DONTWAIT | MSG_NOSIGNAL
	halves := func(b []byte) [][]byte { return [][]byte{b[:len(b)/2], nil, b[len(b)/2:]} }
	return map[string]func(fd int, b []byte) (int, error){
		"Write":   p.Write,
		"Writev":  func(fd int, b []byte) (int, error) { return p.Writev(fd, halves(b)) },
		"Send":    func(fd int, b []byte) (int, error) { return p.Send(fd, b, flags) },
		"Sendto":  func(fd int, b []byte) (int, error) { return p.Sendto(fd, b, flags, nil) },
		"Sendmsg": func(fd int, b []byte) (int, error) { return p.Sendmsg(fd, &Msghdr{Iov: halves(b)}, flags) },
		"Sendmmsg": func(fd int, b []byte) (int, error) {
			m := []Mmsghdr{{Msghdr: Msghdr{Iov: halves(b)}}}
			if n, err := p.Sendmmsg(fd, m, flags); n != 1 {
				return n, err
			}
			return m[0].Len, nil
		},
	}
}

// recvWays are the calls that receive, each into the bytes given [ST-03].
func (p prog) recvWays() map[string]func(fd int, b []byte) (int, error) {
	halves := func(b []byte) [][]byte { return [][]byte{b[:len(b)/2], {}, b[len(b)/2:]} }
	return map[string]func(fd int, b []byte) (int, error){
		"Read":     p.Read,
		"Readv":    func(fd int, b []byte) (int, error) { return p.Readv(fd, halves(b)) },
		"Recv":     func(fd int, b []byte) (int, error) { return p.Recv(fd, b, 0) },
		"Recvfrom": func(fd int, b []byte) (int, error) { return p.Recvfrom(fd, b, 0, nil, nil) },
		"Recvmsg":  func(fd int, b []byte) (int, error) { return p.Recvmsg(fd, &Msghdr{Iov: halves(b)}, 0) },
		"Recvmmsg": func(fd int, b []byte) (int, error) {
			m := []Mmsghdr{{Msghdr: Msghdr{Iov: halves(b)}}}
			if n, err := p.Recvmmsg(fd, m, 0, nil); n != 1 {
				return n, err
			}
			return m[0].Len, nil
		},
	}
}

// [ST-03, ST-08] Whatever sends, whatever receives: the same bytes arrive, both ways.
func TestEverySendReachesEveryReceive(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, typ|SOCK_NONBLOCK, 0, &sv))
		for s, send := range p.sendWays() {
			for r, recv := range p.recvWays() {
				for i, fd := range sv {
					want := fmt.Sprintf("%s to %s, end %d", s, r, i)
					gives(t, want, len(want))(send(fd, []byte(want)))
					b := make([]byte, len(want))
					n, err := recv(sv[1-i], b)
					gives(t, want, len(want))(n, err)
					equal(t, "received", string(b), want)
				}
			}
		}
	})
}

// Zero bytes [K]: writev sends nothing; the others queue an empty message on
// the message types, and nothing on a stream.
func TestSendOfNothing(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for name, send := range p.sendWays() {
			for _, nothing := range [][]byte{nil, {}, BadAddress(0)} {
				gives(t, name+" of nothing", 0)(send(a, nothing))
				if typ != SOCK_STREAM && name != "Writev" {
					equal(t, name+": charge of an empty message", p.charged(a), 768)
					p.eof(b)
				}
				equal(t, name+": charge", p.charged(a), 0)
				p.recvFails(b, errno.EAGAIN)
			}
		}
		gives(t, "Sendmsg without buffers", 0)(p.Sendmsg(a, &Msghdr{}, 0))
		if typ != SOCK_STREAM {
			p.eof(b)
		}
		p.recvFails(b, errno.EAGAIN)
	})
}

// A write of nothing to a broken stream is EPIPE all the same; writev's is 0.
func TestSendOfNothingSeesTheBrokenStream(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		says(t, "Signal", 0)(p.Signal(SIGPIPE, SIG_IGN))
		a, b := p.pair(typ)
		p.shutdown(a, SHUT_WR)
		c, d := p.pair(typ)
		p.close(d)
		for name, send := range p.sendWays() {
			if name == "Writev" {
				gives(t, "Writev of nothing after SHUT_WR", 0)(send(a, nil))
				gives(t, "Writev of nothing after the peer's close", 0)(send(c, nil))
				continue
			}
			fails(t, name+" of nothing after SHUT_WR", errno.EPIPE)(send(a, nil))
			if typ == SOCK_STREAM {
				fails(t, name+" of nothing after the peer's close", errno.EPIPE)(send(c, nil))
			}
		}
		p.close(b)
	}, SOCK_STREAM, SOCK_SEQPACKET)
}

// Zero bytes [K]: read and readv return 0 without looking; the others take a
// message, and on Linux wait for one, on a stream too.
func TestReceiveOfNothing(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, typ|SOCK_NONBLOCK, 0, &sv))
		a, b := sv[0], sv[1]
		for name, recv := range p.recvWays() {
			for _, nothing := range [][]byte{nil, {}, BadAddress(0)} {
				if name == "Read" || name == "Readv" {
					gives(t, name+" of nothing", 0)(recv(b, nothing))
					p.send(a, "data")
					gives(t, name+" of nothing with data", 0)(recv(b, nothing))
					p.recv(b, "data")
					continue
				}
				fails(t, name+" of nothing", errno.EAGAIN)(recv(b, nothing))
				p.send(a, "data")
				gives(t, name+" of nothing with data", 0)(recv(b, nothing))
				if typ == SOCK_STREAM {
					p.recv(b, "data")
				}
				p.recvFails(b, errno.EAGAIN)
			}
		}
	})
}

// A pending error is taken by a receive of nothing, and not by a read of nothing.
func TestReceiveOfNothingTakesThePendingError(t *testing.T) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.send(a, "unread")
		p.close(b)
		gives(t, "Read of nothing", 0)(p.Read(a, nil))
		fails(t, "Recv of nothing", errno.ECONNRESET)(p.Recv(a, nil, MSG_DONTWAIT))
		gives(t, "Recv of nothing at the end", 0)(p.Recv(a, nil, MSG_DONTWAIT))
	}, SOCK_STREAM, SOCK_SEQPACKET)
}

// Memory outside the address space [K]: what would be sent from it is not
// queued, what would be received into it stays on a stream and is lost on the
// message types.
func TestBadMemoryIsEFAULT(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, typ|SOCK_NONBLOCK, 0, &sv))
		a, b := sv[0], sv[1]
		for name, send := range p.sendWays() {
			fails(t, name+" of bad memory", errno.EFAULT)(send(a, BadAddress(5)))
			equal(t, name+": charge", p.charged(a), 0)
		}
		fails(t, "Writev of a bad tail", errno.EFAULT)(p.Writev(a, [][]byte{[]byte("good"), BadAddress(1)}))
		p.recvFails(b, errno.EAGAIN)
		for name, recv := range p.recvWays() {
			fails(t, name+" into bad memory, empty", errno.EAGAIN)(recv(b, BadAddress(5)))
			p.send(a, "message")
			fails(t, name+" into bad memory", errno.EFAULT)(recv(b, BadAddress(5)))
			if typ == SOCK_STREAM || typ == SOCK_SEQPACKET && !p.linux() {
				p.recv(b, "message")
			} else {
				p.recvFails(b, errno.EAGAIN)
			}
		}
		p.send(a, "ab")
		gives(t, "Readv that ends before bad memory", 2)(p.Readv(b, [][]byte{make([]byte, 2), BadAddress(9)}))
		equal(t, "charge", p.charged(a), 0)
	})
}

// An array of buffers that itself lies outside the address space is EFAULT
// before the socket is looked at, so nothing waits, breaks or is lost; that it
// is too long comes before.
func TestBadVectorIsEFAULTBeforeAnything(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.send(a, "stays")
		p.shutdown(a, SHUT_WR)
		for n, want := range map[int]errno.Errno{math.MinInt: errno.EFAULT, 0: errno.EFAULT, 1: errno.EFAULT, IOV_MAX: errno.EFAULT} {
			bad := BadVector(n)
			fails(t, fmt.Sprintf("Writev of BadVector(%d)", n), want)(p.Writev(a, bad))
			fails(t, fmt.Sprintf("Readv of BadVector(%d)", n), want)(p.Readv(b, bad))
			fails(t, fmt.Sprintf("Sendmsg of BadVector(%d)", n), want)(p.Sendmsg(a, &Msghdr{Iov: bad}, 0))
			fails(t, fmt.Sprintf("Recvmsg of BadVector(%d)", n), want)(p.Recvmsg(b, &Msghdr{Iov: bad}, 0))
		}
		long := BadVector(math.MaxInt)
		fails(t, "Writev, too long", errno.EINVAL)(p.Writev(a, long))
		fails(t, "Readv, too long", errno.EINVAL)(p.Readv(b, long))
		fails(t, "Sendmsg, too long", errno.EMSGSIZE)(p.Sendmsg(a, &Msghdr{Iov: long}, 0))
		fails(t, "Recvmsg, too long", errno.EMSGSIZE)(p.Recvmsg(b, &Msghdr{Iov: long}, 0))
		fails(t, "Readv of a closed number", errno.EBADF)(p.Readv(99, BadVector(1)))
		p.recv(b, "stays")
	})
}

// A stream reads whole segments up to the one that does not fit in good memory [K].
func TestStreamReadsWholeSegmentsBeforeBadMemory(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	p.send(a, "aa")
	p.send(a, "bbbb")
	buf := make([]byte, 3)
	gives(t, "Readv", 2)(p.Readv(b, [][]byte{buf, BadAddress(9)}))
	equal(t, "read", string(buf[:2]), "aa")
	fails(t, "Readv", errno.EFAULT)(p.Readv(b, [][]byte{buf, BadAddress(9)}))
	fails(t, "Recv MSG_PEEK", errno.EFAULT)(p.Recv(b, BadAddress(9), MSG_PEEK|MSG_DONTWAIT))
	p.recv(b, "bbbb")
}

// A stream queues whole segments before the one that touches bad memory [K].
func TestStreamSendsWholeSegmentsBeforeBadMemory(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	vec := [][]byte{make([]byte, 40960), BadAddress(19040)}
	gives(t, "Writev of 60000 with 40960 good", 36544)(p.Writev(a, vec))
	gives(t, "Recv", 36544)(p.Recv(b, make([]byte, 60000), MSG_DONTWAIT))
	p.recvFails(b, errno.EAGAIN)
	says(t, "Signal", 0)(p.Signal(SIGPIPE, SIG_IGN))
	p.shutdown(a, SHUT_WR)
	fails(t, "Write of bad memory to a broken stream", errno.EPIPE)(p.Write(a, BadAddress(5)))
}

func TestBadAddressIsBounded(t *testing.T) {
	for n, want := range map[int]int{math.MinInt: 0, -1: 0, 0: 0, 1: 1, 4096: 4096, 1 << 23: 1 << 23, math.MaxInt: 1 << 23} {
		b := BadAddress(n)
		equal(t, fmt.Sprintf("len(BadAddress(%d))", n), len(b), want)
		equal(t, fmt.Sprintf("isBad(BadAddress(%d))", n), isBad(b), want > 0)
	}
	equal(t, "isBad of good memory", isBad(make([]byte, 10)), false)
	equal(t, "isBad of nil", isBad(nil), false)
}

// [K] More than IOV_MAX buffers: EINVAL for readv and writev, EMSGSIZE for sendmsg and recvmsg.
func TestNumberOfBuffersIsBounded(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		at, over := make([][]byte, IOV_MAX), make([][]byte, IOV_MAX+1)
		for i := range over {
			over[i] = []byte{'x'}
		}
		copy(at, over)
		fails(t, "Writev of IOV_MAX+1", errno.EINVAL)(p.Writev(a, over))
		fails(t, "Readv of IOV_MAX+1", errno.EINVAL)(p.Readv(b, over))
		fails(t, "Sendmsg of IOV_MAX+1", errno.EMSGSIZE)(p.Sendmsg(a, &Msghdr{Iov: over}, 0))
		fails(t, "Recvmsg of IOV_MAX+1", errno.EMSGSIZE)(p.Recvmsg(b, &Msghdr{Iov: over}, 0))
		fails(t, "Sendmmsg of IOV_MAX+1", errno.EMSGSIZE)(p.Sendmmsg(a, []Mmsghdr{{Msghdr: Msghdr{Iov: over}}}, 0))
		fails(t, "Recvmmsg of IOV_MAX+1", errno.EMSGSIZE)(p.Recvmmsg(b, []Mmsghdr{{Msghdr: Msghdr{Iov: over}}}, 0, nil))
		gives(t, "Writev of IOV_MAX", IOV_MAX)(p.Writev(a, at))
		gives(t, "Readv of IOV_MAX", IOV_MAX)(p.Readv(b, at))
		gives(t, "Sendmsg of IOV_MAX", IOV_MAX)(p.Sendmsg(a, &Msghdr{Iov: at}, 0))
		p.recv(b, strings.Repeat("x", IOV_MAX))
	})
}

// A socket has no position and no length.
func TestSocketHasNoPosition(t *testing.T) {
	p := newProg(t, Config{})
	a, _ := p.pair(SOCK_STREAM)
	for whence, want := range map[int]errno.Errno{-1: errno.EINVAL, SEEK_SET: errno.ESPIPE, SEEK_CUR: errno.ESPIPE,
		SEEK_END: errno.ESPIPE, 3: errno.ESPIPE, 4: errno.ESPIPE, 5: errno.EINVAL, 9: errno.EINVAL, math.MaxInt32: errno.EINVAL} {
		n, err := p.Lseek(a, -5, whence)
		fails(t, fmt.Sprintf("Lseek whence %d", whence), want)(int(n), err)
	}
	for _, fd := range []int{a, 99} { // the offset is tested before the descriptor
		fails(t, "Pread at -1", errno.EINVAL)(p.Pread(fd, nil, -1))
		fails(t, "Pwrite at -1", errno.EINVAL)(p.Pwrite(fd, nil, math.MinInt64))
		says(t, "Ftruncate to -1", errno.EINVAL)(p.Ftruncate(fd, -1))
	}
	fails(t, "Pread", errno.ESPIPE)(p.Pread(a, nil, 0))
	fails(t, "Pwrite", errno.ESPIPE)(p.Pwrite(a, BadAddress(4), math.MaxInt64))
	says(t, "Ftruncate", errno.EINVAL)(p.Ftruncate(a, 0))
	says(t, "Fsync", errno.EINVAL)(p.Fsync(a))
}

// O_NONBLOCK, MSG_DONTWAIT and both give EAGAIN where a call would wait.
func TestNonblockingCallsSayEAGAIN(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		fails(t, "Recv MSG_DONTWAIT", errno.EAGAIN)(p.Recv(b, make([]byte, 1), MSG_DONTWAIT))
		p.fill(a, 1000)
		fails(t, "Send MSG_DONTWAIT", errno.EAGAIN)(p.Send(a, make([]byte, 1000), MSG_DONTWAIT))
		says(t, "SetNonblock", 0)(p.SetNonblock(a, true))
		for name, send := range p.sendWays() {
			fails(t, name, errno.EAGAIN)(send(a, make([]byte, 1000)))
		}
		for name, recv := range p.recvWays() {
			fails(t, name, errno.EAGAIN)(recv(a, make([]byte, 10)))
		}
		says(t, "SetNonblock", 0)(p.SetNonblock(a, false))
		equal(t, "F_GETFL", p.getfl(a), O_RDWR)
	})
}
