package replay

import (
	"time"

	"sockpair/emu"
	"sockpair/strace"
)

// recvmsg and recvmmsg.

func planRecvmsg(a *attempt) {
	flags := 0
	if !a.unseen(2) {
		flags = a.num(2, messageFlags)
	}
	m, ok := a.inMsg(a.arg(1))
	a.need(ok)
	a.receives()
	if a.settled() || a.verdict == Tainted {
		a.leftDescriptors(a.arg(1))
	}
	a.count(func(p Process) (int, error) { return p.Recvmsg(a.fd, m, flags) })
	if m == nil {
		return
	}
	control, _ := a.arg(1).Field("msg_control")
	a.then(func() {
		if a.d.isPair() {
			a.arrivals(m, control, flags)
		}
	})
	a.makes(func() (got, want []int) {
		return append(came(m), camePidfds(m)...), append(rights(control), pidfds(control)...)
	})
	a.fills(1, func() bool { return a.sameMsg(a.arg(1), m, a.ret) },
		func() strace.Value { return a.msgValue(a.arg(1), m, a.ret) })
}

// leftDescriptors takes the numbers of descriptors that came by a call that is not run.
func (a *attempt) leftDescriptors(msg strace.Value) {
	control, _ := msg.Field("msg_control")
	if !a.succeeded() {
		return
	}
	for _, fd := range rights(control) {
		a.r.adopt(a.t, fd, Received)
	}
}

// inMsg is the msghdr of a receive.
func (a *attempt) inMsg(v strace.Value) (*emu.Msghdr, bool) {
	if v.IsNull() || isAddress(v) {
		return nil, a.scripted() || a.failedWith("EFAULT", "EBADF", "ENOTSOCK", "EINVAL")
	}
	m := &emu.Msghdr{Control: controlRoom(v)}
	m.Controllen = len(m.Control)
	if n, has := v.Field("msg_namelen"); has {
		room, _ := n.In().Int()
		m.Namelen = int(int32(room))
	}
	if name, has := v.Field("msg_name"); has && !name.IsNull() {
		m.Name = in(name, max(0, min(m.Namelen, 4096)), false)
	}
	vec, has := v.Field("msg_iov")
	if !has {
		m.Iov = [][]byte{make([]byte, defaultRoom)}
		// What fails before any buffer is looked at does not depend on them.
		return m, a.scripted() || !a.failedWith("EMSGSIZE", "EFAULT")
	}
	count, hasCount := field(v, "msg_iovlen")
	io, ok := inVec(vec, count, hasCount, a.efault())
	m.Iov = io.bufs
	return m, ok
}

// sameMsg compares a message that was received: data, address, control
// messages, flags. Where control messages of kinds may have come that the
// machine does not make, they and the flag that tells of cut ones are left out.
func (a *attempt) sameMsg(v strace.Value, m *emu.Msghdr, n int) bool {
	vec, _ := v.Field("msg_iov")
	if !a.r.s.memo.sameVec(vec, m.Iov, n, a.tolerant()) {
		return false
	}
	if name, has := v.Field("msg_name"); has && !name.IsNull() {
		length, _ := v.Field("msg_namelen")
		want, ok := length.Out().Int()
		if a.d.isPair() && a.d.taint&facetPeer != 0 {
			a.partly = true
		} else if !ok || int(want) != m.Namelen || !a.sameName(name, m.Name, m.Namelen) {
			return false
		}
	}
	flags, _ := v.Field("msg_flags")
	want, ok := messageFlags.number(flags)
	got := m.Flags
	if a.d.isPair() && a.d.stamped {
		a.partly = true
		want, got = want&^emu.MSG_CTRUNC, got&^emu.MSG_CTRUNC
	} else if !a.sameControl(v, m) {
		return false
	}
	return ok && want == got
}

// msgValue writes a message that was received.
func (a *attempt) msgValue(v strace.Value, m *emu.Msghdr, n int) strace.Value {
	name, length := strace.Null(), strace.Int(0)
	if f, has := v.Field("msg_name"); has && !f.IsNull() {
		name = f
		if m.Namelen >= 2 {
			name = sockaddrValue(m.Name[:min(m.Namelen, len(m.Name))])
		}
		before, _ := v.Field("msg_namelen")
		length = strace.InOut(before.In(), strace.Int(m.Namelen))
		if k, ok := before.In().Int(); ok && int(k) == m.Namelen {
			length = before.In()
		}
	}
	members := []strace.Item{strace.F("msg_name", name), strace.F("msg_namelen", length),
		strace.F("msg_iov", vecValue(m.Iov, n, a.r.limit)), strace.F("msg_iovlen", strace.Int(len(m.Iov)))}
	if m.Controllen > 0 {
		members = append(members, strace.F("msg_control", a.r.controlValue(m.Control[:min(m.Controllen, len(m.Control))])))
	}
	return strace.StructOf(append(members, strace.F("msg_controllen", strace.Int(m.Controllen)), strace.F("msg_flags", messageFlags.flags(m.Flags)))...)
}

func planRecvmmsg(a *attempt) {
	flags := a.num(3, messageFlags)
	var timeout *time.Duration
	if !a.arg(4).IsAbsent() {
		var ok bool
		timeout, ok = timespec(a.arg(4))
		a.need(ok)
	}
	elems := a.arg(1).Elems()
	n := a.number(2)
	a.need(n >= 0 && n <= maxMessages && (n == 0 || !a.efault() || !isAddress(a.arg(1)) && !a.arg(1).IsNull()))
	var msgs []emu.Mmsghdr
	for i := range max(0, min(n, maxMessages)) {
		m := &emu.Msghdr{Iov: [][]byte{make([]byte, defaultRoom)}}
		if i < len(elems) {
			hdr, _ := elems[i].Field("msg_hdr")
			var ok bool
			m, ok = a.inMsg(hdr)
			if a.need(ok && m != nil); a.settled() {
				return
			}
		}
		msgs = append(msgs, emu.Mmsghdr{Msghdr: *m})
	}
	a.receives()
	a.count(func(p Process) (int, error) { return p.Recvmmsg(a.fd, msgs, flags, timeout) })
	a.makes(func() (got, want []int) {
		for i := range max(0, min(a.ret, len(msgs), len(elems))) {
			hdr, _ := elems[i].Field("msg_hdr")
			control, _ := hdr.Field("msg_control")
			got = append(append(got, came(&msgs[i].Msghdr)...), camePidfds(&msgs[i].Msghdr)...)
			want = append(append(want, rights(control)...), pidfds(control)...)
		}
		return got, want
	})
	a.fills(1, func() bool { return a.sameMsgs(elems, msgs) }, func() strace.Value { return a.msgsValue(elems, msgs) })
	a.then(func() {
		for i := range max(0, min(a.ret, len(msgs))) {
			if a.d.isPair() {
				hdr, _ := a.arg(1).Elem(i).Field("msg_hdr")
				control, _ := hdr.Field("msg_control")
				a.arrivals(&msgs[i].Msghdr, control, flags)
			}
		}
	})
}

// maxMessages bounds the memory that one recvmmsg of a log can ask for.
const maxMessages = 1024

func (a *attempt) sameMsgs(elems []strace.Value, msgs []emu.Mmsghdr) bool {
	for i := range min(a.ret, len(elems), len(msgs)) {
		hdr, _ := elems[i].Field("msg_hdr")
		if !a.sameMsg(hdr, &msgs[i].Msghdr, msgs[i].Len) {
			return false
		}
	}
	return a.sameLengths(msgs)
}

func (a *attempt) msgsValue(elems []strace.Value, msgs []emu.Mmsghdr) strace.Value {
	var shown []strace.Value
	for i := range max(0, min(a.ret, len(msgs))) {
		var hdr strace.Value
		if i < len(elems) {
			hdr, _ = elems[i].Field("msg_hdr")
		}
		shown = append(shown, strace.StructOf(strace.F("msg_hdr", a.msgValue(hdr, &msgs[i].Msghdr, msgs[i].Len)),
			strace.F("msg_len", strace.Int(msgs[i].Len))))
	}
	return strace.ArrayOf(shown...)
}
