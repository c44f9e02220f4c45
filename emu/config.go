package emu

import (
	"fmt"
	"math"
	"slices"

	"sockpair/errno"
)

// Config describes a machine. The zero value is Linux without limits that a
// test would meet by accident. New validates it, once.
type Config struct {
	// Personality are the rules; nil means Linux().
	Personality *Personality

	// MaxFiles is the machine's limit on open file descriptions: ENFILE
	// above it [ER-04]. 0 means none.
	MaxFiles int
	// MaxSockets is the number of sockets for which the machine has
	// resources: ENOBUFS above it [ER-09]. 0 means no limit.
	MaxSockets int
	// MaxMemory is the memory for sockets in bytes, of which each takes
	// its default send buffer: ENOMEM above it [ER-10]. 0 means no limit.
	MaxMemory int
	// Authorize is asked before a socket is made; false is EACCES [SP-09,
	// ER-08]. nil allows everything.
	Authorize func(who Cred, domain, typ, protocol int) bool

	// SoftFiles and HardFiles are RLIMIT_NOFILE of the processes that
	// NewProcess makes; 0 means 1024 and 1048576.
	SoftFiles, HardFiles int
	// UID and GID are the user and group of those processes.
	UID, GID int
	// FirstPid is the number of the first process; 0 means 1000.
	FirstPid int

	// Directories are made, with those above them, before the first process
	// begins, for everybody to write in (0777): absolute paths. "/" (0755)
	// and "/tmp" (01777) are there anyway.
	Directories []string

	// Observer is told of every call, one event at a time, in the
	// goroutine of the call. It must not call the machine, and buffers that
	// an event holds are the caller's: copy what is kept.
	Observer func(Event)
	// Clock is the machine's time; nil means package time's, which inside
	// testing/synctest is the bubble's.
	Clock Clock
	// OnBlock is told of each call that falls asleep (+1) or is woken (-1);
	// it must not call the machine.
	OnBlock func(delta int)
}

// complete validates and fills in defaults.
func (c *Config) complete() error {
	for _, f := range []struct {
		name     string
		value    *int
		standard int
	}{
		{"MaxFiles", &c.MaxFiles, math.MaxInt32},
		{"MaxSockets", &c.MaxSockets, math.MaxInt32},
		{"MaxMemory", &c.MaxMemory, math.MaxInt},
		{"SoftFiles", &c.SoftFiles, 1024},
		{"HardFiles", &c.HardFiles, max(1<<20, c.SoftFiles)},
		{"FirstPid", &c.FirstPid, 1000},
		{"UID", &c.UID, 0},
		{"GID", &c.GID, 0},
	} {
		if *f.value < 0 {
			return fmt.Errorf("emu.Config.%s = %d, expected 0 or more", f.name, *f.value)
		}
		if *f.value == 0 {
			*f.value = f.standard
		}
	}
	if c.SoftFiles > c.HardFiles {
		return fmt.Errorf("emu.Config.SoftFiles = %d, expected at most HardFiles = %d", c.SoftFiles, c.HardFiles)
	}
	if err := validDirectories(c.Directories); err != nil {
		return err
	}
	if c.Personality == nil {
		c.Personality = Linux()
	}
	if c.Clock == nil {
		c.Clock = realClock{}
	}
	return c.Personality.validate()
}

// incomplete reports whether a rule is missing without which a call that
// fails would say that it has succeeded.
func (r *AddressRules) incomplete() bool {
	return r.Backlog == nil || slices.Contains([]errno.Errno{r.WrongFamily, r.BindNowhere, r.SendToApart, r.ListenUnbound,
		r.ConnectListening, r.BacklogFull, r.ConnectLate}, 0)
}

// validate reports the first field without which the machine cannot run.
func (r *Personality) validate() error {
	for _, f := range []struct {
		name string
		bad  bool
	}{
		{"Pair", len(r.Pair) == 0},
		{"Charging", r.Charging.Chunk == nil || r.Charging.Stream == nil || r.Charging.Message == nil},
		{"Admission", r.Admission.Stream == nil || r.Admission.Message == nil || r.Admission.Wake == nil || r.Admission.Writable == nil},
		{"Buffers", r.Buffers.Default <= 0 || r.Buffers.Max <= 0 || r.Buffers.Factor <= 0},
		{"Families", r.Families == nil},
		{"Options", r.Options == nil},
		{"DgramNoPeer", r.DgramNoPeer == 0},
		{"StreamApart", r.StreamApart == 0},
		{"Addresses", r.Addresses.incomplete()},
		{"Names", r.Names.UnlinkDirectory == 0},
		{"UnknownType", r.UnknownType == errno.Errno(0)},
	} {
		if f.bad {
			return fmt.Errorf("emu.Personality.%s is missing; begin with emu.Linux() or emu.POSIX() and change fields", f.name)
		}
	}
	return nil
}
