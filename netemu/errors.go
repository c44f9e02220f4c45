package netemu

import (
	"errors"
	"io"
	"net"
	"os"

	"sockpair/errno"
)

// Errors are dressed as package net dresses them: a *net.OpError around an
// *os.SyscallError around the host's syscall.Errno, with the names of the
// system calls that package net makes on Linux.

// errMissingAddress is what package net says where an address must be.
var errMissingAddress = errors.New("missing address")

// errFileClosed is what package os says of a closed file where it does not dress
// errors; elsewhere it is os.ErrClosed.
var errFileClosed = errors.New("use of closed file")

// errNegative is what package os says of a negative offset.
var errNegative = errors.New("negative offset")

// host turns an emulated errno into the host's of the same name, and leaves
// other errors as they are.
func host(err error) error {
	if e, ok := err.(errno.Errno); ok {
		return e.Host()
	}
	return err
}

// syscallError is os.NewSyscallError for an errno, and err for another error.
func syscallError(call string, err error) error {
	if e, ok := err.(errno.Errno); ok {
		return os.NewSyscallError(call, e.Host())
	}
	return err
}

// Errno returns the emulated number that an error of this package holds; false
// when it holds none, as that of a time-out. It works on every platform, where
// errors.As with a *syscall.Errno does on those whose package syscall has one.
func Errno(err error) (errno.Errno, bool) {
	for ; err != nil; err = errors.Unwrap(err) {
		if e, ok := err.(errno.Errno); ok {
			return e, true
		}
		for e := errno.EPERM; e <= errno.EHWPOISON; e++ {
			if e.Name() != "" && e.Host() == err {
				return e, true
			}
		}
	}
	return 0, false
}

// opError dresses the error of an operation on a connection; io.EOF of a read
// goes as it is.
func (c *socket) opError(op, call string, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: op, Net: c.network, Source: c.laddr, Addr: c.raddr, Err: syscallError(call, err)}
}

// setError is opError of a call that sets something: it names the own address.
func (c *socket) setError(call string, err error) error {
	if err == nil {
		return nil
	}
	return &net.OpError{Op: "set", Net: c.network, Addr: c.laddr, Err: syscallError(call, err)}
}

// readError is opError of a read, whose io.EOF is no error of the operation.
func (c *socket) readError(call string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return c.opError("read", call, err)
}
