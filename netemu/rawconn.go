package netemu

import (
	"net"
	"syscall"
)

// SyscallConn returns the descriptor for calls of the caller's own. The number
// is one of the emulated process ([Net.Process]), not one of the host.
func (c *UnixConn) SyscallConn() (syscall.RawConn, error) {
	if !c.ok() {
		return nil, syscall.EINVAL
	}
	return &rawConn{&c.socket}, nil
}

// rawConn is the syscall.RawConn of a connection.
type rawConn struct{ c *socket }

// Control calls f once. Close waits for it, so f must not call Close.
func (r *rawConn) Control(f func(fd uintptr)) error {
	if err := r.c.control(f); err != nil {
		return &net.OpError{Op: "raw-control", Net: r.c.network, Addr: r.c.laddr, Err: err}
	}
	return nil
}

// Read calls f until it returns true, after each false waiting until there may
// be something to read.
func (r *rawConn) Read(f func(fd uintptr) bool) error {
	return r.c.opError("raw-read", "", r.c.until(&r.c.rd, f))
}

// Write is Read for room to write.
func (r *rawConn) Write(f func(fd uintptr) bool) error {
	return r.c.opError("raw-write", "", r.c.until(&r.c.wr, f))
}
