package model

import "sockpair/errno"

// Received is what a receive has brought.
type Received struct {
	N     int // the value of the call
	Data  []byte
	Flags int // Trunc, EOR
	Err   errno.Errno

	Rights []int // what travelled with the bytes
}

func failed(err errno.Errno) Received { return Received{N: -1, Err: err} }

// Recv receives up to room bytes at end i.
func (p *Pair) Recv(i, room, flags int) Received {
	switch {
	case p.Type == Stream:
		return p.recvStream(i, room, flags)
	case p.Type == Seqpacket && p.Rules == POSIX:
		return p.recvRecord(i, room, flags)
	}
	return p.recvMessage(i, room, flags)
}

// recvStream: bytes first, then the pending error, then end of file.
func (p *Pair) recvStream(i, room, flags int) Received {
	me := &p.Ends[i]
	switch {
	case len(me.Queue) > 0:
		return p.bytes(i, room, flags)
	case room == 0 && p.Rules == POSIX:
		return Received{}
	case me.Pending != 0:
		return failed(me.take())
	case me.NoRecv:
		return Received{}
	}
	return failed(errno.EAGAIN)
}

// bytes takes bytes from the front of a stream's queue, or looks at them.
func (p *Pair) bytes(i, room, flags int) (r Received) {
	me := &p.Ends[i]
	for j, m := range me.Queue {
		if j > 0 && len(r.Data) == room && flags&Peek == 0 {
			break // a peek goes on to what travels with later messages
		}
		rest := m.Data[m.Read:]
		r.Data = append(r.Data, rest[:min(len(rest), room-len(r.Data))]...)
		if len(m.Rights) > 0 { // they come with the first byte, and end the receive
			r.Rights = m.Rights
			if flags&Peek == 0 {
				me.Queue[j].Rights = nil
			}
			break
		}
	}
	r.N = len(r.Data)
	if flags&Peek == 0 {
		me.consume(r.N, p.Rules == POSIX)
		if flags&WaitAll != 0 && r.N < room {
			me.take() // it looked for more and met the error, which is lost
		}
	}
	return r
}

// consume removes n bytes from the front of the queue. A message that is
// partly read keeps its charge, unless byByte.
func (e *End) consume(n int, byByte bool) {
	for n > 0 {
		m := &e.Queue[0]
		k := min(n, len(m.Data)-m.Read)
		m.Read += k
		n -= k
		if byByte {
			m.Charge -= k
		}
		if m.Read == len(m.Data) {
			e.Queue = e.Queue[1:]
		}
	}
}

// recvMessage takes one message; what there is no room for is lost.
func (p *Pair) recvMessage(i, room, flags int) (r Received) {
	me := &p.Ends[i]
	switch {
	case me.Pending != 0:
		return failed(me.take())
	case len(me.Queue) == 0 && p.ended(i):
		return Received{}
	case len(me.Queue) == 0:
		return failed(errno.EAGAIN)
	}
	m := me.Queue[0]
	r.Data = m.Data[:min(room, len(m.Data))]
	r.N, r.Rights = len(r.Data), m.Rights
	if r.N < len(m.Data) {
		r.Flags |= Trunc
	}
	if flags&Trunc != 0 && p.Rules == Linux {
		r.N = len(m.Data)
	}
	if flags&Peek == 0 {
		me.Queue = me.Queue[1:]
	}
	return r
}

// ended: a receive that finds nothing sees the end. On Linux a datagram socket
// that does not wait never does.
func (p *Pair) ended(i int) bool {
	return p.Ends[i].NoRecv && (p.Type == Seqpacket || p.Rules == POSIX)
}

// recvRecord takes bytes of one record, and tells its end when it has come to
// it; what there is no room for stays.
func (p *Pair) recvRecord(i, room, flags int) (r Received) {
	me := &p.Ends[i]
	switch {
	case len(me.Queue) == 0 && me.NoRecv:
		return Received{}
	case len(me.Queue) == 0:
		return failed(errno.EAGAIN)
	}
	whole := 0 // messages that are received to their end
	for _, m := range me.Queue {
		rest := m.Data[m.Read:]
		k := min(len(rest), room-len(r.Data))
		r.Data = append(r.Data, rest[:k]...)
		if k < len(rest) {
			if flags&Peek == 0 {
				me.Queue[whole].Read += k
			}
			break
		}
		whole++
		if m.Ends {
			r.Flags |= EOR
			break
		}
	}
	r.N = len(r.Data)
	if flags&Peek == 0 {
		me.Queue = me.Queue[whole:]
	}
	return r
}
