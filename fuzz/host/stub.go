//go:build !linux || !amd64

package host

import (
	"errors"
	"runtime"
)

// Machine is a host that can be compared with. This one cannot.
type Machine struct{}

// New says that this host is not supported.
func New() (*Machine, error) {
	return nil, errors.New("the kernel of " + runtime.GOOS + "/" + runtime.GOARCH + " is not supported, only that of linux/amd64")
}
