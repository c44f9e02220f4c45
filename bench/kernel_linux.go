package main

import (
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// kernels are the host kernel's sockets, by raw calls and by package net.
func kernels() []contestant {
	all := []kind{stream, seqpacket, dgram}
	return []contestant{
		{name: "kernel", kinds: all, fills: true, passes: true, polls: true, pairs: 4000, open: func() (world, error) { return new(kernelCalls), nil }},
		{name: "net.UnixConn", kinds: all, pairs: 4000, open: func() (world, error) { return unixConns{}, nil }},
	}
}

var kernelTypes = [...]int{stream: unix.SOCK_STREAM, seqpacket: unix.SOCK_SEQPACKET, dgram: unix.SOCK_DGRAM}

// rawKernel makes system calls that block their thread.
type rawKernel struct{}

func (rawKernel) close()                   {}
func (rawKernel) outside() (uint64, error) { return slabs() }

func (rawKernel) pair(k kind) (a, b io.ReadWriteCloser, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, kernelTypes[k]|unix.SOCK_CLOEXEC, 0)
	return rawEnd(fds[0]), rawEnd(fds[1]), err
}

// rawEnd is a descriptor. A call that a signal of the runtime interrupts is made again.
type rawEnd int

func (fd rawEnd) Read(b []byte) (int, error) {
	return uninterrupted(func() (int, error) { return unix.Read(int(fd), b) })
}

func (fd rawEnd) Write(b []byte) (int, error) {
	done := 0
	for {
		n, err := uninterrupted(func() (int, error) { return unix.Write(int(fd), b[done:]) })
		done += max(n, 0)
		if err != nil || done == len(b) {
			return done, err
		}
	}
}

func (fd rawEnd) Close() error { return unix.Close(int(fd)) }

// fill queues as much as there is room for.
func (fd rawEnd) fill(piece []byte) (total int, err error) {
	for {
		n, err := uninterrupted(func() (int, error) { return unix.SendmsgN(int(fd), piece, nil, nil, unix.MSG_DONTWAIT) })
		if err == unix.EAGAIN {
			return total, nil
		}
		if err != nil {
			return total, err
		}
		total += n
	}
}

// unixConns gives the ends to the runtime's poller.
type unixConns struct{}

func (unixConns) close()                   {}
func (unixConns) outside() (uint64, error) { return slabs() }

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

// slabs is the memory of the kernel's objects, of the whole machine.
func slabs() (uint64, error) {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(info)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Slab:" {
			kib, err := strconv.ParseUint(fields[1], 10, 64)
			return kib << 10, err
		}
	}
	return 0, errors.New("/proc/meminfo has no line Slab")
}
