package strace

import "testing"

// grammar has one row for each construct: a line, what it is parsed into, and
// why strace prints it. A line of the manual is cited as [strace(1) OPTION],
// what the manual does not say as [measured], with strace 6.1.
var grammar = []struct{ in, want, why string }{
	// Lines.
	{"", `Blank`, "an empty line of a script"},
	{" \t\r", `Blank end=" \t\r"`, "a line that looks empty"},
	{"# a pair", `Note text="# a pair"`, "a script's comment"},
	{"  // a pair ", `Note text="  // a pair" end=" "`, "a script's comment, indented"},
	{"strace: Process 12 attached", `Note text="strace: Process 12 attached"`, "[strace(1) -f]"},
	{"77    strace: Process 12 detached", `Note prefix(pid=77) text="strace: Process 12 detached"`, "[strace(1) -p]"},
	{"[ Process PID=12 runs in 32 bit mode. ]", `Note text="[ Process PID=12 runs in 32 bit mode. ]"`, "a change of personality"},
	{" > /lib/libc.so.6(read+0x14) [0xfd]", `Note text=" > /lib/libc.so.6(read+0x14) [0xfd]"`, "[strace(1) -k]"},
	{" | 00000  61  a |", `Note text=" | 00000  61  a |"`, "[strace(1) -e write=]"},
	{" * 3 bytes in buffer 0", `Note text=" * 3 bytes in buffer 0"`, "[strace(1) -e write=], vectors"},
	{" = 2 buffers in vector 0", `Note text=" = 2 buffers in vector 0"`, "[strace(1) -e write=], sendmmsg"},
	{"f()", `Call call="f"`, "a script's line without a result"},
	{"f(\r", `error`, ""},
	{"f( )", `Call call="f" tail=" "`, "written by hand"},
	{"f(1,2)", `Call call="f" (Number 1) ",":(Number 2)`, "written by hand"},
	{"f(1, , 2)", `Call call="f" (Number 1) (Absent) (Number 2)`, "statx with -X raw [measured]"},
	{"f(1, 2, )", `Call call="f" tail=", " (Number 1) (Number 2)`, "written by hand"},
	{"syscall_0x3e7(0x1)", `Call call="syscall_0x3e7" (Number 0x1)`, "a number without a name"},
	{"???()", `Call call="???"`, "a call whose number strace could not get"},

	// Prefixes.
	{"7     f()", `Call prefix(pid=7) call="f"`, "[strace(1) -f -o]: a number of width 5"},
	{"7 f()", `Call prefix(pid=7 text="7 ") call="f"`, "written by hand"},
	{"123456 f()", `Call prefix(pid=123456) call="f"`, "[strace(1) -f -o]: a wide number"},
	{"7<a b> f()", `Call prefix(pid=7 comm="a b") call="f"`, "[strace(1) -Y]"},
	{"[pid     7] f()", `Call prefix(pid=7) call="f"`, "[strace(1) -f] on a terminal"},
	{"[pid     7<x>] f()", `Call prefix(pid=7 comm="x") call="f"`, "[strace(1) -f -Y] on a terminal"},
	{"  f()", `Call prefix(text="  ") call="f"`, "written by hand, indented"},
	{"12:00:00 f()", `Call prefix(time="12:00:00") call="f"`, "[strace(1) -t]"},
	{"7     12:00:00.000001 f()", `Call prefix(pid=7 time="12:00:00.000001") call="f"`, "[strace(1) -tt]"},
	{"7     1795245653.709744 f()", `Call prefix(pid=7 time="1795245653.709744") call="f"`, "[strace(1) -ttt]"},
	{"1795245653 f()", `Call prefix(time="1795245653") call="f"`, "[strace(1) --absolute-timestamps=format:unix,precision:s]: too large for a process"},
	{"7          0.000126 f()", `Call prefix(pid=7 time="     0.000126") call="f"`, "[strace(1) -r]"},
	{"     0.000126 f()", `Call prefix(time="     0.000126") call="f"`, "[strace(1) -r]"},
	{"12:00:00 (+     0.000126) f()", `Call prefix(time="12:00:00" delta="     0.000126") call="f"`, "[strace(1) -r -t]"},
	{"[ 257] f()", `Call prefix(number=" 257") call="f"`, "[strace(1) -n]"},
	{"[00007f9d12af1bd3] f()", `Call prefix(ip="00007f9d12af1bd3") call="f"`, "[strace(1) -i]"},
	{"[08048000] f()", `Call prefix(ip="08048000") call="f"`, "[strace(1) -i], 32 bits"},
	{"[ 231] [????????????????] +++ exited with 3 +++",
		`Exited prefix(number=" 231" ip="????????????????") status=3`, "[strace(1) -i -n] [measured]"},

	// Events that are no calls.
	{"--- SIGINT {si_signo=SIGINT} ---", `Signal SIGINT (Struct si_signo=(Name SIGINT))`, "a signal is delivered"},
	{"--- SIGINT ---", `Signal SIGINT (Absent)`, "a signal without what it says"},
	{"--- stopped by SIGTTIN ---", `Stopped sig="SIGTTIN"`, "the process is stopped"},
	{"+++ exited with 0 +++", `Exited`, "the process exits"},
	{"+++ killed by SIGKILL +++", `Killed sig="SIGKILL"`, "the process is killed"},
	{"+++ killed by SIGSEGV (core dumped) +++", `Killed sig="SIGSEGV" core`, "the process is killed"},
	{"+++ superseded by execve in pid 12 +++", `Superseded pid=12`, "a thread calls execve"},
	{"+++ superseded by execve in pid 12<x> +++", `Superseded pid=12 text="<x>"`, "a thread calls execve, with -Y"},

	// Calls in two parts.
	{"f( <unfinished ...>", `Unfinished call="f" marker="unfinished ..."`, "another process goes first"},
	{"f(4,  <unfinished ...>", `Unfinished call="f" tail=", " marker="unfinished ..." (Number 4)`, "the rest is known on return"},
	{"f(4 <unfinished ...>", `Unfinished call="f" marker="unfinished ..." (Number 4)`, "no argument is announced"},
	{"f(4 <detached ...>", `Unfinished call="f" marker="detached ..." (Number 4)`, "strace lets the process go"},
	{"f(4 <pid changed to 9 ...>", `Unfinished call="f" marker="pid changed to 9 ..." (Number 4)`, "a thread calls execve, with -ff [measured]"},
	{"f(4, {a=1 <unfinished ...>", `Unfinished call="f" tail=", {a=1" marker="unfinished ..." (Number 4)`, "SIOCGIFCONF: a structure half printed"},
	{"f({a=1 <unfinished ...>", `Unfinished call="f" tail="{a=1" marker="unfinished ..."`, "the same, in the first argument"},
	{"f(4, {a=1 => <unfinished ...>", `Unfinished call="f" tail=", {a=1 =>" marker="unfinished ..." (Number 4)`, "the same, before what comes out"},
	{"f(4, [1] => <unfinished ...>", `Unfinished call="f" tail=", [1] =>" marker="unfinished ..." (Number 4)`, "the same, after a whole value"},
	{"f(a , {b <unfinished ...>", `Unfinished call="f" tail=" , {b" marker="unfinished ..." (Name a)`, "the same, written by hand"},
	{"f(a b, {c <unfinished ...>", `Unfinished call="f" tail="a b, {c" marker="unfinished ..."`, "no whole argument: all is the beginning"},
	{"f(4 <unfinished ...>) = ?", `Call call="f" marker="unfinished ..." (Number 4) result(gap=" " value=(Name ?))`, "the process is killed in the call"},
	{"f({a=1 <unfinished ...>) = ?", `Call call="f" tail="{a=1" marker="unfinished ..." result(gap=" " value=(Name ?))`, "the same, within a structure"},
	{"f(1, SIGCHLDstrace: Process 12 attached", `Unfinished call="f" (Number 1) (Name SIGCHLD) text="strace: Process 12 attached"`, "a terminal: strace breaks into its line [measured]"},
	{", b=0x7f) = 12", `Resumed  ", ":b=(Number 0x7f) result(gap=" " value=(Number 12))`, "a terminal: the rest of that line [measured]"},
	{" => {p=[3]}, 88) = 3", `Resumed head=" => {p=[3]}" ", ":(Number 88) result(gap=" " value=(Number 3))`, "a terminal: the rest of that line, within an argument"},
	{" <unfinished ...>", `Unfinished marker="unfinished ..."`, "a terminal: that line is not finished [measured]"},
	{"[3], 0) = 12", `Resumed  (Array (Number 3)) (Number 0) result(gap=" " value=(Number 12))`, "-z loses the first part [measured]"},
	{"<... f resumed>) = 3", `Resumed call="f" result(gap=" " value=(Number 3))`, "the second part"},
	{`<... f resumed>"x", 1) = 3`, `Resumed call="f" (String x) (Number 1) result(gap=" " value=(Number 3))`, "the second part"},
	{`<... f resumed>, 1) = 3`, `Resumed call="f" ", ":(Number 1) result(gap=" " value=(Number 3))`, "the second part, where no argument was announced"},
	{`<... f resumed> => {p=[3]}, 88) = 3`, `Resumed call="f" head=" => {p=[3]}" ", ":(Number 88) result(gap=" " value=(Number 3))`, "clone3"},
	{`<... f resumed> => 32, b=[{c=")"}, {d=3</x>}]}) = 0`,
		`Resumed call="f" head=" => 32, b=[{c=\")\"}, {d=3</x>}]}" result(value=(Number 0))`, "SIOCGIFCONF: the rest of a structure"},
	{`<... f resumed>, b=1<<2, c='}'} /* ) */, 5) = 0`,
		`Resumed call="f" head=", b=1<<2, c='}'} /* ) */" ", ":(Number 5) result(value=(Number 0))`, "brackets that are none"},
	{`<... f resumed> <unfinished ...>) = ?`, `Resumed call="f" marker="unfinished ..." result(gap=" " value=(Name ?))`, "killed after others went first"},

	// Results.
	{"f()                                     = 0", `Call call="f" result(value=(Number 0))`, "[strace(1) -a]: column 40"},
	{"f()  = 0", `Call call="f" result(gap="  " value=(Number 0))`, "[strace(1) -a]: another column"},
	{"f() = -1 EAGAIN (Resource temporarily unavailable)",
		`Call call="f" result(gap=" " value=(Number -1) errno="EAGAIN" text="Resource temporarily unavailable")`, "an error"},
	{"f() = -1 EIO (I/O (x)) (INJECTED)", `Call call="f" result(gap=" " value=(Number -1) errno="EIO" text="I/O (x)" notes="INJECTED")`, "[strace(1) --inject]"},
	{"f() = -1 EIO", `Call call="f" result(gap=" " value=(Number -1) errno="EIO")`, "a script's error"},
	{"f() = 3<socket:[7]>", `Call call="f" result(gap=" " value=(FD socket:[7] (Number 3)))`, "[strace(1) -y]"},
	{"f() = 0x802 (flags O_RDWR|O_NONBLOCK) <0.000011>",
		`Call call="f" result(gap=" " value=(Number 0x802) notes="flags O_RDWR|O_NONBLOCK" elapsed="0.000011")`, "[strace(1) -T]"},
	{`f() = 1 ([{fd=3<")">, revents=POLLIN}])`, `Call call="f" result(gap=" " value=(Number 1) notes="[{fd=3<\")\">, revents=POLLIN}]")`, "poll"},
	{"f() = ?", `Call call="f" result(gap=" " value=(Name ?))`, "exit"},
	{"f() = ? <unavailable>", `Call call="f" result(gap=" " value=(Name ?) mark="unavailable")`, "the process is gone"},
	{"f() = ? ERESTARTSYS (To be restarted)", `Call call="f" result(gap=" " value=(Name ?) errno="ERESTARTSYS" text="To be restarted")`, "a signal"},
	{"f() = 9 /* 1 in strace's PID NS */", `Call call="f" result(gap=" " value=(Comment  1 in strace's PID NS  (Number 9)))`, "[strace(1) --decode-pids=pidns]"},

	// Values.
	{"f(-1, +1, 0x1f, 017, 'S')", `Call call="f" (Number -1) (Number +1) (Number 0x1f) (Number 017) (Number 'S')`, "numbers; SG_IO has a letter"},
	{"f(A|B|0x4)", `Call call="f" (Op | (Name A) (Name B) (Number 0x4))`, "flags"},
	{"f(|0x900)", `Call call="f" (Unary | (Number 0x900))`, "statx with -X raw [measured]"},
	{"f(8192*1024, 1<<A|2<<B)", `Call call="f" (Op * (Number 8192) (Number 1024)) (Op | (Op << (Number 1) (Name A)) (Op << (Number 2) (Name B)))`, "limits, capabilities"},
	{"f(A or B)", `Call call="f" (Op or (Name A) (Name B))`, "ioctl requests with one number"},
	{"f([{A(s) && B(s) == 3}])", `Call call="f" (Array (Struct (Op && (Func A (Name s)) (Op == (Func B (Name s)) (Number 3)))))`, "wait4"},
	{"f(offsetof(struct user, regs) + 8*2 - 1)",
		`Call call="f" (Op + (Func offsetof (Name struct) " ":(Name user) (Name regs)) (Op - (Op * (Number 8) (Number 2)) (Number 1)))`, "ptrace"},
	{"f(a || b|c)", `Call call="f" (Op || (Name a) (Op | (Name b) (Name c)))`, "the loosest last"},
	{`f("a\"\0\x1f\n)"..., "")`, `Call call="f" (String a\"\0\x1f\n) cut) (String)`, "strings, [strace(1) -s -x]"},
	{`f(@"x")`, `Call call="f" (Unary @ (String x))`, "an abstract socket name"},
	{"f([], [1], [A B], [1, ...])", `Call call="f" (Array) (Array (Number 1)) (Array (Name A) " ":(Name B)) (Array (Number 1) (Ellipsis))`, "arrays and sets"},
	{"f(~[A B])", `Call call="f" (Unary ~ (Array (Name A) " ":(Name B)))`, "a signal set's complement"},
	{"f({}, {a=1, ...}, {B38400 -opost ...})", `Call call="f" (Struct) (Struct a=(Number 1) (Ellipsis)) (Struct (Name B38400) " ":(Unary - (Name opost)) " ":(Ellipsis))`, "structures, [strace(1) -v]"},
	{"f({a=, b={c=}})", `Call call="f" (Struct a=(Absent) b=(Struct c=(Absent)))`, "TCGETS without flags [measured]"},
	{"f({c[A]=1, d=[[B]=2]})", `Call call="f" (Struct c[A]=(Number 1) d=(Array [B]=(Number 2)))`, "elements with their index"},
	{"f(a=1)", `Call call="f" a=(Number 1)`, "clone: an argument with its name"},
	{"f([128 => 2], {a=1} => {b=2})", `Call call="f" (Array (Op => (Number 128) (Number 2))) (Op => (Struct a=(Number 1)) (Struct b=(Number 2)))`, "before and after"},
	{`f(htons(80), inet_pton(A, "::", &a), (1))`, `Call call="f" (Func htons (Number 80)) (Func inet_pton (Name A) (String ::) (Unary & (Name a))) (Func (Number 1))`, "functions"},
	{"f(0x1 /* A */|0x2 /* B */, 0x3  /* A|B */)", `Call call="f" (Op | (Comment  A  (Number 0x1)) (Comment  B  (Number 0x2))) (Comment  A|B  (Number 0x3) tail="  ")`, "[strace(1) -X verbose]"},
	{"f({/* bytes 0..3 */, 0 /* a */ /* b */})", `Call call="f" (Struct (Comment  bytes 0..3 ) (Comment  b  (Comment  a  (Number 0))))`, "comments beside values or alone"},
	{"f(3<UNIX-STREAM:[1->2]>, AT_FDCWD</x>)", `Call call="f" (FD UNIX-STREAM:[1->2] (Number 3)) (FD /x (Name AT_FDCWD))`, "[strace(1) -yy]"},
	{`f(3</dev/null<char 1:3>>, 4</\74x\76>(deleted))`, `Call call="f" (FD /dev/null<char 1:3> (Number 3)) (FD /\74x\76 (Number 4) tail="(deleted)")`, "[strace(1) -yy]"},
	{`f(3<UNIX:[1,"/a\">b"]>)`, `Call call="f" (FD UNIX:[1,"/a\">b"] (Number 3))`, "[strace(1) -yy]: a path may hold any byte"},
	{"f(-100 /* AT_FDCWD */</x>)", `Call call="f" (FD /x (Comment  AT_FDCWD  (Number -100)))`, "[strace(1) -X verbose -y] [measured]"},
	{"f(<... resuming interrupted read ...>)", `Call call="f" (Angle ... resuming interrupted read ...)`, "restart_syscall"},
	{"f(00:0c:29:01:02:03, ???)", `Call call="f" (Name 00:0c:29:01:02:03) (Name ???)`, "hardware addresses"},
}

func TestEachConstructHasItsShape(t *testing.T) {
	for _, row := range grammar {
		l, err := checkRoundTrip(t, row.in)
		got := shape(l)
		if err != nil {
			got = "error"
		}
		if got != row.want {
			t.Errorf("shape(ParseLine(%q)) = %s (%v), want %s: %s", row.in, got, err, row.want, row.why)
		}
	}
}
