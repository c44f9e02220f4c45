//go:build unix && !aix && !solaris

package unixemu

import "golang.org/x/sys/unix"

func (Host) IoctlGetInt(fd int, req uint) (int, error) { return unix.IoctlGetInt(fd, req) }

func (Host) IoctlSetInt(fd int, req uint, value int) error { return unix.IoctlSetInt(fd, req, value) }

func (Host) IoctlSetPointerInt(fd int, req uint, value int) error {
	return unix.IoctlSetPointerInt(fd, req, value)
}

func (p *Process) IoctlGetInt(fd int, req uint) (int, error) { return p.ioctlGetInt(fd, req) }

func (p *Process) IoctlSetInt(fd int, req uint, value int) error {
	return p.ioctlSetInt(fd, req, value)
}

func (p *Process) IoctlSetPointerInt(fd int, req uint, value int) error {
	return p.ioctlSetPointerInt(fd, req, value)
}
