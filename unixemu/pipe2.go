//go:build dragonfly || freebsd || linux || netbsd || openbsd || solaris

package unixemu

import "golang.org/x/sys/unix"

func (Host) Pipe2(p []int, flags int) error { return unix.Pipe2(p, flags) }

func (p *Process) Pipe2(fds []int, flags int) error { return p.pipe(fds, flags) }
