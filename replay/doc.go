// Package replay runs a log of strace on a machine, the emulator as a rule,
// and compares what comes out with what was recorded. A line without a result
// is run and printed with its result; a line with one is run and compared.
//
// # How a log is run
//
//	log.go        the text becomes moments: calls begin, calls return, signals come, processes end
//	merged.go     logs of which the times of returns are not known
//	run.go        one pass: at each moment the call that begins is started, and
//	              the one that returns must have finished
//	calls*.go     one function for each system call: from the arguments as
//	              printed to a call of Process, and from its outcome to a comparison
//	drive.go      calls that may sleep run in goroutines; the machine is at rest
//	              when each has finished or sleeps
//	search.go     if something differs: other moments for calls that overlapped
//	world.go      which descriptors are ends of pairs; what is uncertain about an end
//	unseen.go     tasks that the log does not follow
//	blind.go      logs that do not show how processes are made
//	trusted.go    names that a recording takes for granted: directories, stale names, peers outside it
//	outside.go    calls that are not run, and what they make
//	objects*.go   counters, timers and processes as descriptors
//	reopen.go     pipes that are opened again by the name of a descriptor
//	control.go    control messages; flight.go descriptors in them
//	reasons.go    why calls are skipped, and what is never compared: closed lists
//	report.go     verdicts and totals
//	print.go      the way back: what an emulated machine does, as a log; events.go its arguments
//	recorder*.go  the same for every machine: a wrapper that tells what is done
//
// # What is compared
//
// Calls on ends of socket pairs and other sockets of AF_UNIX and on their names,
// on pipes, counters, timers and pidfds, and on descriptors that are not open: the
// value returned, errno, data, flags of messages, the numbers of descriptors,
// the events of poll. Calls on anything else are skipped; descriptors that are
// not under test are opened, copied and closed on the machine as well, so that
// the lowest free number stays the recorded one. reasons.go has the lists.
//
// A call that is skipped although it is on an end taints what it could have
// changed there, and nothing else: the data that the peer reads, the room for
// sends, the state, the names. Later calls that look at a tainted facet count
// as tainted, never as equal.
//
// A socket that is connected to somebody whom the log does not show leaves the
// test, and so does what such a client or sender is served. Names that the
// kernel has chosen are mapped, as process ids are.
//
// Ancillary data that an end of a pair carries is run and compared as the rest.
// What a socket outside the test carries is followed from the log (flight.go).
//
// # Time, and calls that sleep
//
// Time does not pass of itself. A call that sleeps when its recorded return
// comes is let time out, if it has a time-out; it is interrupted, if the log
// says so; otherwise it is reported as still blocked, and ended by a signal
// that logs cannot use. Nothing waits for anything that may not come. A timer
// (timerfd) expires when the log shows that it has, and at once when it is set to
// a time that has passed; what is left of its time is not compared.
//
// # What is taken on trust
//
// Signals that nobody in the log has sent come from outside it, and so does a
// deadly one; a program that survives EPIPE began with SIGPIPE ignored. What was
// at a path before the log, or has become of it unseen, follows from the
// recorded results of bind, connect, sends and of the calls on files.
// Options.Strict, for scripts that are complete, takes none of this.
//
// # What no order explains
//
// A write to a stream that sleeps is many steps, between which the machine lets
// nothing in but what the log's calls make room for: several writers that sleep
// on one end of a stream may interleave otherwise than any order of whole calls
// does, and are then reported as different.
//
// # What a Printer writes beyond strace
//
// strace does not show what a receive had room for, nor which memory was bad.
// A Printer does, and it is understood: msg_controllen=100 => 32 is room and
// length, 0xbad000 is bad memory and 0x7ffe00000000 good, whatever came of the
// call; the header of a receive that failed is complete; control messages that
// are malformed, and addresses with bytes behind their end, are strings.
//
// # Machines
//
// A comment before the first call may say on what machine a script runs:
//
//	# machine: MaxFiles=6 Authorize=no Personality=posix
//
// The fields are those of emu.Config: MaxFiles, MaxSockets, MaxMemory,
// SoftFiles, HardFiles, UID, GID, FirstPid; Authorize is yes or no. Each process that
// no call of the log makes begins with descriptors 0, 1 and 2, which count as
// open files of the machine.
package replay
