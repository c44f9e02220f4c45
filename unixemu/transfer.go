//go:build unix

package unixemu

import "golang.org/x/sys/unix"

func (p *Process) Read(fd int, b []byte) (n int, err error) {
	return number(p.emulated.Read(fd, memory(b)))
}

func (p *Process) Write(fd int, b []byte) (n int, err error) {
	return number(p.emulated.Write(fd, memory(b)))
}

// Send does not tell how much of b a stream took, as in x/sys/unix.
func (p *Process) Send(s int, buf []byte, flags int) error {
	_, err := p.emulated.Send(s, memory(buf), messageFlags.bitsToEmu(flags))
	return hostError(err)
}

// Sendto does not tell how much of b a stream took, as in x/sys/unix.
func (p *Process) Sendto(fd int, b []byte, flags int, to unix.Sockaddr) error {
	name, err := optional(to)
	if err != nil {
		return err
	}
	_, err = p.emulated.Sendto(fd, memory(b), messageFlags.bitsToEmu(flags), name)
	return hostError(err)
}

func (p *Process) Recvfrom(fd int, b []byte, flags int) (n int, from unix.Sockaddr, err error) {
	name, room := nameRoom()
	n, err = p.emulated.Recvfrom(fd, memory(b), messageFlags.bitsToEmu(flags), name, &room)
	if err != nil {
		return -1, nil, hostError(err)
	}
	return n, sender(name), nil
}
