package emu

import (
	"fmt"
	"sync"
	"testing"

	"sockpair/errno"
)

// [SP-01, SP-02, SP-07, ST-08, DG-02]
func TestSocketpairConnectsTwoEqualEnds(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, typ, 0, &sv))
		for i, fd := range sv {
			other := sv[1-i]
			p.send(fd, "to the other")
			p.recv(other, "to the other")
			p.recvFails(fd, errno.EAGAIN)
			for _, name := range []func(int, []byte, *int) error{p.Getsockname, p.Getpeername} {
				room, length := make([]byte, 110), 110
				says(t, "the name", 0)(name(fd, room, &length))
				equal(t, "length of the name", length, 2)
				equal(t, "family of the name", family(room), AF_UNIX)
			}
		}
	})
}

// [SP-03]
func TestLowestFreeNumbersAreTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		for fd := range 5 {
			if fd != 3 {
				says(t, "Foreign", 0)(p.Foreign(fd, "file"))
			}
		}
		a, b := p.pair(SOCK_STREAM)
		equal(t, "pair with the holes 3 and 5", [2]int{a, b}, [2]int{3, 5})
		p.close(b, a, 1)
		a, b = p.pair(SOCK_STREAM)
		equal(t, "pair with the holes 1 and 3", [2]int{a, b}, [2]int{1, 3})
	})
}

// Of many calls at once each gets two numbers that nobody else has, and no
// number is skipped.
func TestConcurrentPairsShareNoNumber(t *testing.T) {
	p := newProg(t, Config{})
	const calls = 64
	var made [calls][2]int
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() { made[i][0], made[i][1], _ = p.Pair(SOCK_DGRAM) })
	}
	all.Wait()
	seen := map[int]bool{}
	for _, sv := range made {
		if sv[0] >= sv[1] {
			t.Errorf("pair = %v, want the lower number first", sv)
		}
		seen[sv[0]], seen[sv[1]] = true, true
	}
	equal(t, "different numbers", len(seen), 2*calls)
	equal(t, "open descriptors", len(p.Descriptors()), 2*calls)
	equal(t, "highest descriptor", p.Descriptors()[2*calls-1], 2*calls-1)
}

// pairRow is a call of socketpair and what it answers.
type pairRow struct {
	domain, typ, protocol int
	want                  errno.Errno
}

// refusals are checked in the order of the rows, each with a vector that shows
// whether it was written; afterwards nothing is open.
func refusals(t *testing.T, p prog, rows []pairRow, written bool) {
	t.Helper()
	for _, r := range rows {
		sv := [2]int{-9, -9}
		expr := fmt.Sprintf("Socketpair(%d, %#x, %d)", r.domain, r.typ, r.protocol)
		says(t, expr, r.want)(p.Socketpair(r.domain, r.typ, r.protocol, &sv))
		want := [2]int{-9, -9}
		if written || r.want == 0 {
			want = [2]int{0, 1}
		}
		equal(t, expr+" vector", sv, want)
		if r.want == 0 {
			p.close(sv[0], sv[1])
		}
		equal(t, expr+" open descriptors", len(p.Descriptors()), 0)
		equal(t, expr+" open files", p.sys.Files(), 0)
	}
}

// [ER-01, ER-05, ER-06, DG-05] All families and types, as measured on Linux
// 6.18. The numbers are written although the call fails [SP-08].
func TestLinuxRefusesAsMeasured(t *testing.T) {
	const dgramFlags = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK
	rows := []pairRow{
		{-1, SOCK_STREAM, 0, errno.EAFNOSUPPORT}, {46, SOCK_STREAM, 0, errno.EAFNOSUPPORT},
		{46, 11, 0, errno.EAFNOSUPPORT}, {200, 15, 7, errno.EAFNOSUPPORT}, {AF_UNSPEC, SOCK_STREAM, 0, errno.EAFNOSUPPORT},
		{AF_AX25, 11, 0, errno.EINVAL}, {AF_AX25, 10, 0, errno.EAFNOSUPPORT}, {AF_UNIX, 11, 9, errno.EINVAL},
		{AF_UNIX, 15, 0, errno.EINVAL}, {AF_UNIX, SOCK_NONBLOCK | 15, 0, errno.EINVAL},
		{AF_UNIX, SOCK_RDM, 5, errno.EPROTONOSUPPORT}, {AF_UNIX, SOCK_STREAM, -1, errno.EPROTONOSUPPORT},
		{AF_UNIX, SOCK_STREAM, 2, errno.EPROTONOSUPPORT}, {AF_UNIX, SOCK_CLOEXEC | 7, 9, errno.EPROTONOSUPPORT},
		{AF_UNIX, 0, 0, errno.ESOCKTNOSUPPORT}, {AF_UNIX, SOCK_RDM, 0, errno.ESOCKTNOSUPPORT},
		{AF_UNIX, SOCK_DCCP, 1, errno.ESOCKTNOSUPPORT}, {AF_UNIX, SOCK_PACKET, 0, errno.ESOCKTNOSUPPORT},
		{AF_UNIX, SOCK_STREAM, 1, 0}, {AF_UNIX, SOCK_RAW, 1, 0}, {AF_UNIX, dgramFlags, 0, 0}, {AF_LOCAL, SOCK_SEQPACKET, 0, 0},
		{AF_INET, 0, -1, errno.EINVAL}, {AF_INET, SOCK_STREAM, 263, errno.EINVAL}, {AF_INET, 0, 0, errno.ESOCKTNOSUPPORT},
		{AF_INET, SOCK_STREAM, 0, errno.EOPNOTSUPP}, {AF_INET, SOCK_STREAM, 6, errno.EOPNOTSUPP},
		{AF_INET, SOCK_STREAM, 262, errno.EOPNOTSUPP}, {AF_INET, SOCK_STREAM, 1, errno.EPROTONOSUPPORT},
		{AF_INET, SOCK_DGRAM, 17, errno.EOPNOTSUPP}, {AF_INET, SOCK_DGRAM, 1, errno.EACCES},
		{AF_INET6, SOCK_DGRAM, 1, errno.EPROTONOSUPPORT}, {AF_INET, SOCK_DGRAM, 6, errno.EPROTONOSUPPORT},
		{AF_INET, SOCK_RAW, 0, errno.EPROTONOSUPPORT}, {AF_INET6, SOCK_RAW, 255, errno.EOPNOTSUPP},
		{AF_INET, SOCK_PACKET, 300, errno.EOPNOTSUPP}, {AF_INET6, SOCK_PACKET, 300, errno.EINVAL},
		{AF_INET6, SOCK_PACKET, 0, errno.ESOCKTNOSUPPORT}, {AF_INET6, SOCK_SEQPACKET, 6, errno.ESOCKTNOSUPPORT},
		{AF_NETLINK, SOCK_STREAM, 0, errno.ESOCKTNOSUPPORT}, {AF_NETLINK, SOCK_RAW, 6, errno.EOPNOTSUPP},
		{AF_NETLINK, SOCK_DGRAM, 17, errno.EPROTONOSUPPORT},
		{AF_PACKET, SOCK_STREAM, 0, errno.ESOCKTNOSUPPORT}, {AF_PACKET, SOCK_PACKET, 9, errno.EOPNOTSUPP},
		{AF_VSOCK, SOCK_RAW, 1, errno.EPROTONOSUPPORT}, {AF_VSOCK, SOCK_DGRAM, 0, errno.ENODEV},
		{AF_VSOCK, SOCK_RAW, 0, errno.ESOCKTNOSUPPORT}, {AF_VSOCK, SOCK_SEQPACKET, 0, errno.EOPNOTSUPP},
		{AF_XDP, SOCK_STREAM, 1, errno.ESOCKTNOSUPPORT}, {AF_XDP, SOCK_RAW, 1, errno.EPROTONOSUPPORT},
		{AF_XDP, SOCK_RAW, 0, errno.EOPNOTSUPP},
	}
	refusals(t, newProg(t, Config{}), rows, true)
	refusals(t, newProg(t, Config{UID: 65534}), []pairRow{
		{AF_INET, SOCK_RAW, 0, errno.EPROTONOSUPPORT}, {AF_INET, SOCK_RAW, 1, errno.EPERM},
		{AF_INET, SOCK_PACKET, 0, errno.EPERM}, {AF_INET6, SOCK_PACKET, 0, errno.ESOCKTNOSUPPORT},
		{AF_PACKET, SOCK_STREAM, 0, errno.EPERM}, {AF_XDP, SOCK_STREAM, 1, errno.EPERM},
		{AF_UNIX, SOCK_STREAM, 0, 0}, {AF_NETLINK, SOCK_RAW, 0, errno.EOPNOTSUPP},
	}, true)
}

// [ER-01, ER-05, ER-06, ER-07, SP-04, SP-05, SP-08]
func TestPosixRefusesAndLeavesTheVector(t *testing.T) {
	refusals(t, newProg(t, Config{Personality: POSIX()}), []pairRow{
		{-1, SOCK_STREAM, 0, errno.EAFNOSUPPORT}, {AF_UNSPEC, SOCK_STREAM, 0, errno.EAFNOSUPPORT},
		{AF_NETLINK, SOCK_RAW, 0, errno.EAFNOSUPPORT}, {200, SOCK_STREAM | 1<<4, 0, errno.EAFNOSUPPORT},
		{AF_UNIX, SOCK_STREAM | 1<<4, 5, errno.EINVAL}, {AF_UNIX, SOCK_STREAM, 1, errno.EPROTONOSUPPORT},
		{AF_UNIX, SOCK_RDM, 1, errno.EPROTONOSUPPORT}, {AF_UNIX, SOCK_RDM, 0, errno.EPROTOTYPE},
		{AF_UNIX, 0, 0, errno.EPROTOTYPE}, {AF_UNIX, SOCK_RAW, 0, errno.EPROTOTYPE}, {AF_UNIX, 15, 0, errno.EPROTOTYPE},
		{AF_INET, SOCK_STREAM, 0, errno.EOPNOTSUPP}, {AF_INET6, SOCK_DGRAM, ipprotoUDP, errno.EOPNOTSUPP},
		{AF_INET, SOCK_STREAM, ipprotoUDP, errno.EPROTOTYPE}, {AF_INET, SOCK_DGRAM, ipprotoTCP, errno.EPROTOTYPE},
		{AF_INET, SOCK_SEQPACKET, 0, errno.EPROTOTYPE}, {AF_INET, SOCK_STREAM, 99, errno.EPROTONOSUPPORT},
		{AF_INET, SOCK_RAW, 99, errno.EOPNOTSUPP},
		{AF_LOCAL, SOCK_STREAM, 0, 0}, {AF_UNIX, SOCK_DGRAM, 0, 0}, {AF_UNIX, SOCK_SEQPACKET, 0, 0},
	}, false)
}

// [SP-06, ER-11] Every bit above the type, alone.
func TestTypeFlagsAreSetOrRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		known := SOCK_NONBLOCK | SOCK_CLOEXEC
		if !p.linux() {
			known |= SOCK_CLOFORK
		}
		for n := 4; n < 31; n++ {
			bit := 1 << n
			expr := fmt.Sprintf("Socketpair(SOCK_STREAM|%#x)", bit)
			sv := [2]int{-9, -9}
			err := p.Socketpair(AF_UNIX, SOCK_STREAM|bit, 0, &sv)
			if known&bit == 0 {
				says(t, expr, errno.EINVAL)(err)
				equal(t, expr+" vector", sv, [2]int{-9, -9})
				continue
			}
			says(t, expr, 0)(err)
			fl, fd := O_RDWR, 0
			switch bit {
			case SOCK_NONBLOCK:
				fl |= O_NONBLOCK
			case SOCK_CLOEXEC:
				fd = FD_CLOEXEC
			case SOCK_CLOFORK:
				fd = FD_CLOFORK
			}
			for _, n := range sv {
				equal(t, expr+" F_GETFL", p.getfl(n), fl)
				equal(t, expr+" F_GETFD", p.getfd(n), fd)
				p.close(n)
			}
		}
		for _, flags := range []int{known, 0} {
			var sv [2]int
			says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, SOCK_DGRAM|flags, 0, &sv))
			equal(t, "F_GETFL", p.getfl(sv[1]), O_RDWR|flags&O_NONBLOCK)
			equal(t, "F_GETFD", p.getfd(sv[1]), fdFlags(descriptorFlags(flags)))
		}
	})
}

// [ER-02, ER-03, ER-11] Of several mistakes the one is told that the
// personality tests first.
func TestFirstMistakeIsTold(t *testing.T) {
	rows := []struct {
		name         string
		domain, typ  int
		null, full   bool
		linux, posix errno.Errno
	}{
		{"flags, vector, family, table", 200, 1 << 4, true, true, errno.EINVAL, errno.EFAULT},
		{"vector, family, table", 200, SOCK_STREAM, true, true, errno.EMFILE, errno.EFAULT},
		{"vector, family", 200, SOCK_STREAM, true, false, errno.EFAULT, errno.EFAULT},
		{"vector, type", AF_UNIX, 7, true, false, errno.EFAULT, errno.EFAULT},
		{"vector", AF_UNIX, SOCK_STREAM, true, false, errno.EFAULT, errno.EFAULT},
		{"family, table", 200, SOCK_STREAM, false, true, errno.EMFILE, errno.EAFNOSUPPORT},
		{"table", AF_UNIX, SOCK_STREAM, false, true, errno.EMFILE, errno.EMFILE},
	}
	onBoth(t, func(t *testing.T, rules *Personality) {
		for _, r := range rows {
			p := newProg(t, Config{Personality: rules})
			limit := uint64(1024)
			if r.full {
				limit = 1
			}
			says(t, "Setrlimit", 0)(p.Setrlimit(RLIMIT_NOFILE, Rlimit{limit, limit}))
			sv := [2]int{-9, -9}
			at := &sv
			if r.null {
				at = nil
			}
			want := r.linux
			if rules.Name == "posix" {
				want = r.posix
			}
			says(t, "Socketpair with wrong "+r.name, want)(p.Socketpair(r.domain, r.typ, 0, at))
			equal(t, "vector", sv, [2]int{-9, -9})
			equal(t, "open descriptors", len(p.Descriptors()), 0)
		}
	})
}

// [ER-03] Two numbers must be free below the limit, wherever they lie.
func TestEmfileWhenAllOrAllButOneAreOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		for _, r := range []struct {
			limit uint64
			want  errno.Errno
		}{{0, errno.EMFILE}, {3, errno.EMFILE}, {4, errno.EMFILE}, {5, errno.EMFILE}, {6, errno.EMFILE}, {7, 0}} {
			p := newProg(t, Config{Personality: rules})
			for fd := range 5 {
				says(t, "Foreign", 0)(p.Foreign(fd, "file"))
			}
			says(t, "Setrlimit", 0)(p.Setrlimit(RLIMIT_NOFILE, Rlimit{r.limit, 1024}))
			sv := [2]int{-9, -9}
			says(t, fmt.Sprintf("Socketpair with limit %d", r.limit), r.want)(p.Socketpair(AF_UNIX, SOCK_STREAM, 0, &sv))
			if r.want != 0 {
				equal(t, "vector", sv, [2]int{-9, -9})
				equal(t, "open descriptors", len(p.Descriptors()), 5)
			}
		}
	})
}

// [ER-04, ER-09, ER-10, ER-08] A machine without resources refuses, takes
// nothing, and serves again when something was given back.
func TestExhaustedMachineRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		size := rules.Buffers.Default
		for _, r := range []struct {
			name string
			cfg  Config
			want errno.Errno
		}{
			{"MaxFiles 3", Config{MaxFiles: 3}, errno.ENFILE},
			{"MaxSockets 3", Config{MaxSockets: 3}, errno.ENOBUFS},
			{"MaxMemory of three sockets", Config{MaxMemory: 3 * size}, errno.ENOMEM},
		} {
			r.cfg.Personality = rules
			p := newProg(t, r.cfg)
			a, b := p.pair(SOCK_STREAM)
			for range 3 {
				var sv [2]int
				says(t, r.name, r.want)(p.Socketpair(AF_UNIX, SOCK_STREAM, 0, &sv))
				equal(t, r.name+" open files", p.sys.Files(), 2)
				equal(t, r.name+" open descriptors", len(p.Descriptors()), 2)
			}
			p.close(a)
			var sv [2]int
			if r.want == errno.ENFILE || r.want == errno.ENOBUFS {
				says(t, r.name+" with one given back", 0)(p.Socketpair(AF_UNIX, SOCK_STREAM, 0, &sv))
				p.close(sv[0], sv[1])
			}
			p.close(b)
			says(t, r.name+" with two given back", 0)(p.Socketpair(AF_UNIX, SOCK_STREAM, 0, &sv))
		}
	})
}

// [SP-09, ER-08] The policy is asked with the caller and the arguments.
func TestPolicyIsAskedWithWhatIsCalled(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		var asked []string
		p := newProg(t, Config{Personality: rules, UID: 7, GID: 8, FirstPid: 50,
			Authorize: func(who Cred, domain, typ, protocol int) bool {
				asked = append(asked, fmt.Sprint(who, domain, typ, protocol))
				return typ == SOCK_DGRAM
			}})
		var sv [2]int
		says(t, "Socketpair of a stream", errno.EACCES)(p.Socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0, &sv))
		says(t, "Socketpair of datagrams", 0)(p.Socketpair(AF_UNIX, SOCK_DGRAM, 0, &sv))
		equal(t, "asked", fmt.Sprint(asked), "[{50 7 8} 1 1 0 {50 7 8} 1 2 0]")
	})
}

// The order of the steps is data: with the files first the machine's limit
// hides a bad family.
func TestOrderOfStepsIsThePersonalitys(t *testing.T) {
	rules := POSIX()
	rules.Pair = append([]PairStep{StepFiles}, rules.Pair[:len(rules.Pair)-3]...)
	rules.Pair = append(rules.Pair, StepDescriptors)
	p := newProg(t, Config{Personality: rules, MaxFiles: 1})
	var sv [2]int
	says(t, "Socketpair", errno.ENFILE)(p.Socketpair(200, SOCK_STREAM, 0, &sv))
}

// The arguments of the call are C ints: bits above them are not seen.
func TestUpperHalfOfArgumentsIsIgnored(t *testing.T) {
	high, half := 1, 32
	high <<= half // 0 where an int has 32 bits
	p := newProg(t, Config{})
	var sv [2]int
	says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX|high, SOCK_STREAM|high, 0|high, &sv))
}

// [DG-05] A SOCK_RAW of AF_UNIX is a datagram socket on Linux.
func TestRawIsDatagramOnLinux(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_RAW)
	typ, err := p.GetsockoptInt(a, SOL_SOCKET, SO_TYPE)
	gives(t, "SO_TYPE", SOCK_DGRAM)(typ, err)
	p.send(a, "one")
	p.send(a, "two")
	p.recv(b, "one")
	p.close(a)
	p.recv(b, "two")
	p.recvFails(b, errno.EAGAIN) // no end of file
}

// Pair returns no numbers when it fails.
func TestPairFailsWithoutNumbers(t *testing.T) {
	p := newProg(t, Config{SoftFiles: 1})
	a, b, err := p.Pair(SOCK_STREAM)
	fails(t, "Pair", errno.EMFILE)(a, err)
	equal(t, "second number", b, -1)
}
