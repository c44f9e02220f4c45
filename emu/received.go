package emu

import (
	"encoding/binary"

	"sockpair/fdtable"
)

// What a receive finds in messages beside their bytes, and where it goes.

// received is what a receive has got beside the bytes.
type received struct {
	files  []*file
	cred   Cred  // of the first segment
	of     *proc // whose they are
	known  bool  // cred and of are set
	begun  bool  // a segment has been looked at
	pass   passState
	unread int        // SO_INQ: what is left in the queue
	kept   bool       // the references of files are counted as a call's
	few    [few]*file // room for files
}

// sameSender reports whether the segment may be joined to what the receive
// has: with SO_PASSCRED or SO_PASSPIDFD a stream's receive stops where the
// credentials change. Linux net/unix/af_unix.c unix_skb_scm_eq.
func (e *end) sameSender(c *recvCall, i int) bool {
	if e.pass&passIdentity == 0 || c.got == nil || !c.got.begun {
		return true
	}
	a, _ := e.in.Value(i).(*ancillary)
	if a == nil {
		return !c.got.known
	}
	return a.known == c.got.known && (!a.known || a.cred == c.got.cred)
}

// collect adds what segment i carries to the receive, and reports whether
// that were descriptions: a stream's receive ends with them.
func (e *end) collect(c *recvCall, i int) (rights bool) {
	a, _ := e.in.Value(i).(*ancillary)
	if a == nil && e.pass == 0 {
		return false
	}
	if e.pass == 0 && a.files == nil && !a.known {
		return false // it has its pages only
	}
	if c.got == nil {
		c.got = new(received)
	}
	g := c.got
	if !g.begun {
		g.begun, g.cred = true, nobody
		if a != nil && a.known {
			g.cred, g.of, g.known = a.cred, a.of, true
		}
	}
	if a == nil || a.files == nil {
		return false
	}
	if c.flags&MSG_PEEK != 0 {
		e.sys.inflight.duplicate(a.files) // a peek duplicates
		g.files = append(g.files, a.files...)
		return true
	}
	files := a.land()
	if g.files == nil && len(files) <= few {
		g.files = g.few[:0]
	}
	g.files = append(g.files, files...)
	if !a.known && a.from == nil && a.pages == nil {
		e.in.SetValue(i, nil)
	}
	return true
}

// close drops the descriptions of a receive that cannot show them: read and
// recv, or recvmsg for those that found no room.
func (g *received) close() {
	if g == nil {
		return
	}
	files := g.files
	g.files = nil
	if len(files) == 0 {
		return
	}
	for _, f := range files {
		if g.kept {
			f.lock.Lock()
			f.calls--
			f.lock.Unlock()
		}
	}
	files[0].sys.releaseAll(files)
}

// keep makes the references those of the call, which goes on.
func (g *received) keep() {
	for _, f := range g.files {
		f.lock.Lock()
		f.calls++
		f.lock.Unlock()
	}
	g.kept = true
}

// store puts what a receive has got into the message header: credentials,
// descriptors, a descriptor of the sender, then the queue's length.
// Linux net/core/scm.c scm_recv_unix, scm_detach_fds, scm_pidfd_recv.
func (p *Process) store(m *Msghdr, g *received, flags int) {
	if g == nil {
		return
	}
	room := controlRoom{buf: m.Control, bad: isBad(m.Control)}
	if m.Control == nil {
		if g.pass&passIdentity != 0 || len(g.files) > 0 {
			room.flags = MSG_CTRUNC
		}
		g.pass &= passInq
	} else {
		if g.pass&passCred != 0 {
			room.put(Cmsg{SOL_SOCKET, SCM_CREDENTIALS, words(g.cred.Pid, g.cred.Uid, g.cred.Gid)})
		}
		p.storeRights(&room, g, flags)
		if g.pass&passPidfd != 0 {
			p.storePidfd(&room, g.of)
		}
	}
	if g.pass&passInq != 0 {
		room.put(Cmsg{SOL_SOCKET, SCM_INQ, words(g.unread)})
	}
	m.Controllen = room.used
	m.Flags |= room.flags
}

// storeRights gives each description that there is room for the lowest free
// number; what does not fit, or finds no number, is dropped, and MSG_CTRUNC
// tells of it.
func (p *Process) storeRights(room *controlRoom, g *received, flags int) {
	n, fit := 0, room.rightsThatFit()
	numbers := room.data()
	for len(g.files) > 0 && n < fit {
		fd, ok := p.proc.files.Add(g.files[0], 0, p.proc.nofile(), receivedFlags(flags))
		if !ok {
			break // EMFILE: those before it are reported
		}
		g.files = g.files[1:]
		binary.LittleEndian.PutUint32(numbers[sizeofInt*n:], uint32(fd))
		n++
	}
	if n > 0 {
		room.stored(sizeofInt*n, SCM_RIGHTS)
	}
	if len(g.files) > 0 {
		room.flags |= MSG_CTRUNC
	}
}

// receivedFlags are the flags of a descriptor that came with a message.
func receivedFlags(flags int) fdtable.Flags {
	if flags&MSG_CMSG_CLOEXEC != 0 {
		return cloexec
	}
	return 0
}

// storePidfd gives a descriptor of the sender, which may have ended and be
// waited for, the lowest free number. Where there is no room for all of it the
// message tells so with MSG_CTRUNC, and no descriptor is made; where there is no
// number it holds the errno.
func (p *Process) storePidfd(room *controlRoom, q *proc) {
	if len(room.buf)-room.used < cmsgHeader+sizeofInt {
		room.flags |= MSG_CTRUNC
		return
	}
	if q == nil || room.bad {
		return
	}
	fd, err := p.openPidfd(q, q.pid, &q.life, 0)
	if err != 0 {
		fd = -int(err)
	}
	room.put(Cmsg{SOL_SOCKET, SCM_PIDFD, words(fd)})
}
