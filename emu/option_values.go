package emu

import (
	"encoding/binary"
	"math"
	"time"

	"sockpair/errno"
)

// Numbers that are more than stored.

// takePending is SO_ERROR: the pending error is taken, not read.
func takePending(e *end) int {
	err := e.pending
	e.pending = 0
	return int(err)
}

func sndbuf(e *end) int { return e.bound() }
func rcvbuf(e *end) int {
	if e.rcvbuf == 0 {
		return e.rules().Buffers.Default
	}
	return e.rcvbuf
}

// The bits of SO_BUF_LOCK: which sizes were set by the program.
const (
	sndbufSet = 1 << iota
	rcvbufSet
)

func bufLock(e *end) int       { return e.view().bufLock }
func setBufLock(e *end, v int) { e.opts().bufLock = v }

// sized is the size that is stored for one that was asked for. A negative
// number is a large one: Linux takes it for unsigned.
func (b BufferSizes) sized(asked, least int) int {
	if asked < 0 || asked > b.Max {
		asked = b.Max
	}
	return max(asked*b.Factor, least)
}

// forced is sized for the FORCE options, which only int bounds.
func (b BufferSizes) forced(asked, least int) int {
	return max(min(max(asked, 0), math.MaxInt32/b.Factor)*b.Factor, least)
}

func setSndbuf(e *end, v int)   { e.storeSndbuf(e.sizes().sized(v, e.sizes().MinSend)) }
func forceSndbuf(e *end, v int) { e.storeSndbuf(e.sizes().forced(v, e.sizes().MinSend)) }
func setRcvbuf(e *end, v int)   { e.storeRcvbuf(e.sizes().sized(v, e.sizes().MinRecv)) }
func forceRcvbuf(e *end, v int) { e.storeRcvbuf(e.sizes().forced(v, e.sizes().MinRecv)) }

func (e *end) sizes() BufferSizes { return e.rules().Buffers }

// storeSndbuf tries the senders that wait as if something had been read
// (sk_write_space).
func (e *end) storeSndbuf(size int) {
	e.sndbuf, e.sized = int32(size), sized{} // what a send costs depends on it
	e.opts().bufLock |= sndbufSet
	if e.rules().Admission.Wake(e.spent(), e.bound()) {
		e.events |= spaceFreed
	}
}

func (e *end) storeRcvbuf(size int) {
	e.rarely().rcvbuf = size
	e.opts().bufLock |= rcvbufSet
}

// setRcvlowat: 0 is 1, and a negative number all there can be.
func setRcvlowat(e *end, v int) {
	switch {
	case v < 0:
		v = math.MaxInt32
	case v == 0:
		v = 1
	}
	e.opts().rcvlowat = v
}

// rebinding: only user 0 binds a socket that is bound to a device.
func rebinding(c OptionChange) errno.Errno {
	if c.Old != 0 && !c.Root {
		return errno.EPERM
	}
	return 0
}

// SO_LINGER is struct linger {int l_onoff, l_linger}. It is kept; close never
// waits, as what was sent is with the other end already.
func lingerOption(rule func(seconds int) (int, errno.Errno)) Option {
	return Option{Name: "SO_LINGER", Kind: OptionRecord,
		get: func(e *end, room int) reply {
			linger := e.view().linger
			return cut(words(linger[:]...), room)
		},
		set: func(s *setting) errno.Errno {
			b, err := s.atLeast(8)
			if err != 0 {
				return err
			}
			linger := &s.end.opts().linger
			if word(b) == 0 {
				linger[0] = 0 // the time stays what it was
				return 0
			}
			seconds, err := rule(word(b[4:]))
			if err == 0 {
				*linger = [2]int{1, seconds}
			}
			return err
		}}
}

// linuxTick is how often a second Linux counts time (CONFIG_HZ).
const linuxTick = 250

// linuxLinger: a negative time is the longest, and what is read back is the
// part of it that fits into an int.
func linuxLinger(seconds int) (int, errno.Errno) {
	if seconds < 0 {
		longest := uint64(math.MaxInt64 / linuxTick)
		return int(int32(longest)), 0
	}
	return seconds, 0
}

func posixLinger(seconds int) (int, errno.Errno) {
	if seconds < 0 {
		return 0, errno.EDOM
	}
	return seconds, 0
}

// timeout is SO_RCVTIMEO or SO_SNDTIMEO, struct timeval {long tv_sec, tv_usec}.
// The zero value is none.
type timeout struct {
	sec, usec int64
	nowait    bool // the time was negative: the calls do not wait; it reads as 0
}

// timeoutRules are how a personality takes a struct timeval.
type timeoutRules struct {
	tick     int64       // microseconds; a time is rounded up to a multiple
	most     int64       // from so many seconds on it is too long
	tooLong  errno.Errno // the answer to that; 0: there is no time-out
	negative errno.Errno // the answer to tv_sec < 0; 0: the calls do not wait
}

// linuxTimeouts: Linux net/core/sock.c sock_set_timeout.
var linuxTimeouts = timeoutRules{tick: 1e6 / linuxTick, most: math.MaxInt64/linuxTick - 1}

// posixTimeouts: POSIX wants 31 days at least and EDOM for what is too long.
var posixTimeouts = timeoutRules{tick: 1, most: math.MaxInt64 / int64(time.Second), tooLong: errno.EDOM, negative: errno.EDOM}

// take makes a time-out of a struct timeval.
func (r timeoutRules) take(sec, usec int64) (timeout, errno.Errno) {
	const second = 1e6
	switch {
	case usec < 0 || usec >= second:
		return timeout{}, errno.EDOM
	case sec < 0:
		return timeout{nowait: true}, r.negative
	case sec >= r.most:
		return timeout{}, r.tooLong
	}
	usec = (usec + r.tick - 1) / r.tick * r.tick
	return timeout{sec: sec + usec/second, usec: usec % second}, 0
}

// duration is the time to wait; 0 for no time-out.
func (t timeout) duration() time.Duration {
	if t.sec >= math.MaxInt64/int64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(t.sec)*time.Second + time.Duration(t.usec)*time.Microsecond
}

func receiving(o *options) *timeout { return &o.recv }
func sending(o *options) *timeout   { return &o.send }

func timeoutOption(name string, side func(*options) *timeout, rules timeoutRules) Option {
	return Option{Name: name, Kind: OptionRecord,
		get: func(e *end, room int) reply {
			o := e.view()
			t := side(&o)
			b := binary.LittleEndian.AppendUint64(nil, uint64(t.sec))
			return cut(binary.LittleEndian.AppendUint64(b, uint64(t.usec)), room)
		},
		set: func(s *setting) errno.Errno {
			b, err := s.atLeast(16)
			if err != 0 {
				return err
			}
			t, err := rules.take(int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint64(b[8:])))
			if err == 0 {
				*side(s.end.opts()) = t
			}
			return err
		}}
}

// recvTimeout is how long a receive waits; 0 is for ever.
func (e *end) recvTimeout() time.Duration {
	if e.options == nil {
		return 0
	}
	return e.options.recv.duration()
}

// sendTimeout is how long a send waits; 0 is for ever.
func (e *end) sendTimeout() time.Duration {
	if e.options == nil {
		return 0
	}
	return e.options.send.duration()
}

// recvNonblock: a negative SO_RCVTIMEO acts as O_NONBLOCK does.
func (e *end) recvNonblock() bool { return e.options != nil && e.options.recv.nowait }

// sendNonblock: a negative SO_SNDTIMEO acts as O_NONBLOCK does.
func (e *end) sendNonblock() bool { return e.options != nil && e.options.send.nowait }

// stamps is the state that the options for time stamps share.
type stamps uint8

const (
	stampOn   stamps = 1 << iota
	stampNano        // struct timespec, not timeval
	stampNew         // the layout of the NEW options
)

// stampOption is one of the four SO_TIMESTAMP options: setting one sets the
// whole state, clearing any clears it. Of the NEW ones SO_TIMESTAMP_NEW does
// not tell whether it was SO_TIMESTAMPNS_NEW.
func stampOption(name string, state stamps) Option {
	told := state | stampNew | stampNano
	if state == stampOn|stampNew {
		told = stampOn | stampNew
	}
	return Option{Name: name, Kind: OptionFlag,
		value: func(e *end) int {
			if e.view().stamp&told == state {
				return 1
			}
			return 0
		},
		store: func(e *end, v int) {
			if v != 0 {
				e.opts().stamp = state
			} else {
				e.opts().stamp &^= stampOn | stampNano
			}
		}}
}

// stampingOption is SO_TIMESTAMPING, struct so_timestamping {int flags,
// bind_phc}. The NEW one shows the flags only while the layout is new.
// Linux net/core/sock.c sock_set_timestamping.
func stampingOption(name string, layout stamps) Option {
	return Option{Name: name, Kind: OptionRecord,
		get: func(e *end, room int) reply {
			o := e.view()
			if layout == stampNew && o.stamp&stampNew == 0 {
				return cut(words(0, 0), room)
			}
			return cut(words(o.stamping, 0), room)
		},
		set: func(s *setting) errno.Errno {
			const optID, tsOnly, optStats, bindPHC, optIDTCP, known = 1 << 7, 1 << 11, 1 << 12, 1 << 15, 1 << 16, 1<<19 - 1
			if s.n == 8 { // the struct; else the flags alone count
				if _, err := s.mem.first(8); err != 0 {
					return err
				}
			}
			o, flags := s.end.opts(), s.first
			switch {
			case flags&^known != 0,
				flags&optIDTCP != 0 && flags&optID == 0,
				flags&optStats != 0 && flags&tsOnly == 0:
				return errno.EINVAL
			case flags&bindPHC != 0 && !deviceExists(s.end.number(SO_BINDTOIFINDEX)):
				return errno.EOPNOTSUPP
			case flags&bindPHC != 0: // and the loopback device has no such clock
				return errno.EINVAL
			}
			o.stamping = flags
			o.stamp = o.stamp&^stampNew | layout
			return 0
		}}
}

// accepting is SO_ACCEPTCONN: 1 for a socket that listens.
func accepting(e *end) int {
	if e.listening() {
		return 1
	}
	return 0
}
