package host

import (
	"syscall"
	"unsafe"

	"sockpair/emu"
)

// path is a path in the agent's memory.
func (m *memory) path(s string) uintptr { return m.in(append([]byte(s), 0)) }

// onPath makes a call whose arguments are a path and numbers.
func (p *Process) onPath(number uintptr, path string, args ...uintptr) error {
	_, err := p.with(number, func(m *memory) []uintptr { return append([]uintptr{m.path(path)}, args...) })
	return err
}

// atPath is onPath with a directory before the path.
func (p *Process) atPath(number uintptr, dirfd int, path string, args ...uintptr) error {
	_, err := p.with(number, func(m *memory) []uintptr { return append([]uintptr{uintptr(dirfd), m.path(path)}, args...) })
	return err
}

// onPaths makes a call whose arguments are two paths.
func (p *Process) onPaths(number uintptr, from, to string) error {
	_, err := p.with(number, func(m *memory) []uintptr { return []uintptr{m.path(from), m.path(to)} })
	return err
}

// Chroot makes a directory the root of the process.
func (p *Process) Chroot(path string) error { return p.onPath(syscall.SYS_CHROOT, path) }

// Setgroups takes the supplementary groups from the process.
func (p *Process) Setgroups() error {
	_, err := p.call(syscall.SYS_SETGROUPS, 0, 0)
	return err
}

// Mkdir is mkdir.
func (p *Process) Mkdir(path string, mode uint32) error {
	return p.onPath(syscall.SYS_MKDIR, path, uintptr(mode))
}

// Mkdirat is mkdirat.
func (p *Process) Mkdirat(dirfd int, path string, mode uint32) error {
	return p.atPath(syscall.SYS_MKDIRAT, dirfd, path, uintptr(mode))
}

// Mknod is mknod.
func (p *Process) Mknod(path string, mode uint32, dev int) error {
	return p.onPath(syscall.SYS_MKNOD, path, uintptr(mode), uintptr(dev))
}

// Mknodat is mknodat.
func (p *Process) Mknodat(dirfd int, path string, mode uint32, dev int) error {
	return p.atPath(syscall.SYS_MKNODAT, dirfd, path, uintptr(mode), uintptr(dev))
}

// Symlink is symlink.
func (p *Process) Symlink(target, path string) error {
	return p.onPaths(syscall.SYS_SYMLINK, target, path)
}

// Symlinkat is symlinkat.
func (p *Process) Symlinkat(target string, dirfd int, path string) error {
	_, err := p.with(syscall.SYS_SYMLINKAT, func(m *memory) []uintptr { return []uintptr{m.path(target), uintptr(dirfd), m.path(path)} })
	return err
}

// Link is link.
func (p *Process) Link(oldpath, newpath string) error {
	return p.onPaths(syscall.SYS_LINK, oldpath, newpath)
}

// Linkat is linkat.
func (p *Process) Linkat(olddirfd int, oldpath string, newdirfd int, newpath string, flags int) error {
	_, err := p.with(syscall.SYS_LINKAT, func(m *memory) []uintptr {
		return []uintptr{uintptr(olddirfd), m.path(oldpath), uintptr(newdirfd), m.path(newpath), uintptr(flags)}
	})
	return err
}

// Rename is rename.
func (p *Process) Rename(oldpath, newpath string) error {
	return p.onPaths(syscall.SYS_RENAME, oldpath, newpath)
}

// Renameat is renameat.
func (p *Process) Renameat(olddirfd int, oldpath string, newdirfd int, newpath string) error {
	_, err := p.with(syscall.SYS_RENAMEAT, func(m *memory) []uintptr {
		return []uintptr{uintptr(olddirfd), m.path(oldpath), uintptr(newdirfd), m.path(newpath)}
	})
	return err
}

// Unlink is unlink.
func (p *Process) Unlink(path string) error { return p.onPath(syscall.SYS_UNLINK, path) }

// Rmdir is rmdir.
func (p *Process) Rmdir(path string) error { return p.onPath(syscall.SYS_RMDIR, path) }

// Unlinkat is unlinkat.
func (p *Process) Unlinkat(dirfd int, path string, flags int) error {
	return p.atPath(syscall.SYS_UNLINKAT, dirfd, path, uintptr(flags))
}

// Stat is stat.
func (p *Process) Stat(path string, st *emu.Stat) error {
	return p.stat(st, func(m *memory, at uintptr) (uintptr, []uintptr) { return syscall.SYS_STAT, []uintptr{m.path(path), at} })
}

// Lstat is lstat.
func (p *Process) Lstat(path string, st *emu.Stat) error {
	return p.stat(st, func(m *memory, at uintptr) (uintptr, []uintptr) {
		return syscall.SYS_LSTAT, []uintptr{m.path(path), at}
	})
}

// Fstatat is newfstatat.
func (p *Process) Fstatat(dirfd int, path string, st *emu.Stat, flags int) error {
	return p.stat(st, func(m *memory, at uintptr) (uintptr, []uintptr) {
		return syscall.SYS_NEWFSTATAT, []uintptr{uintptr(dirfd), m.path(path), at, uintptr(flags)}
	})
}

// stat makes one of the calls that fill in a struct stat; lay has its number
// and arguments.
func (p *Process) stat(st *emu.Stat, lay func(m *memory, at uintptr) (uintptr, []uintptr)) error {
	if !p.begin() {
		return p.error(errEnded)
	}
	defer p.finish()
	m := p.task.memory()
	room, at := m.reserve(int(unsafe.Sizeof(syscall.Stat_t{})))
	if st == nil {
		at = 0
	}
	number, args := lay(m, at)
	_, err := p.task.do(number, args...)
	if err == 0 {
		k := (*syscall.Stat_t)(unsafe.Pointer(unsafe.SliceData(room)))
		*st = emu.Stat{Ino: k.Ino, Mode: k.Mode, Nlink: k.Nlink, Uid: int(k.Uid), Gid: int(k.Gid), Size: k.Size, Blksize: k.Blksize}
	}
	return p.error(err)
}

// Access is access.
func (p *Process) Access(path string, mode uint32) error {
	return p.onPath(syscall.SYS_ACCESS, path, uintptr(mode))
}

// Faccessat is faccessat2.
func (p *Process) Faccessat(dirfd int, path string, mode uint32, flags int) error {
	const faccessat2 = 439
	return p.atPath(faccessat2, dirfd, path, uintptr(mode), uintptr(flags))
}

// Readlink is readlink.
func (p *Process) Readlink(path string, buf []byte) (int, error) {
	return p.with(syscall.SYS_READLINK, func(m *memory) []uintptr { return []uintptr{m.path(path), m.out(buf), uintptr(len(buf))} })
}

// Readlinkat is readlinkat.
func (p *Process) Readlinkat(dirfd int, path string, buf []byte) (int, error) {
	return p.with(syscall.SYS_READLINKAT, func(m *memory) []uintptr {
		return []uintptr{uintptr(dirfd), m.path(path), m.out(buf), uintptr(len(buf))}
	})
}

// Chmod is chmod.
func (p *Process) Chmod(path string, mode uint32) error {
	return p.onPath(syscall.SYS_CHMOD, path, uintptr(mode))
}

// Fchmodat is fchmodat2.
func (p *Process) Fchmodat(dirfd int, path string, mode uint32, flags int) error {
	const fchmodat2 = 452
	return p.atPath(fchmodat2, dirfd, path, uintptr(mode), uintptr(flags))
}

// Chown is chown.
func (p *Process) Chown(path string, uid, gid int) error {
	return p.onPath(syscall.SYS_CHOWN, path, uintptr(uid), uintptr(gid))
}

// Lchown is lchown.
func (p *Process) Lchown(path string, uid, gid int) error {
	return p.onPath(syscall.SYS_LCHOWN, path, uintptr(uid), uintptr(gid))
}

// Fchownat is fchownat.
func (p *Process) Fchownat(dirfd int, path string, uid, gid, flags int) error {
	return p.atPath(syscall.SYS_FCHOWNAT, dirfd, path, uintptr(uid), uintptr(gid), uintptr(flags))
}

// Umask is umask.
func (p *Process) Umask(mask int) int {
	n, _ := p.raw(syscall.SYS_UMASK, uintptr(mask))
	return n
}

// Chdir is chdir.
func (p *Process) Chdir(path string) error { return p.onPath(syscall.SYS_CHDIR, path) }

// Fchdir is fchdir.
func (p *Process) Fchdir(fd int) error {
	_, err := p.call(syscall.SYS_FCHDIR, uintptr(fd))
	return err
}

// Getcwd is getcwd.
func (p *Process) Getcwd(buf []byte) (int, error) {
	return p.with(syscall.SYS_GETCWD, func(m *memory) []uintptr { return []uintptr{m.out(buf), uintptr(len(buf))} })
}
