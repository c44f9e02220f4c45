package replay

import (
	"path"

	"sockpair/emu"
	"sockpair/strace"
)

// The calls on files that names of sockets need. Which files are under test
// the log does not say: a call that comes out otherwise than recorded is of
// another kind of file, unless its path is one that a socket has.

// fileCall says which arguments of a call are paths, each after a directory
// where the call has one, and what the call may do to the last of them.
type fileCall struct {
	paths   []int
	makes   bool // a file of the last path
	moves   bool // what it makes may lead to a socket
	removes bool
}

var fileCalls = map[string]fileCall{
	"unlink": {paths: []int{0}, removes: true}, "unlinkat": {paths: []int{1}, removes: true}, "rmdir": {paths: []int{0}, removes: true},
	"mkdir": {paths: []int{0}, makes: true}, "mkdirat": {paths: []int{1}, makes: true},
	"mknod": {paths: []int{0}, makes: true}, "mknodat": {paths: []int{1}, makes: true},
	"rename": {paths: []int{0, 1}, makes: true, moves: true, removes: true}, "renameat": {paths: []int{1, 3}, makes: true, moves: true, removes: true},
	"renameat2": {paths: []int{1, 3}, makes: true, moves: true, removes: true},
	"symlink":   {paths: []int{0, 1}, makes: true, moves: true}, "symlinkat": {paths: []int{0, 2}, makes: true, moves: true},
	"link": {paths: []int{0, 1}, makes: true, moves: true}, "linkat": {paths: []int{1, 3}, makes: true, moves: true},
	"chmod": {paths: []int{0}}, "fchmodat": {paths: []int{1}}, "fchmodat2": {paths: []int{1}}, "chdir": {paths: []int{0}},
}

// planFile runs a call on paths.
func planFile(a *attempt) {
	f := fileCalls[a.c.text.Name]
	var paths [2]string
	for i, at := range f.paths {
		b, cut, ok := a.arg(at).Bytes()
		if !ok || cut {
			a.skip(NotSockets) // an address: what is there is not shown
			return
		}
		paths[i] = string(b)
		a.ofSocket = a.ofSocket || a.r.s.known.touched[path.Clean(paths[i])]
	}
	a.file = true
	call := a.fileMethod(paths[0], paths[1])
	if a.settled() || call == nil {
		a.skip(NotSockets)
		return
	}
	if a.ofSocket {
		a.arrangeFile(f, paths[0], paths[len(f.paths)-1])
	}
	a.status(call)
}

// fileMethod is the method of the call; nil: there is none, as for flags of renameat2.
func (a *attempt) fileMethod(from, to string) func(Process) error {
	mode := func(i int) uint32 {
		n, ok := fileMode.number(a.arg(i))
		a.need(ok)
		return uint32(n)
	}
	dir := func(i int) int { return a.num(i, directories) }
	switch a.c.text.Name {
	case "unlink":
		return func(p Process) error { return p.Unlink(from) }
	case "unlinkat":
		fd, flags := dir(0), a.num(2, unlinkFlags)
		return func(p Process) error { return p.Unlinkat(fd, from, flags) }
	case "rmdir":
		return func(p Process) error { return p.Rmdir(from) }
	case "mkdir":
		m := mode(1)
		return func(p Process) error { return p.Mkdir(from, m) }
	case "mkdirat":
		fd, m := dir(0), mode(2)
		return func(p Process) error { return p.Mkdirat(fd, from, m) }
	case "mknod":
		m := mode(1)
		return func(p Process) error { return p.Mknod(from, m, 0) }
	case "mknodat":
		fd, m := dir(0), mode(2)
		return func(p Process) error { return p.Mknodat(fd, from, m, 0) }
	case "chmod":
		m := mode(1)
		return func(p Process) error { return p.Chmod(from, m) }
	case "fchmodat", "fchmodat2":
		fd, m, flags := dir(0), mode(2), 0
		if !a.arg(3).IsAbsent() {
			flags = a.num(3, linkFlags)
		}
		return func(p Process) error { return p.Fchmodat(fd, from, m, flags) }
	case "chdir":
		return func(p Process) error { return p.Chdir(from) }
	}
	return a.pathsMethod(from, to)
}

// pathsMethod is fileMethod for calls with two paths.
func (a *attempt) pathsMethod(from, to string) func(Process) error {
	dir := func(i int) int { return a.num(i, directories) }
	switch a.c.text.Name {
	case "rename":
		return func(p Process) error { return p.Rename(from, to) }
	case "renameat", "renameat2":
		if flags, _ := a.arg(4).Int(); flags != 0 || !a.arg(4).IsAbsent() && a.c.text.Name == "renameat2" && a.number(4) != 0 {
			return nil
		}
		x, y := dir(0), dir(2)
		return func(p Process) error { return p.Renameat(x, from, y, to) }
	case "symlink":
		return func(p Process) error { return p.Symlink(from, to) }
	case "symlinkat":
		fd := dir(1)
		return func(p Process) error { return p.Symlinkat(from, fd, to) }
	case "link":
		return func(p Process) error { return p.Link(from, to) }
	case "linkat":
		x, y, flags := dir(0), dir(2), a.num(4, linkFlags)
		return func(p Process) error { return p.Linkat(x, from, y, to, flags) }
	}
	return nil
}

// arrangeFile makes what the recorded result says was there.
func (a *attempt) arrangeFile(f fileCall, from, to string) {
	kind := uint32(emu.S_IFSOCK | 0o777)
	if a.c.text.Name == "rmdir" || a.c.text.Name == "chdir" || a.c.text.Name == "mkdir" || a.arg(2).HasFlag("AT_REMOVEDIR") {
		kind = emu.S_IFDIR | 0o777
	}
	switch trusted := a.trusts(to); {
	case !trusted:
	case f.makes && a.succeeded() && !f.removes:
		a.absent(to)
	case f.makes && a.failedWith("EEXIST"):
		a.present(to, kind)
	case !f.makes && a.succeeded():
		a.present(to, kind)
	case !f.makes && a.failedWith("ENOENT"):
		a.absent(to)
	}
	if len(f.paths) == 2 && f.removes && a.trusts(from) && a.succeeded() {
		a.present(from, kind)
	}
}

// otherFile reports that the call is of a file that the machine has not: what
// it would say differs, and no socket has the path.
func (a *attempt) otherFile() bool { return a.file && !a.ofSocket && !a.r.opts.Strict && !a.scripted() }

// planUmask compares the umask that was, unless it is the one that the
// process began with.
func planUmask(a *attempt) {
	mask, ok := fileMode.number(a.arg(0))
	a.need(ok)
	a.count(func(p Process) (int, error) { return p.Umask(mask), nil })
	a.value = func(n int) strace.Value { return permissionsValue(uint64(n)) }
	told := a.t.of.masked
	a.same = func(recorded int) bool { return recorded == a.ret || !told && !a.r.opts.Strict }
	a.then(func() { a.t.of.masked = true })
}
