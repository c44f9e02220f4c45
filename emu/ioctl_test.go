package emu

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"sockpair/errno"
)

// The rows are in the order of the checks.
func TestIoctlChecksInOrder(t *testing.T) {
	const unknownSocketRequest = 0x8908
	for _, typ := range allTypes {
		p, a, _ := optionProg(t, Config{}, typ)
		for _, row := range []struct {
			law  string
			fd   int
			req  uint
			arg  []byte
			want errno.Errno
		}{
			{"not open", 99, 12345678, nil, errno.EBADF},
			{"negative descriptor", -1, FIOCLEX, nil, errno.EBADF},
			{"a foreign descriptor", 0, FIONREAD, nil, errno.ENOTTY},
			{"a foreign descriptor, a device", 0, SIOCGIFINDEX, nil, errno.ENOTTY},
			{"a foreign descriptor that is closed by exec", 0, FIOCLEX, nil, 0},
			{"terminal", a, TCGETS, nil, errno.ENOTTY},
			{"request 0", a, 0, nil, errno.ENOTTY},
			{"all bits", a, 1<<32 - 1, nil, errno.ENOTTY},
			{"unknown", a, 12345678, make([]byte, 256), errno.ENOTTY},
			{"unknown, of sockets, no memory", a, unknownSocketRequest, nil, errno.EFAULT},
			{"unknown, of sockets, less than struct ifreq", a, unknownSocketRequest, make([]byte, 39), errno.EFAULT},
			{"unknown, of sockets", a, unknownSocketRequest, make([]byte, 40), errno.ENOTTY},
			{"an int without memory", a, FIONREAD, nil, errno.EFAULT},
			{"an int into bad memory", a, SIOCOUTQ, BadAddress(4), errno.EFAULT},
			{"an int into 3 bytes", a, FIONREAD, make([]byte, 3), errno.EFAULT},
			{"an int from no memory", a, FIONBIO, nil, errno.EFAULT},
			{"FIOCLEX", a, FIOCLEX, nil, 0},
			{"FIONCLEX", a, FIONCLEX, BadAddress(4), 0},
			{"FIGETBSZ without memory", a, FIGETBSZ, nil, errno.EFAULT},
			{"FS_IOC_SETFLAGS without memory", a, FS_IOC_SETFLAGS, nil, errno.EFAULT},
			{"FS_IOC_SETFLAGS", a, FS_IOC_SETFLAGS, make([]byte, 4), errno.ENOTTY},
			{"FS_IOC_FIEMAP", a, FS_IOC_FIEMAP, nil, errno.EOPNOTSUPP},
			{"FIFREEZE of user 0", a, FIFREEZE, nil, errno.EOPNOTSUPP},
			{"FITHAW of user 0", a, FITHAW, nil, errno.EINVAL},
			{"SIOCGSTAMP", a, SIOCGSTAMP, nil, errno.ENOTTY},
			{"SIOCGSTAMPNS_NEW", a, SIOCGSTAMPNS_NEW, make([]byte, 16), errno.ENOTTY},
			{"SIOCUNIXFILE of user 0, unbound", a, SIOCUNIXFILE, nil, errno.ENOENT},
			{"FIOSETOWN without memory", a, FIOSETOWN, nil, errno.EFAULT},
			{"FIOGETOWN without memory", a, FIOGETOWN, nil, errno.EFAULT},
		} {
			call := fmt.Sprintf("Ioctl, %s (%s)", row.law, typeNames[typ])
			has(t, call, 0, row.want)(p.Ioctl(row.fd, row.req, row.arg))
		}
	}
	p, a, _ := optionProg(t, Config{UID: 65534}, SOCK_STREAM)
	for _, req := range []uint{FIFREEZE, FITHAW, SIOCUNIXFILE, SIOCGSKNS} {
		fails(t, fmt.Sprintf("Ioctl(%v) without privilege", IoctlReq(req)), errno.EPERM)(p.Ioctl(a, req, nil))
	}
}

// Of a request the low 32 bits count, where an uint has more.
func TestIoctlRequestHas32Bits(t *testing.T) {
	p, a, b := optionProg(t, Config{}, SOCK_STREAM)
	p.send(b, "abc")
	high := uint(1)
	high <<= 31
	gives(t, "FIONREAD with a bit beyond 32", 3)(p.IoctlGetInt(a, high<<1|FIONREAD))
}

// SIOCINQ and SIOCOUTQ of each type, in each state.
func TestQueueLengths(t *testing.T) {
	for _, row := range []struct {
		typ  int
		want [6]int // SIOCINQ: at first, after an empty message, "abc", "de", the peer's close, the own shutdown
	}{
		{SOCK_STREAM, [6]int{0, 0, 3, 5, 5, 5}},
		{SOCK_SEQPACKET, [6]int{0, 0, 3, 5, 5, 5}},
		{SOCK_DGRAM, [6]int{0, 0, 0, 0, 0, 0}}, // the first message is the empty one
	} {
		p, a, b := optionProg(t, Config{}, row.typ)
		for i, step := range []func(){
			func() {},
			func() { p.send(b, "") },
			func() { p.send(b, "abc") },
			func() { p.send(b, "de") },
			func() { p.close(b) },
			func() { p.shutdown(a, SHUT_RDWR) },
		} {
			step()
			gives(t, fmt.Sprintf("SIOCINQ of %s after step %d", typeNames[row.typ], i), row.want[i])(p.IoctlGetInt(a, SIOCINQ))
		}
	}
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		gives(t, "SIOCOUTQ at first", 0)(p.IoctlGetInt(a, SIOCOUTQ))
		p.send(a, "abc")
		p.send(a, "defgh")
		first := 3
		if typ != SOCK_DGRAM {
			first = 8
		}
		gives(t, "SIOCINQ of two messages", first)(p.IoctlGetInt(b, SIOCINQ))
		charge := map[string]int{"linux": 2 * 768, "posix": 8}[p.sys.rules.Name]
		gives(t, "SIOCOUTQ of two messages", charge)(p.IoctlGetInt(a, SIOCOUTQ))
		p.close(b)
		gives(t, "SIOCOUTQ after the peer's close", 0)(p.IoctlGetInt(a, SIOCOUTQ))
	})
}

func TestAtMarkIsForStreams(t *testing.T) {
	for typ, want := range map[int][2]errno.Errno{
		SOCK_STREAM:    {errno.EFAULT, 0},
		SOCK_DGRAM:     {errno.EOPNOTSUPP, errno.EOPNOTSUPP},
		SOCK_SEQPACKET: {errno.EOPNOTSUPP, errno.EOPNOTSUPP},
	} {
		p, a, _ := optionProg(t, Config{}, typ)
		has(t, "SIOCATMARK without memory on "+typeNames[typ], 0, want[0])(p.Ioctl(a, SIOCATMARK, nil))
		arg := words(-1)
		has(t, "SIOCATMARK on "+typeNames[typ], 0, want[1])(p.Ioctl(a, SIOCATMARK, arg))
		if want[1] == 0 {
			equal(t, "SIOCATMARK fills in", word(arg), 0)
		}
	}
}

// Any number but 0 sets the flag, of the description and of it alone [FD-06].
func TestIoctlSetsStatusFlags(t *testing.T) {
	for req, flag := range map[uint]int{FIONBIO: O_NONBLOCK, FIOASYNC: O_ASYNC} {
		everywhere(t, func(t *testing.T, p prog, typ int) {
			a, b := p.pair(typ)
			copied, err := p.Dup(a)
			gives(t, "Dup", copied)(copied, err)
			for _, v := range []int{1, 0, -1, 0, 256} {
				says(t, fmt.Sprintf("Ioctl(%v, %d)", IoctlReq(req), v), 0)(p.IoctlSetInt(a, req, v))
				equal(t, fmt.Sprintf("F_GETFL of a copy after %d", v), p.getfl(copied), O_RDWR|asFlag(v)*flag)
				equal(t, "F_GETFL of the other end", p.getfl(b), O_RDWR)
			}
		})
	}
	p, _, _ := optionProg(t, Config{}, SOCK_STREAM)
	says(t, "FIONBIO of a foreign descriptor", 0)(p.IoctlSetInt(0, FIONBIO, 1))
	equal(t, "F_GETFL of a foreign descriptor", p.getfl(0), O_RDWR|O_NONBLOCK)
	says(t, "FIOASYNC of a foreign descriptor", errno.ENOTTY)(p.IoctlSetInt(0, FIOASYNC, 1))
}

// FIOCLEX and FIONCLEX change one flag of the descriptor [FD-06].
func TestIoctlSetsCloexec(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		fork, fdFork := 0, 0
		if rules.ForkFlag {
			fork, fdFork = SOCK_CLOFORK, FD_CLOFORK
		}
		a, b := p.pair(SOCK_STREAM | fork)
		gives(t, "FIOCLEX", 0)(p.Ioctl(a, FIOCLEX, nil))
		equal(t, "F_GETFD after FIOCLEX", p.getfd(a), FD_CLOEXEC|fdFork)
		equal(t, "F_GETFD of the other end", p.getfd(b), fdFork)
		gives(t, "FIONCLEX", 0)(p.Ioctl(a, FIONCLEX, nil))
		equal(t, "F_GETFD after FIONCLEX", p.getfd(a), fdFork)
	})
}

func TestOwnerIsAProcessOrAGroup(t *testing.T) {
	p, a, b := optionProg(t, Config{}, SOCK_STREAM)
	me := p.Getpid()
	child, err := p.Fork()
	says(t, "Fork", 0)(err)
	for _, row := range []struct {
		who  int
		want errno.Errno
		get  int
	}{
		{0, 0, 0},
		{me, 0, me},
		{-me, 0, -me}, // the group
		{child.Getpid(), 0, child.Getpid()},
		{-child.Getpid(), 0, 0}, // a process, and no group
		{999999, errno.ESRCH, 0},
		{-999999, errno.ESRCH, 0},
		{me, 0, me},
		{-1 << 31, errno.EINVAL, me},
	} {
		for set, get := range map[uint]uint{FIOSETOWN: SIOCGPGRP, SIOCSPGRP: FIOGETOWN} {
			says(t, fmt.Sprintf("%v(%d)", IoctlReq(set), row.who), row.want)(p.IoctlSetInt(a, set, row.who))
			gives(t, fmt.Sprintf("owner after %d", row.who), row.get)(p.IoctlGetInt(a, get))
		}
	}
	says(t, "FIOSETOWN(child)", 0)(p.IoctlSetInt(a, FIOSETOWN, child.Getpid()))
	child.Exit(0)
	gives(t, "owner that is a zombie", child.Getpid())(p.IoctlGetInt(a, FIOGETOWN))
	_, _, err = p.Wait4(-1, 0)
	says(t, "Wait4", 0)(err)
	gives(t, "owner that is gone", 0)(p.IoctlGetInt(a, FIOGETOWN))
	gives(t, "owner of the other end", 0)(p.IoctlGetInt(b, FIOGETOWN))
	gives(t, "FIGETBSZ", 4096)(p.IoctlGetInt(a, FIGETBSZ))
}

// ifreq is a struct ifreq with a name and garbage behind it.
func ifreq(name string) []byte {
	b := make([]byte, sizeofIfreq)
	for i := range b {
		b[i] = 0xee
	}
	copy(b, name+"\x00")
	return b
}

func TestDeviceRequestsKnowLoopback(t *testing.T) {
	p, a, _ := optionProg(t, Config{UID: 65534}, SOCK_DGRAM)
	for _, row := range []struct {
		req             uint
		lo, other       errno.Errno
		value           string // behind the name
		withoutAnything errno.Errno
	}{
		{SIOCGIFINDEX, 0, errno.ENODEV, "01000000", errno.EFAULT},
		{SIOCGIFFLAGS, 0, errno.ENODEV, "4900", errno.EFAULT},
		{SIOCGIFMETRIC, 0, errno.ENODEV, "00000000", errno.EFAULT},
		{SIOCGIFMTU, 0, errno.ENODEV, "00000100", errno.EFAULT},
		{SIOCGIFHWADDR, 0, errno.ENODEV, "0403000000000000", errno.EFAULT},
		{SIOCGIFTXQLEN, 0, errno.ENODEV, "e8030000", errno.EFAULT},
		{SIOCGIFMAP, 0, errno.ENODEV, "000000000000000000000000000000000000000000", errno.EFAULT},
		{SIOCGIFSLAVE, errno.EINVAL, errno.ENODEV, "", errno.EFAULT},
		{0x89b1, errno.EOPNOTSUPP, errno.ENODEV, "", errno.EFAULT},
		{SIOCDEVPRIVATE, errno.EOPNOTSUPP, errno.ENODEV, "", errno.EFAULT},
		{SIOCDEVPRIVATE + 15, errno.EOPNOTSUPP, errno.ENODEV, "", errno.EFAULT},
		{SIOCETHTOOL, errno.EFAULT, errno.EFAULT, "", errno.EFAULT},
		{0x8914, errno.EPERM, errno.EPERM, "", errno.EFAULT}, // SIOCSIFFLAGS
		{0x8940, errno.EOPNOTSUPP, errno.EOPNOTSUPP, "", errno.EFAULT},
		{SIOCGIFVLAN, errno.ENOPKG, errno.ENOPKG, "", errno.ENOPKG},
		{0x89a0, errno.EPERM, errno.EPERM, "", errno.EPERM},
		{0x8915, errno.ENOTTY, errno.ENOTTY, "", errno.EFAULT}, // SIOCGIFADDR is for AF_INET
		{0x894b, errno.ENOTTY, errno.ENOTTY, "", errno.EFAULT},
	} {
		name := IoctlReq(row.req).String()
		for _, alias := range []string{"lo", "lo:7"} {
			arg := ifreq(alias)
			has(t, name+" of "+alias, 0, row.lo)(p.Ioctl(a, row.req, arg))
			want := ifreq(alias)
			if row.lo == 0 {
				value, err := hex.DecodeString(row.value)
				says(t, "the row's value", 0)(err)
				want[sizeofIfname-1] = 0
				copy(want[sizeofIfname:], value)
				equal(t, name+" fills in", hex.EncodeToString(arg), hex.EncodeToString(want))
			}
		}
		has(t, name+" of nosuch", 0, row.other)(p.Ioctl(a, row.req, ifreq("nosuch")))
		has(t, name+" of a null pointer", 0, row.withoutAnything)(p.Ioctl(a, row.req, nil))
		has(t, name+" of bad memory", 0, row.withoutAnything)(p.Ioctl(a, row.req, BadAddress(40)))
	}
}

func TestDeviceNames(t *testing.T) {
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	for index, want := range map[int]errno.Errno{1: 0, 0: errno.ENODEV, 2: errno.ENODEV, -1: errno.ENODEV} {
		arg := ifreq("")
		copy(arg[sizeofIfname:], words(index))
		has(t, fmt.Sprintf("SIOCGIFNAME of device %d", index), 0, want)(p.Ioctl(a, SIOCGIFNAME, arg))
		if want == 0 {
			equal(t, "name of device 1", string(arg[:3]), "lo\x00")
		}
	}
	for _, row := range []struct {
		length int
		buf    uint64
		want   errno.Errno
		filled int
	}{
		{-1, 0, 0, 40}, {0, 0, 0, 40}, {39, 8, 0, 0}, {-1, 8, 0, 0}, {40, 8, errno.EFAULT, 40},
	} {
		arg := binary.LittleEndian.AppendUint64(words(row.length, 0), row.buf)
		call := fmt.Sprintf("SIOCGIFCONF {%d, %d}", row.length, row.buf)
		has(t, call, 0, row.want)(p.Ioctl(a, SIOCGIFCONF, arg))
		equal(t, call+" fills in the length", word(arg), row.filled)
	}
	fails(t, "SIOCGIFCONF without memory", errno.EFAULT)(p.Ioctl(a, SIOCGIFCONF, nil))
	fails(t, "SIOCGIFCONF with half of its memory", errno.EFAULT)(p.Ioctl(a, SIOCGIFCONF, make([]byte, 15)))
}

func TestRequestsHaveNames(t *testing.T) {
	for req, want := range map[IoctlReq]string{
		FIONREAD: "FIONREAD", SIOCATMARK: "SIOCATMARK", SIOCGIFINDEX: "SIOCGIFINDEX", 0x8908: "0x8908", 0: "0x0",
	} {
		equal(t, fmt.Sprintf("name of request %#x", uint(req)), req.String(), want)
	}
}

// The tables of requests do not contradict each other, and names are unique.
func TestRequestTablesAgree(t *testing.T) {
	seen := map[string]bool{}
	note := func(name string) {
		if name == "" || seen[name] {
			t.Errorf("name of a request = %q, want one of its own", name)
		}
		seen[name] = true
	}
	for req, row := range requests {
		note(row.name)
		if _, both := deviceRequests[req]; both {
			t.Errorf("%s is in two tables, want it in one", row.name)
		}
	}
	for req, row := range deviceRequests {
		note(row.name)
		if req>>8 != typeOfSocketIoctl {
			t.Errorf("%s = %#x, want a request of sockets", row.name, req)
		}
	}
}

// A descriptor that is closed between the look-up and the request is EBADF.
func TestRequestsOfAClosedDescriptor(t *testing.T) {
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	p.close(a)
	for req, row := range requests {
		err := row.do(p.Process, a, words(0))
		switch req {
		case FS_IOC_SETFLAGS, SIOCGSTAMP, SIOCGSTAMPNS, SIOCGSTAMP_NEW, SIOCGSTAMPNS_NEW:
			equal(t, row.name+" of a closed descriptor", err, errno.ENOTTY)
		case FIFREEZE, FS_IOC_FIEMAP:
			equal(t, row.name+" of a closed descriptor", err, errno.EOPNOTSUPP)
		case FITHAW:
			equal(t, row.name+" of a closed descriptor", err, errno.EINVAL)
		case SIOCGSKNS:
			equal(t, row.name+" of a closed descriptor", err, errno.EPERM)
		case SIOCUNIXFILE:
			equal(t, row.name+" of a closed descriptor", err, errno.ENOENT)
		default:
			equal(t, row.name+" of a closed descriptor", err, errno.EBADF)
		}
	}
}
