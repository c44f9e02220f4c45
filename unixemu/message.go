//go:build unix

package unixemu

import (
	"runtime"

	"golang.org/x/sys/unix"

	"sockpair/emu"
)

func (p *Process) Sendmsg(fd int, b, oob []byte, to unix.Sockaddr, flags int) error {
	_, err := p.SendmsgN(fd, b, oob, to, flags)
	return err
}

func (p *Process) SendmsgN(fd int, b, oob []byte, to unix.Sockaddr, flags int) (n int, err error) {
	return p.sendmsg(fd, [][]byte{memory(b)}, oob, to, flags)
}

func (p *Process) SendmsgBuffers(fd int, buffers [][]byte, oob []byte, to unix.Sockaddr, flags int) (n int, err error) {
	return p.sendmsg(fd, vector(buffers), oob, to, flags)
}

// sendmsg sends one byte with control messages that have none to go with, and
// says 0, as x/sys/unix does; but not on a SOCK_DGRAM of Linux.
func (p *Process) sendmsg(fd int, bufs [][]byte, oob []byte, to unix.Sockaddr, flags int) (int, error) {
	name, err := optional(to)
	if err != nil {
		return 0, err
	}
	m := emu.Msghdr{Name: name, Iov: bufs, Control: hostLayout().toEmu(oob)}
	empty := len(oob) > 0 && noBytes(bufs)
	if empty {
		if m.Iov, err = p.carrier(fd, bufs); err != nil {
			return 0, err
		}
	}
	n, err := p.emulated.Sendmsg(fd, &m, messageFlags.bitsToEmu(flags))
	if err != nil {
		return 0, hostError(err)
	}
	if empty {
		n = 0
	}
	return n, nil
}

func (p *Process) Recvmsg(fd int, b, oob []byte, flags int) (n, oobn int, recvflags int, from unix.Sockaddr, err error) {
	return p.recvmsg(fd, [][]byte{memory(b)}, oob, flags)
}

func (p *Process) RecvmsgBuffers(fd int, buffers [][]byte, oob []byte, flags int) (n, oobn int, recvflags int, from unix.Sockaddr, err error) {
	return p.recvmsg(fd, vector(buffers), oob, flags)
}

func (p *Process) recvmsg(fd int, bufs [][]byte, oob []byte, flags int) (n, oobn int, recvflags int, from unix.Sockaddr, err error) {
	layout := hostLayout()
	m := emu.Msghdr{Iov: bufs}
	m.Name, m.Namelen = nameRoom()
	if len(oob) > 0 {
		if noBytes(bufs) {
			if m.Iov, err = p.carrier(fd, bufs); err != nil {
				return 0, 0, 0, nil, err
			}
		}
		m.Control = layout.room(oob, func() bool { return p.passesCredentials(fd) })
		m.Controllen = len(m.Control)
	}
	n, err = p.emulated.Recvmsg(fd, &m, messageFlags.bitsToEmu(flags))
	if err != nil {
		return -1, 0, 0, nil, hostError(err)
	}
	return n, layout.fromEmu(m.Control[:m.Controllen], oob), messageFlags.bitsToHost(m.Flags), sender(m.Name), nil
}

// carrier are the buffers for control messages that have no byte to go with:
// one of one byte. On Linux a SOCK_DGRAM needs none, so x/sys/unix asks for the
// type first.
func (p *Process) carrier(fd int, bufs [][]byte) ([][]byte, error) {
	if runtime.GOOS == "linux" || runtime.GOOS == "android" {
		typ, err := p.emulated.GetsockoptInt(fd, emu.SOL_SOCKET, emu.SO_TYPE)
		if err != nil {
			return nil, hostError(err)
		}
		if typ == emu.SOCK_DGRAM {
			return bufs, nil
		}
	}
	return [][]byte{make([]byte, 1)}, nil
}

func (p *Process) passesCredentials(fd int) bool {
	on, err := p.emulated.GetsockoptInt(fd, emu.SOL_SOCKET, emu.SO_PASSCRED)
	return err == nil && on != 0
}

func noBytes(bufs [][]byte) bool {
	for _, b := range bufs {
		if len(b) > 0 {
			return false
		}
	}
	return true
}
