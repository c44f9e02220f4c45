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
//	config.go system.go limits.go  a machine, its limits and its processes
//	process.go lifecycle.go a process and its tasks; fork, exec, exit, wait
//	signal.go sigaction.go kill.go delivery.go  signals: sets, dispositions, sending, delivery
//	file.go refs.go desc.go open file descriptions and their references, counted in one word; close, dup, fcntl
//	socketpair.go families.go  the call that makes a pair [SP, ER]
//	socket.go bind.go name.go  a socket by itself, and its name
//	listen.go connect.go    connections; whom a datagram socket sends to [DG-03]
//	pair.go                 the two ends, their lock, shutdown and close
//	state.go                what a decision may look at, and its verdict
//	stream.go dgram.go seqpacket.go   the decisions of each type [ST, DG, SQ]
//	message.go              the queue of the two message types
//	send.go recv.go         one send and one receive: decide, apply, again
//	far.go                  a datagram to a socket that shares no lock with its sender
//	io.go vec.go msg.go sendmsg.go recvmsg.go  the system calls that send and receive
//	plain.go pass.go        the short way of the calls that most programs make most
//	block.go                a call that parks on an end, and who completes it
//	sleepers.go             how a signal, or the end of a process, finds who sleeps
//	wait.go clock.go        falling asleep and waking up, who is asleep, time
//	race_on.go race_off.go  what the race detector has to be told of that
//	oob.go async.go owner.go  urgent bytes and the mark; SIGURG and SIGIO [ST-05]
//	control.go ancillary.go received.go  control messages: descriptors and credentials, sent and received
//	inflight.go search.go reap.go  what is in flight, what nobody can reach any more, and its end
//	graph.go                what is in flight, for people to read
//	poll.go select.go epoll*.go  readiness, a pure function of the state, and who waits for it
//	exclusive.go            whom an event wakes when many wait for it
//	poller.go gate.go       waiting as Go's runtime does it, and not locking twice, for layers on top
//	berth.go                the receive that waits at a Gate, and that a Poller rouses
//	object.go eventfd.go timerfd.go timer.go  other files that programs wait on together with sockets
//	pidfd.go pidfd_calls.go waitid.go  descriptors of processes
//	pipe*.go splice*.go     pipes; splice, tee and sendfile between them and sockets
//	position.go stat.go     preadv, lseek and kin; fstat, the list of descriptors
//	namespace.go namespace_walk.go  the files that give sockets their names; paths
//	namespace_edit.go namespace_rename.go  names made, removed and moved
//	namespace_calls.go namespace_attr.go namespace_place.go  the system calls on names
//	sockopt.go option*.go ioctl*.go  options and requests, as tables
//	personality.go const.go the rules in which systems differ, as data; numbers
//	event.go                what Config.Observer is told
//	sockets.go              the list of sockets, as ss -x shows it
//	check.go                every invariant
//
// # How a byte travels
//
// Write finds the description of its descriptor without a lock and locks the
// pair. Most ends are plain: there is nothing to say about them but how much is
// queued. On those the short way (sendPlain) copies the bytes into the other
// end's queue, with their charge, and gives the lock back. Where a read waits
// for just that (handOver), the bytes go into the reader's buffer and not into
// the queue: the read is completed by the writer, and the reader only wakes.
//
// On any other end, and for any other call, the long way asks the type's
// decision with a snapshot of the state. The verdict is deliver, end of file,
// fail or wait. Deliver puts a segment into the queue. Before the lock is given
// back, settle serves the calls that are parked on either end, as handOver
// does in the simplest case, and finds out anew for what the ends are plain.
//
// A call that must wait is put on its end's list and its goroutine sleeps.
// While nobody but the holder of the link's lock may have to wake it, it is
// hidden, and dozes. Who needs it in another way first makes it get up into the
// sleep of any waiter: it is enrolled with its process, for signals, or pinned
// to its description, because the descriptor whose reference it has borrowed
// is closed.
//
// # Locks
//
// In this order: System.looking and System.nesting, System.mu, proc.mu,
// namespace.mu, epoll.scan (an outer instance's before an inner one's), the lock
// of a description, epoll.mu (an outer instance's after an inner one's),
// inflight.mu. The lock of a description, file.lock, is that of what is behind
// it: of a socket its link's, which the two ends of a pair or of a connection
// share. Leaves are the locks of a descriptor table, of abstract names, of a
// crowd, of the pipes' accounts and of a Clock. A waiter has none: it is one
// atomic word.
//
// Where a call needs two links, a connect and its listener or a datagram to
// another socket, lockLinks takes them in the order of their addresses; what a
// transition has to do on a third (a charge given back, a peer told) it does
// after unlock. Under a link's lock only wake-ups that do not block;
// descriptions that a transition drops are released after unlock. Nothing
// sleeps with a lock held. A look-up, a reference that Fork or Dup adds, and
// mostly a Close that is not the last (refs.go) take no description's lock.
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
//	plain        of an end: only what is queued decides about a send, or a receive
//	sized        the length and the charge of an end's last send
//	hand over    to give the bytes of a send to the receive that waits for them
//	parked       a call that waits
//	hidden       of a parked call: nobody has to find it but by its link
//	doze         how a hidden call sleeps: with the link's lock as its own
//	enroll       to put a parked call on its process's list, where signals look
//	pin          to give a parked call a reference that no descriptor lends it
//	berth        the receive that a Poller parks, which is turned away rather than found
//	line         a description's registrations with EPOLLEXCLUSIVE and the calls that wait exclusively, in order of arrival
//	watching     who waits on a link and only has to be told: poll, epoll, a Poller
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
//
// Whatever changes what a plain end may meet must end with link.unlock, which
// looks again, or leave the end as plain as it was. What seldom and besides hold
// is written through rarely and aside, since most sockets share an empty one.
// System.Check finds who has forgotten either.
package emu
