package emu

import (
	"encoding/binary"
	"math"
	"sync"
	"time"

	"sockpair/errno"
)

// timer is what is behind a timerfd. It counts its expirations; a read takes
// the count. When a timer with an interval has expired it stands still until
// somebody reads it or asks for its time, and only then the expirations that it
// has missed are counted: nobody is woken for them.
//
// Times are nanoseconds of the timer's clock. The machine's Clock rings when
// the next is due; a call that comes at that instant, before the ring, finds
// it due as well.
//
// Linux fs/timerfd.c.
type timer struct {
	file
	mu       sync.Mutex // the file's lock
	clock    int
	interval int64
	expires  int64       // when it expires, or expired last; 0 when it was stopped
	running  bool        // it will expire
	expired  bool        // it has, since it was set, restarted or read
	ticks    uint64      // expirations that nobody has read
	stop     func() bool // takes the ring back; nil when none was asked for
	rings    uint64      // counts what was asked for: an old ring is not for a new time
	readers  waitQueue
}

var timerTraits = traits{link: "anon_inode:[timerfd]", mode: 0o600, position: errno.ESPIPE, truncate: errno.EINVAL, mute: true}

func (t *timer) traits() *traits { return &timerTraits }

// alarm reports whether the clock is one that would wake a sleeping machine.
func (t *timer) alarm() bool { return t.clock >= CLOCK_REALTIME_ALARM }

// now is what the timer's clock shows.
func (t *timer) now() int64 {
	if t.clock == CLOCK_REALTIME || t.clock == CLOCK_REALTIME_ALARM {
		return t.sys.seam.clock.Now().UnixNano()
	}
	return int64(t.sys.Uptime())
}

// later is the time d after at, at most the last there is.
func later(at, d int64) int64 {
	if d > math.MaxInt64-at {
		return math.MaxInt64
	}
	return at + d
}

// set stops the timer, and starts it when it is given a time. It returns what
// it was set to. Linux timerfd_setup, do_timerfd_settime.
func (t *timer) set(flags int, to ItimerSpec) (before ItimerSpec) {
	t.catchUp()
	t.halt()
	if t.expired && t.interval > 0 {
		t.forward()
	}
	before = t.spec()
	value := to.Value.nanoseconds()
	t.interval, t.ticks, t.expired = to.Interval.nanoseconds(), 0, false
	switch {
	case value == 0 && t.alarm(): // measured: it goes on telling the old time
	case value == 0:
		t.expires = 0
	case flags&TFD_TIMER_ABSTIME != 0:
		t.expires = value
		t.run()
	default:
		t.expires = later(t.now(), value)
		t.run()
	}
	return before
}

// spec is the time that is left, and the interval.
func (t *timer) spec() ItimerSpec {
	return ItimerSpec{Interval: timespecOf(t.interval), Value: timespecOf(max(0, t.expires-t.now()))}
}

// run lets the timer expire at its time, at once when that has passed.
func (t *timer) run() {
	t.running = true
	if t.catchUp(); !t.running {
		return
	}
	t.rings++
	ring := t.rings
	t.stop = t.sys.seam.timerFunc(time.Duration(t.expires-t.now()), func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.rings == ring {
			t.run() // on, where the clock has been set back meanwhile
		}
	})
}

// halt takes the ring back.
func (t *timer) halt() {
	t.running = false
	t.rings++
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

// catchUp lets a timer expire that is due.
func (t *timer) catchUp() {
	if !t.running || t.now() < t.expires {
		return
	}
	t.halt()
	t.expired = true
	t.count(t.ticks + 1)
}

// count sets the number of expirations and tells who waits for one.
func (t *timer) count(ticks uint64) {
	t.ticks = ticks
	t.offerAll(&t.readers, dataArrived)
}

// forward moves the time of expiration beyond now, and returns how many that
// were. Linux kernel/time/hrtimer.c hrtimer_forward.
func (t *timer) forward() uint64 {
	late := t.now() - t.expires
	if late < 0 {
		return 0
	}
	n := late / t.interval
	t.expires = later(t.expires+n*t.interval, t.interval)
	return uint64(n) + 1
}

// restart counts what a timer with an interval has missed, and lets it run on.
func (t *timer) restart() {
	t.expired = false
	if n := t.forward(); n > 0 {
		t.ticks += n - 1
	}
	t.run()
}

// read takes the number of expirations as 8 bytes.
// EINVAL: fewer than 8 bytes of room; EAGAIN: there were none; EINTR; EFAULT:
// no byte could be stored, with the expirations taken. Of a buffer that is bad
// further on, unlike a counter, those before count. Linux timerfd_read_iter.
func (t *timer) read(p *Process, call *recvCall) (int, errno.Errno) {
	if call.want < 8 {
		t.mu.Unlock()
		return -1, errno.EINVAL
	}
	var taken uint64
	take := func() bool {
		t.catchUp()
		if t.ticks == 0 {
			return false
		}
		if t.expired && t.interval > 0 {
			t.restart()
		}
		taken, t.ticks, t.expired = t.ticks, 0, false
		return true
	}
	switch {
	case take():
		t.mu.Unlock()
	case t.status&O_NONBLOCK != 0 || call.nonblock:
		t.mu.Unlock()
		return -1, errno.EAGAIN
	default:
		if err := p.await(&t.file, &t.readers, take); err != 0 {
			return -1, err
		}
	}
	if n := call.good; 0 < n && n < 8 {
		call.vec.CopyFrom(eightBytes(taken)[:n])
		return n, 0
	}
	return call.storeWord(taken)
}

// write: a timer has none.
func (t *timer) write(*Process, *sendCall) (int, errno.Errno) {
	t.mu.Unlock()
	return -1, errno.EINVAL
}

// ioctl does TFD_IOC_SET_TICKS. EFAULT; EINVAL: 0. Linux timerfd_ioctl.
func (t *timer) ioctl(_ *Process, req uint32, arg memory) errno.Errno {
	if req != TFD_IOC_SET_TICKS {
		return errno.ENOTTY
	}
	b, err := arg.first(8)
	if err != 0 {
		return err
	}
	ticks := binary.LittleEndian.Uint64(b)
	if ticks == 0 {
		return errno.EINVAL
	}
	t.catchUp()
	t.count(ticks)
	return 0
}

// readiness: POLLIN when it has expired. Linux timerfd_poll.
func (t *timer) readiness() int16 {
	t.catchUp()
	if t.ticks > 0 {
		return POLLIN
	}
	return 0
}

func (t *timer) destroy() {
	t.halt()
	t.mu.Unlock()
}
