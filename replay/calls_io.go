package replay

import (
	"bytes"
	"math"

	"sockpair/emu"
	"sockpair/strace"
)

// read, write and their kin, on an end of a pair.

// done is how many bytes the recorded call moved, 0 if it failed.
func (a *attempt) done() int { return max(0, a.recorded()) }

// sends prepares a send of n bytes into the queue of the peer.
func (a *attempt) sends(cut bool) {
	a.sending = true
	a.looks(facetSpace|facetState, func() { a.d.skippedSend(a.target()) })
	if a.d.isPair() && cut {
		a.target().unsure()
	}
	a.mayKill()
}

// mayKill prepares for EPIPE. A process that the log does not show being made
// may have begun with SIGPIPE ignored, as those of shells and of Python's
// subprocess do; if EPIPE does not kill it, it has. One that is killed closes
// its descriptors not in the call but when the log says that the signal came,
// and others may use them in between.
func (a *attempt) mayKill() {
	of := a.t.of
	if a.r.opts.Strict || !a.failedWith("EPIPE") {
		return
	}
	switch dies := a.r.diesNext(a); {
	case dies == emu.SIGPIPE:
	case dies != 0 || !of.root || of.decided[emu.SIGPIPE]:
		return
	}
	_ = a.t.p.Sigaction(emu.SIGPIPE, &emu.SigAction{Disposition: emu.SIG_IGN}, nil)
	of.decided[emu.SIGPIPE] = true
}

// diesNext is the signal by which the process ends after the call, before it
// makes another; 0 if it does not.
func (r *run) diesNext(a *attempt) emu.Signal {
	for i := a.c.leave + 1; i < len(r.s.moments); i++ {
		mo := &r.s.moments[i]
		if mo.pid != a.c.pid {
			continue
		}
		switch mo.line.Kind {
		case strace.LineKilled:
			sig, _ := emu.ParseSignal(mo.line.Sig)
			return sig
		case strace.LineSignal:
			continue
		}
		return 0
	}
	return 0
}

// receives prepares a receive from the queue of this end.
func (a *attempt) receives() {
	a.receiving = true
	a.looks(facetData|facetState, func() { a.d.skippedRecv() })
}

// tolerant reports that bytes which the log does not show may come.
func (a *attempt) tolerant() bool { return a.d.isPair() && a.d.unknown }

// efault reports that the recorded call met bad memory.
func (a *attempt) efault() bool { return a.failedWith("EFAULT") }

// buffer is the memory that argument i shows and that a receive fills in, of
// as many bytes as argument i+1 says. In a script the buffer may be left out:
// read(3, 10).
func (a *attempt) buffer(i int) []byte {
	if a.arg(i+1).IsAbsent() && a.scripted() {
		a.c = withArg(a.c, i, strace.Str(nil, 0))
	}
	n := defaultRoom
	if !a.unseen(i + 1) {
		n = a.number(i + 1)
	}
	if n < 0 { // a length that no memory has
		a.skip(NotShown)
	}
	if a.want != nil && a.want.Known() {
		n = min(n, a.done()+spare)
	}
	b := in(a.arg(i), n, a.efault())
	a.fills(i, func() bool { return a.r.s.memo.sameBytes(a.arg(i), shownOf(b, a.ret), a.tolerant()) },
		func() strace.Value { return strace.Str(shownOf(b, a.ret), a.r.limit) })
	return b
}

// spare is how much more memory than a recorded call has used is set aside for
// it: a call on the machine that used more than that differs all the same.
const spare = 1 << 20

// most is how much of what a send has is looked at.
func (a *attempt) most() int {
	if a.want != nil && a.want.Known() && a.d.isPair() && a.d.typ == emu.SOCK_STREAM {
		return a.done() + spare
	}
	return math.MaxInt
}

// defaultRoom is the buffer of a receive of which the log shows none: of a
// recvmsg that failed, of a call that never returned. None was filled.
const defaultRoom = 1 << 16

// unseen reports that argument i is missing since the call never returned.
func (a *attempt) unseen(i int) bool {
	return a.arg(i).IsAbsent() && a.want != nil && !a.want.Known()
}

// withArg is the call with another argument put in front of number i.
func withArg(c *call, i int, v strace.Value) *call {
	text := *c.text
	text.Args = append(append(append([]strace.Item(nil), c.text.Args[:i]...), strace.Item{Value: v}), c.text.Args[i:]...)
	with := *c
	with.text = &text
	return &with
}

// shownOf is the bytes that a call has filled in, of which n came: with
// MSG_TRUNC there may have been more.
func shownOf(b []byte, n int) []byte { return b[:max(0, min(n, len(b)))] }

// data is the memory that argument i shows, of as many bytes as argument i+1 says.
func (a *attempt) data(i int) (b []byte, cut bool) {
	n := 0
	if a.arg(i+1).IsAbsent() && a.scripted() { // write(3, "x")
		b, cut, _ = a.arg(i).Bytes()
		return b, cut
	}
	n = a.number(i + 1)
	n = min(n, a.most())
	b, cut, ok := a.r.s.memo.out(a.arg(i), n, a.done())
	a.need(ok)
	a.sent = b
	return b, cut
}

func planRead(a *attempt) {
	b := a.buffer(1)
	a.receives()
	a.expiresForRead(1)
	a.count(func(p Process) (int, error) { return p.Read(a.fd, b) })
	a.mayComeInPieces(b, 0)
}

func planWrite(a *attempt) {
	b, cut := a.data(1)
	a.sends(cut)
	a.count(func(p Process) (int, error) { return p.Write(a.fd, b) })
}

func planReadv(a *attempt) {
	io, ok := iovec{bufs: [][]byte{make([]byte, defaultRoom)}}, true
	if !a.unseen(1) {
		io, ok = inVec(a.arg(1), int64(a.number(2)), true, a.efault())
	}
	a.badVector = !ok && a.efault()
	a.need(ok)
	a.receives()
	a.count(func(p Process) (int, error) { return p.Readv(a.fd, io.bufs) })
	a.fillsVec(1, io.bufs)
}

// fillsVec registers buffers that the call fills in.
func (a *attempt) fillsVec(arg int, bufs [][]byte) {
	a.fills(arg, func() bool { return a.r.s.memo.sameVec(a.arg(arg), bufs, a.ret, a.tolerant()) },
		func() strace.Value { return vecValue(bufs, a.ret, a.r.limit) })
}

func planWritev(a *attempt) {
	io, ok := a.r.s.memo.outVec(a.arg(1), int64(a.number(2)), true, a.done(), a.most())
	a.badVector = !ok && a.efault()
	a.need(ok)
	a.sends(io.cut)
	a.sent = bytes.Join(io.bufs, nil)
	a.count(func(p Process) (int, error) { return p.Writev(a.fd, io.bufs) })
}

func planPread(a *attempt) {
	b, offset := a.buffer(1), a.number(3)
	a.count(func(p Process) (int, error) { return p.Pread(a.fd, b, int64(offset)) })
}

func planPwrite(a *attempt) {
	b, _ := a.data(1)
	offset := a.number(3)
	a.count(func(p Process) (int, error) { return p.Pwrite(a.fd, b, int64(offset)) })
}

func planLseek(a *attempt) {
	offset, whence := a.number(1), a.num(2, whences)
	a.count(func(p Process) (int, error) {
		n, err := p.Lseek(a.fd, int64(offset), whence)
		return int(n), err
	})
}

func planFtruncate(a *attempt) {
	n := a.number(1)
	a.status(func(p Process) error { return p.Ftruncate(a.fd, int64(n)) })
}

func planFsync(a *attempt) {
	a.status(func(p Process) error { return p.Fsync(a.fd) })
}

func planShutdown(a *attempt) {
	how := a.num(1, shutdowns)
	a.status(func(p Process) error { return p.Shutdown(a.fd, how) })
}

// mayComeInPieces prepares a receive from a stream into which another task
// was sending: the kernel's reader may get what its reading makes room for, or
// return before all that was sent is queued; the machine's gets what is there.
// In pieces it is made to get as many bytes as recorded.
func (a *attempt) mayComeInPieces(b []byte, flags int) {
	if !a.d.isPair() || a.d.typ != emu.SOCK_STREAM || flags&emu.MSG_PEEK != 0 || a.do == nil {
		return
	}
	a.inPieces = func(p Process) {
		want := min(len(b), a.done())
		for n := 0; a.ret < want; a.ret += n {
			if n, a.err = p.Recvfrom(a.fd, b[a.ret:want], flags, nil, nil); a.err != nil || n == 0 {
				break
			}
			flags |= emu.MSG_DONTWAIT
		}
		if a.ret > 0 {
			a.err = nil
		}
	}
}
