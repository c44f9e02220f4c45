package replay

import (
	"encoding/binary"

	"sockpair/emu"
	"sockpair/strace"
)

// Pipes, and the calls that move data between descriptors.

func planPipe(a *attempt) {
	flags := 0
	if a.c.text.Name == "pipe2" {
		flags = a.num(1, openFlags)
	}
	v := a.arg(0)
	if a.settled() {
		return
	}
	if want, ok := vector(v); ok && a.succeeded() && !a.r.opts.Strict {
		a.r.fillUpTo(a, min(want[0], want[1]))
		a.r.fillBetween(a, min(want[0], want[1]), max(want[0], want[1]))
	}
	var fds *[2]int
	if !v.IsNull() && !(isAddress(v) && a.failedWith("EFAULT")) {
		fds = &a.vector
	}
	a.status(func(p Process) error { return p.Pipe2(fds, flags) })
	a.then(func() {
		x, y := new(description), new(description)
		x.peer, y.peer = y, x
		a.t.of.fds.set(a.vector[0], x)
		a.t.of.fds.set(a.vector[1], y)
	})
	a.makesTwo(0)
}

func planSplice(a *attempt) {
	in, out, ok := a.moves(0, 2)
	if !ok {
		return
	}
	inOff, outOff, n, flags := a.offset(1), a.offset(3), a.number(4), a.num(5, spliceFlags)
	a.between(in, out)
	a.count(func(p Process) (int, error) { return p.Splice(in.fd, inOff, out.fd, outOff, n, flags) })
}

func planTee(a *attempt) {
	in, out, ok := a.moves(0, 1)
	if !ok {
		return
	}
	n, flags := a.number(2), a.num(3, spliceFlags)
	a.between(in, out)
	a.count(func(p Process) (int, error) { return p.Tee(in.fd, out.fd, n, flags) })
}

func planSendfile(a *attempt) {
	in, out, ok := a.moves(1, 0)
	if !ok {
		return
	}
	offset, n := a.offset(2), a.number(3)
	a.between(in, out)
	a.count(func(p Process) (int, error) { return p.Sendfile(out.fd, in.fd, offset, n) })
}

// moves are the ends between which the call moves data. If one of them is not
// under test the call is not run: the machine does not know what comes of it.
func (a *attempt) moves(i, k int) (in, out copyEnd, ok bool) {
	end := func(i int) copyEnd {
		fd, ok := a.arg(i).Int()
		a.need(ok)
		e := copyEnd{int(int32(fd)), a.r.fdArg(a, i)}
		if e.d == nil && ok && a.succeeded() && a.recorded() > 0 { // opened by a call that the log does not have
			a.r.adopt(a.t, e.fd, Foreign)
			e.d = a.t.of.fds.fds[e.fd]
		}
		return e
	}
	in, out = end(i), end(k)
	foreign := func(e copyEnd) bool { return e.d != nil && !e.d.isPair() && e.d.epoll == nil }
	if foreign(in) || foreign(out) {
		a.r.outside(a)
		a.unrun = nil
		return in, out, false
	}
	return in, out, !a.settled()
}

// between declares what a call that moves data looks at and, if it is not
// run, changes.
func (a *attempt) between(in, out copyEnd) {
	a.fd, a.d = out.fd, out.d
	a.onPair = in.d.isSocket() || out.d.isSocket()
	a.sending = out.d.isPair()
	a.unrun = func() {
		if in.d.isPair() {
			in.d.skippedRecv()
		}
		if out.d.isPair() {
			out.d.skippedSend(out.d.peer)
		}
	}
	if in.d.isPair() && in.d.taint&(facetData|facetState) != 0 || out.d.isPair() && out.d.taint&(facetSpace|facetState) != 0 {
		a.verdict = Tainted
	}
	if in.d.isPair() && in.d.unknown && out.d.isPair() {
		out.d.peer.unsure()
	}
	a.mayKill()
}

// offset is argument i, a pointer to an offset: NULL, or [5], or what it was before [5 => 7].
func (a *attempt) offset(i int) *int64 {
	v := a.arg(i)
	if v.IsNull() || v.IsAbsent() {
		return nil
	}
	n := int64(0)
	if v.Unwrap().Kind == strace.Array {
		n, _ = v.Elem(0).In().Int()
	}
	return &n
}

// copiedPipe is copied for an end of a pipe: its bytes are taken out of it, or
// as many unknown ones put in. Where the buffers of what is put in begin and
// end is not known.
func (r *run) copiedPipe(a *attempt, e copyEnd, out bool, n int) {
	if out {
		e.d.taint |= facetSpace
		e.d.peer.unsure()
		flags, err := a.t.p.Fcntl(e.fd, emu.F_GETFL, 0)
		if err != nil {
			e.d.skippedSend(e.d.peer)
			return
		}
		_, _ = a.t.p.Fcntl(e.fd, emu.F_SETFL, flags|emu.O_NONBLOCK)
		sent, err := a.t.p.Write(e.fd, fill(n))
		_, _ = a.t.p.Fcntl(e.fd, emu.F_SETFL, flags)
		if err != nil || sent != n {
			e.d.skippedSend(e.d.peer)
		}
		return
	}
	var count [4]byte
	if _, err := a.t.p.Ioctl(e.fd, emu.FIONREAD, count[:]); err != nil || int(binary.LittleEndian.Uint32(count[:])) < n {
		e.d.skippedRecv()
		return
	}
	if got, err := a.t.p.Read(e.fd, make([]byte, n)); err != nil || got != n {
		e.d.skippedRecv()
	}
}
