package emu

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// newMachine makes a machine that is examined when the test is over: its
// invariants hold, no call is left, and with every descriptor closed nothing
// is open.
func newMachine(t testing.TB, cfg Config) *System {
	t.Helper()
	goroutines := runtime.NumGoroutine()
	sys, err := New(cfg)
	if err != nil {
		t.Fatalf("New = %v, want nil", err)
	}
	t.Cleanup(func() { examine(t, sys, goroutines) })
	return sys
}

func examine(t testing.TB, sys *System, goroutines int) {
	sound(t, "at the end", sys)
	for _, q := range sys.matching(func(*proc) bool { return true }) {
		q.closeAll()
	}
	sound(t, "after closing everything", sys)
	equal(t, "Blocked() at the end", sys.Blocked(), 0)
	equal(t, "Files() after closing everything", sys.Files(), 0)
	equal(t, "sockets after closing everything", sys.census.sockets(), 0)
	for turns := 0; runtime.NumGoroutine() > goroutines && turns < 20_000_000; turns++ {
		runtime.Gosched() // whoever has just finished is given the time to be gone
	}
	if n := runtime.NumGoroutine(); n > goroutines {
		t.Errorf("goroutines at the end = %d, want %d as at the start", n, goroutines)
	}
}

// sound checks the machine's invariants.
func sound(t testing.TB, when string, sys *System) {
	t.Helper()
	if err := sys.Check(); err != nil {
		t.Errorf("Check() %s = %v, want nil", when, err)
	}
}

// equal compares a value with the one wanted.
func equal[T comparable](t testing.TB, expr string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", expr, got, want)
	}
}

// outcome is the result of a call as text.
func outcome(n int, err error) string {
	if e := errno.Errno(0); errors.As(err, &e) {
		return fmt.Sprintf("%d %s", n, e.Name())
	}
	if err != nil {
		return fmt.Sprintf("%d (%v)", n, err)
	}
	return fmt.Sprint(n)
}

// gives is for a call that succeeds with a value: gives(t, "Dup(a)", 3)(p.Dup(a)).
func gives(t testing.TB, expr string, want int) func(int, error) {
	return func(n int, err error) {
		t.Helper()
		equal(t, expr, outcome(n, err), outcome(want, nil))
	}
}

// fails is for a call that fails: -1 and an errno.
func fails(t testing.TB, expr string, want errno.Errno) func(int, error) {
	return func(n int, err error) {
		t.Helper()
		equal(t, expr, outcome(n, err), outcome(-1, want))
	}
}

// says is for a call without a value; the errno is 0 for success.
func says(t testing.TB, expr string, want errno.Errno) func(error) {
	return func(err error) {
		t.Helper()
		equal(t, expr, outcome(0, err), outcome(0, want.Err()))
	}
}

// has is gives or fails, whichever want and e ask for.
func has(t testing.TB, expr string, want int, e errno.Errno) func(int, error) {
	if e != 0 {
		return fails(t, expr, e)
	}
	return gives(t, expr, want)
}

// endsWith is for a call of a process that has ended so.
func endsWith(t testing.TB, expr string, want Ended) func(int, error) {
	return func(n int, err error) {
		t.Helper()
		var how *Ended
		if !errors.As(err, &how) || *how != want {
			t.Errorf("%s = %s, want %v", expr, outcome(n, err), &want)
		}
	}
}

// value makes the outcome of a call without a value one with a value.
func value(err error) (int, error) {
	if err != nil {
		return -1, err
	}
	return 0, nil
}

// allTypes are the types of socket that have semantics of their own.
var allTypes = []int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}

var typeNames = map[int]string{SOCK_STREAM: "stream", SOCK_DGRAM: "dgram", SOCK_SEQPACKET: "seqpacket"}

// eachType runs a law on the types given, all of them if none is, on one personality.
func eachType(t *testing.T, rules *Personality, law func(t *testing.T, p prog, typ int), types ...int) {
	if len(types) == 0 {
		types = allTypes
	}
	for _, typ := range types {
		t.Run(rules.Name+"/"+typeNames[typ], func(t *testing.T) {
			law(t, newProg(t, Config{Personality: rules}), typ)
		})
	}
}

// everywhere runs a law on both personalities and the types given.
func everywhere(t *testing.T, law func(t *testing.T, p prog, typ int), types ...int) {
	for _, rules := range []*Personality{Linux(), POSIX()} {
		eachType(t, rules, law, types...)
	}
}

// onBoth runs a law on both personalities.
func onBoth(t *testing.T, law func(t *testing.T, rules *Personality)) {
	for _, rules := range []*Personality{Linux(), POSIX()} {
		t.Run(rules.Name, func(t *testing.T) { law(t, rules) })
	}
}

// prog is a process whose calls are checked where they are made. None of its
// own methods waits.
type prog struct {
	*Process
	t testing.TB
}

func newProg(t testing.TB, cfg Config) prog {
	t.Helper()
	return prog{newMachine(t, cfg).NewProcess(), t}
}

// as is another process, or task, under the same test.
func (p prog) as(other *Process) prog { return prog{other, p.t} }

// linux reports which of the two personalities the machine has.
func (p prog) linux() bool { return p.sys.rules.Name == "linux" }

func (p prog) pair(typ int) (a, b int) {
	p.t.Helper()
	a, b, err := p.Pair(typ)
	if err != nil {
		p.t.Fatalf("Pair(%d) = %v, want nil", typ, err)
	}
	return a, b
}

// send sends all of s at once.
func (p prog) send(fd int, s string) {
	p.t.Helper()
	gives(p.t, fmt.Sprintf("Send(%d, %.20q)", fd, s), len(s))(p.Send(fd, []byte(s), MSG_DONTWAIT|MSG_NOSIGNAL))
}

func (p prog) sendFails(fd int, want errno.Errno) {
	p.t.Helper()
	fails(p.t, fmt.Sprintf("Send(%d)", fd), want)(p.Send(fd, []byte("x"), MSG_DONTWAIT|MSG_NOSIGNAL))
}

// roomy is more than any receive of the tests gets.
const roomy = 1 << 17

// recv receives exactly want.
func (p prog) recv(fd int, want string) {
	p.t.Helper()
	b := make([]byte, max(roomy, len(want)+1))
	n, err := p.Recv(fd, b, MSG_DONTWAIT)
	if got := string(b[:max(n, 0)]); err != nil || got != want {
		p.t.Errorf("Recv(%d) = %s %.40q, want %d %.40q", fd, outcome(n, err), got, len(want), want)
	}
}

func (p prog) recvFails(fd int, want errno.Errno) {
	p.t.Helper()
	fails(p.t, fmt.Sprintf("Recv(%d)", fd), want)(p.Recv(fd, make([]byte, 100), MSG_DONTWAIT))
}

// eof: a receive returns 0.
func (p prog) eof(fd int) {
	p.t.Helper()
	gives(p.t, fmt.Sprintf("Recv(%d) at the end", fd), 0)(p.Recv(fd, make([]byte, 100), MSG_DONTWAIT))
}

// fill sends messages of n bytes until there is no room, and returns how many went.
func (p prog) fill(fd, n int) (sent int) {
	p.t.Helper()
	for b := make([]byte, n); ; sent++ {
		k, err := p.Send(fd, b, MSG_DONTWAIT|MSG_NOSIGNAL)
		if err != nil {
			fails(p.t, fmt.Sprintf("Send(%d) into a full buffer", fd), errno.EAGAIN)(k, err)
			return sent
		}
	}
}

func (p prog) shutdown(fd, how int) {
	p.t.Helper()
	says(p.t, fmt.Sprintf("Shutdown(%d, %d)", fd, how), 0)(p.Shutdown(fd, how))
}

func (p prog) close(fds ...int) {
	p.t.Helper()
	for _, fd := range fds {
		says(p.t, fmt.Sprintf("Close(%d)", fd), 0)(p.Close(fd))
	}
}

// soError takes the pending error.
func (p prog) soError(fd int) errno.Errno {
	p.t.Helper()
	v, err := p.GetsockoptInt(fd, SOL_SOCKET, SO_ERROR)
	if err != nil {
		p.t.Errorf("SO_ERROR of %d: %v, want nil", fd, err)
	}
	return errno.Errno(v)
}

// setInt sets an option of SOL_SOCKET.
func (p prog) setInt(fd, name, v int) {
	p.t.Helper()
	says(p.t, fmt.Sprintf("Setsockopt(%d, %d, %d)", fd, name, v), 0)(p.SetsockoptInt(fd, SOL_SOCKET, name, v))
}

// revents is what poll says of fd when asked for everything.
func (p prog) revents(fd int) int16 {
	p.t.Helper()
	fds := []PollFd{{Fd: fd, Events: -1}}
	if _, err := p.Poll(fds, 0); err != nil {
		p.t.Errorf("Poll = %v, want nil", err)
	}
	return fds[0].Revents
}

// getfd and getfl are F_GETFD and F_GETFL.
func (p prog) getfd(fd int) int { return p.fcntl(fd, F_GETFD, 0) }
func (p prog) getfl(fd int) int { return p.fcntl(fd, F_GETFL, 0) }

func (p prog) fcntl(fd, cmd, arg int) int {
	p.t.Helper()
	n, err := p.Fcntl(fd, cmd, arg)
	if err != nil {
		p.t.Errorf("Fcntl(%d, %d, %d) = %v, want nil", fd, cmd, arg, err)
	}
	return n
}

// charged is what a socket has in flight, in bytes of charge.
func (p prog) charged(fd int) int {
	p.t.Helper()
	e, err := p.lockSocket(fd)
	if err != 0 {
		p.t.Fatalf("socket %d: %v, want it open", fd, err)
	}
	defer e.link.mu.Unlock()
	return e.charged
}

// bits names the bits of poll.
func bits(b int16) string {
	var names []string
	for _, row := range []struct {
		bit  int16
		name string
	}{
		{POLLIN, "IN"}, {POLLPRI, "PRI"}, {POLLOUT, "OUT"}, {POLLERR, "ERR"}, {POLLHUP, "HUP"}, {POLLNVAL, "NVAL"},
		{POLLRDNORM, "rdnorm"}, {POLLRDBAND, "rdband"}, {POLLWRNORM, "wrnorm"}, {POLLWRBAND, "wrband"}, {POLLRDHUP, "RDHUP"},
	} {
		if b&row.bit != 0 {
			names, b = append(names, row.name), b&^row.bit
		}
	}
	if b != 0 {
		names = append(names, fmt.Sprintf("%#x", b))
	}
	return strings.Join(names, " ")
}

// flight is a call in a goroutine of its own, in a bubble. Its outcome is
// there when it is over.
type flight struct {
	name string
	n    int
	err  error
	done atomic.Bool
}

func (f *flight) over() bool { return f.done.Load() }

// fly starts a call and returns when it is over or asleep.
func fly(name string, call func() (int, error)) *flight {
	f := &flight{name: name}
	go func() {
		f.n, f.err = call()
		f.done.Store(true)
	}()
	synctest.Wait()
	return f
}

// sleeps: the call is not over.
func (f *flight) sleeps(t testing.TB) {
	t.Helper()
	synctest.Wait()
	if f.over() {
		t.Errorf("%s = %s, want it to wait", f.name, outcome(f.n, f.err))
	}
}

// lands: the call is over, with a value or an errno.
func (f *flight) lands(t testing.TB, want int, e errno.Errno) {
	t.Helper()
	synctest.Wait()
	if !f.over() {
		t.Errorf("%s waits, want %s", f.name, outcome(want, e.Err()))
		return
	}
	has(t, f.name, want, e)(f.n, f.err)
}

// flyRead starts a blocking Read of n bytes; what it gets is in the slice.
func (p prog) flyRead(fd, n int) (*flight, []byte) {
	b := make([]byte, n)
	return fly(fmt.Sprintf("Read(%d, %d bytes)", fd, n), func() (int, error) { return p.Read(fd, b) }), b
}

// flyWrite starts a blocking Write of n bytes.
func (p prog) flyWrite(fd, n int) *flight {
	return fly(fmt.Sprintf("Write(%d, %d bytes)", fd, n), func() (int, error) { return p.Write(fd, make([]byte, n)) })
}
