package history

import (
	"sockpair/emu"
	"sockpair/errno"
)

// Kind is what a call does.
type Kind int

// The kinds.
const (
	Send Kind = iota
	Recv
	SendRights // sendmsg that passes descriptor Other
	RecvRights // recvmsg with room for a descriptor
	Shutdown
	Close
	Dup
	Dup2 // of Fd to Other
	SoError
	Unread  // FIONREAD
	Charged // SIOCOUTQ
	Poll    // of one descriptor, without waiting
	kinds
)

// Call is one call of a program.
type Call struct {
	Kind  Kind
	Fd    int
	Other int    // the second descriptor
	Data  []byte // what is sent
	Room  int    // for what is received
	Flags int    // MSG_ flags
	How   int    // of Shutdown
}

// Result is what a call returns. It is compared as a whole with the model's.
type Result struct {
	N     int // the value of the call; of Poll the events, of ioctl and getsockopt the number
	Err   errno.Errno
	Data  string // what was received
	Flags int    // msg_flags of RecvRights, MSG_CMSG_CLOEXEC apart
	Fd    int    // the descriptor that was received or made; -1 for none
}

// blocks reports whether the call may wait.
func (c Call) blocks() bool {
	return c.Kind <= RecvRights && c.Flags&emu.MSG_DONTWAIT == 0
}

// changes reports whether the call may change the table of descriptors.
func (c Call) changes() bool {
	return c.Kind == Close || c.Kind == Dup || c.Kind == Dup2 || c.Kind == RecvRights
}

// pollEvents are what Poll asks for.
const pollEvents = emu.POLLIN | emu.POLLOUT | emu.POLLRDHUP

// On makes the call on a task of an emulated process.
func (c Call) On(p *emu.Process) Result {
	r := Result{Fd: -1}
	var err error
	switch c.Kind {
	case Send:
		r.N, err = p.Send(c.Fd, c.Data, c.Flags|emu.MSG_NOSIGNAL)
	case SendRights:
		m := &emu.Msghdr{Iov: [][]byte{c.Data}, Control: emu.Rights(c.Other)}
		r.N, err = p.Sendmsg(c.Fd, m, c.Flags|emu.MSG_NOSIGNAL)
	case Recv:
		buf := make([]byte, c.Room)
		r.N, err = p.Recv(c.Fd, buf, c.Flags)
		r.Data = string(buf[:max(0, min(r.N, c.Room))])
	case RecvRights:
		err = c.recvmsg(p, &r)
	case Shutdown:
		err = p.Shutdown(c.Fd, c.How)
	case Close:
		err = p.Close(c.Fd)
	case Dup:
		r.Fd, err = p.Dup(c.Fd)
		r.N = r.Fd
	case Dup2:
		r.N, err = p.Dup2(c.Fd, c.Other)
	case SoError:
		r.N, err = p.GetsockoptInt(c.Fd, emu.SOL_SOCKET, emu.SO_ERROR)
	case Unread:
		r.N, err = p.IoctlGetInt(c.Fd, emu.FIONREAD)
	case Charged:
		r.N, err = p.IoctlGetInt(c.Fd, emu.SIOCOUTQ)
	case Poll:
		err = c.poll(p, &r)
	}
	if err != nil {
		return Result{N: -1, Err: err.(errno.Errno), Fd: -1}
	}
	return r
}

func (c Call) recvmsg(p *emu.Process, r *Result) (err error) {
	buf := make([]byte, c.Room)
	m := &emu.Msghdr{Iov: [][]byte{buf}, Control: make([]byte, len(emu.Rights(0)))}
	if r.N, err = p.Recvmsg(c.Fd, m, c.Flags); err != nil {
		return err
	}
	r.Data, r.Flags = string(buf[:min(r.N, c.Room)]), m.Flags
	control, err := emu.ParseControl(m.Control[:m.Controllen])
	if err != nil || len(control) == 0 {
		return err
	}
	fds, err := control[0].ParseRights()
	if err == nil {
		r.Fd = fds[0]
	}
	return err
}

// poll makes POLLNVAL the EBADF that it means.
func (c Call) poll(p *emu.Process, r *Result) error {
	fds := []emu.PollFd{{Fd: c.Fd, Events: pollEvents}}
	if _, err := p.Poll(fds, 0); err != nil {
		return err
	}
	if r.N = int(fds[0].Revents); r.N == emu.POLLNVAL {
		return errno.EBADF
	}
	return nil
}
