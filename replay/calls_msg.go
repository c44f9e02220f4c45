package replay

import (
	"bytes"

	"sockpair/emu"
	"sockpair/strace"
)

// send, recv and their kin.

func planSend(a *attempt) {
	b, cut := a.data(1)
	flags := a.sendFlags(3, cut)
	a.count(func(p Process) (int, error) { return p.Sendto(a.fd, b, flags, nil) })
}

// sendFlags declares a send whose flags are argument i. A script may leave
// them out.
func (a *attempt) sendFlags(i int, cut bool) int {
	if a.arg(i).IsAbsent() && a.scripted() {
		a.c = withArg(a.c, len(a.c.text.Args), strace.Int(0))
		i = len(a.c.text.Args) - 1
	}
	a.sends(cut)
	return a.num(i, messageFlags)
}

func planSendto(a *attempt) {
	b, cut := a.data(1)
	var to []byte
	if !a.arg(4).IsAbsent() {
		n, _ := a.arg(5).Int()
		name, ok := a.r.machineName(a.arg(4), int(n))
		a.need(ok)
		to = name
		a.sendsTo(to)
	}
	flags := a.sendFlags(3, cut)
	a.count(func(p Process) (int, error) { return p.Sendto(a.fd, b, flags, to) })
}

func planRecv(a *attempt) {
	b := a.buffer(1)
	flags := 0
	if !a.arg(3).IsAbsent() {
		flags = a.num(3, messageFlags)
	}
	a.receives()
	a.count(func(p Process) (int, error) { return p.Recvfrom(a.fd, b, flags, nil, nil) })
	a.mayComeInPieces(b, flags)
}

func planRecvfrom(a *attempt) {
	if a.arg(4).IsAbsent() || a.arg(4).IsNull() {
		planRecv(a)
		return
	}
	b, flags := a.buffer(1), a.num(3, messageFlags)
	room, hasLen := a.arg(5).Elem(0).In().Int()
	name := in(a.arg(4), 256, a.efault())
	namelen := new(int)
	if *namelen = int(int32(room)); !hasLen {
		namelen = nil
	}
	a.receives()
	a.count(func(p Process) (int, error) { return p.Recvfrom(a.fd, b, flags, name, namelen) })
	a.names(4, 5, name, namelen, facetPeer)
}

// names registers an address and its length, which the call fills in. unsure
// is the facet that makes the name uncertain.
func (a *attempt) names(addr, length int, name []byte, namelen *int, unsure facet) {
	if namelen == nil {
		return
	}
	a.fills(addr, func() bool {
		if a.d.isPair() && a.d.taint&unsure != 0 {
			a.partly = true
			return true
		}
		return a.sameName(a.arg(addr), name, *namelen)
	}, func() strace.Value {
		if *namelen == 0 {
			return strace.Value{}
		}
		return sockaddrValue(name[:min(*namelen, len(name))])
	})
	a.fills(length, func() bool {
		want, ok := a.arg(length).Elem(0).Out().Int()
		return a.partly || ok && int(want) == *namelen
	}, func() strace.Value {
		before := a.arg(length).Elem(0).In()
		if n, ok := before.Int(); ok && int(n) == *namelen || before.IsAbsent() {
			return strace.ArrayOf(strace.Int(*namelen))
		}
		return strace.ArrayOf(strace.InOut(before, strace.Int(*namelen)))
	})
}

// sameName compares an address that was filled in, as far as there was room.
func (a *attempt) sameName(v strace.Value, name []byte, n int) bool {
	if n == 0 || v.IsNull() || isAddress(v) {
		return true // nothing is shown
	}
	want, ok := sockaddr(v, max(2, min(n, len(name))))
	if !ok {
		return true
	}
	if n <= len(name) && isAutobound(want) && isAutobound(name[:n]) {
		return a.r.sameChosen(want, name[:n])
	}
	for i := range want {
		if i < n && want[i] != name[i] {
			return false
		}
	}
	return true
}

func planSendmsg(a *attempt) {
	control, _ := a.arg(1).Field("msg_control")
	a.standIns(control)
	m, cut, ok := a.outMsg(a.arg(1), a.done())
	if ok && m != nil {
		a.sendsTo(m.Name)
	}
	flags := a.sendFlags(2, cut)
	a.need(ok)
	if a.settled() {
		return
	}
	if m != nil {
		a.sent = bytes.Join(m.Iov, nil)
	}
	a.departs(control)
	a.count(func(p Process) (int, error) { return p.Sendmsg(a.fd, m, flags) })
}

// outMsg is the msghdr of a send; not ok: something in it is not shown.
func (a *attempt) outMsg(v strace.Value, done int) (m *emu.Msghdr, cut, ok bool) {
	if v.IsNull() || isAddress(v) {
		return nil, false, a.scripted() || a.failedWith("EFAULT", "EBADF", "ENOTSOCK", "EINVAL")
	}
	m = &emu.Msghdr{}
	if n, has := field(v, "msg_namelen"); has {
		m.Namelen = int(int32(n))
	}
	if name, has := v.Field("msg_name"); has && !name.IsNull() {
		if m.Name, ok = a.r.machineName(name, max(0, m.Namelen)); !ok {
			return m, false, false
		}
	}
	vec, _ := v.Field("msg_iov")
	count, hasCount := field(v, "msg_iovlen")
	io, ok1 := a.r.s.memo.outVec(vec, count, hasCount, done, a.most())
	m.Iov = io.bufs
	control, _ := v.Field("msg_control")
	n, _ := field(v, "msg_controllen")
	b, ok2 := a.r.controlBytes(control, int(n), a.efault())
	m.Control, m.Controllen = b, len(b)
	return m, io.cut, ok1 && ok2
}

func planSendmmsg(a *attempt) {
	var msgs []emu.Mmsghdr
	cut := false
	for i, e := range a.arg(1).Elems() {
		hdr, _ := e.Field("msg_hdr")
		n, _ := field(e, "msg_len")
		control, _ := hdr.Field("msg_control")
		if i < a.recorded() { // of those that were not sent, nothing was believed
			a.standIns(control)
		}
		m, isCut, ok := a.outMsg(hdr, int(n))
		if a.need(ok && m != nil); a.settled() {
			return
		}
		if len(msgs) < a.done() {
			a.sendsTo(m.Name)
		}
		cut = cut || isCut
		a.departs(control)
		msgs = append(msgs, emu.Mmsghdr{Msghdr: *m})
	}
	shown := len(msgs)
	for len(msgs) > 0 && len(msgs) < a.number(2) && shown >= emu.IOV_MAX && len(msgs) <= emu.IOV_MAX {
		msgs = append(msgs, emu.Mmsghdr{}) // more than are sent, or shown
	}
	a.need(a.number(2) == shown || len(msgs) > emu.IOV_MAX)
	flags := a.sendFlags(3, cut)
	a.count(func(p Process) (int, error) { return p.Sendmmsg(a.fd, msgs, flags) })
	a.fills(1, func() bool { return a.sameLengths(msgs) }, func() strace.Value {
		shown := make([]strace.Value, len(msgs))
		for i := range msgs {
			hdr, _ := a.arg(1).Elem(i).Field("msg_hdr")
			members := []strace.Item{strace.F("msg_hdr", hdr)}
			if i < a.ret {
				members = append(members, strace.F("msg_len", strace.Int(msgs[i].Len)))
			}
			shown[i] = strace.StructOf(members...)
		}
		return strace.ArrayOf(shown...)
	})
}

// sameLengths compares the msg_len of the messages that went or came.
func (a *attempt) sameLengths(msgs []emu.Mmsghdr) bool {
	for i, e := range a.arg(1).Elems() {
		if i >= a.ret || i >= len(msgs) {
			break
		}
		if n, shown := field(e, "msg_len"); shown && int(n) != msgs[i].Len {
			return false
		}
	}
	return true
}
