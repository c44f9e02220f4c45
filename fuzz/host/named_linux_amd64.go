package host

import "syscall"

// The calls that make sockets with names.

// Socket is socket.
func (p *Process) Socket(domain, typ, protocol int) (int, error) {
	return p.call(syscall.SYS_SOCKET, uintptr(domain), uintptr(typ), uintptr(protocol))
}

// Bind is bind.
func (p *Process) Bind(fd int, name []byte) error { return p.named(syscall.SYS_BIND, fd, name) }

// Connect is connect.
func (p *Process) Connect(fd int, name []byte) error { return p.named(syscall.SYS_CONNECT, fd, name) }

func (p *Process) named(number uintptr, fd int, name []byte) error {
	_, err := p.with(number, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.in(name), uintptr(len(name))}
	})
	return err
}

// Listen is listen.
func (p *Process) Listen(fd, backlog int) error {
	_, err := p.call(syscall.SYS_LISTEN, uintptr(fd), uintptr(backlog))
	return err
}

// Accept is accept.
func (p *Process) Accept(fd int, name []byte, namelen *int) (int, error) {
	return p.with(syscall.SYS_ACCEPT, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.out(name), m.word(namelen)}
	})
}

// Accept4 is accept4.
func (p *Process) Accept4(fd int, name []byte, namelen *int, flags int) (int, error) {
	return p.with(syscall.SYS_ACCEPT4, func(m *memory) []uintptr {
		return []uintptr{uintptr(fd), m.out(name), m.word(namelen), uintptr(flags)}
	})
}
