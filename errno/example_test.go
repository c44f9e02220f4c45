package errno_test

import (
	"errors"
	"fmt"
	"io/fs"

	"sockpair/errno"
)

func Example() {
	err := fmt.Errorf("write: %w", errno.EPIPE.Err())
	var e errno.Errno
	if errors.As(err, &e) {
		fmt.Printf("-1 %s (%s), number %d\n", e.Name(), e.Error(), int(e))
	}
	fmt.Println(errors.Is(errno.EACCES, fs.ErrPermission))

	e, ok := errno.Parse("EWOULDBLOCK")
	fmt.Println(e.Name(), ok)
	// Output:
	// -1 EPIPE (Broken pipe), number 32
	// true
	// EAGAIN true
}

// Success is a nil error.
func ExampleErrno_Err() {
	result := errno.Errno(0)
	fmt.Println(result.Err() == nil)
	// Output: true
}
