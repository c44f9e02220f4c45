package emu

import (
	mathbits "math/bits"
	"time"

	"sockpair/errno"
)

// FdSet is a set of descriptors below 1024, for Select.
type FdSet [16]uint64

// Set adds fd, Clear removes it, IsSet reports whether it is there; a number
// that no set holds is never there.
func (s *FdSet) Set(fd int) {
	if fd >= 0 && fd < 64*len(s) {
		s[fd/64] |= 1 << (fd % 64)
	}
}

// Clear removes fd.
func (s *FdSet) Clear(fd int) {
	if fd >= 0 && fd < 64*len(s) {
		s[fd/64] &^= 1 << (fd % 64)
	}
}

// IsSet reports whether fd is in the set. A nil set is empty.
func (s *FdSet) IsSet(fd int) bool {
	return s != nil && fd >= 0 && fd < 64*len(s) && s[fd/64]>>(fd%64)&1 != 0
}

// Count is the number of descriptors in the set.
func (s *FdSet) Count() (n int) {
	if s != nil {
		for _, w := range s {
			n += mathbits.OnesCount64(w)
		}
	}
	return n
}

// What select asks poll for, and which of poll's bits make a descriptor
// readable, writable, exceptional. Linux fs/select.c POLLIN_SET and its kin.
const (
	selectIn  = POLLRDNORM | POLLRDBAND | POLLIN | POLLHUP | POLLERR
	selectOut = POLLWRBAND | POLLWRNORM | POLLOUT | POLLERR
	selectEx  = POLLPRI
)

// Select waits until a descriptor below nfds is readable, writable or has
// urgent data, for timeout at most; nil waits for ever. On return the sets
// hold what is ready; the value is their members' number. A nil set is empty.
//
// EINVAL: a negative nfds or time-out; EBADF: a descriptor in a set is not
// open (those beyond what the process's table has room for are not looked at);
// EINTR: a handler ran; select never restarts.
//
// Source: POSIX select(); Linux fs/select.c core_sys_select.
func (p *Process) Select(nfds int, read, write, except *FdSet, timeout *time.Duration) (int, error) {
	return p.observe("select", func() []any { return []any{nfds, read, write, except, timeout} },
		func() (int, errno.Errno) { return p.selectFds(nfds, [3]*FdSet{read, write, except}, timeout, false) })
}

// Pselect is Select with a signal mask, when not nil, while it waits.
func (p *Process) Pselect(nfds int, read, write, except *FdSet, timeout *time.Duration, mask *Sigset) (int, error) {
	return p.observe("pselect6", func() []any { return []any{nfds, read, write, except, timeout, mask} },
		func() (int, errno.Errno) {
			return p.withMask(mask, func() (int, errno.Errno) {
				return p.selectFds(nfds, [3]*FdSet{read, write, except}, timeout, mask != nil)
			})
		})
}

func (p *Process) selectFds(nfds int, sets [3]*FdSet, timeout *time.Duration, masked bool) (int, errno.Errno) {
	if nfds < 0 || timeout != nil && *timeout < 0 {
		return -1, errno.EINVAL
	}
	nfds = min(nfds, p.proc.tableSize(), 64*len(FdSet{}))
	asked := [3]int16{selectIn, selectOut, selectEx}
	var few [64]PollFd
	fds := few[:0]
	for fd := range nfds {
		var events int16
		for i, s := range sets {
			if s.IsSet(fd) {
				events |= asked[i]
			}
		}
		if events == 0 {
			continue
		}
		if err := p.open(fd, 0); err != 0 {
			return -1, err
		}
		fds = append(fds, PollFd{Fd: fd, Events: events})
	}
	if _, err := p.poll(fds, timeout, masked); err != 0 {
		return -1, err
	}
	return selected(nfds, fds, sets, asked), 0
}

// tableSize is how many descriptors Linux has room for in the process: select
// does not look at numbers beyond. Linux fs/file.c alloc_fdtable.
func (q *proc) tableSize() int {
	highest := q.files.Highest()
	if highest < 64 {
		return 64
	}
	return 128 << mathbits.Len(uint(highest/128))
}

// selected turns poll's answer into the sets, and counts. What lies beyond the
// word of the last descriptor asked for is left alone.
func selected(nfds int, fds []PollFd, sets [3]*FdSet, asked [3]int16) (n int) {
	for i, s := range sets {
		if s == nil {
			continue
		}
		before := *s
		clear(s[:min((nfds+63)/64, len(s))])
		for _, f := range fds {
			if before.IsSet(f.Fd) && f.Revents&asked[i] != 0 {
				s.Set(f.Fd)
				n++
			}
		}
	}
	return n
}
