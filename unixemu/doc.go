// Package unixemu has the system calls of golang.org/x/sys/unix, function for
// function and type for type, made by a process of the emulated machine.
//
//	sys, _ := emu.New(emu.Config{})
//	var c unixemu.Calls = unixemu.New(sys.NewProcess())
//	fds, err := c.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
//
// Code under test takes a Calls. In production that is Host{}, whose methods
// are the functions of x/sys/unix; in a test it is New of an emulated process,
// which has its own descriptors, limits and signals and makes no system call.
// Errors are the host's syscall.Errno: err == unix.EAGAIN holds on both.
//
// # The pieces
//
//	calls*.go        Portable: what every Unix has; Calls: what this host has
//	process.go       Process: the methods on the emulator, and their errors
//	host*.go         Host: the same on the kernel
//	names*.go        the numbers of the host and those of the machine, by name
//	address.go       addresses
//	control*.go      control messages, in the layout of the host
//	descriptor*.go dup*.go pipe2.go signal*.go ioctl*.go  the methods: of descriptors,
//	connection.go accept4.go                              of connections,
//	transfer.go vector.go message.go                      that move data,
//	option*.go ready*.go epoll_linux.go                   options and readiness
//
// # Numbers and layouts
//
// The machine has the numbers and layouts of Linux on x86-64 wherever it runs,
// and a program those of its own system. Between them every constant goes by
// its name, every struct by its fields, every control message by its header. A
// number that has no name on both sides means nothing to the other one: it is
// answered as one that nobody knows. On Linux, whose systems share most
// numbers, it stays what it is.
//
// The machine behaves as its personality says, on every host: its names are
// Linux's also where the program runs on macOS.
//
// # What differs from x/sys/unix
//
//   - A nil Sockaddr, for which x/sys/unix panics, is EFAULT.
//   - An error that the host has no number for is an errno.Errno.
//   - A process that has ended answers with *emu.Ended.
//   - The time that is left is not stored into the time-out of Select and Ppoll,
//     as Linux does.
//   - IoctlSetInt passes its value as the address of the argument; here every
//     address but 0 is bad.
//   - SIGPIPE is ignored, as the Go runtime does it for sockets; see New.
//
// Where golang.org/x/sys/unix does not exist (Windows, Plan 9, js and wasip1)
// this package is empty.
package unixemu
