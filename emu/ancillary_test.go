package emu

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

var pairTypes = []int{SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}

// forTypes runs a law for the three types, each on a machine of its own.
func forTypes(t *testing.T, cfg Config, law func(t *testing.T, sys *System, p *Process, typ, a, b int)) {
	for _, typ := range pairTypes {
		t.Run(map[int]string{SOCK_STREAM: "stream", SOCK_DGRAM: "dgram", SOCK_SEQPACKET: "seqpacket"}[typ], func(t *testing.T) {
			sys := newMachine(t, cfg)
			p := sys.NewProcess()
			a, b, err := p.Pair(typ)
			require.NoError(t, err)
			law(t, sys, p, typ, a, b)
		})
	}
}

// sendControl sends text with control messages.
func sendControl(p *Process, fd int, text string, control []byte) error {
	_, err := p.Sendmsg(fd, &Msghdr{Iov: [][]byte{[]byte(text)}, Control: control}, MSG_DONTWAIT)
	return err
}

// shown is what a recvmsg stores: the bytes, the control messages and the flags.
type shown struct {
	text    string
	rights  []int
	cred    *Cred
	control int
	flags   int
}

func receive(t *testing.T, p *Process, fd, bytes, room, flags int) shown {
	t.Helper()
	m := Msghdr{Iov: [][]byte{make([]byte, bytes)}, Control: make([]byte, room)}
	n, err := p.Recvmsg(fd, &m, flags|MSG_DONTWAIT)
	require.NoError(t, err)
	s := shown{text: string(m.Iov[0][:n]), control: m.Controllen, flags: m.Flags}
	list, err := ParseControl(m.Control[:m.Controllen])
	require.NoError(t, err)
	for _, c := range list {
		if fds, err := c.ParseRights(); err == nil {
			s.rights = fds
		}
		if cred, err := c.ParseCredentials(); err == nil {
			s.cred = &cred
		}
	}
	return s
}

// TestDescriptorsAreTheSameDescription: what is passed is the description, at
// the lowest free number, without the sender's descriptor flags.
func TestDescriptorsAreTheSameDescription(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		x, y, err := p.Pair(SOCK_STREAM | SOCK_CLOEXEC)
		require.NoError(t, err)
		require.NoError(t, sendControl(p, a, "m", Rights(x)))
		require.NoError(t, p.Close(x))
		require.Equal(t, 1, sys.InFlight())
		got := receive(t, p, b, 10, 64, 0)
		require.Equal(t, shown{text: "m", rights: []int{x}, control: 24}, got)
		require.Equal(t, 0, sys.InFlight())
		flags, err := p.Fcntl(x, F_GETFD, 0)
		require.NoError(t, err)
		require.Equal(t, 0, flags)
		_, err = p.Write(x, []byte("through"))
		require.NoError(t, err)
		n, err := p.Read(y, make([]byte, 10))
		require.NoError(t, err)
		require.Equal(t, 7, n)
		require.NoError(t, sendControl(p, a, "m", Rights(x)))
		got = receive(t, p, b, 10, 64, MSG_CMSG_CLOEXEC)
		require.Equal(t, MSG_CMSG_CLOEXEC, got.flags)
		flags, err = p.Fcntl(got.rights[0], F_GETFD, 0)
		require.NoError(t, err)
		require.Equal(t, FD_CLOEXEC, flags)
	})
}

// TestControlRoom: the padding behind a control message counts as room for
// descriptors; what does not fit is closed, and MSG_CTRUNC tells.
func TestControlRoom(t *testing.T) {
	for room, want := range map[int]shown{
		0:  {text: "m", flags: MSG_CTRUNC},
		16: {text: "m", flags: MSG_CTRUNC},
		19: {text: "m", flags: MSG_CTRUNC},
		20: {text: "m", rights: []int{2}, control: 20, flags: MSG_CTRUNC},
		24: {text: "m", rights: []int{2, 3}, control: 24, flags: MSG_CTRUNC},
		28: {text: "m", rights: []int{2, 3, 4}, control: 28},
		64: {text: "m", rights: []int{2, 3, 4}, control: 32},
	} {
		t.Run(fmt.Sprint(room), func(t *testing.T) {
			sys := newMachine(t, Config{})
			p := sys.NewProcess()
			a, b, err := p.Pair(SOCK_DGRAM)
			require.NoError(t, err)
			require.NoError(t, sendControl(p, a, "m", Rights(a, b, a)))
			require.Equal(t, want, receive(t, p, b, 1, room, 0))
		})
	}
}

// TestDescriptorsFindNoNumber: at RLIMIT_NOFILE those that found one are reported.
func TestDescriptorsFindNoNumber(t *testing.T) {
	forTypes(t, Config{SoftFiles: 4}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		require.NoError(t, sendControl(p, a, "m", Rights(a, b, a)))
		require.Equal(t, shown{text: "m", rights: []int{2, 3}, control: 24, flags: MSG_CTRUNC}, receive(t, p, b, 1, 64, 0))
	})
}

// TestDescriptorsAreLostByRead: read and recv drop them.
func TestDescriptorsAreLostByRead(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		for range 2 {
			require.NoError(t, sendControl(p, a, "m", Rights(a)))
		}
		_, err := p.Read(b, make([]byte, 1))
		require.NoError(t, err)
		_, err = p.Recv(b, make([]byte, 1), 0)
		require.NoError(t, err)
		require.Equal(t, 0, sys.InFlight())
	})
}

// TestMalformedControl: each form has its errno, and nothing is sent or kept.
func TestMalformedControl(t *testing.T) {
	header := func(n, level, typ int, data ...int) []byte {
		return append(appendHeader(nil, n, level, typ), words(data...)...)
	}
	for name, c := range map[string]struct {
		control []byte
		want    errno.Errno
	}{
		"shorter than a header is ignored":    {make([]byte, 15), 0},
		"length below a header":               {header(15, SOL_SOCKET, SCM_RIGHTS, 0, 0), errno.EINVAL},
		"length above the buffer":             {header(40, SOL_SOCKET, SCM_RIGHTS, 0, 0), errno.EINVAL},
		"another level is skipped":            {header(24, 6, 1, 99, 99), 0},
		"unknown type":                        {header(24, SOL_SOCKET, 77, 0, 0), errno.EINVAL},
		"no descriptor":                       {header(16, SOL_SOCKET, SCM_RIGHTS), 0},
		"less than a descriptor":              {header(18, SOL_SOCKET, SCM_RIGHTS, 0), 0},
		"closed descriptor":                   {Rights(0, 99), errno.EBADF},
		"negative descriptor":                 {Rights(-1), errno.EBADF},
		"more than 253":                       {Rights(make([]int, 254)...), errno.EINVAL},
		"more than 253 in two":                {append(Rights(make([]int, 200)...), Rights(make([]int, 54)...)...), errno.EINVAL},
		"253":                                 {Rights(make([]int, 253)...), 0},
		"credentials of a wrong size":         {header(24, SOL_SOCKET, SCM_CREDENTIALS, 1, 1), errno.EINVAL},
		"credentials with an id of -1":        {Credentials(Cred{1000, -1, 0}), errno.EINVAL},
		"credentials of nobody":               {Credentials(Cred{4242, 0, 0}), errno.ESRCH},
		"own credentials":                     {Credentials(Cred{1000, 0, 0}), 0},
		"longer than the machine takes":       {make([]byte, maxControl+1), errno.ENOBUFS},
		"outside the address space":           {BadAddress(64), errno.EFAULT},
		"a good one before a bad one":         {append(Rights(0), header(15, SOL_SOCKET, SCM_RIGHTS, 0, 0)...), errno.EINVAL},
		"two messages with descriptors merge": {append(Rights(0), Rights(1)...), 0},
	} {
		t.Run(name, func(t *testing.T) {
			forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
				err := sendControl(p, a, "m", c.control)
				require.Equal(t, c.want.Err(), err)
				n, _ := p.Recv(b, make([]byte, 9), MSG_DONTWAIT)
				require.Equal(t, err == nil, n == 1)
				require.Equal(t, 0, sys.InFlight())
			})
		})
	}
}

// TestStrangersCredentials: a user claims its own credentials only.
func TestStrangersCredentials(t *testing.T) {
	forTypes(t, Config{UID: 7, GID: 8}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		me := p.Cred()
		require.NoError(t, p.SetsockoptInt(b, SOL_SOCKET, SO_PASSCRED, 1))
		require.NoError(t, sendControl(p, a, "m", Credentials(me)))
		require.Equal(t, &me, receive(t, p, b, 1, 64, 0).cred)
		for _, c := range []Cred{{me.Pid, 0, 8}, {me.Pid, 7, 0}, {4242, 7, 8}} {
			require.ErrorIs(t, sendControl(p, a, "m", Credentials(c)), errno.EPERM)
		}
	})
}

// TestCredentialsComeWhenAskedFor: a message sent before anybody asked shows nobody.
func TestCredentialsComeWhenAskedFor(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		mustWrite(t, p, a, "1")
		require.NoError(t, p.SetsockoptInt(b, SOL_SOCKET, SO_PASSCRED, 1))
		mustWrite(t, p, a, "2")
		me := p.Cred()
		require.Equal(t, shown{text: "1", cred: &Cred{0, 65534, 65534}, control: 32}, receive(t, p, b, 9, 64, 0), "a stream does not join what others sent")
		require.Equal(t, shown{text: "2", cred: &me, control: 32}, receive(t, p, b, 9, 64, 0))
		mustWrite(t, p, a, "3")
		require.Equal(t, MSG_CTRUNC, receive(t, p, b, 9, 20, 0).flags)
	})
}

// TestAStreamStopsBehindDescriptors: bytes before are joined, bytes behind are not.
func TestAStreamStopsBehindDescriptors(t *testing.T) {
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	mustWrite(t, p, a, "aa")
	require.NoError(t, sendControl(p, a, "bb", Rights(a)))
	mustWrite(t, p, a, "cc")
	got := receive(t, p, b, 99, 64, MSG_PEEK)
	require.Equal(t, "aabb", got.text)
	require.Len(t, got.rights, 1, "a peek duplicates")
	got = receive(t, p, b, 99, 64, 0)
	require.Equal(t, "aabb", got.text)
	require.Len(t, got.rights, 1)
	require.Equal(t, "cc", receive(t, p, b, 99, 64, 0).text)

	require.NoError(t, sendControl(p, a, "xy", Rights(a)))
	require.Len(t, receive(t, p, b, 1, 64, 0).rights, 1, "they come with the first byte")
	require.Empty(t, receive(t, p, b, 1, 64, 0).rights)
	require.NoError(t, sendControl(p, a, "", Rights(a)), "nothing is sent, they are dropped")
	require.Equal(t, 0, sys.InFlight())
}

// TestUnknownSendersAreAlike: messages without credentials are joined, also
// where one carries descriptors.
func TestUnknownSendersAreAlike(t *testing.T) {
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM)
	require.NoError(t, err)
	mustWrite(t, p, a, "aa")
	require.NoError(t, sendControl(p, a, "bb", Rights(a)))
	require.NoError(t, p.SetsockoptInt(b, SOL_SOCKET, SO_PASSCRED, 1))
	require.Equal(t, "aabb", receive(t, p, b, 99, 64, 0).text)
}

// TestRefusedDescriptors: with SO_PASSRIGHTS off the sender is told.
func TestRefusedDescriptors(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		require.NoError(t, p.SetsockoptInt(b, SOL_SOCKET, SO_PASSRIGHTS, 0))
		require.ErrorIs(t, sendControl(p, a, "m", Rights(a)), errno.EPERM)
		require.NoError(t, sendControl(p, a, "m", nil))
	})
}

// TestTooManyInFlight: an ordinary user has at most RLIMIT_NOFILE + 1 of them there.
func TestTooManyInFlight(t *testing.T) {
	forTypes(t, Config{UID: 7, SoftFiles: 64}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		for range 65 {
			require.NoError(t, sendControl(p, a, "m", Rights(a)))
		}
		require.ErrorIs(t, sendControl(p, a, "m", Rights(a)), errno.ETOOMANYREFS)
		require.Equal(t, 65, sys.InFlight())
		receive(t, p, b, 1, 0, 0)
		require.NoError(t, sendControl(p, a, "m", Rights(a)))
	})
}

// TestUnreachableCyclesEnd: sockets that only their own queues hold are
// collected with the last descriptor; the other end sees it.
func TestUnreachableCyclesEnd(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		require.NoError(t, sendControl(p, a, "m", Rights(a, b)))
		require.NoError(t, sendControl(p, b, "m", Rights(b)))
		c, d, err := p.Pair(typ)
		require.NoError(t, err)
		require.NoError(t, sendControl(p, c, "m", Rights(a))) // d holds a
		require.NoError(t, p.Close(a))
		require.NoError(t, p.Close(b))
		require.Equal(t, 4, sys.Files(), "d, which is open, holds a, whose queue holds b")
		require.NoError(t, p.Close(d))
		require.Equal(t, 1, sys.Files())
		require.Equal(t, 0, sys.GC())
	})
}

// TestALongChainEnds: each socket in flight in the next one's queue.
func TestALongChainEnds(t *testing.T) {
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_DGRAM)
	require.NoError(t, err)
	for range 5000 {
		c, d, err := p.Pair(SOCK_DGRAM)
		require.NoError(t, err)
		require.NoError(t, sendControl(p, c, "m", Rights(a, b)))
		require.NoError(t, p.Close(a))
		require.NoError(t, p.Close(b))
		a, b = c, d
	}
	require.Equal(t, 10_002, sys.Files())
	require.NoError(t, p.Close(a))
	require.NoError(t, p.Close(b))
	require.Equal(t, 0, sys.Files())
}

// TestPassingIsAtomicToTheCollection: descriptors that go round among tasks
// while others close are never taken for garbage.
func TestPassingIsAtomicToTheCollection(t *testing.T) {
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	done := make(chan error)
	for range 4 {
		go func() {
			var err error
			for range 500 {
				var a, b, x, y int
				a, b, _ = p.Pair(SOCK_DGRAM)
				x, y, _ = p.Pair(SOCK_DGRAM)
				if err = sendControl(p, a, "m", Rights(x, y, b)); err != nil {
					break
				}
				p.Close(x)
				p.Close(y)
				m := Msghdr{Iov: [][]byte{make([]byte, 1)}, Control: make([]byte, 64)}
				if _, err = p.Recvmsg(b, &m, 0); err != nil {
					break
				}
				list, _ := ParseControl(m.Control[:m.Controllen])
				fds, _ := list[0].ParseRights()
				if _, err = p.Write(fds[0], []byte("alive")); err != nil {
					break
				}
				for _, fd := range append(fds, a, b) {
					p.Close(fd)
				}
			}
			done <- err
		}()
	}
	for range 4 {
		require.NoError(t, <-done)
	}
	require.Equal(t, 0, sys.Files())
}

// TestASenderThatAsksIsBound: with SO_PASSCRED a send on a message type gives
// its socket a name, which the receiver sees.
func TestASenderThatAsksIsBound(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		require.NoError(t, p.SetsockoptInt(a, SOL_SOCKET, SO_PASSCRED, 1))
		mustWrite(t, p, a, "m")
		name, n := make([]byte, 32), 32
		_, err := p.Recvfrom(b, make([]byte, 1), 0, name, &n)
		require.NoError(t, err)
		own, k := make([]byte, 32), 32
		require.NoError(t, p.Getsockname(a, own, &k))
		if typ == SOCK_STREAM {
			require.Equal(t, []int{0, 2}, []int{n, k})
			return
		}
		require.Equal(t, []int{8, 8}, []int{n, k})
		require.Equal(t, own, name)
		require.Equal(t, "\x01\x00\x00", string(own[:3]))
	})
}

// TestControlInGoTerms: what Append makes ParseControl takes apart.
func TestControlInGoTerms(t *testing.T) {
	b := append(Rights(3, 4, 5), Credentials(Cred{1, 2, 3})...)
	list, err := ParseControl(b)
	require.NoError(t, err)
	require.Len(t, list, 2)
	fds, err := list[0].ParseRights()
	require.NoError(t, err)
	require.Equal(t, []int{3, 4, 5}, fds)
	_, err = list[0].ParseCredentials()
	require.ErrorIs(t, err, errno.EINVAL)
	cred, err := list[1].ParseCredentials()
	require.NoError(t, err)
	require.Equal(t, Cred{1, 2, 3}, cred)
	_, err = list[1].ParseRights()
	require.ErrorIs(t, err, errno.EINVAL)
	_, err = ParseControl(appendHeader(nil, 99, 1, 1))
	require.ErrorIs(t, err, errno.EINVAL)
}
