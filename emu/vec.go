package emu

import (
	"unsafe"

	"sockpair/buffer"
	"sockpair/errno"
)

// maxBadAddress is the greatest length of BadAddress: more than any message
// that a send buffer admits.
const maxBadAddress = 1 << 23

// unmapped is the memory that BadAddress lends. It is never read or written
// and, being zero, takes no room until it is.
var unmapped [maxBadAddress]byte

// BadAddress returns the marker that stands for n bytes outside the address
// space of the process: a call that would touch one of them says EFAULT. A
// buffer that ends in such memory is two, a good one and a marker, in readv,
// writev, sendmsg or recvmsg. n is cut at 8 MiB, the greatest SO_SNDBUF.
func BadAddress(n int) []byte {
	n = max(0, min(n, maxBadAddress))
	return unmapped[:n:n]
}

// badVector is the memory that BadVector lends.
var badVector [IOV_MAX + 1][]byte

// BadVector returns the marker that stands for an array of n buffers that
// itself lies outside the address space: readv, writev, sendmsg and recvmsg say
// EFAULT before they look at the socket, unless n is refused. n is cut at
// IOV_MAX + 1, which is.
func BadVector(n int) [][]byte {
	n = max(1, min(n, len(badVector)))
	return badVector[:n:n]
}

func isBadVector(bufs [][]byte) bool { return len(bufs) > 0 && &bufs[0] == &badVector[0] }

// isBad reports whether b is part of what BadAddress returns. An empty part
// is not: no byte of it is touched.
func isBad(b []byte) bool {
	at := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	first := uintptr(unsafe.Pointer(&unmapped))
	return len(b) > 0 && at-first < maxBadAddress // one comparison: below first it is very large
}

// goodBytes is how many bytes of the buffers come before the first bad one.
func goodBytes(bufs [][]byte) (n int) {
	for _, b := range bufs {
		if isBad(b) {
			break
		}
		n += len(b)
	}
	return n
}

func totalBytes(bufs [][]byte) (n int) {
	for _, b := range bufs {
		n += len(b)
	}
	return n
}

// recvInto makes a receive into one buffer by descriptor fd, -1 for none.
func recvInto(fd int, b []byte, flags int) *recvCall {
	c := recvCalls.Get().(*recvCall)
	c.fd, c.vec, c.want, c.good, c.flags = fd, buffer.One(b), len(b), len(b), flags
	if isBad(b) {
		c.good = 0
	}
	return c
}

// recvIntoVec makes a receive into several buffers.
func recvIntoVec(fd int, bufs [][]byte, flags int) *recvCall {
	c := recvCalls.Get().(*recvCall)
	c.fd, c.vec, c.want, c.good, c.flags = fd, buffer.Many(bufs), totalBytes(bufs), goodBytes(bufs), flags
	return c
}

// sendFrom makes a send from one buffer by descriptor fd, -1 for none.
func sendFrom(fd int, b []byte, flags int) *sendCall {
	c := sendCalls.Get().(*sendCall)
	c.fd, c.vec, c.want, c.good, c.flags = fd, buffer.One(b), len(b), len(b), flags
	if isBad(b) {
		c.good = 0
	}
	return c
}

// sendFromVec makes a send from several buffers.
func sendFromVec(fd int, bufs [][]byte, flags int) *sendCall {
	c := sendCalls.Get().(*sendCall)
	c.fd, c.vec, c.want, c.good, c.flags = fd, buffer.Many(bufs), totalBytes(bufs), goodBytes(bufs), flags
	return c
}

// minusOne is the value of a call that failed.
func minusOne(err errno.Errno) (int, errno.Errno) {
	if err != 0 {
		return -1, err
	}
	return 0, 0
}
