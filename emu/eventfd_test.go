package emu

import (
	"encoding/binary"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// eight is a number as 8 bytes.
func eight(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }

// takes reads a number of 8 bytes.
func (p prog) takes(fd int, want uint64) {
	p.t.Helper()
	var b [8]byte
	gives(p.t, "Read", 8)(p.Read(fd, b[:]))
	equal(p.t, "the number read", binary.LittleEndian.Uint64(b[:]), want)
}

// eventfd makes a counter.
func (p prog) eventfd(initval uint, flags int) int {
	p.t.Helper()
	fd, err := p.Eventfd(initval, flags)
	require.NoError(p.t, err)
	return fd
}

func TestEventfdRefusesUnknownFlags(t *testing.T) {
	p := newProg(t, Config{})
	for _, flags := range []int{2, -1, O_DIRECT, EFD_CLOEXEC | 4} {
		fails(t, "Eventfd", errno.EINVAL)(p.Eventfd(0, flags))
	}
	gives(t, "Eventfd", 0)(p.Eventfd(0, EFD_SEMAPHORE|EFD_NONBLOCK|EFD_CLOEXEC))
	gives(t, "F_GETFD", FD_CLOEXEC)(p.Fcntl(0, F_GETFD, 0))
	gives(t, "F_GETFL", O_RDWR|O_NONBLOCK)(p.Fcntl(0, F_GETFL, 0))
}

// TestCounterTakesAllOrOne: a read takes the count, of a semaphore 1 of it.
func TestCounterTakesAllOrOne(t *testing.T) {
	p := newProg(t, Config{})
	all, one := p.eventfd(3, EFD_NONBLOCK), p.eventfd(2, EFD_NONBLOCK|EFD_SEMAPHORE)
	gives(t, "Write", 8)(p.Write(all, eight(4)))
	p.takes(all, 7)
	p.takes(one, 1)
	p.takes(one, 1)
	for _, fd := range []int{all, one} {
		fails(t, "Read of 0", errno.EAGAIN)(p.Read(fd, make([]byte, 8)))
		equal(t, "Poll of 0", p.revents(fd), POLLOUT)
	}
}

// TestCounterErrorsInOrder: the errors of read and write, in the order in which they are tested.
func TestCounterErrorsInOrder(t *testing.T) {
	p := newProg(t, Config{})
	fd := p.eventfd(0, EFD_NONBLOCK)
	fails(t, "Read of 7 bytes", errno.EINVAL)(p.Read(fd, make([]byte, 7)))
	fails(t, "Read of nothing", errno.EINVAL)(p.Read(fd, nil))
	gives(t, "Readv of nothing", 0)(p.Readv(fd, nil))
	fails(t, "Read of a bad buffer", errno.EAGAIN)(p.Read(fd, BadAddress(8)))
	for _, n := range []int{0, 7, 9} {
		fails(t, "Write of other than 8 bytes", errno.EINVAL)(p.Write(fd, make([]byte, n)))
	}
	fails(t, "Write of a bad buffer", errno.EFAULT)(p.Write(fd, BadAddress(8)))
	fails(t, "Write of the greatest number", errno.EINVAL)(p.Write(fd, eight(^uint64(0))))
	gives(t, "Write to the brim", 8)(p.Write(fd, eight(^uint64(1))))
	equal(t, "Poll at the brim", p.revents(fd), POLLIN)
	fails(t, "Write beyond", errno.EAGAIN)(p.Write(fd, eight(1)))
	gives(t, "Write of 0", 8)(p.Write(fd, eight(0)))
	fails(t, "Read of a bad buffer", errno.EFAULT)(p.Read(fd, BadAddress(8)))
	equal(t, "Poll after it, the count is gone", p.revents(fd), POLLOUT)
	fails(t, "Send", errno.ENOTSOCK)(p.Send(fd, eight(1), 0))
}

// TestCounterVectors: writev is a write for each buffer; readv one read.
func TestCounterVectors(t *testing.T) {
	p := newProg(t, Config{})
	fd := p.eventfd(0, EFD_NONBLOCK)
	gives(t, "Writev of two numbers", 16)(p.Writev(fd, [][]byte{eight(1), eight(2)}))
	gives(t, "Writev of a number and a bit", 8)(p.Writev(fd, [][]byte{eight(4), {1}}))
	b := make([]byte, 8)
	gives(t, "Readv", 8)(p.Readv(fd, [][]byte{b[:3], b[3:]}))
	equal(t, "the number", binary.LittleEndian.Uint64(b), 7)
	fails(t, "Preadv2 of 0 with RWF_NOWAIT", errno.EAGAIN)(p.Preadv2(fd, [][]byte{b}, -1, RWF_NOWAIT))
	fails(t, "Pwritev2 with a flag", errno.EOPNOTSUPP)(p.Pwritev2(fd, [][]byte{b}, -1, RWF_NOWAIT))
}

// TestCounterWakes: a read waits for a number, a write for room; epoll sees both.
func TestCounterWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		fd := p.eventfd(0, 0)
		edge := epollOn(t, p.Process, fd, POLLIN|EPOLLET)
		done := make(chan uint64, 1)
		go func() {
			var b [8]byte
			n, err := p.Read(fd, b[:])
			equal(t, "Read that waited", outcome(n, err), "8")
			done <- binary.LittleEndian.Uint64(b[:])
		}()
		synctest.Wait()
		equal(t, "Blocked()", p.sys.Blocked(), 1)
		gives(t, "Write", 8)(p.Write(fd, eight(5)))
		equal(t, "the number that waited for", <-done, 5)
		equal(t, "events", gathered(t, p.Process, edge)[uint64(fd)], 0)

		gives(t, "Write to the brim", 8)(p.Write(fd, eight(counterMax)))
		equal(t, "events", gathered(t, p.Process, edge)[uint64(fd)], POLLIN)
		go func() { gives(t, "Write that waited", 8)(p.Write(fd, eight(3))) }()
		synctest.Wait()
		p.takes(fd, counterMax)
		synctest.Wait()
		p.takes(fd, 3)
	})
}

// TestCloseLeavesAReadOfACounter: a call on a description keeps it; the end of the process ends it.
func TestCloseLeavesAReadOfACounter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		fd := p.eventfd(0, 0)
		go func() { endsWith(t, "Read", Ended{Pid: p.Getpid(), Signal: SIGKILL})(p.Read(fd, make([]byte, 8))) }()
		synctest.Wait()
		require.NoError(t, p.Close(fd))
		equal(t, "Files()", p.sys.Files(), 1)
		_ = p.Kill(p.Getpid(), SIGKILL)
		synctest.Wait()
		equal(t, "Files()", p.sys.Files(), 0)
	})
}
