package replay

import (
	"slices"
	"time"

	"sockpair/emu"
	"sockpair/strace"
)

// select and epoll. As with poll the machine is asked about ends of pairs, and
// instances of epoll; what is not under test is ready when the log says so.

// ReadyProcess is a Process that has select and epoll. On a machine whose
// processes have not, calls of these are skipped.
type ReadyProcess interface {
	Pselect(nfds int, read, write, except *emu.FdSet, timeout *time.Duration, mask *emu.Sigset) (int, error)
	EpollCreate1(flags int) (int, error)
	EpollCtl(epfd, op, fd int, event *emu.EpollEvent) error
	EpollPwait2(epfd int, events []emu.EpollEvent, timeout *time.Duration, mask *emu.Sigset) (int, error)
}

// ready is the task's process as one that has select and epoll.
func (a *attempt) ready(why Reason) ReadyProcess {
	p, ok := a.t.p.(ReadyProcess)
	if !ok {
		a.skip(why)
	}
	return p
}

// selection is one select in progress: what it asks, and what the log says
// is the answer, of reading, writing and exceptional conditions.
type selection struct {
	nfds       int
	asked, got [3]*emu.FdSet
	want       [3]emu.FdSet
	others     bool // it also asks about what is not under test
	pairs      bool
	found      bool // the log shows that one of the pairs was ready
}

var selectLabels = [3]string{"in", "out", "except"}

func planSelect(a *attempt) {
	timeout, ok := timespec(a.arg(4))
	if sec, has := field(a.arg(4).In(), "tv_sec"); has { // select has a timeval
		if usec, has := field(a.arg(4).In(), "tv_usec"); has {
			d := time.Duration(min(sec, 1<<33))*time.Second + time.Duration(usec)*time.Microsecond
			timeout, ok = &d, true
		}
	}
	a.need(ok)
	a.selects(timeout, nil)
}

func planPselect(a *attempt) {
	timeout, ok := timespec(a.arg(4))
	a.need(ok)
	mask, ok := maskOf(a.arg(5))
	a.need(ok)
	a.selects(timeout, mask)
}

// maskOf is the signal mask of pselect6, {sigmask=[INT], sigsetsize=8}, or a
// plain one; nil for none.
func maskOf(v strace.Value) (*emu.Sigset, bool) {
	if v.IsAbsent() || v.IsNull() {
		return nil, true
	}
	if inner, has := v.Field("sigmask"); has {
		return maskOf(inner)
	}
	if inner, has := v.Field("ss"); has {
		return maskOf(inner)
	}
	set, ok := sigset(v)
	set &^= reserved
	return &set, ok
}

// selects plans a select.
func (a *attempt) selects(timeout *time.Duration, mask *emu.Sigset) {
	p := a.ready(Select)
	nfds := a.number(0)
	s := &selection{nfds: nfds}
	for i := range s.asked {
		a.need(s.read(a, i, a.arg(1+i)))
	}
	if a.settled() {
		return
	}
	if s.others && !s.pairs {
		a.skip(Foreign)
		return
	}
	if s.others && a.succeeded() && a.recorded() > 0 && !s.found {
		timeout = new(time.Duration) // ended by what is not under test
	}
	a.count(func(Process) (int, error) {
		for i, set := range s.asked {
			if set != nil {
				copied := *set
				s.got[i] = &copied
			}
		}
		return p.Pselect(nfds, s.got[0], s.got[1], s.got[2], timeout, mask)
	})
	a.same = func(int) bool { return s.same() }
	a.raced = func() []raceBits { return s.differs(a) }
	a.note = func() string { return s.note(a.ret) }
}

// read takes one set, and what the result says of it.
func (s *selection) read(a *attempt, i int, v strace.Value) bool {
	if v.IsNull() {
		return true
	}
	if v.Unwrap().Kind != strace.Array {
		return false
	}
	s.asked[i] = new(emu.FdSet)
	var ready strace.Value
	if a.want != nil {
		ready, _ = a.want.Detail(selectLabels[i])
	}
	for _, e := range v.Elems() {
		fd, ok := e.Int()
		if !ok {
			return false
		}
		if int(fd) >= s.bound() { // nobody looks at it
			s.asked[i].Set(int(fd))
			continue
		}
		d := a.t.of.fds.fds[int(fd)]
		if d == nil && a.succeeded() {
			a.r.adopt(a.t, int(fd), Foreign)
			d = a.t.of.fds.fds[int(fd)]
		}
		if d != nil && !d.isPair() && d.epoll == nil {
			s.others = true
			continue
		}
		a.concerns(d)
		s.pairs = true
		s.asked[i].Set(int(fd))
		for _, r := range ready.Elems() {
			if n, ok := r.Int(); ok && n == fd {
				s.want[i].Set(int(fd))
				s.found = true
				a.expiresForPoll(int(fd))
			}
		}
	}
	return true
}

// concerns notes that a call asks whether d is ready.
func (a *attempt) concerns(d *description) {
	if !d.isPair() {
		return
	}
	a.asked = true
	if a.onPair = a.onPair || d.isSocket(); d.taint&(facetData|facetSpace|facetState) != 0 {
		a.verdict = Tainted
	}
}

func (s *selection) same() bool {
	for i := range s.got {
		for fd := range s.bound() {
			if s.got[i] != nil && s.got[i].IsSet(fd) != s.want[i].IsSet(fd) {
				return false
			}
		}
	}
	return true
}

// bound is how many descriptors the call was about: beyond them a set stays as
// it was given.
func (s *selection) bound() int { return max(0, min(s.nfds, 64*len(emu.FdSet{}))) }

// differs are the ends about which the answer differs.
func (s *selection) differs(a *attempt) (list []raceBits) {
	bits := [3]int{emu.POLLIN, emu.POLLOUT, emu.POLLPRI}
	for i, got := range s.got {
		for fd := range s.bound() {
			if got != nil && got.IsSet(fd) != s.want[i].IsSet(fd) {
				list = append(list, raceBits{a.t.of.fds.fds[fd], bits[i]})
			}
		}
	}
	return list
}

func (s *selection) note(n int) string {
	if n == 0 {
		return "Timeout"
	}
	text := ""
	for i, got := range s.got {
		var fds []strace.Value
		for fd := range s.bound() {
			if got.IsSet(fd) {
				fds = append(fds, strace.Int(fd))
			}
		}
		if len(fds) > 0 {
			if text != "" {
				text += ", "
			}
			text += strace.NoteOf(selectLabels[i], strace.SetOf(fds...))
		}
	}
	return text
}

// instance is an epoll instance, as far as the world must know it.
type instance struct {
	regs []registration
}

// registration is a description that is registered, and the program's datum.
type registration struct {
	fd   int
	d    *description
	data uint64
}

// foreignData reports whether an event with this datum tells of something
// that is not under test; sure is false where it may also tell of an end.
func (in *instance) foreignData(data uint64) (foreign, sure bool) {
	here := false
	for _, g := range in.regs {
		if g.data != data || g.d.refs == 0 {
			continue
		}
		if g.d.isPair() || g.d.epoll != nil {
			here = true
		} else {
			foreign = true
		}
	}
	return foreign, foreign != here
}

func (in *instance) has(match func(registration) bool) bool {
	return slices.ContainsFunc(in.regs, func(g registration) bool { return g.d.refs > 0 && match(g) })
}

// set follows a successful epoll_ctl.
func (in *instance) set(op, fd int, d *description, data uint64) {
	in.regs = slices.DeleteFunc(in.regs, func(g registration) bool { return g.fd == fd && g.d == d || g.d.refs == 0 })
	if op != emu.EPOLL_CTL_DEL {
		in.regs = append(in.regs, registration{fd, d, data})
	}
}

func planEpollCreate(a *attempt) {
	flags := 0
	if a.c.text.Name == "epoll_create" {
		if n := a.number(0); n <= 0 {
			a.skip(NotShown)
		}
	} else {
		flags = a.num(0, openFlags)
	}
	p := a.ready(Epoll)
	if a.settled() {
		a.r.opened(a, a.c.text.Name)
		return
	}
	a.count(func(Process) (int, error) { return p.EpollCreate1(flags) })
	a.makes(func() (got, want []int) { return []int{a.ret}, []int{a.recorded()} })
	a.then(func() { a.t.of.fds.set(a.ret, &description{reason: Foreign, epoll: &instance{}}) })
}

func planEpollCtl(a *attempt) {
	p := a.ready(Epoll)
	op, fd := a.num(1, epollOps), a.number(2)
	fd = int(int32(fd))
	d := a.t.of.fds.fds[fd]
	event, ok := epollEvent(a.arg(3))
	a.need(ok)
	a.onPair = d.isSocket()
	if a.d == nil || a.d.epoll == nil {
		if a.d != nil && !a.d.isPair() {
			a.skip(a.d.reason)
		}
	}
	if a.settled() {
		return
	}
	data := uint64(0)
	if event != nil {
		data = event.Data
	}
	if d != nil && !d.isPair() && d.epoll == nil || d == nil && a.succeeded() {
		if d == nil {
			a.r.adopt(a.t, fd, Foreign)
			d = a.t.of.fds.fds[fd]
		}
		a.skip(Foreign)
		if a.succeeded() && a.d != nil && a.d.epoll != nil && d != nil {
			a.d.epoll.set(op, fd, d, data)
		}
		return
	}
	a.status(func(Process) error { return p.EpollCtl(a.fd, op, fd, event) })
	a.then(func() {
		if a.d != nil && a.d.epoll != nil && d != nil {
			a.d.epoll.set(op, fd, d, data)
		}
	})
}

// epollEvent is {events=EPOLLIN, data={u32=4, u64=4}} or {events=EPOLLIN,
// data=0x4}; nil for NULL or, with EPOLL_CTL_DEL, for an address.
func epollEvent(v strace.Value) (*emu.EpollEvent, bool) {
	if v.IsNull() || v.IsAbsent() || isAddress(v) {
		return nil, true
	}
	e, _ := v.Field("events")
	events, ok := epollEvents.number(e)
	data, has := v.Field("data")
	if u64, isUnion := data.Field("u64"); isUnion {
		data = u64
	}
	n, isInt := data.Int()
	return &emu.EpollEvent{Events: uint32(events), Data: uint64(n)}, ok && has && isInt
}

func planEpollWait(a *attempt) {
	var timeout *time.Duration
	if n := int32(a.number(3)); n >= 0 {
		d := time.Duration(n) * time.Millisecond
		timeout = &d
	}
	mask, ok := maskOf(a.arg(4))
	a.need(ok)
	a.epollWaits(timeout, mask)
}

func planEpollPwait2(a *attempt) {
	timeout, ok := timespec(a.arg(3))
	a.need(ok)
	mask, ok := maskOf(a.arg(4))
	a.need(ok)
	a.epollWaits(timeout, mask)
}

// epollWaits plans a wait. What the log reports of ends must be what the
// machine reports, in any order; where it reports as many events as there was
// room for, there may have been more.
func (a *attempt) epollWaits(timeout *time.Duration, mask *emu.Sigset) {
	p := a.ready(Epoll)
	room := a.number(2)
	if a.settled() {
		return
	}
	if a.d == nil || a.d.epoll == nil {
		if a.d != nil && !a.d.isPair() {
			a.skip(a.d.reason)
			return
		}
		a.count(func(Process) (int, error) { return p.EpollPwait2(a.fd, make([]emu.EpollEvent, 1), timeout, mask) })
		return
	}
	in := a.d.epoll
	in.regs = slices.DeleteFunc(in.regs, func(g registration) bool { return g.d.refs == 0 })
	for _, g := range in.regs {
		a.concerns(g.d)
	}
	others := in.has(func(g registration) bool { return !g.d.isPair() && g.d.epoll == nil })
	want, foreign, sure := a.recordedReady(in)
	full := a.succeeded() && a.recorded() == room
	switch {
	case !sure:
		a.skip(Epoll)
		return
	case others && !a.asked && len(want) == 0 && !in.has(func(g registration) bool { return g.d.epoll != nil }):
		a.skip(Foreign)
		return
	case foreign > 0 && full && len(want) == 0:
		a.skip(Epoll) // there was no room for what the machine may report
		return
	case foreign > 0 && len(want) == 0:
		timeout = new(time.Duration)
	}
	if room <= 0 || room > maxEpollRoom {
		room = min(max(room, 0), maxEpollRoom)
	} else if full {
		room = len(want)
	}
	for _, g := range in.regs {
		if slices.ContainsFunc(want, func(e emu.EpollEvent) bool { return e.Data == g.data }) && a.t.of.fds.fds[g.fd] == g.d {
			a.expires(g.fd, g.d, 1) // also when it has been ready: an edge
		}
	}
	got := make([]emu.EpollEvent, room)
	a.count(func(Process) (int, error) { return p.EpollPwait2(a.fd, got, timeout, mask) })
	a.same = func(int) bool { return sameEvents(want, got[:max(0, a.ret)]) }
	a.full = full
	a.raced = func() []raceBits { return epollDiffers(in, want, got[:max(0, a.ret)]) }
	a.fills(1, func() bool { return true }, func() strace.Value { return epollEventsValue(got[:max(0, a.ret)]) })
}

// maxEpollRoom bounds the memory that one epoll_wait of a log can ask for.
const maxEpollRoom = 1 << 16

// recordedReady are the events that the log reports of ends, and how many of
// what is not under test.
func (a *attempt) recordedReady(in *instance) (want []emu.EpollEvent, foreign int, sure bool) {
	if !a.succeeded() || a.recorded() == 0 {
		return nil, 0, true
	}
	for _, e := range a.arg(1).Elems() {
		ev, ok := epollEvent(e)
		if !ok || ev == nil {
			return want, foreign, false
		}
		isForeign, isSure := in.foreignData(ev.Data)
		switch {
		case !isSure && isForeign:
			return want, foreign, false
		case isForeign:
			foreign++
		default:
			want = append(want, *ev)
		}
	}
	return want, foreign, len(want)+foreign == a.recorded()
}

func sameEvents(want, got []emu.EpollEvent) bool {
	if len(want) != len(got) {
		return false
	}
	left := slices.Clone(want)
	for _, e := range got {
		i := slices.Index(left, e)
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// epollDiffers are the ends about which the answer differs.
func epollDiffers(in *instance, want, got []emu.EpollEvent) (list []raceBits) {
	bits := func(list []emu.EpollEvent, data uint64) (b uint32) {
		for _, e := range list {
			if e.Data == data {
				b |= e.Events
			}
		}
		return b
	}
	for _, g := range in.regs {
		if b := bits(want, g.data) ^ bits(got, g.data); b != 0 {
			list = append(list, raceBits{g.d, int(b)})
		}
	}
	return list
}

func epollEventsValue(list []emu.EpollEvent) strace.Value {
	elems := make([]strace.Value, len(list))
	for i, e := range list {
		elems[i] = strace.StructOf(strace.F("events", epollEvents.flags(int(e.Events))),
			strace.F("data", strace.StructOf(strace.F("u32", strace.Int(uint32(e.Data))), strace.F("u64", strace.Int(e.Data)))))
	}
	return strace.ArrayOf(elems...)
}
