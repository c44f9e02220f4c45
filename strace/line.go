package strace

// A Line is one line of a log or of a script.
type Line struct {
	Number int // 1 for the first line of a Reader's input, 0 when unknown
	Prefix Prefix
	Kind   LineKind
	Call   *Call   // LineCall, LineUnfinished, LineResumed
	Signal *Signal // LineSignal
	Status int     // LineExited: the exit status
	Sig    string  // LineKilled, LineStopped: the signal's name
	Core   bool    // LineKilled: (core dumped)
	PID    int     // LineSuperseded: the thread that called execve
	Text   string  // LineNote: the text; LineSuperseded: what -Y adds after the number
	End    string  // blanks and a carriage return at the end of the line
}

// A LineKind says what a Line tells.
type LineKind uint8

// What a Line can tell. The forms are those of strace 6.1.
const (
	LineBlank      LineKind = iota // nothing
	LineNote                       // `# ...` and `// ...`, `strace: Process 12 attached`, ` > libc.so(...)` of -k
	LineCall                       // read(3, "x", 1) = 1; without a result in a script
	LineUnfinished                 // read(3,  <unfinished ...>
	LineResumed                    // <... read resumed>"x", 1) = 1
	LineSignal                     // --- SIGCHLD {si_signo=SIGCHLD, ...} ---
	LineStopped                    // --- stopped by SIGTTIN ---
	LineExited                     // +++ exited with 0 +++
	LineKilled                     // +++ killed by SIGPIPE +++
	LineSuperseded                 // +++ superseded by execve in pid 124 +++
)

var lineKindNames = [...]string{"LineBlank", "LineNote", "LineCall", "LineUnfinished", "LineResumed", "LineSignal",
	"LineStopped", "LineExited", "LineKilled", "LineSuperseded"}

// String returns the name of the constant.
func (k LineKind) String() string {
	if int(k) < len(lineKindNames) {
		return lineKindNames[k]
	}
	return "LineKind(?)"
}

// A Signal is one that strace saw delivered.
type Signal struct {
	Name string // SIGCHLD
	Info Value  // the siginfo structure, Absent when none was printed
}

// A Prefix is what strace prints before what happened: whose line it is, when
// and where.
type Prefix struct {
	PID    int      // 0: the line names no process
	Style  PIDStyle // how the process is written
	Comm   string   // the command's name of -Y, escaped as printed
	Time   string   // the stamp of -t, -tt, -ttt or -r with the blanks that pad it
	Delta  string   // the second stamp, between the parentheses of (+     0.000010), of -r with -t
	IP     string   // the instruction pointer of -i: hexadecimal digits, or question marks
	Number string   // the system call's number of -n with the blanks that pad it
	Text   string   // the whole prefix, when it is not spelled as strace does
}

// A PIDStyle is a way to write whose line it is.
type PIDStyle uint8

// The ways to write whose line it is.
const (
	PIDNone    PIDStyle = iota
	PIDPlain            // "1234  " in a file made with -f -o
	PIDBracket          // "[pid  1234] " on a terminal
)
