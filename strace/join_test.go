package strace

import (
	"fmt"
	"strings"
	"testing"
)

// story joins a log and tells its events, one line each.
func story(t *testing.T, log string) string {
	t.Helper()
	var j Joiner
	var b strings.Builder
	tell := func(events []Event) {
		for _, e := range events {
			fmt.Fprintf(&b, "%d %s", e.PID, e.Kind)
			if e.Call != nil {
				fmt.Fprintf(&b, " %s since %d", strings.Join(strings.Fields(e.Call.String()), " "), e.Entry.Number)
			}
			b.WriteByte('\n')
		}
	}
	for i, s := range strings.Split(strings.Trim(log, "\n"), "\n") {
		l := mustParse(t, s)
		l.Number = i + 1
		events, err := j.Add(l)
		if err != nil {
			fmt.Fprintln(&b, err)
		}
		tell(events)
	}
	tell(j.Close())
	return b.String()
}

func TestCallsAreJoined(t *testing.T) {
	for _, row := range []struct{ law, log, want string }{
		{"a call in one line is entered and returns there", `
read(3, "x", 1) = 1
read(3, 4096)`, `
0 Enter read(3, "x", 1) = 1 since 0
0 Exit read(3, "x", 1) = 1 since 1
0 Enter read(3, 4096) since 0
0 Exit read(3, 4096) since 2
`},
		{"a call in two lines is whole when it returns", `
7     recvfrom(4,  <unfinished ...>
8     sendto(3, "x", 1, 0, NULL, 0) = 1
7     <... recvfrom resumed>"x", 1, 0, NULL, NULL) = 1`, `
7 Enter recvfrom(4, <unfinished ...> since 0
8 Enter sendto(3, "x", 1, 0, NULL, 0) = 1 since 0
8 Exit sendto(3, "x", 1, 0, NULL, 0) = 1 since 2
7 Exit recvfrom(4, "x", 1, 0, NULL, NULL) = 1 since 1
`},
		{"an argument in two parts is whole", `
7     ioctl(3, SIOCGIFCONF, {ifc_len=32 <unfinished ...>
7     <... ioctl resumed> => 0, ifc_buf=[]}) = 0
7     clone3({flags=0}, <unfinished ...>
7     <... clone3 resumed> => {parent_tid=[9]}, 88) = 9`, `
7 Enter ioctl(3, SIOCGIFCONF, {ifc_len=32 <unfinished ...> since 0
7 Exit ioctl(3, SIOCGIFCONF, {ifc_len=32 => 0, ifc_buf=[]}) = 0 since 1
7 Enter clone3({flags=0}, <unfinished ...> since 0
line:4:19: expected a value, found "="
7 Lost clone3({flags=0}, <unfinished ...> since 3
`},
		{"a call may be resumed more than once", `
7     f(1 <unfinished ...>
7     <... f resumed>, 2 <unfinished ...>
7     <... f resumed>, 3) = 0`, `
7 Enter f(1 <unfinished ...> since 0
7 Exit f(1, 2, 3) = 0 since 1
`},
		{"a return without a beginning has what was printed on return", `
7     <... read resumed>"x", 1) = 1`, `
7 Exit read("x", 1) = 1 since 0
`},
		{"the end of a process loses its call", `
7     read(3,  <unfinished ...>
8     read(3,  <unfinished ...>
8     +++ exited with 0 +++
7     +++ killed by SIGKILL +++`, `
7 Enter read(3, <unfinished ...> since 0
8 Enter read(3, <unfinished ...> since 0
8 Lost read(3, <unfinished ...> since 2
8 Other
7 Lost read(3, <unfinished ...> since 1
7 Other
`},
		{"the end of the log loses what is open, by process", `
9     read(3,  <unfinished ...>
7     write(3,  <unfinished ...>`, `
9 Enter read(3, <unfinished ...> since 0
7 Enter write(3, <unfinished ...> since 0
7 Lost write(3, <unfinished ...> since 2
9 Lost read(3, <unfinished ...> since 1
`},
		{"a process has one call at a time", `
7     read(3,  <unfinished ...>
7     close(3) = 0
7     read(4,  <unfinished ...>
7     <... write resumed>) = 1`, `
7 Enter read(3, <unfinished ...> since 0
7 Lost read(3, <unfinished ...> since 1
7 Enter close(3) = 0 since 0
7 Exit close(3) = 0 since 2
7 Enter read(4, <unfinished ...> since 0
7 Lost read(4, <unfinished ...> since 3
7 Exit write() = 1 since 0
`},
		{"execve returns in the process whose place the thread takes", `
8     execve("/x" <unfinished ...>
7     <... pause resumed>) = ?
7     +++ superseded by execve in pid 8 +++
7     <... execve resumed>) = 0`, `
8 Enter execve("/x" <unfinished ...> since 0
7 Exit pause() = ? since 0
7 Other
7 Exit execve("/x") = 0 since 1
`},
		{"a superseding thread may have no open call", `
7     +++ superseded by execve in pid 8 +++`, `
7 Other
`},
		{"on a terminal strace breaks into a line, which goes on", `
clone(flags=SIGCHLDstrace: Process 8 attached
, tid=0x7) = 8
# note
clone(flags=SIGCHLDstrace: Process 9 attached
 <unfinished ...>
[pid     9] close(3) = 0
[pid     7] <... clone resumed>, tid=0x7) = 9
[pid     9] +++ exited with 0 +++
--- SIGCHLD {} ---
close(4) = 0`, `
0 Enter clone(flags=SIGCHLD since 0
0 Exit clone(flags=SIGCHLD, tid=0x7) = 8 since 1
0 Other
0 Enter clone(flags=SIGCHLD since 0
0 Other
9 Enter close(3) = 0 since 0
9 Exit close(3) = 0 since 6
7 Exit clone(flags=SIGCHLD, tid=0x7) = 9 since 4
9 Other
7 Other
7 Enter close(4) = 0 since 0
7 Exit close(4) = 0 since 10
`},
		{"the rest of a call needs a beginning", `
, tid=0x7) = 8`, `
line:1:1: expected a line that begins a call, or one that broke off before it, found , tid=0x7) = 8
`},
	} {
		if got := "\n" + story(t, row.log); got != row.want {
			t.Errorf("%s: got\n%s\nwant\n%s", row.law, got, row.want)
		}
	}
}
