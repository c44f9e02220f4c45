package emu

import (
	"slices"

	"sockpair/errno"
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
