package unixemu

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

func (Host) GetsockoptUcred(fd, level, opt int) (*unix.Ucred, error) {
	return unix.GetsockoptUcred(fd, level, opt)
}

func (p *Process) GetsockoptUcred(fd, level, opt int) (*unix.Ucred, error) {
	value, _, err := p.getsockopt(fd, level, opt, sizeofUcred)
	le := binary.LittleEndian
	return &unix.Ucred{Pid: int32(le.Uint32(value)), Uid: le.Uint32(value[4:]), Gid: le.Uint32(value[8:])}, err
}
