//go:build unix

package unixemu

import (
	"math"
	"time"

	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func (p *Process) Poll(fds []unix.PollFd, timeout int) (n int, err error) {
	return poll(fds, func(list []emu.PollFd) (int, error) { return p.emulated.Poll(list, timeout) })
}

// poll makes a call with the entries of fds, and stores what it says of them.
func poll(fds []unix.PollFd, call func([]emu.PollFd) (int, error)) (int, error) {
	list := make([]emu.PollFd, len(fds))
	for i, f := range fds {
		list[i] = emu.PollFd{Fd: int(f.Fd), Events: int16(pollEvents.bitsToEmu(int(uint16(f.Events))))}
	}
	n, err := call(list)
	if err != nil {
		return -1, hostError(err)
	}
	for i, f := range list {
		put(&fds[i].Revents, int64(pollEvents.bitsToHost(int(uint16(f.Revents)))))
	}
	return n, nil
}

func (p *Process) Select(nfd int, r, w, e *unix.FdSet, timeout *unix.Timeval) (n int, err error) {
	var limit *time.Duration
	if timeout != nil {
		sec, usec := int64(timeout.Sec), int64(timeout.Usec)
		if carriesSeconds && usec >= 1e6 {
			sec, usec = sec+usec/1e6, usec%1e6
		}
		limit = duration(sec, usec, 1e6)
	}
	return sets(nfd, []*unix.FdSet{r, w, e}, func(r, w, e *emu.FdSet) (int, error) { return p.emulated.Select(nfd, r, w, e, limit) })
}

// sets makes a call with three sets, which it changes only when it succeeds.
func sets(nfd int, host []*unix.FdSet, call func(r, w, e *emu.FdSet) (int, error)) (int, error) {
	var own [3]*emu.FdSet
	bits := min(nfd, setSize)
	for i, set := range host {
		if set == nil {
			continue
		}
		own[i] = new(emu.FdSet)
		for fd := range bits {
			if set.IsSet(fd) {
				own[i].Set(fd)
			}
		}
	}
	n, err := call(own[0], own[1], own[2])
	if err != nil {
		return -1, hostError(err)
	}
	for i, set := range host {
		for fd := 0; set != nil && fd < bits; fd++ {
			if !own[i].IsSet(fd) {
				set.Clear(fd)
			}
		}
	}
	return n, nil
}

// setSize is how many descriptors a set of the machine holds, which no set of a
// host falls short of.
const setSize = len(emu.FdSet{}) * 64

// duration is a time of seconds and a fraction, of which unit make a second. What
// is no time is a negative one, which the machine refuses with EINVAL; what is
// longer than 292 years is that long.
func duration(sec, fraction, unit int64) *time.Duration {
	d := time.Duration(-1)
	switch {
	case sec < 0 || fraction < 0 || fraction >= unit:
	case sec > math.MaxInt64/int64(time.Second)-1:
		d = math.MaxInt64
	default:
		d = time.Duration(sec)*time.Second + time.Duration(fraction)*(time.Second/time.Duration(unit))
	}
	return &d
}

// timespec is duration for a time-out that may be missing.
func timespec(ts *unix.Timespec) *time.Duration {
	if ts == nil {
		return nil
	}
	return duration(int64(ts.Sec), int64(ts.Nsec), 1e9)
}
