package emu

import (
	"fmt"
	"testing"

	"sockpair/errno"
)

// What rename fails with, in the order of the tests.
func TestRenameFailsInOrder(t *testing.T) {
	rows := []struct {
		uid      int
		from, to string
		want     errno.Errno
	}{
		{0, "", "", errno.ENOENT}, {0, "none/x", "loop/x", errno.ENOENT}, {0, "none", "loop/x", errno.ELOOP}, {0, "d", "", errno.ENOENT},
		{0, "d/..", "d/f", errno.EBUSY}, {0, "none", "d/.", errno.EBUSY}, {0, "/", "d/f", errno.EBUSY},
		{0, "none", "d/f", errno.ENOENT}, {0, "d/f", longName + "x", errno.ENAMETOOLONG},
		{0, "d/f/", "x", errno.ENOTDIR}, {0, "d/f", "x/", errno.ENOTDIR}, {0, "to-d/", "x", errno.ENOTDIR},
		{7, "d", "d/x/", errno.EINVAL}, {0, "open", "open/mine/x", errno.EINVAL},
		{7, "d/f", "d", errno.ENOTEMPTY}, {7, "open/mine/none", "open", errno.ENOENT},
		{7, "d/f", "d/f", 0},
		{7, "d/f", "open/x", errno.EACCES}, {7, "d/f", "open/mine", errno.EACCES}, {7, "open/mine", "d/x", errno.EACCES},
		{7, "tmp/root", "tmp/x", errno.EPERM}, {7, "open/mine", "tmp/root", errno.EPERM},
		{0, "d/f", "open/mine", errno.EISDIR}, {0, "open/mine", "d/f", errno.ENOTDIR},
		{7, "open/mine", "open/mine2/", 0}, {7, "open/mine", "tmp/x", 0},
		{0, "open/mine", "d", errno.ENOTEMPTY}, {0, "d", "open/mine", 0}, {0, "d/f", "d/s", 0}, {0, "loop", "d/f", 0},
	}
	for _, r := range rows {
		p := grove(t, r.uid)
		says(t, fmt.Sprintf("user %d: Rename(%q, %.20q)", r.uid, r.from, r.to), r.want)(p.Rename(r.from, r.to))
	}
}

// A directory that another may not write keeps its "..", and so its parent.
func TestForeignDirectoryMovesWithinItsParentOnly(t *testing.T) {
	p := newProg(t, Config{Directories: []string{"/a", "/b"}})
	says(t, "Mkdir", 0)(p.Mkdir("/a/d", 0o755))
	says(t, "Setuid", 0)(p.Setuid(7))
	says(t, "Rename to another parent", errno.EACCES)(p.Rename("/a/d", "/b/d"))
	says(t, "Rename in the same", 0)(p.Rename("/a/d", "/a/e"))
}

// Names move with the directories above them, and links count.
func TestRenameMovesTheTree(t *testing.T) {
	p := newProg(t, Config{Directories: []string{"/a/b/c", "/x/y"}})
	links := func(path string) uint64 {
		var st Stat
		says(t, "Stat("+path+")", 0)(p.Stat(path, &st))
		return st.Nlink
	}
	says(t, "Chdir", 0)(p.Chdir("/a/b/c"))
	says(t, "Rename", 0)(p.Rename("/a/b", "/x/y"))
	equal(t, "links of /a", links("/a"), 2)
	equal(t, "links of /x", links("/x"), 3)
	equal(t, "links of /x/y", links("/x/y"), 3)
	b := make([]byte, 100)
	n, err := p.Getcwd(b)
	equal(t, "Getcwd", fmt.Sprintf("%q %v", b[:n], err), fmt.Sprintf("%q <nil>", "/x/y/c\x00"))
	equal(t, "links of ..", links(".."), 3)
	says(t, "Mknod", 0)(p.Mknod("/f", 0, 0))
	says(t, "Link", 0)(p.Link("/f", "/g"))
	says(t, "Rename to a name of the same file", 0)(p.Rename("/f", "/g"))
	equal(t, "links of /f", links("/f"), 2)
	says(t, "Mknod", 0)(p.Mknod("/h", 0, 0))
	says(t, "Rename over a name", 0)(p.Rename("/h", "/g"))
	equal(t, "links of /f", links("/f"), 1)
	sound(t, "after renames", p.sys)
}

// What takes a name away fails in this order.
func TestNameIsRemovedByWhoMay(t *testing.T) {
	rows := []struct {
		uid           int
		path          string
		unlink, rmdir errno.Errno
	}{
		{0, "none/x", errno.ENOENT, errno.ENOENT}, {0, "d/f/x", errno.ENOTDIR, errno.ENOTDIR},
		{0, "/", errno.EISDIR, errno.EBUSY}, {0, "d/.", errno.EISDIR, errno.EINVAL}, {0, "d/..", errno.EISDIR, errno.ENOTEMPTY},
		{7, "d/none", errno.ENOENT, errno.ENOENT}, {7, "d/f/", errno.ENOTDIR, errno.EACCES}, {7, "d/", errno.EISDIR, errno.EACCES},
		{7, "d/f", errno.EACCES, errno.EACCES}, {7, "tmp/root", errno.EPERM, errno.EPERM},
		{0, "d/f", 0, errno.ENOTDIR}, {0, "d", errno.EISDIR, errno.ENOTEMPTY}, {7, "open/mine", errno.EISDIR, 0},
		{0, "loop", 0, errno.ENOTDIR}, {0, "to-d/", errno.ENOTDIR, errno.ENOTDIR}, {0, "shut/in/", errno.EISDIR, 0},
	}
	for _, r := range rows {
		p := grove(t, r.uid)
		says(t, fmt.Sprintf("user %d: Unlink(%q)", r.uid, r.path), r.unlink)(p.Unlink(r.path))
		p = grove(t, r.uid)
		says(t, fmt.Sprintf("user %d: Rmdir(%q)", r.uid, r.path), r.rmdir)(p.Unlinkat(AT_FDCWD, r.path, AT_REMOVEDIR))
	}
	says(t, "Unlinkat with another flag", errno.EINVAL)(grove(t, 0).Unlinkat(99, "none", 1))
}

// Others link a plain file alone, and one that they could write.
func TestProtectedFileIsLinkedByItsOwner(t *testing.T) {
	rows := []struct {
		from string
		mode uint32
		want errno.Errno
	}{
		{"none", 0, errno.ENOENT}, {"/tmp", 0, errno.EPERM},
		{"/d/f", 0o644, errno.EPERM}, {"/d/f", 0o666, 0}, {"/d/f", 0o4666, errno.EPERM}, {"/d/f", 0o2666, 0}, {"/d/f", 0o2676, errno.EPERM},
		{"/d/s", 0o777, errno.EPERM}, {"/open/mine", 0o777, errno.EPERM},
	}
	for _, r := range rows {
		p := grove(t, 0)
		if r.mode != 0 {
			says(t, "Chmod", 0)(p.Chmod(r.from, r.mode))
		}
		says(t, "Setuid", 0)(p.Setuid(7))
		says(t, fmt.Sprintf("Link of %s with %#o", r.from, r.mode), r.want)(p.Link(r.from, "/open/x"))
	}
	rules := Linux()
	rules.Names.ProtectedHardlinks = false
	p := newProg(t, Config{Personality: rules})
	says(t, "Mknod", 0)(p.Mknod("/s", S_IFSOCK, 0))
	says(t, "Setuid", 0)(p.Setuid(7))
	says(t, "Link without protection", 0)(p.Link("/s", "/tmp/x"))
	says(t, "Link into a directory of user 0", errno.EACCES)(p.Link("/s", "/x"))
}

// linkat follows a symbolic link when it is told to.
func TestLinkFollowsWhenTold(t *testing.T) {
	p := grove(t, 0)
	says(t, "Linkat of a link", 0)(p.Linkat(AT_FDCWD, "to-d", AT_FDCWD, "one", 0))
	says(t, "Linkat of the directory it leads to", errno.EPERM)(p.Linkat(AT_FDCWD, "to-d", AT_FDCWD, "two", AT_SYMLINK_FOLLOW))
	says(t, "Linkat of nothing", errno.ENOENT)(p.Linkat(AT_FDCWD, "dangling", AT_FDCWD, "two", AT_SYMLINK_FOLLOW))
	says(t, "Linkat with another flag", errno.EINVAL)(p.Linkat(AT_FDCWD, "to-d", AT_FDCWD, "two", 1))
	says(t, "Symlink of nothing", errno.ENOENT)(p.Symlink("", "/d"))
	b := make([]byte, 3)
	gives(t, "Readlink", 1)(p.Readlink("one", b))
	gives(t, "Readlink into less", 3)(p.Readlink("dangling", b))
	fails(t, "Readlink into nothing", errno.EINVAL)(p.Readlink("none", nil))
	fails(t, "Readlink of no link", errno.EINVAL)(p.Readlink("d", b))
	fails(t, "Readlink with a slash", errno.EINVAL)(p.Readlink("to-d/", b))
	fails(t, "Readlink into a bad buffer", errno.EFAULT)(p.Readlink("one", BadAddress(1)))
	fails(t, "Readlinkat of an empty path", errno.ENOENT)(p.Readlinkat(AT_FDCWD, "", b))
	fails(t, "Readlinkat of an empty path at nothing", errno.EBADF)(p.Readlinkat(99, "", b))
}

// Only the owner and user 0 change a file; the group, if it is the owner's own.
func TestAttributesAreTheOwners(t *testing.T) {
	p := newProg(t, Config{})
	mine := func() string {
		var st Stat
		says(t, "Stat", 0)(p.Stat("/tmp/f", &st))
		return fmt.Sprintf("%o %d:%d", st.Mode&modeBits, st.Uid, st.Gid)
	}
	says(t, "Mknod", 0)(p.Mknod("/tmp/f", 0, 0))
	says(t, "Chmod", 0)(p.Chmod("/tmp/f", 0o6755))
	equal(t, "mode", mine(), "6755 0:0")
	says(t, "Chown", 0)(p.Chown("/tmp/f", 7, 8))
	equal(t, "file given to another", mine(), "755 7:8")
	says(t, "Setgid", 0)(p.Setgid(7))
	says(t, "Setuid", 0)(p.Setuid(7))
	says(t, "Chmod", 0)(p.Chmod("/tmp/f", 0o6755))
	equal(t, "mode from outside the group", mine(), "4755 7:8")
	says(t, "Chown to another user", errno.EPERM)(p.Chown("/tmp/f", 8, -1))
	says(t, "Chown to a foreign group", errno.EPERM)(p.Chown("/tmp/f", -1, 9))
	says(t, "Lchown to the own", 0)(p.Lchown("/tmp/f", 7, 7))
	equal(t, "owners", mine(), "755 7:7")
	says(t, "Chmod of another's", errno.EPERM)(p.Chmod("/", 0))
	says(t, "Chown of another's", errno.EPERM)(p.Chown("/", -1, 7))
	says(t, "Chown of another's to nobody", 0)(p.Chown("/", -1, -1))
	other := p.fork()
	says(t, "Chmod", 0)(p.Chmod("/tmp/f", 0o4755))
	root := p.sys.NewProcess()
	says(t, "Chown of user 0", 0)(root.Chown("/tmp/f", 0, 0))
	says(t, "Chmod of user 0", 0)(root.Chmod("/tmp/f", 0o4755))
	says(t, "Chown of another's program to nobody", errno.EPERM)(other.Chown("/tmp/f", -1, -1))
	says(t, "Symlink", 0)(p.Symlink("f", "/tmp/l"))
	says(t, "Fchmodat of a link", errno.EOPNOTSUPP)(p.Fchmodat(AT_FDCWD, "/tmp/l", 0, AT_SYMLINK_NOFOLLOW))
	says(t, "Fchmodat with another flag", errno.EINVAL)(p.Fchmodat(99, "none", 0, AT_EMPTY_PATH))
	says(t, "Fchownat with another flag", errno.EINVAL)(p.Fchownat(99, "none", 7, 7, AT_EMPTY_PATH))
	says(t, "Fstatat with another flag", errno.EINVAL)(p.Fstatat(99, "none", new(Stat), 1))
	says(t, "Fstatat of no descriptor", errno.EBADF)(p.Fstatat(-1, "", new(Stat), AT_EMPTY_PATH))
	says(t, "Stat into nothing", errno.EFAULT)(p.Stat("/tmp", nil))
	says(t, "Stat of nothing into nothing", errno.ENOENT)(p.Stat("none", nil))
}

// access looks at one class of permissions alone.
func TestAccessIsTheClassesOwn(t *testing.T) {
	rows := []struct {
		uid, gid int
		mode     uint32
		want     string // the modes from 0 to 7 that are granted
	}{
		{7, 7, 0o077, "0"}, {7, 7, 0o700, "01234567"}, {8, 7, 0o707, "0"}, {8, 7, 0o040, "04"}, {8, 8, 0o771, "01"}, {8, 8, 0o005, "0145"},
		{0, 0, 0, "0246"}, {0, 0, 0o010, "01234567"},
	}
	for _, r := range rows {
		p := newProg(t, Config{})
		says(t, "Mknod", 0)(p.Mknod("/f", 0, 0))
		says(t, "Chown", 0)(p.Chown("/f", 7, 7))
		says(t, "Chmod", 0)(p.Chmod("/f", r.mode))
		says(t, "Setgid", 0)(p.Setgid(r.gid))
		says(t, "Setuid", 0)(p.Setuid(r.uid))
		granted := ""
		for mode := range uint32(8) {
			if p.Access("/f", mode) == nil {
				granted += fmt.Sprint(mode)
			}
		}
		equal(t, fmt.Sprintf("access of %d:%d to %#o", r.uid, r.gid, r.mode), granted, r.want)
		says(t, "Access for more", errno.EINVAL)(p.Access("none", 8))
		says(t, "Faccessat with another flag", errno.EINVAL)(p.Faccessat(99, "none", 0, AT_EMPTY_PATH))
	}
	p := newProg(t, Config{})
	says(t, "Chmod", 0)(p.Chmod("/tmp", 0o600))
	says(t, "Setuid", 0)(p.Setuid(7))
	says(t, "Chdir without search permission", errno.EACCES)(p.Chdir("/tmp"))
	says(t, "Chdir to nothing", errno.ENOENT)(p.Chdir("/none"))
}
