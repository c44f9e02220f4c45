//go:build aix || solaris

package unixemu

import "golang.org/x/sys/unix"

func (Host) IoctlGetInt(fd int, req int) (int, error) { return unix.IoctlGetInt(fd, req) }

func (Host) IoctlSetInt(fd int, req int, value int) error { return unix.IoctlSetInt(fd, req, value) }

func (Host) IoctlSetPointerInt(fd int, req int, value int) error {
	return unix.IoctlSetPointerInt(fd, req, value)
}

func (p *Process) IoctlGetInt(fd int, req int) (int, error) { return p.ioctlGetInt(fd, uint(req)) }

func (p *Process) IoctlSetInt(fd int, req int, value int) error {
	return p.ioctlSetInt(fd, uint(req), value)
}

func (p *Process) IoctlSetPointerInt(fd int, req int, value int) error {
	return p.ioctlSetPointerInt(fd, uint(req), value)
}
