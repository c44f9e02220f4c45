//go:build unix

package unixemu

import "sockpair/emu"

func (p *Process) ioctlGetInt(fd int, req uint) (int, error) {
	n, err := p.emulated.IoctlGetInt(fd, request(req))
	if err != nil {
		return 0, hostError(err)
	}
	return n, nil
}

// ioctlSetInt makes a request whose argument is a number, which the requests of
// sockets take for an address: 0 is the null pointer, and nothing is at another.
func (p *Process) ioctlSetInt(fd int, req uint, value int) error {
	var arg []byte
	if value != 0 {
		arg = emu.BadAddress(8)
	}
	_, err := p.emulated.Ioctl(fd, request(req), arg)
	return hostError(err)
}

func (p *Process) ioctlSetPointerInt(fd int, req uint, value int) error {
	return hostError(p.emulated.IoctlSetInt(fd, request(req), value))
}
