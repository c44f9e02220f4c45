package emu

import (
	"slices"

	"sockpair/errno"
)

// somaxconn is the longest queue of connections that nobody has accepted.
const somaxconn = 4096

// listener is the part of a socket that listens. Guarded by its socket's lock.
type listener struct {
	backlog    int       // so many connections may wait, and Addresses.BacklogSlack
	embryos    []*end    // connections that nobody has accepted yet, in order of arrival
	acceptors  waitQueue // calls of accept
	connectors waitQueue // calls of connect that find the queue full
}

// listening reports whether the socket listens. The lock is held.
func (e *end) listening() bool { return e.listener != nil }

// full reports whether no further connection may wait.
// Linux net/unix/af_unix.c unix_recvq_full.
func (l *listener) full(r *Personality) bool {
	return len(l.embryos) >= l.backlog+r.Addresses.BacklogSlack
}

// embryo reports whether the socket is a connection's end that nobody has
// accepted. The lock is held.
func (e *end) embryo() bool { return e.parent() != nil }

// Listen makes the socket one that connections are made to. backlog bounds
// how many wait for accept; called again it changes that.
//
// EBADF; ENOTSOCK; EOPNOTSUPP: a SOCK_DGRAM; EINVAL or EDESTADDRREQ, as the
// personality says: the socket has no name; EINVAL: it is connected.
//
// Source: POSIX listen(); Linux net/unix/af_unix.c unix_listen.
func (p *Process) Listen(fd, backlog int) error {
	return p.observe1("listen", func() []any { return []any{Fd(fd), backlog} },
		func() errno.Errno {
			e, err := p.lockSocket(fd)
			if err != 0 {
				return err
			}
			defer e.link.unlock()
			return e.listen(backlog, p.proc)
		})
}

func (e *end) listen(backlog int, by *proc) errno.Errno {
	switch {
	case !e.connectionMode():
		return errno.EOPNOTSUPP
	case e.name.Load() == nil:
		return e.rules().Addresses.ListenUnbound
	case e.established():
		return errno.EINVAL
	}
	backlog = e.rules().Addresses.Backlog(backlog)
	if e.listener == nil {
		e.rarely().listener = new(listener)
	}
	if backlog > e.listener.backlog {
		e.listener.connectors.wake(-1)
	}
	e.listener.backlog = backlog
	e.peerIs(by)
	return 0
}

// Accept4 takes the first connection that waits and gives it a descriptor. Up
// to *namelen bytes of the client's address are stored in name, and its true
// length in *namelen; a nil name asks for none. flags are SOCK_NONBLOCK,
// SOCK_CLOEXEC and SOCK_CLOFORK.
//
// EBADF; EINVAL: other flags; EMFILE; ENOTSOCK; ENFILE; EOPNOTSUPP: a
// SOCK_DGRAM; EINVAL: the socket does not listen; EAGAIN: none waits, and the
// socket is non-blocking or SO_RCVTIMEO is over; EINVAL: receiving is shut;
// EINTR; then, with the connection lost, EFAULT: namelen is nil or name bad;
// EINVAL: *namelen is negative.
//
// Source: POSIX accept4(); Linux net/socket.c __sys_accept4, net/unix/af_unix.c unix_accept.
func (p *Process) Accept4(fd int, name []byte, namelen *int, flags int) (int, error) {
	return p.observe("accept4", func() []any { return []any{Fd(fd), sockaddrArg(name), namelen, SockType(flags)} },
		func() (int, errno.Errno) { return p.accept(fd, name, namelen, flags) })
}

// Accept is Accept4 without flags.
func (p *Process) Accept(fd int, name []byte, namelen *int) (int, error) {
	return p.observe("accept", func() []any { return []any{Fd(fd), sockaddrArg(name), namelen} },
		func() (int, errno.Errno) { return p.accept(fd, name, namelen, 0) })
}

func (p *Process) accept(fd int, name []byte, namelen *int, flags int) (int, errno.Errno) {
	f, err := p.use(fd)
	if err != 0 {
		return -1, err
	}
	defer f.leave()
	if flags&^(p.sys.rules.TypeFlags) != 0 {
		return -1, errno.EINVAL
	}
	n, ok := p.proc.files.Reserve(0, p.proc.nofile(), descriptorFlags(flags))
	if !ok {
		return -1, p.noNumber()
	}
	e, err := p.acceptFrom(f)
	if err != 0 {
		p.proc.files.Release(n)
		return -1, err
	}
	client := e.grow(flags, p.proc.who.Load())
	if name != nil {
		if err := storeName(client.sockaddr(), name, namelen); err != 0 {
			p.proc.files.Release(n)
			e.release()
			return -1, err
		}
	}
	if err := p.installFile(n, &e.file); err != 0 {
		return -1, err
	}
	return n, 0
}

// grow makes a connection's end, which was its listener's, one of its own. It
// returns the client.
func (e *end) grow(flags int, by *identity) (client *end) {
	e.link.mu.Lock()
	defer e.link.unlock()
	e.status |= flags & O_NONBLOCK
	e.maker = by
	e.setParent(nil)
	for i := range e.in.Segments() {
		if e.in.At(i).HasValue {
			e.sys.inflight.forget() // what it holds is reached in another way
			break
		}
	}
	return e.peer
}

// acceptFrom waits for a connection and takes it; its file is counted.
func (p *Process) acceptFrom(f *file) (*end, errno.Errno) {
	switch {
	case f.end == nil:
		return nil, errno.ENOTSOCK
	case !p.sys.takeFiles(1):
		return nil, errno.ENFILE
	}
	e, err := p.takeEmbryo(f.end)
	if err != 0 {
		p.sys.census.add(-1, 0)
	}
	return e, err
}

// takeEmbryo takes the first connection that waits.
func (p *Process) takeEmbryo(l *end) (taken *end, err errno.Errno) {
	l.link.mu.Lock()
	switch {
	case !l.connectionMode():
		l.link.unlock()
		return nil, errno.EOPNOTSUPP
	case !l.listening():
		l.link.unlock()
		return nil, errno.EINVAL
	}
	nonblock := l.status&O_NONBLOCK != 0 || l.recvNonblock()
	take := func() (over bool) {
		taken, err = l.decideAccept(nonblock)
		return taken != nil || err != 0
	}
	if take() {
		l.link.unlock()
		return taken, err
	}
	timeout := l.recvTimeout()
	woken := p.awaitUntil(&l.file, &l.listener.acceptors, p.sys.seam.deadline(timeout), func(late lateness) bool {
		nonblock = nonblock || late == timeIsOver
		return take()
	})
	if woken != 0 {
		return nil, woken
	}
	return taken, err
}

// decideAccept is the order of an accept's cases; nil and 0: it waits.
// Linux net/core/datagram.c skb_recv_datagram, net/unix/af_unix.c unix_accept.
func (e *end) decideAccept(nonblock bool) (*end, errno.Errno) {
	l := e.listener
	switch {
	case e.pending != 0:
		err := e.pending
		e.pending = 0
		return nil, err
	case len(l.embryos) > 0:
		taken := l.embryos[0]
		l.embryos = slices.Delete(l.embryos, 0, 1)
		l.connectors.wake(1)
		return taken, 0
	case nonblock:
		return nil, errno.EAGAIN
	case e.shut&shutRecv != 0:
		return nil, errno.EINVAL
	}
	return nil, 0
}

// unaccepted is a connection whose listener has ended.
type unaccepted struct{ *end }

func (u unaccepted) release(r *reaper) { r.release(&u.file) }

// stopListening ends the connections that nobody has accepted: their clients
// get ECONNRESET. The lock is held.
func (e *end) stopListening() {
	if e.listener == nil {
		return
	}
	for _, s := range e.listener.embryos {
		e.link.dropped = append(e.link.dropped, unaccepted{s})
	}
	e.listener.embryos = nil
	e.listener.connectors.wake(-1)
}
