package replay

import (
	"encoding/binary"
	"math"

	"sockpair/emu"
	"sockpair/strace"
)

// Calls that make, copy, mark and close descriptors.

func planSocketpair(a *attempt) {
	domain, typ, protocol := a.num(0, domains), a.num(1, socketTypes), a.num(2, protocols)
	v := a.arg(3)
	if a.settled() {
		return
	}
	var sv *[2]int
	if !v.IsNull() && !(isAddress(v) && a.failedWith("EFAULT")) {
		sv = &a.vector
	}
	a.onPair = domain == emu.AF_UNIX
	a.status(func(p Process) error { return p.Socketpair(domain, typ, protocol, sv) })
	a.then(func() {
		x := &description{typ: typ & 0xf}
		if x.typ == emu.SOCK_RAW {
			x.typ = emu.SOCK_DGRAM
		}
		y := &description{typ: x.typ, peer: x}
		x.peer = y
		a.t.of.fds.set(a.vector[0], x)
		a.t.of.fds.set(a.vector[1], y)
	})
	a.makesTwo(3)
}

// makesTwo: argument arg is filled in with the two descriptors that the call makes.
func (a *attempt) makesTwo(arg int) {
	v := a.arg(arg)
	a.makes(func() (got, want []int) {
		if sv, ok := vector(v); ok {
			want = sv[:]
		}
		return a.vector[:], want
	})
	a.fills(arg, func() bool {
		want, ok := vector(v)
		return ok && want == a.vector || v.Abbreviated()
	}, func() strace.Value { return strace.ArrayOf(strace.Int(a.vector[0]), strace.Int(a.vector[1])) })
}

func planClose(a *attempt) {
	a.status(func(p Process) error { return p.Close(a.fd) })
	a.then(func() { a.t.of.fds.remove(a.fd) })
}

func planCloseRange(a *attempt) {
	first, last, flags := a.number(0), a.number(1), a.num(2, closeRangeFlags)
	for fd, d := range a.t.of.fds.fds {
		a.onPair = a.onPair || d.isSocket() && fd >= first && uint(fd) <= uint(last)
	}
	a.status(func(p Process) error { return p.CloseRange(uint(uint32(first)), uint(uint32(last)), flags) })
	a.then(func() { a.t.of.fds.keepOnly(a.t.p.Descriptors()) })
}

func planDup(a *attempt) {
	a.dups(func(p Process) (int, error) { return p.Dup(a.fd) })
}

func planDup2(a *attempt) {
	to := a.number(1)
	a.dups(func(p Process) (int, error) { return p.Dup2(a.fd, to) })
}

func planDup3(a *attempt) {
	to, flags := a.number(1), a.num(2, openFlags)
	a.dups(func(p Process) (int, error) { return p.Dup3(a.fd, to, flags) })
}

// dups is a call that makes another descriptor of a description.
func (a *attempt) dups(f func(p Process) (int, error)) {
	a.duplicates = true
	a.count(f)
	a.makes(func() (got, want []int) { return []int{a.ret}, []int{a.recorded()} })
	a.then(func() {
		if d := a.t.of.fds.fds[a.fd]; d != nil && a.ret != a.fd {
			a.t.of.fds.set(a.ret, d)
		}
		if a.d != nil && !a.d.isPair() && a.succeeded() && a.ret != a.recorded() {
			a.r.move(a.t, a.ret, a.recorded())
		}
	})
}

func planFcntl(a *attempt) {
	cmd := a.num(1, fcntlCommands)
	if a.settled() {
		return
	}
	argument := func(s *set) int {
		if a.arg(2).IsAbsent() {
			return 0
		}
		return a.num(2, s)
	}
	switch cmd {
	case emu.F_DUPFD, emu.F_DUPFD_CLOEXEC, emu.F_DUPFD_CLOFORK:
		lowest := argument(nil)
		a.dups(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, lowest) })
	case emu.F_GETFD:
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, 0) })
		a.flagsResult(descriptorFlags.flags)
	case emu.F_SETFD:
		flags := argument(descriptorFlags)
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, flags) })
	case emu.F_GETFL:
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, 0) })
		a.flagsResult(accessMode)
	case emu.F_SETFL:
		flags := argument(openFlags)
		if a.d.isPair() && a.d.reopened { // of which of them, is not known here
			a.d.skippedAll()
			a.skip(NotShown)
		}
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, flags) })
	case emu.F_SETOWN:
		who := argument(nil)
		if pid, ok := a.r.machinePid(max(who, -who)); ok && who < 0 {
			who = -pid
		} else if ok {
			who = pid
		}
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, who) })
	case emu.F_GETOWN:
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, 0) })
		a.same = func(recorded int) bool {
			pid, ok := a.r.machinePid(max(recorded, -recorded))
			return recorded == a.ret || ok && max(a.ret, -a.ret) == pid
		}
	case emu.F_SETSIG:
		sig, ok := signalNumber(a.arg(2))
		a.need(ok)
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, int(sig)) })
	case emu.F_GETSIG:
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, 0) })
	case 15, 16, 17, emu.F_GETLK, emu.F_SETLK, emu.F_SETLKW, 36, 37, 38:
		a.skip(Attributes) // who is told of events, and locks
	default:
		n, _ := a.arg(2).Int()
		a.count(func(p Process) (int, error) { return p.Fcntl(a.fd, cmd, int(n)) })
	}
}

// flagsResult writes the result of the call as flags: 0x1 (flags FD_CLOEXEC).
func (a *attempt) flagsResult(names func(int) strace.Value) {
	a.value = func(n int) strace.Value { return strace.Hex(uint64(n)) }
	a.note = func() string {
		if a.ret == 0 {
			return ""
		}
		return strace.NoteOf("flags", names(a.ret))
	}
}

func planIoctl(a *attempt) {
	req, ok := ioctls().number(a.arg(1))
	v := a.arg(2)
	if !ok {
		a.ioctlUnknown()
		return
	}
	req = int(uint32(req))
	switch uint(req) {
	case emu.FIOCLEX, emu.FIONCLEX:
	default:
		if a.d != nil && !a.d.isPair() {
			return // nothing that concerns descriptors
		}
	}
	looks := facet(0)
	switch uint(req) {
	case emu.FIONREAD, emu.SIOCATMARK:
		looks = facetData
	case emu.SIOCOUTQ:
		looks = facetSpace
	}
	arg, ok := ioctlArg(v, uint(req))
	if a.looks(looks, nil); !ok {
		a.skip(NotShown)
		return
	}
	switch uint(req) {
	case emu.FIOSETOWN, emu.SIOCSPGRP:
		a.mapPidArg(arg)
	}
	a.count(func(p Process) (int, error) { return p.Ioctl(a.fd, uint(req), arg) })
	if v.Unwrap().Kind == strace.Array && v.Len() == 1 {
		a.fills(2, func() bool { return a.sameInt(v.Elem(0), arg, req) }, func() strace.Value {
			return strace.ArrayOf(strace.Int(int(int32(binary.LittleEndian.Uint32(arg)))))
		})
	}
}

// ioctlUnknown is a request that is no socket's. A socket says ENOTTY, which
// is all that the log can be compared with.
func (a *attempt) ioctlUnknown() {
	if !a.d.isPair() {
		a.skip(NotShown)
		return
	}
	if a.failedWith("ENOTTY") {
		a.count(func(p Process) (int, error) { return p.Ioctl(a.fd, 0, nil) })
		return
	}
	a.skip(NotShown)
}

// ioctlArg is the memory that the argument of an ioctl points to.
func ioctlArg(v strace.Value, req uint) ([]byte, bool) {
	const room = 64 // struct ifreq has 40 bytes
	switch {
	case v.IsNull():
		return nil, true
	case isBadAddress(v):
		return emu.BadAddress(room), true
	case v.Unwrap().Kind == strace.Array:
		b, ok := intBytes(v)
		return append(b, make([]byte, room)...), ok
	case v.Unwrap().Kind == strace.Struct:
		return ifreq(v), true
	case v.IsAbsent():
		return make([]byte, room), true
	}
	n, isNumber := v.Int()
	if isNumber && uint64(n) > math.MaxUint16 { // an address; of terminals and the like nothing is shown
		return make([]byte, room), true
	}
	return emu.BadAddress(room), isNumber
}

// ifreq is struct ifreq, or struct ifconf where the member is ifc_len.
func ifreq(v strace.Value) []byte {
	b := make([]byte, 64)
	if name, has := v.Field("ifr_name"); has {
		text, _, _ := name.In().Bytes()
		copy(b[:15], text)
	}
	if index, ok := field(v, "ifr_ifindex"); ok {
		binary.LittleEndian.PutUint32(b[16:], uint32(index))
	}
	if n, has := v.Field("ifc_len"); has {
		length, _ := n.In().Int()
		binary.LittleEndian.PutUint32(b, uint32(length))
	}
	return b
}

// sameInt compares the int that an ioctl has filled in.
func (a *attempt) sameInt(v strace.Value, arg []byte, req int) bool {
	want, ok := v.Int()
	got := int64(int32(binary.LittleEndian.Uint32(arg)))
	switch uint(req) {
	case emu.FIOGETOWN, emu.SIOCGPGRP:
		pid, known := a.r.machinePid(int(want))
		return ok && (want == got || known && int64(pid) == got)
	case emu.FIOSETOWN, emu.SIOCSPGRP:
		return true // it is what was given
	}
	return ok && want == got
}

// mapPidArg replaces a recorded process id in memory by the machine's.
func (a *attempt) mapPidArg(arg []byte) {
	if len(arg) < 4 {
		return
	}
	n := int(int32(binary.LittleEndian.Uint32(arg)))
	if pid, ok := a.r.machinePid(max(n, -n)); ok {
		if n < 0 {
			pid = -pid
		}
		binary.LittleEndian.PutUint32(arg, uint32(pid))
	}
}
