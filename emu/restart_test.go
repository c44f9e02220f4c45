package emu

import (
	"fmt"
	"testing"
	"testing/synctest"

	"sockpair/errno"
)

// TestARestartLooksItsDescriptorUp: a call that begins again after a signal
// finds its descriptor closed, by the handler or before. [K]
func TestARestartLooksItsDescriptorUp(t *testing.T) {
	for name, closed := range map[string]string{"by the handler": "later", "while it sleeps": "before"} {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, p prog, typ int) {
				synctest.Test(t, func(t *testing.T) {
					a, _ := p.pair(typ)
					p.fill(a, 1000)
					for _, call := range []func(fd int) *flight{
						func(fd int) *flight { f, _ := p.flyRead(fd, 4); return f },
						func(fd int) *flight { return p.flyWrite(fd, 4000) },
					} {
						fd, _ := p.Dup(a)
						p.handler(SIGUSR1, SA_RESTART, 0, func(Signal) { p.Thread().Close(fd) })
						f := call(fd)
						if closed == "before" {
							p.close(fd)
							f.sleeps(t)
						}
						says(t, "Kill", 0)(p.sys.NewProcess().Kill(p.Getpid(), SIGUSR1))
						f.lands(t, -1, errno.EBADF)
					}
				})
			})
		})
	}
}

// sleepingCalls are calls that wait, by name: what each is called with, and the call.
func sleepingCalls(t *testing.T, p prog) map[string]struct {
	fd   int
	call func(fd int) (int, error)
} {
	const room = 100000
	address := AbstractSockaddr
	socket := func(typ int, name string) int {
		fd, err := p.Socket(AF_UNIX, typ, 0)
		says(t, "Socket", 0)(err)
		if name != "" {
			says(t, "Bind", 0)(p.Bind(fd, address(name)))
		}
		return fd
	}
	a, _ := p.pair(SOCK_STREAM)
	full, _ := p.pair(SOCK_STREAM)
	p.stuff(full)
	r, _ := p.pipe(0)
	_, w := p.pipe(O_NONBLOCK)
	p.puts(w, room, 65536, 0)
	p.fcntl(w, F_SETFL, 0)
	listener, busy := socket(SOCK_STREAM, "listener"), socket(SOCK_STREAM, "busy")
	says(t, "Listen", 0)(p.Listen(listener, 1))
	says(t, "Listen", 0)(p.Listen(busy, 0))
	says(t, "Connect", 0)(p.Connect(socket(SOCK_STREAM, ""), address("busy")))
	socket(SOCK_DGRAM, "receiver")
	sender := socket(SOCK_DGRAM, "")
	far := func(fd, flags int) (int, error) { return p.Sendto(fd, make([]byte, 10), flags, address("receiver")) }
	for err := error(nil); err == nil; _, err = far(sender, MSG_DONTWAIT) {
	}

	pidfd := p.pidfd(p.child().Getpid(), 0)

	read := func(fd int) (int, error) { return p.Read(fd, make([]byte, 8)) }
	write := func(fd int) (int, error) { return p.Write(fd, make([]byte, 50000)) }
	return map[string]struct {
		fd   int
		call func(fd int) (int, error)
	}{
		"read of a socket":    {a, read},
		"recv":                {a, func(fd int) (int, error) { return p.Recv(fd, make([]byte, 8), 0) }},
		"recvmsg":             {a, func(fd int) (int, error) { return p.Recvmsg(fd, &Msghdr{Iov: [][]byte{make([]byte, 8)}}, 0) }},
		"write to a socket":   {full, write},
		"send":                {full, func(fd int) (int, error) { return p.Send(fd, make([]byte, 50000), 0) }},
		"read of a pipe":      {r, read},
		"write to a pipe":     {w, write},
		"read of an eventfd":  {p.eventfd(0, 0), read},
		"accept":              {listener, func(fd int) (int, error) { return p.Accept(fd, nil, nil) }},
		"connect":             {socket(SOCK_STREAM, ""), func(fd int) (int, error) { return minus(p.Connect(fd, address("busy"))) }},
		"waitid of a pidfd":   {pidfd, func(fd int) (int, error) { return minus(p.Waitid(P_PIDFD, fd, nil, WEXITED)) }},
		"sendto, to far away": {sender, func(fd int) (int, error) { return far(fd, 0) }},
		"sendmsg, to far away": {sender, func(fd int) (int, error) {
			return p.Sendmsg(fd, &Msghdr{Iov: [][]byte{make([]byte, 10)}, Name: address("receiver")}, 0)
		}},
	}
}

// minus is the result of a call without a value.
func minus(err error) (int, error) {
	if err != nil {
		return -1, err
	}
	return 0, nil
}

// TestARestartBeginsAnew: where a handler puts another description in the place
// of the one that its call sleeps at, the call goes on with that. [K: the same
// by close and dup2 in the handler]
func TestARestartBeginsAnew(t *testing.T) {
	onDup := map[string]struct {
		n   int
		err errno.Errno
	}{
		"read of a socket": {8, 0}, "recv": {8, 0}, "recvmsg": {8, 0}, "write to a socket": {50000, 0}, "send": {50000, 0},
		"read of a pipe": {8, 0}, "write to a pipe": {50000, 0}, "read of an eventfd": {8, 0}, "accept": {-1, errno.EINVAL},
		"waitid of a pidfd": {-1, errno.EBADF}, "sendto, to far away": {-1, errno.EISCONN}, "sendmsg, to far away": {-1, errno.EISCONN},
	}
	for _, way := range []string{"close", "dup2"} {
		inBubble(t, func(t *testing.T, p prog, typ int) {
			if typ != SOCK_STREAM || !p.linux() {
				return
			}
			for name, c := range sleepingCalls(t, p) {
				if _, lands := onDup[name]; way == "dup2" && !lands {
					continue // connect: it waits for the listener before it looks at its own socket
				}
				other, peer := p.pair(SOCK_STREAM)
				p.send(peer, "abcdefghij")
				fd, _ := p.Dup(c.fd)
				p.handler(SIGUSR1, SA_RESTART, 0, func(Signal) {
					if way == "close" {
						p.Thread().Close(fd)
					} else {
						p.Thread().Dup2(other, fd)
					}
				})
				f := fly(fmt.Sprintf("%s, %s", name, way), func() (int, error) { return c.call(fd) })
				f.sleeps(t)
				says(t, "Kill", 0)(p.sys.NewProcess().Kill(p.Getpid(), SIGUSR1))
				synctest.Wait()
				if want := onDup[name]; way == "close" {
					f.lands(t, -1, errno.EBADF)
				} else {
					f.lands(t, want.n, want.err)
				}
				sound(t, "after "+name, p.sys)
			}
			p.Exit(0)
		})
	}
}
