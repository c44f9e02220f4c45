package emu

import (
	"sockpair/errno"
	"sockpair/fdtable"
)

// Rlimit is a limit: the one in force and the one up to which it may be raised.
type Rlimit struct{ Cur, Max uint64 }

// Getrlimit returns a limit of the process: RLIMIT_NOFILE is the number of
// descriptors [ER-03]. EINVAL: another resource.
func (p *Process) Getrlimit(resource int) (Rlimit, error) {
	var old Rlimit
	err := p.Prlimit(0, resource, nil, &old)
	return old, err
}

// Setrlimit changes a limit of the process; see Prlimit.
func (p *Process) Setrlimit(resource int, limit Rlimit) error {
	return p.Prlimit(0, resource, &limit, nil)
}

// maxDescriptors is the highest RLIMIT_NOFILE (Linux fs.nr_open).
const maxDescriptors = fdtable.Max

// Prlimit examines and changes a limit of process pid, 0 being the caller.
// Descriptors above a lowered limit stay open; no new ones get such numbers.
//
// EINVAL: another resource than RLIMIT_NOFILE, or Cur > Max. ESRCH: no such
// process. EPERM: another user's process, Max raised by other than user 0, or
// raised above what the machine can count.
//
// Source: Linux kernel/sys.c do_prlimit.
func (p *Process) Prlimit(pid, resource int, limit, old *Rlimit) error {
	return p.observe1("prlimit64", func() []any { return []any{Pid(pid), Resource(resource), limit, old} },
		func() errno.Errno { return p.prlimit(pid, resource, limit, old) })
}

func (p *Process) prlimit(pid, resource int, limit, old *Rlimit) errno.Errno {
	q := p.proc
	if pid != 0 && pid != q.pid {
		found := p.sys.matching(func(q *proc) bool { return q.pid == pid })
		if len(found) == 0 {
			return errno.ESRCH
		}
		q = found[0]
	}
	me := p.Cred()
	switch {
	case !mayKill(me, q):
		return errno.EPERM
	case resource != RLIMIT_NOFILE:
		return errno.EINVAL
	case limit != nil && limit.Cur > limit.Max:
		return errno.EINVAL
	case limit != nil && limit.Max > maxDescriptors:
		return errno.EPERM
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	soft, hard := uint64(q.softFiles.Load()), uint64(q.hardFiles.Load())
	if limit != nil {
		if limit.Max > hard && me.Uid != 0 {
			return errno.EPERM
		}
		q.softFiles.Store(int64(limit.Cur))
		q.hardFiles.Store(int64(limit.Max))
	}
	if old != nil {
		*old = Rlimit{soft, hard}
	}
	return 0
}
