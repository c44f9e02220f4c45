//go:build amd64

package emu

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"sockpair/errno"
)

// On Linux the same calls are made on the running kernel, and every
// difference is reported: as a failure on the kernel that was measured, for
// information on another.

// optionStep is a getsockopt or a setsockopt.
type optionStep struct {
	set    bool
	level  int
	name   int
	val    []byte // of set; nil is a null pointer
	vallen int
	null   string // of get: "val" or "len" is a null pointer
}

func (s optionStep) String() string {
	if s.set {
		return fmt.Sprintf("setsockopt(level %d, option %d, %x, %d)", s.level, s.name, s.val, s.vallen)
	}
	return fmt.Sprintf("getsockopt(level %d, option %d, null %q, %d)", s.level, s.name, s.null, s.vallen)
}

// answered is the result of a step as text: an errno, or the length and the bytes.
func (s optionStep) answered(e errno.Errno, val []byte, n int) string {
	switch {
	case e != 0:
		return e.Name()
	case s.set:
		return "ok"
	case n > 0 && (s.name == SO_COOKIE || s.name == SO_NETNS_COOKIE):
		return "a number of the machine's own"
	}
	return fmt.Sprintf("%d %x", n, val[:max(0, min(n, len(val)))])
}

// onEmulator makes the call on an emulated pair member.
func (s optionStep) onEmulator(p *Process, fd int) string {
	if s.set {
		return s.answered(asErrno(p.Setsockopt(fd, s.level, s.name, s.val, s.vallen)), nil, 0)
	}
	val, n := make([]byte, 256), s.vallen
	mem, length := val, &n
	switch s.null {
	case "val":
		mem = nil
	case "len":
		length = nil
	}
	return s.answered(asErrno(p.Getsockopt(fd, s.level, s.name, mem, length)), val, n)
}

// onKernel makes the call on the host.
func (s optionStep) onKernel(fd int) string {
	val, n := make([]byte, 256), int32(s.vallen)
	at := func(b []byte) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(b))) }
	if s.set {
		copy(val, s.val)
		mem := at(val)
		if s.val == nil {
			mem = 0
		}
		_, _, e := syscall.RawSyscall6(syscall.SYS_SETSOCKOPT, uintptr(fd), uintptr(s.level), uintptr(s.name), mem, uintptr(s.vallen), 0)
		runtime.KeepAlive(val)
		return s.answered(errno.Errno(e), nil, 0)
	}
	mem, length := at(val), uintptr(unsafe.Pointer(&n))
	switch s.null {
	case "val":
		mem = 0
	case "len":
		length = 0
	}
	_, _, e := syscall.RawSyscall6(syscall.SYS_GETSOCKOPT, uintptr(fd), uintptr(s.level), uintptr(s.name), mem, length, 0)
	runtime.KeepAlive(val)
	return s.answered(errno.Errno(e), val, int(n))
}

func asErrno(err error) errno.Errno {
	e, _ := err.(errno.Errno)
	return e
}

// kernelPair makes a pair on the host.
func kernelPair(t testing.TB, typ int) (a, b int, closePair func()) {
	t.Helper()
	sv, err := syscall.Socketpair(AF_UNIX, typ|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("socketpair on the host = %v, want nil", err)
	}
	return sv[0], sv[1], func() {
		_ = syscall.Close(sv[0])
		_ = syscall.Close(sv[1])
	}
}

// measuredKernel says why the host is not the kernel that the tables were
// measured on; "" if it is.
func measuredKernel(t testing.TB) string {
	var name syscall.Utsname
	if err := syscall.Uname(&name); err != nil {
		return err.Error()
	}
	var release strings.Builder
	for _, c := range name.Release {
		if c == 0 {
			break
		}
		release.WriteByte(byte(c))
	}
	if !strings.HasPrefix(release.String(), "6.18.") {
		return "the kernel is " + release.String() + ", measured was 6.18"
	}
	fd, _, closePair := kernelPair(t, SOCK_DGRAM)
	defer closePair()
	set := func(name, v int) string {
		return optionStep{set: true, level: SOL_SOCKET, name: name, val: words(v), vallen: 4}.onKernel(fd)
	}
	get := func(name, n int) string { return optionStep{level: SOL_SOCKET, name: name, vallen: n}.onKernel(fd) }
	if privileged := set(SO_MARK, 0) == "ok"; privileged != (os.Getuid() == 0) {
		return "the user's number does not tell its privileges"
	}
	tick := optionStep{set: true, level: SOL_SOCKET, name: SO_RCVTIMEO, val: timeval(0, 1), vallen: 16}.onKernel(fd)
	if got := get(SO_RCVTIMEO, 16); tick != "ok" || got != fmt.Sprintf("16 %x", timeval(0, 4000)) {
		return "a time-out of 1 us reads " + got
	}
	if set(SO_SNDBUF, -1) != "ok" || get(SO_SNDBUF, 4) != "4 00008000" {
		return "the greatest SO_SNDBUF is " + get(SO_SNDBUF, 4)
	}
	return ""
}

// reporter returns t.Errorf, or on another kernel than the measured one t.Logf.
func reporter(t testing.TB) func(format string, args ...any) {
	if why := measuredKernel(t); why != "" {
		t.Log("differences are no failures: " + why)
		return t.Logf
	}
	return t.Errorf
}

// sameUser is a machine with the identity of the test: SO_PEERCRED is compared, too.
func sameUser() Config {
	return Config{UID: os.Getuid(), GID: os.Getgid(), FirstPid: os.Getpid()}
}

// compareSteps makes the calls on a fresh pair of each and reports differences
// with the calls that came before.
func compareSteps(t testing.TB, report func(string, ...any), typ int, steps ...optionStep) {
	t.Helper()
	p, a, _ := optionProg(t, sameUser(), typ)
	host, _, closePair := kernelPair(t, typ)
	defer closePair()
	for i, s := range steps {
		got, want := s.onEmulator(p.Process, a), s.onKernel(host)
		if got != want {
			report("%s: %v as call %d after %v = %s, want %s as the kernel says", typeNames[typ], s, i, steps[max(0, i-3):i], got, want)
		}
	}
}

// comparedOptions are all numbers but two: SO_PEERPIDFD, whose value is a new
// descriptor with the lowest number that is free, and SO_PEERGROUPS, of which a
// process of this machine has exactly one (docs/divergences.md).
func comparedOptions() (names []int) {
	for name := -1; name <= 100; name++ {
		if name != SO_PEERPIDFD && name != SO_PEERGROUPS {
			names = append(names, name)
		}
	}
	return names
}

func getStep(name, room int) optionStep {
	return optionStep{level: SOL_SOCKET, name: name, vallen: room}
}

func setStep(name int, val []byte, n int) optionStep {
	return optionStep{set: true, level: SOL_SOCKET, name: name, val: val, vallen: n}
}

func TestOptionsAreThoseOfTheKernel(t *testing.T) {
	report := reporter(t)
	for _, typ := range allTypes {
		t.Run(typeNames[typ], func(t *testing.T) {
			for _, name := range comparedOptions() {
				t.Run(fmt.Sprint(name), func(t *testing.T) {
					for _, room := range []int{256, 0, 1, 2, 3, 4, 7, 8, 12, 15, 16, 36, -1} {
						compareSteps(t, report, typ, getStep(name, room))
					}
					for _, null := range []string{"val", "len"} {
						for _, room := range []int{256, 0, -1} {
							compareSteps(t, report, typ, optionStep{level: SOL_SOCKET, name: name, vallen: room, null: null})
						}
					}
					for _, v := range []int{0, 1, 2, -1, 12345, 1 << 15, 65536, 2147483647, -2147483648} {
						compareSteps(t, report, typ, setStep(name, words(v), 4), getStep(name, 256), getStep(name, 4))
						compareSteps(t, report, typ, setStep(name, words(v, v, v, v), 8), getStep(name, 256))
						compareSteps(t, report, typ, setStep(name, words(v, 0, 1, 0), 16), getStep(name, 256))
					}
					for _, n := range []int{0, 1, 2, 3, 4, 8, 16, 256, -1} {
						compareSteps(t, report, typ, setStep(name, make([]byte, 256), n), getStep(name, 8))
						compareSteps(t, report, typ, setStep(name, nil, n), getStep(name, 8))
					}
				})
			}
		})
	}
}

func TestOptionsOfOtherLevelsAreThoseOfTheKernel(t *testing.T) {
	report := reporter(t)
	for _, typ := range allTypes {
		for _, level := range []int{0, 2, 6, 17, 41, 255, 263, 270, 286, 2147483647, -1} {
			for _, n := range []int{-1, 0, 3, 4} {
				for _, val := range [][]byte{nil, words(1)} {
					compareSteps(t, report, typ, optionStep{set: true, level: level, name: 1, val: val, vallen: n})
				}
				for _, null := range []string{"", "val", "len"} {
					compareSteps(t, report, typ, optionStep{level: level, name: 1, vallen: n, null: null})
				}
			}
		}
	}
}

// Options that share a state, set and read at random on one pair.
func TestOptionsSetAtRandomAreThoseOfTheKernel(t *testing.T) {
	report := reporter(t)
	names := comparedOptions()
	values := []int{0, 0, 1, 1, 2, 3, 5, 8, 16, 64, 128, 2048, 4096, 6144, 32768, 65535, 65536 | 128, 100000, 999999, -1, -5, 2147483647, -2147483648}
	devices := []string{"lo", "", "nosuch"}
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 6))
		pick := func() int { return values[r.IntN(len(values))] }
		var steps []optionStep
		for range 150 {
			name := names[r.IntN(len(names))]
			switch {
			case name == SO_ATTACH_BPF || name == SO_ATTACH_REUSEPORT_EBPF:
				steps = append(steps, setStep(name, words(-1), 4)) // which numbers are open differs
			case name == SO_BINDTOIFINDEX: // which devices there are differs, but for these
				steps = append(steps, setStep(name, words([]int{0, 1, -1, 1 << 20}[r.IntN(4)]), 4))
			case name == SO_BINDTODEVICE:
				device := devices[r.IntN(len(devices))]
				steps = append(steps, setStep(name, []byte(device+"\x00"), len(device)+r.IntN(2)))
			default:
				val := words(pick(), pick(), pick(), 0)
				if r.IntN(2) == 0 {
					binary.LittleEndian.PutUint64(val[8:], uint64(pick()))
				}
				if name == SO_ATTACH_FILTER {
					clear(val[8:]) // a pointer
				}
				steps = append(steps, setStep(name, val, []int{4, 8, 16, 16}[r.IntN(4)]))
			}
			steps = append(steps, getStep(name, 256), getStep(names[r.IntN(len(names))], []int{4, 8, 16, 256}[r.IntN(4)]))
		}
		compareSteps(t, report, allTypes[r.IntN(3)], steps...)
	}
}

// Where the memory ends before the value, the rest is EFAULT.
func TestShortMemoryIsThatOfTheKernel(t *testing.T) {
	report := reporter(t)
	page, err := syscall.Mmap(-1, 0, 2*syscall.Getpagesize(), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		t.Fatalf("mmap = %v, want nil", err)
	}
	defer func() { _ = syscall.Munmap(page) }()
	if err := syscall.Mprotect(page[syscall.Getpagesize():], syscall.PROT_NONE); err != nil {
		t.Fatalf("mprotect = %v, want nil", err)
	}
	for _, typ := range allTypes {
		p, a, _ := optionProg(t, sameUser(), typ)
		host, _, closePair := kernelPair(t, typ)
		defer closePair()
		for _, name := range []int{SO_DEBUG, SO_KEEPALIVE, SO_LINGER, SO_RCVTIMEO, SO_MAX_PACING_RATE, SO_TXTIME, SO_TIMESTAMPING,
			SO_INQ, SO_BINDTODEVICE, SO_ATTACH_FILTER, SO_TYPE, 99} {
			for _, have := range []int{1, 3, 4, 7, 8, 15, 16} {
				for _, n := range []int{3, 4, 8, 16, 256} {
					if n < have {
						continue
					}
					val := page[syscall.Getpagesize()-have : syscall.Getpagesize()]
					_, _, e := syscall.RawSyscall6(syscall.SYS_SETSOCKOPT, uintptr(host), SOL_SOCKET, uintptr(name), uintptr(unsafe.Pointer(&val[0])), uintptr(n), 0)
					got := asErrno(p.Setsockopt(a, SOL_SOCKET, name, make([]byte, have), n))
					if got != errno.Errno(e) {
						report("%s: Setsockopt(option %d, %d bytes of memory, %d) = %s, want %s as the kernel says",
							typeNames[typ], name, have, n, got.Name(), errno.Errno(e).Name())
					}
				}
			}
		}
	}
}
