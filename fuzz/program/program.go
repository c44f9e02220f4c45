// Package program has programs as data: calls with their arguments, made at
// random, that can be run on an emulated process or on one of the host,
// printed in the notation of strace, and made shorter.
//
//	program.go   Call and its parts
//	process.go   what a program can be run on
//	run.go       one call: make it, put its result into a text that can be compared
//	print.go     the notation
//	generate.go  programs at random, from a stream of choices
//	generate_messages.go, generate_rare.go   its parts
//	choices.go   the values that arguments are chosen from
//	control.go   control messages: descriptors and credentials
//	readiness.go epoll and select
//	family.go    programs of several tasks
//	world.go     a machine on which those run
//	lifecycle.go the calls of theirs that concern processes and signals
//	shrink.go    the shortest program that still shows something
package program

import "sockpair/emu"

// Program is a list of calls in the order in which they are made.
type Program []Call

// Call is one system call. Which fields count, and what Args mean, the switch
// in run.go says for each name.
type Call struct {
	Task  int    // who makes it: 0 is the first task, others in the order of fork and clone (World)
	Name  string // of the system call
	Fd    int
	Args  []int // the other arguments that are numbers
	Mem   []Mem // memory
	Msgs  []Msg
	Polls []emu.PollFd
}

// Kind says what memory there is behind a pointer.
type Kind uint8

// The kinds of memory.
const (
	Good Kind = iota
	Null      // a null pointer
	Bad       // an address that is not mapped
)

// Mem is memory of a program. Good memory has the bytes of Data or, when that
// is nil, Len bytes that follow from Fill.
type Mem struct {
	Kind Kind
	Len  int
	Fill byte
	Data []byte
}

// Msg is the argument of sendmsg and recvmsg.
type Msg struct {
	Null    bool // there is none
	Name    Mem
	Namelen int // a negative one is given as it is
	Iov     []Mem
	Control Mem
	Cmsgs   []Cmsg // in the place of Control, when there are any
}

// bytes makes the memory for one call.
func (m Mem) bytes() []byte {
	switch {
	case m.Kind == Null:
		return nil
	case m.Kind == Bad:
		return emu.BadAddress(m.Len)
	case m.Data != nil:
		return append([]byte(nil), m.Data...)
	}
	// No period that a size divides: a byte in the wrong place shows.
	b := make([]byte, m.Len)
	fill := m.Fill
	for at := 0; at < len(b); at += 256 {
		copy(b[at:], counting[fill:][:256])
		fill += 3
	}
	return b
}

// counting has every byte, twice, in order: 256 bytes from any of them on.
var counting = func() (b [512]byte) {
	for i := range b {
		b[i] = byte(i)
	}
	return b
}()

func (m Mem) len() int {
	switch {
	case m.Kind == Null:
		return 0
	case m.Data != nil:
		return len(m.Data)
	}
	return m.Len
}

// vector makes the memory of several buffers; nil for none.
func vector(mem []Mem) [][]byte {
	if mem == nil {
		return nil
	}
	bufs := make([][]byte, len(mem))
	for i, m := range mem {
		bufs[i] = m.bytes()
	}
	return bufs
}
