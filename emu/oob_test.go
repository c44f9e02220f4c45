package emu

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/errno"
)

// stream makes a machine with one stream; every law here was measured.
func stream(t *testing.T, r *Personality) (*System, *Process, int, int) {
	t.Helper()
	sys := newMachine(t, Config{Personality: r})
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_STREAM | SOCK_NONBLOCK)
	require.NoError(t, err)
	return sys, p, a, b
}

func urgent(t *testing.T, p *Process, fd int, s string) {
	t.Helper()
	n, err := p.Send(fd, []byte(s), MSG_OOB)
	require.NoError(t, err)
	require.Equal(t, len(s), n)
}

// got is what a receive of up to 99 bytes returns: the bytes, or the errno's name.
func got(p *Process, fd, flags int) string {
	b := make([]byte, 99)
	n, err := p.Recv(fd, b, flags)
	if err != nil {
		return err.(errno.Errno).Name()
	}
	return string(b[:n])
}

func atMarkOf(t *testing.T, p *Process, fd int) int {
	t.Helper()
	n, err := p.IoctlGetInt(fd, SIOCATMARK)
	require.NoError(t, err)
	return n
}

func revents(t *testing.T, p *Process, fd int) int16 {
	t.Helper()
	fds := []PollFd{{Fd: fd, Events: POLLIN | POLLPRI}}
	_, err := p.Poll(fds, 0)
	require.NoError(t, err)
	return fds[0].Revents
}

// TestUrgentByteOutOfTurn [ST-05]: the last byte is urgent; MSG_OOB takes it
// before the rest, and POLLIN stays until an ordinary receive has passed.
func TestUrgentByteOutOfTurn(t *testing.T) {
	for _, r := range []*Personality{Linux(), POSIX()} {
		_, p, a, b := stream(t, r)
		urgent(t, p, a, "abc")
		require.Equal(t, int16(POLLIN|POLLPRI), revents(t, p, b))
		n, err := p.IoctlGetInt(b, FIONREAD)
		require.NoError(t, err)
		require.Equal(t, 3, n)
		require.Equal(t, "c", got(p, b, MSG_OOB|MSG_PEEK))
		require.Equal(t, "c", got(p, b, MSG_OOB))
		require.Equal(t, "EINVAL", got(p, b, MSG_OOB))
		require.Equal(t, "ab", got(p, b, 0))
		require.Equal(t, int16(POLLIN), revents(t, p, b))
		require.Equal(t, "EAGAIN", got(p, b, 0))
		require.Equal(t, int16(0), revents(t, p, b))
	}
}

// TestReceiveStopsAtTheMark [ST-05]: and one that begins there drops the byte.
func TestReceiveStopsAtTheMark(t *testing.T) {
	_, p, a, b := stream(t, nil)
	urgent(t, p, a, "abX")
	mustWrite(t, p, a, "cd")
	require.Equal(t, 0, atMarkOf(t, p, b))
	require.Equal(t, "ab", got(p, b, MSG_PEEK))
	require.Equal(t, "ab", got(p, b, 0))
	require.Equal(t, 1, atMarkOf(t, p, b))
	require.Equal(t, "cd", got(p, b, MSG_PEEK))
	require.Equal(t, "cd", got(p, b, 0))
	n, err := p.IoctlGetInt(b, FIONREAD)
	require.NoError(t, err)
	require.Equal(t, 1, n, "a byte that was dropped is counted for ever")
	urgent(t, p, a, "Y")
	require.Equal(t, "EAGAIN", got(p, b, MSG_PEEK))
	require.Equal(t, "EAGAIN", got(p, b, 0))
}

// TestUrgentByteInLine [ST-05]: SO_OOBINLINE leaves it in the stream, at the mark.
func TestUrgentByteInLine(t *testing.T) {
	_, p, a, b := stream(t, nil)
	require.NoError(t, p.SetsockoptInt(b, SOL_SOCKET, SO_OOBINLINE, 1))
	urgent(t, p, a, "abX")
	mustWrite(t, p, a, "cd")
	require.Equal(t, "EINVAL", got(p, b, MSG_OOB))
	require.Equal(t, "ab", got(p, b, 0))
	require.Equal(t, 1, atMarkOf(t, p, b))
	require.Equal(t, "Xcd", got(p, b, 0))
	require.Equal(t, 0, atMarkOf(t, p, b))
}

// TestALaterUrgentByte [ST-05]: the earlier one turns into ordinary data.
func TestALaterUrgentByte(t *testing.T) {
	_, p, a, b := stream(t, nil)
	urgent(t, p, a, "aX")
	urgent(t, p, a, "bY")
	require.Equal(t, "aXb", got(p, b, 0))
	require.Equal(t, "Y", got(p, b, MSG_OOB))
	urgent(t, p, a, "Z")
	require.Equal(t, "Z", got(p, b, MSG_OOB))
	require.Equal(t, "EAGAIN", got(p, b, 0))
}

// TestUrgentByteHasAnErrno: where there is none, of no bytes, on a broken stream, in a bad buffer.
func TestUrgentByteHasAnErrno(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		require.NoError(t, p.Signal(SIGPIPE, SIG_IGN))
		want := map[bool]string{true: "EINVAL", false: "EOPNOTSUPP"}[typ == SOCK_STREAM]
		require.Equal(t, want, got(p, b, MSG_OOB|MSG_DONTWAIT))
		_, err := p.Send(a, nil, MSG_OOB)
		require.ErrorIs(t, err, errno.EOPNOTSUPP)
		if typ != SOCK_STREAM {
			_, err = p.Send(a, []byte("x"), MSG_OOB)
			require.ErrorIs(t, err, errno.EOPNOTSUPP)
			return
		}
		urgent(t, p, a, "x")
		_, err = p.Recv(b, BadAddress(1), MSG_OOB)
		require.ErrorIs(t, err, errno.EFAULT)
		require.Equal(t, "EINVAL", got(p, b, MSG_OOB), "the byte is gone")
		require.NoError(t, p.Close(b))
		_, err = p.Send(a, []byte("x"), MSG_OOB)
		require.ErrorIs(t, err, errno.EPIPE)
	})
}

// TestSigurgGoesToTheOwner, and SIGIO with O_ASYNC, or the signal of F_SETSIG.
func TestSigurgGoesToTheOwner(t *testing.T) {
	_, p, a, b := stream(t, nil)
	var came []Signal
	for _, s := range []Signal{SIGURG, SIGIO, SIGUSR1} {
		require.NoError(t, p.Signal(s, func(s Signal) { came = append(came, s) }))
	}
	next := func() []Signal {
		p.Getpid()
		_, _ = p.Fcntl(b, F_GETFL, 0) // a call delivers
		defer func() { came = nil }()
		return came
	}
	urgent(t, p, a, "x")
	require.Empty(t, next(), "nobody owns the socket")
	_, err := p.Fcntl(b, F_SETOWN, p.Getpid())
	require.NoError(t, err)
	urgent(t, p, a, "x")
	require.Equal(t, []Signal{SIGURG}, next())
	_, err = p.Fcntl(b, F_SETFL, O_ASYNC|O_NONBLOCK)
	require.NoError(t, err)
	mustWrite(t, p, a, "x")
	require.Equal(t, []Signal{SIGIO}, next())
	_, err = p.Fcntl(b, F_SETSIG, int(SIGUSR1))
	require.NoError(t, err)
	sig, err := p.Fcntl(b, F_GETSIG, 0)
	require.NoError(t, err)
	require.Equal(t, int(SIGUSR1), sig)
	mustWrite(t, p, a, "x")
	require.Equal(t, []Signal{SIGUSR1}, next())
	_, err = p.Fcntl(b, F_SETOWN, -p.Getpid())
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(a, SHUT_WR))
	require.Equal(t, []Signal{SIGUSR1}, next())
	_, err = p.Fcntl(b, F_SETSIG, 65)
	require.ErrorIs(t, err, errno.EINVAL)
}

// TestRoomIsSignalledToWhoFoundNone: O_ASYNC and a full buffer.
func TestRoomIsSignalledToWhoFoundNone(t *testing.T) {
	_, p, a, b := stream(t, nil)
	came := 0
	require.NoError(t, p.Signal(SIGIO, func(Signal) { came++ }))
	_, err := p.Fcntl(a, F_SETOWN, p.Getpid())
	require.NoError(t, err)
	_, err = p.Fcntl(a, F_SETFL, O_ASYNC|O_NONBLOCK)
	require.NoError(t, err)
	mustWrite(t, p, a, "x")
	require.Equal(t, "x", got(p, b, 0))
	require.Equal(t, 0, came, "there was room")
	n, err := p.Write(a, make([]byte, 1<<20))
	require.NoError(t, err)
	_, err = p.Read(b, make([]byte, n))
	require.NoError(t, err)
	_, _ = p.Fcntl(a, F_GETFL, 0)
	require.Equal(t, 1, came)
}

// TestPeekOffset: a peek goes on behind the last, a receive moves it back.
func TestPeekOffset(t *testing.T) {
	forTypes(t, Config{}, func(t *testing.T, sys *System, p *Process, typ, a, b int) {
		require.NoError(t, p.SetsockoptInt(b, SOL_SOCKET, SO_PEEK_OFF, 0))
		mustWrite(t, p, a, "abcd")
		mustWrite(t, p, a, "efgh")
		peek := func(n int) string {
			buf := make([]byte, n)
			k, err := p.Recv(b, buf, MSG_PEEK|MSG_DONTWAIT)
			if err != nil {
				return err.(errno.Errno).Name()
			}
			return string(buf[:k])
		}
		off := func() int {
			n, err := p.GetsockoptInt(b, SOL_SOCKET, SO_PEEK_OFF)
			require.NoError(t, err)
			return n
		}
		require.Equal(t, "ab", peek(2))
		require.Equal(t, "c", peek(1))
		if typ == SOCK_STREAM {
			require.Equal(t, "def", peek(3))
			require.Equal(t, 6, off())
			_, err := p.Recv(b, make([]byte, 3), 0)
			require.NoError(t, err)
			require.Equal(t, 3, off())
			require.Equal(t, "gh", peek(9))
		} else {
			require.Equal(t, "d", peek(3), "not beyond a message")
			require.Equal(t, "efgh", peek(9))
			require.Equal(t, 8, off())
			_, err := p.Recv(b, make([]byte, 3), 0)
			require.NoError(t, err)
			require.Equal(t, 4, off(), "the whole message is subtracted")
		}
		require.Equal(t, "EAGAIN", peek(9))
	})
}

// TestPeekOffsetAndEmptyMessages: the first peek shows it, the next passes it.
func TestPeekOffsetAndEmptyMessages(t *testing.T) {
	sys := newMachine(t, Config{})
	p := sys.NewProcess()
	a, b, err := p.Pair(SOCK_DGRAM | SOCK_NONBLOCK)
	require.NoError(t, err)
	require.NoError(t, p.SetsockoptInt(b, SOL_SOCKET, SO_PEEK_OFF, 0))
	mustWrite(t, p, a, "")
	mustWrite(t, p, a, "x")
	require.Equal(t, "", got(p, b, MSG_PEEK))
	require.Equal(t, "x", got(p, b, MSG_PEEK))
	require.Equal(t, "EAGAIN", got(p, b, MSG_PEEK))
}

// TestUrgentByteHasNoSender: a receive out of turn tells no address, although
// the sender has a name, as a receive in line does. [K]
func TestUrgentByteHasNoSender(t *testing.T) {
	p, _ := abstract(t)
	a, b := p.pair(SOCK_STREAM)
	says(t, "Bind", 0)(p.Bind(a, AbstractSockaddr("sender")))
	for _, c := range []struct{ send, recv, want int }{{MSG_OOB, MSG_OOB, 0}, {MSG_OOB, MSG_OOB | MSG_PEEK, 0}, {0, 0, len(AbstractSockaddr("sender"))}} {
		_, err := p.Send(a, []byte("x"), c.send)
		says(t, "Send", 0)(err)
		name, n := make([]byte, 110), 110
		got, err := p.Recvfrom(b, make([]byte, 1), c.recv, name, &n)
		gives(t, "Recvfrom", 1)(got, err)
		equal(t, "length of the address", n, c.want)
	}
}
