package emu

import "sockpair/errno"

// EventKind says what an Event tells.
type EventKind uint8

// The kinds of event.
const (
	EventEnter  EventKind = iota // a call begins
	EventExit                    // a call has its result
	EventFork                    // Call "fork": a child was made, "clone": a task; Ret is its id
	EventSignal                  // a handler is about to run
	EventExited                  // a process has exited with Ret, or where Tid is not Pid a task
	EventKilled                  // a process was ended by Signal
)

// Event is what Config.Observer is told. Args are the arguments in the order
// of the system call, each of one of the types below, an int, an errno.Errno,
// a Signal or a pointer to the value that the call fills in: *[2]int (a
// vector), *Msghdr, []Mmsghdr, []PollFd, *int, *WaitStatus, *SigAction, *Sigset,
// *Rlimit, *Stat, *ItimerSpec, *Siginfo.
type Event struct {
	Kind     EventKind
	Pid, Tid int
	Call     string // the name of the system call
	Args     []any
	Ret      int
	Err      errno.Errno // with EventExit: 0 for success
	Unknown  bool        // with EventExit: the process ended, the call has no result
	Signal   Signal
}

// The types of arguments.
type (
	Fd           int  // a descriptor
	Pid          int  // a process or task
	Domain       int  // AF_
	SockType     int  // SOCK_
	OpenFlags    int  // O_
	MsgFlags     int  // MSG_
	ShutHow      int  // SHUT_
	FcntlCmd     int  // F_
	FdFlags      int  // FD_
	IoctlReq     uint // FIO and SIOC
	CloseRange   uint // CLOSE_RANGE_
	EpollOp      int  // EPOLL_CTL_
	WaitOptions  int  // W
	RwFlags      int  // RWF_
	SpliceFlags  int  // SPLICE_F_
	EventfdFlags int  // EFD_
	ClockID      int  // CLOCK_
	TimerfdFlags int  // TFD_ of timerfd_create
	TimerFlags   int  // TFD_ of timerfd_settime
	PidfdFlags   int  // PIDFD_
	PidfdSignal  uint // PIDFD_SIGNAL_
	WaitID       int  // P_
	MaskHow      int  // SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK
	Whence       int  // SEEK_
	SockLevel    int  // SOL_
	SockOption   struct{ Level, Name int }
	Resource     int      // RLIMIT_
	Out          []byte   // bytes that the call takes
	In           []byte   // bytes that the call fills in; its result says how many
	OutVec       [][]byte // the same in several buffers
	InVec        [][]byte
	Offset       struct{ At *int64 } // a pointer to an offset in a file
	Null         struct{}            // a null pointer
	Path         string              // of a file; also what a symbolic link holds
	FileMode     uint32              // S_IF and permissions
	AccessMode   uint32              // R_OK, W_OK, X_OK
	AtFlags      int                 // AT_
)
