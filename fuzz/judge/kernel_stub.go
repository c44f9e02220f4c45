//go:build !linux || !amd64

package judge

import (
	"errors"
	"runtime"
)

// OpenKernel says that there is no kernel to compare with.
func OpenKernel() (Kernel, error) { return nil, errors.New(Unlike()) }

func user() (uid, gid int) { return 0, 0 }

// Release is the kernel's version; here it is not known.
func Release() string { return runtime.GOOS + "/" + runtime.GOARCH }

// Unlike says what of this host is not as on the one that was measured.
func Unlike() string {
	return "comparing with the kernel needs Linux on amd64; this is " + runtime.GOOS + " on " + runtime.GOARCH
}
