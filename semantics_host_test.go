//go:build linux && amd64

package sockpair_test

import (
	"os"
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
				got := l.run(t, v, kernel)
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
