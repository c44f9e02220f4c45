package emu

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

func abstract(t *testing.T) (prog, func(typ, flags int) int) {
	p := newProg(t, Config{})
	return p, func(typ, flags int) int {
		fd, err := p.Socket(AF_UNIX, typ|flags, 0)
		require.NoError(t, err)
		return fd
	}
}

func TestAClientAndAServerTalk(t *testing.T) {
	for _, typ := range []int{SOCK_STREAM, SOCK_SEQPACKET} {
		p, socket := abstract(t)
		l, c := socket(typ, 0), socket(typ, 0)
		name := AbstractSockaddr("server")
		require.NoError(t, p.Bind(l, name))
		require.NoError(t, p.Listen(l, 1))
		require.NoError(t, p.Connect(c, name))
		_, err := p.Write(c, []byte("early"))
		require.NoError(t, err)
		s, err := p.Accept(l, nil, nil)
		require.NoError(t, err)
		b := make([]byte, 10)
		n, err := p.Read(s, b)
		require.NoError(t, err)
		require.Equal(t, "early", string(b[:n]))
		require.NoError(t, p.Close(s))
		n, err = p.Read(c, b)
		require.Equal(t, []any{0, nil}, []any{n, err})
		require.NoError(t, p.sys.Check())
	}
}

func TestAFullBacklogRefusesAndAcceptMakesRoom(t *testing.T) {
	p, socket := abstract(t)
	l := socket(SOCK_STREAM, 0)
	name := AbstractSockaddr("x")
	require.NoError(t, p.Bind(l, name))
	require.NoError(t, p.Listen(l, 0))
	a, b := socket(SOCK_STREAM, SOCK_NONBLOCK), socket(SOCK_STREAM, SOCK_NONBLOCK)
	require.NoError(t, p.Connect(a, name))
	require.Equal(t, errno.EAGAIN, p.Connect(b, name))
	_, err := p.Accept(l, nil, nil)
	require.NoError(t, err)
	require.NoError(t, p.Connect(b, name))
	require.NoError(t, p.Close(l))
	_, err = p.Read(b, make([]byte, 1))
	require.Equal(t, errno.ECONNRESET, err)
	require.NoError(t, p.sys.Check())
}

func TestBlockedConnectAndAccept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, socket := abstract(t)
		l := socket(SOCK_STREAM, 0)
		name := AbstractSockaddr("x")
		require.NoError(t, p.Bind(l, name))
		require.NoError(t, p.Listen(l, 0))
		var wg sync.WaitGroup
		for range 10 {
			c := socket(SOCK_STREAM, 0)
			wg.Go(func() { require.NoError(t, p.Thread().Connect(c, name)) })
		}
		synctest.Wait()
		require.Equal(t, 9, p.sys.Blocked())
		for range 10 {
			wg.Go(func() {
				_, err := p.Thread().Accept(l, nil, nil)
				require.NoError(t, err)
			})
		}
		wg.Wait()
		require.NoError(t, p.sys.Check())
	})
}

func TestDatagramsFromMany(t *testing.T) {
	p, socket := abstract(t)
	r := socket(SOCK_DGRAM, 0)
	name := AbstractSockaddr("log")
	require.NoError(t, p.Bind(r, name))
	s := socket(SOCK_DGRAM, SOCK_NONBLOCK)
	for range 11 {
		_, err := p.Sendto(s, []byte("m"), 0, name)
		require.NoError(t, err)
	}
	_, err := p.Sendto(s, []byte("m"), 0, name)
	require.Equal(t, errno.EAGAIN, err)
	require.NoError(t, p.sys.Check())
	_, err = p.Read(r, make([]byte, 1))
	require.NoError(t, err)
	_, err = p.Sendto(s, []byte("m"), 0, name)
	require.NoError(t, err)
	require.NoError(t, p.Close(r))
	_, err = p.Sendto(s, []byte("m"), 0, name)
	require.Equal(t, errno.ECONNREFUSED, err)
	n, err := p.IoctlGetInt(s, SIOCOUTQ)
	require.Equal(t, []any{0, nil}, []any{n, err})
	require.NoError(t, p.sys.Check())
}

// TestManySocketsTalkToEachOther: sockets of many tasks send, reconnect and
// close, in every direction; nothing hangs and every account is in order.
func TestManySocketsTalkToEachOther(t *testing.T) {
	const sockets, rounds = 100, 300
	p, socket := abstract(t)
	name := func(i int) []byte { return AbstractSockaddr(fmt.Sprint(i % sockets)) }
	var wg sync.WaitGroup
	for i := range sockets {
		fd := socket(SOCK_DGRAM, SOCK_NONBLOCK)
		require.NoError(t, p.Bind(fd, name(i)))
		task := p.Thread()
		wg.Go(func() {
			b := make([]byte, 64)
			for k := range rounds {
				switch (i + k*7) % 6 {
				case 0, 1:
					task.Sendto(fd, b[:k%64], 0, name(i*k+k))
				case 2:
					task.Connect(fd, name(i+k))
				case 3:
					task.Write(fd, b[:k%64])
				case 4:
					task.Poll([]PollFd{{Fd: fd, Events: POLLOUT}}, 0)
				default:
					for {
						if _, err := task.Read(fd, b); err != nil {
							break
						}
					}
				}
				if k%97 == 96 {
					task.Close(fd)
					fd, _ = task.Socket(AF_UNIX, SOCK_DGRAM|SOCK_NONBLOCK, 0)
					task.Bind(fd, name(i))
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, p.sys.Check())
	p.Exit(0)
	require.NoError(t, p.sys.Check())
	require.Zero(t, p.sys.Files())
}

// TestABlockedSendGoesWhereItsSocketIsConnectedThen: a send that waits for room
// asks for its peer when there is room, as unix_dgram_sendmsg does.
func TestABlockedSendGoesWhereItsSocketIsConnectedThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, socket := abstract(t)
		a, b := p.pair(SOCK_DGRAM)
		r := socket(SOCK_DGRAM, SOCK_NONBLOCK)
		require.NoError(t, p.Bind(r, AbstractSockaddr("r")))
		full := 0
		for ; ; full++ {
			if _, err := p.Send(a, make([]byte, 4096), MSG_DONTWAIT); err != nil {
				break
			}
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			n, err := p.Thread().Write(a, []byte("late"))
			require.Equal(t, []any{4, nil}, []any{n, err})
		})
		synctest.Wait()
		require.NoError(t, p.Connect(a, AbstractSockaddr("r")))
		synctest.Wait()
		require.Equal(t, 1, p.sys.Blocked())
		for range full {
			_, err := p.Read(b, make([]byte, 10))
			require.NoError(t, err)
		}
		wg.Wait()
		got := make([]byte, 10)
		n, err := p.Read(r, got)
		require.NoError(t, err)
		require.Equal(t, "late", string(got[:n]))
		require.NoError(t, p.sys.Check())
	})
}

// TestOneBlockedSenderIsToldThatThePeerIsGone: ECONNREFUSED, which lets the
// peer go; the next finds none.
func TestOneBlockedSenderIsToldThatThePeerIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProg(t, Config{})
		a, b := p.pair(SOCK_DGRAM)
		for {
			if _, err := p.Send(a, make([]byte, 4096), MSG_DONTWAIT); err != nil {
				break
			}
		}
		errs := make(chan error, 2)
		for range 2 {
			go func() {
				_, err := p.Thread().Write(a, []byte("x"))
				errs <- err
			}()
			synctest.Wait()
		}
		require.NoError(t, p.Close(b))
		synctest.Wait()
		require.ElementsMatch(t, []error{errno.ECONNREFUSED, errno.ENOTCONN}, []error{<-errs, <-errs})
		require.NoError(t, p.sys.Check())
	})
}

// TestPollOfADatagramSocketAsksWhoseQueueIsFull: POLLOUT is missing while the
// peer's queue is full, but not where the peer is connected back, also when that
// comes later. Linux net/unix/af_unix.c unix_dgram_poll.
func TestPollOfADatagramSocketAsksWhoseQueueIsFull(t *testing.T) {
	p, socket := abstract(t)
	a, b, c := socket(SOCK_DGRAM, SOCK_NONBLOCK), socket(SOCK_DGRAM, SOCK_NONBLOCK), socket(SOCK_DGRAM, SOCK_NONBLOCK)
	nameA, nameB := AbstractSockaddr("a"), AbstractSockaddr("b")
	require.NoError(t, p.Bind(a, nameA))
	require.NoError(t, p.Bind(b, nameB))
	require.NoError(t, p.Connect(b, nameA))
	for range 11 {
		_, err := p.Sendto(c, []byte("x"), 0, nameA)
		require.NoError(t, err)
	}
	_, err := p.Sendto(c, []byte("x"), 0, nameA)
	require.Equal(t, errno.EAGAIN, err)
	writable := func() bool {
		n, err := p.Poll([]PollFd{{Fd: b, Events: POLLOUT}}, 0)
		require.NoError(t, err)
		return n == 1
	}
	require.False(t, writable())
	require.NoError(t, p.Connect(a, nameB))
	require.True(t, writable(), "connected back")
	_, err = p.Write(b, []byte("x"))
	require.NoError(t, err)
	require.NoError(t, p.Connect(a, []byte{AF_UNSPEC, 0}))
	require.True(t, writable(), "the queue was purged")
	require.NoError(t, p.sys.Check())
}

// TestADatagramSendThatFailsGivesItsMemoryBack, which is an event of room: it
// finds the peer's queue full, the peer taken, or nobody of that name. Connecting is none
// but where there was another peer.
// Linux net/unix/af_unix.c unix_dgram_connect, unix_dgram_sendmsg out_free.
func TestADatagramSendThatFailsGivesItsMemoryBack(t *testing.T) {
	p, socket := abstract(t)
	a, b, c := socket(SOCK_DGRAM, SOCK_NONBLOCK), socket(SOCK_DGRAM, SOCK_NONBLOCK), socket(SOCK_DGRAM, SOCK_NONBLOCK)
	nameA, nameB := AbstractSockaddr("a"), AbstractSockaddr("b")
	require.NoError(t, p.Bind(a, nameA))
	require.NoError(t, p.Bind(b, nameB))
	watcher, err := p.EpollCreate1(0)
	require.NoError(t, err)
	require.NoError(t, p.EpollCtl(watcher, EPOLL_CTL_ADD, c, &EpollEvent{Events: EPOLLET | POLLIN | POLLOUT}))
	events := func() int {
		n, err := p.EpollWait(watcher, make([]EpollEvent, 4), 0)
		require.NoError(t, err)
		return n
	}
	require.Equal(t, 1, events())
	for i, name := range [][]byte{nameA, nameB, {AF_UNSPEC, 0}, {AF_UNSPEC, 0}} {
		require.NoError(t, p.Connect(c, name))
		require.Equal(t, []int{0, 1, 1, 0}[i], events(), "connect %d", i)
	}
	for range 11 {
		_, err := p.Sendto(c, []byte("x"), 0, nameA)
		require.NoError(t, err)
	}
	require.Zero(t, events())
	_, err = p.Sendto(c, []byte("x"), 0, nameA)
	require.Equal(t, errno.EAGAIN, err)
	require.Equal(t, 1, events(), "the queue is full")
	require.NoError(t, p.Connect(b, nameB))
	_, err = p.Sendto(c, []byte("x"), 0, nameB)
	require.Equal(t, errno.EPERM, err)
	require.Equal(t, 1, events(), "the peer is taken")
	require.NoError(t, p.Bind(socket(SOCK_STREAM, 0), PathSockaddr("s")))
	for name, want := range map[string]errno.Errno{"none": errno.ENOENT, "s/x": errno.ENOTDIR, "s": errno.EPROTOTYPE} {
		_, err = p.Sendto(c, []byte("x"), 0, PathSockaddr(name))
		require.Equal(t, want, err)
		require.Equal(t, 1, events(), name)
	}
	_, err = p.Sendto(c, []byte("x"), 0, []byte{AF_UNIX, 0})
	require.Equal(t, errno.EINVAL, err)
	require.Zero(t, events(), "a malformed address")
	require.NoError(t, p.sys.Check())
}
