//go:build darwin || linux

package unixemu

import "golang.org/x/sys/unix"

func (Host) Readv(fd int, iovs [][]byte) (n int, err error) { return unix.Readv(fd, iovs) }

func (p *Process) Readv(fd int, iovs [][]byte) (n int, err error) {
	return number(p.emulated.Readv(fd, vector(iovs)))
}

func (Host) Writev(fd int, iovs [][]byte) (n int, err error) { return unix.Writev(fd, iovs) }

func (p *Process) Writev(fd int, iovs [][]byte) (n int, err error) {
	return number(p.emulated.Writev(fd, vector(iovs)))
}
