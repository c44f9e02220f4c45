package replay

import (
	"bytes"
	"encoding/binary"

	"sockpair/emu"
	"sockpair/strace"
)

// Control messages: [{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[7]}].

const (
	cmsgHeader = 16
	sizeofInt  = 4
)

// controlBytes is the control buffer of n bytes that v shows, for a send.
func (r *run) controlBytes(v strace.Value, n int, bad bool) ([]byte, bool) {
	switch {
	case v.IsNull() || v.IsAbsent():
		return nil, true
	case isAddress(v) && (bad || isBadAddress(v)):
		return emu.BadAddress(max(0, min(n, maxBuffer))), true
	case v.Unwrap().Kind == strace.String: // a Printer's, of what is no list of messages
		raw, cut, ok := v.Bytes()
		return raw, ok && !cut && len(raw) == n
	case v.Unwrap().Kind != strace.Array || n < 0 || n > maxBuffer:
		return nil, false
	}
	var b []byte
	shown, stopped := !v.Abbreviated(), false
	for _, e := range v.Elems() {
		if e.Unwrap().Kind == strace.Ellipsis { // ... /* 0x7ffcff1a9820 */
			shown = false
			break
		}
		length, ok1 := field(e, "cmsg_len")
		level, typ, ok2 := cmsgKind(e)
		data, _ := e.Field("cmsg_data")
		body, ok3 := r.cmsgData(level, typ, data)
		if !ok1 || !ok2 || !ok3 {
			return nil, false
		}
		if length < cmsgHeader || length > int64(n-len(b)) {
			stopped = true // both strace and the kernel read no further
		}
		b = binary.LittleEndian.AppendUint64(b, uint64(length))
		b = binary.LittleEndian.AppendUint32(b, uint32(level))
		b = binary.LittleEndian.AppendUint32(b, uint32(typ))
		b = append(b, body...)
		b = append(b, make([]byte, -len(b)&7)...)
	}
	if len(b) > n {
		return b[:n], shown || stopped
	}
	return append(b, make([]byte, n-len(b))...), shown || stopped
}

func cmsgKind(e strace.Value) (level, typ int, ok bool) {
	l, _ := e.Field("cmsg_level")
	t, _ := e.Field("cmsg_type")
	level, ok1 := socketLevels.number(l)
	typ, ok2 := controlTypes.number(t)
	return level, typ, ok1 && ok2
}

// cmsgData is the data of a control message, with the machine's process ids.
func (r *run) cmsgData(level, typ int, v strace.Value) ([]byte, bool) {
	if v.IsAbsent() {
		return nil, true
	}
	if pid, isCred := field(v, "pid"); isCred && level == emu.SOL_SOCKET && typ == emu.SCM_CREDENTIALS {
		uid, ok1 := field(v, "uid")
		gid, ok2 := field(v, "gid")
		if mine, known := r.machinePid(int(pid)); known {
			pid = int64(mine)
		}
		b := binary.LittleEndian.AppendUint32(nil, uint32(pid))
		b = binary.LittleEndian.AppendUint32(b, uint32(uid))
		return binary.LittleEndian.AppendUint32(b, uint32(gid)), ok1 && ok2
	}
	return intBytes(v)
}

// controlRoom is the room for control messages that a recvmsg seems to have
// had, which strace does not print. Where nothing was cut there was enough;
// where something was, what came is what there was room for. A length that is
// no multiple of 8 shows where the buffer ended. A script may say what room
// there was, and where: msg_control=0x1, msg_controllen=24 => 0.
func controlRoom(msg strace.Value) []byte {
	const enough = 8192
	length, _ := msg.Field("msg_controllen")
	came, _ := length.Out().Int()
	_, filled := msg.Field("msg_flags")
	if room, ok := length.In().Int(); ok && (isInOut(length) || !filled) {
		n := int(max(0, min(room, enough)))
		if control, _ := msg.Field("msg_control"); isAddress(control) && !isGoodAddress(control) {
			return emu.BadAddress(n)
		}
		return make([]byte, n)
	}
	flags, _ := msg.Field("msg_flags")
	bits, _ := messageFlags.number(flags)
	n := enough
	if bits&emu.MSG_CTRUNC != 0 || came%8 != 0 {
		n = int(max(0, min(came, enough)))
	}
	if n == 0 {
		return nil
	}
	return make([]byte, n)
}

// isInOut reports that v is a value before and one after the call, x => y.
func isInOut(v strace.Value) bool {
	u := v.Unwrap()
	return u.Kind == strace.Op && u.Text == "=>"
}

// sameControl compares the control messages that came: kinds, order, lengths
// and what is in them.
func (a *attempt) sameControl(msg strace.Value, m *emu.Msghdr) bool {
	want, _ := msg.Field("msg_control")
	got, err := emu.ParseControl(m.Control[:min(m.Controllen, len(m.Control))])
	shown, _ := msg.Field("msg_controllen")
	length, _ := shown.Out().Int()
	if isAddress(want) {
		want = strace.Value{}
	}
	if err != nil || int(length) != m.Controllen || len(got) != want.Len() {
		return false
	}
	for i, e := range want.Elems() {
		level, typ, ok := cmsgKind(e)
		n, _ := field(e, "cmsg_len")
		if !ok || level != got[i].Level || typ != got[i].Type || int(n) != cmsgHeader+len(got[i].Data) {
			return false
		}
		if data, has := e.Field("cmsg_data"); has && !a.sameCmsg(level, typ, data, got[i].Data) {
			return false
		}
	}
	return true
}

func (a *attempt) sameCmsg(level, typ int, want strace.Value, got []byte) bool {
	if level == emu.SOL_SOCKET && typ == emu.SCM_CREDENTIALS {
		return a.sameCred(want, got)
	}
	b, ok := intBytes(want)
	return !ok || bytes.Equal(b, got)
}

// controlValue writes control messages.
func (r *run) controlValue(b []byte) strace.Value {
	list, _ := emu.ParseControl(b)
	elems := make([]strace.Value, len(list))
	for i, c := range list {
		members := []strace.Item{strace.F("cmsg_len", strace.Int(cmsgHeader+len(c.Data))),
			strace.F("cmsg_level", socketLevels.one(c.Level)), strace.F("cmsg_type", controlTypes.one(c.Type))}
		fds, errRights := c.ParseRights()
		cred, errCred := c.ParseCredentials()
		switch {
		case errRights == nil && len(fds) > 0:
			members = append(members, strace.F("cmsg_data", intsValue(fds)))
		case c.Level == emu.SOL_SOCKET && c.Type == emu.SCM_PIDFD && len(c.Data) == sizeofInt:
			members = append(members, strace.F("cmsg_data", intsValue([]int{int(int32(binary.LittleEndian.Uint32(c.Data)))})))
		case errCred == nil:
			members = append(members, strace.F("cmsg_data", strace.StructOf(strace.F("pid", strace.Int(r.recordedPid(cred.Pid))),
				strace.F("uid", strace.Int(cred.Uid)), strace.F("gid", strace.Int(cred.Gid)))))
		}
		elems[i] = strace.StructOf(members...)
	}
	return strace.ArrayOf(elems...)
}

func intsValue(n []int) strace.Value {
	v := make([]strace.Value, len(n))
	for i := range n {
		v[i] = strace.Int(n[i])
	}
	return strace.ArrayOf(v...)
}
