// Package emu is the emulated machine: processes with descriptors, and
// AF_UNIX sockets between them, in pairs and by name, as POSIX writes them and
// as Linux does them. It makes no system call.
//
//	sys, _ := emu.New(emu.Config{})           // Linux; emu.POSIX() is the other personality
//	p := sys.NewProcess()
//	a, b, _ := p.Pair(emu.SOCK_STREAM)
//	p.Write(a, []byte("hello"))
//
// # The pieces
//
//	config.go system.go     a machine, its limits and its processes
//	process.go lifecycle.go a process and its tasks; fork, exec, exit, wait
//	signal.go sigaction.go kill.go delivery.go  signals: sets, dispositions, sending, delivery
//	file.go refs.go desc.go open file descriptions and their references; close, dup, fcntl
//	socketpair.go families.go  the call that makes a pair [SP, ER]
//	socket.go bind.go name.go  a socket by itself, and its name
//	listen.go connect.go    connections; whom a datagram socket sends to [DG-03]
//	pair.go                 the two ends, their lock, shutdown and close
//	state.go                what a decision may look at, and its verdict
//	stream.go dgram.go seqpacket.go   the decisions of each type [ST, DG, SQ]
//	message.go              the queue of the two message types
//	send.go recv.go         one send and one receive: decide, apply, again
//	far.go                  a datagram to a socket that shares no lock with its sender
//	io.go msg.go sendmsg.go recvmsg.go  the system calls that send and receive
//	plain.go pass.go        the short way of the calls that most programs make most
//	block.go wait.go clock.go  parking, waking and time, in one place
//	oob.go async.go owner.go  urgent bytes and the mark; SIGURG and SIGIO [ST-05]
//	control.go ancillary.go received.go  control messages: descriptors and credentials, sent and received
//	inflight.go search.go reap.go  what is in flight, what nobody can reach any more, and its end
//	graph.go                what is in flight, for people to read
//	poll.go select.go epoll*.go  readiness, a pure function of the state, and who waits for it
//	poller.go gate.go       waiting as Go's runtime does it, and not locking twice, for layers on top
//	object.go eventfd.go timerfd.go timer.go  other files that programs wait on together with sockets
//	pidfd.go pidfd_calls.go waitid.go  descriptors of processes
//	pipe*.go splice*.go     pipes; splice, tee and sendfile between them and sockets
//	position.go stat.go     preadv, lseek and kin; fstat, the list of descriptors
//	namespace.go namespace_walk.go  the files that give sockets their names; paths
//	namespace_edit.go namespace_rename.go  names made, removed and moved
//	namespace_calls.go namespace_attr.go namespace_place.go  the system calls on names
//	sockopt.go option*.go ioctl.go  options and requests, as tables
//	personality.go          the rules in which systems differ, as data
//	event.go                what Config.Observer is told
//	sockets.go              the list of sockets, as ss -x shows it
//	check.go                every invariant
//
// # How a byte travels
//
// Write finds the description of its descriptor without a lock, locks the
// pair, and asks the type's decision with a snapshot of the state. The verdict
// is deliver, end of file, fail or wait. Deliver puts a segment with its
// charge into the other end's queue. Before the lock is given back, settle
// serves the calls that are parked on either end: a parked read is completed
// there, by the writer, into the reader's buffer, and the reader only wakes.
// A call that must wait is put on its end's list and its goroutine sleeps.
//
// # Locks
//
// In this order: System.mu, proc.mu, namespace.mu, a descriptor table's, epoll.scan, a
// link's, epoll.mu (an outer instance's after an inner one's), inflight.mu, a
// waiter's; the locks of abstract names and of a crowd are leaves like it. The
// two ends of a pair or of a connection share one link. Where a call needs two,
// a connect and its listener or a datagram to another socket, lockLinks takes
// them in the order of their addresses; what a transition has to do on a third
// (a charge given back, a peer told) it does after unlock. Under a link's lock
// only wake-ups that do not block; descriptions that a transition drops are
// released after unlock. Nothing sleeps with a lock held.
//
// # Glossary
//
//	description  open file description: what dup and fork share
//	descriptor   a number in a process's table, with its own flags
//	end          a socket; local and remote from its own view
//	link         what two ends share: one lock
//	mate         the other end of the link; peer: whom an end is connected to
//	embryo       the server's end of a connection that nobody has accepted
//	crowd        who sends datagrams to a socket from other links
//	charge       what a queued message costs its sender's SO_SNDBUF
//	segment      a piece of a queue: a message, or what one send put there
//	parked       a call that waits
//	taken        a pending error is reported once and then gone
//	stale        a name of type S_IFSOCK to which no open socket is bound
//
// # Traps
//
// Errors inside are errno.Errno, 0 for success; ret makes them errors at the
// border. A process that has ended answers every call with *Ended, which is no
// errno. The slices handed to a blocking call are written by other goroutines
// until it returns. A machine used in a testing/synctest bubble must be used by
// that bubble alone while calls are blocked.
package emu
