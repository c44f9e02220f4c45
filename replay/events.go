package replay

import (
	"bytes"
	"time"
	"unsafe"

	"sockpair/emu"
	"sockpair/strace"
)

// The arguments of events as strace prints them.

// address stands for an address, none of which an emulated program has.
const address = 0x7ffe00000000

// badAddress stands for one that is bad.
const badAddress = 0xbad000

// isBadAddress reports whether a value stands for memory that is bad, whatever
// came of the call.
func isBadAddress(v strace.Value) bool {
	at, ok := v.Pointer()
	return ok && at == badAddress
}

// isGoodAddress is the same for memory that is good.
func isGoodAddress(v strace.Value) bool {
	at, ok := v.Pointer()
	return ok && at == address
}

// isBad reports whether b is part of what emu.BadAddress returns.
func isBad(b []byte) bool {
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	bad := emu.BadAddress(1 << 30)
	first := uintptr(unsafe.Pointer(unsafe.SliceData(bad)))
	return len(b) > 0 && at >= first && at < first+uintptr(len(bad))
}

// before is the arguments when the call begins. What the call fills in is an
// address until it has succeeded.
func before(ev emu.Event) []strace.Value {
	args := make([]strace.Value, 0, len(ev.Args)+1)
	for i, a := range ev.Args {
		args = append(args, argument(ev, i, a))
	}
	switch ev.Call {
	case "fcntl":
		return fcntlArgs(ev, args)
	case "mknod", "mknodat":
		return nodeArgs(ev, args)
	case "wait4":
		return append(args, strace.Null())
	case "rt_sigaction", "rt_sigprocmask":
		return append(args[:2:2], strace.Null(), strace.Int(8))
	case "ppoll":
		return append(args, strace.Int(8))
	case "execve":
		return []strace.Value{strace.Path("/bin/program"), strace.ArrayOf(strace.Path("program")), strace.Hex(address)}
	}
	return args
}

// argument is one argument when the call begins.
func argument(ev emu.Event, i int, arg any) strace.Value {
	switch a := arg.(type) {
	case emu.Out:
		return dataOut(ev, a)
	case emu.In:
		return pointer(a)
	case emu.OutVec:
		return vecOut(a)
	case emu.InVec:
		return vecIn(a)
	case emu.IoctlArg:
		return ioctlValue(a)
	case emu.Sockaddr:
		switch ev.Call {
		case "sendto", "bind", "connect":
			return addressOut(a)
		}
		return pointer(a)
	case *emu.Msghdr:
		return msghdrValue(ev.Call, a)
	case []emu.Mmsghdr:
		return mmsghdrs(ev.Call, a, 0)
	case []emu.PollFd:
		return pollfdsValue(a)
	case *int:
		if a == nil {
			return strace.Null()
		}
		return strace.ArrayOf(strace.Int(*a))
	case *[2]int:
		return orNull(a == nil, strace.Hex(address))
	case *emu.WaitStatus, *WaitStatus:
		return strace.Hex(address)
	case *emu.Rlimit:
		if a == nil || i == 3 {
			return orNull(a == nil, strace.Hex(address))
		}
		return rlimitValue(a)
	case *time.Duration:
		if ev.Call == "select" {
			return timevalValue(a)
		}
		return timespecValue(a)
	case *emu.Sigset:
		if a == nil {
			return strace.Null()
		}
		return sigsetValue(*a)
	case *emu.SigAction:
		return sigactionValue(a)
	case *emu.EpollEvent:
		if a == nil {
			return strace.Null()
		}
		return epollEventValue(*a)
	case []emu.EpollEvent:
		return strace.Hex(address)
	case *emu.FdSet:
		return fdSetValue(a)
	case *emu.Stat:
		return orNull(a == nil, strace.Hex(address))
	case emu.Path:
		return strace.Path(string(a))
	case emu.FileMode:
		return permissionsValue(uint64(a))
	case *emu.ItimerSpec:
		if a == nil || ev.Call == "timerfd_settime" && i == 2 {
			return itimerValue(a)
		}
		return strace.Hex(address)
	case *emu.Siginfo:
		return orNull(a == nil, strace.Hex(address))
	}
	return constant(ev, arg)
}

// constant is an argument that is a number.
func constant(ev emu.Event, arg any) strace.Value {
	switch a := arg.(type) {
	case emu.Fd:
		if a == emu.AT_FDCWD {
			return strace.Word("AT_FDCWD")
		}
		return strace.Int(int(a))
	case emu.Pid:
		return strace.Int(int(a))
	case emu.Domain:
		return domains.one(int(a))
	case emu.SockType:
		if ev.Call == "accept4" {
			return socketFlags.flags(int(a))
		}
		return socketType(int(a))
	case emu.OpenFlags:
		return openFlags.flags(int(a))
	case emu.MsgFlags:
		return messageFlags.flags(int(a))
	case emu.ShutHow:
		return shutdowns.one(int(a))
	case emu.FcntlCmd:
		return fcntlCommands.one(int(a))
	case emu.IoctlReq:
		return ioctls().one(int(a))
	case emu.SpliceFlags:
		return spliceFlags.flags(int(a))
	case emu.Offset:
		if a.At == nil {
			return strace.Null()
		}
		return strace.ArrayOf(strace.Int(*a.At))
	case emu.CloseRange:
		return closeRangeFlags.flags(int(a))
	case emu.WaitOptions:
		return waitOptions.flags(int(a))
	case emu.Whence:
		return whences.one(int(a))
	case emu.SockLevel:
		return socketLevels.one(int(a))
	case emu.SockOption:
		return socketOptions().one(a.Name)
	case emu.AtFlags:
		return atFlags(ev).flags(int(a))
	case emu.AccessMode:
		return accessValue(int(a))
	case emu.Resource:
		return resources.one(int(a))
	case emu.EventfdFlags:
		return eventfdFlags.flags(int(a))
	case emu.ClockID:
		return clockIDs.one(int(a))
	case emu.TimerfdFlags:
		return timerfdFlags.flags(int(a))
	case emu.TimerFlags:
		return timerFlags.flags(int(a))
	case emu.PidfdFlags:
		return pidfdFlags.flags(int(a))
	case emu.PidfdSignal:
		return pidfdSignalFlags.flags(int(a))
	case emu.WaitID:
		return waitIDs.one(int(a))
	case emu.RwFlags:
		return rwFlags.flags(int(a))
	case emu.EpollOp:
		return epollOps.one(int(a))
	case emu.MaskHow:
		return maskHows.one(int(a))
	case emu.Signal:
		return signalValue(a)
	case emu.Null:
		return strace.Null()
	case int:
		return strace.Int(a)
	case uint:
		return strace.Int(a)
	case int64:
		return strace.Int(a)
	}
	return strace.Hex(address) // a pointer that is not shown
}

func orNull(null bool, v strace.Value) strace.Value {
	if null {
		return strace.Null()
	}
	return v
}

func pointer(b []byte) strace.Value {
	if isBad(b) {
		return strace.Hex(badAddress)
	}
	return orNull(b == nil, strace.Hex(address))
}

// dataOut is bytes that a call takes: data, or the value of an option.
func dataOut(ev emu.Event, b emu.Out) strace.Value {
	switch {
	case b == nil || isBad(b):
		return pointer(b)
	case ev.Call == "setsockopt":
		return optionShown(strace.Value{}, 0, b)
	}
	return strace.Str(b, -1)
}

func vecOut(bufs [][]byte) strace.Value {
	elems := make([]strace.Value, len(bufs))
	for i, b := range bufs {
		base := strace.Str(b, -1)
		if isBad(b) {
			base = strace.Hex(badAddress)
		}
		elems[i] = strace.StructOf(strace.F("iov_base", base), strace.F("iov_len", strace.Int(len(b))))
	}
	return strace.ArrayOf(elems...)
}

func vecIn(bufs [][]byte) strace.Value {
	elems := make([]strace.Value, len(bufs))
	for i, b := range bufs {
		elems[i] = strace.StructOf(strace.F("iov_base", pointer(b)), strace.F("iov_len", strace.Int(len(b))))
	}
	return strace.ArrayOf(elems...)
}

func ioctlValue(b emu.IoctlArg) strace.Value {
	if isBad(b) || len(b) != 4 && len(b) != 8 {
		return pointer(b)
	}
	return intsValue(words(b))
}

func rlimitValue(l *emu.Rlimit) strace.Value {
	return strace.StructOf(strace.F("rlim_cur", strace.Int(l.Cur)), strace.F("rlim_max", strace.Int(l.Max)))
}

func sigactionValue(a *emu.SigAction) strace.Value {
	if a == nil {
		return strace.Null()
	}
	handler := [...]strace.Value{emu.SIG_DFL: strace.Word("SIG_DFL"), emu.SIG_IGN: strace.Word("SIG_IGN"), emu.SIG_HANDLE: strace.Hex(0x401000)}
	return strace.StructOf(strace.F("sa_handler", handler[min(a.Disposition, emu.SIG_HANDLE)]), strace.F("sa_mask", sigsetValue(a.Mask)),
		strace.F("sa_flags", sigactionFlags.flags(int(a.Flags))))
}

// msghdrValue is a message that is sent, or the header of a receive that has
// not been filled in: of this strace shows less, but what there was room for
// decides what the call does.
func msghdrValue(call string, m *emu.Msghdr) strace.Value {
	if m == nil {
		return strace.Null()
	}
	namelen := len(m.Name)
	if m.Namelen < 0 {
		namelen = m.Namelen
	}
	if call == "recvmsg" || call == "recvmmsg" {
		return strace.StructOf(strace.F("msg_name", pointer(m.Name)), strace.F("msg_namelen", strace.Int(namelen)),
			strace.F("msg_iov", vecIn(m.Iov)), strace.F("msg_iovlen", strace.Int(len(m.Iov))),
			strace.F("msg_control", pointer(m.Control)), strace.F("msg_controllen", strace.Int(len(m.Control))))
	}
	name := strace.Null()
	if m.Name != nil {
		name = addressOut(m.Name)
	}
	members := []strace.Item{strace.F("msg_name", name), strace.F("msg_namelen", strace.Int(namelen)),
		strace.F("msg_iov", vecOut(m.Iov)), strace.F("msg_iovlen", strace.Int(len(m.Iov)))}
	if len(m.Control) > 0 {
		members = append(members, strace.F("msg_control", controlOut(m.Control)))
	}
	return strace.StructOf(append(members, strace.F("msg_controllen", strace.Int(len(m.Control))), strace.F("msg_flags", messageFlags.flags(m.Flags)))...)
}

// addressOut is an address that a call takes: as strace prints it, or where
// that does not tell all of it as its bytes.
func addressOut(b []byte) strace.Value {
	if isBad(b) {
		return strace.Hex(badAddress)
	}
	v := sockaddrValue(b)
	if again, ok := sockaddr(v, len(b)); !ok || !bytes.Equal(again, b) {
		return strace.Str(b, -1)
	}
	return v
}

// controlOut is control messages that a call takes, likewise.
func controlOut(b []byte) strace.Value {
	if isBad(b) {
		return strace.Hex(badAddress)
	}
	r := new(run)
	v := r.controlValue(b)
	if again, ok := r.controlBytes(v, len(b), false); !ok || !bytes.Equal(again, b) {
		return strace.Str(b, -1)
	}
	return v
}

// mmsghdrs are the messages of sendmmsg, or of recvmmsg when n have come.
func mmsghdrs(call string, msgs []emu.Mmsghdr, n int) strace.Value {
	elems := make([]strace.Value, 0, len(msgs))
	for i := range msgs {
		m := &msgs[i]
		hdr := msghdrValue(call, &m.Msghdr)
		if i < n && call == "recvmmsg" {
			hdr = received(&m.Msghdr, m.Len)
		}
		members := []strace.Item{strace.F("msg_hdr", hdr)}
		if i < n {
			members = append(members, strace.F("msg_len", strace.Int(m.Len)))
		}
		elems = append(elems, strace.StructOf(members...))
	}
	return strace.ArrayOf(elems...)
}

// received is a message that has come, with n bytes.
func received(m *emu.Msghdr, n int) strace.Value {
	a := &attempt{r: &run{limit: -1}}
	form := strace.Value{}
	if m.Name != nil {
		form = strace.StructOf(strace.F("msg_name", strace.Hex(address)), strace.F("msg_namelen", strace.Int(len(m.Name))))
	}
	v := a.msgValue(form, m, n)
	for i, it := range v.Items {
		switch {
		case it.Name == "msg_iov":
			v.Items[i].Value = vecFilled(m.Iov, n)
		case it.Name == "msg_controllen" && (len(m.Control) != m.Controllen || isBad(m.Control)):
			v.Items[i].Value = strace.InOut(strace.Int(len(m.Control)), strace.Int(m.Controllen))
		}
	}
	if isBad(m.Control) {
		v.Items = append(v.Items, strace.F("msg_control", strace.Hex(badAddress)))
	}
	return v
}

// vecFilled is buffers of which a receive has filled n bytes.
func vecFilled(bufs [][]byte, n int) strace.Value {
	elems := make([]strace.Value, len(bufs))
	for i, b := range bufs {
		k := max(0, min(n, len(b)))
		n -= k
		base := strace.Str(b[:k], -1)
		if isBad(b) {
			base = strace.Hex(badAddress)
		}
		elems[i] = strace.StructOf(strace.F("iov_base", base), strace.F("iov_len", strace.Int(len(b))))
	}
	return strace.ArrayOf(elems...)
}

// fcntlArgs leaves out the argument that a command has not, and names flags.
func fcntlArgs(ev emu.Event, args []strace.Value) []strace.Value {
	cmd, _ := ev.Args[1].(emu.FcntlCmd)
	arg, _ := ev.Args[2].(int)
	switch cmd {
	case emu.F_GETFD, emu.F_GETFL, emu.F_GETOWN, emu.F_GETSIG, emu.F_GETPIPE_SZ:
		return args[:2]
	case emu.F_SETFD:
		args[2] = descriptorFlags.flags(arg)
	case emu.F_SETFL:
		args[2] = accessMode(arg)
	}
	return args
}

// after is the arguments when the call has returned.
func after(ev emu.Event, args []strace.Value) []strace.Value {
	if ev.Err != 0 || ev.Unknown {
		return args
	}
	for i, arg := range ev.Args {
		switch a := arg.(type) {
		case emu.In:
			args[i] = dataIn(ev, a)
		case emu.InVec:
			args[i] = vecFilled(a, ev.Ret)
		case emu.IoctlArg:
			args[i] = ioctlValue(a)
		case emu.Sockaddr:
			room, known := args[i+1].Elem(0).In().Int() // before the call
			if n, ok := lengthAfter(ev, i); ok && known && n > 0 && a != nil {
				args[i] = sockaddrValue(a[:min(n, len(a), int(room))])
			}
		case *emu.Msghdr:
			if ev.Call == "recvmsg" {
				args[i] = received(a, ev.Ret)
			}
		case []emu.Mmsghdr:
			args[i] = mmsghdrs(ev.Call, a, ev.Ret)
		case *int:
			args[i] = lengthInOut(args[i], a)
		case *[2]int:
			args[i] = strace.ArrayOf(strace.Int(a[0]), strace.Int(a[1]))
		case *emu.Stat:
			args[i] = statValue(a)
		case *emu.WaitStatus:
			if ev.Ret > 0 {
				args[i] = strace.ArrayOf(statusValue(WaitStatus{Code: max(0, a.ExitStatus()), Signal: a.Signal()}))
			}
		case *WaitStatus:
			if ev.Ret > 0 {
				args[i] = strace.ArrayOf(statusValue(*a))
			}
		case []emu.EpollEvent:
			args[i] = epollEventsValue(a[:min(ev.Ret, len(a))])
		case *emu.ItimerSpec:
			if a != nil {
				args[i] = itimerValue(a)
			}
		case *emu.Siginfo:
			if a != nil {
				args[i] = new(run).infoValue(a)
			}
		case *emu.Rlimit:
			if i == 3 && a != nil {
				args[i] = rlimitValue(a)
			}
		}
	}
	return args
}

// dataIn is bytes that a call has filled in.
func dataIn(ev emu.Event, b emu.In) strace.Value {
	switch ev.Call {
	case "getsockopt":
	case "getcwd":
		return strace.Str(shownOf(b, ev.Ret-1), -1)
	default:
		return strace.Str(shownOf(b, ev.Ret), -1)
	}
	n, _ := lengthAfter(ev, 3)
	return optionShown(strace.Value{}, 0, shownOf(b, n))
}

// lengthAfter is the length that stands behind argument i.
func lengthAfter(ev emu.Event, i int) (int, bool) {
	n, ok := ev.Args[i+1].(*int)
	if !ok || n == nil {
		return 0, false
	}
	return *n, true
}

func lengthInOut(in strace.Value, n *int) strace.Value {
	if n == nil {
		return in
	}
	was := in.Elem(0)
	if k, ok := was.Int(); ok && int(k) == *n {
		return in
	}
	return strace.ArrayOf(strace.InOut(was, strace.Int(*n)))
}

// result is the result of a call as strace prints it.
func result(ev emu.Event) *strace.Result {
	if ev.Err != 0 {
		return strace.RetErrno(ev.Err.Name(), ev.Err.Error())
	}
	switch ev.Call {
	case "fcntl":
		cmd, _ := ev.Args[1].(emu.FcntlCmd)
		flags := map[emu.FcntlCmd]func(int) strace.Value{emu.F_GETFD: descriptorFlags.flags, emu.F_GETFL: accessMode}[cmd]
		if flags == nil || ev.Ret == 0 {
			break
		}
		return &strace.Result{Value: strace.Hex(uint64(ev.Ret)), Notes: []string{strace.NoteOf("flags", flags(ev.Ret))}}
	case "umask":
		return &strace.Result{Value: permissionsValue(uint64(ev.Ret))}
	case "poll", "ppoll":
		fds, _ := ev.Args[0].([]emu.PollFd)
		if ev.Ret == 0 {
			return strace.Ret(0, "Timeout")
		}
		return strace.Ret(ev.Ret, revents(fds).String())
	case "select", "pselect6":
		sel := &selection{}
		sel.nfds, _ = ev.Args[0].(int)
		for i := range sel.got {
			sel.got[i], _ = ev.Args[1+i].(*emu.FdSet)
		}
		return strace.Ret(ev.Ret, sel.note(ev.Ret))
	}
	return strace.Ret(ev.Ret)
}

func epollEventValue(e emu.EpollEvent) strace.Value {
	return epollEventsValue([]emu.EpollEvent{e}).Elem(0)
}

func fdSetValue(set *emu.FdSet) strace.Value {
	if set == nil {
		return strace.Null()
	}
	fds := []strace.Value{}
	for fd := range 64 * len(set) {
		if set.IsSet(fd) {
			fds = append(fds, strace.Int(fd))
		}
	}
	return strace.SetOf(fds...)
}

func timevalValue(d *time.Duration) strace.Value {
	if d == nil {
		return strace.Null()
	}
	return strace.StructOf(strace.F("tv_sec", strace.Int(int64(*d/time.Second))), strace.F("tv_usec", strace.Int(int64(*d%time.Second/time.Microsecond))))
}
