package emu

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"sockpair/errno"

	"github.com/stretchr/testify/require"
)

// lineStory is a scenario of exclusive_test.go: calls of several tasks of one
// process that wait for one description.
type lineStory struct {
	t      *testing.T
	p      *Process
	kind   string
	lo, hi int      // the description, and its other end
	other  *Process // that a pidfd stands for
	ep     [2]int
	tasks  map[string]*Process
	waits  []string    // the calls that have not ended
	ended  chan string // those that have, and how
}

// startLine makes a description of the kind and does the first steps.
func startLine(t *testing.T, kind string, steps ...string) *lineStory {
	sys, err := New(Config{})
	require.NoError(t, err)
	s := &lineStory{t: t, p: sys.NewProcess(), kind: kind, tasks: map[string]*Process{}, ended: make(chan string, 9)}
	t.Cleanup(func() { s.p.Exit(0) })
	handler := SigAction{Disposition: SIG_HANDLE, Flags: SA_RESTART, Handler: func(Signal) {}}
	require.NoError(t, s.p.Sigaction(SIGUSR1, &handler, nil))
	s.open()
	for _, step := range steps {
		s.step(step)
		synctest.Wait()
	}
	return s
}

// tellLine runs a scenario on a description of the kind and tells what came of
// each step, and which calls wait in the end.
func tellLine(t *testing.T, kind string, steps []string) string {
	s := startLine(t, kind)
	var told []string
	for _, step := range steps {
		told = append(told, step+s.step(step)+s.quiet())
		require.NoError(t, s.p.sys.Check(), told)
	}
	if len(s.waits) > 0 {
		told = append(told, "| left:"+strings.Join(s.waits, ","))
	}
	return strings.Join(told, " ")
}

// out reports whether the calls wait for room, of which there is none yet.
func (s *lineStory) out() bool { return strings.HasSuffix(s.kind, "/out") }

// open makes the description.
func (s *lineStory) open() {
	t, p, err := s.t, s.p, error(nil)
	switch kind, _, _ := strings.Cut(s.kind, "/"); kind {
	case "pipe":
		s.lo, s.hi = prog{p, t}.pipe(0)
		if s.out() {
			s.lo, s.hi = s.hi, s.lo
		}
	case "listener":
		s.lo, err = p.Socket(AF_UNIX, SOCK_STREAM, 0)
		require.NoError(t, err)
		require.NoError(t, p.Bind(s.lo, sockaddr(AF_UNIX, "\x00name")))
		require.NoError(t, p.Listen(s.lo, 100))
	case "eventfd":
		s.lo, err = p.Eventfd(0, map[string]int{"eventfd/sem": EFD_SEMAPHORE}[s.kind])
		s.hi = s.lo
	case "timerfd":
		s.lo, err = p.TimerfdCreate(CLOCK_REALTIME, 0)
	case "pidfd":
		s.other, err = p.Fork()
		require.NoError(t, err)
		s.lo, err = p.PidfdOpen(s.other.Getpid(), 0)
	default:
		s.lo, s.hi, err = p.Pair(map[string]int{"stream": SOCK_STREAM, "dgram": SOCK_DGRAM, "seqpacket": SOCK_SEQPACKET}[kind])
		require.NoError(t, err)
	}
	require.NoError(t, err)
	switch {
	case s.kind == "eventfd/out":
		mustWrite(t, p, s.lo, "\xfe\xff\xff\xff\xff\xff\xff\xff")
	case s.out():
		for s.tries(s.lo, func() error { return s.take(p) }) { // until it is full
		}
	}
}

// tries reports whether a call on fd succeeds without waiting.
func (s *lineStory) tries(fd int, call func() error) bool {
	_, err := s.p.Fcntl(fd, F_SETFL, O_NONBLOCK)
	require.NoError(s.t, err)
	result := call()
	_, err = s.p.Fcntl(fd, F_SETFL, 0)
	require.NoError(s.t, err)
	return result == nil
}

const oneOfACounter = "\x01\x00\x00\x00\x00\x00\x00\x00"

// take is the call that waits for the description: a read, an accept, a write.
func (s *lineStory) take(p *Process) (err error) {
	switch {
	case s.kind == "eventfd/out":
		_, err = p.Write(s.lo, []byte(oneOfACounter))
	case s.kind == "pipe/out":
		_, err = p.Write(s.lo, make([]byte, pipePage))
	case s.kind == "listener":
		_, err = p.Accept(s.lo, nil, nil)
	case s.kind == "stream", s.kind == "dgram", s.kind == "seqpacket", s.kind == "pipe":
		_, err = p.Read(s.lo, make([]byte, 1))
	default:
		_, err = p.Read(s.lo, make([]byte, 8))
	}
	return err
}

// event is what take waits for.
func (s *lineStory) event(most int) {
	t, p := s.t, s.p
	switch {
	case s.out():
		s.tries(s.hi, func() error { _, err := p.Read(s.hi, make([]byte, most)); return err })
	case s.kind == "listener":
		fd, err := p.Socket(AF_UNIX, SOCK_STREAM, 0)
		require.NoError(t, err)
		require.NoError(t, p.Connect(fd, sockaddr(AF_UNIX, "\x00name")))
	case s.kind == "timerfd":
		past := ItimerSpec{Value: Timespec{Nsec: 1}}
		require.NoError(t, p.TimerfdSettime(s.lo, TFD_TIMER_ABSTIME, &past, nil))
	case s.kind == "pidfd":
		s.other.Exit(0)
	case s.lo == s.hi:
		mustWrite(t, p, s.hi, oneOfACounter)
	default:
		mustWrite(t, p, s.hi, "x")
	}
}

// step does one step and returns what a call that does not wait has found.
func (s *lineStory) step(step string) (found string) {
	t, p, n := s.t, s.p, 0
	if i := step[len(step)-1]; i == '1' {
		n = 1
	}
	switch step[0] {
	case 'E', 'X', 'V', 'N':
		s.register(n, step[0])
	case 'd':
		require.NoError(t, p.EpollCtl(s.ep[n], EPOLL_CTL_DEL, s.lo, nil))
	case 'W', 'R', 'K':
		s.start(step, n)
	case 'z':
		got, err := p.EpollWait(s.ep[n], make([]EpollEvent, 1), 0)
		require.NoError(t, err)
		found = fmt.Sprintf("(%d)", got)
	case 'r':
		found = "(none)"
		if s.tries(s.lo, func() error { return s.take(p) }) {
			found = "(ok)"
		}
	case 'i':
		require.NoError(t, p.Tgkill(p.Getpid(), s.tasks[step[1:]].Gettid(), SIGUSR1))
	case 'w':
		s.event(map[string]int{"w": pipePage, "w+": 1 << 20}[step])
	case 'm':
		s.event(0)
		s.event(0)
	case 'o', 'l':
		mustWrite(t, p, s.lo, "x")
		if step == "o" {
			_, err := p.Read(s.hi, make([]byte, 1))
			require.NoError(t, err)
		}
	case 'u':
		require.NoError(t, p.Connect(s.hi, []byte{AF_UNSPEC, 0}))
	case 'h':
		require.NoError(t, p.Shutdown(s.lo, SHUT_RD))
	case 'c':
		require.NoError(t, p.Close(s.hi))
	case 'p':
		_, _, err := p.Wait4(s.other.Getpid(), 0)
		require.NoError(t, err)
	default:
		t.Fatal(step)
	}
	return found
}

// register makes instance n, which watches the description.
func (s *lineStory) register(n int, how byte) {
	events := map[byte]uint32{'E': EPOLLEXCLUSIVE, 'X': EPOLLEXCLUSIVE | EPOLLET, 'V': EPOLLEXCLUSIVE | POLLOUT}[how]
	if s.out() {
		events |= POLLOUT
	} else {
		events |= POLLIN
	}
	s.ep[n] = epollOn(s.t, s.p, s.lo, events)
}

// start lets a task of its own make a call that waits.
func (s *lineStory) start(name string, n int) {
	task := s.p.Thread()
	s.tasks[name], s.waits = task, append(s.waits, name)
	go func() {
		result, err := "ok", error(nil)
		switch name[0] {
		case 'W':
			got := 0
			got, err = task.EpollWait(s.ep[n], make([]EpollEvent, 1), -1)
			result = fmt.Sprint(got)
		case 'K':
			_, err = task.Recv(s.lo, make([]byte, 1), MSG_PEEK)
		default:
			err = s.take(task)
		}
		if e, failed := err.(errno.Errno); failed {
			result = e.Name()
		}
		s.ended <- name + "=" + result
	}()
}

// quiet waits until nothing moves, and tells which calls have ended.
func (s *lineStory) quiet() string {
	synctest.Wait()
	var list []string
	for len(s.ended) > 0 {
		result := <-s.ended
		list = append(list, result)
		i := slices.Index(s.waits, result[:2])
		s.waits = slices.Delete(s.waits, i, i+1)
	}
	if len(list) == 0 {
		return ""
	}
	slices.Sort(list)
	return ":" + strings.Join(list, ",")
}
