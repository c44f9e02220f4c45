package replay

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
)

func TestSelectIsComparedForEndsOfPairs(t *testing.T) {
	r := equals(t, `
		inotify_init1(0) = 3
		inotify_init1(0) = 4
		socketpair(AF_UNIX, SOCK_STREAM, 0, [5, 6]) = 0
		pselect6(7, [3 5], [5], NULL, {tv_sec=1, tv_nsec=0}, NULL) = 1 (out [5], left {tv_sec=1, tv_nsec=0})
		pselect6(7, [3 5], [], [], NULL, {sigmask=[INT], sigsetsize=8}) = 1 (in [3])
		pselect6(7, [5], NULL, NULL, {tv_sec=0, tv_nsec=1000}, NULL) = 0 (Timeout)
		write(6, "x", 1) = 1
		select(7, [5], [5 6], [5], {tv_sec=2, tv_usec=5}) = 3 (in [5], out [5 6])
		select(9, [8], NULL, NULL, NULL) = -1 EBADF (Bad file descriptor)
		pselect6(4, [3], NULL, NULL, NULL, NULL) = 1 (in [3])
		`)
	require.Equal(t, 6, r.Pairs.Compared)
	d := play(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		select(5, [3], [4], NULL, {tv_sec=0, tv_usec=0}) = 1 (in [3], left {tv_sec=0, tv_usec=0})
		select(5, [3], [4], NULL, {tv_sec=0, tv_usec=0})
		`)
	require.Equal(t, []Verdict{Equal, Different, Ran}, verdicts(d))
	require.Contains(t, text(t, d, true), "= 1 (out [4])")
}

func TestEpollIsComparedForEndsOfPairs(t *testing.T) {
	equals(t, `
		epoll_create1(EPOLL_CLOEXEC) = 3
		inotify_init1(IN_NONBLOCK) = 4
		socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [5, 6]) = 0
		epoll_ctl(3, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data={u32=4, u64=4}}) = 0
		epoll_ctl(3, EPOLL_CTL_ADD, 5, {events=EPOLLIN|EPOLLET, data={u32=5, u64=5}}) = 0
		epoll_ctl(3, EPOLL_CTL_ADD, 6, {events=EPOLLOUT, data=0x6}) = 0
		epoll_ctl(3, EPOLL_CTL_ADD, 5, {events=EPOLLIN, data=0x5}) = -1 EEXIST (File exists)
		epoll_wait(3, [{events=EPOLLOUT, data=0x6}], 8, -1) = 1
		write(6, "x", 1) = 1
		epoll_wait(3, [{events=EPOLLOUT, data=0x6}, {events=EPOLLIN, data={u32=5, u64=5}}, {events=EPOLLIN, data={u32=4, u64=4}}], 8, 0) = 3
		epoll_ctl(3, EPOLL_CTL_DEL, 6, NULL) = 0
		epoll_pwait(3, [{events=EPOLLIN, data={u32=4, u64=4}}], 8, -1, NULL, 8) = 1
		epoll_ctl(3, EPOLL_CTL_DEL, 4, 0x7ffe) = 0
		epoll_pwait2(3, [], 8, {tv_sec=3600, tv_nsec=0}, [], 8) = 0
		epoll_ctl(3, EPOLL_CTL_MOD, 5, {events=EPOLLOUT|EPOLLRDHUP, data=0x7}) = 0
		epoll_create1(0) = 7
		epoll_ctl(7, EPOLL_CTL_ADD, 3, {events=EPOLLIN, data=0x8}) = 0
		epoll_wait(7, [{events=EPOLLIN, data=0x8}], 1, 0) = 1
		close(6) = 0
		epoll_wait(3, [{events=EPOLLOUT|EPOLLHUP|EPOLLRDHUP, data=0x7}], 1, 0) = 1
		close(5) = 0
		epoll_wait(3, [], 1, 0) = 0
		`)
	equals(t, `
		socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		epoll_ctl(3, EPOLL_CTL_ADD, 98, {events=EPOLLIN, data=0x1}) = -1 EBADF (Bad file descriptor)
		epoll_ctl(3, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data=0x1}) = -1 EINVAL (Invalid argument)
		epoll_create1(0) = 5
		epoll_ctl(5, EPOLL_CTL_DEL, 99, NULL) = -1 EBADF (Bad file descriptor)
		epoll_ctl(5, EPOLL_CTL_DEL, 4, NULL) = -1 ENOENT (No such file or directory)
		`)
	d := play(t, `
		epoll_create(1)
		socketpair(AF_UNIX, SOCK_DGRAM, 0, [4, 5]) = 0
		epoll_ctl(3, EPOLL_CTL_ADD, 4, {events=EPOLLOUT, data=0x1}) = 0
		epoll_wait(3, [], 4, 0) = 0
		epoll_wait(3, 4, 5) = -1 EINVAL (Invalid argument)
		`)
	require.Equal(t, []Verdict{Ran, Equal, Equal, Different, Skipped}, verdicts(d))
	require.Contains(t, text(t, d, true), "epoll_wait(3, [{events=EPOLLOUT, data={u32=1, u64=1}}], 4, 0) = 1")
}

// plain is a process without select and epoll.
type plain struct{ Process }

type plainMachine struct{ *Emulator }

func (m plainMachine) NewProcess() (Process, error) {
	p, err := m.Emulator.NewProcess()
	return plain{p}, err
}

func TestAMachineMayHaveNeitherSelectNorEpoll(t *testing.T) {
	boot := func(func(*emu.Config), string) (Machine, error) {
		m, err := NewEmulator(emu.Config{})
		return plainMachine{m}, err
	}
	r, err := Run(boot, strings.NewReader(unindent(`
		epoll_create1(0) = 3
		socketpair(AF_UNIX, SOCK_STREAM, 0, [4, 5]) = 0
		epoll_ctl(3, EPOLL_CTL_ADD, 4, {events=EPOLLOUT, data=0x1}) = 0
		select(5, NULL, [4], NULL, NULL) = 1 (out [4])
		`)), Options{})
	require.NoError(t, err)
	require.Equal(t, []Verdict{Skipped, Equal, Skipped, Skipped}, verdicts(r))
}

// EBADF of a call that names two descriptors does not say which is closed, and
// what select is not asked about need not be open.
func TestADescriptorStaysOpenUnlessTheLogShowsOtherwise(t *testing.T) {
	equals(t, `
		1 socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0
		1 epoll_create1(0) = 5
		1 epoll_ctl(5, EPOLL_CTL_ADD, 8, {events=EPOLLIN, data={u32=1, u64=1}}) = -1 EBADF (Bad file descriptor)
		1 epoll_ctl(3, EPOLL_CTL_ADD, 4, {events=EPOLLIN, data={u32=1, u64=1}}) = -1 EINVAL (Invalid argument)
		1 dup2(5, 100000000) = -1 EBADF (Bad file descriptor)
		1 select(3, [6], [], [], {tv_sec=0, tv_usec=0}) = 0 (Timeout)
		1 poll([{fd=4, events=POLLIN}, {fd=4, events=POLLOUT}], 2, 0) = 1 ([{fd=4, revents=POLLOUT}])
		1 dup(3) = 6
		`)
}
