package emu

import (
	"encoding/binary"
	"math"

	"sockpair/errno"
)

// OptionTable are the socket options of level SOL_SOCKET, by number: a
// personality's answer to getsockopt and setsockopt. A number without a row is
// unknown: ENOPROTOOPT. The row OtherLevel stands for every option of every
// other level.
type OptionTable map[int]Option

// OtherLevel is the number of the row whose NoGet and NoSet answer for all
// levels but SOL_SOCKET: sockets of AF_UNIX have no options of their own.
const OtherLevel = math.MinInt

// SO_DEVMEM_DONTNEED is an option that is refused with an errno of its own.
const SO_DEVMEM_DONTNEED = 80

// OptionKind says how a value lies in memory.
type OptionKind uint8

// The kinds of option.
const (
	OptionNumber OptionKind = iota // an int
	OptionFlag                     // an int; what is not 0 is stored as 1
	OptionRecord                   // a struct or a string, which the row takes apart
)

// Option is one row of an OptionTable. A row with a name and nothing else is a
// number that can be set to anything, is read back and has no effect.
type Option struct {
	Name    string // as strace writes it
	Kind    OptionKind
	Default int // what a fresh socket has; with NoSet what every socket has

	// NoGet and NoSet say why the option cannot be read or set; 0: it can.
	NoGet, NoSet errno.Errno
	// Allow may refuse to change a number or a flag. nil allows everything.
	Allow func(OptionChange) errno.Errno

	value func(*end) int        // the number, where it is not simply stored
	store func(*end, int)       // what setting it does, where that is more than storing
	get   func(*end, int) reply // an OptionRecord, for room for so many bytes
	set   func(*setting) errno.Errno
	early bool // set looks at the length and the memory itself
	// process: the value is a descriptor of this process.
	process func(e *end) *proc
}

// named is the row under another name, with the same storage.
func (o Option) named(name string) Option {
	o.Name = name
	return o
}

// OptionChange is a new number for an option, on the way to being stored.
type OptionChange struct {
	Root     bool // the caller is user 0
	Old, New int
}

// reply is what getsockopt hands out: bytes, and the length that it reports.
type reply struct {
	val    []byte
	length int
	err    errno.Errno // ERANGE still reports length
}

// cut is the reply with as much of val as there is room for.
func cut(val []byte, room int) reply {
	n := min(len(val), room)
	return reply{val: val[:n], length: n}
}

// words are numbers as they lie in the memory of Linux x86-64.
func words(numbers ...int) []byte {
	var b []byte
	for _, n := range numbers {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b
}

// word is the int that b begins with.
func word(b []byte) int { return int(int32(binary.LittleEndian.Uint32(b))) }

// options are the values that have been set on one end, by any of its
// descriptors. Guarded by the link's lock; an end has none until the first is set.
type options struct {
	numbers map[int]int // by option; those that are not here have their default

	rcvlowat   int
	peekOffset int
	recv, send timeout
	linger     [2]int // on, seconds
	bufLock    int    // bit 0: SO_SNDBUF was set; bit 1: SO_RCVBUF
	stamp      stamps
	stamping   int    // flags of SO_TIMESTAMPING
	txtime     [2]int // clock, flags
	pacing     uint64
	filter     []SockFilter
	cookie     uint64
	noRoom     bool // a send has found no room since the last signal for room
}

// opts are the end's values, to be changed.
func (e *end) opts() *options {
	if e.options == nil {
		e.options = &options{numbers: map[int]int{}, rcvlowat: 1, peekOffset: -1, pacing: math.MaxUint64}
	}
	return e.options
}

// view are the end's values, to be looked at.
func (e *end) view() options {
	if e.options == nil {
		return options{rcvlowat: 1, pacing: math.MaxUint64}
	}
	return *e.options
}

// number is the value of an OptionNumber or an OptionFlag.
func (e *end) number(name int) int {
	row := e.rules().Options[name]
	if row.value != nil {
		return row.value(e)
	}
	if v, ok := e.view().numbers[name]; ok {
		return v
	}
	return row.Default
}

// setNumber is a setsockopt that has passed all tests but the row's own.
func (s *setting) setNumber(row *Option) errno.Errno {
	v := s.first
	if row.Kind == OptionFlag {
		v = asFlag(v)
	}
	if row.Allow != nil {
		if err := row.Allow(OptionChange{Root: s.root, Old: s.end.number(s.name), New: v}); err != 0 {
			return err
		}
	}
	if row.store != nil {
		row.store(s.end, v)
	} else {
		s.end.opts().numbers[s.name] = v
	}
	return 0
}

func asFlag(v int) int {
	if v != 0 {
		return 1
	}
	return 0
}

// rcvlowat is SO_RCVLOWAT: how many bytes a receive waits for.
func (e *end) rcvlowat() int {
	if e.options == nil {
		return 1
	}
	return e.options.rcvlowat
}

// The rules of Option.Allow.

// every applies rules in turn; the first that refuses decides.
func every(rules ...func(OptionChange) errno.Errno) func(OptionChange) errno.Errno {
	return func(c OptionChange) errno.Errno {
		for _, rule := range rules {
			if err := rule(c); err != 0 {
				return err
			}
		}
		return 0
	}
}

// rootOnly refuses other users than 0.
func rootOnly(c OptionChange) errno.Errno {
	if !c.Root {
		return errno.EPERM
	}
	return 0
}

// only refuses with err what ok does not accept.
func only(err errno.Errno, ok func(OptionChange) bool) func(OptionChange) errno.Errno {
	return func(c OptionChange) errno.Errno {
		if !ok(c) {
			return err
		}
		return 0
	}
}

// within refuses numbers outside [low, high] with EINVAL.
func within(low, high int) func(OptionChange) errno.Errno {
	return only(errno.EINVAL, func(c OptionChange) bool { return c.New >= low && c.New <= high })
}

// rootOr refuses with err what ok does not accept, unless the caller is user 0.
func rootOr(err errno.Errno, ok func(OptionChange) bool) func(OptionChange) errno.Errno {
	return only(err, func(c OptionChange) bool { return c.Root || ok(c) })
}

func off(c OptionChange) bool { return c.New == 0 }
