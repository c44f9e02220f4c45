package main

import (
	"errors"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// kernels are the host kernel's sockets, by raw calls and by package net.
func kernels() []contestant {
	all := []kind{stream, seqpacket, dgram}
	return []contestant{
		{name: "kernel", kinds: all, open: func() (world, error) { return rawKernel{}, nil }},
		{name: "net.UnixConn", kinds: all, open: func() (world, error) { return unixConns{}, nil }},
	}
}

var kernelTypes = [...]int{stream: unix.SOCK_STREAM, seqpacket: unix.SOCK_SEQPACKET, dgram: unix.SOCK_DGRAM}

// rawKernel makes system calls that block their thread.
type rawKernel struct{}

func (rawKernel) close() {}

func (rawKernel) pair(k kind) (a, b io.ReadWriteCloser, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, kernelTypes[k]|unix.SOCK_CLOEXEC, 0)
	return rawEnd(fds[0]), rawEnd(fds[1]), err
}

// rawEnd is a descriptor. A call that a signal of the runtime interrupts is made again.
type rawEnd int

func (fd rawEnd) Read(b []byte) (int, error) {
	for {
		n, err := unix.Read(int(fd), b)
		if !errors.Is(err, unix.EINTR) {
			return n, err
		}
	}
}

func (fd rawEnd) Write(b []byte) (int, error) {
	done := 0
	for {
		n, err := unix.Write(int(fd), b[done:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		done += max(n, 0)
		if err != nil || done == len(b) {
			return done, err
		}
	}
}

func (fd rawEnd) Close() error { return unix.Close(int(fd)) }

// unixConns gives the ends to the runtime's poller.
type unixConns struct{}

func (unixConns) close() {}

func (unixConns) pair(k kind) (a, b io.ReadWriteCloser, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, kernelTypes[k]|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	x, errA := fileConn(fds[0])
	y, errB := fileConn(fds[1])
	return x, y, errors.Join(errA, errB)
}

func fileConn(fd int) (io.ReadWriteCloser, error) {
	f := os.NewFile(uintptr(fd), "")
	defer f.Close()
	return net.FileConn(f)
}
