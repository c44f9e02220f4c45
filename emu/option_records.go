package emu

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"sockpair/errno"
)

// Records that are the same in every personality that has them.

func getPeercred(e *end, room int) reply {
	c := e.peerWho.Cred
	return cut(words(c.Pid, c.Uid, c.Gid), room)
}

// getPeername: the address of the other end, which must not be shorter than the room.
func getPeername(e *end, room int) reply {
	if e.peer == nil {
		return reply{err: errno.ENOTCONN}
	}
	name := e.peer.sockaddr()
	if room > len(name) {
		return reply{err: errno.EINVAL}
	}
	return cut(name, room)
}

// getPeergroups: the groups of the creator, of which a process has one.
func getPeergroups(e *end, room int) reply {
	if e.peerWho == &nobodyYet {
		return reply{err: errno.ENODATA}
	}
	groups := words(e.peerWho.Gid)
	if room < len(groups) {
		return reply{length: len(groups), err: errno.ERANGE}
	}
	return cut(groups, room)
}

// getMeminfo: of nine numbers, those for receiving that AF_UNIX never charges are 0.
func getMeminfo(e *end, room int) reply {
	return cut(words(0, rcvbuf(e), e.spent(), e.bound(), 0, 0, 0, 0, 0), room)
}

// getCookie: a number that no other socket of the machine has, given at the first call.
func getCookie(e *end, room int) reply {
	if room < 8 {
		return reply{err: errno.EINVAL}
	}
	o := e.opts()
	if o.cookie == 0 {
		o.cookie = e.sys.cookies.Add(1)
	}
	return cut(binary.LittleEndian.AppendUint64(nil, o.cookie), room)
}

// getNetnsCookie: the machine has one network name space, number 1.
func getNetnsCookie(_ *end, room int) reply {
	if room != 8 {
		return reply{err: errno.EINVAL}
	}
	return cut(words(1, 0), room)
}

// getPacing: 8 bytes, or where there is no room for them 4 with what fits.
func getPacing(e *end, room int) reply {
	rate := e.view().pacing
	if room >= 8 {
		return cut(binary.LittleEndian.AppendUint64(nil, rate), room)
	}
	return cut(binary.LittleEndian.AppendUint32(nil, uint32(min(rate, math.MaxUint32))), room)
}

func setPacing(s *setting) errno.Errno {
	rate := uint64(uint32(s.first))
	if rate == math.MaxUint32 {
		rate = math.MaxUint64
	}
	if s.n >= 8 {
		b, err := s.atLeast(8)
		if err != 0 {
			return err
		}
		rate = binary.LittleEndian.Uint64(b)
	}
	s.end.opts().pacing = rate
	return 0
}

func getTxtime(e *end, room int) reply {
	txtime := e.view().txtime
	return cut(words(txtime[:]...), room)
}

// setTxtime: struct sock_txtime {int clockid, flags}.
func setTxtime(s *setting) errno.Errno {
	const realtime, monotonic, tai = 0, 1, 11
	b, err := s.exactly(8)
	if err != 0 {
		return err
	}
	clock, flags := word(b), word(b[4:])
	switch {
	case flags&^3 != 0:
		return errno.EINVAL
	case clock != monotonic && !s.root:
		return errno.EPERM
	case clock != realtime && clock != monotonic && clock != tai:
		return errno.EINVAL
	}
	s.end.opts().txtime = [2]int{clock, flags}
	return 0
}

// setInq: SO_INQ exists on SOCK_STREAM, with a check of its own.
// Linux net/unix/af_unix.c unix_setsockopt.
func setInq(s *setting) errno.Errno {
	if s.end.typ != SOCK_STREAM {
		if _, err := s.atLeast(4); err != 0 {
			return err
		}
		return errno.ENOPROTOOPT
	}
	b, err := s.exactly(4)
	if err != 0 {
		return err
	}
	if v := word(b); v != 0 && v != 1 {
		return errno.EINVAL
	}
	s.end.setPassing(passInq, word(b))
	return 0
}

// getDevice: the name of the device that the socket is bound to; nothing without one.
func getDevice(e *end, room int) reply {
	index := e.number(SO_BINDTOIFINDEX)
	switch {
	case index == 0:
		return reply{}
	case room < sizeofIfname:
		return reply{err: errno.EINVAL}
	case !deviceExists(index):
		return reply{err: errno.ENODEV}
	}
	return cut([]byte(loopback+"\x00"), room)
}

// setDevice: a name of any length, of which 15 bytes count; an empty one unbinds.
// Linux net/core/sock.c sock_setbindtodevice.
func setDevice(s *setting) errno.Errno {
	b, err := s.atLeast(min(s.n, sizeofIfname-1))
	if err != 0 {
		return err
	}
	name, _, _ := strings.Cut(string(b), "\x00")
	index, ok := deviceIndex(name)
	if name != "" && !ok {
		return errno.ENODEV
	}
	s.name, s.first = SO_BINDTOIFINDEX, index
	row := s.end.rules().Options[SO_BINDTOIFINDEX]
	return s.setNumber(&row)
}

// SockFilter is one instruction of a classic packet filter (struct sock_filter).
type SockFilter struct {
	Code   uint16
	Jt, Jf uint8
	K      uint32
}

// maxFilter is the greatest number of instructions (BPF_MAXINSNS).
const maxFilter = 4096

// filterLocked: SO_LOCK_FILTER is on.
func (e *end) filterLocked() bool { return e.number(SO_LOCK_FILTER) != 0 }

// getFilter reports the number of instructions, and with any room for them
// also the instructions, 8 bytes each.
// Linux net/core/filter.c sk_get_filter.
func getFilter(e *end, room int) reply {
	prog := e.view().filter
	if room == 0 {
		return reply{length: len(prog)}
	}
	if room < len(prog) {
		return reply{err: errno.EINVAL}
	}
	var b []byte
	for _, f := range prog {
		b = binary.LittleEndian.AppendUint16(b, f.Code)
		b = append(b, f.Jt, f.Jf)
		b = binary.LittleEndian.AppendUint32(b, f.K)
	}
	return reply{val: b, length: len(prog)}
}

// program is the value of an option that is a struct sock_fprog {unsigned
// short len; struct sock_filter *filter}. The pointer cannot be followed: with
// SetsockoptSockFprog the program comes along, without it a pointer that is not
// null points nowhere.
func (s *setting) program() ([]SockFilter, errno.Errno) {
	b, err := s.exactly(16)
	if err != 0 {
		return nil, err
	}
	n := int(binary.LittleEndian.Uint16(b))
	switch {
	case s.end.filterLocked():
		return nil, errno.EPERM
	case n == 0 || n > maxFilter || binary.LittleEndian.Uint64(b[8:]) == 0:
		return nil, errno.EINVAL
	case s.prog == nil:
		return nil, errno.EFAULT
	}
	return s.prog, 0
}

func setFilter(s *setting) errno.Errno {
	prog, err := s.program()
	if err == 0 {
		s.end.opts().filter = slices.Clone(prog)
	}
	return err
}

// setReuseportFilter: AF_UNIX has no groups of sockets that share a port.
func setReuseportFilter(s *setting) errno.Errno {
	if _, err := s.program(); err != 0 {
		return err
	}
	return errno.EINVAL
}

func detachFilter(s *setting) errno.Errno {
	o := s.end.opts()
	switch {
	case s.end.filterLocked():
		return errno.EPERM
	case o.filter == nil:
		return errno.ENOENT
	}
	o.filter = nil
	return 0
}

// attachBPF: no descriptor of this machine is a BPF program.
func attachBPF(s *setting) errno.Errno {
	switch {
	case s.n != 4:
		return errno.EINVAL
	case s.end.filterLocked():
		return errno.EPERM
	case s.p.proc.files.Get(s.first) == nil:
		return errno.EBADF
	}
	return errno.EINVAL
}
