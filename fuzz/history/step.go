package history

import (
	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/model"
)

// moment is one of the moments of a call.
type moment int

// The moments, in their order. nap is when a sleeper is asked.
const (
	look moment = iota
	lookOther
	act
	reserve
	install
	drop
	nap
)

func (m moment) String() string {
	return [...]string{"look", "look at the second", "act", "reserve", "install", "drop", "sleeps"}[m]
}

// moments are those of a call with that result.
func (c *Record) moments() []moment {
	switch {
	case c.Got.Err == errno.EBADF:
		return []moment{look}
	case c.Kind == Close:
		return []moment{look, drop}
	case c.Kind == Dup && c.Got.Err == 0:
		return []moment{look, act, install, drop}
	case c.Kind == RecvRights && c.Got.Fd >= 0:
		return []moment{look, act, reserve, install, drop}
	case c.Kind == SendRights:
		return []moment{look, lookOther, act, drop}
	}
	return []moment{look, act, drop}
}

// step does a moment of a call on s, which it may leave in any state when it
// says that the call cannot have had this moment now with this result.
func (s *state) step(c *Record, m moment) (possible bool) {
	switch m {
	case look:
		return s.look(c)
	case lookOther:
		return s.lookOther(c)
	}
	h := s.hold(c)
	if h == nil || h.end == none || m <= h.done || c.Kind == SendRights && h.done < act && h.also == none {
		return false
	}
	if m == nap {
		return h.done < act && s.mustWait(c, h)
	}
	h.done = m
	switch m {
	case act:
		return s.act(c, h)
	case reserve:
		return s.lowest() == c.Got.Fd
	case install:
		return s.install(c, h)
	}
	s.drop(c)
	return true
}

// look finds the description of the call's number; close takes the number away.
func (s *state) look(c *Record) bool {
	end := s.at(c.Fd)
	bad := end == none || c.Kind == SendRights && s.at(c.Other) == none
	if c.Got.Err == errno.EBADF {
		return bad
	}
	if end == none {
		return false
	}
	if c.Kind == Close {
		s.table[c.Fd] = free
	}
	if h := s.hold(c); h != nil {
		h.end = end
		return true
	}
	s.keep(held{call: c, end: end, also: none})
	return true
}

// lookOther finds the description that is passed, before the socket's or after it.
func (s *state) lookOther(c *Record) bool {
	end := s.at(c.Other)
	if end == none {
		return false
	}
	if h := s.hold(c); h != nil {
		h.also = end
		return true
	}
	s.keep(held{call: c, end: none, also: end})
	return true
}

// act does what the call is for, and says whether its result is the model's.
func (s *state) act(c *Record, h *held) bool {
	if c.Got.Err == errno.EINTR {
		return c.blocks() && c.Signalled
	}
	want := Result{Fd: none}
	switch c.Kind {
	case Send, SendRights:
		return s.send(c, h)
	case Recv, RecvRights:
		return s.recv(c, h)
	case Shutdown:
		want.Err = s.pair.Shutdown(h.end, c.How)
	case Dup:
		want.Fd = s.lowest()
		want.N = want.Fd
	case Dup2:
		return s.dup2(c, h)
	case SoError:
		e := &s.pair.Ends[h.end]
		want.N, e.Pending = int(e.Pending), 0
	case Unread:
		want.N = s.pair.Unread(h.end)
	case Charged:
		want.N = s.pair.Charged(h.end)
	case Poll:
		want.N = s.pair.Poll(h.end)
	}
	return c.Got == want
}

// install opens the number that act has reserved.
func (s *state) install(c *Record, h *held) bool {
	end := h.end
	if c.Kind == RecvRights {
		end = h.also
	}
	s.table[c.Got.Fd] = openEnd + slot(end)
	return true
}

// dup2: what the number was is held until the call is over; a number that is
// being opened is EBUSY.
func (s *state) dup2(c *Record, h *held) bool {
	want := Result{N: c.Other, Fd: none}
	switch to := &s.table[c.Other]; {
	case c.Fd == c.Other:
	case *to == reserved:
		want = Result{N: -1, Err: errno.EBUSY, Fd: none}
	default:
		h.also = to.end()
		*to = openEnd + slot(h.end)
	}
	return c.Got == want
}

// send: a call that blocks has no act while it would have to wait. One that
// has waited on a stream meets the pending error before it looks whether the
// stream is broken; others find EPIPE then, so the result tells which it was.
// Linux net/unix/af_unix.c unix_stream_sendmsg, net/core/sock.c sock_alloc_send_pskb.
func (s *state) send(c *Record, h *held) bool {
	me := &s.pair.Ends[h.end]
	if c.blocks() && s.pair.Type == model.Stream && c.Got.Err != 0 && c.Got.Err != errno.EPIPE {
		err := me.Pending
		me.Pending = 0
		return c.Got == Result{N: -1, Err: err, Fd: none}
	}
	var rights []int
	if c.Kind == SendRights {
		rights = []int{h.also}
	}
	n, err := s.pair.SendRights(h.end, c.Data, 0, rights)
	if err == errno.EAGAIN && c.blocks() {
		return false
	}
	return c.Got == Result{N: n, Err: err, Fd: none}
}

// recv: the same, with the number of a descriptor left to install.
func (s *state) recv(c *Record, h *held) bool {
	r := s.receive(c, h)
	if r.Err == errno.EAGAIN && c.blocks() {
		return false
	}
	want := Result{N: r.N, Err: r.Err, Data: string(r.Data), Fd: none}
	if c.Kind == RecvRights {
		want.Flags = r.Flags
		if len(r.Rights) > 0 {
			h.also, want.Fd = r.Rights[0], c.Got.Fd
			if c.Got.Fd == none {
				return false
			}
		}
	}
	return c.Got == want
}

// receive is the model's receive, and on SOCK_DGRAM what it leaves out: one
// that waits sees the own SHUT_RD.
func (s *state) receive(c *Record, h *held) model.Received {
	r := s.pair.Recv(h.end, c.Room, c.Flags&(emu.MSG_PEEK|emu.MSG_TRUNC))
	if r.Err == errno.EAGAIN && c.blocks() && s.pair.Ends[h.end].NoRecv {
		return model.Received{}
	}
	return r
}

// mustWait: a sleeper has a reason. A sender is woken when three quarters of
// the buffer are free (unix_writable), so it may sleep until then.
func (s *state) mustWait(c *Record, h *held) bool {
	me := &s.pair.Ends[h.end]
	broken := me.Pending != 0 && s.pair.Type != model.Dgram
	switch c.Kind {
	case Send, SendRights:
		return !broken && !me.NoSend && s.pair.Poll(h.end)&model.Out == 0
	}
	return !broken && !me.NoRecv && len(me.Queue) == 0
}
