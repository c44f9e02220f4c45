package emu

import (
	"encoding/binary"
	"fmt"

	"sockpair/errno"
)

// ioctl on a pair member. POSIX no longer has ioctl (its FIONREAD went with
// the STREAMS option), so every personality answers with the one table, Linux's.

// More requests of ioctl.
const (
	FIGETBSZ          = 0x2
	FIOSETOWN         = 0x8901
	SIOCSPGRP         = 0x8902
	FIOGETOWN         = 0x8903
	SIOCGPGRP         = 0x8904
	SIOCGSTAMP        = 0x8906
	SIOCGSTAMPNS      = 0x8907
	SIOCGSTAMP_NEW    = 0x80108906
	SIOCGSTAMPNS_NEW  = 0x80108907
	SIOCGSKNS         = 0x894c
	SIOCUNIXFILE      = 0x89e0
	FS_IOC_SETFLAGS   = 0x40086602
	FS_IOC_FIEMAP     = 0xc020660b
	FIFREEZE          = 0xc0045877
	FITHAW            = 0xc0045878
	sizeofInt         = 4
	blockSize         = 4096
	typeOfSocketIoctl = 0x89
)

// String is the name of a request as strace writes it, or its number.
func (r IoctlReq) String() string {
	if row, ok := requests[uint32(r)]; ok {
		return row.name
	}
	if row, ok := deviceRequests[uint32(r)]; ok {
		return row.name
	}
	return fmt.Sprintf("%#x", uint32(r))
}

// IoctlArg is the memory that the argument of ioctl points to, of an Event.
type IoctlArg []byte

// Ioctl does a request on fd's description. arg is the memory that the
// argument points to, in the layout of Linux x86-64; nil is a null pointer. Of
// req the low 32 bits count. The value is 0.
//
// FIONREAD, the same as SIOCINQ, is what can be read: all bytes of a
// SOCK_STREAM or SOCK_SEQPACKET, the first message of a SOCK_DGRAM. SIOCOUTQ
// is what is charged to the end for what it has sent.
//
// EBADF; ENOTTY: an unknown request, or one that fd's description has not;
// EFAULT: arg is too short or bad; EOPNOTSUPP, EPERM, ENODEV, ESRCH, EINVAL:
// as the request says.
//
// Source: Linux fs/ioctl.c do_vfs_ioctl, net/socket.c sock_ioctl,
// net/unix/af_unix.c unix_ioctl, net/core/dev_ioctl.c.
func (p *Process) Ioctl(fd int, req uint, arg []byte) (int, error) {
	return p.observe("ioctl", func() []any { return []any{Fd(fd), IoctlReq(req), IoctlArg(arg)} },
		func() (int, errno.Errno) { return minusOne(p.ioctl(fd, uint32(req), arg)) })
}

// IoctlGetInt does a request that fills in an int.
func (p *Process) IoctlGetInt(fd int, req uint) (int, error) {
	var arg [sizeofInt]byte
	_, err := p.Ioctl(fd, req, arg[:])
	return word(arg[:]), err
}

// IoctlSetInt does a request that takes a pointer to an int (unix.IoctlSetPointerInt).
func (p *Process) IoctlSetInt(fd int, req uint, v int) error {
	_, err := p.Ioctl(fd, req, words(v))
	return err
}

func (p *Process) ioctl(fd int, req uint32, arg memory) errno.Errno {
	f := p.proc.files.Get(fd)
	if f == nil {
		return p.noDescriptor()
	}
	row, known := requests[req]
	switch {
	case known && row.on.has(f):
		return row.do(p, fd, arg)
	case f.end != nil && req>>8&0xff == typeOfSocketIoctl:
		return deviceIoctl(req, arg)
	case f.instance() != nil:
		return errno.EINVAL // Linux fs/eventpoll.c ep_eventpoll_ioctl
	case f.thing() != nil:
		return p.objectIoctl(fd, req, arg)
	}
	return errno.ENOTTY
}

// request is one row of the table of requests.
type request struct {
	name string
	on   requestTarget
	do   func(p *Process, fd int, arg memory) errno.Errno
}

// requestTarget says on which descriptions a request works.
type requestTarget uint8

const (
	socketsOnly requestTarget = iota
	ownFiles                  // all but foreign ones
	anyFile
)

func (t requestTarget) has(f *file) bool {
	return f.end != nil || t == anyFile || t == ownFiles && !f.foreign()
}

// objectIoctl asks the object behind fd.
func (p *Process) objectIoctl(fd int, req uint32, arg memory) errno.Errno {
	f, err := p.lockFile(fd)
	if err != 0 {
		return err
	}
	defer f.lock.Unlock()
	if f.object == nil {
		return errno.ENOTTY // another task has put another file there
	}
	return f.object.ioctl(p, req, arg)
}

// requests are the requests but those of network devices, in the order in
// which Linux looks for them: descriptor, description, socket.
var requests = map[uint32]request{
	FIOCLEX:  {"FIOCLEX", anyFile, setCloexec},
	FIONCLEX: {"FIONCLEX", anyFile, clearCloexec},

	FIONBIO:         {"FIONBIO", anyFile, statusBit(O_NONBLOCK)},
	FIOASYNC:        {"FIOASYNC", ownFiles, statusBit(O_ASYNC)},
	FIGETBSZ:        {"FIGETBSZ", ownFiles, blockSizeOf},
	FIFREEZE:        {"FIFREEZE", ownFiles, refuse(errno.EPERM, errno.EOPNOTSUPP)},
	FITHAW:          {"FITHAW", ownFiles, refuse(errno.EPERM, errno.EINVAL)},
	FS_IOC_FIEMAP:   {"FS_IOC_FIEMAP", ownFiles, refuse(errno.EOPNOTSUPP, errno.EOPNOTSUPP)},
	FS_IOC_SETFLAGS: {"FS_IOC_SETFLAGS", socketsOnly, setFlags},

	FIOSETOWN: {"FIOSETOWN", socketsOnly, setOwner},
	SIOCSPGRP: {"SIOCSPGRP", socketsOnly, setOwner},
	FIOGETOWN: {"FIOGETOWN", socketsOnly, getOwner},
	SIOCGPGRP: {"SIOCGPGRP", socketsOnly, getOwner},
	// AF_UNIX keeps no time stamp of the last message.
	SIOCGSTAMP:       {"SIOCGSTAMP_OLD", socketsOnly, refuse(errno.ENOTTY, errno.ENOTTY)},
	SIOCGSTAMPNS:     {"SIOCGSTAMPNS_OLD", socketsOnly, refuse(errno.ENOTTY, errno.ENOTTY)},
	SIOCGSTAMP_NEW:   {"SIOCGSTAMP_NEW", socketsOnly, refuse(errno.ENOTTY, errno.ENOTTY)},
	SIOCGSTAMPNS_NEW: {"SIOCGSTAMPNS_NEW", socketsOnly, refuse(errno.ENOTTY, errno.ENOTTY)},
	// There are no descriptors of name spaces.
	SIOCGSKNS: {"SIOCGSKNS", socketsOnly, refuse(errno.EPERM, errno.EPERM)},

	FIONREAD:   {"FIONREAD", socketsOnly, unread},
	SIOCOUTQ:   {"SIOCOUTQ", socketsOnly, answer(func(e *end) int { return e.spent() })},
	SIOCATMARK: {"SIOCATMARK", socketsOnly, atMark},
	// The file of a bound socket; a member of a pair has none.
	SIOCUNIXFILE: {"SIOCUNIXFILE", socketsOnly, refuse(errno.EPERM, errno.ENOENT)},
}

// refuse makes a request that fails without a look at its argument.
func refuse(other, root errno.Errno) func(*Process, int, memory) errno.Errno {
	return func(p *Process, _ int, _ memory) errno.Errno {
		if p.Cred().Uid == 0 {
			return root
		}
		return other
	}
}

// answer makes a request that fills in an int.
func answer(number func(*end) int) func(*Process, int, memory) errno.Errno {
	return func(p *Process, fd int, arg memory) errno.Errno {
		e, err := p.lockSocket(fd)
		if err != 0 {
			return err
		}
		n := number(e)
		e.link.unlock()
		return arg.putInt(n)
	}
}

// putInt stores an int at the beginning.
func (m memory) putInt(n int) errno.Errno {
	b, err := m.first(sizeofInt)
	if err == 0 {
		binary.LittleEndian.PutUint32(b, uint32(n))
	}
	return err
}

// unread is FIONREAD. EINVAL: the socket listens.
func unread(p *Process, fd int, arg memory) errno.Errno {
	e, err := p.lockSocket(fd)
	if err != 0 {
		return err
	}
	n, listening := e.readable(), e.listening()
	e.link.unlock()
	if listening {
		return errno.EINVAL
	}
	return arg.putInt(n)
}

// readable is FIONREAD. Linux net/unix/af_unix.c unix_inq_len.
func (e *end) readable() int {
	switch {
	case e.typ == SOCK_STREAM:
		return e.in.Len() + e.mark.lost
	case e.typ == SOCK_SEQPACKET:
		return e.in.Len()
	case e.in.Segments() == 0:
		return 0
	}
	return e.in.At(0).Left
}

// atMark is SIOCATMARK: is the next byte the out-of-band one? Only a
// SOCK_STREAM has such.
func atMark(p *Process, fd int, arg memory) errno.Errno {
	e, err := p.lockSocket(fd)
	if err != 0 {
		return err
	}
	typ, at := e.typ, e.atUrgent()
	e.link.unlock()
	switch {
	case typ != SOCK_STREAM:
		return errno.EOPNOTSUPP
	case at:
		return arg.putInt(1)
	}
	return arg.putInt(0)
}

// setFlags is FS_IOC_SETFLAGS, which looks at its argument before it fails.
func setFlags(_ *Process, _ int, arg memory) errno.Errno {
	if _, err := arg.first(sizeofInt); err != 0 {
		return err
	}
	return errno.ENOTTY
}

// blockSizeOf is FIGETBSZ.
func blockSizeOf(p *Process, fd int, arg memory) errno.Errno {
	if err := p.open(fd, 0); err != 0 {
		return err
	}
	return arg.putInt(blockSize)
}

func setCloexec(p *Process, fd int, _ memory) errno.Errno {
	p.proc.files.SetFlagsRange(fd, fd, cloexec)
	return p.open(fd, 0)
}

func clearCloexec(p *Process, fd int, _ memory) errno.Errno {
	flags, _ := p.proc.files.Flags(fd)
	if !p.proc.files.SetFlags(fd, flags&^cloexec) {
		return p.noDescriptor()
	}
	return 0
}

// statusBit makes a request that sets a status flag of the description if
// the int that it points to is not 0, else clears it [FD-06].
func statusBit(flag int) func(*Process, int, memory) errno.Errno {
	return func(p *Process, fd int, arg memory) errno.Errno {
		b, err := arg.first(sizeofInt)
		if err != 0 {
			return err
		}
		f, err := p.lockFile(fd)
		if err != 0 {
			return err
		}
		defer f.lock.Unlock()
		if flag == O_ASYNC {
			return f.fioasync(word(b) != 0)
		}
		f.status &^= flag
		if word(b) != 0 {
			f.status |= flag
		}
		return 0
	}
}
