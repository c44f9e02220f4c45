//go:build unix

package unixemu

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// The layouts of other hosts, which this one can only be told of.
func otherLayouts() map[string]layout {
	same := func(typ int) int { return typ }
	rights := names{{emu.SCM_RIGHTS, 0x1010}}
	return map[string]layout{
		"Linux 386":     {order: binary.LittleEndian, length: 4, header: 12, align: 4, strict: true, socket: 1, types: same, typed: same},
		"Linux s390x":   {order: binary.BigEndian, length: 8, header: 16, align: 8, socket: 1, types: same, typed: same},
		"Linux mips":    {order: binary.BigEndian, length: 4, header: 12, align: 4, strict: true, socket: 0xffff, types: same, typed: same},
		"macOS":         {order: binary.LittleEndian, length: 4, header: 12, align: 4, socket: 0xffff, types: same, typed: same},
		"FreeBSD":       {order: binary.LittleEndian, length: 4, header: 16, align: 8, socket: 0xffff, types: same, typed: same},
		"NetBSD arm64":  {order: binary.LittleEndian, length: 4, header: 16, align: 16, socket: 0xffff, types: same, typed: same},
		"AIX":           {order: binary.BigEndian, length: 4, header: 12, align: 1, socket: 0xffff, types: same, typed: same},
		"Solaris":       {order: binary.LittleEndian, length: 4, header: 12, align: 4, socket: 0xffff, types: rights.toEmu, typed: rights.toHost},
		"this host":     hostLayout(),
		"the machine's": machineLayout(),
	}
}

func machineLayout() layout {
	l := machine
	l.types = func(typ int) int { return typ }
	l.typed = l.types
	return l
}

// message is a control message of SOL_SOCKET in a layout.
func (l layout) message(length, typ int, words ...int) []byte {
	b := make([]byte, l.header)
	if l.length == 8 {
		l.order.PutUint64(b, uint64(length))
	} else {
		l.order.PutUint32(b, uint32(length))
	}
	l.order.PutUint32(b[l.length:], uint32(l.socket))
	l.order.PutUint32(b[l.length+4:], uint32(typ))
	for _, w := range words {
		b = binary.NativeEndian.AppendUint32(b, 0)
		l.order.PutUint32(b[len(b)-4:], uint32(w))
	}
	return append(b, make([]byte, l.up(len(b))-len(b))...)
}

func TestDescriptorsGoThroughEachLayout(t *testing.T) {
	for name, l := range otherLayouts() {
		oob := l.message(l.header+8, l.typed(emu.SCM_RIGHTS), 7, -1)
		list, err := emu.ParseControl(l.toEmu(append(oob, oob...)))
		require.NoError(t, err, name)
		require.Len(t, list, 2, name)
		fds, err := list[1].ParseRights()
		require.NoError(t, err, name)
		require.Equal(t, []int{7, -1}, fds, name)

		back := make([]byte, len(oob)+50)
		room := l.room(back, func() bool { return false })
		control := room[:copy(room, emu.Rights(7, -1))]
		if l.own() {
			back = room
		}
		require.Equal(t, oob, back[:l.fromEmu(control, back)], name)
	}
}

// As many descriptors come as the host has room for, for each size of the
// buffer, with credentials before them and without.
func TestAsMuchComesAsThereIsRoomFor(t *testing.T) {
	for name, l := range otherLayouts() {
		for _, credentials := range []bool{false, true} {
			for size := range 200 {
				left, before := size, 0
				if credentials {
					before = 1
					left -= l.up(l.header + sizeofUcred)
				}
				want := max(0, left-l.header) / 4 // Linux net/core/scm.c scm_max_fds
				room := l.room(make([]byte, size), func() bool { return credentials })
				left = len(room) - before*machine.up(machine.header+sizeofUcred)
				got := max(0, left-machine.header) / 4
				if credentials && l.header == machine.header && l.align != machine.align {
					continue // no host has both
				}
				require.Equal(t, want, got, "%s, %d bytes, credentials %v", name, size, credentials)
			}
		}
	}
}

func TestWrongLengthsStayWrong(t *testing.T) {
	for name, l := range otherLayouts() {
		for _, length := range []int{-1, 0, 1, l.sizeofHeader() - 1, l.header + 9, 1 << 30} {
			oob := l.message(length, l.typed(emu.SCM_RIGHTS), 7, 8)[:l.header+8]
			_, err := emu.ParseControl(l.toEmu(oob))
			require.Error(t, err, "%s, length %d", name, length)
		}
		for size := 1; size < l.sizeofHeader(); size++ {
			list, err := emu.ParseControl(l.toEmu(make([]byte, size)))
			require.Equal(t, l.strict, err != nil, "%s, %d bytes", name, size)
			require.Empty(t, list)
		}
		require.Nil(t, l.toEmu(nil), name)
	}
}

// A level that is SOL_SOCKET on the machine and another's on the host does not
// become SOL_SOCKET.
func TestLevelsAreNotConfused(t *testing.T) {
	for name, l := range otherLayouts() {
		if l.socket == emu.SOL_SOCKET {
			continue
		}
		oob := l.message(l.header+4, emu.SCM_RIGHTS, 7)
		l.order.PutUint32(oob[l.length:], emu.SOL_SOCKET)
		list, err := emu.ParseControl(l.toEmu(oob))
		require.NoError(t, err, name)
		require.NotEqual(t, emu.SOL_SOCKET, list[0].Level, name)
	}
}

// Each number that both sides name goes over and comes back, and none is taken
// for another.
func TestNamesGoOverAndBack(t *testing.T) {
	for name, table := range map[string]names{
		"domains": domains, "types": socketTypes, "fcntl": fcntlCommands, "levels": levels, "options": options, "signals": signalNumbers,
	} {
		for _, c := range table {
			require.Equal(t, c.emu, table.toEmu(c.host), name)
			require.Equal(t, c.host, table.toHost(c.emu), name)
		}
		for n := range 300 {
			emulated := table.toEmu(n)
			require.Equal(t, n, table.toHost(emulated), "%s %d", name, n)
		}
	}
	for name, table := range map[string]names{"messages": messageFlags, "open": openFlags, "poll": pollEvents, "socket": hostSocketFlags} {
		all := 0
		for _, c := range table {
			all |= c.host
			require.Equal(t, c.emu, table.bitsToEmu(c.host)&c.emu, name)
			require.Equal(t, c.host, table.bitsToHost(c.emu)&c.host, name)
		}
		require.Equal(t, all, table.bitsToHost(table.bitsToEmu(all)), name)
		require.Zero(t, table.bitsToEmu(0), name)
	}
	require.Equal(t, emu.SOCK_STREAM|emu.SOCK_CLOEXEC, socketType(unix.SOCK_STREAM|emuFlag(emu.SOCK_CLOEXEC))|emu.SOCK_CLOEXEC)
}

// emuFlag is the host's number of a flag of sockets, 0 where it has none.
func emuFlag(flag int) int {
	for _, c := range hostSocketFlags {
		if c.emu == flag {
			return c.host
		}
	}
	return 0
}
