package emu

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sockpair/errno"
)

// optionProg is a process with descriptors 0 to 2 open, and a pair.
func optionProg(t testing.TB, cfg Config, typ int) (p prog, a, b int) {
	t.Helper()
	p = newProg(t, cfg)
	for fd := range 3 {
		says(t, "Foreign", 0)(p.Foreign(fd, "terminal"))
	}
	a, b = p.pair(typ)
	return p, a, b
}

// read is what getsockopt says with so much room: an int in decimal, other
// values in hexadecimal, or an errno.
func (p prog) read(fd, name, room int) string {
	val, n := make([]byte, 256), room
	if err := p.Getsockopt(fd, SOL_SOCKET, name, val, &n); err != nil {
		return errnoName(err)
	}
	if n == 4 {
		return fmt.Sprint(word(val))
	}
	return hex.EncodeToString(val[:n])
}

// change is what setsockopt says of val, and if that is no errno what getsockopt reads then.
func (p prog) change(fd, name int, val []byte) string {
	if err := p.Setsockopt(fd, SOL_SOCKET, name, val, len(val)); err != nil {
		return errnoName(err)
	}
	got := p.read(fd, name, 256)
	if strings.HasPrefix(got, "E") {
		return "ok"
	}
	return "=" + got
}

func errnoName(err error) string {
	e, ok := err.(errno.Errno)
	if !ok {
		return fmt.Sprint(err)
	}
	return e.Name()
}

// measured is how Linux 6.18 answers for some options: what a fresh socket
// reads with room for 256 bytes, and what setting 0, 1, 2, -1 and 12345, each
// on a fresh socket, answers or reads back.
type measured struct {
	options []int
	fresh   string
	set     string
}

const (
	refused = "ENOPROTOOPT ENOPROTOOPT ENOPROTOOPT ENOPROTOOPT ENOPROTOOPT"
	invalid = "EINVAL EINVAL EINVAL EINVAL EINVAL"
	aflag   = "=0 =1 =1 =1 =1"
	stored  = "=0 =1 =2 =-1 =12345"
)

// linuxAnswers holds for user 0 on all three types, but for SO_TYPE and SO_INQ.
var linuxAnswers = []measured{
	{[]int{0, 22, 23, 24, 31, 54, 58, 78, 79, 81, 85, 100, -1}, "ENOPROTOOPT", refused},
	{[]int{1, 2, 5, 6, 9, 10, 11, 16, 29, 34, 35, 40, 41, 43, 44, 45, 63, 64, 69, 75, 76, 82}, "0", aflag},
	{[]int{SO_ERROR, SO_ACCEPTCONN, SO_PROTOCOL, SO_INCOMING_NAPI_ID}, "0", refused},
	{[]int{SO_SNDBUF}, "212992", "=4608 =4608 =4608 =8388608 =24690"},
	{[]int{SO_RCVBUF}, "212992", "=2304 =2304 =2304 =8388608 =24690"},
	{[]int{SO_PRIORITY, SO_MARK}, "0", stored},
	{[]int{SO_LINGER, SO_TXTIME}, "0000000000000000", invalid},
	{[]int{SO_BSDCOMPAT}, "0", "=0 =0 =0 =0 =0"},
	{[]int{SO_REUSEPORT}, "0", "=0 EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP"},
	{[]int{SO_PEERCRED}, "e803000000000000" + "00000000", refused},
	{[]int{SO_RCVLOWAT}, "1", "=1 =1 =2 =2147483647 =12345"},
	{[]int{SO_SNDLOWAT, SO_DOMAIN}, "1", refused},
	{[]int{SO_RCVTIMEO, SO_SNDTIMEO, SO_RCVTIMEO_NEW, SO_SNDTIMEO_NEW}, strings.Repeat("00", 16), invalid},
	{[]int{SO_BINDTODEVICE}, "", "= ENODEV ENODEV ENODEV ENODEV"},
	{[]int{SO_ATTACH_FILTER}, "", invalid},
	{[]int{SO_DETACH_FILTER}, "ENOPROTOOPT", "ENOENT ENOENT ENOENT ENOENT ENOENT"},
	{[]int{SO_PEERNAME, SO_NETNS_COOKIE}, "EINVAL", refused},
	{[]int{SO_SNDBUFFORCE, SO_RCVBUFFORCE, SO_CNX_ADVICE}, "ENOPROTOOPT", "ok ok ok ok ok"},
	{[]int{SO_TIMESTAMPING, SO_TIMESTAMPING_NEW}, "0000000000000000", "=0000000000000000 =0100000000000000 =0200000000000000 EINVAL EINVAL"},
	{[]int{SO_PEEK_OFF, SO_INCOMING_CPU}, "-1", stored},
	{[]int{SO_BUSY_POLL, SO_BINDTOIFINDEX}, "0", "=0 =1 =2 EINVAL =12345"},
	{[]int{SO_MAX_PACING_RATE}, "ffffffffffffffff", "=0000000000000000 =0100000000000000 =0200000000000000 =ffffffffffffffff =3930000000000000"},
	{[]int{SO_BPF_EXTENSIONS}, "64", refused},
	{[]int{SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_EBPF}, "ENOPROTOOPT", "EINVAL EINVAL EINVAL EBADF EBADF"},
	{[]int{SO_ATTACH_REUSEPORT_CBPF, SO_DETACH_REUSEPORT_BPF}, "ENOPROTOOPT", invalid},
	{[]int{SO_MEMINFO}, "000000000040030000000000004003000000000000000000000000000000000000000000", refused},
	{[]int{SO_COOKIE}, "0100000000000000", refused},
	{[]int{SO_PEERGROUPS}, "0", refused}, // the one group of the creator
	{[]int{SO_ZEROCOPY}, "0", "EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP"},
	{[]int{SO_BUSY_POLL_BUDGET}, "ENOPROTOOPT", "ok ok ok EINVAL ok"},
	{[]int{SO_BUF_LOCK}, "0", "=0 =1 =2 EINVAL EINVAL"},
	{[]int{SO_RESERVE_MEM}, "0", "EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP EINVAL EOPNOTSUPP"},
	{[]int{SO_TXREHASH}, "EOPNOTSUPP", "EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP EOPNOTSUPP"},
	{[]int{SO_PEERPIDFD}, "5", refused}, // a new descriptor
	{[]int{SO_DEVMEM_DONTNEED}, "ENOPROTOOPT", "EBADF EBADF EBADF EBADF EBADF"},
	{[]int{SO_PASSRIGHTS}, "1", aflag},
}

// answersAs compares options with what was measured for them.
func answersAs(t *testing.T, cfg Config, typ int, rows []measured) {
	t.Helper()
	for _, row := range rows {
		for _, name := range row.options {
			p, a, _ := optionProg(t, cfg, typ)
			equal(t, fmt.Sprintf("Getsockopt(%d) of a fresh socket", name), p.read(a, name, 256), row.fresh)
			var got []string
			for _, v := range []int{0, 1, 2, -1, 12345} {
				a, b := p.pair(typ)
				got = append(got, p.change(a, name, words(v)))
				p.close(a, b)
			}
			equal(t, fmt.Sprintf("Setsockopt(%d) of 0, 1, 2, -1, 12345", name), strings.Join(got, " "), row.set)
		}
	}
}

func TestOptionsAnswerAsMeasured(t *testing.T) {
	own := map[int][]measured{
		SOCK_STREAM:    {{[]int{SO_TYPE}, "1", refused}, {[]int{SO_INQ}, "ENOPROTOOPT", "ok ok EINVAL EINVAL EINVAL"}},
		SOCK_DGRAM:     {{[]int{SO_TYPE}, "2", refused}, {[]int{SO_INQ}, "ENOPROTOOPT", refused}},
		SOCK_SEQPACKET: {{[]int{SO_TYPE}, "5", refused}, {[]int{SO_INQ}, "ENOPROTOOPT", refused}},
	}
	for _, typ := range allTypes {
		t.Run(typeNames[typ], func(t *testing.T) { answersAs(t, Config{}, typ, slices.Concat(linuxAnswers, own[typ])) })
	}
}

func TestOptionsThatAskForPrivilege(t *testing.T) {
	answersAs(t, Config{UID: 65534}, SOCK_DGRAM, []measured{
		{[]int{SO_DEBUG}, "0", "=0 EACCES EACCES EACCES EACCES"},
		{[]int{SO_PRIORITY}, "0", "=0 =1 =2 EPERM EPERM"},
		{[]int{SO_SNDBUFFORCE, SO_RCVBUFFORCE}, "ENOPROTOOPT", "EPERM EPERM EPERM EPERM EPERM"},
		{[]int{SO_MARK}, "0", "EPERM EPERM EPERM EPERM EPERM"},
		{[]int{SO_PREFER_BUSY_POLL}, "0", "=0 EPERM EPERM EPERM EPERM"},
		{[]int{SO_BUSY_POLL_BUDGET}, "ENOPROTOOPT", "ok EPERM EPERM EINVAL EPERM"},
	})
}

// The options of POSIX.1-2024 <sys/socket.h>, and no others.
func TestPosixHasItsEighteenOptions(t *testing.T) {
	const timeval = "00000000000000000000000000000000"
	rows := []measured{
		{[]int{SO_ACCEPTCONN, SO_ERROR, SO_PROTOCOL}, "0", refused},
		{[]int{SO_DOMAIN, SO_SNDLOWAT}, "1", refused},
		{[]int{SO_TYPE}, "5", refused},
		{[]int{SO_BROADCAST, SO_DEBUG, SO_DONTROUTE, SO_KEEPALIVE, SO_OOBINLINE, SO_REUSEADDR}, "0", aflag},
		{[]int{SO_RCVBUF, SO_SNDBUF}, "65536", "=1 =1 =2 EINVAL =12345"},
		{[]int{SO_RCVLOWAT}, "1", "=1 =1 =2 EINVAL =12345"},
		{[]int{SO_LINGER}, "0000000000000000", invalid},
		{[]int{SO_RCVTIMEO, SO_SNDTIMEO}, timeval, invalid},
	}
	known := map[int]bool{}
	for _, row := range rows {
		for _, name := range row.options {
			known[name] = true
		}
	}
	equal(t, "number of POSIX options", len(known), 18)
	for name := -1; name <= 100; name++ {
		if !known[name] {
			rows = append(rows, measured{[]int{name}, "ENOPROTOOPT", refused})
		}
	}
	answersAs(t, Config{Personality: POSIX(), UID: 65534}, SOCK_SEQPACKET, rows)
}

// Every row of a table has a name, and no two the same.
func TestOptionNamesAreUnique(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		seen := map[string]int{}
		for number, row := range rules.Options {
			if number == OtherLevel {
				continue
			}
			if other, ok := seen[row.Name]; ok || !strings.HasPrefix(row.Name, "SO_") {
				t.Errorf("name of option %d = %q (option %d has it), want one of its own", number, row.Name, other)
			}
			seen[row.Name] = number
		}
	})
}

// A row that a user adds is an option that is stored and read back.
func TestPersonalityMayGetAnOption(t *testing.T) {
	rules := POSIX()
	rules.Options[7000] = Option{Name: "SO_MINE", Default: 5}
	p, a, b := optionProg(t, Config{Personality: rules}, SOCK_STREAM)
	equal(t, "default of the added option", p.read(a, 7000, 4), "5")
	equal(t, "setting the added option", p.change(a, 7000, words(-9)), "=-9")
	equal(t, "the added option of the other end", p.read(b, 7000, 4), "5")
}

func TestBufferSizes(t *testing.T) {
	const most = "=8388608"
	for _, row := range []struct {
		v         int
		send, rcv string
	}{
		{1151, "=4608", "=2304"}, {1152, "=4608", "=2304"}, {1153, "=4608", "=2306"}, {2304, "=4608", "=4608"},
		{2305, "=4610", "=4610"}, {100000, "=200000", "=200000"}, {212993, "=425986", "=425986"},
		{4194303, "=8388606", "=8388606"}, {4194304, most, most}, {4194305, most, most}, {10000000, most, most},
		{2147483647, most, most}, {-2, most, most}, {-2147483648, most, most},
	} {
		p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
		equal(t, fmt.Sprintf("SO_SNDBUF %d", row.v), p.change(a, SO_SNDBUF, words(row.v)), row.send)
		equal(t, fmt.Sprintf("SO_RCVBUF %d", row.v), p.change(a, SO_RCVBUF, words(row.v)), row.rcv)
	}
}

func TestForcedBufferSizes(t *testing.T) {
	for _, row := range []struct {
		v         int
		send, rcv string
	}{
		{-1, "4608", "2304"}, {-2147483648, "4608", "2304"}, {0, "4608", "2304"}, {100000000, "200000000", "200000000"},
		{1073741822, "2147483644", "2147483644"}, {1073741823, "2147483646", "2147483646"}, {2147483647, "2147483646", "2147483646"},
	} {
		p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
		p.setInt(a, SO_SNDBUFFORCE, row.v)
		p.setInt(a, SO_RCVBUFFORCE, row.v)
		equal(t, fmt.Sprintf("SO_SNDBUF after SO_SNDBUFFORCE %d", row.v), p.read(a, SO_SNDBUF, 4), row.send)
		equal(t, fmt.Sprintf("SO_RCVBUF after SO_RCVBUFFORCE %d", row.v), p.read(a, SO_RCVBUF, 4), row.rcv)
	}
}

func TestBufLockTellsWhatWasSet(t *testing.T) {
	p, a, b := optionProg(t, Config{}, SOCK_STREAM)
	p.setInt(a, SO_SNDBUF, 5000)
	equal(t, "SO_BUF_LOCK after SO_SNDBUF", p.read(a, SO_BUF_LOCK, 4), "1")
	p.setInt(a, SO_RCVBUF, 5000)
	equal(t, "SO_BUF_LOCK after SO_RCVBUF, too", p.read(a, SO_BUF_LOCK, 4), "3")
	p.setInt(a, SO_BUF_LOCK, 0)
	equal(t, "SO_BUF_LOCK after clearing it", p.read(a, SO_BUF_LOCK, 4), "0")
	equal(t, "SO_SNDBUF after clearing SO_BUF_LOCK", p.read(a, SO_SNDBUF, 4), "10000")
	equal(t, "SO_BUF_LOCK of the other end", p.read(b, SO_BUF_LOCK, 4), "0")
}

func TestLingerIsKept(t *testing.T) {
	for _, row := range []struct {
		on, seconds int
		want        string
	}{
		{0, 0, "=0000000000000000"}, {0, 5, "=0000000000000000"}, {1, 0, "=0100000000000000"}, {2, 7, "=0100000007000000"},
		{-1, 5, "=0100000005000000"}, {1, 2147483647, "=01000000ffffff7f"}, {1, -1, "=01000000df4f8d97"},
		{1, -2147483648, "=01000000df4f8d97"},
	} {
		p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
		equal(t, fmt.Sprintf("SO_LINGER {%d, %d}", row.on, row.seconds), p.change(a, SO_LINGER, words(row.on, row.seconds)), row.want)
	}
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	p.change(a, SO_LINGER, words(1, 5))
	equal(t, "SO_LINGER {0, 9} after {1, 5}", p.change(a, SO_LINGER, words(0, 9)), "=0000000005000000")
	equal(t, "l_onoff alone", p.read(a, SO_LINGER, 4), "0")

	p, a, _ = optionProg(t, Config{Personality: POSIX()}, SOCK_STREAM)
	equal(t, "SO_LINGER {1, -1} in POSIX", p.change(a, SO_LINGER, words(1, -1)), "EDOM")
	equal(t, "SO_LINGER {1, 3} in POSIX", p.change(a, SO_LINGER, words(1, 3)), "=0100000003000000")
}

// The four SO_TIMESTAMP options and SO_TIMESTAMPING share a state. Rows: what
// is set in turn, and what SO_TIMESTAMP, SO_TIMESTAMPNS, the same NEW,
// SO_TIMESTAMPING and the same NEW read then.
func TestTimestampOptionsShareAState(t *testing.T) {
	const ts, tsns, tsNew, tsnsNew, ing, ingNew = SO_TIMESTAMP, SO_TIMESTAMPNS, SO_TIMESTAMP_NEW, SO_TIMESTAMPNS_NEW, SO_TIMESTAMPING, SO_TIMESTAMPING_NEW
	type set struct{ name, v int }
	for _, row := range []struct {
		sets []set
		want string
	}{
		{[]set{{ts, 1}}, "1 0 0 0 0 0"},
		{[]set{{tsns, 1}}, "0 1 0 0 0 0"},
		{[]set{{tsNew, 1}}, "0 0 1 0 0 0"},
		{[]set{{tsnsNew, 1}}, "0 0 1 1 0 0"},
		{[]set{{ts, 1}, {tsns, 1}}, "0 1 0 0 0 0"},
		{[]set{{tsnsNew, 1}, {ts, 1}}, "1 0 0 0 0 0"},
		{[]set{{ts, 1}, {tsnsNew, 0}}, "0 0 0 0 0 0"},
		{[]set{{ts, 1}, {ingNew, 0}}, "0 0 1 0 0 0"},
		{[]set{{tsns, 1}, {ingNew, 8}}, "0 0 1 1 8 8"},
		{[]set{{tsnsNew, 1}, {ing, 8}}, "0 1 0 0 8 0"},
		{[]set{{ing, 16}, {tsNew, 1}}, "0 0 1 0 16 16"},
		{[]set{{ingNew, 16}, {ts, 0}}, "0 0 0 0 16 16"},
		{[]set{{ingNew, 16}, {ts, 1}}, "1 0 0 0 16 0"},
	} {
		p, a, _ := optionProg(t, Config{}, SOCK_DGRAM)
		for _, s := range row.sets {
			p.setInt(a, s.name, s.v)
		}
		var got []string
		for _, name := range []int{ts, tsns, tsNew, tsnsNew, ing, ingNew} {
			got = append(got, p.read(a, name, 4))
		}
		equal(t, fmt.Sprintf("time stamp options after %v", row.sets), strings.Join(got, " "), row.want)
	}
}

func TestTimestampingFlags(t *testing.T) {
	p, a, _ := optionProg(t, Config{}, SOCK_DGRAM)
	for _, row := range []struct {
		val  []byte
		want string
	}{
		{words(16, 7), "=1000000000000000"}, {words(32, 9, 9), "=2000000000000000"},
		{words(1 << 11), "=0008000000000000"}, {words(1<<11 | 1<<12), "=0018000000000000"}, {words(1 << 12), "EINVAL"},
		{words(1 << 7), "=8000000000000000"}, {words(1<<7 | 1<<16), "=8000010000000000"}, {words(1 << 16), "EINVAL"},
		{words(1 << 18), "=0000040000000000"}, {words(1 << 19), "EINVAL"}, {words(-1 << 31), "EINVAL"},
		{words(1 << 15), "EOPNOTSUPP"}, {words(1<<12 | 1<<15), "EINVAL"},
	} {
		equal(t, fmt.Sprintf("SO_TIMESTAMPING %x", row.val), p.change(a, SO_TIMESTAMPING, row.val), row.want)
	}
	p.setInt(a, SO_BINDTOIFINDEX, 1)
	equal(t, "SO_TIMESTAMPING with a clock of lo", p.change(a, SO_TIMESTAMPING, words(1<<15)), "EINVAL")
}

func TestPacingRateHasTwoLengths(t *testing.T) {
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	equal(t, "SO_MAX_PACING_RATE of 8 bytes", p.change(a, SO_MAX_PACING_RATE, words(0x3456789a, 0x12)), "=9a78563412000000")
	equal(t, "a rate of more than 32 bits in 4 bytes", p.read(a, SO_MAX_PACING_RATE, 7), "-1")
	equal(t, "SO_MAX_PACING_RATE of 5 bytes", p.change(a, SO_MAX_PACING_RATE, append(words(7), 9)), "=0700000000000000")
	says(t, "SO_MAX_PACING_RATE of 8 bytes in 4", errno.EFAULT)(p.Setsockopt(a, SOL_SOCKET, SO_MAX_PACING_RATE, words(1), 8))
}

func TestTxtimeClocks(t *testing.T) {
	const zero = "0000000000000000"
	for _, row := range []struct {
		clock, flags int
		root, other  string
	}{
		{0, 0, "=" + zero, "EPERM"}, {1, 3, "=0100000003000000", "=0100000003000000"}, {1, 4, "EINVAL", "EINVAL"},
		{11, 0, "=0b00000000000000", "EPERM"}, {2, 0, "EINVAL", "EPERM"}, {2, 4, "EINVAL", "EINVAL"}, {-1, 0, "EINVAL", "EPERM"},
	} {
		for uid, want := range map[int]string{0: row.root, 65534: row.other} {
			p, a, _ := optionProg(t, Config{UID: uid}, SOCK_DGRAM)
			equal(t, fmt.Sprintf("SO_TXTIME {%d, %d} of user %d", row.clock, row.flags, uid),
				p.change(a, SO_TXTIME, words(row.clock, row.flags)), want)
		}
	}
	p, a, _ := optionProg(t, Config{}, SOCK_DGRAM)
	equal(t, "SO_TXTIME of 12 bytes", p.change(a, SO_TXTIME, words(1, 0, 0)), "EINVAL")
}

func TestBindingToADevice(t *testing.T) {
	for _, row := range []struct{ name, want string }{
		{"lo", "=6c6f00"}, {"lo\x00", "=6c6f00"}, {"lo\x00garbage, and more of it", "=6c6f00"}, {"", "="}, {"\x00", "="},
		{"l", "ENODEV"}, {"lo:1", "ENODEV"}, {"no such device at all", "ENODEV"},
	} {
		p, a, _ := optionProg(t, Config{}, SOCK_DGRAM)
		equal(t, fmt.Sprintf("SO_BINDTODEVICE %q", row.name), p.change(a, SO_BINDTODEVICE, []byte(row.name)), row.want)
	}
	p, a, _ := optionProg(t, Config{UID: 5}, SOCK_DGRAM)
	says(t, "SO_BINDTODEVICE NULL, 0", 0)(p.Setsockopt(a, SOL_SOCKET, SO_BINDTODEVICE, nil, 0))
	says(t, "SO_BINDTODEVICE NULL, 4", errno.EFAULT)(p.Setsockopt(a, SOL_SOCKET, SO_BINDTODEVICE, nil, 4))
	equal(t, "binding an unbound socket", p.change(a, SO_BINDTODEVICE, []byte("lo")), "=6c6f00")
	equal(t, "SO_BINDTOIFINDEX of a bound socket", p.read(a, SO_BINDTOIFINDEX, 4), "1")
	equal(t, "SO_BINDTODEVICE with room for 15", p.read(a, SO_BINDTODEVICE, 15), "EINVAL")
	equal(t, "unbinding without privilege", p.change(a, SO_BINDTODEVICE, nil), "EPERM")
	equal(t, "rebinding without privilege", p.change(a, SO_BINDTOIFINDEX, words(0)), "EPERM")
	equal(t, "a negative index, without privilege", p.change(a, SO_BINDTOIFINDEX, words(-1)), "EPERM")

	p, a, _ = optionProg(t, Config{}, SOCK_DGRAM)
	p.setInt(a, SO_BINDTOIFINDEX, 99)
	equal(t, "SO_BINDTODEVICE of a device that is not there", p.read(a, SO_BINDTODEVICE, 16), "ENODEV")
	equal(t, "unbinding by user 0", p.change(a, SO_BINDTODEVICE, nil), "=")
}

func TestFilterIsKept(t *testing.T) {
	accept := []SockFilter{{Code: 0x28, K: 0xfffff000}, {Code: 6, Jt: 1, Jf: 2, K: 4}}
	for _, typ := range allTypes {
		p, a, _ := optionProg(t, Config{UID: 5}, typ)
		attach := func(prog []SockFilter) string {
			return errnoNameOr0(p.SetsockoptSockFprog(a, SOL_SOCKET, SO_ATTACH_FILTER, prog))
		}
		equal(t, "attaching no program", attach(nil), "EINVAL")
		equal(t, "attaching 4097 instructions", attach(make([]SockFilter, 4097)), "EINVAL")
		equal(t, "attaching 65537 instructions", attach(make([]SockFilter, 65537)), "EINVAL")
		equal(t, "attaching two instructions", attach(accept), "0")
		n := 0
		says(t, "SO_GET_FILTER without room", 0)(p.Getsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, nil, &n))
		equal(t, "number of instructions", n, 2)
		equal(t, "SO_GET_FILTER with room for one", p.read(a, SO_ATTACH_FILTER, 1), "EINVAL")
		val := make([]byte, 16)
		says(t, "SO_GET_FILTER with 2", 0)(p.Getsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, val, &n))
		equal(t, "the instructions", hex.EncodeToString(val), "2800000000f0ffff"+"0600010204000000")
		equal(t, "SO_DETACH_FILTER", p.change(a, SO_DETACH_FILTER, words(0)), "ok")
		equal(t, "SO_DETACH_FILTER again", p.change(a, SO_DETACH_FILTER, words(0)), "ENOENT")

		equal(t, "a filter at no address", p.change(a, SO_ATTACH_FILTER, words(1, 0, 0, 0)), "EINVAL")
		equal(t, "a filter at an address", p.change(a, SO_ATTACH_FILTER, words(1, 0, 8, 0)), "EFAULT")
		p.setInt(a, SO_LOCK_FILTER, 1)
		equal(t, "SO_LOCK_FILTER 0", p.change(a, SO_LOCK_FILTER, words(0)), "EPERM")
		equal(t, "SO_LOCK_FILTER 2", p.change(a, SO_LOCK_FILTER, words(2)), "=1")
		equal(t, "attaching when locked", attach(nil), "EPERM")
		equal(t, "detaching when locked", p.change(a, SO_DETACH_FILTER, words(0)), "EPERM")
		equal(t, "SO_ATTACH_BPF when locked", p.change(a, SO_ATTACH_BPF, words(-1)), "EPERM")
		equal(t, "SO_ATTACH_BPF of 8 bytes", p.change(a, SO_ATTACH_BPF, words(0, 0)), "EINVAL")
	}
}

func errnoNameOr0(err error) string {
	if err == nil {
		return "0"
	}
	return errnoName(err)
}

// SO_INQ has a check of its own on a stream, and elsewhere that of an unknown option.
func TestInqIsForStreams(t *testing.T) {
	for _, row := range []struct {
		typ    int
		val    []byte
		vallen int
		want   errno.Errno
	}{
		{SOCK_STREAM, words(1), 4, 0},
		{SOCK_STREAM, words(1, 0), 8, errno.EINVAL},
		{SOCK_STREAM, nil, 16, errno.EINVAL},
		{SOCK_STREAM, nil, 4, errno.EFAULT},
		{SOCK_STREAM, words(2), 4, errno.EINVAL},
		{SOCK_DGRAM, words(1), 3, errno.EINVAL},
		{SOCK_DGRAM, nil, 16, errno.EFAULT},
		{SOCK_SEQPACKET, words(2, 0), 8, errno.ENOPROTOOPT},
	} {
		p, a, _ := optionProg(t, Config{}, row.typ)
		says(t, fmt.Sprintf("SO_INQ on %s, %x, %d", typeNames[row.typ], row.val, row.vallen), row.want)(
			p.Setsockopt(a, SOL_SOCKET, SO_INQ, row.val, row.vallen))
	}
}

func TestPeernameMustBeAsLongAsTheRoom(t *testing.T) {
	for _, typ := range allTypes {
		p, a, b := optionProg(t, Config{}, typ)
		for room, want := range []string{"", "01", "0100", "EINVAL"} {
			equal(t, fmt.Sprintf("SO_PEERNAME with room for %d", room), p.read(a, SO_PEERNAME, room), want)
		}
		p.close(b)
		equal(t, "SO_PEERNAME after the other end's close", p.read(a, SO_PEERNAME, 2), "0100")
		_, _ = p.Send(a, []byte("x"), MSG_NOSIGNAL)
		want := "0100"
		if typ == SOCK_DGRAM {
			want = "ENOTCONN"
		}
		equal(t, "SO_PEERNAME after a send that failed", p.read(a, SO_PEERNAME, 2), want)
	}
}

func TestCookiesAreUnique(t *testing.T) {
	p, a, b := optionProg(t, Config{}, SOCK_STREAM)
	equal(t, "SO_COOKIE with room for 7", p.read(b, SO_COOKIE, 7), "EINVAL")
	equal(t, "SO_COOKIE of b, read first", p.read(b, SO_COOKIE, 9), "0100000000000000")
	equal(t, "SO_COOKIE of a", p.read(a, SO_COOKIE, 8), "0200000000000000")
	dup, err := p.Dup(b)
	gives(t, "Dup(b)", 5)(dup, err)
	equal(t, "SO_COOKIE of a copy of b", p.read(dup, SO_COOKIE, 8), "0100000000000000")
	equal(t, "SO_NETNS_COOKIE", p.read(a, SO_NETNS_COOKIE, 8), "0100000000000000")
	equal(t, "SO_NETNS_COOKIE with room for 9", p.read(a, SO_NETNS_COOKIE, 9), "EINVAL")
}

func TestMeminfoShowsTheCharge(t *testing.T) {
	for _, typ := range allTypes {
		p, a, b := optionProg(t, Config{}, typ)
		p.send(a, strings.Repeat("x", 1000))
		p.send(a, strings.Repeat("x", 1000))
		p.setInt(a, SO_RCVBUF, 5000)
		equal(t, "SO_MEMINFO of the sender", p.read(a, SO_MEMINFO, 16), "00000000"+"10270000"+"00120000"+"00400300")
		equal(t, "SO_MEMINFO of the receiver", p.read(b, SO_MEMINFO, 16), "00000000"+"00400300"+"00000000"+"00400300")
	}
}

func TestPeergroupsTellsTheLengthItNeeds(t *testing.T) {
	p, a, _ := optionProg(t, Config{GID: 77}, SOCK_STREAM)
	n := 3
	says(t, "SO_PEERGROUPS with room for 3", errno.ERANGE)(p.Getsockopt(a, SOL_SOCKET, SO_PEERGROUPS, make([]byte, 9), &n))
	equal(t, "*vallen after ERANGE", n, 4)
	equal(t, "SO_PEERGROUPS", p.read(a, SO_PEERGROUPS, 9), "77")
}

// What one end is set to is of no concern to the other, and all descriptors
// of one end see it.
func TestOptionsBelongToTheDescription(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.setInt(a, SO_KEEPALIVE, 1)
		copied, err := p.Dup(a)
		gives(t, "Dup", copied)(copied, err)
		equal(t, "SO_KEEPALIVE of a copy", p.read(copied, SO_KEEPALIVE, 4), "1")
		equal(t, "SO_KEEPALIVE of the other end", p.read(b, SO_KEEPALIVE, 4), "0")
	})
}
