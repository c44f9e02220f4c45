//go:build !plan9

package errno

// Host returns what the host's package syscall calls by e's name, a
// syscall.Errno whose number and text are the host's, for code that compares
// with == or by type. Where the host has no such name it is e itself, and nil
// for 0.
func (e Errno) Host() error {
	for _, names := range [...][]hostName{hostCommon[:], hostExtra[:]} {
		for _, n := range names {
			if n.ours == e {
				return n.host
			}
		}
	}
	return e.Err()
}
