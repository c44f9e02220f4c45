package history

import (
	"math/rand"

	"sockpair/emu"
	"sockpair/fuzz/model"
)

// Subject is which of the kinds of history a program makes.
type Subject int

// The subjects.
const (
	Lives   Subject = iota // every descriptor may be closed, and the ends die
	Rights                 // descriptors are passed; 0 and 1 stay open
	Numbers                // mostly of the table; 0 and 1 stay open
	subjects
)

// Program is what the tasks of one history call.
type Program struct {
	Type    model.Type
	Subject Subject
	Tasks   [][]Call
}

// numbers is how many descriptors the calls name: 0 to numbers-1. A table may
// grow beyond by dup and by what is received, up to slots.
const (
	numbers = 7
	slots   = 64
)

// SndBuf is SO_SNDBUF of both ends, the least that Linux has: six short
// messages fill it, or two long ones.
const SndBuf = 4608

// onePiece is the longest send that a stream queues at once with SndBuf.
const onePiece = SndBuf/2 - 64

// wide is from how many tasks on only fewChanges of their calls change the
// table where ends may die: each such call cuts those that overlap it into
// moments, and many calls in three moments each are more than a search can
// try in every order.
const (
	wide       = 6
	fewChanges = 2
)

// NewProgram chooses a program of at most so many calls.
func NewProgram(r *rand.Rand, typ model.Type, subject Subject, calls int) Program {
	p := Program{Type: typ, Subject: subject}
	tasks := 4 + r.Intn(13)
	if r.Intn(2) == 0 {
		tasks = 4
	}
	each := max(1, calls/tasks)
	n, changes := 0, 0
	for range tasks {
		var program []Call
		for range 1 + r.Intn(each) {
			n++
			c := p.call(r, n)
			if c.changes() {
				changes++
			}
			if subject == Lives && tasks >= wide && changes > fewChanges && c.changes() {
				c = Call{Kind: Poll, Fd: c.Fd}
			}
			program = append(program, c)
		}
		p.Tasks = append(p.Tasks, program)
	}
	return p
}

// weights of the kinds, by subject.
var weights = [subjects][kinds]int{
	Lives:   {Send: 10, Recv: 10, Shutdown: 1, Close: 3, Dup: 2, Dup2: 1, SoError: 1, Unread: 2, Charged: 1, Poll: 2},
	Rights:  {Send: 4, Recv: 3, SendRights: 6, RecvRights: 9, Shutdown: 1, Close: 2, Dup: 1, Dup2: 1, SoError: 1, Unread: 1, Charged: 1, Poll: 1},
	Numbers: {Send: 1, Recv: 1, Close: 3, Dup: 3, Dup2: 6, Unread: 3, Charged: 3, Poll: 3},
}

func (p Program) call(r *rand.Rand, n int) Call {
	c := Call{Kind: pick(r, weights[p.Subject]), Fd: r.Intn(4), Other: r.Intn(numbers)}
	if p.Subject == Numbers || r.Intn(3) == 0 {
		c.Fd = r.Intn(numbers)
	}
	switch c.Kind {
	case Send, SendRights:
		c.Data = payload(n, p.length(r, c.Kind))
		c.Flags = someOf(r, emu.MSG_DONTWAIT)
	case Recv, RecvRights:
		c.Room = p.room(r)
		c.Flags = someOf(r, emu.MSG_DONTWAIT) | rarely(r, emu.MSG_PEEK) | rarely(r, emu.MSG_TRUNC)
	case Shutdown:
		c.How = r.Intn(3)
	case Close, Dup2:
		if p.Subject != Lives { // 0 and 1 keep the ends alive
			c.Other = 2 + r.Intn(numbers-2)
			if c.Kind == Close {
				c.Fd = c.Other
			}
		}
	}
	return c
}

// length of a send: mostly short, some that take half of the buffer, some of
// no bytes, and for the message types some too long.
func (p Program) length(r *rand.Rand, kind Kind) int {
	switch n := r.Intn(20); {
	case n == 0 && !(p.Type == model.Stream && kind == SendRights):
		return 0
	case n == 1 && p.Type != model.Stream:
		return SndBuf - 32 + r.Intn(2)
	case n < 6:
		return 1000 + r.Intn(onePiece-1000+1)
	}
	return 1 + r.Intn(9)
}

// room of a receive. Of no bytes only where no descriptor may come with none.
func (p Program) room(r *rand.Rand) int {
	switch n := r.Intn(12); {
	case n == 0 && !(p.Type == model.Stream && p.Subject == Rights):
		return 0
	case n < 3:
		return SndBuf
	}
	return 1 + r.Intn(12)
}

// payload is unlike that of every other send: its first byte is its number,
// and the others count.
func payload(n, length int) []byte {
	b := make([]byte, length)
	for i := range b {
		b[i] = byte('A' + (n+i-1)%26)
	}
	if length > 0 {
		b[0] = byte(n)
	}
	return b
}

func pick(r *rand.Rand, weights [kinds]int) Kind {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := r.Intn(sum)
	for k, w := range weights {
		if n -= w; n < 0 {
			return Kind(k)
		}
	}
	panic("history: weights do not add up")
}

func someOf(r *rand.Rand, flag int) int {
	return flag * r.Intn(2)
}

func rarely(r *rand.Rand, flag int) int {
	if r.Intn(6) == 0 {
		return flag
	}
	return 0
}
