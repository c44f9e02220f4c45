package model

// Events of poll, with the numbers of Linux.
const (
	In    = 0x1
	Out   = 0x4
	Err   = 0x8
	Hup   = 0x10
	Rdhup = 0x2000
)

// Poll is what poll says of end i, of the events above.
func (p *Pair) Poll(i int) (bits int) {
	me := &p.Ends[i]
	if len(me.Queue) > 0 || me.NoRecv {
		bits |= In
	}
	if me.NoRecv && p.Rules == Linux {
		bits |= Rdhup
	}
	if me.Pending != 0 {
		bits |= Err
	}
	if me.NoRecv && me.NoSend {
		bits |= Hup
	}
	if p.writable(i) {
		bits |= Out
	}
	return bits
}

// writable: POSIX forbids Out beside Hup; on Linux it tells of the buffer only,
// of which three quarters must be free.
func (p *Pair) writable(i int) bool {
	me := &p.Ends[i]
	if p.Rules == POSIX {
		return p.Charged(i) < me.SndBuf && !(me.NoRecv && me.NoSend)
	}
	return 4*(p.Charged(i)+1) <= me.SndBuf
}

// Unread is FIONREAD: of a Dgram pair the length of the first message.
func (p *Pair) Unread(i int) (n int) {
	for _, m := range p.Ends[i].Queue {
		n += len(m.Data) - m.Read
		if p.Type == Dgram {
			break
		}
	}
	return n
}
