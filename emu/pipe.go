package emu

import (
	"sync"

	"sockpair/errno"
)

// Flags of Pipe2 beside O_CLOEXEC, O_NONBLOCK and O_DIRECT.
const O_NOTIFICATION_PIPE = 0x80

// A pipe is a ring of buffers, each of a page at most: writes put bytes in at
// one end and reads take them out at the other. What fills it is the number of
// buffers, not of bytes: a buffer is free when all of it has been read.
//
// Linux fs/pipe.c.
type pipe struct {
	sys  *System
	id   uint64     // two pipes are locked in this order
	mu   sync.Mutex // of both ends; two at once only in the order of id
	in   pipeEnd    // that reads go out of
	out  pipeEnd    // that writes go into
	bufs []pipeBuffer
	max  int // buffers that it may have

	polled bool      // somebody has polled it: every write tells so (poll_usage)
	held   bool      // a call that copies from or to a socket has it (pipe_lock)
	turn   waitQueue // the calls that wait until it is given back
	late   []*pipeEnd
	owed   []owed // signals, sent after unlock
	inode  node
	user   int // whose pages it counts
}

// pipeEnd is one end: an open file description.
type pipeEnd struct {
	file
	pipe   *pipe
	open   bool
	alone  waitQueue // calls that wait exclusively: reads, writes
	all    waitQueue // calls that are woken together: splice, tee, sendfile
	copied bool      // splice has used it: RWF_NOWAIT no longer works
}

// pipeBuffer is some bytes of a pipe.
type pipeBuffer struct {
	b    []byte
	at   int // where in its page they begin
	kind pipeKind
}

// pipeKind says what may be done with a buffer.
type pipeKind uint8

const (
	pipePlain  pipeKind = iota // it is as it is
	pipeMerge                  // a write may add to it (PIPE_BUF_FLAG_CAN_MERGE)
	pipePacket                 // a read takes all of it (PIPE_BUF_FLAG_PACKET)
)

// pipePage is the size of a page: a write of so many bytes (PIPE_BUF) or less
// is never torn.
const pipePage = 4096

// pipeTraits: fcntl sets O_DIRECT on either end, where it means packets.
var pipeTraits = traits{link: "pipe:", mode: S_IFIFO | 0o600, seek: errno.ESPIPE, position: errno.ESPIPE,
	truncate: errno.EINVAL, direct: true, signals: true}

// Pipe is Pipe2 without flags.
func (p *Process) Pipe(fds *[2]int) error {
	return p.observe1("pipe", func() []any { return []any{fds} }, func() errno.Errno { return p.pipe2(fds, 0) })
}

// Pipe2 makes a pipe and stores the descriptors of its ends into fds: fds[0] is
// for reading, fds[1] for writing. With O_DIRECT each write makes packets.
//
// EINVAL: other flags than O_CLOEXEC, O_NONBLOCK, O_DIRECT and
// O_NOTIFICATION_PIPE; ENFILE: Config.MaxFiles; ENOPKG: O_NOTIFICATION_PIPE;
// EMFILE; EFAULT: fds is nil.
//
// Source: POSIX pipe(); Linux fs/pipe.c do_pipe2.
func (p *Process) Pipe2(fds *[2]int, flags int) error {
	return p.observe1("pipe2", func() []any { return []any{fds, OpenFlags(flags)} },
		func() errno.Errno { return p.pipe2(fds, flags) })
}

func (p *Process) pipe2(fds *[2]int, flags int) errno.Errno {
	if p.over() {
		return errEnded
	}
	switch {
	case flags&^(O_CLOEXEC|O_NONBLOCK|O_DIRECT|O_NOTIFICATION_PIPE) != 0:
		return errno.EINVAL
	case !p.sys.takeFiles(2):
		return errno.ENFILE
	case flags&O_NOTIFICATION_PIPE != 0:
		p.sys.census.add(-2, 0)
		return errno.ENOPKG
	}
	r, w, ok := p.proc.files.ReservePair(p.proc.nofile(), descriptorFlags(flags))
	if !ok {
		p.sys.census.add(-2, 0)
		return p.noNumber()
	}
	if fds == nil {
		p.sys.census.add(-2, 0)
		p.proc.files.Release(r)
		p.proc.files.Release(w)
		return errno.EFAULT
	}
	pp := p.sys.newPipe(flags, p.Cred())
	*fds = [2]int{r, w}
	err := p.installFile(r, &pp.in.file)
	if err2 := p.installFile(w, &pp.out.file); err2 != 0 {
		err = err2
	}
	return err
}

// newPipe makes a pipe whose ends have one reference each. Linux
// create_pipe_files: O_DIRECT is for who writes.
func (s *System) newPipe(flags int, who Cred) *pipe {
	pp := &pipe{sys: s, id: s.pipes.serial.Add(1), user: who.Uid, inode: node{uid: who.Uid, gid: who.Gid}}
	pp.max = s.pipes.admit(who)
	pp.in.status = O_RDONLY | flags&O_NONBLOCK
	pp.out.status = O_WRONLY | flags&(O_NONBLOCK|O_DIRECT)
	for _, e := range []*pipeEnd{&pp.in, &pp.out} {
		e.pipe, e.open = pp, true
		e.file.sys, e.file.lock, e.file.besides = s, &pp.mu, &besides{object: e}
	}
	return pp
}

func (e *pipeEnd) traits() *traits { return &pipeTraits }

// ownNode: both ends are one file.
func (e *pipeEnd) ownNode() *node { return &e.pipe.inode }

func (pp *pipe) full() bool  { return len(pp.bufs) >= pp.max }
func (pp *pipe) empty() bool { return len(pp.bufs) == 0 }

// pop removes the first buffer.
func (pp *pipe) pop() {
	pp.bufs[0] = pipeBuffer{}
	pp.bufs = pp.bufs[1:]
}

// take removes the first n bytes of the first buffer, and the buffer with its
// last byte. It reports whether that was so.
func (pp *pipe) take(n int) bool {
	b := &pp.bufs[0]
	b.b, b.at = b.b[n:], b.at+n
	if len(b.b) > 0 {
		return false
	}
	pp.pop()
	return true
}

// length is FIONREAD. Linux pipe_ioctl.
func (pp *pipe) length() (n int) {
	for _, b := range pp.bufs {
		n += len(b.b)
	}
	return n
}

// readiness: the reading end has POLLIN when there is a buffer and POLLHUP
// without a writer; the writing end has POLLOUT when a buffer is free, and
// POLLERR without a reader. Linux pipe_poll.
func (e *pipeEnd) readiness() (bits int16) {
	pp := e.pipe
	pp.polled = true
	if e == &pp.in {
		if !pp.empty() {
			bits |= POLLIN | POLLRDNORM
		}
		if !pp.out.open {
			bits |= POLLHUP
		}
		return bits
	}
	if !pp.full() {
		bits |= POLLOUT | POLLWRNORM
	}
	if !pp.in.open {
		bits |= POLLERR
	}
	return bits
}

// ioctl: FIONREAD is the number of bytes, on either end. ENOTTY for another.
func (e *pipeEnd) ioctl(_ *Process, req uint32, arg memory) errno.Errno {
	if req != FIONREAD {
		return errno.ENOTTY
	}
	c := pipeCall{}
	c.hold(e.pipe)
	return arg.putInt(e.pipe.length())
}

// destroy closes the end: who waits at the other end finds out. A pipe that a
// call holds is told when it is given back. Linux pipe_release.
func (e *pipeEnd) destroy() {
	pp := e.pipe
	defer pp.unlock()
	if pp.held {
		pp.late = append(pp.late, e)
		return
	}
	e.close()
}

func (e *pipeEnd) close() {
	pp := e.pipe
	e.open = false
	if !pp.in.open && !pp.out.open {
		pp.bufs = nil
		pp.sys.pipes.account(pp.user, -pp.max)
		return
	}
	for _, x := range []*pipeEnd{&pp.in, &pp.out} {
		x.alone.wake(-1)
		x.all.wake(-1)
		x.tell(stateChanged)
		x.async()
	}
}

// wake tells who waits at the end: of the reads or writes one.
// Linux wake_up_interruptible_poll.
func (e *pipeEnd) wake(ev events) {
	e.all.wake(-1)
	e.tellShared(ev)
	e.offerFirst(&e.alone, ev)
}

// concern is the event that calls at the end wait for.
func (e *pipeEnd) concern() events {
	if e == &e.pipe.in {
		return dataArrived
	}
	return spaceFreed
}

// async owes the signal that O_ASYNC asks for: after every call that moves
// something, or tries. Linux kill_fasync.
func (e *pipeEnd) async() {
	if e.open && e.status&O_ASYNC != 0 && e.owner.who != 0 {
		e.pipe.owed = append(e.pipe.owed, owed{e.sys, int(e.owner.who), e.owner.asyncSignal()})
	}
}

// unlock gives the lock back and sends the signals that are owed.
func (pp *pipe) unlock() {
	list := pp.owed
	pp.owed = nil
	pp.mu.Unlock()
	for _, o := range list {
		o.release(nil)
	}
}
