package emu

import (
	"fmt"
	"testing"

	"sockpair/errno"
)

// recvmsg receives up to room bytes and returns them with what Flags shows.
func (p prog) recvmsg(fd, room, flags int) string {
	p.t.Helper()
	m := Msghdr{Iov: vec(room)}
	n, err := p.Recvmsg(fd, &m, flags|MSG_DONTWAIT)
	if err != nil {
		return outcome(n, err)
	}
	s := fmt.Sprintf("%q", m.Iov[0][:min(n, room)])
	if m.Flags&MSG_EOR != 0 {
		s += " EOR"
	}
	if m.Flags&MSG_TRUNC != 0 {
		s += " TRUNC"
	}
	if rest := m.Flags &^ (MSG_EOR | MSG_TRUNC); rest != 0 {
		s += fmt.Sprintf(" %#x", rest)
	}
	return s
}

// part sends a part of a record; end sends its last part.
func (p prog) part(fd int, s string) {
	p.t.Helper()
	gives(p.t, fmt.Sprintf("Send(%q)", s), len(s))(p.Send(fd, []byte(s), MSG_DONTWAIT))
}

func (p prog) end(fd int, s string) {
	p.t.Helper()
	gives(p.t, fmt.Sprintf("Send(%q, MSG_EOR)", s), len(s))(p.Send(fd, []byte(s), MSG_DONTWAIT|MSG_EOR))
}

// seqpacket is a pair with the two rules given.
func seqpacket(t *testing.T, records RecordEnd, short ShortRead) (p prog, a, b int) {
	rules := POSIX()
	rules.Records, rules.ShortRead = records, short
	p = newProg(t, Config{Personality: rules})
	a, b = p.pair(SOCK_SEQPACKET)
	return p, a, b
}

// [SQ-03] A record is sent by several outputs and received by several inputs;
// MSG_EOR shows its end.
func TestRecordOfSeveralOutputs(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Keep)
	p.part(a, "ab")
	p.part(a, "cd")
	p.end(a, "ef")
	p.end(a, "next")
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), `"abcdef" EOR`)
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), `"next" EOR`)
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), "-1 EAGAIN")
}

// [SQ-03] An input never moves parts of two records, wherever the cuts are.
func TestInputNeverMovesPartsOfTwoRecords(t *testing.T) {
	for room := 1; room <= 8; room++ {
		p, a, b := seqpacket(t, EndOfRecord, Keep)
		p.part(a, "ab")
		p.end(a, "c")
		p.end(a, "defgh")
		p.end(a, "i")
		for _, record := range []string{"abc", "defgh", "i"} {
			for at := 0; at < len(record); at += room {
				end := min(at+room, len(record))
				want := fmt.Sprintf("%q", record[at:end])
				if end == len(record) {
					want += " EOR"
				}
				equal(t, fmt.Sprintf("Recvmsg of %d", room), p.recvmsg(b, room, 0), want)
			}
		}
		equal(t, "Recvmsg at last", p.recvmsg(b, room, 0), "-1 EAGAIN")
	}
}

// [SQ-03] A receive returns what is there of a record whose end has not come.
func TestReceiveDoesNotWaitForTheEndOfTheRecord(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Keep)
	gives(t, "Write", 3)(p.Write(a, []byte("abc"))) // write leaves the record open
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), `"abc"`)
	gives(t, "Writev", 2)(p.Writev(a, [][]byte{{'d'}, {'e'}}))
	equal(t, "Recvmsg of 1", p.recvmsg(b, 1, 0), `"d"`)
	p.end(a, "f")
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), `"ef" EOR`)
}

// [SQ-03] The end may come alone, and may be all there is of a record.
func TestEndOfRecordMayComeAlone(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Keep)
	p.part(a, "") // nothing, without an end, is no part of a record
	equal(t, "Recvmsg after an empty part", p.recvmsg(b, 9, 0), "-1 EAGAIN")
	p.end(a, "")
	equal(t, "Recvmsg of an empty record", p.recvmsg(b, 9, 0), `"" EOR`)
	p.part(a, "ab")
	p.end(a, "")
	p.end(a, "cd")
	equal(t, "Recvmsg of just what fits", p.recvmsg(b, 2, 0), `"ab" EOR`)
	equal(t, "Recvmsg of the next", p.recvmsg(b, 2, 0), `"cd" EOR`)
	p.part(a, "ab")
	equal(t, "Recvmsg before the end comes", p.recvmsg(b, 2, 0), `"ab"`)
	p.end(a, "")
	equal(t, "Recvmsg of the end alone", p.recvmsg(b, 2, 0), `"" EOR`)
}

// A peek shows what a receive would get, over the outputs of a record, and
// takes nothing.
func TestPeekOfARecord(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Keep)
	p.part(a, "ab")
	equal(t, "peek before the end comes", p.recvmsg(b, 9, MSG_PEEK), `"ab"`)
	p.end(a, "cd")
	p.end(a, "next")
	for range 2 {
		equal(t, "peek of 1", p.recvmsg(b, 1, MSG_PEEK), `"a"`)
		equal(t, "peek of 3", p.recvmsg(b, 3, MSG_PEEK), `"abc"`)
		equal(t, "peek of 4", p.recvmsg(b, 4, MSG_PEEK), `"abcd" EOR`)
		equal(t, "peek of 9", p.recvmsg(b, 9, MSG_PEEK), `"abcd" EOR`)
	}
	equal(t, "Recvmsg of 3", p.recvmsg(b, 3, 0), `"abc"`)
	equal(t, "peek of the rest", p.recvmsg(b, 9, MSG_PEEK), `"d" EOR`)
	equal(t, "Recvmsg of nothing", p.recvmsg(b, 0, 0), `""`)
	equal(t, "Recvmsg of the rest", p.recvmsg(b, 9, 0), `"d" EOR`)
	equal(t, "Recvmsg of the next", p.recvmsg(b, 9, 0), `"next" EOR`)
}

// Bad memory leaves the record, or gives the whole outputs before it.
func TestRecordIntoBadMemory(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Keep)
	p.part(a, "ab")
	p.end(a, "cd")
	fails(t, "Recv into bad memory", errno.EFAULT)(p.Recv(b, BadAddress(9), MSG_DONTWAIT))
	fails(t, "Recv MSG_PEEK into bad memory", errno.EFAULT)(p.Recv(b, BadAddress(9), MSG_PEEK|MSG_DONTWAIT))
	gives(t, "Readv with 3 good bytes", 2)(p.Readv(b, [][]byte{make([]byte, 3), BadAddress(9)}))
	equal(t, "Recvmsg of the rest", p.recvmsg(b, 9, 0), `"cd" EOR`)
}

// The length limit holds for each output of a record, room for their sum.
func TestRecordIsBoundedByOutputAndByRoom(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Keep)
	p.setInt(a, SO_SNDBUF, 100)
	fails(t, "Send of 101", errno.EMSGSIZE)(p.Send(a, make([]byte, 101), MSG_EOR))
	gives(t, "Send of 60", 60)(p.Send(a, make([]byte, 60), 0))
	fails(t, "Send of 60 more", errno.EAGAIN)(p.Send(a, make([]byte, 60), MSG_EOR|MSG_DONTWAIT))
	gives(t, "Recv of 20", 20)(p.Recv(b, make([]byte, 20), MSG_DONTWAIT))
	fails(t, "Send with the first output half read", errno.EAGAIN)(p.Send(a, make([]byte, 60), MSG_EOR|MSG_DONTWAIT))
	gives(t, "Recv of the first output", 40)(p.Recv(b, make([]byte, 60), MSG_DONTWAIT))
	gives(t, "Send of the end", 60)(p.Send(a, make([]byte, 60), MSG_EOR|MSG_DONTWAIT))
	gives(t, "Recv of the second output", 60)(p.Recv(b, make([]byte, 100), MSG_DONTWAIT))
}

// The two rules are independent of each other: an output that is a record,
// whose rest is kept.
func TestEachOutputIsARecordWhoseRestIsKept(t *testing.T) {
	p, a, b := seqpacket(t, EachOutput, Keep)
	p.part(a, "abc")
	p.end(a, "de") // MSG_EOR changes nothing
	p.part(a, "")
	p.part(a, "f")
	for _, want := range []string{`"ab"`, `"c"`, `"de"`, `""`, `"f"`, "-1 EAGAIN"} {
		equal(t, "Recvmsg of 2", p.recvmsg(b, 2, 0), want)
	}
}

// A record of several outputs, whose rest is lost.
func TestRecordOfSeveralOutputsWhoseRestIsLost(t *testing.T) {
	p, a, b := seqpacket(t, EndOfRecord, Discard)
	for range 2 {
		p.part(a, "ab")
		p.part(a, "cd")
		p.end(a, "ef")
	}
	p.end(a, "next")
	equal(t, "peek of 1", p.recvmsg(b, 1, MSG_PEEK), `"a" TRUNC`)
	equal(t, "peek of 2", p.recvmsg(b, 2, MSG_PEEK), `"ab" TRUNC`)
	equal(t, "peek of 6", p.recvmsg(b, 6, MSG_PEEK), `"abcdef" EOR`)
	equal(t, "Recvmsg of 3", p.recvmsg(b, 3, 0), `"abc" TRUNC`)
	equal(t, "Recvmsg of 4", p.recvmsg(b, 4, 0), `"abcd" TRUNC`)
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), `"next" EOR`)
	equal(t, "charge", p.charged(a), 0)
}

// [SQ-02] On Linux MSG_EOR is ignored and never shown.
func TestLinuxIgnoresEndOfRecord(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_SEQPACKET)
	p.end(a, "ab")
	p.part(a, "cd")
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), `"ab"`)
	equal(t, "Recvmsg of 1", p.recvmsg(b, 1, 0), `"c" TRUNC`)
	equal(t, "Recvmsg of 9", p.recvmsg(b, 9, 0), "-1 EAGAIN")
}

// [K] The pending reset comes first, then what is queued, then the end; a send
// takes it too, and is EPIPE from then on.
func TestSeqpacketResetComesBeforeTheQueue(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_SEQPACKET)
	p.send(b, "last words")
	p.send(a, "unread")
	p.close(b)
	p.recvFails(a, errno.ECONNRESET)
	p.recv(a, "last words")
	p.eof(a)
	p.sendFails(a, errno.EPIPE)

	a, b = p.pair(SOCK_SEQPACKET)
	p.send(b, "last words")
	p.send(a, "unread")
	p.close(b)
	p.sendFails(a, errno.ECONNRESET)
	p.sendFails(a, errno.EPIPE)
	p.recv(a, "last words")
	p.eof(a)
}

// With the error behind the data, as a personality may have it.
func TestErrorBehindTheDataIsARule(t *testing.T) {
	rules := POSIX()
	rules.ResetUnread = true
	for _, typ := range []int{SOCK_STREAM, SOCK_SEQPACKET} {
		p := newProg(t, Config{Personality: rules})
		a, b := p.pair(typ)
		p.send(b, "last words")
		p.send(a, "unread")
		p.close(b)
		p.recv(a, "last words")
		p.recvFails(a, errno.ECONNRESET)
		p.eof(a)
	}
}
