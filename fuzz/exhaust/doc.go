// Package exhaust compares the emulator with the kernel of the host on every
// sequence of up to D calls from a stated alphabet, each on a fresh pair or
// fresh sockets, call by call. What it does not find, no sequence of so many of these calls shows.
// Depth 4 of the full alphabets is 74 million sequences and 690 million calls on
// either side, which takes two busy processors 20 minutes.
//
//	alphabet.go   the calls, per type of socket, as data
//	alphabet_named.go  those about names and connections
//	enumerate.go  sequences as numbers: which calls each has, what is made when
//	exhaust.go    Options, Tally, Difference: what a run is asked and tells
//	prepared.go   a call with its arguments laid out once, and what it has shown
//	emulator.go   the calls of a batch on the emulator
//	kernel_*.go   the same on the host: a script of fuzz/host
//	kernel_named_*.go  the calls of sockets with names in it
//	worker_*.go   an emulator and an agent that run batches, and compare
//	run_*.go      who runs which sequences: jobs, and those that wait
//	confirm_*.go  a difference made once more, with time, and in full
//
// # A fresh pair
//
// Each sequence begins with the alphabet's Setup: a pair at 3 and 4, both
// O_NONBLOCK and with the least SO_SNDBUF there is, so that few calls fill it,
// and an epoll instance at 5; 0, 1 and 2 are /dev/null. It ends with the close
// of every descriptor from 3 on. SIGPIPE has a handler, and how often it runs is
// part of what each call has shown, beside its result, errno and every byte that
// it has stored.
//
// # Fresh sockets
//
// The alphabets names, connections and datagrams begin with sockets that are no
// pair, from 3 on: three without names; a listener with a client that waits in
// its queue, full with it, and a third socket; two datagram sockets with
// names and two without. Names are abstract. Each agent has names of its own,
// and so has each time that a difference is made once more (program.Place);
// sequences of one agent use them one after the other, for an abstract name is
// free again when its socket has ended. No descriptor of a socket is therefore sent that may
// have such a name: as garbage it would keep it. What autobind gives out is
// compared up to its five digits. Of SO_PEERCRED the own id is -1.
//
// # What need not be run
//
// A sequence of D calls that agrees has compared all its prefixes, so only
// those of exactly D calls are run.
//
// A call that changes nothing need not be followed by others. The alphabet's
// Observing calls are such; all of them are made after each prefix, once (in the
// first sequence that begins with it), and a sequence that has some of them
// among its calls is covered: take them out, what is left is a prefix, and each
// of them has been compared in the state in which it was made. The count of
// sequences says how many were run and how many this rule covers. On Linux:
//
//	poll, time-out 0     net/unix/af_unix.c unix_poll and unix_dgram_poll read the
//	                     state; the entry in the wait queue is gone when it returns.
//	                     They may set SOCKWQ_ASYNC_NOSPACE, of which only O_ASYNC
//	                     shows, and that is not in the alphabet. Of a SOCK_DGRAM whose
//	                     peer is not connected to it and has a full queue, poll for
//	                     POLLOUT does more (unix_dgram_peer_wake_me): it arranges that
//	                     the peer's next receive is an event, which edge-triggered epoll shows.
//	                     So in datagrams and names the observing poll of a SOCK_DGRAM asks for
//	                     POLLIN and its kin alone, and one for POLLOUT is a changing call
//	FIONREAD, SIOCOUTQ,  unix_ioctl reads lengths, charges and the mark
//	SIOCATMARK
//	getsockopt           net/core/sock.c sk_getsockopt copies fields. Not SO_ERROR,
//	                     which takes what it reads: that one is a changing call
//	getsockname,         unix_getname copies an address
//	getpeername
//	fcntl F_GETFD        reads a bit of the descriptor table
//
// Not among them: epoll_wait, which takes events off its list, and MSG_PEEK,
// which moves SO_PEEK_OFF, makes descriptors and marks messages as seen. The rule
// is itself under test, for the observing calls are made in the middle of
// sequences, and what comes after them is compared.
//
// # Garbage
//
// When an end has no descriptor left but is in a message in flight, the
// kernel may find that nobody can reach it, some time later: a worker looks for
// such sockets (net/unix/garbage.c unix_gc) when any AF_UNIX socket ends, and
// gives what it finds to another, which runs a clock tick later
// (fs/file_table.c delayed_fput). The emulator does it at once. In a
// sequence in which an end is sent and its descriptor closed or replaced after
// that (Enumeration.Collects), the kernel is therefore given a socket's end and
// some time after each call that may drop a reference. Such sequences, one in
// a hundred, are run by agents of their own, many at a time, which mostly sleep.
//
// # Differences
//
// A difference shows again in every sequence with the same beginning, and
// mostly in longer ones with calls in between that do not matter. One that
// contains a shorter one (its calls in the same order, the last the same) is
// counted as explained. The others are made once more alone. Those that time may
// explain are before that run again with more of it, twice; if they are gone then
// they are counted as late.
package exhaust
