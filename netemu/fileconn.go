package netemu

import (
	"net"
	"os"
	"syscall"

	"sockpair/emu"
	"sockpair/errno"
)

// Connections made of files, and files of connections. Each is a descriptor of
// its own, for the same open file description.

// fileAddr is the address in the error of a FileConn: the file's name.
type fileAddr string

func (fileAddr) Network() string  { return "file+net" }
func (a fileAddr) String() string { return string(a) }

// FileConn returns a connection for the socket that f is: another descriptor,
// for f's description, which is in non-blocking mode from then on. Both are to
// be closed. It belongs to f's process.
//
// ENOTSOCK: f is no socket; EBADF; EMFILE.
func FileConn(f *File) (net.Conn, error) {
	c, err := fileConn(f)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// FilePacketConn is FileConn as a net.PacketConn.
func FilePacketConn(f *File) (net.PacketConn, error) {
	c, err := fileConn(f)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// FileListener is FileConn for a socket that listens. Its Close does not remove
// the file of its name.
func FileListener(f *File) (net.Listener, error) {
	l := new(UnixListener)
	if err := f.dupSocket(&l.socket); err != nil {
		return nil, fileFailed(f, err)
	}
	l.keep.Store(true)
	return l, nil
}

func fileConn(f *File) (*UnixConn, error) {
	c := new(UnixConn)
	if err := f.dupSocket(&c.socket); err != nil {
		return nil, fileFailed(f, err)
	}
	return c, nil
}

func fileFailed(f *File, err error) error {
	name := ""
	if f.ok() {
		name = f.name
	}
	return &net.OpError{Op: "file", Net: "file+net", Addr: fileAddr(name), Err: err}
}

// dupSocket makes s another descriptor for the socket that f is.
func (f *File) dupSocket(s *socket) error {
	if !f.ok() {
		return os.ErrInvalid
	}
	fd, err := f.dup()
	if err != nil {
		return err
	}
	if err := s.take(f.p, fd); err != nil {
		f.p.Close(fd)
		return err
	}
	return nil
}

// take makes s of descriptor fd, which is s's if there is no error.
func (s *socket) take(p *emu.Process, fd int) error {
	if err := p.SetNonblock(fd, true); err != nil {
		return syscallError("setnonblock", err)
	}
	typ, err := p.GetsockoptInt(fd, emu.SOL_SOCKET, emu.SO_TYPE)
	if err != nil {
		return syscallError("getsockopt", err)
	}
	if networkOf(typ) == "" {
		return errno.EPROTONOSUPPORT.Host()
	}
	s.init(p, fd, typ)
	s.laddr, s.raddr = s.names()
	return nil
}

// dup makes another descriptor, which exec closes, for the description. EBADF, as
// package os gives the number -1 of a closed file.
func (d *desc) dup() (int, error) {
	if err := d.enter(); err != nil {
		if d.file {
			err = os.NewSyscallError("fcntl", errno.EBADF.Host())
		}
		return -1, err
	}
	defer d.leave()
	fd, err := d.p.Fcntl(d.fd, emu.F_DUPFD_CLOEXEC, 0)
	return fd, syscallError("fcntl", err)
}

// asFile makes a File of another descriptor for the socket.
func (s *socket) asFile() (*File, error) {
	fd, err := s.dup()
	if err != nil {
		return nil, err
	}
	name := s.network + ":"
	if s.laddr != nil {
		name += s.laddr.String()
	}
	name += "->"
	if s.raddr != nil {
		name += s.raddr.String()
	}
	f := NewFile(s.p, fd, name)
	f.unblock.Store(true)
	return f, nil
}

// File returns another descriptor for the socket, to be handed to another
// process ([Cmd.ExtraFiles]) or to [FileConn]. Closing one does not close the
// other.
func (c *UnixConn) File() (*File, error) {
	if !c.ok() {
		return nil, syscall.EINVAL
	}
	f, err := c.asFile()
	return f, c.opError("file", "", err)
}

// File returns another descriptor for the socket.
func (l *UnixListener) File() (*File, error) {
	if !l.ok() {
		return nil, syscall.EINVAL
	}
	f, err := l.asFile()
	return f, l.listenError("file", "", err)
}
