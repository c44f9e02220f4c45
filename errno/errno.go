// Package errno has the error numbers of Linux on x86-64, on every host.
//
// An emulated call fails with the number, name and text that a Linux program
// sees, even where the host numbers its errors differently or not at all. The
// pieces:
//
//	number.go   the constants
//	table.go    one row a number: name and text
//	errno.go    the methods
//	host*.go    what package syscall of each host calls by the same names; Errno.Host
//
// An Errno travels as a plain number, in which 0 is success. It becomes an
// error only where it leaves the emulator, by [Errno.Err], so that success is
// always a nil error.
//
// # Comparing with the host's errors
//
// Code that was written for the host compares with package syscall's values:
//
//	errors.Is(err, syscall.EAGAIN) // true when err is errno.EAGAIN
//
// The other direction cannot hold: errors.Is(syscall.EAGAIN, errno.EAGAIN) asks
// a method of package syscall, which does not know this package. Nor does ==
// hold between the two types in either direction.
package errno

import (
	"errors"
	"io/fs"
	"strconv"
)

// Errno is a Linux error number; 0 is success. Numbers without a row in the
// table are valid values that have no name.
type Errno uint16

// Err returns e as an error, and nil for 0. It is the one way out: a zero Errno
// that is assigned to an error directly would not compare equal to nil.
func (e Errno) Err() error {
	if e == 0 {
		return nil
	}
	return e
}

// Error returns the text of strerror, such as "Broken pipe", or "errno N" for a
// number that Linux does not use.
func (e Errno) Error() string {
	if int(e) < len(table) && table[e].text != "" {
		return table[e].text
	}
	return "errno " + strconv.Itoa(int(e))
}

// Name returns the name, such as "EPIPE", or "" for 0 and for a number that
// Linux does not use. Of two names it is the one strace prints: EAGAIN, EDEADLK,
// EOPNOTSUPP.
func (e Errno) Name() string {
	if int(e) < len(table) {
		return table[e].name
	}
	return ""
}

// String returns the name, or what Error says when there is none.
func (e Errno) String() string {
	if name := e.Name(); name != "" {
		return name
	}
	return e.Error()
}

// Parse returns the number of a name; it is the inverse of Name, and knows the
// second names EWOULDBLOCK, EDEADLOCK and ENOTSUP as well. Case matters.
func Parse(name string) (Errno, bool) {
	if name == "" { // the rows without a name
		return 0, false
	}
	for e, r := range table {
		if r.name == name {
			return Errno(e), true
		}
	}
	for _, a := range aliases {
		if a.name == name {
			return a.is, true
		}
	}
	return 0, false
}

// Is makes errors.Is(e, target) true for the host's syscall.Errno of the same
// name, and for the classes of package fs that package syscall puts e in.
//
// Source: Go src/syscall/syscall_unix.go, Errno.Is.
func (e Errno) Is(target error) bool {
	switch target {
	case fs.ErrPermission:
		return e == EACCES || e == EPERM
	case fs.ErrExist:
		return e == EEXIST || e == ENOTEMPTY
	case fs.ErrNotExist:
		return e == ENOENT
	case errors.ErrUnsupported:
		return e == ENOSYS || e == EOPNOTSUPP // which is ENOTSUP
	}
	return isHost(e, target)
}

// Timeout reports whether e says that the time was up or that the call would
// have had to wait. With Temporary it is what net.Error asks for.
//
// Source: Go src/syscall/syscall_unix.go, Errno.Timeout.
func (e Errno) Timeout() bool {
	return e == EAGAIN || e == ETIMEDOUT // EAGAIN is EWOULDBLOCK
}

// Temporary reports whether the same call may succeed later.
//
// Source: Go src/syscall/syscall_unix.go, Errno.Temporary.
func (e Errno) Temporary() bool {
	return e == EINTR || e == EMFILE || e == ENFILE || e.Timeout()
}
