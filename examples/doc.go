// Package examples are three programs that talk over sockets with names. They
// are written against the system calls of Process, and run on an emulated
// machine as on a kernel, with the same output.
//
//	crew.go    processes that work together, and end together
//	echo.go    a server with epoll and a thousand clients; a full backlog
//	broker.go  who has not met before gets a pair; descriptors, SO_PEERCRED
//	logger.go  datagrams of many to one; autobind, the queue's limit, poll
//
// Their paths are relative: each machine has them where its processes are.
package examples

import "sockpair/emu"

// Process is one process of a machine: the system calls that the programs
// make, as emu.Process has them.
type Process interface {
	Socket(domain, typ, protocol int) (int, error)
	Socketpair(domain, typ, protocol int, sv *[2]int) error
	Bind(fd int, name []byte) error
	Listen(fd, backlog int) error
	Accept4(fd int, name []byte, namelen *int, flags int) (int, error)
	Connect(fd int, name []byte) error
	Shutdown(fd, how int) error
	Close(fd int) error
	Fcntl(fd, cmd, arg int) (int, error)
	Getsockopt(fd, level, name int, val []byte, vallen *int) error

	Read(fd int, b []byte) (int, error)
	Write(fd int, b []byte) (int, error)
	Sendto(fd int, b []byte, flags int, to []byte) (int, error)
	Recvfrom(fd int, b []byte, flags int, name []byte, namelen *int) (int, error)
	Sendmsg(fd int, m *emu.Msghdr, flags int) (int, error)
	Recvmsg(fd int, m *emu.Msghdr, flags int) (int, error)

	Poll(fds []emu.PollFd, timeout int) (int, error)
	EpollCreate1(flags int) (int, error)
	EpollCtl(epfd, op, fd int, event *emu.EpollEvent) error
	EpollWait(epfd int, events []emu.EpollEvent, timeout int) (int, error)

	Unlink(path string) error
	Getpid() int
	Kill(pid int, sig emu.Signal) error
	Exit(code int)
}

// Spawn makes a process without descriptors.
type Spawn func() (Process, error)

// On makes the processes of an emulated machine. They begin in /tmp.
func On(sys *emu.System) Spawn {
	return func() (Process, error) {
		p := sys.NewProcess()
		return p, p.Chdir("/tmp")
	}
}

// listen makes a socket of a type that listens at a path.
func listen(p Process, typ int, path string, backlog int) (int, error) {
	fd, err := bound(p, typ, emu.PathSockaddr(path))
	if err != nil {
		return -1, err
	}
	return fd, p.Listen(fd, backlog)
}

// bound makes a socket of a type that has a name.
func bound(p Process, typ int, name []byte) (int, error) {
	fd, err := p.Socket(emu.AF_UNIX, typ, 0)
	if err != nil {
		return -1, err
	}
	return fd, p.Bind(fd, name)
}

// dial makes a socket of a type and connects it to a path.
func dial(p Process, typ int, path string) (int, error) {
	fd, err := p.Socket(emu.AF_UNIX, typ, 0)
	if err != nil {
		return -1, err
	}
	return fd, p.Connect(fd, emu.PathSockaddr(path))
}
