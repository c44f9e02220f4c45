package emu

import (
	"strconv"
)

// Signal is a signal number of Linux x86-64.
type Signal int

// The signals.
const (
	SIGHUP    Signal = 1
	SIGINT    Signal = 2
	SIGQUIT   Signal = 3
	SIGILL    Signal = 4
	SIGTRAP   Signal = 5
	SIGABRT   Signal = 6
	SIGBUS    Signal = 7
	SIGFPE    Signal = 8
	SIGKILL   Signal = 9
	SIGUSR1   Signal = 10
	SIGSEGV   Signal = 11
	SIGUSR2   Signal = 12
	SIGPIPE   Signal = 13
	SIGALRM   Signal = 14
	SIGTERM   Signal = 15
	SIGSTKFLT Signal = 16
	SIGCHLD   Signal = 17
	SIGCONT   Signal = 18
	SIGSTOP   Signal = 19
	SIGTSTP   Signal = 20
	SIGTTIN   Signal = 21
	SIGTTOU   Signal = 22
	SIGURG    Signal = 23
	SIGXCPU   Signal = 24
	SIGXFSZ   Signal = 25
	SIGVTALRM Signal = 26
	SIGPROF   Signal = 27
	SIGWINCH  Signal = 28
	SIGIO     Signal = 29
	SIGPWR    Signal = 30
	SIGSYS    Signal = 31
	SIGRTMIN  Signal = 32
	maxSignal        = 64
)

var signalNames = [...]string{1: "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
	"SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT",
	"SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH",
	"SIGIO", "SIGPWR", "SIGSYS"}

// String returns the name as strace writes it: SIGPIPE, SIGRTMIN, SIGRT_1.
func (s Signal) String() string {
	switch {
	case s >= 1 && int(s) < len(signalNames):
		return signalNames[s]
	case s == SIGRTMIN:
		return "SIGRTMIN"
	case s > SIGRTMIN && s <= maxSignal:
		return "SIGRT_" + strconv.Itoa(int(s-SIGRTMIN))
	}
	return "signal " + strconv.Itoa(int(s))
}

// ParseSignal is the inverse of String for the signals that exist.
func ParseSignal(name string) (Signal, bool) {
	for s := Signal(1); s <= maxSignal; s++ {
		if s.String() == name {
			return s, true
		}
	}
	return 0, false
}

// Sigset is a set of signals; bit s-1 stands for signal s.
type Sigset uint64

// Sigs makes a set of the signals given.
func Sigs(signals ...Signal) Sigset {
	var set Sigset
	for _, s := range signals {
		set |= 1 << (s - 1)
	}
	return set
}

// Has reports whether the set holds s.
func (set Sigset) Has(s Signal) bool { return set>>(s-1)&1 != 0 }

// unblockable signals are never masked, handled or ignored.
const unblockable = Sigset(1<<(SIGKILL-1) | 1<<(SIGSTOP-1))
