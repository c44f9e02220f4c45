package replay

import (
	"encoding/binary"

	"sockpair/emu"
	"sockpair/strace"
)

// Files that are no sockets: counters (eventfd), timers (timerfd), processes
// (pidfd). They are under test as the ends of pairs are; the other end of each
// is itself: who reads it finds what was written to it.

// objectKind says what a description under test is, beside an end of a pair.
type objectKind uint8

const (
	noObject objectKind = iota
	counterObject
	timerObject
	pidfdObject
)

// newObject makes the description of a file that a call has made.
func newObject(kind objectKind) *description {
	d := &description{object: kind}
	d.peer = d
	return d
}

func (d *description) isObject() bool { return d.isPair() && d.object != noObject }

// opens is a call whose result is a new descriptor of an object.
func (a *attempt) opens(kind objectKind, f func(p Process) (int, error)) {
	if a.settled() {
		a.r.opened(a, a.c.text.Name)
		return
	}
	a.duplicates = true
	a.count(f)
	a.makes(func() (got, want []int) { return []int{a.ret}, []int{a.recorded()} })
	a.then(func() { a.t.of.fds.set(a.ret, newObject(kind)) })
}

func planEventfd(a *attempt) {
	initval, flags := a.number(0), 0
	if a.c.text.Name == "eventfd2" {
		flags = a.num(1, eventfdFlags)
	}
	a.opens(counterObject, func(p Process) (int, error) { return p.Eventfd(uint(uint32(initval)), flags) })
}

func planTimerfdCreate(a *attempt) {
	clock, flags := a.num(0, clockIDs), a.num(1, timerfdFlags)
	a.opens(timerObject, func(p Process) (int, error) { return p.TimerfdCreate(clock, flags) })
}

// planTimerfdSettime compares the old interval. How much time was left follows
// from a clock that the machine has not.
func planTimerfdSettime(a *attempt) {
	flags := a.num(1, timerFlags)
	to, ok := itimerSpec(a.arg(2))
	a.need(ok)
	var old *emu.ItimerSpec
	if !a.arg(3).IsNull() && !a.arg(3).IsAbsent() {
		old = new(emu.ItimerSpec)
	}
	a.looks(facetData, a.d.spoilt())
	a.status(func(p Process) error { return p.TimerfdSettime(a.fd, flags, to, old) })
	if old != nil {
		a.fillsTime(3, old)
	}
}

func planTimerfdGettime(a *attempt) {
	var now *emu.ItimerSpec
	if !a.arg(1).IsNull() {
		now = new(emu.ItimerSpec)
	}
	a.looks(facetData, nil)
	a.status(func(p Process) error { return p.TimerfdGettime(a.fd, now) })
	if now != nil {
		a.fillsTime(1, now)
	}
}

// spoilt is what a call means that should have changed the object.
func (d *description) spoilt() func() {
	return func() {
		if d != nil {
			d.taint |= facetData
		}
	}
}

// fillsTime registers a time that the call fills in. Whether any is left is
// compared only in a script that is complete.
func (a *attempt) fillsTime(arg int, got *emu.ItimerSpec) {
	a.fills(arg, func() bool {
		want, ok := itimerSpec(a.arg(arg))
		running := want != nil && want.Value != emu.Timespec{}
		return ok && want != nil && want.Interval == got.Interval && (!a.r.opts.Strict || running == (got.Value != emu.Timespec{}))
	}, func() strace.Value { return itimerValue(got) })
}

// itimerSpec is {it_interval={tv_sec=0, tv_nsec=0}, it_value={...}}; nil for
// NULL and for an address, which stands for memory that is bad.
func itimerSpec(v strace.Value) (*emu.ItimerSpec, bool) {
	if v.IsNull() || isAddress(v) {
		return nil, true
	}
	member := func(name string) (t emu.Timespec, ok bool) {
		f, has := v.Field(name)
		sec, ok1 := field(f, "tv_sec")
		nsec, ok2 := field(f, "tv_nsec")
		return emu.Timespec{Sec: sec, Nsec: nsec}, has && ok1 && ok2
	}
	interval, ok1 := member("it_interval")
	value, ok2 := member("it_value")
	return &emu.ItimerSpec{Interval: interval, Value: value}, ok1 && ok2
}

func itimerValue(t *emu.ItimerSpec) strace.Value {
	if t == nil {
		return strace.Null()
	}
	member := func(t emu.Timespec) strace.Value {
		return strace.StructOf(strace.F("tv_sec", strace.Int(t.Sec)), strace.F("tv_nsec", strace.Int(t.Nsec)))
	}
	return strace.StructOf(strace.F("it_interval", member(t.Interval)), strace.F("it_value", member(t.Value)))
}

// expires lets a timer expire n times because the log shows that it has: time
// stands still for the machine. A script that is complete says itself when.
func (a *attempt) expires(fd int, d *description, n uint64) {
	if d == nil || d.object != timerObject || a.r.opts.Strict || a.scripted() {
		return
	}
	_, _ = a.t.p.Ioctl(fd, emu.TFD_IOC_SET_TICKS, binary.LittleEndian.AppendUint64(nil, n))
	a.r.d.settle()
}

// expiresForRead is expires for a read that has brought the number.
func (a *attempt) expiresForRead(i int) {
	b, cut, ok := a.arg(i).Bytes()
	if !a.d.isObject() || !a.succeeded() || !ok || cut || len(b) != 8 {
		return
	}
	if n := binary.LittleEndian.Uint64(b); n > 0 {
		a.expires(a.fd, a.d, n)
	}
}

// expiresForPoll is expires for a poll that has found the timer ready, unless
// the machine's is.
func (a *attempt) expiresForPoll(fd int) {
	d := a.t.of.fds.fds[fd]
	if d == nil || d.object != timerObject || a.r.opts.Strict || a.scripted() {
		return
	}
	fds := []emu.PollFd{{Fd: fd, Events: emu.POLLIN}}
	if n, err := a.t.p.Poll(fds, 0); err == nil && n == 0 {
		a.expires(fd, d, 1)
	}
}

// planPositioned is a preadv, pwritev or their like with flags.
func planPositioned(a *attempt) {
	writes := a.c.text.Name[1] == 'w'
	var io iovec
	ok := false
	if count := int64(a.number(2)); writes {
		io, ok = a.r.s.memo.outVec(a.arg(1), count, true, a.done(), a.most())
	} else {
		io, ok = inVec(a.arg(1), count, true, a.efault())
	}
	a.badVector = !ok && a.efault()
	a.need(ok)
	offset, flags := int64(a.number(3)), 0
	if !a.arg(4).IsAbsent() {
		flags = a.num(4, rwFlags)
	}
	if writes {
		a.sends(io.cut)
	} else {
		a.receives()
		a.expiresForRead(1)
	}
	a.count(func(p Process) (int, error) {
		switch a.c.text.Name {
		case "preadv":
			return p.Preadv(a.fd, io.bufs, offset)
		case "preadv2":
			return p.Preadv2(a.fd, io.bufs, offset, flags)
		case "pwritev":
			return p.Pwritev(a.fd, io.bufs, offset)
		}
		return p.Pwritev2(a.fd, io.bufs, offset, flags)
	})
	if !writes {
		a.fillsVec(1, io.bufs)
	}
}

// planFstat compares the kind, the permissions and the size.
func planFstat(a *attempt) {
	st := new(emu.Stat)
	if a.arg(1).IsNull() || isAddress(a.arg(1)) && a.efault() {
		st = nil
	}
	a.status(func(p Process) error { return p.Fstat(a.fd, st) })
	a.fills(1, func() bool { return sameStat(a.arg(1), st) }, func() strace.Value { return statValue(st) })
}

func sameStat(v strace.Value, st *emu.Stat) bool {
	if v.IsNull() || isAddress(v) {
		return true
	}
	mode, has := v.Field("st_mode")
	if n, ok := statModes.number(mode); has && (!ok || uint32(n) != st.Mode) {
		return false
	}
	size, has := field(v, "st_size")
	return !has || size == st.Size
}

// words are the ints that memory holds.
func words(b []byte) (list []int) {
	for ; len(b) >= sizeofInt; b = b[sizeofInt:] {
		list = append(list, int(int32(binary.LittleEndian.Uint32(b))))
	}
	return list
}
