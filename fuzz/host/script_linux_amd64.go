package host

import (
	"encoding/binary"
	"fmt"
	"sync/atomic"

	"sockpair/errno"
)

// Script is raw system calls that an agent makes in order, with one request.
// Where Together runs each call's method, a script is laid out once by whoever
// knows the kernel's structures: a call costs the system call and no more.
//
//	s := p.NewScript(calls)
//	mem, at := s.Memory(n)       // of the agent, which both sides see
//	s.Keep()                     // what was laid out so far stays
//	i := s.Call(number, args...) // as often as there is room
//	err := s.Run()
//	n, e, signals := s.Result(i) // and what the call has stored in mem
//	s.Clear()                    // forget the calls, and the memory since Keep
//
// A script has the agent's memory to itself: until its last Run and Result no
// other call of the process is made. Its calls must not sleep for ever, for
// nobody is told of it before Machine.Timeout, and must not make a task or run
// a program.
type Script struct {
	p      *Process
	memory *memory
	table  []byte // the entries
	at     uintptr
	laid   int // entries
	made   int // entries whose call has returned
	kept   int // bytes of memory that Clear leaves
	before uint32
}

// NewScript makes a script of at most so many calls.
func (p *Process) NewScript(calls int) *Script {
	s := &Script{p: p, memory: p.task.memory()}
	s.table, s.at = s.memory.reserve(entrySize * calls)
	s.Keep()
	return s
}

// Memory is n bytes of the agent, and where they are in it. They have what the
// last user left.
func (s *Script) Memory(n int) (mem []byte, at uintptr) { return s.memory.reserve(n) }

// Unmapped is an address in the agent at which there is no memory.
func (s *Script) Unmapped() uintptr { return nowhere }

// Keep makes what was taken of the memory so far stay at Clear.
func (s *Script) Keep() { s.kept = s.memory.used }

// Clear forgets the calls, and the memory that was taken since Keep.
func (s *Script) Clear() { s.laid, s.made, s.memory.used = 0, 0, s.kept }

// Room is how many calls and bytes of memory there is room for.
func (s *Script) Room() (calls, bytes int) {
	return len(s.table)/entrySize - s.laid, len(s.memory.room) - s.memory.used
}

// Call adds a system call and returns its place in the script.
func (s *Script) Call(number uintptr, args ...uintptr) (i int) {
	entry := s.table[entrySize*s.laid : entrySize*(s.laid+1)]
	putLong(entry, entryNumber, uint64(number))
	for k := range 6 {
		a := uintptr(0)
		if k < len(args) {
			a = args[k]
		}
		putLong(entry, entryArgs+8*k, uint64(a))
	}
	s.laid++
	return s.laid - 1
}

// Run makes the calls. The error says that the process has ended.
func (s *Script) Run() error {
	if !s.p.begin() {
		return s.p.error(errEnded)
	}
	defer s.p.finish()
	t := s.p.task
	count := t.m.long(t.box, mailboxCount)
	atomic.StoreUint64(count, 0)
	s.before = atomic.LoadUint32(t.m.word(t.box, mailboxSignals))
	_, e := t.do(numberBatch, s.at, uintptr(s.laid))
	s.made = int(atomic.LoadUint64(count))
	if e != 0 {
		return fmt.Errorf("call %d of %d: %w", s.made, s.laid, s.p.error(e))
	}
	return nil
}

// Result is what the i-th call has returned, and how many handled signals have
// come while it was made. It panics when the call was not made.
func (s *Script) Result(i int) (n int, err errno.Errno, signals int) {
	if i >= s.made {
		panic("host: the result of a call that was not made")
	}
	entry := s.table[entrySize*i:]
	after := binary.LittleEndian.Uint32(entry[entrySignals:])
	before := s.before
	if i > 0 {
		before = binary.LittleEndian.Uint32(s.table[entrySize*(i-1)+entrySignals:])
	}
	n, err = result(int64(long(entry[entryResult:], 0)))
	return n, err, int(after - before)
}
