package emu

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var firstWaits = flag.Int("firstwait.rounds", 400, "how often each call waits on new objects")

// meeting is a call that waits for the first time on objects that are new, and
// what ends the wait, at the same time.
type meeting struct {
	wait, wake func()
}

// TestTheFirstWaitMeetsItsWakeUp: whatever comes first of a call that begins to
// wait and of what ends its wait, the call returns. Objects that are new have
// not yet what others find them by.
func TestTheFirstWaitMeetsItsWakeUp(t *testing.T) {
	for name, meet := range firstMeetings {
		t.Run(name, func(t *testing.T) {
			sys := newMachine(t, Config{})
			for range *firstWaits {
				p := sys.NewProcess()
				p.Signal(SIGPIPE, SIG_IGN)
				m := meet(p)
				var begun atomic.Bool
				var waker sync.WaitGroup
				waker.Go(func() {
					for !begun.Load() {
						runtime.Gosched()
					}
					for range rand.IntN(1 + rand.IntN(2000)) {
						begun.Load()
					}
					m.wake()
				})
				begun.Store(true)
				m.wait()
				waker.Wait()
				p.Exit(0)
			}
			equal(t, "Blocked()", sys.Blocked(), 0)
		})
	}
}

var firstMeetings = map[string]func(p *Process) meeting{
	"read, write": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		return meeting{func() { p.Read(a, make1(1)) }, func() { p.Write(b, make1(1)) }}
	},
	"read, exit": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_SEQPACKET)
		return meeting{func() { p.Read(a, make1(1)) }, func() { p.Exit(0) }}
	},
	"read, end of its task": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM)
		task := p.Thread()
		return meeting{func() { task.Read(a, make1(1)) }, func() { task.ExitThread() }}
	},
	"read, exec": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM)
		task := p.Thread()
		return meeting{func() { task.Read(a, make1(1)) }, func() { p.Exec() }}
	},
	"read, close and kill": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM)
		p.Dup(a)
		return meeting{func() { p.Thread().Read(a, make1(1)) }, func() { p.Close(a); p.Exit(0) }}
	},
	"read, close of both": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		task := p.Thread()
		return meeting{func() { task.Read(a, make1(1)) }, func() { p.Close(a); p.Close(b) }}
	},
	"read, end of a child that has it open": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		child, _ := p.Fork()
		return meeting{func() { p.Read(a, make1(1)) }, func() { p.Close(b); child.Exit(0); p.Close(a) }}
	},
	"read, a handler and its signal": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_DGRAM)
		task := p.Thread()
		return meeting{func() { task.Read(a, make1(1)) }, func() {
			p.Sigaction(SIGUSR1, &SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) {}}, nil)
			for tid := task.Gettid(); !task.over(); runtime.Gosched() { // a signal before the call ends none
				p.Tgkill(p.Getpid(), tid, SIGUSR1)
				if p.sys.Blocked() == 0 {
					p.Exit(0)
				}
			}
		}}
	},
	"read, a shutdown": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		return meeting{func() { p.Read(a, make1(1)) }, func() { p.Shutdown(b, SHUT_WR) }}
	},
	"a time-out, a write": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		p.SetsockoptTimeval(a, SOL_SOCKET, SO_RCVTIMEO, time.Microsecond)
		return meeting{func() { p.Read(a, make1(1)) }, func() { p.Write(b, make1(1)) }}
	},
	"write of much, reads": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		p.SetsockoptInt(a, SOL_SOCKET, SO_SNDBUF, 1)
		return meeting{func() { p.Write(a, make1(20_000)) }, func() { p.Recv(b, make1(20_000), MSG_WAITALL) }}
	},
	"gate, close": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		return meeting{gateRead(p, a, new(Poller)), func() { p.Close(b) }}
	},
	"gate, Rouse": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM)
		w := new(Poller)
		return meeting{gateRead(p, a, w), w.Rouse}
	},
	"gate, close of its descriptor": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM)
		return meeting{gateRead(p, a, new(Poller)), func() { p.Close(a) }}
	},
	"gate, exit": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM)
		return meeting{gateRead(p, a, new(Poller)), func() { p.Exit(0) }}
	},
	"Poller, Rouse": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
		w := new(Poller)
		return meeting{armed(p, w, a), w.Rouse}
	},
	"Poller, write": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
		return meeting{armed(p, new(Poller), a), func() { p.Write(b, make1(1)) }}
	},
	"Poller, close of its descriptor": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
		return meeting{armed(p, new(Poller), a), func() { p.Close(a) }}
	},
	"Poller, exit": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
		return meeting{armed(p, new(Poller), a), func() { p.Exit(0) }}
	},
	"poll, write": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_DGRAM)
		return meeting{func() { p.Poll([]PollFd{{Fd: a, Events: POLLIN}}, -1) }, func() { p.Write(b, make1(1)) }}
	},
	"poll, exit": func(p *Process) meeting {
		a, _, _ := p.Pair(SOCK_DGRAM)
		return meeting{func() { p.Poll([]PollFd{{Fd: a, Events: POLLIN}}, -1) }, func() { p.Exit(0) }}
	},
	"epoll, a registration of what is ready": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		p.Write(b, make1(1))
		e, _ := p.EpollCreate1(0)
		return meeting{epollWait(p, e), func() { p.EpollCtl(e, EPOLL_CTL_ADD, a, &EpollEvent{Events: POLLIN | EPOLLET}) }}
	},
	"epoll, a write and a registration": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		e, _ := p.EpollCreate1(0)
		return meeting{func() { p.EpollCtl(e, EPOLL_CTL_ADD, a, &EpollEvent{Events: POLLIN | EPOLLONESHOT}); epollWait(p, e)() },
			func() { p.Write(b, make1(1)) }}
	},
	"epoll in epoll, a write": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_STREAM)
		inner, _ := p.EpollCreate1(0)
		outer, _ := p.EpollCreate1(0)
		p.EpollCtl(outer, EPOLL_CTL_ADD, inner, &EpollEvent{Events: POLLIN | EPOLLET})
		p.EpollCtl(inner, EPOLL_CTL_ADD, a, &EpollEvent{Events: POLLIN})
		return meeting{epollWait(p, outer), func() { p.Write(b, make1(1)) }}
	},
	"two in epoll, two writes": func(p *Process) meeting {
		a, b, _ := p.Pair(SOCK_DGRAM)
		c, d, _ := p.Pair(SOCK_DGRAM)
		e, _ := p.EpollCreate1(0)
		for _, fd := range []int{a, c} {
			p.EpollCtl(e, EPOLL_CTL_ADD, fd, &EpollEvent{Events: POLLIN | EPOLLET})
		}
		var other sync.WaitGroup
		other.Go(epollWait(p.Thread(), e))
		return meeting{func() { epollWait(p, e)(); other.Wait() }, func() { p.Write(b, make1(1)); p.Write(d, make1(1)) }}
	},
	"accept, connect": func(p *Process) meeting {
		l, c := serverOf(p)
		return meeting{func() { p.Accept(l, nil, nil) }, c}
	},
	"accept, shutdown": func(p *Process) meeting {
		l, _ := serverOf(p)
		return meeting{func() { p.Accept(l, nil, nil) }, func() { p.Shutdown(l, SHUT_RD) }}
	},
	"connect, accept": func(p *Process) meeting {
		l, connect := serverOf(p)
		connect()
		return meeting{connect, func() { p.Accept(l, nil, nil) }}
	},
	"connect, close of who listens": func(p *Process) meeting {
		l, connect := serverOf(p)
		connect()
		return meeting{connect, func() { p.Close(l) }}
	},
	"read of a counter, write": func(p *Process) meeting {
		e, _ := p.Eventfd(0, 0)
		return meeting{func() { p.Read(e, make1(8)) }, func() { p.Write(e, []byte{1, 0, 0, 0, 0, 0, 0, 0}) }}
	},
	"read of a timer, its time": func(p *Process) meeting {
		e, _ := p.TimerfdCreate(CLOCK_MONOTONIC, 0)
		return meeting{func() { p.Read(e, make1(8)) }, func() { p.TimerfdSettime(e, 0, &ItimerSpec{Value: Timespec{Nsec: 1000}}, nil) }}
	},
	"read of a pipe, close": func(p *Process) meeting {
		var fds [2]int
		p.Pipe(&fds)
		return meeting{func() { p.Read(fds[0], make1(1)) }, func() { p.Close(fds[1]) }}
	},
	"wait, exit of a child": func(p *Process) meeting {
		child, _ := p.Fork()
		return meeting{func() { p.Wait4(-1, 0) }, func() { child.Exit(0) }}
	},
	"poll of a process, its end": func(p *Process) meeting {
		child, _ := p.Fork()
		fd, _ := p.PidfdOpen(child.Getpid(), 0)
		return meeting{func() { p.Poll([]PollFd{{Fd: fd, Events: POLLIN}}, -1) }, func() { child.Exit(0) }}
	},
	"datagrams to a third, a receive": func(p *Process) meeting {
		l, _ := p.Socket(AF_UNIX, SOCK_DGRAM, 0)
		p.Bind(l, AbstractSockaddr("third"))
		s, _ := p.Socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0)
		for err := error(nil); err == nil; _, err = p.Sendto(s, make1(1), 0, AbstractSockaddr("third")) {
		}
		p.SetNonblock(s, false)
		return meeting{func() { p.Sendto(s, make1(1), 0, AbstractSockaddr("third")) }, func() { p.Read(l, make1(1)) }}
	},
}

// gateRead waits at a gate.
func gateRead(p *Process, fd int, w *Poller) func() {
	var word atomic.Uint32
	g := p.Gate(fd, &word, bitHeld)
	return func() {
		if _, how := g.Read(make1(1), w, bitHeld); how == Begun {
			w.Finish()
		}
	}
}

// armed waits for something to read as a layer on top does, once.
func armed(p *Process, w *Poller, fd int) func() {
	return func() {
		if ready, err := w.Arm(p, fd, POLLIN); err == nil && ready == 0 {
			w.Wait()
		}
		w.Disarm()
	}
}

func epollWait(p *Process, e int) func() {
	return func() { p.EpollWait(e, make([]EpollEvent, 1), -1) }
}

// serverOf makes a socket that listens for one, and a connect to it.
func serverOf(p *Process) (l int, connect func()) {
	l, _ = p.Socket(AF_UNIX, SOCK_STREAM, 0)
	p.Bind(l, AbstractSockaddr("server"))
	p.Listen(l, 0)
	return l, func() {
		c, _ := p.Socket(AF_UNIX, SOCK_STREAM, 0)
		p.Connect(c, AbstractSockaddr("server"))
	}
}
