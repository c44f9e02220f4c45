package replay

import (
	"bytes"
	"encoding/binary"
	"slices"
	"time"
	"unsafe"

	"sockpair/emu"
	"sockpair/strace"
)

// This file turns what a log shows of memory into memory.

// filler stands for bytes that a log does not show: the tail of a string that
// was cut.
const filler = 0xb7

// maxBuffer bounds the memory that one argument of a log can ask for: what a
// receive buffer has beyond that is never filled.
const maxBuffer = 16 << 20

// maxSend bounds what one argument of a send has: more than any send buffer
// takes at once.
const maxSend = 64 << 20

// memo keeps what long strings of a log hold, for a log is run many times. It
// knows a string by where it lies.
type memo struct{ decoded map[*byte][]byte }

// bytes is v.Bytes. What it returns must not be changed.
func (m *memo) bytes(v strace.Value) (b []byte, cut, ok bool) {
	const long = 512
	u := v.Unwrap()
	if u.Kind != strace.String || len(u.Text) < long {
		return v.Bytes()
	}
	at := unsafe.StringData(u.Text)
	if b, known := m.decoded[at]; known {
		return b, u.Cut, true
	}
	if b, cut, ok = v.Bytes(); ok {
		if m.decoded == nil {
			m.decoded = make(map[*byte][]byte)
		}
		m.decoded[at] = slices.Clip(b)
	}
	return b, cut, ok
}

// out is the memory of n bytes that a call reads, shown as v. cut: not all of
// it is known. NULL and a bare address stand for memory that strace could not
// read, and neither could the call, unless it took done bytes of it.
func (m *memo) out(v strace.Value, n, done int) (b []byte, cut, ok bool) {
	if n > maxSend && done < maxSend { // the rest is not looked at
		n = maxSend
	}
	if n < 0 || n > maxSend {
		return nil, false, false
	}
	if shown, isCut, isString := m.bytes(v); isString {
		if len(shown) >= n {
			return shown[:n:n], false, true
		}
		return slices.Concat(shown, fill(n-len(shown))), isCut || len(shown) < n, true
	}
	if v.IsNull() || isAddress(v) {
		if done > 0 {
			return fill(n), true, true
		}
		return emu.BadAddress(n), false, true
	}
	return nil, false, false
}

func fill(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = filler
	}
	return b
}

func isAddress(v strace.Value) bool {
	_, ok := v.Pointer()
	return ok
}

// in is the memory of n bytes that a call fills in. On failure strace shows
// its address only; bad says that the failure was EFAULT.
func in(v strace.Value, n int, bad bool) []byte {
	n = max(0, min(n, maxBuffer))
	at, isAt := v.Pointer()
	if v.IsNull() || isAt && (bad && at != address || at == badAddress) {
		return emu.BadAddress(n)
	}
	return make([]byte, n)
}

// iovec is the buffers of [{iov_base=.., iov_len=..}, ...].
type iovec struct {
	bufs [][]byte
	cut  bool
}

// outVec is the buffers that a call reads; done is how many bytes it took.
// count is the number of buffers that the call names beside them.
// Of a stream no more than most is looked at.
func (m *memo) outVec(v strace.Value, count int64, hasCount bool, done, most int) (io iovec, ok bool) {
	if bufs, is, ok := badVec(v, count, hasCount); is {
		return iovec{bufs: bufs}, ok
	}
	for _, e := range v.Elems() {
		base, _ := e.Field("iov_base")
		n, hasLen := length(e, "iov_len")
		if !hasLen {
			return io, false
		}
		b, cut, ok := m.out(base, max(0, min(n, most)), done)
		most -= n
		if !ok {
			return io, false
		}
		done -= n
		io.bufs = append(io.bufs, b)
		io.cut = io.cut || cut
	}
	return io, v.Unwrap().Kind == strace.Array && !v.Abbreviated() && (!hasCount || int(count) == len(io.bufs))
}

// inVec is the buffers that a call fills in.
func inVec(v strace.Value, count int64, hasCount, bad bool) (io iovec, ok bool) {
	if bufs, is, ok := badVec(v, count, hasCount); is {
		return iovec{bufs: bufs}, ok
	}
	total := 0
	for _, e := range v.Elems() {
		base, _ := e.Field("iov_base")
		n, hasLen := length(e, "iov_len")
		if total += n; !hasLen || total > maxBuffer {
			return io, false
		}
		io.bufs = append(io.bufs, in(base, n, bad))
	}
	return io, v.Unwrap().Kind == strace.Array && !v.Abbreviated() && (!hasCount || int(count) == len(io.bufs))
}

// badVec is a vector that is NULL or in memory that cannot be read: none, if
// there are no buffers, or too many. Of a number between them the methods of
// Process cannot express that the vector is bad, so ok is false.
func badVec(v strace.Value, count int64, hasCount bool) (bufs [][]byte, is, ok bool) {
	switch {
	case !v.IsNull() && !isAddress(v):
		return nil, false, true
	case hasCount && uint64(uint32(count)) > emu.IOV_MAX || count < 0:
		return make([][]byte, emu.IOV_MAX+1), true, true
	}
	return nil, true, !hasCount || count == 0
}

func length(v strace.Value, field string) (int, bool) {
	f, has := v.Field(field)
	n, ok := f.Int()
	return int(n), has && ok && n >= 0 && n <= maxSend
}

// sameBytes compares what a log shows of the bytes of a result with got.
// Bytes that the log has not shown when they were sent count as the same.
func (m *memo) sameBytes(v strace.Value, got []byte, tolerant bool) bool {
	want, cut, ok := m.bytes(v)
	if !ok {
		return len(got) == 0 || v.IsNull() || isAddress(v)
	}
	if len(want) > len(got) || !cut && len(want) < len(got) {
		return false
	}
	if !tolerant {
		return bytes.Equal(want, got[:len(want)])
	}
	for i, b := range want {
		if got[i] != b && !(tolerant && got[i] == filler) {
			return false
		}
	}
	return true
}

// sameVec is sameBytes for n bytes in several buffers.
func (m *memo) sameVec(v strace.Value, bufs [][]byte, n int, tolerant bool) bool {
	for i, e := range v.Elems() {
		base, _ := e.Field("iov_base")
		k := 0
		if i < len(bufs) {
			k = min(n, len(bufs[i]))
			if !m.sameBytes(base, bufs[i][:k], tolerant) {
				return false
			}
		}
		n -= k
	}
	return true
}

// vecValue writes buffers of which n bytes are shown; n < 0 shows all.
func vecValue(bufs [][]byte, n int, limit int) strace.Value {
	elems := make([]strace.Value, len(bufs))
	for i, b := range bufs {
		k := len(b)
		if n >= 0 {
			k = min(n, len(b))
			n -= k
		}
		elems[i] = strace.StructOf(strace.F("iov_base", strace.Str(b[:k], limit)), strace.F("iov_len", strace.Int(len(b))))
	}
	return strace.ArrayOf(elems...)
}

// sockaddr is an address of n bytes. Of families other than AF_UNIX only the
// number matters here.
func sockaddr(v strace.Value, n int) ([]byte, bool) {
	if v.IsNull() {
		return nil, true
	}
	if n < 0 || n > 4096 {
		return nil, false
	}
	b := make([]byte, max(n, 2))
	if raw, _, isString := v.Bytes(); isString {
		copy(b, raw)
		return b[:n], true
	}
	if isAddress(v) {
		return emu.BadAddress(n), true
	}
	family, ok := v.Field("sa_family")
	if !ok {
		return nil, false
	}
	number, ok := domains.number(family)
	if !ok {
		return nil, false
	}
	binary.LittleEndian.PutUint16(b, uint16(number))
	for _, field := range []string{"sun_path", "sa_data", "sa_data_min"} {
		if path, has := v.Field(field); has {
			name, _, _ := path.Bytes()
			copy(b[2:], name)
		}
	}
	return b[:n], true
}

// sockaddrValue writes an address.
func sockaddrValue(name []byte) strace.Value {
	if len(name) < 2 {
		return strace.Str(name, -1)
	}
	family := int(binary.LittleEndian.Uint16(name))
	members := []strace.Item{strace.F("sa_family", domains.one(family))}
	switch path := name[2:]; {
	case len(path) == 0:
	case family != emu.AF_UNIX:
		members = append(members, strace.F("sa_data", strace.Str(path, -1)))
	case path[0] == 0:
		members = append(members, strace.F("sun_path", strace.Abstract(path[1:])))
	default:
		members = append(members, strace.F("sun_path", strace.Str(cString(path), -1)))
	}
	return strace.StructOf(members...)
}

func cString(b []byte) []byte {
	for i, c := range b {
		if c == 0 {
			return b[:i]
		}
	}
	return b
}

// timespec is {tv_sec=0, tv_nsec=5}; nil for NULL.
func timespec(v strace.Value) (d *time.Duration, ok bool) {
	if v.IsNull() {
		return nil, true
	}
	sec, ok1 := field(v.In(), "tv_sec")
	nsec, ok2 := field(v.In(), "tv_nsec")
	if !ok1 || !ok2 {
		return nil, false
	}
	const longest = 1 << 33 // seconds: more than a Duration holds is for ever all the same
	limit := time.Duration(min(sec, longest))*time.Second + time.Duration(nsec)
	if sec < 0 || nsec < 0 || nsec >= 1e9 {
		limit = -1
	}
	return &limit, true
}

func timespecValue(d *time.Duration) strace.Value {
	if d == nil {
		return strace.Null()
	}
	return strace.StructOf(strace.F("tv_sec", strace.Int(int64(*d/time.Second))), strace.F("tv_nsec", strace.Int(int64(*d%time.Second))))
}

// field is a member that is a number.
func field(v strace.Value, name string) (int64, bool) {
	f, has := v.Field(name)
	n, ok := f.Int()
	return n, has && ok
}

// pollfds is [{fd=3, events=POLLIN}, ...].
func pollfds(v strace.Value, n int) ([]emu.PollFd, bool) {
	if n == 0 || v.IsNull() {
		return nil, n == 0
	}
	var fds []emu.PollFd
	for _, e := range v.Elems() {
		fd, ok1 := field(e, "fd")
		f, _ := e.Field("events")
		events, ok2 := pollEvents.number(f)
		if !ok1 || !ok2 {
			if f.IsAbsent() && ok1 { // strace leaves the events of a negative descriptor out
				events = 0
			} else {
				return nil, false
			}
		}
		fds = append(fds, emu.PollFd{Fd: int(int32(fd)), Events: int16(events)})
	}
	return fds, len(fds) == n
}

func pollfdsValue(fds []emu.PollFd) strace.Value {
	elems := make([]strace.Value, len(fds))
	for i, f := range fds {
		elems[i] = strace.StructOf(strace.F("fd", strace.Int(f.Fd)), strace.F("events", pollEvents.flags(int(uint16(f.Events)))))
	}
	return strace.ArrayOf(elems...)
}

// revents writes what poll found, as the note of its result.
func revents(fds []emu.PollFd) strace.Value {
	var elems []strace.Value
	for _, f := range fds {
		if f.Revents != 0 {
			elems = append(elems, strace.StructOf(strace.F("fd", strace.Int(f.Fd)), strace.F("revents", pollEvents.flags(int(uint16(f.Revents))))))
		}
	}
	return strace.ArrayOf(elems...)
}

// intBytes is the bytes of a value shown as [5], "\5\0\0\0" or {l_onoff=1,
// l_linger=2}: what a pointer to an int, to a timeval or to struct linger
// points to.
func intBytes(v strace.Value) ([]byte, bool) {
	if b, cut, isString := v.Bytes(); isString {
		return b, !cut
	}
	var b []byte
	switch v = v.Unwrap(); v.Kind {
	case strace.Array:
		for _, e := range v.Elems() {
			n, ok := optionWords.number(e)
			if !ok {
				return nil, false
			}
			b = binary.LittleEndian.AppendUint32(b, uint32(n))
		}
		return b, !v.Abbreviated()
	case strace.Struct:
		_, isTimeval := v.Field("tv_sec")
		for _, e := range v.Elems() {
			n, ok := e.Int()
			switch {
			case !ok:
				return nil, false
			case isTimeval:
				b = binary.LittleEndian.AppendUint64(b, uint64(n))
			default:
				b = binary.LittleEndian.AppendUint32(b, uint32(n))
			}
		}
		return b, !v.Abbreviated()
	}
	return nil, false
}
