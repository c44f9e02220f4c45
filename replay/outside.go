package replay

import (
	"encoding/binary"
	"strings"

	"sockpair/emu"
	"sockpair/strace"
)

// Calls that are not run: what they make, what they may change on an end of a
// pair, and why they are skipped.

// opener says where a call shows the descriptors that it makes.
type opener struct {
	at    openerPlace
	arg   int // the array of atArray
	flags int // the argument whose O_CLOEXEC, SOCK_CLOEXEC, ... marks them; -1 for none, alwaysMarked
}

type openerPlace uint8

const (
	atResult openerPlace = iota
	atArray
)

const (
	unmarked     = -1
	alwaysMarked = -2
)

// openers are all calls that make descriptors and are not run.
var openers = map[string]opener{
	"open": {atResult, 0, 1}, "openat": {atResult, 0, 2}, "openat2": {atResult, 0, 2}, "creat": {atResult, 0, unmarked},
	"open_by_handle_at": {atResult, 0, 2}, "open_tree": {atResult, 0, 2}, "memfd_create": {atResult, 0, 1}, "memfd_secret": {atResult, 0, 0},
	"socket": {atResult, 0, 1}, "accept": {atResult, 0, unmarked}, "accept4": {atResult, 0, 3}, "socketpair": {atArray, 3, 1}, "pipe": {atArray, 0, unmarked}, "pipe2": {atArray, 0, 1},
	"epoll_create": {atResult, 0, unmarked}, "epoll_create1": {atResult, 0, 0},
	"eventfd": {atResult, 0, unmarked}, "eventfd2": {atResult, 0, 1}, "signalfd": {atResult, 0, unmarked}, "signalfd4": {atResult, 0, 3},
	"timerfd_create": {atResult, 0, 1}, "inotify_init": {atResult, 0, unmarked}, "inotify_init1": {atResult, 0, 0},
	"fanotify_init": {atResult, 0, 0}, "userfaultfd": {atResult, 0, 0}, "perf_event_open": {atResult, 0, 4},
	"pidfd_open": {atResult, 0, alwaysMarked}, "pidfd_getfd": {atResult, 0, alwaysMarked}, "io_uring_setup": {atResult, 0, alwaysMarked},
	"bpf": {atResult, 0, alwaysMarked}, "fsopen": {atResult, 0, 1}, "fsmount": {atResult, 0, 1}, "fspick": {atResult, 0, 2},
	"mq_open": {atResult, 0, 1}, "seccomp": {atResult, 0, alwaysMarked}, "landlock_create_ruleset": {atResult, 0, alwaysMarked},
	"name_to_handle_at": {atResult, 0, unmarked}, "cachestat": {atResult, 0, unmarked},
}

// notOpeners are the calls of openers whose result is no descriptor in most uses.
var notOpeners = map[string]bool{"bpf": true, "seccomp": true, "name_to_handle_at": true, "cachestat": true}

// outside deals with a call that is not run.
func (r *run) outside(a *attempt) {
	name := a.c.text.Name
	a.skip(r.outsideReason(a))
	r.holds(a)
	if a.failedWith() || !a.scripted() && !a.want.Known() {
		return
	}
	r.opened(a, name)
	switch name {
	case "capset", "setuid", "setreuid", "setresuid", "setgid", "setregid", "setresgid", "setfsuid", "setfsgid":
		a.t.of.unprivileged = true
	}
	if a.unrun != nil {
		a.unrun()
	}
}

// opened puts what a call has made into the tables.
func (r *run) opened(a *attempt, name string) {
	o, ok := openers[name]
	if !ok || notOpeners[name] || a.scripted() {
		return
	}
	var fds []int
	switch o.at {
	case atResult:
		fds = []int{a.recorded()}
	case atArray:
		for _, e := range a.arg(o.arg).Elems() {
			if fd, ok := e.Int(); ok {
				fds = append(fds, int(fd))
			}
		}
	}
	for _, fd := range fds {
		r.fillUpTo(a, fd)
		if from, d, ok := r.reopened(a); ok {
			r.reopen(a.t, from, fd, d)
		} else {
			r.adopt(a.t, fd, Foreign)
		}
		if o.flags == alwaysMarked || o.flags >= 0 && marksCloexec(a.arg(o.flags)) {
			_, _ = a.t.p.Fcntl(fd, emu.F_SETFD, emu.FD_CLOEXEC)
		}
	}
	r.d.settle()
}

// holds: a call that opens something takes the lowest free number when it
// begins, and gives it back when it fails; one that sleeps for ever keeps it.
func (r *run) holds(a *attempt) {
	o, ok := openers[a.c.text.Name]
	if !ok || notOpeners[a.c.text.Name] || o.at != atResult || !a.c.overlaps() || a.succeeded() || a.scripted() {
		return
	}
	for fd := 0; ; fd++ {
		if a.t.of.fds.fds[fd] == nil {
			r.adopt(a.t, fd, Foreign)
			a.held = fd
			return
		}
	}
}

// giveBack is the return of a call that held a number, without success.
func (a *attempt) giveBack() {
	if a.held < 0 || a.want == nil || !a.want.Known() && a.want.Errno == "" || a.t.of.ended || a.t.of.closed {
		return
	}
	_ = a.t.p.Close(a.held)
	a.t.of.fds.remove(a.held)
	a.r.d.settle()
}

// marksCloexec finds O_CLOEXEC, EFD_CLOEXEC, MFD_CLOEXEC, ... among flags.
func marksCloexec(v strace.Value) bool {
	if f, ok := v.Field("flags"); ok { // struct open_how
		v = f
	}
	names, rest, ok := v.Flags()
	for _, name := range names {
		if strings.HasSuffix(name, "_CLOEXEC") {
			return true
		}
	}
	return ok && rest&emu.O_CLOEXEC != 0
}

// fillUpTo: a call that takes the lowest free number has got fd, so all below
// are taken, also those of which the log does not say by what. It is left
// alone where another thread's call may have come in between.
func (r *run) fillUpTo(a *attempt, fd int) { r.fillBetween(a, -1, fd) }

// fillBetween is fillUpTo from a number on that is the call's, too.
func (r *run) fillBetween(a *attempt, first, fd int) {
	if a.c.overlaps() || fd > maxGap {
		return
	}
	for _, t := range a.t.of.tasks {
		if t != a.t && t.now != nil {
			return
		}
	}
	for n := first + 1; n < fd; n++ {
		if a.t.of.fds.fds[n] == nil {
			r.adopt(a.t, n, Foreign)
		}
	}
}

// maxGap bounds fillUpTo.
const maxGap = 1024

// outsideReason is why a call is not run. If the call is on an end of a pair,
// it says what becomes uncertain there.
func (r *run) outsideReason(a *attempt) Reason {
	name := a.c.text.Name
	switch {
	case strings.HasPrefix(name, "epoll_"):
		a.onPair = name == "epoll_ctl" && r.fdArg(a, 2).isSocket()
		return Epoll
	case name == "select" || name == "pselect6" || name == "pselect6_time64" || name == "_newselect":
		a.onPair = r.selectsPair(a)
		return Select
	}
	if in, out := r.copies(a, name); in.d.isPair() || out.d.isPair() {
		a.onPair = in.d.isSocket() || out.d.isSocket()
		a.unrun = func() { r.copied(a, in, out) }
		return Splice
	}
	d := r.fdArg(a, fdPosition(name))
	switch {
	case !takesFd(name):
		return NotSockets
	case d == nil || !d.isPair():
		if d != nil {
			return d.reason
		}
		return Foreign
	}
	a.onPair = d.isSocket()
	return Attributes
}

// fdArg is the description of the descriptor that is argument i.
func (r *run) fdArg(a *attempt, i int) *description {
	if i < 0 {
		return nil
	}
	fd, ok := a.arg(i).Int()
	if !ok {
		return nil
	}
	return a.t.of.fds.fds[int(int32(fd))]
}

// selectsPair reports whether one of a select's sets names an end of a pair.
func (r *run) selectsPair(a *attempt) bool {
	for i := 1; i <= 3; i++ {
		for _, e := range a.arg(i).Elems() {
			if fd, ok := e.Int(); ok && a.t.of.fds.fds[int(fd)].isSocket() {
				return true
			}
		}
	}
	return false
}

// copyEnd is a descriptor from or to which a call copies.
type copyEnd struct {
	fd int
	d  *description
}

// copies are the ends between which a call copies data.
func (r *run) copies(a *attempt, name string) (in, out copyEnd) {
	end := func(i int) copyEnd {
		fd, _ := a.arg(i).Int()
		return copyEnd{int(int32(fd)), r.fdArg(a, i)}
	}
	switch name {
	case "sendfile", "sendfile64":
		return end(1), end(0)
	case "splice", "copy_file_range":
		return end(0), end(2)
	case "tee":
		return copyEnd{}, end(1)
	case "vmsplice":
		return copyEnd{}, end(0)
	}
	return copyEnd{}, copyEnd{}
}

// copied takes as many bytes out of a stream, and puts as many into one, as
// the recorded call did: their number is known and their values are not. What
// they are charged is not known either.
func (r *run) copied(a *attempt, in, out copyEnd) {
	n := min(a.done(), maxBuffer)
	if n == 0 {
		return
	}
	if in.d.isPipe() {
		r.copiedPipe(a, in, false, n)
	} else if in.d.isPair() {
		got, err := 0, error(nil)
		if in.d.typ == emu.SOCK_STREAM {
			got, err = a.t.p.Recvfrom(in.fd, make([]byte, n), emu.MSG_DONTWAIT, nil, nil)
		}
		if err != nil || got != n {
			in.d.skippedRecv()
		}
	}
	if out.d.isPipe() {
		r.copiedPipe(a, out, true, n)
	} else if out.d.isPair() {
		out.d.taint |= facetSpace
		out.d.peer.unsure()
		if out.d.typ != emu.SOCK_STREAM || !force(a.t.p, out.fd, n) {
			out.d.skippedSend(out.d.peer)
		}
	}
	r.d.settle()
}

// force queues n unknown bytes, with more room than there is if need be: what
// is copied page by page is charged less than what is written. It reports
// whether all are queued.
func force(p Process, fd, n int) bool {
	var size [4]byte
	length := len(size)
	if p.Getsockopt(fd, emu.SOL_SOCKET, emu.SO_SNDBUF, size[:], &length) != nil {
		return false
	}
	set := func(name, v int) {
		b := binary.LittleEndian.AppendUint32(nil, uint32(v))
		_ = p.Setsockopt(fd, emu.SOL_SOCKET, name, b, len(b))
	}
	set(emu.SO_SNDBUFFORCE, 8*maxBuffer)
	sent, err := p.Sendto(fd, fill(n), emu.MSG_DONTWAIT|emu.MSG_NOSIGNAL, nil)
	set(emu.SO_SNDBUF, int(binary.LittleEndian.Uint32(size[:]))/2) // what is read back is twice what is set
	return err == nil && sent == n
}

// fdPosition is which argument of a call that is not run is a descriptor.
func fdPosition(name string) int {
	if name == "mmap" {
		return 4
	}
	return 0
}

// takesFd reports whether the call is about one descriptor.
func takesFd(name string) bool {
	switch name {
	case "mmap", "fstat64", "fstatfs", "newfstatat", "statx", "fchmod", "fchown", "flock", "fallocate", "fadvise64", "getdents", "getdents64",
		"accept", "accept4", "bind", "connect", "listen", "fgetxattr", "fsetxattr", "flistxattr", "fchdir", "sync_file_range", "readahead",
		"inotify_add_watch", "inotify_rm_watch", "syncfs":
		return true
	}
	return false
}
