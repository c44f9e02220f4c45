package program

import (
	"encoding/binary"
	"fmt"
	"math"

	"sockpair/emu"
)

// Counters, timers and processes as descriptors, and the calls on files that
// are about no data. Nothing here depends on time: a timer is set to a time
// that never comes, and expires by TFD_IOC_SET_TICKS.

// runWaitable makes such a call. pid gives the process that a number stands for.
func runWaitable(p Process, c Call, pid func(int) int) (n int, out string, err error) {
	switch c.Name {
	case "eventfd2": // value, flags
		n, err = p.Eventfd(uint(c.arg(0)), c.arg(1))
	case "timerfd_create": // clock, flags
		n, err = p.TimerfdCreate(c.arg(0), c.arg(1))
	case "timerfd_settime", "timerfd_gettime":
		return runTimer(p, c)
	case "pidfd_open": // task, flags
		n, err = p.PidfdOpen(pid(c.arg(0)), c.arg(1))
	case "pidfd_send_signal": // signal, flags
		err = p.PidfdSendSignal(c.Fd, emu.Signal(c.arg(0)), uint(c.arg(1)))
	case "pidfd_getfd": // target, flags
		n, err = p.PidfdGetfd(c.Fd, c.arg(0), c.arg(1))
	case "preadv2", "pwritev2": // offset, flags
		bufs := vector(c.Mem)
		call := p.Preadv2
		if c.Name == "pwritev2" {
			call = p.Pwritev2
		}
		if n, err = call(c.Fd, bufs, int64(c.arg(0)), c.arg(1)); c.Name == "preadv2" {
			out = shownVector(bufs, n)
		}
	case "fstat":
		var st emu.Stat
		if err = p.Fstat(c.Fd, &st); err == nil {
			out = fmt.Sprintf("mode %#o, nlink %d, uid %d, size %d, blksize %d", st.Mode, st.Nlink, st.Uid, st.Size, st.Blksize)
		}
	}
	return n, out, err
}

// runTimer makes a call about the time of a timer. Of what is left it says
// whether there is any.
func runTimer(p Process, c Call) (n int, out string, err error) {
	spec := emu.ItimerSpec{}
	shown := func() string {
		return fmt.Sprintf("interval %v, running %v", spec.Interval, spec.Value != emu.Timespec{})
	}
	if c.Name == "timerfd_gettime" {
		if err = p.TimerfdGettime(c.Fd, &spec); err == nil {
			out = shown()
		}
		return 0, out, err
	}
	// flags, seconds, nanoseconds, those of the interval; fewer: no new time
	var to *emu.ItimerSpec
	if len(c.Args) > 1 {
		to = &emu.ItimerSpec{Value: emu.Timespec{Sec: int64(c.arg(1)), Nsec: int64(c.arg(2))},
			Interval: emu.Timespec{Sec: int64(c.arg(3)), Nsec: int64(c.arg(4))}}
	}
	if err = p.TimerfdSettime(c.Fd, c.arg(0), to, &spec); err == nil {
		out = shown()
	}
	return 0, out, err
}

// runWaitid waits. number gives the number of a process that a program knows.
func runWaitid(p Process, c Call, id int, number func(int) int) (n int, out string, err error) {
	info := emu.Siginfo{Signo: -1} // kind, id, options
	err = p.Waitid(c.arg(0), id, &info, c.arg(2))
	if info.Pid > 0 {
		info.Pid = number(info.Pid)
	}
	return 0, fmt.Sprint(info), err
}

// ownOrNobody is the process that a number stands for in a program of one.
func ownOrNobody(p Process) func(int) int {
	return func(n int) int {
		switch {
		case n <= 0:
			return n
		case n == 1:
			return p.Getpid()
		}
		return nobody
	}
}

// waitables: where only the flags of a call keep it from falling asleep there are none.
func (g *Generator) waitables() bool { return g.Waitables && !g.ByCall }

// beginnings open one of each.
func (g *Generator) beginnings() Program {
	return Program{g.counter(), g.timer(), {Name: "pidfd_open", Args: []int{1, 0}}}
}

func (g *Generator) orWait(flag int) int {
	if g.Blocking && g.chance(2) {
		return 0
	}
	return flag
}

func (g *Generator) counter() Call {
	return Call{Name: "eventfd2", Args: []int{g.From.Intn(4), g.orWait(emu.O_NONBLOCK) | pick(g.From, []int{0, 0, 1, emu.O_CLOEXEC})}}
}

var clocks = []int{0, 1, 1, 7, 8, 9}

func (g *Generator) timer() Call {
	return Call{Name: "timerfd_create", Args: []int{pick(g.From, clocks), g.orWait(emu.O_NONBLOCK) | pick(g.From, []int{0, 0, emu.O_CLOEXEC})}}
}

// eightBytes is what is mostly written to a counter.
func (g *Generator) eightBytes() Mem {
	n := pick(g.From, []uint64{0, 1, 1, 2, 5, 1 << 40, 1<<64 - 2, 1<<64 - 1, 1<<64 - 3})
	return Mem{Data: binary.LittleEndian.AppendUint64(nil, n)}
}

// waitable is a call about counters, timers and processes.
func (g *Generator) waitable() Call {
	fd := g.objectFd()
	switch n := g.From.Intn(40); {
	case n < 2:
		c := g.counter()
		if g.chance(8) {
			c.Args[1] |= pick(g.From, []int{2, emu.O_APPEND, -1 << 31})
		}
		return c
	case n < 4:
		c := g.timer()
		if g.chance(6) {
			c.Args[0] = pick(g.From, []int{-1, 2, 3, 4, 5, 6, 10, 11, 12})
		}
		if g.chance(8) {
			c.Args[1] |= pick(g.From, []int{1, 2, emu.O_APPEND})
		}
		return c
	case n < 7:
		c := Call{Name: "pidfd_open", Args: []int{pick(g.From, []int{1, 1, 1, 2, 3, 4}), pick(g.From, []int{0, 0, emu.O_NONBLOCK, emu.O_EXCL, emu.O_EXCL | emu.O_NONBLOCK})}}
		if g.chance(10) {
			c.Args[g.From.Intn(2)] = pick(g.From, []int{0, -1, 1, 1 << 22})
		}
		return c
	case n < 14:
		return g.settime(fd)
	case n < 16:
		return Call{Name: "timerfd_gettime", Fd: fd}
	case n < 20:
		return Call{Name: "ioctl", Fd: fd, Args: []int{emu.TFD_IOC_SET_TICKS}, Mem: []Mem{g.eightBytes()}}
	case n < 24:
		return Call{Name: "write", Fd: fd, Mem: []Mem{g.eightBytes()}}
	case n < 28:
		return Call{Name: "read", Fd: fd, Mem: []Mem{{Len: pick(g.From, []int{8, 8, 8, 8, 7, 100, 0})}}}
	case n < 30:
		return Call{Name: "fstat", Fd: fd}
	case n < 33:
		return g.positioned(fd)
	case n < 35:
		return g.pidfdSignal(fd)
	case n < 37 && g.single:
		return Call{Name: "pidfd_getfd", Fd: fd, Args: []int{g.fd(), pick(g.From, []int{0, 0, 0, 0, 0, 0, 1})}}
	case n < 38:
		return g.waitid(fd)
	}
	return Call{Name: pick(g.From, []string{"lseek", "ftruncate", "fsync"}), Fd: fd, Args: []int{g.From.Intn(3), g.From.Intn(5)}}
}

// settime sets a timer to a time that never comes, or to none.
func (g *Generator) settime(fd int) Call {
	c := Call{Name: "timerfd_settime", Fd: fd, Args: []int{pick(g.From, []int{0, 0, 1, 2, 3}),
		pick(g.From, []int{0, 0, math.MaxInt32 - 1, math.MaxInt32, math.MaxInt}), 0, pick(g.From, []int{0, 0, 0, 1, math.MaxInt32, math.MaxInt}), pick(g.From, []int{0, 0, 5, 999_999_999})}}
	switch g.From.Intn(20) {
	case 0:
		c.Args = c.Args[:1]
	case 1:
		c.Args[0] = pick(g.From, []int{4, -1, 8})
	case 2:
		c.Args[1+g.From.Intn(4)] = -1
	case 3:
		c.Args[2+2*g.From.Intn(2)] = 1_000_000_000
	}
	return c
}

var rwFlags = []int{0, 0, emu.RWF_NOWAIT, emu.RWF_HIPRI, emu.RWF_SYNC | emu.RWF_DSYNC, emu.RWF_APPEND, emu.RWF_NOAPPEND, emu.RWF_APPEND | emu.RWF_NOAPPEND,
	emu.RWF_ATOMIC, emu.RWF_DONTCACHE, emu.RWF_NOSIGNAL, 0x200, -1}

// positioned is a preadv2 or pwritev2, mostly without a position.
func (g *Generator) positioned(fd int) Call {
	c := Call{Name: pick(g.From, []string{"preadv2", "pwritev2"}), Fd: fd, Args: []int{pick(g.From, []int{-1, -1, -1, -1, 0, 1, -2}), pick(g.From, rwFlags)}, Mem: g.vector()}
	if g.chance(2) {
		c.Mem = []Mem{g.eightBytes()}
	}
	return c
}

// pidfdSignal is a signal that a program of one process outlives.
func (g *Generator) pidfdSignal(fd int) Call {
	sig := pick(g.From, []int{0, 0, int(emu.SIGURG), 65, -1})
	if !g.single {
		sig = g.signal()
	}
	if g.chance(8) {
		fd = pick(g.From, []int{emu.PIDFD_SELF_THREAD, emu.PIDFD_SELF_THREAD_GROUP, -10002})
	}
	return Call{Name: "pidfd_send_signal", Fd: fd, Args: []int{sig, pick(g.From, []int{0, 0, 0, 1, 2, 3, 8})}}
}

func (g *Generator) waitid(fd int) Call {
	options := pick(g.From, []int{emu.WEXITED, emu.WEXITED, emu.WEXITED | emu.WNOWAIT, emu.WEXITED | emu.WUNTRACED, emu.WUNTRACED, emu.WCONTINUED, 0, 0x100})
	c := Call{Name: "waitid", Args: []int{pick(g.From, []int{emu.P_PIDFD, emu.P_PIDFD, emu.P_PIDFD, emu.P_ALL, emu.P_PID, emu.P_PGID, 4, -1}), fd, options | g.orWait(emu.WNOHANG)}}
	switch c.Args[0] {
	case emu.P_PID, emu.P_ALL:
		c.Args[1] = g.somebody() - 1
	case emu.P_PGID:
		c.Args[1] = pick(g.From, []int{0, 0, -1, nobody})
	}
	return c
}

// printWaitable prints those calls.
func (c Call) printWaitable() []string {
	fd, n := fmt.Sprint(c.Fd), func(i int) string { return fmt.Sprint(c.arg(i)) }
	switch c.Name {
	case "eventfd2", "timerfd_create":
		return []string{n(0), fmt.Sprintf("%#x", c.arg(1))}
	case "pidfd_open":
		return []string{fmt.Sprintf("<task %d>", c.arg(0)-1), fmt.Sprintf("%#x", c.arg(1))}
	case "timerfd_settime":
		if len(c.Args) < 2 {
			return []string{fd, n(0), "NULL", "..."}
		}
		return []string{fd, n(0), fmt.Sprintf("{it_interval={tv_sec=%d, tv_nsec=%d}, it_value={tv_sec=%d, tv_nsec=%d}}", c.arg(3), c.arg(4), c.arg(1), c.arg(2)), "..."}
	case "pidfd_send_signal":
		return []string{fd, emu.Signal(c.arg(0)).String(), "NULL", n(1)}
	case "pidfd_getfd":
		return []string{fd, n(0), n(1)}
	case "preadv2", "pwritev2":
		return []string{fd, printVector(c.Mem), fmt.Sprint(len(c.Mem)), n(0), fmt.Sprintf("%#x", uint32(c.arg(1)))}
	case "waitid":
		return []string{n(0), n(1), "...", fmt.Sprintf("%#x", uint32(c.arg(2))), "NULL"}
	}
	return []string{fd, "..."}
}
