package program

import (
	"fmt"
	"time"

	"sockpair/emu"
)

// epoll and select, which a replay.Process need not have.

// poller is what those calls are made on.
type poller interface {
	EpollCreate1(flags int) (int, error)
	EpollCtl(epfd, op, fd int, event *emu.EpollEvent) error
	EpollWait(epfd int, events []emu.EpollEvent, timeout int) (int, error)
	Select(nfds int, read, write, except *emu.FdSet, timeout *time.Duration) (int, error)
}

func runPoller(p poller, c Call) (n int, out string, err error) {
	switch c.Name {
	case "epoll_create1": // flags
		n, err = p.EpollCreate1(c.arg(0))
	case "epoll_ctl": // operation, descriptor, events, datum; fewer: no event
		var event *emu.EpollEvent
		if len(c.Args) > 2 {
			event = &emu.EpollEvent{Events: uint32(c.arg(2)), Data: uint64(c.arg(3))}
		}
		err = p.EpollCtl(c.Fd, c.arg(0), c.arg(1), event)
	case "epoll_wait": // room for events, time-out
		events := make([]emu.EpollEvent, max(0, c.arg(0)))
		n, err = p.EpollWait(c.Fd, events, c.arg(1))
		for _, e := range events[:max(0, min(n, len(events)))] {
			out += fmt.Sprintf("{%#x, %d}", e.Events, e.Data)
		}
	case "select": // number of descriptors, time-out in milliseconds; Polls say which
		sets := c.fdSets()
		var limit *time.Duration
		if d := time.Duration(c.arg(1)) * time.Millisecond; d >= 0 {
			limit = &d
		}
		n, err = p.Select(c.arg(0), &sets[0], &sets[1], &sets[2], limit)
		for fd := 0; fd < 1024 && err == nil; fd++ {
			if sets[0].IsSet(fd) || sets[1].IsSet(fd) || sets[2].IsSet(fd) {
				out += fmt.Sprintf("{%d: %v %v %v}", fd, sets[0].IsSet(fd), sets[1].IsSet(fd), sets[2].IsSet(fd))
			}
		}
	}
	return n, out, err
}

// fdSets are the sets of select: readable, writable, exceptional.
func (c Call) fdSets() (sets [3]emu.FdSet) {
	for _, f := range c.Polls {
		for i, event := range []int16{emu.POLLIN, emu.POLLOUT, emu.POLLPRI} {
			if f.Events&event != 0 {
				sets[i].Set(f.Fd)
			}
		}
	}
	return sets
}

// readiness is a call of epoll or select.
func (g *Generator) readiness() Call {
	wait := 0
	if g.Blocking && g.chance(3) {
		wait = -1
	}
	epfd := 3 + g.From.Intn(8)
	switch g.From.Intn(10) {
	case 0, 1:
		return Call{Name: "epoll_create1", Args: []int{pick(g.From, []int{0, 0, emu.O_CLOEXEC, 1})}}
	case 2, 3, 4, 5:
		c := Call{Name: "epoll_ctl", Fd: epfd, Args: []int{pick(g.From, []int{1, 1, 1, 2, 3, 3, 4}), g.fd()}}
		if !g.chance(20) {
			events := int(emu.POLLIN | emu.POLLOUT | emu.POLLRDHUP)
			for g.chance(2) {
				events ^= 1 << g.From.Intn(15)
			}
			events |= pick(g.From, []int{0, 0, -1 << 31, 1 << 30, 1 << 28, -1<<31 | 1<<28, 1 << 29})
			c.Args = append(c.Args, events, g.From.Intn(100))
		}
		return c
	case 6, 7, 8:
		return Call{Name: "epoll_wait", Fd: epfd, Args: []int{pick(g.From, []int{8, 8, 8, 1, 0}), wait}}
	}
	c := g.poll()
	c.Name, c.Args = "select", []int{pick(g.From, []int{10, 10, 4, 1024, 2000, 0, -1}), wait}
	if g.chance(2) {
		c.Polls = append(c.Polls, emu.PollFd{Fd: 4, Events: emu.POLLIN | emu.POLLPRI})
	}
	for i := range c.Polls {
		c.Polls[i].Fd = max(0, c.Polls[i].Fd)
	}
	return c
}

// printPoller prints those calls.
func (c Call) printPoller() []string {
	n := func(i int) string { return fmt.Sprint(c.arg(i)) }
	fd := fmt.Sprint(c.Fd)
	switch c.Name {
	case "epoll_create1":
		return []string{openFlags.String(c.arg(0))}
	case "epoll_ctl":
		op := names{1: "EPOLL_CTL_ADD", 2: "EPOLL_CTL_DEL", 3: "EPOLL_CTL_MOD"}.name(c.arg(0))
		if len(c.Args) < 3 {
			return []string{fd, op, n(1), "NULL"}
		}
		return []string{fd, op, n(1), fmt.Sprintf("{events=%s, data=%d}", epollEvents.String(c.arg(2)), c.arg(3))}
	case "epoll_wait":
		return []string{fd, "...", n(0), n(1)}
	}
	sets := c.fdSets()
	args := []string{n(0)}
	for _, s := range sets {
		list := []int{}
		for fd := range 1024 {
			if s.IsSet(fd) {
				list = append(list, fd)
			}
		}
		args = append(args, fmt.Sprint(list))
	}
	return append(args, fmt.Sprintf("%d ms", c.arg(1)))
}

var epollEvents = append(pollEvents[:len(pollEvents):len(pollEvents)], bits{{1 << 28, "EPOLLEXCLUSIVE"}, {1 << 29, "EPOLLWAKEUP"},
	{1 << 30, "EPOLLONESHOT"}, {-1 << 31, "EPOLLET"}}...)
