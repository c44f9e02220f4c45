package emu

import (
	"fmt"
	"math"
	"testing"

	"sockpair/errno"
)

// [K] What prlimit refuses, in the order in which it looks.
func TestPrlimitChecksItsArguments(t *testing.T) {
	p := newProg(t, Config{SoftFiles: 10, HardFiles: 100})
	user := p.fork()
	says(t, "Setuid", 0)(user.Setuid(7))
	for _, r := range []struct {
		who           prog
		pid, resource int
		limit         *Rlimit
		want          errno.Errno
	}{
		{p, 99999, RLIMIT_NOFILE, nil, errno.ESRCH}, {p, -1, RLIMIT_NOFILE, nil, errno.ESRCH}, {p, math.MinInt32, 99, nil, errno.ESRCH},
		{user, p.Getpid(), RLIMIT_NOFILE, nil, errno.EPERM},
		{p, 0, -1, nil, errno.EINVAL}, {p, 0, 99, nil, errno.EINVAL}, {p, 0, 16, &Rlimit{1, 1}, errno.EINVAL},
		{p, 0, RLIMIT_NOFILE, &Rlimit{11, 10}, errno.EINVAL}, {p, 0, RLIMIT_NOFILE, &Rlimit{RLIM_INFINITY, 10}, errno.EINVAL},
		{p, 0, RLIMIT_NOFILE, &Rlimit{10, RLIM_INFINITY}, errno.EPERM}, {p, 0, RLIMIT_NOFILE, &Rlimit{0, 1 << 30}, errno.EPERM},
		{user, 0, RLIMIT_NOFILE, &Rlimit{10, 101}, errno.EPERM}, {user, 0, RLIMIT_NOFILE, &Rlimit{100, 100}, 0},
		{p, 0, RLIMIT_NOFILE, nil, 0}, {p, user.Getpid(), RLIMIT_NOFILE, &Rlimit{5, 6}, 0}, {p, p.Getpid(), RLIMIT_NOFILE, &Rlimit{20, 200}, 0},
	} {
		expr := fmt.Sprintf("Prlimit(%d, %d, %v) by user %d", r.pid, r.resource, r.limit, r.who.Cred().Uid)
		says(t, expr, r.want)(r.who.Prlimit(r.pid, r.resource, r.limit, nil))
	}
	var old Rlimit
	says(t, "Prlimit of the child", 0)(p.Prlimit(user.Getpid(), RLIMIT_NOFILE, &Rlimit{1, 2}, &old))
	equal(t, "its old limit", old, Rlimit{5, 6})
	for who, want := range map[prog]Rlimit{p: {20, 200}, user: {1, 2}} {
		got, err := who.Getrlimit(RLIMIT_NOFILE)
		says(t, "Getrlimit", 0)(err)
		equal(t, "limit", got, want)
	}
	_, err := p.Getrlimit(0)
	says(t, "Getrlimit of another resource", errno.EINVAL)(err)
}

// A limit that was lowered is not raised again by an ordinary user.
func TestHardLimitOnlyFalls(t *testing.T) {
	p := newProg(t, Config{UID: 7})
	says(t, "Setrlimit", 0)(p.Setrlimit(RLIMIT_NOFILE, Rlimit{5, 10}))
	says(t, "Setrlimit up to the hard limit", 0)(p.Setrlimit(RLIMIT_NOFILE, Rlimit{10, 10}))
	says(t, "Setrlimit above", errno.EPERM)(p.Setrlimit(RLIMIT_NOFILE, Rlimit{10, 11}))
	child := p.fork()
	limit, _ := child.Getrlimit(RLIMIT_NOFILE)
	equal(t, "limit of a child", limit, Rlimit{10, 10})
}

// [K] Descriptors above a lowered limit go on working; new ones are not made there.
func TestDescriptorsAboveALoweredLimitStay(t *testing.T) {
	p := newProg(t, Config{SoftFiles: 64})
	a, b := p.pair(SOCK_STREAM)
	gives(t, "Dup2", 50)(p.Dup2(a, 50))
	says(t, "Setrlimit", 0)(p.Setrlimit(RLIMIT_NOFILE, Rlimit{4, 64}))
	p.send(50, "x")
	p.recv(b, "x")
	equal(t, "F_GETFD", p.getfd(50), 0)
	gives(t, "Dup2(50, 50)", 50)(p.Dup2(50, 50))
	gives(t, "Dup2(50, 3)", 3)(p.Dup2(50, 3))
	fails(t, "Dup2(3, 50)", errno.EBADF)(p.Dup2(3, 50))
	gives(t, "Dup(50)", 2)(p.Dup(50))
	fails(t, "Dup(50)", errno.EMFILE)(p.Dup(50))
	fails(t, "F_DUPFD 0", errno.EMFILE)(p.Fcntl(50, F_DUPFD, 0))
	fails(t, "Poll of 5", errno.EINVAL)(p.Poll(make([]PollFd, 5), 0))
	says(t, "Setrlimit to 0", 0)(p.Setrlimit(RLIMIT_NOFILE, Rlimit{0, 64}))
	fails(t, "F_DUPFD 0 with limit 0", errno.EINVAL)(p.Fcntl(50, F_DUPFD, 0))
	fails(t, "Dup with limit 0", errno.EMFILE)(p.Dup(50))
	p.close(50)
}

// [ER-04] MaxFiles counts descriptions, not descriptors.
func TestMachinesLimitCountsDescriptions(t *testing.T) {
	p := newProg(t, Config{MaxFiles: 2})
	a, _ := p.pair(SOCK_STREAM)
	for range 5 {
		if _, err := p.Dup(a); err != nil {
			t.Errorf("Dup = %v, want nil", err)
		}
	}
	child := p.fork()
	fails(t, "Pair in the child", errno.ENFILE)(value(func() error { _, _, err := child.Pair(SOCK_DGRAM); return err }()))
	says(t, "CloseRange", 0)(p.CloseRange(0, 99, 0))
	equal(t, "open files", p.sys.Files(), 2)
	child.Exit(0)
	equal(t, "open files", p.sys.Files(), 0)
	p.pair(SOCK_DGRAM)
}
