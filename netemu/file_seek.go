package netemu

import (
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"sockpair/emu"
)

// The methods of *os.File that a socket refuses, and Stat.

// quiet does a call that neither reads nor writes.
func (f *File) quiet(op string, call func() error) error {
	if !f.ok() {
		return os.ErrInvalid
	}
	if err := f.enter(); err != nil {
		return f.failed(op, err)
	}
	defer f.leave()
	return f.failed(op, call())
}

// ReadAt says ESPIPE: sockets and pipes have no position. A negative offset is
// refused before.
func (f *File) ReadAt(b []byte, off int64) (n int, err error) {
	if f.ok() && off < 0 {
		return 0, &os.PathError{Op: "readat", Path: f.name, Err: errNegative}
	}
	err = f.quiet("read", func() (err error) {
		if len(b) > 0 {
			n, err = f.p.Pread(f.fd, b, off)
		}
		return err
	})
	return max(n, 0), err
}

// WriteAt says ESPIPE.
func (f *File) WriteAt(b []byte, off int64) (n int, err error) {
	if f.ok() && off < 0 {
		return 0, &os.PathError{Op: "writeat", Path: f.name, Err: errNegative}
	}
	err = f.quiet("write", func() (err error) {
		if len(b) > 0 {
			n, err = f.p.Pwrite(f.fd, b, off)
		}
		return err
	})
	return max(n, 0), err
}

// Seek says ESPIPE.
func (f *File) Seek(offset int64, whence int) (at int64, err error) {
	err = f.quiet("seek", func() (err error) {
		at, err = f.p.Lseek(f.fd, offset, whence)
		return err
	})
	return max(at, 0), err
}

// Sync says EINVAL: there is nothing to store.
func (f *File) Sync() error {
	return f.quiet("sync", func() error { return f.p.Fsync(f.fd) })
}

// Truncate says EINVAL: there is no length.
func (f *File) Truncate(size int64) error {
	return f.quiet("truncate", func() error { return f.p.Ftruncate(f.fd, size) })
}

// Stat tells what the file is: fs.ModeSocket|0777 of a socket,
// fs.ModeNamedPipe|0600 of a pipe. Sys is an *[emu.Stat].
func (f *File) Stat() (fs.FileInfo, error) {
	info := fileInfo{}
	err := f.quiet("stat", func() error {
		info.name = path.Base(f.name)
		return f.p.Fstat(f.fd, &info.stat)
	})
	if err != nil {
		return nil, err
	}
	return &info, nil
}

// fileInfo is what Stat returns.
type fileInfo struct {
	name string
	stat emu.Stat
}

func (i *fileInfo) Name() string       { return i.name }
func (i *fileInfo) Size() int64        { return i.stat.Size }
func (i *fileInfo) ModTime() time.Time { return time.Time{} }
func (i *fileInfo) IsDir() bool        { return i.Mode().IsDir() }
func (i *fileInfo) Sys() any           { return &i.stat }

func (i *fileInfo) Mode() fs.FileMode {
	mode := fs.FileMode(i.stat.Mode & 0o777)
	switch i.stat.Mode & emu.S_IFMT {
	case emu.S_IFSOCK:
		mode |= fs.ModeSocket
	case emu.S_IFIFO:
		mode |= fs.ModeNamedPipe
	case emu.S_IFDIR:
		mode |= fs.ModeDir
	case emu.S_IFCHR:
		mode |= fs.ModeDevice | fs.ModeCharDevice
	case emu.S_IFLNK:
		mode |= fs.ModeSymlink
	}
	return mode
}

// SyscallConn returns the descriptor for calls of the caller's own.
func (f *File) SyscallConn() (syscall.RawConn, error) {
	if !f.ok() {
		return nil, os.ErrInvalid
	}
	return &rawFile{f}, nil
}

// rawFile is the syscall.RawConn of a file, whose errors package os does not dress.
type rawFile struct{ f *File }

func (r *rawFile) Control(f func(fd uintptr)) error { return r.f.control(f) }

func (r *rawFile) Read(f func(fd uintptr) bool) error { return r.f.until(&r.f.rd, f) }

func (r *rawFile) Write(f func(fd uintptr) bool) error { return r.f.until(&r.f.wr, f) }
