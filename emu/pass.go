package emu

import "encoding/binary"

// The short way of sendmsg and recvmsg, beside that of write and read
// (plain.go): one buffer, no address, and no control message or the one that
// passes one descriptor. All else, and all that can fail, is left to the long
// way, which comes to the same: TestTheShortWayDecidesAsTheLongOne.

// oneRight is the length of a control message with one descriptor, and
// oneRightSpace with its padding.
const (
	oneRight      = cmsgHeader + sizeofInt
	oneRightSpace = oneRight + 4
)

// rightsHead is what such a message has between its length and the descriptor.
const rightsHead = SOL_SOCKET | SCM_RIGHTS<<32

// oneBuffer is the buffer of a message that the short way may serve; it is
// empty for others.
func (m *Msghdr) oneBuffer() []byte {
	if m == nil || m.Name != nil || len(m.Iov) != 1 || isBad(m.Iov[0]) {
		return nil
	}
	return m.Iov[0]
}

// passesOne reports whether the control buffer is one descriptor, and which.
func passesOne(b []byte) (fd int, ok bool) {
	if len(b) < oneRight || len(b) >= oneRightSpace+cmsgHeader || isBad(b) ||
		binary.LittleEndian.Uint64(b) != oneRight || binary.LittleEndian.Uint64(b[8:]) != rightsHead {
		return 0, false
	}
	return word(b[cmsgHeader:]), true
}

// sendmsgPlain is a whole Sendmsg; if it is false nothing has happened.
func (p *Process) sendmsgPlain(fd int, m *Msghdr, flags int) (n int, sent bool) {
	b := m.oneBuffer()
	if len(b) == 0 || flags&^(MSG_DONTWAIT|MSG_NOSIGNAL) != 0 {
		return 0, false
	}
	f := p.proc.files.Get(fd)
	if f == nil || f.end == nil {
		return 0, false
	}
	var passed *file
	if len(m.Control) > 0 {
		number, one := passesOne(m.Control)
		if passed = p.proc.files.Get(number); !one || passed == nil {
			return 0, false
		}
	}
	e := f.end
	e.link.mu.Lock()
	if passed == nil {
		sent = e.sendPlain(b)
	} else {
		sent = e.passPlain(b, passed, p.proc)
	}
	if !sent {
		e.link.mu.Unlock()
	}
	return len(b), sent
}

// passPlain sends b with a description and gives the lock back; if it is false
// nothing has happened, and the lock is held as before.
func (e *end) passPlain(b []byte, passed *file, by *proc) bool {
	if e.plain&plainSend == 0 || int(e.sized.n) != len(b) && !e.size(len(b)) {
		return false
	}
	charge, to := int(e.sized.charge), e.peer
	if !e.admits(len(b), charge) || to.pass&refuseRights != 0 {
		return false
	}
	a := e.sys.inflight.launch(passed, to, by)
	if a == nil {
		return false
	}
	to.in.PushBytes(b, charge, e.endsRecord(0))
	to.in.SetValue(to.in.Segments()-1, a)
	e.sent(charge)
	return true
}

// recvmsgPlain is a whole Recvmsg; if it is false nothing has happened.
func (p *Process) recvmsgPlain(fd int, m *Msghdr, flags int) (n int, received bool) {
	b := m.oneBuffer()
	if len(b) == 0 || flags&^(MSG_DONTWAIT|MSG_CMSG_CLOEXEC) != 0 {
		return 0, false
	}
	f := p.proc.files.Get(fd)
	if f == nil || f.end == nil {
		return 0, false
	}
	e := f.end
	e.link.mu.Lock()
	var came *file
	if e.in.Segments() > 0 {
		seg := e.in.At(0)
		switch {
		case seg.HasValue:
			n, came = e.recvRight(b, m.Control)
			received = came != nil
		case e.plain&plainParts != 0: // msg_flags tell of the end of a record
		case e.typ == SOCK_STREAM || seg.Left <= len(b): // else msg_flags tell that it is cut
			n, received = e.recvPlain(b)
		}
	}
	if !received {
		e.link.mu.Unlock()
		return 0, false
	}
	m.Controllen, m.Flags = 0, p.echo(flags)
	if came != nil {
		p.storeRight(m, came, flags)
	}
	return n, true
}

// echo are the flags of a recvmsg that its msg_flags show again.
func (p *Process) echo(flags int) int {
	if p.sys.rules.CloexecEcho {
		return flags & MSG_CMSG_CLOEXEC
	}
	return 0
}

// recvRight receives the head of the queue, whole, into b with the one
// description that it carries, and gives the lock back; if that is nil nothing
// has happened, and the lock is held as before. control is where its number
// will go.
func (e *end) recvRight(b, control []byte) (n int, came *file) {
	if e.plain&plainRecv == 0 || len(control) < oneRight || isBad(control) {
		return 0, nil
	}
	a, _ := e.in.Value(0).(*ancillary)
	if a == nil || len(a.files) != 1 || a.from != nil || e.in.At(0).Left > len(b) { // a stream's rest stays
		return 0, nil
	}
	came = e.sys.inflight.landOne(a)
	e.in.SetValue(0, nil)
	n, charge, _ := e.in.TakeHead(b)
	e.peeked = e.peeked && e.in.Segments() > 0
	e.took(charge)
	return n, came
}

// storeRight gives a description that has come the lowest free number.
func (p *Process) storeRight(m *Msghdr, f *file, flags int) {
	fd, ok := p.proc.files.Add(f, 0, p.proc.nofile(), receivedFlags(flags))
	if !ok {
		got := received{files: []*file{f}}
		p.store(m, &got, flags)
		got.close()
		return
	}
	binary.LittleEndian.PutUint64(m.Control, oneRight)
	binary.LittleEndian.PutUint64(m.Control[8:], rightsHead)
	binary.LittleEndian.PutUint32(m.Control[cmsgHeader:], uint32(fd))
	m.Controllen = min(oneRightSpace, len(m.Control))
}
