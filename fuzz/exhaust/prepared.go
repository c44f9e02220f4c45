package exhaust

import (
	"encoding/binary"
	"fmt"
	"slices"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/fuzz/program"
)

// prepared is a call with its arguments laid out once.
type prepared struct {
	program.Call
	fd, arg0 int
	buf      []byte      // what is sent, or the room of a receive or of an option
	header   *emu.Msghdr // of sendmsg and recvmsg
	event    emu.EpollEvent
	polls    []emu.PollFd
	events   []emu.EpollEvent
	name     []byte        // an address, or the room for one; nil for none
	room     int           // for it, as the call is told
	many     []emu.Mmsghdr // of sendmmsg
}

// prepare lays calls out for a process, whose id its own credentials have.
func prepare(calls []program.Call, own int) []*prepared {
	list := make([]*prepared, len(calls))
	for i, c := range calls {
		p := &prepared{Call: c, fd: c.Fd, header: c.Header(own), polls: slices.Clone(c.Polls)}
		if len(c.Args) > 0 {
			p.arg0 = c.Args[0]
		}
		if len(c.Mem) > 0 {
			p.buf = c.Mem[0].Bytes()
		}
		switch c.Name {
		case "epoll_ctl":
			p.event = emu.EpollEvent{Events: uint32(c.Args[2]), Data: uint64(c.Args[3])}
		case "epoll_wait":
			p.events = make([]emu.EpollEvent, c.Args[0])
		case "sendmmsg":
			p.many = c.Headers(own)
		case "bind", "connect":
			p.name = c.Mem[0].Bytes()
		case "getsockname", "getpeername":
			p.name, p.room = c.Mem[0].Bytes(), c.Args[0]
		case "sendto":
			p.name = c.Mem[1].Bytes()
		case "recvfrom", "accept4":
			if p.name = c.Mem[len(c.Mem)-1].Bytes(); p.name != nil {
				p.room = c.Args[1]
			}
		}
		list[i] = p
	}
	return list
}

// step is a call of a sequence of a batch.
type step struct {
	call     int  // index of prepared
	sequence int  // in the batch
	depth    int  // changing calls of the sequence that were made before it
	last     bool // of the sequence
	wait     bool // after it the kernel gets time
}

// trace is what the calls of a batch have shown.
type trace struct {
	shown []shown
	bytes []byte
}

// shown is what one call has shown. What it has stored is bytes of the trace
// as far as end, from the end of the call before.
type shown struct {
	ret     int
	err     errno.Errno
	signals int
	end     int
}

func (t *trace) clear() { t.shown, t.bytes = t.shown[:0], t.bytes[:0] }

func (t *trace) add(ret int, err errno.Errno, signals int) {
	t.shown = append(t.shown, shown{ret, err, signals, len(t.bytes)})
}

// stored is what the i-th call has stored.
func (t *trace) stored(i int) []byte {
	from := 0
	if i > 0 {
		from = t.shown[i-1].end
	}
	return t.bytes[from:t.shown[i].end]
}

// String is what the i-th call has shown, for reading.
func (t *trace) String(i int) string {
	s := &t.shown[i]
	return fmt.Sprintf(" = %d (errno %d, signals %d) %.200x", s.ret, int(s.err), s.signals, t.stored(i))
}

// word puts a number into what a call has stored.
func (t *trace) word(n int) { t.bytes = binary.LittleEndian.AppendUint32(t.bytes, uint32(n)) }

// message puts what recvmsg has stored there: bytes, control messages, and
// what it has set in the header.
func (t *trace) message(data, control []byte, namelen, controllen, flags, own int) {
	t.bytes = append(t.bytes, data...)
	from := len(t.bytes)
	t.bytes = append(t.bytes, control...)
	hidePid(t.bytes[from:], own)
	t.word(namelen)
	t.word(controllen)
	t.word(flags)
}

// name puts what a call has stored of an address that is room bytes long into
// name, and room. Which name autobind gives out is nobody's to know.
func (t *trace) name(name []byte, room int, err errno.Errno) {
	if name == nil {
		return
	}
	t.word(room)
	if err != 0 {
		return
	}
	from := len(t.bytes)
	t.bytes = append(t.bytes, name[:max(0, min(room, len(name)))]...)
	if given := t.bytes[from:]; len(given) == sizeofAutobind && given[2] == 0 {
		copy(given[3:], "?????")
	}
}

// sizeofAutobind is the length of an address that autobind makes: five digits
// after the NUL of an abstract name.
const sizeofAutobind = 8

// peerCred is the value of SO_PEERCRED, comparable like credentials.
func peerCred(option int, value []byte, own int) {
	le := binary.LittleEndian
	if option == emu.SO_PEERCRED && len(value) >= 4 && int(le.Uint32(value)) == own {
		le.PutUint32(value, 1<<32-1)
	}
}

// hidePid makes credentials of two machines comparable: the process's own id
// becomes -1.
func hidePid(control []byte, own int) {
	const header = 16
	le := binary.LittleEndian
	for len(control) >= header+4 {
		n := int(le.Uint64(control))
		if le.Uint32(control[8:]) == emu.SOL_SOCKET && le.Uint32(control[12:]) == emu.SCM_CREDENTIALS && int(le.Uint32(control[header:])) == own {
			le.PutUint32(control[header:], 1<<32-1)
		}
		if n < header || n > len(control) {
			return
		}
		control = control[min(len(control), (n+7)&^7):]
	}
}
