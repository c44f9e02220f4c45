package emu

import (
	"strings"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// Each invariant, broken on purpose, is found and named.
func TestCheckFindsWhatIsBroken(t *testing.T) {
	for want, spoil := range map[string]func(p prog, a *end){
		"references = 2, want 1 descriptors":           func(p prog, a *end) { a.refs.add(1, 0) },
		"references = 1, want 1 descriptors + 1":       func(p prog, a *end) { a.calls++ },
		"references = 1, want 1 descriptors + 0 c":     func(p prog, a *end) { a.refs.add(0, 1) },
		"end 1 of a pair: closed = true with 1":        func(p prog, a *end) { a.peer.closed = true },
		"a socket is charged 769, the queues have 768": func(p prog, a *end) { a.charged++ },
		"a socket is charged 768, the queues have 9":   func(p prog, a *end) { a.peer.in.SetCharge(0, 9) },
		"receiving shut true, the other end's":         func(p prog, a *end) { a.shut |= shutRecv },
		"receiving shut false, the other end's":        func(p prog, a *end) { a.shut |= shutSend },
		"end 0 of a pair: events 0x4 were not":         func(p prog, a *end) { a.events = stateChanged },
		"a pair counts 3 waiting, its lists have 0":    func(p prog, a *end) { a.link.waiting = 3 },
		"a pair has 1 dropped values that":             func(p prog, a *end) { a.link.dropped = make([]released, 1) },
		"end 1 of a pair: a receive is parked and s":   func(p prog, a *end) { a.peer.recvs.push(&parked{end: a.peer, recv: recvInto(-1, nil, 0)}) },
		"end 0 of a pair: a send is parked and shoul":  func(p prog, a *end) { a.sends.push(&parked{end: a, send: sendFrom(-1, []byte("x"), 0)}) },
		"end 1 of a pair: a poll sleeps on 0x1 and": func(p prog, a *end) {
			a.peer.file.watch(&watch{events: POLLIN, poller: sleepingWaiter()})
		},
		"in flight: 1 on the users' accounts, want 0":  func(p prog, a *end) { a.sys.inflight.users = map[int]*account{0: {0, 1}} },
		"description 0 in flight: 0 edges and index 0": func(p prog, a *end) { a.put(&a.sys.inflight, 1) },
		"file lost: references = 4, want 1":            func(p prog, a *end) { p.Foreign(7, "lost"); p.proc.files.Get(7).refs.add(3, 0) },
		"open files = 3, want 2":                       func(p prog, a *end) { p.sys.census.add(1, 0) },
		"open files = 1, want 2":                       func(p prog, a *end) { p.sys.census.add(-1, 0) },
		"sockets = 3, want 2":                          func(p prog, a *end) { p.sys.census.add(0, 1) },
		"sockets = 1, want 2":                          func(p prog, a *end) { p.sys.census.add(0, -1) },
	} {
		sys, err := New(Config{})
		if err != nil {
			t.Fatalf("New = %v, want nil", err)
		}
		p := prog{sys.NewProcess(), t}
		fd, _ := p.pair(SOCK_STREAM)
		p.send(fd, "queued")
		sound(t, "before", sys)
		a, _ := p.lockSocket(fd)
		a.link.mu.Unlock()
		spoil(p, a)
		if err := sys.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Check() = %v, want an error with %q", err, want)
		}
	}
}

// put puts a socket into the graph without an edge.
func (e *end) put(g *inflight, flying int) {
	e.refs.add(0, flying)
	e.place = &graphPlace{file: &e.file}
	g.places = []*graphPlace{e.place}
}

// Check reports every broken invariant, not the first.
func TestCheckReportsAll(t *testing.T) {
	sys, _ := New(Config{})
	p := prog{sys.NewProcess(), t}
	fd, _ := p.pair(SOCK_DGRAM)
	a, _ := p.lockSocket(fd)
	a.link.mu.Unlock()
	a.charged, a.events = 5, dataArrived
	sys.census.add(0, 7)
	err := sys.Check()
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("Check() = %v, want three faults", err)
	}
}

// A description that is released more often than referenced is a mistake of
// this package, which stops at once.
func TestReleaseTooOftenPanics(t *testing.T) {
	p := newProg(t, Config{})
	a, _ := p.pair(SOCK_STREAM)
	e, _ := p.lockSocket(a)
	e.link.mu.Unlock()
	p.close(a)
	defer func() {
		if recover() == nil {
			t.Error("a release without a reference returned, want a panic")
		}
		e.refs.none()
		e.lock.Unlock()
	}()
	e.release()
}

// Readiness is a function of the state: the state is what Check compares a
// sleeping poll with.
func TestReadinessIsPure(t *testing.T) {
	for _, rules := range []PollRules{Linux().Poll, POSIX().Poll} {
		for n := range 1 << 3 {
			s := pollState{queued: n&1 != 0, pending: n&2 != 0, writable: n&4 != 0}
			for shut := range shutBoth + 1 {
				s.shut = shut
				got := readiness(rules, s)
				equal(t, "POLLERR", got&POLLERR != 0, s.pending)
				equal(t, "POLLIN", got&POLLIN != 0, s.queued || shut&shutRecv != 0)
				equal(t, "POLLHUP", got&POLLHUP != 0, shut == shutBoth)
				equal(t, "POLLRDHUP", got&POLLRDHUP != 0, rules.RDHUP && shut&shutRecv != 0)
				equal(t, "POLLOUT", got&POLLOUT != 0, s.writable && !(rules.HangupExcludesOut && shut == shutBoth))
			}
		}
	}
	equal(t, "errEnded is no errno of Linux", errEnded.Name(), "")
	equal(t, "an errno", errno.EPIPE.Name(), "EPIPE")
}

func sleepingWaiter() *waiter {
	w := new(waiter)
	w.word.Store(asleep)
	return w
}

// TestCheckCountsWhatASenderWithoutADescriptorHolds: a send that waits carries
// descriptions, also when its socket's descriptor has been closed meanwhile.
func TestCheckCountsWhatASenderWithoutADescriptorHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		a, b, err := p.Pair(SOCK_DGRAM)
		says(t, "Pair", 0)(err)
		passed, _, err := p.Pair(SOCK_STREAM)
		says(t, "Pair", 0)(err)
		for err == nil {
			_, err = p.Send(a, make([]byte, 1000), MSG_DONTWAIT)
		}
		control := cmsg(20, SOL_SOCKET, SCM_RIGHTS, byte(passed), 0, 0, 0)
		go p.Sendmsg(a, &Msghdr{Iov: [][]byte{make([]byte, 1000)}, Control: control}, 0)
		synctest.Wait()
		equal(t, "Blocked", p.sys.Blocked(), 1)
		says(t, "Close", 0)(p.Close(a))
		sound(t, "with a sender that has no descriptor", p.sys)
		says(t, "Close", 0)(p.Close(b))
		synctest.Wait()
		sound(t, "afterwards", p.sys)
	})
}
