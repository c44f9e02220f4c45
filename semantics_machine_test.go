package sockpair_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/errno"
)

// The laws that strace's notation cannot say: what is in memory after a
// failure, and what many tasks do at once.

// personalities are the two machines, with the bits of the type that keep a
// pair out of a child's program.
var personalities = map[string]struct {
	rules   func() *emu.Personality
	private int
}{
	"linux": {emu.Linux, emu.SOCK_CLOEXEC},
	"posix": {emu.POSIX, emu.SOCK_CLOEXEC | emu.SOCK_CLOFORK},
}

func newProcess(t *testing.T, cfg emu.Config) *emu.Process {
	t.Helper()
	sys, err := emu.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sys.Check()) })
	return sys.NewProcess()
}

// TestFailedSocketpairAndTheVector [SP-08]: POSIX leaves the vector as it was;
// Linux has stored the numbers it had reserved, from the family's test on.
func TestFailedSocketpairAndTheVector(t *testing.T) {
	deny := func(emu.Cred, int, int, int) bool { return false }
	for _, row := range []struct {
		name             string
		cfg              emu.Config
		domain, typ, pro int
		limit            uint64 // RLIMIT_NOFILE; 0: as it is
		linux, posix     errno.Errno
		stored           bool // by Linux
	}{
		{"bits", emu.Config{}, emu.AF_UNIX, emu.SOCK_STREAM | 0x10, 0, 0, errno.EINVAL, errno.EINVAL, false},
		{"none left", emu.Config{}, emu.AF_UNIX, emu.SOCK_STREAM, 0, 3, errno.EMFILE, errno.EMFILE, false},
		{"one left", emu.Config{}, emu.AF_UNIX, emu.SOCK_STREAM, 0, 4, errno.EMFILE, errno.EMFILE, false},
		{"family", emu.Config{}, 200, emu.SOCK_STREAM, 0, 0, errno.EAFNOSUPPORT, errno.EAFNOSUPPORT, true},
		{"protocol", emu.Config{}, emu.AF_UNIX, emu.SOCK_STREAM, 9, 0, errno.EPROTONOSUPPORT, errno.EPROTONOSUPPORT, true},
		{"type", emu.Config{}, emu.AF_UNIX, emu.SOCK_RDM, 0, 0, errno.ESOCKTNOSUPPORT, errno.EPROTOTYPE, true},
		{"no pairs", emu.Config{}, emu.AF_INET, emu.SOCK_STREAM, 0, 0, errno.EOPNOTSUPP, errno.EOPNOTSUPP, true},
		{"policy", emu.Config{Authorize: deny}, emu.AF_UNIX, emu.SOCK_STREAM, 0, 0, errno.EACCES, errno.EACCES, true},
		{"files", emu.Config{MaxFiles: 4}, emu.AF_UNIX, emu.SOCK_STREAM, 0, 0, errno.ENFILE, errno.ENFILE, true},
		{"sockets", emu.Config{MaxSockets: 1}, emu.AF_UNIX, emu.SOCK_STREAM, 0, 0, errno.ENOBUFS, errno.ENOBUFS, true},
		{"memory", emu.Config{MaxMemory: 1}, emu.AF_UNIX, emu.SOCK_STREAM, 0, 0, errno.ENOMEM, errno.ENOMEM, true},
	} {
		for name, machine := range personalities {
			cfg := row.cfg
			cfg.Personality = machine.rules()
			p := newProcess(t, cfg)
			for fd := range 3 {
				require.NoError(t, p.Foreign(fd, "standard"))
			}
			if row.limit != 0 {
				require.NoError(t, p.Setrlimit(emu.RLIMIT_NOFILE, emu.Rlimit{Cur: row.limit, Max: 100}))
			}
			want, sv := row.posix, [2]int{-9, -9}
			vector := sv
			if name == "linux" {
				want = row.linux
				if row.stored {
					vector = [2]int{3, 4}
				}
			}
			require.Equal(t, want, p.Socketpair(row.domain, row.typ, row.pro, &sv), "%s, %s: socketpair", name, row.name)
			require.Equal(t, vector, sv, "%s, %s: the vector after the failure", name, row.name)
			require.Equal(t, []int{0, 1, 2}, p.Descriptors(), "%s, %s: descriptors after the failure", name, row.name)
		}
	}
}

// TestThePolicyIsToldWhoWantsWhat [SP-09, ER-08].
func TestThePolicyIsToldWhoWantsWhat(t *testing.T) {
	type question struct {
		uid, domain, typ, protocol int
	}
	var asked []question
	p := newProcess(t, emu.Config{UID: 7, Authorize: func(who emu.Cred, domain, typ, protocol int) bool {
		asked = append(asked, question{who.Uid, domain, typ, protocol})
		return typ != emu.SOCK_DGRAM
	}})
	_, _, err := p.Pair(emu.SOCK_STREAM | emu.SOCK_CLOEXEC)
	require.NoError(t, err)
	_, _, err = p.Pair(emu.SOCK_DGRAM)
	require.Equal(t, errno.EACCES, err)
	require.Equal(t, []question{{7, emu.AF_UNIX, emu.SOCK_STREAM, 0}, {7, emu.AF_UNIX, emu.SOCK_DGRAM, 0}}, asked)
}

// TestTwoTasksNeverShareTheLastDescriptors [SP-03]: many tasks ask for pairs
// with an odd number of descriptors free. Both or none: all but one are used,
// which would not be so if two tasks could each hold one and fail.
func TestTwoTasksNeverShareTheLastDescriptors(t *testing.T) {
	for name, machine := range personalities {
		for range 50 {
			p := newProcess(t, emu.Config{Personality: machine.rules(), SoftFiles: 21})
			var tasks sync.WaitGroup
			for range 4 {
				task := p.Thread()
				tasks.Go(func() {
					for {
						if _, _, err := task.Pair(emu.SOCK_SEQPACKET); err != nil {
							return
						}
					}
				})
			}
			tasks.Wait()
			require.Len(t, p.Descriptors(), 20, "%s: open descriptors of 21", name)
		}
	}
}

// TestForkNeverSeesAPairWithoutItsFlags [FD-03]: while one task makes pairs
// with their flags, children that other tasks fork, and that call exec, hold
// none of them.
func TestForkNeverSeesAPairWithoutItsFlags(t *testing.T) {
	for name, machine := range personalities {
		p := newProcess(t, emu.Config{Personality: machine.rules()})
		var tasks sync.WaitGroup
		maker := p.Thread()
		tasks.Go(func() {
			for range 300 {
				a, b, err := maker.Pair(emu.SOCK_STREAM | machine.private)
				if err != nil || maker.Close(a) != nil || maker.Close(b) != nil {
					t.Errorf("%s: a pair could not be made and closed: %v", name, err)
				}
			}
		})
		for range 2 {
			forker := p.Thread()
			tasks.Go(func() {
				for range 100 {
					child, err := forker.Fork()
					if err != nil {
						t.Errorf("%s: Fork = %v", name, err)
						return
					}
					if name == "posix" && len(child.Descriptors()) != 0 {
						t.Errorf("%s: descriptors of a child = %v, want none", name, child.Descriptors())
					}
					if err := child.Exec(); err != nil || len(child.Descriptors()) != 0 {
						t.Errorf("%s: descriptors after exec = %v (%v), want none", name, child.Descriptors(), err)
					}
					child.Exit(0)
				}
			})
		}
		tasks.Wait()
	}
}

// TestSocketCallsOnAnotherFile: the calls that are for sockets are ENOTSOCK
// on what is none.
func TestSocketCallsOnAnotherFile(t *testing.T) {
	for name, machine := range personalities {
		p := newProcess(t, emu.Config{Personality: machine.rules()})
		require.NoError(t, p.Foreign(0, "/dev/null"))
		room := make([]byte, 110)
		n := len(room)
		count := func(_ int, err error) error { return err }
		for call, err := range map[string]error{
			"shutdown":    p.Shutdown(0, emu.SHUT_RD),
			"send":        count(p.Send(0, []byte("a"), 0)),
			"recv":        count(p.Recv(0, room, 0)),
			"sendmsg":     count(p.Sendmsg(0, &emu.Msghdr{}, 0)),
			"recvmsg":     count(p.Recvmsg(0, &emu.Msghdr{}, 0)),
			"getsockopt":  p.Getsockopt(0, emu.SOL_SOCKET, emu.SO_TYPE, room, &n),
			"setsockopt":  p.Setsockopt(0, emu.SOL_SOCKET, emu.SO_KEEPALIVE, []byte{1, 0, 0, 0}, 4),
			"getsockname": p.Getsockname(0, room, &n),
			"getpeername": p.Getpeername(0, room, &n),
		} {
			require.Equal(t, errno.ENOTSOCK, err, "%s: %s(0)", name, call)
		}
	}
}
