package emu

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// after is a timer's time: first after value, then after each interval.
func after(value, interval time.Duration) *ItimerSpec {
	return &ItimerSpec{Interval: timespecOf(int64(interval)), Value: timespecOf(int64(value))}
}

// timerProg is a program with a timer on a clock that stands still.
func timerProg(t *testing.T, clock int) (prog, *ManualClock, int) {
	t.Helper()
	now := NewManualClock(time.Unix(1_000_000, 0))
	p := newProg(t, Config{Clock: now})
	fd, err := p.TimerfdCreate(clock, TFD_NONBLOCK)
	require.NoError(t, err)
	return p, now, fd
}

// shows is what TimerfdGettime tells.
func (p prog) shows(fd int, want *ItimerSpec) {
	p.t.Helper()
	var got ItimerSpec
	require.NoError(p.t, p.TimerfdGettime(fd, &got))
	equal(p.t, "TimerfdGettime", got, *want)
}

func TestTimerfdErrorsInOrder(t *testing.T) {
	p := newProg(t, Config{UID: 7})
	fails(t, "TimerfdCreate with a flag", errno.EINVAL)(p.TimerfdCreate(CLOCK_BOOTTIME_ALARM, 1))
	for _, clock := range []int{-1, 2, 3, 4, 5, 6, 10, 11, 12} {
		fails(t, "TimerfdCreate of another clock", errno.EINVAL)(p.TimerfdCreate(clock, 0))
	}
	fails(t, "TimerfdCreate of an alarm", errno.EPERM)(p.TimerfdCreate(CLOCK_REALTIME_ALARM, 0))
	gives(t, "TimerfdCreate", 0)(p.TimerfdCreate(CLOCK_BOOTTIME, TFD_CLOEXEC))
	gives(t, "F_GETFD", FD_CLOEXEC)(p.Fcntl(0, F_GETFD, 0))
	other := p.eventfd(0, 0)
	bad := &ItimerSpec{Value: Timespec{Sec: 1, Nsec: 1e9}}
	says(t, "no new time", errno.EFAULT)(p.TimerfdSettime(-1, 8, nil, nil))
	says(t, "a flag", errno.EINVAL)(p.TimerfdSettime(-1, 4, after(1, 0), nil))
	for _, spec := range []*ItimerSpec{bad, {Value: Timespec{Sec: -1}}, {Interval: Timespec{Nsec: -1}}} {
		says(t, "no time", errno.EINVAL)(p.TimerfdSettime(-1, 0, spec, nil))
	}
	says(t, "no descriptor", errno.EBADF)(p.TimerfdSettime(-1, 0, after(1, 0), nil))
	says(t, "no timer", errno.EINVAL)(p.TimerfdSettime(other, 0, after(1, 0), nil))
	says(t, "no descriptor", errno.EBADF)(p.TimerfdGettime(-1, nil))
	says(t, "no timer", errno.EINVAL)(p.TimerfdGettime(other, nil))
	says(t, "nowhere to put it", errno.EFAULT)(p.TimerfdGettime(0, nil))
	fails(t, "Read of 7 bytes", errno.EINVAL)(p.Read(0, make([]byte, 7)))
	fails(t, "Write", errno.EINVAL)(p.Write(0, eight(1)))
	fails(t, "Writev of nothing", errno.EINVAL)(p.Writev(0, nil))
	gives(t, "Readv of nothing", 0)(p.Readv(0, nil))
	fails(t, "Ioctl", errno.ENOTTY)(p.Ioctl(0, FIONREAD, make([]byte, 4)))
	fails(t, "TFD_IOC_SET_TICKS", errno.EFAULT)(p.Ioctl(0, TFD_IOC_SET_TICKS, make([]byte, 4)))
	fails(t, "TFD_IOC_SET_TICKS", errno.EINVAL)(p.Ioctl(0, TFD_IOC_SET_TICKS, make([]byte, 8)))
}

// TestTimerIsReadIntoWhatMemoryThereIs: of a buffer that is bad further on the
// bytes before count, and the expirations are gone. [K]
func TestTimerIsReadIntoWhatMemoryThereIs(t *testing.T) {
	p, now, fd := timerProg(t, CLOCK_MONOTONIC)
	for n := range 9 {
		require.NoError(t, p.TimerfdSettime(fd, 0, after(time.Second, 0), nil))
		now.Advance(time.Second)
		b := make([]byte, 8)
		got, err := p.Readv(fd, [][]byte{b[:n], BadAddress(500)})
		if n == 0 {
			fails(t, "Readv into nothing", errno.EFAULT)(got, err)
		} else {
			gives(t, "Readv", n)(got, err)
			equal(t, "the first byte", b[0], 1)
		}
		fails(t, "Read after it", errno.EAGAIN)(p.Read(fd, b))
	}
}

// TestTimerCountsExpirations: a timer with an interval counts what it has missed when it is read.
func TestTimerCountsExpirations(t *testing.T) {
	for _, clock := range []int{CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM} {
		p, now, fd := timerProg(t, clock)
		fails(t, "Read before", errno.EAGAIN)(p.Read(fd, make([]byte, 8)))
		require.NoError(t, p.TimerfdSettime(fd, 0, after(10*time.Second, 3*time.Second), nil))
		now.Advance(10*time.Second - 1)
		equal(t, "Poll before", p.revents(fd), 0)
		p.shows(fd, after(1, 3*time.Second))
		now.Advance(1)
		equal(t, "Poll", p.revents(fd), POLLIN)
		p.takes(fd, 1)
		now.Advance(7 * time.Second)
		p.takes(fd, 2)
		p.shows(fd, after(2*time.Second, 3*time.Second))
		now.Advance(2 * time.Second)
		p.shows(fd, after(3*time.Second, 3*time.Second)) // it asks, so the timer runs on
		now.Advance(3 * time.Second)
		p.takes(fd, 2)
		require.NoError(t, p.Close(fd))
		_, pending := now.Next()
		equal(t, "a ring is pending after close", pending, false)
	}
}

// TestTimerIsSetAnew: setting tells the old time, and what was counted is lost.
func TestTimerIsSetAnew(t *testing.T) {
	p, now, fd := timerProg(t, CLOCK_MONOTONIC)
	var old ItimerSpec
	require.NoError(t, p.TimerfdSettime(fd, 0, after(time.Second, time.Minute), &old))
	equal(t, "old", old, ItimerSpec{})
	now.Advance(90 * time.Second)
	equal(t, "Poll", p.revents(fd), POLLIN)
	require.NoError(t, p.TimerfdSettime(fd, 0, after(0, 5*time.Second), &old))
	equal(t, "old", old, *after(31*time.Second, time.Minute))
	equal(t, "Poll of a stopped timer", p.revents(fd), 0)
	p.shows(fd, after(0, 5*time.Second))

	require.NoError(t, p.TimerfdSettime(fd, TFD_TIMER_ABSTIME|TFD_TIMER_CANCEL_ON_SET, after(80*time.Second, 4*time.Second), nil))
	p.takes(fd, 3) // at 80, 84 and 88 of 90 seconds
	require.NoError(t, p.TimerfdSettime(fd, 0, &ItimerSpec{Value: Timespec{Sec: math.MaxInt64}, Interval: Timespec{Sec: math.MaxInt64}}, nil))
	p.shows(fd, after(math.MaxInt64-90*time.Second, math.MaxInt64))
}

// TestTimerWithoutInterval expires once; an alarm that is stopped goes on telling its time (measured).
func TestTimerWithoutInterval(t *testing.T) {
	p, now, fd := timerProg(t, CLOCK_REALTIME_ALARM)
	require.NoError(t, p.TimerfdSettime(fd, 0, after(time.Second, 0), nil))
	now.Advance(time.Hour)
	p.shows(fd, after(0, 0))
	p.takes(fd, 1)
	fails(t, "Read again", errno.EAGAIN)(p.Read(fd, make([]byte, 8)))
	require.NoError(t, p.TimerfdSettime(fd, 0, after(time.Second, 0), nil))
	require.NoError(t, p.TimerfdSettime(fd, 0, after(0, 0), nil))
	p.shows(fd, after(time.Second, 0))
	now.Advance(time.Hour)
	equal(t, "Poll of a stopped timer", p.revents(fd), 0)
	require.NoError(t, p.TimerfdSettime(fd, 0, after(0, 0), nil))

	for _, ticks := range []uint64{7, 1 << 63} {
		gives(t, "TFD_IOC_SET_TICKS", 0)(p.Ioctl(fd, TFD_IOC_SET_TICKS, eight(ticks)))
		equal(t, "Poll", p.revents(fd), POLLIN)
		p.takes(fd, ticks)
	}
	require.NoError(t, p.Setuid(7))
	says(t, "another user's alarm", errno.EPERM)(p.TimerfdSettime(fd, 0, after(1, 0), nil))
	p.shows(fd, after(0, 0))
}

// TestTimerWakes: epoll, poll and reads wait for an expiration; all readers try, one gets it.
func TestTimerWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		fd, err := p.TimerfdCreate(CLOCK_MONOTONIC, 0)
		require.NoError(t, err)
		edge := epollOn(t, p.Process, fd, POLLIN|EPOLLET)
		begun := time.Now()
		require.NoError(t, p.TimerfdSettime(fd, 0, after(time.Hour, time.Minute), nil))
		gives(t, "EpollWait", 1)(p.EpollWait(edge, make([]EpollEvent, 1), -1))
		equal(t, "the first", time.Since(begun), time.Hour)
		time.Sleep(time.Hour)
		equal(t, "events while it stands still", gathered(t, p.Process, edge)[uint64(fd)], 0)
		p.takes(fd, 61)
		gives(t, "Poll", 1)(p.Poll([]PollFd{{Fd: fd, Events: POLLIN}}, -1))
		equal(t, "the next", time.Since(begun), 2*time.Hour+time.Minute)
		p.takes(fd, 1)
		got := make(chan time.Duration, 2)
		for range 2 {
			go func() {
				p.takes(fd, 1)
				got <- time.Since(begun)
			}()
		}
		equal(t, "one reader", <-got, 2*time.Hour+2*time.Minute)
		equal(t, "the other", <-got, 2*time.Hour+3*time.Minute)
	})
}

// TestTimerEndsWithItsProcess: the end of a process takes the ring back.
func TestTimerEndsWithItsProcess(t *testing.T) {
	p, now, fd := timerProg(t, CLOCK_BOOTTIME)
	require.NoError(t, p.TimerfdSettime(fd, 0, after(time.Hour, time.Hour), nil))
	_, pending := now.Next()
	equal(t, "a ring is pending", pending, true)
	p.Exit(0)
	_, pending = now.Next()
	equal(t, "a ring is pending after exit", pending, false)
}
