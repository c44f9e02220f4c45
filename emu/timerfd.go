package emu

import (
	"math"
	"time"

	"sockpair/errno"
)

// The calls on timers that are descriptors. What a timer does is in timer.go.
//
// Linux fs/timerfd.c.

// The clocks of TimerfdCreate. CLOCK_MONOTONIC and CLOCK_BOOTTIME show how long
// the machine has existed (System.Uptime): it never sleeps.
const (
	CLOCK_REALTIME       = 0
	CLOCK_MONOTONIC      = 1
	CLOCK_BOOTTIME       = 7
	CLOCK_REALTIME_ALARM = 8
	CLOCK_BOOTTIME_ALARM = 9
)

// Flags of TimerfdCreate and TimerfdSettime, and the request of Ioctl that sets
// the number of expirations (8 bytes).
const (
	TFD_NONBLOCK = O_NONBLOCK
	TFD_CLOEXEC  = O_CLOEXEC

	TFD_TIMER_ABSTIME       = 1
	TFD_TIMER_CANCEL_ON_SET = 2 // no clock is ever set here

	TFD_IOC_SET_TICKS = 0x40085400
)

// Timespec is a time: seconds, and nanoseconds below 1e9.
type Timespec struct{ Sec, Nsec int64 }

// timespecOf is a time as it is counted here, in nanoseconds.
func timespecOf(ns int64) Timespec { return Timespec{Sec: ns / 1e9, Nsec: ns % 1e9} }

func (t Timespec) valid() bool { return t.Sec >= 0 && t.Nsec >= 0 && t.Nsec < 1e9 }

// nanoseconds are cut at the last that can be counted.
// Linux include/linux/ktime.h ktime_set.
func (t Timespec) nanoseconds() int64 {
	const second = int64(time.Second)
	if t.Sec >= math.MaxInt64/second {
		return math.MaxInt64
	}
	return t.Sec*second + t.Nsec
}

// ItimerSpec is when a timer expires first, and after how long again: 0 for never.
type ItimerSpec struct{ Interval, Value Timespec }

// Uptime is how long the machine has existed: what CLOCK_MONOTONIC shows.
func (s *System) Uptime() time.Duration { return s.seam.clock.Now().Sub(s.made) }

// TimerfdCreate makes a timer of a clock, which is not running.
//
// EINVAL: flags other than TFD_NONBLOCK and TFD_CLOEXEC, or another clock;
// EPERM: a clock of alarms, for all but user 0. EMFILE; ENFILE.
//
// Source: Linux fs/timerfd.c timerfd_create; POSIX has none.
func (p *Process) TimerfdCreate(clock, flags int) (int, error) {
	return p.observe("timerfd_create", func() []any { return []any{ClockID(clock), TimerfdFlags(flags)} },
		func() (int, errno.Errno) {
			if flags&^(TFD_NONBLOCK|TFD_CLOEXEC) != 0 {
				return -1, errno.EINVAL
			}
			switch clock {
			case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME:
			case CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM:
				if p.Cred().Uid != 0 {
					return -1, errno.EPERM
				}
			default:
				return -1, errno.EINVAL
			}
			t := &timer{clock: clock}
			t.file.lock, t.file.besides, t.file.status = &t.mu, &besides{object: t}, O_RDWR|flags&O_NONBLOCK
			return p.openNew(&t.file, flags)
		})
}

// TimerfdSettime starts the timer anew, or stops it when to.Value is 0: what it
// has counted is lost. With TFD_TIMER_ABSTIME to.Value is a time of its clock,
// else from now on. A non-nil old gets what TimerfdGettime would have told.
//
// EFAULT: to is nil; EINVAL: other flags than TFD_TIMER_ABSTIME and
// TFD_TIMER_CANCEL_ON_SET, or a time that is none; EBADF; EINVAL: fd is no
// timer; EPERM: a clock of alarms, for all but user 0.
//
// Source: Linux fs/timerfd.c timerfd_settime.
func (p *Process) TimerfdSettime(fd, flags int, to, old *ItimerSpec) error {
	return p.observe1("timerfd_settime", func() []any { return []any{Fd(fd), TimerFlags(flags), to, old} },
		func() errno.Errno { return p.timerfdSettime(fd, flags, to, old) })
}

func (p *Process) timerfdSettime(fd, flags int, to, old *ItimerSpec) errno.Errno {
	switch {
	case to == nil:
		return errno.EFAULT
	case flags&^(TFD_TIMER_ABSTIME|TFD_TIMER_CANCEL_ON_SET) != 0, !to.Value.valid(), !to.Interval.valid():
		return errno.EINVAL
	}
	t, err := p.lockTimer(fd)
	if err != 0 {
		return err
	}
	defer t.mu.Unlock()
	if t.alarm() && p.Cred().Uid != 0 {
		return errno.EPERM
	}
	before := t.set(flags, *to)
	if old != nil {
		*old = before
	}
	return 0
}

// TimerfdGettime tells how long it is until the timer expires next, 0 when it
// is not running, and its interval.
//
// EBADF; EINVAL: fd is no timer; EFAULT: now is nil.
//
// Source: Linux fs/timerfd.c timerfd_gettime.
func (p *Process) TimerfdGettime(fd int, now *ItimerSpec) error {
	return p.observe1("timerfd_gettime", func() []any { return []any{Fd(fd), now} },
		func() errno.Errno {
			t, err := p.lockTimer(fd)
			if err != 0 {
				return err
			}
			defer t.mu.Unlock()
			t.catchUp()
			if t.expired && t.interval > 0 {
				t.restart()
			}
			if now == nil {
				return errno.EFAULT
			}
			*now = t.spec()
			return 0
		})
}

// lockTimer finds the timer of fd and locks it. EBADF; EINVAL: it is none.
func (p *Process) lockTimer(fd int) (*timer, errno.Errno) {
	f, err := p.lockFile(fd)
	if err != 0 {
		return nil, err
	}
	t, ok := f.object.(*timer)
	if !ok {
		f.lock.Unlock()
		return nil, errno.EINVAL
	}
	return t, 0
}
