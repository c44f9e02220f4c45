package emu

import (
	"encoding/binary"
	"slices"

	"sockpair/errno"
	"sockpair/fdtable"
)

// What a message carries beside its bytes: open file descriptions
// (SCM_RIGHTS) and the credentials of its sender (SCM_CREDENTIALS).

// passState are the options of an end about ancillary data.
type passState uint8

const (
	passCred     passState = 1 << iota // SO_PASSCRED
	passPidfd                          // SO_PASSPIDFD
	refuseRights                       // SO_PASSRIGHTS is 0
	passInq                            // SO_INQ

	passIdentity = passCred | passPidfd
)

// nobody are the credentials of a message without any: what Linux shows is
// pid 0 and the overflow ids.
var nobody = Cred{Pid: 0, Uid: 65534, Gid: 65534}

// ancillary is what one segment carries. Its descriptions are in flight: each
// has a reference, and the graph of inflight.go knows them.
type ancillary struct {
	sys    *System
	files  []*file
	edges  []edge   // their edges in the graph, while they are in flight
	sender *account // of the user whose descriptions in flight are counted
	holder *end     // in whose queue it is
	from   *end     // who has sent it; nil: the other end of holder's link
	cred   Cred
	of     *proc // whose they are
	known  bool  // cred and of are set
	pages  []int // the sizes of the pages that a splice has put here; nil: the bytes were copied

	fewFiles [few]*file // room for files and edges
	fewEdges [few]edge
}

// few is how many descriptions a message has room for in itself.
const few = 2

// land takes the descriptions out of flight; their references are the caller's.
func (a *ancillary) land() []*file {
	files := a.files
	if files != nil {
		a.sys.inflight.remove(a)
		a.files = nil
	}
	return files
}

// parseControl turns the control buffer of a send into what the message will
// carry, with a reference to each description; nil when it carries nothing.
//
// ENOBUFS: a buffer longer than optmem_max. EFAULT. For each message: EINVAL:
// malformed, of an unknown type, more than 253 descriptors in all, credentials
// of a wrong size or with an id of -1; EBADF; EPERM: credentials that are not
// the sender's, unless it is user 0; ESRCH: of no process. Messages of other
// levels are skipped.
//
// Source: Linux net/core/scm.c __scm_send, scm_fp_copy, scm_check_creds.
func (p *Process) parseControl(b []byte) (a *ancillary, err errno.Errno) {
	switch {
	case len(b) > maxControl:
		return nil, errno.ENOBUFS
	case isBad(b):
		return nil, errno.EFAULT
	case len(b) < cmsgHeader:
		return nil, 0
	}
	a = &ancillary{sys: p.sys}
	for len(b) >= cmsgHeader && err == 0 {
		var c Cmsg
		c, b, err = nextCmsg(b)
		if err == 0 && c.Level == SOL_SOCKET {
			err = p.parseCmsg(a, c)
		}
	}
	if err != 0 {
		a.abandon()
		return nil, err
	}
	if a.files == nil && !a.known {
		return nil, 0
	}
	return a, 0
}

func (p *Process) parseCmsg(a *ancillary, c Cmsg) (err errno.Errno) {
	switch c.Type {
	case SCM_RIGHTS:
		fds := len(c.Data) / 4
		if len(a.files)+fds > maxRights {
			return errno.EINVAL
		}
		switch {
		case fds == 0:
			return 0
		case a.files == nil && fds <= few:
			a.files = a.fewFiles[:0]
		default:
			a.files = slices.Grow(a.files, fds)
		}
		for b := c.Data[:4*fds]; len(b) > 0; b = b[4:] {
			f, err := p.hold(word(b))
			if err != 0 {
				return err
			}
			a.files = append(a.files, f)
		}
		return 0
	case SCM_CREDENTIALS:
		if len(c.Data) != sizeofUcred {
			return errno.EINVAL
		}
		a.cred, a.known = ucred(c.Data), true
		a.of, err = p.mayClaim(a.cred)
		return err
	}
	return errno.EINVAL
}

// mayClaim reports whether the process may send these credentials, and finds
// whose they are.
func (p *Process) mayClaim(c Cred) (*proc, errno.Errno) {
	me := p.Cred()
	switch {
	case c.Uid == -1 || c.Gid == -1:
		return nil, errno.EINVAL
	case me.Uid != 0 && c != me:
		return nil, errno.EPERM
	case c.Pid == me.Pid:
		return p.proc, 0
	}
	found := p.sys.matching(func(q *proc) bool { return q.pid == c.Pid })
	if len(found) == 0 {
		return nil, errno.ESRCH
	}
	return found[0], 0
}

// abandon gives back the references of a message that was not sent.
func (a *ancillary) abandon() {
	if a == nil {
		return
	}
	a.sys.releaseAll(a.files)
	a.files = nil
}

// attach is what the next segment of a send carries, nil for nothing: the
// descriptions go with the first, credentials with each when the sender gave
// them or either end asks for them.
// Linux net/unix/af_unix.c unix_scm_to_skb, unix_maybe_add_creds.
func (e *end) attach(c *sendCall) any {
	asked := (e.pass|c.to.pass)&passIdentity != 0 || c.to.embryo()
	far := e.typ == SOCK_DGRAM && c.to != e.mate()
	a := c.anc
	if a == nil && !asked && !far && c.pages == nil {
		return nil
	}
	c.anc = nil
	switch {
	case a == nil:
		a = &ancillary{sys: e.sys}
	case a.known && e.typ == SOCK_STREAM:
		c.anc = &ancillary{sys: e.sys, cred: a.cred, of: a.of, known: true} // for what follows
	}
	a.holder = c.to
	if far {
		a.from = e
	}
	if c.pages != nil && e.typ == SOCK_STREAM && !e.rules().Charging.Merge {
		_, a.pages = pagesFor(c.pages, c.moved)
	}
	if !a.known && asked {
		a.cred, a.of, a.known = c.sender.credentials(), c.sender, true
	}
	if a.files != nil {
		if e.sys.inflight.add(a, c.sender.credentials().Uid) {
			for _, f := range a.files {
				e.link.dropped = append(e.link.dropped, suspect{f})
			}
		}
	}
	if a.files == nil && !a.known && !far && a.pages == nil {
		return nil
	}
	return a
}

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
