package replay

// Reason says why a call of a log was not compared. The list is closed: a new
// kind of call belongs under one of these, or is run.
type Reason string

// The reasons.
const (
	// The call is about something that is not under test.
	Foreign    Reason = "foreign descriptor"  // a file, a pipe, another socket
	NotSockets Reason = "call not of sockets" // memory, files, credentials, ...
	Life       Reason = "life of a process"   // followed, with nothing to compare: clone, execve, exit
	Received   Reason = "received descriptor" // came in ancillary data, which is not carried yet
	// The call is on a socket pair, and a later stage of the emulator has it.
	Select     Reason = "select"                 // select, pselect6
	Epoll      Reason = "epoll"                  // epoll_ctl, epoll_wait and kin
	Splice     Reason = "splice and sendfile"    // and the other calls that copy between descriptors
	Attributes Reason = "attributes of the file" // fstat, fchmod, mmap, ...
	// The other end of an AF_UNIX socket, or who was to be reached, is not in the log.
	OutsidePeer Reason = "peer outside the log" // syslog, nscd, X; and all calls on a socket connected there
	// The log is of threads that raced inside their calls.
	Racing Reason = "race inside a call" // poll, while another task's send took the room that it saw
	// The machine has users and no capabilities.
	Capabilities Reason = "capabilities" // EPERM in a process that has changed its own
	// The log does not say enough.
	NotShown Reason = "arguments not shown" // or not in a form that can be run
	NoResult Reason = "result not shown"    // the log ends, or the process does, before the call returns
	Injected Reason = "injected by strace"  // --inject: the kernel was not asked
)

// LeftOut lists what no replay can know, and how each is dealt with. It is
// the one such list; compare.go follows it.
//
//   - Process and thread ids: mapped, recorded to run, from the call that makes the process on.
//   - Addresses of memory: left out. A buffer that is shown as an address is taken to be bad
//     where the call says EFAULT.
//   - Inode numbers, and the annotations of -y and -yy that show them: left out.
//   - Time stamps, durations of -T, the `left` of select, the time-out that ppoll hands back: left out.
//   - User and group ids of credentials: mapped, the first recorded to the first run.
//   - What is left of a timer's time, and when it expires: the log says so (timerfd).
//   - Names that the kernel has chosen (five digits): mapped, recorded to run.
//   - Umasks with which processes began: left out.
//   - Cookies (SO_COOKIE, SO_NETNS_COOKIE), SO_INCOMING_CPU, SO_INCOMING_NAPI_ID: left out.
//   - The tail of a string that was cut: lengths and the bytes that are shown are compared.
//   - The room for control messages that recvmsg was given, which strace does not print.
//   - Old signal actions and masks: left out, for a program may begin with any.
const LeftOut = "process ids, addresses, inode numbers, times, cookies, cut strings"
