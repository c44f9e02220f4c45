package emu

import "sockpair/errno"

// Bind gives the socket a name, once: a path, at which it makes a file of type
// socket, with Linux an abstract name, or for the family alone an abstract
// name that is free. The file stays when the socket is closed.
//
// EBADF; ENOTSOCK; EINVAL: an address longer than 128 bytes; EFAULT; EINVAL: a
// malformed address, EAFNOSUPPORT where the personality tells another family
// apart, EDESTADDRREQ where it wants one at all; EINVAL where it says so: the
// socket is shut down. A path: what the walk along it says (EACCES, ENOENT, ENOTDIR, ELOOP,
// ENAMETOOLONG), EADDRINUSE: it exists; then EINVAL: the socket has a name. An
// abstract name: EINVAL: the socket has a name; EADDRINUSE.
//
// Source: POSIX bind(); Linux net/unix/af_unix.c unix_bind.
func (p *Process) Bind(fd int, name []byte) error {
	return p.observe1("bind", func() []any { return []any{Fd(fd), sockaddrArg(name), len(name)} },
		func() errno.Errno {
			f, err := p.useSocket(fd)
			if err == 0 {
				defer f.leave()
				err = checkRoom(name)
			}
			if err != 0 {
				return err
			}
			return p.bind(f.end, name)
		})
}

// useSocket keeps the socket of fd for a call. EBADF; ENOTSOCK.
func (p *Process) useSocket(fd int) (*file, errno.Errno) {
	e, err := p.lockSocket(fd)
	if err != 0 {
		return nil, err
	}
	e.enter()
	e.link.mu.Unlock()
	return &e.file, 0
}

// checkRoom tests the memory of an address. EINVAL: more than 128 bytes;
// EFAULT. Linux net/socket.c move_addr_to_kernel.
func checkRoom(name []byte) errno.Errno {
	switch {
	case len(name) > maxSockaddr:
		return errno.EINVAL
	case isBad(name):
		return errno.EFAULT
	}
	return 0
}

// shutDown is what calls about names say of a socket that is shut down both
// ways. POSIX bind(), getpeername().
func (e *end) shutDown() errno.Errno {
	e.link.mu.Lock()
	defer e.link.unlock()
	return e.shutDownLocked()
}

func (e *end) shutDownLocked() errno.Errno {
	if e.shut&shutBoth == shutBoth {
		return e.rules().Addresses.ShutDown
	}
	return 0
}

func (p *Process) bind(e *end, name []byte) errno.Errno {
	rules := p.sys.rules
	if rules.Addresses.Abstract && len(name) == sizeofFamily && family(name) == AF_UNIX {
		e.link.mu.Lock()
		defer e.link.unlock()
		return e.autobind()
	}
	if len(name) == 0 {
		return rules.Addresses.BindNowhere
	}
	if err := rules.checkName(name); err != 0 {
		return err
	}
	if err := e.shutDown(); err != 0 {
		return err
	}
	if rules.isAbstract(name) {
		return e.bindAbstract(name)
	}
	return p.bindPath(e, pathOf(name))
}

// bindAbstract: Linux net/unix/af_unix.c unix_bind_abstract.
func (e *end) bindAbstract(name []byte) errno.Errno {
	e.link.mu.Lock()
	defer e.link.unlock()
	own := append([]byte(nil), name...)
	switch {
	case e.name.Load() != nil:
		return errno.EINVAL
	case !e.sys.abstract.bind(e, own):
		return errno.EADDRINUSE
	}
	e.name.Store(&address{name: own})
	return 0
}

// bindPath makes the file first and takes it away again when the socket
// turns out to have a name. Linux net/unix/af_unix.c unix_bind_bsd.
func (p *Process) bindPath(e *end, path string) errno.Errno {
	node, err := p.sys.names.createSocket(p.proc, path, 0o777, e)
	switch {
	case err == errno.EEXIST:
		return errno.EADDRINUSE
	case err != 0:
		return err
	}
	e.link.mu.Lock()
	named := e.name.Load() != nil
	if !named {
		e.name.Store(&address{name: pathAddress(path), node: node})
	}
	e.link.unlock()
	if named {
		p.sys.names.takeBack(p.proc, path)
		return errno.EINVAL
	}
	return 0
}
