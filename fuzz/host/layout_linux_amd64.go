package host

// The segment of memory that the agents share with their owner is an array of
// mailboxes, one for each task. A mailbox begins with the fields below, goes
// on with a stack for signal handlers, and for the most part is room for the
// arguments of system calls. layout_linux_amd64.h has the same numbers.
const (
	segmentAt    = 0x100000000000 // where the segment is in an agent
	segmentID    = 0x400078       // where the agent's program holds the segment's id
	mailboxShift = 25             // a mailbox is 32 MiB, of which only what was used takes memory
	mailboxes    = 48
	lifeline     = 3 // the janitor's descriptor whose end of file is its owner's end

	mailboxState   = 0   // uint32: a futex
	mailboxRole    = 4   // uint32
	mailboxPid     = 8   // uint32: process to kill when the owner is gone
	mailboxTid     = 12  // uint32: the task
	mailboxNumber  = 16  // uint64: the system call
	mailboxArgs    = 24  // [6]uint64
	mailboxResult  = 72  // int64
	mailboxChild   = 80  // uint64: the address of the mailbox of a task that clone makes
	mailboxCount   = 88  // uint64: calls of a batch that have returned
	mailboxSignals = 128 // [65]uint32: how often each signal was handled; 0 is the sum

	stateDone    = 1 // the owner may post
	stateRequest = 2 // the agent has something to do

	roleJanitor = 1

	// The number of no system call: the request is a batch, whose entries begin
	// at the first argument and are as many as the second says.
	numberBatch = 1 << 20

	// An entry of a batch.
	entryNumber  = 0  // uint64: the system call
	entryArgs    = 8  // [6]uint64
	entryResult  = 56 // int64
	entrySignals = 64 // uint32: mailboxSignals[0] when the call had returned
	entrySize    = 72

	stackEnd  = 128 << 10 // the stack of signal handlers ends here, and the arguments begin
	arenaSize = 1<<mailboxShift - stackEnd
)

// nowhere is an address that no agent has mapped, and more than anybody asks
// for behind it.
const nowhere = 0x200000000000
