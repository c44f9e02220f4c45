package emu

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// controls is what a recvmsg with so much room stores: its types, and MSG_CTRUNC.
func (p prog) controls(fd, room, flags int) string {
	p.t.Helper()
	m := Msghdr{Iov: [][]byte{make([]byte, 9)}, Control: make([]byte, room)}
	_, err := p.Recvmsg(fd, &m, flags|MSG_DONTWAIT)
	require.NoError(p.t, err)
	list, err := ParseControl(m.Control[:m.Controllen])
	require.NoError(p.t, err)
	text := fmt.Sprint(m.Controllen)
	for _, c := range list {
		text += fmt.Sprintf(" %d", c.Type)
		if c.Type == SCM_PIDFD {
			fd, err := c.ParsePidfd()
			text += ":" + outcome(fd, err)
		}
	}
	if m.Flags&MSG_CTRUNC != 0 {
		text += " cut"
	}
	return text
}

// pidfdPair is a pair with SO_PASSPIDFD at its second end, 0 and 1.
func pidfdPair(t *testing.T) prog {
	t.Helper()
	p := newProg(t, Config{})
	_, b := p.pair(SOCK_DGRAM)
	p.setInt(b, SO_PASSPIDFD, 1)
	return p
}

// TestScmPidfdIsOfTheSender: each receive makes a new descriptor, closed on exec.
func TestScmPidfdIsOfTheSender(t *testing.T) {
	p := pidfdPair(t)
	c := p.as(p.child())
	c.send(0, "a")
	c.Exit(0)
	equal(t, "a peek", p.controls(1, 99, MSG_PEEK), "24 4:2")
	equal(t, "Poll", p.revents(2), hasEnded)
	equal(t, "F_GETFD", p.getfd(2), FD_CLOEXEC)
	equal(t, "F_GETFL", p.getfl(2), O_RDWR)
	_, _, err := p.Wait4(c.Getpid(), 0)
	require.NoError(t, err)
	equal(t, "a receive, after the wait", p.controls(1, 99, MSG_CMSG_CLOEXEC), "24 4:3")
	equal(t, "Poll", p.revents(3), isReaped)
}

// TestScmPidfdWhereThereIsNoRoom: no descriptor is made for what cannot be told, nor for nobody.
func TestScmPidfdWhereThereIsNoRoom(t *testing.T) {
	p := pidfdPair(t)
	for room, want := range map[int]string{0: "0 cut", 16: "0 cut", 19: "0 cut", 20: "20 4:2", 21: "21 4:2", 24: "24 4:2"} {
		p.send(0, "a")
		equal(t, fmt.Sprintf("room %d", room), p.controls(1, room, 0), want)
		_ = p.Close(2)
	}
	for _, c := range []struct {
		name    string
		control []byte
		flags   int
	}{{"no buffer", nil, MSG_CTRUNC}, {"a bad buffer", BadAddress(64), 0}} {
		p.send(0, "a")
		m := Msghdr{Iov: [][]byte{make([]byte, 9)}, Control: c.control}
		gives(t, c.name, 1)(p.Recvmsg(1, &m, 0))
		equal(t, c.name+": flags", m.Flags, c.flags)
	}
	p.setInt(1, SO_PASSPIDFD, 0)
	p.send(0, "a")
	p.send(0, "a")
	p.setInt(1, SO_PASSPIDFD, 1)
	equal(t, "a message of nobody", p.controls(1, 99, 0), "0")
	equal(t, "a message of nobody, without room", p.controls(1, 8, 0), "0 cut")
	equal(t, "what is open", fmt.Sprint(p.Descriptors()), "[0 1]")
}

// TestScmPidfdWithOthers: after credentials and descriptors, before the queue's length.
func TestScmPidfdWithOthers(t *testing.T) {
	p := newProg(t, Config{})
	a, b := p.pair(SOCK_STREAM)
	for _, name := range []int{SO_PASSPIDFD, SO_PASSCRED} {
		p.setInt(b, name, 1)
	}
	p.setInt(b, SO_INQ, 1)
	for room, want := range map[int]string{200: "104 2 1 4:3 84", 32: "32 2 cut", 52: "52 2 1 cut", 72: "72 2 1 84 cut", 80: "80 2 1 4:3 cut"} {
		require.NoError(t, sendControl(p.Process, a, "m", Rights(a)))
		equal(t, fmt.Sprintf("room %d", room), p.controls(b, room, 0), want)
		_, _ = p.Close(2), p.Close(3)
	}
}

// TestPidfdFindsNoNumber: the message comes with the errno, the option fails.
func TestPidfdFindsNoNumber(t *testing.T) {
	p := pidfdPair(t)
	require.NoError(t, p.Setrlimit(RLIMIT_NOFILE, Rlimit{Cur: 2, Max: 9}))
	p.send(0, "a")
	equal(t, "a message", p.controls(1, 99, 0), "24 4:-1 EMFILE")
	n := 4
	says(t, "SO_PEERPIDFD", errno.EMFILE)(p.Getsockopt(0, SOL_SOCKET, SO_PEERPIDFD, BadAddress(4), &n))
	require.NoError(t, p.Setrlimit(RLIMIT_NOFILE, Rlimit{Cur: 3, Max: 9}))
	says(t, "SO_PEERPIDFD", errno.EFAULT)(p.Getsockopt(0, SOL_SOCKET, SO_PEERPIDFD, BadAddress(4), &n))
	equal(t, "what is open", fmt.Sprint(p.Descriptors()), "[0 1]")
}

// TestPeerPidfdIsOfTheCreator: also when that has ended, and however little room there is for the number.
func TestPeerPidfdIsOfTheCreator(t *testing.T) {
	p := newProg(t, Config{})
	a, _ := p.pair(SOCK_SEQPACKET)
	c := p.as(p.child())
	p.Exit(0)
	for room := range 9 {
		val, n := make([]byte, room), room
		require.NoError(t, c.Getsockopt(a, SOL_SOCKET, SO_PEERPIDFD, val, &n))
		equal(t, "the length", n, min(room, 4))
		equal(t, "Poll", c.revents(2+room), isReaped)
		equal(t, "F_GETFD", c.getfd(2+room), FD_CLOEXEC)
		if room > 0 {
			equal(t, "the value", int(val[0]), 2+room)
		}
	}
	says(t, "setting it", errno.ENOPROTOOPT)(c.SetsockoptInt(a, SOL_SOCKET, SO_PEERPIDFD, 1))
}

// TestPidfdOfWhomCredentialsName: with explicit credentials it is the named process's.
func TestPidfdOfWhomCredentialsName(t *testing.T) {
	p := pidfdPair(t)
	c := p.child()
	require.NoError(t, sendControl(p.Process, 0, "m", Credentials(c.Cred())))
	c.Exit(0)
	equal(t, "a receive", p.controls(1, 99, 0), "24 4:2")
	equal(t, "Poll", p.revents(2), hasEnded)
}
