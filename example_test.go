package sockpair_test

import (
	"errors"
	"fmt"
	"syscall"

	"sockpair/emu"
)

// The example of README.md.
func Example() {
	sys, err := emu.New(emu.Config{SoftFiles: 5}) // a machine whose processes have 5 descriptors
	if err != nil {
		panic(err)
	}
	p := sys.NewProcess()
	a, b, _ := p.Pair(emu.SOCK_STREAM)
	p.Write(a, []byte("hello"))
	p.Shutdown(a, emu.SHUT_WR)

	buf := make([]byte, 64)
	n, _ := p.Read(b, buf)
	fmt.Printf("%q\n", buf[:n])
	n, _ = p.Read(b, buf)
	fmt.Println(n, "is end of file")

	p.Pair(emu.SOCK_DGRAM)
	_, _, err = p.Pair(emu.SOCK_DGRAM)
	fmt.Println(err, errors.Is(err, syscall.EMFILE))
	// Output:
	// "hello"
	// 0 is end of file
	// Too many open files true
}
