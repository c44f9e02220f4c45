package emu

import (
	"fmt"
	"testing"
	"testing/synctest"
)

// Calls that once slept on although nobody was left to wake them, or that were
// counted as asleep when they were not.

// signalled is a pair of which one end owes a signal for all that arrives, to
// a process that ignores it.
func signalled(t *testing.T, sys *System) (p prog, a, b int) {
	p = prog{sys.NewProcess(), t}
	owner := sys.NewProcess()
	says(t, "Signal", 0)(owner.Signal(SIGIO, SIG_IGN))
	a, b = p.pair(SOCK_STREAM)
	p.fcntl(b, F_SETOWN, owner.Getpid())
	p.fcntl(b, F_SETFL, O_ASYNC)
	return p, a, b
}

// TestASendThatServesItselfReturns: what a send queues before it sleeps may go
// to a receive that waits, and that make the room for the rest. The send is over
// then, also when there is a signal to send first.
func TestASendThatServesItselfReturns(t *testing.T) {
	for _, n := range []int{1 << 20, 3<<20 + 1} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			sys := newMachine(t, Config{})
			synctest.Test(t, func(t *testing.T) {
				p, a, b := signalled(t, sys)
				read := fly("Recv", func() (int, error) { return p.Recv(b, make([]byte, n), MSG_WAITALL) })
				write := p.flyWrite(a, n)
				write.lands(t, n, 0)
				read.lands(t, n, 0)
				equal(t, "Blocked()", sys.Blocked(), 0)
				p.Exit(0) // ends what has not landed
			})
		})
	}
}

// TestASendThatOwesASignalIsCountedOnce: it is asleep once.
func TestASendThatOwesASignalIsCountedOnce(t *testing.T) {
	sys := newMachine(t, Config{})
	synctest.Test(t, func(t *testing.T) {
		p, a, b := signalled(t, sys)
		write := p.flyWrite(a, 1<<20)
		equal(t, "Blocked()", sys.Blocked(), 1)
		p.close(b)
		write.lands(t, 219264, 0)
		equal(t, "Blocked()", sys.Blocked(), 0)
	})
}
