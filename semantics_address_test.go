package sockpair_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sockpair/emu"
	"sockpair/replay"
)

// addressWord is an address with its length, as laws write it:
//
//	to(s)      the path s, for a call to use
//	to(@s)     the abstract name s, behind a prefix that nobody else has
//	from(s)    what a call has stored, with room for any: the path s
//	from(@s)   an abstract name
//	from()     no name: the family alone
var addressWord = regexp.MustCompile(`\b(to|from)\((@?)([^()]*)\)`)

// placeholder begins the abstract names of laws; on the host another prefix of
// its length takes its place.
const placeholder = "00000000"

// address is an address in plain notation.
func address(word string) string {
	m := addressWord.FindStringSubmatch(word)
	use, abstract, name := m[1], m[2] != "", m[3]
	path, length := fmt.Sprintf("%q", name), len(name)+3
	if abstract {
		path, length = `@"`+placeholder+name+`"`, 3+len(placeholder)+len(strings.ReplaceAll(name, `\0`, "0"))
	}
	value := "{sa_family=AF_UNIX, sun_path=" + path + "}"
	if name == "" {
		value, length = "{sa_family=AF_UNIX}", 2
	}
	if use == "to" {
		return fmt.Sprintf("%s, %d", value, length)
	}
	return fmt.Sprintf("%s, [110 => %d]", value, length)
}

// named reports whether the law is about names, which it has in a directory
// of its own.
func (l *law) named() bool {
	return addressWord.MatchString(l.steps) || strings.Contains(l.steps, "sun_path=")
}

// lawDirectory is where laws about names run on the emulator.
const lawDirectory = "/law"

// within makes processes that begin in a directory.
func within(machine replay.Boot, dir string) replay.Boot {
	return func(configure func(*emu.Config), personality string) (replay.Machine, error) {
		m, err := machine(configure, personality)
		return placedMachine{m, dir}, err
	}
}

type placedMachine struct {
	replay.Machine
	dir string
}

func (m placedMachine) NewProcess() (replay.Process, error) {
	p, err := m.Machine.NewProcess()
	if err != nil {
		return nil, err
	}
	return p, p.(interface{ Chdir(path string) error }).Chdir(m.dir)
}

// User is the user of the machine's processes, whose privileges replay asks for.
func (m placedMachine) User() int { return m.Machine.(interface{ User() int }).User() }

func TestAddressWordsAreSpeltOut(t *testing.T) {
	for word, want := range map[string]string{
		"to(a/b)":     `{sa_family=AF_UNIX, sun_path="a/b"}, 6`,
		`to(@s\0)`:    `{sa_family=AF_UNIX, sun_path=@"00000000s\0"}, 13`,
		"from(s)":     `{sa_family=AF_UNIX, sun_path="s"}, [110 => 4]`,
		"from(@long)": `{sa_family=AF_UNIX, sun_path=@"00000000long"}, [110 => 15]`,
		"from()":      `{sa_family=AF_UNIX}, [110 => 2]`,
	} {
		l := law{steps: "bind(3, " + word + ") = 0"}
		require.Equal(t, "bind(3, "+want+") = 0\n", l.script(variant{}))
		require.True(t, l.named())
	}
}
