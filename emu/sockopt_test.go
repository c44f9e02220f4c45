package emu

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"sockpair/errno"
)

// The rows are in the order of the checks: each meets what the rows above
// test, and all that the rows below would object to.
func TestGetsockoptChecksInOrder(t *testing.T) {
	length := func(n int) *int { return &n }
	for _, rules := range []*Personality{Linux(), POSIX()} {
		otherLevel := map[string]errno.Errno{"linux": errno.EOPNOTSUPP, "posix": errno.ENOPROTOOPT}[rules.Name]
		for _, typ := range allTypes {
			p, a, _ := optionProg(t, Config{Personality: rules}, typ)
			for _, row := range []struct {
				law             string
				fd, level, name int
				val             []byte
				vallen          *int
				want            errno.Errno
			}{
				{"not open", 99, 99, 99, nil, nil, errno.EBADF},
				{"negative descriptor", -1, 99, 99, nil, nil, errno.EBADF},
				{"no socket", 0, 99, 99, nil, nil, errno.ENOTSOCK},
				{"level 0", a, 0, 99, nil, nil, otherLevel},
				{"level -1", a, -1, 99, nil, nil, otherLevel},
				{"no length", a, SOL_SOCKET, 99, nil, nil, errno.EFAULT},
				{"negative length", a, SOL_SOCKET, 99, nil, length(-1), errno.EINVAL},
				{"unknown option", a, SOL_SOCKET, 99, nil, length(4), errno.ENOPROTOOPT},
				{"no memory", a, SOL_SOCKET, SO_DEBUG, nil, length(4), errno.EFAULT},
				{"bad memory", a, SOL_SOCKET, SO_DEBUG, BadAddress(4), length(4), errno.EFAULT},
				{"no memory, no length", a, SOL_SOCKET, SO_DEBUG, nil, length(0), 0},
				{"success", a, SOL_SOCKET, SO_DEBUG, make([]byte, 4), length(4), 0},
			} {
				before := 0
				if row.vallen != nil {
					before = *row.vallen
				}
				call := fmt.Sprintf("Getsockopt, %s (%s, %s)", row.law, rules.Name, typeNames[typ])
				says(t, call, row.want)(p.Getsockopt(row.fd, row.level, row.name, row.val, row.vallen))
				if row.vallen != nil && *row.vallen != before {
					t.Errorf("*vallen after %s = %d, want %d", call, *row.vallen, before)
				}
			}
		}
	}
}

func TestSetsockoptChecksInOrder(t *testing.T) {
	for _, rules := range []*Personality{Linux(), POSIX()} {
		otherLevel := map[string]errno.Errno{"linux": errno.EOPNOTSUPP, "posix": errno.ENOPROTOOPT}[rules.Name]
		for _, typ := range allTypes {
			p, a, _ := optionProg(t, Config{Personality: rules}, typ)
			for _, row := range []struct {
				law             string
				fd, level, name int
				val             []byte
				vallen          int
				want            errno.Errno
			}{
				{"not open", 99, 99, 99, nil, -1, errno.EBADF},
				{"no socket", 0, 99, 99, nil, -1, errno.ENOTSOCK},
				{"negative length", a, 99, 99, nil, -1, errno.EINVAL},
				{"level 6", a, 6, 99, nil, 0, otherLevel},
				{"level 41, no memory", a, 41, SO_DEBUG, nil, 4, otherLevel},
				{"no length", a, SOL_SOCKET, 99, nil, 0, errno.EINVAL},
				{"length 3", a, SOL_SOCKET, 99, nil, 3, errno.EINVAL},
				{"no memory", a, SOL_SOCKET, 99, nil, 4, errno.EFAULT},
				{"bad memory", a, SOL_SOCKET, 99, BadAddress(16), 16, errno.EFAULT},
				{"memory of 3 bytes", a, SOL_SOCKET, 99, make([]byte, 3), 4, errno.EFAULT},
				{"unknown option", a, SOL_SOCKET, 99, make([]byte, 4), 4, errno.ENOPROTOOPT},
				{"option that cannot be set", a, SOL_SOCKET, SO_TYPE, make([]byte, 4), 4, errno.ENOPROTOOPT},
				{"a struct that is cut", a, SOL_SOCKET, SO_LINGER, make([]byte, 4), 7, errno.EINVAL},
				{"memory of half a struct", a, SOL_SOCKET, SO_LINGER, make([]byte, 4), 8, errno.EFAULT},
				{"memory of half a time", a, SOL_SOCKET, SO_RCVTIMEO, make([]byte, 8), 16, errno.EFAULT},
				{"length 4", a, SOL_SOCKET, SO_DEBUG, words(1), 4, 0},
				{"longer than an int", a, SOL_SOCKET, SO_DEBUG, words(1), 256, 0},
			} {
				says(t, fmt.Sprintf("Setsockopt, %s (%s, %s)", row.law, rules.Name, typeNames[typ]), row.want)(
					p.Setsockopt(row.fd, row.level, row.name, row.val, row.vallen))
			}
		}
	}
}

func TestGetsockoptCutsTheValue(t *testing.T) {
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	p.setInt(a, SO_PRIORITY, 0x04030201)
	for room := range 7 {
		val, n := []byte{9, 9, 9, 9, 9, 9}, room
		says(t, "Getsockopt(SO_PRIORITY)", 0)(p.Getsockopt(a, SOL_SOCKET, SO_PRIORITY, val, &n))
		want := []byte{9, 9, 9, 9, 9, 9}
		copy(want[:min(room, 4)], []byte{1, 2, 3, 4})
		equal(t, fmt.Sprintf("length with room for %d", room), n, min(room, 4))
		equal(t, fmt.Sprintf("memory with room for %d", room), string(val), string(want))
	}
	n := 256
	says(t, "Getsockopt with less memory than it says", 0)(p.Getsockopt(a, SOL_SOCKET, SO_PRIORITY, make([]byte, 2), &n))
	equal(t, "length with memory of 2 bytes", n, 2)
}

// Reading SO_ERROR takes the error, also when the value cannot be stored.
func TestPendingErrorIsTakenNotRead(t *testing.T) {
	for _, bad := range []bool{false, true} {
		p, a, b := optionProg(t, Config{}, SOCK_STREAM)
		p.send(a, "unread")
		p.close(b)
		n := 4
		if bad {
			says(t, "SO_ERROR into no memory", errno.EFAULT)(p.Getsockopt(a, SOL_SOCKET, SO_ERROR, nil, &n))
		} else {
			equal(t, "SO_ERROR after a reset", p.soError(a), errno.ECONNRESET)
		}
		equal(t, "SO_ERROR, read again", p.soError(a), 0)
		equal(t, "POLLERR after SO_ERROR", p.revents(a)&POLLERR, 0)
	}
}

func TestPeercredIsWhoMadeThePair(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		if p.sys.rules.Name == "posix" {
			return // no such option
		}
		a, b := p.pair(typ)
		maker := p.Cred()
		child, err := p.Fork()
		says(t, "Fork", 0)(err)
		says(t, "Setuid", 0)(child.Setuid(65534))
		for _, fd := range []int{a, b} {
			got, err := child.GetsockoptUcred(fd, SOL_SOCKET, SO_PEERCRED)
			says(t, "SO_PEERCRED", 0)(err)
			equal(t, "SO_PEERCRED in a child of another user", got, maker)
		}
	})
}

// timeval is a struct timeval.
func timeval(sec, usec int64) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, uint64(sec)), uint64(usec))
}

func TestTimeoutsAreRoundedUpToTicks(t *testing.T) {
	type answer struct {
		sec, usec int64
		err       errno.Errno
	}
	edom := answer{err: errno.EDOM}
	for _, row := range []struct {
		sec, usec    int64
		linux, posix answer
	}{
		{0, 0, answer{}, answer{}},
		{0, 1, answer{usec: 4000}, answer{usec: 1}},
		{0, 4000, answer{usec: 4000}, answer{usec: 4000}},
		{0, 4001, answer{usec: 8000}, answer{usec: 4001}},
		{0, 999999, answer{sec: 1}, answer{usec: 999999}},
		{0, 1000000, edom, edom},
		{0, -1, edom, edom},
		{-1, 0, answer{}, edom}, // does not wait, in Linux
		{-1, 999999, answer{}, edom},
		{-1, 1000000, edom, edom},
		{1, 500000, answer{1, 500000, 0}, answer{1, 500000, 0}},
		{9223372035, 0, answer{sec: 9223372035}, answer{sec: 9223372035}},
		{9223372036, 0, answer{sec: 9223372036}, edom},
		{36028797018963967, 0, answer{sec: 36028797018963967}, edom},
		{math.MaxInt64, 999999, answer{}, edom}, // none
	} {
		for rules, want := range map[*Personality]answer{Linux(): row.linux, POSIX(): row.posix} {
			for _, name := range []int{SO_RCVTIMEO, SO_SNDTIMEO} {
				p, a, b := optionProg(t, Config{Personality: rules}, SOCK_STREAM)
				call := fmt.Sprintf("option %d {%d, %d} in %s", name, row.sec, row.usec, rules.Name)
				says(t, call, want.err)(p.Setsockopt(a, SOL_SOCKET, name, timeval(row.sec, row.usec), 16))
				equal(t, call+" reads", p.read(a, name, 16), fmt.Sprintf("%x", timeval(want.sec, want.usec)))
				equal(t, call+" of the other end", p.read(b, name, 16), fmt.Sprintf("%x", timeval(0, 0)))
			}
		}
	}
}

func TestRefusedTimeoutKeepsTheOldOne(t *testing.T) {
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	says(t, "SO_RCVTIMEO 2 s", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_RCVTIMEO, 2*time.Second))
	says(t, "SO_RCVTIMEO {0, -5}", errno.EDOM)(p.Setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, timeval(0, -5), 16))
	says(t, "SO_RCVTIMEO of 8 bytes", errno.EINVAL)(p.Setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, timeval(1, 0), 8))
	for _, name := range []int{SO_RCVTIMEO, SO_RCVTIMEO_NEW} {
		d, err := p.GetsockoptTimeval(a, SOL_SOCKET, name)
		says(t, "GetsockoptTimeval", 0)(err)
		equal(t, fmt.Sprintf("time-out by option %d", name), d, 2*time.Second)
	}
}

func TestTimeoutsAsDurations(t *testing.T) {
	for _, row := range []struct{ set, want time.Duration }{
		{0, 0}, {1, time.Microsecond}, {time.Microsecond, time.Microsecond}, {999*time.Millisecond + 999*time.Microsecond + 1, time.Second},
		{time.Hour + time.Nanosecond, time.Hour + time.Microsecond},
	} {
		p, a, _ := optionProg(t, Config{Personality: POSIX()}, SOCK_STREAM)
		says(t, fmt.Sprintf("SetsockoptTimeval(%v)", row.set), 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO, row.set))
		got, err := p.GetsockoptTimeval(a, SOL_SOCKET, SO_SNDTIMEO)
		says(t, "GetsockoptTimeval", 0)(err)
		equal(t, fmt.Sprintf("GetsockoptTimeval after %v", row.set), got, row.want)
	}
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	says(t, "a time-out of 500 years", 0)(p.Setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, timeval(500*366*86400, 0), 16))
	got, err := p.GetsockoptTimeval(a, SOL_SOCKET, SO_RCVTIMEO)
	says(t, "GetsockoptTimeval", 0)(err)
	equal(t, "a time-out of 500 years as a Duration", got, math.MaxInt64)
}

// A call waits as long as the option says, and with a negative one not at all.
func TestTimeoutsEndTheWait(t *testing.T) {
	for _, typ := range allTypes {
		synctest.Test(t, func(t *testing.T) {
			p, a, b := optionProg(t, Config{}, typ)
			waited := func(call func()) time.Duration {
				start := time.Now()
				call()
				return time.Since(start)
			}
			receive := func() { fails(t, "Recv", errno.EAGAIN)(p.Recv(a, make([]byte, 9), 0)) }
			send := func() { fails(t, "Send", errno.EAGAIN)(p.Send(b, make([]byte, 900), 0)) }

			says(t, "SO_RCVTIMEO", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_RCVTIMEO, 3*time.Second+1))
			equal(t, "time that Recv waits", waited(receive), 3*time.Second+4*time.Millisecond)
			says(t, "SO_RCVTIMEO < 0", 0)(p.SetsockoptTimeval(a, SOL_SOCKET, SO_RCVTIMEO, -1))
			equal(t, "time that Recv waits with a negative time-out", waited(receive), 0)

			p.fill(b, 900)
			says(t, "SO_SNDTIMEO", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_SNDTIMEO_NEW, time.Millisecond))
			equal(t, "time that Send waits", waited(send), 4*time.Millisecond)
			says(t, "SO_SNDTIMEO < 0", 0)(p.SetsockoptTimeval(b, SOL_SOCKET, SO_SNDTIMEO, -time.Hour))
			equal(t, "time that Send waits with a negative time-out", waited(send), 0)
		})
	}
}

// A sender that waits goes on when its buffer becomes large enough for the
// socket to be writable, and not before.
func TestRaisingSndbufLetsSendersGoOn(t *testing.T) {
	for _, typ := range allTypes {
		synctest.Test(t, func(t *testing.T) {
			p, a, _ := optionProg(t, Config{}, typ)
			p.setInt(a, SO_SNDBUF, 10000)
			p.fill(a, 900)
			write := p.flyWrite(a, 900)
			p.setInt(a, SO_SNDBUF, 2*p.charged(a)-1) // stored twice as large: not writable by one byte
			write.sleeps(t)
			p.setInt(a, SO_SNDBUF, 2*p.charged(a)+2)
			write.lands(t, 900, 0)
		})
	}
}

func TestRcvlowatIsWhatAReceiveWaitsFor(t *testing.T) {
	everywhere(t, func(t *testing.T, p prog, typ int) {
		a, b := p.pair(typ)
		p.setInt(a, SO_RCVLOWAT, 3)
		p.send(b, "xy")
		p.recv(a, "xy") // non-blocking: what is there
	}, SOCK_STREAM)
	synctest.Test(t, func(t *testing.T) {
		p, a, b := optionProg(t, Config{}, SOCK_STREAM)
		p.setInt(a, SO_RCVLOWAT, 3)
		p.send(b, "xy")
		read, got := p.flyRead(a, 9)
		read.sleeps(t)
		p.send(b, "z")
		read.lands(t, 3, 0)
		equal(t, "bytes read", string(got[:3]), "xyz")
	})
}

func TestOptionCallsAreObserved(t *testing.T) {
	var seen []Event
	p, a, _ := optionProg(t, Config{Observer: func(ev Event) { seen = append(seen, ev) }}, SOCK_STREAM)
	seen = nil
	val, n := make([]byte, 4), 4
	says(t, "Getsockopt", 0)(p.Getsockopt(a, SOL_SOCKET, SO_TYPE, val, &n))
	says(t, "Setsockopt", errno.ENOPROTOOPT)(p.Setsockopt(a, SOL_SOCKET, SO_TYPE, val, 4))
	fails(t, "Ioctl", errno.ENOTTY)(p.Ioctl(a, TCGETS, val))
	equal(t, "number of events", len(seen), 6)
	for i, want := range []Event{
		{Call: "getsockopt", Args: []any{Fd(a), SockLevel(SOL_SOCKET), SockOption{SOL_SOCKET, SO_TYPE}, In(val), &n}},
		{Call: "setsockopt", Args: []any{Fd(a), SockLevel(SOL_SOCKET), SockOption{SOL_SOCKET, SO_TYPE}, Out(val), 4}, Ret: -1, Err: errno.ENOPROTOOPT},
		{Call: "ioctl", Args: []any{Fd(a), IoctlReq(TCGETS), IoctlArg(val)}, Ret: -1, Err: errno.ENOTTY},
	} {
		enter, exit := seen[2*i], seen[2*i+1]
		if enter.Call != want.Call || !reflect.DeepEqual(enter.Args, want.Args) || enter.Kind != EventEnter {
			t.Errorf("event %d = %+v, want the entry of %+v", 2*i, enter, want)
		}
		if exit.Ret != want.Ret || exit.Err != want.Err || exit.Kind != EventExit {
			t.Errorf("event %d = %+v, want the exit of %+v", 2*i+1, exit, want)
		}
	}
}

func TestOptionCallsOfAnEndedProcess(t *testing.T) {
	p, a, _ := optionProg(t, Config{}, SOCK_STREAM)
	p.Exit(3)
	how := Ended{Pid: p.Getpid(), Code: 3}
	endsWith(t, "GetsockoptInt", how)(p.GetsockoptInt(a, SOL_SOCKET, SO_TYPE))
	endsWith(t, "SetsockoptInt", how)(value(p.SetsockoptInt(a, SOL_SOCKET, SO_DEBUG, 1)))
	endsWith(t, "Ioctl", how)(p.Ioctl(a, FIONREAD, nil))
}
