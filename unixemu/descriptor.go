//go:build unix

package unixemu

import (
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// socketType is the machine's number of a type with flags.
func socketType(typ int) int {
	flags := 0
	for _, f := range hostSocketFlags {
		if typ&f.host == f.host {
			typ &^= f.host
			flags |= f.emu
		}
	}
	return socketTypes.toEmu(typ) | flags
}

func (p *Process) Socket(domain, typ, proto int) (fd int, err error) {
	return number(p.emulated.Socket(domains.toEmu(domain), socketType(typ), proto))
}

func (p *Process) Socketpair(domain, typ, proto int) (fd [2]int, err error) {
	var sv [2]int
	if err := p.emulated.Socketpair(domains.toEmu(domain), socketType(typ), proto, &sv); err != nil {
		return [2]int{}, hostError(err) // on Linux sv may hold numbers
	}
	return sv, nil
}

func (p *Process) Close(fd int) error { return hostError(p.emulated.Close(fd)) }

func (p *Process) Dup(fd int) (nfd int, err error) { return number(p.emulated.Dup(fd)) }

func (p *Process) SetNonblock(fd int, nonblocking bool) error {
	return hostError(p.emulated.SetNonblock(fd, nonblocking))
}

func (p *Process) CloseOnExec(fd int) { _, _ = p.emulated.Fcntl(fd, emu.F_SETFD, emu.FD_CLOEXEC) }

func (p *Process) FcntlInt(fd uintptr, cmd, arg int) (int, error) {
	cmd = fcntlCommands.toEmu(cmd)
	switch cmd {
	case emu.F_SETFL:
		arg = openFlags.bitsToEmu(arg)
	case emu.F_SETSIG:
		arg = signalNumbers.toEmu(arg)
	}
	n, err := p.emulated.Fcntl(int(fd), cmd, arg)
	if err == nil {
		switch cmd {
		case emu.F_GETFL:
			n = openFlags.bitsToHost(n)
		case emu.F_GETSIG:
			n = signalNumbers.toHost(n)
		}
	}
	return number(n, err)
}

// Pipe says EINVAL when p has not two elements, as x/sys/unix does.
func (p *Process) Pipe(fds []int) error { return p.pipe(fds, 0) }

func (p *Process) pipe(fds []int, flags int) error {
	if len(fds) != 2 {
		return unix.EINVAL
	}
	var ends [2]int
	if err := p.emulated.Pipe2(&ends, openFlags.bitsToEmu(flags)); err != nil {
		return hostError(err)
	}
	copy(fds, ends[:])
	return nil
}

func (p *Process) Unlink(path string) error { return hostError(p.emulated.Unlink(path)) }
