package emu

import (
	"sockpair/buffer"
	"sockpair/errno"
)

// Between a pipe and a socket. The pipe is kept for the whole of it, also
// while the socket makes the call wait (pipe_wait.go).

// spliceMost is how many buffers go into one send.
const spliceMost = 16

// toSocket sends what is in a pipe until length bytes have gone, the pipe is
// empty, or the socket takes no more.
// Linux fs/splice.c splice_to_socket.
func (c *spliceCall) toSocket(from *pipeEnd, e *end) (total int, err errno.Errno) {
	pp := from.pipe
	pp.mu.Lock()
	defer pp.unlock()
	c.hold(pp)
	freed := false
	for total < c.len {
		if pp.empty() {
			if total > 0 || !pp.out.open {
				break
			}
			if c.nowait {
				return -1, errno.EAGAIN
			}
			if err := c.wait(from, &from.all, false); err != 0 {
				return -1, err
			}
			continue
		}
		pieces := pp.pieces(c.len - total)
		pp.lend()
		n, e := c.send(e, pieces)
		pp.giveBack()
		if err = e; n <= 0 {
			break
		}
		total += n
		for n > 0 {
			k := min(n, len(pp.bufs[0].b))
			n -= k
			freed = pp.take(k) || freed
		}
	}
	if freed {
		pp.out.wake(spaceFreed)
		pp.out.async()
	}
	if total == 0 && err != 0 {
		return -1, err
	}
	return total, 0
}

// pieces are the first n bytes of the pipe, of spliceMost buffers at most.
func (pp *pipe) pieces(n int) (list []pipeBuffer) {
	for _, x := range pp.bufs[:min(len(pp.bufs), spliceMost)] {
		if n == 0 {
			break
		}
		x.b = x.b[:min(n, len(x.b))]
		n -= len(x.b)
		list = append(list, x)
	}
	return list
}

// send sends pieces as one piece of a stream, or one message.
func (c *spliceCall) send(e *end, pieces []pipeBuffer) (int, errno.Errno) {
	bufs := make([][]byte, len(pieces))
	for i, x := range pieces {
		bufs[i] = x.b
	}
	call := sendFromVec(-1, bufs, 0)
	defer call.free()
	call.pages = pieces
	e.lock.Lock()
	return c.p.sendLocked(e, call, nil)
}

// toPipe is Splice and Sendfile from what is no pipe into one.
// EPIPE; EAGAIN; EINTR; EINVAL: it is no socket; then as a receive.
// Linux fs/splice.c splice_file_to_pipe.
func (c *spliceCall) toPipe(to *pipeEnd) (n int, err errno.Errno) {
	pp := to.pipe
	pp.mu.Lock()
	defer pp.unlock()
	if err := c.waitRoom(to); err != 0 {
		return -1, err
	}
	switch {
	case c.len == 0:
		return 0, 0
	case c.in.end == nil:
		return -1, errno.EINVAL
	}
	room := pp.max - len(pp.bufs)
	pp.lend()
	got, n, err := c.receive(c.in.end, room)
	pp.giveBack()
	pp.bufs = append(pp.bufs, got...)
	if n > 0 {
		pp.in.wake(dataArrived)
		pp.in.async()
	}
	return n, err
}

// receive receives what fits into so many buffers.
func (c *spliceCall) receive(e *end, room int) (got []pipeBuffer, n int, err errno.Errno) {
	length := min(c.len, room*pipePage)
	if e.typ != SOCK_STREAM {
		b := make([]byte, length)
		call := recvInto(-1, b, 0) // waits whatever the flags say: copy_splice_read knows O_NONBLOCK alone
		e.lock.Lock()
		n, err = c.p.recvLocked(e, call)
		call.free()
		for b = b[:max(0, n)]; len(b) > 0; b = b[min(len(b), pipePage):] {
			got = append(got, pipeBuffer{b: b[:min(len(b), pipePage)]})
		}
		return got, n, err
	}
	call := recvIntoVec(-1, nil, 0)
	defer call.free()
	call.want, call.good, call.nonblock, call.pages = length, length, c.nowait, &pageSink{room: room}
	e.lock.Lock()
	n, err = c.p.recvLocked(e, call)
	return call.pages.got, n, err
}

// pageSink is where a receive puts pages that go to a pipe.
type pageSink struct {
	room int // buffers
	got  []pipeBuffer
}

// mostPages is how many pages a segment has (MAX_SKB_FRAGS).
const mostPages = 17

// accept takes the next n bytes of segment i, or as many as there are buffers
// for, and returns how many. Each page of the segment makes a buffer.
// Linux net/core/skbuff.c skb_splice_bits, fs/splice.c splice_to_pipe.
func (s *pageSink) accept(e *end, i, n int) (total int) {
	seg := e.in.At(i)
	skip := seg.Len - seg.Left
	for _, size := range e.pagesOf(i) {
		if skip >= size {
			skip -= size
			continue
		}
		k := min(size-skip, n-total)
		if k == 0 || s.room == 0 {
			break
		}
		b := make([]byte, k)
		dst := buffer.One(b)
		e.in.Copy(i, total, k, &dst)
		s.got = append(s.got, pipeBuffer{b: b, at: skip})
		s.room--
		total += k
		skip = 0
	}
	return total
}

// spliceStream is recvStream into a pipe.
func (e *end) spliceStream(c *recvCall, n int) (over bool) {
	seg := e.in.At(0)
	got := c.pages.accept(e, 0, n)
	if got == 0 {
		return true // no buffer is left
	}
	c.moved += got
	rights := (seg.HasValue || e.pass != 0) && e.collect(c, 0)
	e.in.Discard(0, got)
	e.taken(seg, got)
	return rights || got < seg.Left || c.moved == c.want
}

// pagesOf are the sizes of the parts that the bytes of segment i lie in.
func (e *end) pagesOf(i int) []int {
	if a, ok := e.in.Value(i).(*ancillary); ok && a.pages != nil {
		return a.pages
	}
	return e.rules().Charging.Parts(e.in.At(i).Len)
}

// pagesFor is how many bytes of a spliced send a segment takes from byte at on,
// and the sizes of the pages that it then has.
// Linux net/core/skbuff.c skb_splice_from_iter.
func pagesFor(pieces []pipeBuffer, at int) (n int, sizes []int) {
	for _, x := range pieces {
		if at >= len(x.b) {
			at -= len(x.b)
			continue
		}
		left, from := len(x.b)-at, x.at+at
		at = 0
		for left > 0 {
			if len(sizes) == mostPages {
				return n, sizes
			}
			k := min(left, pipePage-from%pipePage)
			sizes = append(sizes, k)
			n, left, from = n+k, left-k, from+k
		}
	}
	return n, sizes
}
