package emu

import (
	"sockpair/buffer"
	"sockpair/errno"
)

// Personality is the set of rules in which systems differ. Linux and POSIX
// are two values of it, and a user may change a field of either before
// handing it to New: nothing in this package asks which of them is running.
//
// A field that POSIX leaves open says so; docs/semantics.md lists them.
type Personality struct {
	Name string

	// Pair is the order in which socketpair tests its arguments and takes
	// its resources. The first test that fails gives the errno.
	Pair []PairStep
	// TypeFlags are the bits that may be or-ed to the type [SP-06, ER-11].
	TypeFlags int
	// Families says what each address family answers [SP-04, SP-05, DG-05].
	Families FamilyTable
	// UnknownType is the errno for a type that AF_UNIX has not [ER-07].
	UnknownType errno.Errno

	// Charging says what a queued message costs its sender.
	Charging buffer.Charging
	// Admission says when a message may enter the queue, and when a sender
	// that waits is tried again.
	Admission Admission
	// MessageOverhead is how much shorter than SO_SNDBUF the longest
	// message must be (EMSGSIZE above it) [DG-01, SQ-01].
	MessageOverhead int
	// Buffers are the sizes of SO_SNDBUF and SO_RCVBUF and their bounds.
	Buffers BufferSizes

	// Records says how a SOCK_SEQPACKET record ends, ShortRead what a short
	// receive does with the rest of one [SQ-02, SQ-03].
	Records   RecordEnd
	ShortRead ShortRead

	// ErrorBeforeData: a receive on a message type reports a pending error
	// before the messages that are queued. Open in POSIX.
	ErrorBeforeData bool
	// ResetUnread: closing an end of a connection whose queue holds unread
	// messages leaves ECONNRESET pending on the other end. Open in POSIX.
	ResetUnread bool
	// DgramShutNonblock: after the own SHUT_RD a non-blocking receive on a
	// SOCK_DGRAM says EAGAIN and not end of file.
	DgramShutNonblock bool
	// PipeTypes are the types whose send raises SIGPIPE with EPIPE [ST-06].
	PipeTypes TypeSet
	// PipeOnOwnShutdown: SIGPIPE also when EPIPE is due to the own SHUT_WR.
	PipeOnOwnShutdown bool
	// DgramNoPeer is the errno of a send on a SOCK_DGRAM that has no peer
	// any more.
	DgramNoPeer errno.Errno
	// StreamApart is the errno of a receive on a SOCK_STREAM without a connection.
	StreamApart errno.Errno
	// Addresses are the rules about addresses and connections.
	Addresses AddressRules
	// ZeroRecvWaits: a receive of no bytes waits for data as any other.
	ZeroRecvWaits bool

	// ExclusiveWake: a message that arrives wakes one receive that waits, the
	// first. If that one only peeks the wake-up is spent, and the next waits
	// on until the next message; so it is when an epoll registration with
	// EPOLLEXCLUSIVE that stands before it takes the message (exclusive.go;
	// Linux net/core/datagram.c, measured).
	ExclusiveWake bool

	// Poll says how readiness is put into poll's bits.
	Poll PollRules
	// MsgFlagsReserved are the bits of a message's flags that are refused
	// with EINVAL by sendmsg and recvmsg.
	MsgFlagsReserved int
	// CloexecEcho: recvmsg shows MSG_CMSG_CLOEXEC in its flags when it was asked for.
	CloexecEcho bool
	// TruncLength: MSG_TRUNC in the flags of a receive asks for the real
	// length of the message.
	TruncLength bool

	// Names are the rules of the name space.
	Names NameRules

	// Options is the table of socket options.
	Options OptionTable
	// ForkFlag: FD_CLOFORK, F_DUPFD_CLOFORK and O_CLOFORK exist [FD-02].
	ForkFlag bool
}

// PairStep is one step of socketpair.
type PairStep uint8

// The steps of socketpair; see pairCall for what each does.
const (
	StepFlags       PairStep = iota // unknown bits in the type: EINVAL
	StepDescriptors                 // two descriptors: EMFILE
	StepStoreFirst                  // store the numbers now, whatever follows: EFAULT
	StepVector                      // the vector must exist: EFAULT
	StepFamilyRange                 // a number that no family has: EAFNOSUPPORT
	StepFamily                      // a family that the machine has not: EAFNOSUPPORT
	StepTypeRange                   // a type that no family has: EINVAL
	StepPolicy                      // Config.Authorize: EACCES
	StepProtocol                    // EPROTONOSUPPORT
	StepType                        // UnknownType
	StepSockets                     // Config.MaxSockets: ENOBUFS
	StepMemory                      // Config.MaxMemory: ENOMEM
	StepPairs                       // the family makes no pairs: EOPNOTSUPP
	StepFiles                       // Config.MaxFiles: ENFILE
)

// RecordEnd says which output ends a record of a SOCK_SEQPACKET.
type RecordEnd uint8

// The rules for the end of a record.
const (
	EachOutput  RecordEnd = iota // every output is a record; MSG_EOR is ignored and never shown
	EndOfRecord                  // only an output with MSG_EOR ends the record
)

// ShortRead says what a receive does with the part of a record that it has no room for.
type ShortRead uint8

// The rules for the rest of a record.
const (
	Discard ShortRead = iota // the rest is lost; MSG_TRUNC tells
	Keep                     // the next receive gets it
)

// TypeSet is a set of socket types.
type TypeSet uint16

// Types makes a set of the types given.
func Types(types ...int) TypeSet {
	var s TypeSet
	for _, t := range types {
		s |= 1 << t
	}
	return s
}

// Has reports whether the set holds typ.
func (s TypeSet) Has(typ int) bool { return s>>typ&1 != 0 }

// Admission are the rules for room in the send buffer, as functions of what
// the queued messages of a sender are charged and of its SO_SNDBUF.
type Admission struct {
	// Stream is how many of n bytes may enter now; Message whether a
	// message of the charge may, which enters whole or not at all.
	Stream  func(charged, bound, n int) int
	Message func(charged, bound, charge int) bool
	// Wake says whether a sender that waits is tried again when room has
	// appeared, Writable whether poll shows POLLOUT.
	Wake     func(charged, bound int) bool
	Writable func(charged, bound int) bool
}

// BufferSizes are the bounds of SO_SNDBUF and SO_RCVBUF, in bytes of charge.
type BufferSizes struct {
	Default          int // of both, as getsockopt shows it
	Max              int // the greatest that setsockopt takes, before Factor
	MinSend, MinRecv int // the least, after Factor
	Factor           int // what is asked for is multiplied by this
}

// AddressRules are the rules about addresses and connections.
type AddressRules struct {
	// Abstract: a path that begins with a NUL is a name in no directory.
	Abstract bool
	// WrongFamily is the errno for an address of another family.
	WrongFamily errno.Errno
	// BindNowhere is the errno of bind without an address.
	BindNowhere errno.Errno
	// ShutDown is the errno of bind and getpeername on a socket of which both
	// directions are shut; 0: they do not look at that.
	ShutDown errno.Errno
	// ShutdownApart is the errno of shutdown on a socket that is not
	// connected; 0: it succeeds.
	ShutdownApart errno.Errno
	// SendToApart is the errno of a send with an address on a SOCK_STREAM
	// that is not connected.
	SendToApart errno.Errno
	// ListenUnbound is the errno of listen on a socket without a name.
	ListenUnbound errno.Errno
	// Backlog says what listen makes of its argument; BacklogSlack is how many
	// connections more than that may wait.
	Backlog      func(n int) int
	BacklogSlack int
	// ConnectListening is the errno of connect on a socket that listens.
	ConnectListening errno.Errno
	// BacklogFull is the errno of a non-blocking connect when no more may
	// wait, ConnectLate of one that has waited as long as SO_SNDTIMEO says.
	BacklogFull, ConnectLate errno.Errno
	// DgramQueue: a SOCK_DGRAM takes so many messages and one of senders that
	// it is not connected to. 0: no limit.
	DgramQueue int
}

// PollRules say how the state of a socket becomes poll's bits.
type PollRules struct {
	// RDHUP: the extension POLLRDHUP exists.
	RDHUP bool
	// HangupExcludesOut: POLLHUP and POLLOUT never come together (POSIX);
	// without it POLLOUT tells of the room in the buffer and nothing else.
	HangupExcludesOut bool
	// BandAliases: POLLRDNORM, POLLWRNORM and POLLWRBAND come with POLLIN and POLLOUT.
	BandAliases bool
}

// NameRules are the rules for the names of files.
type NameRules struct {
	// ProtectedHardlinks and ProtectedSymlinks are Linux's sysctls
	// fs.protected_hardlinks and fs.protected_symlinks: nobody links files
	// that he could not write, nor follows the links that others put into
	// a directory like /tmp.
	ProtectedHardlinks, ProtectedSymlinks bool
	// UnlinkDirectory is the errno of unlink for a directory.
	UnlinkDirectory errno.Errno
}

// Linux returns the rules of Linux 6.18 on x86-64 with 4 KiB pages and the
// default sysctls; shared facts are cited where they are used.
func Linux() *Personality {
	return &Personality{
		Name: "linux",
		// net/socket.c __sys_socketpair, __sock_create; net/unix/af_unix.c unix_create.
		Pair: []PairStep{StepFlags, StepDescriptors, StepVector, StepStoreFirst, StepFamilyRange, StepTypeRange,
			StepPolicy, StepFamily, StepProtocol, StepType, StepSockets, StepMemory, StepPairs, StepFiles},
		TypeFlags:   SOCK_CLOEXEC | SOCK_NONBLOCK,
		Families:    linuxFamilies(),
		UnknownType: errno.ESOCKTNOSUPPORT,
		Charging:    buffer.Truesize,
		Admission: Admission{
			// sock_alloc_send_pskb: below the bound one more buffer may enter, however large.
			Stream: func(charged, bound, n int) int {
				if charged < bound {
					return n
				}
				return 0
			},
			Message: func(charged, bound, charge int) bool { return charged < bound },
			// unix_writable; the reference count that Linux compares is one more than the charge.
			Wake:     linuxWritable,
			Writable: linuxWritable,
		},
		MessageOverhead:   32,
		Buffers:           BufferSizes{Default: 212992, Max: 4194304, MinSend: 4608, MinRecv: 2304, Factor: 2},
		Records:           EachOutput,
		ShortRead:         Discard,
		ErrorBeforeData:   true,
		ResetUnread:       true,
		DgramShutNonblock: true,
		PipeTypes:         Types(SOCK_STREAM),
		PipeOnOwnShutdown: true,
		DgramNoPeer:       errno.ENOTCONN,
		StreamApart:       errno.EINVAL,
		Addresses: AddressRules{
			Abstract:         true,
			WrongFamily:      errno.EINVAL,
			BindNowhere:      errno.EINVAL,
			SendToApart:      errno.EOPNOTSUPP,
			ListenUnbound:    errno.EINVAL,
			Backlog:          linuxBacklog,
			BacklogSlack:     1,
			ConnectListening: errno.EINVAL,
			BacklogFull:      errno.EAGAIN,
			ConnectLate:      errno.EAGAIN,
			DgramQueue:       10,
		},
		ZeroRecvWaits:    true,
		ExclusiveWake:    true,
		Poll:             PollRules{RDHUP: true, BandAliases: true},
		MsgFlagsReserved: -1 << 31, // MSG_CMSG_COMPAT
		CloexecEcho:      true,
		TruncLength:      true,
		Names:            NameRules{ProtectedHardlinks: true, UnlinkDirectory: errno.EISDIR},
		Options:          linuxOptions(),
	}
}

// linuxBacklog: Linux net/socket.c __sys_listen, where the number has no sign.
func linuxBacklog(n int) int {
	if n < 0 || n > somaxconn {
		return somaxconn
	}
	return n
}

func linuxWritable(charged, bound int) bool { return (charged+1)*4 <= bound }

// POSIX returns the rules of POSIX.1-2024, and for what it leaves open the
// choice that surprises least; docs/semantics.md names those.
func POSIX() *Personality {
	return &Personality{
		Name: "posix",
		Pair: []PairStep{StepVector, StepFamily, StepFlags, StepProtocol, StepType, StepPairs, StepPolicy,
			StepDescriptors, StepFiles, StepSockets, StepMemory},
		TypeFlags:   SOCK_CLOEXEC | SOCK_CLOFORK | SOCK_NONBLOCK,
		Families:    posixFamilies(),
		UnknownType: errno.EPROTOTYPE,
		Charging:    buffer.Plain,
		Admission: Admission{
			Stream:   func(charged, bound, n int) int { return min(n, max(0, bound-charged)) },
			Message:  func(charged, bound, charge int) bool { return charged+charge <= bound },
			Wake:     func(charged, bound int) bool { return charged < bound },
			Writable: func(charged, bound int) bool { return charged < bound },
		},
		Buffers:     BufferSizes{Default: 65536, Max: 1 << 24, MinSend: 1, MinRecv: 1, Factor: 1},
		Records:     EndOfRecord,
		ShortRead:   Keep,
		PipeTypes:   Types(SOCK_STREAM, SOCK_SEQPACKET),
		DgramNoPeer: errno.EDESTADDRREQ,
		StreamApart: errno.ENOTCONN,
		Addresses: AddressRules{
			WrongFamily:      errno.EAFNOSUPPORT,
			BindNowhere:      errno.EDESTADDRREQ,
			ShutDown:         errno.EINVAL,
			ShutdownApart:    errno.ENOTCONN,
			SendToApart:      errno.ENOTCONN,
			ListenUnbound:    errno.EDESTADDRREQ,
			Backlog:          func(n int) int { return min(max(n, 1), somaxconn) },
			ConnectListening: errno.EOPNOTSUPP,
			BacklogFull:      errno.ECONNREFUSED,
			ConnectLate:      errno.ETIMEDOUT,
		},
		Poll:     PollRules{HangupExcludesOut: true, BandAliases: true},
		Names:    NameRules{UnlinkDirectory: errno.EPERM},
		Options:  posixOptions(),
		ForkFlag: true,
	}
}
