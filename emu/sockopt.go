package emu

import (
	"encoding/binary"
	"math"
	"time"

	"sockpair/errno"
)

// getsockopt and setsockopt: the order of their checks. What each option is
// stands in the personality's OptionTable.

// memory is what a pointer argument points to; nil is a null pointer.
type memory []byte

// first is the first n bytes. EFAULT: the memory ends before, or is bad.
func (m memory) first(n int) ([]byte, errno.Errno) {
	if n > len(m) || n > 0 && isBad(m) {
		return nil, errno.EFAULT
	}
	return m[:n], 0
}

// setting is one setsockopt in progress. The link's lock is held.
type setting struct {
	p     *Process
	end   *end
	root  bool // the caller is user 0
	name  int
	mem   memory
	n     int          // the length that the caller gives
	prog  []SockFilter // with SO_ATTACH_FILTER
	first int          // the int that the value begins with
}

// atLeast is the first n bytes of the value.
// EINVAL: the given length is less. EFAULT.
func (s *setting) atLeast(n int) ([]byte, errno.Errno) {
	if s.n < n {
		return nil, errno.EINVAL
	}
	return s.mem.first(n)
}

// exactly is the value, which must have n bytes.
// EINVAL: the given length is another. EFAULT.
func (s *setting) exactly(n int) ([]byte, errno.Errno) {
	if s.n != n {
		return nil, errno.EINVAL
	}
	return s.mem.first(n)
}

// Getsockopt reads an option in the layout of Linux x86-64 (little-endian).
// val is the caller's memory and *vallen how much of it may be filled in, at
// most len(val); a shorter one cuts the value short. *vallen becomes the
// length of what was stored, and is left alone when the call fails (but
// ERANGE of SO_PEERGROUPS tells the length that is needed). A nil val is a
// null pointer.
//
// EBADF; ENOTSOCK; EOPNOTSUPP (Linux) or ENOPROTOOPT (POSIX): a level other
// than SOL_SOCKET; EFAULT: vallen is nil; EINVAL: *vallen is negative;
// ENOPROTOOPT: the option is unknown or cannot be read; what the option says;
// EFAULT: val is nil or bad. Also then SO_ERROR has been taken.
//
// Source: POSIX getsockopt(); Linux net/core/sock.c sk_getsockopt.
func (p *Process) Getsockopt(fd, level, name int, val []byte, vallen *int) error {
	return p.observe1("getsockopt", func() []any {
		return []any{Fd(fd), SockLevel(level), SockOption{level, name}, In(val), vallen}
	}, func() errno.Errno { return p.getsockopt(fd, level, name, val, vallen) })
}

func (p *Process) getsockopt(fd, level, name int, val memory, vallen *int) errno.Errno {
	e, err := p.lockSocket(fd)
	if err != 0 {
		return err
	}
	switch {
	case level != SOL_SOCKET:
		err = e.rules().Options.row(OtherLevel).NoGet
	case vallen == nil:
		err = errno.EFAULT
	case *vallen < 0:
		err = errno.EINVAL
	default:
		row := e.rules().Options.row(name)
		if row.process != nil {
			q := row.process(e)
			e.link.unlock()
			if q == nil {
				return errno.ENODATA
			}
			return p.storePeerPidfd(q, val, vallen)
		}
		err = e.getOption(row, name, val, vallen)
	}
	e.link.unlock()
	return err
}

// storePeerPidfd is an option whose value is a descriptor of a process, which
// is made however little of its number there is room for.
// EMFILE; ENFILE; EFAULT. Linux net/core/sock.c sk_getsockopt.
func (p *Process) storePeerPidfd(q *proc, val memory, vallen *int) errno.Errno {
	to, bad := val.first(min(room(val, *vallen), sizeofInt))
	if bad != 0 {
		fd, ok := p.proc.files.Reserve(0, p.proc.nofile(), 0)
		if !ok {
			return p.noNumber()
		}
		p.proc.files.Release(fd)
		return bad
	}
	fd, err := p.openPidfd(q, q.pid, &q.life, 0)
	if err != 0 {
		return err
	}
	*vallen = copy(to, words(fd))
	return 0
}

// getOption reads an option as its row says. The link's lock is held.
func (e *end) getOption(row *Option, name int, val memory, vallen *int) errno.Errno {
	if row.NoGet != 0 {
		return row.NoGet
	}
	r := row.read(e, name, room(val, *vallen))
	if r.err != 0 {
		if r.err == errno.ERANGE {
			*vallen = r.length
		}
		return r.err
	}
	to, err := val.first(len(r.val))
	if err != 0 {
		return err
	}
	copy(to, r.val)
	*vallen = r.length
	return 0
}

// room is the length that the caller gives, cut at the end of its memory.
func room(val memory, n int) int {
	if val == nil {
		return n
	}
	return min(n, len(val))
}

// read is the value of a row for so much room.
func (o *Option) read(e *end, name, room int) reply {
	if o.get != nil {
		return o.get(e, room)
	}
	return cut(words(e.number(name)), room)
}

// row is the row of an option; of an unknown one ENOPROTOOPT for everything.
func (t OptionTable) row(name int) *Option {
	row, ok := t[name]
	if !ok {
		return &Option{NoGet: errno.ENOPROTOOPT, NoSet: errno.ENOPROTOOPT}
	}
	return &row
}

// Setsockopt sets an option in the layout of Linux x86-64. val is the caller's
// memory and vallen the length that it gives for the value; more than the
// option needs is accepted where the option does not say otherwise.
//
// EBADF; ENOTSOCK; EINVAL: vallen is negative; EOPNOTSUPP (Linux) or
// ENOPROTOOPT (POSIX): a level other than SOL_SOCKET; EINVAL: vallen is less
// than 4 (but for SO_BINDTODEVICE); EFAULT: val is nil, bad or too short;
// ENOPROTOOPT: the option is unknown or cannot be set; what the option says:
// EPERM or EACCES without privilege, EINVAL, EDOM.
//
// Source: POSIX setsockopt(); Linux net/socket.c do_sock_setsockopt,
// net/core/sock.c sk_setsockopt.
func (p *Process) Setsockopt(fd, level, name int, val []byte, vallen int) error {
	return p.setsockoptCall(fd, level, name, val, vallen, nil)
}

// SetsockoptSockFprog sets SO_ATTACH_FILTER, the option whose value holds a
// pointer: a classic packet filter. It is kept, and neither verified nor run.
//
// As Setsockopt; EINVAL: no instructions, or more than 4096; EPERM: SO_LOCK_FILTER.
func (p *Process) SetsockoptSockFprog(fd, level, name int, prog []SockFilter) error {
	const somewhere = 1 // what the pointer holds: not null
	val := words(min(len(prog), math.MaxUint16), 0, somewhere, 0)
	return p.setsockoptCall(fd, level, name, val, len(val), prog)
}

func (p *Process) setsockoptCall(fd, level, name int, val []byte, vallen int, prog []SockFilter) error {
	return p.observe1("setsockopt", func() []any {
		return []any{Fd(fd), SockLevel(level), SockOption{level, name}, Out(val), vallen}
	}, func() errno.Errno {
		s := setting{p: p, name: name, root: p.Cred().Uid == 0, mem: val, n: vallen, prog: prog}
		return s.do(fd, level)
	})
}

func (s *setting) do(fd, level int) errno.Errno {
	e, err := s.p.lockSocket(fd)
	if err != 0 {
		return err
	}
	defer e.link.unlock()
	s.end = e
	switch {
	case s.n < 0:
		return errno.EINVAL
	case level != SOL_SOCKET:
		return e.rules().Options.row(OtherLevel).NoSet
	}
	row := e.rules().Options.row(s.name)
	if row.early {
		return row.set(s)
	}
	b, err := s.atLeast(4)
	switch {
	case err != 0:
		return err
	case row.NoSet != 0:
		return row.NoSet
	}
	s.first = word(b)
	if row.set != nil {
		return row.set(s)
	}
	return s.setNumber(row)
}

// GetsockoptInt reads an option that is an int.
func (p *Process) GetsockoptInt(fd, level, name int) (int, error) {
	var val [4]byte
	n := len(val)
	err := p.Getsockopt(fd, level, name, val[:], &n)
	return word(val[:]), err
}

// SetsockoptInt sets an option that is an int; of v the low 32 bits count.
func (p *Process) SetsockoptInt(fd, level, name, v int) error {
	val := words(v)
	return p.Setsockopt(fd, level, name, val, len(val))
}

// GetsockoptTimeval reads a time-out; 0 is none.
func (p *Process) GetsockoptTimeval(fd, level, name int) (time.Duration, error) {
	var val [16]byte
	n := len(val)
	err := p.Getsockopt(fd, level, name, val[:], &n)
	t := timeout{sec: int64(binary.LittleEndian.Uint64(val[:])), usec: int64(binary.LittleEndian.Uint64(val[8:]))}
	return t.duration(), err
}

// SetsockoptTimeval sets a time-out; 0 is none. A fraction of a microsecond
// counts as a whole one.
func (p *Process) SetsockoptTimeval(fd, level, name int, d time.Duration) error {
	sec := d / time.Second
	usec := (d%time.Second + time.Microsecond - 1) / time.Microsecond
	if d < 0 {
		sec, usec = -1, 0
	} else if usec == 1e6 {
		sec, usec = sec+1, 0
	}
	val := binary.LittleEndian.AppendUint64(nil, uint64(sec))
	val = binary.LittleEndian.AppendUint64(val, uint64(usec))
	return p.Setsockopt(fd, level, name, val, len(val))
}

// GetsockoptUcred reads SO_PEERCRED: who made the pair.
func (p *Process) GetsockoptUcred(fd, level, name int) (Cred, error) {
	var val [12]byte
	n := len(val)
	err := p.Getsockopt(fd, level, name, val[:], &n)
	return Cred{Pid: word(val[:]), Uid: word(val[4:]), Gid: word(val[8:])}, err
}
