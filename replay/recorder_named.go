package replay

import "sockpair/emu"

// The calls of a Recorded process that are about names.

// Socket implements Process.
func (p *Recorded) Socket(domain, typ, protocol int) (int, error) {
	return p.count("socket", func() (int, error) { return p.p.Socket(domain, typ, protocol) },
		emu.Domain(domain), emu.SockType(typ), protocol)
}

// Bind implements Process.
func (p *Recorded) Bind(fd int, name []byte) error {
	return p.status("bind", func() error { return p.p.Bind(fd, name) },
		emu.Fd(fd), addressArg(name), len(name))
}

// Listen implements Process.
func (p *Recorded) Listen(fd, backlog int) error {
	return p.status("listen", func() error { return p.p.Listen(fd, backlog) },
		emu.Fd(fd), backlog)
}

// Accept implements Process.
func (p *Recorded) Accept(fd int, name []byte, namelen *int) (int, error) {
	return p.count("accept", func() (int, error) { return p.p.Accept(fd, name, namelen) },
		emu.Fd(fd), addressArg(name), namelen)
}

// Accept4 implements Process.
func (p *Recorded) Accept4(fd int, name []byte, namelen *int, flags int) (int, error) {
	return p.count("accept4", func() (int, error) { return p.p.Accept4(fd, name, namelen, flags) },
		emu.Fd(fd), addressArg(name), namelen, emu.SockType(flags))
}

// Connect implements Process.
func (p *Recorded) Connect(fd int, name []byte) error {
	return p.status("connect", func() error { return p.p.Connect(fd, name) },
		emu.Fd(fd), addressArg(name), len(name))
}

// Mkdir implements Process.
func (p *Recorded) Mkdir(path string, mode uint32) error {
	return p.status("mkdir", func() error { return p.p.Mkdir(path, mode) },
		emu.Path(path), emu.FileMode(mode))
}

// Mkdirat implements Process.
func (p *Recorded) Mkdirat(dirfd int, path string, mode uint32) error {
	return p.status("mkdirat", func() error { return p.p.Mkdirat(dirfd, path, mode) },
		emu.Fd(dirfd), emu.Path(path), emu.FileMode(mode))
}

// Mknod implements Process.
func (p *Recorded) Mknod(path string, mode uint32, dev int) error {
	return p.status("mknod", func() error { return p.p.Mknod(path, mode, dev) },
		emu.Path(path), emu.FileMode(mode), dev)
}

// Mknodat implements Process.
func (p *Recorded) Mknodat(dirfd int, path string, mode uint32, dev int) error {
	return p.status("mknodat", func() error { return p.p.Mknodat(dirfd, path, mode, dev) },
		emu.Fd(dirfd), emu.Path(path), emu.FileMode(mode), dev)
}

// Symlink implements Process.
func (p *Recorded) Symlink(target, path string) error {
	return p.status("symlink", func() error { return p.p.Symlink(target, path) },
		emu.Path(target), emu.Path(path))
}

// Symlinkat implements Process.
func (p *Recorded) Symlinkat(target string, dirfd int, path string) error {
	return p.status("symlinkat", func() error { return p.p.Symlinkat(target, dirfd, path) },
		emu.Path(target), emu.Fd(dirfd), emu.Path(path))
}

// Link implements Process.
func (p *Recorded) Link(from, to string) error {
	return p.status("link", func() error { return p.p.Link(from, to) },
		emu.Path(from), emu.Path(to))
}

// Linkat implements Process.
func (p *Recorded) Linkat(fromdir int, from string, todir int, to string, flags int) error {
	return p.status("linkat", func() error { return p.p.Linkat(fromdir, from, todir, to, flags) },
		emu.Fd(fromdir), emu.Path(from), emu.Fd(todir), emu.Path(to), emu.AtFlags(flags))
}

// Rename implements Process.
func (p *Recorded) Rename(from, to string) error {
	return p.status("rename", func() error { return p.p.Rename(from, to) },
		emu.Path(from), emu.Path(to))
}

// Renameat implements Process.
func (p *Recorded) Renameat(fromdir int, from string, todir int, to string) error {
	return p.status("renameat", func() error { return p.p.Renameat(fromdir, from, todir, to) },
		emu.Fd(fromdir), emu.Path(from), emu.Fd(todir), emu.Path(to))
}

// Unlink implements Process.
func (p *Recorded) Unlink(path string) error {
	return p.status("unlink", func() error { return p.p.Unlink(path) }, emu.Path(path))
}

// Unlinkat implements Process.
func (p *Recorded) Unlinkat(dirfd int, path string, flags int) error {
	return p.status("unlinkat", func() error { return p.p.Unlinkat(dirfd, path, flags) },
		emu.Fd(dirfd), emu.Path(path), emu.AtFlags(flags))
}

// Rmdir implements Process.
func (p *Recorded) Rmdir(path string) error {
	return p.status("rmdir", func() error { return p.p.Rmdir(path) }, emu.Path(path))
}

// Chmod implements Process.
func (p *Recorded) Chmod(path string, mode uint32) error {
	return p.status("chmod", func() error { return p.p.Chmod(path, mode) },
		emu.Path(path), emu.FileMode(mode))
}

// Fchmodat implements Process.
func (p *Recorded) Fchmodat(dirfd int, path string, mode uint32, flags int) error {
	return p.status("fchmodat2", func() error { return p.p.Fchmodat(dirfd, path, mode, flags) },
		emu.Fd(dirfd), emu.Path(path), emu.FileMode(mode), emu.AtFlags(flags))
}

// Umask implements Process.
func (p *Recorded) Umask(mask int) int {
	n, _ := p.count("umask", func() (int, error) { return p.p.Umask(mask), nil }, emu.FileMode(mask))
	return n
}

// Chdir implements Process.
func (p *Recorded) Chdir(path string) error {
	return p.status("chdir", func() error { return p.p.Chdir(path) }, emu.Path(path))
}

// Getcwd implements Process.
func (p *Recorded) Getcwd(buf []byte) (int, error) {
	return p.count("getcwd", func() (int, error) { return p.p.Getcwd(buf) }, emu.In(buf), len(buf))
}
