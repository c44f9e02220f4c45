//go:build unix && !aix

package unixemu

import (
	"golang.org/x/sys/unix"
)

func (Host) GetsockoptString(fd, level, opt int) (string, error) {
	return unix.GetsockoptString(fd, level, opt)
}

// GetsockoptString asks again with more room where 256 bytes are too few and the
// option says ERANGE.
func (p *Process) GetsockoptString(fd, level, opt int) (string, error) {
	value, n, err := p.getsockopt(fd, level, opt, 256)
	if err == unix.ERANGE {
		value, n, err = p.getsockopt(fd, level, opt, n)
	}
	if err != nil {
		return "", err
	}
	return unix.ByteSliceToString(value[:n]), nil
}
