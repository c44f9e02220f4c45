package netemu

import (
	"io"
	"io/fs"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"sockpair/emu"
)

// File is a descriptor of an emulated process with the methods of *os.File
// that programs use on the ends of sockets and pipes. The errors are package
// os's: an *os.PathError around the host's syscall.Errno.
type File struct {
	desc
	name string
	// unblock: Fd puts the description into blocking mode, as *os.File does
	// that package net has made.
	unblock atomic.Bool
}

var (
	_ io.ReadWriteCloser = (*File)(nil)
	_ io.StringWriter    = (*File)(nil)
	_ io.ReaderAt        = (*File)(nil)
	_ io.Seeker          = (*File)(nil)
	_ syscall.Conn       = (*File)(nil)
	_ fs.File            = (*File)(nil)
)

// NewFile returns a File for descriptor fd of the process, nil if it is
// negative. One that is in non-blocking mode waits here, for deadlines and
// Close to end it, another in the machine.
func NewFile(p *emu.Process, fd int, name string) *File {
	if p == nil || fd < 0 {
		return nil
	}
	ignorePipe(p)
	f := &File{name: name}
	f.desc.init(p, fd)
	f.file = true
	flags, err := p.Fcntl(fd, emu.F_GETFL, 0)
	f.plain = err != nil || flags&emu.O_NONBLOCK == 0
	f.blocks.Store(f.plain)
	return f
}

func (f *File) ok() bool { return f != nil && f.p != nil }

// failed is the error of an operation on the file; io.EOF goes as it is.
func (f *File) failed(op string, err error) error {
	switch err {
	case nil, io.EOF:
		return err
	case errFileClosed:
		err = os.ErrClosed
	}
	return &os.PathError{Op: op, Path: f.name, Err: host(err)}
}

// Process returns the process whose descriptor it is.
func (f *File) Process() *emu.Process { return f.p }

// Name returns the name that NewFile was given.
func (f *File) Name() string { return f.name }

// Fd returns the descriptor, ^0 once the file is closed. As of *os.File the
// file is in blocking mode after it when package net, here [UnixConn.File], has
// made it.
func (f *File) Fd() uintptr {
	if !f.ok() || f.enter() != nil {
		return ^uintptr(0)
	}
	defer f.leave()
	if f.unblock.Load() && f.beginsToBlock() {
		f.p.SetNonblock(f.fd, false)
	}
	return uintptr(f.fd)
}

// Read reads up to len(b) bytes, or a message. io.EOF: there were none.
func (f *File) Read(b []byte) (int, error) {
	if !f.ok() {
		return 0, os.ErrInvalid
	}
	n, err := f.read(b)
	if err != nil {
		err = f.failed("read", err)
	}
	return n, err
}

// Write writes b, all of it unless it fails.
func (f *File) Write(b []byte) (int, error) {
	if !f.ok() {
		return 0, os.ErrInvalid
	}
	n, err := f.write(b)
	if err != nil {
		err = f.failed("write", err)
	}
	return n, err
}

// WriteString is Write of a string.
func (f *File) WriteString(s string) (int, error) { return f.Write([]byte(s)) }

// ReadFrom writes to the file what it reads from r, until io.EOF.
func (f *File) ReadFrom(r io.Reader) (int64, error) {
	if !f.ok() {
		return 0, os.ErrInvalid
	}
	return io.Copy(struct{ io.Writer }{f}, r)
}

// WriteTo writes to w what it reads from the file, until io.EOF.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	if !f.ok() {
		return 0, os.ErrInvalid
	}
	return io.Copy(w, struct{ io.Reader }{f})
}

// Close closes the file: calls that wait on it return with os.ErrClosed. In
// blocking mode they do not, and the descriptor is closed when they have
// returned.
func (f *File) Close() error {
	if !f.ok() {
		return os.ErrInvalid
	}
	return f.failed("close", f.close())
}

// SetDeadline sets the deadlines of Read and Write. os.ErrNoDeadline: NewFile
// has found it in blocking mode. After [File.Fd] they end no call that waits.
func (f *File) SetDeadline(t time.Time) error { return f.deadline(t, readSide, writeSide) }

// SetReadDeadline is SetDeadline for Read.
func (f *File) SetReadDeadline(t time.Time) error { return f.deadline(t, readSide) }

// SetWriteDeadline is SetDeadline for Write.
func (f *File) SetWriteDeadline(t time.Time) error { return f.deadline(t, writeSide) }

func readSide(d *desc) *side  { return &d.rd }
func writeSide(d *desc) *side { return &d.wr }

func (f *File) deadline(t time.Time, of ...func(*desc) *side) error {
	if !f.ok() {
		return os.ErrInvalid
	}
	var sides []*side
	for _, s := range of {
		sides = append(sides, s(&f.desc))
	}
	return f.setDeadline(t, sides...)
}
