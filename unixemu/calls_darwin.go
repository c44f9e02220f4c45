package unixemu

// Calls are the calls that golang.org/x/sys/unix has on this host, macOS or iOS.
type Calls interface {
	Portable

	Readv(fd int, iovs [][]byte) (n int, err error)
	Writev(fd int, iovs [][]byte) (n int, err error)
	GetsockoptString(fd, level, opt int) (string, error)
	IoctlGetInt(fd int, req uint) (int, error)
	IoctlSetInt(fd int, req uint, value int) error
	IoctlSetPointerInt(fd int, req uint, value int) error
}
