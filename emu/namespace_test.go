package emu

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sockpair/errno"
)

// grove is a process in a tree for the tables:
//
//	/d      0755, user 0      /d/f  a plain file   /d/s  a socket's name
//	/open   0777              /open/mine  of user 7
//	/tmp    01777             /tmp/root   of user 0
//	/shut   0700, user 0      /shut/in
//	/loop   a link to itself  /to-d  a link to d   /dangling  a link to nothing   /to-f/  a link to "d/f/"
func grove(t *testing.T, uid int) prog {
	p := newProg(t, Config{Directories: []string{"/open"}})
	for _, path := range []string{"/d", "/shut", "/shut/in", "/tmp/root"} {
		says(t, "Mkdir", 0)(p.Mkdir(path, 0o755))
	}
	says(t, "Chmod", 0)(p.Chmod("/shut", 0o700))
	says(t, "Mknod", 0)(p.Mknod("/d/f", S_IFREG|0o644, 0))
	says(t, "Mknod", 0)(p.Mknod("/d/s", S_IFSOCK|0o777, 0))
	for path, target := range map[string]string{"/loop": "loop", "/to-d": "d", "/dangling": "none", "/to-f": "d/f/"} {
		says(t, "Symlink", 0)(p.Symlink(target, path))
	}
	says(t, "Mkdir", 0)(p.Mkdir("/open/mine", 0o755))
	says(t, "Chown", 0)(p.Chown("/open/mine", 7, 7))
	says(t, "Setgid", 0)(p.Setgid(uid))
	says(t, "Setuid", 0)(p.Setuid(uid))
	return p
}

var (
	longName = strings.Repeat("x", NAME_MAX)
	longPath = strings.Repeat("/", PATH_MAX-2) + "d"
)

// What a path fails with, step by step: the rows are in the order of the tests.
func TestPathFailsAtItsFirstBadStep(t *testing.T) {
	rows := []struct {
		uid  int
		path string
		want errno.Errno
	}{
		{0, "a\x00b", errno.EINVAL},
		{0, longPath + "d", errno.ENAMETOOLONG},
		{0, longPath, 0},
		{0, "", errno.ENOENT},
		{0, "/", 0}, {0, "//", 0}, {0, ".", 0}, {0, "..", 0}, {0, "/../../d/.", 0}, {0, "d//f", 0},
		{7, "/shut/in", errno.EACCES}, {7, "/shut/none/x", errno.EACCES}, {7, "/shut/" + longName + "x", errno.EACCES},
		{7, "/shut", 0}, {7, "/shut/", 0}, {7, "/shut/.", errno.EACCES}, {0, "/shut/in/", 0},
		{0, longName, errno.ENOENT}, {0, longName + "x", errno.ENAMETOOLONG}, {0, "none/" + longName + "x", errno.ENOENT},
		{0, "none", errno.ENOENT}, {0, "none/", errno.ENOENT}, {0, "none/..", errno.ENOENT},
		{0, "d/f/", errno.ENOTDIR}, {0, "d/f/.", errno.ENOTDIR}, {0, "d/f/..", errno.ENOTDIR}, {0, "d/s/x", errno.ENOTDIR},
		{0, "loop", errno.ELOOP}, {0, "loop/x", errno.ELOOP}, {0, "dangling", errno.ENOENT},
		{0, "to-d/f", 0}, {0, "to-d/../to-d/f", 0}, {0, "to-f", errno.ENOTDIR}, {0, "to-f/x", errno.ENOTDIR},
	}
	for _, r := range rows {
		p := grove(t, r.uid)
		says(t, fmt.Sprintf("user %d: Stat(%.30q, %d bytes)", r.uid, r.path, len(r.path)), r.want)(p.Stat(r.path, new(Stat)))
	}
}

// 40 links are followed in one look-up, wherever they are in the path.
func TestFortyLinksAreFollowed(t *testing.T) {
	p := newProg(t, Config{})
	for i := range symlinksMax + 1 {
		says(t, "Symlink", 0)(p.Symlink(fmt.Sprintf("l%d", i-1), fmt.Sprintf("l%d", i)))
	}
	says(t, "Mkdir", 0)(p.Mkdir("l-1", 0o755))
	says(t, "Symlink", 0)(p.Symlink(".", "here"))
	var st Stat
	says(t, "Stat of the 40th", 0)(p.Stat("l39", &st))
	says(t, "Stat of the 41st", errno.ELOOP)(p.Stat("l40", &st))
	says(t, "Lstat of the 41st", 0)(p.Lstat("l40", &st))
	says(t, "Lstat of the 41st with a slash", errno.ELOOP)(p.Lstat("l40/", &st))
	says(t, "Stat through 40", 0)(p.Stat(strings.Repeat("here/", 40), &st))
	says(t, "Stat through 41", errno.ELOOP)(p.Stat(strings.Repeat("here/", 41), &st))
	says(t, "Stat through 40 at two places", 0)(p.Stat(strings.Repeat("here/", 20)+"l19/.", &st))
	says(t, "Stat through 41 at two places", errno.ELOOP)(p.Stat(strings.Repeat("here/", 21)+"l19/.", &st))
}

// What makes a name fails in this order, and the last component is not followed.
func TestNameIsMadeWhereThereIsNone(t *testing.T) {
	rows := []struct {
		uid  int
		path string
		want errno.Errno // of a socket's name
		dir  errno.Errno // of a directory's
	}{
		{0, "none/x", errno.ENOENT, errno.ENOENT},
		{0, "/", errno.EEXIST, errno.EEXIST}, {0, "d/.", errno.EEXIST, errno.EEXIST}, {0, "d/..", errno.EEXIST, errno.EEXIST},
		{0, longName + "x", errno.ENAMETOOLONG, errno.ENAMETOOLONG},
		{7, "d/f", errno.EEXIST, errno.EEXIST}, {7, "d/f/", errno.EEXIST, errno.EEXIST}, {0, "loop", errno.EEXIST, errno.EEXIST},
		{0, "dangling", errno.EEXIST, errno.EEXIST}, {0, "dangling/", errno.EEXIST, errno.EEXIST},
		{0, "d/new/", errno.ENOENT, 0}, {7, "d/new/", errno.ENOENT, errno.EACCES},
		{7, "d/new", errno.EACCES, errno.EACCES}, {7, "tmp/new", 0, 0}, {7, "open/new", 0, 0}, {0, "d/new", 0, 0}, {0, "to-d/new", 0, 0},
	}
	for _, r := range rows {
		p := grove(t, r.uid)
		_, err := p.sys.names.createSocket(p.proc, r.path, 0o777, nil)
		equal(t, fmt.Sprintf("user %d: createSocket(%.30q)", r.uid, r.path), err, r.want)
		p = grove(t, r.uid)
		says(t, fmt.Sprintf("user %d: Mkdir(%.30q)", r.uid, r.path), r.dir)(p.Mkdir(r.path, 0o755))
	}
}

// A socket is found by who may write to it, through links.
func TestSocketIsFoundByWhoMayWrite(t *testing.T) {
	rows := []struct {
		uid  int
		path string
		want errno.Errno
	}{
		{0, "", errno.ENOENT}, {0, "none", errno.ENOENT}, {0, "d/s/", errno.ENOTDIR}, {0, "loop", errno.ELOOP},
		{7, "shut/in", errno.EACCES},
		{7, "d/f", errno.EACCES}, {7, "d", errno.EACCES}, {7, "d/s", errno.EACCES},
		{0, "d/f", errno.ECONNREFUSED}, {0, "d", errno.ECONNREFUSED}, {7, "open", errno.ECONNREFUSED},
		{0, "d/s", 0}, {0, "to-d/s", 0},
	}
	for _, r := range rows {
		p := grove(t, r.uid)
		_, err := p.sys.names.findSocket(p.proc, r.path)
		equal(t, fmt.Sprintf("user %d: findSocket(%q)", r.uid, r.path), err, r.want)
	}
}

// The name of a socket stays when the socket closes, and the socket when its
// name goes; another socket's close does not touch the name.
func TestNameAndSocketEndEachByItself(t *testing.T) {
	p := newProg(t, Config{})
	ns, sock, other := &p.sys.names, new(end), new(end)
	i, err := ns.createSocket(p.proc, "/tmp/s", 0o777, sock)
	equal(t, "createSocket", err, 0)
	says(t, "Link", 0)(p.Link("/tmp/s", "/second"))
	says(t, "Unlink", 0)(p.Unlink("/tmp/s"))
	says(t, "Rename", 0)(p.Rename("/second", "/third"))
	found, err := ns.findSocket(p.proc, "/third")
	equal(t, "findSocket by another name", err, 0)
	equal(t, "the same file", found, i)
	i.detach(other)
	equal(t, "socket after the close of another", i.sock.Load(), sock)
	i.detach(sock)
	equal(t, "socket after its close", i.sock.Load(), nil)
	_, err = ns.findSocket(p.proc, "/third")
	equal(t, "findSocket of a stale name", err, 0)
}

// A new file has the creator's user and group and what the umask leaves of its
// permissions; in a directory with S_ISGID the directory's group.
func TestNewFileHasItsMakersOwners(t *testing.T) {
	p := newProg(t, Config{Directories: []string{"/set"}})
	var st Stat
	say := func(path string) string {
		t.Helper()
		says(t, "Lstat", 0)(p.Lstat(path, &st))
		return fmt.Sprintf("%o %d:%d links %d", st.Mode, st.Uid, st.Gid, st.Nlink)
	}
	says(t, "Chown", 0)(p.Chown("/set", 0, 9))
	says(t, "Chmod", 0)(p.Chmod("/set", 0o2777))
	says(t, "Setgid", 0)(p.Setgid(7))
	says(t, "Setuid", 0)(p.Setuid(7))
	equal(t, "Umask", p.Umask(0o27), 0o22)
	_, err := p.sys.names.createSocket(p.proc, "/tmp/s", 0o777, nil)
	equal(t, "createSocket", err, 0)
	equal(t, "socket", say("/tmp/s"), "140750 7:7 links 1")
	says(t, "Mkdir", 0)(p.Mkdir("/tmp/d", 0o7777))
	equal(t, "directory", say("/tmp/d"), "41750 7:7 links 2")
	says(t, "Mkdir", 0)(p.Mkdir("/set/d", 0o777))
	equal(t, "directory in one with S_ISGID", say("/set/d"), "42750 7:9 links 2")
	equal(t, "that one", say("/set"), "42777 0:9 links 3")
	says(t, "Mknod", 0)(p.Mknod("/set/f", 0o2771, 0))
	equal(t, "file of a foreign group, without S_ISGID", say("/set/f"), "100750 7:9 links 1")
	says(t, "Symlink", 0)(p.Symlink("x", "/set/l"))
	equal(t, "link", say("/set/l"), "120777 7:9 links 1")
}

// Children begin where the parent is, and go their own way; threads share.
func TestForkCopiesThePlaceAndThreadsShareIt(t *testing.T) {
	p := newProg(t, Config{Directories: []string{"/a/b"}})
	cwd := func(p *Process) string {
		b := make([]byte, 100)
		n, err := p.Getcwd(b)
		equal(t, "Getcwd", err, nil)
		return string(b[:n-1])
	}
	says(t, "Chdir", 0)(p.Chdir("/a/b"))
	p.Umask(0)
	child := p.fork()
	says(t, "Chdir of the child", 0)(child.Chdir(".."))
	equal(t, "Umask of the child", child.Umask(0o77), 0)
	says(t, "Exec", 0)(child.Exec())
	equal(t, "directory of the child after an exec", cwd(child.Process), "/a")
	equal(t, "Umask of the child after an exec", child.Umask(0), 0o77)
	equal(t, "directory of the parent", cwd(p.Process), "/a/b")
	other := p.Thread()
	says(t, "Chdir of a thread", 0)(other.Chdir("/"))
	equal(t, "directory of the process", cwd(p.Process), "/")
	equal(t, "Umask of the process", p.Umask(0), 0)
	fails(t, "Getcwd into one byte", errno.ERANGE)(p.Getcwd(make([]byte, 1)))
	fails(t, "Getcwd into a bad buffer", errno.EFAULT)(p.Getcwd(BadAddress(2)))
	fails(t, "Readlink into a bad buffer", errno.EINVAL)(p.Readlink("/a", BadAddress(2)))
}

// In a directory that was removed nothing is found but the way out.
func TestRemovedDirectoryLeadsOutOnly(t *testing.T) {
	p := newProg(t, Config{Directories: []string{"/a/b"}})
	says(t, "Chdir", 0)(p.Chdir("/a/b"))
	says(t, "Rmdir", 0)(p.Rmdir("/a/b"))
	says(t, "Rmdir", 0)(p.Rmdir("/a"))
	var st Stat
	says(t, "Stat(.)", 0)(p.Stat(".", &st))
	equal(t, "links", st.Nlink, 0)
	says(t, "Stat(../..)", 0)(p.Stat("../..", &st))
	says(t, "Stat of a name", errno.ENOENT)(p.Stat("x", &st))
	says(t, "Stat of a long name", errno.ENOENT)(p.Stat(longName+"x", &st))
	says(t, "Mkdir", errno.ENOENT)(p.Mkdir("x", 0o777))
	fails(t, "Getcwd", errno.ENOENT)(p.Getcwd(make([]byte, 100)))
	says(t, "Chdir", 0)(p.Chdir("../.."))
}

// A path that is relative to a descriptor fails: none is a directory.
func TestDescriptorIsNoDirectory(t *testing.T) {
	p := newProg(t, Config{})
	a, _ := p.pair(SOCK_STREAM)
	var st Stat
	for name, call := range map[string]func(dirfd int, path string) error{
		"Mkdirat":    func(fd int, path string) error { return p.Mkdirat(fd, path, 0o755) },
		"Mknodat":    func(fd int, path string) error { return p.Mknodat(fd, path, S_IFSOCK, 0) },
		"Symlinkat":  func(fd int, path string) error { return p.Symlinkat("x", fd, path) },
		"Unlinkat":   func(fd int, path string) error { return p.Unlinkat(fd, path, 0) },
		"Linkat":     func(fd int, path string) error { return p.Linkat(fd, path, fd, path, 0) },
		"Renameat":   func(fd int, path string) error { return p.Renameat(fd, path, fd, path) },
		"Fstatat":    func(fd int, path string) error { return p.Fstatat(fd, path, &st, 0) },
		"Faccessat":  func(fd int, path string) error { return p.Faccessat(fd, path, 0, 0) },
		"Fchmodat":   func(fd int, path string) error { return p.Fchmodat(fd, path, 0, 0) },
		"Fchownat":   func(fd int, path string) error { return p.Fchownat(fd, path, -1, -1, 0) },
		"Readlinkat": func(fd int, path string) error { _, err := p.Readlinkat(fd, path, make([]byte, 1)); return err },
		"Fchdir":     func(fd int, _ string) error { return p.Fchdir(fd) },
	} {
		says(t, name+" at a socket", errno.ENOTDIR)(call(a, "x"))
		says(t, name+" at nothing", errno.EBADF)(call(99, "x"))
	}
	says(t, "Mkdirat of an absolute path at nothing", 0)(p.Mkdirat(99, "/abs", 0o755))
	says(t, "Fstatat with AT_EMPTY_PATH", 0)(p.Fstatat(a, "", &st, AT_EMPTY_PATH))
	equal(t, "mode", st.Mode, uint32(S_IFSOCK|0o777))
	says(t, "Fstatat with AT_EMPTY_PATH of the current directory", 0)(p.Fstatat(AT_FDCWD, "", &st, AT_EMPTY_PATH))
	equal(t, "mode", st.Mode, uint32(S_IFDIR|0o755))
}

// Names.ProtectedSymlinks: in a directory like /tmp only one's own links and
// the directory's owner's are followed at the end of a path.
func TestProtectedLinkIsItsOwnersAlone(t *testing.T) {
	for _, protected := range []bool{false, true} {
		rules := Linux()
		rules.Names.ProtectedSymlinks = protected
		p := newProg(t, Config{Personality: rules, Directories: []string{"/open"}})
		other := p.fork()
		says(t, "Setuid", 0)(other.Setuid(7))
		for _, path := range []string{"/tmp/link", "/open/link"} {
			says(t, "Symlink", 0)(other.Symlink("/", path))
		}
		says(t, "Symlink", 0)(p.Symlink("/", "/tmp/roots"))
		want := errno.Errno(0)
		if protected {
			want = errno.EACCES
		}
		var st Stat
		says(t, "Stat of another's link", want)(p.Stat("/tmp/link", &st))
		says(t, "Stat through another's link", 0)(p.Stat("/tmp/link/tmp", &st))
		says(t, "Lstat of another's link", 0)(p.Lstat("/tmp/link", &st))
		says(t, "Stat of the own link", 0)(other.Stat("/tmp/link", &st))
		says(t, "Stat of the directory's owner's link", 0)(other.Stat("/tmp/roots", &st))
		says(t, "Stat in a directory that is not sticky", 0)(p.Stat("/open/link", &st))
	}
}

// unlink of a directory is an errno of the personality's.
func TestUnlinkOfADirectoryFails(t *testing.T) {
	onBoth(t, func(t *testing.T, rules *Personality) {
		p := newProg(t, Config{Personality: rules})
		says(t, "Mkdir", 0)(p.Mkdir("/d", 0o755))
		want := map[string]errno.Errno{"linux": errno.EISDIR, "posix": errno.EPERM}[rules.Name]
		for _, path := range []string{"/d", "/d/", "/", "/d/."} {
			says(t, "Unlink("+path+")", want)(p.Unlink(path))
		}
		says(t, "Rename of a file to it", errno.EISDIR)(func() error { p.Mknod("/f", 0, 0); return p.Rename("/f", "/d") }())
	})
}

// Kinds of file that are not here are refused where Linux would make them.
func TestOtherKindsOfFileAreNotMade(t *testing.T) {
	p := newProg(t, Config{})
	for mode, want := range map[uint32]errno.Errno{S_IFIFO: errno.EOPNOTSUPP, S_IFCHR: errno.EOPNOTSUPP, S_IFBLK: errno.EOPNOTSUPP,
		S_IFDIR: errno.EPERM, S_IFLNK: errno.EINVAL, 0o150000: errno.EINVAL} {
		says(t, fmt.Sprintf("Mknod(%#o)", mode), want)(p.Mknod("/tmp/x", mode, 0))
	}
	says(t, "Mknod of a FIFO that exists", errno.EEXIST)(p.Mknod("/tmp", S_IFIFO, 0))
	says(t, "Setuid", 0)(p.Setuid(7))
	says(t, "Mknod of a device by another user", errno.EPERM)(p.Mknod("/tmp/x", S_IFCHR, 0))
	says(t, "Mknod in a directory of user 0", errno.EACCES)(p.Mknod("/x", S_IFIFO, 0))
}

// A process that has ended makes no names.
func TestEndedProcessMakesNoNames(t *testing.T) {
	p := newProg(t, Config{})
	child := p.fork()
	child.Exit(3)
	how := Ended{Pid: child.Getpid(), Code: 3}
	endsWith(t, "Mkdir", how)(value(child.Mkdir("/d", 0o755)))
	endsWith(t, "Getcwd", how)(child.Getcwd(make([]byte, 9)))
	endsWith(t, "Readlink", how)(child.Readlink("/d", make([]byte, 9)))
	says(t, "Stat of what it would have made", errno.ENOENT)(p.Stat("/d", new(Stat)))
}

// Of many that make a name at once one does, and one takes it away.
func TestNameIsMadeAndRemovedOnce(t *testing.T) {
	p := newProg(t, Config{})
	once := func(name string, call func(p *Process) error) {
		var done atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			child := p.fork()
			all.Go(func() {
				if call(child.Process) == nil {
					done.Add(1)
				}
			})
		}
		all.Wait()
		equal(t, name+" that succeeded", done.Load(), 1)
	}
	for range 20 {
		once("Mkdir", func(p *Process) error { return p.Mkdir("/tmp/d", 0o755) })
		once("Rename", func(p *Process) error { return p.Rename("/tmp/d", fmt.Sprint("/tmp/", p.Getpid())) })
		once("createSocket", func(p *Process) error {
			_, err := p.sys.names.createSocket(p.proc, "/tmp/s", 0o777, nil)
			return err.Err()
		})
		once("Unlink", func(p *Process) error { return p.Unlink("/tmp/s") })
	}
}

// Config.Directories are there for everybody, and others are told to be wrong.
func TestDirectoriesOfTheConfiguration(t *testing.T) {
	p := newProg(t, Config{Directories: []string{"/run/user/7", "/run/", "/"}})
	says(t, "Setuid", 0)(p.Setuid(7))
	says(t, "Mkdir", 0)(p.Mkdir("/run/user/7/x", 0o700))
	for path, want := range map[string]string{
		"run":           `emu.Config.Directories[0] = "run", expected an absolute path`,
		"":              `emu.Config.Directories[0] = "", expected an absolute path`,
		"/a/../b":       `emu.Config.Directories[0] = "/a/../b", expected names without "." and "..", no longer than NAME_MAX`,
		longPath + "/a": fmt.Sprintf(`emu.Config.Directories[0] = %.60q, expected a path shorter than PATH_MAX`, longPath),
	} {
		_, err := New(Config{Directories: []string{path}})
		equal(t, "New", fmt.Sprint(err), want)
	}
}

// Check finds what is wrong with the tree.
func TestCheckFindsWrongLinks(t *testing.T) {
	for want, spoil := range map[string]func(ns *namespace){
		"directory \"/\" has 9 links and 2 directories":              func(ns *namespace) { ns.root.nlink = 9 },
		"file 0 has 5 links, and 1 names":                            func(ns *namespace) { ns.root.entries["f"].nlink = 5 },
		"directory \"d\" in \"/\" believes to be \"other\" in \"/\"": func(ns *namespace) { ns.root.entries["d"].name = "other" },
		"directory \"tmp\" in \"/\" believes to be \"tmp\" in \"d\"": func(ns *namespace) { ns.root.entries["tmp"].parent = ns.root.entries["d"] },
	} {
		sys, err := New(Config{})
		equal(t, "New", err, nil)
		p := sys.NewProcess()
		says(t, "Mkdir", 0)(p.Mkdir("/d", 0o755))
		says(t, "Mknod", 0)(p.Mknod("/f", 0, 0))
		sound(t, "before", sys)
		spoil(&sys.names)
		equal(t, "Check()", fmt.Sprint(sys.Check()), want)
	}
}
