package emu

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/errno"
)

// inBubble runs a law in a testing/synctest bubble, for each type of each personality.
func inBubble(t *testing.T, law func(t *testing.T, p prog, typ int), types ...int) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		synctest.Test(t, func(t *testing.T) { law(t, p, typ) })
	}, types...)
}

// inLinuxBubble is inBubble for what is measured on Linux.
func inLinuxBubble(t *testing.T, law func(t *testing.T, p prog, typ int), types ...int) {
	eachType(t, Linux(), func(t *testing.T, p prog, typ int) {
		synctest.Test(t, func(t *testing.T) { law(t, p, typ) })
	}, types...)
}

// drain receives n times, or until nothing is left.
func (p prog) drain(fd, n int) (received int) {
	p.t.Helper()
	for b := make([]byte, 1000); received < n; received++ {
		if k, err := p.Recv(fd, b, MSG_DONTWAIT); k <= 0 || err != nil {
			break
		}
	}
	return received
}

// everything is more messages than any queue holds.
const everything = 1 << 30

// blockingRecvs and blockingSends are every call that may wait to receive, or to send.
func (p prog) blockingRecvs() map[string]func(fd int) (int, error) {
	calls := map[string]func(fd int) (int, error){}
	for name, recv := range p.recvWays() {
		calls[name] = func(fd int) (int, error) { return recv(fd, make([]byte, 100)) }
	}
	return calls
}

func (p prog) blockingSends() map[string]func(fd int) (int, error) {
	b := make([]byte, 1000)
	return map[string]func(fd int) (int, error){
		"Write":    func(fd int) (int, error) { return p.Write(fd, b) },
		"Writev":   func(fd int) (int, error) { return p.Writev(fd, [][]byte{b[:1], b[1:]}) },
		"Send":     func(fd int) (int, error) { return p.Send(fd, b, 0) },
		"Sendto":   func(fd int) (int, error) { return p.Sendto(fd, b, 0, nil) },
		"Sendmsg":  func(fd int) (int, error) { return p.Sendmsg(fd, &Msghdr{Iov: [][]byte{b}}, 0) },
		"Sendmmsg": func(fd int) (int, error) { return p.Sendmmsg(fd, mmsg(1, 1000), 0) },
	}
}

// stuff fills the buffer so that not even one byte has room.
func (p prog) stuff(fd int) {
	p.t.Helper()
	p.fill(fd, 1000)
	p.fill(fd, 1)
}

// Whatever receives sleeps on an empty queue and gets what comes.
func TestEveryReceiveWaitsForData(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for name, recv := range p.blockingRecvs() {
			f := fly(name, func() (int, error) { return recv(b) })
			f.sleeps(t)
			equal(t, "Blocked()", p.sys.Blocked(), 1)
			sound(t, "with a call asleep", p.sys)
			p.recvFails(b, errno.EAGAIN)
			p.send(a, "12345")
			f.lands(t, 5, 0)
			equal(t, "Blocked()", p.sys.Blocked(), 0)
		}
	})
}

// Whatever sends sleeps on a full buffer and goes when there is room.
func TestEverySendWaitsForRoom(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		for name, send := range p.blockingSends() {
			p.stuff(a)
			f := fly(name, func() (int, error) { return send(a) })
			f.sleeps(t)
			sound(t, "with a call asleep", p.sys)
			p.send(b, "the other way is free")
			p.recv(a, "the other way is free")
			p.drain(b, everything)
			f.lands(t, map[bool]int{true: 1, false: 1000}[name == "Sendmmsg"], 0)
			p.drain(b, everything)
		}
	})
}

// The first to wait is the first served, each with what came for it.
func TestReadersAreServedInOrderOfArrival(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		const readers = 20
		a, b := p.pair(typ)
		var flights []*flight
		var got [][]byte
		for range readers {
			f, buf := p.flyRead(b, 10)
			flights, got = append(flights, f), append(got, buf)
		}
		equal(t, "Blocked()", p.sys.Blocked(), readers)
		for i := range readers {
			want := fmt.Sprintf("no %d", i)
			p.send(a, want)
			flights[i].lands(t, len(want), 0)
			equal(t, fmt.Sprintf("read by reader %d", i), string(got[i][:len(want)]), want)
			equal(t, "Blocked()", p.sys.Blocked(), readers-1-i)
		}
	})
}

// Several messages at once wake as many readers.
func TestOneSendmmsgWakesSeveralReaders(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		var reads []*flight
		for range 3 {
			f, _ := p.flyRead(b, 2)
			reads = append(reads, f)
		}
		gives(t, "Sendmmsg", 4)(p.Sendmmsg(a, mmsg(4, 2), 0))
		for _, f := range reads {
			f.lands(t, 2, 0)
		}
		gives(t, "Recv of the fourth", 2)(p.Recv(b, make([]byte, 9), MSG_DONTWAIT))
	})
}

func TestSendersAreServedInOrderOfArrival(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.stuff(a)
		var flights []*flight
		for i := range 10 {
			b := []byte(fmt.Sprintf("sender %d", i))
			flights = append(flights, fly(string(b), func() (int, error) { return p.Write(a, b) }))
		}
		equal(t, "Blocked()", p.sys.Blocked(), 10)
		p.drain(b, 1)
		for p.sys.Blocked() > 0 && p.drain(b, 1) == 1 {
			synctest.Wait()
		}
		for _, f := range flights {
			f.lands(t, 8, 0)
		}
		last := make([]byte, roomy)
		var text string
		for {
			n, err := p.Recv(b, last, MSG_DONTWAIT)
			if n <= 0 || err != nil {
				break
			}
			text += string(last[:n])
		}
		want := "sender 0sender 1sender 2sender 3sender 4sender 5sender 6sender 7sender 8sender 9"
		equal(t, "the last bytes", text[max(0, len(text)-len(want)):], want)
	})
}

// [K] With the default buffer full of 93 messages of 1000 bytes a sleeping
// sender goes on after 70 reads, while one that does not wait goes after one.
func TestSleepingSenderResumesAfter70Of93Reads(t *testing.T) {
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		equal(t, "sends of 1000 until full", p.fill(a, 1000), 93)
		f := p.flyWrite(a, 1000)
		equal(t, "reads", p.drain(b, 69), 69)
		f.sleeps(t)
		equal(t, "reads", p.drain(b, 1), 1)
		f.lands(t, 1000, 0)
		equal(t, "messages left", p.drain(b, everything), 24)

		equal(t, "sends of 1000 until full", p.fill(a, 1000), 93)
		f = p.flyWrite(a, 1000)
		equal(t, "reads", p.drain(b, 1), 1)
		gives(t, "Send that does not wait", 1000)(p.Send(a, make([]byte, 1000), MSG_DONTWAIT))
		f.sleeps(t)
		p.drain(b, everything)
		f.lands(t, 1000, 0)
	})
}

// In POSIX a sender goes on as soon as there is room for what it sends.
func TestPosixSenderResumesWhenThereIsRoom(t *testing.T) {
	eachType(t, POSIX(), func(t *testing.T, p prog, typ int) {
		synctest.Test(t, func(t *testing.T) {
			a, b := p.pair(typ)
			p.setInt(a, SO_SNDBUF, 1000)
			p.send(a, string(make([]byte, 400)))
			p.send(a, string(make([]byte, 600)))
			f := p.flyWrite(a, 500)
			gives(t, "Recv", 400)(p.Recv(b, make([]byte, 400), 0))
			if typ == SOCK_STREAM {
				gives(t, "Recv", 99)(p.Recv(b, make([]byte, 99), 0)) // 400 went, 99 more
				f.sleeps(t)
			}
			f.sleeps(t)
			gives(t, "Recv", 600)(p.Recv(b, make([]byte, 600), 0))
			f.lands(t, 500, 0)
		})
	})
}

// [K] A sender sleeps with the charge below SO_SNDBUF and above a quarter of
// it. Then one thing happens: what wakes the sleepers of its socket for
// whatever reason lets it look again, and it finds room.
func TestWhatWakesASleepingSender(t *testing.T) {
	const sleeps, goes = errno.Errno(0xffff), errno.Errno(0)
	rows := []struct {
		name                     string
		do                       func(p prog, a, b int) // the sender is on a
		stream, seqpacket, dgram errno.Errno
	}{
		{"the peer sends", func(p prog, a, b int) { p.send(b, "x") }, goes, goes, goes},
		{"own SHUT_RD", func(p prog, a, b int) { p.shutdown(a, SHUT_RD) }, goes, goes, goes},
		{"the peer's SHUT_WR", func(p prog, a, b int) { p.shutdown(b, SHUT_WR) }, goes, goes, sleeps},
		{"the peer's SHUT_RD", func(p prog, a, b int) { p.shutdown(b, SHUT_RD) }, errno.EPIPE, errno.EPIPE, sleeps},
		{"own SHUT_WR", func(p prog, a, b int) { p.shutdown(a, SHUT_WR) }, errno.EPIPE, errno.EPIPE, errno.EPIPE},
		{"a greater SO_SNDBUF", func(p prog, a, b int) { p.setInt(a, SO_SNDBUF, 1<<20) }, goes, goes, goes},
		{"nothing", func(p prog, a, b int) {}, sleeps, sleeps, sleeps},
		{"SO_SNDBUF as it is", func(p prog, a, b int) { p.setInt(a, SO_SNDBUF, 106496) }, sleeps, sleeps, sleeps},
		{"the peer's SO_RCVBUF", func(p prog, a, b int) { p.setInt(b, SO_RCVBUF, 1<<20) }, sleeps, sleeps, sleeps},
		{"SO_RCVLOWAT", func(p prog, a, b int) { p.setInt(a, SO_RCVLOWAT, 9) }, sleeps, sleeps, sleeps},
		{"O_NONBLOCK", func(p prog, a, b int) { says(p.t, "SetNonblock", 0)(p.SetNonblock(a, true)) }, sleeps, sleeps, sleeps},
		{"SO_SNDTIMEO", func(p prog, a, b int) {
			says(p.t, "SO_SNDTIMEO", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO, time.Millisecond))
			time.Sleep(time.Second)
		}, sleeps, sleeps, sleeps},
		{"poll", func(p prog, a, b int) { p.revents(a) }, sleeps, sleeps, sleeps},
		{"a receive", func(p prog, a, b int) { p.recvFails(a, errno.EAGAIN) }, sleeps, sleeps, sleeps},
		{"dup and close", func(p prog, a, b int) { gives(p.t, "Dup2", 9)(p.Dup2(a, 9)); p.close(9) }, sleeps, sleeps, sleeps},
	}
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		for _, r := range rows {
			a, b := p.pair(typ)
			p.fill(a, 1000)
			f := p.flyWrite(a, 1000)
			p.drain(b, 5)
			f.name += " and " + r.name
			f.sleeps(t)
			r.do(p, a, b)
			switch want := map[int]errno.Errno{SOCK_STREAM: r.stream, SOCK_SEQPACKET: r.seqpacket, SOCK_DGRAM: r.dgram}[typ]; want {
			case sleeps:
				f.sleeps(t)
			case goes:
				f.lands(t, 1000, 0)
			default:
				f.lands(t, -1, want)
			}
			sound(t, "after "+r.name, p.sys)
			p.close(a)
			p.drain(b, everything)
			synctest.Wait()
			equal(t, f.name+" over at last", f.over(), true)
			p.close(b)
		}
	})
}

// [K] The least SO_SNDBUF at which a sender that sleeps with a charge of
// 214272 goes on: its double is four times the charge and one.
func TestRaisedBufferWakesAtAQuarter(t *testing.T) {
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.fill(a, 1000)
		equal(t, "charge", p.charged(a), 214272)
		f := p.flyWrite(a, 1000)
		p.setInt(a, SO_SNDBUF, 428544)
		f.sleeps(t)
		p.setInt(a, SO_SNDBUF, 428546)
		f.lands(t, 1000, 0)
		p.close(b)
	})
}

// [K] One read of a stream whose writer sleeps gets what was queued, and the
// writer fills the buffer again; in the end everything has gone through.
func TestSleepingWriterRefillsTheBuffer(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		const total = 1 << 20
		a, b := p.pair(typ)
		f := p.flyWrite(a, total)
		full := map[string]int{"linux": 219264, "posix": 65536}[p.sys.rules.Name]
		buf := make([]byte, total)
		for got := 0; got < total; {
			f.sleeps(t)
			n, err := p.Read(b, buf)
			gives(t, fmt.Sprintf("Read after %d bytes", got), min(full, total-got))(n, err)
			if err != nil {
				return
			}
			if got += n; got+full >= total {
				break
			}
		}
		f.lands(t, total, 0)
	}, SOCK_STREAM)
}

// [K] SO_RCVLOWAT is how much a stream's receive waits for, as it was when the
// call began; the message types wait for a message.
func TestLowWaterMarkDelaysAStreamsReceive(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.setInt(b, SO_RCVLOWAT, 10)
		wide, _ := p.flyRead(b, 100)
		p.send(a, "1234")
		if typ != SOCK_STREAM {
			wide.lands(t, 4, 0)
			return
		}
		wide.sleeps(t)
		p.setInt(b, SO_RCVLOWAT, 1)
		wide.sleeps(t)
		p.send(a, "1234")
		wide.sleeps(t)
		p.send(a, "1234")
		wide.lands(t, 12, 0)
		p.setInt(b, SO_RCVLOWAT, 10)
		short, _ := p.flyRead(b, 5)
		p.send(a, "1234")
		short.sleeps(t)
		p.send(a, "1234")
		short.lands(t, 5, 0)
		p.recv(b, "234")
	})
}

// MSG_WAITALL: a stream's receive waits for all it asked for, or for the end.
func TestWaitallWaitsForAllOrTheEnd(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		get := func() *flight {
			return fly("Recv MSG_WAITALL", func() (int, error) { return p.Recv(b, make([]byte, 10), MSG_WAITALL) })
		}
		f := get()
		p.send(a, "123")
		f.sleeps(t)
		p.send(a, "4567")
		f.sleeps(t)
		p.send(a, "89abc")
		f.lands(t, 10, 0)
		f = get()
		f.sleeps(t)
		p.send(a, "d")
		f.sleeps(t)
		p.shutdown(a, SHUT_WR)
		f.lands(t, 3, 0)
		get().lands(t, 0, 0)
	}, SOCK_STREAM)
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.send(a, "123")
		fly("Recv MSG_WAITALL", func() (int, error) { return p.Recv(b, make([]byte, 10), MSG_WAITALL) }).lands(t, 3, 0)
	}, SOCK_DGRAM, SOCK_SEQPACKET)
}

// [SQ-03] MSG_WAITALL waits for the end of the record.
func TestWaitallWaitsForTheEndOfTheRecord(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Keep)
	synctest.Test(t, func(t *testing.T) {
		m := Msghdr{Iov: vec(10)}
		f := fly("Recvmsg MSG_WAITALL", func() (int, error) { return p.Recvmsg(b, &m, MSG_WAITALL) })
		p.part(a, "ab")
		f.sleeps(t)
		p.part(a, "cd")
		f.sleeps(t)
		p.end(a, "")
		f.lands(t, 4, 0)
		equal(t, "Flags", m.Flags, MSG_EOR)
		f = fly("Recv MSG_WAITALL of 3", func() (int, error) { return p.Recv(b, make([]byte, 3), MSG_WAITALL) })
		p.part(a, "ab")
		f.sleeps(t)
		p.part(a, "cd")
		f.lands(t, 3, 0)
		f = fly("Recv of the rest", func() (int, error) { return p.Recv(b, make([]byte, 3), 0) })
		f.lands(t, 1, 0)
		f = fly("Recv MSG_WAITALL, and the sender closes", func() (int, error) { return p.Recv(b, make([]byte, 9), MSG_WAITALL) })
		p.part(a, "ef")
		p.close(a)
		f.lands(t, 2, 0)
	})
}

// [K] A receive of no bytes waits as any other on Linux; a POSIX stream has
// nothing to wait for.
func TestReceiveOfNothingWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		f := fly("Recv of nothing", func() (int, error) { return p.Recv(b, nil, 0) })
		if typ == SOCK_STREAM && !p.linux() {
			f.lands(t, 0, 0)
			return
		}
		f.sleeps(t)
		p.send(a, "data")
		f.lands(t, 0, 0)
	})
}

// A sleeping call finds out about its memory when it is woken.
func TestSleepingCallMeetsItsBadMemory(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		f := fly("Read into bad memory", func() (int, error) { return p.Read(b, BadAddress(5)) })
		f.sleeps(t)
		p.send(a, "data")
		f.lands(t, -1, errno.EFAULT)
		p.stuff(a)
		f = fly("Write of bad memory", func() (int, error) { return p.Write(a, BadAddress(5)) })
		f.sleeps(t)
		p.drain(b, everything)
		f.lands(t, -1, errno.EFAULT)
	})
}

// SO_RCVTIMEO and SO_SNDTIMEO end a call with EAGAIN when they have passed,
// neither before nor after.
func TestTimeoutEndsTheCall(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		const timeout = 100 * time.Millisecond
		a, b := p.pair(typ)
		says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, timeout))
		says(t, "SO_SNDTIMEO", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO, timeout))
		for name, recv := range p.blockingRecvs() {
			start := time.Now()
			fails(t, name, errno.EAGAIN)(recv(b))
			equal(t, name+" took", time.Since(start), timeout)
		}
		p.stuff(a)
		for name, send := range p.blockingSends() {
			start := time.Now()
			fails(t, name, errno.EAGAIN)(send(a))
			equal(t, name+" took", time.Since(start), timeout)
		}
		f := p.flyWrite(a, 1000)
		time.Sleep(timeout - 1)
		f.sleeps(t)
		p.drain(b, everything)
		f.lands(t, 1000, 0)
		p.drain(b, everything)
		r, _ := p.flyRead(b, 10)
		time.Sleep(timeout - 1)
		r.sleeps(t)
		p.send(a, "late")
		r.lands(t, 4, 0)
	})
}

// [K] What has gone when the time is over is returned.
func TestTimeoutReturnsThePart(t *testing.T) {
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, time.Second))
		says(t, "SO_SNDTIMEO", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO, time.Second))
		p.send(a, "abc")
		gives(t, "Recv MSG_WAITALL", 3)(p.Recv(b, make([]byte, 10), MSG_WAITALL))
		gives(t, "Write of 1000000", 219264)(p.Write(a, make([]byte, 1000000)))
	}, SOCK_STREAM)
}

// A sender whose time is over still uses the room that has come below the mark
// at which it would have been woken.
func TestTimeoutLooksOnceMore(t *testing.T) {
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		says(t, "SO_SNDTIMEO", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO, time.Second))
		p.fill(a, 1000)
		f := p.flyWrite(a, 1000)
		p.drain(b, 5)
		f.sleeps(t)
		time.Sleep(time.Second)
		f.lands(t, 1000, 0)
	})
}

// What a handled signal does to a sleeping call: EINTR, or it restarts; with
// time-outs it is EINTR whatever the handler's flags [K].
func TestSignalInterruptsOrRestarts(t *testing.T) {
	for _, flags := range []uint{0, SA_RESTART} {
		for _, timed := range []bool{false, true} {
			inBubble(t, func(t *testing.T, p prog, typ int) {
				expr := fmt.Sprintf("flags %#x, timed %v: ", flags, timed)
				ran := p.handle(SIGUSR1, flags)
				other := p.sys.NewProcess()
				a, b := p.pair(typ)
				if timed {
					says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, time.Hour))
					says(t, "SO_SNDTIMEO", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO, time.Hour))
				}
				check := func(name string, call func() (int, error), finish func(), want int) {
					f := fly(expr+name, call)
					f.sleeps(t)
					before := ran.Load()
					says(t, "Kill", 0)(other.Kill(p.Getpid(), SIGUSR1))
					synctest.Wait()
					equal(t, expr+name+": handlers run", ran.Load()-before, 1)
					if flags == 0 || timed {
						f.lands(t, -1, errno.EINTR)
						finish()
						return
					}
					f.sleeps(t)
					sound(t, "after a restart", p.sys)
					finish()
					f.lands(t, want, 0)
				}
				for name, recv := range p.blockingRecvs() {
					check(name, func() (int, error) { return recv(b) }, func() { p.send(a, "12345") }, 5)
					p.drain(b, everything)
				}
				for name, send := range p.blockingSends() {
					p.stuff(a)
					want := map[bool]int{true: 1, false: 1000}[name == "Sendmmsg"]
					check(name, func() (int, error) { return send(a) }, func() { p.drain(b, everything) }, want)
					p.drain(b, everything)
				}
			})
		}
	}
}

// [K] A call that has moved bytes returns them when a handler has run, with
// SA_RESTART and without, with a time-out and without.
func TestSignalReturnsThePart(t *testing.T) {
	for _, flags := range []uint{0, SA_RESTART} {
		for _, timed := range []bool{false, true} {
			inBubble(t, func(t *testing.T, p prog, typ int) {
				p.handle(SIGUSR1, flags)
				other := p.sys.NewProcess()
				full := map[string]int{"linux": 219264, "posix": 65536}[p.sys.rules.Name]
				for _, r := range []struct {
					name string
					call func(a, b int) (int, error)
					want int
				}{
					{"Recv MSG_WAITALL", func(_, b int) (int, error) { return p.Recv(b, make([]byte, 100), MSG_WAITALL) }, 3},
					{"Read with SO_RCVLOWAT 10", func(_, b int) (int, error) {
						p.setInt(b, SO_RCVLOWAT, 10)
						return p.Read(b, make([]byte, 100))
					}, 3},
					{"Write", func(a, _ int) (int, error) { return p.Write(a, make([]byte, 1000000)) }, full},
					{"Send", func(a, _ int) (int, error) { return p.Send(a, make([]byte, 1000000), 0) }, full},
					{"Writev", func(a, _ int) (int, error) { return p.Writev(a, [][]byte{make([]byte, 500000), make([]byte, 500000)}) }, full},
				} {
					a, b := p.pair(typ)
					if timed {
						says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, time.Hour))
						says(t, "SO_SNDTIMEO", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO, time.Hour))
					}
					if r.want == 3 {
						p.send(a, "123")
					}
					f := fly(fmt.Sprintf("%s, flags %#x, timed %v", r.name, flags, timed), func() (int, error) { return r.call(a, b) })
					f.sleeps(t)
					says(t, "Kill", 0)(other.Kill(p.Getpid(), SIGUSR1))
					f.lands(t, r.want, 0)
					p.close(a, b)
					synctest.Wait()
				}
			}, SOCK_STREAM)
		}
	}
}

// [K] sendmmsg counts the part of a stream that went, recvmmsg what came.
func TestSignalEndsTheManyMessageCalls(t *testing.T) {
	inLinuxBubble(t, func(t *testing.T, p prog, typ int) {
		p.handle(SIGUSR1, SA_RESTART)
		other := p.sys.NewProcess()
		a, b := p.pair(typ)
		m := mmsg(4, 100000)
		f := fly("Sendmmsg of 4 x 100000", func() (int, error) { return p.Sendmmsg(a, m, 0) })
		f.sleeps(t)
		says(t, "Kill", 0)(other.Kill(p.Getpid(), SIGUSR1))
		f.lands(t, 3, 0)
		last := 100000
		if typ == SOCK_STREAM {
			last = 36544
		}
		equal(t, "length of the third", m[2].Len, last)
		equal(t, "length of the fourth", m[3].Len, -5)
		for p.drain(b, everything) > 0 {
			continue
		}
		says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, time.Hour))
		p.send(a, "one")
		f = fly("Recvmmsg of 3", func() (int, error) { return p.Recvmmsg(b, mmsg(3, 9), 0, nil) })
		f.sleeps(t)
		says(t, "Kill", 0)(other.Kill(p.Getpid(), SIGUSR1))
		f.lands(t, 1, 0)
		equal(t, "SO_ERROR, where recvmmsg leaves the interruption", p.soError(b), errno.EINTR)
	})
}

// [K] Without MSG_WAITFORONE every entry is waited for; with it only the
// first. The time-out argument ends no wait, SO_RCVTIMEO does.
func TestRecvmmsgWaitsForEveryEntry(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		m := mmsg(3, 2)
		f := fly("Recvmmsg", func() (int, error) { return p.Recvmmsg(b, m, 0, nil) })
		for range 2 {
			p.send(a, "ab")
			f.sleeps(t)
		}
		p.send(a, "ab")
		f.lands(t, 3, 0)
		one := mmsg(3, 2)
		f = fly("Recvmmsg MSG_WAITFORONE", func() (int, error) { return p.Recvmmsg(b, one, MSG_WAITFORONE, nil) })
		f.sleeps(t)
		p.send(a, "ab")
		f.lands(t, 1, 0)
		equal(t, "lengths", lens(one), "[2 -5 -5]")

		timeout := 20 * time.Millisecond
		says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, 60*time.Millisecond))
		start := time.Now()
		p.send(a, "ab")
		gives(t, "Recvmmsg with a time-out", 1)(p.Recvmmsg(b, mmsg(3, 2), 0, &timeout))
		equal(t, "Recvmmsg took", time.Since(start), 60*time.Millisecond)
	})
}

// The end of the process ends its sleeping calls, also those of others that
// are on the same description do not mind.
func TestSleepingCallsOfOthersGoOn(t *testing.T) {
	inBubble(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		child, err := p.Fork()
		says(t, "Fork", 0)(err)
		theirs, _ := p.as(child).flyRead(b, 10)
		ours, _ := p.flyRead(b, 10)
		child.Exit(3)
		synctest.Wait()
		endsWith(t, theirs.name, Ended{Pid: child.Getpid(), Code: 3})(theirs.n, theirs.err)
		ours.sleeps(t)
		sound(t, "after the child's end", p.sys)
		p.send(a, "data")
		ours.lands(t, 4, 0)
	})
}

// Config.OnBlock is told of each call that falls asleep and of each wake-up.
func TestOnBlockCountsTheSleepers(t *testing.T) {
	var now, most, falls atomic.Int64
	p := newProg(t, Config{OnBlock: func(delta int) {
		if n := now.Add(int64(delta)); n > most.Load() {
			most.Store(n)
		}
		if delta > 0 {
			falls.Add(1)
		}
	}})
	synctest.Test(t, func(t *testing.T) {
		a, b := p.pair(SOCK_DGRAM)
		for range 3 {
			p.flyRead(b, 1)
		}
		equal(t, "asleep", now.Load(), 3)
		equal(t, "Blocked()", p.sys.Blocked(), 3)
		p.send(a, "1")
		equal(t, "asleep as soon as one is woken", now.Load(), 2)
		p.shutdown(b, SHUT_RD)
		equal(t, "asleep as soon as all are woken", now.Load(), 0)
		equal(t, "Blocked()", p.sys.Blocked(), 0)
		synctest.Wait()
		equal(t, "times asleep", falls.Load(), 3)
	})
}

// Eight writers and eight readers on one pair with little room: nothing is
// lost, duplicated or forgotten, and nobody is left behind.
func TestManyWritersAndReadersFinish(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		const hands, each, size = 8, 150, 4
		a, b := p.pair(typ)
		p.setInt(a, SO_SNDBUF, 100)
		var writers, readers sync.WaitGroup
		for w := range hands {
			writers.Go(func() {
				for i := range each {
					m := binary.LittleEndian.AppendUint32(nil, uint32(w*each+i))
					if n, err := p.Send(a, m, MSG_EOR); n != size || err != nil {
						t.Errorf("Send = %s, want %d", outcome(n, err), size)
					}
				}
			})
		}
		var mu sync.Mutex
		total, seen := 0, map[uint32]bool{}
		for range hands {
			readers.Go(func() {
				for m := make([]byte, size); ; {
					n, err := p.Recv(b, m, 0)
					if n <= 0 || err != nil {
						gives(t, "Recv at the end", 0)(n, err)
						return
					}
					mu.Lock()
					total += n
					if n == size {
						seen[binary.LittleEndian.Uint32(m)] = true
					}
					mu.Unlock()
				}
			})
		}
		writers.Wait()
		p.shutdown(a, SHUT_WR)
		if typ == SOCK_DGRAM {
			p.shutdown(b, SHUT_RD) // what is queued stays readable
		}
		readers.Wait()
		equal(t, "bytes received", total, hands*each*size)
		if typ != SOCK_STREAM {
			equal(t, "different messages received", len(seen), hands*each)
		}
	})
}

// Calls fall asleep, are interrupted, time out and are closed under each
// other's feet; the machine stays sound.
func TestSleepersSurviveATumult(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		p.handle(SIGUSR1, SA_RESTART)
		p.handle(SIGUSR2, 0)
		a, b := p.pair(typ)
		p.setInt(a, SO_SNDBUF, 100)
		says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_RCVTIMEO, time.Millisecond))
		var all sync.WaitGroup
		for range 4 {
			reader, writer := p.Thread(), p.Thread()
			all.Go(func() {
				for range 40 {
					reader.Recv(b, make([]byte, 40), 0)
					reader.Poll([]PollFd{{Fd: b, Events: POLLIN}}, 1)
				}
			})
			all.Go(func() {
				for range 40 {
					writer.Send(a, make([]byte, 30), MSG_NOSIGNAL)
				}
			})
			all.Go(func() {
				killer := p.sys.NewProcess()
				for n := range 40 {
					killer.Kill(p.Getpid(), []Signal{SIGUSR1, SIGUSR2}[n%2])
				}
			})
		}
		done := make(chan bool)
		go func() { all.Wait(); close(done) }()
		for tidy := p.Thread(); ; {
			tidy.Recv(b, make([]byte, 100), MSG_DONTWAIT)
			select {
			case <-done:
				return
			default:
				runtime.Gosched() // where nobody is preempted, as in wasm
			}
		}
	})
}
