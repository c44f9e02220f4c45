package emu

import "sockpair/errno"

// What can be done to a process by a descriptor of it: a signal, a descriptor
// of its own. To wait for it: Waitid.

// PidfdSendSignal sends a signal to the process of a pidfd, or to the task when
// the pidfd was made with PIDFD_THREAD. flags may say which: PIDFD_SIGNAL_THREAD,
// PIDFD_SIGNAL_THREAD_GROUP, or PIDFD_SIGNAL_PROCESS_GROUP for the group of that
// number. fd may be PIDFD_SELF_THREAD or PIDFD_SELF_THREAD_GROUP. Signal 0 tests only.
//
// EINVAL: other flags, or two of them; EBADF: fd is no pidfd; ESRCH: it has been
// waited for, or there is no such group; EINVAL: sig is no signal; EPERM: the
// caller may not signal it.
//
// Source: Linux kernel/signal.c pidfd_send_signal.
func (p *Process) PidfdSendSignal(fd int, sig Signal, flags uint) error {
	return p.observe1("pidfd_send_signal", func() []any { return []any{Fd(fd), sig, Null{}, PidfdSignal(flags)} },
		func() errno.Errno { return p.pidfdSendSignal(fd, sig, flags) })
}

func (p *Process) pidfdSendSignal(fd int, sig Signal, flags uint) errno.Errno {
	switch flags {
	case 0, PIDFD_SIGNAL_THREAD, PIDFD_SIGNAL_THREAD_GROUP, PIDFD_SIGNAL_PROCESS_GROUP:
	default:
		return errno.EINVAL
	}
	q, tid, thread := p.proc, p.task.id(), fd == PIDFD_SELF_THREAD
	l := &q.life
	if !thread && fd != PIDFD_SELF_THREAD_GROUP {
		f, status, err := p.pidfdOf(fd)
		if err != 0 {
			return err
		}
		q, tid, l, thread = f.proc, f.tid, f.life, status&PIDFD_THREAD != 0
	}
	if flags == PIDFD_SIGNAL_PROCESS_GROUP {
		return p.killGroup(tid, sig)
	}
	if flags != 0 {
		thread = flags == PIDFD_SIGNAL_THREAD
	}
	switch {
	case l.is() == reaped:
		return errno.ESRCH
	case sig < 0 || sig > maxSignal:
		return errno.EINVAL
	case !mayKill(p.Cred(), q):
		return errno.EPERM
	case sig == 0:
	case !thread:
		q.signal(sig, nil)
	default:
		if t := q.task(tid); t != nil {
			q.signal(sig, t)
		}
	}
	return 0
}

// killGroup is Kill for a group whose number may be that of none.
func (p *Process) killGroup(group int, sig Signal) errno.Errno {
	if group == 1 {
		return errno.ESRCH // kill takes -1 for all processes
	}
	return p.kill(-group, sig)
}

// PidfdGetfd makes a descriptor, closed on exec, for the description that
// another process has at number target.
//
// EINVAL: flags is not 0; EBADF: fd is no pidfd; ESRCH: the process, or task,
// is no more; EPERM: it is another user's, and the caller is not user 0; ESRCH:
// it has ended; EBADF: target is not open. EMFILE.
//
// Source: Linux kernel/pid.c pidfd_getfd.
func (p *Process) PidfdGetfd(fd, target, flags int) (int, error) {
	return p.observe("pidfd_getfd", func() []any { return []any{Fd(fd), Fd(target), flags} },
		func() (int, errno.Errno) {
			if flags != 0 {
				return -1, errno.EINVAL
			}
			f, _, err := p.pidfdOf(fd)
			if err != 0 {
				return -1, err
			}
			q := f.proc
			switch {
			case f.life.is() == reaped:
				return -1, errno.ESRCH
			case q != p.proc && !mayKill(p.Cred(), q):
				return -1, errno.EPERM
			case q.over() || q.task(f.tid) == nil:
				return -1, errno.ESRCH
			}
			return p.takeFrom(q, target)
		})
}

// takeFrom makes a descriptor for another process's description.
func (p *Process) takeFrom(q *proc, target int) (int, errno.Errno) {
	f := q.files.Get(target)
	if f == nil || !f.refs.take() {
		return -1, errno.EBADF
	}
	fd, ok := p.proc.files.Add(f, 0, p.proc.nofile(), cloexec)
	if !ok {
		f.release()
		return -1, p.noNumber()
	}
	return fd, 0
}
