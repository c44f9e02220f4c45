package emu

import (
	mathbits "math/bits"
	"sync"
	"sync/atomic"

	"sockpair/errno"
)

// The size of pipes, and how much of it a user may have.

// The limits that Linux has in /proc/sys/fs.
const (
	pipeDefault  = 16        // buffers of a new pipe
	pipeLeast    = 2         // of a new pipe of a user who has too many
	pipeMaxSize  = 1 << 20   // pipe-max-size
	pipeUserSoft = 16384     // pipe-user-pages-soft
	pipeTooLarge = 1<<16 + 1 // more buffers than there is memory for in one piece
)

// pipes is what a machine knows of all of its pipes.
type pipes struct {
	serial atomic.Uint64

	mu    sync.Mutex  // a leaf
	pages map[int]int // buffers that the pipes of a user may have, together
}

// account adds to the pages of a user and returns how many they are then.
func (s *pipes) account(user, n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil {
		s.pages = make(map[int]int)
	}
	s.pages[user] += n
	return s.pages[user]
}

// admit is how many buffers a new pipe has. Linux alloc_pipe_info.
func (s *pipes) admit(who Cred) int {
	if s.account(who.Uid, pipeDefault) > pipeUserSoft && who.Uid != 0 {
		s.account(who.Uid, pipeLeast-pipeDefault)
		return pipeLeast
	}
	return pipeDefault
}

// pipeSize is F_GETPIPE_SZ and F_SETPIPE_SZ.
// EBADF: fd is no pipe. Linux fs/pipe.c pipe_fcntl.
func (p *Process) pipeSize(fd, cmd, arg int) (int, errno.Errno) {
	f, err := p.lockFile(fd)
	if err != 0 {
		return -1, err
	}
	e, ok := f.object.(*pipeEnd)
	if !ok {
		f.lock.Unlock()
		return -1, errno.EBADF
	}
	pp := e.pipe
	f.enter()
	defer f.leave()
	defer pp.unlock()
	c := pipeCall{p: p}
	c.hold(pp)
	if cmd == F_SETPIPE_SZ {
		if err := pp.resize(uint32(arg), p.Cred()); err != 0 {
			return -1, err
		}
	}
	return pp.max * pipePage, 0
}

// resize changes how many buffers there may be, to a power of two.
//
// EINVAL: more than 2 GiB; EPERM: more than pipe-max-size, or than a user may
// have, unless it is user 0; EBUSY: less than are in use; ENOMEM.
//
// Linux fs/pipe.c pipe_set_size, pipe_resize_ring.
func (pp *pipe) resize(size uint32, who Cred) errno.Errno {
	if size > 1<<31 {
		return errno.EINVAL
	}
	n := int(uint64(1) << mathbits.Len32(max(size, pipePage)-1) / pipePage)
	if n > pp.max && n > pipeMaxSize/pipePage && who.Uid != 0 {
		return errno.EPERM
	}
	total := pp.sys.pipes.account(pp.user, n-pp.max)
	var err errno.Errno
	switch {
	case n > pp.max && total > pipeUserSoft && who.Uid != 0:
		err = errno.EPERM
	case n >= pipeTooLarge:
		err = errno.ENOMEM
	case n < len(pp.bufs):
		err = errno.EBUSY
	}
	if err != 0 {
		pp.sys.pipes.account(pp.user, pp.max-n)
		return err
	}
	pp.max = n
	pp.out.wake(spaceFreed)
	return 0
}
