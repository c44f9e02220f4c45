//go:build unix

package unixemu

import (
	"syscall"

	"sockpair/emu"
	"sockpair/errno"
)

// Process makes the calls as a process of the emulated machine. Its methods may
// be called from many goroutines, as those of emu.Process.
type Process struct{ emulated *emu.Process }

// New gives a process of the emulated machine the calls of
// golang.org/x/sys/unix. From then on the process ignores SIGPIPE, because the
// program is one in Go, whose runtime does that for sockets: a write to a
// connection that is closed says EPIPE. Set another disposition afterwards to
// see what becomes of a program in another language.
func New(p *emu.Process) *Process {
	_ = p.Signal(emu.SIGPIPE, emu.SIG_IGN) // it fails only when the process has ended, as every call will tell
	return &Process{p}
}

// Emulated is the process by the emulator's own methods, which tell what
// x/sys/unix cannot: Fork, Start, Kill, and the machine's own numbers.
func (p *Process) Emulated() *emu.Process { return p.emulated }

// hostError is an error of the emulator as one of the host: the syscall.Errno of
// the same name. What the host has no number for stays the emulator's, and so
// does *emu.Ended, which is no errno.
func hostError(err error) error {
	if e, ok := err.(errno.Errno); ok {
		return e.Host()
	}
	return err
}

// number is the result of a call that returns a number: -1 when it fails.
func number(n int, err error) (int, error) {
	if err != nil {
		return -1, hostError(err)
	}
	return n, nil
}

func (p *Process) Getpid() int  { return p.emulated.Getpid() }
func (p *Process) Getppid() int { return p.emulated.Getppid() }
func (p *Process) Getuid() int  { return p.emulated.Cred().Uid }
func (p *Process) Geteuid() int { return p.emulated.Cred().Uid }
func (p *Process) Getgid() int  { return p.emulated.Cred().Gid }
func (p *Process) Getegid() int { return p.emulated.Cred().Gid }

// memory is a buffer as x/sys/unix hands it to the kernel: an empty slice is an
// address too, nil or not.
func memory(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// vector is memory for several buffers.
func vector(bufs [][]byte) [][]byte {
	v := make([][]byte, len(bufs))
	for i, b := range bufs {
		v[i] = memory(b)
	}
	return v
}

// put stores a number into a field whose type is not the same on every architecture.
func put[T ~int16 | ~int32 | ~int64 | ~uint16 | ~uint32 | ~uint64](field *T, v int64) { *field = T(v) }

// hostErrno is the machine's number of an error as the host's; 0 is none.
func hostErrno(n int) int {
	if host, ok := errno.Errno(n).Host().(syscall.Errno); ok {
		return int(host)
	}
	return n
}
