package program

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
	"sockpair/replay"
)

func newProcess(t *testing.T) (*replay.Emulator, Process) {
	m, err := replay.NewEmulator(emu.Config{})
	require.NoError(t, err)
	p, err := m.NewProcess()
	require.NoError(t, err)
	return m, p
}

func TestCallsPrintAsStraceDoes(t *testing.T) {
	for want, c := range map[string]Call{
		`socketpair(AF_UNIX, SOCK_STREAM|SOCK_NONBLOCK, 0, [])`: {Name: "socketpair", Args: []int{1, emu.SOCK_STREAM | emu.SOCK_NONBLOCK, 0}, Mem: []Mem{{Len: 8}}},
		`socketpair(AF_UNIX, SOCK_DGRAM, 0, NULL)`:              {Name: "socketpair", Args: []int{1, emu.SOCK_DGRAM, 0}},
		`close(3)`: {Name: "close", Fd: 3},
		`sendto(3, "\x05"..., 9, MSG_DONTWAIT|MSG_NOSIGNAL, NULL, 0)`: {Name: "sendto", Fd: 3, Args: []int{emu.MSG_DONTWAIT | emu.MSG_NOSIGNAL}, Mem: []Mem{{Len: 9, Fill: 5}}},
		`poll([{fd=3, events=POLLIN|POLLOUT}], 1, -1)`:                {Name: "poll", Args: []int{-1}, Polls: []emu.PollFd{{Fd: 3, Events: emu.POLLIN | emu.POLLOUT}}},
		`kill(<task 1>, SIGUSR1)`:                                     {Name: "kill", Args: []int{2, int(emu.SIGUSR1)}},
		`fcntl(3, F_SETFL, O_NONBLOCK)`:                               {Name: "fcntl", Fd: 3, Args: []int{emu.F_SETFL, emu.O_NONBLOCK}},
		`epoll_ctl(5, EPOLL_CTL_DEL, 3, NULL)`:                        {Name: "epoll_ctl", Fd: 5, Args: []int{2, 3}},
		`recvmsg(3, NULL, 0)`:                                         {Name: "recvmsg", Fd: 3, Args: []int{0}, Msgs: []Msg{{Null: true}}},
	} {
		require.Equal(t, want, c.String())
	}
}

func TestLineShowsTheResult(t *testing.T) {
	c := Call{Name: "close", Fd: 3}
	require.Equal(t, "close(3) = 0", c.Line(Result{}))
	require.Equal(t, "close(3) = -1 EBADF", c.Line(Result{Ret: -1, Err: errno.EBADF}))
	require.Equal(t, "close(3) = ?", c.Line(Result{Ended: true}))
}

func TestRunTellsWhatACallHasStored(t *testing.T) {
	_, p := newProcess(t)
	require.Equal(t, Result{Out: "[0, 1]"}, Run(p, Call{Name: "socketpair", Args: []int{1, 1, 0}, Mem: []Mem{{Len: 8}}}))
	require.Equal(t, Result{Ret: 3}, Run(p, Call{Name: "write", Fd: 0, Mem: []Mem{{Data: []byte("abc")}}}))
	require.Equal(t, Result{Ret: 3, Out: "616263"}, Run(p, Call{Name: "read", Fd: 1, Mem: []Mem{{Len: 9}}}))
	require.Equal(t, Result{Ret: -1, Err: errno.EBADF}, Run(p, Call{Name: "close", Fd: 7}))
	p.Exit(0)
	require.True(t, Run(p, Call{Name: "close", Fd: 0}).Ended)
	require.Panics(t, func() { Run(p, Call{Name: "sing"}) })
}

func TestControlMessagesHaveLinuxLayout(t *testing.T) {
	got := encode([]Cmsg{
		{Level: 1, Type: scmRights, Fds: []int{3}},
		{Level: 1, Type: scmCredentials, Cred: &Cred{Uid: 1, Gid: 2}},
	}, 77)
	require.Equal(t, "1400000000000000"+"01000000"+"01000000"+"03000000"+"00000000"+
		"1c00000000000000"+"01000000"+"02000000"+"4d000000"+"01000000"+"02000000"+"00000000", hex(got))
	require.Equal(t, "{1, 1, 03000000}{1, 2, own 0100000002000000}", shownControl(got, 77))
}

func TestShrinkKeepsWhatShows(t *testing.T) {
	p := make(Program, 20)
	for i := range p {
		p[i] = Call{Name: "close", Fd: i}
	}
	p[13].Mem = []Mem{{Len: 500}}
	has := func(q Program, fd int) bool {
		for _, c := range q {
			if c.Fd == fd {
				return true
			}
		}
		return false
	}
	short := Shrink(p, func(q Program) bool { return has(q, 5) && has(q, 13) })
	require.Equal(t, Program{{Name: "close", Fd: 5}, {Name: "close", Fd: 13, Mem: []Mem{{Len: 1}}}}, short)
}

// What goes in pairs is left out in pairs, and a call that does not wait is not
// made one that does.
func TestShrinkLeavesPairsOutAndKeepsDontwait(t *testing.T) {
	pair := Call{Name: "socketpair", Args: []int{1, emu.SOCK_DGRAM, 0}, Mem: []Mem{{Len: 8}}}
	send := Call{Name: "sendto", Fd: 4, Args: []int{emu.MSG_DONTWAIT | emu.MSG_EOR}, Mem: []Mem{{Len: 9}, {Kind: Null}}}
	dup := Call{Name: "dup", Fd: 3}
	recv := Call{Name: "recvfrom", Fd: 5, Args: []int{emu.MSG_DONTWAIT | emu.MSG_PEEK | -1<<31}, Mem: []Mem{{Len: 70}}}
	shows := func(p Program) bool { // sends and receives are equal in number, and a receive is there
		n := 0
		for _, c := range p {
			switch c.Name {
			case "sendto":
				n++
			case "dup":
				n--
			}
		}
		return len(p) > 1 && p[0].Name == "socketpair" && p[len(p)-1].Name == "recvfrom" && n == 0
	}
	short := Shrink(Program{pair, send, dup, recv}, shows)
	recv.Fd, recv.Args, recv.Mem = 3, []int{emu.MSG_DONTWAIT}, []Mem{{Len: 1}}
	require.Equal(t, "[socketpair recvfrom]", fmt.Sprint([]string{short[0].Name, short[1].Name}))
	require.Equal(t, recv, short[1])
}

// Generators without Strange make only calls that Run knows, and print.
func TestGeneratedProgramsRun(t *testing.T) {
	for seed := range int64(50) {
		g := Generator{From: rand.New(rand.NewSource(seed)), Ancillary: true, Readiness: true, Large: true}
		m, p := newProcess(t)
		for _, c := range g.Program(60) {
			require.NotEmpty(t, c.String())
			Run(p, c)
		}
		p.Exit(0)
		require.NoError(t, m.Check())
		require.Zero(t, m.System.Files())
	}
}

func TestWorldTellsCallsThatSleep(t *testing.T) {
	m, err := replay.NewEmulator(emu.Config{})
	require.NoError(t, err)
	w, err := NewWorld(m)
	require.NoError(t, err)
	pair := Call{Name: "socketpair", Args: []int{1, emu.SOCK_STREAM, 0}, Mem: []Mem{{Len: 8}}}
	require.Len(t, w.Step(0, pair), 1)
	require.Equal(t, 1, w.Step(1, Call{Name: "fork"})[0].Ret)
	read := Call{Name: "read", Fd: 3, Mem: []Mem{{Len: 4}}}
	require.Empty(t, w.Step(2, read))
	require.Equal(t, 1, w.Asleep())
	require.False(t, w.CanBegin(read))
	other := Call{Task: 1, Name: "read", Fd: 4, Mem: []Mem{{Len: 4}}}
	require.True(t, w.CanBegin(other))
	require.False(t, w.Ready(other))
	done := w.Step(3, Call{Task: 1, Name: "write", Fd: 4, Mem: []Mem{{Data: []byte("hi")}}})
	require.Len(t, done, 2)
	require.Equal(t, "6869", done[0].Out)
	require.Equal(t, "[[0 1 2 3 4] [0 1 2 3 4]]", w.Descriptors())
	w.Close()
	require.Zero(t, m.System.Files())
}
