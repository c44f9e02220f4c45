package emu

import "sockpair/errno"

// What Waitid waits for, and how.
const (
	P_ALL   = 0
	P_PID   = 1
	P_PGID  = 2
	P_PIDFD = 3

	WEXITED = 4
	WNOWAIT = 1 << 24

	CLD_EXITED = 1
	CLD_KILLED = 2
)

// Siginfo is the part of siginfo_t that Waitid fills in.
type Siginfo struct {
	Signo            Signal // SIGCHLD; 0 when nothing has ended
	Errno, Code      int    // 0; CLD_EXITED or CLD_KILLED
	Pid, Uid, Status int    // the child, its user, its exit status or the signal
}

// Waitid waits until a child has ended and forgets it, or with WNOWAIT leaves
// it: the child with the number id (P_PID), the child of the pidfd id (P_PIDFD),
// any of group id, 0 for the caller's (P_PGID), or any (P_ALL). With WNOHANG it
// does not wait. A non-nil info is filled in, with zeros when nothing has
// ended or the call fails.
//
// EINVAL: unknown options, or none of WEXITED, WUNTRACED and WCONTINUED; an
// unknown idtype; an id that is negative, or 0 with P_PID. EBADF: id is no
// pidfd. ECHILD: there is no such child, or it has ended and WEXITED is not
// given. EAGAIN: it lives, and the pidfd does not wait (PIDFD_NONBLOCK). EINTR.
//
// Source: POSIX waitid(); Linux kernel/exit.c kernel_waitid_prepare, wait_consider_task.
func (p *Process) Waitid(idtype, id int, info *Siginfo, options int) error {
	return p.observe1("waitid", func() []any { return []any{WaitID(idtype), id, info, WaitOptions(options), Null{}} },
		func() errno.Errno {
			if info != nil {
				*info = Siginfo{}
			}
			child, err := p.waitid(idtype, id, options)
			if child != nil && info != nil {
				*info = child.siginfo()
			}
			return err
		})
}

func (p *Process) waitid(idtype, id, options int) (*proc, errno.Errno) {
	const events = WEXITED | WUNTRACED | WCONTINUED
	if options&^(WNOHANG|WNOWAIT|events|waitLinux) != 0 || options&events == 0 {
		return nil, errno.EINVAL
	}
	want := waitFor{exited: options&WEXITED != 0, keep: options&WNOWAIT != 0, hang: options&WNOHANG == 0}
	nonblock := false
	switch {
	case idtype == P_ALL:
		want.match = func(*proc) bool { return true }
	case idtype == P_PID && id > 0:
		want.match = func(c *proc) bool { return c.pid == id }
	case idtype == P_PGID && id > 0:
		want.match = func(c *proc) bool { return c.group == id }
	case idtype == P_PGID && id == 0:
		want.match = func(c *proc) bool { return c.group == p.proc.group }
	case idtype == P_PIDFD && id >= 0:
		f, status, err := p.pidfdOf(id)
		if err != 0 {
			return nil, err
		}
		nonblock = want.hang && status&O_NONBLOCK != 0
		want.hang = want.hang && !nonblock
		want.match = func(c *proc) bool { return c.pid == f.tid }
	default:
		return nil, errno.EINVAL
	}
	child, err := p.wait(want)
	if child == nil && err == 0 && nonblock {
		err = errno.EAGAIN
	}
	return child, err
}

// siginfo is what Waitid tells of a process that has ended.
func (q *proc) siginfo() Siginfo {
	info := Siginfo{Signo: SIGCHLD, Code: CLD_EXITED, Pid: q.pid, Uid: q.credentials().Uid, Status: q.ended.Code}
	if q.ended.Signal != 0 {
		info.Code, info.Status = CLD_KILLED, int(q.ended.Signal)
	}
	return info
}
