package emu

import (
	"slices"
	"sync"
	"sync/atomic"

	"sockpair/errno"
)

// Flags of PidfdOpen and PidfdSendSignal, and the numbers that stand for the
// calling task and its process in PidfdSendSignal.
const (
	PIDFD_NONBLOCK = O_NONBLOCK
	PIDFD_THREAD   = O_EXCL

	PIDFD_SIGNAL_THREAD        = 1
	PIDFD_SIGNAL_THREAD_GROUP  = 2
	PIDFD_SIGNAL_PROCESS_GROUP = 4

	PIDFD_SELF_THREAD       = -10000
	PIDFD_SELF_THREAD_GROUP = -10001
)

// stage is how far the life of a process or a task has come.
type stage int32

const (
	living stage = iota
	zombie       // it has ended and waits for its parent
	reaped       // its number means nothing any more
)

// life is the stage of a process, or of a task beside the first, and who
// watches it.
type life struct {
	stage    atomic.Int32 // a stage; written under System.mu
	watchers []*pidfd     // guarded by System.mu
}

func (l *life) is() stage { return stage(l.stage.Load()) }

// reach sets the stage and tells who watches. System.mu is held.
// Linux kernel/exit.c do_notify_pidfd, kernel/pid.c __change_pid.
func (l *life) reach(s stage) {
	l.stage.Store(int32(s))
	for _, w := range l.watchers {
		w.mu.Lock()
		w.tell(stateChanged) // EPOLLEXCLUSIVE or not
		w.mu.Unlock()
	}
}

// pidfd is what is behind a descriptor that stands for a process, or with
// PIDFD_THREAD for a task. It holds no data: it is waited for, and names its
// process in other calls.
//
// Linux fs/pidfs.c.
type pidfd struct {
	file
	mu   sync.Mutex // the file's lock
	proc *proc
	tid  int
	life *life
}

var pidfdTraits = traits{link: "anon_inode:[pidfd]", mode: 0o700, seek: errno.ESPIPE, position: errno.EINVAL,
	truncate: errno.EOPNOTSUPP, deaf: true, mute: true}

// PidfdOpen makes a descriptor for process pid, or with PIDFD_THREAD for a task;
// it is closed on exec. A process that has ended and is not waited for is one.
//
// EINVAL: flags other than PIDFD_NONBLOCK and PIDFD_THREAD, or pid <= 0; ESRCH;
// ENOENT: pid is a task that is not the first of its process, without
// PIDFD_THREAD. EMFILE; ENFILE.
//
// Source: Linux kernel/pid.c pidfd_open, kernel/fork.c pidfd_prepare.
func (p *Process) PidfdOpen(pid, flags int) (int, error) {
	return p.observe("pidfd_open", func() []any { return []any{Pid(pid), PidfdFlags(flags)} },
		func() (int, errno.Errno) {
			if flags&^(PIDFD_NONBLOCK|PIDFD_THREAD) != 0 || pid <= 0 {
				return -1, errno.EINVAL
			}
			q, l := p.sys.numberedLife(pid)
			switch {
			case q == nil:
				return -1, errno.ESRCH
			case l != &q.life && flags&PIDFD_THREAD == 0:
				return -1, errno.ENOENT
			}
			return p.openPidfd(q, pid, l, flags)
		})
}

// numberedLife finds the process, or the task, that has the number.
func (s *System) numberedLife(pid int) (*proc, *life) {
	for _, q := range s.matching(func(*proc) bool { return true }) {
		if q.pid == pid {
			return q, &q.life
		}
		if l := q.lifeOf(pid); l != nil {
			return q, l
		}
	}
	return nil, nil
}

// lifeOf is the life of the task with the number; nil if there is none.
func (q *proc) lifeOf(tid int) *life {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, t := range q.tasks {
		if t.id() == tid {
			return t.life
		}
	}
	return nil
}

// openPidfd makes a descriptor for a process or a task, whose life it watches from now on.
func (p *Process) openPidfd(q *proc, tid int, l *life, flags int) (int, errno.Errno) {
	f := &pidfd{proc: q, tid: tid, life: l}
	f.file.sys, f.file.lock, f.file.besides = p.sys, &f.mu, &besides{object: f}
	f.file.status = O_RDWR | flags&(PIDFD_NONBLOCK|PIDFD_THREAD)
	p.sys.mu.Lock()
	l.watchers = append(l.watchers, f)
	p.sys.mu.Unlock()
	fd, err := p.openNew(&f.file, O_CLOEXEC)
	if err != 0 {
		f.unwatchLife()
	}
	return fd, err
}

// unwatchLife ends what openPidfd has begun.
func (f *pidfd) unwatchLife() {
	f.sys.mu.Lock()
	f.life.watchers = slices.DeleteFunc(f.life.watchers, func(w *pidfd) bool { return w == f })
	f.sys.mu.Unlock()
}

func (f *pidfd) traits() *traits { return &pidfdTraits }

// pidfdInodes is where the numbers of processes' files begin, which are of a
// file system of their own.
const pidfdInodes = 1 << 32

// ownNode: all descriptors of a process have one file, which is user 0's.
func (f *pidfd) ownNode() *node { return &node{ino: pidfdInodes + uint64(f.proc.pid)} }

// readiness: POLLIN when it has ended, POLLHUP too when nobody can wait for it
// any more. Linux pidfd_poll.
func (f *pidfd) readiness() int16 {
	switch f.life.is() {
	case zombie:
		return POLLIN | POLLRDNORM
	case reaped:
		return POLLIN | POLLRDNORM | POLLHUP
	}
	return 0
}

// read and write: it has neither.
func (f *pidfd) read(*Process, *recvCall) (int, errno.Errno) {
	f.mu.Unlock()
	return -1, errno.EINVAL
}

func (f *pidfd) write(*Process, *sendCall) (int, errno.Errno) {
	f.mu.Unlock()
	return -1, errno.EINVAL
}

func (f *pidfd) ioctl(*Process, uint32, memory) errno.Errno { return errno.ENOTTY }

func (f *pidfd) destroy() {
	f.mu.Unlock()
	f.unwatchLife()
}

// pidfdOf finds the pidfd of fd; with it the flags of its description.
// EBADF: fd is none.
func (p *Process) pidfdOf(fd int) (*pidfd, int, errno.Errno) {
	f, err := p.lockFile(fd)
	if err != 0 {
		return nil, 0, err
	}
	defer f.lock.Unlock()
	of, ok := f.thing().(*pidfd)
	if !ok {
		return nil, 0, errno.EBADF
	}
	return of, f.status, 0
}
