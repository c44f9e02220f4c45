//go:build linux && amd64

package sockpair_test

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/fuzz/host"
	"sockpair/replay"
)

// TestLawBookOnTheHost asks the kernel whether the laws about Linux are laws.
// With -host=strict a difference fails on a host like the one measured. One law
// at a time: some need real time, and an idle machine keeps it best.
func TestLawBookOnTheHost(t *testing.T) {
	if *hostFlag == "off" {
		t.Skip("-host=off")
	}
	m, err := host.New()
	if err != nil {
		t.Skip("no host to compare with: ", err)
	}
	require.NoError(t, m.Close())
	like, why := host.TakeFingerprint().Matches(host.Measured())
	for i := range lawBook {
		l := &lawBook[i]
		if l.emu != "" || l.only == "posix" {
			continue
		}
		t.Run(l.id, func(t *testing.T) {
			for _, v := range l.variants() {
				if v.personality != "linux" || v.user != "" && (v.user == "root") != (os.Geteuid() == 0) {
					continue
				}
				got := l.runOnTheHost(t, v)
				switch {
				case got == "":
				case *hostFlag == "strict" && like:
					t.Errorf("%v: %s [%s]\n%s", v, l.says, l.cite, got)
				default:
					t.Logf("%v: %s\n%s%s", v, l.says, got, why)
				}
			}
		})
	}
}

// runOnTheHost runs a law about names in a new directory, and with abstract
// names that nobody else has.
func (l *law) runOnTheHost(t *testing.T, v variant) string {
	if !l.named() {
		return l.run(t, v, kernel)
	}
	dir, err := os.MkdirTemp("", "sockpair-law-*")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(dir)) }()
	require.NoError(t, os.Chmod(dir, 0o777))
	free := fmt.Sprintf("%08x", uint32(os.Getpid())<<10|hostRuns.Add(1)&0x3ff)
	return l.runScript(t, strings.ReplaceAll(l.script(v), `@"`+placeholder, `@"`+free), within(kernel, dir))
}

// hostRuns counts the laws with names.
var hostRuns atomic.Uint32

// kernel makes a machine of the host's kernel.
func kernel(func(*emu.Config), string) (replay.Machine, error) {
	m, err := host.New()
	return kernelMachine{m}, err
}

type kernelMachine struct{ *host.Machine }

// User is the user of the machine's processes, whose privileges replay asks for.
func (kernelMachine) User() int { return os.Geteuid() }

func TestHostFingerprint(t *testing.T) {
	ok, why := host.TakeFingerprint().Matches(host.Measured())
	t.Logf("the host is %+v; as measured: %v %s", host.TakeFingerprint(), ok, why)
}
