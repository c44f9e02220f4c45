package replay

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sockpair/emu"
	"sockpair/strace"
)

// A directive is a comment that says on what machine a script runs:
//
//	# machine: MaxFiles=6 Authorize=no UID=1000
//
// It stands before the first call. The fields are those of emu.Config with a
// number as value, Authorize, which is yes or no, and Personality, which is
// linux or posix.
type directive struct {
	config      func(*emu.Config)
	personality string
}

// user takes note of the first user id that the log shows of a process: that
// of a signal's sender, which is one of the recorded processes as a rule.
func (s *script) user(l strace.Line) {
	if s.uid != 0 || l.Kind != strace.LineSignal {
		return
	}
	if uid, ok := field(l.Signal.Info, "si_uid"); ok && uid > 0 && uid < 1<<31 {
		s.uid = int(uid)
	}
}

// someUser is the user of processes of which the log shows only that they are
// not user 0's.
const someUser = 1000

// configure is what the log says of the machine.
func (s *script) configure(c *emu.Config) {
	if c.UID == 0 {
		c.UID = s.uid
	}
	if s.known.paths {
		c.Directories = append(slices.Clone(c.Directories), "/tmp") // so a machine sees that paths occur
	}
	if !s.strict {
		if s.known.refused && c.UID == 0 {
			c.UID = someUser
		}
		c.Directories = append(c.Directories, s.known.needed...)
	}
	if s.machine != nil {
		s.machine.config(c)
	}
}

const directivePrefix = "# machine:"

// directive takes note of a line if it is a directive.
func (s *script) directive(l strace.Line, file string) error {
	if l.Kind != strace.LineNote || !strings.HasPrefix(l.Text, directivePrefix) {
		return nil
	}
	fail := func(at int, expected, found string) error {
		return &strace.SyntaxError{File: file, Line: l.Number, Column: at + 1, Expected: expected, Found: found}
	}
	if len(s.calls) > 0 {
		return fail(0, "no directive after the first call", l.Text)
	}
	if s.machine == nil {
		s.machine = &directive{config: func(*emu.Config) {}}
	}
	for at := len(directivePrefix); at < len(l.Text); {
		word, _, _ := strings.Cut(l.Text[at:], " ")
		if word != "" {
			if expected := s.machine.set(word); expected != "" {
				return fail(at, expected, strconv.Quote(word))
			}
		}
		at += len(word) + 1
	}
	return nil
}

// set applies one field=value. It returns what was expected instead.
func (d *directive) set(word string) (expected string) {
	name, value, _ := strings.Cut(word, "=")
	before := d.config
	switch name {
	case "Personality":
		if value != "linux" && value != "posix" {
			return "Personality=linux or Personality=posix"
		}
		d.personality = value
		return ""
	case "Authorize":
		if value != "yes" && value != "no" {
			return "Authorize=yes or Authorize=no"
		}
		d.config = func(c *emu.Config) {
			before(c)
			c.Authorize = func(emu.Cred, int, int, int) bool { return value == "yes" }
		}
		return ""
	}
	if configField(&emu.Config{}, name) == nil {
		return "a field of the machine (MaxFiles, MaxSockets, MaxMemory, SoftFiles, HardFiles, UID, GID, FirstPid, Authorize, Personality) and its value"
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		return fmt.Sprintf("%s=number", name)
	}
	d.config = func(c *emu.Config) {
		before(c)
		*configField(c, name) = n
	}
	return ""
}

// configField is a field of the configuration that a directive may set.
func configField(c *emu.Config, name string) *int {
	switch name {
	case "MaxFiles":
		return &c.MaxFiles
	case "MaxSockets":
		return &c.MaxSockets
	case "MaxMemory":
		return &c.MaxMemory
	case "SoftFiles":
		return &c.SoftFiles
	case "HardFiles":
		return &c.HardFiles
	case "UID":
		return &c.UID
	case "GID":
		return &c.GID
	case "FirstPid":
		return &c.FirstPid
	}
	return nil
}
