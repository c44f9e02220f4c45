package emu

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// strange are numbers that are not open in a fresh process with a pair at 0 and 1.
var strange = []int{-1, -100, math.MinInt32, 2, 60, 1023, 1024, math.MaxInt32}

// Every call on a number that is not open says EBADF, whatever else is wrong.
func TestClosedDescriptorIsEBADF(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		a, _ := p.pair(SOCK_STREAM)
		bufs := make([][]byte, 2000)
		one := []Mmsghdr{{}}
		for _, fd := range strange {
			for name, call := range map[string]func() (int, error){
				"Read":         func() (int, error) { return p.Read(fd, nil) },
				"Readv":        func() (int, error) { return p.Readv(fd, bufs) },
				"Write":        func() (int, error) { return p.Write(fd, BadAddress(1)) },
				"Writev":       func() (int, error) { return p.Writev(fd, bufs) },
				"Writev of 0":  func() (int, error) { return p.Writev(fd, nil) },
				"Send":         func() (int, error) { return p.Send(fd, nil, MSG_OOB) },
				"Sendto":       func() (int, error) { return p.Sendto(fd, nil, 0, make([]byte, 200)) },
				"Sendmsg":      func() (int, error) { return p.Sendmsg(fd, nil, 1<<30) },
				"Sendmmsg":     func() (int, error) { return p.Sendmmsg(fd, one, 0) },
				"Sendmmsg 0":   func() (int, error) { return p.Sendmmsg(fd, nil, 0) },
				"Recv":         func() (int, error) { return p.Recv(fd, nil, MSG_OOB) },
				"Recvfrom":     func() (int, error) { return p.Recvfrom(fd, nil, 0, []byte{}, nil) },
				"Recvmsg":      func() (int, error) { return p.Recvmsg(fd, nil, 0) },
				"Recvmmsg":     func() (int, error) { return p.Recvmmsg(fd, one, 0, nil) },
				"Shutdown":     func() (int, error) { return value(p.Shutdown(fd, 99)) },
				"Close":        func() (int, error) { return value(p.Close(fd)) },
				"Dup":          func() (int, error) { return p.Dup(fd) },
				"Dup2":         func() (int, error) { return p.Dup2(fd, 5) },
				"Dup2 to self": func() (int, error) { return p.Dup2(fd, fd) },
				"Dup2 onto":    func() (int, error) { return p.Dup2(fd, a) },
				"Dup3":         func() (int, error) { return p.Dup3(fd, 5, 0) },
				"F_DUPFD":      func() (int, error) { return p.Fcntl(fd, F_DUPFD, -1) },
				"F_GETFD":      func() (int, error) { return p.Fcntl(fd, F_GETFD, 0) },
				"F_SETFD":      func() (int, error) { return p.Fcntl(fd, F_SETFD, 1) },
				"F_GETFL":      func() (int, error) { return p.Fcntl(fd, F_GETFL, 0) },
				"F_SETFL":      func() (int, error) { return p.Fcntl(fd, F_SETFL, O_DIRECT) },
				"Fcntl 999":    func() (int, error) { return p.Fcntl(fd, 999, 0) },
				"SetNonblock":  func() (int, error) { return value(p.SetNonblock(fd, true)) },
				"Getsockname":  func() (int, error) { return value(p.Getsockname(fd, nil, nil)) },
				"Getpeername":  func() (int, error) { return value(p.Getpeername(fd, nil, nil)) },
				"Pread":        func() (int, error) { return p.Pread(fd, nil, 0) },
				"Pwrite":       func() (int, error) { return p.Pwrite(fd, nil, 0) },
				"Ftruncate":    func() (int, error) { return value(p.Ftruncate(fd, 0)) },
				"Fsync":        func() (int, error) { return value(p.Fsync(fd)) },
			} {
				fails(t, fmt.Sprintf("%s(%d)", name, fd), errno.EBADF)(call())
			}
			at, err := p.Lseek(fd, 0, 99)
			fails(t, fmt.Sprintf("Lseek(%d)", fd), errno.EBADF)(int(at), err)
		}
		equal(t, "open descriptors", len(p.Descriptors()), 2)
	})
}

// [ST-04] The last descriptor of a description is the close that the peer sees.
func TestLastCloseIsTheOneThePeerSees(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		c, err := p.Dup(b)
		gives(t, "Dup(b)", 2)(c, err)
		p.close(b)
		p.recvFails(a, errno.EAGAIN)
		p.send(a, "still there")
		p.recv(c, "still there")
		p.close(c)
		if typ == SOCK_DGRAM {
			p.recvFails(a, errno.EAGAIN) // [DG-04]
		} else {
			p.eof(a)
		}
		says(t, "Close(b) again", errno.EBADF)(p.Close(b))
	})
}

// A number is free as soon as it is closed, and serves its next owner.
func TestClosedNumberServesItsNextOwner(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	p.close(a)
	c, d := p.pair(SOCK_DGRAM)
	equal(t, "pair after Close(0)", [2]int{c, d}, [2]int{0, 2})
	p.send(0, "from the second pair")
	p.recv(d, "from the second pair")
	p.eof(b)
}

// Of many closes of one number exactly one succeeds.
func TestOneCloseOfManySucceeds(t *testing.T) {
	p := newProg(t, Config{})
	for range 50 {
		a, b := p.pair(SOCK_STREAM)
		var ok sync.Map
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				if p.Close(a) == nil {
					ok.Store(i, true)
				}
			})
		}
		all.Wait()
		n := 0
		ok.Range(func(any, any) bool { n++; return true })
		equal(t, "successful closes", n, 1)
		p.close(b)
	}
}

func TestCloseRangeChecksFlagsThenOrder(t *testing.T) {
	p := newProg(t, Config{})
	p.pair(SOCK_STREAM)
	const top = math.MaxUint32
	for _, r := range []struct {
		first, last uint
		flags       int
		want        errno.Errno
		left        int
	}{
		{5, 1, 1, errno.EINVAL, 2}, {0, 9, 8, errno.EINVAL, 2}, {0, 9, -1, errno.EINVAL, 2}, {5, 4, 0, errno.EINVAL, 2},
		{2, 2, 0, 0, 2}, {1 << 20, 1 << 21, 0, 0, 2}, {math.MaxInt32 + 1, top, 0, 0, 2}, {2, top, CLOSE_RANGE_UNSHARE, 0, 2},
		{1, 1, 0, 0, 1}, {0, top, 0, 0, 0}, {0, top, 0, 0, 0},
	} {
		expr := fmt.Sprintf("CloseRange(%d, %d, %d)", r.first, r.last, r.flags)
		says(t, expr, r.want)(p.CloseRange(r.first, r.last, r.flags))
		equal(t, expr+" leaves", len(p.Descriptors()), r.left)
	}
}

func TestCloseRangeMarksInsteadOfClosing(t *testing.T) {
	p := newProg(t, Config{})
	p.pair(SOCK_STREAM)
	p.pair(SOCK_STREAM)
	says(t, "CloseRange", 0)(p.CloseRange(1, 2, CLOSE_RANGE_CLOEXEC))
	says(t, "CloseRange", 0)(p.CloseRange(2, 2, CLOSE_RANGE_CLOEXEC|CLOSE_RANGE_UNSHARE))
	for fd, want := range []int{0, FD_CLOEXEC, FD_CLOEXEC, 0} {
		equal(t, fmt.Sprintf("F_GETFD of %d", fd), p.getfd(fd), want)
	}
}

// Closing a range that holds both ends of a pair, and copies, is sound.
func TestCloseRangeClosesBothEnds(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		gives(t, "Dup2", 9)(p.Dup2(a, 9))
		p.send(a, "unread")
		p.send(b, "unread")
		says(t, "CloseRange", 0)(p.CloseRange(0, 20, 0))
		equal(t, "open files", p.sys.Files(), 0)
	})
}

// [FD-06] Flags of the descriptor are a duplicate's own, those of the
// description are shared.
func TestDuplicateSharesStatusAndNotFlags(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		var sv [2]int
		says(t, "Socketpair", 0)(p.Socketpair(AF_UNIX, SOCK_STREAM|rules.TypeFlags, 0, &sv))
		a := sv[0]
		gives(t, "Dup", 2)(p.Dup(a))
		gives(t, "Dup2", 7)(p.Dup2(a, 7))
		gives(t, "Dup3", 8)(p.Dup3(a, 8, O_CLOEXEC))
		gives(t, "F_DUPFD", 5)(p.Fcntl(a, F_DUPFD, 5))
		gives(t, "F_DUPFD_CLOEXEC", 6)(p.Fcntl(a, F_DUPFD_CLOEXEC, 5))
		for fd, want := range map[int]int{2: 0, 7: 0, 8: FD_CLOEXEC, 5: 0, 6: FD_CLOEXEC} {
			equal(t, fmt.Sprintf("F_GETFD of %d", fd), p.getfd(fd), want)
			equal(t, fmt.Sprintf("F_GETFL of %d", fd), p.getfl(fd), O_RDWR|O_NONBLOCK)
		}
		says(t, "SetNonblock", 0)(p.SetNonblock(8, false))
		equal(t, "F_GETFL after a duplicate's F_SETFL", p.getfl(a), O_RDWR)
		equal(t, "F_GETFL of the other end", p.getfl(sv[1]), O_RDWR|O_NONBLOCK)
		gives(t, "F_SETFD", 0)(p.Fcntl(7, F_SETFD, FD_CLOEXEC))
		equal(t, "F_GETFD after a duplicate's F_SETFD", p.getfd(2), 0)
	})
}

// [FD-02] The CLOFORK forms are there in POSIX, and nowhere on Linux.
func TestForkFlagIsPosixOnly(t *testing.T) {
	for _, r := range []struct {
		rules *Personality
		have  bool
	}{{Linux(), false}, {POSIX(), true}} {
		p := newProg(t, Config{Personality: r.rules})
		a, _ := p.pair(SOCK_STREAM)
		n, err := p.Fcntl(a, F_DUPFD_CLOFORK, 0)
		if !r.have {
			fails(t, "F_DUPFD_CLOFORK", errno.EINVAL)(n, err)
			fails(t, "Dup3 O_CLOFORK", errno.EINVAL)(p.Dup3(a, 9, O_CLOFORK))
			gives(t, "F_SETFD", 0)(p.Fcntl(a, F_SETFD, -1))
			equal(t, "F_GETFD", p.getfd(a), FD_CLOEXEC)
			continue
		}
		gives(t, "F_DUPFD_CLOFORK", 2)(n, err)
		equal(t, "F_GETFD", p.getfd(2), FD_CLOFORK)
		gives(t, "Dup3 O_CLOFORK", 9)(p.Dup3(a, 9, O_CLOFORK|O_CLOEXEC))
		equal(t, "F_GETFD", p.getfd(9), FD_CLOFORK|FD_CLOEXEC)
		gives(t, "F_SETFD", 0)(p.Fcntl(a, F_SETFD, -1))
		equal(t, "F_GETFD", p.getfd(a), FD_CLOEXEC|FD_CLOFORK)
	}
}

// As measured: what is tested first when several things are wrong.
func TestDupErrorsComeInOrder(t *testing.T) {
	p := newProg(t, Config{SoftFiles: 8})
	a, b := p.pair(SOCK_STREAM)
	const bad = 5
	for name, call := range map[string]func(int, int, int) (int, error){
		"Dup2": func(o, n, _ int) (int, error) { return p.Dup2(o, n) },
		"Dup3": p.Dup3,
	} {
		for _, n := range []int{-1, 8, 60, math.MaxInt32, math.MinInt32} {
			fails(t, name+" to a bad number", errno.EBADF)(call(a, n, 0))
			fails(t, name+" from and to a bad number", errno.EBADF)(call(bad, n, 0))
		}
		fails(t, name+" from a bad number", errno.EBADF)(call(bad, b, 0))
	}
	gives(t, "Dup2(a, a)", a)(p.Dup2(a, a))
	fails(t, "Dup2(60, 60)", errno.EBADF)(p.Dup2(60, 60))
	fails(t, "Dup3(a, a)", errno.EINVAL)(p.Dup3(a, a, 0))
	fails(t, "Dup3(60, 60)", errno.EINVAL)(p.Dup3(60, 60, 0))
	fails(t, "Dup3 with O_NONBLOCK", errno.EINVAL)(p.Dup3(bad, -1, O_NONBLOCK))
	for range 6 {
		if _, err := p.Dup(a); err != nil {
			t.Errorf("Dup(a) = %v, want nil", err)
		}
	}
	fails(t, "Dup(a) in a full table", errno.EMFILE)(p.Dup(a))
	fails(t, "Dup(60) in a full table", errno.EBADF)(p.Dup(60))
	fails(t, "F_DUPFD in a full table", errno.EMFILE)(p.Fcntl(a, F_DUPFD, 0))
	fails(t, "F_DUPFD above a full table", errno.EINVAL)(p.Fcntl(a, F_DUPFD, 8))
	gives(t, "Dup2 in a full table", 7)(p.Dup2(b, 7))
}

// dup2 replaces in one step: what stood there is closed, as its peer sees.
func TestDup2ClosesWhatItReplaces(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	c, d := p.pair(SOCK_STREAM)
	gives(t, "F_SETFD", 0)(p.Fcntl(c, F_SETFD, FD_CLOEXEC))
	gives(t, "Dup2(a, c)", c)(p.Dup2(a, c))
	p.eof(d)
	equal(t, "F_GETFD of the target", p.getfd(c), 0)
	p.send(c, "by the copy")
	p.recv(b, "by the copy")
	gives(t, "F_SETFD", 0)(p.Fcntl(a, F_SETFD, FD_CLOEXEC))
	gives(t, "Dup2(a, a)", a)(p.Dup2(a, a))
	equal(t, "F_GETFD after Dup2(a, a)", p.getfd(a), FD_CLOEXEC)
	gives(t, "Dup2(b, a)", a)(p.Dup2(b, a)) // its own peer
	p.send(c, "looped")
	p.recv(a, "looped")
}

func TestFcntlTakesItsNumberFromTheArgument(t *testing.T) {
	p := newProg(t, Config{SoftFiles: 64})
	a, _ := p.pair(SOCK_STREAM)
	for _, n := range []int{-1, 64, 65, math.MaxInt32, math.MinInt32} {
		for _, cmd := range []int{F_DUPFD, F_DUPFD_CLOEXEC} {
			fails(t, fmt.Sprintf("Fcntl(%d, %d)", cmd, n), errno.EINVAL)(p.Fcntl(a, cmd, n))
		}
	}
	gives(t, "F_DUPFD 63", 63)(p.Fcntl(a, F_DUPFD, 63))
	fails(t, "F_DUPFD 63 again", errno.EMFILE)(p.Fcntl(a, F_DUPFD, 63))
	gives(t, "F_DUPFD 0", 2)(p.Fcntl(a, F_DUPFD, 0))
	high, half := 1, 32
	high <<= half // 0 where an int has 32 bits
	gives(t, "F_DUPFD 1<<32, which the kernel cuts to 0", 3)(p.Fcntl(a, F_DUPFD, high))
	for _, cmd := range []int{-1, 12, 99, 999, 1029, 2000, F_DUPFD_CLOFORK} {
		fails(t, fmt.Sprintf("Fcntl(%d)", cmd), errno.EINVAL)(p.Fcntl(a, cmd, 0))
	}
}

// As measured: F_SETFL changes four flags and ignores the others; with
// O_DIRECT it changes nothing.
func TestStatusFlagsThatStick(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		a, _ := p.pair(SOCK_DGRAM)
		for n := range 32 {
			flag := int(int32(1) << n)
			want := O_RDWR
			switch flag {
			case O_DIRECT:
				fails(t, "F_SETFL O_DIRECT", errno.EINVAL)(p.Fcntl(a, F_SETFL, flag|O_NONBLOCK))
				equal(t, "F_GETFL", p.getfl(a)&O_NONBLOCK, 0)
				continue
			case O_APPEND, O_NONBLOCK, O_ASYNC, O_NOATIME:
				want |= flag
			}
			gives(t, fmt.Sprintf("F_SETFL %#x", flag), 0)(p.Fcntl(a, F_SETFL, flag))
			equal(t, fmt.Sprintf("F_GETFL after %#x", flag), p.getfl(a), want)
		}
		gives(t, "F_SETFL all", 0)(p.Fcntl(a, F_SETFL, ^O_DIRECT))
		equal(t, "F_GETFL", p.getfl(a), O_RDWR|O_APPEND|O_NONBLOCK|O_ASYNC|O_NOATIME)
	})
}

// [K] F_SETOWN names a process or, negative, a group that exists, or 0 for
// none; F_SETSIG names a signal, or 0 for SIGIO. They are of the description.
func TestOwnerAndSignalAreOfTheDescription(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	gives(t, "Dup", 2)(p.Dup(a))
	me := p.Getpid()
	for _, r := range []struct {
		cmd, arg int
		want     errno.Errno
	}{
		{F_SETOWN, math.MinInt32, errno.EINVAL}, {F_SETOWN, 99999, errno.ESRCH}, {F_SETOWN, -99999, errno.ESRCH},
		{F_SETOWN, me, 0}, {F_SETOWN, -me, 0}, {F_SETOWN, 0, 0}, {F_SETOWN, -me, 0},
		{F_SETSIG, -1, errno.EINVAL}, {F_SETSIG, 65, errno.EINVAL}, {F_SETSIG, 64, 0}, {F_SETSIG, 9, 0}, {F_SETSIG, 0, 0}, {F_SETSIG, 10, 0},
	} {
		get := map[int]int{F_SETOWN: F_GETOWN, F_SETSIG: F_GETSIG}[r.cmd]
		want := r.arg
		if r.want != 0 {
			want = p.fcntl(2, get, 0) // as it was
		}
		expr := fmt.Sprintf("Fcntl(%d, %d)", r.cmd, r.arg)
		has(t, expr, 0, r.want)(p.Fcntl(a, r.cmd, r.arg))
		equal(t, expr+" read back by a duplicate", p.fcntl(2, get, 0), want)
		equal(t, expr+" read back of the other end", p.fcntl(b, get, 0), 0)
		fails(t, expr+" of a closed number", errno.EBADF)(p.Fcntl(99, r.cmd, r.arg))
	}
}

// A foreign descriptor can be copied, closed, inherited and polled, and
// nothing else.
func TestForeignDescriptorIsNoSocket(t *testing.T) {
	p := newProg(t, Config{SoftFiles: 10, MaxFiles: 4})
	for _, fd := range []int{-1, 10, 11, math.MaxInt32, math.MinInt32} {
		says(t, fmt.Sprintf("Foreign(%d)", fd), errno.EBADF)(p.Foreign(fd, "file"))
		equal(t, "IsForeign", p.IsForeign(fd), false)
	}
	says(t, "Foreign", 0)(p.Foreign(3, "file"))
	equal(t, "IsForeign(3)", p.IsForeign(3), true)
	for name, want := range map[string]errno.Errno{
		"Read": errno.EINVAL, "Readv": errno.EINVAL, "Write": errno.EINVAL, "Writev": errno.EINVAL, "Writev of 0": errno.EINVAL,
		"Send": errno.ENOTSOCK, "Sendto": errno.ENOTSOCK, "Sendmsg": errno.ENOTSOCK, "Sendmmsg": errno.ENOTSOCK,
		"Recv": errno.ENOTSOCK, "Recvfrom": errno.ENOTSOCK, "Recvmsg": errno.ENOTSOCK, "Recvmmsg": errno.ENOTSOCK,
		"Shutdown": errno.ENOTSOCK, "Getsockname": errno.ENOTSOCK, "Getpeername": errno.ENOTSOCK,
		"Pread": errno.EINVAL, "Ftruncate": errno.EINVAL, "Fsync": errno.EINVAL,
	} {
		fails(t, name, want)(map[string]func() (int, error){
			"Read":        func() (int, error) { return p.Read(3, nil) },
			"Readv":       func() (int, error) { return p.Readv(3, nil) },
			"Write":       func() (int, error) { return p.Write(3, nil) },
			"Writev":      func() (int, error) { return p.Writev(3, [][]byte{{1}}) },
			"Writev of 0": func() (int, error) { return p.Writev(3, nil) },
			"Send":        func() (int, error) { return p.Send(3, nil, MSG_OOB) },
			"Sendto":      func() (int, error) { return p.Sendto(3, nil, 0, make([]byte, 200)) },
			"Sendmsg":     func() (int, error) { return p.Sendmsg(3, nil, 1<<30) },
			"Sendmmsg":    func() (int, error) { return p.Sendmmsg(3, nil, 0) },
			"Recv":        func() (int, error) { return p.Recv(3, nil, MSG_OOB) },
			"Recvfrom":    func() (int, error) { return p.Recvfrom(3, nil, 0, nil, nil) },
			"Recvmsg":     func() (int, error) { return p.Recvmsg(3, nil, 0) },
			"Recvmmsg":    func() (int, error) { return p.Recvmmsg(3, nil, 0, nil) },
			"Shutdown":    func() (int, error) { return value(p.Shutdown(3, 99)) },
			"Getsockname": func() (int, error) { return value(p.Getsockname(3, nil, nil)) },
			"Getpeername": func() (int, error) { return value(p.Getpeername(3, nil, nil)) },
			"Pread":       func() (int, error) { return p.Pread(3, nil, 0) },
			"Ftruncate":   func() (int, error) { return value(p.Ftruncate(3, 0)) },
			"Fsync":       func() (int, error) { return value(p.Fsync(3)) },
		}[name]())
	}
	at, err := p.Lseek(3, 0, SEEK_SET)
	fails(t, "Lseek", errno.EINVAL)(int(at), err)
	gives(t, "F_SETFL O_DIRECT", 0)(p.Fcntl(3, F_SETFL, O_DIRECT))
	gives(t, "Dup", 0)(p.Dup(3))
	p.close(3)
	equal(t, "IsForeign of the copy", p.IsForeign(0), true)
	says(t, "Foreign in its place", 0)(p.Foreign(0, "another"))
	equal(t, "open files", p.sys.Files(), 1)
	p.pair(SOCK_STREAM)
	says(t, "Foreign in the place of a socket", 0)(p.Foreign(1, "third"))
	p.eof(2)
	says(t, "Foreign", 0)(p.Foreign(1, "fourth"))
	says(t, "Foreign", 0)(p.Foreign(5, "fifth"))
	says(t, "Foreign with MaxFiles open", errno.ENFILE)(p.Foreign(6, "sixth"))
}

// Two tasks that replace each other's descriptors, and a third that uses
// them, find a socket each time and nothing is lost or released twice.
func TestDescriptorsAreReplacedInOneStep(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_DGRAM)
	c, d := p.pair(SOCK_DGRAM)
	gives(t, "Dup2", 9)(p.Dup2(a, 9))
	var all sync.WaitGroup
	for _, from := range []int{a, c} {
		all.Go(func() {
			for range 200 {
				if _, err := p.Dup2(from, 9); err != nil {
					t.Errorf("Dup2(%d, 9) = %v, want nil", from, err)
				}
			}
		})
	}
	all.Go(func() {
		for range 200 {
			if _, err := p.Send(9, []byte("x"), MSG_DONTWAIT); err != nil && err != errno.EAGAIN {
				t.Errorf("Send(9) = %v, want nil or EAGAIN", err)
			}
		}
	})
	all.Wait()
	p.close(a, b, c, d, 9)
	equal(t, "open files", p.sys.Files(), 0)
}

// A close does not end a call that is in flight on the description: the call
// goes on, and the peer sees the close when it has returned [K].
func TestCloseWaitsForTheCallInFlight(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		synctest.Test(t, func(t *testing.T) {
			a, b := p.pair(typ)
			read, got := p.flyRead(b, 10)
			p.close(b)
			says(t, "Close(b) again", errno.EBADF)(p.Close(b))
			read.sleeps(t)
			sound(t, "with a call on a closed number", p.sys)
			p.recvFails(a, errno.EAGAIN)
			p.send(a, "late")
			read.lands(t, 4, 0)
			equal(t, "what was read", string(got[:4]), "late")
			if typ != SOCK_DGRAM {
				p.eof(a)
			}
			equal(t, "open files", p.sys.Files(), 1)
		})
	})
}
