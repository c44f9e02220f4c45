package emu

import (
	"math"

	"sockpair/errno"
)

// The owner of a description, to whom SIGIO and SIGURG go: what F_SETOWN,
// FIOSETOWN and SIOCSPGRP set.
// Linux fs/fcntl.c f_setown, f_getown.

// fileOwner is who gets a description's signals, and which one.
type fileOwner struct {
	who    int32 // a process, or as a negative number a group; 0 is nobody
	signal uint8 // F_SETSIG; 0 stands for SIGIO
}

// asyncSignal is the signal that O_ASYNC asks for.
func (o fileOwner) asyncSignal() Signal {
	if o.signal == 0 {
		return SIGIO
	}
	return Signal(o.signal)
}

// setOwner is FIOSETOWN.
// EFAULT; EINVAL: the least int, which has no opposite; ESRCH: there is no such process.
func setOwner(p *Process, fd int, arg memory) errno.Errno {
	b, err := arg.first(sizeofInt)
	if err != 0 {
		return err
	}
	return p.setOwner(fd, word(b))
}

func (p *Process) setOwner(fd, who int) errno.Errno {
	switch {
	case who == math.MinInt32:
		return errno.EINVAL
	case who != 0 && !p.sys.numbered(max(who, -who)):
		return errno.ESRCH
	}
	f, err := p.lockFile(fd)
	if err != 0 {
		return err
	}
	defer f.lock.Unlock()
	f.aside().owner.who = int32(who)
	return 0
}

// getOwner is FIOGETOWN.
func getOwner(p *Process, fd int, arg memory) errno.Errno {
	who, err := p.owner(fd)
	if err != 0 {
		return err
	}
	return arg.putInt(who)
}

// owner is the owner that was set, or 0 when there is no such process or group any more.
func (p *Process) owner(fd int) (int, errno.Errno) {
	f, err := p.lockFile(fd)
	if err != 0 {
		return 0, err
	}
	who := int(f.owner.who)
	f.lock.Unlock()
	alive := func(q *proc) bool { return q.pid == who || q.group == -who }
	if who == 0 || len(p.sys.matching(alive)) == 0 {
		return 0, 0
	}
	return who, 0
}

// numbered reports whether a process or a group has the number.
func (s *System) numbered(n int) bool {
	return len(s.matching(func(q *proc) bool { return q.pid == n || q.group == n })) > 0
}

// setSignal is F_SETSIG: 0 stands for SIGIO. EINVAL: no signal.
func (p *Process) setSignal(fd, sig int) errno.Errno {
	f, err := p.lockFile(fd)
	if err != 0 {
		return err
	}
	defer f.lock.Unlock()
	if sig < 0 || sig > maxSignal {
		return errno.EINVAL
	}
	f.aside().owner.signal = uint8(sig)
	return 0
}

// signalOf is F_GETSIG.
func (p *Process) signalOf(fd int) (int, errno.Errno) {
	f, err := p.lockFile(fd)
	if err != 0 {
		return -1, err
	}
	defer f.lock.Unlock()
	return int(f.owner.signal), 0
}

// fioasync is FIOASYNC. ENOTTY: O_ASYNC would change and the file has none.
// Linux fs/ioctl.c ioctl_fioasync.
func (f *file) fioasync(on bool) errno.Errno {
	if on != (f.status&O_ASYNC != 0) {
		if !f.traits().signals {
			return errno.ENOTTY
		}
		f.setAsync(on)
	}
	return 0
}
