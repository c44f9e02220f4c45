package unixemu

// Calls are the calls that golang.org/x/sys/unix has on this host, Solaris or
// illumos.
type Calls interface {
	Portable

	Pipe2(p []int, flags int) error
	GetsockoptString(fd, level, opt int) (string, error)
	IoctlGetInt(fd int, req int) (int, error)
	IoctlSetInt(fd int, req int, value int) error
	IoctlSetPointerInt(fd int, req int, value int) error
}
