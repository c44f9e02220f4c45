package fuzz

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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

// compare runs p on both and returns the first difference, nil for none.
func (b both) compare(t testing.TB, p program.Program) *difference {
	e, k := b.start(t)
	defer e.Exit(0)
	defer k.Exit(0)
	d := &difference{p: p}
	for i, c := range p {
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
	n, found := 0, map[string]int{}
	for n < *calls && len(found) < 25 {
		g := program.Generator{From: r, ByCall: r.Intn(4) == 0, Large: r.Intn(4) == 0, Deadly: r.Intn(8) == 0}
		p := g.Program(5 + r.Intn(60))
		n += len(p)
		d := b.compare(t, p)
		if d == nil {
			continue
		}
		found[d.key()]++
		if found[d.key()] > 2 {
			continue
		}
		short := program.Shrink(d.p, func(q program.Program) bool { return d.same(b.compare(t, q)) })
		if d = b.compare(t, short); d != nil {
			t.Errorf("different:\n%v", d)
		} else {
			t.Errorf("different, but not again:\n%v", short)
		}
	}
	t.Logf("compared %d calls", n)
}
