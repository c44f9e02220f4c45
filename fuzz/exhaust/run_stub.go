//go:build !linux || !amd64

package exhaust

import (
	"errors"
	"runtime"
)

// Unlike says what of this host is not as on the one that was measured.
func Unlike() string {
	return "comparing with the kernel needs Linux on amd64; this is " + runtime.GOOS + " on " + runtime.GOARCH
}

// Compare says that there is no kernel to compare with.
func (e *Enumeration) Compare(o Options, found func(*Difference)) (Tally, error) {
	if err := o.complete(e); err != nil {
		return Tally{}, err
	}
	return Tally{}, errors.New(Unlike())
}
