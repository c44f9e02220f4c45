package strace_test

import (
	"fmt"
	"strings"

	"sockpair/strace"
)

// What a line says is asked of its arguments.
func ExampleParseLine() {
	l, err := strace.ParseLine(`recvfrom(4<socket:[9]>, "pi\0"..., 512, MSG_PEEK|0x10, NULL, NULL) = 200`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fd, _ := l.Call.Arg(0).Int()
	data, cut, _ := l.Call.Arg(1).Bytes()
	names, rest, _ := l.Call.Arg(3).Flags()
	n, _ := l.Call.Result.Int()
	fmt.Printf("%s fd=%d data=%q cut=%v flags=%v rest=%#x: %d\n", l.Call.Name, fd, data, cut, names, rest, n)
	// Output: recvfrom fd=4 data="pi\x00" cut=true flags=[MSG_PEEK] rest=0x10: 200
}

// An error says where the text stops being the notation.
func ExampleReader() {
	r := strace.NewReader(strings.NewReader("close(3) = 0\nclose(3 = 0\n"), "pair.strace")
	for range 2 {
		if _, err := r.Next(); err != nil {
			fmt.Println(err)
		}
	}
	// Output: pair.strace:2:9: expected "," or ")", found "="
}

// A program that writes a log makes calls and prints them.
func ExampleCall() {
	c := &strace.Call{Name: "socketpair"}
	c.Args = strace.Args(strace.Word("AF_UNIX"), strace.FlagSet([]string{"SOCK_DGRAM", "SOCK_CLOEXEC"}, 0, ""), strace.Int(0),
		strace.ArrayOf(strace.Int(3), strace.Int(4)))
	c.Result = strace.Ret(0)
	fmt.Println(c)
	fmt.Println(&strace.Call{Name: "close", Args: strace.Args(strace.Int(9)), Result: strace.RetErrno("EBADF", "Bad file descriptor")})
	// Output:
	// socketpair(AF_UNIX, SOCK_DGRAM|SOCK_CLOEXEC, 0, [3, 4]) = 0
	// close(9)                                = -1 EBADF (Bad file descriptor)
}

// A call that strace prints in two parts is entered at one and returns, whole,
// at the other.
func ExampleJoiner() {
	const log = `7     read(3,  <unfinished ...>
8     write(4, "x", 1) = 1
7     <... read resumed>"x", 16) = 1`
	lines, _ := strace.ReadAll(strings.NewReader(log), "")
	var j strace.Joiner
	for _, l := range lines {
		events, _ := j.Add(l)
		for _, e := range events {
			fmt.Println(e.PID, e.Kind, e.Call)
		}
	}
	// Output:
	// 7 Enter read(3,  <unfinished ...>
	// 8 Enter write(4, "x", 1) = 1
	// 8 Exit write(4, "x", 1) = 1
	// 7 Exit read(3, "x", 16) = 1
}
