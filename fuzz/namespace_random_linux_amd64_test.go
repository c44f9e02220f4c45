package fuzz

import (
	"fmt"
	"math/rand"
	"strings"

	"sockpair/emu"
)

// namePlan makes calls on names at random.
type namePlan struct {
	r     *rand.Rand
	known []string // paths that may be there
}

func (g *namePlan) choose(n ...int) int     { return n[g.r.Intn(len(n))] }
func (g *namePlan) pick(s ...string) string { return s[g.r.Intn(len(s))] }
func (g *namePlan) oneIn(n int) bool        { return g.r.Intn(n) == 0 }
func (g *namePlan) mode() uint32 {
	return uint32(g.choose(0o777, 0o777, 0o777, 0o777, 0o777, 0o755, 0o755, 0o700, 0o1777, 0o2775, g.r.Intn(0o10000), g.r.Int()))
}
func (g *namePlan) owner() int { return g.choose(-1, -1, 0, 65533, 65534) }
func (g *namePlan) dirfd() int { return g.choose(emu.AT_FDCWD, emu.AT_FDCWD, emu.AT_FDCWD, 0, 99, -1) }
func (g *namePlan) flags(known ...int) (bits int) {
	for _, f := range known {
		if g.oneIn(3) {
			bits |= f
		}
	}
	if g.oneIn(20) {
		bits |= 1 << g.r.Intn(31)
	}
	return bits
}

// path is a path, most of them short and of few names.
func (g *namePlan) path() string {
	if len(g.known) > 0 && g.oneIn(2) {
		return g.pick(g.known...)
	}
	switch g.r.Intn(100) {
	case 0:
		return g.pick("", "/", "//", ".", "..", "/.", "/..", "./", "../")
	case 1:
		return strings.Repeat("/", g.choose(4090, 4093, 4094, 4095)) + "a"
	case 2:
		return strings.Repeat("./", g.choose(100, 2046, 2047, 2048)) + "b"
	case 3:
		return strings.Repeat("here/", g.choose(1, 39, 40, 41)) + g.pick("", "a", "/b/")
	case 4:
		return strings.Repeat("x", g.choose(255, 256, 4095, 4096)) + g.pick("", "/", "/a")
	}
	var s strings.Builder
	if g.oneIn(2) {
		s.WriteString("/")
	}
	for n := g.choose(1, 1, 1, 1, 2, 2, 3); n > 0; n-- {
		s.WriteString(g.pick("a", "a", "a", "b", "b", "c", "d", "d", "tmp", "tmp", "e", "..", "."))
		if n > 1 {
			s.WriteString(g.pick("/", "/", "/", "//"))
		}
	}
	if g.oneIn(10) {
		s.WriteString(g.pick("/", "/", "//", "/."))
	}
	return s.String()
}

// saying is a call that says 0 or an errno.
func saying(do func(namer) error, name string, args ...any) nameCall {
	var s []string
	for _, a := range args {
		switch v := a.(type) {
		case string:
			s = append(s, fmt.Sprintf("%.60q(%d)", v, len(v)))
		case uint32:
			s = append(s, fmt.Sprintf("%#o", v))
		default:
			s = append(s, fmt.Sprint(v))
		}
	}
	return nameCall{name + "(" + strings.Join(s, ", ") + ")", func(p namer) string { return outcomeOf(do(p)) }}
}

// telling is a call that fills in a Stat.
func telling(do func(namer, *emu.Stat) error, name string, args ...any) nameCall {
	c := saying(nil, name, args...)
	c.do = func(p namer) string { return describe(func(st *emu.Stat) error { return do(p, st) }) }
	return c
}

// filling is a call that fills in n bytes.
func filling(do func(namer, []byte) (int, error), n int, name string, args ...any) nameCall {
	c := saying(nil, name, append(args, n)...)
	c.do = func(p namer) string {
		b := make([]byte, n)
		k, err := do(p, b)
		if err != nil {
			return outcomeOf(err)
		}
		return fmt.Sprintf("%d %.100q", k, b[:k])
	}
	return c
}

func (g *namePlan) call() nameCall {
	switch g.r.Intn(10) {
	case 0, 1, 2, 3:
		return g.making()
	case 4:
		return g.removing()
	case 5, 6:
		return g.asking()
	case 7:
		return g.changing()
	case 8:
		return g.moving()
	}
	return g.relative()
}

func (g *namePlan) making() nameCall {
	a, b, mode := g.path(), g.path(), g.mode()
	g.known = append(g.known, a, b)
	switch g.r.Intn(4) {
	case 0:
		return saying(func(p namer) error { return p.Mkdir(a, mode) }, "mkdir", a, mode)
	case 1:
		kind := uint32(g.choose(0, emu.S_IFREG, emu.S_IFSOCK, emu.S_IFSOCK, emu.S_IFDIR, emu.S_IFLNK, 0o150000))
		mode = mode&0o7777 | kind
		return saying(func(p namer) error { return p.Mknod(a, mode, 0) }, "mknod", a, mode)
	case 2:
		return saying(func(p namer) error { return p.Symlink(a, b) }, "symlink", a, b)
	}
	return saying(func(p namer) error { return p.Link(a, b) }, "link", a, b)
}

func (g *namePlan) removing() nameCall {
	a := g.path()
	if g.oneIn(2) {
		return saying(func(p namer) error { return p.Rmdir(a) }, "rmdir", a)
	}
	return saying(func(p namer) error { return p.Unlink(a) }, "unlink", a)
}

func (g *namePlan) moving() nameCall {
	a, b := g.path(), g.path()
	switch g.r.Intn(4) {
	case 0:
		return saying(func(p namer) error { return p.Chdir(a) }, "chdir", a)
	case 1:
		return filling(func(p namer, b []byte) (int, error) { return p.Getcwd(b) }, g.choose(0, 1, 2, 5, 4096), "getcwd")
	}
	return saying(func(p namer) error { return p.Rename(a, b) }, "rename", a, b)
}

func (g *namePlan) asking() nameCall {
	a, b, mode := g.path(), g.path(), uint32(g.choose(0, 1, 2, 3, 4, 5, 6, 7, 8))
	switch g.r.Intn(6) {
	case 0:
		return telling(func(p namer, st *emu.Stat) error { return p.Stat(a, st) }, "stat", a)
	case 1:
		return telling(func(p namer, st *emu.Stat) error { return p.Lstat(a, st) }, "lstat", a)
	case 2:
		return saying(func(p namer) error { return p.Access(a, mode) }, "access", a, mode)
	case 3:
		return filling(func(p namer, b []byte) (int, error) { return p.Readlink(a, b) }, g.choose(0, 1, 4096), "readlink", a)
	case 4:
		return saying(func(p namer) error { return p.Stat(a, nil) }, "stat", a, "NULL")
	}
	c := saying(nil, "same", a, b)
	c.do = func(p namer) string {
		var one, two emu.Stat
		return fmt.Sprint(outcomeOf(p.Stat(a, &one)) == outcomeOf(p.Stat(b, &two)), one.Ino == two.Ino)
	}
	return c
}

func (g *namePlan) changing() nameCall {
	a, mode, uid, gid := g.path(), g.mode(), g.owner(), g.owner()
	switch g.r.Intn(5) {
	case 0, 1:
		return saying(func(p namer) error { return p.Chmod(a, mode) }, "chmod", a, mode)
	case 2:
		return saying(func(p namer) error { return p.Chown(a, uid, gid) }, "chown", a, uid, gid)
	case 3:
		return saying(func(p namer) error { return p.Lchown(a, uid, gid) }, "lchown", a, uid, gid)
	}
	mask := g.choose(0, 0, 0, 0o22, 0o22, 0o77, g.r.Intn(0o10000))
	c := saying(nil, "umask", uint32(mask))
	c.do = func(p namer) string { return fmt.Sprintf("%o", p.Umask(mask)) }
	return c
}

// relative are the calls with a directory before the path.
func (g *namePlan) relative() nameCall {
	a, b, at, to, mode := g.path(), g.path(), g.dirfd(), g.dirfd(), g.mode()
	uid, gid := g.owner(), g.owner()
	switch g.r.Intn(13) {
	case 0:
		return saying(func(p namer) error { return p.Mkdirat(at, a, mode) }, "mkdirat", at, a, mode)
	case 1:
		mode = mode&0o7777 | emu.S_IFSOCK
		return saying(func(p namer) error { return p.Mknodat(at, a, mode, 0) }, "mknodat", at, a, mode)
	case 2:
		return saying(func(p namer) error { return p.Symlinkat(b, at, a) }, "symlinkat", b, at, a)
	case 3:
		flags := g.flags(emu.AT_SYMLINK_FOLLOW) &^ emu.AT_EMPTY_PATH
		return saying(func(p namer) error { return p.Linkat(at, a, to, b, flags) }, "linkat", at, a, to, b, flags)
	case 4:
		return saying(func(p namer) error { return p.Renameat(at, a, to, b) }, "renameat", at, a, to, b)
	case 5:
		flags := g.flags(emu.AT_REMOVEDIR)
		return saying(func(p namer) error { return p.Unlinkat(at, a, flags) }, "unlinkat", at, a, flags)
	case 6:
		flags := g.flags(emu.AT_SYMLINK_NOFOLLOW, emu.AT_NO_AUTOMOUNT, emu.AT_EMPTY_PATH)
		if a == "" && at == 0 {
			at = 99 // descriptor 0 is another file on each side
		}
		return telling(func(p namer, st *emu.Stat) error { return p.Fstatat(at, a, st, flags) }, "newfstatat", at, a, flags)
	case 7:
		flags, mode := g.flags(emu.AT_SYMLINK_NOFOLLOW, emu.AT_EACCESS)&^emu.AT_EMPTY_PATH, mode&0o17
		return saying(func(p namer) error { return p.Faccessat(at, a, mode, flags) }, "faccessat2", at, a, mode, flags)
	case 8:
		return filling(func(p namer, b []byte) (int, error) { return p.Readlinkat(at, a, b) }, 4096, "readlinkat", at, a)
	case 9:
		flags := g.flags(emu.AT_SYMLINK_NOFOLLOW) &^ emu.AT_EMPTY_PATH
		return saying(func(p namer) error { return p.Fchmodat(at, a, mode, flags) }, "fchmodat2", at, a, mode, flags)
	case 10:
		flags := g.flags(emu.AT_SYMLINK_NOFOLLOW) &^ emu.AT_EMPTY_PATH
		return saying(func(p namer) error { return p.Fchownat(at, a, uid, gid, flags) }, "fchownat", at, a, uid, gid, flags)
	}
	return saying(func(p namer) error { return p.Fchdir(at) }, "fchdir", at)
}
