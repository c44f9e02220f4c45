//go:build dragonfly || freebsd || linux || netbsd || openbsd

package unixemu

import "golang.org/x/sys/unix"

func (Host) Dup3(oldfd, newfd, flags int) error { return unix.Dup3(oldfd, newfd, flags) }

func (p *Process) Dup3(oldfd, newfd, flags int) error {
	_, err := p.emulated.Dup3(oldfd, newfd, openFlags.bitsToEmu(flags))
	return hostError(err)
}
