package emu

import (
	"encoding/binary"
	"math"
	"sync"

	"sockpair/errno"
)

// Flags of Eventfd.
const (
	EFD_SEMAPHORE = 1
	EFD_NONBLOCK  = O_NONBLOCK
	EFD_CLOEXEC   = O_CLOEXEC
)

// counter is what is behind an eventfd: a number of 64 bits, to which a write
// adds and which a read takes.
//
// Linux fs/eventfd.c.
type counter struct {
	file
	mu        sync.Mutex // the file's lock
	count     uint64
	semaphore bool
	readers   waitQueue // until count > 0
	writers   waitQueue // until what they add fits
}

// counterMax is the greatest count; a write of more waits.
const counterMax = math.MaxUint64 - 1

var counterTraits = traits{link: "anon_inode:[eventfd]", mode: 0o600, position: errno.ESPIPE, truncate: errno.EINVAL, loops: true}

// Eventfd makes a counter that begins with initval. With EFD_SEMAPHORE a read
// takes 1 of it, else all.
//
// EINVAL: other flags than EFD_SEMAPHORE, EFD_NONBLOCK and EFD_CLOEXEC. EMFILE; ENFILE.
//
// Source: Linux fs/eventfd.c do_eventfd; POSIX has none.
func (p *Process) Eventfd(initval uint, flags int) (int, error) {
	return p.observe("eventfd2", func() []any { return []any{initval, EventfdFlags(flags)} },
		func() (int, errno.Errno) {
			if flags&^(EFD_SEMAPHORE|EFD_NONBLOCK|EFD_CLOEXEC) != 0 {
				return -1, errno.EINVAL
			}
			c := &counter{count: uint64(uint32(initval)), semaphore: flags&EFD_SEMAPHORE != 0}
			c.file.lock, c.file.besides, c.file.status = &c.mu, &besides{object: c}, O_RDWR|flags&O_NONBLOCK
			return p.openNew(&c.file, flags)
		})
}

func (c *counter) traits() *traits { return &counterTraits }

// read takes the count, or 1 of it, as 8 bytes.
// EINVAL: fewer than 8 bytes of room; EAGAIN: the count is 0; EINTR; EFAULT,
// with the count taken. Linux eventfd_read.
func (c *counter) read(p *Process, call *recvCall) (int, errno.Errno) {
	if call.want < 8 {
		c.mu.Unlock()
		return -1, errno.EINVAL
	}
	var taken uint64
	take := func() bool {
		if c.count == 0 {
			return false
		}
		taken = c.count
		if c.semaphore {
			taken = 1
		}
		c.count -= taken
		c.offerAll(&c.writers, spaceFreed)
		return true
	}
	switch {
	case take():
		c.mu.Unlock()
	case c.status&O_NONBLOCK != 0 || call.nonblock:
		c.mu.Unlock()
		return -1, errno.EAGAIN
	default:
		if err := p.await(&c.file, &c.readers, take); err != 0 {
			return -1, err
		}
	}
	return call.storeWord(taken)
}

// storeWord is the end of a read of 8 bytes.
func (call *recvCall) storeWord(v uint64) (int, errno.Errno) {
	if call.good < 8 {
		return -1, errno.EFAULT
	}
	call.vec.CopyFrom(eightBytes(v))
	return 8, 0
}

// eightBytes is the memory of a number of 8 bytes.
func eightBytes(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v) }

// write adds a number of 8 bytes.
// EINVAL: another number of bytes; EFAULT; EINVAL: the greatest number; EAGAIN: the count
// would be greater than counterMax; EINTR. Linux eventfd_write.
func (c *counter) write(p *Process, call *sendCall) (int, errno.Errno) {
	if call.want != 8 || call.good < 8 {
		c.mu.Unlock()
		if call.want != 8 {
			return -1, errno.EINVAL
		}
		return -1, errno.EFAULT
	}
	var b [8]byte
	call.vec.CopyTo(b[:])
	n := binary.LittleEndian.Uint64(b[:])
	add := func() bool {
		if n > counterMax-c.count {
			return false
		}
		c.count += n
		c.offerAll(&c.readers, dataArrived)
		return true
	}
	switch {
	case n == math.MaxUint64:
		c.mu.Unlock()
		return -1, errno.EINVAL
	case add():
		c.mu.Unlock()
	case c.status&O_NONBLOCK != 0 || call.nonblock:
		c.mu.Unlock()
		return -1, errno.EAGAIN
	default:
		if err := p.await(&c.file, &c.writers, add); err != 0 {
			return -1, err
		}
	}
	return 8, 0
}

// readiness: POLLIN above 0, POLLOUT while 1 can be added. Linux eventfd_poll.
func (c *counter) readiness() (bits int16) {
	if c.count > 0 {
		bits |= POLLIN
	}
	if c.count < counterMax {
		bits |= POLLOUT
	}
	return bits
}

func (c *counter) ioctl(*Process, uint32, memory) errno.Errno { return errno.ENOTTY }

func (c *counter) destroy() { c.mu.Unlock() }
