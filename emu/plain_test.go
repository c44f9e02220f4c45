package emu

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// The short way must not be told from the long one: two machines do the same
// calls, of which one never takes the short way, and every answer and every
// state is the same.
func TestPlainCallsDecideAsTheLongWay(t *testing.T) {
	for _, rules := range []*Personality{Linux(), POSIX()} {
		for _, typ := range []int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET} {
			t.Run(fmt.Sprintf("%s/%d", rules.Name, typ), func(t *testing.T) {
				rapid.Check(t, func(rt *rapid.T) {
					short, long := plainTwin(t, rules, typ), plainTwin(t, rules, typ)
					long.proc.attention.Or(observed) // and nobody observes
					for range rapid.IntRange(1, 60).Draw(rt, "calls") {
						c := drawTwinCall(rt)
						got, want := c.on(short), c.on(long)
						if got != want {
							rt.Fatalf("%+v = %s the short way, %s the long one", c, got, want)
						}
						if a, b := endsOf(short), endsOf(long); a != b {
							rt.Fatalf("after %+v the ends are\n%s the short way,\n%s the long one", c, a, b)
						}
						if err := short.sys.Check(); err != nil {
							rt.Fatalf("after %+v: %v", c, err)
						}
					}
				})
			})
		}
	}
}

// plainTwin is a process with a non-blocking pair, 0 and 1.
func plainTwin(t *testing.T, rules *Personality, typ int) *Process {
	sys, err := New(Config{Personality: rules})
	if err != nil {
		t.Fatal(err)
	}
	p := sys.NewProcess()
	if _, _, err := p.Pair(typ | SOCK_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	p.Signal(SIGPIPE, SIG_IGN)
	return p
}

// twinCall is a call that both machines make.
type twinCall struct {
	call    string
	fd, arg int
}

func drawTwinCall(t *rapid.T) twinCall {
	return twinCall{
		call: rapid.SampledFrom([]string{"write", "write", "send", "read", "read", "recv", "end", "recvmsg", "peek", "urgent", "sndbuf", "rcvlowat", "passcred",
			"peekoff", "shutdown", "rights"}).Draw(t, "call"),
		fd:  rapid.IntRange(0, 1).Draw(t, "fd"),
		arg: rapid.SampledFrom([]int{0, 1, 2, 64, 64, 64, 65, 100, 193, 1000, 3776, 3777, 4096, 20000, 40000, 70000}).Draw(t, "arg"),
	}
}

func (c twinCall) on(p *Process) string {
	b := bytes.Repeat([]byte{byte(c.arg)}, c.arg)
	n, err := 0, error(nil)
	switch c.call {
	case "write":
		n, err = p.Write(c.fd, b)
	case "read":
		n, err = p.Read(c.fd, b)
	case "send":
		n, err = p.Send(c.fd, b, MSG_NOSIGNAL)
	case "recv":
		n, err = p.Recv(c.fd, b, MSG_DONTWAIT)
	case "end":
		n, err = p.Send(c.fd, b, MSG_EOR)
	case "recvmsg":
		m := Msghdr{Iov: [][]byte{b}}
		n, err = p.Recvmsg(c.fd, &m, 0)
		return fmt.Sprintf("%d %v %#x %x", n, err, m.Flags, b[:min(len(b), 80)])
	case "peek":
		n, err = p.Recv(c.fd, b, MSG_PEEK)
	case "urgent":
		n, err = p.Send(c.fd, b, MSG_OOB)
	case "sndbuf":
		err = p.SetsockoptInt(c.fd, SOL_SOCKET, SO_SNDBUF, c.arg)
	case "rcvlowat":
		err = p.SetsockoptInt(c.fd, SOL_SOCKET, SO_RCVLOWAT, c.arg)
	case "passcred":
		err = p.SetsockoptInt(c.fd, SOL_SOCKET, SO_PASSCRED, c.arg&1)
	case "peekoff":
		err = p.SetsockoptInt(c.fd, SOL_SOCKET, SO_PEEK_OFF, c.arg-1)
	case "shutdown":
		err = p.Shutdown(c.fd, c.arg%7) // seldom a valid one
	case "rights":
		n, err = p.Sendmsg(c.fd, &Msghdr{Iov: [][]byte{b}, Control: Rights(c.fd)}, 0)
	}
	return fmt.Sprintf("%d %v %x", n, err, b[:min(len(b), 80)])
}

func endsOf(p *Process) string {
	var s string
	for fd := range 2 {
		e := p.proc.files.Get(fd).end
		e.lock.Lock()
		s += fmt.Sprintf("charged %d segments %d bytes %d charge %d pending %v shut %d ready %#x mark %+v; ",
			e.charged, e.in.Segments(), e.in.Len(), e.in.Charge(), e.pending, e.shut, e.readiness(), e.mark.at())
		e.lock.Unlock()
	}
	return s
}

// The charge of the last length is forgotten when SO_SNDBUF changes, by which
// a stream cuts its segments.
func TestTheBoundIsLookedAtWhenItChanges(t *testing.T) {
	short := plainTwin(t, Linux(), SOCK_STREAM)
	n, err := short.Write(0, make([]byte, 3000))
	if n != 3000 || err != nil {
		t.Fatal(n, err)
	}
	short.Read(1, make([]byte, 3000))
	short.SetsockoptInt(0, SOL_SOCKET, SO_SNDBUF, 0) // the least: 4608
	n, err = short.Write(0, make([]byte, 3000))
	if n != 3000 || err != nil {
		t.Fatal(n, err)
	}
	if segments := short.proc.files.Get(1).end.in.Segments(); segments != 2 {
		t.Errorf("3000 bytes with a bound of 4608 make %d segments, want 2", segments)
	}
}

// A call that sleeps unseen by its process is found when somebody needs it:
// by a handler that is set later, by the end of the process, and when its
// descriptor is closed under it, by either.
func TestWhoDozesIsFound(t *testing.T) {
	for name, wake := range map[string]func(p *Process, fd int){
		"a handler, then the signal": func(p *Process, _ int) {
			p.Sigaction(SIGUSR1, &SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) {}}, nil)
			p.Kill(p.Getpid(), SIGUSR1)
		},
		"closed, then a handler and the signal": func(p *Process, fd int) {
			p.Close(fd)
			p.Sigaction(SIGUSR1, &SigAction{Disposition: SIG_HANDLE, Handler: func(Signal) {}}, nil)
			p.Kill(p.Getpid(), SIGUSR1)
		},
		"the end of the process":           func(p *Process, _ int) { p.Exit(0) },
		"closed, then the end":             func(p *Process, fd int) { p.Close(fd); p.Exit(0) },
		"a duplicate closed, then the end": func(p *Process, fd int) { d, _ := p.Dup(fd); p.Close(d); p.Exit(0) },
		"another process closes it":        func(p *Process, fd int) { c, _ := p.Fork(); c.Exit(0); p.Exit(0) },
	} {
		for _, call := range []string{"read", "write"} {
			t.Run(name+"/"+call, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					sys, _ := New(Config{})
					keeper := sys.NewProcess() // has a signal handler of its own, which changes nothing
					p, _ := keeper.Fork()
					a, _, _ := p.Pair(SOCK_STREAM)
					var err error
					done := false
					go func() {
						if call == "read" {
							_, err = p.Read(a, make([]byte, 8))
						} else {
							_, err = p.Write(a, make([]byte, 1<<20))
						}
						done = true
					}()
					synctest.Wait()
					if n := sys.Blocked(); n != 1 {
						t.Fatalf("Blocked() = %d, want 1", n)
					}
					if err := sys.Check(); err != nil {
						t.Fatal(err)
					}
					wake(p.Thread(), a) // another task: the signal is for the one that sleeps
					synctest.Wait()
					if n := sys.Blocked(); n != 0 || !done {
						t.Fatalf("Blocked() = %d and the call is over: %v, want 0 and true", n, done)
					}
					t.Log(err)
					p.Exit(0)
					if n := sys.Files(); n != 0 {
						t.Errorf("%d descriptions are left", n)
					}
				})
			})
		}
	}
}

// Where a receive is parked the short way hands it what comes: it gets what it
// would get the long way, and everything else is as it would be.
func TestHandedOverIsAsReceived(t *testing.T) {
	for _, rules := range []*Personality{Linux(), POSIX()} {
		for _, typ := range []int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET} {
			for seed := range uint64(60) {
				synctest.Test(t, func(t *testing.T) {
					rnd := rand.New(rand.NewPCG(seed, 1))
					short, long := plainTwin(t, rules, typ), plainTwin(t, rules, typ)
					long.proc.attention.Or(observed)
					for _, p := range []*Process{short, long} {
						p.SetNonblock(1, false)
					}
					for range 12 {
						sizes := []int{1, 64, 1000, 5000, 40000, 100000, 300000}
						room := sizes[rnd.IntN(len(sizes))]
						var out []int
						for range 1 + rnd.IntN(3) {
							out = append(out, sizes[rnd.IntN(len(sizes))])
						}
						got, want := exchangeParked(short, room, out), exchangeParked(long, room, out)
						if got != want {
							t.Fatalf("%s, type %d, seed %d: writes of %v to a parked read of %d\n%s the short way,\n%s the long one",
								rules.Name, typ, seed, out, room, got, want)
						}
					}
				})
			}
		}
	}
}

// exchangeParked parks a read at 1, writes at 0, and tells all that came of it.
// What the read has not got is read after it.
func exchangeParked(p *Process, room int, sizes []int) (told string) {
	b := make([]byte, room)
	n, err := 0, error(nil)
	go func() { n, err = p.Read(1, b) }()
	synctest.Wait()
	for i, size := range sizes {
		k, err := p.Write(0, bytes.Repeat([]byte{byte(i + 1)}, size))
		told += fmt.Sprintf("Write = %d, %v, then %s", k, err, endsOf(p))
		synctest.Wait()
	}
	told += fmt.Sprintf("Read = %d, %v, %x; ", n, err, crc32.ChecksumIEEE(b[:max(0, n)]))
	for rest := make([]byte, 50000); ; {
		k, err := p.Recv(1, rest, MSG_DONTWAIT)
		if err != nil {
			if n == 0 { // every write was too long: the read still waits
				p.Write(0, []byte{9})
				synctest.Wait()
			}
			return told + fmt.Sprintf("%d, %v, %d", k, err, n)
		}
		told += fmt.Sprintf("%d %x; ", k, crc32.ChecksumIEEE(rest[:k]))
	}
}
