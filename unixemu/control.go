//go:build unix

package unixemu

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// layout is how control messages lie in the memory of a host: a header with a
// length, a level and a type, the data, and what fills up to the alignment.
type layout struct {
	order  binary.ByteOrder
	length int  // size of the length in the header
	header int  // size of the header with its padding: what the length counts before the data
	align  int  // of each message
	strict bool // a rest that is shorter than a header is refused
	socket int  // the number of SOL_SOCKET
	types  func(typ int) int
	typed  func(typ int) int
}

// machine is the layout of Linux on x86-64, the machine's own.
var machine = layout{order: binary.LittleEndian, length: 8, header: 16, align: 8, socket: emu.SOL_SOCKET}

// hostLayout is the layout that golang.org/x/sys/unix has on this host.
func hostLayout() layout {
	return layout{
		order:  nativeOrder(),
		length: unix.SizeofCmsghdr - 8,
		header: unix.CmsgLen(0),
		align:  unix.CmsgSpace(1) - unix.CmsgSpace(0),
		strict: relative && unix.SizeofCmsghdr == 12,
		socket: unix.SOL_SOCKET,
		types:  controlTypes.toEmu,
		typed:  controlTypes.toHost,
	}
}

// nativeOrder is the order of bytes of this host, as a value that can be compared.
func nativeOrder() binary.ByteOrder {
	if binary.NativeEndian.Uint16([]byte{1, 0}) == 1 {
		return binary.LittleEndian
	}
	return binary.BigEndian
}

// own reports whether the layout is the machine's: then bytes go by as they are.
func (l layout) own() bool {
	return l.order == machine.order && l.length == machine.length && l.header == machine.header &&
		l.align == machine.align && l.socket == machine.socket
}

// sizeofHeader is the least buffer in which there is a header.
func (l layout) sizeofHeader() int { return l.length + 8 }

func (l layout) up(n int) int { return (n + l.align - 1) / l.align * l.align }

func (l layout) word(b []byte) int { return int(int32(l.order.Uint32(b))) }

func (l layout) lengthOf(b []byte) uint64 {
	if l.length == 8 {
		return l.order.Uint64(b)
	}
	return uint64(l.order.Uint32(b))
}

// toEmu is a buffer of control messages for a send in the machine's layout. A
// header whose length is wrong becomes one whose length is wrong, so that it is
// the machine that says EINVAL, in its order. A rest that is shorter than a
// header stays one, but is wrong in a 32-bit program on Linux: the kernel, which
// has 64 bits, takes its messages apart in another way (net/compat.c
// cmsghdr_from_user_compat_to_kern).
func (l layout) toEmu(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	if l.own() {
		return b
	}
	var to []byte
	for len(b) >= l.sizeofHeader() {
		n := l.lengthOf(b)
		if n < uint64(l.sizeofHeader()) || n > uint64(len(b)) {
			return append(to, wrongHeader()...)
		}
		level, typ := l.word(b[l.length:]), l.word(b[l.length+4:])
		data := b[min(l.header, int(n)):n]
		to = l.appendEmu(to, level, typ, data)
		b = b[min(l.up(int(n)), len(b)):]
	}
	if l.strict && len(b) > 0 {
		return append(to, wrongHeader()...)
	}
	return append(to, make([]byte, min(len(b), machine.header-1))...)
}

// wrongHeader is one that says that it is of length 0.
func wrongHeader() []byte { return make([]byte, machine.header) }

// appendEmu appends one message in the machine's layout.
func (l layout) appendEmu(to []byte, level, typ int, data []byte) []byte {
	switch level {
	case l.socket:
		c := emu.Cmsg{Level: emu.SOL_SOCKET, Type: l.types(typ), Data: swapWords(l.order, machine.order, data)}
		return c.Append(to)
	case emu.SOL_SOCKET: // of this host it is another's
		level ^= strange
	}
	return emu.Cmsg{Level: level, Type: typ, Data: data}.Append(to)
}

// swapWords is data, which is made of ints, in another order.
func swapWords(from, to binary.ByteOrder, data []byte) []byte {
	if from == to {
		return data
	}
	swapped := append([]byte(nil), data...)
	for i := 0; i+4 <= len(data); i += 4 {
		to.PutUint32(swapped[i:], from.Uint32(data[i:]))
	}
	return swapped
}

// sizeofUcred is the size of credentials, which come before descriptors.
const sizeofUcred = 12

// room is a buffer for a receive in the machine's layout that takes as much as
// oob does in the host's. What comes can be foreseen: credentials, if they are
// asked for, and then descriptors. Only a pidfd, which a 32-bit program on Linux
// may ask for and which comes behind them, may find 4 bytes more or less.
func (l layout) room(oob []byte, credentials func() bool) []byte {
	switch left := len(oob); {
	case l.own():
		return oob
	case left < l.sizeofHeader():
		return make([]byte, left)
	case l.header == machine.header || !credentials():
		return make([]byte, machine.header+max(0, left-l.header))
	case left < l.header+sizeofUcred:
		return make([]byte, machine.header+max(0, left-l.header))
	default:
		left = max(0, left-l.up(l.header+sizeofUcred))
		before := machine.up(machine.header + sizeofUcred)
		if left < l.sizeofHeader() {
			return make([]byte, before+left)
		}
		return make([]byte, before+machine.header+max(0, left-l.header))
	}
}

// fromEmu stores the control messages of a receive into oob in the host's
// layout, as far as there is room, and returns how much of it they take.
func (l layout) fromEmu(control, oob []byte) (used int) {
	if l.own() {
		return len(control) // oob is where the machine has put them
	}
	list, _ := emu.ParseControl(control) // the machine's own are well-formed
	for _, c := range list {
		left := oob[used:]
		if len(left) < l.sizeofHeader() {
			break
		}
		n := min(l.header+len(c.Data), len(left))
		whole := make([]byte, l.header+len(c.Data))
		level, typ := c.Level, c.Type
		if level == emu.SOL_SOCKET {
			level, typ = l.socket, l.typed(typ)
		}
		if l.length == 8 {
			l.order.PutUint64(whole, uint64(n))
		} else {
			l.order.PutUint32(whole, uint32(n))
		}
		l.order.PutUint32(whole[l.length:], uint32(level))
		l.order.PutUint32(whole[l.length+4:], uint32(typ))
		copy(whole[l.header:], swapWords(machine.order, l.order, c.Data))
		copy(left, whole[:n])
		used += min(l.up(n), len(left))
	}
	return used
}
