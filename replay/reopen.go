package replay

import (
	"strconv"
	"strings"

	"sockpair/emu"
)

// A pipe that is open can be opened again by the name of one of its
// descriptors: /dev/fd/63 is how a shell hands one to a program. That makes
// another open file description of the same end, or of the other one
// (proc(5), /proc/pid/fd; Linux fs/pipe.c fifo_open). The machine has a
// duplicate instead, which is as good as long as nobody changes the flags of
// either. Where the machine cannot have one, the pipe is uncertain from then on.

// reopened is the descriptor whose pipe a call has opened again; ok is false
// if the call has opened something else.
func (r *run) reopened(a *attempt) (from int, d *description, ok bool) {
	path, flags := -1, -1
	switch a.c.text.Name {
	case "open":
		path, flags = 0, 1
	case "openat":
		path, flags = 1, 2
	default:
		return 0, nil, false
	}
	name, cut, isString := a.arg(path).Bytes()
	from, named := descriptorNamed(string(name))
	if d = a.t.of.fds.fds[from]; !isString || cut || !named || !d.isPipe() {
		return 0, nil, false
	}
	mode, known := openFlags.number(a.arg(flags))
	own, err := a.t.p.Fcntl(from, emu.F_GETFL, 0)
	const kept = emu.O_ACCMODE | emu.O_NONBLOCK | emu.O_DIRECT
	if !known || err != nil || mode&kept != own&kept {
		d.skippedAll()
		return 0, nil, false
	}
	d.reopened = true
	return from, d, true
}

// descriptorNamed is the number that a name of a descriptor of its own process has.
func descriptorNamed(path string) (fd int, ok bool) {
	switch path {
	case "/dev/stdin":
		return 0, true
	case "/dev/stdout":
		return 1, true
	case "/dev/stderr":
		return 2, true
	}
	for _, dir := range []string{"/dev/fd/", "/proc/self/fd/"} {
		if rest, found := strings.CutPrefix(path, dir); found {
			fd, err := strconv.Atoi(rest)
			return fd, err == nil && fd >= 0
		}
	}
	return 0, false
}

// reopen puts the pipe behind the descriptor from at fd as well.
func (r *run) reopen(t *task, from, fd int, d *description) {
	if t.of.ended || t.of.closed || from == fd {
		return
	}
	if _, err := t.p.Dup2(from, fd); err == nil {
		t.of.fds.set(fd, d)
	}
}
