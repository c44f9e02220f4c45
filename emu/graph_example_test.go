package emu_test

import (
	"fmt"

	"sockpair/emu"
)

// A socket that holds itself and its peer's last reference, seen before its
// own descriptor is closed; then nothing is left.
func ExampleSystem_InFlightGraph() {
	sys, _ := emu.New(emu.Config{})
	p := sys.NewProcess()
	a, b, _ := p.Pair(emu.SOCK_STREAM)
	p.Foreign(7, "notes.txt")
	for _, fds := range [][]int{{b}, {b, b}, {a, 7}} {
		p.Sendmsg(a, &emu.Msghdr{Iov: [][]byte{{'m'}}, Control: emu.Rights(fds...)}, 0)
	}
	p.Close(a)
	fmt.Print(sys.InFlightGraph())
	fmt.Print(sys.InFlightGraph().DOT())
	p.Close(b)
	fmt.Println("left:", sys.InFlight())
	// Output:
	// 1 stream, peer 3, open 1000:1, held by 1 (3 times)
	// 2 "notes.txt", open 1000:7, held by 1
	// 3 stream, peer 1, open nowhere, held by 1
	// digraph inflight {
	// 	1 [label="1 stream\n1000:1"];
	// 	1 -> 3 [dir=none, style=dotted];
	// 	2 [label="2 \"notes.txt\"\n1000:7"];
	// 	3 [label="3 stream\nnowhere", style=dashed];
	// 	1 -> 1 [label=3];
	// 	1 -> 2;
	// 	1 -> 3;
	// }
	// left: 0
}
