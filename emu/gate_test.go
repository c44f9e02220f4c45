package emu

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestGateIsTheShortWay: a call passes where it neither waits nor is made in
// parts, and does nothing otherwise.
func TestGateIsTheShortWay(t *testing.T) {
	for _, typ := range []int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET} {
		p := newMachine(t, Config{}).NewProcess()
		a, b, _ := p.Pair(typ)
		var word atomic.Uint32
		w, r := p.Gate(a, &word, 1), p.Gate(b, &word, 1)
		buf := make1(8)
		read := func(why string, wantN int, want Passage) {
			t.Helper()
			n, how := r.Read(buf, nil, 0)
			equal(t, why+": Read", n, wantN)
			equal(t, why+": passage", how, want)
		}
		read("nothing there", 0, Refused)
		equal(t, "Write", w.Write([]byte("hello")), true)
		word.Store(1)
		read("shut", 0, Refused)
		equal(t, "Write, shut", w.Write([]byte("x")), false)
		word.Store(2)
		read("open", 5, Passed)
		equal(t, "Write of nothing", w.Write(nil), false)
		equal(t, "Write of bad memory", w.Write(BadAddress(3)), false)
		equal(t, "Write of more than there is room for", w.Write(make1(1<<20)), false)
		read("still nothing", 0, Refused)
		p.Shutdown(a, SHUT_WR)
		if typ != SOCK_DGRAM {
			read("the end", 0, Refused)
		}
		equal(t, "Write after shutdown", w.Write([]byte("x")), false)
		p.Close(b)
		read("closed", 0, Refused)
		p.Dup2(a, b)
		read("another has the number", 0, Refused)
	}
}

// TestGateLetsOneAtATimeThrough: who has shut the gate finds nobody inside from
// its next call on: parts of a message that is written in parts stay together.
func TestGateLetsOneAtATimeThrough(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM)
	var word atomic.Uint32
	g := p.Gate(a, &word, 1)
	var wg sync.WaitGroup
	var owner sync.Mutex
	for range 3 {
		wg.Go(func() { // the quick ones
			for range 3000 {
				if !g.Write([]byte("xxxx")) {
					owner.Lock()
					p.Write(a, []byte("xxxx"))
					owner.Unlock()
				}
			}
		})
	}
	wg.Go(func() { // the one that writes in parts
		for range 3000 {
			owner.Lock()
			word.Or(1)
			p.Write(a, []byte("ab"))
			p.Write(a, []byte("cd"))
			word.And(^uint32(1))
			owner.Unlock()
		}
	})
	buf := make1(4)
	for range 12000 {
		for n := 0; n < 4; {
			k, err := p.Read(b, buf[n:])
			if err != nil {
				t.Fatalf("Read = %v", err)
			}
			n += k
		}
		if s := string(buf); s != "xxxx" && s != "abcd" {
			t.Fatalf("four bytes = %q, want those of one writer", s)
		}
	}
	wg.Wait()
}

// TestGateIsShutWhereCallsAreTold: an observer misses nothing, and a process
// that has ended does nothing.
func TestGateIsShutWhereCallsAreTold(t *testing.T) {
	var word atomic.Uint32
	p := newMachine(t, Config{Observer: func(Event) {}}).NewProcess()
	a, _, _ := p.Pair(SOCK_STREAM)
	g := p.Gate(a, &word, 1)
	equal(t, "Write, observed", g.Write([]byte("x")), false)

	p = newMachine(t, Config{}).NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM)
	g = p.Gate(a, &word, 1)
	p.Exit(0)
	equal(t, "Write, ended", g.Write([]byte("x")), false)
	none := p.Gate(b, &word, 1)
	equal(t, "Write, no descriptor", none.Write([]byte("x")), false)
}

// TestGateDeliversSignals: one that the call itself has raised, before it returns.
func TestGateDeliversSignals(t *testing.T) {
	p := newMachine(t, Config{}).NewProcess()
	a, b, _ := p.Pair(SOCK_STREAM)
	handled := 0
	p.Signal(SIGIO, func(Signal) { handled++ })
	p.Fcntl(b, F_SETOWN, p.Getpid())
	p.Fcntl(b, F_SETFL, O_ASYNC)
	var word atomic.Uint32
	g := p.Gate(a, &word, 1)
	equal(t, "Write", g.Write([]byte("x")), true)
	equal(t, "handled", handled, 1)
}
