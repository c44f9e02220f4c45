package fuzz

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/host"
	"sockpair/fuzz/program"
	"sockpair/replay"
)

var (
	calls    = flag.Int("calls", 20000, "calls to compare with the host")
	blocking = flag.Bool("blocking", true, "calls of families may fall asleep")
)

// both are the emulator and the host, on which programs are run.
type both struct {
	emulator *replay.Emulator
	kernel   *host.Machine
}

// start begins a process on each, with /dev/null at 0, 1 and 2.
func (b both) start(t testing.TB) (e, k program.Process) {
	e, err := b.emulator.NewProcess()
	require.NoError(t, err)
	k, err = b.kernel.NewProcess()
	require.NoError(t, err)
	for fd := range 3 {
		require.NoError(t, e.Foreign(fd, "/dev/null"))
		require.NoError(t, k.Foreign(fd, "/dev/null"))
	}
	return e, k
}

// difference is where a program shows two results.
type difference struct {
	p         program.Program
	at        int
	host, emu program.Result
	before    []string // the lines until then
	check     error    // of the emulator
}

func (d difference) String() string {
	s := strings.Join(d.before, "\n") + "\n- " + d.p[d.at].Line(d.host)
	if d.host != d.emu {
		s += "\n+ " + d.p[d.at].Line(d.emu)
	}
	if d.check != nil {
		s += "\nSystem.Check() = " + d.check.Error()
	}
	return s
}

// patience is how long the kernel gets to collect sockets that are only in
// flight, where a difference is to be confirmed.
const patience = 150 * time.Millisecond

// collect makes the kernel look for sockets that are only in flight: the end of
// any socket sets it to work.
func (b both) collect(t testing.TB, wait time.Duration) {
	p, err := b.kernel.NewProcess()
	require.NoError(t, err)
	require.NoError(t, p.Socketpair(emu.AF_UNIX, emu.SOCK_STREAM, 0, new([2]int)))
	p.Exit(0)
	time.Sleep(wait)
}

// compare runs p on both and returns the first difference, nil for none.
// After a call that may have dropped a socket it waits.
func (b both) compare(t testing.TB, p program.Program, wait time.Duration) *difference {
	e, k := b.start(t)
	defer e.Exit(0)
	defer k.Exit(0)
	d := &difference{p: p}
	for i, c := range p {
		if c.AsksForeign(e) {
			continue
		}
		if i > 0 && wait > 0 && drops(p[i-1].Name) {
			b.collect(t, wait)
		}
		d.at, d.host, d.emu = i, program.Run(k, c), program.Run(e, c)
		if d.host != d.emu {
			return d
		}
		if err := b.emulator.Check(); err != nil {
			d.check = err
			return d
		}
		d.before = append(d.before, c.Line(d.host))
		if d.host.Ended {
			return nil
		}
	}
	return nil
}

// drops reports whether a call may drop the last reference to a socket.
func drops(name string) bool {
	switch name {
	case "close", "close_range", "dup2", "dup3", "read", "readv", "recvfrom", "recvmsg", "recvmmsg",
		"exit_group", "exit", "execve", "kill", "tgkill":
		return true
	}
	return false
}

// same reports whether two differences look like the same one.
func (d *difference) same(other *difference) bool {
	return other != nil && d.key() == other.key()
}

func (d *difference) key() string {
	return fmt.Sprint(d.p[d.at].Name, d.host.Err, d.emu.Err, d.host.Ret == d.emu.Ret, d.check != nil)
}

func TestProgramsBehaveAsOnTheHost(t *testing.T) {
	var b both
	b.emulator, b.kernel = machines(t)
	r := random(t)
	n, late, found := 0, 0, map[string]int{}
	for n < *calls && len(found) < 25 {
		g := program.Generator{From: r, ByCall: r.Intn(4) == 0, Large: r.Intn(4) == 0, Deadly: r.Intn(8) == 0, Ancillary: r.Intn(2) == 0, Readiness: r.Intn(2) == 0}
		p := g.Program(5 + r.Intn(60))
		n += len(p)
		d := b.compare(t, p, 0)
		if d == nil {
			continue
		}
		found[d.key()]++
		if found[d.key()] > 2 {
			continue
		}
		short := program.Shrink(d.p, func(q program.Program) bool { return d.same(b.compare(t, q, 0)) })
		if d = b.compare(t, short, patience); d != nil {
			t.Errorf("different:\n%v", d)
		} else {
			late++
		}
	}
	t.Logf("compared %d calls; %d differences were gone when the kernel had time", n, late)
}
