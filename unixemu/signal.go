//go:build unix

package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// signalNumbers are the signals of every Unix.
var signalNumbers = names{
	{int(emu.SIGHUP), int(unix.SIGHUP)}, {int(emu.SIGINT), int(unix.SIGINT)}, {int(emu.SIGQUIT), int(unix.SIGQUIT)},
	{int(emu.SIGILL), int(unix.SIGILL)}, {int(emu.SIGTRAP), int(unix.SIGTRAP)}, {int(emu.SIGABRT), int(unix.SIGABRT)},
	{int(emu.SIGBUS), int(unix.SIGBUS)}, {int(emu.SIGFPE), int(unix.SIGFPE)}, {int(emu.SIGKILL), int(unix.SIGKILL)},
	{int(emu.SIGUSR1), int(unix.SIGUSR1)}, {int(emu.SIGSEGV), int(unix.SIGSEGV)}, {int(emu.SIGUSR2), int(unix.SIGUSR2)},
	{int(emu.SIGPIPE), int(unix.SIGPIPE)}, {int(emu.SIGALRM), int(unix.SIGALRM)}, {int(emu.SIGTERM), int(unix.SIGTERM)},
	{int(emu.SIGCHLD), int(unix.SIGCHLD)}, {int(emu.SIGCONT), int(unix.SIGCONT)}, {int(emu.SIGSTOP), int(unix.SIGSTOP)},
	{int(emu.SIGTSTP), int(unix.SIGTSTP)}, {int(emu.SIGTTIN), int(unix.SIGTTIN)}, {int(emu.SIGTTOU), int(unix.SIGTTOU)},
	{int(emu.SIGURG), int(unix.SIGURG)}, {int(emu.SIGXCPU), int(unix.SIGXCPU)}, {int(emu.SIGXFSZ), int(unix.SIGXFSZ)},
	{int(emu.SIGVTALRM), int(unix.SIGVTALRM)}, {int(emu.SIGPROF), int(unix.SIGPROF)}, {int(emu.SIGWINCH), int(unix.SIGWINCH)},
	{int(emu.SIGIO), int(unix.SIGIO)}, {int(emu.SIGSYS), int(unix.SIGSYS)},
}

// sigset is a set of the machine from one of the host, whose word i holds the
// signals from 1+i*bits on.
func sigset[W ~uint32 | ~uint64](bits int, words ...W) *emu.Sigset {
	set := new(emu.Sigset)
	for i := range 64 {
		if words[i/bits]>>(i%bits)&1 == 0 {
			continue
		}
		if sig := signalNumbers.toEmu(i + 1); sig <= 64 {
			*set |= emu.Sigs(emu.Signal(sig))
		}
	}
	return set
}
