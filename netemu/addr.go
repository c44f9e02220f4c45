package netemu

import (
	"bytes"
	"net"

	"sockpair/emu"
	"sockpair/errno"
)

// Addresses as package syscall and package net show them: the name of a path
// is the path, that of an abstract name begins with '@' in the place of its
// NUL, and a socket without a name has "@" for its own address.

// sizeofPath is the room for a path in struct sockaddr_un.
const sizeofPath = 108

// networks are the names of the types of sockets.
var networks = [...]string{emu.SOCK_STREAM: "unix", emu.SOCK_DGRAM: "unixgram", emu.SOCK_SEQPACKET: "unixpacket"}

// networkOf is the network of a socket type, "" for one that has none.
func networkOf(typ int) string {
	if typ < 0 || typ >= len(networks) {
		return ""
	}
	return networks[typ]
}

// typeOf is the socket type of a network. net.UnknownNetworkError.
func typeOf(network string) (int, error) {
	for typ, name := range networks {
		if name == network && name != "" {
			return typ, nil
		}
	}
	return 0, net.UnknownNetworkError(network)
}

// nameOf is the name in an address as the machine stores it; false: it is not
// an address of AF_UNIX, as that which a message without a sender's name has.
func nameOf(sockaddr []byte) (string, bool) {
	if len(sockaddr) < 2 || sockaddr[0] != emu.AF_UNIX {
		return "", false
	}
	path := sockaddr[2:]
	if len(path) == 0 || path[0] == 0 {
		rest, _, _ := bytes.Cut(path[min(1, len(path)):], []byte{0})
		return "@" + string(rest), true
	}
	path, _, _ = bytes.Cut(path, []byte{0})
	return string(path), true
}

// addrOf is the address as package net returns it, nil for none.
func addrOf(sockaddr []byte, network string) *net.UnixAddr {
	name, ok := nameOf(sockaddr)
	if !ok {
		return nil
	}
	return &net.UnixAddr{Name: name, Net: network}
}

// sockaddrOf is the inverse of nameOf; of no name it is the family alone.
// EINVAL: the name is too long.
func sockaddrOf(name string) ([]byte, error) {
	abstract := len(name) > 0 && (name[0] == '@' || name[0] == 0 && len(name) > 1)
	if len(name) > sizeofPath || len(name) == sizeofPath && !abstract {
		return nil, errno.EINVAL
	}
	b := append([]byte{emu.AF_UNIX, 0}, name...)
	switch {
	case abstract:
		b[2] = 0
	case name != "":
		b = append(b, 0)
	}
	return b, nil
}

// asAddr is a as an interface, which is nil when a is.
func asAddr(a *net.UnixAddr) net.Addr {
	if a == nil {
		return nil
	}
	return a
}
