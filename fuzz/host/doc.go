// Package host has the kernel of the host behind the methods of emu.Process,
// so that a program can be run on both and the two compared. It works on Linux
// for x86-64; elsewhere New says that it is not supported.
//
// A process is a real one, an agent: a program of a few hundred bytes that
// does one thing, which is to make the system calls that it is asked for. It
// has no language runtime, so that nothing but the kernel answers: no
// descriptor is open in it but 0, 1 and 2, it has one thread, every signal has
// its default, and Fork, Thread, Exec, Exit, Kill and Wait4 are the kernel's own.
//
//	agent_*.s     the text of the agent
//	layout_*      where things are in the segment of memory that agents and
//	              their owner share
//	program_*.go  the agent as a program file
//	machine_*.go  Machine: the segment, the mailboxes, the janitor
//	task_*.go     one request to an agent: post, wait, find out that it blocks
//	memory_*.go   the arguments in the agent's memory
//	batch_*.go    many calls in one request
//	script_*.go   the same without methods, for whoever makes millions
//	the others    the methods, in the files that emu has them in
//
// The segment is System V shared memory, because that needs no descriptor in
// the agent: programs may close, duplicate and limit descriptors as they like.
// It is marked for removal as soon as it exists, so the kernel frees it with
// its last user. A janitor waits for the end of its owner, however that comes,
// and kills the agents that are left.
//
// A handler of a signal runs in the agent as an instruction that counts; the
// Go function of SigAction is called in the owner when the call that was
// interrupted, or the next one, has returned. A handler that makes system
// calls therefore acts later than in reality.
package host
