package host

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// Fingerprint is what of a host decides whether it answers as the one that
// was measured.
type Fingerprint struct {
	Release string // of the kernel: the two first numbers
	Machine string
	Page    int
	// The values in /proc/sys/net that AF_UNIX looks at.
	WmemDefault, WmemMax, RmemDefault, RmemMax, MaxDgramQlen, OptmemMax string
}

// Measured is the host on which the facts about Linux were measured.
func Measured() Fingerprint {
	return Fingerprint{Release: "6.18", Machine: "x86_64", Page: 4096, WmemDefault: "212992", WmemMax: "4194304",
		RmemDefault: "212992", RmemMax: "4194304", MaxDgramQlen: "10", OptmemMax: "131072"}
}

// TakeFingerprint looks at this host. What cannot be read is empty.
func TakeFingerprint() Fingerprint {
	sysctl := func(name string) string {
		b, _ := os.ReadFile("/proc/sys/net/" + name)
		return strings.TrimSpace(string(b))
	}
	var u syscall.Utsname
	syscall.Uname(&u)
	parts := strings.SplitN(Release(), ".", 3)
	return Fingerprint{
		Release: strings.Join(parts[:min(2, len(parts))], "."), Machine: chars(u.Machine[:]), Page: os.Getpagesize(),
		WmemDefault: sysctl("core/wmem_default"), WmemMax: sysctl("core/wmem_max"),
		RmemDefault: sysctl("core/rmem_default"), RmemMax: sysctl("core/rmem_max"),
		MaxDgramQlen: sysctl("unix/max_dgram_qlen"), OptmemMax: sysctl("core/optmem_max"),
	}
}

// Release is the kernel's version as uname tells it, like 6.18.5-generic.
func Release() string {
	var u syscall.Utsname
	syscall.Uname(&u)
	return chars(u.Release[:])
}

func chars(c []int8) string {
	var b []byte
	for _, c := range c {
		if c == 0 {
			break
		}
		b = append(b, byte(c))
	}
	return string(b)
}

// Matches reports whether a host answers as other does; why says what differs.
func (f Fingerprint) Matches(other Fingerprint) (ok bool, why string) {
	if f == other {
		return true, ""
	}
	return false, fmt.Sprintf("this host is %+v, measured was %+v", f, other)
}
