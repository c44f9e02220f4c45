package netemu

import (
	"net"
	"os"
	"strconv"
	"strings"

	"sockpair/emu"
)

// Socket activation, as systemd does it: a manager makes the sockets, the
// service that it starts finds them from descriptor 3 on, and is told in its
// environment how many there are (sd_listen_fds(3)).

// firstListenFd is the descriptor of the first socket.
const firstListenFd = 3

// Activate hands sockets to the program as a service manager does: they become
// the first of its ExtraFiles, and Start adds LISTEN_PID, LISTEN_FDS and
// LISTEN_FDNAMES to its environment.
func (c *Cmd) Activate(sockets ...*File) {
	c.ExtraFiles = append(append([]*File{}, sockets...), c.ExtraFiles...)
	names := make([]string, 0, len(sockets)+len(c.names))
	for _, f := range sockets {
		names = append(names, f.activationName())
	}
	c.names = append(names, c.names...)
	c.sockets += len(sockets)
}

// activationName is the name of a socket in LISTEN_FDNAMES, which has no colons.
func (f *File) activationName() string {
	if !f.ok() || f.name == "" || strings.ContainsAny(f.name, ":\n") {
		return "unknown"
	}
	return f.name
}

// ListenFiles returns the sockets that a service manager has handed to the
// process, named as LISTEN_FDNAMES says; none when the environment is that of
// another process. They are closed on exec.
//
// An error says which variable cannot be read.
func ListenFiles(p *emu.Process, env []string) ([]*File, error) {
	get := func(name string) (value string) {
		for _, e := range env {
			if k, v, ok := strings.Cut(e, "="); ok && k == name {
				value = v
			}
		}
		return value
	}
	pid, count := get("LISTEN_PID"), get("LISTEN_FDS")
	if pid == "" || count == "" {
		return nil, nil
	}
	if n, err := strconv.Atoi(pid); err != nil {
		return nil, &os.SyscallError{Syscall: "LISTEN_PID", Err: err}
	} else if n != p.Getpid() {
		return nil, nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 || n > len(p.Descriptors()) {
		if err == nil {
			err = os.ErrInvalid
		}
		return nil, &os.SyscallError{Syscall: "LISTEN_FDS", Err: err}
	}
	names := strings.Split(get("LISTEN_FDNAMES"), ":")
	var files []*File
	for i := range n {
		name := "LISTEN_FD_" + strconv.Itoa(firstListenFd+i)
		if i < len(names) && names[i] != "" {
			name = names[i]
		}
		if _, err := p.Fcntl(firstListenFd+i, emu.F_SETFD, emu.FD_CLOEXEC); err != nil {
			return nil, syscallError("fcntl", err)
		}
		files = append(files, NewFile(p, firstListenFd+i, name))
	}
	return files, nil
}

// Listeners returns those of ListenFiles's sockets that listen, as listeners;
// the other files it closes.
func Listeners(p *emu.Process, env []string) ([]net.Listener, error) {
	files, err := ListenFiles(p, env)
	var listeners []net.Listener
	for _, f := range files {
		if listens, e := p.GetsockoptInt(f.fd, emu.SOL_SOCKET, emu.SO_ACCEPTCONN); e == nil && listens != 0 && err == nil {
			var l net.Listener
			if l, err = FileListener(f); err == nil {
				listeners = append(listeners, l)
			}
		}
		f.Close()
	}
	return listeners, err
}
