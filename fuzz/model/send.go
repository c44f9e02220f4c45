package model

import (
	"bytes"

	"sockpair/errno"
)

// Send sends data from end i and returns how many bytes went.
func (p *Pair) Send(i int, data []byte, flags int) (int, errno.Errno) {
	switch {
	case p.Type == Stream:
		return p.sendStream(i, data)
	case p.Type == Dgram:
		return p.sendDgram(i, data)
	}
	return p.sendSeqpacket(i, data, flags&EOR != 0)
}

// SendRights is Send of data with something that travels with its first piece;
// it goes when a byte goes, or a message.
func (p *Pair) SendRights(i int, data []byte, flags int, rights []int) (int, errno.Errno) {
	before := len(p.Ends[1-i].Queue)
	n, err := p.Send(i, data, flags)
	if queue := p.Ends[1-i].Queue; len(queue) > before {
		queue[before].Rights = rights
	}
	return n, err
}

// sendStream: a broken stream is EPIPE even for no bytes; otherwise what there
// is room for goes.
func (p *Pair) sendStream(i int, data []byte) (int, errno.Errno) {
	me := &p.Ends[i]
	if me.NoSend {
		return -1, errno.EPIPE
	}
	sent := 0
	for sent < len(data) {
		piece, charge := p.piece(i, data[sent:])
		if len(piece) == 0 {
			break
		}
		p.queue(i, Message{Data: piece, Charge: charge})
		sent += len(piece)
	}
	if sent == 0 && len(data) > 0 {
		return -1, errno.EAGAIN
	}
	return sent, 0
}

// piece is as much of data as one message of a stream takes now.
func (p *Pair) piece(i int, data []byte) (piece []byte, charge int) {
	bound, charged := p.Ends[i].SndBuf, p.Charged(i)
	if p.Rules == POSIX {
		n := min(len(data), max(0, bound-charged))
		return data[:n], n
	}
	if charged >= bound {
		return nil, 0
	}
	n := min(len(data), bound/2-64, 3776+32768)
	pages := 0
	if n > 3776 {
		pages = min(n, roundUp(n-3776, 4096))
	}
	return data[:n], skb(n-pages, pages)
}

func (p *Pair) sendDgram(i int, data []byte) (int, errno.Errno) {
	me, peer := &p.Ends[i], &p.Ends[1-i]
	switch {
	case p.tooLong(i, data):
		return -1, errno.EMSGSIZE
	case me.Pending != 0:
		return -1, me.take()
	case me.NoSend:
		return -1, errno.EPIPE
	case !p.room(i, data):
		return -1, errno.EAGAIN
	case me.Gone && p.Rules == POSIX:
		return -1, errno.EDESTADDRREQ
	case me.Gone:
		return -1, errno.ENOTCONN
	case peer.Closed:
		me.Gone, me.Queue = true, nil
		return -1, errno.ECONNREFUSED
	case peer.NoRecv:
		return -1, errno.EPIPE
	}
	p.queue(i, Message{Data: data, Charge: p.cost(data), Ends: true})
	return len(data), 0
}

func (p *Pair) sendSeqpacket(i int, data []byte, ends bool) (int, errno.Errno) {
	me := &p.Ends[i]
	ends = ends || p.Rules == Linux
	switch {
	case me.Pending != 0:
		return -1, me.take()
	case p.tooLong(i, data):
		return -1, errno.EMSGSIZE
	case me.NoSend:
		return -1, errno.EPIPE
	case !p.room(i, data):
		return -1, errno.EAGAIN
	case len(data) > 0 || ends: // nothing is no part of a record
		p.queue(i, Message{Data: data, Charge: p.cost(data), Ends: ends})
	}
	return len(data), 0
}

func (p *Pair) queue(i int, m Message) {
	m.Data = bytes.Clone(m.Data)
	peer := &p.Ends[1-i]
	peer.Queue = append(peer.Queue, m)
}

// tooLong: Linux keeps 32 bytes of the buffer back.
func (p *Pair) tooLong(i int, data []byte) bool {
	if p.Rules == Linux {
		return len(data) > p.Ends[i].SndBuf-32
	}
	return len(data) > p.Ends[i].SndBuf
}

// room: on Linux the last message may exceed the bound, however long it is.
func (p *Pair) room(i int, data []byte) bool {
	if p.Rules == Linux {
		return p.Charged(i) < p.Ends[i].SndBuf
	}
	return p.Charged(i)+p.cost(data) <= p.Ends[i].SndBuf
}

// cost is what a message is charged.
func (p *Pair) cost(data []byte) int {
	if p.Rules == POSIX {
		return max(1, len(data))
	}
	pages := 0
	if len(data) > 16064 {
		pages = min(roundUp(len(data)-16064, 4096), 17*4096)
	}
	return skb(len(data)-min(len(data), pages), pages)
}

// skb is the memory of a buffer with so many bytes in its head and so many in
// pages, as it was measured.
func skb(head, pages int) int {
	size := 512
	for size < roundUp(head, 64)+320 {
		size *= 2
	}
	return 256 + size + roundUp(pages, 4096)
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }
