package replay

import (
	"slices"

	"sockpair/emu"
	"sockpair/strace"
)

// Descriptors that travel in ancillary data. Between ends of pairs the machine
// carries them, and the world is told what stands behind the new numbers: the
// description with the same SO_COOKIE, or on a machine that has none the one
// that was sent first. Over a socket that is not under test the machine cannot
// carry them: there they are followed by what the log shows.

// flight is the descriptions of one message that was sent and not received.
type flight struct {
	to     *description // the end whose queue they are in; nil: a socket that is not under test
	things []*description
}

// cookie is the machine's identity of an end; 0 when it has none.
func cookie(p Process, fd int) (c [8]byte) {
	n := len(c)
	if p.Getsockopt(fd, emu.SOL_SOCKET, emu.SO_COOKIE, c[:], &n) != nil {
		return [8]byte{}
	}
	return c
}

// rights are the descriptors in control messages.
func rights(control strace.Value) []int { return descriptorsIn(control, emu.SCM_RIGHTS) }

// pidfds are the descriptors of processes that control messages show.
func pidfds(control strace.Value) []int {
	return slices.DeleteFunc(descriptorsIn(control, emu.SCM_PIDFD), func(fd int) bool { return fd < 0 })
}

func descriptorsIn(control strace.Value, of int) (fds []int) {
	for _, e := range control.Elems() {
		level, typ, ok := cmsgKind(e)
		if !ok || level != emu.SOL_SOCKET || typ != of {
			continue
		}
		data, _ := e.Field("cmsg_data")
		for _, v := range data.Elems() {
			if fd, ok := v.Int(); ok {
				fds = append(fds, int(fd))
			}
		}
	}
	return fds
}

// departs notes the descriptors that a message takes along.
func (a *attempt) departs(control strace.Value) {
	fds := rights(control)
	if len(fds) == 0 {
		return
	}
	f := flight{}
	if a.d.isPair() {
		f.to = a.target()
	}
	for _, fd := range fds {
		d := a.t.of.fds.fds[fd]
		f.things = append(f.things, d)
		if !d.isPair() {
			continue
		}
		if f.to == nil {
			d.sent = true
		} else if c := cookie(a.t.p, fd); c != [8]byte{} {
			a.r.cookies[c] = d
		}
	}
	a.r.flights = append(a.r.flights, f)
}

// arrivals tells the world what stands behind the descriptors that a receive
// from an end of a pair has got.
func (a *attempt) arrivals(m *emu.Msghdr, want strace.Value, flags int) {
	fds := came(m)
	things := a.r.lands(a.d, len(fds), flags)
	for i, fd := range fds {
		d := a.r.cookies[cookie(a.t.p, fd)]
		if d == nil && i < len(things) {
			d = things[i]
		}
		if d == nil {
			d = &description{reason: Received}
		}
		a.t.of.fds.set(fd, d)
	}
	if recorded := rights(want); a.succeeded() && !slices.Equal(recorded, fds) {
		a.makeUp(recorded, fds)
	}
	fds = camePidfds(m)
	for _, fd := range fds {
		a.t.of.fds.set(fd, pidfdOf(a.senderOf(m)))
	}
	if recorded := pidfds(want); a.succeeded() && !slices.Equal(recorded, fds) {
		a.makeUp(recorded, fds)
	}
}

// camePidfds are the descriptors of processes that have come with a message.
func camePidfds(m *emu.Msghdr) (fds []int) {
	list, _ := emu.ParseControl(m.Control[:min(m.Controllen, len(m.Control))])
	for _, c := range list {
		if fd, err := c.ParsePidfd(); err == nil {
			fds = append(fds, fd)
		}
	}
	return fds
}

// senderOf is the recorded process whose credentials came with a message, 0
// if none did.
func (a *attempt) senderOf(m *emu.Msghdr) int {
	list, _ := emu.ParseControl(m.Control[:min(m.Controllen, len(m.Control))])
	for _, c := range list {
		if cred, err := c.ParseCredentials(); err == nil {
			return a.r.recordedPid(cred.Pid)
		}
	}
	return 0
}

// came are the descriptors that have come with a message.
func came(m *emu.Msghdr) (fds []int) {
	list, _ := emu.ParseControl(m.Control[:min(m.Controllen, len(m.Control))])
	for _, c := range list {
		if more, err := c.ParseRights(); err == nil {
			fds = append(fds, more...)
		}
	}
	return fds
}

// makeUp brings the descriptors that came to the recorded numbers, after a
// difference, so that it is one and not many.
func (a *attempt) makeUp(recorded, fds []int) {
	for i := len(recorded) - 1; i >= 0; i-- {
		if i < len(fds) {
			a.r.move(a.t, fds[i], recorded[i])
		} else {
			a.r.adopt(a.t, recorded[i], Received)
		}
	}
}

// lands takes the first flight to an end (nil: to what is not under test)
// with n descriptors or more.
func (r *run) lands(to *description, n, flags int) []*description {
	i := slices.IndexFunc(r.flights, func(f flight) bool { return f.to == to && len(f.things) >= n })
	if i < 0 || n == 0 {
		return nil
	}
	things := r.flights[i].things
	if flags&emu.MSG_PEEK == 0 {
		r.flights = slices.Delete(r.flights, i, i+1)
	}
	return things
}

// carriedElsewhere follows ancillary data on a socket that is not under test.
func (a *attempt) carriedElsewhere() {
	if !a.succeeded() {
		return
	}
	switch a.c.text.Name {
	case "sendmsg":
		control, _ := a.arg(1).Field("msg_control")
		a.departs(control)
	case "recvmsg":
		flags, _ := messageFlags.number(a.arg(2))
		a.arrivesElsewhere(a.arg(1), flags)
	case "sendmmsg", "recvmmsg":
		for _, e := range a.arg(1).Elems() {
			hdr, _ := e.Field("msg_hdr")
			if a.c.text.Name == "sendmmsg" {
				control, _ := hdr.Field("msg_control")
				a.departs(control)
				continue
			}
			flags, _ := messageFlags.number(a.arg(3))
			a.arrivesElsewhere(hdr, flags)
		}
	}
}

// arrivesElsewhere gives numbers to what was sent. A description that the
// receiver has anyhow gets another descriptor; one that it has not is in the
// hands of somebody whom the machine does not know.
func (a *attempt) arrivesElsewhere(msg strace.Value, flags int) {
	control, _ := msg.Field("msg_control")
	fds := rights(control)
	things := a.r.lands(nil, len(fds), flags)
	for i, fd := range fds {
		var d *description
		if i < len(things) {
			d = things[i]
		}
		if !a.takes(d, fd) {
			a.r.adopt(a.t, fd, Received)
			if d.isPair() {
				d.skippedAll()
			}
		}
		if flags&emu.MSG_CMSG_CLOEXEC != 0 {
			_, _ = a.t.p.Fcntl(fd, emu.F_SETFD, emu.FD_CLOEXEC)
		}
	}
}

// takes makes fd another descriptor of d, if the process has one, and reports
// whether it has.
func (a *attempt) takes(d *description, fd int) bool {
	if d == nil {
		return false
	}
	for from, e := range a.t.of.fds.fds {
		if e != d || from == fd {
			continue
		}
		if _, err := a.t.p.Dup2(from, fd); err != nil {
			return false
		}
		a.t.of.fds.set(fd, d)
		return true
	}
	return false
}

// standIns makes processes for those of which the log shows nothing but that
// somebody has claimed to be them, and the kernel has believed it: before it
// looked for the receiver. Linux net/unix/af_unix.c unix_dgram_sendmsg.
func (a *attempt) standIns(control strace.Value) {
	if !a.succeeded() && !a.failedWith("ECONNREFUSED", "ENOENT", "ENOTCONN", "EPIPE", "EAGAIN", "EMSGSIZE", "EPROTOTYPE", "ECONNRESET") {
		return
	}
	for _, e := range control.Elems() {
		data, _ := e.Field("cmsg_data")
		if pid, ok := field(data, "pid"); ok && pid > 0 && a.r.tasks[int(pid)] == nil {
			a.r.task(int(pid))
		}
	}
}
