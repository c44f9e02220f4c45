//go:build unix

// The texts of errors are the host's: this example shows those of a Unix.

package netemu_test

import (
	"errors"
	"fmt"
	"io"
	"syscall"

	"sockpair/netemu"
)

// A pipe with the kernel's buffers: nobody has to read for a Write to return,
// one direction can be closed, and errors are a socket's.
func ExamplePipe() {
	a, b := netemu.Pipe() // where net.Pipe() stood
	a.Write([]byte("hello"))
	a.CloseWrite()
	data, err := io.ReadAll(b)
	fmt.Printf("%s %v\n", data, err)

	b.Close()
	_, err = a.Write([]byte("anybody there?"))
	fmt.Println(err, errors.Is(err, syscall.EPIPE))
	// Output:
	// hello <nil>
	// write unix @->@: write: broken pipe true
}
