//go:build freebsd || dragonfly

package unixemu

import "golang.org/x/sys/unix"

// Calls are the calls that golang.org/x/sys/unix has on this host, FreeBSD or
// DragonFly.
type Calls interface {
	Portable

	Accept4(fd int, flags int) (nfd int, sa unix.Sockaddr, err error)
	Dup3(oldfd, newfd, flags int) error
	Pipe2(p []int, flags int) error
	GetsockoptString(fd, level, opt int) (string, error)
	IoctlGetInt(fd int, req uint) (int, error)
	IoctlSetInt(fd int, req uint, value int) error
	IoctlSetPointerInt(fd int, req uint, value int) error
}
