//go:build unix

package unixemu

import (
	"bytes"

	"golang.org/x/sys/unix"

	"sockpair/emu"
)

// sizeofSockaddrAny is the room for an address that x/sys/unix gives on Linux.
const sizeofSockaddrAny = 112

// sockaddr is an address in the machine's layout: the family, then the path with
// a NUL, or an abstract name, of which x/sys/unix writes '@' for the NUL that it
// begins with. Of another family it is the family and its length, since the
// machine has only AF_UNIX.
//
// EINVAL: longer than an address of the host; EFAULT: nil.
func sockaddr(sa unix.Sockaddr) ([]byte, error) {
	switch sa := sa.(type) {
	case *unix.SockaddrUnix:
		if sa != nil {
			return unixSockaddr(sa.Name)
		}
	case *unix.SockaddrInet4:
		if sa != nil {
			return foreign(emu.AF_INET, 16), nil
		}
	case *unix.SockaddrInet6:
		if sa != nil {
			return foreign(emu.AF_INET6, 28), nil
		}
	case nil:
	default:
		return foreign(emu.AF_MAX, sizeofSockaddrAny), nil
	}
	return nil, unix.EFAULT
}

func foreign(family byte, n int) []byte {
	name := make([]byte, n)
	name[0] = family
	return name
}

func unixSockaddr(name string) ([]byte, error) {
	var raw unix.RawSockaddrUnix
	switch {
	case len(name) >= len(raw.Path), name == "" && !emptyName:
		return nil, unix.EINVAL
	case name == "":
		return []byte{emu.AF_UNIX, 0}, nil
	}
	to := append([]byte{emu.AF_UNIX, 0}, name...)
	if abstractNames && (name[0] == '@' || name[0] == 0) {
		to[2] = 0
		return to, nil
	}
	return append(to, 0), nil
}

// optional is sockaddr where no address may be given.
func optional(sa unix.Sockaddr) ([]byte, error) {
	if sa == nil {
		return nil, nil
	}
	return sockaddr(sa)
}

// fromSockaddr is the address that the machine has stored into a buffer of
// zeros. Package x/sys/unix shows the socket without a name as "@" on Linux and
// as "" elsewhere, and an abstract name up to its next NUL.
func fromSockaddr(name []byte) unix.Sockaddr {
	path := name[2:min(len(name), 110)]
	if path[0] == 0 && abstractNames && abstractShown {
		path[0] = '@'
	}
	if i := bytes.IndexByte(path, 0); i >= 0 {
		path = path[:i]
	}
	return &unix.SockaddrUnix{Name: string(path)}
}

// sender is fromSockaddr for a receive, which stores no address of a socket
// that has none.
func sender(name []byte) unix.Sockaddr {
	if name[0] == emu.AF_UNSPEC {
		return nil
	}
	return fromSockaddr(name)
}
