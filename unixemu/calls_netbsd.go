package unixemu

// Calls are the calls that golang.org/x/sys/unix has on this host, NetBSD.
type Calls interface {
	Portable

	Dup3(from, to, flags int) error
	Pipe2(p []int, flags int) error
	GetsockoptString(fd, level, opt int) (string, error)
	IoctlGetInt(fd int, req uint) (int, error)
	IoctlSetInt(fd int, req uint, value int) error
	IoctlSetPointerInt(fd int, req uint, value int) error
}
