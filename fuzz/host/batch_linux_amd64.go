package host

import (
	"iter"
	"sync/atomic"

	"sockpair/errno"
	"sockpair/replay"
)

// A call costs a way to the agent and back, which on a busy machine is fifty
// times what the system call takes. Together makes many calls with one request.
// Each is written as if it were made alone, by the methods of Process: it runs
// in a coroutine, stops where it would have asked the agent, and goes on when
// the request has been answered.

// Together makes n calls of the process, call(i, q) the i-th: exactly one
// system call, by a method of q. It must not make a task or run a program, and
// must not sleep, for nobody would be told of it. What one call returns must not
// steer another.
//
// Calls after the end of the process say that it has ended, as they do alone.
func (p *Process) Together(n int, call func(i int, q replay.Process)) {
	for first := 0; first < n; {
		first += p.some(n-first, func(i int, q replay.Process) { call(first+i, q) })
	}
}

// The bounds of one request: calls, and bytes of arguments, of which one call
// may still need as many as are left.
const (
	maxBatch = 256
	maxLaid  = arenaSize / 4
)

// some makes as many of n calls as one request takes, and says how many.
func (p *Process) some(n int, call func(i int, q replay.Process)) (made int) {
	b := &batch{memory: p.task.memory()}
	b.table, b.at = b.memory.reserve(entrySize * min(n, maxBatch))
	var resume []func() (struct{}, bool)
	for made < min(n, maxBatch) && b.memory.used < maxLaid {
		i := made
		next, stop := iter.Pull(func(yield func(struct{}) bool) {
			q := &Process{proc: p.proc, task: p.task, together: b}
			b.wait = yield
			call(i, q)
		})
		defer stop()
		if _, laid := next(); !laid {
			panic("host: a call of Together that makes no system call")
		}
		resume = append(resume, next)
		made++
	}
	b.run(p)
	for i, next := range resume {
		b.current = i
		if _, more := next(); more {
			panic("host: a call of Together that makes more than one system call")
		}
	}
	p.Deliver()
	return made
}

// batch is calls that are collected for one request.
type batch struct {
	memory *memory
	table  []byte // the entries
	at     uintptr
	laid   int // entries
	done   int // entries whose call has returned

	wait    func(struct{}) bool // stops the call that is being laid out
	current int                 // the call that goes on
}

// run makes the calls.
func (b *batch) run(p *Process) {
	if !p.begin() {
		return
	}
	defer p.task.mu.Unlock()
	defer p.proc.m.running.RUnlock()
	count := p.task.m.long(p.task.box, mailboxCount)
	atomic.StoreUint64(count, 0)
	p.task.do(numberBatch, b.at, uintptr(b.laid)) // the count tells also of a process that has ended
	b.done = int(atomic.LoadUint64(count))
}

// call is a system call whose arguments are numbers.
func (b *batch) call(number uintptr, args ...uintptr) (int, errno.Errno) {
	entry := b.table[entrySize*b.laid:]
	b.laid++
	putLong(entry, entryNumber, uint64(number))
	for i := range 6 {
		a := uintptr(0)
		if i < len(args) {
			a = args[i]
		}
		putLong(entry, entryArgs+8*i, uint64(a))
	}
	if !b.wait(struct{}{}) || b.current >= b.done {
		return -1, errEnded
	}
	return result(int64(long(entry[entryResult:], 0)))
}

// with is Process.with.
func (b *batch) with(p *Process, number uintptr, lay func(m *memory) []uintptr) (int, error) {
	m := *b.memory
	args := lay(&m)
	b.memory.used = m.used
	n, err := b.call(number, args...)
	m.result = n
	if err != errEnded {
		for _, load := range m.load {
			load()
		}
	}
	return n, p.error(err)
}
