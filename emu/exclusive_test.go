package emu

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// lines are scenarios, with what Linux 6.18 printed when they were run there with
// threads and raw calls: those whose outcome does not depend on who of two that
// were woken runs first. A step is a word, in which follow what a call that does
// not wait found, and behind a colon the calls that have ended by then:
//
//	E0 X0 V0 N0  instance 0 registers the description: with EPOLLEXCLUSIVE, with
//	             EPOLLET too, for reading and writing, without EPOLLEXCLUSIVE
//	d0           and takes that back
//	W0           a task waits in epoll_wait on instance 0; z0 does not wait
//	R0           one takes: reads, accepts, or writes to what is full; r does not wait
//	K0           one reads with MSG_PEEK
//	iR0          a signal that restarts the call comes to R0
//	w m          the event: a message, two, a connection, expiry; w+ empties a pipe
//	o l u        lo sends and hi receives; lo sends; hi disconnects, and loses what lo has sent
//	h c p        SHUT_RD of lo; hi is closed; a process is waited for
var lines = []string{
	// The first in line that takes it: a call, or a registration with somebody in its epoll_wait.
	"pipe dgram seqpacket listener: E0 W0 R0 w:W0=1 z0(1) w:R0=ok w",
	"pipe dgram seqpacket listener: R0 E0 W0 w:R0=ok z0(0) w:W0=1 w",
	"pipe dgram seqpacket listener: E0 R0 w:R0=ok z0(0) w",
	"pipe dgram seqpacket listener: R0 E0 w:R0=ok w z0(1) W0:W0=1",
	"pipe dgram seqpacket listener: R0 E0 W0 R1 w:R0=ok w:W0=1 w:R1=ok z0(1)",
	"pipe dgram seqpacket listener: E0 E1 W0 W1 R0 w:W0=1 w:W1=1 w:R0=ok z0(1) z1(1)",
	"pipe dgram seqpacket listener: E0 R0 E1 W1 w:R0=ok w:W1=1 z0(1) z1(1)",
	"pipe dgram seqpacket listener: R0 E0 W0 E1 W1 w:R0=ok w:W0=1 w:W1=1 z0(1) z1(1)",
	"dgram seqpacket listener: E0 W0 R0 R1 w:W0=1 w:R0=ok w:R1=ok z0(1)",
	"dgram seqpacket listener: E0 R0 E1 W0 W1 w:W0=1 w:R0=ok w:W1=1 z0(1) z1(1)",
	// A reader of a pipe that leaves something passes it on.
	"pipe: E0 W0 R0 R1 w:W0=1 w:R0=ok,R1=ok w z0(1)",
	"pipe: E0 R0 E1 W0 W1 w:W0=1 w:R0=ok,W1=1 w z0(1) z1(1)",
	// The place counts from EPOLL_CTL_ADD on, not from epoll_wait; an interrupted call goes to the end.
	"pipe dgram seqpacket listener: E0 R0 W0 w:W0=1 z0(1) r(ok) w:R0=ok w",
	"pipe dgram seqpacket listener: E0 W0 R0 d0 w:R0=ok z0(0) | left:W0",
	"pipe dgram seqpacket listener: R0 E0 W0 iR0 w:W0=1 w:R0=ok",
	"dgram seqpacket listener: E0 W0 R0 R1 iR0 w:W0=1 w:R1=ok w:R0=ok",
	"dgram: E0 W0 R0 d0 E0 w:R0=ok W0 w:W0=1 | left:W0",
	// Level-triggered, it wakes one after the other who waits; edge-triggered it is told only of what it was offered.
	"pipe dgram seqpacket listener: E0 W0 W0 R0 w:W0=1,W0=1 w:R0=ok w",
	"pipe dgram seqpacket listener: E0 W0 R0 w:W0=1 W0:W0=1 w:R0=ok z0(1)",
	"pipe dgram seqpacket listener: X0 W0 R0 w:W0=1 z0(0) w:R0=ok z0(1) w z0(1)",
	"pipe dgram seqpacket listener: R0 X0 W0 w:R0=ok z0(0) w:W0=1 z0(0)",
	// Who shares an event is told first.
	"pipe dgram seqpacket listener: E0 R0 N1 W1 W0 w:W0=1,W1=1 w:R0=ok w",
	// Of two messages at once the second is for the next: who was woken waits no more.
	"dgram: R0 E0 W0 m:R0=ok,W0=1 z0(1)",
	"dgram: E0 W0 R0 R1 m:R0=ok,W0=1 z0(1) | left:R1",
	"dgram: E0 E1 W0 W1 R0 m:W0=1,W1=1 z0(1) z1(1) | left:R0",
	// A peek takes the event and leaves the message, of which who stands behind learns nothing.
	"dgram: K0 E0 W0 w:K0=ok z0(0) r(ok) | left:W0",
	"dgram: E0 W0 K0 w:W0=1 z0(1) K1:K1=ok | left:K0",
	"dgram: E0 W0 K0 R0 w:W0=1 w:K0=ok w:R0=ok",
	"dgram: K0 R0 E0 W0 w:K0=ok z0(0) w:R0=ok z0(0) | left:W0",
	// Room is another event, for which receives do not wait.
	"dgram: E0 W0 R0 o w:W0=1 w:R0=ok",
	"dgram: V0 E1 W0:W0=1 W1 R0 o w:W1=1 | left:R0",
	// An error is for the first in line, a change of state for all.
	"dgram: l R0 E0 W0 u:R0=ECONNRESET z0(0) | left:W0",
	"dgram: l E0 W0 R0 E1 W1 u:W0=1 | left:R0,W1",
	"dgram: l E0 E1 W0 W1 u:W0=1 z1(0) | left:W1",
	"dgram: l E0 W0 N1 W1 R0 u:W0=1,W1=1 | left:R0",
	"dgram: E0 W0 R0 w:W0=1 h:R0=ok",
	"seqpacket: E0 W0 R0 w:W0=1 c:R0=ok",
	"stream: E0 E1 W0 W1 R0 c:R0=ok,W0=1,W1=1",
	"pipe: E0 W0 R0 c:R0=ok,W0=1",
	"listener: E0 W0 R0 h:R0=EINVAL,W0=1",
	"pidfd: E0 E1 W0 W1 w:W0=1,W1=1 p",
	// A receive of a stream shares its events.
	"stream: E0 R0 w:R0=ok z0(0) w",
	// A pipe's writers are told when it was full.
	"pipe/out: E0 W0 R0 R1 w:W0=1 w w w | left:R0,R1",
	"pipe/out: R0 E0 W0 w:R0=ok w:W0=1 w",
	"pipe/out: E0 R0 w:R0=ok z0(0) w",
	"pipe/out: R0 R1 E0 W0 E1 W1 w+:R0=ok,R1=ok,W0=1 z0(1) | left:W1",
	// Calls on counters and timers stand in line and take nothing.
	"eventfd timerfd: E0 W0 R0 w:W0=1 z0(1) w:R0=ok w",
	"eventfd timerfd: E0 R0 W0 w:W0=1 z0(1) r(ok) w:R0=ok w",
	"eventfd timerfd: R0 E0 w:R0=ok w z0(1) W0:W0=1",
	"eventfd timerfd: X0 W0 R0 w:W0=1 z0(0) w:R0=ok z0(0) w z0(1)",
	"eventfd timerfd: E0 W0 R0 w:W0=1 W0:W0=1 w:R0=ok z0(0)",
	"eventfd: E0 E1 W0 W1 R0 w:W0=1 w:W1=1 | left:R0",
	"timerfd: E0 R0 W0 E1 R1 W1 w:W0=1 | left:R0,R1,W1",
	"eventfd/sem: E0 W0 R0 R1 w:W0=1 w:R0=ok,R1=ok w",
	"eventfd/out: E0 W0 R0 R1 w:W0=1 w | left:R0,R1",
}

// TestEventIsForTheFirstInLine: exclusive registrations and calls that wait
// exclusively are served in order of arrival.
func TestEventIsForTheFirstInLine(t *testing.T) {
	found := regexp.MustCompile(`\([^ ]*\)|:[^ ]*| \|.*`) // what is not the scenario
	for _, line := range lines {
		kinds, want, _ := strings.Cut(line, ": ")
		for _, kind := range strings.Fields(kinds) {
			t.Run(kind+" "+found.ReplaceAllString(want, ""), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					require.Equal(t, want, tellLine(t, kind, strings.Fields(found.ReplaceAllString(want, ""))))
				})
			})
		}
	}
}

// TestWakeUpOfWhoEndsGoesOn: an event that was for a call whose process ends is
// for the next in line.
func TestWakeUpOfWhoEndsGoesOn(t *testing.T) {
	t.Run("read of a pipe", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := startLine(t, "pipe", "R0", "E0", "W0")
			pp := s.p.proc.files.Get(s.lo).object.(*pipeEnd).pipe
			pp.mu.Lock()
			pp.in.alone.waiters[0].wake(wokenEnd)
			pp.bufs = append(pp.bufs, pipeBuffer{b: []byte("x")})
			pp.in.wake(dataArrived)
			pp.unlock()
			require.Contains(t, s.quiet(), "W0=1")
		})
	})
	t.Run("accept", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := startLine(t, "listener", "R0", "E0", "W0")
			fd, err := s.p.Socket(AF_UNIX, SOCK_STREAM, 0)
			require.NoError(t, err)
			listener, client := s.p.proc.files.Get(s.lo).end, s.p.proc.files.Get(fd).end
			lockLinks(listener.link, client.link)
			listener.listener.acceptors.waiters[0].wake(wokenEnd)
			client.connectTo(listener, s.p.proc)
			unlockLinks(listener.link, client.link)
			require.Contains(t, s.quiet(), "W0=1")
		})
	})
}

// TestNobodyWaitsForAnInstanceThatHasSomething: what comes between a look at an
// instance and the wait is not missed.
func TestNobodyWaitsForAnInstanceThatHasSomething(t *testing.T) {
	p := newProg(t, Config{})
	r, w := p.pipe(0)
	ep := epollOn(t, p.Process, r, POLLIN)
	instance, waiting := p.proc.files.Get(ep).epoll, new(waiter)
	waiting.reset(&p.sys.seam)
	mustWrite(t, p.Process, w, "x")
	require.False(t, instance.wait(waiting))
	p.gets(r, 1, 1, 0)
	require.Zero(t, instance.harvest(make([]EpollEvent, 1)))
	require.True(t, instance.wait(waiting))
	instance.stopWaiting(waiting)
}
