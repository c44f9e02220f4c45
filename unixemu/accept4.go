//go:build dragonfly || freebsd || linux

package unixemu

import "golang.org/x/sys/unix"

func (Host) Accept4(fd int, flags int) (nfd int, sa unix.Sockaddr, err error) {
	return unix.Accept4(fd, flags)
}

func (p *Process) Accept4(fd int, flags int) (nfd int, sa unix.Sockaddr, err error) {
	return p.accept(fd, hostSocketFlags.bitsToEmu(flags))
}
