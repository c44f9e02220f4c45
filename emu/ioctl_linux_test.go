//go:build amd64

package emu

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	"sockpair/errno"
)

// onKernelIoctl makes the request on the host.
func onKernelIoctl(fd int, req uint32, arg []byte) errno.Errno {
	_, _, e := syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(fd), uintptr(req), uintptr(unsafe.Pointer(unsafe.SliceData(arg))))
	runtime.KeepAlive(arg)
	return errno.Errno(e)
}

// changesHost tells the requests that would do something to the host, or
// whose answer there is none of this machine's (docs/divergences.md).
func changesHost(req uint32, user int) bool {
	switch {
	case req == SIOCGSKNS, req == FIFREEZE, req == FITHAW, req == SIOCGIFCONF, req == SIOCETHTOOL:
		return true
	case req == 0x8940, req == 0x8941: // of bridges, with a struct of their own
		return true
	case req >= 0x89a0 && req <= 0x89a3:
		return user == 0
	}
	row, ok := deviceRequests[req]
	return user == 0 && ok && row.err == errno.EPERM
}

// comparedRequests are those of the tables, all of the sockets' kind, and
// some that a socket has not.
func comparedRequests() []uint32 {
	reqs := []uint32{0, 1, TCGETS, 0x540e, 0x5413, 0x5460, 0x8b01, 0x12345678, 0xffffffff, 0xc0208933, 0x80086601}
	for req := range requests {
		reqs = append(reqs, req)
	}
	for req := uint32(0x8900); req <= 0x89ff; req++ {
		if _, twice := requests[req]; !twice {
			reqs = append(reqs, req)
		}
	}
	return reqs
}

func TestRequestsAreThoseOfTheKernel(t *testing.T) {
	report := reporter(t)
	byIndex := ifreq("")
	copy(byIndex[sizeofIfname:], words(1))
	number := func(n int) []byte { return append(words(n), make([]byte, 60)...) }
	args := map[string][]byte{"a null pointer": nil, "0": number(0), "1": number(1), "-1": number(-1),
		"lo": ifreq("lo"), "lo:1": ifreq("lo:1"), "nosuch": ifreq("nosuch"), "device 1": byIndex}
	for _, typ := range allTypes {
		for _, req := range comparedRequests() {
			if changesHost(req, os.Getuid()) {
				continue
			}
			for name, arg := range args {
				if (req == FIOSETOWN || req == SIOCSPGRP) && name != "0" && arg != nil {
					continue // which processes there are differs
				}
				p, a, b := optionProg(t, sameUser(), typ)
				host, other, closePair := kernelPair(t, typ)
				p.send(b, "hello")
				p.send(b, "abc")
				p.send(a, "x")
				for _, msg := range []string{"hello", "abc"} {
					if _, err := syscall.Write(other, []byte(msg)); err != nil {
						t.Fatalf("write on the host = %v, want nil", err)
					}
				}
				if _, err := syscall.Write(host, []byte("x")); err != nil {
					t.Fatalf("write on the host = %v, want nil", err)
				}
				emulated, real := append([]byte(nil), arg...), append([]byte(nil), arg...)
				_, err := p.Ioctl(a, uint(req), emulated)
				call := fmt.Sprintf("%s: Ioctl(%v, %s)", typeNames[typ], IoctlReq(req), name)
				if got, want := asErrno(err), onKernelIoctl(host, req, real); got != want {
					report("%s = %q, want %q as the kernel says", call, got.Name(), want.Name())
				}
				if string(emulated) != string(real) {
					report("%s fills in %x, want %x as the kernel does", call, emulated, real)
				}
				closePair()
			}
		}
	}
}
