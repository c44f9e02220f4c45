package replay

import (
	"bytes"
	"encoding/binary"

	"sockpair/emu"
	"sockpair/strace"
)

// Options, names and polls.

func planSetsockopt(a *attempt) {
	level := a.num(1, socketLevels)
	name, ok := option(level, a.arg(2))
	a.need(ok)
	n := a.number(4)
	val, ok := optionValue(a.arg(3), n, a.efault())
	if !ok && a.failedWith("EINVAL", "ENOPROTOOPT", "EOPNOTSUPP") && n >= 0 && n < 16 { // too short for strace to show it
		val, ok = make([]byte, n), true
	}
	if a.settled() {
		return
	}
	if !ok {
		a.leavesUncertain(level, name)
		return
	}
	a.status(func(p Process) error { return p.Setsockopt(a.fd, level, name, val, n) })
	if level == emu.SOL_SOCKET && a.d.isPair() && len(val) >= 4 {
		v := int(int32(binary.LittleEndian.Uint32(val)))
		a.then(func() { a.d.optionSet(name, v) })
	}
}

// leavesUncertain is a setsockopt whose value is not shown.
func (a *attempt) leavesUncertain(level, name int) {
	a.skip(NotShown)
	if level != emu.SOL_SOCKET || !a.d.isPair() {
		return
	}
	a.unrun = func() {
		switch name {
		case emu.SO_SNDBUF, emu.SO_SNDBUFFORCE:
			a.d.taint |= facetSpace
		case emu.SO_ATTACH_FILTER, emu.SO_ATTACH_BPF:
			a.d.taint |= facetData
		}
	}
}

// optionSet notes the options that the machine stores and whose effect it has not.
func (d *description) optionSet(name, v int) {
	switch name {
	case emu.SO_PASSSEC, emu.SO_TIMESTAMP, emu.SO_TIMESTAMPNS, emu.SO_TIMESTAMPING, emu.SO_TIMESTAMP_NEW,
		emu.SO_TIMESTAMPNS_NEW, emu.SO_TIMESTAMPING_NEW, emu.SO_RXQ_OVFL:
		d.stamped = d.stamped || v != 0
	}
}

// optionValue is the memory of n bytes that holds an option's value.
func optionValue(v strace.Value, n int, bad bool) ([]byte, bool) {
	switch {
	case v.IsNull():
		return nil, true
	case isAddress(v) && bad:
		return emu.BadAddress(max(0, min(n, 64))), true
	}
	b, ok := intBytes(v)
	if !ok {
		// Of what is too short strace shows an address, or nothing.
		return make([]byte, max(0, min(n, 256))), n <= 0
	}
	if n > len(b) && n <= 256 {
		b = append(b, make([]byte, n-len(b))...)
	}
	return b, true
}

func planGetsockopt(a *attempt) {
	level := a.num(1, socketLevels)
	name, ok := option(level, a.arg(2))
	a.need(ok)
	room, hasLen := a.arg(4).Elem(0).In().Int()
	if a.arg(4).IsAbsent() && a.scripted() { // getsockopt(3, SOL_SOCKET, SO_TYPE)
		room, hasLen = 4, true
	}
	namelen := new(int)
	if *namelen = int(int32(room)); !hasLen {
		if namelen = nil; !a.arg(4).IsNull() && !isAddress(a.arg(4)) {
			a.skip(NotShown)
		}
	}
	val := in(a.arg(3), max(4, int(int32(room))), a.efault())
	looks := facet(0)
	switch {
	case level != emu.SOL_SOCKET:
	case name == emu.SO_ERROR:
		looks = facetState
	case name == emu.SO_MEMINFO:
		looks = facetSpace
	}
	a.looks(looks, func() { a.d.taint |= looks })
	a.status(func(p Process) error { return p.Getsockopt(a.fd, level, name, val, namelen) })
	if namelen == nil {
		return
	}
	if level == emu.SOL_SOCKET && name == emu.SO_PEERPIDFD {
		a.opensPidfd(val, namelen)
	}
	length := func() int { return max(0, min(*namelen, len(val))) }
	a.fills(3, func() bool { return a.sameOption(level, name, val[:length()]) },
		func() strace.Value { return optionShown(a.arg(3), name, val[:length()]) })
	a.fills(4, func() bool {
		want, ok := a.arg(4).Elem(0).Out().Int()
		return ok && int(want) == *namelen || level == emu.SOL_SOCKET && name == emu.SO_PEERGROUPS
	}, func() strace.Value { return strace.ArrayOf(strace.Int(*namelen)) })
}

// opensPidfd is a getsockopt whose value is a new descriptor. Where there was
// no room for the number it is the highest that has come.
func (a *attempt) opensPidfd(val []byte, length *int) {
	number := func() (fd int) {
		if *length == sizeofInt {
			return int(int32(binary.LittleEndian.Uint32(val)))
		}
		return -1
	}
	a.makes(func() (got, want []int) {
		fd, _ := a.arg(3).Elem(0).Int()
		return []int{number()}, []int{int(fd)}
	})
	a.then(func() {
		if fd := number(); fd >= 0 {
			a.t.of.fds.set(fd, pidfdOf(0))
			return
		}
		for _, fd := range a.t.p.Descriptors() {
			if a.t.of.fds.fds[fd] == nil {
				a.t.of.fds.set(fd, pidfdOf(0))
			}
		}
	})
}

// sameOption compares an option's value. See LeftOut for what is not.
func (a *attempt) sameOption(level, name int, got []byte) bool {
	v := a.arg(3)
	if level == emu.SOL_SOCKET {
		switch name {
		case emu.SO_COOKIE, emu.SO_NETNS_COOKIE, emu.SO_INCOMING_CPU, emu.SO_INCOMING_NAPI_ID, emu.SO_PEERGROUPS, emu.SO_PEERSEC:
			return true
		case emu.SO_PEERCRED:
			return a.sameCred(v, got)
		}
	}
	if isAddress(v) || v.IsNull() {
		return len(got) == 0
	}
	want, ok := intBytes(v)
	if !ok {
		return true
	}
	if v.Unwrap().Kind == strace.Array && len(want) == 4 && len(got) > 4 { // of what is longer than an int strace may show one
		got = got[:4]
	}
	if len(want) > len(got) && v.Unwrap().Kind != strace.String { // strace pads what was cut to an int
		return bytes.HasPrefix(want, got)
	}
	return bytes.Equal(want, got)
}

// sameCred compares {pid=1, uid=0, gid=0}: ids are mapped.
func (a *attempt) sameCred(v strace.Value, got []byte) bool {
	if len(got) < 12 {
		return true
	}
	pid, ok := field(v, "pid")
	uid, _ := field(v, "uid")
	gid, _ := field(v, "gid")
	if !ok {
		return true
	}
	mine, known := a.r.machinePid(int(pid))
	word := func(i int) int64 { return int64(int32(binary.LittleEndian.Uint32(got[i:]))) }
	if !known && a.r.opts.Strict {
		mine, known = int(pid), true
	}
	return (!known || int64(mine) == word(0)) && a.r.sameUser(uid, word(4)) && a.r.sameUser(gid, word(8))
}

// sameUser maps user and group ids, the first recorded to the first run; a
// script that is complete has those of its machine.
func (r *run) sameUser(recorded, got int64) bool {
	if recorded == got || r.opts.Strict {
		return recorded == got
	}
	mine, known := r.owners[recorded]
	if !known {
		r.owners[recorded] = got
		return true
	}
	return mine == got
}

// optionShown writes a value in the form that the log has it, or as an int.
func optionShown(form strace.Value, name int, val []byte) strace.Value {
	if form.Unwrap().Kind == strace.String || len(val)%4 != 0 || len(val) == 0 {
		return strace.Str(val, -1)
	}
	if name == emu.SO_PEERCRED && len(val) == 12 {
		word := func(i int) strace.Value { return strace.Int(int(int32(binary.LittleEndian.Uint32(val[i:])))) }
		return strace.StructOf(strace.F("pid", word(0)), strace.F("uid", word(4)), strace.F("gid", word(8)))
	}
	if name == emu.SO_LINGER && len(val) == 8 {
		word := func(i int) strace.Value { return strace.Int(int(int32(binary.LittleEndian.Uint32(val[i:])))) }
		return strace.StructOf(strace.F("l_onoff", word(0)), strace.F("l_linger", word(4)))
	}
	if len(val) != 4 {
		return strace.Str(val, -1)
	}
	return strace.ArrayOf(strace.Int(int(int32(binary.LittleEndian.Uint32(val)))))
}

func planGetsockname(a *attempt) {
	a.name(facetName, func(p Process, name []byte, n *int) error { return p.Getsockname(a.fd, name, n) })
}

func planGetpeername(a *attempt) {
	a.name(facetPeer|facetState, func(p Process, name []byte, n *int) error { return p.Getpeername(a.fd, name, n) })
}

func (a *attempt) name(looks facet, f func(Process, []byte, *int) error) {
	room, hasLen := a.arg(2).Elem(0).In().Int()
	if a.arg(2).IsAbsent() && a.scripted() { // getsockname(3)
		room, hasLen = 110, true
	}
	namelen := new(int)
	if *namelen = int(int32(room)); !hasLen {
		namelen = nil
	}
	addr := in(a.arg(1), 256, a.efault())
	if a.arg(1).IsNull() {
		addr = nil
	}
	a.looks(looks, nil)
	a.status(func(p Process) error { return f(p, addr, namelen) })
	a.names(1, 2, addr, namelen, looks&^facetState)
}

func planPoll(a *attempt) {
	timeout := a.number(2)
	a.polls(func(p Process, fds []emu.PollFd, now bool) (int, error) {
		if now {
			return p.Poll(fds, 0)
		}
		return p.Poll(fds, int(int32(timeout)))
	})
}

func planPpoll(a *attempt) {
	timeout, ok := timespec(a.arg(2))
	a.need(ok)
	var mask *emu.Sigset
	if !a.arg(3).IsAbsent() && !a.arg(3).IsNull() {
		set, ok := sigset(a.arg(3))
		a.need(ok)
		set &^= reserved
		mask = &set
	}
	a.polls(func(p Process, fds []emu.PollFd, now bool) (int, error) {
		if now {
			return p.Poll(fds, 0)
		}
		return p.Ppoll(fds, timeout, mask)
	})
}

// polls is a poll of which the ends of pairs are asked, and nothing else: what
// is not under test is ready when the log says so. If the recorded poll was
// ended by such alone, the machine's must find nothing ready without waiting.
func (a *attempt) polls(f func(p Process, fds []emu.PollFd, now bool) (int, error)) {
	n := a.number(1)
	all, ok := pollfds(a.arg(0), n)
	a.need(ok)
	if a.settled() {
		return
	}
	fds := make([]emu.PollFd, len(all))
	others, pairs := false, false
	for i, p := range all {
		fds[i] = p
		switch d := a.t.of.fds.fds[p.Fd]; {
		case d.isPair():
			pairs = true
			if a.onPair = a.onPair || d.isSocket(); d.taint&(facetData|facetSpace|facetState) != 0 {
				a.verdict = Tainted
			}
		case d != nil:
			others = true
			fds[i].Fd = -1
		case p.Fd >= 0 && !a.scripted() && a.provesOpenIn(p.Fd):
			a.r.adopt(a.t, p.Fd, Foreign)
			others = true
			fds[i].Fd = -1
		}
	}
	if others && !pairs {
		a.skip(Foreign)
		return
	}
	want, found := a.recordedEvents(all)
	if a.succeeded() && a.recorded() > 0 && !found {
		a.skip(NotShown)
		return
	}
	for i, bits := range want {
		if bits&emu.POLLIN != 0 {
			a.expiresForPoll(fds[i].Fd)
		}
	}
	now := others && a.succeeded() && a.recorded() > 0 && !a.readyPair(want, fds)
	a.count(func(p Process) (int, error) { return f(p, fds, now) })
	a.same = func(int) bool { return samePoll(want[:min(a.listed, len(want))], fds) || a.samePollTwice(fds) }
	a.raced = func() (differs []raceBits) {
		for i := range fds {
			if bits := int(uint16(fds[i].Revents ^ want[i])); fds[i].Fd >= 0 && bits != 0 {
				differs = append(differs, raceBits{a.t.of.fds.fds[fds[i].Fd], bits})
			}
		}
		return differs
	}
	a.note = func() string {
		if a.ret == 0 {
			return "Timeout"
		}
		return revents(fds).String()
	}
}

// samePollTwice is for polls that name a descriptor twice: the log does not say
// which of the entries is meant.
func (a *attempt) samePollTwice(fds []emu.PollFd) bool {
	v, ok := a.want.Detail("")
	return ok && !v.Abbreviated() && v.String() == revents(fds).String()
}

// provesOpenIn reports that the recorded poll found fd open.
func (a *attempt) provesOpenIn(fd int) bool {
	if !a.succeeded() {
		return false
	}
	v, _ := a.want.Detail("")
	for _, e := range v.Elems() {
		if n, ok := field(e, "fd"); ok && int(n) == fd {
			f, _ := e.Field("revents")
			bits, ok := pollEvents.number(f)
			return ok && bits&emu.POLLNVAL == 0
		}
	}
	return true
}

// recordedEvents are the revents of a recorded poll, for each entry.
func (a *attempt) recordedEvents(fds []emu.PollFd) (want []int16, found bool) {
	want = make([]int16, len(fds))
	if a.want == nil {
		return want, false
	}
	v, ok := a.want.Detail("")
	if !ok {
		return want, a.recorded() == 0
	}
	i := 0
	if v.Abbreviated() { // strace shows no more than so many
		a.listed = 0
	}
	for _, e := range v.Elems() { // in the order of the entries
		fd, _ := field(e, "fd")
		f, _ := e.Field("revents")
		bits, ok := pollEvents.number(f)
		for i < len(fds) && fds[i].Fd != int(fd) {
			i++
		}
		if !ok || i == len(fds) {
			return want, false
		}
		want[i] = int16(bits)
		i++
		if v.Abbreviated() {
			a.listed = i
		}
	}
	return want, true
}

// readyPair reports whether one of the entries that are asked was ready.
func (a *attempt) readyPair(want []int16, fds []emu.PollFd) bool {
	for i := range fds {
		if fds[i].Fd >= 0 && want[i] != 0 {
			return true
		}
	}
	return false
}

// samePoll compares what was asked.
func samePoll(want []int16, fds []emu.PollFd) bool {
	for i := range want {
		if fds[i].Fd >= 0 && fds[i].Revents != want[i] {
			return false
		}
	}
	return true
}
