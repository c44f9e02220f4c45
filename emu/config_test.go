package emu

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"sockpair/buffer"
	"sockpair/errno"
)

// New says which field is wrong and what was expected.
func TestNewNamesTheFieldThatIsWrong(t *testing.T) {
	without := func(spoil func(*Personality)) Config {
		rules := Linux()
		spoil(rules)
		return Config{Personality: rules}
	}
	for want, cfg := range map[string]Config{
		"emu.Config.MaxFiles = -1, expected 0 or more":                            {MaxFiles: -1},
		"emu.Config.MaxSockets = -2, expected 0 or more":                          {MaxSockets: -2},
		"emu.Config.MaxMemory = -1, expected 0 or more":                           {MaxMemory: -1},
		"emu.Config.SoftFiles = -1, expected 0 or more":                           {SoftFiles: -1},
		"emu.Config.HardFiles = -1, expected 0 or more":                           {HardFiles: -1},
		"emu.Config.FirstPid = -1, expected 0 or more":                            {FirstPid: -1},
		"emu.Config.UID = -1, expected 0 or more":                                 {UID: -1},
		"emu.Config.GID = -1, expected 0 or more":                                 {GID: -1},
		"emu.Config.SoftFiles = 9, expected at most HardFiles = 8":                {SoftFiles: 9, HardFiles: 8},
		"emu.Config.SoftFiles = 1024, expected at most HardFiles = 8":             {HardFiles: 8},
		"emu.Personality.Pair is missing; begin with emu.Linux() or emu.POSIX()":  {Personality: &Personality{}},
		"emu.Personality.Charging is missing":                                     without(func(r *Personality) { r.Charging = buffer.Charging{} }),
		"emu.Personality.Admission is missing":                                    without(func(r *Personality) { r.Admission.Wake = nil }),
		"emu.Personality.Buffers is missing":                                      without(func(r *Personality) { r.Buffers.Factor = 0 }),
		"emu.Personality.Families is missing":                                     without(func(r *Personality) { r.Families = nil }),
		"emu.Personality.Options is missing":                                      without(func(r *Personality) { r.Options = nil }),
		"emu.Personality.StreamApart is missing":                                  without(func(r *Personality) { r.StreamApart = 0 }),
		"emu.Personality.Addresses is missing; begin":                             without(func(r *Personality) { r.Addresses.Backlog = nil }),
		"emu.Personality.Addresses is missing":                                    without(func(r *Personality) { r.Addresses.BacklogFull = 0 }),
		"emu.Personality.DgramNoPeer is missing":                                  without(func(r *Personality) { r.DgramNoPeer = 0 }),
		"emu.Personality.UnknownType is missing":                                  without(func(r *Personality) { r.UnknownType = 0 }),
		"emu.Personality.Charging is missing; begin with emu.Linux() or emu.POSI": without(func(r *Personality) { r.Charging.Chunk = nil }),
	} {
		sys, err := New(cfg)
		if sys != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("New = %v, %v, want nil, %q", sys, err, want)
		}
	}
}

// The zero Config is Linux, with limits that a test does not meet.
func TestZeroConfigIsLinux(t *testing.T) {
	p := newProg(t, Config{})
	equal(t, "personality", p.sys.Personality().Name, "linux")
	limit, err := p.Getrlimit(RLIMIT_NOFILE)
	says(t, "Getrlimit", 0)(err)
	equal(t, "limit", limit, Rlimit{1024, 1 << 20})
	equal(t, "Cred()", p.Cred(), Cred{1000, 0, 0})
	big := newProg(t, Config{SoftFiles: 1 << 21})
	limit, _ = big.Getrlimit(RLIMIT_NOFILE)
	equal(t, "limit", limit, Rlimit{1 << 21, 1 << 21})
	tight := newProg(t, Config{MaxFiles: math.MaxInt32, MaxSockets: math.MaxInt32, MaxMemory: math.MaxInt, SoftFiles: 2, HardFiles: 2})
	tight.pair(SOCK_STREAM)
}

// A machine keeps the rules that it was given: neither the giver nor who asks
// for them can change them.
func TestMachineKeepsItsRules(t *testing.T) {
	rules := POSIX()
	p := newProg(t, Config{Personality: rules})
	rules.PipeTypes, rules.UnknownType = 0, errno.EIO
	copied := p.sys.Personality()
	copied.UnknownType = errno.EIO
	var sv [2]int
	says(t, "Socketpair", errno.EPROTOTYPE)(p.Socketpair(AF_UNIX, 9, 0, &sv))
	equal(t, "UnknownType", p.sys.Personality().UnknownType, errno.EPROTOTYPE)
}

// The two personalities are fresh values each time.
func TestPersonalitiesAreFreshValues(t *testing.T) {
	for _, fresh := range []func() *Personality{Linux, POSIX} {
		one, two := fresh(), fresh()
		one.Pair[0] = StepFiles
		delete(one.Families, AF_UNIX)
		delete(one.Options, SO_TYPE)
		if two.Pair[0] == StepFiles || len(two.Families) == len(one.Families) || len(two.Options) == len(one.Options) {
			t.Errorf("%s: a change of one value shows in another", one.Name)
		}
	}
}

// A type set holds what it was made of.
func TestTypeSet(t *testing.T) {
	set := Types(SOCK_STREAM, SOCK_SEQPACKET)
	for typ := range 16 {
		equal(t, fmt.Sprintf("Types(1, 5).Has(%d)", typ), set.Has(typ), typ == 1 || typ == 5)
	}
	equal(t, "Types()", Types(), 0)
}

// Machines share nothing.
func TestMachinesShareNothing(t *testing.T) {
	one, two := newProg(t, Config{}), newProg(t, Config{})
	one.pair(SOCK_STREAM)
	equal(t, "open files of the other machine", two.sys.Files(), 0)
	says(t, "Kill of the other machine's process", errno.ESRCH)(one.Kill(two.Getpid()+1, 0))
}
